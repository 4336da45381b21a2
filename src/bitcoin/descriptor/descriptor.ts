// Output descriptors (BIP 380 to 383, 386, 389): text → value, and the one canonical way to write a value.

import { sha256 } from "@noble/hashes/sha2.js";
import { toHex } from "../../bytes.ts";
import { LIMITS } from "../../limits.ts";
import type { Curve, Network } from "../../model.ts";
import { refuse } from "../../refusal.ts";
import { utf8 } from "../../text.ts";
import type { ScriptForm, Wallet, WalletKey } from "../wallet.ts";
import { checksum } from "./checksum.ts";
import { holdsPrivateKey } from "./extended.ts";
import type { KeyExpression } from "./origin.ts";
import { readKeyExpression, sameKey, writePath } from "./origin.ts";

/** What a descriptor says: a wallet without a name. */
export type DescriptorValue = Pick<
  Wallet,
  "network" | "form" | "threshold" | "sorted" | "keys" | "receive" | "change"
>;

interface Shape {
  readonly open: string;
  readonly close: string;
  readonly form: ScriptForm;
  /** For wallets of several keys: the most keys that the form can hold, and their order. */
  readonly multi?: { readonly most: number; readonly sorted: boolean };
}

/** P2SH: the script is one push of at most 520 bytes, 3 + 34 × 15 = 513 (BIP 16). */
const P2SH_KEYS = 15;
/** OP_CHECKMULTISIG's own bound. */
const P2WSH_KEYS = LIMITS.walletKeys;

const several = (open: string, close: string, form: ScriptForm, most: number): Shape[] => [
  { open: `${open}multi(`, close, form, multi: { most, sorted: false } },
  { open: `${open}sortedmulti(`, close, form, multi: { most, sorted: true } },
];

