// The vectors of BIP 327 and 328, run against what Firn aggregates and signs with.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { schnorr } from "@noble/curves/secp256k1.js";
import {
  InvalidContributionErr,
  keyAggExport,
  keyAggregate,
  nonceAggregate,
  nonceGen,
  Session,
  sortKeys,
} from "@scure/btc-signer/musig2.js";
import { writeExtended } from "../../src/bitcoin/index.ts";
import { aggregate, aggregateNode, sorted, synthetic } from "../../src/bitcoin/musig/index.ts";
import { fromHex, toHex } from "../../src/bytes.ts";
import { nobleCurve } from "../../src/keys/index.ts";
import { Refusal } from "../../src/refusal.ts";

const FOLDER = join(import.meta.dirname, "..", "vectors", "musig");
const read = (name: string) => JSON.parse(readFileSync(join(FOLDER, name), "utf8"));
const bytes = (hex: string) => fromHex(hex)!;
const upper = (value: Uint8Array) => toHex(value).toUpperCase();
/** The members at these places. */
const at = (all: readonly string[], places: readonly number[]) => places.map((place) => bytes(all[place]!));

/** What BIP 327 calls an invalid contribution names the signer; a wrong value is some other error. */
function throwsAs(error: { type: string; signer?: number | null }, act: () => unknown, why: string): void {
  assert.throws(
    act,
    (problem: Error) => {
      if (typeof error.signer === "number")
        return problem instanceof InvalidContributionErr && problem.idx === error.signer;
      return problem instanceof Error;
    },
    why,
  );
}

test("BIP 327: keys are sorted as the vectors say", () => {
  const { pubkeys, sorted_pubkeys } = read("bip-0327/key_sort_vectors.json");
  assert.deepEqual(sortKeys(pubkeys.map(bytes)).map(upper), sorted_pubkeys);
});

test("BIP 327: keys are aggregated as the vectors say, and a bad one is named", () => {
  const { pubkeys, tweaks, valid_test_cases, error_test_cases } = read("bip-0327/key_agg_vectors.json");
  for (const { key_indices, expected } of valid_test_cases)
    assert.equal(upper(keyAggExport(keyAggregate(at(pubkeys, key_indices)))), expected);
  for (const { key_indices, tweak_indices, is_xonly, error, comment } of error_test_cases)
    throwsAs(
      error,
      () => keyAggregate(at(pubkeys, key_indices), at(tweaks, tweak_indices), is_xonly),
      comment,
    );
});

test("BIP 327: nonces are made as the vectors say", () => {
  for (const { rand_, sk, pk, aggpk, msg, extra_in, expected_secnonce, expected_pubnonce } of read(
    "bip-0327/nonce_gen_vectors.json",
  ).test_cases) {
    const part = (hex: string | null) => (hex === null ? undefined : bytes(hex));
    const made = nonceGen(bytes(pk), part(sk), part(aggpk), part(msg), part(extra_in), bytes(rand_));
    assert.equal(upper(made.secret), expected_secnonce);
    assert.equal(upper(made.public), expected_pubnonce);
  }
});

test("BIP 327: nonces are aggregated as the vectors say, and a bad one is named", () => {
  const { pnonces, valid_test_cases, error_test_cases } = read("bip-0327/nonce_agg_vectors.json");
  for (const { pnonce_indices, expected } of valid_test_cases)
    assert.equal(upper(nonceAggregate(at(pnonces, pnonce_indices))), expected);
  for (const { pnonce_indices, error, comment } of error_test_cases)
    throwsAs(error, () => nonceAggregate(at(pnonces, pnonce_indices)), comment);
});

test("BIP 327: partial signatures are made and verified as the vectors say", () => {
  const all = read("bip-0327/sign_verify_vectors.json");
  const { sk, pubkeys, secnonces, pnonces, aggnonces, msgs } = all;
  for (const one of all.valid_test_cases) {
    const session = new Session(
      bytes(aggnonces[one.aggnonce_index]),
      at(pubkeys, one.key_indices),
      bytes(msgs[one.msg_index]),
    );
    const nonce = bytes(secnonces[0]);
    const partial = session.sign(nonce, bytes(sk));
    assert.equal(upper(partial), one.expected);
    assert.ok(
      nonce.subarray(0, 64).every((byte) => byte === 0),
      "the secret nonce is wiped by signing",
    );
    assert.throws(() => session.sign(nonce, bytes(sk)), "and signs no second time");
    assert.ok(session.partialSigVerify(partial, at(pnonces, one.nonce_indices), one.signer_index));
  }
  for (const one of all.sign_error_test_cases)
    throwsAs(
      one.error,
      () =>
        new Session(
          bytes(aggnonces[one.aggnonce_index]),
          at(pubkeys, one.key_indices),
          bytes(msgs[one.msg_index]),
        ).sign(bytes(secnonces[one.secnonce_index]), bytes(sk)),
      one.comment,
    );
});

