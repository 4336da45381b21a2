// A home made of its encrypted backup again: what is shown, what is refused, and what a cut leaves.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { nodeStretch } from "../../device/host/stretch.ts";
import { secretSeal } from "../../device/seal/secret.ts";
import type { RecordingDisk } from "../../device/sim/recording.ts";
import { folderStick } from "../../device/stick/folder.ts";
import { type HomeState, writeState } from "../../src/flows/state.ts";
import { NO_PARTS } from "../../src/flows/state-parts.ts";
import { codeOfPassphrase, entropyOf, type KeptKey, packKeys, sealBackup } from "../../src/keys/index.ts";
import { firstPolicy } from "../../src/policy/index.ts";
import type { Seal } from "../../src/ports.ts";
import { utf8 } from "../../src/text.ts";
import { PHRASES, purse } from "../bitcoin/build.ts";
import { fixedRandom, numbers } from "../keys/make.ts";
import {
  AS_CODES,
  beginOn,
  CODE,
  DONE,
  FROM_CODES,
  FROM_STICK,
  fullHome,
  homeOn,
  MAKE,
  PASSPHRASE,
  RESTORE,
  TAKE,
  TO_STICK,
  TYPE_CODE,
  whatMatters,
} from "./backup-file-stage.ts";
import { folder, holds, homeOf, journalOf, PIN, play, quickStretch, UNLOCK } from "./stage.ts";

type DiskState = ReadonlyMap<string, Uint8Array>;

const FIRST: KeptKey = {
  fingerprint: "73c5da0a",
  material: { kind: "words", entropy: entropyOf(numbers(PHRASES[0])), passphrase: new Uint8Array(0) },
};
const WALLET = purse("p2wsh").wallet;
const STATE: HomeState = {
  ...NO_PARTS,
  network: "regtest",
  policy: firstPolicy("regtest", "simulator")!,
  wallets: [{ name: "Family", descriptor: WALLET.descriptor, key: "73c5da0a" }],
  keys: [{ fingerprint: "73c5da0a", name: "Mine", madeMs: 5, origin: "born", backups: [] }],
  chosen: "73c5da0a",
  serial: 0,
};

/** A backup as some Firn may have written it, on a stick. */
async function stickWith(
  t: TestContext,
  state: Partial<HomeState> | Uint8Array = {},
  keys: readonly KeptKey[] | Uint8Array = [FIRST],
) {
  const at = folder(t);
  const content = {
    madeMs: Date.UTC(2025, 4, 6),
    keys: keys instanceof Uint8Array ? keys : packKeys(keys),
    state: state instanceof Uint8Array ? state : writeState({ ...STATE, ...state }),
  };
  const parts = { content, code: codeOfPassphrase(CODE), stretch: quickStretch, random: fixedRandom() };
  writeFileSync(join(at, "firn-one.backup"), await sealBackup(parts));
  return folderStick(at);
}

const OPEN = `${RESTORE}${FROM_STICK}${TYPE_CODE}`;
const REFUSED = "press ok\nsee Create new words\n";

test("what is in a backup is shown before it is taken, and one may leave it", async (t) => {
  const stick = await stickWith(t);
  const seen = `see What is in the backup
see Made 2025-05-06
see Network regtest
see Keys Mine (73c5da0a)
see Registered wallets Family
page
press back
see Create new words
`;
  await holds(`${OPEN}${seen}`, { stick });
});

test("the backup's network is the one that counts, and another choice is said", async (t) => {
  const stick = await stickWith(t, {
    network: "testnet4",
    wallets: [],
    policy: firstPolicy("testnet4", "simulator")!,
  });
  const begin = `${beginOn("signet")}pick Another form\npick Encrypted backup\n`;
  const { disk, printed } = await holds(
    `${begin}${FROM_STICK}${TYPE_CODE}see You chose signet before\n${TAKE}see TESTNET4\n`,
    { stick },
  );
  assert.equal((await homeOn(disk)).state.network, "testnet4");
  assert.match(printed, /The limits of the backup.*TESTNET4/s);
});

test("other limits than the backup's can be typed", async (t) => {
  const own = `see What is in the backup
page
press ok
see The limits of the backup
page
press back
pick Take these limits
see Your keys are sealed
page
press ok
see PIN
`;
  const strict = {
    ...STATE.policy,
    rules: STATE.policy.rules.filter(({ limit }) => limit.kind !== "fee-rate"),
  };
  const stick = await stickWith(t, { policy: strict });
  const other = await holds(`${OPEN}${own}`, { stick });
  assert.deepEqual((await homeOn(other.disk)).state.policy, firstPolicy("regtest", "simulator"));
  const same = await holds(`${OPEN}${TAKE}`, { stick });
  assert.deepEqual((await homeOn(same.disk)).state.policy, strict);
});

