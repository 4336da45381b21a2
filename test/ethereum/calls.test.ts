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
import { EXAMPLES } from "./call-examples.ts";
import { actsOf, told } from "./call-world.ts";

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
