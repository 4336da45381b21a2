// What is shown of a transaction, what it can cost, and the answer that leaves.

import assert from "node:assert/strict";
import { test } from "node:test";
import { getBytes, getCreateAddress, hexlify, keccak256, toBeHex, Wallet } from "ethers";
import fc from "fast-check";
import { Transaction } from "micro-eth-signer";
import { getContractAddress } from "viem";
import type { Act, ActFact } from "../../src/act.ts";
import { inSymbol } from "../../src/assets.ts";
import { toHex } from "../../src/bytes.ts";
import type { Address } from "../../src/eip55.ts";
import { actsOfCall } from "../../src/ethereum/calls/index.ts";
import type { CallToRead, Context } from "../../src/ethereum/context.ts";
import {
  actsOfTransaction,
  checkSigned,
  factsOfTransaction,
  mostFee,
  readTransaction,
  recoveryOf,
  writeSignature,
} from "../../src/ethereum/transaction/index.ts";
import { nobleCurve } from "../../src/keys/curve-noble.ts";
import { dataTypeOf, type Plan, planOf, unsignedBytes } from "./transaction-plans.ts";

const KEY = `0x${"46".repeat(32)}`;
const ACCOUNT = new Wallet(KEY).address as Address;
const OTHER_KEY = `0x${"47".repeat(32)}`;
const OTHER = new Wallet(OTHER_KEY).address as Address;
const TO = "0x3535353535353535353535353535353535353535";
const ZERO = `0x${"00".repeat(20)}`;
const curve = nobleCurve();

const PLAN: Plan = {
  ...{
    type: 2,
    chainId: 1n,
    nonce: 9n,
    to: TO,
    value: 10n ** 18n,
    data: new Uint8Array(0),
    gasLimit: 21_000n,
  },
  ...{
    price: 20_000_000_000n,
    priority: 1_500_000_000n,
    access: [],
    blobs: [],
    blobFee: 0n,
    authorizations: [],
  },
};
const of = (plan: Partial<Plan>) => {
  const whole = { ...PLAN, ...plan };
  return readTransaction(unsignedBytes(whole), dataTypeOf(whole));
};

/** An act that takes so much of the coin, as whoever reads calls would answer. */
function answer(units: bigint, asset = "coin/eth"): Act {
  return {
    ...{ title: "A call", tone: "calm", facts: [], says: [], oddities: [], destinations: [], allowances: [] },
    ...{ calls: [], delegates: [], depth: 0, takes: units === 0n ? [] : [{ asset, units }] },
  };
}

function context(readCall: Context["readCall"] = ({ value }) => [answer(value)]): Context {
  const names: Readonly<Record<string, string>> = { [ACCOUNT]: "your account 0", [TO]: "A Contract" };
  return {
    ...{ account: ACCOUNT, nowSeconds: 0n, safes: [], readCall },
    nameOf: (_, address) => names[address],
  };
}

function written({ value }: ActFact): string {
  switch (value.kind) {
    case "amount":
      return inSymbol(value.amount);
    case "address":
      return value.name === undefined ? value.address : `${value.address} ${value.name}`;
    case "bytes":
      return hexlify(value.bytes);
    case "number":
      return value.value.toString();
    case "time":
      return value.seconds.toString();
    default:
      return value.text;
  }
}

const lines = (facts: readonly ActFact[]) =>
  facts.map((fact) => `${fact.label}: ${written(fact)}${fact.tone ? ` (${fact.tone})` : ""}`);

test("of a transaction its type, gas and its highest price are shown", () => {
  assert.deepEqual(lines(factsOfTransaction(of({}), context())), [
    "Type: with a highest fee (EIP 1559)",
    "Gas limit: 21000",
    "Highest price of gas: 20 gwei, with a tip of up to 1.5 gwei",
  ]);
  assert.deepEqual(lines(factsOfTransaction(of({ type: 0, price: 1n }), context())), [
    "Type: legacy, for one chain (EIP 155)",
    "Gas limit: 21000",
    "Price of gas: 0.000000001 gwei",
  ]);
});

