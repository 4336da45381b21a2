// The multisig text file that Coldcard made common: Name, Policy, Derivation, Format, and a line a key.
// https://coldcard.com/docs/multisig; written by Sparrow, Specter, Nunchuk, BlueWallet, Caravan and others.

import { LIMITS } from "../../limits.ts";
import type { Curve, Network, Path } from "../../model.ts";
import { refuse } from "../../refusal.ts";
import type { DescriptorValue } from "../descriptor/descriptor.ts";
import { checkDistinct, checkQuorum, checkText } from "../descriptor/descriptor.ts";
import { readPath, walletKey } from "../descriptor/origin.ts";
import type { ScriptForm } from "../wallet.ts";

export interface ColdcardValue extends DescriptorValue {
  /** As it stands in the file: foreign text, may be anything but control characters. */
  readonly name: string | undefined;
}

const FORMATS: Readonly<Record<string, ScriptForm>> = {
  p2wsh: "p2wsh",
  "p2sh-p2wsh": "p2sh-p2wsh",
  "p2wsh-p2sh": "p2sh-p2wsh",
  p2sh: "p2sh",
};

interface KeyLine {
  readonly fingerprint: string;
  readonly path: Path;
  readonly extended: string;
}

interface Draft {
  name?: string;
  policy?: { readonly threshold: number; readonly keys: number };
  form?: ScriptForm;
  path?: Path;
  readonly keys: KeyLine[];
}

/** True where the first word that means something is one of this format's, not a descriptor's. */
export function looksLikeColdcard(text: string): boolean {
  return /^\s*(#|(name|policy|format|derivation|[0-9a-f]{8})[ \t]*:)/i.test(text);
}

/**
 * Reads such a file. All wallets of this format are sortedmulti, with `/<0;1>/*` after each key. A
 * Derivation line holds for the keys below it. Policy and Format must be there: nothing
 * is guessed, and a line that is not understood is refused rather than skipped.
 * Throws nothing but Refusals bitcoin.wallet-*.
 */
export function parseColdcard(text: string, network: Network, curve: Curve): ColdcardValue {
  checkText(text, /^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$/);
  const draft: Draft = { keys: [] };
  for (const [i, line] of text.split(/\r\n|\n|\r/).entries()) readLine(draft, line.trim(), i + 1);
  const { policy, form, keys: lines } = draft;
  if (policy === undefined) refuse("bitcoin.wallet-unreadable", "no Policy line");
  if (form === undefined) refuse("bitcoin.wallet-unreadable", "no Format line");
  if (policy.keys !== lines.length)
    refuse("bitcoin.wallet-unreadable", `Policy says ${policy.keys} keys, ${lines.length} are there`);
  checkQuorum(form, policy.threshold, policy.keys);
  const keys = lines.map(({ fingerprint, path, extended }, i) =>
    walletKey(fingerprint, path, extended, { network, form, curve, where: `key ${i + 1}` }),
  );
  checkDistinct(keys);
  const { threshold } = policy;
  return { name: draft.name, network, form, threshold, sorted: true, keys, receive: 0, change: 1 };
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
  else if (label === "derivation") draft.path = readDerivation(value, line);
  else refuse("bitcoin.wallet-unreadable", `line ${line}`);
}

function readKeyLine(draft: Draft, fingerprint: string, extended: string, line: number): void {
  if (draft.path === undefined)
    refuse("bitcoin.wallet-origin-missing", `line ${line}: no Derivation line above it`);
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

function readFormat(value: string, line: number): ScriptForm {
  const form = FORMATS[value.toLowerCase()];
  if (form === undefined) refuse("bitcoin.wallet-form", `line ${line}`);
  return form;
}

function readDerivation(value: string, line: number): Path {
  const match = /^m?((?:\/?[0-9].*)?)$/s.exec(value);
  const steps = match?.[1] ?? "?";
  const path = readPath(steps === "" || steps.startsWith("/") ? steps : `/${steps}`);
  if (path === undefined) refuse("bitcoin.wallet-origin", `line ${line}`);
  return path;
}
