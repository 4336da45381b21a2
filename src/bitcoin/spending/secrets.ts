// Secrets of hashes that an input carries (BIP 174): shown, and never taken for what they are not.

import { ripemd160 } from "@noble/hashes/legacy.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { equal } from "../../bytes.ts";
import { refuse } from "../../refusal.ts";
import type { HashKind } from "../../ways.ts";
import { INPUT } from "../psbt/fields.ts";
import type { Rows } from "../psbt/rows.ts";
import { hash160 } from "../script.ts";

export interface Secret {
  readonly hash: HashKind;
  readonly digest: Uint8Array;
  readonly secret: Uint8Array;
}

const KINDS: Readonly<Record<number, HashKind>> = {
  [INPUT.ripemd160]: "ripemd160",
  [INPUT.sha256]: "sha256",
  [INPUT.hash160]: "hash160",
  [INPUT.hash256]: "hash256",
};

const HASHES: Readonly<Record<HashKind, (bytes: Uint8Array) => Uint8Array>> = {
  ripemd160,
  sha256,
  hash160,
  hash256: (bytes) => sha256(sha256(bytes)),
};

/** Refuses one that is not what its hash says. */
export function secretsIn(rows: Rows, where: string): Secret[] {
  return rows.flatMap(({ type, key, value }) => {
    const hash = KINDS[type];
    if (hash === undefined) return [];
    if (!equal(HASHES[hash](value), key)) refuse("bitcoin.secret-wrong", `${where}: ${hash}`);
    return [{ hash, digest: key, secret: value }];
  });
}
