// A cosigner's key as devices and programs give it: text → key with its origin. Nothing is trusted but the form; that a
// key is the cosigner's is for the spoken code to show.

import { HARDENED, LIMITS } from "../../limits.ts";
import type { Curve, Network } from "../../model.ts";
import { refuse } from "../../refusal.ts";
import { shown } from "../../text.ts";
import { holdsPrivateKey } from "../descriptor/extended.ts";
import { readPath, walletKey } from "../descriptor/origin.ts";
import { marks } from "../network.ts";
import type { ScriptForm, WalletKey } from "../wallet.ts";
import { type Purpose, purposeOfPath } from "./purposes.ts";

export interface CosignerKey {
  readonly key: WalletKey;
  /** By its place, else by how it is written; undefined where nothing says it. */
  readonly purpose?: Purpose;
  /** What the record calls itself, safe to show. */
  readonly name?: string;
}

/** What stands in a record, before anything of it is looked at. */
interface Raw {
  readonly fingerprint: string;
  /** "/48h/0h": without m. */
  readonly path: string;
  readonly extended: string;
  readonly form?: ScriptForm;
  readonly name?: string;
}

/**
 * At least one key, in the order of the text. Refusals: cosigner.unreadable, bitcoin.wallet-private-key,
 * bitcoin.wallet-origin-missing and others of a wallet's keys; never anything else, whatever the text.
 */
export function readKeys(text: string, network: Network, curve: Curve): readonly CosignerKey[] {
  if (text.length > LIMITS.keyTextChars) refuse("cosigner.unreadable", "too long");
  if (holdsPrivateKey(text)) refuse("bitcoin.wallet-private-key");
  const trimmed = text.trim();
  const raws = trimmed.startsWith("{")
    ? inJson(trimmed)
    : trimmed.startsWith("BSMS")
      ? inBsms(trimmed)
      : inLines(trimmed);
  if (raws.length === 0) refuse("cosigner.unreadable", "no key in it");
  return raws.map((raw, i) => keyOf(raw, network, curve, raws.length === 1 ? "the key" : `key ${i + 1}`));
}

function keyOf(raw: Raw, network: Network, curve: Curve, where: string): CosignerKey {
  const path = readPath(raw.path) ?? refuse("bitcoin.wallet-origin", `${where}: its path is malformed`);
  const marked = SLIP132[raw.extended[0] ?? ""];
  // The prefix is compared with itself here; whether it fits the wallet is seen when there is one.
  const context = { network, form: marked ?? "p2wsh", curve, where };
  const key = walletKey(raw.fingerprint, path, raw.extended, context);
  const [purpose = 0, coin] = path;
  if (WITH_COIN_TYPE.includes(purpose) && coin !== marks(network).coinType + HARDENED)
    refuse("bitcoin.wallet-network", `${where}: its path is another network's`);
  const byPlace = purposeOfPath(path, network);
  const written = PURPOSE_OF_FORM[raw.form ?? marked ?? ""];
  if (byPlace && written && byPlace !== "any" && byPlace !== written)
    refuse("bitcoin.wallet-key-form", `${where}: its path says ${byPlace}, its form ${written}`);
  const name = shown(raw.name ?? "", LIMITS.keyNameChars).trim();
  const what = byPlace ?? written;
  return { key, ...(what ? { purpose: what } : {}), ...(name === "" ? {} : { name }) };
}

/** BIP 48 and 87: the second step is the coin type. */
const WITH_COIN_TYPE: readonly number[] = [48, 87].map((purpose) => purpose + HARDENED);

/** SLIP-132: the script that a key's first letter stands for, of mainnet and of practice. */
const SLIP132: Readonly<Record<string, ScriptForm>> = {
  y: "p2sh-p2wpkh",
  u: "p2sh-p2wpkh",
  z: "p2wpkh",
  v: "p2wpkh",
  Y: "p2sh-p2wsh",
  U: "p2sh-p2wsh",
  Z: "p2wsh",
  V: "p2wsh",
};

