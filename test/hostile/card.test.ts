// Through the card: a home that was truncated, swapped, rolled back, mixed or filled while it was used.
// Each is named, nothing is overwritten, and nothing is signed.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { Operations } from "../../device/disk/operations.ts";
import { readU32be } from "../../src/bytes.ts";
import { readState, writeState } from "../../src/flows/state.ts";
import { main as firn } from "../../src/main.ts";
import { type Reason, Refusal } from "../../src/refusal.ts";
import { utf8 } from "../../src/text.ts";
import { PHRASES, psbt, purse } from "../bitcoin/build.ts";
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
} from "../flows/stage.ts";
import { openVault } from "../keys/open.ts";

type DiskState = ReadonlyMap<string, Uint8Array>;

const AT = mkdtempSync(join(tmpdir(), "firn-card-"));
after(() => rmSync(AT, { recursive: true, force: true }));

const own = purse("p2wpkh");
const set = { PIN, CAMERA: papers(join(AT, "in"), psbtTexts(psbt(own), "base64")), OUT: join(AT, "out") };

const mine = await homeOf();
const theirs = await homeOf("regtest", PHRASES[1]);
/** The same keys and PIN, set up again: another vault key. */
const again = (await holds(script("setup"), { set: { PIN, WORDS: PHRASES[0], NETWORK: "regtest" } })).disk;
const later = (await holds(script("sign"), { disk: mine, set })).disk;
const SIGN = script("sign");
const { operations: SIGNING } = await holds(SIGN, { disk: mine, set });
const JOURNAL = [...mine.keys()].find((name) => name.startsWith("journal"))!;

function withBlob(disk: DiskState, name: string, bytes: Uint8Array | undefined): DiskState {
  const changed = new Map(disk);
  if (bytes === undefined) changed.delete(name);
  else changed.set(name, bytes);
  return changed;
}

function assertSame(is: DiskState, was: DiskState, ...but: string[]): void {
  const names = (disk: DiskState) => [...disk.keys()].filter((name) => !but.includes(name)).sort();
  assert.deepEqual(names(is), names(was));
  for (const name of names(was)) assert.deepEqual(is.get(name), was.get(name), `${name} was changed`);
}

// ---------------------------------------------------------------- the home

const home = mine.get("home")!;
const HOMES: readonly (readonly [string, Uint8Array, RegExp])[] = [
  ["empty", new Uint8Array(0), /vault\.damaged/],
  ["a picture", Uint8Array.from(Buffer.from("\x89PNG\r\n\x1a\n and so on", "latin1")), /vault\.damaged/],
  ["zeros of its own length", new Uint8Array(home.length), /vault\.damaged/],
  ["a text", Uint8Array.from(Buffer.from('{"seed":"abandon"}')), /vault\.damaged/],
  ["longer by a byte", Uint8Array.from([...home, 0]), /vault\.damaged/],
  ...[1, 8, 40, 100, home.length >> 1, home.length - 1].map(
    (length): readonly [string, Uint8Array, RegExp] => [
      `cut to ${length} bytes`,
      home.slice(0, length),
      /vault\.(damaged|version)/,
    ],
  ),
];

for (const [what, bytes, reason] of HOMES)
  test(`a home that is ${what} is named before any PIN is asked for, again and again, and never overwritten`, async () => {
    const disk = withBlob(mine, "home", bytes);
    const result = await holds("see vault.\npress ok\nsee vault.\npress back\nsee vault.\ncut\nsee vault.", {
      disk,
    });
    assert.match(result.screen, reason);
    assert.doesNotMatch(result.printed, /\| PIN|Welcome/);
    assertSame(result.disk, disk);
  });

test("a home whose sealed state is another network's than its name says opens for nobody", async () => {
  const random = { bytes: (length: number) => new Uint8Array(length).fill(7) };
  const vault = await openVault(home, utf8(PIN), quickStretch, random);
  const theirState = { ...readState(vault.section("state-regtest")), network: "mainnet" as const };
  const disk = withBlob(mine, "home", vault.write({ "state-regtest": writeState(theirState) }));
  const result = await holds(`type ${PIN}\npress ok\nsee vault.damaged`, { disk });
  assert.deepEqual(result.disk.get("home"), disk.get("home"));
});

