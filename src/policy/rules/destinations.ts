// Where money may go: anywhere, or only to listed destinations.

import { shown } from "../../text.ts";
import type { Case } from "../rule.ts";
import { allow, refusal } from "../rule.ts";

const RULE = "destinations";

export function destinations({ policy, spend }: Case) {
  const listed = policy.destinations;
  if (listed === "any") return allow(RULE, "Any destination is allowed.");
  const known = new Set(listed);
  const strange = spend.destinations.filter(({ to }) => !known.has(to));
  const [first, ...more] = strange;
  if (first === undefined) return allow(RULE, "Every destination is on the list.");
  const others = more.length === 0 ? "" : `, nor are ${more.length} more`;
  return refusal(RULE, "policy.destination", `${shown(first.to)} is not on the list${others}.`);
}
