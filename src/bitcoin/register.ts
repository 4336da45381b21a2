// A wallet comes in as text, is compared with what this device holds and knows, and is named.

import { equal } from "../bytes.ts";
import { HARDENED, LIMITS } from "../limits.ts";
import type { Curve, Fingerprint, Network, Path, WalletMessage } from "../model.ts";
import { refuse } from "../refusal.ts";
import { shown } from "../text.ts";
import { addressOf } from "./address.ts";
import { compile } from "./derive.ts";
import { parseDescriptor } from "./descriptor/descriptor.ts";
import { writePath } from "./descriptor/origin.ts";
import { nameWallet, sameKeySet, sameWallet } from "./descriptor/value.ts";
import { readWalletFile } from "./formats/index.ts";
import { marks } from "./network.ts";
import { quorumOf, type Wallet, type WalletKey } from "./wallet.ts";

/**
 * Any wallet file that Firn reads (formats/) as a wallet, none of its keys ours yet. Its name: the one given, else the
 * one in the file made safe to show, else quorum and fingerprint. A first address that the file states must be the
 * wallet's. Refusals: bitcoin.wallet-*, bitcoin.descriptor-*, bitcoin.miniscript-*; never anything else, whatever the text.
 */
export function readWallet(
  message: WalletMessage | string,
  network: Network,
  curve: Curve,
  name?: string,
): Wallet {
  const text = typeof message === "string" ? message : message.text;
  const file = readWalletFile(text);
  const wallet = nameWallet(parseDescriptor(file.descriptor, network, curve), "");
  const fallback = shown(file.name ?? "", LIMITS.walletNameChars).trim() || defaultName(wallet);
  const named = { ...wallet, keys: nameKeys(wallet.keys, file.cosigners), name: checkName(name ?? fallback) };
  if (file.firstAddress !== undefined) checkFirst(named, file.firstAddress, curve);
  return named;
}

/** What Firn itself calls keys, and who signed: no name of a holder begins so. */
const OWN_WORDS =
  /^(?:yours?|you|no.?one|nobody|anyone|both|all|a cosigner|the bare|(?:key|cosigner) [0-9a-f]{8})\b/i;

/**
 * Who holds each key, in the order of the keys; "" and what is missing say nothing. Nor does a name that imitates what
 * Firn calls keys, or that several of them have: then the fingerprint tells them apart.
 */
export function nameKeys(keys: readonly WalletKey[], names: readonly string[] = []): readonly WalletKey[] {
  const safe = keys.map((_, place) => shown(names[place] ?? "", LIMITS.walletNameChars).trim());
  return keys.map((key, place) => {
    const { name: _, ...rest } = key;
    const name = safe[place]!;
    const twice = safe.filter((other) => likeness(other) === likeness(name)).length > 1;
    return name === "" || twice || OWN_WORDS.test(name) ? rest : { ...rest, name };
  });
}

function checkFirst(wallet: Wallet, stated: string, curve: Curve): void {
  const first = addressOf(compile(wallet, curve).derive(wallet.receive, 0).scriptPubKey, wallet.network);
  if (first !== stated.trim())
    refuse("bitcoin.wallet-first-address", `${shown(stated)} is stated, it is ${first}`);
}

function defaultName(wallet: Wallet): string {
  const { form, fingerprint } = wallet;
  const quorum = quorumOf(wallet);
  if (quorum && quorum.of > 1) return `${quorum.threshold} of ${quorum.of} ${fingerprint}`;
  return `${quorum ? form : "Wallet"} ${fingerprint}`;
}

/** Printable ASCII, 1..40 characters, no space at either end; Refusal bitcoin.wallet-name. */
export function checkName(name: string): string {
  const fits = name.length >= 1 && name.length <= LIMITS.walletNameChars;
  if (!fits || !/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(name)) refuse("bitcoin.wallet-name");
  return name;
}

/**
 * Marks the keys that this device holds. `own` derives what stands at a path, or answers undefined for a
 * master that is not here. A key under our fingerprint that is not what we derive there is a swapped key:
 * Refusal bitcoin.key-not-ours. A key of ours at another network's path: bitcoin.wallet-coin-type.
 */
