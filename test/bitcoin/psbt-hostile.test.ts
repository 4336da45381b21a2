// What an attacker, a broken program or a careless cosigner could put into a PSBT.

import assert from "node:assert/strict";
import { test } from "node:test";
import { toDer } from "../../src/bitcoin/signatures.ts";
import type { ScriptForm } from "../../src/bitcoin/wallet.ts";
import { concat, toHex, u32be, u32le, u64le } from "../../src/bytes.ts";
import { signEcdsaLowR } from "../../src/keys/index.ts";
import { LIMITS, MAX_MONEY_SATS } from "../../src/limits.ts";
import type { Review } from "../../src/model.ts";
import {
  compactSize,
  curve,
  derivationRows,
  encode,
  encodeOutput,
  FORMS,
  foreignScript,
  heldBy,
  type Parts,
  PHRASES,
  type Plan,
  type Purse,
  plan,
  previousTx,
  psbt,
  purse,
  reasonOf,
  request,
  row,
  signed,
  tasksOf,
  txidOf,
  unsignedTx,
} from "./build.ts";

/** More of BIP 39's published phrases. */
const PRACTICE = [
  "letter advice cage absurd amount doctor acoustic avoid letter advice cage above",
  "legal winner thank year wave sausage worth useful legal winner thank year wave sausage worth useful legal will",
] as const;

const single = purse("p2wpkh");
const vault = purse("p2wsh");
const root = purse("p2tr");
const legacy = purse("p2pkh");

const reviewOf = (own: Purse, what: Plan, ...others: Purse[]): Review =>
  request(own, psbt(own, what), ...others).review;

/** The reason why this plan, changed like that, is refused. */
function changed(own: Purse, what: Plan, change: (parts: Parts) => void, ...others: Purse[]): string {
  const parts = plan(own, what);
  change(parts);
  return reasonOf(own, encode(parts), ...others);
}

/** The unsigned transaction of a plan with one input and one output, made by hand. */
function withTx(own: Purse, make: (parts: Parts) => Uint8Array): string {
  const parts = plan(own, {});
  parts.global = [row(0x00, make(parts))];
  return reasonOf(own, encode(parts));
}

const find = (parts: Parts, input: number, type: number) =>
  parts.inputs[input]!.find((one) => one.type === type)!;

const drop = (parts: Parts, input: number, ...types: number[]) => {
  parts.inputs[input] = parts.inputs[input]!.filter(({ type }) => !types.includes(type));
};

// ---------------------------------------------------------------- whose money is it

test("an output that claims our keys but is another script is foreign, not change", () => {
  const parts = plan(vault, {});
  const derived = vault.template.derive(1, 0);
  const thief = { ...parts };
  thief.outputs[0] = derivationRows(vault, derived, { plain: 0x02, tap: 0x07 });
  const { review } = request(vault, encode(thief));
  assert.equal(review.outputs[0]!.owner, "foreign");
  assert.equal(review.outputs[1]!.owner, "change");
});

test("a quorum of our key and two strangers is foreign, although our key is in it", () => {
  const strangers = purse("p2wsh", {
    phrases: [PHRASES[0], PRACTICE[0], PRACTICE[1]],
    threshold: 1,
  });
  const { outputs } = reviewOf(vault, {
    outputs: [{ of: strangers, branch: 1, index: 0, amountSats: 50_000n }],
  });
  assert.equal(outputs[0]!.owner, "foreign");
});

test("without any hint an output of ours is foreign, never guessed", () => {
  const parts = plan(single, {});
  parts.outputs[1] = [];
  assert.deepEqual(
    request(single, encode(parts)).review.outputs.map(({ owner }) => owner),
    ["foreign", "foreign"],
  );
});

test("hints under a zero or foreign fingerprint still only find what is derived here", () => {
  const parts = plan(single, {});
  for (const map of [...parts.inputs, ...parts.outputs])
    for (const one of map)
      if (one.value.length === 24) one.value = concat(new Uint8Array(4), one.value.slice(4));
  const { review } = request(single, encode(parts));
  assert.deepEqual(
    review.outputs.map(({ owner }) => owner),
    ["foreign", "change"],
  );
  assert.deepEqual(
    review.inputs.map(({ owner }) => owner),
    ["own"],
  );
});