test("an access list is shown by its contracts, blobs by their hashes and what they can cost", () => {
  const slot = `0x${"0b".repeat(32)}`;
  const access = [
    { address: TO, storageKeys: [slot] },
    { address: OTHER, storageKeys: [] },
  ];
  const blobs = [`0x01${"aa".repeat(31)}`, `0x01${"bb".repeat(31)}`];
  const tx = of({ type: 3, gasLimit: 100_000n, access, blobs, blobFee: 3n });
  assert.deepEqual(lines(factsOfTransaction(tx, context())).slice(3), [
    "Gas of its blobs: 262144",
    "Highest price of blob gas: 0.000000003 gwei",
    `Blob 1 of 2: ${blobs[0]}`,
    `Blob 2 of 2: ${blobs[1]}`,
    "Access list: 2 contracts, 1 slot",
    `Access 1 of 2: ${TO} A Contract`,
    `Access 2 of 2: ${OTHER}`,
  ]);
});

test("more gas than one transaction can have is said, and is no reason to refuse", () => {
  const at = (gasLimit: bigint, chainId = 1n) =>
    lines(factsOfTransaction(of({ gasLimit, chainId }), context()));
  assert.equal(at(2n ** 24n)[1], "Gas limit: 16777216");
  assert.deepEqual(at(2n ** 24n + 1n).slice(1, 3), [
    "Gas limit: 16777217 (caution)",
    "So much gas: more than Ethereum takes in one transaction (EIP 7825): it would not be carried out (caution)",
  ]);
  assert.equal(
    at(2n ** 24n + 1n, 42161n)[2],
    "So much gas: more than most chains take in one transaction (EIP 7825) (caution)",
  );
});

test("gas that does not even pay for the bytes is said, and is no reason to refuse: nothing would happen", () => {
  assert.deepEqual(lines(factsOfTransaction(of({ gasLimit: 20_999n }), context())).slice(1, 3), [
    "Gas limit: 20999 (caution)",
    "So little gas: Ethereum asks 21000 at the least for this: it would not be carried out (caution)",
  ]);
});

test("chains that charge for more than gas are said to, and those that Firn does not know", () => {
  const more = "Beside gas: this chain may charge for data too: no transaction can bound that (caution)";
  const last = (chainId: bigint) => lines(factsOfTransaction(of({ chainId }), context())).at(-1);
  for (const chainId of [10n, 8453n, 534352n, 987654321n]) assert.equal(last(chainId), more);
  for (const chainId of [1n, 56n, 137n, 42161n]) assert.match(last(chainId)!, /^Highest price of gas/);
});

test("the most that it can cost is what a second library reckons, of 1,000 transactions", () => {
  fc.assert(
    fc.property(fc.constantFrom(0 as const, 1 as const, 2 as const, 3 as const).chain(planOf), (plan) => {
      const bytes = unsignedBytes(plan);
      assert.equal(mostFee(readTransaction(bytes, dataTypeOf(plan))).units, Transaction.fromBytes(bytes).fee);
    }),
    { numRuns: 1000 },
  );
});

// ---------------------------------------------------------------- acts

test("whoever is called is read by the reader of calls, whole", () => {
  const asked: CallToRead[] = [];
  const data = Uint8Array.of(1, 2, 3, 4);
  const reader = context((call) => {
    asked.push(call);
    return [answer(10n ** 17n), answer(9n * 10n ** 17n)];
  });
  assert.equal(actsOfTransaction(of({ data, gasLimit: 30_000n }), reader).length, 2);
  actsOfTransaction(of({}), reader);
  const call = { chainId: 1n, from: ACCOUNT, to: TO, value: 10n ** 18n, depth: 0 };
  assert.deepEqual(
    asked.map((one) => ({ ...one, data: [...one.data] })),
    [
      { ...call, data: [1, 2, 3, 4] },
      { ...call, data: [] },
    ],
  );
});

test("acts that tell of less coin than is signed are refused, whatever else they take", () => {
  for (const acts of [[], [answer(10n ** 18n - 1n)], [answer(10n ** 18n, "1/0xaa")]])
    assert.throws(
      () =>
        actsOfTransaction(
          of({}),
          context(() => acts),
        ),
      { reason: "ethereum.readers-disagree", detail: "value: the acts tell of less" },
    );
});

