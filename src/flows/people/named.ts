// Whom policies name: they stay as they are, as long as one does.

import { personsIn } from "../../policy/index.ts";
import { policiesOf } from "../policy/named.ts";
import type { HomeState } from "../state.ts";

/** The policy that holds names this person, or one that waits. */
export function isNamed(state: Pick<HomeState, "policy" | "pending">, name: string): boolean {
  return policiesOf(state).some((one) => personsIn(one).includes(name));
}