const SHAPES: readonly Shape[] = [
  { open: "pkh(", close: ")", form: "p2pkh" },
  { open: "wpkh(", close: ")", form: "p2wpkh" },
  { open: "sh(wpkh(", close: "))", form: "p2sh-p2wpkh" },
  { open: "tr(", close: ")", form: "p2tr" },
  ...several("wsh(", "))", "p2wsh", P2WSH_KEYS),
  ...several("sh(wsh(", ")))", "p2sh-p2wsh", P2WSH_KEYS),
  ...several("sh(", "))", "p2sh", P2SH_KEYS),
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
 * Reads a descriptor with its checksum, which must be there and right. Forms: pkh, wpkh, sh(wpkh),
 * tr of one key, and multi or sortedmulti in wsh, sh(wsh) and sh. Keys: `[fingerprint/path]xpub` followed
 * by `/<a;b>/*`, by `/0/*` or by nothing (both read as `/<0;1>/*`, see origin.ts). SLIP-132 prefixes are
 * rewritten as xpub or tpub where they stand for the same form. White space around the text is dropped.
 * Throws nothing but Refusals bitcoin.wallet-* and bitcoin.descriptor-*.
 */
export function parseDescriptor(text: string, network: Network, curve: Curve): DescriptorValue {
  const trimmed = text.length > LIMITS.walletTextChars ? text : text.trim();
  checkText(trimmed, /^[\x20-\x7e]*$/);
  const body = withoutChecksum(trimmed);
  const shape = SHAPES.find(({ open }) => body.startsWith(open));
  if (shape === undefined)
    refuse(/^[a-z_]+\(/.test(body) ? "bitcoin.wallet-form" : "bitcoin.wallet-unreadable");
  const inner = body.slice(shape.open.length, -shape.close.length);
  if (!body.endsWith(shape.close)) refuse("bitcoin.wallet-unreadable", "text after the last bracket");
  if (/[(){}]/.test(inner)) refuse("bitcoin.wallet-form", "an expression inside that Firn does not take");
  const parts = inner.split(",");
  if (shape.multi === undefined) {
    if (parts.length !== 1) refuse("bitcoin.wallet-form", "one key expected");
    return assemble(shape, 1, parts, network, curve);
  }
  const [threshold = "", ...keys] = parts;
  return assemble(shape, readThreshold(threshold), keys, network, curve);
}

function withoutChecksum(text: string): string {
  const at = text.indexOf("#");
  if (at < 0 || at === text.length - 1) refuse("bitcoin.descriptor-checksum-missing");
  const body = text.slice(0, at);
  if (checksum(body) !== text.slice(at + 1)) refuse("bitcoin.descriptor-checksum");
  return body;
}

export function readThreshold(text: string): number {
  if (!/^[0-9]{1,2}$/.test(text)) refuse("bitcoin.wallet-threshold", "not a number");
  return Number(text);
}

function assemble(
  shape: Shape,
  threshold: number,
  texts: readonly string[],
  network: Network,
  curve: Curve,
): DescriptorValue {
  checkQuorum(shape.form, threshold, texts.length);
  const expressions = texts.map((text, i) => {
    const where = texts.length === 1 ? "the key" : `key ${i + 1}`;
    return readKeyExpression(text, { network, form: shape.form, curve, where });
  });
  const { receive, change } = expressions[0]!;
  const other = expressions.findIndex(
    (one: KeyExpression) => one.receive !== receive || one.change !== change,
  );
  if (other > 0) refuse("bitcoin.wallet-branches", `key ${other + 1} has other branches than key 1`);
  const keys = expressions.map((expression) => expression.key);
  checkDistinct(keys);
  return {
    network,
    form: shape.form,
    threshold,
    sorted: shape.multi?.sorted ?? false,
    keys,
    receive,
    change,
  };
}

/** Before any key is read: 1 ≤ threshold ≤ keys ≤ what the form can hold. */
export function checkQuorum(form: ScriptForm, threshold: number, keys: number): void {
  const most = SHAPES.find((shape) => shape.form === form)?.multi?.most ?? 1;
  if (keys > most) refuse("bitcoin.wallet-too-many-keys", `${keys} keys, the form holds ${most}`);
  if (threshold < 1 || threshold > keys) refuse("bitcoin.wallet-threshold", `${threshold} of ${keys}`);
}

/** No key twice, and no two keys that claim the same origin. */
export function checkDistinct(keys: readonly WalletKey[]): void {
  const seen = new Map<string, number>();
  for (const [i, key] of keys.entries()) {
    const origin = key.fingerprint + writePath(key.path);
    for (const mark of [toHex(key.publicKey), origin]) {
      const before = seen.get(mark);
      if (before !== undefined && before !== i)
        refuse("bitcoin.wallet-key-twice", `keys ${before + 1} and ${i + 1}`);
      seen.set(mark, i);
    }
  }
}

/** The descriptor with its checksum: `<a;b>/*`, h for hardened, fingerprints in lower case, keys in order. */
export function canonical(value: DescriptorValue): string {
  const shape = SHAPES.find(
    ({ form, multi }) => form === value.form && (multi === undefined || multi.sorted === value.sorted),
  )!;
  const keys = value.keys.map(
    (key) => `[${key.fingerprint}${writePath(key.path)}]${key.extended}/<${value.receive};${value.change}>/*`,
  );
  const inner = shape.multi === undefined ? keys : [String(value.threshold), ...keys];
  const body = `${shape.open}${inner.join(",")}${shape.close}`;
  return `${body}#${checksum(body)!}`;
}

/** First 8 hex digits of SHA-256 of the canonical descriptor. */
export function walletFingerprint(descriptor: string): string {
  return toHex(sha256(utf8(descriptor)).subarray(0, 4));
}

/** A value with a name is a wallet. */
export function nameWallet(value: DescriptorValue, name: string): Wallet {
  const descriptor = canonical(value);
  return { ...value, name, descriptor, fingerprint: walletFingerprint(descriptor) };
}

/** The same addresses from the same keys: the order of keys counts only where the script keeps it. */
export function sameWallet(a: DescriptorValue, b: DescriptorValue): boolean {
  const rules =
    a.network === b.network &&
    a.form === b.form &&
    a.threshold === b.threshold &&
    a.sorted === b.sorted &&
    a.receive === b.receive &&
    a.change === b.change;
  return rules && (a.sorted ? sameKeySet(a, b) : sameKeyList(a, b));
}

function sameKeyList(a: DescriptorValue, b: DescriptorValue): boolean {
  return a.keys.length === b.keys.length && a.keys.every((key, i) => sameKey(key, b.keys[i]!));
}

/** The same keys in any order; keys of one wallet are distinct, so counting and containing is enough. */
export function sameKeySet(a: DescriptorValue, b: DescriptorValue): boolean {
  return (
    a.keys.length === b.keys.length && a.keys.every((key) => b.keys.some((other) => sameKey(key, other)))
  );
}
