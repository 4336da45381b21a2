// Power is cut after every disk operation of every journey, and every state that a real disk could be left
// in is started again: the old state or the new, never neither; no signature without its line; no try lost.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { Operations } from "../../device/disk/operations.ts";
import type { RecordingDisk } from "../../device/sim/recording.ts";
import { decodeTries } from "../../src/keys/index.ts";
import type { Stretch } from "../../src/ports.ts";
import { psbt, purse, request } from "../bitcoin/build.ts";
import {
  holds,
  homeOf,
  journalOf,
  PIN,
  papers,
  play,
  psbtTexts,
  quickStretch,
  script,
  UNLOCK,
  WORDS,
  walletTexts,
} from "./stage.ts";

type DiskState = ReadonlyMap<string, Uint8Array>;
type Card = (operations: Operations) => Operations;

const AT = mkdtempSync(join(tmpdir(), "firn-cut-"));
after(() => rmSync(AT, { recursive: true, force: true }));

const own = purse("p2wpkh");
const asked = psbt(own);
const TXID = request(own, asked).spend.txid;
const CAMERA = papers(join(AT, "psbt"), psbtTexts(asked, "base64"));
const VAULT = papers(join(AT, "vault"), walletTexts(purse("p2wsh").wallet.descriptor));
const PUBLIC = { PIN, OUT: join(AT, "out") };

interface Journey {
  readonly name: string;
  readonly from: () => Promise<DiskState>;
  readonly script: string;
  readonly set?: Readonly<Record<string, string>>;
}

const SETUP: Journey = {
  name: "set-up",
  from: async () => new Map(),
  script: script("setup"),
  set: { PIN, WORDS, NETWORK: "regtest" },
};
const REGISTER: Journey = {
  name: "registration",
  from: homeOf,
  script: script("register"),
  set: { PIN, CAMERA: VAULT },
};
const UNLOCKING: Journey = {
  name: "unlocking and locking",
  from: homeOf,
  script: `${UNLOCK}pick Lock\nsee PIN`,
};
const SIGN: Journey = { name: "signing", from: homeOf, script: script("sign"), set: { ...PUBLIC, CAMERA } };
const DECLINE: Journey = {
  name: "a refusal",
  from: homeOf,
  script: `${UNLOCK}pick Sign\ncamera ${CAMERA}\nsee You send\npress back\nsee Declined`,
};
const REMOVE: Journey = {
  name: "taking a wallet away",
  from: async () => (await holds(REGISTER.script, { disk: await homeOf(), set: REGISTER.set ?? {} })).disk,
  script: `${UNLOCK}pick Wallets\npick 2 of 3\npick Remove\nhold ok\nsee Wallets`,
};
const NAMING: Journey = {
  name: "naming who holds which key",
  from: REMOVE.from,
  script: `${UNLOCK}pick Wallets\npick 2 of 3\npick Who holds\npick 2: no name\ntype Anna\npress ok\npick keep these`,
};
const WRONG: Journey = {
  name: "a wrong PIN",
  from: homeOf,
  script: `type 111111\npress ok\nsee vault.wrong-pin\npress ok\nsee One try without`,
};
/** Locked, and the last bytes of the lock's own line were lost: what the next line has to mend. */
const TORN: Journey = {
  name: "unlocking over a torn line",
  from: async () => {
    const { disk } = await holds(`${UNLOCK}pick Lock\nsee PIN`, { disk: await homeOf() });
    return new Map(
      [...disk].map(([name, bytes]) => [name, /^journal/.test(name) ? bytes.slice(0, -3) : bytes]),
    );
  },
  script: UNLOCK,
};
/** So many lines that the next ones make the journal renew its checkpoint. */
const CHECKPOINT: Journey = {
  name: "unlocking where a checkpoint is due",
  from: async () => {
    const { disk } = await holds(`${UNLOCK}pick Lock\n`.repeat(30), { disk: await homeOf() });
    return disk;
  },
  script: `${UNLOCK}pick Lock\nsee PIN`,
};

/** What had happened before the power went. */
interface Before {
  readonly printed: string;
  readonly pinLookedAt: boolean;
}

/** Throws where a state is not one that the journey may leave. */
async function checkState(
  state: DiskState,
  { printed, pinLookedAt }: Before,
  journey: Journey,
): Promise<void> {
  if (!state.has("home")) {
    assert.equal(journey, SETUP, "the home is gone");
    assert.doesNotMatch(printed, /\| Your keys are sealed/);
    await holds("see Welcome to Firn", { disk: state });
    return;
  }
  const tries = state.get("tries");
  if (journey === WRONG && pinLookedAt)
    assert.equal(tries && decodeTries(tries)?.failures, 1, "a try was lost");
  const { disk, printed: again } = await holds(UNLOCK, { disk: state });
  const lines = await journalOf(disk);
  if (/\| Signed(:| {2})/.test(printed)) {
    const line = lines.find((entry) => entry.kind === "spent");
    assert.equal(line?.kind === "spent" && line.txid, TXID, "a signature without its line");
    assert.ok(lines.some((entry) => entry.kind === "signed"));
  }
  if (/\| Registered /.test(printed)) assert.match(again, /5 wallets/);
  if (journey === REGISTER || journey === REMOVE) assert.match(again, /[45] wallets/);
  if (journey === NAMING) assert.match(again, /5 wallets/);
}