test("practice keys stay practice keys, and never come to mainnet", async (t) => {
  const marked = await holds(`${OPEN}${TAKE}${UNLOCK}see PRACTICE KEYS`, {
    stick: await stickWith(t, { practice: true }),
  });
  assert.equal((await homeOn(marked.disk)).state.practice, true);
  const money = { network: "mainnet", wallets: [], policy: firstPolicy("mainnet", "simulator")! } as const;
  const stick = await stickWith(t, { ...money, practice: true });
  await holds(`${OPEN}see keys.practice\n${REFUSED}`, { stick });
  // The machine's own chance is fixed: whatever comes to it is practice from here on.
  await holds(`entropy 00ff\n${OPEN}see keys.practice\n${REFUSED}`, { stick: await stickWith(t, money) });
});

test("a key that is not the one it is called, a missing key and a newer state are refused", async (t) => {
  const other = { ...FIRST, fingerprint: "3f635a63" };
  const named = { ...STATE.keys[0]!, fingerprint: "3f635a63" };
  for (const [reason, stick] of [
    ["backup.damaged", await stickWith(t, { keys: [named], chosen: "3f635a63", wallets: [] }, [other])],
    ["backup.damaged", await stickWith(t, { keys: [...STATE.keys, named] })],
    ["backup.damaged", await stickWith(t, { chosen: "3f635a63" })],
    ["backup.damaged", await stickWith(t, { keys: [] }, [])],
    ["backup.version", await stickWith(t, utf8('{"version":9}'))],
    ["backup.version", await stickWith(t, {}, Uint8Array.of(9, 1))],
  ] as const) {
    const { disk } = await holds(`${OPEN}see ${reason}\n${REFUSED}`, { stick });
    assert.equal(disk.size, 0, "nothing was written");
  }
});

test("a wallet that this version does not read is left out by name, and the keys come all the same", async (t) => {
  const wallets = [...STATE.wallets, { name: "Odd", descriptor: "wsh(odd)", key: "73c5da0a" }];
  const stick = await stickWith(t, { wallets });
  const { disk } = await holds(`${OPEN}see left out Odd\n${TAKE}${UNLOCK}`, { stick });
  assert.deepEqual((await homeOn(disk)).state.wallets, STATE.wallets);
});

test("a stick without a backup, a damaged file, another code and another kind of code are each named", async (t) => {
  const at = folder(t);
  const stick = folderStick(at);
  const asked = `${RESTORE}pick Read it from a stick\n`;
  writeFileSync(join(at, "holiday.jpg"), "");
  await holds(`${asked}see backup.none\n${REFUSED}`, { stick });
  writeFileSync(join(at, "firn.backup"), "FIRNBACK, but not one");
  await holds(`${asked}pick firn.backup\nsee backup.damaged\n${REFUSED}`, { stick });
  writeFileSync(join(at, "firn.backup"), new Uint8Array(300_000));
  await holds(`${asked}pick firn.backup\nsee stick.too-large\n${REFUSED}`, { stick });
  await holds(
    `${RESTORE}pick Scan its codes\nscan ${"abandon ".repeat(11)}about\nsee transport.wrong-kind\n${REFUSED}`,
  );
  const wrong =
    "see Passphrase of the backup\ntype some other passphrase\npress ok\nsee backup.wrong-code\npress ok\n";
  const real = await stickWith(t);
  await holds(`${RESTORE}${FROM_STICK}${wrong}press back\nsee Create new words`, { stick: real });
});

test("one key of a backup comes to a home that has others", async (t) => {
  const at = folder(t);
  const stick = folderStick(at);
  await holds(`${MAKE}${PASSPHRASE}${TO_STICK}${DONE}`, { disk: await fullHome(folder(t)), stick });
  const add = `${UNLOCK}pick Keys and backups
pick Add a key
pick Another form
pick Encrypted backup
${FROM_STICK}${TYPE_CODE}see Which of its keys
pick Key 2 (3f635a63)
see Fingerprint 3f635a63
page
press ok
see Name
press ok
page
press ok
see PIN
`;
  const { disk } = await holds(add, { disk: await homeOf(), stick });
  const { state } = await homeOn(disk);
  assert.deepEqual(
    state.keys.map(({ fingerprint }) => fingerprint),
    ["73c5da0a", "3f635a63"],
  );
  assert.deepEqual(
    state.keys[1]!.backups.map(({ form }) => form),
    ["backup"],
  );
});

test("a home of the first version is backed up, with the real stretching, and comes back whole", async (t) => {
  const at = join(import.meta.dirname, "../vectors/recovery/v0/home");
  const names = ["home", "journal-00000001", "tries"];
  const disk = new Map(names.map((name) => [name, new Uint8Array(readFileSync(join(at, name)))]));
  const stick = folderStick(folder(t));
  const stretch = nodeStretch();
  const own = (text: string) => text.replaceAll(PIN, "271828");
  const wallMs = Date.UTC(2027, 0, 1);
  // Its first unlocking seals it to this machine, and says so.
  const first = own(UNLOCK).replace("see Sign", "see Your keys are sealed\npress ok\nsee Sign");
  const sealed = (await holds(first, { disk, stretch, wallMs })).disk;
  const make = own(`${MAKE}${PASSPHRASE}${TO_STICK}${DONE}`);
  await holds(make, { disk: sealed, stick, stretch, wallMs: wallMs + 60_000 });
  const again = await holds(`${OPEN}see Keys Key 1 (73c5da0a)\nsee 2 of 3\n${TAKE}${UNLOCK}`, {
    stick,
    stretch: { ...quickStretch, scrypt: stretch.scrypt },
  });
  assert.equal((await homeOn(again.disk)).state.wallets.length, 1);
});

