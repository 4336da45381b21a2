// Every way in which a wallet comes in, one file a format; tried in the order of the most certain mark.
// All of them end in one descriptor, so that one parser reads all keys, quorums and scripts.

import { refuse } from "../../refusal.ts";
import { looksLikeBsms, readBsms } from "./bsms.ts";
import { isSealed } from "./bsms-seal.ts";
import { looksLikeCaravan, readCaravan } from "./caravan.ts";
import { looksLikeColdcard, readColdcard } from "./coldcard.ts";
import { looksLikeElectrum, readElectrum } from "./electrum.ts";
import { checkFile, type WalletFile } from "./file.ts";
import {
  looksLikeAddwallet,
  looksLikeCore,
  looksLikeLiana,
  looksLikeSpecter,
  readAddwallet,
  readCore,
  readLiana,
  readSpecter,
} from "./holders.ts";
import { type Fields, isFields, jsonOf } from "./json.ts";
import { looksLikePolicyJson, looksLikePolicyLines, readPolicyJson, readPolicyLines } from "./policy.ts";
import { looksLikeDescriptor, readDescriptorText } from "./text.ts";

export {
  DESCRIPTION_CHARS,
  isKeyRecord,
  type KeyRecord,
  keyRecordToSign,
  readKeyRecord,
  writeKeyRecord,
  writeWalletRecord,
} from "./bsms-record.ts";
export {
  decimalOf,
  isSealed,
  NO_TOKEN,
  openRecord,
  sealRecord,
  stretchOf,
  TOKEN_BYTES,
  type Token,
  tokenFromDecimal,
  tokenFromHex,
  tokenFromWords,
} from "./bsms-seal.ts";
export type { WalletFile } from "./file.ts";

interface Format<From> {
  readonly fits: (from: From) => boolean;
  readonly read: (from: From) => WalletFile;
}

const TEXTS: readonly Format<string>[] = [
  { fits: looksLikeBsms, read: readBsms },
  { fits: looksLikeAddwallet, read: readAddwallet },
  { fits: looksLikePolicyLines, read: readPolicyLines },
  { fits: looksLikeColdcard, read: readColdcard },
  { fits: looksLikeDescriptor, read: readDescriptorText },
];

const JSONS: readonly Format<Fields>[] = [
  { fits: looksLikeCaravan, read: readCaravan },
  { fits: looksLikeElectrum, read: readElectrum },
  { fits: looksLikeCore, read: readCore },
  { fits: looksLikeLiana, read: readLiana },
  { fits: looksLikePolicyJson, read: readPolicyJson },
  { fits: looksLikeSpecter, read: readSpecter },
];

/** Reads a wallet's file, whatever made it. Throws nothing but Refusals bitcoin.wallet-*, bitcoin.descriptor-* and bsms.sealed. */
export function readWalletFile(text: string): WalletFile {
  checkFile(text);
  const trimmed = text.replace(/^\uFEFF/, "").trim();
  if (/^[{[]/.test(trimmed)) return readJson(trimmed);
  if (isSealed(trimmed)) refuse("bsms.sealed");
  const format = TEXTS.find(({ fits }) => fits(trimmed)) ?? unreadable(trimmed);
  return format.read(trimmed);
}

function readJson(text: string): WalletFile {
  const value = jsonOf(text) ?? refuse("bitcoin.wallet-unreadable", "it is not whole JSON");
  if (looksLikeCore(value)) return readCore(value);
  const fields = isFields(value) ? value : refuse("bitcoin.wallet-unreadable");
  const format = JSONS.find(({ fits }) => fits(fields)) ?? refuse("bitcoin.wallet-unreadable");
  return format.read(fields);
}

/** A descriptor's look with a name that nothing here knows is another script, not another kind of file. */
function unreadable(text: string): never {
  if (/[^\x20-\x7e\s]/.test(text)) refuse("bitcoin.wallet-characters");
  return refuse(/^[a-z_]+\(/.test(text) ? "bitcoin.wallet-form" : "bitcoin.wallet-unreadable");
}
