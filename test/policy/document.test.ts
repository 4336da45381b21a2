import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { NETWORKS, type Policy } from "../../src/model.ts";
import {
  checkPolicy,
  firstPolicy,
  judge,
  parsePolicy,
  policyFingerprint,
  sentences,
  writePolicy,
} from "../../src/policy/index.ts";
import { Refusal } from "../../src/refusal.ts";
import { anyPolicy, BTC, NOW, POLICY, spend } from "./cases.ts";

const FILE = {
  version: 1,
  mostPerTransactionSats: "50000000",
  mostPerDaySats: "100000000",
  mostFeeSats: "100000",
  mostFeeRate: "200",
  mostFeePercent: "10",
  destinations: "any",
  unprovenFees: "refuse",
};

test("a policy file is read, and written in one canonical form", () => {
  assert.deepEqual(parsePolicy(JSON.stringify(FILE, null, 2)), POLICY);
  assert.equal(writePolicy(POLICY), JSON.stringify(FILE));
  const shuffled = Object.fromEntries(Object.entries(FILE).reverse());
  assert.equal(writePolicy(parsePolicy(JSON.stringify(shuffled))), JSON.stringify(FILE));
});

test("whatever policy is written is read again as the same", () => {
  fc.assert(fc.property(anyPolicy, (policy) => assert.deepEqual(parsePolicy(writePolicy(policy)), policy)));
});

/** Each wrong file, and the key that its refusal must name. */
const WRONG: [string, Record<string, unknown>, RegExp][] = [
  ["a number instead of a decimal string", { mostPerDaySats: 100000000 }, /^mostPerDaySats: .*quotes/],
  ["a fraction of a sat", { mostFeeSats: "0.5" }, /^mostFeeSats: must be whole sats/],
  ["an amount in BTC", { mostPerTransactionSats: "1 BTC" }, /^mostPerTransactionSats: must be whole sats/],
  ["an amount with a thousands separator", { mostFeeSats: "100,000" }, /^mostFeeSats/],
  ["a leading zero", { mostFeeSats: "0100" }, /^mostFeeSats/],
  ["a negative amount", { mostFeeSats: "-1" }, /^mostFeeSats/],
  ["a hexadecimal amount", { mostFeeSats: "0x10" }, /^mostFeeSats/],
  ["a limit of nothing", { mostPerDaySats: "0" }, /^mostPerDaySats: nothing could ever pass/],
  [
    "more than all bitcoin",
    { mostPerDaySats: "2100000000000001" },
    /^mostPerDaySats: is more than all bitcoin/,
  ],
  [
    "a transaction larger than a day",
    { mostPerDaySats: "49999999" },
    /^mostPerTransactionSats: is more than a whole day/,
  ],
  ["a rate as a number", { mostFeeRate: 200 }, /^mostFeeRate/],
  ["a rate with its unit", { mostFeeRate: "200 sat/vB" }, /^mostFeeRate/],
  ["a rate with an exponent", { mostFeeRate: "2e2" }, /^mostFeeRate/],
  ["a rate of nothing", { mostFeeRate: "0" }, /^mostFeeRate: nothing could ever pass/],
  ["a percent sign", { mostFeePercent: "10%" }, /^mostFeePercent/],
  ["trailing zeros", { mostFeePercent: "10.50" }, /^mostFeePercent/],
  ["no destinations at all", { destinations: [] }, /^destinations: an empty list/],
  [
    "a destination twice",
    { destinations: ["bc1qa", "BC1QA"] },
    /^destinations: an address stands there twice/,
  ],
  ["a destination of 129 characters", { destinations: ["a".repeat(129)] }, /^destinations: each must be/],
  [
    "501 destinations",
    { destinations: Array.from({ length: 501 }, (_, i) => `bc1q${i}`) },
    /^destinations: the list is too long/,
  ],
  ["a rate that no fee could reach", { mostFeeRate: "1000000.001" }, /^mostFeeRate: is more than 1000000/],
  ["a destination that is no text", { destinations: [1] }, /^destinations/],
  ["a destination with a control character", { destinations: ["bc1q\u202ea"] }, /^destinations/],
  ["another word for any", { destinations: "all" }, /^destinations/],
  ["another word for refuse", { unprovenFees: "deny" }, /^unprovenFees/],
  ["a truth value", { unprovenFees: true }, /^unprovenFees/],
  ["another version", { version: 2 }, /^version/],
  ["a version as text", { version: "1" }, /^version/],
  ["an unknown key", { mostPerWeekSats: "1" }, /^mostPerWeekSats: is not a known key/],
];

for (const [what, change, detail] of WRONG)
  test(`a policy with ${what} is refused, and the key is named`, () => {
    assert.throws(
      () => parsePolicy(JSON.stringify({ ...FILE, ...change })),
      (error: Refusal) => error.reason === "policy.malformed" && detail.test(error.detail),
    );
  });

