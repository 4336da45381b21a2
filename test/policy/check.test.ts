import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { checkPolicy, judge, parsePolicy, writePolicy, writeRule } from "../../src/policy/index.ts";
import { matches } from "../../src/policy/judge.ts";
import { Refusal } from "../../src/refusal.ts";
import type { Limit, Policy, Rule, Spend } from "../../src/rules.ts";
import { anyQuestion, at } from "./cases.ts";
import { ALL_ETHEREUM } from "./on-ethereum.ts";
import {
  anyLimitOf,
  anyLists,
  anyOtherwise,
  anyScope,
  PARTIES,
  PLACES,
  policyOf,
  RULES,
  rule,
  sat,
  WALLETS,
} from "./policies.ts";

/** As a text with these lists and these lines for everything; other scopes begin with an empty line and "For". */
function textOf(lists: string, rules: string): string {
  const head = "Firn policy 2\nNumber 1\nNetwork mainnet\nLoosening waits 1 day\nReasons shown\n";
  return `${head}${lists === "" ? "" : `\n${lists}\n`}\nFor everything\n${rules}\n`;
}

const [ONE, TWO] = PLACES as [string, string];
const STAFF = `List staff\n${ONE}`;
const SAVINGS = "\nFor wallet 8d1c2f3a Savings";

