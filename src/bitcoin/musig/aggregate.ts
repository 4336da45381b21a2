// Keys of several as one key: BIP 327's KeySort and KeyAgg, and BIP 328's extended key over it.

import { keyAggregate, sortKeys } from "@scure/btc-signer/musig2.js";
import { equal, fromHex } from "../../bytes.ts";
import { refuse } from "../../refusal.ts";

export interface Aggregate {
  /** 33 bytes, compressed. */
  readonly publicKey: Uint8Array;
  /** 33 bytes each, in the order in which they were aggregated (BIP 390: sorted). */
  readonly participants: readonly Uint8Array[];
}

/**
 * One multiplication of a point a participant, some 2 ms each: whoever derives from fixed participants keeps it.
 * Throws Refusal bitcoin.musig-repeated where a key is there twice: BIP 390 allows it, and it means nothing but that
 * one cosigner is missing. The keys must be points (an Error otherwise).
 */
export function aggregate(publicKeys: readonly Uint8Array[]): Aggregate {
  const participants = sortKeys([...publicKeys]);
  if (participants.some((key, i) => i > 0 && equal(key, participants[i - 1]!)))
    refuse("bitcoin.musig-repeated");
  return { publicKey: keyAggregate(participants).aggPublicKey.toBytes(true), participants };
}

/** BIP 328: the SHA-256 of "MuSig2MuSig2MuSig2". */
const CHAIN_CODE = fromHex("868087ca02a6f974c4598924c36b57762d32cb45717167e300622c7167e38965")!;

/** What child keys of an aggregate are derived from, by unhardened steps: depth and child number are 0. */
export function syntheticNode({ publicKey }: Pick<Aggregate, "publicKey">) {
  return { publicKey, chainCode: CHAIN_CODE.slice() };
}
