// Three Firns sign together, in two rounds over PSBTs; what comes of it is judged by other packages.

import assert from "node:assert/strict";
import { test } from "node:test";
import { schnorr } from "@noble/curves/secp256k1.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { HDKey } from "@scure/bip32";
import { keyAggregate, nonceAggregate, nonceGen, Session, sortKeys } from "@scure/btc-signer/musig2.js";
import * as bitcoin from "bitcoinjs-lib";
import fc from "fast-check";
import { concat, equal, toHex, u32be, u32le } from "../../src/bytes.ts";
import type { Reason } from "../../src/refusal.ts";
import { Refusal } from "../../src/refusal.ts";
import { utf8 } from "../../src/text.ts";
import { MASTERS } from "./any-wallet.ts";
import { encode, nodeAt, plan, row, run, type TestRow } from "./build.ts";
import {
  combined,
  extracted,
  type Firn,
  filledPsbt,
  firns,
  type Musig,
  openKeyring,
  partsOf,
  spentBy,
  turn,
  turns,
  understood,
  verifyKeyPath,
  withRows,
} from "./musig-stage.ts";

const NONCE = 0x1b;
const PARTIAL = 0x1c;
const KEY_SIGNATURE = 0x13;
const LEAF_SIGNATURE = 0x14;

const BELOW = "tr(musig(@0,@1,@2)/<0;1>/*)";
const OVER = "tr(musig(@0/<0;1>/*,@1/<0;1>/*,@2/<0;1>/*))";
/** The three together, or two of them after a while. */
const LEAF = "tr(musig(@0,@1,@2)/<0;1>/*,and_v(v:pk(musig(@0,@1)/<0;1>/*),older(10)))";
/** Point H: by leaves alone. */
const ONLY_LEAF =
  "tr(50929b74c1a04954b78b4b6035e97a5e078a5a0f28ec96d547bfee9ace803ac0,pk(musig(@0,@1,@2)/<0;1>/*))";

const all3: Musig = { use: 0, of: [0, 1, 2], below: true };

const refuses =
  (reason: Reason, detail = "") =>
  (problem: unknown) => {
    assert.ok(problem instanceof Refusal, String(problem));
    assert.equal(problem.reason, reason);
    assert.ok(problem.detail.includes(detail), problem.detail);
    return true;
  };

const countOf = (bytes: Uint8Array, type: number) =>
  partsOf(bytes)
    .inputs.flat()
    .filter((one) => one.type === type).length;

// ---------------------------------------------------------------- the way it goes

for (const [words, text, musig] of [
  ["below their aggregate key", BELOW, all3],
  ["whose keys are aggregated at each index", OVER, { ...all3, below: false }],
] as const)
  for (const version of [0, 2] as const)
    test(`three Firns sign two inputs of a wallet ${words}, PSBT version ${version}`, async () => {
      const cosigners = await firns(text);
      const start = filledPsbt(cosigners[0]!.own, [musig], { inputs: 2, version });
      const first = await turn(cosigners[0]!, start);
      assert.deepEqual(first.makes, { signatures: 0, nonces: 2, parts: 0 });
      assert.deepEqual([first.reply.signed, first.reply.nonces], [0, 2]);
      const round1 = await turns(cosigners.slice(1), first.bytes);
      assert.equal(countOf(round1.bytes, NONCE), 6);
      assert.equal(countOf(round1.bytes, PARTIAL), 0);
      const second = await turn(cosigners[0]!, round1.bytes);
      assert.deepEqual(second.makes, { signatures: 0, nonces: 0, parts: 2 });
      assert.deepEqual([second.reply.signed, second.reply.nonces], [2, undefined]);
      assert.equal(countOf(second.bytes, KEY_SIGNATURE), 0);
      const last = await turns(cosigners.slice(1), second.bytes);
      assert.equal(countOf(last.bytes, PARTIAL), 6);
      assert.equal(countOf(last.bytes, KEY_SIGNATURE), 2);
      if (version === 0) verifyKeyPath(last.bytes);
      // Nothing but their rows was added, and every row that came is there.
      assert.deepEqual(
        partsOf(last.bytes).inputs.map((map) => map.filter(({ type }) => ![0x13, 0x1b, 0x1c].includes(type))),
        partsOf(start).inputs,
      );
    });

