// What a start does when something goes wrong: words that were typed until then do not outlive it.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Seal } from "../../src/ports.ts";
import { Refusal } from "../../src/refusal.ts";
import { machine, PIN } from "./lock-stage.ts";
import { holds, script, WORDS } from "./stage.ts";

const set = { PIN, WORDS, NETWORK: "regtest" };
/** To the last page of the set-up, where the words were typed and all is to be sealed. */
const [SET_UP] = script("setup").split("see Your keys are sealed") as [string];

test("a set-up that is refused once words were typed ends all processes, whether the home was written or not", async () => {
  const made = machine();
  const failing = (part: "bind" | "mark"): Seal => {
    // Set-up tries the seal before it asks for anything.
    let passes = part === "bind" ? 1 : 0;
    let left = 1;
    return {
      ...made.seal,
      async [part](...all: [Uint8Array, Uint8Array]) {
        if (passes-- <= 0 && left-- > 0) throw new Refusal("seal.failed", "no answer");
        return made.seal[part](...all);
      },
    };
  };
  for (const [part, next] of [
    ["bind", "see Welcome to Firn"],
    ["mark", "see PIN"],
  ] as const) {
    const { starts } = await holds(`${SET_UP}see seal.failed\npress ok\n${next}`, {
      set,
      seals: [failing(part)],
    });
    assert.equal(starts, 2, part);
  }
});
