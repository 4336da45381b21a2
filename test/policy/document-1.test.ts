import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parsePolicy, writePolicy } from "../../src/policy/index.ts";
import { Refusal } from "../../src/refusal.ts";
import { PLACES } from "./policies.ts";

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

const AS_RULES = `Firn policy 2
Number 1
Network mainnet
Loosening waits 1 day
Reasons shown

For everything
At most 0.5 BTC per transaction
At most 1 BTC per day
To any destination
Fee at most 0.001 BTC
Fee at most 200 sat/vB
Fee at most 10 %
Unproven fee not allowed
Unknown script allowed
Data output allowed
Lock time allowed
`;

test("a policy of version 1 is read as the rules that it stood for, and written as version 2", () => {
  assert.equal(writePolicy(parsePolicy(JSON.stringify(FILE, null, 2))), AS_RULES);
  const shuffled = Object.fromEntries(Object.entries(FILE).reverse());
  assert.equal(writePolicy(parsePolicy(JSON.stringify(shuffled))), AS_RULES);
  const signet = parsePolicy(JSON.stringify(FILE), "signet");
  assert.equal(writePolicy(signet), AS_RULES.replace("mainnet", "signet"));
});

test("its destinations become a list; what no payment can go to is left away, as it never mattered", () => {
  const [first, second] = PLACES as [string, string];
  const destinations = [first.toUpperCase(), "bc1qmistyped", second];
  const { lists, rules } = parsePolicy(JSON.stringify({ ...FILE, destinations }));
  assert.deepEqual(lists, [
    {
      name: "allowed",
      entries: [
        { kind: "address", to: first },
        { kind: "address", to: second },
      ],
    },
  ]);
  assert.deepEqual(rules[2]!.limit, { kind: "destinations", to: ["allowed"] });
  assert.throws(
    () => parsePolicy(JSON.stringify({ ...FILE, destinations: [first] }), "regtest"),
    (error: Refusal) => error.detail === "destinations: no address of regtest is among them",
  );
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
  ["a limit of nothing", { mostPerDaySats: "0" }, /^mostPerDaySats, .*: nothing could ever pass/],
  ["more than all bitcoin", { mostPerDaySats: "2100000000000001" }, /^mostPerDaySats, .*: there are only/],
  [
    "a transaction larger than a day",
    { mostPerDaySats: "49999999" },
    /^mostPerTransactionSats, .*it never matters/,
  ],
  ["a rate as a number", { mostFeeRate: 200 }, /^mostFeeRate/],
  ["a rate with its unit", { mostFeeRate: "200 sat/vB" }, /^mostFeeRate/],
  ["a rate with an exponent", { mostFeeRate: "2e2" }, /^mostFeeRate/],
  ["a rate of nothing", { mostFeeRate: "0" }, /^mostFeeRate, .*: nothing could ever pass/],
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
  [
    "a rate that no fee could reach",
    { mostFeeRate: "1000000.001" },
    /^mostFeeRate, .*: it is 1000000 at most/,
  ],
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
  test(`a policy of version 1 with ${what} is refused, and the key is named`, () => {
    assert.throws(
      () => parsePolicy(JSON.stringify({ ...FILE, ...change })),
      (error: Refusal) => {
        assert.equal(error.reason, "policy.malformed");
        assert.match(error.detail, detail);
        return true;
      },
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

test("any JSON at all is a policy or a refusal by name", () => {
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
    fc.json(),
    fc.array(piece, { maxLength: 30 }).map((parts) => `{${parts.join("")}`),
    fc
      .tuple(fc.nat(300), fc.string({ maxLength: 3 }))
      .map(([at, put]) => JSON.stringify(FILE).slice(0, at) + put + JSON.stringify(FILE).slice(at + 1)),
  );
  fc.assert(
    fc.property(text, (value) => {
      try {
        parsePolicy(value);
      } catch (error) {
        assert.ok(error instanceof Refusal);
        assert.equal(error.reason, "policy.malformed");
      }
    }),
    { numRuns: 2000 },
  );
});
