// What each call means, in words: goldens of every call that Firn reads. UPDATE=1 writes them anew; look at them.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { factsOf, UNLIMITED } from "../../src/assets.ts";
import { ALL } from "../../src/ethereum/calls/table.ts";
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
