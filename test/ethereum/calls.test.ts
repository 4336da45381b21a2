// What each call means, in words: goldens of every call that Firn reads. UPDATE=1 writes them anew; look at them.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { factsOf, UNLIMITED } from "../../src/assets.ts";
import { concat, fromHex } from "../../src/bytes.ts";
import { ALL } from "../../src/ethereum/calls/table.ts";
import { Refusal } from "../../src/refusal.ts";
import { EXAMPLES, encode, type Step, steps } from "./call-examples.ts";
import {
  ACCOUNT,
  actsOf,
  DAI,
  SAFE,
  THIEF,
  told,
  UNIVERSAL_ROUTER,
  USDC,
  V2_ROUTER,
  V3_ROUTER_2,
  WETH,
} from "./call-world.ts";

const GOLDEN = join(import.meta.dirname, "calls.golden.txt");

test("what every call means is told in these words", () => {
  const text = Object.entries(EXAMPLES)
    .flatMap(([family, examples]) => [
      `#### ${family}`,
      ...examples.map(
        ({ name, to, data, value }) =>
          `## ${name}\n${told(actsOf(to, data, value === undefined ? {} : { value })).join("\n")}\n`,
      ),
    ])
    .join("\n");
  if (process.env.UPDATE) writeFileSync(GOLDEN, text);
  assert.equal(text, readFileSync(GOLDEN, "utf8"));
});

test("every call that can be read has an example in which it is read", () => {
  const read = new Set(
    Object.values(EXAMPLES)
      .flat()
      .flatMap(({ to, data, value }) => actsOf(to, data, value === undefined ? {} : { value }))
      .flatMap(({ calls }) => calls.filter(({ known }) => known).map(({ selector }) => selector)),
  );
  assert.deepEqual(
    ALL.filter(({ selector }) => !read.has(selector)).map(({ signature }) => signature),
    [],
  );
});

test("coin that is sent with a call is always counted, whatever the call is, and so is where it goes", () => {
  for (const { name, to, data, value = 0n } of Object.values(EXAMPLES).flat())
    for (const sent of [value, value + 1n, 12_345_678n]) {
      const acts = actsOf(to, data, { value: sent });
      const coin = acts.flatMap(({ takes }) => takes).filter(({ asset }) => asset === "coin/eth");
      const counted = coin.reduce((sum, { units }) => sum + units, 0n);
      assert.ok(counted >= sent, `${name}: ${counted} of ${sent}`);
      for (const act of acts)
        for (const { asset } of act.takes)
          assert.ok(
            act.destinations.some(({ amount }) => amount.asset === asset),
            `${name}: ${act.title}`,
          );
    }
});

test("nothing is unlimited, unlisted, approved or unknown without the policy being told", () => {
  for (const { name, to, data, value = 0n } of Object.values(EXAMPLES).flat())
    for (const act of actsOf(to, data, { value })) {
      const unlisted = act.takes.some(({ asset }) => !factsOf(asset)!.listed);
      if (unlisted) assert.ok(act.oddities.includes("unlisted token"), name);
      const endless = act.allowances.some(({ amount }) => amount.units >= UNLIMITED);
      const told = act.oddities.includes("unlimited approval") || act.oddities.includes("approval of all");
      assert.equal(told, endless, name);
      assert.equal(
        act.oddities.includes("unknown call"),
        act.calls.some(({ known }) => !known),
        name,
      );
      if (act.oddities.length > 0) assert.notEqual(act.tone, "calm", name);
    }
});

test("examples with bytes changed, cut, added or moved are told or refused, and their coin is counted", () => {
  const all = Object.values(EXAMPLES).flat();
  const edits = fc.array(
    fc.tuple(fc.nat(), fc.integer({ min: 0, max: 4 }), fc.uint8Array({ maxLength: 40 })),
    {
      minLength: 1,
      maxLength: 3,
    },
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...all),
      edits,
      fc.bigInt({ min: 0n, max: 2n ** 80n }),
      (example, changes, value) => {
        let data = fromHex(example.data.slice(2))!;
        for (const change of changes) data = edited(data, ...change);
        try {
          const acts = actsOf(example.to, data, { value });
          const coin = acts.flatMap(({ takes }) => takes).filter(({ asset }) => asset === "coin/eth");
          assert.ok(coin.reduce((sum, { units }) => sum + units, 0n) >= value);
        } catch (error) {
          assert.ok(error instanceof Refusal, String((error as Error).stack));
        }
      },
    ),
    { numRuns: 10_000 },
  );
});

function edited(data: Uint8Array, where: number, how: number, bytes: Uint8Array): Uint8Array {
  const at = data.length === 0 ? 0 : where % data.length;
  const word = at - ((at + 28) % 32);
  if (how === 0) return data.subarray(0, at);
  if (how === 1) return concat(data.subarray(0, at), bytes, data.subarray(at));
  if (how === 2) return concat(data.subarray(0, at), bytes, data.subarray(at + bytes.length));
  // A word put to zero; a word doubled.
  if (how === 3) return concat(data.subarray(0, word), new Uint8Array(32), data.subarray(word + 32));
  return concat(data.subarray(0, word + 32), data.subarray(word));
}

const LEFT = "Something is left in the router at the end, where anybody can take it.";
const SWAP = ["address", "uint256", "uint256", "address[]", "bool"];
const CALLER = `0x${"00".repeat(19)}01`;
const ROUTER = `0x${"00".repeat(19)}02`;

