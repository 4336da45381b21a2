// Electrum's wallet file where it is not encrypted: "wallet_type": "2of3" with keystores x1/, x2/ …, or "standard" with
// one keystore. The prefix of a key (SLIP-132) tells the script. Files with seeds or private keys are refused.

import { LIMITS } from "../../limits.ts";
import { refuse } from "../../refusal.ts";
import { descriptorFrom, type FileKey, keyText, multisigBody, pathText, type WalletFile } from "./file.ts";
import { type Fields, fieldsOf, has, someText, textOf } from "./json.ts";

export function looksLikeElectrum(fields: Fields): boolean {
  return has(fields, "wallet_type") && (has(fields, "x1/") || has(fields, "keystore"));
}

/** electrum/bip32.py: what the header of a key says of the script. */
const MULTISIG = { x: "p2sh", t: "p2sh", Y: "p2sh-p2wsh", U: "p2sh-p2wsh", Z: "p2wsh", V: "p2wsh" } as const;
const SINGLE = { x: "pkh", t: "pkh", y: "sh(wpkh", u: "sh(wpkh", z: "wpkh", v: "wpkh" } as const;

/** Its scripts sort their keys, receive at /0 and change at /1. */
export function readElectrum(fields: Fields): WalletFile {
  const type = textOf(fields, "wallet_type");
  if (type === "standard") return readSingle(fieldsOf(fields.keystore, "keystore"));
  const match = /^([0-9]{1,2})of([0-9]{1,2})$/.exec(type);
  if (match === null) return refuse("bitcoin.wallet-form", `wallet_type ${type.slice(0, 40)}`);
  const [threshold, total] = [Number(match[1]), Number(match[2])];
  if (total > LIMITS.walletKeys) refuse("bitcoin.wallet-too-many-keys", `${total} keys`);
  const stores = Array.from({ length: total }, (_, i) => fieldsOf(fields[`x${i + 1}/`], `x${i + 1}/`));
  if (has(fields, `x${total + 1}/`))
    refuse("bitcoin.wallet-unreadable", `more keys than wallet_type ${type} says`);
  const keys = stores.map((store, i) => readStore(store, `x${i + 1}/`));
  const forms = keys.map(({ extended }) => lookup(MULTISIG, extended[0]!));
  const [form] = forms;
  if (form === undefined) return refuse("bitcoin.wallet-key-form", "x1/");
  const other = forms.findIndex((one) => one !== form);
  if (other > 0) refuse("bitcoin.wallet-key-form", `x1/ and x${other + 1}/ are for different scripts`);
  return {
    descriptor: descriptorFrom(multisigBody({ form, threshold, sorted: true, keys })),
    checksummed: false,
    cosigners: stores.map((store) => someText(store, "label") ?? ""),
  };
}

function readSingle(store: Fields): WalletFile {
  const key = readStore(store, "keystore");
  const open = lookup(SINGLE, key.extended[0]!) ?? refuse("bitcoin.wallet-key-form", "keystore");
  const body = `${open}(${keyText(key)}/<0;1>/*)${open === "sh(wpkh" ? ")" : ""}`;
  const name = someText(store, "label");
  return { descriptor: descriptorFrom(body), checksummed: false, ...(name ? { name } : {}) };
}

function lookup<V>(table: Readonly<Record<string, V>>, letter: string): V | undefined {
  return Object.hasOwn(table, letter) ? table[letter] : undefined;
}

/** What Electrum keeps beside a key, its seed words first of all: sealed with a password or not. */
const SECRETS = ["seed", "xprv", "passphrase", "keypairs"];

function readStore(store: Fields, where: string): FileKey {
  const secret = SECRETS.find((name) => has(store, name) && store[name] !== "");
  if (secret !== undefined) refuse("bitcoin.wallet-private-key", `${where}: ${secret}`);
  const extended = textOf(store, "xpub", `${where}: `);
  if (!/^[1-9A-HJ-NP-Za-km-z]+$/.test(extended)) refuse("bitcoin.wallet-key", where);
  const fingerprint =
    fingerprintOf(store) ?? refuse("bitcoin.wallet-origin-missing", `${where}: root_fingerprint`);
  const derivation =
    someText(store, "derivation") ?? refuse("bitcoin.wallet-origin-missing", `${where}: derivation`);
  const path = pathText(derivation) ?? refuse("bitcoin.wallet-origin", `${where}: derivation`);
  return { fingerprint, path, extended };
}

/** Older files have it only as Coldcard's number, lowest byte first. */
function fingerprintOf(store: Fields): string | undefined {
  const text = someText(store, "root_fingerprint");
  if (text !== undefined) return /^[0-9a-f]{8}$/i.test(text) ? text : undefined;
  const number = has(store, "ckcc_xfp") ? store.ckcc_xfp : undefined;
  if (typeof number !== "number" || !Number.isInteger(number) || number < 0 || number > 0xffffffff)
    return undefined;
  return number.toString(16).padStart(8, "0").match(/../g)!.toReversed().join("");
}
