// A wallet in another's place: which outputs are the sweep, and what is warned of.

import assert from "node:assert/strict";
import { test } from "node:test";
import { understand } from "../../src/bitcoin/index.ts";
import type { Review } from "../../src/review.ts";
import { curve, message, type OutputPlan, PHRASES, type Purse, psbt, purse, run } from "./build.ts";

const LEAVER = "letter advice cage absurd amount doctor acoustic avoid letter advice cage above";
const old = purse("p2wsh", { name: "Savings" });
const fresh = purse("p2wsh", { name: "Savings 2", phrases: [PHRASES[0], PHRASES[1], LEAVER] });
const third = purse("p2wsh", { name: "Savings 3", phrases: [PHRASES[0], LEAVER, PHRASES[2]] });
const single = purse("p2wpkh", { name: "Own" });
const ALL = [old, fresh, third, single];

const to = (of: Purse, amountSats: bigint, branch = 0): OutputPlan => ({ of, branch, index: 3, amountSats });

function reviewOf(
  outputs: readonly OutputPlan[],
  successors: readonly (readonly [Purse, Purse])[],
  inputs: readonly { readonly of?: Purse }[] = [{}],
): Review {
  const pairs = successors.map(([a, b]) => [a.wallet.fingerprint, b.wallet.fingerprint] as const);
  const known = {
    network: "regtest",
    templates: ALL.map(({ template }) => template),
    curve,
    successors: new Map(pairs),
  } as const;
  return run(understand(message(psbt(old, { inputs, outputs })), known)).review;
}

const flags = ({ outputs }: Review) => outputs.map(({ successor }) => successor === true);
const warns = ({ warnings }: Review) =>
  warnings.filter((one) => one.includes("replaced") || one === "change-to-other-wallet");

test("all to the successor is a sweep, and nothing of a replaced wallet is warned of", () => {
  const sweep = reviewOf([to(fresh, 60_000n), to(fresh, 39_000n, 1)], [[old, fresh]]);
  assert.deepEqual(flags(sweep), [true, true]);
  assert.deepEqual(warns(sweep), []);
  assert.equal(sweep.outputs[0]!.shared, true);
  assert.equal(sweep.leavesSats, 100_000n, "the policy counts it as leaving");
});

test("before it was replaced the same transaction is a payment to another own wallet", () => {
  const before = reviewOf([to(fresh, 99_000n)], []);
  assert.deepEqual(flags(before), [false]);
  assert.deepEqual(warns(before), ["change-to-other-wallet"]);
});

for (const [what, output, also] of [
  ["somebody else", { foreign: 1, amountSats: 39_000n }, []],
  ["an own wallet", to(single, 39_000n), ["change-to-other-wallet"]],
  ["itself, as change", to(old, 39_000n, 1), ["pays-to-replaced"]],
  ["itself, as a payment", to(old, 39_000n), ["pays-to-replaced"]],
] as const)
  test(`from a replaced wallet, anything to ${what} beside the sweep is warned of`, () => {
    const review = reviewOf([to(fresh, 60_000n), output], [[old, fresh]]);
    assert.deepEqual(flags(review), [true, false]);
    assert.deepEqual(new Set(warns(review)), new Set(["replaced-pays-elsewhere", ...also]));
  });

test("from any other wallet, a payment to a replaced one is warned of", () => {
  const review = reviewOf([to(fresh, 99_000n)], [[fresh, third]]);
  assert.deepEqual(new Set(warns(review)), new Set(["pays-to-replaced", "change-to-other-wallet"]));
  assert.deepEqual(flags(review), [false]);
});

test("a wallet that was replaced twice is swept to the last one; to the one between is warned of", () => {
  const chain = [
    [old, fresh],
    [fresh, third],
  ] as const;
  const last = reviewOf([to(third, 99_000n)], chain);
  assert.deepEqual([flags(last), warns(last)], [[true], []]);
  const between = reviewOf([to(fresh, 99_000n)], chain);
  assert.deepEqual([flags(between), warns(between)], [[true], ["pays-to-replaced"]]);
});

test("successors that lead in a ring end nothing", () => {
  const ring = reviewOf(
    [to(fresh, 99_000n)],
    [
      [old, fresh],
      [fresh, old],
    ],
  );
  assert.deepEqual(flags(ring), [true]);
});

test("from several wallets at once only what is a successor of each is a sweep", () => {
  const mixed = reviewOf([to(fresh, 190_000n)], [[old, fresh]], [{}, { of: single }]);
  assert.deepEqual(flags(mixed), [false]);
  assert.ok(warns(mixed).includes("replaced-pays-elsewhere"));
});

test("an index so far that no program finds it is no sweep", () => {
  const far = reviewOf([{ of: fresh, branch: 0, index: 2_000_000, amountSats: 99_000n }], [[old, fresh]]);
  assert.deepEqual(flags(far), [false]);
  assert.ok(warns(far).includes("replaced-pays-elsewhere"));
});

test("no program marks the outputs of a sweep: they are found at the successor's receive addresses all the same", () => {
  const script = (of: Purse, index: number) => of.template.derive(0, index).scriptPubKey;
  const bare = (of: Purse, index: number): OutputPlan => ({ script: script(of, index), amountSats: 49_000n });
  const sweep = reviewOf([bare(fresh, 0), bare(fresh, 999)], [[old, fresh]]);
  assert.deepEqual([flags(sweep), warns(sweep)], [[true, true], []]);
  assert.equal(sweep.outputs[1]!.path, "0/999");
  const beyond = reviewOf([bare(fresh, 1000)], [[old, fresh]]);
  assert.deepEqual([flags(beyond), warns(beyond)], [[false], ["replaced-pays-elsewhere"]]);
  // To what was replaced, from a wallet that was not.
  const back = reviewOf([bare(fresh, 3)], [[fresh, third]]);
  assert.deepEqual(warns(back).toSorted(), ["change-to-other-wallet", "pays-to-replaced"]);
  // Where nothing was replaced nothing is looked for.
  assert.equal(reviewOf([bare(fresh, 3)], []).outputs[0]!.owner, "foreign");
});
