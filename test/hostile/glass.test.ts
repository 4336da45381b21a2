// A broken glass against the whole journey: it may press what a hand could press, and no hold comes of haste.

import assert from "node:assert/strict";
import { test } from "node:test";
import { joinPlayed } from "../../device/glass/played.ts";
import type { FromGlass } from "../../device/wire/lines.ts";
import { CageEnded } from "../../device/wire/panel.ts";
import { psbt, purse } from "../bitcoin/build.ts";
import { holds, homeOf, journalOf, play, psbtTexts, UNLOCK } from "../flows/stage.ts";

const set = { PSBT: psbtTexts(psbt(purse("p2wpkh")), "base64")[0]! };
const REVIEW = `${UNLOCK}pick Sign\nscan $PSBT\nsee You send\n`;
const LAST = `${REVIEW}page\nsee Sign?\n`;

async function spends(disk: ReadonlyMap<string, Uint8Array>): Promise<number> {
  return (await journalOf(disk)).filter(({ kind }) => kind === "spent").length;
}

const HASTE: readonly (readonly [string, string])[] = [
  ["a thousand presses on the last page in no time", "press ok x1000"],
  ["presses from the first page on, into the last and beyond", "press up x20\npress ok x500"],
  ["a press each second, for as long as one likes", "press ok\nclock +1s\n".repeat(20)],
  ["two presses two seconds apart", "clock +2s\npress ok\nclock +2s\npress ok"],
  ["a press, and another just before the idle lock", "clock +1s\npress ok\nclock +4m\npress ok"],
  ["ok and another key by turns", `clock +1s\n${"press ok x5\npress down x5\n".repeat(30)}`],
  ["presses of every other key", "press down x200\npress right x200"],
  ["characters that look like keys", "type ok ok ok OK yes y"],
];

for (const [what, steps] of HASTE)
  test(`${what} sign nothing`, async () => {
    const { disk, screen, starts } = await holds(`${LAST}${steps}\nsee Sign?`, { disk: await homeOf(), set });
    assert.match(screen, /hold ok to sign/);
    assert.deepEqual([await spends(disk), starts], [0, 1]);
  });

test("where no hold is asked for a hold is a press, and nothing is signed by it", async () => {
  const { disk } = await holds(`${REVIEW}hold ok\nunseen codes`, { disk: await homeOf(), set });
  assert.equal(await spends(disk), 0);
});

/** The played glass until the last page stands there; then each press becomes what a test wrote. */
function turning(after: string, lines: readonly unknown[]): typeof joinPlayed {
  return (firn, control, size) => {
    let turned = false;
    const watched: typeof control = {
      send(report) {
        turned ||= report.t === "picture" && report.picture.title === after;
        control.send(report);
      },
      onMessage: (take) =>
        control.onMessage((line) => {
          if (!turned) take(line);
          else for (const lie of lines) firn.send(lie as FromGlass);
        }),
      onEnd: (take) => control.onEnd(take),
      close: () => control.close(),
    };
    joinPlayed(firn, watched, size);
  };
}

const BREACHES: readonly (readonly [string, unknown])[] = [
  ["a hold", { t: "held", button: "ok" }],
  ["an event of Firn's own", { kind: "held", button: "ok" }],
  ["a press with a time of its own", { t: "press", button: "ok", heldMs: 1600 }],
  ["a button that no machine has", { t: "press", button: "approve" }],
  ["a message", { t: "message", message: { kind: "psbt", dialect: "ur", bytes: new Uint8Array(5) } }],
  ["a screen of no size", { t: "size", columns: 0, rows: 0 }],
  ["a screen without end", { t: "size", columns: 1e9, rows: 1e9 }],
  ["a character of many", { t: "char", char: "x".repeat(70_000) }],
  ["a picture", { t: "show", seq: 1, picture: {} }],
];

for (const [what, lie] of BREACHES)
  test(`a glass that says ${what} ends the journey with exit code 3, nothing is signed, and nothing starts after it`, async () => {
    const result = await play(`${LAST}press ok\nsee codes`, {
      glass: turning("Sign?", [lie]),
      disk: await homeOf(),
      set,
    });
    assert.ok(result.problem instanceof CageEnded && result.problem.cage === "glass", String(result.failure));
    assert.deepEqual([await spends(result.disk), result.starts], [0, 1]);
    await holds(UNLOCK, { disk: result.disk });
  });

test("ten thousand presses that nobody made sign nothing", async () => {
  const flood = Array.from({ length: 10_000 }, () => ({ t: "press", button: "ok" }));
  const result = await play(`${LAST}press ok\nsee codes`, {
    glass: turning("Sign?", flood),
    disk: await homeOf(),
    set,
    patienceMs: 1500,
  });
  // More lines than the launcher knows of: it waits in vain, and nothing was signed meanwhile.
  assert.match(result.failure!, /nothing rested/);
  assert.equal(await spends(result.disk), 0);
});

/** Goes away as soon as this is shown. */
function falling(at: string): typeof joinPlayed {
  return (firn, control, size) => {
    const watched: typeof control = {
      send(report) {
        if (report.t === "picture" && report.picture.title === at) firn.close();
        control.send(report);
      },
      onMessage: (take) => control.onMessage(take),
      onEnd: (take) => control.onEnd(take),
      close: () => control.close(),
    };
    joinPlayed(firn, watched, size);
  };
}

for (const [at, steps, lines] of [
  ["Unlock", "", 0],
  ["Sign", "pick Sign\n", 0],
  ["Sign?", `pick Sign\nscan $PSBT\npage\n`, 0],
  ["Signed: 1 signature added", `pick Sign\nscan $PSBT\npage\nhold ok\n`, 1],
] as const)
  test(`a glass that goes away at "${at}" ends everything, with the line where a signature was made`, async () => {
    const result = await play(`${UNLOCK}${steps}clock +1s\nsee nothing more`, {
      glass: falling(at),
      disk: await homeOf(),
      set,
    });
    assert.ok(result.problem instanceof CageEnded && result.problem.why === "closed", String(result.failure));
    assert.deepEqual([await spends(result.disk), result.starts], [lines, 1]);
    await holds(UNLOCK, { disk: result.disk });
  });