test("rounds go as well with all at once, combined by whoever asked", async () => {
  const cosigners = await firns(BELOW);
  const start = filledPsbt(cosigners[0]!.own, [all3], { inputs: 2 });
  const round = async (bytes: Uint8Array) =>
    combined(...(await Promise.all(cosigners.map(async (firn) => (await turn(firn, bytes)).bytes))));
  const nonces = await round(start);
  const parts = await round(nonces);
  assert.equal(countOf(parts, PARTIAL), 6);
  assert.equal(countOf(parts, KEY_SIGNATURE), 0, "nobody saw all of them: whoever finishes it adds them up");
  for (const firn of cosigners)
    assert.throws(() => understood(firn, parts), refuses("bitcoin.already-signed"));
});

test("what leaves as signatures only carries nonces and parts, and joins what is at home", async () => {
  const cosigners = await firns(BELOW);
  const start = filledPsbt(cosigners[0]!.own, [all3]);
  const only = async (firn: Firn, bytes: Uint8Array) =>
    combined(bytes, (await turn(firn, bytes)).reply.signaturesOnly.bytes);
  let bytes = start;
  for (const firn of [...cosigners, ...cosigners]) bytes = await only(firn, bytes);
  verifyKeyPath(bytes);
});

test("a leaf is signed together too, and the witness is what BIP 342 asks for", async () => {
  const cosigners = await firns(ONLY_LEAF);
  const start = filledPsbt(cosigners[0]!.own, [{ ...all3, use: 1 }]);
  const done = (await turns([...cosigners, ...cosigners], start)).bytes;
  const [signature] = partsOf(done).inputs[0]!.filter(({ type }) => type === LEAF_SIGNATURE);
  const [xonly, leafHash] = [signature!.key.slice(0, 32), signature!.key.slice(32)];
  const transaction = bitcoin.Transaction.fromBuffer(
    partsOf(done).global.find(({ type }) => type === 0)!.value,
  );
  const { scripts, amounts } = spentBy(done);
  const digest = transaction.hashForWitnessV1(0, scripts, amounts, 0, leafHash);
  assert.ok(schnorr.verify(signature!.value, digest, xonly));
  const witness = extracted(done).ins[0]!.witness;
  assert.ok(equal(witness[0]!, signature!.value));
  assert.deepEqual(toHex(witness[1]!), `20${toHex(xonly)}ac`);
});

test("key path and an aged leaf of two are both signed, each with nonces of its own", async () => {
  const cosigners = await firns(LEAF);
  const musigs = [all3, { use: 1, of: [0, 1], below: true }];
  const start = filledPsbt(cosigners[0]!.own, musigs, { sequence: 10 });
  const first = await turn(cosigners[0]!, start);
  assert.deepEqual(first.makes, { signatures: 0, nonces: 2, parts: 0 });
  const two = await turn(cosigners[1]!, first.bytes);
  // The third is away: the leaf needs him not.
  const parts = await turn(cosigners[0]!, two.bytes);
  assert.deepEqual(parts.makes, { signatures: 0, nonces: 0, parts: 1 });
  const done = await turn(cosigners[1]!, parts.bytes);
  assert.equal(countOf(done.bytes, LEAF_SIGNATURE), 1);
  assert.equal(countOf(done.bytes, KEY_SIGNATURE), 0);
  // He comes back: the key path goes on with the nonces that were given for it.
  const third = await turns([cosigners[2]!, cosigners[2]!, cosigners[0]!, cosigners[1]!], done.bytes);
  assert.equal(countOf(third.bytes, KEY_SIGNATURE), 1);
});

test("before its time a leaf asks for no nonce", async () => {
  const cosigners = await firns(LEAF);
  const start = filledPsbt(cosigners[0]!.own, [all3, { use: 1, of: [0, 1], below: true }]);
  assert.deepEqual((await turn(cosigners[0]!, start)).makes, { signatures: 0, nonces: 1, parts: 0 });
});

