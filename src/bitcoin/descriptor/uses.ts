// The key expressions of a descriptor (BIP 380, 389, 390), collected in the order of the text.

import { equal, fromHex } from "../../bytes.ts";
import { LIMITS } from "../../limits.ts";
import type { Curve, Network } from "../../model.ts";
import { refuse } from "../../refusal.ts";
import type { FixedUse, PlainUse, Use } from "../expression.ts";
import { isNobodys, isPointH, type ScriptForm, type WalletKey } from "../wallet.ts";
import { type ExtendedKey, readExtended, writeExtended } from "./extended.ts";
import { type KeyParts, sameKey, splitKey, walletKey, writePath } from "./origin.ts";
import { pairOf, readSteps, writeSteps } from "./steps.ts";

export interface Context {
  readonly network: Network;
  readonly form: ScriptForm;
  readonly curve: Curve;
  /** As a wallet's keys must be: with origins, with a receive and a change branch. */
  readonly strict: boolean;
}

export interface Collected {
  readonly context: Context;
  readonly uses: Use[];
  readonly keys: WalletKey[];
}

export function collect(context: Context): Collected {
  return { context, uses: [], keys: [] };
}

/** Reads one more key expression; its place in uses. */
export function addUse(all: Collected, text: string, where = `key ${all.uses.length + 1}`): number {
  if (all.uses.length === LIMITS.walletUses)
    refuse("bitcoin.wallet-too-many-keys", `more than ${LIMITS.walletUses} places for keys`);
  const musig = /^musig\((.*)\)([^)]*)$/s.exec(text);
  const use = musig ? readMusig(all, musig[1]!, musig[2]!, where) : readPlain(all, text, where, true);
  return all.uses.push(use) - 1;
}

/** BIP 390: either the participants have branches, or the key that they make together has. */
function readMusig(all: Collected, inner: string, children: string, where: string): Use {
  const { form, strict } = all.context;
  if (form !== "p2tr") refuse("bitcoin.wallet-form", `${where}: musig outside of tr`);
  const ranged = children === "";
  const of = inner
    .split(",")
    .map((text, i) => readPlain(all, text, `${where}, participant ${i + 1}`, ranged));
  if (of.length < 2) refuse("bitcoin.wallet-form", `${where}: musig of fewer than two keys`);
  // BIP 390: below the aggregate only of extended keys, all of whose steps are plain numbers.
  if (!ranged && of.some((part) => part.kind === "fixed"))
    refuse("bitcoin.wallet-form", `${where}: steps below a musig of bare keys`);
  if (
    !ranged &&
    of.some((part) => part.kind === "child" && part.steps.some((step) => typeof step !== "number"))
  )
    refuse("bitcoin.wallet-branches", `${where}: its participants have branches of their own`);
  if (of.some((part, i) => of.slice(0, i).some((other) => sameUse(part, other))))
    refuse("bitcoin.wallet-key-twice", where);
  if (strict && of.some((part) => isNobodys(part, all.keys)))
    refuse("bitcoin.miniscript-never", `${where}: a musig with a key that is nobody's`);
  const steps = ranged ? [] : strict ? pairOf(children, where) : readSteps(children, where);
  return { kind: "musig", of, steps };
}

function sameUse(a: PlainUse, b: PlainUse): boolean {
  if (a.kind === "child" && b.kind === "child")
    return a.key === b.key && writeSteps(a.steps) === writeSteps(b.steps);
  return a.kind === "fixed" && b.kind === "fixed" && equal(a.publicKey, b.publicKey);
}

/** `ranged`: its own children tell the branches. */
function readPlain(all: Collected, text: string, where: string, ranged: boolean): PlainUse {
  const { context } = all;
  const parts = splitKey(text, where);
  const fixed = fixedKey(parts, context, where);
  if (fixed) return fixed;
  const { children } = parts;
  const key = keep(all.keys, extendedKey(parts, context, where), where);
  if (!context.strict) return { kind: "child", key, steps: readSteps(children, where) };
  if (ranged) return { kind: "child", key, steps: pairOf(children, where) };
  if (children !== "") refuse("bitcoin.wallet-branches", where);
  return { kind: "child", key, steps: [] };
}

/** The same extended key again is the same key. */
function keep(keys: WalletKey[], key: WalletKey, where: string): number {
  const known = keys.findIndex((other) => sameKey(other, key));
  if (known < 0) {
    if (keys.length === LIMITS.walletKeys)
      refuse("bitcoin.wallet-too-many-keys", `more than ${LIMITS.walletKeys}`);
    return keys.push(key) - 1;
  }
  if (originOf(keys[known]!) !== originOf(key))
    refuse("bitcoin.wallet-key-twice", `${where}: the same key is there with another origin`);
  return known;
}

function originOf({ fingerprint, path }: WalletKey): string {
  return fingerprint + writePath(path);
}

/** Hex of a bare public key: 33 bytes, in tr 32 as well (BIP 386). A wallet takes only the point that is nobody's. */
function fixedKey(
  { origin, key, children }: KeyParts,
  context: Context,
  where: string,
): FixedUse | undefined {
  const bytes = /^[0-9a-fA-F]+$/.test(key) ? fromHex(key) : undefined;
  if (bytes === undefined) return undefined;
  const { form, curve, strict } = context;
  const xonly = bytes.length === 32 && form === "p2tr";
  const publicKey = xonly ? Uint8Array.of(2, ...bytes) : bytes;
  if (publicKey.length !== 33 || !curve.isPoint(publicKey))
    return refuse("bitcoin.wallet-key", `${where} is no compressed public key`);
  if (children !== "") refuse("bitcoin.wallet-branches", `${where}: a bare key has no children`);
  if (strict && !isPointH(publicKey))
    refuse("bitcoin.wallet-key", `${where} is a bare key: it would be used for every address`);
  return { kind: "fixed", publicKey, xonly, ...(origin ? { origin } : {}) };
}

function extendedKey({ origin, key: text }: KeyParts, context: Context, where: string): WalletKey {
  const { network, form, curve, strict } = context;
  if (strict && origin)
    return walletKey(origin.fingerprint, origin.path, text, { network, form, curve, where });
  if (strict && !looksExtended(text)) refuse("bitcoin.wallet-origin-missing", where);
  const key = readExtended(text, network, form, curve, where);
  const nobodys = isPointH(key.publicKey);
  if (strict && !nobodys) refuse("bitcoin.wallet-origin-missing", where);
  const { fingerprint, path } = origin ?? { fingerprint: "", path: [] };
  return { fingerprint, path, ...plain(key, network), ...(nobodys ? { nobodys } : {}) };
}

function looksExtended(text: string): boolean {
  return /^[a-zA-Z]pub/.test(text);
}

function plain(key: ExtendedKey, network: Network) {
  const { publicKey, chainCode } = key;
  return { publicKey, chainCode, extended: writeExtended(key, network), ours: false };
}