/** Selectors that Firn reads, each with bytes behind it that fit it or not. */
const SELECTORS = [
  "a9059cbb",
  "095ea7b3",
  "23b872dd",
  "d0e30db0",
  "ac9650d8",
  "6a761202",
  "8d80ff0a",
  "3593564c",
];

test("coin that is sent with a call is never told of as less than it is, whatever the call", () => {
  const known: Context = { ...context(), readCall: (call) => actsOfCall(call, known) };
  const calldata = fc
    .tuple(fc.constantFrom(...SELECTORS), fc.array(fc.nat({ max: 255 }), { maxLength: 6 }))
    .map(([selector, words]) =>
      getBytes(`0x${selector}${words.map((one) => toBeHex(one, 32).slice(2)).join("")}`),
    );
  const data = fc.oneof(calldata, fc.uint8Array({ maxLength: 40 }));
  fc.assert(
    fc.property(planOf(2), data, (plan, bytes) => {
      const whole = { ...plan, to: plan.to ?? TO, data: bytes, chainId: 1n, authorizations: [] };
      const tx = readTransaction(unsignedBytes(whole), 4);
      const acts = actsOfTransaction(tx, known);
      assert.ok(acts.length > 0);
      const coin = acts.flatMap(({ takes }) => takes).filter(({ asset }) => asset === "coin/eth");
      assert.ok(coin.reduce((sum, { units }) => sum + units, 0n) >= tx.value);
    }),
    { numRuns: 1500 },
  );
});

test("a new contract is shown by its address, and by the length and hash of its code; policies must speak of it", () => {
  const data = Uint8Array.from({ length: 70 }, (_, i) => i);
  const { to, ...plan } = PLAN;
  const tx = readTransaction(unsignedBytes({ ...plan, data, gasLimit: 60_000n }), 4);
  const [act, ...more] = actsOfTransaction(
    tx,
    context(() => assert.fail("there is nobody to call")),
  );
  const created = getCreateAddress({ from: ACCOUNT, nonce: 9 });
  assert.equal(getContractAddress({ from: ACCOUNT, nonce: 9n }), created);
  assert.equal(more.length, 0);
  assert.deepEqual(lines(act!.facts), [
    "Amount: 1 ETH",
    `New contract: ${created}`,
    "Length of its code: 70 bytes",
    `Hash of its code: ${keccak256(data)}`,
  ]);
  const amount = { asset: "coin/eth", units: 10n ** 18n };
  assert.deepEqual([act!.tone, act!.oddities, act!.takes], ["danger", ["contract creation"], [amount]]);
  assert.deepEqual(act!.destinations, [{ to: created, amount }]);
  assert.match(act!.says.join(" "), /Firn cannot tell what it does.*only its code can give it back/);

  const empty = readTransaction(unsignedBytes({ ...plan, value: 0n, gasLimit: 60_000n }), 4);
  const [bare] = actsOfTransaction(empty, context());
  assert.deepEqual([bare!.takes, bare!.destinations], [[], []]);
  assert.match(bare!.says.join(" "), /There is no code/);
});

function handover(key: string, address: string, chainId: bigint, nonce = 9n) {
  const authorizations = [new Wallet(key).authorizeSync({ address, chainId, nonce })];
  return actsOfTransaction(of({ type: 4, gasLimit: 90_000n, authorizations }), context());
}

test("a handover of the account stands first, in red, with the code that takes it over; policies hear of it", () => {
  const [act, call] = handover(KEY, TO, 0n, 10n);
  assert.deepEqual(lines(act!.facts), [
    `Account: ${ACCOUNT} your account 0`,
    `Code at: ${TO} A Contract`,
    "Where: on every chain",
    "Nonce of that account: 10",
  ]);
  assert.equal(act!.title, "Hand an account over");
  assert.deepEqual([act!.tone, act!.oddities, act!.delegates], ["danger", ["account delegation"], [TO]]);
  assert.deepEqual(act!.says, [
    `It hands the account over to the code at ${TO}.`,
    "That code can take everything in the account, now and later, until it is taken back.",
    "This is your account. The handover is signed already: whoever has this request can use it without you.",
  ]);
  assert.equal(call!.title, "A call");
});

