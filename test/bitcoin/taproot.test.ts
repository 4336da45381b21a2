import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import type { Node, Tree } from "../../src/bitcoin/expression.ts";
import { addressOf, canonical, checksum, parseDescriptor } from "../../src/bitcoin/index.ts";
import { witness } from "../../src/bitcoin/script.ts";
import { controlBlock, growTree, leafHash, tweakOf } from "../../src/bitcoin/taproot.ts";
import { concat, fromHex, toHex } from "../../src/bytes.ts";
import { cosigner, curve, keyText, reasonOf } from "./wallet-cast.ts";

interface VectorLeaf {
  readonly id: number;
  readonly script: string;
  readonly leafVersion: number;
}
type VectorTree = VectorLeaf | readonly VectorTree[];

const { scriptPubKey: vectors } = JSON.parse(readFileSync("test/vectors/taproot/bip-0341.json", "utf8"));

function leavesOf(tree: VectorTree): VectorLeaf[] {
  return "script" in tree ? [tree] : tree.flatMap(leavesOf);
}

/** The vectors' leaves are no miniscript: each stands for itself, by a preimage that only the test reads. */
function standIn(tree: VectorTree): Tree {
  if ("script" in tree) return { leaf: { kind: "older", value: tree.id } };
  const [left, right] = tree;
  return { left: standIn(left!), right: standIn(right!) };
}

test("BIP 341: leaves, roots, tweaks, output keys, addresses and control blocks are the vectors'", () => {
  let trees = 0;
  for (const { given, intermediary, expected } of vectors) {
    const internalKey = fromHex(given.internalPubkey)!;
    const leaves = given.scriptTree ? leavesOf(given.scriptTree) : [];
    // Tapscript is the only leaf version that Firn makes.
    if (leaves.some(({ leafVersion }) => leafVersion !== 0xc0)) continue;
    const scriptOf = (node: Node) => {
      const { script } = leaves.find(({ id }) => node.kind === "older" && id === node.value)!;
      return () => fromHex(script)!;
    };
    const grown = given.scriptTree && growTree(standIn(given.scriptTree), scriptOf)([]);
    if (grown) {
      trees++;
      assert.deepEqual(
        leaves.map(({ script }) => toHex(leafHash(fromHex(script)!))),
        intermediary.leafHashes,
      );
      assert.equal(toHex(grown.hash), intermediary.merkleRoot);
    }
    const tweak = tweakOf(internalKey, grown?.hash);
    assert.equal(toHex(tweak), intermediary.tweak);
    const output = curve.addPublic(concat(Uint8Array.of(2), internalKey), tweak)!;
    assert.equal(toHex(output.subarray(1)), intermediary.tweakedPubkey);
    const script = witness(1, output.subarray(1));
    assert.equal(toHex(script), expected.scriptPubKey);
    assert.equal(addressOf(script, "mainnet"), expected.bip350Address);
    const blocks = (grown?.leaves ?? []).map(({ path }: { path: Uint8Array[] }) =>
      toHex(controlBlock(internalKey, output[0] === 3, path)),
    );
    assert.deepEqual(blocks, expected.scriptPathControlBlocks ?? []);
  }
  assert.equal(trees, 5);
});

const key = (number: number, children = "/<0;1>/*") =>
  `${keyText(cosigner(number), [0x80000030, 0x80000001, 0x80000000, 0x80000003])}${children}`;
const parse = (body: string) => parseDescriptor(`${body}#${checksum(body)}`, "regtest", curve);

test("A tree as deep as its text allows is read and written back; one whose brackets do not pair is refused", () => {
  const leaf = (i: number) => `pk(${key(2, `/<${2 * i};${2 * i + 1}>/*`)})`;
  let tree = leaf(0);
  for (let i = 1; i < 80; i++) tree = `{${leaf(i)},${tree}}`;
  const text = `tr(${key(1)},${tree})`;
  assert.equal(canonical(parse(text)), `${text}#${checksum(text)}`);
  for (const bad of [`{${leaf(0)}}`, `{${leaf(0)},${leaf(1)},${leaf(2)}}`, `{${leaf(0)},${leaf(1)}`])
    assert.match(
      reasonOf(() => parse(`tr(${key(1)},${bad})`)),
      /^bitcoin\.(wallet|miniscript)-unreadable$/,
    );
});

test("No script tree makes the reader throw anything but a Refusal, however its brackets stand", () => {
  const piece = fc.constantFrom(
    "{",
    "}",
    ",",
    "(",
    ")",
    "pk(",
    key(2),
    key(3),
    "tr(",
    "multi_a(1,",
    "musig(",
    "/*",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const text = `tr(${key(1)},${pieces.join("")})`;
      try {
        parse(text);
      } catch (error) {
        assert.equal((error as Error).constructor.name, "Refusal", String(error));
      }
    }),
    { numRuns: 500 },
  );
});

test("Keys may stand in several musigs of a tree; the same musig twice, or a key beside it on the same branch, may not", () => {
  const musig = (...keys: readonly number[]) => `musig(${keys.map((one) => key(one, "")).join(",")})/<0;1>/*`;
  const tree = (first: string, second: string) => `tr(${musig(1, 2, 3)},{pk(${first}),pk(${second})})`;
  assert.equal(parse(tree(musig(1, 2), musig(1, 3))).ways.length, 3);
  assert.equal(parse(tree(musig(1, 2), key(1))).ways.length, 3);
  for (const bad of [tree(musig(1, 2), musig(2, 1)), tree(musig(3, 2, 1), musig(1, 2)), tree(key(1), key(1))])
    assert.equal(
      reasonOf(() => parse(bad)),
      "bitcoin.wallet-key-twice",
    );
});

test("A descriptor that nobody could ever spend from is no wallet", () => {
  const nobody = "50929b74c1a04954b78b4b6035e97a5e078a5a0f28ec96d547bfee9ace803ac0";
  assert.equal(
    reasonOf(() => parse(`tr(${nobody})`)),
    "bitcoin.miniscript-never",
  );
});