test("a missing key is named, whichever it is", () => {
  for (const key of Object.keys(FILE)) {
    const { [key as keyof typeof FILE]: _, ...rest } = FILE;
    assert.throws(
      () => parsePolicy(JSON.stringify(rest)),
      (error: Refusal) => error.detail === `${key}: is missing`,
    );
  }
});

test("a key that stands there twice, also in disguise, does not win over the first", () => {
  const text = JSON.stringify(FILE);
  const twice = text.replace("{", '{"mostFeeSats" : "1",');
  assert.throws(
    () => parsePolicy(twice),
    (error: Refusal) => error.detail === "mostFeeSats: stands there twice",
  );
  const disguised = text.replace("{", '{"mostFee\\u0053ats":"1",');
  assert.throws(() => parsePolicy(disguised), { reason: "policy.malformed" });
  const proto = text.replace("{", '{"__proto__":{},');
  assert.throws(
    () => parsePolicy(proto),
    (error: Refusal) => error.detail === "__proto__: is not a known key",
  );
});

test("any text at all is a policy or a refusal by name", () => {
  const piece = fc.constantFrom(
    "{",
    "}",
    '"',
    ":",
    ",",
    "[",
    "]",
    "1",
    '"version":1',
    '"destinations":',
    "null",
    "\\",
  );
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.json(),
    fc.array(piece, { maxLength: 30 }).map((parts) => parts.join("")),
    fc
      .tuple(fc.nat(300), fc.string({ maxLength: 3 }))
      .map(([at, put]) => JSON.stringify(FILE).slice(0, at) + put + JSON.stringify(FILE).slice(at + 1)),
  );
  fc.assert(
    fc.property(text, (value) => {
      try {
        checkPolicy(parsePolicy(value));
      } catch (error) {
        assert.ok(error instanceof Refusal);
        assert.equal(error.reason, "policy.malformed");
      }
    }),
    { numRuns: 2000 },
  );
  assert.throws(() => parsePolicy(" ".repeat(1_000_000)), { reason: "policy.malformed" });
});

test("a refused edit changes nothing: what cannot be read again is never written", () => {
  for (const bad of [
    { mostFeeRate: 12.3456 },
    { mostFeePercent: 1e-7 },
    { mostFeeRate: Number.NaN },
    { mostFeeSats: -1n },
  ])
    assert.throws(() => writePolicy({ ...POLICY, ...bad }), { reason: "policy.malformed" });
});

test("an address in capitals is the address that Firn writes", () => {
  assert.deepEqual(parsePolicy(JSON.stringify({ ...FILE, destinations: ["BC1QXY", "3Jaa"] })).destinations, [
    "bc1qxy",
    "3Jaa",
  ]);
});

test("a policy in sentences says every limit exactly", () => {
  const policy: Policy = {
    ...POLICY,
    mostFeeRate: 12.5,
    mostFeeSats: 123_456n,
    destinations: ["bc1qa", "bc1qb"],
  };
  assert.deepEqual(sentences(policy, "signet"), [
    "These rules hold for every key on this device, on signet.",
    "One transaction may take at most 0.5 BTC, its fee included.",
    "Any 24 hours may take at most 1 BTC, fees included.",
    "Money may go to these only: bc1qa, bc1qb.",
    "A fee may be at most 0.00123456 BTC.",
    "A fee may be at most 12.5 sat/vB.",
    "A fee may be at most 10 % of what is sent.",
    "A fee that is not proven is refused.",
  ]);
});

test("different policies say different sentences and have different fingerprints", () => {
  fc.assert(
    fc.property(anyPolicy, anyPolicy, (a, b) => {
      const same = writePolicy(a) === writePolicy(b);
      assert.equal(sentences(a, "mainnet").join("\n") === sentences(b, "mainnet").join("\n"), same);
      assert.equal(policyFingerprint(a) === policyFingerprint(b), same);
    }),
  );
  assert.match(policyFingerprint(POLICY), /^[0-9a-f]{8}$/);
});

test("practice networks are offered 100 and 1,000 BTC, the simulator on mainnet 1 and 1, a board nothing", () => {
  for (const network of NETWORKS)
    for (const machine of ["simulator", "board"] as const) {
      const policy = firstPolicy(network, machine);
      if (network === "mainnet" && machine === "board") {
        assert.equal(policy, undefined);
        continue;
      }
      const [most, day] = network === "mainnet" ? [BTC, BTC] : [100n * BTC, 1_000n * BTC];
      assert.equal(policy!.mostPerTransactionSats, most);
      assert.equal(policy!.mostPerDaySats, day);
      assert.equal(policy!.destinations, "any");
      assert.equal(policy!.unprovenFees, "refuse");
      assert.deepEqual(parsePolicy(writePolicy(policy!)), policy);
      const ordinary = spend({ leavesSats: BTC, feeSats: 50_000n, feeRate: 300, feePercent: 20 });
      assert.equal(judge(policy, ordinary, [], NOW).outcome, "allow");
      assert.equal(judge(policy, spend({ feeProven: false }), [], NOW).outcome, "refuse");
    }
});
