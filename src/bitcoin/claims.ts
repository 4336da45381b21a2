// What a PSBT says about the script of an input or output of ours must be what the wallet makes.

import { equal } from "../bytes.ts";
import { refuse } from "../refusal.ts";
import { type Bad, compactSize, cursor, take } from "./cursor.ts";
import { INPUT, OUTPUT } from "./psbt/fields.ts";
import { place, type Row, type Rows } from "./psbt/rows.ts";
import { LEAF_VERSION, leafHash, rootOf } from "./taproot.ts";
import type { Derived } from "./wallet.ts";

/** The types of rows that claim something, in inputs and in outputs. */
interface Claims {
  readonly redeemScript: number;
  readonly witnessScript: number;
  readonly tapInternalKey: number;
  readonly tapDerivation: number;
  readonly tapMerkleRoot?: number;
  readonly tapLeaf?: number;
  readonly tapTree?: number;
}

export const INPUT_CLAIMS: Claims = INPUT;
export const OUTPUT_CLAIMS: Claims = OUTPUT;

/** Nothing has to be given; what is given must be right. */
export function checkClaims(rows: Rows, derived: Derived, claims: Claims, where: string): void {
  const { redeemScript, witnessScript, taproot } = derived;
  for (const row of rows)
    switch (row.type) {
      case claims.redeemScript:
        same(row, redeemScript, `${where}: redeem script`);
        break;
      case claims.witnessScript:
        same(row, witnessScript, `${where}: witness script`);
        break;
      case claims.tapInternalKey:
        same(row, taproot?.internalKey, `${where}: internal key`);
        break;
      case claims.tapMerkleRoot:
        same(row, taproot?.merkleRoot, `${where}: merkle root`);
        break;
      case claims.tapLeaf:
        checkLeaf(row, derived, where);
        break;
      case claims.tapDerivation:
        checkLeafHashes(row, derived, where);
        break;
      case claims.tapTree:
        checkTree(row, derived, where);
        break;
    }
}

function same({ value }: Row, expected: Uint8Array | undefined, what: string): void {
  if (!expected || !equal(value, expected)) refuse("bitcoin.script-mismatch", what);
}

function checkVersion(version: number, where: string): void {
  if (version !== LEAF_VERSION)
    refuse("bitcoin.leaf-unknown", `${where}: leaf version 0x${version.toString(16)}`);
}

/** BIP 371: the control block is its key, the leaf's version stands behind the script. */
function checkLeaf({ key, value }: Row, { taproot }: Derived, where: string): void {
  checkVersion(value.at(-1)!, where);
  const script = value.subarray(0, -1);
  const its = (taproot?.leaves ?? []).filter((leaf) => equal(leaf.script, script));
  if (its.length === 0) refuse("bitcoin.leaf-unknown", `${where}: a script that the wallet does not have`);
  if (!its.some(({ control }) => equal(control, key)))
    refuse("bitcoin.script-mismatch", `${where}: control block`);
}

/** Which leaves an input offers, counted from the left: all, where it carries none. */
export function leavesOffered(rows: Rows, { taproot }: Derived): (leaf: number) => boolean {
  const carried = rows.filter(({ type }) => type === INPUT.tapLeaf);
  if (carried.length === 0) return () => true;
  return (leaf) => carried.some(({ value }) => equal(value.subarray(0, -1), taproot!.leaves[leaf]!.script));
}

function checkLeafHashes({ value }: Row, { taproot }: Derived, where: string): void {
  const from = cursor(value, unreadable);
  for (let count = compactSize(from); count > 0; count--) {
    const hash = take(from, 32);
    if (!taproot?.leaves.some((leaf) => equal(leaf.hash, hash)))
      refuse("bitcoin.leaf-unknown", `${where}: the hash of a leaf that the wallet does not have`);
  }
}

const unreadable: Bad = place("global");

/** The tree may be written with any of its branches turned over: its root says whether it is the same. */
function checkTree({ value }: Row, { taproot }: Derived, where: string): void {
  const wrong = (): never => refuse("bitcoin.script-mismatch", `${where}: script tree`);
  const from = cursor(value, wrong);
  const leaves: { depth: number; hash: Uint8Array }[] = [];
  while (from.at < value.length) {
    const [depth = 0, version = 0] = take(from, 2);
    checkVersion(version, where);
    const script = take(from, compactSize(from));
    leaves.push({ depth, hash: leafHash(script) });
  }
  const root = rootOf(leaves) ?? wrong();
  if (!taproot?.merkleRoot || !equal(root, taproot.merkleRoot)) wrong();
}
