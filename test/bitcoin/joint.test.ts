// Transactions that spend from several wallets: of ours, and of others. What leaves is counted from what is ours alone.

import assert from "node:assert/strict";
import { test } from "node:test";
import { sha256 } from "@noble/hashes/sha2.js";
import { Transaction as Other } from "@scure/btc-signer/transaction.js";
import { initEccLib, Psbt as Js, networks } from "bitcoinjs-lib";
import { ECPairFactory } from "ecpair";
import fc from "fast-check";
import * as tiny from "tiny-secp256k1";
import { readPsbt } from "../../src/bitcoin/psbt/psbt.ts";
import { concat, toHex, u32le, u64le } from "../../src/bytes.ts";
import type { Reply, Request } from "../../src/request.ts";
import {
  type CoinPlan,
  encode,
  FORMS,
  type OutputPlan,
  type Parts,
  PHRASES,
  type Plan,
  type Purse,
  plan,
  psbt,
  purse,
  reasonOf,
  request,
  row,
  run,
  signer,
  tasksOf,
} from "./build.ts";

initEccLib(tiny);
const ECPair = ECPairFactory(tiny);

const single = purse("p2wpkh");
const root = purse("p2tr", { name: "Savings" });
const vault = purse("p2wsh", { name: "Family" });
/** The vault where all keys of it are ours: nobody else decides. */
const whole = purse("p2wsh", { name: "Whole", ours: [0, 1, 2], account: 3 });
const stranger = purse("p2wpkh", { phrases: [PHRASES[1]] });
const btc = (units: bigint) => ({ asset: "btc", units }) as const;

/** Takes the key origins away from these inputs: nothing says whose they are. */
function unmarked(parts: Parts, ...inputs: number[]): Parts {
  for (const i of inputs)
    parts.inputs[i] = parts.inputs[i]!.filter(({ type }) => type !== 0x06 && type !== 0x16);
  return parts;
}

/** Our coin of 100 000, somebody's of 100 000 beside it. */
const joint = (outputs: readonly OutputPlan[], more: Plan = {}): Plan => ({
  inputs: [{}, { of: stranger }],
  outputs,
  ...more,
});

async function signedBy(of: Request, own: Purse): Promise<Reply> {
  return run(of.finish(signer(own)(await tasksOf(of))));
}

// ---------------------------------------------------------------- what leaves

test("among others' coins what leaves is what ours bring less what stays ours, whatever the others bring and pay", () => {
  const outputs = [
    { of: single, branch: 1, index: 0, amountSats: 69_000n },
    { foreign: 1, amountSats: 30_000n },
  ];
  for (const theirs of [1_000n, 5_000_000n, 900_000_000n]) {
    const more = { foreign: 2, amountSats: theirs - 500n };
    const inputs = [{}, { of: stranger, amountSats: theirs }];
    const { review, spend } = request(single, psbt(single, { inputs, outputs: [...outputs, more] }));
    assert.deepEqual([review.leavesSats, review.staysSats, review.feeSats], [31_000n, 69_000n, 1_500n]);
    assert.deepEqual(spend.takes, [btc(31_000n)]);
    assert.deepEqual(spend.fee, btc(1_500n));
    // 1 500 of the 29 500 that can have gone to somebody.
    assert.equal(review.feePercent, 5.0848);
  }
});

test("every output of others is a destination, with no more than can have come from us", () => {
  const outputs = [
    { foreign: 1, amountSats: 900_000n },
    { foreign: 2, amountSats: 5_000n },
    { of: single, branch: 1, index: 0, amountSats: 60_000n },
    { of: stranger, branch: 1, index: 0, amountSats: 100_000n },
  ];
  const inputs = [{}, { of: stranger, amountSats: 1_000_000n }];
  const { spend, review } = request(single, psbt(single, { inputs, outputs }));
  const [first, second, , fourth] = review.outputs;
  assert.deepEqual(spend.takes, [btc(40_000n)]);
  assert.deepEqual(spend.destinations, [
    { to: first!.address, amount: btc(40_000n) },
    { to: second!.address, amount: btc(5_000n) },
    { to: fourth!.address, amount: btc(40_000n) },
  ]);
});

