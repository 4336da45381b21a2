// What must be there to spend: from a script to conditions, whatever fragments said so.

import { equal } from "../../bytes.ts";
import type { Condition } from "../../ways.ts";
import type { Node, Use, WrapperKind } from "../expression.ts";

/** Of nothing, nothing is needed: always. */
export const ALWAYS: Condition = { kind: "threshold", threshold: 0, of: [] };
export const NEVER: Condition = { kind: "never" };

export function sameCondition(a: Condition, b: Condition): boolean {
  switch (a.kind) {
    case "key":
      return b.kind === "key" && a.key === b.key;
    case "fixed":
      return b.kind === "fixed" && equal(a.publicKey, b.publicKey);
    case "musig":
      return b.kind === "musig" && sameList(a.of, b.of);
    case "older":
    case "after":
      return b.kind === a.kind && a.value === b.value;
    case "preimage":
      return b.kind === "preimage" && a.hash === b.hash && equal(a.digest, b.digest);
    case "threshold":
      return b.kind === "threshold" && a.threshold === b.threshold && sameList(a.of, b.of);
    case "never":
      return b.kind === "never";
  }
}

function sameList(a: readonly Condition[], b: readonly Condition[]): boolean {
  return a.length === b.length && a.every((one, i) => sameCondition(one, b[i]!));
}

export function distinct(of: readonly Condition[]): Condition[] {
  return of.filter((one, i) => !of.slice(0, i).some((other) => sameCondition(one, other)));
}

const isNever = (one: Condition) => one.kind === "never";
const isAlways = (one: Condition) => one.kind === "threshold" && one.threshold === 0;
const isAll = (one: Condition) => one.kind === "threshold" && one.threshold === one.of.length;

/** So many of these: without those that can never be, and those that always are. */
export function threshold(most: number, of: readonly Condition[]): Condition {
  const needed = most - of.filter(isAlways).length;
  const open = of.filter((one) => !isAlways(one) && !isNever(one));
  if (needed <= 0) return ALWAYS;
  if (needed > open.length) return NEVER;
  return open.length === 1 ? open[0]! : { kind: "threshold", threshold: needed, of: open };
}

/** All of these, in one list however they were nested. */
export function all(of: readonly Condition[]): Condition {
  const flat = of.flatMap((one) => (one.kind === "threshold" && isAll(one) ? one.of : [one]));
  const kept = distinct(flat);
  return threshold(kept.length, kept);
}

/** One of these. */
export function any(of: readonly Condition[]): Condition {
  return of.some(isAlways) ? ALWAYS : threshold(1, distinct(of));
}

export function keyCondition(use: Use): Condition {
  switch (use.kind) {
    case "child":
      return { kind: "key", key: use.key };
    case "fixed":
      return { kind: "fixed", publicKey: use.publicKey };
    case "musig":
      return { kind: "musig", of: use.of.map(keyCondition) };
  }
}

/** What a signature by a use of a key is: uses by their places. */
export type KeyOf = (use: number) => Condition;

/** What a fragment that holds no other asks for. */
export function leafCondition(node: Exclude<Node, { readonly of: unknown }>, keyOf: KeyOf): Condition {
  switch (node.kind) {
    case "0":
      return NEVER;
    case "1":
      return ALWAYS;
    case "pk_k":
    case "pk_h":
      return keyOf(node.use);
    case "older":
    case "after":
      return { kind: node.kind, value: node.value };
    case "multi":
    case "sortedmulti":
    case "multi_a":
    case "sortedmulti_a":
      return threshold(node.threshold, node.uses.map(keyOf));
    default:
      return { kind: "preimage", hash: node.kind, digest: node.digest };
  }
}

/** Everything that a script asks for, in one condition. */
export function conditionOf(node: Node, uses: readonly Use[]): Condition {
  return condition(node, (use) => keyCondition(uses[use]!));
}

export function condition(node: Node, keyOf: KeyOf): Condition {
  if (!("of" in node)) return leafCondition(node, keyOf);
  switch (node.kind) {
    case "and_v":
    case "and_b":
      return all(node.of.map((one) => condition(one, keyOf)));
    case "or_b":
    case "or_c":
    case "or_d":
    case "or_i":
    case "andor":
      return any(oneOf(node, keyOf));
    case "thresh": {
      const of = node.of.map((one) => condition(one, keyOf));
      return node.threshold === of.length ? all(of) : threshold(node.threshold, of);
    }
    default:
      return condition(node.of[0], keyOf);
  }
}

/** What an or offers: an or within an or is the same or. A quorum of one stays what it is. */
function oneOf(node: Node, keyOf: KeyOf): Condition[] {
  switch (node.kind) {
    case "or_b":
    case "or_c":
    case "or_d":
    case "or_i":
      return node.of.flatMap((one) => oneOf(one, keyOf));
    case "andor": {
      const [x, y, z] = node.of;
      return [all([condition(x, keyOf), condition(y, keyOf)]), ...oneOf(z, keyOf)];
    }
    default:
      return isWrapper(node) ? oneOf(node.of[0], keyOf) : [condition(node, keyOf)];
  }
}

export function isWrapper(node: Node): node is Extract<Node, { readonly kind: WrapperKind }> {
  return node.kind.length === 1 && "of" in node;
}