interface Found {
  readonly cuts: number;
  readonly states: number;
  readonly wrong: Error | undefined;
}

/** Cuts after each operation, and once after all of them; stops at the first wrong state. */
async function cutEverywhere(journey: Journey, card?: Card): Promise<Found> {
  const from = await journey.from();
  const options = { disk: from, ...(journey.set ? { set: journey.set } : {}), ...(card ? { card } : {}) };
  const { operations } = await holds(journey.script, options);
  let states = 0;
  for (let cut = 1; cut <= operations + 1; cut++) {
    let left: DiskState[] | undefined;
    let pinLookedAt = false;
    const stretch: Stretch = {
      ...quickStretch,
      argon2id(...parts) {
        pinLookedAt ||= left === undefined;
        return quickStretch.argon2id(...parts);
      },
    };
    const keeps = (disk: RecordingDisk) => {
      left ??= disk.states();
      return left[0]!;
    };
    const { printed, failure } = await play(`cut ${cut}\n${journey.script}\ncut`, {
      ...options,
      keeps,
      stretch,
    });
    assert.ok(left !== undefined, failure);
    for (const state of left as readonly DiskState[]) {
      states++;
      try {
        // A script that was cut short fails at its next step: nothing else was shown since.
        await checkState(state, { printed, pinLookedAt }, journey);
      } catch (wrong) {
        return { cuts: cut, states, wrong: new Error(`cut ${cut}: ${wrong}`) };
      }
    }
  }
  return { cuts: operations + 1, states, wrong: undefined };
}

for (const journey of [SETUP, REGISTER, REMOVE, NAMING, UNLOCKING, SIGN, DECLINE, WRONG, TORN, CHECKPOINT])
  test(`a cut anywhere in ${journey.name} leaves the old state or the new, whatever the disk kept`, async (t) => {
    const { cuts, states, wrong } = await cutEverywhere(journey);
    assert.equal(wrong, undefined);
    assert.ok(cuts >= 4 && states > cuts, `${cuts} cuts, ${states} states`);
    t.diagnostic(`${cuts} cuts, ${states} states`);
  });

test("a cut while the codes are shown finds the spend's line and the word that it was signed", async () => {
  const upToCodes = SIGN.script.replace(/\ncodes[\s\S]*/, "\ncut\nsee PIN");
  let left: DiskState[] = [];
  const keeps = (disk: RecordingDisk) => {
    left = disk.states();
    return left[0]!;
  };
  const { printed } = await holds(upToCodes, { disk: await homeOf(), keeps, set: { PIN, CAMERA } });
  assert.match(printed, /\| Signed(:| {2})/);
  assert.deepEqual(left.length, 1, "nothing is pending while a person stands there with a phone");
  await checkState(left[0]!, { printed, pinLookedAt: true }, SIGN);
});

/** A card on which one of the store's syncs does nothing. */
function without(which: string): Card {
  return (real) => {
    let last = "";
    const done = async (what: string, act: () => Promise<void>): Promise<void> => {
      const place = what === "sync" ? `${last}, then sync` : `${last}, then ${what}`;
      last = what;
      if (place !== which) await act();
    };
    return {
      names: () => real.names(),
      read: (name) => real.read(name),
      write: (name, bytes) => done("write", () => real.write(name, bytes)),
      append: (name, bytes) => done("append", () => real.append(name, bytes)),
      truncate: (name, length) => done("truncate", () => real.truncate(name, length)),
      sync: (name) => done("sync", () => real.sync(name)),
      rename: (from, to) => done("rename", () => real.rename(from, to)),
      syncFolder: () => done("syncFolder", () => real.syncFolder()),
      remove: (name) => done("remove", () => real.remove(name)),
    };
  };
}

// The sync after a truncation is the store's own contract (test/disk): here the next line's sync covers it.
for (const [which, journeys] of [
  ["write, then sync", [UNLOCKING]],
  ["rename, then syncFolder", [SETUP, WRONG]],
  ["append, then sync", [SIGN]],
  ["sync, then syncFolder", [SETUP]],
] as const)
  test(`without the store's "${which}" some cut leaves a home that breaks the contract`, async () => {
    for (const journey of journeys) {
      const { wrong } = await cutEverywhere(journey, without(which));
      assert.notEqual(wrong, undefined, `nobody would notice in ${journey.name}`);
    }
  });
