// Keys of several as one key: BIP 327's KeySort and KeyAgg, and BIP 328's extended key over it.

import { keyAggregate, sortKeys } from "@scure/btc-signer/musig2.js";
import { equal, fromHex } from "../../bytes.ts";
import { refuse } from "../../refusal.ts";

/**
 * In the order in which they are aggregated, and stand in PSBTs (BIP 390 and 373). Throws Refusal
 * bitcoin.musig-repeated where a key is there twice: BIP 390 allows it, and it means nothing but that one cosigner
 * is missing.
 */
export function sorted(publicKeys: readonly Uint8Array[]): readonly Uint8Array[] {
  const keys = sortKeys([...publicKeys]);
  if (keys.some((key, i) => i > 0 && equal(key, keys[i - 1]!))) refuse("bitcoin.musig-repeated");
  return keys;
}

/**
 * 33 bytes. One multiplication of a point a participant, some 2 ms each: whoever derives from fixed participants
 * keeps it. Throws as sorted does; the keys must be points (an Error otherwise).
 */
export function aggregate(publicKeys: readonly Uint8Array[]): Uint8Array {
  return keyAggregate([...sorted(publicKeys)]).aggPublicKey.toBytes(true);
}

/** BIP 328: the SHA-256 of "MuSig2MuSig2MuSig2". */
const CHAIN_CODE = fromHex("868087ca02a6f974c4598924c36b57762d32cb45717167e300622c7167e38965")!;

/** What child keys of an aggregate key are derived from, by unhardened steps: depth and child number are 0. */
export function synthetic(publicKey: Uint8Array): {
  readonly publicKey: Uint8Array;
  readonly chainCode: Uint8Array;
} {
  return { publicKey, chainCode: CHAIN_CODE.slice() };
}

/** By its chain code, which is nobody else's. */
export function isAggregate({ chainCode }: { readonly chainCode: Uint8Array }): boolean {
  return equal(chainCode, CHAIN_CODE);
}

export function aggregateNode(publicKeys: readonly Uint8Array[]) {
  return synthetic(aggregate(publicKeys));
}
