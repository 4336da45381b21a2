// Time in the owner's hands: what moves windows and what never does, played on the appliance.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Main } from "../../device/host/program.ts";
import type { DiskState } from "../../device/sim/recording.ts";
import { folderStick } from "../../device/stick/folder.ts";
import { type HomeState, networkOf, readState, stateSection } from "../../src/flows/state.ts";
import { readDate } from "../../src/flows/time/date.ts";
import { spanWords } from "../../src/flows/time/words.ts";
import { utf8 } from "../../src/text.ts";
import { psbt, purse } from "../bitcoin/build.ts";
import { openVault } from "../keys/open.ts";
import { board } from "./board-stage.ts";
import { asking, byPin, byTime, changed } from "./people-stage.ts";
import {
  folder,
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
} from "./stage.ts";

/** The sealed state of a home, as its owner's PIN opens it. */
async function stateOf(disk: DiskState): Promise<HomeState> {
  const random = { bytes: (length: number) => new Uint8Array(length) };
  const vault = await openVault(disk.get("home")!, utf8(PIN), quickStretch, random);
  return readState(vault.section(stateSection(networkOf(vault.names()))));
}

const HEADERS: readonly string[] = JSON.parse(
  readFileSync(new URL("../vectors/headers/mainnet-830585.json", import.meta.url), "utf8"),
).headers;
/** The earliest of the last six, less two hours. */
const PROVEN = Date.UTC(2024, 1, 15, 11, 44, 34);
const BEGUN = Date.UTC(2024, 1, 1, 11, 44, 34);
const DAY = 86_400_000;

const TIME = `${UNLOCK}pick Settings\npick Date and time\n`;
const SCAN = `${TIME}pick Scan block headers\nscan ${HEADERS.join("")}\n`;

/** A home of mainnet that was set up two weeks before the headers were mined. */
async function oldHome(wallMs = BEGUN) {
  const { disk } = await holds(script("setup"), { set: { PIN, WORDS, NETWORK: "mainnet" }, wallMs });
  return disk;
}

const REAL = purse("p2wpkh", { network: "mainnet" });
/** One bitcoin a day on mainnet: each takes all of it. */
const spends = (t: TestContext) => {
  const at = folder(t);
  return (index: number) => {
    const asked = psbt(REAL, {
      inputs: [{ index, amountSats: 100_000_000n }],
      outputs: [{ foreign: 1, amountSats: 99_999_000n }],
    });
    const CAMERA = papers(join(at, `in-${index}`), psbtTexts(asked));
    return { PIN, CAMERA, OUT: join(at, `out-${index}`), SEE: "policy.over-window-limit" };
  };
};

// ---------------------------------------------------------------- block headers

test("block headers move time on; before, it is said by how much, and which limits begin anew", async () => {
  const said = `see Move time on?\nsee 8 headers prove: not before\nsee 2024-02-15 11:44 UTC\nsee 14 days
    see Limits for an hour, a day and a week begin anew. Limits for a month move on by as much. Waits do not\n`;
  const { disk } = await holds(
    `${SCAN}${said}page\nhold ok\nsee Time was moved on\nsee It is 2024-02-15 11:44\npress ok
     see Date and time\nsee 2024-02-15 11:4\npick What it rests on\nsee Block headers proved 2024-02-15 11:44`,
    { disk: await oldHome(), wallMs: BEGUN },
  );
  const entries = await journalOf(disk);
  const at = entries.findIndex(({ kind }) => kind === "time-proven");
  const { clock: _, ...line } = entries[at]!;
  assert.deepEqual(line, { kind: "time-proven", at: PROVEN, notBefore: PROVEN, headers: 8 });
  assert.ok(entries[at - 1]!.at < PROVEN - 13 * DAY);
});

test("what is left is left: headers that nobody took move nothing", async () => {
  const { disk } = await holds(`${SCAN}page\npress back\nsee Date and time\nsee 2024-02-01`, {
    disk: await oldHome(),
    wallMs: BEGUN,
  });
  assert.ok((await journalOf(disk)).every(({ kind }) => kind !== "time-proven"));
});