/** What is wrong, its lists, its rules, and the line and the sentence that its refusal must have. */
const WRONG: readonly [string, string, string, RegExp][] = [
  [
    "a limit of nothing",
    "",
    "At most 0 BTC per day",
    /^line 8, "At most 0 BTC per day": nothing could ever pass/,
  ],
  ["a fee of nothing", "", "Fee at most 0 BTC", /^line 8.*nothing could ever pass/],
  ["a fee rate of nothing", "", "Fee at most 0 sat/vB", /^line 8.*nothing could ever pass/],
  ["no transactions", "", "At most 0 transactions per day", /^line 8.*1 to 100000/],
  [
    "no first payment, and no list",
    "",
    "At most 0 BTC to a new destination",
    /^line 8.*nothing could ever pass/,
  ],
  ["more than all bitcoin", "", "At most 21000000.00000001 BTC per day", /^line 8.*only 21000000 BTC/],
  ["a rate without meaning", "", "Fee at most 1000001 sat/vB", /^line 8.*1000000 at most/],
  [
    "one transaction above its day",
    "",
    "At most 2 BTC per transaction\nAt most 1 BTC per day",
    /^line 8, "At most 2 BTC per transaction": it never matters, because of line 9, "For everything: At most 1 BTC per day"/,
  ],
  [
    "an hour above its week",
    "",
    "At most 1 BTC per week\nAt most 2 BTC per hour",
    /^line 9, .* because of line 8/,
  ],
  [
    "more transactions an hour than a month",
    "",
    "At most 9 transactions per hour\nAt most 8 transactions per month",
    /^line 8.*because of line 9/,
  ],
  ["the same line twice", "", "Fee at most 10 %\nFee at most 10 %", /^line 9.*says the same as line 8/],
  ["the same limit twice", "", "At most 1 BTC per day\nAt most 2 BTC per day", /^line 9.*because of line 8/],
  [
    "an ask where it is refused already",
    "",
    "At most 1 BTC per day\nAt most 2 BTC per day, else ask anna",
    /^line 9.*because of line 8/,
  ],
  [
    "a wallet's limit above that of all",
    "",
    `At most 1 BTC per day\n${SAVINGS}\nAt most 2 BTC per day`,
    /^line 11.*because of line 8, "For everything: At most 1 BTC per day"/,
  ],
  [
    "a scope twice in a row",
    "",
    "Fee at most 10 %\n\nFor everything\nFee at most 1 BTC",
    /^line 10, "For everything": this stood above already/,
  ],
  [
    "something allowed and not",
    "",
    "Data output allowed\nData output not allowed",
    /^line 8.*it allows what is not allowed by line 9/,
  ],
  [
    "something allowed to a wallet that is not to any",
    "",
    `Data output not allowed\n${SAVINGS}\nData output allowed`,
    /^line 11.*it allows what is not allowed by line 8/,
  ],
  [
    "anywhere, and to a list only",
    STAFF,
    "To any destination\nTo staff only",
    /^line 11.*it allows what is not allowed by line 12/,
  ],
  [
    "one list within another",
    `${STAFF}\n${TWO}\n\nList more\n${ONE}`,
    "To staff only\nTo more only",
    /^line 15.*because of line 16/,
  ],
  [
    "an else of what is allowed",
    "",
    "To any destination, else ask anna",
    /^line 8.*what is allowed has nothing else to do/,
  ],
  ["an else of an allowance", "", "Data output allowed, else wait 1 day", /^line 8.*nothing else to do/],
  ["any destination above an amount", "", "To any destination, above 1 BTC", /^line 8.*above it and below/],
  ["above nothing", STAFF, "To staff only, above 0 BTC", /^line 11.*everything is above nothing/],
  ["a list twice in a rule", STAFF, "To staff, staff only", /^line 11.*a list is named twice/],
  ["an unknown list", STAFF, "To staff, other only", /^line 11.*does not stand above/],
  [
    "an unused list",
    STAFF,
    "To any destination",
    /^line 7, "List staff": no rule uses it, like "To staff only"/,
  ],
  ["an empty list", "List staff", "To staff only", /^line 7, "List staff": it is empty/],
  ["a list of a name that was", `${STAFF}\n\n${STAFF}`, "To staff only", /^line 10.*stood above already/],
  ["a list called any", `List any\n${ONE}`, "To any only", /^line 7.*is not "any"/],
  ["a list's name in capitals", `List Staff\n${ONE}`, "To Staff only", /^line 7.*small letters/],
  ["an address twice", `${STAFF}\n${ONE}`, "To staff only", /^line 9.*on this list already/],
  [
    "a wallet twice",
    "List own\nwallet 8d1c2f3a Savings\nwallet 8d1c2f3a Savings",
    "To own only",
    /^line 9.*on this list already/,
  ],
  [
    "two parties of one name",
    `List own\nparty acme ${PARTIES[0]!.descriptor}\nparty acme ${PARTIES[1]!.descriptor}`,
    "To own only",
    /^line 9.*another party has this name/,
  ],
  [
    "a wallet of two names",
    "List own\nwallet 8d1c2f3a Savings",
    `To own only\n${SAVINGS}2\nAt most 1 BTC per day`,
    /^line 13.*is called "Savings" above/,
  ],
  [
    "501 entries",
    `List staff\n${Array.from({ length: 501 }, (_, i) => `6a02${i.toString(16).padStart(4, "0")}`).join("\n")}`,
    "To staff only",
    /^line 7.*more than 500 entries/,
  ],
  [
    "201 rules",
    "",
    Array.from({ length: 201 }, (_, i) => `At most ${i + 2} transactions per day, else ask p${i}`).join("\n"),
    /^line 208.*more than 200 rules/,
  ],
  [
    "33 persons",
    "",
    Array.from({ length: 33 }, (_, i) => `At most ${i + 2} transactions per day, else ask p${i}`).join("\n"),
    /more than 32 persons/,
  ],
  ["a wait of nothing", "", "At most 1 BTC per day, else wait 0 minutes", /^line 8.*1 minute to 365 days/],
  ["a wait of years", "", "At most 1 BTC per day, else wait 366 days", /^line 8.*1 minute to 365 days/],
  ["none of somebody", "", "At most 1 BTC per day, else ask 0 of anna, ben", /^line 8.*asks for 0 of 2/],
  [
    "a person called like a rule",
    "",
    "At most 1 BTC per day, else ask 1 of all of ben, anna",
    /^line 8.*a person's name/,
  ],
  [
    "a person's name with two spaces",
    "",
    "At most 1 BTC per day, else ask anna  maria",
    /^line 8.*single spaces/,
  ],
  ["hours that end before they begin", "", "Between 18:00 and 08:00 UTC on Mon", /^line 8.*must end later/],
  ["hours of nothing", "", "Between 08:00 and 08:00 UTC on Mon", /^line 8.*must end later/],
  ["a day twice", "", "Between 08:00 and 18:00 UTC on Mon Mon", /^line 8.*each day stands there once/],
  [
    "days in disorder",
    "",
    "Between 08:00 and 18:00 UTC on Sun Mon",
    /^line 8.*each day stands there once, from Mon to Sun/,
  ],
  [
    "no height between two",
    "",
    "Lock height at least 0 blocks above the one before",
    /^line 8.*1 to 1000000/,
  ],
  [
    "a wallet's own rules where it may not sign",
    "",
    `Only wallets 00aa11bb Cold\n${SAVINGS}\nAt most 1 BTC per day`,
    /^line 10, "For wallet 8d1c2f3a Savings": "For everything: Only wallets 00aa11bb Cold" lets it sign nothing/,
  ],
  [
    "hours apart, where both must hold",
    "",
    "Between 08:00 and 12:00 UTC on Mon\nBetween 13:00 and 18:00 UTC on Mon",
    /^line 9.*nothing passes both this and line 8/,
  ],
  [
    "days apart, of two places",
    "",
    "Between 00:00 and 12:00 UTC on Mon\nBetween 22:00 and 24:00 UTC-02:00 on Mon",
    /^line 9.*nothing passes both/,
  ],
  [
    "wallets apart",
    "",
    "Only wallets 8d1c2f3a Savings\nOnly wallets 00aa11bb Cold",
    /^line 9.*nothing passes both this and line 8/,
  ],
  ["paths apart", "", "Messages under m/84h only\nMessages under m/86h only", /^line 9.*nothing passes both/],
  [
    "lists apart, where both must hold",
    `${STAFF}\n\nList more\n${TWO}`,
    "To staff only\nTo more only",
    /^line 15.*nothing passes both this and line 14/,
  ],
  [
    "a key's hours apart from those of all",
    "",
    "Between 08:00 and 12:00 UTC on Mon\n\nFor key 1a2b3c4d\nBetween 08:00 and 12:00 UTC on Tue",
    /^line 11.*nothing passes both this and line 8/,
  ],
  [
    "a list above what a transaction may take",
    STAFF,
    "To staff only, above 2 BTC\nAt most 1 BTC per transaction",
    /^line 11.*never matters, because of line 12/,
  ],
  [
    "a wallet twice among those that sign",
    "",
    "Only wallets 00aa11bb Cold, 00aa11bb Cold",
    /^line 8.*a wallet is named twice/,
  ],
  ["a path that is none", "", "Messages under 84h/0h only", /^line 8.*a path is like "m\/84h\/0h\/0h"/],
  ["a path with an apostrophe", "", "Messages under m/84'/0' only", /^line 8.*"h" for hardened/],
  ["a path within another", "", "Messages under m/84h, m/84h/0h only", /^line 8.*lies under another/],
  ["a step past 2^31", "", "Messages under m/2147483648 only", /^line 8.*a path is like/],
];