test("a home with any one byte changed opens for nobody, and is left as it is", async () => {
  const step = Math.max(1, Math.floor(home.length / 60));
  for (let at = 0; at < home.length; at += step) {
    const disk = withBlob(
      mine,
      "home",
      home.map((byte, i) => (i === at ? byte ^ 0x10 : byte)),
    );
    const {
      screen,
      printed,
      disk: left,
    } = await holds(`if see PIN\ntype ${PIN}\npress ok\nend\nunseen Sign a transaction\nsee vault.`, {
      disk,
    });
    assert.match(screen, /vault\.(damaged|version|weak|wrong-pin)/, `byte ${at}`);
    assert.doesNotMatch(printed, /\| Signed(:| {2})/);
    assertSame(left, disk, "tries");
  }
});

test("files of a home without the home are named, and no new home is made over them", async () => {
  const disk = withBlob(mine, "home", undefined);
  const result = await holds(`see store.home-missing\nsee ${JOURNAL}\npress ok\nsee store.home-missing`, {
    disk,
  });
  assert.doesNotMatch(result.printed, /Welcome/);
  assertSame(result.disk, disk);
});

// ---------------------------------------------------------------- the journal

const line = mine.get(JOURNAL)!;
/** Without so many of its last lines, and the end of the one before. */
function cutAt(bytes: Uint8Array, lines: number): Uint8Array {
  const ends = [0];
  while (ends.at(-1)! < bytes.length) ends.push(ends.at(-1)! + 8 + readU32be(bytes, ends.at(-1)!));
  return bytes.slice(0, ends.at(-lines)! - 8);
}
const spoilt = (at: number) => line.map((byte, i) => (i === at ? byte ^ 1 : byte));
const JOURNALS: readonly (readonly [string, DiskState, RegExp])[] = [
  ["is missing", withBlob(mine, JOURNAL, undefined), /journal\.truncated/],
  ["is empty", withBlob(mine, JOURNAL, new Uint8Array(0)), /journal\.truncated/],
  ["lost its last lines", withBlob(mine, JOURNAL, cutAt(line, 2)), /journal\.truncated/],
  [
    "is a foreign file",
    withBlob(mine, JOURNAL, new Uint8Array(500).fill(0x41)),
    /journal\.(damaged|truncated)/,
  ],
  [
    "has a byte changed in its first line",
    withBlob(mine, JOURNAL, spoilt(30)),
    /journal\.(damaged|truncated)/,
  ],
  [
    "has a byte changed in its middle",
    withBlob(mine, JOURNAL, spoilt(line.length >> 1)),
    /journal\.(damaged|truncated)/,
  ],
  [
    "is another home's",
    withBlob(mine, JOURNAL, theirs.get(JOURNAL)!),
    /journal\.(damaged|foreign|truncated)/,
  ],
  [
    "is another set-up's of the same keys",
    withBlob(mine, JOURNAL, again.get(JOURNAL)!),
    /journal\.(damaged|foreign|truncated)/,
  ],
  ["is older than the home", withBlob(later, JOURNAL, line), /journal\.truncated/],
  [
    "belongs to a home that was swapped",
    withBlob(mine, "home", theirs.get("home")!),
    /journal\.(damaged|foreign|truncated)/,
  ],
];

/** What is missing is read, nothing is resolved, and it locks. */
const LEFT = "see journal.\npage\npress ok\npress back\nsee journal.\npage\npress ok\nsee PIN\n";

for (const [what, disk, reason] of JOURNALS)
  test(`where the journal ${what} nothing is unlocked and nothing is signed, and it stays as it is`, async () => {
    const result = await holds(
      `type ${PIN}\npress ok\n${LEFT}cut\ntype ${PIN}\npress ok\nsee journal.\npage`,
      {
        disk,
      },
    );
    assert.match(result.screen, reason);
    assert.doesNotMatch(result.printed, /Sign a transaction/);
    assertSame(result.disk, disk, "tries");
  });

test("lines after the home was last written lead on from it, and count", async () => {
  const disk = withBlob(later, JOURNAL, cutAt(later.get(JOURNAL)!, 1));
  const { disk: opened } = await holds(UNLOCK, { disk });
  assert.ok((await journalOf(opened)).some(({ kind }) => kind === "spent"));
});

