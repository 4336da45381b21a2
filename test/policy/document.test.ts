import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import {
  parsePolicy,
  policyFingerprint,
  sections,
  sentences,
  unspoken,
  writePolicy,
} from "../../src/policy/index.ts";
import { Refusal } from "../../src/refusal.ts";
import { CODE, NAMED_ODDITIES, type Policy, UNUSUAL } from "../../src/rules.ts";
import { anyPolicy, PARTIES, PLACES, policyOf, RULES, rule, sat, WALLETS } from "./policies.ts";

const DAY = 86_400_000;

/** Every form there is. */
const TEXT = `Firn policy 2
Number 7
Network mainnet
Loosening waits 36 hours
Reasons hidden
Freeze after 5 refusals within 1 hour

List own
wallet 00aa11bb 2 of 3, cold
party acme ${PARTIES[0]!.descriptor}

List staff
${PLACES[0]}
${PLACES[3]}
${PLACES[4]}

For everything
At most 0.5 BTC per transaction, else ask anna
At most 1 BTC per day
At most 10 transactions per week
To own, staff only, above 0.1 BTC
At most 0.00000001 BTC to a new destination, else wait 1 day
Fee at most 0.001 BTC
Fee at most 12.5 sat/vB
Fee at most 10 %
Unproven fee not allowed
Data output allowed
Lock time not allowed, else ask 2 of anna, ben, the code
Messages under m/84h/0h/0h, m/86h only

For wallet 8d1c2f3a Savings
Lock height at least 144 blocks above the one before
Between 08:30 and 18:00 UTC-03:30 on Mon Wed Sun, else ask all of anna, ben

For key 1a2b3c4d
Only wallets 8d1c2f3a Savings, 00aa11bb 2 of 3, cold, else wait 90 minutes
At most 1 transaction per hour
`;

const everyForm: Policy = {
  number: 7,
  network: "mainnet",
  loosenMs: 36 * 3_600_000,
  reasons: "hidden",
  freeze: { refusals: 5, withinMs: 3_600_000 },
  lists: [
    {
      name: "own",
      entries: [
        { kind: "wallet", ...WALLETS[1]! },
        { kind: "party", ...PARTIES[0]! },
      ],
    },
    { name: "staff", entries: [0, 3, 4].map((i) => ({ kind: "address", to: PLACES[i]! })) },
  ],
  rules: [
    rule(
      { kind: "amount", per: "transaction", most: sat(50_000_000) },
      { do: "ask", ask: { need: 1, of: ["anna"] } },
    ),
    rule({ kind: "amount", per: "day", most: sat(100_000_000) }),
    rule({ kind: "count", per: "week", most: 10 }),
    rule({ kind: "destinations", to: ["own", "staff"], above: sat(10_000_000) }),
    rule({ kind: "new-destination", most: sat(1) }, { do: "wait", ms: DAY }),
    rule({ kind: "fee", most: sat(100_000) }),
    rule({ kind: "fee-rate", most: 12.5 }),
    rule({ kind: "fee-percent", most: 10 }),
    rule({ kind: "unusual", what: "unproven fee", allowed: false }),
    rule({ kind: "unusual", what: "data output", allowed: true }),
    rule(
      { kind: "unusual", what: "lock time", allowed: false },
      { do: "ask", ask: { need: 2, of: ["anna", "ben", CODE] } },
    ),
    rule({ kind: "messages", under: ["m/84h/0h/0h", "m/86h"] }),
    ...[
      rule({ kind: "height-step", blocks: 144 }),
      rule(
        { kind: "hours", from: 510, until: 1080, offsetMinutes: -210, days: [1, 3, 0] },
        { do: "ask", ask: { need: 2, of: ["anna", "ben"] } },
      ),
    ].map((one) => ({ ...one, scope: { of: "wallet", ...WALLETS[0]! } as const })),
    ...[
      rule({ kind: "wallets", only: WALLETS.slice(0, 2) }, { do: "wait", ms: 90 * 60_000 }),
      rule({ kind: "count", per: "hour", most: 1 }),
    ].map((one) => ({ ...one, scope: { of: "key", fingerprint: "1a2b3c4d" } as const })),
  ],
};

test("every form is read as what it says, and written as it is read", () => {
  assert.deepEqual(parsePolicy(TEXT), everyForm);
  assert.equal(writePolicy(everyForm), TEXT);
});