/** A cosigner without Firn: MuSig2 of @scure/btc-signer, tweaks of @scure/bip32 and bitcoinjs-lib, rows by hand. */
function stranger(bytes: Uint8Array) {
  const secret = nodeAt(MASTERS[1]!, PATH).privateKey!;
  const of = sortKeys(keys.slice(0, 2));
  const chainCode = sha256(utf8("MuSig2MuSig2MuSig2"));
  const tweaks: Uint8Array[] = [];
  let node = new HDKey({ publicKey: keyAggregate(of).aggPublicKey.toBytes(true), chainCode });
  for (const step of [0, 0]) {
    const data = concat(node.publicKey!, new Uint8Array([0, 0, 0, step]));
    tweaks.push(hmac(sha512, node.chainCode!, data).slice(0, 32));
    node = node.deriveChild(step);
  }
  tweaks.push(new Uint8Array(bitcoin.crypto.taggedHash("TapTweak", node.publicKey!.slice(1))));
  const modes = [false, false, true];
  const signing = keyAggregate(of, tweaks, modes).aggPublicKey.toBytes(true);
  const rows = (type: number) =>
    of.map(
      (key) =>
        partsOf(bytes).inputs[0]!.find((one) => one.type === type && isBy(keys.indexOf(key), one))?.value,
    );
  const { scripts, amounts } = spentBy(bytes);
  const transaction = bitcoin.Transaction.fromBuffer(
    partsOf(bytes).global.find(({ type }) => type === 0)!.value,
  );
  return {
    secret,
    rows,
    digest: transaction.hashForWitnessV1(0, scripts, amounts, 0),
    row: (type: number, value: Uint8Array) => row(type, value, concat(keys[1]!, signing)),
    session: (nonces: Uint8Array[], digest: Uint8Array) =>
      new Session(nonceAggregate(nonces), of, digest, tweaks, modes),
  };
}

const withRow = (bytes: Uint8Array, one: TestRow) => {
  const parts = partsOf(bytes);
  parts.inputs[0]!.push(one);
  return encode(parts);
};

test("a cosigner with another program signs together with Firn, whoever comes last", async () => {
  const text = "tr(musig(@0,@1)/<0;1>/*)";
  const [firn] = await firns(text, 1);
  const start = filledPsbt(firn!.own, [{ use: 0, of: [0, 1], below: true }]);
  const other = stranger(start);
  const nonce = nonceGen(keys[1]!, other.secret);
  const { bytes } = await turn(firn!, withRow(start, other.row(NONCE, nonce.public)));
  const nonces = stranger(bytes).rows(NONCE) as Uint8Array[];
  const session = other.session(nonces, other.digest);
  const partial = session.sign(nonce.secret, other.secret);
  // Firn last: it adds the two parts up.
  const done = await turn(firn!, withRow(bytes, other.row(PARTIAL, partial)));
  verifyKeyPath(done.bytes);
  // Or the other: Firn's part is one that the other accepts.
  const parts = stranger(done.bytes).rows(PARTIAL) as Uint8Array[];
  const ours = parts.findIndex((part) => !equal(part, partial));
  assert.ok(session.partialSigVerify(parts[ours]!, nonces, ours));
});

test("one device with two of the keys makes both nonces and both parts, and is done alone", async () => {
  const [firn] = await firns("tr(musig(@0/<0;1>/*,@0/<2;3>/*))", 1);
  const origin = concat(Uint8Array.of(0), u32be(MASTERS[0]!.fingerprint), ...[...PATH, 0, 0].map(u32le));
  const start = withRow(encode(plan(firn!.own)), row(0x16, origin, new Uint8Array(32).fill(2)));
  const first = await turn(firn!, start);
  assert.deepEqual(first.makes, { signatures: 0, nonces: 2, parts: 0 });
  const second = await turn(firn!, first.bytes);
  assert.deepEqual(second.makes, { signatures: 0, nonces: 0, parts: 2 });
  verifyKeyPath(second.bytes);
});

test("where the whole signature is there already nothing is added to it", async () => {
  const cosigners = await firns(BELOW);
  const start = filledPsbt(cosigners[0]!.own, [all3]);
  const { bytes } = await turns([...cosigners, ...cosigners], start);
  const whole = withRows(bytes, (one) => ([NONCE, PARTIAL].includes(one.type) ? undefined : one));
  assert.throws(() => understood(cosigners[0]!, whole), refuses("bitcoin.already-signed"));
});