test("what steps leave in a router is said, unless a later step hands out that very token", () => {
  const into = ["08", SWAP, ROUTER, 5n, 1n, [USDC, DAI], true] as const;
  const sweep = (token: string) => ["04", ["address", "address", "uint256"], token, CALLER, 1n] as const;
  const wrap = ["0b", ["address", "uint256"], ROUTER, 7n] as const;
  const on = ["08", SWAP, CALLER, 7n, 1n, [WETH, USDC], false] as const;
  const cases: readonly (readonly [boolean, bigint, readonly Step[]])[] = [
    [true, 0n, [into]],
    [true, 0n, [into, sweep(USDC)]],
    [true, 0n, [sweep(DAI), into]],
    [false, 0n, [into, sweep(DAI)]],
    [true, 7n, [into, sweep(DAI)]],
    [true, 7n, [wrap]],
    [false, 7n, [wrap, on]],
    [false, 7n, [wrap, ["0c", ["address", "uint256"], CALLER, 1n]]],
  ];
  for (const [left, value, all] of cases) {
    const [act] = actsOf(UNIVERSAL_ROUTER, encode("0x24856bc3", ...steps(...all)), { value });
    assert.equal(act!.title, "Swap in several steps");
    assert.equal(
      act!.says.includes(LEFT),
      left,
      JSON.stringify(all, (_, one) => (typeof one === "bigint" ? `${one}` : one)),
    );
  }
  const toRouter = encode("0x04e45aaf", [USDC, WETH, 500n, ROUTER, 5n, 1n, 0n]);
  const both = [toRouter, encode("0x49404b7c", 1n, ACCOUNT)];
  assert.ok(actsOf(V3_ROUTER_2, encode("0xac9650d8", [toRouter]))[0]!.says.includes(LEFT));
  assert.ok(!actsOf(V3_ROUTER_2, encode("0xac9650d8", both))[0]!.says.includes(LEFT));
});

test("coin that pays for a wrapped coin counts once, as long as nothing else can use it", () => {
  const swap = (give: bigint, from: string, to: string) =>
    encode("0x04e45aaf", [from, to, 500n, ACCOUNT, give, 1n, 0n]);
  const path = `0x${[USDC, WETH, DAI].map((one) => one.slice(2)).join("0001f4")}`;
  const through = encode("0xb858183f", [path, ACCOUNT, 5n, 1n]);
  const refund = encode("0x12210e8a");
  const cases: readonly (readonly [string, bigint, bigint, readonly string[]])[] = [
    ["all of it", 10n, 0n, [swap(10n, WETH, USDC)]],
    ["in two parts", 10n, 0n, [swap(6n, WETH, USDC), swap(4n, WETH, DAI)]],
    ["too little", 10n, 11n, [swap(11n, WETH, USDC)]],
    ["too little for the second", 10n, 6n, [swap(6n, WETH, USDC), swap(6n, WETH, DAI)]],
    ["none is sent", 0n, 10n, [swap(10n, WETH, USDC)]],
    ["given back before", 10n, 10n, [refund, swap(10n, WETH, USDC)]],
    ["given back after", 10n, 0n, [swap(10n, WETH, USDC), refund]],
    ["used on the way of another", 10n, 10n, [through, swap(10n, WETH, USDC)]],
    ["used by what nobody knows", 10n, 10n, ["0x12345678", swap(10n, WETH, USDC)]],
    ["of another token", 10n, 0n, [swap(10n, USDC, DAI)]],
  ];
  for (const [name, value, wrapped, calls] of cases) {
    const takes = actsOf(V3_ROUTER_2, encode("0xac9650d8", calls), { value }).flatMap((act) => act.takes);
    const of = (asset: string) =>
      takes.filter((one) => one.asset === asset).reduce((sum, { units }) => sum + units, 0n);
    assert.equal(of("coin/eth"), value, name);
    assert.equal(of(`1/${WETH.toLowerCase()}`), wrapped, name);
  }
});

test("what an address is on one chain it is not on another", () => {
  const all = Object.values(EXAMPLES).flat();
  const on = (chainId: bigint, name: string) => {
    const { to, data, value = 0n } = all.find((one) => one.name === name)!;
    return actsOf(to, data, { chainId, value });
  };
  assert.deepEqual(on(1n, "a transfer of a listed token")[0]!.oddities, []);
  assert.deepEqual(on(137n, "a transfer of a listed token")[0]!.oddities, ["unlisted token"]);
  assert.equal(on(137n, "a transfer of a listed token")[0]!.takes[0]!.asset, `137/${USDC.toLowerCase()}`);
  for (const name of ["tokens for tokens", "wrapping", "in, single", "lent", "staked", "1inch, fifth"]) {
    assert.notEqual(on(1n, name)[0]!.title, "A call that Firn cannot read", name);
    // A chain that no list names.
    const [act] = on(987_654n, name);
    assert.equal(act!.title, "A call that Firn cannot read", name);
    assert.deepEqual(
      act!.calls.map(({ chainId, known }) => [chainId, known]),
      [[987_654n, false]],
      name,
    );
  }
  assert.deepEqual(on(987_654n, "coin")[0]!.takes, [{ asset: "coin/chain-987654", units: 10n ** 18n }]);
});

test("what a Safe sends counts as leaving the Safe, to its owner's account too", () => {
  const data = encode("0x38ed1739", 5n, 6n, [USDC, DAI], ACCOUNT, 1n);
  const [act] = actsOf(V2_ROUTER, data, { from: SAFE.address });
  assert.ok(act!.destinations.some(({ to }) => to === ACCOUNT));
  assert.notEqual(act!.tone, "danger");
  const [sent] = actsOf(USDC, encode("0x23b872dd", SAFE.address, THIEF, 5n));
  assert.deepEqual(sent!.takes, [{ asset: `1/${USDC.toLowerCase()}`, units: 5n }]);
});