test("a hardened or unknown branch is not ours", () => {
  for (const [branch, index] of [
    [2, 5],
    [0x80000001, 5],
    [1, 0x80000005],
  ] as const) {
    const parts = plan(single, {});
    const hint = parts.outputs[1]![0]!;
    hint.value = concat(hint.value.slice(0, 16), u32le(branch), u32le(index));
    assert.equal(request(single, encode(parts)).review.outputs[1]!.owner, "foreign", `${branch}/${index}`);
  }
});

test("change far past every index that was used counts as foreign, and is warned of", () => {
  const index = 2 ** 31 - 2;
  const { review, spend } = request(
    single,
    psbt(single, { outputs: [{ of: single, branch: 1, index, amountSats: 99_000n }] }),
  );
  assert.equal(review.outputs[0]!.owner, "foreign");
  assert.ok(review.warnings.includes("output-far-index"));
  assert.deepEqual(spend.takes, [{ asset: "btc", units: 100_000n }]);
  assert.equal(reviewOf(single, { inputs: [{ index }] }).warnings.includes("input-far-index"), true);
});

test("the last index that counts as ours is the one in LIMITS", () => {
  const at = (index: number) =>
    reviewOf(single, { outputs: [{ of: single, branch: 1, index, amountSats: 99_000n }] }).outputs[0]!.owner;
  assert.equal(at(LIMITS.addressIndex), "change");
  assert.equal(at(LIMITS.addressIndex + 1), "foreign");
});

test("an output to the receive branch, or to another wallet of ours, is own and not change", () => {
  const other = purse("p2tr", { name: "Savings" });
  const review = reviewOf(
    single,
    {
      outputs: [
        { of: single, branch: 0, index: 7, amountSats: 10_000n },
        { of: other, branch: 1, index: 3, amountSats: 20_000n },
        { of: single, branch: 1, index: 1, amountSats: 30_000n },
      ],
    },
    other,
  );
  assert.deepEqual(
    review.outputs.map(({ owner, wallet, path }) => [owner, wallet, path]),
    [
      ["own", "Vault", "0/7"],
      ["own", "Savings", "1/3"],
      ["change", "Vault", "1/1"],
    ],
  );
  assert.ok(review.warnings.includes("change-to-other-wallet"));
});

test("an address paid twice is warned of", () => {
  const outputs = [
    { foreign: 1, amountSats: 10_000n },
    { foreign: 1, amountSats: 10_000n },
  ];
  assert.ok(reviewOf(single, { outputs }).warnings.includes("repeated-output"));
});

test("every output without an address is shown with its script, and warned of", () => {
  const opReturn = concat(Uint8Array.of(0x6a, 0x4d, 0x03, 0x00), Uint8Array.of(1, 2, 3));
  const bare = concat(Uint8Array.of(33), new Uint8Array(33).fill(2), Uint8Array.of(0xac));
  const review = reviewOf(single, {
    outputs: [
      { script: opReturn, amountSats: 0n },
      { script: bare, amountSats: 10_000n },
      { script: new Uint8Array(0), amountSats: 10_000n },
    ],
  });
  assert.deepEqual(
    review.outputs.map(({ address, scriptHex, owner }) => [address, scriptHex, owner]),
    [opReturn, bare, new Uint8Array(0)].map((script) => [undefined, toHex(script), "foreign"]),
  );
  assert.ok(review.warnings.includes("script-without-address"));
  assert.ok(!review.warnings.includes("unspendable-output"));
});

test("an amount that goes to OP_RETURN is warned of as lost", () => {
  const outputs = [{ script: Uint8Array.of(0x6a, 1, 1), amountSats: 5_000n }];
  assert.ok(reviewOf(single, { outputs }).warnings.includes("unspendable-output"));
});

test("dust is warned of at the very sat at which nodes stop to relay it", () => {
  const dusty = (script: Uint8Array, amountSats: bigint) =>
    reviewOf(single, { outputs: [{ script, amountSats }] }).warnings.includes("dust-output");
  const p2pkh = legacy.template.derive(0, 0).scriptPubKey;
  for (const [script, least] of [
    [foreignScript(1), 294n],
    [root.template.derive(0, 0).scriptPubKey, 330n],
    [p2pkh, 546n],
  ] as const) {
    assert.ok(dusty(script, least - 1n));
    assert.ok(!dusty(script, least));
  }
});

