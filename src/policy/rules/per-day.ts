// Most that may leave in any 24 hours, this spend included.

import type { PastSpend } from "../../model.ts";
import { exact, left, short } from "../amount.ts";
import { largestTogether } from "../conflicts.ts";
import type { Case } from "../rule.ts";
import { allow, refusal } from "../rule.ts";

const RULE = "per-day";
const DAY_MS = 24 * 60 * 60 * 1000;

export function perDay({ policy, spend, history, nowMs }: Case) {
  const most = policy.mostPerDaySats;
  const counted = history.filter((past) => counts(past, nowMs));
  const after = largestTogether([...counted, { ...spend, at: nowMs }]);
  const behind = history.some((past) => past.at > nowMs)
    ? " The clock is behind the record, so everything recorded since counts."
    : "";
  if (after <= most) return allow(RULE, `${room(most, after)} after this.${behind}`);
  return refusal(
    RULE,
    "policy.over-day-limit",
    `${room(most, largestTogether(counted))}; this takes ${exact(spend.leavesSats)} BTC.${behind}`,
  );
}

function room(most: bigint, used: bigint): string {
  return `${exact(left(most, used))} of ${short(most)} BTC left for the next 24 hours`;
}

/** Records of the future count: a clock that was set back closes the window. So does no clock at all (NaN). */
function counts(past: PastSpend, nowMs: number): boolean {
  return !(past.at <= nowMs - DAY_MS);
}
