// Where a use of a key stands below it: branch and index as its own child numbers say them, and back.

import { HARDENED } from "../limits.ts";
import type { Path } from "../model.ts";
import type { Steps } from "./expression.ts";
import type { Derived, Wallet } from "./wallet.ts";

export type Place = Pick<Derived, "branch" | "index">;

/** The child numbers of this use at a place of its wallet. */
export function pathOf(steps: Steps, { receive }: Wallet, { branch, index }: Place): Path {
  const member = branch === receive ? 0 : 1;
  return steps.map((step) => (step === "*" ? index : typeof step === "number" ? step : step[member]!));
}

/** The place that these child numbers lead to, or undefined where they are not this use's. */
export function placeOf(steps: Steps, { receive, change }: Wallet, path: Path): Place | undefined {
  if (path.length !== steps.length) return undefined;
  let member: number | undefined;
  let index: number | undefined;
  for (const [i, step] of steps.entries()) {
    const number = path[i]!;
    if (step === "*") index = number;
    else if (typeof step !== "number") member = step.indexOf(number);
    else if (step !== number) return undefined;
  }
  if (index === undefined || index >= HARDENED || member === undefined || member < 0) return undefined;
  return { branch: member === 0 ? receive : change, index };
}
