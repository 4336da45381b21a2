// A key of this device's as others read it, and what a spoken code of it is computed from.

import { sha256 } from "@noble/hashes/sha2.js";
import { createBase58check } from "@scure/base";
import { concat, toHex, u32be } from "../../bytes.ts";
import type { Fingerprint, Network, Path } from "../../model.ts";
import type { AccountKey } from "../accounts.ts";
import { writeExtended } from "../descriptor/extended.ts";
import { writePath } from "../descriptor/origin.ts";
import { marks } from "../network.ts";
import type { ScriptForm, WalletKey } from "../wallet.ts";

const base58check = createBase58check(sha256);

/** An account that this device derived, as a key of a wallet. */
export function ownKey(account: AccountKey & { readonly path: Path }, network: Network): WalletKey {
  const { fingerprint, path, publicKey, chainCode, depth, parentFingerprint } = account;
  const childNumber = path.at(-1) ?? 0;
  const extended = writeExtended({ depth, parentFingerprint, childNumber, chainCode, publicKey }, network);
  return { fingerprint, path, publicKey, chainCode, extended, ours: true };
}

/** `[fingerprint/path]xpub`, as BIP 380 writes it. */
export function writeKey(key: WalletKey): string {
  return `[${key.fingerprint}${writePath(key.path)}]${key.extended}`;
}

/** "m/48'/0'": as programs write it in their files. */
export function filePath(path: Path): string {
  return `m${writePath(path).replaceAll("h", "'")}`;
}

/** What UR types have of a key beside what a wallet's key has. */
export function keyFacts(
  key: WalletKey,
  network: Network,
): { parentFingerprint: Fingerprint; practice: boolean } {
  const bytes = base58check.decode(key.extended);
  return { parentFingerprint: toHex(bytes.subarray(5, 9)), practice: marks(network).coinType === 1 };
}

/** SLIP-132, registered header values: of mainnet, and of practice. */
const VERSIONS: Readonly<Partial<Record<ScriptForm, readonly [number, number]>>> = {
  "p2sh-p2wpkh": [0x049d7cb2, 0x044a5262],
  p2wpkh: [0x04b24746, 0x045f1cf6],
  "p2sh-p2wsh": [0x0295b43f, 0x024289ef],
  p2wsh: [0x02aa7ed3, 0x02575483],
};

/** zpub, Ypub and so on, for programs that know a key's script by its first letter; xpub where there is no letter. */
export function slip132(key: WalletKey, form: ScriptForm, network: Network): string {
  const version = VERSIONS[form]?.[marks(network).coinType];
  if (version === undefined) return key.extended;
  return base58check.encode(concat(u32be(version), base58check.decode(key.extended).subarray(4)));
}

/**
 * What the code that is read aloud commits to: the network, and everything of a key that makes addresses or leads back
 * to it. Not its text: programs pass on the same key with and without its parent, and in other letters.
 */
export function keyStatement(key: WalletKey, network: Network): string {
  const { fingerprint, path, publicKey, chainCode } = key;
  const lines = [`[${fingerprint}${writePath(path)}]`, toHex(publicKey), toHex(chainCode)];
  return ["Firn cosigner key", network, ...lines].join("\n");
}

/** The whole wallet: its canonical descriptor has every key, the quorum, the script and all time locks. */
export function walletStatement(descriptor: string, network: Network): string {
  return ["Firn wallet", network, descriptor].join("\n");
}

// ---------------------------------------------------------------- files of one key

/** BlueWallet's cosigner, which Specter and Nunchuk read too. */
export function cosignerJson(key: WalletKey, form: ScriptForm, network: Network): string {
  const { fingerprint, path } = key;
  return JSON.stringify({
    xfp: fingerprint.toUpperCase(),
    xpub: slip132(key, form, network),
    path: filePath(path),
  });
}

const JSON_NAMES: Readonly<Partial<Record<ScriptForm, string>>> = {
  p2pkh: "bip44",
  "p2sh-p2wpkh": "bip49",
  p2wpkh: "bip84",
  p2tr: "bip86",
  p2sh: "bip45",
  "p2sh-p2wsh": "bip48_1",
  p2wsh: "bip48_2",
};

/**
 * Coldcard's generic JSON with the accounts that are given. Without the master's own extended key, which that file also
 * has: no program needs it, and it tells more than is asked for.
 */
export function coldcardJson(
  keys: readonly { readonly key: WalletKey; readonly form: ScriptForm }[],
  network: Network,
  account: number,
): string {
  const chain = marks(network).coinType === 0 ? "BTC" : network === "regtest" ? "XRT" : "XTN";
  const accounts = keys.map(({ key, form }) => {
    const entry = { name: form, deriv: filePath(key.path), xpub: key.extended };
    const marked = slip132(key, form, network);
    return [JSON_NAMES[form], marked === key.extended ? entry : { ...entry, _pub: marked }];
  });
  const xfp = keys[0]!.key.fingerprint.toUpperCase();
  return JSON.stringify({ chain, xfp, account, ...Object.fromEntries(accounts) });
}
