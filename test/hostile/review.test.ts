// What a thief or a careless program could hand in so that a review, a limit or a screen says less than it should.

import assert from "node:assert/strict";
import { test } from "node:test";
import { concat, toHex, u32le } from "../../src/bytes.ts";
import { emptyLedger } from "../../src/journal/index.ts";
import { SpendLedger } from "../../src/journal/ledger.ts";
import type { Event, Picture, Size } from "../../src/model.ts";
import { firstPolicy, judge } from "../../src/policy/index.ts";
import type { Limit, Policy, Spend } from "../../src/rules.ts";
import { pages } from "../../src/screens/pages.ts";
import { lockTimeWords, reviewSheets } from "../../src/screens/review.ts";
import type { Screen } from "../../src/screens/screen.ts";
import { encode, PHRASES, type Plan, plan, psbt, purse, reasonOf, request } from "../bitcoin/build.ts";
import { recorded } from "../policy/cases.ts";

const single = purse("p2wpkh");
const offered = firstPolicy("regtest", "simulator")!;
const btc = (units: bigint) => ({ asset: "btc", units }) as const;
const now = { ms: 0, dateMs: 0 };

/** The offered policy with this limit in place of those of its kind. */
function offeredWith(limit: Limit, lists: Policy["lists"] = []): Policy {
  const others = offered.rules.filter((rule) => rule.limit.kind !== limit.kind);
  return {
    ...offered,
    lists,
    rules: [...others, { scope: { of: "all" }, limit, otherwise: { do: "refuse" } }],
  };
}

test("money moved into an own wallet that others can spend from, or must sign for, counts as leaving", () => {
  const limits = offeredWith({ kind: "amount", per: "transaction", most: btc(50_000n) });
  const spendTo = (of: ReturnType<typeof purse>) => {
    const outputs = [{ of, branch: 0, index: 0, amountSats: 98_000n }];
    return request(single, psbt(single, { outputs }), of);
  };
  for (const [threshold, ours, counts] of [
    [1, [0], true],
    [2, [0], true],
    [2, [0, 1], false],
    [3, [0, 1], true],
    [1, [0, 1], true],
    [3, [0, 1, 2], false],
  ] as const) {
    const of = purse("p2wsh", { name: "Shared", threshold, ours });
    const { review, spend } = spendTo(of);
    assert.equal(review.outputs[0]!.owner, "own");
    assert.equal(review.outputs[0]!.shared, counts ? true : undefined);
    assert.equal(review.warnings.includes("shared-wallet"), counts);
    assert.deepEqual(spend.takes, [btc(counts ? 100_000n : 2_000n)]);
    const { address: to } = review.outputs[0]!;
    const wallet = of.wallet.fingerprint;
    assert.deepEqual(spend.destinations, counts ? [{ to, amount: btc(98_000n), wallet }] : []);
    assert.equal(judge(limits, spend, emptyLedger(), now).outcome, counts ? "refuse" : "allow");
  }
});

test("what comes back to the shared wallet that is spent from does not count as leaving", () => {
  const vault = purse("p2wsh");
  const outputs = [
    { of: vault, branch: 1, index: 0, amountSats: 50_000n },
    { of: vault, branch: 0, index: 9, amountSats: 48_000n },
  ];
  const { review, spend } = request(vault, psbt(vault, { outputs }));
  assert.deepEqual(
    review.outputs.map(({ owner, shared }) => [owner, shared]),
    [
      ["change", undefined],
      ["own", undefined],
    ],
  );
  assert.deepEqual(spend.takes, [btc(2_000n)]);
  assert.deepEqual(spend.destinations, []);
});

