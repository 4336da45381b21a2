// Where a key comes from and where its children are: paths, origins, and the key expressions of BIP 380.

import { equal, fromHex, toHex } from "../../bytes.ts";
import { HARDENED, LIMITS } from "../../limits.ts";
import type { Curve, Fingerprint, Network, Path } from "../../model.ts";
import { refuse } from "../../refusal.ts";
import { isAggregate } from "../musig/aggregate.ts";
import { hash160 } from "../script.ts";
import { isPointH, type ScriptForm, type WalletKey } from "../wallet.ts";
import type { ExtendedKey } from "./extended.ts";
import { readExtended, writeExtended } from "./extended.ts";

/** "/48h/0h" → child numbers. Steps end in h, H or ' where hardened; undefined where it is no such text. */
export function readPath(text: string): Path | undefined {
  if (text === "") return [];
  const path: number[] = [];
  for (const step of text.slice(1).split("/")) {
    const match = /^(0|[1-9][0-9]{0,9})([hH']?)$/.exec(step);
    const number = Number(match?.[1]);
    if (text[0] !== "/" || match === null || number >= HARDENED) return undefined;
    path.push(match[2] === "" ? number : number + HARDENED);
  }
  return path;
}

/** Child numbers → "/48h/0h". */
export function writePath(path: Path): string {
  return path.map((step) => (step >= HARDENED ? `/${step - HARDENED}h` : `/${step}`)).join("");
}

/** Everything that all readers ask of a key and its origin. `where` names it in a Refusal. */
export interface KeyContext {
  readonly network: Network;
  readonly form: ScriptForm;
  readonly curve: Curve;
  readonly where: string;
}

/**
 * Puts a key and its origin together, or refuses: no master fingerprint, a path that is too deep, a path
 * that is not as long as the key is deep, a parent or master that is not the fingerprint claimed (both
 * can be checked only at depth 0 and 1).
 */
export function walletKey(
  fingerprint: Fingerprint,
  path: Path,
  extendedText: string,
  context: KeyContext,
): WalletKey {
  const { network, form, curve, where } = context;
  const key = readExtended(extendedText, network, form, curve, where);
  // The same addresses under another text would be another wallet to every policy.
  if (isAggregate(key))
    refuse("bitcoin.wallet-key", `${where} is the sum of several keys: they are written as musig(...)`);
  if (fingerprint === "00000000") refuse("bitcoin.wallet-origin-missing", `${where}: fingerprint 00000000`);
  if (path.length + 2 > LIMITS.pathDepth) refuse("bitcoin.wallet-origin", `${where}: its path is too deep`);
  if (key.depth !== path.length)
    refuse("bitcoin.wallet-origin", `${where}: depth ${key.depth}, but a path of ${path.length} steps`);
  const claimed = claimedMaster(key);
  if (claimed !== undefined && claimed !== fingerprint)
    refuse("bitcoin.wallet-origin", `${where}: the key descends from another master than it says`);
  return {
    fingerprint,
    path,
    publicKey: key.publicKey,
    chainCode: key.chainCode,
    extended: writeExtended(key, network),
    ours: false,
    ...(isPointH(key.publicKey) ? { nobodys: true as const } : {}),
  };
}

/** The master's fingerprint, where the extended key itself tells it. */
function claimedMaster(key: ExtendedKey): Fingerprint | undefined {
  if (key.depth === 0) return toHex(hash160(key.publicKey).subarray(0, 4));
  return key.depth === 1 && key.parentFingerprint !== "00000000" ? key.parentFingerprint : undefined;
}

/** `[fingerprint/path]` as BIP 380 writes it. */
export interface Origin {
  readonly fingerprint: Fingerprint;
  readonly path: Path;
}

/** A key of a descriptor in its three parts; `origin` is absent where none is written. */
export interface KeyParts {
  readonly origin?: Origin;
  readonly key: string;
  readonly children: string;
}

export function splitKey(text: string, where: string): KeyParts {
  const match = /^(?:\[([^\]/]*)([^\]]*)\])?([^/[\]]*)(.*)$/s.exec(text);
  if (match === null) return refuse("bitcoin.wallet-origin", `${where}: its origin does not end`);
  const [, fingerprint, steps = "", key = "", children = ""] = match;
  if (fingerprint === undefined) {
    if (text.startsWith("[")) refuse("bitcoin.wallet-origin", `${where}: its origin does not end`);
    return { key, children };
  }
  const path = readPath(steps);
  if (fingerprint.length !== 8 || fromHex(fingerprint) === undefined || path === undefined)
    return refuse("bitcoin.wallet-origin", `${where}: its origin is not written as BIP 380 says`);
  return { origin: { fingerprint: fingerprint.toLowerCase(), path }, key, children };
}

/** The same extended key: the same addresses, whatever its origin says. */
export function sameKey(a: WalletKey, b: WalletKey): boolean {
  return equal(a.publicKey, b.publicKey) && equal(a.chainCode, b.chainCode);
}
