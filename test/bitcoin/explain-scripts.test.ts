// npm run explain of wallets of other scripts: leaves by their number and in words, keys that sign together, and messages,
// which are no payments.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, test } from "node:test";
import { messagePsbt } from "../../src/bitcoin/index.ts";
import { anyPurse, POINT_H } from "./any-wallet.ts";
import { type Purse, psbt } from "./build.ts";
import { filledPsbt } from "./musig-stage.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const FOLDER = mkdtempSync(join(tmpdir(), "firn-explain-"));
after(() => rmSync(FOLDER, { recursive: true }));

interface Way {
  readonly leaf?: number;
  readonly way: string;
  readonly ours: boolean;
  readonly missing: number;
}

function explain({ wallet }: Purse, bytes: Uint8Array) {
  const file = join(FOLDER, "asked.psbt");
  writeFileSync(file, bytes);
  const { fingerprint } = wallet.keys.find(({ ours }) => ours)!;
  const args = [file, "--wallet", wallet.descriptor, "--network", "regtest", "--key", fingerprint];
  const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/explain.ts", ...args], {
    ...{ cwd: ROOT, encoding: "utf8" },
  });
  assert.deepEqual([status, stderr], [0, ""]);
  return JSON.parse(stdout);
}

const told = (own: Purse, bytes: Uint8Array) =>
  explain(own, bytes).review.ways.map(({ leaf, way, ours, missing }: Way) => [leaf, way, ours, missing]);

test("leaves that are open are told by their number and in words, with what is missing; a shut one is not", () => {
  const own = anyPurse(
    "tr(@1/<0;1>/*,{pk(@0/<0;1>/*),{multi_a(2,@0/<2;3>/*,@2/<0;1>/*),and_v(v:pk(@2/<2;3>/*),older(26000))}})",
  );
  const ways = told(own, psbt(own, { version: 2 }));
  assert.equal(ways.length, 3);
  assert.deepEqual(ways.slice(1), [
    [0, "your key now", true, 0],
    [1, "2 of 2 now", true, 1],
  ]);
  assert.match(ways[0][1], /^key [0-9a-f]{8} now$/);
  const aged = told(own, psbt(own, { sequence: 26_000 }));
  assert.deepEqual(aged[3].slice(0, 1), [2]);
  assert.match(aged[3][1], / after 26,000 blocks, about 6 months$/);
});

test("a quorum in a leaf behind a closed key path is a quorum; keys that sign together do so in two rounds", () => {
  const quorum = anyPurse(`tr(${POINT_H},sortedmulti_a(2,@0/<0;1>/*,@1/<0;1>/*,@2/<0;1>/*))`);
  const plain = explain(quorum, psbt(quorum)).review;
  assert.equal(plain.outputs[1].owner, "change");
  assert.equal(plain.ways, undefined);
  const two = anyPurse("tr(musig(@0,@1)/<0;1>/*)");
  const filled = filledPsbt(two, [{ use: 0, of: [0, 1], below: true }]);
  assert.deepEqual(told(two, filled), [[undefined, "both together now, in two rounds", true, 2]]);
});

test("a message is refused as what it is: no payment", () => {
  const own = anyPurse("wsh(multi(2,@0/<0;1>/*,@1/<0;1>/*))");
  const asked = messagePsbt("hello", own.wallet, own.template.derive(0, 0));
  const { ok, reason } = explain(own, asked);
  assert.deepEqual([ok, reason], [false, "bitcoin.message-not-payment"]);
});