test("inputs of another wallet of ours are understood, each by its own wallet; whether they may mix the policy says", () => {
  const other = purse("p2tr", { name: "Savings" });
  const { review, spend } = request(single, psbt(single, { inputs: [{}, { of: other }] }), other);
  assert.deepEqual(
    review.inputs.map(({ wallet }) => wallet),
    ["Vault", "Savings"],
  );
  assert.deepEqual(spend.unusual, ["mixed wallets"]);
});

test("inputs of somebody else among ours are understood and named; whether they may be there the policy says", () => {
  const stranger = purse("p2wpkh", { phrases: [PHRASES[1]] });
  const { review, spend } = request(single, psbt(single, { inputs: [{}, { of: stranger }] }));
  assert.deepEqual(
    review.inputs.map(({ owner, wallet }) => [owner, wallet]),
    [
      ["own", "Vault"],
      ["foreign", undefined],
    ],
  );
  assert.deepEqual(spend.unusual, ["foreign input"]);
});

test("a transaction with no input of ours is refused", () => {
  const stranger = purse("p2wpkh", { phrases: [PHRASES[1]] });
  assert.equal(reasonOf(single, psbt(stranger)), "bitcoin.not-ours");
});

test("an input that claims our key but is another script is not ours", () => {
  const stranger = purse("p2wpkh", { phrases: [PHRASES[1]] });
  const parts = plan(stranger, {});
  const claim = derivationRows(single, single.template.derive(0, 0), { plain: 0x06, tap: 0x16 });
  drop(parts, 0, 0x06);
  parts.inputs[0]!.push(...claim);
  assert.equal(reasonOf(single, encode(parts)), "bitcoin.not-ours");
});

test("a wallet of another network owns nothing here", () => {
  const other = purse("p2wpkh", { network: "testnet4" });
  const bytes = psbt(single);
  assert.equal(
    reasonOf({ ...single, wallet: { ...single.wallet, network: "testnet4" } }, bytes, other),
    "understood",
  );
  const mainnet = purse("p2wpkh", { network: "mainnet" });
  assert.equal(reasonOf(mainnet, bytes, single), "bitcoin.not-ours");
});

test("a flood of derivation paths that lead nowhere is refused, after a bounded number of derivations", () => {
  let derivations = 0;
  const counting = {
    ...curve,
    addPublic: (key: Uint8Array, tweak: Uint8Array) => {
      derivations++;
      return curve.addPublic(key, tweak);
    },
  };
  const own = purse("p2wpkh", { curve: counting });
  const outputs = Array.from({ length: 600 }, (_, i) => ({ foreign: i, amountSats: 100n }));
  const parts = plan(own, { outputs });
  parts.outputs.forEach((map, i) => {
    map.push(...derivationRows(own, own.template.derive(1, i), { plain: 0x02, tap: 0x07 }));
  });
  derivations = 0;
  assert.equal(reasonOf(own, encode(parts)), "bitcoin.false-paths");
  assert.ok(derivations <= LIMITS.falsePaths + 10, `${derivations}`);
});

// ---------------------------------------------------------------- amounts

test("an amount that is claimed for a segwit input must be the one in the previous transaction", () => {
  for (const own of [single, vault, root]) {
    const lie = (parts: Parts) => {
      const utxo = find(parts, 0, 0x01);
      utxo.value = concat(u64le(90_000n), utxo.value.slice(8));
    };
    assert.equal(changed(own, {}, lie), "bitcoin.utxo-mismatch", own.wallet.form);
  }
});

test("a script that is claimed must be the one in the previous transaction", () => {
  const lie = (parts: Parts) => {
    find(parts, 0, 0x01).value = encodeOutput(100_000n, foreignScript(9));
  };
  assert.equal(changed(single, {}, lie), "bitcoin.utxo-mismatch");
});

test("another previous transaction than the one that the input names is refused", () => {
  const swap = (parts: Parts) => {
    const output = encodeOutput(900_000n, single.template.derive(0, 0).scriptPubKey);
    find(parts, 0, 0x00).value = previousTx(77, [output]);
    drop(parts, 0, 0x01);
  };
  assert.equal(changed(single, {}, swap), "bitcoin.previous-mismatch");
});

