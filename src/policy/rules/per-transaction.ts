// Most that may leave in one transaction, its fee included.

import { exact, short } from "../amount.ts";
import type { Case } from "../rule.ts";
import { allow, refusal } from "../rule.ts";

const RULE = "per-transaction";

export function perTransaction({ policy, spend }: Case) {
  const most = policy.mostPerTransactionSats;
  const takes = spend.leavesSats;
  if (takes <= most)
    return allow(RULE, `Takes ${exact(takes)} of at most ${short(most)} BTC per transaction.`);
  return refusal(
    RULE,
    "policy.over-transaction-limit",
    `Takes ${exact(takes)} BTC; at most ${short(most)} BTC per transaction is allowed.`,
  );
}
