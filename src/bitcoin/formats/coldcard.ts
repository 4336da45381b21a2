// The multisig text file that Coldcard made common: Name, Policy, Derivation, Format, and a line a key.
// https://coldcard.com/docs/multisig; written by Sparrow, Specter, Nunchuk, BlueWallet, Keystone, Passport and others.
// Jade adds "Sorted: False" for wallets that keep the order of their keys.

import { LIMITS } from "../../limits.ts";
import { refuse } from "../../refusal.ts";
import {
  descriptorFrom,
  type FileKey,
  type MultisigFile,
  multisigBody,
  pathText,
  type WalletFile,
} from "./file.ts";

const FORMATS: Readonly<Record<string, MultisigFile["form"]>> = {
  p2wsh: "p2wsh",
  "p2sh-p2wsh": "p2sh-p2wsh",
  "p2wsh-p2sh": "p2sh-p2wsh",
  p2sh: "p2sh",
};

interface Draft {
  name?: string;
  policy?: { readonly threshold: number; readonly keys: number };
  form?: MultisigFile["form"];
  sorted?: boolean;
  path?: string;
  readonly keys: FileKey[];
}

/** True where the first word that means something is one of this format's, not a descriptor's. */
export function looksLikeColdcard(text: string): boolean {
  const first = text.split(/\r\n|\n|\r/).find((line) => line.trim() !== "" && !line.trim().startsWith("#"));
  return /^\s*(?:name|policy|format|derivation|sorted|[0-9a-f]{8})[ \t]*:/i.test(first ?? "");
}

/**
 * All wallets of this format have `/<0;1>/*` after each key, and sort their keys where nothing else is said. A
 * Derivation line holds for the keys below it. Policy and Format must be there: nothing is guessed, and a line that is
 * not understood is refused rather than skipped.
 */
export function readColdcard(text: string): WalletFile {
  const draft: Draft = { keys: [] };
  for (const [i, line] of text.split(/\r\n|\n|\r/).entries()) readLine(draft, line.trim(), i + 1);
  const { name, policy, form, keys } = draft;
  if (policy === undefined) refuse("bitcoin.wallet-unreadable", "no Policy line");
  if (form === undefined) refuse("bitcoin.wallet-unreadable", "no Format line");
  if (policy.keys !== keys.length)
    refuse("bitcoin.wallet-unreadable", `Policy says ${policy.keys} keys, ${keys.length} are there`);
  const body = multisigBody({ form, threshold: policy.threshold, sorted: draft.sorted ?? true, keys });
  return {
    descriptor: descriptorFrom(body),
    checksummed: false,
    ...(name === undefined ? {} : { name }),
  };
}

function readLine(draft: Draft, text: string, line: number): void {
  if (text === "" || text.startsWith("#")) return;
  const match = /^([^:]*):(.*)$/s.exec(text);
  if (match === null) refuse("bitcoin.wallet-unreadable", `line ${line}`);
  const label = match[1]!.trim().toLowerCase();
  const value = match[2]!.trim();
  if (/^[0-9a-f]{8}$/.test(label)) readKeyLine(draft, label, value, line);
  else if (label === "name") draft.name = once(draft.name, value, line);
  else if (label === "policy") draft.policy = once(draft.policy, readPolicy(value, line), line);
  else if (label === "format") draft.form = once(draft.form, readFormat(value, line), line);
  else if (label === "sorted") draft.sorted = once(draft.sorted, readSorted(value, line), line);
  else if (label === "derivation")
    draft.path = pathText(value) ?? refuse("bitcoin.wallet-origin", `line ${line}`);
  else refuse("bitcoin.wallet-unreadable", `line ${line}`);
}

function readKeyLine(draft: Draft, fingerprint: string, extended: string, line: number): void {
  if (draft.path === undefined)
    refuse("bitcoin.wallet-origin-missing", `line ${line}: no Derivation line above it`);
  if (!/^[1-9A-HJ-NP-Za-km-z]+$/.test(extended)) refuse("bitcoin.wallet-key", `line ${line}`);
  if (draft.keys.length === LIMITS.walletKeys)
    refuse("bitcoin.wallet-too-many-keys", `more than ${LIMITS.walletKeys}`);
  draft.keys.push({ fingerprint, path: draft.path, extended });
}

function once<T>(before: T | undefined, value: T, line: number): T {
  if (before !== undefined) refuse("bitcoin.wallet-unreadable", `line ${line} says again what was said`);
  return value;
}

function readPolicy(value: string, line: number): { threshold: number; keys: number } {
  const match = /^([0-9]{1,2})(?: *of *| *\/ *)([0-9]{1,2})$/i.exec(value);
  if (match === null) refuse("bitcoin.wallet-threshold", `line ${line}`);
  return { threshold: Number(match[1]), keys: Number(match[2]) };
}

function readFormat(value: string, line: number): MultisigFile["form"] {
  const name = value.toLowerCase();
  return Object.hasOwn(FORMATS, name) ? FORMATS[name]! : refuse("bitcoin.wallet-form", `line ${line}`);
}

function readSorted(value: string, line: number): boolean {
  if (!/^(?:true|false)$/i.test(value)) refuse("bitcoin.wallet-unreadable", `line ${line}`);
  return value.toLowerCase() === "true";
}
