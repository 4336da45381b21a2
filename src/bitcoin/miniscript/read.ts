// Miniscript (BIP 379): text → nodes. Every expression is looked at once; keys are handed on as text.

import { fromHex } from "../../bytes.ts";
import { LIMITS } from "../../limits.ts";
import { type Reason, refuse } from "../../refusal.ts";
import { shown } from "../../text.ts";
import type { HashKind } from "../../ways.ts";
import type { BinaryKind, MultiKind, Node, Place, WrapperKind } from "../expression.ts";

interface Reading {
  readonly text: string;
  readonly place: Place;
  readonly useOf: (keyText: string) => number;
  at: number;
  /** How many fragments and wrappers there were so far: no more than the call stack bears. */
  fragments: number;
}

const ZERO: Node = { kind: "0" };
const ONE: Node = { kind: "1" };

const BINARY: readonly string[] = ["and_v", "and_b", "or_b", "or_c", "or_d", "or_i"] satisfies BinaryKind[];
const MULTI: readonly string[] = ["multi", "sortedmulti", "multi_a", "sortedmulti_a"] satisfies MultiKind[];
const DIGEST_BYTES: Readonly<Record<HashKind, number>> = {
  sha256: 32,
  hash256: 32,
  ripemd160: 20,
  hash160: 20,
};
/** P2SH: the script is one push of at most 520 bytes, 3 + 34 × 15 = 513 (BIP 16). */
const P2SH_KEYS = 15;

/**
 * Reads what stands inside wsh( ), sh( ) or one leaf of tr. Keys are handed to useOf in the order of the text.
 * Whether the parts fit together and the script is safe: checkNode. Throws Refusals only.
 */
export function readNode(text: string, place: Place, useOf: (keyText: string) => number): Node {
  const reading: Reading = { text, place, useOf, at: 0, fragments: 0 };
  const node = expression(reading, true);
  if (reading.at < text.length) wrong(reading, reading.at, "something follows the last bracket");
  return node;
}

/** Says what is wrong at a place of the text, and shows what stands there. */
function wrong(
  { text }: Reading,
  at: number,
  what: string,
  reason: Reason = "bitcoin.miniscript-unreadable",
): never {
  const there = at < text.length ? shown(text.slice(at, at + 60), 24) : "the end";
  refuse(reason, `${what}, at character ${at + 1}: ${there}`);
}

function expression(r: Reading, outermost: boolean): Node {
  let start = r.at;
  let name = word(r);
  let wrappers = "";
  if (r.text[r.at] === ":") {
    wrappers = name;
    checkWrappers(r, wrappers, start);
    r.at += 1;
    start = r.at;
    name = word(r);
  }
  r.fragments += 1 + wrappers.length;
  if (r.fragments > LIMITS.miniscriptFragments)
    wrong(r, start, `more than ${LIMITS.miniscriptFragments} fragments`, "bitcoin.miniscript-too-large");
  let node = fragment(r, name, start, outermost && wrappers === "");
  for (let i = wrappers.length - 1; i >= 0; i--) node = wrapped(wrappers[i]!, node);
  return node;
}

function checkWrappers(r: Reading, wrappers: string, start: number): void {
  if (wrappers === "") wrong(r, start, "a colon without a wrapper before it");
  for (const [i, letter] of [...wrappers].entries())
    if (!"asctdvjnlu".includes(letter)) wrong(r, start + i, `there is no wrapper ${letter}:`);
}

/** Letters, digits and underscores from here on. */
function word(r: Reading): string {
  const start = r.at;
  while (r.at < r.text.length && /[0-9A-Za-z_]/.test(r.text[r.at]!)) r.at += 1;
  return r.text.slice(start, r.at);
}

function take(r: Reading, sign: string): void {
  if (r.text[r.at] !== sign) wrong(r, r.at, `"${sign}" is missing`);
  r.at += 1;
}

function wrapped(letter: string, inner: Node): Node {
  switch (letter) {
    case "t":
      return { kind: "and_v", of: [inner, ONE] };
    case "l":
      return { kind: "or_i", of: [ZERO, inner] };
    case "u":
      return { kind: "or_i", of: [inner, ZERO] };
    default:
      return { kind: letter as WrapperKind, of: [inner] };
  }
}

