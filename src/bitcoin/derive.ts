// From a wallet to its scripts: chain nodes are kept, so that an index costs one point operation a key.

import { hmac } from "@noble/hashes/hmac.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { compare, concat, u32be } from "../bytes.ts";
import { HARDENED } from "../limits.ts";
import type { Curve } from "../model.ts";
import { refuse } from "../refusal.ts";
import { hash160, multisig, p2pkh, p2sh, tapTweakHash, witness } from "./script.ts";
import { searchOf } from "./search.ts";
import type { Derived, Template, Wallet } from "./wallet.ts";

interface Node {
  readonly publicKey: Uint8Array;
  readonly chainCode: Uint8Array;
}

/**
 * CKDpub of BIP 32 for an index below 2^31. Undefined where BIP 32 calls the child invalid
 * (IL ≥ n, or the point at infinity).
 */
export function childNode(parent: Node, index: number, curve: Curve): Node | undefined {
  const both = hmac(sha512, parent.chainCode, concat(parent.publicKey, u32be(index)));
  const publicKey = curve.addPublic(parent.publicKey, both.subarray(0, 32));
  return publicKey && { publicKey, chainCode: both.slice(32) };
}

/** The last step: the same as childNode, with the HMAC's key already taken in, and no chain code. */
function leaf(parent: Node, curve: Curve): (index: number) => Uint8Array | undefined {
  const state = hmac.create(sha512, parent.chainCode).update(parent.publicKey);
  return (index) =>
    curve.addPublic(parent.publicKey, state.clone().update(u32be(index)).digest().subarray(0, 32));
}

function scriptsOf(wallet: Wallet, publicKeys: readonly Uint8Array[]) {
  const key = publicKeys[0]!;
  const script = () => multisig(wallet.threshold, wallet.sorted ? [...publicKeys].sort(compare) : publicKeys);
  switch (wallet.form) {
    case "p2pkh":
      return { scriptPubKey: p2pkh(hash160(key)) };
    case "p2wpkh":
      return { scriptPubKey: witness(0, hash160(key)) };
    case "p2sh-p2wpkh": {
      const redeemScript = witness(0, hash160(key));
      return { scriptPubKey: p2sh(hash160(redeemScript)), redeemScript };
    }
    case "p2sh": {
      const redeemScript = script();
      return { scriptPubKey: p2sh(hash160(redeemScript)), redeemScript };
    }
    case "p2wsh": {
      const witnessScript = script();
      return { scriptPubKey: witness(0, sha256(witnessScript)), witnessScript };
    }
    case "p2sh-p2wsh": {
      const witnessScript = script();
      const redeemScript = witness(0, sha256(witnessScript));
      return { scriptPubKey: p2sh(hash160(redeemScript)), redeemScript, witnessScript };
    }
    default:
      return undefined;
  }
}

const EVEN = Uint8Array.of(2);

/** BIP 86: the internal key tweaked by its own hash alone (BIP 341). Undefined for a tweak that is no scalar. */
function taprootOf(publicKey: Uint8Array, curve: Curve) {
  const internalKey = publicKey.slice(1);
  const tweak = tapTweakHash(internalKey);
  const outputKey = curve.addPublic(concat(EVEN, internalKey), tweak)?.slice(1);
  return outputKey && { scriptPubKey: witness(1, outputKey), taproot: { internalKey, tweak, outputKey } };
}

/**
 * Makes a wallet ready. The first use of a branch costs one point operation a key, each index one more
 * (P2TR two). derive throws Refusal bitcoin.path-outside-wallet for a branch that is not the wallet's or an
 * index that is not 0..2^31-1, and for an index that BIP 32 or 341 calls invalid (chance below 2^-127).
 */
export function compile(wallet: Wallet, curve: Curve): Template {
  const branches = new Map<number, readonly ((index: number) => Uint8Array | undefined)[]>();
  const branchOf = (branch: number) => {
    const known = branches.get(branch);
    if (known !== undefined) return known;
    const made = wallet.keys.map((key) => leaf(childNode(key, branch, curve) ?? outside(branch), curve));
    branches.set(branch, made);
    return made;
  };
  const derive = (branch: number, index: number): Derived => {
    if (!inWallet(wallet, branch, index)) outside(branch, index);
    const publicKeys = branchOf(branch).map((child) => child(index) ?? outside(branch, index));
    const scripts = scriptsOf(wallet, publicKeys) ?? taprootOf(publicKeys[0]!, curve);
    return { branch, index, publicKeys, ...(scripts ?? outside(branch, index)) };
  };
  return { wallet, derive, search: searchOf(derive) };
}

function inWallet(wallet: Wallet, branch: number, index: number): boolean {
  const branchFits = branch === wallet.receive || branch === wallet.change;
  return branchFits && Number.isInteger(index) && index >= 0 && index < HARDENED;
}

function outside(branch: number, index?: number): never {
  refuse("bitcoin.path-outside-wallet", index === undefined ? `branch ${branch}` : `${branch}/${index}`);
}

/** A script that was made again by a wallet: that, and nothing less, makes it the wallet's. */
export interface Found {
  readonly template: Template;
  readonly derived: Derived;
}