test("a window opens by headers as it does by time that passes, and not by a clock that is set", async (t) => {
  const at = spends(t);
  const spent = await holds(script("sign"), { disk: await oldHome(), set: at(0), wallMs: BEGUN });
  const later = { disk: spent.disk, wallMs: spent.wallMs };
  for (const set of ["", "clock 2024-02-15T12:00Z\n", "clock 2024-02-15T12:00Z\ncut\n", "cut\n"])
    await holds(`${set}${script("refuse")}`, { ...later, set: at(1) });
  const moved = await holds(`${SCAN}page\nhold ok\nsee Time was moved on`, later);
  await holds(script("sign"), { disk: moved.disk, wallMs: spent.wallMs, set: at(1) });
  // The same headers once more, after that: nothing.
  const again = await holds(script("sign"), { disk: moved.disk, wallMs: spent.wallMs, set: at(1) });
  const told = await holds(`${SCAN}see Nothing new`, { disk: again.disk, wallMs: again.wallMs });
  await holds(script("refuse"), { disk: told.disk, wallMs: told.wallMs, set: at(2) });
});

test("who asks for more on a board that was off for long, and shows it the headers of that time, has not waited for it", async () => {
  const asks = `${UNLOCK}pick Policy\npick Change it\npick Edit it here\npick Loosening waits\npick Hours\npress back x2\ntype 1\npress ok
    pick Read it and take it\npage\npress ok\nsee This allows more\npage\npress ok\nhold both\nsee Your present PIN\ntype ${PIN}\npress ok\nsee It waits\npage\npress ok\nsee PIN\n`;
  const asked = await holds(asks, { disk: await oldHome(), wallMs: BEGUN });
  const unlock = `see PIN\ntype ${PIN}\npress ok\nsee A change waits\n`;
  const later = { disk: asked.disk, wallMs: asked.wallMs };
  const scan = `pick Settings\npick Date and time\npick Scan block headers\nscan ${HEADERS.join("")}\n`;
  const moved = await holds(
    `${unlock}see in 1 day\npage\npress ok\n${scan}see Waits do not\npage\nhold ok\nsee Time was moved on`,
    later,
  );
  const { policy, pending } = await stateOf(moved.disk);
  assert.deepEqual([policy.number, pending.length], [1, 1]);
  assert.ok(pending[0]!.dueMs > PROVEN + 23 * 3_600_000);
  await holds(`${unlock}see in 2`, { disk: moved.disk, wallMs: moved.wallMs });
  await holds(
    `clock +1d\nsee PIN\ntype ${PIN}\npress ok\nsee A change waits\nsee now\npage\npress ok\nsee Holds now: policy 2`,
    {
      disk: moved.disk,
      wallMs: moved.wallMs,
    },
  );
});

test("who waits after wrong proofs has as long to wait after headers as before", async () => {
  const anna = { name: "anna", factor: await byPin("111111"), wrong: 9, wrongMs: BEGUN };
  const disk = await changed(
    await oldHome(),
    (state) => ({
      ...state,
      policy: asking(state.policy, { need: 1, of: ["anna"] }),
      people: [{ name: "anna", factor: "pin", madeMs: 0 }],
    }),
    [anna],
  );
  const set = { PSBT: psbtTexts(psbt(REAL), "base64")[0]! };
  const asks = `pick Sign a transaction\nscan $PSBT\npage\nsee Sign?\nhold ok\nsee Who agrees?\npick anna\n`;
  const again = `press ok\npress back\nsee user.declined\npage\npress ok\n`;
  const moves = `pick Settings\npick Date and time\npick Scan block headers\nscan ${HEADERS.join("")}\npage\nhold ok
    see Time was moved on\npress ok\npress back\npress back\n`;
  await holds(`${UNLOCK}${asks}see anna can try again in\n${again}${moves}${asks}see anna can try again in`, {
    ...{ disk, set, wallMs: BEGUN },
  });
});

test("headers of a time that has passed already prove nothing new", async () => {
  const { disk } = await holds(`${SCAN}see Nothing new\nsee 2024-02-15 11:44 UTC\nsee 2026-01-01 12:00 UTC`, {
    disk: await homeOf("mainnet"),
  });
  assert.ok((await journalOf(disk)).every(({ kind }) => kind !== "time-proven"));
});