test("two coins of ours cannot be taken by one transaction that is shown twice, each time with the other passed off as somebody else's", () => {
  const limits = offeredWith({ kind: "unusual", what: "foreign input", allowed: true });
  // Further out than addresses are looked for: only the key origins, which the thief leaves out, tell whose they are.
  const inputs = [{ index: 5_000 }, { index: 6_000 }];
  const outputs = [
    { of: single, branch: 1, index: 0, amountSats: 100_000n },
    { foreign: 1, amountSats: 99_000n },
  ];
  const shown = (...hidden: number[]) => {
    const parts = plan(single, { inputs, outputs });
    for (const i of hidden) parts.inputs[i] = parts.inputs[i]!.filter(({ type }) => type !== 0x06);
    return request(single, encode(parts)).spend;
  };
  const ledger = new SpendLedger();
  const outcome = (spend: Spend) => {
    const { outcome: said, rules } = judge(limits, spend, ledger, now);
    return [said, ...rules.flatMap(({ reason }) => reason ?? [])];
  };
  const first = shown(1);
  assert.deepEqual(first.takes, [btc(0n)]);
  assert.deepEqual(outcome(first), ["allow"]);
  ledger.add(recorded(first, 0));
  assert.deepEqual(outcome(shown(0)), ["refuse", "policy.amounts-changed"]);
  assert.deepEqual(outcome(shown()), ["refuse", "policy.amounts-changed"]);
  assert.deepEqual(outcome(shown(1)), ["allow"], "the very same again is no other claim");
});

test("without a word of the policy neither coins of others nor several wallets of ours are spent", () => {
  const other = purse("p2tr", { name: "Savings" });
  const stranger = purse("p2wpkh", { phrases: [PHRASES[1]] });
  const silent = { ...offered, rules: offered.rules.filter(({ limit }) => limit.kind !== "unusual") };
  for (const [of, ...reasons] of [
    [stranger, "policy.foreign-input", "policy.silent"],
    [other, "policy.mixed-wallets", "policy.silent"],
  ] as const) {
    const { spend } = request(single, psbt(single, { inputs: [{}, { of }] }), other);
    for (const [i, policy] of [offered, silent].entries()) {
      const { outcome, rules } = judge(policy, spend, emptyLedger(), now);
      const named = new Set(rules.flatMap(({ reason }) => reason ?? []));
      assert.deepEqual([outcome, [...named]], ["refuse", [reasons[i]]]);
    }
  }
});

test("what goes from an own wallet into the change of a shared one is shown as sent, as the policy counts it", () => {
  const vault = purse("p2wsh", { name: "Family" });
  const inputs = [{}, { of: vault, amountSats: 1_000n }];
  const outputs = [{ of: vault, branch: 1, index: 0, amountSats: 99_000n }];
  const { review, spend } = request(single, psbt(single, { inputs, outputs }), vault);
  assert.deepEqual(spend.takes, [btc(100_000n)]);
  const summary = reviewSheets(review).find(({ title }) => title === "You send");
  assert.match(JSON.stringify(summary?.blocks), /To 1 destination.*0\.00098000 BTC/);
});

test("a list of destinations names a script without an address by its hex", () => {
  const script = Uint8Array.of(0x6a, 3, 1, 2, 3);
  const outputs = [
    { script, amountSats: 0n },
    { of: single, branch: 1, index: 0, amountSats: 99_000n },
  ];
  const { spend } = request(single, psbt(single, { outputs }));
  const outcome = (to: string) => {
    const lists = [{ name: "known", entries: [{ kind: "address", to }] }] as const;
    const limits = offeredWith({ kind: "destinations", to: ["known"] }, lists);
    return judge(limits, spend, emptyLedger(), now).outcome;
  };
  assert.equal(outcome(toHex(script)), "allow");
  assert.equal(outcome("6a03010204"), "refuse");
});

