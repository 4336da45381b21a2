// What Firn signs, other programs complete: bitcoinjs-lib and @scure/btc-signer verify, finalise, extract,
// and come to the same transaction.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Transaction as Other } from "@scure/btc-signer/transaction.js";
import { initEccLib, Psbt as Js, networks } from "bitcoinjs-lib";
import { ECPairFactory } from "ecpair";
import * as tiny from "tiny-secp256k1";
import { readCoins } from "../../src/bitcoin/coins.ts";
import { finish } from "../../src/bitcoin/finish.ts";
import { understand } from "../../src/bitcoin/index.ts";
import { ownership } from "../../src/bitcoin/ownership.ts";
import { INPUT } from "../../src/bitcoin/psbt/fields.ts";
import { mapsOf, type Psbt, readPsbt } from "../../src/bitcoin/psbt/psbt.ts";
import type { Row } from "../../src/bitcoin/psbt/rows.ts";
import { assignmentsOf } from "../../src/bitcoin/spending/assign.ts";
import { readSpending } from "../../src/bitcoin/spending/spending.ts";
import { concat, equal, toHex, u32be, u32le } from "../../src/bytes.ts";
import { nobleCurve } from "../../src/keys/index.ts";
import type { Review } from "../../src/model.ts";
import {
  encode,
  encodeMap,
  FORMS,
  heldBy,
  message,
  nodeAt,
  type Plan,
  type Purse,
  plan,
  psbt,
  purse,
  request,
  row,
  run,
  signed,
  signer,
  tasksOf,
} from "./build.ts";

initEccLib(tiny);
const ECPair = ECPairFactory(tiny);

const MULTI = ["p2sh", "p2sh-p2wsh", "p2wsh"];
const OPEN = {
  allowUnknownOutputs: true,
  allowUnknownInputs: true,
  unknown: "ignore",
  proprietary: "ignore",
} as const;

/** Signed by as many of its cosigners as it takes, each on a device of its own. */
async function complete(own: Purse, bytes: Uint8Array): Promise<Uint8Array> {
  const first = await signed(own, bytes);
  if (!MULTI.includes(own.wallet.form)) return first.whole.bytes;
  return (await signed(heldBy(own, 2), first.whole.bytes)).whole.bytes;
}

function valid(publicKey: Uint8Array, digest: Uint8Array, signature: Uint8Array): boolean {
  return publicKey.length === 32
    ? tiny.verifySchnorr(digest, publicKey, signature)
    : ECPair.fromPublicKey(publicKey).verify(digest, signature);
}

function finalByScure(bytes: Uint8Array): { hex: string; vsize: number; id: string } {
  const tx = Other.fromPSBT(bytes, OPEN);
  tx.finalize();
  return { hex: tx.hex, vsize: tx.vsize, id: tx.id };
}

function finalByJs(bytes: Uint8Array): { hex: string; vsize: number } {
  const js = Js.fromBuffer(bytes, { network: networks.regtest });
  assert.ok(js.validateSignaturesOfAllInputs(valid));
  js.finalizeAllInputs();
  const tx = js.extractTransaction(true);
  return { hex: tx.toHex(), vsize: tx.virtualSize() };
}

for (const form of FORMS)
  for (const version of [0, 2] as const)
    test(`${form}, version ${version}: what Firn signed is valid and complete for others, and as large as it said`, async () => {
      const own = purse(form);
      const bytes = psbt(own, { version, inputs: 5, feeSats: 4_321n });
      const { review } = request(own, bytes);
      const done = await complete(own, bytes);
      const scure = finalByScure(done);
      if (version === 0) assert.equal(finalByJs(done).hex, scure.hex);
      // A DER integer is a byte shorter now and then; never longer, since r and s are low.
      const said = Number(review.feeSats) / review.feeRate;
      assert.ok(Math.abs(said - scure.vsize) <= 3, `said ${said}, is ${scure.vsize}`);
      if (!["p2pkh", "p2sh", "p2sh-p2wpkh", "p2sh-p2wsh"].includes(form)) assert.equal(review.txid, scure.id);
    });

