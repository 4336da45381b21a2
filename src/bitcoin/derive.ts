// From a wallet to its scripts: chain nodes are kept, so that an index costs one point operation a key.

import { hmac } from "@noble/hashes/hmac.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { concat, u32be } from "../bytes.ts";
import { childNode, type PublicNode } from "../child.ts";
import { HARDENED } from "../limits.ts";
import type { Curve } from "../model.ts";
import { refuse } from "../refusal.ts";
import type { Body, PlainUse, Steps, Use } from "./expression.ts";
import { compileNode } from "./miniscript/index.ts";
import { aggregate, aggregateNode } from "./musig/index.ts";
import { hash160, p2pkh, p2sh, witness } from "./script.ts";
import { searchOf } from "./search.ts";
import { controlBlock, growTree, type ScriptOf, tweakOf } from "./taproot.ts";
import type { Derived, ScriptForm, Taproot, Template, Wallet } from "./wallet.ts";

export { childNode };

/** A public key by index; undefined where there is none. */
type KeyAt = (index: number) => Uint8Array | undefined;

/** The last step: the same as childNode, with the HMAC's key already taken in, and no chain code. */
function leaf(parent: PublicNode, curve: Curve): KeyAt {
  const state = hmac.create(sha512, parent.chainCode).update(parent.publicKey);
  return (index) =>
    curve.addPublic(parent.publicKey, state.clone().update(u32be(index)).digest().subarray(0, 32));
}

/** `member`: of the tuple, where there is one. Undefined where BIP 32 calls a child invalid. */
function stepDown(from: PublicNode, steps: Steps, member: number, curve: Curve): KeyAt | undefined {
  let node: PublicNode | undefined = from;
  for (const step of steps) {
    if (step === "*") return leaf(node, curve);
    const index = typeof step === "number" ? step : step[member];
    node = index === undefined ? undefined : childNode(node, index, curve);
    if (node === undefined) return undefined;
  }
  const { publicKey } = node;
  return () => publicKey;
}

type Keys = Pick<Wallet, "keys" | "uses" | "body" | "form">;

function keyAt(use: Use, member: number, { keys }: Pick<Keys, "keys">, curve: Curve): KeyAt | undefined {
  if (use.kind === "fixed") return () => use.publicKey;
  if (use.kind === "child") return stepDown(keys[use.key]!, use.steps, member, curve);
  const parts = use.of.map((part: PlainUse) => keyAt(part, member, { keys }, curve));
  if (parts.includes(undefined)) return undefined;
  const keysAt = (index: number) => parts.map((part) => part!(index));
  if (use.steps.length > 0) {
    const all = keysAt(0);
    return all.includes(undefined)
      ? undefined
      : stepDown(aggregateNode(all as Uint8Array[]), use.steps, member, curve);
  }
  return (index) => {
    const all = keysAt(index);
    return all.includes(undefined) ? undefined : aggregate(all as Uint8Array[]);
  };
}

type Scripts = Pick<Derived, "scriptPubKey" | "redeemScript" | "witnessScript" | "taproot">;
type ScriptsOf = (keys: readonly Uint8Array[]) => Scripts | undefined;

/** Prepared once for a wallet: what stays the same is compiled here, not for each address. */
function scriptsOf(body: Body, form: ScriptForm, curve: Curve): ScriptsOf {
  switch (body.kind) {
    case "key":
      return keyScripts(form, body.use);
    case "script":
      return nodeScripts(form, compileNode(body.node, form === "p2sh" ? "p2sh" : "p2wsh"));
    case "taproot":
      return taprootScripts(body, curve);
  }
}

function keyScripts(form: ScriptForm, use: number): ScriptsOf {
  return (keys) => {
    const hash = hash160(keys[use]!);
    if (form === "p2pkh") return { scriptPubKey: p2pkh(hash) };
    const program = witness(0, hash);
    if (form === "p2wpkh") return { scriptPubKey: program };
    return { scriptPubKey: p2sh(hash160(program)), redeemScript: program };
  };
}

