import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { HARDENED } from "../../src/limits.ts";
import { changesOf, isAtLeastAsStrict, judge, judgeMessage, parsePolicy } from "../../src/policy/index.ts";
import { asksOf, isMet } from "../../src/request.ts";
import { type Entry, type Limit, OUTCOMES, type Policy, type Rule } from "../../src/rules.ts";
import { anyQuestion, at, ledgerOf, NOON, type Question } from "./cases.ts";
import { ALL_ETHEREUM } from "./on-ethereum.ts";
import {
  anyEntry,
  anyLimitOf,
  anyLists,
  anyOtherwise,
  anyPolicy,
  anyRoughPolicy,
  anyRule,
  anyScope,
  KEYS,
  PEOPLE,
  PLACES,
  policyOf,
  RULES,
  rule,
  sat,
} from "./policies.ts";

// ---------------------------------------------------------------- sentences

const HEAD = "Firn policy 2\nNumber 1\nNetwork mainnet\nLoosening waits 1 day\nReasons shown\n";
const STAFF = `\nList staff\n${PLACES[0]}\n${PLACES[1]}\n`;
const BASE = `${HEAD}Freeze after 5 refusals within 1 hour\n${STAFF}
For everything
At most 1 BTC per day, else ask 2 of anna, ben, carla
To staff only
Fee at most 10 %
Data output allowed
Unknown script not allowed
Between 08:00 and 18:00 UTC on Mon Tue Wed Thu Fri
`;

