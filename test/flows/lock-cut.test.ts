// Changes of the lock: the power is cut after each disk operation, and every state that the disk could be left in is
// started again. The old lock or the new one, never neither, and no try lost.

import assert from "node:assert/strict";
import { test } from "node:test";
import { openStore } from "../../device/disk/store.ts";
import { type DiskState, type RecordingDisk, recordingDisk } from "../../device/sim/recording.ts";
import { decodeTries, readHome } from "../../src/keys/index.ts";
import type { Seal, Stretch } from "../../src/ports.ts";
import { refuse } from "../../src/refusal.ts";
import {
  homeOn,
  machine,
  PIN,
  pins,
  SET_WIPE,
  SETTINGS,
  type TestMachine,
  unlockWith,
  WIPE,
} from "./lock-stage.ts";
import { holds, homeOf, play, quickStretch, UNLOCK } from "./stage.ts";

const NEW = "2718281828";

interface Journey {
  readonly name: string;
  readonly script: string;
  /** Which lock a state has: a name for the old one, another for the new one; throws where it is neither. */
  readonly lock: (disk: DiskState) => Promise<string>;
}

/** The one PIN of these that opens it. */
async function opens(disk: DiskState, candidates: readonly string[]): Promise<string> {
  const found: string[] = [];
  for (const pin of candidates) {
    const { failure } = await play(`see PIN\nclock +1h\n${unlockWith(pin)}`, { disk });
    if (failure === undefined) found.push(pin);
  }
  assert.equal(found.length, 1, `opened by ${found.join(" and ") || "none"}`);
  return found[0]!;
}

const settingsOf = (disk: DiskState) => JSON.stringify(readHome(disk.get("home")!).settings);

async function opened(disk: DiskState, name: string): Promise<string> {
  await holds(`see PIN\nclock +1h\n${UNLOCK}`, { disk });
  return name;
}

const JOURNEYS: readonly Journey[] = [
  {
    name: "a change of the PIN",
    script: `${SETTINGS}pick Change the PIN\n${pins(NEW)}see Your PIN is changed\npress ok\nsee PIN`,
    lock: (disk) => opens(disk, [PIN, NEW]),
  },
  {
    name: "a change of settings",
    script: `${SETTINGS}pick Shuffled digits: no\nsee Shuffled digits: yes\npick Wait after a freeze\npick 1 hour\nsee freeze: 1 hour`,
    lock: (disk) => opened(disk, settingsOf(disk)),
  },
  {
    name: "a new wipe PIN",
    script: `${SETTINGS}${SET_WIPE}`,
    async lock(disk) {
      await opened(disk, "");
      const { screen } = await holds(`clock +1h\ntype ${WIPE}\npress ok\nsee vault.w`, { disk });
      return /vault\.wiped/.test(screen) ? "wipes" : "is wrong";
    },
  },
  {
    name: "sealing again",
    script: `${SETTINGS}pick Seal\npage\npress ok\nsee Your present PIN\ntype ${PIN}\npress ok\nsee Your keys are sealed\npress ok\nsee PIN`,
    lock: (disk) => opened(disk, Buffer.from(readHome(disk.get("home")!).seal).toString("hex")),
  },
];

/** Cuts after each operation; every state that could be left is looked at. */
async function cutEverywhere({ script, lock }: Journey): Promise<string[]> {
  const disk = await homeOf();
  const seen: string[] = [];
  const { operations } = await holds(script, { disk });
  for (let cut = 1; cut <= operations + 1; cut++) {
    let left: DiskState[] | undefined;
    const keeps = (card: RecordingDisk) => {
      left ??= card.states();
      return left[0]!;
    };
    await play(`cut ${cut}\n${script}\ncut`, { disk, keeps });
    for (const state of left!) {
      const found = lock(state).catch((problem) => Promise.reject(new Error(`cut ${cut}: ${problem}`)));
      seen.push(await found);
    }
  }
  return seen;
}

for (const journey of JOURNEYS)
  test(`a cut anywhere in ${journey.name} leaves the old lock or the new one, whatever the disk kept`, async (t) => {
    const seen = await cutEverywhere(journey);
    const different = new Set(seen).size;
    assert.ok(different >= 2, "the change never came");
    if (journey.name !== "a change of settings" && journey.name !== "sealing again")
      assert.equal(different, 2);
    t.diagnostic(`${seen.length} states`);
  });

test("a try at the settings is on the disk before the PIN is looked at, and no cut takes it back", async () => {
  const script = `${SETTINGS}pick Change the PIN\nsee Your present PIN\ntype 111111\npress ok\nsee vault.wrong-pin`;
  const disk = await homeOf();
  const { operations } = await holds(script, { disk });
  let counted = 0;
  for (let cut = 1; cut <= operations; cut++) {
    let left: DiskState[] | undefined;
    let lookedAt = 0;
    const stretch: Stretch = {
      ...quickStretch,
      argon2id(...all) {
        if (left === undefined) lookedAt++;
        return quickStretch.argon2id(...all);
      },
    };
    const keeps = (card: RecordingDisk) => {
      left ??= card.states();
      return left[0]!;
    };
    await play(`cut ${cut}\n${script}\ncut`, { disk, keeps, stretch });
    for (const state of left!) {
      const failures = decodeTries(state.get("tries")!)!.failures;
      // The first stretch is the unlocking's own, the second the one at the settings.
      if (lookedAt >= 2) assert.equal(failures, 1, `cut ${cut}`);
      counted += failures;
    }
  }
  assert.ok(counted > 0);
});