test("one input's proof is none for another: a second, false previous transaction of the same id is refused", () => {
  const swap = (parts: Parts) => {
    const one = find(parts, 1, 0x00);
    one.value = concat(one.value.slice(0, -1), Uint8Array.of(1));
  };
  const inputs = [{ previous: 4 }, { previous: 4 }];
  assert.equal(
    changed(single, { inputs }, () => {}),
    "understood",
  );
  assert.equal(changed(single, { inputs }, swap), "bitcoin.previous-mismatch");
});

test("an output index beyond the previous transaction is refused", () => {
  const parts = plan(single, {});
  const previous = find(parts, 0, 0x00).value;
  const tx = unsignedTx(
    2,
    [{ txid: txidOf(previous), index: 9, sequence: 0 }],
    [{ amountSats: 1_000n, script: foreignScript(1) }],
    0,
  );
  parts.global = [row(0x00, tx)];
  parts.outputs = [[]];
  assert.equal(reasonOf(single, encode(parts)), "bitcoin.previous-mismatch");
});

test("a previous transaction with witnesses proves as much as one without", () => {
  const parts = plan(single, {});
  const one = find(parts, 0, 0x00);
  const witness = concat(Uint8Array.of(2, 3, 1, 2, 3), Uint8Array.of(0));
  one.value = concat(
    one.value.slice(0, 4),
    Uint8Array.of(0, 1),
    one.value.slice(4, -4),
    witness,
    one.value.slice(-4),
  );
  const { review } = request(single, encode(parts));
  assert.equal(review.feeProven, true);
});

test("segwit amounts that are only claimed leave the fee unproven, and say so", () => {
  for (const own of [single, vault, purse("p2sh-p2wpkh"), purse("p2sh-p2wsh")]) {
    const { review, spend } = request(own, psbt(own, { inputs: 2, previous: false }));
    assert.equal(review.feeProven, false);
    assert.equal(spend.feeProven, false);
    assert.ok(review.warnings.includes("fee-unproven"));
    assert.deepEqual(
      review.inputs.map(({ proven }) => proven),
      [false, false],
    );
  }
});

test("one input without its previous transaction is enough to leave the fee unproven", () => {
  const parts = plan(single, { inputs: 2 });
  drop(parts, 1, 0x00);
  assert.equal(request(single, encode(parts)).review.feeProven, false);
});

test("taproot inputs prove their amounts by the signature itself", () => {
  const { review } = request(root, psbt(root, { inputs: 2, previous: false }));
  assert.equal(review.feeProven, true);
  assert.ok(!review.warnings.includes("fee-unproven"));
});

test("a legacy input with no more than a witness UTXO is refused", () => {
  for (const own of [legacy, purse("p2sh")]) {
    const parts = plan(own, {});
    drop(parts, 0, 0x00);
    parts.inputs[0]!.push(row(0x01, encodeOutput(100_000n, own.template.derive(0, 0).scriptPubKey)));
    assert.equal(reasonOf(own, encode(parts)), "bitcoin.legacy-needs-previous", own.wallet.form);
  }
});

test("a missing UTXO is refused, with the input named", () => {
  const parts = plan(single, { inputs: 2 });
  drop(parts, 1, 0x00, 0x01);
  assert.throws(() => request(single, encode(parts)), {
    reason: "bitcoin.missing-utxo",
    detail: /^input 2: /,
  });
});

test("more going out than comes in is refused", () => {
  const outputs = [{ foreign: 1, amountSats: 100_001n }];
  assert.equal(reasonOf(single, psbt(single, { outputs })), "bitcoin.amounts");
});

test("an amount above all money, or below nothing, is refused, in any place", () => {
  for (const amountSats of [MAX_MONEY_SATS + 1n, 2n ** 63n, 2n ** 64n - 1n]) {
    assert.equal(
      reasonOf(single, psbt(single, { outputs: [{ foreign: 1, amountSats }] })),
      "bitcoin.amounts",
    );
    const outputs = [{ foreign: 1, amountSats: 1n }];
    assert.equal(reasonOf(single, psbt(single, { inputs: [{ amountSats }], outputs })), "bitcoin.amounts");
  }
});