/** What is changed in BASE, and what that makes tighter and looser. */
const CHANGES: readonly [string, string, string, readonly string[], readonly string[]][] = [
  [
    "a smaller amount",
    "At most 1 BTC per day",
    "At most 0.5 BTC per day",
    [
      "For everything: At most 0.5 BTC per day, else ask 2 of anna, ben, carla. Before: For everything: At most 1 BTC per day, else ask 2 of anna, ben, carla",
    ],
    [],
  ],
  [
    "a larger amount",
    "At most 1 BTC per day",
    "At most 2 BTC per day",
    [],
    [
      "For everything: At most 2 BTC per day, else ask 2 of anna, ben, carla. Before: For everything: At most 1 BTC per day, else ask 2 of anna, ben, carla",
    ],
  ],
  [
    "a week instead of a day",
    "BTC per day",
    "BTC per week",
    ["New: For everything: At most 1 BTC per week, else ask 2 of anna, ben, carla"],
    [],
  ],
  [
    "an hour instead of a day",
    "BTC per day",
    "BTC per hour",
    [],
    ["No longer: For everything: At most 1 BTC per day, else ask 2 of anna, ben, carla"],
  ],
  [
    "a refusal instead of an ask",
    ", else ask 2 of anna, ben, carla",
    "",
    [
      "For everything: At most 1 BTC per day. Before: For everything: At most 1 BTC per day, else ask 2 of anna, ben, carla",
    ],
    [],
  ],
  [
    "all instead of two",
    "2 of anna, ben, carla",
    "all of anna, ben, carla",
    [
      "For everything: At most 1 BTC per day, else ask all of anna, ben, carla. Before: For everything: At most 1 BTC per day, else ask 2 of anna, ben, carla",
    ],
    [],
  ],
  [
    "fewer to choose from",
    "2 of anna, ben, carla",
    "all of ben, carla",
    [
      "For everything: At most 1 BTC per day, else ask all of ben, carla. Before: For everything: At most 1 BTC per day, else ask 2 of anna, ben, carla",
    ],
    [],
  ],
  ["the same persons in another order", "2 of anna, ben, carla", "2 of carla, ben, anna", [], []],
  ["reasons hidden", "Reasons shown", "Reasons hidden", [], []],
  ["another number", "Number 1", "Number 2", [], []],
  ["a thousand numbers on", "Number 1", "Number 1001", [], []],
  [
    "a longer wait for loosening",
    "waits 1 day",
    "waits 2 days",
    ["Loosening waits 2 days. Before: Loosening waits 1 day"],
    [],
  ],
  [
    "a shorter wait for loosening",
    "waits 1 day",
    "waits 1 hour",
    [],
    ["Loosening waits 1 hour. Before: Loosening waits 1 day"],
  ],
  [
    "a freeze after fewer refusals",
    "after 5",
    "after 3",
    ["Freeze after 3 refusals within 1 hour. Before: Freeze after 5 refusals within 1 hour"],
    [],
  ],
  [
    "no freeze",
    "Freeze after 5 refusals within 1 hour\n",
    "",
    [],
    ["No longer: Freeze after 5 refusals within 1 hour"],
  ],
  [
    "an address more",
    `${PLACES[1]}\n`,
    `${PLACES[1]}\n${PLACES[2]}\n`,
    [],
    [`For everything: To staff only: its lists also have ${PLACES[2]}`],
  ],
  [
    "an address fewer",
    `${PLACES[1]}\n`,
    "",
    [`For everything: To staff only: no longer have ${PLACES[1]}`],
    [],
  ],
  ["a list of the same under another name", "staff", "crew", [], []],
  [
    "any destination, but little to a new one",
    "To staff only",
    "To any destination\nAt most 1 BTC to a new destination",
    ["New: For everything: At most 1 BTC to a new destination"],
    ["For everything: To any destination. Before: For everything: To staff only"],
  ],
  [
    "any destination below an amount",
    "To staff only",
    "To staff only, above 1 BTC",
    [],
    ["For everything: To staff only, above 1 BTC. Before: For everything: To staff only"],
  ],
  [
    "nothing said of data outputs",
    "Data output allowed\n",
    "",
    ["No longer: For everything: Data output allowed"],
    [],
  ],
  ["nothing said of unknown scripts, which refuses them too", "Unknown script not allowed\n", "", [], []],
  [
    "unknown scripts asked for",
    "Unknown script not allowed",
    "Unknown script not allowed, else ask anna",
    [],
    [
      "For everything: Unknown script not allowed, else ask anna. Before: For everything: Unknown script not allowed",
    ],
  ],
  [
    "lock times allowed",
    "Unknown script",
    "Lock time allowed\nUnknown script",
    [],
    ["New: For everything: Lock time allowed"],
  ],
  [
    "lock times spoken of, to refuse them as before",
    "Unknown script",
    "Lock time not allowed\nUnknown script",
    [],
    [],
  ],
  [
    "one more limit",
    "Fee at most 10 %",
    "Fee at most 10 %\nAt most 9 transactions per day",
    ["New: For everything: At most 9 transactions per day"],
    [],
  ],
  ["no limit of fees at all", "Fee at most 10 %\n", "", ["No longer: For everything: Fee at most 10 %"], []],
  [
    "another limit of fees",
    "Fee at most 10 %",
    "Fee at most 0.1 BTC",
    ["New: For everything: Fee at most 0.1 BTC"],
    ["No longer: For everything: Fee at most 10 %"],
  ],
  [
    "fewer hours",
    "08:00 and 18:00",
    "09:00 and 17:00",
    [
      "For everything: Between 09:00 and 17:00 UTC on Mon Tue Wed Thu Fri. Before: For everything: Between 08:00 and 18:00 UTC on Mon Tue Wed Thu Fri",
    ],
    [],
  ],
  ["the same hours of another place", "08:00 and 18:00 UTC", "09:00 and 19:00 UTC+01:00", [], []],
  [
    "hours that begin earlier and end earlier",
    "08:00 and 18:00",
    "07:00 and 17:00",
    [
      "For everything: Between 07:00 and 17:00 UTC on Mon Tue Wed Thu Fri. Before: For everything: Between 08:00 and 18:00 UTC on Mon Tue Wed Thu Fri",
    ],
    [
      "For everything: Between 07:00 and 17:00 UTC on Mon Tue Wed Thu Fri. Before: For everything: Between 08:00 and 18:00 UTC on Mon Tue Wed Thu Fri",
    ],
  ],
];

for (const [what, from, to, tighter, looser] of CHANGES)
  test(`${what}: ${looser.length > 0 ? "looser" : tighter.length > 0 ? "tighter" : "neither"}`, () => {
    const [now, next] = [parsePolicy(BASE), parsePolicy(BASE.replaceAll(from, to))];
    assert.notDeepEqual(now, next);
    assert.deepEqual(changesOf(now, next), { tighter, looser });
    // The way back is the other way round.
    const back = changesOf(next, now);
    assert.deepEqual([back.tighter.length, back.looser.length], [looser.length, tighter.length]);
  });

test("policies of two networks cannot be compared: neither is at least as strict", () => {
  const [a, b] = [policyOf(RULES), policyOf(RULES, { network: "signet" })];
  assert.equal(isAtLeastAsStrict(a, b), false);
  assert.equal(isAtLeastAsStrict(b, a), false);
});

