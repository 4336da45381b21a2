import assert from "node:assert/strict";
import { test } from "node:test";
import { destinationMark } from "../../src/journal/index.ts";
import { NETWORKS } from "../../src/model.ts";
import {
  type Answers,
  firstPolicy,
  judge,
  judgeMessage,
  parsePolicy,
  type Question,
  TEMPLATES,
  type Template,
  unspoken,
  writePolicy,
} from "../../src/policy/index.ts";
import type { Amount, Ledger, Policy, Spend } from "../../src/rules.ts";
import { at, BTC, DAY, HOUR, ledgerOf, line, NOON, past, spend } from "./cases.ts";
import { PLACES, sat } from "./policies.ts";

const PERSONS = ["anna", "ben", "carla", "dora"];

/** What is suggested; names and entries as many as must be. */
function answersTo({ questions }: Template, listed = false): Record<string, Answers[keyof Answers]> {
  const answer = ({ kind, least = 0, suggested }: Question) => {
    if (kind === "persons") return PERSONS.slice(0, Math.max(least, 2));
    if (kind === "entries" && (listed || least > 0)) return [{ kind: "address", to: PLACES[0]! } as const];
    return suggested!;
  };
  return Object.fromEntries(questions.map((question) => [question.key, answer(question)]));
}

function made(name: string, listed = false): Policy {
  const template = TEMPLATES.find((one) => one.name === name)!;
  return template.make({ number: 3, network: "mainnet" }, answersTo(template, listed));
}

function pays(amount: Amount, to = PLACES[1]!): Spend {
  return spend({ txid: `pays ${amount.units} ${to}`, takes: [amount], destinations: [{ to, amount }] });
}

const outcome = (policy: Policy, one: Spend, ledger: Ledger = ledgerOf(), ms = NOON) =>
  judge(policy, one, ledger, at(ms)).outcome;
const milli = (count: number) => sat((BTC * BigInt(count)) / 1000n);
/** A payment long ago made this destination known. */
const known = past("old", 1n, NOON - 60 * DAY);

for (const template of TEMPLATES)
  test(`${template.name}: what is suggested is a whole policy, with and without a list, that leaves nothing unspoken`, () => {
    assert.match(template.forWhom, /^For [^.]+\. ?.*\.$|^For .*\.$/);
    for (const listed of [false, true]) {
      const policy = template.make({ number: 3, network: "mainnet" }, answersTo(template, listed));
      assert.deepEqual(parsePolicy(writePolicy(policy)), policy);
      assert.deepEqual([policy.number, policy.network], [3, "mainnet"]);
      assert.deepEqual(unspoken(policy), []);
    }
    const keys = template.questions.map(({ key }) => key);
    assert.equal(new Set(keys).size, keys.length);
    assert.throws(() => template.make({ number: 1, network: "mainnet" }, {}), /no answer/);
  });

test("answers that contradict each other are refused with a sentence", () => {
  const plain = TEMPLATES.find(({ name }) => name === "Plain")!;
  assert.throws(
    () => plain.make({ number: 1, network: "signet" }, { transaction: milli(2), day: milli(1) }),
    {
      message: /"At most 0.002 BTC per transaction": it never matters, because of .*0.001 BTC per day/,
    },
  );
});

test("saver: a little goes at once to where it went before, more and new destinations wait, and a month ends it", () => {
  const saver = made("Saver", true);
  const one = pays(milli(10), PLACES[0]);
  assert.equal(outcome(saver, one), "allow");
  assert.equal(outcome(saver, pays(milli(10))), "wait");
  assert.equal(outcome(saver, pays(milli(11), PLACES[0])), "wait");
  assert.equal(outcome(saver, pays(milli(501), PLACES[0])), "refuse");
  const larger = pays(milli(100));
  const told = {
    kind: "asked",
    txid: larger.txid,
    destinations: [destinationMark(PLACES[1]!)],
    reasons: [],
  } as const;
  const asked = ledgerOf(line(told, NOON));
  assert.equal(outcome(saver, larger, asked, NOON + 3 * DAY - HOUR), "wait");
  assert.equal(outcome(saver, larger, asked, NOON + 3 * DAY), "allow");
});