test("a signature type that is written out is signed together too", async () => {
  const cosigners = await firns(BELOW);
  const start = filledPsbt(cosigners[0]!.own, [all3], { sighash: 1 });
  const done = (await turns([...cosigners, ...cosigners], start)).bytes;
  const signature = partsOf(done).inputs[0]!.find(({ type }) => type === KEY_SIGNATURE)!.value;
  assert.equal(signature.length, 65);
  assert.equal(signature[64], 1);
  verifyKeyPath(done, 1);
  // Another type between the rounds is another digest.
  const round1 = await turns(cosigners, filledPsbt(cosigners[0]!.own, [all3]));
  assert.throws(
    () => understood(cosigners[0]!, withRow(round1.bytes, row(0x03, Uint8Array.of(1, 0, 0, 0)))),
    refuses("bitcoin.musig-nonce-elsewhere"),
  );
});

test("a nonce leaves a PSBT open for changes, a part of a signature closes it", async () => {
  const cosigners = await firns(BELOW);
  const start = filledPsbt(cosigners[0]!.own, [all3], { version: 2, modifiable: 3 });
  const flags = (bytes: Uint8Array) => partsOf(bytes).global.find(({ type }) => type === 0x06)!.value[0];
  const { bytes } = await turns(cosigners, start);
  assert.equal(flags(bytes), 3);
  assert.equal(flags((await turn(cosigners[0]!, bytes)).bytes), 0);
});

test("the review says whose parts are there, and how many are missing with ours", async () => {
  const cosigners = await firns(BELOW);
  const start = filledPsbt(cosigners[0]!.own, [all3], { inputs: 2 });
  const said = (number: number, bytes: Uint8Array) => {
    const { quorums, inputs } = understood(cosigners[number]!, bytes).review;
    const [{ signedBy, ways }] = quorums as [(typeof quorums)[number]];
    const [way] = ways as [(typeof ways)[number]];
    assert.equal(ways.length, 1);
    assert.deepEqual(inputs[0]!.signedBy, signedBy);
    return { signedBy, places: way.signedBy, missing: way.missing, ours: way.ours };
  };
  const names = cosigners.map(({ keyring }) => keyring.fingerprint);
  assert.deepEqual(said(0, start), { signedBy: [], places: [], missing: 3, ours: true });
  const { bytes } = await turns(cosigners, start);
  assert.deepEqual(said(1, bytes), { signedBy: [], places: [], missing: 2, ours: true });
  const { bytes: second } = await turn(cosigners[1]!, bytes);
  assert.deepEqual(said(2, second), { signedBy: [names[1]], places: [1], missing: 1, ours: true });
  const { bytes: third } = await turn(cosigners[2]!, second);
  assert.deepEqual(said(0, third), { signedBy: names.slice(1), places: [1, 2], missing: 0, ours: true });
});

// ---------------------------------------------------------------- what is refused

/** Round 1 is done; the three Firns as they stand then. */
async function afterRound1(text = BELOW, musigs: readonly Musig[] = [all3], inputs = 1) {
  const cosigners = await firns(text);
  const start = filledPsbt(cosigners[0]!.own, musigs, { inputs });
  const { bytes } = await turns(cosigners, start);
  return { cosigners, start, bytes };
}

const keyOf = async (number: number) => (await openKeyring(number)).account(PATH).publicKey;
const PATH = [48, 1, 0, 2].map((step) => step + 0x80000000);
const keys = await Promise.all([0, 1, 2].map(keyOf));
const isBy = (number: number, one: TestRow) => equal(one.key.slice(0, 33), keys[number]!);

/** A change of the rows of this type by this cosigner, on this input. */
const changing =
  (type: number, number: number, change: (one: TestRow) => TestRow | undefined, input = 0) =>
  (one: TestRow, at: number) =>
    one.type === type && at === input && isBy(number, one) ? change(one) : one;

const freshNonce = (number: number) => nonceGen(keys[number]!).public;
const flipped = (one: TestRow): TestRow =>
  row(
    one.type,
    one.value.map((byte, i) => (i === 31 ? byte ^ 1 : byte)),
    one.key,
  );

test("a partial signature that does not hold is refused, with the name of the cosigner that it came from", async () => {
  const { cosigners, bytes } = await afterRound1();
  const two = await turns(cosigners.slice(0, 2), bytes);
  for (const number of [0, 1]) {
    const fingerprint = cosigners[number]!.keyring.fingerprint;
    const wrong = withRows(two.bytes, changing(PARTIAL, number, flipped));
    assert.throws(
      () => understood(cosigners[2]!, wrong),
      refuses("bitcoin.musig-partial-wrong", `input 1: cosigner ${fingerprint}`),
    );
  }
  const out = withRows(
    two.bytes,
    changing(PARTIAL, 1, ({ type, key }) => row(type, new Uint8Array(32).fill(255), key)),
  );
  assert.throws(() => understood(cosigners[2]!, out), refuses("bitcoin.musig-partial-wrong"));
  // What was true is still signed: the refusals cost nothing.
  verifyKeyPath((await turn(cosigners[2]!, two.bytes)).bytes);
});

