// The deepest script tree that BIP 341 allows: 128 branches above its lowest leaf.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Psbt as Peer } from "@bitgo/wasm-miniscript";

import { INPUT } from "../../src/bitcoin/psbt/fields.ts";
import { readPsbt } from "../../src/bitcoin/psbt/psbt.ts";
import { toHex } from "../../src/bytes.ts";
import { anyPurse, definite, POINT_H, peerPsbt } from "./any-wallet.ts";
import { run, signed } from "./build.ts";
import { reasonOf } from "./wallet-cast.ts";

/** Leaves of one key each on the left of every branch; the lowest is ours. */
function deep(depth: number): string {
  let tree = "pk(@0/<0;1>/*)";
  for (let i = 1; i <= depth; i++) tree = `{pk(@1/<${2 * i};${2 * i + 1}>/*),${tree}}`;
  return `tr(${POINT_H},${tree})`;
}

test("a tree of depth 128 has rust-miniscript's addresses, and its lowest leaf is signed as others take it", async () => {
  const text = deep(128);
  const own = anyPurse(text);
  assert.equal(own.wallet.ways.length, 129);
  for (const index of [0, 9]) {
    const { scriptPubKey, taproot } = own.template.derive(own.wallet.receive, index);
    assert.equal(toHex(scriptPubKey), toHex(definite(text, 0, index).scriptPubkey()));
    assert.equal(Math.max(...taproot!.leaves.map(({ control }) => control.length)), 33 + 32 * 128);
  }
  const bytes = peerPsbt({ text, inputs: 2 }).serialize();
  const reply = await signed(own, bytes);
  assert.equal(reply.signed, 2);
  const peer = Peer.deserialize(reply.whole.bytes);
  peer.finalize();
  const final = run(readPsbt(peer.serialize())).inputs[0]!.find(({ type }) => type === INPUT.finalWitness)!;
  const lowest = own.template.derive(own.wallet.receive, 0).taproot!.leaves.at(-1)!;
  assert.ok(toHex(final.value).endsWith(toHex(lowest.control)));
});

test("one branch more is refused, and says how deep a tree may be", () => {
  assert.equal(
    reasonOf(() => anyPurse(deep(129))),
    "bitcoin.wallet-form",
  );
});