test("on a practice network no headers are asked for, and wrong ones are refused by name and move nothing", async () => {
  await holds(
    `${TIME}pick Scan block headers\nsee time.practice-network\npage\npress ok\nsee Date and time`,
    {
      disk: await homeOf("regtest"),
    },
  );
  const disk = await oldHome();
  const scan = (text: string) => `${TIME}pick Scan block headers\nscan ${text}\n`;
  const refusals: readonly (readonly [string, string])[] = [
    [HEADERS.slice(0, 5).join(""), "time.too-few"],
    [HEADERS.toReversed().join(""), "time.not-linked"],
    [[...HEADERS.slice(0, 5), `${HEADERS[5]!.slice(0, 158)}00`].join(""), "time.no-work"],
  ];
  for (const [text, reason] of refusals)
    await holds(`${scan(text)}see ${reason}\npage\npress ok\nsee Date and time\nsee 2024-02-01 11:4`, {
      disk,
      wallMs: BEGUN,
    });
});

test("headers come on a stick as well, one a line", async (t) => {
  const at = folder(t);
  mkdirSync(join(at, "stick"));
  writeFileSync(join(at, "stick", "headers.txt"), `${HEADERS.join("\r\n")}\r\n`);
  await holds(
    `${TIME}pick Scan block headers\npress ok\nsee On the stick\npick headers.txt\nsee Move time on?\npage\nhold ok\nsee Time was moved on`,
    { disk: await oldHome(), wallMs: BEGUN, stick: folderStick(join(at, "stick")) },
  );
});

test("a cut between any two writes of a proof leaves the time as it was, or as it is proven; never the date ahead of both", async () => {
  const disk = await oldHome();
  const ahead = `${TIME}pick Set the date\n${typed("2024-02-13 12:00")}${ASKED}clock +1d\nsee PIN\n${UNLOCKED}`;
  const set = await holds(ahead, { disk, wallMs: BEGUN });
  const whole = await holds(`${SCAN}page\nhold ok\nsee Time was moved on`, {
    disk: set.disk,
    wallMs: set.wallMs,
  });
  assert.equal((await stateOf(whole.disk)).dateOffsetMs, 0);
  for (let cut = 1; cut <= whole.operations; cut++) {
    const { disk: left } = await play(`cut ${cut}\n${SCAN}page\nhold ok\nsee Time was moved on\ncut`, {
      disk: set.disk,
      wallMs: set.wallMs,
    });
    const { at } = (await journalOf(left)).at(-1)!;
    const { dateOffsetMs } = await stateOf(left);
    assert.ok(at + dateOffsetMs < PROVEN + 3_600_000, `cut ${cut}`);
    await holds(`see PIN\nclock +1h\n${UNLOCK}`, { disk: left, wallMs: set.wallMs });
  }
});

// ---------------------------------------------------------------- the date

/** Erases what stands there, and types this instead. */
const typed = (date: string): string => `press back x16\ntype ${date}\npress ok\n`;
/** Asked for: by gesture and PIN; everything starts afresh. */
const ASKED = `see This allows more\npage\npress ok\nhold both\nsee Your present PIN\ntype ${PIN}\npress ok\nsee It waits\npage\npress ok\n`;
const UNLOCKED = `type ${PIN}\npress ok\nsee A change waits\npage\npress ok\nsee Holds now: the date\npage\npress ok\nsee Sign a transaction\n`;

test("a date set forward waits, is shown at the next unlock, and can be cancelled there; windows never go by it", async (t) => {
  const at = spends(t);
  const disk = await homeOf("mainnet");
  const spent = await holds(script("sign"), { disk, set: at(0) });
  const later = { disk: spent.disk, wallMs: spent.wallMs };
  const forward = `${TIME}pick Set the date\n${typed("2026-01-04 12:00")}see 3 days forward\n${ASKED}see PIN\n`;
  const waiting = await holds(
    `${forward}type ${PIN}\npress ok\nsee A change waits\nsee the date, 3 days forward`,
    later,
  );
  await holds(
    `see PIN\ntype ${PIN}\npress ok\nsee A change waits\npress back\nsee Cancelled\npage\npress ok\npick Settings\npick Date\nsee 2026-01-01`,
    {
      disk: waiting.disk,
      wallMs: waiting.wallMs,
    },
  );
  const due = await holds(
    `see PIN\nclock +1d\n${UNLOCKED}pick Settings\npick Date and time\nsee 2026-01-05 12:0\npick What it rests on\nsee 3 days ahead of what is reckoned`,
    {
      disk: waiting.disk,
      wallMs: waiting.wallMs,
    },
  );
  assert.ok(
    (await journalOf(due.disk)).some((entry) => entry.kind === "date-set" && entry.offset === "+259200"),
  );
  assert.equal((await stateOf(due.disk)).dateOffsetMs, 3 * DAY);
});