test("a nonce that is no two points is refused, with the cosigner's name", async () => {
  const { cosigners, bytes } = await afterRound1();
  const fingerprint = cosigners[1]!.keyring.fingerprint;
  const good = freshNonce(1);
  for (const nonce of [
    new Uint8Array(66),
    concat(good.slice(0, 33), new Uint8Array(33)),
    concat(good.slice(0, 33), Uint8Array.of(4), good.slice(34)),
    new Uint8Array(66).fill(255),
  ])
    assert.throws(
      () =>
        understood(
          cosigners[0]!,
          withRows(
            bytes,
            changing(NONCE, 1, ({ type, key }) => row(type, nonce, key)),
          ),
        ),
      refuses("bitcoin.musig-nonce-wrong", fingerprint),
    );
});

test("a cosigner who answers with the negation of all other nonces steers nobody: no signature comes of it, and no key is lost", async () => {
  const { cosigners, bytes } = await afterRound1("tr(musig(@0,@1)/<0;1>/*)", [
    { use: 0, of: [0, 1], below: true },
  ]);
  const mine = partsOf(bytes).inputs[0]!.find((one) => one.type === NONCE && isBy(0, one))!.value;
  const negated = mine.map((byte, i) => (i % 33 === 0 ? byte ^ 1 : byte));
  const steered = withRows(
    bytes,
    changing(NONCE, 1, ({ type, key }) => row(type, negated, key)),
  );
  const signed = await turn(cosigners[0]!, steered);
  assert.equal(countOf(signed.bytes, PARTIAL), 1);
  await assert.rejects(turn(cosigners[0]!, bytes), refuses("bitcoin.musig-nonce-used"));
});

test("participants that are not the wallet's are refused, in inputs and in change", async () => {
  const { cosigners, start } = await afterRound1();
  const parts = partsOf(start);
  const fewer = (one: TestRow): TestRow => row(one.type, one.value.slice(0, 66), one.key);
  const input = withRows(start, (one) => (one.type === 0x1a ? fewer(one) : one));
  assert.throws(() => understood(cosigners[0]!, input), refuses("bitcoin.musig-participants", "input 1"));
  const other = withRows(start, (one) => (one.type === 0x1a ? row(0x1a, one.value, keys[0]!) : one));
  assert.throws(() => understood(cosigners[0]!, other), refuses("bitcoin.musig-participants", "input 1"));
  const change = {
    ...parts,
    outputs: parts.outputs.map((map) => map.map((one) => (one.type === 0x08 ? fewer(one) : one))),
  };
  assert.throws(
    () => understood(cosigners[0]!, encode(change)),
    refuses("bitcoin.musig-participants", "output 2"),
  );
});

test("a nonce for a key that the wallet does not make is refused", async () => {
  const { cosigners, bytes } = await afterRound1();
  for (const key of [
    // The aggregate key itself, before anything is derived from it, or another key altogether.
    partsOf(bytes).inputs[0]!.find(({ type }) => type === 0x1a)!.key,
    keys[2]!,
  ]) {
    const wrong = withRows(
      bytes,
      changing(NONCE, 1, (one) => row(one.type, one.value, concat(one.key.slice(0, 33), key))),
    );
    assert.throws(() => understood(cosigners[0]!, wrong), refuses("bitcoin.musig-participants", "a nonce"));
  }
});

test("in round 1 with our nonce in it there is nothing to do but wait for the others, who are named", async () => {
  const cosigners = await firns(BELOW);
  const { bytes } = await turn(cosigners[0]!, filledPsbt(cosigners[0]!.own, [all3]));
  const { bytes: two } = await turn(cosigners[1]!, bytes);
  assert.throws(
    () => understood(cosigners[0]!, two),
    refuses("bitcoin.musig-waits", `missing: cosigner ${cosigners[2]!.keyring.fingerprint}`),
  );
});

