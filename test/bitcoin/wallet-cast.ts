// Who plays in the tests of wallets: cosigners from fixed seeds, and the descriptors that they make together.

import assert from "node:assert/strict";
import { HDKey } from "@scure/bip32";
import { writePath } from "../../src/bitcoin/descriptor/origin.ts";
import { checksum, compile, readWallet } from "../../src/bitcoin/index.ts";
import type { ScriptForm, Template, Wallet } from "../../src/bitcoin/wallet.ts";
import { toHex, u32be } from "../../src/bytes.ts";
import { loadCurve } from "../../src/keys/index.ts";
import { HARDENED } from "../../src/limits.ts";
import type { Curve, Network, Path } from "../../src/model.ts";
import { Refusal } from "../../src/refusal.ts";

export const curve: Curve = await loadCurve();

const H = HARDENED;
const PRACTICE = { private: 0x04358394, public: 0x043587cf };
const MONEY = { private: 0x0488ade4, public: 0x0488b21e };

export interface Cosigner {
  readonly master: HDKey;
  readonly fingerprint: string;
}

/** The same one for the same number. */
export function cosigner(number: number, network: Network = "regtest"): Cosigner {
  const seed = new Uint8Array(32).fill(number & 255, 0, 28);
  seed.set(u32be(number), 28);
  const master = HDKey.fromMasterSeed(seed, network === "mainnet" ? MONEY : PRACTICE);
  return { master, fingerprint: toHex(u32be(master.fingerprint)) };
}

export function nodeAt(master: HDKey, path: Path): HDKey {
  return path.reduce((node, step) => node.deriveChild(step), master);
}

/** The usual account path of a form (BIP 44, 49, 84, 86, 48; 45 for P2SH). */
export function accountPath(form: ScriptForm, network: Network = "regtest"): Path {
  const coin = H + (network === "mainnet" ? 0 : 1);
  switch (form) {
    case "p2pkh":
      return [H + 44, coin, H];
    case "p2sh-p2wpkh":
      return [H + 49, coin, H];
    case "p2wpkh":
      return [H + 84, coin, H];
    case "p2tr":
      return [H + 86, coin, H];
    case "p2sh-p2wsh":
      return [H + 48, coin, H, H + 1];
    case "p2wsh":
      return [H + 48, coin, H, H + 2];
    case "p2sh":
      return [H + 45];
  }
}

/** "[fingerprint/path]xpub" of a cosigner, without children. */
export function keyText(one: Cosigner, path: Path): string {
  return `[${one.fingerprint}${writePath(path)}]${nodeAt(one.master, path).publicExtendedKey}`;
}

export function withChecksum(body: string): string {
  return `${body}#${checksum(body)}`;
}

const WRAPS: Readonly<Record<ScriptForm, (inner: string, multi: string) => string>> = {
  p2pkh: (key) => `pkh(${key})`,
  p2wpkh: (key) => `wpkh(${key})`,
  "p2sh-p2wpkh": (key) => `sh(wpkh(${key}))`,
  p2tr: (key) => `tr(${key})`,
  p2sh: (inner, multi) => `sh(${multi}(${inner}))`,
  p2wsh: (inner, multi) => `wsh(${multi}(${inner}))`,
  "p2sh-p2wsh": (inner, multi) => `sh(wsh(${multi}(${inner})))`,
};

export const SINGLE: readonly ScriptForm[] = ["p2pkh", "p2wpkh", "p2sh-p2wpkh", "p2tr"];
export const SEVERAL: readonly ScriptForm[] = ["p2sh", "p2wsh", "p2sh-p2wsh"];

export interface Play {
  readonly form: ScriptForm;
  readonly network?: Network;
  /** Numbers of the cosigners, in order. */
  readonly cosigners?: readonly number[];
  readonly threshold?: number;
  readonly multi?: "multi" | "sortedmulti";
  /** What follows each key. */
  readonly children?: string;
}

/** The descriptor without its checksum. */
export function bodyOf({ form, network = "regtest", ...play }: Play): string {
  const { cosigners = [1], threshold = 1, multi = "sortedmulti", children = "/<0;1>/*" } = play;
  const path = accountPath(form, network);
  const keys = cosigners.map((number) => keyText(cosigner(number, network), path) + children);
  const inner = SINGLE.includes(form) ? keys.join(",") : [threshold, ...keys].join(",");
  return WRAPS[form](inner, multi);
}

export function walletOf(play: Play): Wallet {
  return readWallet(withChecksum(bodyOf(play)), play.network ?? "regtest", curve);
}

export function templateOf(play: Play): Template {
  return compile(walletOf(play), curve);
}

/** The reason of the Refusal that `act` throws. Any other throw, and none, fails the test. */
export function reasonOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    assert.ok(error instanceof Refusal, `not a Refusal: ${String(error)}`);
    return error.reason;
  }
  assert.fail("nothing was refused");
}
