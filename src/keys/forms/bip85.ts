// BIP 85: words, keys and passwords for other uses, each made anew from a master key whenever it is asked for.

import { hmac } from "@noble/hashes/hmac.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { base64, createBase58check } from "@scure/base";
import { concat, readU32be, toHex, u32be, wipe } from "../../bytes.ts";
import { HARDENED } from "../../limits.ts";
import type { Curve, Network, Path } from "../../model.ts";
import { refuse } from "../../refusal.ts";
import { utf8 } from "../../text.ts";
import { nobleCurve } from "../curve-noble.ts";
import { childOf, type Node } from "../derivation.ts";

/** What is asked for. `index`: 0 to 2^31 - 1; the same index gives the same again. */
export type Bip85Use =
  /** A phrase of BIP 39 in English. */
  | { readonly kind: "words"; readonly words: 12 | 15 | 18 | 21 | 24; readonly index: number }
  /** A private key in wallet import format, as Bitcoin Core takes it for a seed. */
  | { readonly kind: "wif"; readonly index: number }
  /** An extended private key: a master key of its own. */
  | { readonly kind: "xprv"; readonly index: number }
  /** 16 to 64 bytes. */
  | { readonly kind: "hex"; readonly bytes: number; readonly index: number }
  /** A password of 20 to 86 letters of base64. */
  | { readonly kind: "base64"; readonly chars: number; readonly index: number }
  /** A password of 10 to 80 letters of base85 (RFC 1924's alphabet). */
  | { readonly kind: "base85"; readonly chars: number; readonly index: number };

/** The entropy of a phrase, which the caller wipes, or a text to be shown as it is. */
export type Bip85Child =
  | { readonly kind: "words"; readonly entropy: Uint8Array }
  | { readonly kind: "text"; readonly text: string };

/** A Keyring is one. */
export interface Bip85Source {
  readonly network: Network;
  /** 64 bytes, which the caller wipes. */
  deriveBip85(path: Path): Uint8Array;
}

/** HMAC-SHA512("bip-entropy-from-k", k), k the private key at a fully hardened path. The caller wipes it. */
export function bip85Entropy(curve: Curve, master: Node, path: Path): Uint8Array {
  if (path.length === 0 || path.some((step) => step < HARDENED))
    throw new Error("a path of BIP 85 is fully hardened");
  let node = master;
  try {
    for (const step of path) {
      const child = childOf(curve, node, step, () => curve.publicKey(node.secret));
      if (node !== master) wipe(node.secret, node.chainCode);
      node = child;
    }
    return hmac(sha512, utf8("bip-entropy-from-k"), node.secret);
  } finally {
    if (node !== master) wipe(node.secret, node.chainCode);
  }
}

/** m/83696968h/{application}h/…/{index}h. Throws Refusal forms.bip85-range. */
export function bip85Path(use: Bip85Use): Path {
  return [83696968, ...steps(use), within(use.index, 0, HARDENED - 1, "number")].map(
    (step) => step + HARDENED,
  );
}

function steps(use: Bip85Use): readonly number[] {
  switch (use.kind) {
    case "words":
      return [39, 0, use.words];
    case "wif":
      return [2];
    case "xprv":
      return [32];
    case "hex":
      return [128169, within(use.bytes, 16, 64, "number of bytes")];
    case "base64":
      return [707764, within(use.chars, 20, 86, "length")];
    case "base85":
      return [707785, within(use.chars, 10, 80, "length")];
  }
}

function within(value: number, least: number, most: number, what: string): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  return refuse("forms.bip85-range", `the ${what} is from ${least} to ${most}`);
}

/** Throws Refusal forms.bip85-range. Testnet's forms come from a key of a test network. */
export function bip85(source: Bip85Source, use: Bip85Use): Bip85Child {
  const entropy = source.deriveBip85(bip85Path(use));
  try {
    if (use.kind === "words") return { kind: "words", entropy: entropy.slice(0, (use.words / 3) * 4) };
    return { kind: "text", text: textOf(use, entropy, source.network === "mainnet") };
  } finally {
    wipe(entropy);
  }
}

function textOf(use: Exclude<Bip85Use, { kind: "words" }>, entropy: Uint8Array, main: boolean): string {
  switch (use.kind) {
    case "wif":
      return checked(Uint8Array.of(main ? 0x80 : 0xef), secretIn(entropy.subarray(0, 32)), Uint8Array.of(1));
    case "xprv":
      // Depth, parent and child number are zero; the chain code comes first, other than in BIP 32.
      return checked(
        u32be(main ? 0x0488ade4 : 0x04358394),
        new Uint8Array(9),
        entropy.subarray(0, 32),
        Uint8Array.of(0),
        secretIn(entropy.subarray(32)),
      );
    case "hex":
      return toHex(entropy.subarray(0, use.bytes));
    case "base64":
      return base64.encode(entropy).slice(0, use.chars);
    case "base85":
      return base85(entropy).slice(0, use.chars);
  }
}

/** One chance in 2^127 that there is none: BIP 85 lets it fail. */
function secretIn(bytes: Uint8Array): Uint8Array {
  if (!nobleCurve().isSecret(bytes)) throw new Error("there is no key at this index");
  return bytes;
}

const base58check = createBase58check(sha256);

function checked(...parts: readonly Uint8Array[]): string {
  const bytes = concat(...parts);
  try {
    return base58check.encode(bytes);
  } finally {
    wipe(bytes);
  }
}

const BASE85 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";

/** Five letters for every four bytes, high first; whole groups only. */
function base85(bytes: Uint8Array): string {
  let out = "";
  for (let at = 0; at < bytes.length; at += 4) {
    const group = readU32be(bytes, at);
    for (let power = 85 ** 4; power >= 1; power /= 85) out += BASE85[Math.floor(group / power) % 85];
  }
  return out;
}
