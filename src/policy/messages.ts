// Messages: signed only under the paths that the policy names.

import type { Fingerprint, Path } from "../model.ts";
import type { Ledger, Limit, Now, Policy, Rule, RuleResult, Verdict, WalletRef } from "../rules.ts";
import { answer, matches, NO_POLICY, strictest } from "./judge.ts";
import { isUnder, writePath } from "./paths.ts";
import { broken, fine } from "./rule.ts";
import { silent } from "./silence.ts";

/** id: of what is signed, as a transaction's; the same message under the same path has the same. */
export interface MessageToJudge {
  readonly id: string;
  readonly key: Fingerprint;
  readonly path: Path;
  readonly wallets?: readonly WalletRef[];
}

/** One that several keys sign, or that comes with coins: what is strictest of all its paths holds. */
export function judgePaths(
  policy: Policy | undefined,
  message: Omit<MessageToJudge, "path"> & { readonly paths: readonly Path[] },
  ledger: Pick<Ledger, "askedAt">,
  now: Now,
): Verdict {
  const verdicts = message.paths.map((path) => judgeMessage(policy, { ...message, path }, ledger, now));
  const [first] = verdicts;
  if (first === undefined) return judgeMessage(undefined, { ...message, path: [] }, ledger, now);
  // Rule by rule: those that one path breaks ask for their people beside those that another one breaks.
  const rules = first.rules.map((_, i) => {
    const found = verdicts.map((verdict) => verdict.rules[i]!);
    return found.find(({ outcome }) => outcome === strictest(found))!;
  });
  return { txid: message.id, outcome: strictest(rules), rules };
}

type MessageRule = Rule & { readonly limit: Extract<Limit, { readonly kind: "messages" }> };

/** As judge: the strictest of the rules that apply, and what none speaks of is refused. */
export function judgeMessage(
  policy: Policy | undefined,
  message: MessageToJudge,
  ledger: Pick<Ledger, "askedAt">,
  now: Now,
): Verdict {
  const { id, key, wallets = [] } = message;
  const applying = (policy?.rules ?? [])
    .filter(({ scope }) => matches(scope, { key, wallets }))
    .filter((rule): rule is MessageRule => rule.limit.kind === "messages");
  const rules: RuleResult[] = applying.map((rule) => {
    const at = writePath(message.path);
    const under = rule.limit.under.join(", ");
    const finding = rule.limit.under.some((path) => isUnder(at, path))
      ? fine(`Signs at ${at}: under ${under}.`)
      : broken("policy.message-path", `Signs at ${at}; messages are allowed under ${under}.`);
    return answer(rule, finding, now, ledger.askedAt(id));
  });
  if (policy === undefined) rules.push(NO_POLICY);
  else if (rules.length === 0) rules.push(silent("No rule says under which paths messages are signed."));
  return { txid: id, outcome: strictest(rules), rules };
}