for (const [what, lists, rules, says] of WRONG)
  test(`a policy with ${what} is refused with the line and the sentence`, () => {
    assert.throws(
      () => parsePolicy(textOf(lists, rules)),
      (error: Refusal) => {
        assert.equal(error.reason, "policy.malformed");
        assert.match(error.detail, says);
        return true;
      },
    );
  });

/** What looks alike, and means something. */
const RIGHT: readonly [string, string, string][] = [
  ["a day as large as one transaction", "", "At most 1 BTC per transaction\nAt most 1 BTC per day"],
  [
    "a day that asks below what one transaction may take",
    "",
    "At most 2 BTC per transaction\nAt most 1 BTC per day, else ask anna",
  ],
  [
    "steps of an amount",
    "",
    "At most 0.1 BTC per day, else ask anna\nAt most 1 BTC per day, else ask all of anna, ben\nAt most 5 BTC per day",
  ],
  ["a wait and an ask", "", "At most 1 BTC per day, else wait 1 day\nAt most 1 BTC per day, else ask anna"],
  ["every transaction asks", "", "At most 0 BTC per transaction, else ask anna"],
  ["every first payment waits", "", "At most 0 BTC to a new destination, else wait 2 days"],
  ["a list for first payments alone", STAFF, "At most 0 BTC to a new destination"],
  ["anywhere below an amount", STAFF, "To any destination\nTo staff only, above 1 BTC"],
  ["a wallet's limit below that of all", "", `At most 2 BTC per day\n${SAVINGS}\nAt most 1 BTC per day`],
  ["a wallet's limit as that of all", "", `At most 1 BTC per day\n${SAVINGS}\nAt most 1 BTC per day`],
  ["something not allowed to one wallet", "", `Data output allowed\n${SAVINGS}\nData output not allowed`],
  [
    "hours that ask within hours that refuse",
    "",
    "Between 08:00 and 18:00 UTC on Mon Tue, else ask anna\nBetween 06:00 and 22:00 UTC on Mon Tue",
  ],
  ["hours up to midnight", "", "Between 00:00 and 24:00 UTC+14:00 on Sat Sun"],
  [
    "lists that share an address",
    `${STAFF}\n${TWO}\n\nList more\n${TWO}\n${PLACES[2]}`,
    "To staff only\nTo more only",
  ],
  [
    "lists that may lead to the same place",
    `${STAFF}\n\nList more\nwallet 8d1c2f3a Savings`,
    "To staff only\nTo more only",
  ],
  [
    "hours apart that only ask",
    "",
    "Between 08:00 and 12:00 UTC on Mon\nBetween 13:00 and 18:00 UTC on Mon, else ask anna",
  ],
  [
    "a new destination's limit above that of a transaction, as beside inputs of others more can go there",
    "",
    "At most 1 BTC per transaction\nAt most 2 BTC to a new destination",
  ],
  ["a fee limit above what a day may take", "", "At most 0.001 BTC per day\nFee at most 0.01 BTC"],
  ["any path", "", "Messages under m only"],
  ["no rule at all", "", ""],
];

