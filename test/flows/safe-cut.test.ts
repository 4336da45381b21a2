// Power is cut after every disk operation while a Safe is registered, renewed and removed, and every state that a real
// disk could be left in is started again: the old or the new, and nothing holds that no line of the journal speaks of.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { DiskState, RecordingDisk } from "../../device/sim/recording.ts";
import { type Safe, safeOf, safeText } from "../../src/safe.ts";
import { ANNA, BERT, CORA, DORA, familySafe } from "../ethereum/safe-stage.ts";
import { folder, holds, homeOf, journalOf, PIN, papers, play, script, UNLOCK } from "./stage.ts";
import { stateOn } from "./wallet-life-stage.ts";

const OLD = familySafe();
const FRESH: Safe = safeOf("Family", { ...OLD, owners: [ANNA, BERT, CORA, DORA], threshold: 3 });
const NAME = `2 of 3 ${OLD.fingerprint}`;
const IN = `${UNLOCK}pick Ethereum\npick Safes\n`;

const JOURNEYS = [
  {
    name: "registering a Safe",
    steps: (camera: string) =>
      `${IN}pick Register a Safe\ncamera ${camera}\nsee Name the Safe\npress ok\npage\nhold ok\nsee Code of the whole Safe\n`,
    shown: OLD,
    states: ["", OLD.fingerprint],
  },
  {
    name: "another taking its place",
    from: OLD,
    steps: (camera: string) =>
      `${IN}pick ${NAME}\npick Owners changed\ncamera ${camera}\nsee What changes\npage\nhold ok\nsee Code of the whole Safe\n`,
    shown: FRESH,
    states: [OLD.fingerprint, FRESH.fingerprint],
  },
  {
    name: "removing it",
    from: OLD,
    steps: () => `${IN}pick ${NAME}\npick Remove this Safe\npage\nhold ok\nsee Register a Safe\n`,
    shown: OLD,
    states: [OLD.fingerprint, ""],
  },
] as const;

/** What is kept; throws where the journal does not know of it. */
async function held(disk: DiskState): Promise<string> {
  const { safes = [] } = await stateOn(disk);
  const lines = await journalOf(disk);
  for (const { fingerprint } of safes)
    assert.ok(lines.some((line) => line.kind === "safe-registered" && line.fingerprint === fingerprint));
  return safes.map(({ fingerprint }) => fingerprint).join(" ");
}

for (const journey of JOURNEYS)
  test(`a cut anywhere in ${journey.name} leaves the old or the new`, async (t) => {
    const at = folder(t);
    let start = await homeOf();
    if ("from" in journey) {
      const CAMERA = papers(join(at, "first"), [safeText(journey.from)]);
      start = (await holds(script("eth-safe"), { disk: start, set: { PIN, CAMERA } })).disk;
    }
    const steps = journey.steps(papers(join(at, "in"), [safeText(journey.shown)]));
    const whole = await holds(steps, { disk: start });
    const { states } = journey;
    assert.deepEqual([await held(start), await held(whole.disk)], states);
    const seen = new Set<string>();
    for (let cut = 1; cut <= whole.operations + 1; cut++) {
      let left: readonly DiskState[] = [];
      const keeps = (recording: RecordingDisk) => {
        if (left.length === 0) left = recording.states();
        return left[0]!;
      };
      const { printed } = await play(`cut ${cut}\n${steps}\ncut`, { disk: start, keeps });
      assert.ok(left.length > 0);
      for (const state of left) {
        const now = await held(state);
        seen.add(now);
        assert.ok((states as readonly string[]).includes(now), `cut ${cut}: ${now}`);
        if (/\| +Code of the whole Safe/.test(printed)) assert.equal(now, states[1], `cut ${cut}`);
        await holds(UNLOCK, { disk: state });
      }
    }
    assert.deepEqual(seen, new Set(states));
  });
