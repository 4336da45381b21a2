// Whether a script is safe to keep money in: BIP 379's rules, its limits, and no key at two places.

import { equal } from "../../bytes.ts";
import { refuse } from "../../refusal.ts";
import type { FixedUse, Node, Place, PlainUse, Steps, Use } from "../expression.ts";
import { scriptSize } from "./compile.ts";
import { type Cost, costsOf } from "./cost.ts";
import { SEQUENCE_TIME, type Typed, typed } from "./types.ts";
import { brief } from "./write.ts";

/** Bytes of a script: one push in P2SH (BIP 16); what nodes relay in P2WSH. */
const SCRIPT_BYTES = { p2sh: 520, p2wsh: 3600 } as const;
/** Opcodes that are no push, and keys that OP_CHECKMULTISIG looks at; in tapscript there is no such limit. */
const OPS = 201;
/** Elements of a P2WSH witness that nodes relay; elements on the stack while a script runs. */
const WITNESS_ITEMS = 100;
const STACK_ITEMS = 1000;

/**
 * Refuses a script that is not sane (BIP 379). `uses`: all of the wallet's. Throws Refusals only, each with the part
 * of the script that breaks the rule, its keys named by their place in the text.
 */
export function checkNode(node: Node, place: Place, uses: readonly Use[]): void {
  checkLocks(node);
  const root = typed(node, place);
  if (root.type.base !== "B")
    refuse("bitcoin.miniscript-type", `${brief(node)} is ${root.type.base}, a whole script is B`);
  checkDistinct(usesIn(node), uses);
  const cost = costOf(node);
  if (cost === undefined) refuse("bitcoin.miniscript-never", brief(node));
  if (!root.type.s)
    refuse("bitcoin.miniscript-unsigned", `${brief(unsigned(root))} can be spent without any signature`);
  const mixed = innermost(root, ({ type }) => !type.k);
  if (mixed) refuse("bitcoin.miniscript-locks-mixed", brief(mixed));
  const malleable = innermost(root, ({ type }) => !type.m);
  if (malleable) refuse("bitcoin.miniscript-malleable", brief(malleable));
  checkSize(node, place, cost);
}

/** BIP 112 looks at a few bits of the number only: one that has others waits another time than it says. */
function checkLocks(node: Node): void {
  if ("of" in node) for (const one of node.of) checkLocks(one);
  if (node.kind !== "older") return;
  const waits = node.value & 0xffff;
  if (waits === 0 || (node.value & ~(SEQUENCE_TIME | 0xffff)) !== 0)
    refuse("bitcoin.miniscript-lock", `${brief(node)} waits for ${waits}`);
}

function costOf(node: Node): Cost | undefined {
  const anything = { signs: () => true, meets: () => true };
  return costsOf(node, { of: "most", signature: 0, publicKey: 0, ...anything }).sat;
}

/** The way through that needs no signature. */
function unsigned({ node, of }: Typed): Node {
  if (node.kind.startsWith("or_") || of.length === 1) {
    const way = of.find(({ type }) => !type.s);
    if (way) return unsigned(way);
  }
  if (node.kind === "andor" && !of[2]!.type.s) return unsigned(of[2]!);
  return node;
}

function innermost(all: Typed, breaks: (one: Typed) => boolean): Node | undefined {
  if (!breaks(all)) return undefined;
  for (const one of all.of) {
    const found = innermost(one, breaks);
    if (found) return found;
  }
  return all.node;
}

function checkSize(node: Node, place: Place, cost: Cost): void {
  const { bytes, ops } = scriptSize(node, place);
  const bound = (what: string, value: number, most: number) => {
    if (value > most) refuse("bitcoin.miniscript-too-large", `${value} ${what}, at most ${most}`);
  };
  bound("elements on the stack", cost.peak + 1, STACK_ITEMS);
  // So few fragments as are read make no tapscript that is too heavy for a block.
  if (place === "tapscript") return;
  bound("bytes of script", bytes, SCRIPT_BYTES[place]);
  bound("operations", ops + cost.keys, OPS);
  if (place === "p2wsh") bound("elements of witness", cost.taken + 1, WITNESS_ITEMS);
}

/** Places in uses of all keys in a script, in the order of the text. */
function usesIn(node: Node): number[] {
  if ("use" in node) return [node.use];
  if ("uses" in node) return [...node.uses];
  return "of" in node ? node.of.flatMap(usesIn) : [];
}

/**
 * Refuses a key that stands at two places: BIP 388 allows the same extended key again only with other branches.
 * A descriptor of several leaves is checked as a whole: checkDistinct over all places of uses.
 */
export function checkDistinct(places: readonly number[], uses: readonly Use[]): void {
  for (const [i, a] of places.entries())
    for (const b of places.slice(0, i))
      if (a === b || sameKey(uses[a]!, uses[b]!))
        refuse("bitcoin.wallet-key-twice", `keys ${b + 1} and ${a + 1}`);
}

function sameKey(a: Use, b: Use): boolean {
  if (a.kind === "musig" || b.kind === "musig")
    return a.kind === "musig" && b.kind === "musig" && sameKeys(a.of, b.of) && overlap(a.steps, b.steps);
  return samePlain(a, b);
}

function samePlain(a: PlainUse, b: PlainUse): boolean {
  if (a.kind === "child" && b.kind === "child") return a.key === b.key && overlap(a.steps, b.steps);
  return a.kind === "fixed" && b.kind === "fixed" && sameFixed(a, b);
}

/** Two that differ in the sign of y only are one key: tapscript cannot tell them apart, nor can their holder. */
function sameFixed(a: FixedUse, b: FixedUse): boolean {
  return equal(a.publicKey.subarray(1), b.publicKey.subarray(1));
}

/** Aggregation sorts its keys: their order says nothing. */
function sameKeys(a: readonly PlainUse[], b: readonly PlainUse[]): boolean {
  const within = (some: readonly PlainUse[], all: readonly PlainUse[]) =>
    some.every((one) => all.some((other) => samePlain(one, other)));
  return a.length === b.length && within(a, b) && within(b, a);
}

/** Whether two lists of steps lead to a common child of the same key. */
function overlap(a: Steps, b: Steps): boolean {
  const meet = (one: Steps[number], other: Steps[number]) =>
    one === "*" || other === "*" || numbers(one).some((number) => numbers(other).includes(number));
  return a.length === b.length && a.every((step, i) => meet(step, b[i]!));
}

function numbers(step: number | readonly number[]): readonly number[] {
  return typeof step === "number" ? [step] : step;
}