test("business of two: one pays small bills to whom was paid before, both agree to all else", () => {
  const policy = made("Business of two", true);
  assert.equal(outcome(policy, pays(milli(20), PLACES[0])), "allow");
  assert.equal(outcome(policy, pays(milli(21), PLACES[0])), "ask");
  assert.equal(outcome(policy, pays(milli(20))), "ask");
  assert.equal(outcome(policy, pays(milli(501), PLACES[0])), "refuse");
  assert.equal(
    outcome(policy, pays(milli(15), PLACES[0]), ledgerOf(past("today", 10_000_00n, NOON - HOUR))),
    "ask",
  );
});

test("treasury: every payment takes an officer, a large one two, and who is not on the list two and a day", () => {
  const policy = made("Treasury with limits");
  const asks = (one: Spend) =>
    judge(policy, one, ledgerOf(known), at(NOON)).rules.flatMap(({ ask }) => ask?.need ?? []);
  assert.deepEqual(asks(pays(milli(1), PLACES[0])), [1]);
  assert.deepEqual(asks(pays(milli(101), PLACES[0])), [1, 2]);
  assert.deepEqual(asks(pays(milli(1))), [1, 2]);
  assert.equal(outcome(policy, pays(milli(1))), "wait");
  assert.equal(outcome(policy, pays(milli(1001), PLACES[0])), "refuse");
});

test("inheritance: a monthly sum goes at once, more takes a trusted person and a long wait", () => {
  const policy = made("Inheritance", true);
  assert.equal(outcome(policy, pays(milli(50), PLACES[0])), "allow");
  const more = pays(milli(5000), PLACES[0]);
  assert.equal(outcome(policy, more), "wait");
  const told = { kind: "asked", txid: more.txid, destinations: [], reasons: [] } as const;
  assert.equal(outcome(policy, more, ledgerOf(line(told, NOON)), NOON + 30 * DAY), "ask");
});

test("practice networks are offered 100 and 1,000 BTC, the simulator on mainnet 1 and 1, a board nothing", () => {
  for (const network of NETWORKS)
    for (const machine of ["simulator", "board"] as const) {
      const policy = firstPolicy(network, machine);
      if (network === "mainnet" && machine === "board") {
        assert.equal(policy, undefined);
        continue;
      }
      const [most, day] = network === "mainnet" ? [1, 1] : [100, 1_000];
      const text = writePolicy(policy!);
      assert.match(
        text,
        new RegExp(`\nAt most ${most} BTC per transaction\nAt most ${day} BTC per day\nTo any destination\n`),
      );
      assert.deepEqual(parsePolicy(text), policy);
      const blind = ["Calls that Firn cannot read", "Handing the account over"];
      assert.deepEqual(unspoken(policy!), machine === "board" ? [] : blind);
      assert.equal(
        text.includes("any listed"),
        machine === "simulator",
        "nothing of Ethereum is offered on a board",
      );
      const ordinary = spend({ network, takes: [sat(BTC)], fee: sat(50_000), feeRate: 300, feePercent: 20 });
      assert.equal(outcome(policy!, ordinary), "allow");
      assert.equal(outcome(policy!, spend({ network, feeProven: false })), "refuse");
    }
});

test("every first policy and every template lets the keys of wallets' accounts sign messages, and no other", () => {
  const all = [
    ...TEMPLATES.map((template) => template.make({ number: 1, network: "mainnet" }, answersTo(template))),
    ...NETWORKS.map((network) => firstPolicy(network, "simulator")!),
  ];
  const H = 0x80000000;
  for (const policy of all) {
    const coin = (policy.network === "mainnet" ? 0 : 1) + H;
    const judged = (path: readonly number[]) =>
      judgeMessage(policy, { id: "a", key: "73c5da0a", path }, ledgerOf(), at(NOON)).outcome;
    for (const purpose of [44, 49, 84, 86, 87]) assert.equal(judged([purpose + H, coin, H, 0, 5]), "allow");
    assert.equal(judged([48 + H, coin, 3 + H, 2 + H]), "allow");
    assert.equal(judged([45 + H, 0, 0]), "allow");
    for (const path of [
      [],
      [0],
      [84 + H, (policy.network === "mainnet" ? 1 : 0) + H, H],
      [83696968 + H, H],
      [84, coin],
    ])
      assert.equal(judged(path), "refuse", path.join("/"));
  }
});