test("numbers are not used up at once: a leap waits, as everything after the last one could never change again", () => {
  const [now, next] = [policyOf(RULES), policyOf(RULES, { number: 999_999_999 })];
  assert.deepEqual(changesOf(now, next), {
    tighter: [],
    looser: ["Number 999999999, and none below it ever again. Before: Number 1"],
  });
  assert.equal(isAtLeastAsStrict(policyOf(RULES, { number: 1002 }), now), false);
  assert.ok(isAtLeastAsStrict(policyOf(RULES, { number: 1001 }), now));
});

test("a wait does not stand for an ask, nor an ask for a wait", () => {
  const limit = { kind: "amount", per: "day", most: sat(1) } as const;
  const waits = policyOf([rule(limit, { do: "wait", ms: 300 * 86_400_000 })]);
  const asks = policyOf([rule(limit, { do: "ask", ask: { need: 1, of: ["anna"] } })]);
  const both = policyOf([...waits.rules, ...asks.rules]);
  assert.equal(isAtLeastAsStrict(waits, asks), false);
  assert.equal(isAtLeastAsStrict(asks, waits), false);
  assert.ok(isAtLeastAsStrict(both, waits) && isAtLeastAsStrict(both, asks));
});

test("whoever meets the new ask meets the old one, or it is looser", () => {
  const asked = (need: number, ...of: string[]) =>
    policyOf([rule({ kind: "fee-rate", most: 1 }, { do: "ask", ask: { need, of } })]);
  const [names, subsets] = [["a", "b", "c", "d"], fc.sample(fc.subarray(["a", "b", "c", "d"]), 200)];
  const any = fc
    .subarray(names, { minLength: 1 })
    .chain((of) => fc.integer({ min: 1, max: of.length }).map((need) => ({ need, of })));
  fc.assert(
    fc.property(any, any, (next, now) => {
      const meets = subsets.every((some) => !isMet(next, new Set(some)) || isMet(now, new Set(some)));
      assert.equal(isAtLeastAsStrict(asked(next.need, ...next.of), asked(now.need, ...now.of)), meets);
    }),
    { numRuns: 500 },
  );
});

// ---------------------------------------------------------------- against the judge

/** What speaks of everything, less a rule or two, and others of every kind between them. */
const anyNow: fc.Arbitrary<Policy> = anyLists.chain((lists) =>
  fc
    .tuple(
      fc.subarray([...RULES, ...ALL_ETHEREUM], { minLength: RULES.length + ALL_ETHEREUM.length - 2 }),
      fc.array(anyRule(lists.map(({ name }) => name)), { maxLength: 5 }),
    )
    .map(([base, more]) => policyOf([...base, ...more], { lists })),
);

type Mutation = (policy: Policy) => Policy;

const at2 = <T>(all: readonly T[], i: number) => (all.length === 0 ? -1 : i % all.length);
const changeRule =
  (i: number, change: (one: Rule) => readonly Rule[]): Mutation =>
  (policy) => {
    const at = at2(policy.rules, i);
    return { ...policy, rules: policy.rules.flatMap((one, j) => (j === at ? change(one) : [one])) };
  };
const changeList =
  (i: number, change: (entries: readonly Entry[]) => readonly Entry[]): Mutation =>
  (policy) => {
    const at = at2(policy.lists, i);
    return {
      ...policy,
      lists: policy.lists.map((one, j) => (j === at ? { ...one, entries: change(one.entries) } : one)),
    };
  };

/** A little more or less of whatever it counts. */
function scaled(one: Rule, by: number): Rule {
  const { limit } = one;
  switch (limit.kind) {
    case "amount":
    case "new-destination":
    case "fee":
    case "allowance":
      return {
        ...one,
        limit: { ...limit, most: { ...limit.most, units: (limit.most.units * BigInt(by)) / 4n } },
      };
    case "chains":
      return {
        ...one,
        limit: { ...limit, only: limit.only === "any" ? [1n, 137n] : limit.only.slice(0, by / 2) },
      };
    case "count":
    case "fee-rate":
    case "fee-percent":
      return { ...one, limit: { ...limit, most: Math.ceil((limit.most * by) / 4) } };
    case "height-step":
      return { ...one, limit: { ...limit, blocks: Math.ceil((limit.blocks * by) / 4) } };
    case "hours":
      return {
        ...one,
        limit: { ...limit, until: Math.max(limit.from + 1, Math.min(1440, limit.until + (by - 4) * 30)) },
      };
    case "unusual":
      return { ...one, limit: { ...limit, allowed: by > 4 } };
    default:
      return one;
  }
}

