// Power is cut after every disk operation of making and of rehearsing backups: what is known of them is the old state
// or the new, nothing was on the glass without its line, and nothing counts that was not entered whole.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { DiskState, RecordingDisk } from "../../device/sim/recording.ts";
import { homeWith, MAKE, OPEN, PHRASE, wordsOn, YES } from "./backup-stage.ts";
import { homeOn } from "./entries.ts";
import { holds, journalOf, play, UNLOCK } from "./stage.ts";

const NEXT = "page\npress ok\n";
const SHARES = `${MAKE}pick SLIP-39\npick 2 of 3\n${YES}${NEXT.repeat(3)}pick enter it back later\nsee PIN`;

/** "words+, slip39- 0/3": plus where it was rehearsed, and how many shares were tried. */
async function known(disk: DiskState): Promise<string> {
  const { keys } = await homeOn(disk);
  return keys[0]!.backups
    .map(({ form, rehearsedMs, shares }) => {
      const tried = shares?.each.filter((share) => share.rehearsedMs !== undefined).length;
      const counts = shares ? ` ${tried}/${shares.each.length}` : "";
      return `${form}${rehearsedMs === undefined ? "-" : "+"}${counts}`;
    })
    .join(", ");
}

interface Journey {
  readonly name: string;
  readonly disk: DiskState;
  readonly script: string;
  /** What may be known, in the order in which it comes. */
  readonly states: readonly string[];
  /** Screens that must not be seen without a line of their own, and what the line says. */
  readonly shown: readonly (readonly [screen: RegExp, line: RegExp])[];
}

async function journeys(): Promise<Journey[]> {
  const home = await homeWith(PHRASE);
  const made = await holds(SHARES, { disk: home });
  const share = (number: number) => wordsOn(made.printed, `Share ${number} of 3`);
  const type = (what: string, number: number) => `pick Type ${what} share\ntype ${share(number)}\npress ok\n`;
  const each = [1, 2, 3].map(
    (number) => [new RegExp(`\\| Share ${number} of 3`), new RegExp(`share ${number}$`)] as const,
  );
  return [
    {
      name: "showing a SeedQR",
      disk: home,
      script: `${MAKE}pick SeedQR\n${YES}see Whoever scans this\npress back\npick scan it back later\nsee PIN`,
      states: ["words+", "words+, seedqr-"],
      shown: [[/\[ok\] copy /, /^SeedQR$/]],
    },
    {
      name: "making shares",
      disk: home,
      script: SHARES,
      states: ["words+", "words+, slip39- 0/3"],
      shown: each,
    },
    {
      name: "rehearsing shares",
      disk: made.disk,
      script: `${OPEN}pick Rehearse a backup\npick SLIP-39\npage\npress ok\n${type("a", 3)}${type("a", 1)}${type("another", 2)}press ok\npick That is all\nsee Rehearsed\npress ok\nsee PIN`,
      states: ["words+, slip39- 0/3", "words+, slip39+ 2/3", "words+, slip39+ 3/3"],
      shown: [],
    },
  ];
}

for (const { name, disk, script, states, shown } of await journeys())
  test(`a cut anywhere in ${name} leaves one state or the next, and nothing was seen that the journal does not know`, async (t) => {
    const whole = await holds(script, { disk });
    assert.equal(await known(whole.disk), states.at(-1));
    const seen = new Set<string>();
    for (let cut = 1; cut <= whole.operations + 1; cut++) {
      let left: DiskState[] | undefined;
      const keeps = (recording: RecordingDisk) => {
        left ??= recording.states();
        return left[0]!;
      };
      const { printed } = await play(`cut ${cut}\n${script}\ncut`, { disk, keeps });
      assert.ok(left !== undefined);
      for (const state of left as readonly DiskState[]) {
        const now = await known(state);
        seen.add(now);
        assert.ok(states.includes(now), `cut ${cut}: ${now}`);
        if (/\| Rehearsed /.test(printed)) assert.equal(now, states.at(-1), `cut ${cut}`);
        const again = await holds(UNLOCK, { disk: state });
        const lines = (await journalOf(again.disk)).flatMap((entry) =>
          entry.kind === "secret-shown" ? [entry.what] : [],
        );
        for (const [screen, line] of shown)
          if (screen.test(printed))
            assert.ok(
              lines.some((one) => line.test(one)),
              `cut ${cut}: ${screen} without its line`,
            );
      }
    }
    assert.deepEqual(seen, new Set(states));
    t.diagnostic(`${whole.operations + 1} cuts`);
  });
