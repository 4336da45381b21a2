// Output descriptors (BIP 380 to 383, 386, 387, 389, 390) with miniscript (BIP 379) inside: text → value, and the one
// canonical way to write a value.

import { LIMITS } from "../../limits.ts";
import type { Curve, Network } from "../../model.ts";
import { refuse } from "../../refusal.ts";
import type { Body, Node, Place, Tree } from "../expression.ts";
import { checkNode, readNode } from "../miniscript/index.ts";
import type { ScriptForm } from "../wallet.ts";
import { checksum } from "./checksum.ts";
import { holdsPrivateKey } from "./extended.ts";
import { addUse, type Collected, type Context, collect } from "./uses.ts";
import { checkKeys, completed, type DescriptorValue } from "./value.ts";

interface Shape {
  readonly open: string;
  readonly close: string;
  readonly form: ScriptForm;
  readonly body: Body["kind"];
}

/** The longest beginning first. */
const SHAPES: readonly Shape[] = [
  { open: "pkh(", close: ")", form: "p2pkh", body: "key" },
  { open: "wpkh(", close: ")", form: "p2wpkh", body: "key" },
  { open: "sh(wpkh(", close: "))", form: "p2sh-p2wpkh", body: "key" },
  { open: "sh(wsh(", close: "))", form: "p2sh-p2wsh", body: "script" },
  { open: "sh(", close: ")", form: "p2sh", body: "script" },
  { open: "wsh(", close: ")", form: "p2wsh", body: "script" },
  { open: "tr(", close: ")", form: "p2tr", body: "taproot" },
];

/**
 * Checks that foreign wallet text may be looked at at all: its length, no private key in it, and no
 * character outside `allowed`. Throws Refusals wallet-too-long, wallet-private-key, wallet-characters.
 */
export function checkText(text: string, allowed: RegExp): void {
  if (text.length > LIMITS.walletTextChars) refuse("bitcoin.wallet-too-long");
  if (holdsPrivateKey(text)) refuse("bitcoin.wallet-private-key");
  if (!allowed.test(text)) refuse("bitcoin.wallet-characters");
}

/**
 * Reads the descriptor of a wallet with its checksum, which must be there and right. Keys:
 * `[fingerprint/path]xpub` followed by `/<a;b>/*`, by `/0/*` or by nothing (both read as `/<0;1>/*`, see steps.ts);
 * a key that is nobody's may stand without an origin. SLIP-132 prefixes are rewritten as xpub or tpub where they
 * stand for the same form. White space around the text is dropped.
 * Throws nothing but Refusals bitcoin.wallet-*, bitcoin.descriptor-* and bitcoin.miniscript-*.
 */
export function parseDescriptor(text: string, network: Network, curve: Curve): DescriptorValue {
  const body = withoutChecksum(bounded(text));
  if (body.checked === "missing") refuse("bitcoin.descriptor-checksum-missing");
  const value = read(body.text, { network, curve, strict: true });
  if (value.ways.length === 0) refuse("bitcoin.miniscript-never");
  checkKeys(value);
  return value;
}

/**
 * Any descriptor of these BIPs, as other programs take them: origins may be missing, keys may be bare, there may be
 * no branches or more than two, and no checksum (BIP 380). For deriving and comparing; never for registering.
 */
export function readAnyDescriptor(text: string, network: Network, curve: Curve): DescriptorValue {
  return read(withoutChecksum(bounded(text)).text, { network, curve, strict: false });
}

function bounded(text: string): string {
  const trimmed = text.length > LIMITS.walletTextChars ? text : text.trim();
  checkText(trimmed, /^[\x20-\x7e]*$/);
  return trimmed;
}

function withoutChecksum(text: string): { readonly text: string; readonly checked: "right" | "missing" } {
  const at = text.indexOf("#");
  if (at < 0) return { text, checked: "missing" };
  const body = text.slice(0, at);
  if (at === text.length - 1) refuse("bitcoin.descriptor-checksum-missing");
  if (checksum(body) !== text.slice(at + 1)) refuse("bitcoin.descriptor-checksum");
  return { text: body, checked: "right" };
}