test("sums above all money are refused", () => {
  const half = MAX_MONEY_SATS / 2n + 1n;
  const inputs = [{ amountSats: half }, { amountSats: half }];
  const outputs = [{ foreign: 1, amountSats: half }];
  assert.equal(reasonOf(single, psbt(single, { inputs, outputs })), "bitcoin.amounts");
});

test("rates and shares of the fee are rounded up, so that no limit is passed by rounding", () => {
  const spend = (feeSats: bigint) =>
    reviewOf(single, { outputs: [{ foreign: 1, amountSats: 100_000n - feeSats }] });
  // 1,000 of 99,000 are 1.010101… %.
  assert.equal(spend(1_000n).feePercent, 1.0102);
  const large = spend(50_000n);
  const vsize = Math.round(Number(large.feeSats) / large.feeRate);
  for (let feeSats = 1_000; feeSats < 1_050; feeSats++) {
    const { feeRate } = spend(BigInt(feeSats));
    assert.ok(
      feeRate * vsize > feeSats - 1e-6 && feeRate - feeSats / vsize < 0.001,
      `${feeSats}: ${feeRate}`,
    );
  }
});

test("all as fee is shown as what it is", () => {
  const outputs = [{ script: Uint8Array.of(0x6a, 1, 7), amountSats: 0n }];
  const { review, spend } = request(single, psbt(single, { outputs }));
  assert.equal(review.feeSats, 100_000n);
  assert.equal(review.feePercent, 1_000_000);
  assert.deepEqual(spend.takes, [{ asset: "btc", units: 100_000n }]);
  assert.ok(review.warnings.includes("fee-high"));
});

test("inputs of nothing to outputs of nothing divide by no zero", () => {
  const inputs = [{ amountSats: 0n }];
  const { feeSats, feePercent, feeRate } = reviewOf(single, {
    inputs,
    outputs: [{ foreign: 1, amountSats: 0n }],
  });
  assert.deepEqual([feeSats, feePercent, feeRate], [0n, 0, 0]);
});

// ---------------------------------------------------------------- shapes

test("the same coin twice is refused", () => {
  const inputs = [
    { index: 0, previous: 1 },
    { index: 1, previous: 2 },
  ];
  const parts = plan(single, { inputs, outputs: [{ foreign: 1, amountSats: 1_000n }] });
  const [one] = parts.inputs;
  const txid = txidOf(find(parts, 0, 0x00).value);
  const coin = { txid, index: 1, sequence: 0 };
  parts.global = [
    row(0x00, unsignedTx(2, [coin, coin], [{ amountSats: 1_000n, script: foreignScript(1) }], 0)),
  ];
  parts.inputs = [one!, one!];
  assert.equal(reasonOf(single, encode(parts)), "bitcoin.duplicate-input");
});

test("an input that spends no coin is refused", () => {
  const outputs = [{ amountSats: 1_000n, script: foreignScript(1) }];
  for (const coin of [
    { txid: new Uint8Array(32), index: 0xffffffff, sequence: 0 },
    { txid: new Uint8Array(32), index: 0, sequence: 0 },
    { txid: new Uint8Array(32).fill(1), index: 0xffffffff, sequence: 0 },
  ]) {
    const reason = withTx(single, (parts) => {
      parts.outputs = [[]];
      return unsignedTx(2, [coin], outputs, 0);
    });
    assert.equal(reason, "bitcoin.null-input");
  }
});

test("nothing spent, or nobody paid, is refused", () => {
  const none = withTx(single, (parts) => {
    parts.inputs = [];
    parts.outputs = [[]];
    return unsignedTx(2, [], [{ amountSats: 1n, script: foreignScript(1) }], 0);
  });
  assert.equal(none, "bitcoin.no-inputs");
  assert.equal(reasonOf(single, psbt(single, { outputs: [] })), "bitcoin.no-outputs");
});

test("an unusual version of transaction is warned of, 1 to 3 are not", () => {
  for (const txVersion of [0, 1, 2, 3, 4, 0xffffffff]) {
    const unusual = reviewOf(single, { txVersion }).warnings.includes("unusual-version");
    assert.equal(unusual, txVersion < 1 || txVersion > 3, `${txVersion}`);
  }
});

