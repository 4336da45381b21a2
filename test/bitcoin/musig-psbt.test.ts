// The PSBTs of BIP 373: read, every nonce and partial signature in them verified, and added up to the signatures they carry.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { sha256 } from "@noble/hashes/sha2.js";
import { readCoins } from "../../src/bitcoin/coins.ts";
import { childNode } from "../../src/bitcoin/derive.ts";
import type { Steps } from "../../src/bitcoin/expression.ts";
import { aggregate, synthetic } from "../../src/bitcoin/musig/index.ts";
import { groups } from "../../src/bitcoin/musig/places.ts";
import { completed } from "../../src/bitcoin/musig/rounds.ts";
import { checkParticipants, standingsOf } from "../../src/bitcoin/musig/standing.ts";
import { INPUT, OUTPUT } from "../../src/bitcoin/psbt/fields.ts";
import { type Psbt, readPsbt } from "../../src/bitcoin/psbt/psbt.ts";
import { fieldOf, makeRow, type Row, type Rows } from "../../src/bitcoin/psbt/rows.ts";
import { commonOf, taprootDigester } from "../../src/bitcoin/sighash.ts";
import type { Derived, Wallet } from "../../src/bitcoin/wallet.ts";
import { concat, equal, fromHex, toHex } from "../../src/bytes.ts";
import { loadCurve } from "../../src/keys/index.ts";
import { type Reason, Refusal } from "../../src/refusal.ts";
import type { Work } from "../../src/request.ts";
import { utf8 } from "../../src/text.ts";

const curve = await loadCurve();
const FILE = join(import.meta.dirname, "..", "vectors", "musig", "bip-0373.json");
const { vectors, participants, aggregate: named } = JSON.parse(readFileSync(FILE, "utf8"));
const keys: Uint8Array[] = participants.map((key: string) => fromHex(key)!);