test("of a fee that all pay together, no more counts than leaves us", () => {
  const outputs = [
    { of: single, branch: 1, index: 0, amountSats: 99_800n },
    { of: stranger, branch: 1, index: 0, amountSats: 90_000n },
  ];
  const { review, spend } = request(single, psbt(single, joint(outputs)));
  assert.equal(review.feeSats, 10_200n);
  assert.deepEqual([spend.takes, spend.fee], [[btc(200n)], btc(200n)]);
  assert.equal(review.feePercent, 0.2005);
});

test("whoever receives in a transaction made together gives nothing", () => {
  const outputs = [
    { of: single, branch: 0, index: 9, amountSats: 150_000n },
    { foreign: 1, amountSats: 48_000n },
  ];
  const { review, spend } = request(single, psbt(single, joint(outputs)));
  assert.deepEqual([review.leavesSats, review.staysSats], [0n, 150_000n]);
  assert.deepEqual([spend.takes, spend.fee, spend.feePercent], [[btc(0n)], btc(0n), 0]);
  assert.deepEqual(
    spend.destinations.map(({ amount }) => amount),
    [btc(0n)],
  );
  assert.deepEqual(spend.unusual, ["foreign input"]);
});

test("all of ours as fee is taken for what it is, among others too", () => {
  const outputs = [{ foreign: 1, amountSats: 50_000n }];
  const { spend } = request(single, psbt(single, joint(outputs)));
  assert.deepEqual([spend.takes, spend.fee, spend.feePercent], [[btc(100_000n)], btc(100_000n), 1_000_000]);
});

test("a lie about somebody else's amount changes the fee that is shown, never what is taken from us", () => {
  const outputs = [
    { of: single, branch: 1, index: 0, amountSats: 40_000n },
    { foreign: 1, amountSats: 100_000n },
  ];
  const taken = [90_000n, 100_000n, 4_000_000n].map((amountSats) => {
    const plan: Plan = { inputs: [{}, { of: stranger, amountSats }], outputs, previous: false };
    const { review, spend } = request(single, psbt(single, plan));
    assert.equal(review.feeProven, false);
    assert.deepEqual(spend.unusual, ["unproven fee", "foreign input"]);
    return spend.takes[0]!.units;
  });
  assert.deepEqual(taken, [60_000n, 60_000n, 60_000n]);
});

test("amounts of others are proven by their previous transactions, or where all inputs are taproot", () => {
  const theirs = purse("p2tr", { phrases: [PHRASES[1]] });
  const proven = (own: Purse, inputs: readonly CoinPlan[], previous: boolean) =>
    request(own, psbt(own, { inputs, previous, outputs: [{ foreign: 1, amountSats: 1_000n }] })).review
      .feeProven;
  assert.equal(proven(single, [{}, { of: stranger }], true), true);
  assert.equal(proven(single, [{}, { of: stranger }], false), false);
  assert.equal(proven(root, [{}, { of: theirs }], false), true);
  assert.equal(proven(root, [{}, { of: stranger }], false), false);
  assert.equal(proven(single, [{}, { of: theirs }], false), false);
});