test("a date set forward opens no window", async (t) => {
  const at = spends(t);
  const set = await holds(
    `${TIME}pick Set the date\n${typed("2026-01-04 12:00")}${ASKED}clock +1d\nsee PIN\n${UNLOCKED}`,
    {
      disk: await homeOf("mainnet"),
    },
  );
  const spent = await holds(script("sign"), { disk: set.disk, wallMs: set.wallMs, set: at(0) });
  await holds(script("refuse"), { disk: spent.disk, wallMs: spent.wallMs, set: at(1) });
  const back = await holds(
    `${TIME}pick Set the date\n${typed("2026-01-02 12:00")}see Set the date back?\npage\nhold ok\nsee Date and time`,
    {
      disk: spent.disk,
      wallMs: spent.wallMs,
    },
  );
  await holds(script("refuse"), { disk: back.disk, wallMs: back.wallMs, set: at(1) });
});

test("a date set back holds at once, and a date that is none is not taken", async () => {
  const { disk } = await holds(
    `${TIME}pick Set the date\n${typed("2025-13-01 12:00")}see Like 2026-03-01 12:00\npress back x16\ntype 2025-12-31 09:30\npress ok
     see Set the date back?\nsee 1 day, 2 hours\nsee No window and no wait goes by it\npage\nhold ok\nsee Date and time\nsee 2025-12-31 09:30\npress back\npress back\nsee Sign`,
    { disk: await homeOf() },
  );
  assert.equal((await stateOf(disk)).dateOffsetMs, -95_400_000);
  assert.deepEqual(
    (await journalOf(disk))
      .filter(({ kind }) => kind === "date-set")
      .map((entry) => "offset" in entry && entry.offset),
    ["-95400"],
  );
});

test("where a rule goes by hours of the day, a date set back waits as well", async () => {
  const days = [1, 2, 3, 4, 5, 6, 0];
  const limit = { kind: "hours", from: 0, until: 720, days, offsetMinutes: 0 } as const;
  const rule = { scope: { of: "all" }, limit, otherwise: { do: "refuse" } } as const;
  const disk = await changed(await homeOf(), (state) => ({
    ...state,
    policy: { ...state.policy, rules: [...state.policy.rules, rule] },
  }));
  await holds(
    `${TIME}pick Set the date\n${typed("2026-01-01 11:00")}see 1 hour back\n${ASKED}see PIN\ntype ${PIN}\npress ok\nsee the date, 1 hour back`,
    { disk },
  );
});

test("where somebody's codes go by the time, a date set back waits as well", async () => {
  const disk = await changed(
    await homeOf(),
    (state) => ({ ...state, people: [{ name: "anna", factor: "totp", madeMs: 0 }] }),
    [{ name: "anna", wrong: 0, wrongMs: 0, factor: byTime() }],
  );
  await holds(
    `${TIME}pick Set the date\n${typed("2026-01-01 11:00")}see 1 hour back\n${ASKED}see PIN\ntype ${PIN}\npress ok\nsee the date, 1 hour back`,
    { disk },
  );
});

test("only days and times that there are are dates", () => {
  assert.equal(readDate("2026-03-01 12:00"), Date.UTC(2026, 2, 1, 12));
  assert.equal(readDate(" 2028-02-29 23:59 "), Date.UTC(2028, 1, 29, 23, 59));
  for (const text of [
    ...["2026-02-29 12:00", "2026-00-01 12:00", "2026-13-01 12:00", "2026-01-32 12:00", "2026-01-01 24:00"],
    ...[
      "2026-01-01 12:60",
      "2026-1-1 12:00",
      "2026-01-01",
      "12:00",
      "",
      "2019-12-31 23:59",
      "2106-01-01 00:00",
    ],
    "2026-01-01 12:00:00",
  ])
    assert.equal(readDate(text), undefined, text);
});