const PURPOSE_OF_FORM: Readonly<Record<string, Purpose>> = {
  p2wsh: "p2wsh",
  "p2sh-p2wsh": "p2sh-p2wsh",
  p2sh: "p2sh",
};

// ---------------------------------------------------------------- lines

const LINE = /^((?:(?:sh|wsh|wpkh|pkh|tr)\(){0,2})\[([0-9a-fA-F]{8})([^\]]*)\]([0-9A-Za-z]+)([^()]*)\)*$/;
const FORMS: Readonly<Record<string, ScriptForm>> = {
  "sh(": "p2sh",
  "wsh(": "p2wsh",
  "sh(wsh(": "p2sh-p2wsh",
  "wpkh(": "p2wpkh",
  "sh(wpkh(": "p2sh-p2wpkh",
  "pkh(": "p2pkh",
  "tr(": "p2tr",
};

function inLines(text: string): Raw[] {
  const lines = text.split(/\r\n|\n|\r/).filter((line) => line.trim() !== "");
  return lines.map((line, i) => rawOfLine(line.trim(), lines.length === 1 ? "the key" : `key ${i + 1}`));
}

/** What follows the key is left out: whoever makes the wallet says which branches it has. */
function rawOfLine(line: string, where: string): Raw {
  if (!line.includes("[")) refuse("bitcoin.wallet-origin-missing", where);
  const match = LINE.exec(line);
  if (match === null) return refuse("cosigner.unreadable", where);
  const [, wrapper = "", fingerprint = "", path = "", extended = ""] = match;
  const form = FORMS[wrapper];
  return { fingerprint: fingerprint.toLowerCase(), path, extended, ...(form ? { form } : {}) };
}

/** BIP 129's key record: version, token, key, description, signature. */
function inBsms(text: string): Raw[] {
  const [, , key = "", name = ""] = text.split(/\r\n|\n|\r/);
  return [{ ...rawOfLine(key.trim(), "the key"), name }];
}

// ---------------------------------------------------------------- JSON

type Fields = Readonly<Record<string, unknown>>;

/** Coldcard's and Passport's accounts, Coldcard's multisig file, BlueWallet's cosigner, Cobo's account. */
function inJson(text: string): Raw[] {
  const file = objectIn(text) ?? refuse("cosigner.unreadable", "its JSON is malformed");
  const fingerprint = fingerprintIn(file);
  const raw = (extended: unknown, path: unknown, name?: unknown): Raw[] => {
    if (typeof extended !== "string" || typeof path !== "string") return [];
    const named = typeof name === "string" ? { name } : {};
    return [{ fingerprint, path: withoutM(path), extended, ...named }];
  };
  return [
    ...raw(file.ExtPubKey, file.AccountKeyPath),
    ...raw(file.path === undefined ? undefined : file.xpub, file.path, file.name),
    // {"p2wsh": "Zpub…", "p2wsh_deriv": "m/48'/0'/0'/2'"}
    ...Object.keys(file).flatMap((name) => raw(file[name], file[`${name}_deriv`])),
    // {"bip48_2": {"deriv": "m/48'/0'/0'/2'", "xpub": "xpub…"}}
    ...Object.values(file).flatMap((value) => (isObject(value) ? raw(value.xpub, value.deriv) : [])),
  ].slice(0, MOST_KEYS);
}

/** A file with more accounts than a person can choose from is cut. */
const MOST_KEYS = 64;

function objectIn(text: string): Fields | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fingerprintIn(file: Fields): string {
  const text = file.xfp ?? file.MasterFingerprint;
  if (typeof text !== "string" || !/^[0-9a-fA-F]{8}$/.test(text))
    return refuse("bitcoin.wallet-origin-missing", "no fingerprint of the master key");
  return text.toLowerCase();
}

/** "m/48'/0'" or "48'/0'" → "/48'/0'". */
function withoutM(path: string): string {
  const steps = path.replace(/^m\/?/, "");
  return steps === "" ? "" : `/${steps}`;
}
