// Whom policies name, and who of them is known here.

import type { Person } from "../../keeping.ts";
import { parsePolicy } from "../../policy/index.ts";
import type { Policy } from "../../rules.ts";
import { CODE } from "../../rules.ts";
import type { HomeState } from "../state.ts";

/** Each once, in the order in which they are named; the transaction's code is nobody. */
function namedIn({ rules }: Policy): string[] {
  const asked = rules.flatMap(({ otherwise }) => (otherwise.do === "ask" ? otherwise.ask.of : []));
  return [...new Set(asked)].filter((name) => name !== CODE);
}

/** Whom this policy may ask though nobody of that name is enrolled: such a policy is not taken. */
export function missingPersons(policy: Policy, people: readonly Person[]): string[] {
  return namedIn(policy).filter((name) => people.every((person) => person.name !== name));
}

/** The policy that holds names this person, or one that waits. */
export function isNamed({ policy, pending }: Pick<HomeState, "policy" | "pending">, name: string): boolean {
  const waiting = pending.flatMap(({ change }) =>
    change.kind === "policy" ? [parsePolicy(change.text)] : [],
  );
  return [policy, ...waiting].some((one) => namedIn(one).includes(name));
}
