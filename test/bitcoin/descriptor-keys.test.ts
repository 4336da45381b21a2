// BIP 380: its checksums, and every key expression that it calls valid; those that it calls invalid are in
// wallet-vectors.test.ts. Keys are compared with @scure/bip32's.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { HDKey } from "@scure/bip32";
import { prepare } from "../../src/bitcoin/derive.ts";
import { parseDescriptor, readAnyDescriptor } from "../../src/bitcoin/descriptor/descriptor.ts";
import { toHex } from "../../src/bytes.ts";
import { curve, reasonOf } from "./wallet-cast.ts";

interface Vectors {
  readonly checksums: readonly { readonly case: string; readonly descriptor: string }[];
  readonly valid: readonly { readonly case: string; readonly key: string }[];
}
const bip380: Vectors = JSON.parse(readFileSync("test/vectors/bitcoin-wallet/bip380.json", "utf8"));

const read = (text: string) => readAnyDescriptor(text, "mainnet", curve);

/** raw( ) is a script that Firn does not know: only what it says of the checksum counts here. */
const CHECKSUMS: Readonly<Record<string, string>> = {
  "Valid checksum": "bitcoin.wallet-form",
  "No checksum": "bitcoin.descriptor-checksum-missing",
  "Missing checksum": "bitcoin.descriptor-checksum-missing",
  "Too long checksum (9 chars)": "bitcoin.descriptor-checksum",
  "Too short checksum (7 chars)": "bitcoin.descriptor-checksum",
  "Error in payload": "bitcoin.descriptor-checksum",
  "Error in checksum": "bitcoin.descriptor-checksum",
  "Invalid characters in payload": "bitcoin.wallet-characters",
};

test("BIP 380: every wrong checksum is refused as such, before anything else is read; the right one is not", () => {
  assert.deepEqual(bip380.checksums.map((one) => one.case).sort(), Object.keys(CHECKSUMS).sort());
  for (const { case: what, descriptor } of bip380.checksums)
    assert.equal(
      reasonOf(() => parseDescriptor(descriptor, "mainnet", curve)),
      CHECKSUMS[what],
      what,
    );
});

/** The key of an expression at an index, by other programs than Firn. */
function keyOf(expression: string, index: number): string {
  const [key, ...steps] = expression.replace(/^\[.*\]/, "").split("/");
  if (!key!.startsWith("xpub")) return key!;
  const at = steps.map((step) => (step === "*" ? index : Number(step)));
  const node = at.reduce((parent, step) => parent.deriveChild(step), HDKey.fromExtendedKey(key!));
  return toHex(node.publicKey!);
}

test("BIP 380: every valid public key expression is read, and leads to its key; the rest is refused by name", () => {
  const counts: Record<string, number> = {};
  for (const { case: what, key } of bip380.valid) {
    const refused = what.includes("rivate")
      ? "bitcoin.wallet-private-key"
      : what.startsWith("Uncompressed")
        ? "bitcoin.wallet-key"
        : /h(?:\/|$)/.test(key.replace(/^\[.*\]/, ""))
          ? "bitcoin.wallet-hardened"
          : "read";
    counts[refused] = (counts[refused] ?? 0) + 1;
    if (refused !== "read") {
      assert.equal(
        reasonOf(() => read(`wpkh(${key})`)),
        refused,
        what,
      );
      continue;
    }
    const at = prepare(read(`wpkh(${key})`), curve);
    for (const index of [0, 1, 77]) {
      const { publicKeys } = at(0, index)!;
      assert.deepEqual(publicKeys.map(toHex), [keyOf(key, index)], what);
    }
  }
  assert.deepEqual(counts, {
    read: 8,
    "bitcoin.wallet-private-key": 9,
    "bitcoin.wallet-key": 1,
    "bitcoin.wallet-hardened": 3,
  });
});
