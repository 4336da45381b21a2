// Power is cut after every disk operation of every change of the keys, and every state that a real disk could be
// left in is started again: the keys are the old ones or the new ones, sealed and recorded alike.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { DiskState, RecordingDisk } from "../../device/sim/recording.ts";
import { PHRASES, purse } from "../bitcoin/build.ts";
import { homeOn, wordsFingerprint } from "./entries.ts";
import { holds, homeOf, journalOf, play, UNLOCK } from "./stage.ts";

const KEYS = `${UNLOCK}pick Keys and backups\n`;
const ADD = `${KEYS}pick Add a key\npick Type words in\ntype ${PHRASES[1]}\npress ok\npick No passphrase\npage\npress ok\npress ok\nsee A key was added\npage\npress ok\nsee PIN`;
const CHOOSE = `${KEYS}pick Key 2\npick Use this key\nsee in use`;
const WALLET = purse("p2wsh").wallet.descriptor;

async function withTwo(): Promise<DiskState> {
  const register = `${UNLOCK}pick Wallets\npick Register\nscan ${WALLET}\npress ok\nsee Quorum\npage\nhold ok\nsee Registered`;
  const { disk } = await holds(register, { disk: await homeOf() });
  return (await holds(ADD, { disk })).disk;
}

const FIRST = wordsFingerprint(PHRASES[0]);
const SECOND = wordsFingerprint(PHRASES[1]);

/** What a home may hold: "names of keys; chosen; number of wallets". */
interface Journey {
  readonly name: string;
  readonly from: () => Promise<DiskState>;
  readonly script: string;
  readonly before: string;
  readonly after: string;
}

const JOURNEYS: readonly Journey[] = [
  {
    name: "adding a key",
    from: homeOf,
    script: ADD,
    before: `Key 1; ${FIRST}; 0`,
    after: `Key 1, Key 2; ${FIRST}; 0`,
  },
  {
    name: "choosing a key",
    from: withTwo,
    script: CHOOSE,
    before: `Key 1, Key 2; ${FIRST}; 1`,
    after: `Key 1, Key 2; ${SECOND}; 1`,
  },
  {
    name: "naming a key",
    from: withTwo,
    script: `${KEYS}pick Key 2\npick Name it\npress back x5\ntype Other\npress ok\nsee Other`,
    before: `Key 1, Key 2; ${FIRST}; 1`,
    after: `Key 1, Other; ${FIRST}; 1`,
  },
  {
    name: "removing the key in use",
    from: withTwo,
    script: `${KEYS}pick Key 1\npick Remove it\npage\npress ok\nhold both\nclock +1s\nsee The key was removed\npage\npress ok\nsee PIN`,
    before: `Key 1, Key 2; ${FIRST}; 1`,
    after: `Key 2; ${SECOND}; 0`,
  },
];

async function held(disk: DiskState): Promise<string> {
  const { keys, chosen, wallets, sealed } = await homeOn(disk);
  assert.deepEqual(
    sealed,
    keys.map(({ fingerprint }) => fingerprint),
    "what is sealed is not what is recorded",
  );
  return `${keys.map(({ name }) => name).join(", ")}; ${chosen}; ${wallets.length}`;
}

for (const { name, from, script, before, after } of JOURNEYS)
  test(`a cut anywhere in ${name} leaves the old keys or the new ones, whatever the disk kept`, async (t) => {
    const disk = await from();
    const whole = await holds(script, { disk });
    assert.deepEqual([await held(disk), await held(whole.disk)], [before, after]);
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
        const now = await held(state);
        seen.add(now);
        assert.ok([before, after].includes(now), `cut ${cut}: ${now}`);
        if (/\| (A key was added|The key was removed) /.test(printed)) assert.equal(now, after, `cut ${cut}`);
        const again = await holds(`${UNLOCK}see Key ${now.split("; ")[1]}`, { disk: state });
        await journalOf(again.disk);
      }
    }
    assert.deepEqual(seen, new Set([before, after]));
    t.diagnostic(`${whole.operations + 1} cuts`);
  });