test("a screen that changes its size, at any time and to any size, shows every word before the last page asks", () => {
  const words = Array.from({ length: 400 }, (_, i) => `word${i}.`);
  const sheets = [0, 1, 2, 3].map((part) => ({
    title: `Sheet ${part}`,
    blocks: [{ kind: "text", text: words.slice(part * 100, part * 100 + 100).join(" ") } as const],
  }));
  const small: Size = { columns: 40, rows: 15 };
  const large: Size = { columns: 200, rows: 60 };
  const down: Event = { kind: "press", button: "down" };
  for (let change = 0; change < 40; change++)
    for (const told of [true, false]) {
      let screen: Screen<"approve" | "decline"> = pages({
        sheets,
        ok: { label: "hold", answer: "approve", hold: true },
        back: { label: "decline", answer: "decline" },
      });
      const seen = new Set<string>();
      let size = change % 2 === 0 ? small : large;
      const look = (): Picture => {
        const picture = screen.draw(size);
        for (const block of picture.blocks)
          if (block.kind === "text") for (const word of block.text.split(/\s+/)) seen.add(word);
        return picture;
      };
      const send = (event: Event) => {
        const next = screen.on(event, size);
        assert.ok(!("done" in next));
        screen = next;
      };
      for (let turn = 0; look().hold === undefined; turn++) {
        if (turn === change) {
          size = size === small ? large : small;
          if (told) {
            send({ kind: "resize", size });
            continue;
          }
        }
        send(down);
      }
      const missed = words.filter((word) => !seen.has(word));
      // A key that overtakes the news of the new size may leave the sheet that was being read, and no other.
      if (told) assert.deepEqual(missed, []);
      else assert.ok(new Set(missed.map((word) => Math.floor(Number(word.slice(4, -1)) / 100))).size <= 1);
    }
});

const reviewOf = (what: Plan) => request(single, psbt(single, what)).review;
const words = (what: Plan) =>
  reviewSheets(reviewOf(what))
    .flatMap(({ blocks }) => blocks.map((block) => (block.kind === "fact" ? block.value : "")))
    .join("\n");

test("how long a coin must have aged is said, and such a transaction is never called valid at once", () => {
  assert.deepEqual(reviewOf({ inputs: [{ sequence: 144 }, { sequence: 6 }] }).coinAge, {
    blocks: 144,
    seconds: 0,
  });
  const both = { inputs: [{ sequence: 52_560 }, { sequence: 0x400000 + 7 }, { sequence: 0xffffffff }] };
  assert.deepEqual(reviewOf(both).coinAge, { blocks: 52_560, seconds: 7 * 512 });
  assert.equal(lockTimeWords(reviewOf(both)), "when its coins are old enough");
  assert.match(words(both), /52560 blocks, and 1\.0 hours at least/);
  for (const sequence of [0, 0x400000, 0x80000090, 0xfffffffd])
    assert.equal(reviewOf({ sequence }).coinAge, undefined);
  assert.equal(reviewOf({ sequence: 144, txVersion: 1 }).coinAge, undefined);
});

test("the heights that programs set as a matter of course are not warned of on testnet 3 either", () => {
  const warned = (network: "testnet3" | "testnet4", lockTime: number) => {
    const own = purse("p2wpkh", { network });
    return request(own, psbt(own, { lockTime })).review.warnings.includes("lock-time");
  };
  assert.equal(warned("testnet4", 2_100_000), true);
  assert.equal(warned("testnet3", 4_900_000), false);
  assert.equal(warned("testnet3", 60_000_000), true);
  assert.equal(warned("testnet3", 1_800_000_000), true);
});

test("a rate below one sat for a byte is not shown as none", () => {
  assert.match(words({ inputs: 100, feeSats: 200n }), /0\.0[0-9]{2} sat\/vB/);
});

test("a transaction that no block can hold is refused at once, and one that no node passes on is warned of", () => {
  const script = (bytes: number) => concat(Uint8Array.of(0x6a, 0x4e), u32le(bytes), new Uint8Array(bytes));
  const old = purse("p2pkh");
  const outputs = (bytes: number) => [
    { script: script(bytes), amountSats: 0n },
    { foreign: 1, amountSats: 90_000n },
  ];
  for (const version of [0, 2] as const) {
    assert.equal(
      reasonOf(old, psbt(old, { version, inputs: 1000, outputs: outputs(1_100_000) })),
      "bitcoin.too-large",
    );
    const warned = (bytes: number) =>
      request(old, psbt(old, { version, outputs: outputs(bytes) })).review.warnings.includes(
        "too-large-to-relay",
      );
    assert.equal(warned(90_000), false);
    assert.equal(warned(100_000), true);
  }
});