// ---------------------------------------------------------------- another part of the machine

/** Sealed by a file, on a machine that has a TPM by now. */
async function lateTpm(): Promise<{ disk: DiskState; file: TestMachine; tpm: TestMachine; seals: Seal[] }> {
  const [file, tpm] = [machine("file", 1), machine("tpm", 2)];
  const disk = await homeOn(file);
  return { disk, file, tpm, seals: [tpm.seal, file.seal] };
}

const RESEAL = `${SETTINGS}pick Seal: file\nsee weakest seal\nsee the TPM instead\npage\npress ok\nsee Your present PIN
  type ${PIN}\npress ok\nsee Your keys are sealed\nsee TPM, which counts\npress ok\nsee PIN\n`;

test("a machine that got a TPM seals by it from then on, and counts its lines", async () => {
  const { disk, tpm, file, seals } = await lateTpm();
  const sealed = await holds(`${RESEAL}${SETTINGS}see Seal: TPM`, { disk, seals });
  assert.equal(readHome(sealed.disk.get("home")!).sealKind, "tpm");
  assert.ok(tpm.counted.get("first")! > 1000);
  await holds("see seal.missing", { disk: sealed.disk, seals: [file.seal] });
  // What lies on the card from before is older than what the machine counted.
  const later = (await holds(`${UNLOCK}pick Lock\nsee PIN`, { disk: sealed.disk, seals })).disk;
  await holds(`type ${PIN}\npress ok\nsee journal.rewound`, { disk: sealed.disk, seals });
  await holds(UNLOCK, { disk: later, seals });
});

test("sealing by another part of the machine ends the wipe PIN, and says so before", async () => {
  const { disk, seals } = await lateTpm();
  const set = await holds(`${SETTINGS}${SET_WIPE}`, { disk, seals });
  const sealed = await holds(
    `${SETTINGS}pick Seal\nsee wipe PIN must be set anew\npage\npress ok\ntype ${PIN}\npress ok\nsee Your keys are sealed
     press ok\n${SETTINGS}see Wipe PIN: not set`,
    { disk: set.disk, seals },
  );
  await holds(`type ${WIPE}\npress ok\nsee vault.wrong-pin`, { disk: sealed.disk, seals });
  await holds(`${SETTINGS}${SET_WIPE}type ${WIPE}\npress ok\nsee vault.wiped`, { disk: sealed.disk, seals });
});

test("wherever the power is cut while a TPM takes over, the home opens, under the file or under the TPM", async () => {
  const { disk, seals } = await lateTpm();
  const { operations } = await holds(RESEAL, { disk, seals });
  const kinds = new Set<string>();
  for (let cut = 1; cut <= operations; cut++) {
    let left: DiskState[] | undefined;
    const keeps = (card: RecordingDisk) => {
      left ??= card.states();
      return left[0]!;
    };
    const [file, tpm] = [machine("file", 1), machine("tpm", 2)];
    const present = [tpm.seal, file.seal];
    await play(`cut ${cut}\n${RESEAL}cut`, { disk, seals: present, keeps });
    const counted = [...tpm.counted];
    for (const state of left!) {
      kinds.add(readHome(state.get("home")!).sealKind);
      tpm.counted.clear();
      for (const [name, value] of counted) tpm.counted.set(name, value);
      await holds(`see PIN\nclock +1h\n${UNLOCK}`, { disk: state, seals: present });
    }
  }
  assert.deepEqual([...kinds].sort(), ["file", "tpm"]);
});

test("a part that fails while it seals changes nothing", async () => {
  const { disk, tpm, file } = await lateTpm();
  const broken: Seal = {
    ...tpm.seal,
    bind: async () => refuse("seal.owned", "its owner secret is set"),
  };
  const { disk: left } = await holds(
    `${SETTINGS}pick Seal\npage\npress ok\ntype ${PIN}\npress ok\nsee seal.owned\npress ok\nsee PIN`,
    { disk, seals: [broken, file.seal] },
  );
  assert.equal(readHome(left.get("home")!).sealKind, "file");
  await holds(UNLOCK, { disk: left, seals: [broken, file.seal] });
});

test("the store that a journey leaves is read by its own names, and nothing lies beside it", async () => {
  const { disk } = await holds(JOURNEYS[0]!.script, { disk: await homeOf() });
  const store = openStore(recordingDisk(disk));
  assert.deepEqual([...(await store.names())].sort(), ["home", "journal-00000001", "tries"]);
});