for (const [what, lists, rules] of RIGHT)
  test(`${what} is taken`, () => {
    const text = textOf(lists, rules).replace(rules === "" ? "\nFor everything\n\n" : /^$/, "");
    assert.equal(writePolicy(parsePolicy(text)), text);
  });

test("what cannot be read again is never written", () => {
  const bad: Partial<Policy>[] = [
    { number: 0 },
    { number: 1.5 },
    { number: 1_000_000_000 },
    { loosenMs: 1 },
    { loosenMs: -60_000 },
    { loosenMs: Number.NaN },
    { freeze: { refusals: 0, withinMs: 60_000 } },
    { freeze: { refusals: 5, withinMs: 0 } },
    { freeze: { refusals: 101, withinMs: 60_000 } },
    { freeze: { refusals: 5, withinMs: 31 * 86_400_000 } },
    { lists: [{ name: "two words", entries: [{ kind: "address", to: ONE }] }] },
    { lists: [{ name: "staff", entries: [{ kind: "address", to: `${ONE}\nwallet` }] }] },
    { rules: [rule({ kind: "fee-rate", most: 12.3456 })] },
    { rules: [rule({ kind: "fee-percent", most: 1e-7 })] },
    { rules: [rule({ kind: "fee-rate", most: Number.NaN })] },
    { rules: [rule({ kind: "fee", most: sat(-1) })] },
    { rules: [rule({ kind: "count", per: "day", most: 1.5 })] },
    { rules: [rule({ kind: "amount", per: "day", most: sat(1) }, { do: "wait", ms: 61_000 })] },
    { rules: [rule({ kind: "amount", per: "day", most: sat(1) }, { do: "ask", ask: { need: 1, of: [] } })] },
    {
      rules: [
        rule({ kind: "amount", per: "day", most: sat(1) }, { do: "ask", ask: { need: 1, of: ["a\nb"] } }),
      ],
    },
    { rules: [rule({ kind: "wallets", only: [] })] },
    { rules: [rule({ kind: "wallets", only: [{ name: "A, else ask b", fingerprint: "00000000" }] })] },
    { rules: [rule({ kind: "wallets", only: [{ name: "A, 00000001 B", fingerprint: "00000000" }] })] },
    { rules: [rule({ kind: "wallets", only: [{ name: " A", fingerprint: "00000000" }] })] },
    { rules: [rule({ kind: "wallets", only: [{ name: "A".repeat(41), fingerprint: "00000000" }] })] },
    { rules: [rule({ kind: "messages", under: [] })] },
    { rules: [rule({ kind: "hours", from: 0, until: 1441, days: [1], offsetMinutes: 0 })] },
    { rules: [rule({ kind: "hours", from: 0, until: 60, days: [], offsetMinutes: 0 })] },
    { rules: [rule({ kind: "hours", from: 0, until: 60, days: [7], offsetMinutes: 0 })] },
    { rules: [rule({ kind: "hours", from: 0, until: 60, days: [1], offsetMinutes: 900 })] },
    {
      rules: [
        RULES[0]!,
        rule({ kind: "fee-rate", most: 1 }, undefined, { of: "key", fingerprint: "12345678" }),
        RULES[1]!,
      ],
    },
    { rules: [rule({ kind: "fee-rate", most: 1 }, undefined, { of: "key", fingerprint: "nothex00" })] },
  ];
  for (const parts of bad) {
    assert.throws(
      () => writePolicy(policyOf(RULES, parts)),
      { reason: "policy.malformed" },
      JSON.stringify(parts, (_, value) => (typeof value === "bigint" ? String(value) : value)),
    );
    assert.throws(() => checkPolicy(policyOf(RULES, parts)), { reason: "policy.malformed" });
  }
  checkPolicy(policyOf(RULES));
});