export function markOurs(
  wallet: Wallet,
  own: (
    fingerprint: Fingerprint,
    path: Path,
  ) => { readonly publicKey: Uint8Array; readonly chainCode: Uint8Array } | undefined,
): Wallet {
  const keys = wallet.keys.map((key, i): WalletKey => {
    const derived = key.nobodys ? undefined : own(key.fingerprint, key.path);
    if (derived === undefined) return { ...key, ours: false };
    const where = `key ${i + 1} at m${writePath(key.path)}`;
    if (!equal(derived.publicKey, key.publicKey) || !equal(derived.chainCode, key.chainCode))
      refuse("bitcoin.key-not-ours", where);
    if (!coinTypeFits(key.path, wallet.network)) refuse("bitcoin.wallet-coin-type", where);
    return { ...key, ours: true };
  });
  return { ...wallet, keys };
}

/** BIP 43 purposes whose second step is the coin type (BIP 44, 48, 49, 84, 86, 87). */
const WITH_COIN_TYPE: readonly number[] = [44, 48, 49, 84, 86, 87].map((purpose) => purpose + HARDENED);

/**
 * Scripts are the same on every network: a key at money's path that signs for practice signs for money.
 */
function coinTypeFits(path: Path, network: Network): boolean {
  if (!WITH_COIN_TYPE.includes(path[0] ?? 0) || path.length < 2) return true;
  return path[1] === marks(network).coinType + HARDENED;
}

/**
 * Whether a wallet, already through markOurs, may be registered beside those that are known, the accounts
 * included. Refusals: bitcoin.wallets-full; bitcoin.wallet-without-our-key; bitcoin.wallet-known (the same
 * one); bitcoin.wallet-altered (the same keys under another quorum, order or form); bitcoin.wallet-name,
 * bitcoin.wallet-name-taken.
 */
export function checkRegistration(wallet: Wallet, known: readonly Wallet[]): void {
  checkUnnamed(wallet, known);
  checkName(wallet.name);
  const taken = known.some((other) => likeness(other.name) === likeness(wallet.name));
  if (taken) refuse("bitcoin.wallet-name-taken");
}

/** All of it but the name, which a person can still change. */
export function checkUnnamed(wallet: Wallet, known: readonly Wallet[]): void {
  // A home with more would not be opened again.
  if (known.length >= LIMITS.wallets) refuse("bitcoin.wallets-full", `${known.length} are here`);
  if (!wallet.keys.some((key) => key.ours)) refuse("bitcoin.wallet-without-our-key");
  for (const other of known) {
    const where = `"${shown(other.name)}"`;
    if (sameWallet(wallet, other)) refuse("bitcoin.wallet-known", where);
  }
  checkBeside(wallet, known);
}

/**
 * Beside those of every key of this device, whichever answers: the same keys, or the same fingerprint, are the same
 * wallet or none. Policies know a wallet by its fingerprint, so one set of coins must not have two of them, nor two
 * wallets one. Refusal bitcoin.wallet-altered.
 */
export function checkBeside(wallet: Wallet, others: readonly Wallet[]): void {
  for (const other of others) {
    if (other.descriptor === wallet.descriptor) continue;
    if (sameKeySet(wallet, other) || other.fingerprint === wallet.fingerprint)
      refuse("bitcoin.wallet-altered", `"${shown(other.name)}"`);
  }
}

const ALIKE: Readonly<Record<string, string>> = { o: "0", i: "1", l: "1", "|": "1", s: "5", b: "8", z: "2" };

/** Names that a person reads alike are one name: upper and lower case, spaces and signs, 0 and O, 1 and l. */
function likeness(name: string): string {
  const plain = name.toLowerCase().replaceAll("rn", "m").replaceAll("vv", "w");
  const letters = plain.replace(/[^a-z0-9|]/g, "");
  return letters === "" ? plain : letters.replace(/[oil|sbz]/g, (letter) => ALIKE[letter]!);
}