test("whoever's coins and outputs are mixed, what is taken is what a plain sum over ours says", () => {
  // None of the vault's keys: that would be a claim.
  const phrases = ["letter advice cage absurd amount doctor acoustic avoid letter advice cage above"];
  const owners = [single, root, whole, vault, purse("p2wpkh", { phrases })] as const;
  const coin = fc.record({ owner: fc.nat(4), amountSats: fc.bigInt({ min: 1_000n, max: 90_000n }) });
  const coins = fc.array(coin, { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(fc.nat(3), coins, coins, fc.boolean(), (first, inputs, outputs, previous) => {
      const all = [{ owner: first, amountSats: 500_000n }, ...inputs];
      const what: Plan = {
        inputs: all.map(({ owner, amountSats }) => ({ of: owners[owner]!, amountSats })),
        outputs: outputs.map(({ owner, amountSats }, index) => ({
          of: owners[owner]!,
          branch: 1,
          index,
          amountSats,
        })),
        previous,
      };
      const of = request(single, psbt(single, what), root, whole, vault);
      const sumOf = (parts: typeof all, owner: number) =>
        parts.reduce((sum, part) => (part.owner === owner ? sum + part.amountSats : sum), 0n);
      const [into, back] = [all, outputs].map((parts) => [0, 1, 2, 3].map((owner) => sumOf(parts, owner)));
      const gives = into!.reduce((a, b) => a + b);
      // The vault alone is shared with others: what it did not bring in itself does not stay.
      const stays = back!.reduce(
        (sum, sats, owner) => sum + (owner === 3 && sats > into![3]! ? into![3]! : sats),
        0n,
      );
      const { spend, review } = of;
      const taken = gives > stays ? gives - stays : 0n;
      assert.deepEqual(spend.takes, [btc(taken)]);
      assert.ok(spend.fee.units <= taken && spend.destinations.every(({ amount }) => amount.units <= taken));
      assert.ok(
        spend.destinations.length ===
          review.outputs.filter(({ owner, shared }) => owner === "foreign" || shared).length,
      );
      assert.equal(
        spend.wallets.length,
        new Set(all.filter(({ owner }) => owner < 4).map(({ owner }) => owner)).size,
      );
      assert.equal(
        of.count,
        all.reduce((count, { owner }) => count + [1, 1, 3, 1, 0][owner]!, 0),
      );
      run(of.agree());
    }),
    { numRuns: 150 },
  );
});

// ---------------------------------------------------------------- coins of ours passed off as somebody else's

test("a coin of ours that nothing marks is found among the first addresses, counted, and signed", async () => {
  for (const [branch, index] of [
    [0, 7],
    [1, 999],
  ] as const) {
    const inputs = [{}, { branch, index }, { of: stranger }];
    const parts = unmarked(plan(single, { inputs, outputs: [{ foreign: 1, amountSats: 290_000n }] }), 1, 2);
    const of = request(single, encode(parts));
    assert.deepEqual(
      of.review.inputs.map(({ owner, path }) => [owner, path]),
      [
        ["own", "0/0"],
        [branch === 0 ? "own" : "change", `${branch}/${index}`],
        ["foreign", undefined],
      ],
    );
    assert.deepEqual(of.spend.takes, [btc(200_000n)]);
    assert.equal((await signedBy(of, single)).signed, 2);
  }
});

test("one transaction shown twice, each time with another coin of ours unmarked, makes two claims that differ", () => {
  const inputs = [{ index: 5_000 }, { index: 6_000 }];
  const outputs = [
    { of: single, branch: 1, index: 0, amountSats: 100_000n },
    { foreign: 1, amountSats: 99_000n },
  ];
  const shown = [0, 1].map((hidden) =>
    request(single, encode(unmarked(plan(single, { inputs, outputs }), hidden))),
  );
  const honest = request(single, psbt(single, { inputs, outputs }));
  for (const { spend } of shown) {
    assert.deepEqual(spend.takes, [btc(0n)]);
    assert.deepEqual(spend.unusual, ["foreign input"]);
  }
  assert.deepEqual(honest.spend.takes, [btc(100_000n)]);
  const claims = [...shown, honest].map(({ spend }) => `${spend.txid} ${spend.amounts}`);
  assert.equal(new Set([...shown, honest].map(({ spend }) => spend.txid)).size, 1);
  assert.equal(new Set(claims).size, 3);
  const again = request(single, encode(unmarked(plan(single, { inputs, outputs }), 0)));
  assert.equal(again.spend.amounts, shown[0]!.spend.amounts);
});

test("where all inputs are ours the claim is the hash of outpoints and amounts, as it always was", () => {
  const { review, spend } = request(single, psbt(single, { inputs: 3 }));
  const text = review.inputs.map(({ outpoint, amountSats }) => `${outpoint} ${amountSats}\n`).join("");
  assert.equal(spend.amounts, toHex(sha256(new TextEncoder().encode(text))));
});

test("an input under our fingerprint that no wallet here makes is refused, beside coins that are ours", () => {
  const other = purse("p2wpkh", { account: 7 });
  assert.equal(reasonOf(single, psbt(single, { inputs: [{}, { of: other }] })), "bitcoin.claimed-input");
  const unregistered = purse("p2wsh", { threshold: 1 });
  assert.equal(
    reasonOf(single, psbt(single, { inputs: [{}, { of: unregistered }] })),
    "bitcoin.claimed-input",
  );
  assert.equal(reasonOf(single, psbt(single, { inputs: [{}, { of: other }] }), other), "understood");
});

test("an input of ours declared under another fingerprint is ours all the same", () => {
  const parts = plan(single, { inputs: [{}, {}, { of: stranger }] });
  const origin = parts.inputs[1]!.find(({ type }) => type === 0x06)!;
  origin.value = concat(Uint8Array.of(1, 2, 3, 4), origin.value.slice(4));
  const { review } = request(single, encode(parts));
  assert.deepEqual(
    review.inputs.map(({ owner }) => owner),
    ["own", "own", "foreign"],
  );
});

// ---------------------------------------------------------------- several wallets of ours

test("each wallet that is spent from gets its change back, has its own quorum, and is named to the policy", () => {
  const inputs = [{ of: root }, {}, { of: root }];
  const outputs = [
    { of: root, branch: 1, index: 0, amountSats: 150_000n },
    { of: single, branch: 1, index: 0, amountSats: 60_000n },
    { of: single, branch: 0, index: 3, amountSats: 10_000n },
    { foreign: 1, amountSats: 79_000n },
  ];
  const { review, spend } = request(single, psbt(single, { inputs, outputs }), root);
  assert.deepEqual(
    review.outputs.map(({ owner }) => owner),
    ["change", "change", "own", "foreign"],
  );
  assert.deepEqual(
    review.quorums.map(({ wallet, holders, ways }) => [wallet, holders.length, ways[0]!.condition]),
    [
      ["Savings", 1, { kind: "key", key: 0 }],
      ["Vault", 1, { kind: "key", key: 0 }],
    ],
  );
  assert.deepEqual(
    spend.wallets,
    [root, single].map(({ wallet: { name, fingerprint } }) => ({ name, fingerprint })),
  );
  assert.deepEqual([spend.takes, spend.unusual], [[btc(80_000n)], ["mixed wallets"]]);
  assert.deepEqual(review.warnings, ["mixed-wallets"]);
  assert.equal(spend.key, single.wallet.keys[0]!.fingerprint);
});

test("what one wallet's coins bring into another that others share leaves, though it calls itself change", () => {
  const spend = (shared: Purse, back: bigint) =>
    request(
      single,
      psbt(single, {
        inputs: [{}, { of: shared, amountSats: 1_000n }],
        outputs: [{ of: shared, branch: 1, index: 0, amountSats: back }],
      }),
      shared,
    );
  const moved = spend(vault, 99_000n);
  assert.deepEqual(moved.spend.takes, [btc(100_000n)]);
  assert.equal(moved.review.outputs[0]!.shared, true);
  assert.ok(moved.review.warnings.includes("shared-wallet"));
  const { fingerprint } = vault.wallet;
  assert.deepEqual(
    moved.spend.destinations.map(({ wallet, amount }) => [wallet, amount]),
    [[fingerprint, btc(98_000n)]],
  );
  // No more than it brought in comes back: nothing has left.
  assert.deepEqual([spend(vault, 1_000n).review.outputs[0]!.shared], [undefined]);
  // And where nobody else decides about it, everything stays.
  assert.deepEqual(spend(whole, 99_000n).spend.takes, [btc(2_000n)]);
});

test("what somebody else adds to a wallet that we share is not counted as kept", () => {
  const outputs = [
    { of: vault, branch: 1, index: 0, amountSats: 150_000n },
    { foreign: 1, amountSats: 49_000n },
  ];
  const { review, spend } = request(vault, psbt(vault, joint(outputs)));
  assert.deepEqual([review.staysSats, review.leavesSats], [100_000n, 0n]);
  assert.deepEqual(spend.takes, [btc(0n)]);
});

test("only what is missing of ours is signed, and where nothing is missing it is refused", async () => {
  const inputs = [{ of: root }, {}, { of: stranger }];
  const what: Plan = { inputs, outputs: [{ foreign: 1, amountSats: 290_000n }] };
  const first = await signedBy(request(single, psbt(single, what), root), single);
  assert.equal(first.signed, 2);
  assert.equal(reasonOf(single, first.whole.bytes, root), "bitcoin.already-signed");
  const parts = plan(single, what);
  const there = run(readPsbt(first.whole.bytes)).inputs[0]!.find(({ type }) => type === 0x13)!;
  parts.inputs[0]!.push(row(0x13, there.value));
  const of = request(single, encode(parts), root);
  assert.ok(of.review.warnings.includes("already-signed"));
  assert.equal(of.count, 1);
});

// ---------------------------------------------------------------- others complete it

function valid(publicKey: Uint8Array, digest: Uint8Array, signature: Uint8Array): boolean {
  return publicKey.length === 32
    ? tiny.verifySchnorr(digest, publicKey, signature)
    : ECPair.fromPublicKey(publicKey).verify(digest, signature);
}

/** Every input's script and signatures checked by another program, and put together. */
function completed(bytes: Uint8Array): { hex: string; vsize: number } {
  const js = Js.fromBuffer(bytes, { network: networks.regtest });
  assert.ok(js.validateSignaturesOfAllInputs(valid));
  js.finalizeAllInputs();
  const tx = js.extractTransaction(true);
  const scure = Other.fromPSBT(bytes, { allowUnknownOutputs: true, allowUnknownInputs: true });
  scure.finalize();
  assert.equal(scure.hex, tx.toHex());
  return { hex: tx.toHex(), vsize: tx.virtualSize() };
}

test("coins of every form in one transaction, each in a wallet of ours: others verify and complete it", async () => {
  const purses = FORMS.map((form, i) => purse(form, { name: `Wallet ${i}`, threshold: 1, account: i }));
  const [first, ...rest] = purses;
  const inputs = [...purses, ...purses.toReversed()].map((of, index) => ({ of, index }));
  const of = request(first!, psbt(first!, { inputs }), ...rest);
  run(of.agree());
  assert.equal(of.spend.wallets.length, FORMS.length);
  const reply = await signedBy(of, purses.at(-1)!);
  assert.equal(reply.signed, inputs.length);
  const { vsize } = completed(reply.whole.bytes);
  const said = Number(of.review.feeSats) / of.review.feeRate;
  assert.ok(Math.abs(said - vsize) <= 5, `said ${said}, is ${vsize}`);
});

test("old-style inputs beside a segwit one are as large as they are said to be", async () => {
  const old = purse("p2pkh", { name: "Old" });
  const inputs = [{}, ...Array.from({ length: 40 }, (_, index) => ({ of: old, index }))];
  const of = request(single, psbt(single, { inputs, feeSats: 600_000n }), old);
  const { vsize } = completed((await signedBy(of, single)).whole.bytes);
  const said = Number(of.review.feeSats) / of.review.feeRate;
  assert.ok(Math.abs(said - vsize) <= 4, `said ${said}, is ${vsize}`);
});

test("two strangers, each with a Firn, sign one transaction one after the other; others verify and complete it", async () => {
  for (const [i, form] of FORMS.entries()) {
    const theirForm = FORMS[(i + 3) % FORMS.length]!;
    const mine = purse(form, { threshold: 1, phrases: [PHRASES[0]] });
    const theirs = purse(theirForm, { threshold: 1, phrases: [PHRASES[1]] });
    const inputs = [{ of: theirs }, { of: mine }, { of: theirs, index: 8 }];
    const of = request(mine, psbt(mine, { inputs }));
    run(of.agree());
    const first = await signedBy(of, mine);
    assert.equal(first.signed, 1);
    const second = request(theirs, first.whole.bytes);
    run(second.agree());
    assert.deepEqual(
      second.review.inputs.map(({ owner }) => owner),
      ["own", "foreign", "own"],
    );
    const reply = await signedBy(second, theirs);
    assert.equal(reply.signed, 2);
    completed(reply.whole.bytes);
  }
});

/** What others' inputs look like when they are finished, from a transaction that they signed. */
async function finished(form: (typeof FORMS)[number], what: (theirs: Purse) => Plan) {
  const theirs = purse(form, { threshold: 1, phrases: [PHRASES[1]] });
  const bytes = psbt(single, what(theirs));
  const reply = await signedBy(request(theirs, bytes), theirs);
  const js = Js.fromBuffer(reply.whole.bytes, { network: networks.regtest });
  js.finalizeInput(1);
  return new Uint8Array(js.toBuffer());
}

test("a finished input of somebody else is left as it is, byte for byte, in both replies; its size is exact", async () => {
  for (const form of FORMS) {
    const bytes = await finished(form, (of) => ({ inputs: [{}, { of }] }));
    const of = request(single, bytes);
    run(of.agree());
    const reply = await signedBy(of, single);
    const final = (from: Uint8Array) =>
      run(readPsbt(from))
        .inputs[1]!.filter(({ type }) => type === 0x07 || type === 0x08)
        .map(({ raw }) => toHex(raw));
    assert.ok(final(bytes).length > 0);
    assert.deepEqual(final(reply.whole.bytes), final(bytes));
    assert.deepEqual(final(reply.signaturesOnly.bytes), final(bytes));
    const js = Js.fromBuffer(reply.whole.bytes, { network: networks.regtest });
    js.finalizeInput(0);
    const { feeSats, feeRate } = of.review;
    const vsize = js.extractTransaction(true).virtualSize();
    assert.ok(
      Math.abs(Number(feeSats) / feeRate - vsize) <= 1,
      `${form}: ${Number(feeSats) / feeRate}, ${vsize}`,
    );
  }
});

test("an input of ours that is finished is refused among others too", async () => {
  const parts = plan(single, joint([{ foreign: 1, amountSats: 10_000n }]));
  parts.inputs[0]!.push(row(0x08, Uint8Array.of(1, 0)));
  assert.equal(reasonOf(single, encode(parts)), "bitcoin.already-final");
});

test("a rate among inputs of unknown size is rather too high than too low", () => {
  const mine = purse("p2wpkh", { phrases: [PHRASES[1]] });
  for (const form of FORMS) {
    const theirs = purse(form, { phrases: [PHRASES[0], PHRASES[2]] });
    const bytes = psbt(mine, { inputs: [{}, { of: theirs }] });
    const alone = request(mine, bytes).review;
    const both = request(mine, bytes, theirs).review;
    assert.equal(alone.feeSats, both.feeSats);
    assert.ok(alone.feeRate >= both.feeRate, form);
    // For one key the guess is exact.
    if (theirs.wallet.keys.length === 1) assert.equal(alone.feeRate, both.feeRate, form);
  }
});

// ---------------------------------------------------------------- what no input of others may carry

const der = Uint8Array.of(0x30, 6, 2, 1, 1, 2, 1, 1);
const key = Uint8Array.of(2, ...new Uint8Array(32).fill(7));
const sized = (bytes: Uint8Array) => concat(Uint8Array.of(bytes.length), bytes);

function withForeign(change: (rows: Parts["inputs"][number]) => void, theirs = stranger): string {
  const parts = plan(single, { inputs: [{}, { of: theirs }] });
  change(parts.inputs[1]!);
  return reasonOf(single, encode(parts));
}

test("signatures of others have the type ALL, and DEFAULT for taproot; any other type refuses, finished or not", () => {
  const taproot = purse("p2tr", { phrases: [PHRASES[1]] });
  const stack = (...items: Uint8Array[]) =>
    row(0x08, concat(Uint8Array.of(items.length), ...items.map(sized)));
  for (const type of [1, 2, 3, 0x81, 0x83]) {
    const expected = type === 1 ? "understood" : "bitcoin.sighash";
    const signature = concat(der, Uint8Array.of(type));
    const schnorr = concat(new Uint8Array(64).fill(3), Uint8Array.of(type));
    assert.equal(
      withForeign((rows) => rows.push(row(0x02, signature, key))),
      expected,
    );
    assert.equal(
      withForeign((rows) => rows.push(stack(signature, key))),
      expected,
    );
    assert.equal(
      withForeign((rows) => rows.push(row(0x07, concat(sized(signature), sized(key))))),
      expected,
    );
    assert.equal(
      withForeign((rows) => rows.push(row(0x07, concat(Uint8Array.of(0x4c), sized(signature))))),
      expected,
    );
    assert.equal(
      withForeign((rows) => rows.push(row(0x13, schnorr)), taproot),
      expected,
    );
    assert.equal(
      withForeign((rows) => rows.push(stack(schnorr)), taproot),
      expected,
    );
    assert.equal(
      withForeign((rows) => rows.push(stack(schnorr, Uint8Array.of(0x50, 1))), taproot),
      expected,
    );
    const script = [Uint8Array.of(0x51), concat(Uint8Array.of(0xc0), new Uint8Array(32))];
    assert.equal(
      withForeign((rows) => rows.push(stack(schnorr, ...script)), taproot),
      expected,
    );
    assert.equal(
      withForeign((rows) => rows.push(row(0x03, u32le(type)))),
      expected,
    );
  }
});

test("malformed signatures of others are refused", () => {
  for (const value of [
    new Uint8Array(0),
    Uint8Array.of(1),
    concat(
      der.map((byte, i) => (i === 1 ? 7 : byte)),
      Uint8Array.of(1),
    ),
  ])
    assert.equal(
      withForeign((rows) => rows.push(row(0x02, value, key))),
      "bitcoin.signature-invalid",
    );
  assert.equal(
    withForeign((rows) => rows.push(row(0x13, new Uint8Array(64)))),
    "bitcoin.signature-invalid",
  );
  assert.equal(
    withForeign((rows) => rows.push(row(0x08, Uint8Array.of(2, 1, 0)))),
    "bitcoin.psbt-malformed",
  );
  assert.equal(
    withForeign((rows) => rows.push(row(0x07, Uint8Array.of(5, 1)))),
    "bitcoin.psbt-malformed",
  );
});

test("an old-style input of others without its previous transaction is refused, a missing coin too", () => {
  for (const form of ["p2pkh", "p2sh"] as const) {
    const theirs = purse(form, { phrases: [PHRASES[1]], threshold: 1 });
    const utxo = row(0x01, concat(u64le(100_000n), sized(theirs.template.derive(0, 1).scriptPubKey)));
    const reason = withForeign((rows) => rows.splice(0, 1, utxo), theirs);
    assert.equal(reason, "bitcoin.legacy-needs-previous", form);
  }
  assert.equal(
    withForeign((rows) => rows.splice(0, 2)),
    "bitcoin.missing-utxo",
  );
});

// ---------------------------------------------------------------- what is unusual

test("what is unusual is said to the policy, each thing for itself and nothing else", () => {
  const of = (what: Plan) => request(single, psbt(single, what)).spend;
  const pay = { foreign: 1, amountSats: 10_000n };
  const bare = concat(Uint8Array.of(33), key, Uint8Array.of(0xac));
  assert.deepEqual(of({}).unusual, []);
  assert.deepEqual(of({ previous: false }).unusual, ["unproven fee"]);
  assert.deepEqual(of({ outputs: [pay, { script: bare, amountSats: 10_000n }] }).unusual, ["unknown script"]);
  assert.deepEqual(of({ outputs: [pay, { script: Uint8Array.of(0x6a, 1, 7), amountSats: 0n }] }).unusual, [
    "data output",
  ]);
  assert.deepEqual(of({ lockTime: 1_900_000_000 }).unusual, ["lock time"]);
  assert.deepEqual(of({ lockTime: 2_000_000 }).unusual, ["lock time"]);
  assert.deepEqual(of({ lockTime: 1_999_999 }).unusual, []);
  assert.deepEqual(of({ sequence: 144 }).unusual, ["lock time"]);
  assert.deepEqual(of({ sequence: 144, txVersion: 1 }).unusual, []);
});

test("a lock time is told to the policy where it has an effect, and only there", () => {
  const lock = (lockTime: number, sequence: number) =>
    request(single, psbt(single, { lockTime, sequence })).spend.lockTime;
  assert.equal(lock(800_000, 0xfffffffe), 800_000);
  assert.equal(lock(800_000, 0xffffffff), undefined);
  assert.equal(lock(0, 0xfffffffd), undefined);
  // One sequence that is not final is enough, whoever's input it is: all of them are signed.
  const inputs = [{ sequence: 0xffffffff }, { of: stranger, sequence: 0 }];
  assert.equal(request(single, psbt(single, { inputs, lockTime: 800_000 })).spend.lockTime, 800_000);
});

test("doubling the inputs of others doubles no more than the reading of them", () => {
  let operations = 0;
  const counting = {
    ...single.curve,
    addPublic: (point: Uint8Array, tweak: Uint8Array) => {
      operations++;
      return single.curve.addPublic(point, tweak);
    },
  };
  const counted = (count: number) => {
    const own = purse("p2wpkh", { curve: counting });
    const theirs = Array.from({ length: count }, (_, index) => ({ of: stranger, index }));
    const parts = plan(own, { inputs: [{}, ...theirs] });
    const bytes = encode(unmarked(parts, ...theirs.map((_, i) => i + 1)));
    operations = 0;
    request(own, bytes);
    return operations;
  };
  // Both branches of the one wallet are looked through once, however many inputs are looked for.
  assert.deepEqual([counted(20), counted(40)], [counted(20), counted(20)]);
  assert.ok(counted(40) <= 2_010, `${counted(40)}`);
});