test("the one line that says how often the home was written may be lost with the power, and no other", async () => {
  const without = withBlob(mine, JOURNAL, cutAt(line, 1));
  await holds(UNLOCK, { disk: without });
});

test("a home that is older than its journal is refused: what was changed since would come back", async () => {
  const disk = withBlob(later, "home", home);
  const result = await holds(`type ${PIN}\npress ok\nsee journal.rewound`, { disk });
  assert.doesNotMatch(result.printed, /Sign a transaction/);
  assertSame(result.disk, disk, "tries");
});

test("a right PIN on a home whose journal is damaged was counted and cleared: the owner is not locked out", async () => {
  const attempt = `type ${PIN}\npress ok\n${LEFT}`;
  await holds(attempt.repeat(8), { disk: withBlob(mine, JOURNAL, spoilt(30)) });
});

// ---------------------------------------------------------------- the tries

test("what is wrong behind a right PIN is said, and then all starts afresh: no key stays open at the PIN screen", async () => {
  const cut = withBlob(mine, JOURNAL, mine.get(JOURNAL)!.slice(0, 40));
  const { starts } = await holds(`type ${PIN}\npress ok\n${LEFT}`, {
    disk: cut,
  });
  assert.equal(starts, 2);
  const wrong = await holds("type 99999999\npress ok\nsee vault.wrong-pin\npage\npress ok\nsee PIN", {
    disk: mine,
  });
  assert.equal(wrong.starts, 1);
});

test("a damaged record of tries means the longest wait: it neither opens a way round nor locks out", async () => {
  for (const bytes of [new Uint8Array(0), new Uint8Array(36), Uint8Array.from([...mine.get("tries")!, 1])]) {
    const disk = withBlob(mine, "tries", bytes);
    await holds(
      `see Wait at least 1 hour\ntype ${PIN}\nsee vault.too-soon\npress ok\nclock +59m
      type ${PIN}\nsee vault.too-soon\npress ok\nclock +1m\ntype ${PIN}\npress ok\nsee Sign a transaction`,
      { disk },
    );
  }
});

// ---------------------------------------------------------------- a card that fails while it is used

/** Every operation that changes something fails from the `from`th on, for `count` of them. */
function failing(reason: Reason, from: number, count = Number.POSITIVE_INFINITY) {
  let seen = 0;
  let failed = 0;
  const act = (does: () => Promise<void>) => async () => {
    seen++;
    if (seen < from || failed >= count) return does();
    failed++;
    throw new Refusal(reason, "ENOSPC");
  };
  const card = (real: Operations): Operations => ({
    names: () => real.names(),
    read: (name) => real.read(name),
    write: (name, bytes) => act(() => real.write(name, bytes))(),
    append: (name, bytes) => act(() => real.append(name, bytes))(),
    truncate: (name, length) => act(() => real.truncate(name, length))(),
    sync: (name) => act(() => real.sync(name))(),
    rename: (name, to) => act(() => real.rename(name, to))(),
    syncFolder: () => act(() => real.syncFolder())(),
    remove: (name) => act(() => real.remove(name))(),
  });
  return { card, failed: () => failed };
}

for (const reason of ["store.full", "store.failed"] as const)
  test(`a card that says ${reason} at any moment of signing is named, and no code is shown`, async () => {
    for (let from = 1; from <= SIGNING; from++) {
      const { card, failed } = failing(reason, from);
      const { printed, problem, screen, disk } = await play(SIGN, { disk: mine, set, card });
      assert.equal(problem, undefined, `operation ${from}: a full card is no bug`);
      assert.ok(failed() > 0);
      assert.match(`${printed}${screen}`, new RegExp(reason.replace(".", "\\.")), `operation ${from}`);
      // Every line is on the card before the first code is shown: one that is refused leaves no code at all.
      assert.doesNotMatch(printed, /\| Signed(:| {2})/, `operation ${from}`);
      // With room again it is the home that it was.
      await holds(UNLOCK, { disk });
    }
  });