const anyMutation: fc.Arbitrary<Mutation> = fc.nat(30).chain((i) =>
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.integer({ min: 1, max: 4 }).map((by) => changeRule(i, (one) => [scaled(one, by)])),
    },
    {
      weight: 1,
      arbitrary: fc.integer({ min: 5, max: 8 }).map((by) => changeRule(i, (one) => [scaled(one, by)])),
    },
    { weight: 1, arbitrary: fc.constant(changeRule(i, () => [])) },
    {
      weight: 2,
      arbitrary: anyOtherwise.map((otherwise) => changeRule(i, (one) => [{ ...one, otherwise }])),
    },
    { weight: 1, arbitrary: anyScope.map((scope) => changeRule(i, (one) => [{ ...one, scope }])) },
    { weight: 2, arbitrary: anyRule([]).map((more) => changeRule(i, (one) => [one, more])) },
    { weight: 1, arbitrary: anyEntry.map((entry) => changeList(i, (entries) => [...entries, entry])) },
    {
      weight: 2,
      arbitrary: fc.nat(5).map((j) => changeList(i, (entries) => entries.filter((_, k) => k !== j))),
    },
  ),
);

const anyPair = fc.oneof(
  {
    weight: 9,
    arbitrary: fc
      .tuple(anyNow, fc.array(anyMutation, { minLength: 1, maxLength: 3 }))
      .map(([now, all]) => [now, all.reduce((policy, mutate) => mutate(policy), now)] as const),
  },
  { weight: 1, arbitrary: fc.tuple(anyRoughPolicy, anyRoughPolicy) },
);

test("whatever a policy does not allow, one that is at least as strict does not allow either", () => {
  let compared = 0;
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(anyPair, fc.array(anyQuestion, { minLength: 5, maxLength: 5 }), ([now, next], questions) => {
      if (!isAtLeastAsStrict(next, now)) return;
      compared++;
      for (const question of questions) {
        const key = holds(now, next, question);
        seen.set(key, (seen.get(key) ?? 0) + 1);
      }
    }),
    { numRuns: 6000 },
  );
  assert.ok(compared > 1000, `only ${compared} pairs were stricter`);
  for (const key of ["allow allow", "allow refuse", "ask ask", "wait wait", "refuse refuse"])
    for (const where of ["", " on Ethereum"])
      assert.ok((seen.get(key + where) ?? 0) > 30, JSON.stringify([...seen]));
});

const EVERYTHING_ALLOWED: readonly Rule[] = [...RULES, ...ALL_ETHEREUM];

/** The same matter in the same place twice, a little different; everything else is allowed. */
const anyTwins = fc.tuple(anyLists, anyLists).chain(([lists, more]) => {
  const names = lists.map(({ name }) => name);
  const nextLists = lists.map((list) => more.find(({ name }) => name === list.name) ?? list);
  const twin = (limits: fc.Arbitrary<Limit>) =>
    fc.record({ limit: limits, otherwise: anyOtherwise, scope: anyScope });
  const likely = fc.constantFrom("limit", "otherwise", "scope", "all");
  return fc.constantFrom(...Object.values(anyLimitOf(names))).chain((limits) =>
    fc.tuple(twin(limits), twin(limits), likely).map(([a, b, differs]) => {
      const other = differs === "all" ? b : { ...a, [differs]: b[differs] };
      return [
        policyOf([...EVERYTHING_ALLOWED, a], { lists }),
        policyOf([...EVERYTHING_ALLOWED, other], { lists: nextLists }),
      ] as const;
    }),
  );
});

test("of two rules that limit the same thing the one that is called stricter holds whatever the other does", () => {
  let compared = 0;
  fc.assert(
    fc.property(anyTwins, fc.array(anyQuestion, { minLength: 8, maxLength: 8 }), ([now, next], questions) => {
      if (!isAtLeastAsStrict(next, now)) return;
      compared++;
      for (const question of questions) holds(now, next, question);
    }),
    { numRuns: 12_000 },
  );
  assert.ok(compared > 3000, `only ${compared} pairs were stricter`);
});