test("more inputs or outputs than LIMITS allows are refused before they are read", () => {
  const many = (inputs: number, outputs: number) =>
    encode({
      global: [
        row(0x02, u32le(2)),
        row(0x04, compactSize(inputs)),
        row(0x05, compactSize(outputs)),
        row(0xfb, u32le(2)),
      ],
      inputs: [],
      outputs: [],
    });
  assert.equal(reasonOf(single, many(LIMITS.inputs + 1, 1)), "bitcoin.too-large");
  assert.equal(reasonOf(single, many(1, LIMITS.outputs + 1)), "bitcoin.too-large");
  assert.equal(reasonOf(single, many(0xfffffff0, 1)), "bitcoin.too-large");
  assert.equal(reasonOf(single, many(1000, 1000)), "bitcoin.psbt-malformed");
});

test("a message beyond the limit is refused unread", () => {
  assert.equal(reasonOf(single, new Uint8Array(LIMITS.messageBytes + 1)), "bitcoin.too-large");
});

test("more rows than a map or a PSBT may have are refused", () => {
  const unknown = (i: number) => row(0x77, new Uint8Array(0), u32be(i));
  const rows = Array.from({ length: LIMITS.psbtMapRows + 1 }, (_, i) => unknown(i));
  assert.equal(
    changed(single, {}, (parts) => parts.inputs[0]!.push(...rows)),
    "bitcoin.too-large",
  );
});

test("a lock time has an effect only where some sequence is not final", () => {
  const final = reviewOf(single, { lockTime: 3_000_000, sequence: 0xffffffff });
  assert.deepEqual([final.lockTime, final.lockTimeHolds, final.replaceable], [3_000_000, false, false]);
  assert.ok(!final.warnings.includes("lock-time"));
  const holds = reviewOf(single, { lockTime: 1_900_000_000, sequence: 0xfffffffe });
  assert.deepEqual([holds.lockTimeHolds, holds.replaceable], [true, false]);
  assert.ok(holds.warnings.includes("lock-time"));
  assert.equal(reviewOf(single, { sequence: 0xfffffffd }).replaceable, true);
  for (const inputs of [
    [{ sequence: 0xffffffff }, { sequence: 0xfffffffd }],
    [{ sequence: 0xfffffffd }, { sequence: 0xffffffff }],
  ]) {
    const mixed = reviewOf(single, { lockTime: 1_900_000_000, inputs });
    assert.deepEqual([mixed.lockTimeHolds, mixed.replaceable], [true, true], "one input is enough");
  }
});

test("a wait for a coin's age is warned of from version 2 on", () => {
  const waits = (sequence: number, txVersion: number) =>
    reviewOf(single, { sequence, txVersion }).warnings.includes("relative-lock-time");
  assert.equal(waits(144, 2), true);
  assert.equal(waits(0x400001, 2), true);
  assert.equal(waits(144, 1), false);
  assert.equal(waits(0xfffffffd, 2), false);
});

// ---------------------------------------------------------------- what is signed

const TYPES = [0, 2, 3, 0x80, 0x81, 0x82, 0x83, 4, 0x41, 0x101, 0xffffffff];

test("every signature type but ALL is refused, in words", () => {
  for (const own of [single, vault, legacy])
    for (const sighash of TYPES)
      assert.equal(reasonOf(own, psbt(own, { sighash })), "bitcoin.sighash", `${own.wallet.form} ${sighash}`);
  assert.throws(() => request(single, psbt(single, { sighash: 3 })), {
    detail: /SINGLE: all outputs but one/,
  });
  assert.throws(() => request(single, psbt(single, { sighash: 0x82 })), { detail: /ANYONECANPAY with NONE/ });
  assert.equal(reasonOf(single, psbt(single, { sighash: 1 })), "understood");
});

test("for taproot DEFAULT and ALL are taken, nothing else", () => {
  for (const sighash of TYPES)
    assert.equal(
      reasonOf(root, psbt(root, { sighash })),
      sighash === 0 ? "understood" : "bitcoin.sighash",
      `${sighash}`,
    );
  assert.equal(reasonOf(root, psbt(root, { sighash: 1 })), "understood");
});

test("a refused type on any one input refuses all", () => {
  const change = (parts: Parts) => parts.inputs[2]!.push(row(0x03, u32le(0x81)));
  assert.equal(changed(single, { inputs: 3 }, change), "bitcoin.sighash");
});