test("spans of time are said in their two largest units", () => {
  const said: readonly (readonly [number, string])[] = [
    [0, "0 seconds"],
    [999, "0 seconds"],
    [1000, "1 second"],
    [61_000, "1 minute, 1 second"],
    [3_600_000, "1 hour"],
    [4 * DAY + 3 * 3_600_000 + 59_999, "4 days, 3 hours"],
    [DAY + 59_000, "1 day"],
  ];
  for (const [ms, words] of said) assert.equal(spanWords(ms), words);
});

// ---------------------------------------------------------------- the machine's clock

test("a machine's clock that says something else is shown, and counts for nothing", async () => {
  const disk = await homeOf();
  await holds(
    `see PIN\nclock +30m\nclock 2026-01-01T12:39Z\n${TIME}unseen The machine's clock\npick What it rests on\nsee 2026-01-01 12:39\nunseen Nothing is counted`,
    {
      disk,
    },
  );
  for (const [set, note] of [
    ["2026-01-01T12:15Z", "15 minutes ahead of"],
    ["2030-01-01T00:00Z", "1460 days, 12 hours ahead of"],
    ["2020-01-01T00:00Z", "behind the date here"],
  ])
    await holds(
      `clock ${set}\n${TIME.replace("pick Date", "see Date and time: clocks differ\npick Date")}see ${note}\nsee 2026-01-01 12:0`,
      { disk },
    );
});

// ---------------------------------------------------------------- texts in one code

test("a text of several lines that was written as codes is shown again by scan-file as the one text that it is", async (t) => {
  const OUT = folder(t);
  const size = { columns: 200, rows: 120 };
  const { disk } = await holds(`${UNLOCK}pick Policy\npick Show it as a code\npress up\ncodes ${OUT}\n`, {
    ...{ disk: await homeOf(), size },
  });
  assert.match(readFileSync(join(OUT, "codes.txt"), "utf8"), /^Firn policy 2\nNumber 1\n/);
  await holds(
    `${UNLOCK}pick Policy\npick Change it\npick Read a policy's text\nscan-file ${OUT}/codes.txt\nsee change.older`,
    { disk },
  );
});

// ---------------------------------------------------------------- what a board says

/** The played machine as a board: with a clock chip or with none. */
const asBoard =
  (hasChip: boolean): Main =>
  (ports) => {
    const { chipMs, ...clock } = ports.clock;
    const chip = hasChip && chipMs ? { chipMs } : {};
    const reached = () => undefined;
    return board().main({ ...ports, clock: { ...clock, ...chip, reached } });
  };

test("a board says what its windows count, where they are shown and where the clock is", async () => {
  const where = ["Settings\npick Date and time\npick What it rests on\n", "Policy\npick Read it\n"];
  for (const [hasChip, words] of [
    [true, "by a clock chip, which runs on while this device is off"],
    [false, "This device has no clock that runs on: windows and waits count the time that it is on"],
  ] as const)
    for (const path of where)
      await holds(`${UNLOCK}pick ${path}see ${words}`, { disk: await homeOf(), main: asBoard(hasChip) });
});

test("on a board without a chip time off does not count, and with one it does", async (t) => {
  const at = spends(t);
  const disk = await homeOf("mainnet");
  const spent = await holds(script("sign"), { disk, set: at(0), main: asBoard(false) });
  const tomorrow = { disk: spent.disk, wallMs: spent.wallMs + DAY, set: at(1) };
  await holds(script("refuse"), { ...tomorrow, main: asBoard(false) });
  // Left on for a day instead, nearly all of it before the PIN.
  await holds(`see PIN\nclock +1d\n${script("sign")}`, {
    ...tomorrow,
    wallMs: spent.wallMs,
    main: asBoard(false),
  });
  const chip = await holds(script("sign"), { disk, set: at(0), main: asBoard(true) });
  await holds(script("sign"), { ...tomorrow, disk: chip.disk, main: asBoard(true) });
});
