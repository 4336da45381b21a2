// Extended public keys (BIP 32) as text, and the other prefixes of SLIP-132.

import { sha256 } from "@noble/hashes/sha2.js";
import { createBase58check } from "@scure/base";
import { concat, fromHex, readU32be, toHex, u32be } from "../../bytes.ts";
import type { Curve, Fingerprint, Network } from "../../model.ts";
import { refuse } from "../../refusal.ts";
import { marks } from "../network.ts";
import type { ScriptForm } from "../wallet.ts";

const base58check = createBase58check(sha256);

/** 78 bytes and a checksum of 4 make 111 characters; short ones begin with zero bytes, which no version does. */
const EXTENDED_CHARS = 112;

export interface ExtendedKey {
  readonly depth: number;
  /** Of the key one step up; "00000000" for a master key, and where the writer did not know it. */
  readonly parentFingerprint: Fingerprint;
  readonly childNumber: number;
  readonly chainCode: Uint8Array;
  /** 33 bytes, on the curve. */
  readonly publicKey: Uint8Array;
}

interface Version {
  readonly practice: boolean;
  /** The only form that this SLIP-132 prefix stands for; absent for xpub and tpub, which say nothing. */
  readonly form?: ScriptForm;
}

const PUBLIC: Readonly<Record<number, Version>> = {
  76067358: { practice: false }, // xpub
  77429938: { practice: false, form: "p2sh-p2wpkh" }, // ypub
  78792518: { practice: false, form: "p2wpkh" }, // zpub
  43365439: { practice: false, form: "p2sh-p2wsh" }, // Ypub
  44728019: { practice: false, form: "p2wsh" }, // Zpub
  70617039: { practice: true }, // tpub
  71979618: { practice: true, form: "p2sh-p2wpkh" }, // upub
  73342198: { practice: true, form: "p2wpkh" }, // vpub
  37915119: { practice: true, form: "p2sh-p2wsh" }, // Upub
  39277699: { practice: true, form: "p2wsh" }, // Vpub
};

function decode58(text: string): Uint8Array | undefined {
  try {
    return base58check.decode(text);
  } catch {
    return undefined;
  }
}

/**
 * Reads an xpub (tpub on practice networks). A SLIP-132 prefix is taken for the form that it stands for
 * and no other. `where` ("key 2") names the place in a Refusal: bitcoin.wallet-key, bitcoin.wallet-network,
 * bitcoin.wallet-key-form.
 */
export function readExtended(
  text: string,
  network: Network,
  form: ScriptForm,
  curve: Curve,
  where: string,
): ExtendedKey {
  // Decoding base58 is quadratic: the bound comes first.
  if (text.length > EXTENDED_CHARS) refuse("bitcoin.wallet-key", `${where} is longer than an extended key`);
  const bytes = decode58(text);
  if (bytes === undefined) refuse("bitcoin.wallet-key", `${where}: its checksum is wrong`);
  if (bytes.length !== 78) refuse("bitcoin.wallet-key", `${where} is no extended key`);
  const version = PUBLIC[readU32be(bytes, 0)];
  if (version === undefined) refuse("bitcoin.wallet-key", `${where} is no extended public key`);
  if (version.practice !== (network !== "mainnet"))
    refuse("bitcoin.wallet-network", `${where} is not for ${network}`);
  if (version.form !== undefined && version.form !== form)
    refuse("bitcoin.wallet-key-form", `${where} is marked for ${version.form}, the wallet is ${form}`);
  const key: ExtendedKey = {
    depth: bytes[4]!,
    parentFingerprint: toHex(bytes.subarray(5, 9)),
    childNumber: readU32be(bytes, 9),
    chainCode: bytes.slice(13, 45),
    publicKey: bytes.slice(45, 78),
  };
  if (key.depth === 0 && (key.parentFingerprint !== "00000000" || key.childNumber !== 0))
    refuse("bitcoin.wallet-key", `${where}: a master key that names a parent`);
  if (!curve.isPoint(key.publicKey)) refuse("bitcoin.wallet-key", `${where} is not a point on the curve`);
  return key;
}

/** xpub… on mainnet, tpub… elsewhere. */
export function writeExtended(key: ExtendedKey, network: Network): string {
  return base58check.encode(
    concat(
      u32be(marks(network).extended),
      Uint8Array.of(key.depth),
      fromHex(key.parentFingerprint)!,
      u32be(key.childNumber),
      key.chainCode,
      key.publicKey,
    ),
  );
}

/** True where some word of the text is a private key: xprv in any SLIP-132 dress, or WIF. */
export function holdsPrivateKey(text: string): boolean {
  for (const word of text.match(/[1-9A-HJ-NP-Za-km-z]{20,}/g) ?? []) {
    if (/^[a-zA-Z]prv/.test(word)) return true;
    if (word.length !== 51 && word.length !== 52) continue;
    const bytes = decode58(word);
    if (bytes === undefined) continue;
    if ((bytes[0] === 0x80 || bytes[0] === 0xef) && (bytes.length === 33 || bytes.length === 34)) return true;
  }
  return false;
}