test("a home whose board is gone is sealed anew on another one, from its backup", async (t) => {
  const stick = folderStick(folder(t));
  const board = (byte: number): Seal => {
    const secret = new Uint8Array(32).fill(byte);
    return secretSeal({ kind: "board", secret, destroy: async () => secret });
  };
  const begin = `${beginOn("regtest")}pick Type words in\ntype ${PHRASES[0]}\npress ok\npick No passphrase\n`;
  const first = `${begin}page\npress ok\npick Take these limits\npage\npress ok\n`;
  const make = `${MAKE}${PASSPHRASE}${TO_STICK}${DONE}`;
  const { disk } = await holds(`${first}${make}`, { stick, seals: [board(1)] });
  await holds(`type ${PIN}\npress ok\nsee seal.foreign`, { disk, seals: [board(2)] });
  const again = await holds(`${OPEN}${TAKE}${UNLOCK}`, { stick, seals: [board(2)] });
  await holds(UNLOCK, { disk: again.disk, seals: [board(2)] });
});

// ---------------------------------------------------------------- cuts

/** After each operation of the script, every state that the disk may be left in. */
async function everyCut(
  script: string,
  options: { readonly disk?: DiskState; readonly stick: () => ReturnType<typeof folderStick> },
  check: (state: DiskState, printed: string) => Promise<void>,
): Promise<number> {
  const disk = options.disk ?? new Map();
  const { operations } = await holds(script, { disk, stick: options.stick() });
  let states = 0;
  for (let cut = 1; cut <= operations; cut++) {
    let left: DiskState[] = [];
    const keeps = (recorded: RecordingDisk) => {
      if (left.length === 0) left = recorded.states();
      return left[0]!;
    };
    const { printed } = await play(`cut ${cut}\n${script}`, { disk, stick: options.stick(), keeps });
    for (const state of left) {
      states++;
      await check(state, printed).catch((wrong: unknown) => assert.fail(`cut ${cut}: ${wrong}`));
    }
  }
  return states;
}

test("a cut anywhere in restoring leaves no home, or the whole of it", async (t) => {
  const stick = await stickWith(t);
  const states = await everyCut(`${OPEN}${TAKE}`, { stick: () => stick }, async (state, printed) => {
    if (!state.has("home")) {
      assert.doesNotMatch(printed, /\| Your keys are sealed/);
      await holds("see Welcome to Firn", { disk: state });
      return;
    }
    const { disk } = await holds(UNLOCK, { disk: state });
    const { state: home } = await homeOn(disk);
    assert.deepEqual([home.wallets, home.keys[0]!.name], [STATE.wallets, "Mine"]);
  });
  assert.ok(states > 5, `${states} states`);
});

test("a cut anywhere in making a backup leaves the home as it was or with its record, and the keys in it", async (t) => {
  const disk = await homeOf();
  const before = (await homeOn(disk)).sealedKeys;
  const script = `${MAKE}${PASSPHRASE}${TO_STICK}${DONE}`;
  const fresh = () => folderStick(folder(t));
  const states = await everyCut(script, { disk, stick: fresh }, async (state) => {
    const { disk: after } = await holds(UNLOCK, { disk: state });
    assert.equal((await homeOn(after)).sealedKeys, before);
    const kinds = (await journalOf(after)).map(({ kind }) => kind);
    const record = (await homeOn(after)).state.keys[0]!.backups.find(({ form }) => form === "backup");
    // The line follows the record; what the journal says the home knows.
    if (kinds.includes("backup-made")) assert.ok(record);
    if (kinds.includes("backup-rehearsed")) assert.ok(record?.rehearsedMs !== undefined);
    if (record) assert.ok(kinds.includes("secret-shown"));
  });
  assert.ok(states > 10, `${states} states`);
});

test("codes that are filmed once are enough for ever: they make the home again years later", async (t) => {
  const OUT = folder(t);
  const { disk } = await holds(`${MAKE}${PASSPHRASE}${AS_CODES}${DONE}`, {
    disk: await homeOf(),
    set: { OUT },
  });
  const wallMs = Date.UTC(2046, 0, 1);
  const again = await holds(`${RESTORE}${FROM_CODES}${TYPE_CODE}see Made 2026-01-01\n${TAKE}`, {
    set: { OUT },
    wallMs,
  });
  assert.deepEqual(await whatMatters(again.disk), await whatMatters(disk));
});