function done<T>(work: Work<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

function psbtOf(words: string): Psbt {
  const { base64 } = vectors.find((one: { case: string }) => one.case === words);
  return done(readPsbt(new Uint8Array(Buffer.from(base64, "base64"))));
}

const refuses = (reason: Reason) => (problem: unknown) =>
  problem instanceof Refusal && problem.reason === reason;

test("BIP 373: valid PSBTs are read and invalid ones are refused", () => {
  assert.ok(vectors.length === 24);
  for (const { section, base64, case: words } of vectors) {
    const read = () => done(readPsbt(new Uint8Array(Buffer.from(base64, "base64"))));
    if (section === "valid") assert.ok(read().inputs.length > 0, words);
    else assert.throws(read, refuses("bitcoin.psbt-malformed"), words);
  }
});

/** What the vectors' wallets are: the keys together, at these steps below, as internal key or in the one leaf. */
interface Shape {
  readonly words: string;
  readonly steps: Steps;
  readonly where: "internal" | "leaf";
}

const SHAPES: readonly Shape[] = [
  {
    words: "Spend of a Taproot output where the internal key is a MuSig2 Aggregate Pubkey",
    steps: [],
    where: "internal",
  },
  {
    words: "Spend of a Taproot output where the internal key is derived from a MuSig2 Aggregate Pubkey",
    steps: [1, 2],
    where: "internal",
  },
  {
    words: "Spend of a Taproot output where a key in a script is a MuSig2 Aggregate Pubkey",
    steps: [],
    where: "leaf",
  },
];

function walletOf({ steps, where }: Shape, rows: Rows): { wallet: Wallet; derived: Derived } {
  const of = keys.map((publicKey) => ({ kind: "fixed", publicKey, xonly: false }) as const);
  const together = { kind: "musig", of, steps } as const;
  const internalKey = fieldOf(rows, INPUT.tapInternalKey)!;
  const outputKey = fieldOf(rows, INPUT.witnessUtxo)!.slice(-32);
  const node = steps.reduce(
    (parent: ReturnType<typeof synthetic>, step) => childNode(parent, step as number, curve)!,
    synthetic(aggregate(keys)),
  );
  const point = { kind: "fixed", publicKey: concat(Uint8Array.of(2), internalKey), xonly: true } as const;
  const leaf = { kind: "c", of: [{ kind: "pk_k", use: 1 }] } as const;
  const inside = where === "internal";
  const root = fieldOf(rows, INPUT.tapMerkleRoot) ?? new Uint8Array(0);
  const taproot = {
    internalKey,
    outputKey,
    tweak: tagged("TapTweak", internalKey, root),
    leaves: inside ? [] : [{ node: leaf, hash: root }],
  };
  const wallet = {
    uses: inside ? [together] : [point, together],
    body: { kind: "taproot", internal: 0 },
    keys: [],
    receive: 0,
    change: 1,
  };
  const publicKeys = inside ? [node.publicKey] : [point.publicKey, node.publicKey];
  const derived = { branch: 0, index: 0, publicKeys, taproot };
  return { wallet: wallet as unknown as Wallet, derived: derived as unknown as Derived };
}

function tagged(tag: string, ...parts: readonly Uint8Array[]): Uint8Array {
  const name = sha256(utf8(tag));
  return sha256(concat(name, name, ...parts));
}

function signingOf(psbt: Psbt, shape: Shape, rows: Rows = psbt.inputs[0]!) {
  const digester = taprootDigester(commonOf(psbt.tx, done(readCoins(psbt))), 0);
  const digestOf = (leafHash?: Uint8Array) => digester(0, leafHash);
  return { rows, ...walletOf(shape, psbt.inputs[0]!), digestOf, where: "input 1" };
}

const read = (psbt: Psbt, shape: Shape, rows?: Rows) =>
  standingsOf(signingOf(psbt, shape, rows), curve, groups(curve));

/** The rows with those of a type, or one of them, changed. */
function changed(rows: Rows, type: number, change: (row: Row) => Row | undefined, member?: number): Rows {
  return rows.flatMap((row) => {
    if (row.type !== type || (member !== undefined && !equal(row.key.subarray(0, 33), keys[member]!)))
      return [row];
    return change(row) ?? [];
  });
}

for (const shape of SHAPES) {
  const { words } = shape;
  const signed = psbtOf(`${words}: With all partial signatures`);
  const rows = signed.inputs[0]!;

  test(`BIP 373: ${words}: nonces and partial signatures are found where they belong, and hold`, () => {
    const [none] = read(psbtOf(`${words}: With participant pubkeys only`), shape);
    assert.deepEqual(none!.nonces, [undefined, undefined, undefined]);
    const [nonces] = read(psbtOf(`${words}: With all pubnonces`), shape);
    assert.equal(nonces!.nonces.filter((nonce) => nonce?.length === 66).length, 3);
    assert.deepEqual(nonces!.partials, [undefined, undefined, undefined]);
    assert.equal(completed(nonces!, [], 0, curve), undefined);
    const standings = read(signed, shape);
    assert.equal(standings.length, 1);
    const row = completed(standings[0]!, [], 0, curve)!;
    const there = rows.find(({ type }) => type === row.type)!;
    assert.deepEqual([row.key, row.value], [there.key, there.value], "the signature that the vector carries");
    assert.equal(row.type, shape.where === "leaf" ? INPUT.tapScriptSignature : INPUT.tapKeySignature);
  });

  test(`BIP 373: ${words}: what does not add up is a bug, and never leaves`, () => {
    const [standing] = read(signed, shape);
    const blind = { ...curve, verifySchnorr: () => false };
    assert.throws(() => completed(standing!, [], 0, blind), /does not verify/);
    const { derived, ...rest } = signingOf(signed, shape);
    const publicKeys = derived.publicKeys.map(() => curve.publicKey(sha256(utf8("another"))));
    assert.throws(
      () => standingsOf({ ...rest, derived: { ...derived, publicKeys } }, curve, groups(curve)),
      /do not add up/,
    );
  });

  test(`BIP 373: ${words}: what is wrong is refused, with the cosigner's name`, () => {
    const flipped = (row: Row) => {
      const value = row.value.slice();
      value[31]! ^= 1;
      return makeRow(row.type, row.key, value);
    };
    for (const member of [0, 1, 2]) {
      const named = (reason: Reason) => (problem: unknown) =>
        problem instanceof Refusal &&
        problem.reason === reason &&
        problem.detail.includes(toHex(keys[member]!.subarray(0, 4)));
      const wrong = changed(rows, INPUT.musigPartial, flipped, member);
      assert.throws(() => read(signed, shape, wrong), named("bitcoin.musig-partial-wrong"));
      // Another's nonce: then none of the partial signatures holds, and the first is named.
      const nonce = changed(rows, INPUT.musigNonce, flipped, member);
      assert.throws(() => read(signed, shape, nonce), Refusal);
      const infinity = changed(
        rows,
        INPUT.musigNonce,
        (row) => makeRow(row.type, row.key, concat(row.value.subarray(0, 33), new Uint8Array(33))),
        member,
      );
      assert.throws(() => read(signed, shape, infinity), named("bitcoin.musig-nonce-wrong"));
      const early = changed(rows, INPUT.musigNonce, () => undefined, member);
      assert.throws(() => read(signed, shape, early), refuses("bitcoin.musig-partial-wrong"));
    }
  });

  test(`BIP 373: ${words}: rows about other keys are refused`, () => {
    const other = (row: Row, from: number) => {
      const key = row.key.slice();
      key.set(curve.publicKey(sha256(utf8("somebody"))), from);
      return makeRow(row.type, key, row.value);
    };
    const refused = (wrong: Rows) =>
      assert.throws(() => read(signed, shape, wrong), refuses("bitcoin.musig-participants"));
    for (const type of [INPUT.musigNonce, INPUT.musigPartial])
      for (const from of [0, 33]) refused(changed(rows, type, (row) => other(row, from), 1));
    refused(changed(rows, INPUT.musigParticipants, (row) => other(row, 0)));
    const reversed = concat(...keys.toReversed());
    refused(changed(rows, INPUT.musigParticipants, ({ type, key }) => makeRow(type, key, reversed)));
    const fewer = concat(...keys.slice(0, 2));
    refused(changed(rows, INPUT.musigParticipants, ({ type, key }) => makeRow(type, key, fewer)));
    // A row for the key path does not serve a leaf, nor the other way round.
    refused(
      changed(rows, INPUT.musigNonce, ({ type, key, value }) =>
        makeRow(type, key.length === 66 ? concat(key, sha256(key)) : key.subarray(0, 66), value),
      ),
    );
  });
}

test("BIP 373: the participants of outputs are those of the wallet, or refused", () => {
  const groupsOf = groups(curve);
  for (const [words, steps] of [
    ["Receiving a Taproot output where the internal key is a MuSig2 Aggregate Pubkey", []],
    ["Receiving a Taproot output where the internal key is derived from a MuSig2 Aggregate Pubkey", [1, 2]],
  ] as const) {
    const psbt = psbtOf(words);
    const rows = psbt.outputs.find((one) => one.some(({ type }) => type === OUTPUT.musigParticipants))!;
    const of = keys.map((publicKey) => ({ kind: "fixed", publicKey, xonly: false }) as const);
    const wallet = { uses: [{ kind: "musig", of, steps }] } as unknown as Wallet;
    const group = groupsOf(wallet, { branch: 0, index: 0 } as Derived, 0);
    assert.equal(toHex(group.aggregate), named);
    checkParticipants(rows, OUTPUT.musigParticipants, [group], "output 1");
    const fewer = groupsOf(
      { uses: [{ kind: "musig", of: of.slice(1), steps }] } as unknown as Wallet,
      { branch: 0, index: 0 } as Derived,
      0,
    );
    assert.throws(
      () => checkParticipants(rows, OUTPUT.musigParticipants, [fewer], "output 1"),
      refuses("bitcoin.musig-participants"),
    );
  }
});