test("addresses of every kind are known for their network, and for no other", () => {
  const KNOWN: readonly [string, readonly Policy["network"][]][] = [
    ["1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", ["mainnet"]],
    ["3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", ["mainnet"]],
    ["bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", ["mainnet"]],
    ["bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0", ["mainnet"]],
    ["bc1pfeessrawgf", ["mainnet"]],
    ["mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn", ["testnet3", "testnet4", "signet", "regtest"]],
    ["2MzQwSSnBHWHqSAqtTVQ6v47XtaisrJa1Vc", ["testnet3", "testnet4", "signet", "regtest"]],
    ["tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx", ["testnet3", "testnet4", "signet"]],
  ];
  for (const [to, networks] of KNOWN)
    for (const network of ["mainnet", "testnet3", "testnet4", "signet", "regtest"] as const) {
      const lists = [{ name: "staff", entries: [{ kind: "address", to } as const] }];
      const policy = policyOf([rule({ kind: "destinations", to: ["staff"] })], { network, lists });
      if (networks.includes(network)) checkPolicy(policy);
      else assert.throws(() => checkPolicy(policy), { message: /another network/ }, `${to} ${network}`);
    }
});

test("an address whose checksum is of the other kind is none", () => {
  // BIP 350: version 0 with a bech32m checksum, version 1 with a bech32 one.
  for (const to of [
    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh",
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd",
  ]) {
    const text = textOf(`List staff\n${to}`, "To staff only");
    assert.throws(() => parsePolicy(text), { message: /line 8, .*its checksum does not fit/ });
  }
});

