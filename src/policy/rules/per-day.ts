// Most that may leave in any 24 hours, this spend included.

import type { PastSpend } from "../../model.ts";
import { left, short } from "../amount.ts";
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
  if (after <= most)
    return allow(RULE, `${short(left(most, after))} of ${short(most)} BTC left today after this.${behind}`);
  const room = `${short(left(most, largestTogether(counted)))} of ${short(most)} BTC left today`;
  return refusal(
    RULE,
    "policy.over-day-limit",
    `${room}; this takes ${short(spend.leavesSats)} BTC.${behind}`,
  );
}

/** Records of the future count: a clock that was set back closes the window. So does no clock at all (NaN). */
function counts(past: PastSpend, nowMs: number): boolean {
  return !(past.at <= nowMs - DAY_MS);
}