test("whatever policy is written is read again as the same", () => {
  fc.assert(
    fc.property(anyPolicy, (policy) => assert.deepEqual(parsePolicy(writePolicy(policy)), policy)),
    { numRuns: 500 },
  );
});

test("whatever text is read, what is written of it is the one canonical text", () => {
  const space = fc.constantFrom("", " ", "\t", "\r");
  const between = fc.constantFrom("\n", "\n\n\n", "\r\n", "\r\n\r\n");
  const loose = fc
    .tuple(anyPolicy, fc.array(fc.tuple(space, space), { minLength: 1 }), between)
    .map(([policy, spaces, blank]) => {
      const text = writePolicy(policy);
      const lines = text.split("\n").map((line, i) => {
        const [before, after] = spaces[i % spaces.length]!;
        return `${before}${line}${after}`;
      });
      return { text, loose: `${lines.join("\n")}${blank}` };
    });
  fc.assert(
    fc.property(loose, ({ text, loose }) => assert.equal(writePolicy(parsePolicy(loose)), text)),
    { numRuns: 300 },
  );
});

/** A line of TEXT, what comes in its place, and what the refusal must say of it. */
const WRONG: readonly [string, string, string, RegExp][] = [
  [
    "an amount without its unit",
    "At most 1 BTC per day",
    "At most 1 per day",
    /an amount is a number and what it is of.*"0\.5 BTC"/,
  ],
  [
    "a fee rate for an amount",
    "At most 1 BTC per day",
    "At most 10 sat/vB per day",
    /an amount is a number and what it is of/,
  ],
  ["sats", "At most 1 BTC per day", "At most 100000 sats per day", /an amount is a number and what it is of/],
  [
    "another money",
    "At most 1 BTC per day",
    "At most 1 DOGE per day",
    /an amount is a number and what it is of/,
  ],
  ["nine decimals", "At most 1 BTC per day", "At most 0.123456789 BTC per day", /at most 8 decimals/],
  [
    "thousands apart",
    "At most 1 BTC per day",
    "At most 1,000 BTC per day",
    /an amount of BTC is a number with at most 8 decimals/,
  ],
  [
    "an exponent",
    "At most 1 BTC per day",
    "At most 1e2 BTC per day",
    /an amount is a number and what it is of/,
  ],
  [
    "zeros at the end",
    "At most 1 BTC per day",
    "At most 1.00 BTC per day",
    /this is written "At most 1 BTC per day"/,
  ],
  [
    "zeros in front",
    "At most 1 BTC per day",
    "At most 01 BTC per day",
    /this is written "At most 1 BTC per day"/,
  ],
  ["a year", "At most 1 BTC per day", "At most 1 BTC per year", /it is "per transaction", "per hour"/],
  [
    "transactions per transaction",
    "At most 10 transactions per week",
    "At most 10 transactions per transaction",
    /it is "per hour"/,
  ],
  [
    "a singular of ten",
    "At most 10 transactions per week",
    "At most 10 transaction per week",
    /this is written "At most 10 transactions per week"/,
  ],
  [
    "half a transaction",
    "At most 10 transactions per week",
    "At most 0.5 transactions per week",
    /a whole number/,
  ],
  [
    "an unknown list",
    "To own, staff only, above 0.1 BTC",
    "To own, stuff only, above 0.1 BTC",
    /a list that it names does not stand above/,
  ],
  ["a fee without its unit", "Fee at most 0.001 BTC", "Fee at most 0.001", /in BTC.*in sat\/vB or in %/],
  [
    "four decimals of a rate",
    "Fee at most 12.5 sat/vB",
    "Fee at most 12.5555 sat/vB",
    /a fee rate is a number with at most 3 decimals/,
  ],
  [
    "a percent sign without its space",
    "Fee at most 10 %",
    "Fee at most 10%",
    /this is written "Fee at most 10 %"/,
  ],
  [
    "something unusual that is unknown",
    "Data output allowed",
    "Data outputs allowed",
    /one of "Unproven fee", .*"Lock time"/,
  ],
  [
    "a word that is near",
    "Data output allowed",
    "Data output permitted",
    /no rule is written so.*"Data output not allowed"/,
  ],
  [
    "a name with a capital",
    "Data output allowed",
    "Data output not allowed, else ask Anna",
    /a person's name has small letters/,
  ],
  [
    "more persons than there are",
    "Data output allowed",
    "Data output not allowed, else ask 3 of anna, ben",
    /it asks for 3 of 2/,
  ],
  [
    "a person twice",
    "Data output allowed",
    "Data output not allowed, else ask 1 of anna, anna",
    /somebody is named twice/,
  ],
  [
    "all as a number",
    "Data output allowed",
    "Data output not allowed, else ask 2 of anna, ben",
    /this is written ".*all of anna, ben"/,
  ],
  ["nobody", "Data output allowed", "Data output not allowed, else ask ", /what else holds is like/],
  [
    "a wait without its unit",
    "Data output allowed",
    "Data output not allowed, else wait 5",
    /a time is in whole minutes, hours or days/,
  ],
  [
    "a wait of seconds",
    "Data output allowed",
    "Data output not allowed, else wait 90 seconds",
    /a time is in whole minutes/,
  ],
  [
    "a wait in the smaller unit",
    "Data output allowed",
    "Data output not allowed, else wait 24 hours",
    /this is written ".*else wait 1 day"/,
  ],
  ["a second head", "Data output allowed", "Number 8", /no rule is written so/],
  ["a comment", "Data output allowed", "# data is fine", /comments have no place in a policy/],
  ["a comment at its end", "Data output allowed", "Data output allowed # fine", /no rule is written so/],
  [
    "a control character",
    "Data output allowed",
    "Data\u0007 output allowed",
    /only letters, digits and signs/,
  ],
  [
    "a letter that looks like another",
    "Data output allowed",
    "Dat\u0430 output allowed",
    /only letters, digits and signs/,
  ],
  [
    "a wallet without a fingerprint",
    "For wallet 8d1c2f3a Savings",
    "For wallet Savings",
    /a wallet is its fingerprint and its name, like "8d1c2f3a Savings"/,
  ],
  ["a key in capitals", "For key 1a2b3c4d", "For key 1A2B3C4D", /a key is its fingerprint/],
  ["a scope that stood above", "For key 1a2b3c4d", "For everything", /this stood above already/],
  ["another scope", "For key 1a2b3c4d", "For everyone", /here stands "List" and a name, "For everything"/],
  [
    "a minute too many",
    "Between 08:30 and 18:00 UTC-03:30 on Mon Wed Sun, else ask all of anna, ben",
    "Between 08:60 and 18:00 UTC on Mon",
    /a time of day is like "08:30"/,
  ],
  [
    "a place by its name",
    "Between 08:30 and 18:00 UTC-03:30 on Mon Wed Sun, else ask all of anna, ben",
    "Between 08:30 and 18:00 UTC+24:00 on Mon",
    /the place is "UTC"/,
  ],
  [
    "a day in full",
    "Between 08:30 and 18:00 UTC-03:30 on Mon Wed Sun, else ask all of anna, ben",
    "Between 08:30 and 18:00 UTC on Monday",
    /the days are like "Mon Tue/,
  ],
  [
    "half a block",
    "Lock height at least 144 blocks above the one before",
    "Lock height at least 0.5 blocks above the one before",
    /a whole number, like "144"/,
  ],
  ["another version", "Firn policy 2", "Firn policy 3", /the first line must be "Firn policy 2"/],
  ["a number that is none", "Number 7", "Number seven", /it must be like "Number 7"/],
  ["no number", "Number 7", "", /here stands a line like "Number 7"/],
  ["an unknown network", "Network mainnet", "Network bitcoin", /it must be like "Network mainnet"/],
  [
    "a wait in words",
    "Loosening waits 36 hours",
    "Loosening waits long",
    /it must be like "Loosening waits 1 day"/,
  ],
  ["other reasons", "Reasons hidden", "Reasons maybe", /it must be like "Reasons shown"/],
  [
    "a freeze without a time",
    "Freeze after 5 refusals within 1 hour",
    "Freeze after 5 refusals",
    /it must be like "Freeze after 5 refusals within 1 hour"/,
  ],
  [
    "a party without a checksum",
    `party acme ${PARTIES[0]!.descriptor}`,
    "party acme wpkh(xpub/0/*)",
    /a descriptor ends with "#"/,
  ],
  [
    "a party in two words",
    `party acme ${PARTIES[0]!.descriptor}`,
    "party acme of wpkh(xpub/0/*)#qqqqqqqq",
    /a party is a name and a descriptor/,
  ],
  [
    "a private key",
    `party acme ${PARTIES[0]!.descriptor}`,
    "party acme wpkh(xprv9s21/0/*)#qqqqqqqq",
    /a private key/,
  ],
  ["an address with a wrong letter", PLACES[0]!, `${PLACES[0]!.slice(0, -1)}x`, /its checksum does not fit/],
  [
    "an address of a practice network",
    PLACES[0]!,
    "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx",
    /an address of another network than mainnet/,
  ],
  ["an address in capitals", PLACES[0]!, PLACES[0]!.toUpperCase(), /neither an address/],
  ["a script that has an address", PLACES[4]!, `0014${"01".repeat(20)}`, /this script has an address/],
];