function fragment(r: Reading, name: string, start: number, alone: boolean): Node {
  const multi = MULTI.includes(name);
  if (r.place === "p2sh" && !(multi && alone))
    wrong(r, start, "sh( ) holds multi or sortedmulti and nothing else", "bitcoin.miniscript-place");
  if (multi) return multisig(r, name as MultiKind, start, alone);
  if (name === "0") return ZERO;
  if (name === "1") return ONE;
  if (name === "") wrong(r, start, "a fragment is missing");
  if (r.text[r.at] !== "(") wrong(r, start, "this is no fragment of miniscript");
  r.at += 1;
  const node = inside(r, name, start);
  take(r, ")");
  return node;
}

function inside(r: Reading, name: string, start: number): Node {
  switch (name) {
    case "pk":
      return { kind: "c", of: [{ kind: "pk_k", use: key(r) }] };
    case "pkh":
      return { kind: "c", of: [{ kind: "pk_h", use: key(r) }] };
    case "pk_k":
    case "pk_h":
      return { kind: name, use: key(r) };
    case "older":
    case "after":
      return { kind: name, value: lock(r) };
    case "sha256":
    case "hash256":
    case "ripemd160":
    case "hash160":
      return { kind: name, digest: digest(r, DIGEST_BYTES[name]) };
    case "andor":
      return { kind: name, of: [expression(r, false), next(r), next(r)] };
    case "and_n":
      return { kind: "andor", of: [expression(r, false), next(r), ZERO] };
    case "thresh":
      return thresh(r);
    default:
      if (!BINARY.includes(name)) wrong(r, start, "this is no fragment of miniscript");
      return { kind: name as BinaryKind, of: [expression(r, false), next(r)] };
  }
}

function next(r: Reading): Node {
  take(r, ",");
  return expression(r, false);
}

/** A key's text: up to the comma or bracket that ends it; musig( ) brings its own. */
function key(r: Reading): number {
  const start = r.at;
  for (let open = 0; r.at < r.text.length; r.at++) {
    const sign = r.text[r.at];
    if (open === 0 && (sign === "," || sign === ")")) break;
    open += sign === "(" ? 1 : sign === ")" ? -1 : 0;
  }
  if (r.at === start) wrong(r, start, "a key is missing");
  return r.useOf(r.text.slice(start, r.at));
}

function lock(r: Reading): number {
  const start = r.at;
  const text = word(r);
  const value = /^[1-9][0-9]{0,9}$/.test(text) ? Number(text) : 0;
  if (value < 1 || value >= 2 ** 31)
    wrong(r, start, "a lock is a number from 1 to 2147483647", "bitcoin.miniscript-lock");
  return value;
}

function digest(r: Reading, length: number): Uint8Array {
  const start = r.at;
  const bytes = fromHex(word(r));
  if (bytes?.length !== length) wrong(r, start, `a hash of ${2 * length} hex digits is expected`);
  return bytes;
}

function threshold(r: Reading): number {
  const start = r.at;
  const text = word(r);
  if (!/^[1-9][0-9]{0,3}$/.test(text)) wrong(r, start, "no threshold", "bitcoin.wallet-threshold");
  return Number(text);
}

function checkThreshold(r: Reading, start: number, most: number, of: number): void {
  if (most > of) wrong(r, start, `${most} of ${of}`, "bitcoin.wallet-threshold");
}

function thresh(r: Reading): Node {
  const start = r.at;
  const most = threshold(r);
  const of = [next(r)];
  while (r.text[r.at] === ",") of.push(next(r));
  checkThreshold(r, start, most, of.length);
  return { kind: "thresh", threshold: most, of };
}

function multisig(r: Reading, kind: MultiKind, start: number, alone: boolean): Node {
  const tapscript = kind.endsWith("_a");
  if (tapscript !== (r.place === "tapscript"))
    wrong(r, start, `${kind} is ${tapscript ? "only" : "not"} for tr( )`, "bitcoin.miniscript-place");
  if (kind.startsWith("sorted") && !alone)
    wrong(r, start, `nothing may stand around ${kind}`, "bitcoin.miniscript-place");
  take(r, "(");
  const first = r.at;
  const needed = threshold(r);
  const uses: number[] = [];
  const most = r.place === "p2sh" ? P2SH_KEYS : LIMITS.walletKeys;
  while (r.text[r.at] === ",") {
    if (uses.length === most)
      wrong(r, r.at, `more than ${most} keys in ${kind}`, "bitcoin.wallet-too-many-keys");
    r.at += 1;
    uses.push(key(r));
  }
  take(r, ")");
  checkThreshold(r, first, needed, uses.length);
  return { kind, threshold: needed, uses };
}
