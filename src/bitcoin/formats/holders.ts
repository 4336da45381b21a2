// JSON files that hold descriptors: Bitcoin Core's listdescriptors and importdescriptors, Specter's and BlueWallet's
// wallets, Coldcard's {name, desc}, Liana's backup; and Specter's "addwallet".

import { LIMITS } from "../../limits.ts";
import { refuse } from "../../refusal.ts";
import { bodyOf, descriptorFrom, type WalletFile, withBranches } from "./file.ts";
import { type Fields, fieldsOf, has, isFields, listIn, someText, textOf } from "./json.ts";
import { type Half, whole } from "./text.ts";

/** The file's own checksum was right in all of them, or none had one. */
function fileOf(halves: readonly Half[], name: string | undefined): WalletFile {
  return {
    descriptor: descriptorFrom(whole(halves)),
    checksummed: halves.every(({ checksummed }) => checksummed),
    ...(name === undefined ? {} : { name }),
  };
}

function half(text: string, where: string, internal?: boolean): Half {
  return { ...bodyOf(text, where), where, internal };
}

// ---------------------------------------------------------------- Bitcoin Core

export function looksLikeCore(value: unknown): boolean {
  const list = isFields(value) ? value.descriptors : value;
  return Array.isArray(list) && list.length > 0 && list.every((one) => isFields(one) && has(one, "desc"));
}

/** Where some are active, the others were used before and are no longer the wallet. Several kinds of script are several wallets. */
export function readCore(value: unknown): WalletFile {
  const list = (isFields(value) ? value.descriptors : value) as readonly Fields[];
  if (list.length > LIMITS.walletDescriptors) refuse("bitcoin.wallet-several", `${list.length} descriptors`);
  const active = list.filter((one) => one.active === true);
  const chosen = (active.length > 0 ? active : list).map((one) => {
    const at = list.indexOf(one) + 1;
    const internal = typeof one.internal === "boolean" ? one.internal : undefined;
    return half(textOf(one, "desc", `descriptor ${at}: `), `descriptor ${at}`, internal);
  });
  const kinds = new Map<string, Half[]>();
  for (const one of chosen) {
    const kind = kindOf(one.body);
    kinds.set(kind, [...(kinds.get(kind) ?? []), one]);
  }
  if (kinds.size > 1) refuse("bitcoin.wallet-several", [...kinds.keys()].join(", "));
  return fileOf(chosen, isFields(value) ? someText(value, "wallet_name") : undefined);
}

/** "sh(wpkh)": what stands before the first key or number. */
function kindOf(body: string): string {
  const open = /^[a-z_]+(?:\([a-z_]+(?=\())*/.exec(body)?.[0] ?? "";
  return open + ")".repeat(open.split("(").length - 1);
}

// ---------------------------------------------------------------- Specter, BlueWallet, Coldcard

const RECEIVE = ["descriptor", "recv_descriptor", "desc"];

export function looksLikeSpecter(fields: Fields): boolean {
  return someText(fields, ...RECEIVE) !== undefined;
}

/** `devices` are named in the order of the keys, where there are as many. */
export function readSpecter(fields: Fields): WalletFile {
  const field = RECEIVE.find((one) => someText(fields, one) !== undefined)!;
  const change = someText(fields, "change_descriptor");
  const halves = [
    half(textOf(fields, field), field, change === undefined ? undefined : false),
    ...(change === undefined ? [] : [half(change, "change_descriptor", true)]),
  ];
  const file = fileOf(halves, someText(fields, "label", "name"));
  const devices = has(fields, "devices") ? listIn(fields, "devices") : [];
  const cosigners = devices.map((one) =>
    typeof one === "string"
      ? one
      : ((isFields(one) ? someText(one, "label", "name", "type") : undefined) ?? ""),
  );
  // Fewer or more of them say nothing of which is whose.
  return cosigners.length > 0 && cosigners.length === originsIn(file.descriptor).length
    ? { ...file, cosigners }
    : file;
}

export function looksLikeAddwallet(text: string): boolean {
  return /^addwallet [^&\r\n]*&/.test(text.trim());
}

/** "addwallet NAME&DESCRIPTOR", as Specter shows it to signers: without checksum, and without branches after the keys. */
export function readAddwallet(text: string): WalletFile {
  const trimmed = text.trim();
  const at = trimmed.indexOf("&");
  const { body, checksummed } = bodyOf(trimmed.slice(at + 1));
  const name = trimmed.slice("addwallet ".length, at);
  return { descriptor: descriptorFrom(withBranches(body)), checksummed, name };
}

// ---------------------------------------------------------------- Liana

export function looksLikeLiana(fields: Fields): boolean {
  const list = fields.accounts;
  return (
    Array.isArray(list) && list.length > 0 && list.every((one) => isFields(one) && has(one, "descriptor"))
  );
}

/** Liana's backup: its one account, and what the owner calls the keys, by fingerprint. */
export function readLiana(fields: Fields): WalletFile {
  const accounts = listIn(fields, "accounts");
  if (accounts.length !== 1) refuse("bitcoin.wallet-several", `${accounts.length} accounts`);
  const account = fieldsOf(accounts[0], "the account");
  const { body, checksummed } = bodyOf(textOf(account, "descriptor"), "descriptor");
  const name = someText(fields, "alias", "name") ?? someText(account, "name");
  const names = has(account, "keys") && isFields(account.keys) ? account.keys : {};
  const alias = (fingerprint: string): string => {
    const key = has(names, fingerprint) ? names[fingerprint] : undefined;
    return isFields(key) ? (someText(key, "alias") ?? "") : "";
  };
  const cosigners = originsIn(body).map(alias);
  const file = { descriptor: descriptorFrom(body), checksummed, ...(name === undefined ? {} : { name }) };
  return cosigners.every((one) => one === "") ? file : { ...file, cosigners };
}

/** Fingerprints of the distinct keys, in the order in which they first stand in it; "" for keys without an origin. */
function originsIn(body: string): readonly string[] {
  const keys = body.matchAll(/(?:\[([0-9a-f]{8})[^\]]*\])?([a-z]pub[1-9A-HJ-NP-Za-km-z]{90,})/gi);
  return [
    ...new Map([...keys].map(([, fingerprint = "", key]) => [key, fingerprint.toLowerCase()])).values(),
  ];
}