for (const [what, line, wrong, says] of WRONG)
  test(`${what} is refused with the line's number, the line, and what it must be`, () => {
    const text = TEXT.replace(`\n${line}\n`, `\n${wrong}\n`).replace(
      /^Firn policy 2/,
      line.startsWith("Firn") ? wrong : "$&",
    );
    assert.notEqual(text, TEXT);
    const number = TEXT.split("\n").indexOf(line) + 1;
    assert.throws(
      () => parsePolicy(text),
      (error: Refusal) => {
        assert.equal(error.reason, "policy.malformed");
        const at = wrong === "" ? `line ${number + 1}, "Network mainnet"` : `line ${number}, "`;
        assert.ok(error.detail.startsWith(at), error.detail);
        assert.match(error.detail, says);
        assert.doesNotMatch(error.detail, /\\[dsw]|\(\?|\[\^/, "no pattern is shown");
        return true;
      },
    );
  });

test("a rule stands right below its scope, and lists above the first", () => {
  const refused = (text: string, says: RegExp) => assert.throws(() => parsePolicy(text), { message: says });
  refused(
    TEXT.replace("At most 1 BTC per day", "\nAt most 1 BTC per day"),
    /a rule stands right below its scope/,
  );
  refused(`${TEXT}\nList late\n${PLACES[1]}\n`, /lists stand above the first rules/);
  refused(`${TEXT}\nFor wallet deadbeef Spending\n`, /no rule follows/);
  refused(
    `${TEXT}\nReasons shown\n`,
    /the head stands first and once: Number, Network, Loosening, Reasons, Freeze/,
  );
  refused("Firn policy 2\nNumber 1\n", /at the end: here stands a line like "Network mainnet"/);
});

test("any text at all is a policy or a refusal by name", () => {
  const lines = TEXT.split("\n");
  const line = fc.oneof(fc.constantFrom(...lines), fc.string({ unit: "binary", maxLength: 40 }));
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(line, { maxLength: 40 }).map((all) => `${lines.slice(0, 6).join("\n")}\n\n${all.join("\n")}`),
    fc
      .tuple(fc.nat(TEXT.length), fc.nat(4), fc.string({ maxLength: 3 }))
      .map(([at, cut, put]) => TEXT.slice(0, at) + put + TEXT.slice(at + cut)),
  );
  let taken = 0;
  fc.assert(
    fc.property(text, (value) => {
      try {
        const policy = parsePolicy(value);
        assert.deepEqual(parsePolicy(writePolicy(policy)), policy);
        taken++;
      } catch (error) {
        assert.ok(error instanceof Refusal, String(error));
        assert.equal(error.reason, "policy.malformed");
        assert.match(error.detail, /^[\x20-\x7e\n]*$/);
        assert.ok(error.detail.length < 1000);
      }
    }),
    { numRuns: 3000 },
  );
  assert.ok(taken > 20, "some of them must be policies");
});

test("the longest texts are answered at once", () => {
  const head = TEXT.slice(0, TEXT.indexOf("\n\n"));
  const hours = Array.from(
    { length: 200 },
    (_, i) => `Between 00:00 and 2${i % 4}:${10 + (i % 50)} UTC on Mon, else ask p${i}`,
  );
  const began = performance.now();
  for (const text of [
    "x".repeat(70_000),
    " ".repeat(60_000),
    "\n".repeat(60_000),
    `${head}\n\nFor everything\nTo ${"a only ".repeat(8_000)}`,
    `${head}\n\nFor everything\nAt most ${"1 per ".repeat(9_000)}`,
    `${head}\n\nFor everything\nOnly wallets ${"8d1c2f3a A, ".repeat(5_000)}`,
    `${head}\n\nFor everything\n${hours.join("\n")}`,
    `${head}\n\nFor everything\n${"Data output allowed\n".repeat(2_500)}`,
    `${head}\n\n${Array.from({ length: 5_000 }, (_, i) => `List l${i}`).join("\n")}`,
  ])
    assert.throws(() => parsePolicy(text), { reason: "policy.malformed" });
  assert.ok(performance.now() - began < 2_000);
});

test("a policy is read in sections: its head, each list, each scope, and what is refused as no rule speaks of it", () => {
  const all = sections(everyForm);
  assert.deepEqual(
    all.map(({ title }) => title),
    [
      "Policy 7",
      "List own",
      "List staff",
      "For everything",
      "For wallet 8d1c2f3a Savings",
      "For key 1a2b3c4d",
      "Refused, as no rule speaks of it",
    ],
  );
  assert.deepEqual(all.at(-1)!.lines, ["Unknown scripts", "Foreign inputs", "Mixed wallets"]);
  const lines = all.slice(0, -1).flatMap(({ title, lines }, i) => (i === 0 ? lines : [title, ...lines]));
  const written = TEXT.split("\n")
    .slice(2)
    .filter((line) => line !== "");
  assert.deepEqual(lines, written);
  assert.deepEqual(sentences(everyForm), TEXT.trimEnd().split("\n"));
});

test("whatever is not spoken of for everything is told, and for what it is spoken of", () => {
  assert.deepEqual(unspoken(policyOf(RULES)), ["Messages"]);
  assert.equal(unspoken(policyOf([])).length, 4 + UNUSUAL.length);
  const some = policyOf([
    rule({ kind: "amount", per: "day", most: sat(1) }, undefined, { of: "wallet", ...WALLETS[0]! }),
    rule({ kind: "amount", per: "hour", most: sat(1) }, undefined, { of: "wallet", ...WALLETS[0]! }),
    rule({ kind: "amount", per: "day", most: sat(1) }, undefined, { of: "key", fingerprint: "1a2b3c4d" }),
  ]);
  assert.equal(
    unspoken(some)[0],
    "Every payment, as nothing limits its amount, except for wallet 8d1c2f3a Savings, key 1a2b3c4d",
  );
});

test("different policies have different texts and fingerprints", () => {
  fc.assert(
    fc.property(anyPolicy, anyPolicy, (a, b) => {
      const same = writePolicy(a) === writePolicy(b);
      assert.equal(policyFingerprint(a) === policyFingerprint(b), same);
    }),
  );
  assert.match(policyFingerprint(everyForm), /^[0-9a-f]{8}$/);
});

const CONTRACT_LISTS = ["routers", "tokens", "blind", "permits", "apps", "modules"];

test("the policy's page shows a canonical policy, and every line of its table is a rule", () => {
  const page = readFileSync(new URL("../../docs/policy.md", import.meta.url), "utf8");
  const example = /```\n(Firn policy 2\n[^`]*)```/.exec(page)![1]!;
  assert.equal(writePolicy(parsePolicy(example)), example);
  const lines = [...page.matchAll(/^\| `((?:At most|To|Fee|[A-Z][a-z-]+) [^`]*)` \|/gm)].map(
    ([, line]) => line!,
  );
  const [head, own, staff] = example.split("\n\n");
  const kinds = lines.map((line) => {
    const contracts = CONTRACT_LISTS.filter((name) => new RegExp(`\\b${name}\\b.* only$`).test(line));
    const lists = [
      ...(line.startsWith("To own") ? [own, staff] : line.startsWith("To staff") ? [staff] : []),
      ...contracts.map((name) => `List ${name}\ncontract 0xE592427A0AEce92De3Edee1F18E0157C05861564 on Base`),
    ];
    return parsePolicy([head, ...lists, `For everything\n${line}`].join("\n\n")).rules[0]!.limit;
  });
  assert.deepEqual(new Set(kinds.map(({ kind }) => kind)).size, 20);
  const unusual = kinds.flatMap((limit) => (limit.kind === "unusual" ? [limit.what] : []));
  assert.deepEqual(unusual, [...UNUSUAL, ...NAMED_ODDITIES]);
});
