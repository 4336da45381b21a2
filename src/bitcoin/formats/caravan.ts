// Caravan's wallet configuration (Unchained; Sparrow writes it too): JSON with quorum and extendedPublicKeys.

import { refuse } from "../../refusal.ts";
import {
  descriptorFrom,
  type FileKey,
  type MultisigFile,
  multisigBody,
  pathText,
  type WalletFile,
} from "./file.ts";
import { countIn, type Fields, fieldsOf, has, listIn, someText, textOf } from "./json.ts";

const FORMS: Readonly<Record<string, MultisigFile["form"]>> = {
  P2SH: "p2sh",
  "P2SH-P2WSH": "p2sh-p2wsh",
  P2WSH: "p2wsh",
};

export function looksLikeCaravan(fields: Fields): boolean {
  return has(fields, "extendedPublicKeys") && has(fields, "quorum");
}

/** Its scripts sort their keys (BIP 67), receive at /0 and change at /1. */
export function readCaravan(fields: Fields): WalletFile {
  const type = textOf(fields, "addressType").replace("_", "-");
  const form = Object.hasOwn(FORMS, type) ? FORMS[type]! : refuse("bitcoin.wallet-form", "addressType");
  const quorum = fieldsOf(fields.quorum, "quorum");
  const threshold = countIn(quorum, "requiredSigners", "quorum: ");
  const total = countIn(quorum, "totalSigners", "quorum: ");
  const list = listIn(fields, "extendedPublicKeys").map((one, i) => fieldsOf(one, `key ${i + 1}`));
  if (total !== list.length)
    refuse("bitcoin.wallet-unreadable", `quorum says ${total} keys, ${list.length} are there`);
  const body = multisigBody({ form, threshold, sorted: true, keys: list.map(readKey) });
  const name = someText(fields, "name");
  return {
    descriptor: descriptorFrom(body),
    checksummed: false,
    ...(name === undefined ? {} : { name }),
    cosigners: list.map((one) => someText(one, "name") ?? ""),
  };
}

/** "Unknown" stands where its owner did not say where a key comes from. */
function readKey(fields: Fields, i: number): FileKey {
  const where = `key ${i + 1}`;
  const fingerprint = someText(fields, "xfp") ?? "";
  const path = pathText(someText(fields, "bip32Path") ?? "?");
  if (!/^[0-9a-f]{8}$/i.test(fingerprint)) refuse("bitcoin.wallet-origin-missing", `${where}: xfp`);
  if (path === undefined) return refuse("bitcoin.wallet-origin-missing", `${where}: bip32Path`);
  const extended = textOf(fields, "xpub", `${where}: `);
  if (!/^[1-9A-HJ-NP-Za-km-z]+$/.test(extended)) refuse("bitcoin.wallet-key", where);
  return { fingerprint, path, extended };
}