test("BIP 327: wrong partial signatures are not accepted", () => {
  const all = read("bip-0327/sign_verify_vectors.json");
  const { pubkeys, pnonces, msgs } = all;
  const accepted = (one: {
    sig: string;
    key_indices: number[];
    nonce_indices: number[];
    msg_index: number;
    signer_index: number;
  }) => {
    const nonces = at(pnonces, one.nonce_indices);
    const session = new Session(
      nonceAggregate(nonces),
      at(pubkeys, one.key_indices),
      bytes(msgs[one.msg_index]!),
    );
    return session.partialSigVerify(bytes(one.sig), nonces, one.signer_index);
  };
  for (const one of all.verify_fail_test_cases) assert.equal(accepted(one), false, one.comment);
  for (const one of all.verify_error_test_cases) throwsAs(one.error, () => accepted(one), one.comment);
});

test("BIP 327: tweaked keys sign as the vectors say", () => {
  const all = read("bip-0327/tweak_vectors.json");
  const session = (one: { key_indices: number[]; tweak_indices: number[]; is_xonly: boolean[] }) =>
    new Session(
      bytes(all.aggnonce),
      at(all.pubkeys, one.key_indices),
      bytes(all.msg),
      at(all.tweaks, one.tweak_indices),
      one.is_xonly,
    );
  for (const one of all.valid_test_cases) {
    const partial = session(one).sign(bytes(all.secnonce), bytes(all.sk));
    assert.equal(upper(partial), one.expected, one.comment);
    assert.ok(session(one).partialSigVerify(partial, at(all.pnonces, one.nonce_indices), one.signer_index));
  }
  for (const one of all.error_test_cases) throwsAs(one.error, () => session(one), one.comment);
});

test("BIP 327: partial signatures add up to the signatures of the vectors, which BIP 340 accepts", () => {
  const all = read("bip-0327/sig_agg_vectors.json");
  const parts = (one: {
    aggnonce: string;
    key_indices: number[];
    tweak_indices: number[];
    is_xonly: boolean[];
  }) => [at(all.pubkeys, one.key_indices), at(all.tweaks, one.tweak_indices), one.is_xonly] as const;
  for (const one of all.valid_test_cases) {
    const [keys, tweaks, xonly] = parts(one);
    const session = new Session(bytes(one.aggnonce), keys, bytes(all.msg), tweaks, xonly);
    const signature = session.partialSigAgg(at(all.psigs, one.psig_indices));
    assert.equal(upper(signature), one.expected);
    const key = keyAggExport(keyAggregate(keys, tweaks, xonly));
    assert.ok(schnorr.verify(signature, bytes(all.msg), key));
  }
  for (const one of all.error_test_cases) {
    const [keys, tweaks, xonly] = parts(one);
    const session = new Session(bytes(one.aggnonce), keys, bytes(all.msg), tweaks, xonly);
    throwsAs(one.error, () => session.partialSigAgg(at(all.psigs, one.psig_indices)), one.comment);
  }
});

test("BIP 328: the aggregate key and its extended key are those of the vectors, in whatever order the keys come", () => {
  const cases = read("bip-0328.json");
  for (const [i, { keys, aggregate_pubkey, xpub }] of cases.entries()) {
    // The vectors aggregate in the order given; a wallet sorts (BIP 390).
    assert.equal(toHex(keyAggregate(keys.map(bytes)).aggPublicKey.toBytes(true)), aggregate_pubkey);
    const node = synthetic(bytes(aggregate_pubkey));
    const written = writeExtended(
      { ...node, depth: 0, childNumber: 0, parentFingerprint: "00000000" },
      "mainnet",
    );
    assert.equal(written, xpub, `vector ${i + 1}`);
    const one = aggregateNode(keys.map(bytes));
    assert.deepEqual(one, aggregateNode(keys.toReversed().map(bytes)));
    assert.deepEqual(sorted(keys.map(bytes)).map(toHex), keys.map((key: string) => key.toLowerCase()).sort());
    assert.ok(nobleCurve().isPoint(one.publicKey));
  }
});

test("a key that stands twice is refused, wherever it stands", () => {
  const [{ keys }] = read("bip-0328.json");
  for (const repeated of [
    [keys[0], keys[0]],
    [keys[0], keys[1], keys[0]],
  ])
    assert.throws(
      () => aggregate(repeated.map(bytes)),
      (problem) => problem instanceof Refusal && problem.reason === "bitcoin.musig-repeated",
    );
});
