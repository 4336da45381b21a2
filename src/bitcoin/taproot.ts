// Script trees of BIP 341: leaves, branches, the root, and what proves a leaf.

import { sha256 } from "@noble/hashes/sha2.js";
import { compare, concat } from "../bytes.ts";
import { utf8 } from "../text.ts";
import { encodeCompactSize } from "./cursor.ts";
import type { Node, Tree } from "./expression.ts";

/** BIP 342: tapscript. */
export const LEAF_VERSION = 0xc0;

/** Tagged hash of BIP 340, its tag taken in once. */
function tagged(tag: string): (...parts: readonly Uint8Array[]) => Uint8Array {
  const hash = sha256(utf8(tag));
  const state = sha256.create().update(hash).update(hash);
  return (...parts) =>
    state
      .clone()
      .update(concat(...parts))
      .digest();
}

const tapLeaf = tagged("TapLeaf");
const tapBranch = tagged("TapBranch");
const tapTweak = tagged("TapTweak");

export function leafHash(script: Uint8Array): Uint8Array {
  return tapLeaf(Uint8Array.of(LEAF_VERSION), encodeCompactSize(script.length), script);
}

/** t of BIP 341: of the x-only internal key, and of the root where there is a tree. */
export function tweakOf(internalKey: Uint8Array, merkleRoot?: Uint8Array): Uint8Array {
  return merkleRoot ? tapTweak(internalKey, merkleRoot) : tapTweak(internalKey);
}

/** A leaf with the hashes that lead from it to the root. */
interface Proven {
  readonly node: Node;
  readonly script: Uint8Array;
  readonly hash: Uint8Array;
  readonly path: readonly Uint8Array[];
}

interface Grown {
  readonly hash: Uint8Array;
  readonly leaves: readonly Proven[];
}

export type ScriptOf = (keys: readonly Uint8Array[]) => Uint8Array;

/** Made ready once: keys in the order of uses → root and leaves, from left to right. */
export function growTree(
  tree: Tree,
  compile: (leaf: Node) => ScriptOf,
): (keys: readonly Uint8Array[]) => Grown {
  if ("leaf" in tree) {
    const scriptOf = compile(tree.leaf);
    return (keys) => {
      const script = scriptOf(keys);
      const hash = leafHash(script);
      return { hash, leaves: [{ node: tree.leaf, script, hash, path: [] }] };
    };
  }
  const [left, right] = [growTree(tree.left, compile), growTree(tree.right, compile)];
  return (keys) => {
    const [a, b] = [left(keys), right(keys)];
    const hash = branchHash(a.hash, b.hash);
    return { hash, leaves: [...under(a.leaves, b.hash), ...under(b.leaves, a.hash)] };
  };
}

/** Of leaves as BIP 371 lists them, each with its depth; undefined where they make no tree. */
export function rootOf(
  leaves: readonly { readonly depth: number; readonly hash: Uint8Array }[],
): Uint8Array | undefined {
  const open: { depth: number; hash: Uint8Array }[] = [];
  for (const leaf of leaves) {
    let node = leaf;
    while (open.at(-1)?.depth === node.depth) {
      const { hash } = open.pop()!;
      node = { depth: node.depth - 1, hash: branchHash(hash, node.hash) };
    }
    open.push(node);
  }
  return open.length === 1 && open[0]!.depth === 0 ? open[0]!.hash : undefined;
}

export function branchHash(a: Uint8Array, b: Uint8Array): Uint8Array {
  return compare(a, b) < 0 ? tapBranch(a, b) : tapBranch(b, a);
}

function under(leaves: readonly Proven[], sibling: Uint8Array): Proven[] {
  return leaves.map((leaf) => ({ ...leaf, path: [...leaf.path, sibling] }));
}

/** BIP 341: leaf version and the output key's parity, the internal key, the way to the root. */
export function controlBlock(internalKey: Uint8Array, odd: boolean, path: readonly Uint8Array[]): Uint8Array {
  return concat(Uint8Array.of(LEAF_VERSION | (odd ? 1 : 0)), internalKey, ...path);
}