test("a value without places is refused with the line quoted", () => {
  const policy = policyOf([
    rule({ kind: "wallets", only: [WALLETS[1]!] }),
    rule({ kind: "fee-rate", most: 0 }),
  ]);
  assert.throws(() => checkPolicy(policy), {
    message: 'policy.malformed: "Fee at most 0 sat/vB": nothing could ever pass',
  });
});

// ---------------------------------------------------------------- what is said of two rules is true

const anyTwo = anyLists.chain((lists) => {
  const names = lists.map(({ name }) => name);
  const ruleOf = (limit: fc.Arbitrary<Limit>) =>
    fc.record({ limit, otherwise: anyOtherwise, scope: anyScope });
  // Spends say nothing of messages.
  const { messages: _, ...limits } = anyLimitOf(names);
  const same = fc
    .constantFrom(...Object.values(limits))
    .chain((kind) => fc.tuple(ruleOf(kind), ruleOf(kind)));
  const near = fc.tuple(ruleOf(limits.amount), ruleOf(limits.destinations));
  const both = fc.constantFrom(limits.hours, limits.wallets, limits.destinations);
  const apart = both.chain((kind) =>
    fc.tuple(
      kind.map((a) => rule(a)),
      kind.map((b) => rule(b)),
    ),
  );
  return fc.oneof({ weight: 4, arbitrary: same }, near, apart).map((two) => ({ lists, two }));
});

/** Everything is allowed beside these. */
function withBase(rules: readonly Rule[], lists: Policy["lists"]): Policy {
  return policyOf([...RULES, ...ALL_ETHEREUM, ...rules], { lists });
}

test("a rule that is refused because it never matters never does, and where nothing passes two rules nothing does", () => {
  const seen = { never: 0, nothing: 0 };
  fc.assert(
    fc.property(
      anyTwo,
      fc.array(anyQuestion, { minLength: 8, maxLength: 8 }),
      ({ lists, two }, questions) => {
        const detail = refusalOf(policyOf(two, { lists: lists.filter((list) => isUsed(list.name, two)) }));
        const [never, nothing] = [/it never matters/.test(detail), /nothing passes both/.test(detail)];
        if (!never && !nothing) return;
        const [a, b] = two;
        const [first, second] = [a, b].map((one) => detail.startsWith(`"${writeRule(one)}"`));
        if (first === second) return;
        const [named, other] = first ? [a, b] : [b, a];
        seen[never ? "never" : "nothing"]++;
        for (const { spend, ledger, ms } of questions) {
          const both = judge(withBase(two, lists), spend, ledger, at(ms));
          const without = judge(withBase([other], lists), spend, ledger, at(ms));
          if (never) assert.equal(both.outcome, without.outcome);
          else if (spend.destinations.length > 0 && matches(named.scope, spend) && isAsked(named, spend))
            assert.equal(both.outcome, "refuse");
        }
      },
    ),
    { numRuns: 6000 },
  );
  assert.ok(seen.never > 200 && seen.nothing > 20, JSON.stringify(seen));
});

/** What the rule is about is in it. */
function isAsked({ limit }: Rule, { ethereum }: Spend): boolean {
  if (limit.kind === "chains") return ethereum?.form === "transaction";
  if (limit.kind === "sites") return ethereum?.form === "sign-in";
  return true;
}

function isUsed(name: string, rules: readonly Rule[]): boolean {
  return rules.some(
    ({ limit }) => limit.kind === "new-destination" || ("to" in limit && limit.to.includes(name)),
  );
}

/** What it is refused for; empty where it is taken. */
function refusalOf(policy: Policy): string {
  try {
    checkPolicy(policy);
    return "";
  } catch (error) {
    assert.ok(error instanceof Refusal);
    return error.detail;
  }
}
