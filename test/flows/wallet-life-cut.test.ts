// Power is cut after every disk operation of what happens to a wallet over the years, and every state that a real disk
// could be left in is started again: the old or the new; and no rehearsal or answer is known that no line speaks of.

import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { DiskState, RecordingDisk } from "../../device/sim/recording.ts";
import { PHRASES, purse } from "../bitcoin/build.ts";
import { folder, holds, homeOf, journalOf, papers, play, registered, UNLOCK, walletTexts } from "./stage.ts";
import { stateOn } from "./wallet-life-stage.ts";

const NEW = "letter advice cage absurd amount doctor acoustic avoid letter advice cage above";
const old = purse("p2wsh").wallet;
const fresh = purse("p2wsh", { phrases: [PHRASES[0], PHRASES[1], NEW] }).wallet;
const NAME = `2 of 3 ${old.fingerprint}`;
const OPEN = `${UNLOCK}pick Wallets\npick ${NAME}\n`;

async function withOld(t: TestContext): Promise<DiskState> {
  return registered(await homeOf(), join(folder(t), "old"), walletTexts(old.descriptor));
}

/** What is kept of its wallets, in a line; throws where something holds that the journal does not know of. */
async function held(disk: DiskState): Promise<string> {
  const { wallets } = await stateOn(disk);
  const kinds = (await journalOf(disk)).map(({ kind }) => kind);
  const said = wallets.map(({ replacedBy, rehearsedMs, aliveMs, version, drill }) =>
    [
      `version ${version ?? 1}`,
      ...(replacedBy === undefined ? [] : [`replaced by ${replacedBy}`]),
      ...(rehearsedMs === undefined ? [] : ["rehearsed"]),
      ...(drill === undefined ? [] : ["drill"]),
      ...(aliveMs?.some((ms) => ms > 0) ? ["alive"] : []),
    ].join(", "),
  );
  if (said.some((words) => words.includes("rehearsed"))) assert.ok(kinds.includes("wallet-rehearsed"));
  if (said.some((words) => words.includes("alive"))) assert.ok(kinds.includes("cosigner-alive"));
  return said.join("; ");
}

interface Journey {
  readonly name: string;
  /** Where one wallet is not all that is there. */
  readonly from?: (t: TestContext, disk: DiskState) => Promise<DiskState>;
  readonly script: (t: TestContext) => string;
  /** In the order in which they come: nothing between these is ever found. */
  readonly states: readonly string[];
}

const OLD = "version 1";

const JOURNEYS: readonly Journey[] = [
  {
    name: "putting another wallet in one's place",
    script: (t) => {
      const camera = papers(join(folder(t), "new"), walletTexts(fresh.descriptor));
      return `${OPEN}pick Replace a cosigner\npage\npress ok\npick Take the one\ncamera ${camera}\npage\npress ok\nsee Name the wallet\npress ok\npage\nhold ok\nsee Registered`;
    },
    states: [OLD, `${OLD}, replaced by ${fresh.fingerprint}; version 2`],
  },
  {
    name: "pointing to a wallet that is registered already",
    from: (t, disk) => registered(disk, join(folder(t), "more"), walletTexts(fresh.descriptor)),
    script: () =>
      `${OPEN}pick Replace a cosigner\npage\npress ok\npick One that is registered here\npress ok\npage\nhold ok\nsee Now move the money`,
    states: [`${OLD}; ${OLD}`, `${OLD}, replaced by ${fresh.fingerprint}; version 2`],
  },
  {
    name: "rehearsing a wallet's backup",
    script: (t) => {
      const camera = papers(join(folder(t), "page"), walletTexts(old.descriptor));
      return `${OPEN}pick Backup and recovery\npick Rehearse\ncamera ${camera}\nsee The backup is right`;
    },
    states: [OLD, `${OLD}, rehearsed`],
  },
  {
    name: "a drill that the own key answers",
    script: () =>
      `${OPEN}pick Health and drill\npick Drill\npick your key\npage\nhold ok\nsee The signature is right`,
    states: [OLD, `${OLD}, drill`, `${OLD}, drill, alive`],
  },
];

for (const { name, from, script, states } of JOURNEYS)
  test(`a cut anywhere in ${name} leaves the old state or the new, whatever the disk kept`, async (t) => {
    const disk = from ? await from(t, await withOld(t)) : await withOld(t);
    const steps = script(t);
    const whole = await holds(steps, { disk });
    assert.deepEqual([await held(disk), await held(whole.disk)], [states[0], states.at(-1)]);
    const seen = new Set<string>();
    for (let cut = 1; cut <= whole.operations + 1; cut++) {
      let left: DiskState[] | undefined;
      const keeps = (recording: RecordingDisk) => {
        left ??= recording.states();
        return left[0]!;
      };
      const { printed } = await play(`cut ${cut}\n${steps}\ncut`, { disk, keeps });
      assert.ok(left !== undefined);
      for (const state of left as readonly DiskState[]) {
        const now = await held(state);
        seen.add(now);
        assert.ok(states.includes(now), `cut ${cut}: ${now}`);
        if (/\| (Registered|Now move the money|The backup is right|The signature is right) /.test(printed))
          assert.equal(now, states.at(-1), `cut ${cut}`);
        await holds(UNLOCK, { disk: state });
      }
    }
    assert.deepEqual(seen, new Set(states));
    t.diagnostic(`${whole.operations + 1} cuts`);
  });
