// What a thief or a careless program could hand in so that a review, a limit or a screen says less than it should.

import assert from "node:assert/strict";
import { test } from "node:test";
import { toHex } from "../../src/bytes.ts";
import { firstPolicy, judge } from "../../src/policy/index.ts";
import { psbt, purse, request } from "../bitcoin/build.ts";

const single = purse("p2wpkh");
const offered = firstPolicy("regtest", "simulator")!;

test("money moved into an own wallet that others can spend from, or must sign for, counts as leaving", () => {
  const limits = { ...offered, mostPerTransactionSats: 50_000n, mostPerDaySats: 50_000n };
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
    const { review, spend } = spendTo(purse("p2wsh", { name: "Shared", threshold, ours }));
    assert.equal(review.outputs[0]!.owner, "own");
    assert.equal(review.outputs[0]!.shared, counts ? true : undefined);
    assert.equal(review.warnings.includes("shared-wallet"), counts);
    assert.equal(spend.leavesSats, counts ? 100_000n : 2_000n);
    assert.deepEqual(
      spend.destinations.map(({ to }) => to),
      counts ? [review.outputs[0]!.address] : [],
    );
    assert.equal(judge(limits, spend, [], 0).outcome, counts ? "refuse" : "allow");
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
  assert.equal(spend.leavesSats, 2_000n);
});

test("a list of destinations names a script without an address by its hex", () => {
  const script = Uint8Array.of(0x6a, 3, 1, 2, 3);
  const outputs = [
    { script, amountSats: 0n },
    { of: single, branch: 1, index: 0, amountSats: 99_000n },
  ];
  const { spend } = request(single, psbt(single, { outputs }));
  const outcome = (destinations: readonly string[]) =>
    judge({ ...offered, destinations }, spend, [], 0).outcome;
  assert.equal(outcome([toHex(script)]), "allow");
  assert.equal(outcome(["6a03010204"]), "refuse");
});