test("bitcoinjs-lib with libsecp256k1 makes the very signatures that Firn makes, low R and all", async () => {
  const own = purse("p2wpkh");
  const bytes = psbt(own, { inputs: 8 });
  const js = Js.fromBuffer(bytes, { network: networks.regtest });
  const path = own.wallet.keys[0]!.path;
  for (let i = 0; i < 8; i++) {
    const node = nodeAt(own.masters[0]!, [...path, 0, i]);
    const pair = ECPair.fromPrivateKey(node.privateKey!, { network: networks.regtest });
    pair.lowR = true;
    js.signInput(i, pair);
  }
  const ours = run(readPsbt((await signed(own, bytes)).whole.bytes));
  ours.inputs.forEach((rows, i) => {
    const mine = rows.find(({ type }) => type === INPUT.partialSignature)!.value;
    const theirs = js.data.inputs[i]!.partialSig![0]!.signature;
    assert.deepEqual(mine, theirs);
  });
});

test("taproot with ALL written out makes a 65-byte signature that others take", async () => {
  const own = purse("p2tr");
  const done = await complete(own, psbt(own, { inputs: 2, sighash: 1 }));
  assert.equal(finalByJs(done).hex.match(/0141[0-9a-f]{128}01/g)?.length, 2);
});

test("the reply of signatures only, combined by others with what they had, is complete", async () => {
  for (const form of FORMS) {
    const own = purse(form);
    const bytes = psbt(own, { inputs: 3 });
    const first = await signed(own, bytes);
    const second = MULTI.includes(form) ? await signed(heldBy(own, 1), bytes) : undefined;
    const js = Js.fromBuffer(bytes, { network: networks.regtest });
    js.combine(Js.fromBuffer(first.signaturesOnly.bytes));
    if (second) js.combine(Js.fromBuffer(second.signaturesOnly.bytes));
    assert.ok(js.validateSignaturesOfAllInputs(valid), form);
    js.finalizeAllInputs();
    assert.ok(js.extractTransaction(true).toHex().length > 0);
    assert.ok(first.signaturesOnly.bytes.length < first.whole.bytes.length);
  }
});

test("two keys on one device sign at once, and the reply says how many signatures were made", async () => {
  const own = purse("p2wsh", { ours: [0, 1] });
  const reply = await signed(own, psbt(own, { inputs: 3 }));
  assert.equal(reply.signed, 6);
  finalByScure(reply.whole.bytes);
});

test("signedBy and quorums name the cosigners whose valid signature is there", async () => {
  const own = purse("p2wsh");
  const reply = await signed(heldBy(own, 1), psbt(own, { inputs: 2 }));
  const { review } = request(own, reply.whole.bytes);
  const { fingerprint } = own.wallet.keys[1]!;
  assert.deepEqual(
    review.inputs.map(({ signedBy }) => signedBy),
    [[fingerprint], [fingerprint]],
  );
  const [{ ways, ...quorum }] = review.quorums as [Review["quorums"][number]];
  const holders = own.wallet.keys.map((key, place) => ({ fingerprint: key.fingerprint, ours: place === 0 }));
  assert.deepEqual(quorum, { wallet: "Vault", inputs: 2, holders, signedBy: [fingerprint] });
  const of = [0, 1, 2].map((key) => ({ kind: "key", key }));
  assert.deepEqual(ways, [
    {
      condition: { kind: "threshold", threshold: 2, of },
      inputs: 2,
      ours: true,
      locked: false,
      signedBy: [1],
      missing: 0,
      secrets: [],
    },
  ]);
});