test("a card that refuses one line of signing, whichever, and then works again, signs at the second try", async () => {
  const first = `${UNLOCK}pick Sign\ncamera ${set.CAMERA}\npage\nhold ok\n`;
  const unlocked = (await holds(UNLOCK, { disk: mine })).operations;
  for (let from = unlocked + 1; from <= SIGNING; from++) {
    const { card } = failing("store.full", from, 1);
    const { printed } = await holds(
      `${first}see store.full\nunseen Signed\npress ok\nsee Sign a transaction
       pick Sign\ncamera ${set.CAMERA}\npage\nhold ok\nsee Signed`,
      { disk: mine, card },
    );
    assert.match(printed, /Nothing was signed|No signature left/);
  }
});

test("a card that takes the home and no line of the journal is written once, and opens again when there is room", async () => {
  let unlocked = false;
  const card = (real: Operations): Operations => ({
    ...failing("store.full", Number.POSITIVE_INFINITY).card(real),
    append: async (name, bytes) => {
      if (unlocked) throw new Refusal("store.full", "ENOSPC");
      return real.append(name, bytes);
    },
  });
  const register = "pick Register\nscan $WALLET\npress ok\nsee Quorum\npage\nhold ok\n";
  const wallets = ["p2wsh", "p2sh-p2wsh", "p2tr"] as const;
  const descriptors = wallets.map((form) => purse(form).wallet.descriptor);
  const main: typeof firn = (ports) =>
    firn({
      ...ports,
      panel: {
        ...{ size: () => ports.panel.size(), poll: (wants) => ports.panel.poll(wants) },
        next: (wants) => ports.panel.next(wants),
        show(picture) {
          unlocked ||= picture.title === "Wallets";
          ports.panel.show(picture);
        },
      },
    });
  const tries = descriptors
    .slice(0, 2)
    .map((descriptor) => register.replace("$WALLET", descriptor).concat("see store.full\npress ok\n"));
  const full = await holds(`${UNLOCK}pick Wallets\n${tries.join("")}`, { disk: mine, card, main });
  await holds(UNLOCK, { disk: full.disk });
});

test("a read-only card lets nobody try a PIN, since the try could not be counted", async () => {
  const { card } = failing("store.failed", 1);
  const result = await holds(
    `type ${PIN}\nsee store.failed\npress ok\nsee PIN\ntype 999999\nsee store.failed`,
    {
      disk: mine,
      card,
    },
  );
  assertSame(result.disk, mine);
});

test("a card that cannot be read is named, and set-up is not begun over it", async () => {
  const card = (real: Operations): Operations => ({
    ...real,
    read: async () => {
      throw new Refusal("store.unreadable", "EIO");
    },
  });
  const result = await holds("see store.unreadable\npress ok\nsee store.unreadable", { disk: mine, card });
  assert.doesNotMatch(result.printed, /Welcome/);
  assertSame(result.disk, mine);
});

test("a card that is full at set-up keeps nothing, and the same words set it up when there is room", async () => {
  const steps = script("setup").split("see Your keys are sealed")[0]!;
  const values = { PIN, WORDS: PHRASES[0], NETWORK: "regtest" };
  const { operations } = await holds(`${steps}see Your keys are sealed`, { set: values });
  for (let from = 1; from <= operations; from++) {
    const { card } = failing("store.full", from);
    const { disk } = await holds(`${steps}see store.full`, { set: values, card });
    await holds("if see Welcome\npress ok\nsee Network\nend\nif see PIN\nsee Unlock\nend", { disk });
  }
});

test("the line of a spend cannot be cut off the journal unnoticed, with no counter and no earlier copy", async () => {
  const journal = later.get(JOURNAL)!;
  const ends = [0];
  while (ends.at(-1)! < journal.length) ends.push(ends.at(-1)! + 8 + readU32be(journal, ends.at(-1)!));
  const kinds = (await journalOf(later)).map(({ kind }) => kind);
  assert.equal(ends.length, kinds.length + 1);
  for (let lines = 0; lines <= kinds.lastIndexOf("spent"); lines++) {
    const cut = withBlob(later, JOURNAL, journal.slice(0, ends[lines]));
    await holds(`see PIN\ntype ${PIN}\npress ok\nsee journal.truncated`, { disk: cut });
  }
});