test("a refused type hidden in a cosigner's signature is found", async () => {
  const reply = await signed(heldBy(vault, 1), psbt(vault));
  for (const type of [2, 3, 0x81]) {
    const bytes = reply.whole.bytes.slice();
    const der = toHex(bytes).indexOf("30440220") / 2;
    bytes[der + 0x46] = type;
    assert.equal(reasonOf(vault, bytes), "bitcoin.sighash", `${type}`);
  }
});

test("a cosigner's signature that does not verify is refused, one bit is enough", async () => {
  const reply = await signed(heldBy(vault, 1), psbt(vault));
  const bytes = reply.whole.bytes.slice();
  const der = toHex(bytes).indexOf("30440220") / 2;
  bytes[der + 20]! ^= 1;
  assert.equal(reasonOf(vault, bytes), "bitcoin.signature-invalid");
});

test("a taproot signature that does not verify is refused, on any input and of either type", async () => {
  const { bytes } = (await signed(root, psbt(root, { inputs: 2 }))).whole;
  const at = toHex(bytes).lastIndexOf("011340") / 2;
  const wrong = bytes.slice();
  wrong[at + 9]! ^= 1;
  assert.equal(reasonOf(root, bytes), "bitcoin.already-signed");
  assert.equal(reasonOf(root, wrong), "bitcoin.signature-invalid");
  const value = bytes.slice(at + 3, at + 67);
  for (const one of [value, concat(value, Uint8Array.of(1))]) {
    const change = (parts: Parts) => parts.inputs[0]!.push(row(0x13, one));
    assert.equal(changed(root, { inputs: 2 }, change), "bitcoin.signature-invalid");
  }
});

test("a cosigner's valid signature for another transaction is refused", async () => {
  const reply = await signed(heldBy(vault, 1), psbt(vault, { feeSats: 2_000n }));
  const hex = toHex(reply.whole.bytes);
  const parts = plan(vault, {});
  const key = vault.template.derive(0, 0).publicKeys[1]!;
  const start = hex.indexOf(`2202${toHex(key)}`) / 2 + 35;
  const value = reply.whole.bytes.slice(start + 1, start + 1 + reply.whole.bytes[start]!);
  parts.inputs[0]!.push(row(0x02, value, key));
  assert.equal(reasonOf(vault, encode(parts)), "bitcoin.signature-invalid");
});

test("a signature by a key that is not in the wallet is refused, though it is valid for this transaction", async () => {
  const secret = new Uint8Array(32).fill(9);
  for (const own of [single, vault]) {
    const [task] = await tasksOf(request(own, psbt(own)));
    const raw = signEcdsaLowR(curve, task!.digest, secret);
    const value = concat(toDer(raw), Uint8Array.of(1));
    const change = (parts: Parts) => parts.inputs[0]!.push(row(0x02, value, curve.publicKey(secret)));
    assert.equal(changed(own, {}, change), "bitcoin.signature-invalid");
  }
});

test("a signature that is no strict DER is refused", () => {
  const key = vault.template.derive(0, 0).publicKeys[1]!;
  for (const value of [
    Uint8Array.of(1),
    new Uint8Array(0),
    concat(Uint8Array.of(0x30, 6, 2, 1, 1, 2, 1, 1, 0), Uint8Array.of(1)),
    concat(Uint8Array.of(0x30, 7, 2, 2, 0, 1, 2, 1, 1), Uint8Array.of(1)),
    concat(Uint8Array.of(0x30, 6, 2, 1, 0x81, 2, 1, 1), Uint8Array.of(1)),
  ]) {
    const change = (parts: Parts) => parts.inputs[0]!.push(row(0x02, value, key));
    assert.equal(changed(vault, {}, change), "bitcoin.signature-invalid", toHex(value));
  }
});

test("what is signed by us already is refused, or only the rest is signed", async () => {
  for (const own of [single, root, vault]) {
    const reply = await signed(own, psbt(own, { inputs: 2 }));
    assert.equal(reasonOf(own, reply.whole.bytes), "bitcoin.already-signed", own.wallet.form);
  }
});

test("an input that was finalised is refused", () => {
  const change = (parts: Parts) => parts.inputs[0]!.push(row(0x08, Uint8Array.of(1, 0)));
  assert.equal(changed(single, {}, change), "bitcoin.already-final");
  assert.equal(
    changed(legacy, {}, (parts) => parts.inputs[0]!.push(row(0x07, Uint8Array.of(0)))),
    "bitcoin.already-final",
  );
});