test("who signed some inputs only is named at these, and is not counted for the whole", async () => {
  const own = purse("p2wsh");
  const whole = run(readPsbt((await signed(heldBy(own, 1), psbt(own, { inputs: 2 }))).whole.bytes));
  const one = whole.inputs[1]!.find(({ type }) => type === INPUT.partialSignature)!;
  const parts = plan(own, { inputs: 2 });
  parts.inputs[1]!.push(row(one.type, one.value, one.key));
  const { review } = request(own, encode(parts));
  assert.deepEqual(
    review.inputs.map(({ signedBy }) => signedBy),
    [[], [own.wallet.keys[1]!.fingerprint]],
  );
  assert.deepEqual(review.quorums[0]!.signedBy, []);
});

test("a wallet of which no key is here is understood, with nothing to sign", () => {
  const own = purse("p2wsh", { ours: [] });
  const bytes = psbt(own, { version: 2, modifiable: 3 });
  const of = request(own, bytes);
  assert.equal(of.count, 0);
  const { whole, signed: made } = run(of.finish([]));
  assert.deepEqual([whole.bytes, made], [bytes, 0]);
});

test("where some inputs are signed by us already, only the rest is signed, and it is said", async () => {
  const own = purse("p2wpkh");
  const bytes = psbt(own, { inputs: 3 });
  const parts = plan(own, { inputs: 3 });
  const whole = run(readPsbt((await signed(own, bytes)).whole.bytes));
  const one = whole.inputs[1]!.find(({ type }) => type === INPUT.partialSignature)!;
  parts.inputs[1]!.push(row(one.type, one.value, one.key));
  const of = request(own, encode(parts));
  assert.equal(of.count, 2);
  assert.ok(of.review.warnings.includes("already-signed"));
});

// ---------------------------------------------------------------- nothing else changes

const sameRow = (a: Row, b: Row): boolean => equal(a.raw, b.raw);

for (const version of [0, 2] as const)
  test(`version ${version}: unknown, proprietary and unsorted rows come back as they were, in their order`, async () => {
    for (const form of ["p2wsh", "p2tr"] as const) {
      const own = purse(form);
      const parts = plan(own, { version, inputs: 2 });
      const odd = [
        row(0xfc, Uint8Array.of(1, 2, 3), concat(Uint8Array.of(4), u32be(0xdeadbeef), Uint8Array.of(0))),
        row(0xe0, Uint8Array.of(9), Uint8Array.of(7)),
        row(0x300, new Uint8Array(0), Uint8Array.of(1)),
      ];
      for (const map of [parts.global, ...parts.inputs, ...parts.outputs]) map.unshift(...odd);
      parts.inputs[1]!.reverse();
      const bytes = encode(parts);
      const { whole } = await signed(own, bytes);
      const before = mapsOf(run(readPsbt(bytes)));
      const after = mapsOf(run(readPsbt(whole.bytes)));
      const ours: readonly number[] = [INPUT.partialSignature, INPUT.tapKeySignature];
      let added = 0;
      after.forEach((rows, map) => {
        const rest = rows.filter(({ type }) => !(ours.includes(type) && map >= 1 && map <= 2));
        added += rows.length - rest.length;
        assert.ok(
          rest.length === before[map]!.length && rest.every((one, i) => sameRow(one, before[map]![i]!)),
        );
      });
      assert.equal(added, 2);
    }
  });

test("where rows came sorted by type the reply's are sorted too", async () => {
  for (const form of ["p2wsh", "p2tr", "p2pkh"] as const) {
    const own = purse(form);
    const parts = plan(own, { inputs: 2 });
    for (const rows of parts.inputs) rows.sort((a, b) => a.type - b.type);
    const types = run(readPsbt((await signed(own, encode(parts))).whole.bytes)).inputs.map((rows) =>
      rows.map(({ type }) => type),
    );
    assert.deepEqual(
      types,
      types.map((some) => [...some].sort((a, b) => a - b)),
      form,
    );
  }
});