function holds(now: Policy, next: Policy, { spend, ledger, ms }: Question): string {
  const [before, after] = [judge(now, spend, ledger, at(ms)), judge(next, spend, ledger, at(ms))];
  const key = `${before.outcome} ${after.outcome}${spend.ethereum ? " on Ethereum" : ""}`;
  assert.ok(OUTCOMES.indexOf(after.outcome) >= OUTCOMES.indexOf(before.outcome), key);
  if (after.outcome === "ask")
    for (const persons of PERSONS)
      if (asksOf(after).every((ask) => isMet(ask, persons)))
        assert.ok(
          asksOf(before).every((ask) => isMet(ask, persons)),
          "fewer proofs were enough",
        );
  return key;
}

/** Every set of persons there is. */
const PERSONS = Array.from(
  { length: 2 ** PEOPLE.length },
  (_, bits) => new Set(PEOPLE.filter((_, i) => (bits >> i) & 1)),
);

test("a message that one policy does not allow is not allowed by one that is at least as strict", () => {
  const paths = ["m", "m/84h", "m/84h/0h", "m/84h/0h/0h", "m/86h", "m/8"];
  const messages = fc
    .subarray(paths, { minLength: 1 })
    .map((under) => ({ kind: "messages", under }) as const);
  const policy = fc
    .array(fc.record({ limit: messages, otherwise: anyOtherwise, scope: anyScope }), { maxLength: 3 })
    .map((rules) => policyOf(rules));
  const step = fc.constantFrom(84 + HARDENED, HARDENED, 86 + HARDENED, 8, 0);
  const any = fc.record({
    id: fc.constant("id"),
    key: fc.constantFrom(...KEYS),
    path: fc.array(step, { maxLength: 4 }),
  });
  let [compared, allowed] = [0, 0];
  fc.assert(
    fc.property(policy, policy, any, (now, next, message) => {
      if (!isAtLeastAsStrict(next, now)) return;
      compared++;
      const rank = (of: Policy) => OUTCOMES.indexOf(judgeMessage(of, message, ledgerOf(), at(NOON)).outcome);
      assert.ok(rank(next) >= rank(now));
      if (rank(now) < 3) allowed++;
    }),
    { numRuns: 6000 },
  );
  assert.ok(compared > 500 && allowed > 30, `${compared} ${allowed}`);
});

test("every policy is at least as strict as itself", () => {
  fc.assert(
    fc.property(anyRoughPolicy, (policy) => {
      assert.deepEqual(changesOf(policy, policy), { tighter: [], looser: [] });
    }),
    { numRuns: 500 },
  );
});

test("what is at least as strict twice over is so in one step", () => {
  let chains = 0;
  fc.assert(
    fc.property(anyNow, anyMutation, anyMutation, (a, one, two) => {
      const [b, c] = [one(a), two(one(a))];
      if (!isAtLeastAsStrict(b, a) || !isAtLeastAsStrict(c, b)) return;
      chains++;
      assert.ok(isAtLeastAsStrict(c, a));
    }),
    { numRuns: 2000 },
  );
  assert.ok(chains > 300);
});

test("a rule more on what was spoken of already never allows more", () => {
  fc.assert(
    fc.property(anyNow, fc.nat(20), anyQuestion, (now, i, { spend, ledger, ms }) => {
      const more = [...RULES, ...now.rules][i % (RULES.length + now.rules.length)]!;
      fc.pre(now.rules.some((one) => one.scope.of === "all" && kindOf(one) === kindOf(more)));
      const next = { ...now, rules: [...now.rules, more] };
      assert.ok(isAtLeastAsStrict(next, now));
      const rank = (policy: Policy) => OUTCOMES.indexOf(judge(policy, spend, ledger, at(ms)).outcome);
      assert.ok(rank(next) >= rank(now));
    }),
    { numRuns: 2000 },
  );
});

function kindOf({ limit }: Rule): string {
  const asset = "most" in limit && typeof limit.most === "object" ? limit.most.asset : "";
  const above = limit.kind === "destinations" && limit.above ? limit.above.asset : "";
  return limit.kind === "unusual" ? limit.what : `${limit.kind} ${asset} ${above}`;
}

test("what changes is said whole: of two policies that differ in what they allow there is a sentence", () => {
  fc.assert(
    fc.property(anyPolicy, anyPolicy, (now, next) => {
      const there = changesOf(now, next);
      const back = changesOf(next, now);
      assert.equal(there.looser.length === 0, back.tighter.length === 0);
      assert.equal(there.tighter.length === 0, back.looser.length === 0);
      for (const text of [...there.looser, ...there.tighter]) assert.match(text, /^[\x20-\x7e]+$/);
    }),
  );
});
