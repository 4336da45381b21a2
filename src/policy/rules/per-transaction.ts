// Most that may leave in one transaction, its fee included.

import { left, short } from "../amount.ts";
import type { Case } from "../rule.ts";
import { allow, refusal } from "../rule.ts";

const RULE = "per-transaction";

export function perTransaction({ policy, spend }: Case) {
  const most = policy.mostPerTransactionSats;
  const takes = spend.leavesSats;
  if (takes <= most)
    return allow(
      RULE,
      `${short(left(most, takes))} of ${short(most)} BTC left in this transaction, which takes ${short(takes)} BTC.`,
    );
  return refusal(
    RULE,
    "policy.over-transaction-limit",
    `This takes ${short(takes)} BTC; one transaction may take ${short(most)} BTC.`,
  );
}