test("whatever stands in the rows of BIP 373 is understood or refused, and nothing else happens", async () => {
  const { cosigners, bytes } = await afterRound1(LEAF, [all3, { use: 1, of: [0, 1], below: true }]);
  const two = await turn(cosigners[1]!, bytes);
  const places = partsOf(two.bytes).inputs[0]!.flatMap(({ type, key, value }, at) =>
    type >= 0x1a && type <= 0x1c ? [{ at, key: key.length, value: value.length }] : [],
  );
  const harm = fc.record({
    place: fc.constantFrom(...places),
    part: fc.constantFrom("key", "value"),
    at: fc.nat(),
    kind: fc.constantFrom("flip", "zeros", "ones", "drop", "swap"),
    bit: fc.nat(7),
  });
  let refused = 0;
  fc.assert(
    fc.property(fc.array(harm, { minLength: 1, maxLength: 3 }), (harms) => {
      const parts = partsOf(two.bytes);
      const map = parts.inputs[0]!;
      for (const { place, part, at, kind, bit } of harms) {
        const target = map[place.at]![part as "key" | "value"];
        if (kind === "flip") target[at % target.length]! ^= 1 << bit;
        else if (kind === "swap") map[place.at]!.value = map[places[at % places.length]!.at]!.value;
        else target.fill(kind === "ones" ? 255 : 0, kind === "drop" ? at % target.length : 0);
      }
      try {
        understood(cosigners[0]!, encode(parts));
      } catch (problem) {
        assert.ok(problem instanceof Refusal, String(problem));
        refused++;
      }
    }),
    { numRuns: 60 },
  );
  assert.ok(refused > 30, `${refused} were refused`);
});

// ---------------------------------------------------------------- never twice

test("a replay of round 2 is refused before anybody is asked", async () => {
  const { cosigners, bytes } = await afterRound1();
  await turn(cosigners[0]!, bytes);
  assert.throws(() => understood(cosigners[0]!, bytes), refuses("bitcoin.musig-nonce-used", "input 1"));
});

test("a request that was understood twice signs once", async () => {
  const { cosigners, bytes } = await afterRound1();
  const [firn] = cosigners;
  const approvals = await Promise.all(
    [understood(firn!, bytes), understood(firn!, bytes)].map(async (request) => {
      run(request.agree());
      const approval = request.approve({ txid: request.spend.txid, outcome: "allow", rules: [] }, "approve");
      await approval.record(async () => {});
      return approval;
    }),
  );
  run(firn!.keyring.sign(approvals[0]!));
  assert.throws(() => run(firn!.keyring.sign(approvals[1]!)), refuses("bitcoin.musig-nonce-used"));
});

test("a cosigner's nonce that changes after we signed gets no second signature", async () => {
  const { cosigners, bytes } = await afterRound1();
  const signed = await turn(cosigners[0]!, bytes);
  const change = changing(NONCE, 1, ({ type, key }) => row(type, freshNonce(1), key));
  // Without our partial signature, as if it had never been made.
  assert.throws(
    () => understood(cosigners[0]!, withRows(bytes, change)),
    refuses("bitcoin.musig-nonce-used"),
  );
  // With it: it holds no more, and it is said why.
  assert.throws(
    () => understood(cosigners[0]!, withRows(signed.bytes, change)),
    refuses("bitcoin.musig-partial-wrong", cosigners[0]!.keyring.fingerprint),
  );
});

test("a cosigner's nonce that changes before we sign is signed with, once", async () => {
  const { cosigners, bytes } = await afterRound1();
  const other = await turn(
    cosigners[1]!,
    withRows(
      bytes,
      changing(NONCE, 1, () => undefined),
    ),
  );
  const parts = await turns(cosigners, other.bytes);
  verifyKeyPath(parts.bytes);
});

test("one input's nonce does not serve another", async () => {
  const { cosigners, bytes } = await afterRound1(BELOW, [all3], 2);
  const [first] = partsOf(bytes).inputs[0]!.filter((one) => one.type === NONCE && isBy(0, one));
  const moved = withRows(
    bytes,
    changing(NONCE, 0, ({ type, key }) => row(type, first!.value, key), 1),
  );
  assert.throws(() => understood(cosigners[0]!, moved), refuses("bitcoin.musig-nonce-elsewhere", "input 2"));
  assert.equal((await turn(cosigners[0]!, bytes)).reply.signed, 2);
});