function nodeScripts(form: ScriptForm, script: ScriptOf): ScriptsOf {
  return (keys) => {
    const made = script(keys);
    if (form === "p2sh") return { scriptPubKey: p2sh(hash160(made)), redeemScript: made };
    const program = witness(0, sha256(made));
    if (form === "p2wsh") return { scriptPubKey: program, witnessScript: made };
    return { scriptPubKey: p2sh(hash160(program)), redeemScript: program, witnessScript: made };
  };
}

const EVEN = Uint8Array.of(2);

/** BIP 341 and 386; without a tree BIP 86. Undefined for a tweak that is no scalar. */
function taprootScripts(body: Extract<Body, { readonly kind: "taproot" }>, curve: Curve): ScriptsOf {
  const grow = body.tree && growTree(body.tree, (node) => compileNode(node, "tapscript"));
  return (keys) => {
    const internalKey = keys[body.internal]!.slice(1);
    const grown = grow?.(keys);
    const tweak = tweakOf(internalKey, grown?.hash);
    const output = curve.addPublic(concat(EVEN, internalKey), tweak);
    if (output === undefined) return undefined;
    const outputKey = output.slice(1);
    const leaves = (grown?.leaves ?? []).map(({ node, script, hash, path }) => {
      return { node, script, hash, control: controlBlock(internalKey, output[0] === 3, path) };
    });
    const root = grown ? { merkleRoot: grown.hash } : {};
    const taproot: Taproot = { internalKey, tweak, outputKey, ...root, leaves };
    return { scriptPubKey: witness(1, outputKey), taproot };
  };
}

/** What a descriptor makes at an index, on one member of its tuples. Undefined: BIP 32 or 341 calls it invalid. */
export type ScriptsAt = (member: number, index: number) => Omit<Derived, "branch" | "index"> | undefined;

/** The first use of a member costs one point operation a key, each index one more (P2TR two). */
export function prepare(keys: Keys, curve: Curve): ScriptsAt {
  const members = new Map<number, readonly (KeyAt | undefined)[]>();
  const scripts = scriptsOf(keys.body, keys.form, curve);
  return (member, index) => {
    const known = members.get(member);
    const all = known ?? keys.uses.map((use) => keyAt(use, member, keys, curve));
    if (known === undefined) members.set(member, all);
    const publicKeys: Uint8Array[] = [];
    for (const at of all) {
      const key = at?.(index);
      if (key === undefined) return undefined;
      publicKeys.push(key);
    }
    const made = scripts(publicKeys);
    return made && { publicKeys, ...made };
  };
}

/**
 * Makes a wallet ready. derive throws Refusal bitcoin.path-outside-wallet for a branch that is not the wallet's or an
 * index that is not 0..2^31-1, and for an index that BIP 32 or 341 calls invalid (chance below 2^-127).
 */
export function compile(wallet: Wallet, curve: Curve): Template {
  const at = prepare(wallet, curve);
  const derive = (branch: number, index: number): Derived => {
    if (!inWallet(wallet, branch, index)) return outside(branch, index);
    const made = at(branch === wallet.receive ? 0 : 1, index);
    return made ? { branch, index, ...made } : outside(branch, index);
  };
  return { wallet, derive, ...searchOf(derive) };
}

function inWallet(wallet: Wallet, branch: number, index: number): boolean {
  const branchFits = branch === wallet.receive || branch === wallet.change;
  return branchFits && Number.isInteger(index) && index >= 0 && index < HARDENED;
}

function outside(branch: number, index: number): never {
  refuse("bitcoin.path-outside-wallet", `${branch}/${index}`);
}

/** A script that was made again by a wallet: that, and nothing less, makes it the wallet's. */
export interface Found {
  readonly template: Template;
  readonly derived: Derived;
}
