// Two rules that cannot stand beside each other: nothing passes both, or one of them never matters. Two rules of one
// kind hold both; whoever meant the one or the other is told.

import type { Limit, Rule } from "../rules.ts";
import { isAtMost } from "./assets.ts";
import { areOpenTogether, implies, isHarder, isNever, isWider, type Placed } from "./implies.ts";
import { isUnder } from "./paths.ts";
import { writeRule } from "./write.ts";

/** Why `one` is for nothing beside `other`; of two that are equal the later one is. */
export function pairProblem(one: Placed, other: Placed, isLater: boolean): string | undefined {
  const [a, b] = [one.rule, other.rule];
  if (!isWider(b.scope, a.scope)) return undefined;
  const isSame = isWider(a.scope, b.scope);
  if (isSame && !isLater && a.limit.kind === b.limit.kind && isEqual(one, other)) return undefined;
  if (isSame && writeRule(a) === writeRule(b)) return "it says the same as";
  if (isNever(a.limit)) return isForbidden(a.limit, b.limit) ? "it allows what is not allowed by" : undefined;
  if (areApart(one, other)) return isSame && !isLater ? undefined : "nothing passes both this and";
  return isIdle(one, other) || isOutOfReach(a, b) ? "it never matters, because of" : undefined;
}

function isEqual(one: Placed, other: Placed): boolean {
  return implies(one, other) && implies(other, one);
}

/** `one` is implied, and not only for being as tight in another place or over another time. */
function isIdle(one: Placed, other: Placed): boolean {
  const [a, b] = [one.rule, other.rule];
  if (a.limit.kind !== b.limit.kind || isNever(b.limit) || !implies(other, one)) return false;
  const per = "per" in b.limit ? { per: b.limit.per } : {};
  const raised = { ...a, scope: b.scope, limit: { ...a.limit, ...per } as Limit };
  const isElsewhere = !isWider(a.scope, b.scope) || writeRule(raised) !== writeRule(a);
  return !(isElsewhere && implies({ ...one, rule: raised }, other));
}

/** An allowance beside a rule that holds wherever it does. */
function isForbidden(allowed: Limit, other: Limit): boolean {
  if (other.kind === "unusual")
    return allowed.kind === "unusual" && allowed.what === other.what && !other.allowed;
  if (allowed.kind !== other.kind || isNever(other)) return false;
  return other.kind !== "destinations" || other.above === undefined;
}

/** It is for transactions that take more than a limit of amounts lets pass. */
function isOutOfReach({ limit: list, otherwise: does }: Rule, { limit, otherwise }: Rule): boolean {
  if (list.kind !== "destinations" || list.above === undefined || limit.kind !== "amount") return false;
  return isHarder(otherwise, does) && isAtMost(limit.most, list.above) && limit.most.units < list.above.units;
}

/** Both refuse, and nothing is within both. */
function areApart(one: Placed, other: Placed): boolean {
  const [{ limit: a, otherwise: x }, { limit: b, otherwise: y }] = [one.rule, other.rule];
  if (x.do !== "refuse" || y.do !== "refuse") return false;
  if (a.kind === "hours" && b.kind === "hours") return !areOpenTogether(a, b);
  if (a.kind === "wallets" && b.kind === "wallets")
    return !a.only.some((ref) => b.only.some(({ fingerprint }) => fingerprint === ref.fingerprint));
  if (a.kind === "chains" && b.kind === "chains" && a.only !== "any" && b.only !== "any")
    return !a.only.some((id) => b.only.includes(id as never));
  if (a.kind === "sites" && b.kind === "sites" && a.only !== "any" && b.only !== "any")
    return !a.only.some((site) => b.only.includes(site as never));
  if (a.kind === "messages" && b.kind === "messages")
    return !a.under.some((path) => b.under.some((above) => isUnder(path, above) || isUnder(above, path)));
  if (a.kind !== "destinations" || b.kind !== "destinations" || a.above || b.above) return false;
  if (a.to === "any" || b.to === "any") return false;
  return areOtherAddresses([...one.reach.named(a.to)], other.reach.named(b.to));
}

/** Only of addresses it can be told: whatever else is listed may lead to the same place. */
function areOtherAddresses(ours: readonly string[], theirs: ReadonlySet<string>): boolean {
  return [...ours, ...theirs].every((key) => !key.includes(" ")) && !ours.some((key) => theirs.has(key));
}
