// What of a wallet's conditions a transaction opens, and what is still lacking.

import type { Condition } from "../../ways.ts";
import { isOpen, type Lock, type Timing } from "../miniscript/index.ts";
import type { Transaction } from "../transaction.ts";

export function timingOf({ version, lockTime, inputs }: Transaction, input: number): Timing {
  return { version, lockTime, sequence: inputs[input]!.sequence };
}

export function isLock(condition: Condition): condition is Lock {
  return condition.kind === "older" || condition.kind === "after";
}

/** What of it can be met in this transaction, if everyone signs and tells: its shut parts left out. */
export function opened(condition: Condition, timing: Timing): Condition | undefined {
  if (condition.kind === "never") return undefined;
  if (isLock(condition)) return isOpen(condition, timing) ? condition : undefined;
  if (condition.kind !== "threshold") return condition;
  const of = condition.of.flatMap((one) => opened(one, timing) ?? []);
  return of.length >= condition.threshold ? { ...condition, of } : undefined;
}

/** Everything in it that is no threshold, in the order of the script. */
export function partsOf(condition: Condition): readonly Exclude<Condition, { readonly kind: "threshold" }>[] {
  return condition.kind === "threshold" ? condition.of.flatMap(partsOf) : [condition];
}

/** Of a condition by uses: their places. Where keys sign together all of them stand for the one use. */
export function usesOf(condition: Condition): readonly number[] {
  return partsOf(condition).flatMap((part) => {
    const one = part.kind === "musig" ? part.of[0] : part;
    return one?.kind === "key" ? [one.key] : [];
  });
}

/** How many signatures it takes at the least beside those that are there. */
export function lacking(condition: Condition, at: (use: number) => number): number {
  switch (condition.kind) {
    case "key":
      return at(condition.key);
    case "musig":
      // All of its members are named by the one use.
      return lacking(condition.of[0]!, at);
    case "threshold": {
      const each = condition.of.map((one) => lacking(one, at)).sort((a, b) => a - b);
      return each.slice(0, condition.threshold).reduce((sum, one) => sum + one, 0);
    }
    default:
      return 0;
  }
}

const FINAL_SEQUENCE = 0xffffffff;
/** BIP 68: what of a sequence is the wait. */
const WAIT = 0xffff;

/** What a transaction must say for these locks to open. */
export function lockNeeds(locks: readonly Lock[], { version, sequence }: Timing): string {
  const most = (kind: Lock["kind"]) =>
    Math.max(...locks.filter((lock) => lock.kind === kind).map(({ value }) => value));
  const [older, after] = [most("older"), most("after")];
  const needs = [
    ...(older > 0 && version < 2 ? ["a transaction version of at least 2"] : []),
    ...(older > 0 ? [`an nSequence of at least ${older} and at most ${older | WAIT}`] : []),
    ...(after > 0 ? [`an nLockTime of at least ${after}`] : []),
    ...(after > 0 && sequence === FINAL_SEQUENCE ? ["an nSequence below 4294967295"] : []),
  ];
  return needs.join(" and ");
}