test("after our signatures a version 2 PSBT says that nothing may be added any more", async () => {
  const own = purse("p2wpkh");
  for (const [before, after] of [
    [0b011, 0b000],
    [0b111, 0b100],
    [0b1001, 0b1000],
    [0, 0],
  ] as const) {
    const { whole, signaturesOnly } = await signed(own, psbt(own, { version: 2, modifiable: before }));
    for (const { bytes } of [whole, signaturesOnly]) {
      const flags = run(readPsbt(bytes)).global.find(({ type }) => type === 0x06)!;
      assert.deepEqual(flags.value, Uint8Array.of(after));
    }
  }
});

test("what happens to the message after it was understood changes nothing", async () => {
  const own = purse("p2wpkh");
  const bytes = Buffer.from(psbt(own));
  const untouched = Uint8Array.from(bytes);
  const of = request(own, bytes);
  bytes.fill(0);
  const tasks = await tasksOf(of);
  const { whole } = run(of.finish(signer(own)(tasks)));
  assert.deepEqual(whole.bytes, (await signed(own, untouched)).whole.bytes);
});

test("a signature that does not verify never leaves, whichever curve finds out", async () => {
  const own = purse("p2wpkh");
  for (const check of [undefined, nobleCurve()]) {
    const known = {
      network: "regtest",
      templates: [own.template],
      curve: own.curve,
      ...(check ? { check } : {}),
    } as const;
    const of = run(understand(message(psbt(own)), known));
    const signatures = signer(own)(await tasksOf(of));
    signatures[0]![40]! ^= 1;
    assert.throws(() => run(of.finish(signatures)), /does not verify/);
    assert.throws(() => run(of.finish([])), /missing/);
  }
});

test("a reply that reads otherwise than what was shown never leaves, though its signatures verify", async () => {
  const own = purse("p2wpkh");
  const asked = run(readPsbt(psbt(own)));
  const coins = run(readCoins(asked));
  const spending = run(readSpending(asked, coins, ownership([own.template]), own.curve));
  const assignments = assignmentsOf(spending, "", () => undefined);
  const signatures = signer(own)(assignments.map(({ task }) => task));
  const finished = (shown: Psbt) =>
    run(finish(message(psbt(own)), shown, assignments, signatures, own.curve));
  assert.equal(finished(asked).signed, 1);
  // One row whose bytes are two: the reply has a row more than what was read at first.
  const [first, ...rest] = asked.inputs[0]!;
  const hidden = row(0xe0, Uint8Array.of(9), Uint8Array.of(7));
  const raw = concat(first!.raw, encodeMap([hidden]).subarray(0, -1));
  for (const shown of [
    { ...asked, unsigned: asked.unsigned.map((byte, i) => (i === 60 ? byte ^ 1 : byte)) },
    { ...asked, inputs: [[{ ...first!, raw }, ...rest]] },
  ])
    assert.throws(() => finished(shown), /the reply is not what was shown/);
});

test("the lock time that is signed is the one that BIP 370 determines, and both readers see it", async () => {
  const own = purse("p2wpkh");
  const parts = plan(own, { version: 2, inputs: 3, lockTime: 5 });
  parts.inputs[0]!.push(row(0x12, u32le(800_000)));
  parts.inputs[2]!.push(row(0x12, u32le(900_000)));
  const of = request(own, encode(parts));
  assert.equal(of.review.lockTime, 900_000);
  const { whole } = run(of.finish(signer(own)(await tasksOf(of))));
  const { hex } = finalByScure(whole.bytes);
  assert.equal(hex.slice(-8), toHex(u32le(900_000)));
});

const plans: [string, Plan][] = [
  [
    "one previous transaction for many coins",
    { inputs: [{ previous: 2 }, { previous: 2 }, { previous: 2, index: 9 }] },
  ],
  ["the same address twice", { inputs: [{ index: 4 }, { index: 4 }] }],
  ["coins of both branches", { inputs: [{ branch: 1 }, { branch: 0 }] }],
];
for (const [name, what] of plans)
  test(`others complete what Firn signs: ${name}`, async () => {
    const own = purse("p2wsh");
    const done = await complete(own, psbt(own, what));
    assert.equal(finalByJs(done).hex, finalByScure(done).hex);
  });