test("a handover of somebody else's account is as red, and says whose it is not", () => {
  const [act] = handover(OTHER_KEY, TO, 1n);
  assert.equal(lines(act!.facts)[0], `Account: ${OTHER}`);
  assert.equal(lines(act!.facts)[2], "Where: on this chain");
  assert.deepEqual([act!.tone, act!.oddities, act!.delegates], ["danger", ["account delegation"], [TO]]);
  assert.match(act!.says.join(" "), /not the account that signs here/);
});

test("a handover to nobody takes one back: said, and no delegation", () => {
  const [act] = handover(KEY, ZERO, 1n);
  assert.equal(act!.title, "Take a handover back");
  assert.deepEqual([act!.tone, act!.oddities, act!.delegates], ["caution", [], []]);
  assert.match(act!.says.join(" "), /runs no code of others any more/);
});

// ---------------------------------------------------------------- the answer

test("v is written as each kind needs it, of legacy in as many bytes as its chain takes", () => {
  const signature = new Uint8Array(64).fill(7);
  const v = (...[form, recovery, chainId]: [Parameters<typeof writeSignature>[0], 0 | 1, bigint?]) => {
    const reply = writeSignature(form, signature, recovery, chainId);
    assert.deepEqual(reply.subarray(0, 64), signature);
    return toHex(reply.subarray(64));
  };
  assert.deepEqual([v("legacy", 0, 1n), v("legacy", 1, 1n)], ["25", "26"]);
  assert.deepEqual([v("legacy", 0, 110n), v("legacy", 1, 110n)], ["ff", "0100"]);
  assert.deepEqual([v("legacy", 0, 137n), v("legacy", 0, 11155111n)], ["0135", "01546d71"]);
  assert.equal(v("legacy", 1, BigInt(Number.MAX_SAFE_INTEGER)), "40000000000022");
  assert.deepEqual([v("typed-transaction", 0, 1n), v("typed-transaction", 1, 137n)], ["00", "01"]);
  assert.deepEqual([v("message", 0), v("message", 1, 1n)], ["1b", "1c"]);
  assert.throws(() => writeSignature("legacy", signature, 0));
  assert.throws(() => writeSignature("legacy", new Uint8Array(65), 0, 1n));
});

test("a signature leads back to its own key and to no other", () => {
  const digest = new Uint8Array(32).fill(5);
  const signature = curve.signEcdsa(digest, getBytes(KEY));
  recoveryOf(curve, digest, signature, curve.publicKey(getBytes(KEY)));
  assert.throws(() => recoveryOf(curve, digest, signature, curve.publicKey(getBytes(OTHER_KEY))));
});

test("an answer that is not this transaction's by this account never leaves", () => {
  const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
  for (const type of [0, 1, 2] as const) {
    const plan = { ...PLAN, type, chainId: 137n };
    const bytes = unsignedBytes(plan);
    const digest = readTransaction(bytes, dataTypeOf(plan)).digest;
    const signature = curve.signEcdsa(digest, getBytes(KEY));
    const recovery = recoveryOf(curve, digest, signature, curve.publicKey(getBytes(KEY)));
    const form = type === 0 ? "legacy" : "typed-transaction";
    const reply = writeSignature(form, signature, recovery, 137n);
    checkSigned(bytes, reply, ACCOUNT);

    assert.throws(() => checkSigned(bytes, reply, OTHER));
    const other = recovery === 0 ? 1 : 0;
    assert.throws(() => checkSigned(bytes, writeSignature(form, signature, other, 137n), ACCOUNT));
    assert.throws(() => checkSigned(bytes, writeSignature("message", signature, recovery), ACCOUNT));
    assert.throws(() => checkSigned(bytes, writeSignature("legacy", signature, recovery, 1n), ACCOUNT));
    assert.throws(() => checkSigned(unsignedBytes({ ...plan, nonce: 10n }), reply, ACCOUNT));
    const high = (order - BigInt(hexlify(signature.subarray(32)))).toString(16).padStart(64, "0");
    const twin = getBytes(`0x${toHex(signature.subarray(0, 32))}${high}`);
    assert.throws(() => checkSigned(bytes, writeSignature(form, twin, other, 137n), ACCOUNT));
    for (let at = 0; at < 64; at += 7) {
      const wrong = reply.slice();
      wrong[at]! ^= 1;
      assert.throws(() => checkSigned(bytes, wrong, ACCOUNT), `byte ${at}`);
    }
  }
});