function read(text: string, how: Omit<Context, "form">): DescriptorValue {
  const shape = SHAPES.find(({ open }) => text.startsWith(open));
  if (shape === undefined)
    return refuse(/^[a-z_]+\(/.test(text) ? "bitcoin.wallet-form" : "bitcoin.wallet-unreadable");
  const { form } = shape;
  if (!text.endsWith(shape.close)) refuse("bitcoin.wallet-unreadable", "text after the last bracket");
  const all = collect({ ...how, form });
  const body = readBody(text.slice(shape.open.length, -shape.close.length), shape, all);
  const { uses, keys } = all;
  return completed({ network: how.network, form, body, uses, keys });
}

function readBody(inner: string, shape: Shape, all: Collected): Body {
  switch (shape.body) {
    case "key":
      if (/[(){}]/.test(inner)) refuse("bitcoin.wallet-form", "an expression inside that Firn does not take");
      if (inner.includes(",")) refuse("bitcoin.wallet-form", "one key expected");
      return { kind: "key", use: addUse(all, inner, "the key") };
    case "script":
      return { kind: "script", node: readScript(inner, shape.form === "p2sh" ? "p2sh" : "p2wsh", all) };
    case "taproot": {
      const [key = "", ...rest] = splitTop(inner, 1);
      if (rest.length === 0) return { kind: "taproot", internal: addUse(all, key, "the key") };
      const internal = addUse(all, key, "the internal key");
      return { kind: "taproot", internal, tree: readTree(rest[0]!, all, 0) };
    }
  }
}

/** BIP 341: a control block holds so many hashes. */
const TREE_DEPTH = 128;

function readTree(text: string, all: Collected, depth: number): Tree {
  if (depth > TREE_DEPTH) refuse("bitcoin.wallet-form", `a script tree deeper than ${TREE_DEPTH}`);
  if (!text.startsWith("{")) return { leaf: readScript(text, "tapscript", all) };
  const halves = text.endsWith("}") ? splitTop(text.slice(1, -1)) : [];
  if (halves.length !== 2) refuse("bitcoin.wallet-unreadable", "a branch of the script tree is not two");
  return { left: readTree(halves[0]!, all, depth + 1), right: readTree(halves[1]!, all, depth + 1) };
}

/** At the commas that no bracket encloses; after `most` of them no more. */
function splitTop(text: string, most = Number.POSITIVE_INFINITY): string[] {
  const parts: string[] = [];
  let [depth, from] = [0, 0];
  for (let at = 0; at < text.length && parts.length < most; at++) {
    const char = text[at]!;
    if ("({[<".includes(char)) depth++;
    else if (")}]>".includes(char)) depth--;
    else if (char === "," && depth === 0) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  return [...parts, text.slice(from)];
}

const MULTI = /^(multi|sortedmulti|multi_a|sortedmulti_a)\(([^()]*(?:\([^()]*\)[^()]*)*)\)$/;

/** A plain quorum, or miniscript. */
function readScript(text: string, place: Place, all: Collected): Node {
  const match = MULTI.exec(text);
  if (match === null) {
    if (place === "p2sh") refuse("bitcoin.wallet-form", "in sh a quorum is read, wpkh or wsh");
    const node = readNode(text, place, (key) => addUse(all, key));
    if (!("uses" in node)) checkNode(node, place, all.uses);
    return node;
  }
  const [, name, inner = ""] = match;
  const kind = name as "multi" | "sortedmulti" | "multi_a" | "sortedmulti_a";
  if (kind.endsWith("_a") !== (place === "tapscript"))
    refuse("bitcoin.wallet-form", `${kind} ${place === "tapscript" ? "in" : "outside"} of a taproot leaf`);
  const [threshold = "", ...keys] = splitTop(inner);
  const needed = readThreshold(threshold);
  checkQuorum(place, needed, keys.length);
  return { kind, threshold: needed, uses: keys.map((key) => addUse(all, key)) };
}

export function readThreshold(text: string): number {
  if (!/^[0-9]{1,2}$/.test(text)) refuse("bitcoin.wallet-threshold", "not a number");
  return Number(text);
}

/** P2SH: the script is one push of at most 520 bytes, 3 + 34 × 15 = 513 (BIP 16). */
const P2SH_KEYS = 15;

/** Before any key is read: 1 ≤ threshold ≤ keys ≤ what the script can hold. */
export function checkQuorum(place: Place, threshold: number, keys: number): void {
  const most = place === "p2sh" ? P2SH_KEYS : LIMITS.walletKeys;
  if (keys > most) refuse("bitcoin.wallet-too-many-keys", `${keys} keys, the form holds ${most}`);
  if (threshold < 1 || threshold > keys) refuse("bitcoin.wallet-threshold", `${threshold} of ${keys}`);
}