test("a nonce of one transaction does not serve another that pays somebody else", async () => {
  const { cosigners, bytes } = await afterRound1();
  const outputs = [{ foreign: 9, amountSats: 98_000n }];
  const other = filledPsbt(cosigners[0]!.own, [all3], {
    outputs: [...outputs, { of: cosigners[0]!.own, branch: 1, index: 0, amountSats: 1_000n }],
  });
  const nonces = partsOf(bytes).inputs[0]!.filter(({ type }) => type === NONCE);
  const parts = partsOf(other);
  parts.inputs[0]!.push(...nonces);
  assert.throws(() => understood(cosigners[0]!, encode(parts)), refuses("bitcoin.musig-nonce-elsewhere"));
});

test("another transaction's round 1 takes the place of the one before", async () => {
  const { cosigners, bytes } = await afterRound1();
  await turn(cosigners[0]!, filledPsbt(cosigners[0]!.own, [all3], { feeSats: 2_000n }));
  assert.throws(() => understood(cosigners[0]!, bytes), refuses("bitcoin.musig-nonce-lost"));
});

test("a transaction that was only looked at takes no place", async () => {
  const { cosigners, bytes } = await afterRound1();
  understood(cosigners[0]!, filledPsbt(cosigners[0]!.own, [all3], { feeSats: 2_000n }));
  assert.equal((await turn(cosigners[0]!, bytes)).reply.signed, 1);
});

test("after a lock or a cut of power round 2 is refused, and round 1 starts again", async () => {
  const { cosigners, start, bytes } = await afterRound1();
  cosigners[0]!.keyring.wipe();
  cosigners[0]!.keyring = await openKeyring(0);
  assert.throws(() => understood(cosigners[0]!, bytes), refuses("bitcoin.musig-nonce-lost"));
  const without = withRows(
    bytes,
    changing(NONCE, 0, () => undefined),
  );
  const again = await turn(cosigners[0]!, without);
  assert.equal(again.reply.nonces, 1, "without the lost nonce, and with those that the others still have");
  verifyKeyPath((await turns(cosigners, again.bytes)).bytes);
  assert.equal((await turn(cosigners[0]!, start)).reply.nonces, 1);
});

test("what fails after the nonces were taken cannot be signed again", async () => {
  const { cosigners, bytes } = await afterRound1(BELOW, [all3], 2);
  const request = understood(cosigners[0]!, bytes);
  run(request.agree());
  const approval = request.approve({ txid: request.spend.txid, outcome: "allow", rules: [] }, "approve");
  await approval.record(async () => {});
  const signing = cosigners[0]!.keyring.sign(approval);
  signing.next();
  assert.throws(() => signing.throw(new Error("a cut midway")), /a cut midway/);
  assert.throws(() => understood(cosigners[0]!, bytes), refuses("bitcoin.musig-nonce-used", "input 1"));
  const second = withRows(bytes, (one, input) => (one.type === NONCE && input === 0 ? undefined : one));
  assert.throws(() => understood(cosigners[0]!, second), refuses("bitcoin.musig-nonce-used", "input 2"));
});

test("an answer that is changed on its way never leaves", async () => {
  const { cosigners, bytes } = await afterRound1();
  const request = understood(cosigners[0]!, bytes);
  run(request.agree());
  const approval = request.approve({ txid: request.spend.txid, outcome: "allow", rules: [] }, "approve");
  await approval.record(async () => {});
  const [answer] = run(cosigners[0]!.keyring.sign(approval));
  answer![31]! ^= 1;
  assert.throws(() => run(request.finish([answer!])), /does not verify/);
});

test("a PSBT of round 1 holds nothing that was not there but public nonces, and round 2 nothing but parts", async () => {
  const { cosigners, start, bytes } = await afterRound1();
  const added = (before: Uint8Array, after: Uint8Array) =>
    partsOf(after).inputs[0]!.filter(
      (one) => !partsOf(before).inputs[0]!.some(({ type, key }) => type === one.type && equal(key, one.key)),
    );
  assert.deepEqual(
    added(start, bytes).map(({ type, value }) => [type, value.length]),
    [
      [NONCE, 66],
      [NONCE, 66],
      [NONCE, 66],
    ],
  );
  const { bytes: signed } = await turn(cosigners[0]!, bytes);
  assert.deepEqual(
    added(bytes, signed).map(({ type, value }) => [type, value.length]),
    [[PARTIAL, 32]],
  );
});