test("a redeem or witness script that is not the wallet's own is refused", () => {
  const stranger = purse("p2wsh", { phrases: [PHRASES[1], PHRASES[2]], threshold: 2 });
  const script = stranger.template.derive(0, 0).witnessScript!;
  for (const [form, type] of [
    ["p2wsh", 0x05],
    ["p2sh-p2wsh", 0x05],
    ["p2sh-p2wsh", 0x04],
    ["p2sh", 0x04],
    ["p2sh-p2wpkh", 0x04],
  ] as [ScriptForm, number][]) {
    const change = (parts: Parts) => {
      find(parts, 0, type).value = script;
    };
    assert.equal(changed(purse(form), {}, change), "bitcoin.script-mismatch", `${form} ${type}`);
  }
  const added = (parts: Parts) => parts.inputs[0]!.push(row(0x05, script));
  assert.equal(changed(single, {}, added), "bitcoin.script-mismatch");
});

test("a wrong script on an output of ours is refused too", () => {
  const change = (parts: Parts) => {
    parts.outputs[1]!.find(({ type }) => type === 0x01)!.value = new Uint8Array(10);
  };
  assert.equal(changed(vault, {}, change), "bitcoin.script-mismatch");
});

test("another internal key is refused", () => {
  const change = (parts: Parts) => {
    find(parts, 0, 0x17).value = new Uint8Array(32).fill(3);
  };
  assert.equal(changed(root, {}, change), "bitcoin.script-mismatch");
});

test("a merkle root, a leaf or a leaf's signature on a wallet of the key path alone is refused", () => {
  const leaf = row(0x15, Uint8Array.of(0x51, 0xc0), concat(Uint8Array.of(0xc0), new Uint8Array(32).fill(3)));
  for (const [one, reason] of [
    [row(0x18, new Uint8Array(32).fill(1)), "bitcoin.script-mismatch"],
    [leaf, "bitcoin.leaf-unknown"],
    [row(0x14, new Uint8Array(64), new Uint8Array(64)), "bitcoin.signature-invalid"],
  ] as const)
    assert.equal(
      changed(root, {}, (parts) => parts.inputs[0]!.push(one)),
      reason,
    );
  const tree = row(0x06, Uint8Array.of(0, 0xc0, 1, 0x51));
  assert.equal(
    changed(root, {}, (parts) => parts.outputs[1]!.push(tree)),
    "bitcoin.script-mismatch",
  );
});

test("a message to be signed is never taken for a payment", () => {
  const field = (parts: Parts) => parts.global.push(row(0x09, new Uint8Array(5)));
  assert.equal(changed(single, {}, field), "bitcoin.message-not-payment");
  const outputs = [{ script: Uint8Array.of(0x6a), amountSats: 0n }];
  assert.equal(reasonOf(single, psbt(single, { outputs })), "bitcoin.message-not-payment");
});

test("a silent payment whose script is not made yet is refused", () => {
  const change = (parts: Parts) => {
    parts.outputs[0] = [row(0x03, u64le(60_000n)), row(0x09, new Uint8Array(66).fill(2))];
  };
  assert.equal(changed(single, { version: 2 }, change), "bitcoin.silent-payment");
});

test("lock times that exclude each other are refused", () => {
  const change = (parts: Parts) => {
    parts.inputs[0]!.push(row(0x11, u32le(1_900_000_000)));
    parts.inputs[1]!.push(row(0x12, u32le(800_000)));
  };
  assert.equal(changed(single, { version: 2, inputs: 2 }, change), "bitcoin.lock-times-disagree");
});

test("an unknown version of PSBT is refused by its number", () => {
  const change = (parts: Parts) => parts.global.push(row(0xfb, u32le(1)));
  assert.equal(changed(single, {}, change), "bitcoin.psbt-version");
});

test("every form is understood whole in both versions, as a check of this file's own plans", () => {
  for (const form of FORMS)
    for (const version of [0, 2] as const) {
      const own = purse(form);
      const { warnings, outputs } = reviewOf(own, { version, inputs: 3 });
      assert.deepEqual(warnings, []);
      assert.deepEqual(
        outputs.map(({ owner }) => owner),
        ["foreign", "change"],
      );
    }
});
