// Whom policies name: they stay as they are, as long as one does.

import { parsePolicy, personsIn } from "../../policy/index.ts";
import type { HomeState } from "../state.ts";

/** The policy that holds names this person, or one that waits. */
export function isNamed({ policy, pending }: Pick<HomeState, "policy" | "pending">, name: string): boolean {
  const waiting = pending.flatMap(({ change }) =>
    change.kind === "policy" ? [parsePolicy(change.text)] : [],
  );
  return [policy, ...waiting].some((one) => personsIn(one).includes(name));
}
