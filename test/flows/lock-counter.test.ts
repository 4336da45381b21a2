// A counter that never goes back, in the machine: what an older copy of the card would bring back is refused.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { DiskState } from "../../device/sim/recording.ts";
import { Refusal } from "../../src/refusal.ts";
import { psbt, purse } from "../bitcoin/build.ts";
import { DURESS, homeOn, machine, PIN, SET_DURESS, SETTINGS, unlockWith } from "./lock-stage.ts";
import { holds, journalOf, play, psbtTexts, UNLOCK } from "./stage.ts";

const REWOUND = `see PIN\nclock +1h\ntype ${PIN}\npress ok\nsee journal.rewound\nunseen Sign a transaction`;
const set = { PSBT: psbtTexts(psbt(purse("p2wpkh")), "base64")[0]! };
const SIGN = `${UNLOCK}pick Sign\nscan $PSBT\npage\nhold ok\nsee Signed`;

/** How many whole lines there are, with the journal of the first home. */
const linesOf = async (disk: DiskState, seals: Parameters<typeof journalOf>[2]) =>
  (await journalOf(disk, PIN, seals)).length;

test("an older copy of the whole card is refused after any unlock since, and the latest one opens", async () => {
  const made = machine("tpm");
  const seals = [made.seal];
  let disk = await homeOn(made);
  const copies: DiskState[] = [];
  for (let i = 0; i < 4; i++) {
    copies.push(disk);
    disk = (await holds(i % 2 === 0 ? UNLOCK : SIGN, { disk, seals, set })).disk;
  }
  for (const copy of copies) {
    const { disk: left } = await holds(REWOUND, { disk: copy, seals });
    for (const [name, bytes] of copy) if (name !== "tries") assert.deepEqual(left.get(name), bytes);
  }
  await holds(UNLOCK, { disk, seals });
});

test("the counter stands at the number of lines, from where it stood at set-up on", async () => {
  const made = machine("tpm");
  made.counted.set("first", 77);
  const disk = await homeOn(made);
  const later = (await holds(SIGN, { disk, seals: [made.seal], set })).disk;
  assert.equal(made.counted.get("first"), 77 + (await linesOf(later, [made.seal])));
});

test("one line that is on the card and was not counted is counted at the start; two are refused, and fewer too", async () => {
  const made = machine("tpm");
  const seals = [made.seal];
  const disk = (await holds(UNLOCK, { disk: await homeOn(made), seals })).disk;
  const exact = made.counted.get("first")!;
  for (const [by, opens] of [
    [0, true],
    [-1, true],
    [-2, false],
    [1, false],
    [2, false],
  ] as const) {
    made.counted.set("first", exact + by);
    if (!opens) {
      await holds(REWOUND, { disk, seals });
      assert.equal(made.counted.get("first"), exact + by, "what is refused is not counted");
      continue;
    }
    const { disk: open } = await holds(UNLOCK, { disk, seals });
    assert.equal(
      made.counted.get("first"),
      exact + (await linesOf(open, seals)) - (await linesOf(disk, seals)),
    );
  }
});

test("a machine that does not count a line stops what the line was for, and the next start goes on from it", async () => {
  // Unlocked, the home's writing, the spend, the signature.
  for (let skip = 0; skip < 4; skip++) {
    const made = machine("tpm");
    const seals = [made.seal];
    const disk = await homeOn(made);
    let raises = 0;
    const failing = {
      ...made.seal,
      counter(name: "first" | "second") {
        const counter = made.seal.counter!(name);
        return {
          value: counter.value,
          async raise() {
            if (raises++ === skip) made.failing = 1;
            return counter.raise();
          },
        };
      },
    };
    const result = await play(SIGN, { disk, seals: [failing], set });
    assert.match(`${result.printed}${result.screen}`, /seal\.failed/, `raise ${skip}`);
    assert.doesNotMatch(result.printed, /\| Signed(:| {2})/);
    await holds(`see PIN\n${UNLOCK}`, { disk: result.disk, seals });
  }
});

test("a machine that counts a line and whose answer is lost keeps nobody out: the next line counts once", async () => {
  // The spend, the signature: after these the session goes on, and its lock is one line more.
  for (const skip of [2, 3]) {
    const made = machine("tpm");
    const seals = [made.seal];
    const disk = await homeOn(made);
    let raises = 0;
    const losing = {
      ...made.seal,
      counter(name: "first" | "second") {
        const counter = made.seal.counter!(name);
        return {
          value: counter.value,
          async raise() {
            const value = await counter.raise();
            if (raises++ === skip) throw new Refusal("seal.failed", "its answer was lost");
            return value;
          },
        };
      },
    };
    const steps = `${SIGN.replace("see Signed", "see seal.failed")}\npress ok\npick Lock\nsee PIN`;
    const { disk: left } = await holds(steps, { disk, seals: [losing], set });
    await holds(`see PIN\n${UNLOCK}`, { disk: left, seals });
  }
});

test("each home has its own counter, and an older copy of either is refused by itself", async () => {
  const made = machine("tpm");
  const seals = [made.seal];
  const disk = (await holds(`${SETTINGS}${SET_DURESS}`, { disk: await homeOn(made), seals })).disk;
  const later = (await holds(`${unlockWith(DURESS)}pick Lock\nsee PIN`, { disk, seals })).disk;
  assert.ok(made.counted.get("second")! > 1000);
  // The owner's home was not opened since: its lines are as many as were counted.
  await holds(`type ${DURESS}\npress ok\nsee journal.rewound`, { disk, seals });
  const both = (await holds(`${UNLOCK}pick Lock\n${unlockWith(DURESS)}`, { disk: later, seals })).disk;
  const mixed = new Map(
    [...both].map(([name, bytes]) => [name, name.startsWith("second-") ? bytes : later.get(name)!]),
  );
  await holds(`${REWOUND}\npage\npress ok\n${unlockWith(DURESS)}`, { disk: mixed, seals });
});

test("after a wipe and a new set-up the counter goes on from where it stands", async () => {
  const made = machine("tpm");
  const disk = (await holds(UNLOCK, { disk: await homeOn(made), seals: [made.seal] })).disk;
  const stood = made.counted.get("first")!;
  const again = await homeOn(made);
  assert.ok(made.counted.get("first")! > stood);
  await holds(UNLOCK, { disk: again, seals: [made.seal] });
  await holds(REWOUND, { disk, seals: [made.seal] });
});
