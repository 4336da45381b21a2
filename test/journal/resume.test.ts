// A journal that does not open: what is said of it, and what the owner's going on leaves.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { DiskState } from "../../device/sim/recording.ts";
import { check } from "../../scripts/verify/check.ts";
import { readExport } from "../../scripts/verify/read.ts";
import {
  type Anchor,
  exportSurvey,
  type Journal,
  type JournalParts,
  openJournal,
  resumeJournal,
  type Survey,
  surveyJournal,
  surveyLines,
} from "../../src/journal/index.ts";
import type { Counter, Store } from "../../src/ports.ts";
import { Refusal } from "../../src/refusal.ts";
import { cutEverywhere } from "../disk/power.ts";
import { copy, counting, KEY, SEED, STILL, setting, spent } from "./setting.ts";

const FIRST = "journal-00000001";
const SECOND = "journal-00000257";

/** So many lines, of which the last is "kept". */
async function written(
  lines: number,
  extra: Partial<JournalParts> = {},
): Promise<{ state: DiskState; journal: Journal }> {
  const place = setting();
  const journal = await openJournal(parts(place.store, extra));
  while (journal.head().count < lines - 1) await journal.append(spent(journal.head().count));
  await journal.append({ kind: "kept", serial: 1 });
  return { state: place.disk.present(), journal };
}

function parts(store: Store, extra: Partial<JournalParts> = {}): JournalParts {
  return { store, key: KEY, signing: SEED, random: counting(), clock: STILL, ...extra };
}

function spoil(state: DiskState, change: (state: Map<string, Uint8Array>) => void): Map<string, Uint8Array> {
  const out = copy(state);
  change(out);
  return out;
}

function dropLines(files: Map<string, Uint8Array>): void {
  for (const name of [...files.keys()]) if (name !== "checkpoint") files.delete(name);
}

/** Where each line of a segment begins, and where the last ends. */
function startsOf(bytes: Uint8Array): number[] {
  const out = [0];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at < bytes.length; out.push(at)) at += 8 + view.getUint32(at);
  return out;
}

/** Flips a bit in the middle of one line. */
function flip(state: Map<string, Uint8Array>, name: string, line: number): void {
  const bytes = state.get(name)!;
  const index = line - Number(name.slice(-8));
  bytes[startsOf(bytes)[index]! + 60]! ^= 1;
}

async function reading(journal: Journal): Promise<string> {
  let text = "";
  for await (const chunk of journal.exportText(1, journal.head().count)) text += chunk;
  return text;
}

const refusal = (reason: string) => (problem: unknown) =>
  problem instanceof Refusal && problem.reason === reason;

/** What is asked of every journal that was gone on with. */
async function goesOn(state: DiskState, survey: Survey, extra: Partial<JournalParts>): Promise<Journal> {
  const place = setting(state);
  const journal = await resumeJournal(parts(place.store, extra), survey);
  assert.equal(journal.head().count, survey.next);
  assert.equal(journal.serial(), survey.serial);
  const [last] = await journal.entries(1);
  assert.deepEqual([last?.kind, last?.kind === "resumed" && last.lost], ["resumed", survey.lost]);
  assert.equal(journal.ledger().uncountedBefore, last!.at);
  for (const [name, bytes] of state)
    if (name.startsWith("journal") && !name.endsWith(".new"))
      assert.deepEqual(place.disk.present().get(name), bytes, "nothing was touched");
  const good = await journal.lines(1, survey.good.count);
  assert.deepEqual([good.length > 0 ? good.at(-1)!.head : survey.good.head], [survey.good.head]);
  await journal.append(spent(9_999));
  await journal.verify();
  // Once more from the medium, with what the home still remembers.
  const again = await openJournal(parts(place.store, extra));
  assert.deepEqual(again.head(), journal.head());
  await again.append(spent(10_000));
  const checked = check(
    [readExport("x", new Uint8Array(Buffer.from(await reading(again))))],
    again.publicKey(),
  );
  assert.deepEqual([checked.finding, checked.signedTo], [undefined, again.head().count]);
  const lost = survey.next - 1 > survey.good.count ? [survey.good.count + 1, survey.next - 1] : undefined;
  assert.deepEqual(checked.lost.at(-1), lost);
  return again;
}

async function surveyed(state: DiskState, extra: Partial<JournalParts> = {}, serial = 1): Promise<Survey> {
  const place = setting(state);
  const survey = await surveyJournal(parts(place.store, extra), serial);
  assert.equal(place.disk.count(), 0, "a survey changes nothing");
  return survey;
}

test("a damaged line: the lines before it hold, those behind it can be read alone, and the owner goes on above all", async () => {
  const { state, journal } = await written(40);
  const anchor = journal.head();
  const broken = spoil(state, (files) => flip(files, FIRST, 21));
  const survey = await surveyed(broken, { anchor });
  assert.deepEqual([survey.reason, survey.detail], ["journal.damaged", "line 21"]);
  assert.deepEqual(
    [survey.good.count, survey.loose, survey.next, survey.lost, survey.serial],
    [20, [[22, 40]], 41, 20, 1],
  );
  assert.ok(survey.restBytes > 20 * 300);
  const place = setting(broken);
  const read = await surveyLines(parts(place.store), survey, 1, 99);
  assert.deepEqual(read, await journal.lines(1, 20));
  let text = "";
  for await (const chunk of exportSurvey(parts(place.store), survey)) text += chunk;
  const checked = check([readExport("x", new Uint8Array(Buffer.from(text)))], journal.publicKey());
  assert.deepEqual([checked.finding, checked.signedTo, checked.head], [undefined, 20, survey.good.head]);
  await goesOn(broken, survey, { anchor });
});

test("lines behind a stretch of noise are found again, whatever their numbers are", async () => {
  const { state, journal } = await written(40);
  const starts = startsOf(state.get(FIRST)!);
  const noisy = spoil(state, (files) => files.get(FIRST)!.fill(0xa5, starts[20], starts[25]! - 7));
  const survey = await surveyed(noisy, { anchor: journal.head() });
  assert.deepEqual([survey.good.count, survey.loose, survey.next], [20, [[26, 40]], 41]);
  const shorter = spoil(state, (files) => {
    const bytes = files.get(FIRST)!;
    files.set(
      FIRST,
      new Uint8Array([...bytes.subarray(0, starts[20]! + 5), ...bytes.subarray(starts[30]! + 3)]),
    );
  });
  assert.deepEqual((await surveyed(shorter, { anchor: journal.head() })).loose, [[32, 40]]);
});

test("lines that are gone, up to all of them: as many are missing as anything remembers", async () => {
  const { state, journal } = await written(300);
  const anchor = journal.head();
  const cases: [string, (files: Map<string, Uint8Array>) => void, number][] = [
    [
      "the last lines",
      (files) => files.set(SECOND, files.get(SECOND)!.slice(0, startsOf(files.get(SECOND)!)[30])),
      286,
    ],
    [
      "within a line",
      (files) => files.set(SECOND, files.get(SECOND)!.slice(0, startsOf(files.get(SECOND)!)[30]! + 9)),
      286,
    ],
    ["the last segment", (files) => files.delete(SECOND), 256],
    ["the first segment", (files) => files.delete(FIRST), 0],
    ["all", (files) => files.clear(), 0],
    ["all but the checkpoint", (files) => dropLines(files), 0],
    ["the first line", (files) => flip(files, FIRST, 1), 0],
    ["the last line", (files) => flip(files, SECOND, 300), 299],
    ["a line of the first segment", (files) => flip(files, FIRST, 200), 199],
    [
      "noise behind",
      (files) => files.set(SECOND, new Uint8Array([...files.get(SECOND)!, ...new Uint8Array(99)])),
      300,
    ],
  ];
  for (const [what, change, good] of cases)
    for (const checkpoint of [true, false]) {
      const broken = spoil(state, (files) => {
        if (!checkpoint) files.delete("checkpoint");
        change(files);
      });
      const behind = checkpoint && ["the first line", "a line of the first segment"].includes(what);
      if (behind) {
        // What lies before the checkpoint is read only on request.
        const opened = await setting(broken).open(anchor);
        await assert.rejects(opened.verify(), refusal("journal.damaged"), what);
        continue;
      }
      const survey = await surveyed(broken, { anchor });
      assert.deepEqual([survey.good.count, survey.next], [good, 301], what);
      await goesOn(broken, survey, { anchor });
    }
});

test("another branch than the home remembers is gone on with, and says so", async () => {
  const place = setting();
  const one = await place.open();
  for (let i = 0; i < 20; i++) await one.append(spent(i));
  const fork = place.disk.present();
  for (let i = 0; i < 5; i++) await one.append(spent(i));
  const anchor = one.head();
  const other = setting(fork);
  const two = await other.open();
  for (let i = 0; i < 9; i++) await two.append(spent(100 + i));
  const survey = await surveyed(other.disk.present(), { anchor }, 0);
  assert.deepEqual(
    [survey.reason, survey.good.count, survey.next, survey.lost],
    ["journal.foreign", 29, 30, 1],
  );
  await goesOn(other.disk.present(), survey, { anchor });
});

test("what was gone on with can be damaged again, before the loss, in it and behind it", async () => {
  const { state, journal } = await written(40);
  const anchor = journal.head();
  const broken = spoil(state, (files) => flip(files, FIRST, 21));
  const place = setting(broken);
  const resumed = await resumeJournal(parts(place.store, { anchor }), await surveyed(broken, { anchor }));
  for (let i = 0; i < 9; i++) await resumed.append(spent(i));
  const after = place.disk.present();
  const name = "journal-00000041";
  const later = { anchor: resumed.head() };
  for (const [line, good, next] of [
    [45, 44, 51],
    [41, 20, 51],
  ] as const) {
    const survey = await surveyed(
      spoil(after, (files) => flip(files, name, line)),
      later,
    );
    assert.deepEqual([survey.good.count, survey.next], [good, next]);
    await goesOn(
      spoil(after, (files) => flip(files, name, line)),
      survey,
      later,
    );
  }
  const early = spoil(after, (files) => flip(files, FIRST, 7));
  const survey = await surveyed(early, later);
  assert.deepEqual([survey.good.count, survey.next, survey.lost], [6, 51, 44]);
  await goesOn(early, survey, later);
});

test("a cut between any two writes leaves the old damage, or the journal that was gone on with", async () => {
  for (const counted of [false, true]) {
    const { state, journal } = await written(70);
    const anchor = journal.head();
    const broken = spoil(state, (files) => flip(files, FIRST, 66));
    const counter = { at: 70 };
    const extra = { anchor, ...(counted ? { counter: counterOf(counter), counterBase: 0 } : {}) };
    const { wrong, states } = await cutEverywhere({
      from: broken,
      act: async (store, step) => {
        counter.at = 70;
        await resumeJournal(parts(store, extra), await surveyJournal(parts(store, extra), 1));
        step();
      },
      check: async (left, steps) => {
        const { store } = setting(left);
        const before = counter.at;
        const opened = await openJournal(parts(store, extra)).catch((problem) => problem);
        if (opened instanceof Refusal) {
          assert.equal(steps, 0);
          const survey = await surveyJournal(parts(store, extra), 1);
          assert.deepEqual([survey.good.count, survey.next], [65, 71]);
          await goesOn(left, survey, extra);
        } else {
          assert.deepEqual([opened.head().count, opened.serial()], [71, 1]);
          await opened.verify();
        }
        counter.at = before;
      },
    });
    assert.deepEqual(wrong, []);
    assert.ok(states > 5);
  }
});

function counterOf(held: { at: number }): Counter {
  return { value: async () => held.at, raise: async () => ++held.at };
}

test("where the machine counts, numbers go on in step with it", async () => {
  const { state, journal } = await written(40);
  const anchor = journal.head();
  // The last line's raise may have been cut off.
  for (const at of [540, 539]) {
    const held = { at };
    const extra = { anchor, counter: counterOf(held), counterBase: 500 };
    const broken = spoil(state, (files) => flip(files, FIRST, 21));
    const survey = await surveyed(broken, extra);
    assert.deepEqual([survey.next, survey.good.count], [41, 20]);
    await goesOn(broken, survey, extra);
    assert.equal(held.at, 543);
  }
});

test("an older copy stays refused, also when somebody damages it so that it would pass for a broken one", async () => {
  const place = setting();
  const held = { at: 0 };
  const extra = { counter: counterOf(held), counterBase: 0 };
  const journal = await openJournal(parts(place.store, extra));
  for (let i = 0; i < 30; i++) await journal.append(spent(i));
  const yesterday = place.disk.present();
  const anchor = journal.head();
  for (let i = 0; i < 5; i++) await journal.append(spent(i));
  const spoilings: ((files: Map<string, Uint8Array>) => void)[] = [
    (files) => flip(files, FIRST, 30),
    (files) => flip(files, FIRST, 5),
    (files) => files.clear(),
    (files) => files.set("journal-00000036", new Uint8Array(200)),
    (files) => files.set(FIRST, files.get(FIRST)!.slice(0, startsOf(files.get(FIRST)!)[29])),
  ];
  for (const [i, change] of spoilings.entries())
    await assert.rejects(
      surveyed(spoil(yesterday, change), { ...extra, anchor }, 0),
      refusal("journal.rewound"),
      `spoiling ${i}`,
    );
  await assert.rejects(surveyed(yesterday, { ...extra, anchor }, 0), refusal("journal.rewound"));
  // The card as it is, with its last lines gone: the home that was written last shows that it is the latest.
  const today = spoil(place.disk.present(), (files) =>
    files.set(FIRST, files.get(FIRST)!.slice(0, startsOf(files.get(FIRST)!)[29])),
  );
  const now = { ...extra, anchor: { ...journal.head(), count: 31 } };
  assert.deepEqual((await surveyed(today, now, 0)).next, 36);
});

test("a home that is older than its journal stays refused, also when a line is damaged", async () => {
  const place = setting();
  const journal = await place.open();
  for (let serial = 1; serial <= 40; serial++) await journal.append({ kind: "kept", serial });
  for (const line of [1, 20, 39]) {
    const broken = spoil(place.disk.present(), (files) => flip(files, FIRST, line));
    await assert.rejects(surveyed(broken, {}, 39), refusal("journal.rewound"), `line ${line}`);
    assert.equal((await surveyed(broken, {}, 40)).serial, 40);
  }
});

test("a segment that nobody here can have begun is no way to use up the numbers", async () => {
  const { state, journal } = await written(40);
  const forged = spoil(state, (files) => files.set("journal-99999999", new Uint8Array(100)));
  await assert.rejects(surveyed(forged, { anchor: journal.head() }), refusal("journal.damaged"));
  const extra = { anchor: journal.head(), counter: counterOf({ at: 40 }), counterBase: 0 };
  const near = spoil(state, (files) => files.set("journal-00000099", new Uint8Array(100)));
  await assert.rejects(surveyed(near, extra), refusal("journal.damaged"));
});

test("whatever happens to the bytes, no good line is lost, no number is used twice, and all of it is proven", async () => {
  const { state, journal } = await written(300);
  const anchor: Anchor = journal.head();
  const names = [FIRST, SECOND, "checkpoint"];
  const damage = fc.record({
    name: fc.constantFrom(...names),
    how: fc.constantFrom("flip", "cut", "drop", "noise", "insert"),
    where: fc.double({ min: 0, max: 0.999, noNaN: true }),
  });
  const apply = (
    files: Map<string, Uint8Array>,
    { name, how, where }: { name: string; how: string; where: number },
  ) => {
    const bytes = files.get(name);
    if (!bytes || bytes.length === 0) return;
    const at = Math.floor(where * bytes.length);
    if (how === "drop") files.delete(name);
    else if (how === "cut") files.set(name, bytes.slice(0, at));
    else if (how === "flip") bytes[at]! ^= 0x10;
    else if (how === "noise") bytes.fill(0xa5, at, at + 50);
    else files.set(name, new Uint8Array([...bytes.subarray(0, at), 1, 2, 3, ...bytes.subarray(at)]));
  };
  await fc.assert(
    fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 4 }), async (all) => {
      const broken = spoil(state, (files) => {
        for (const one of all) apply(files, one);
      });
      const opened = await setting(broken)
        .open(anchor)
        .catch((problem) => problem);
      if (!(opened instanceof Refusal)) {
        assert.deepEqual(opened.head(), anchor);
        return;
      }
      const survey = await surveyed(broken, { anchor });
      assert.equal(survey.next, 301);
      const place = setting(broken);
      const resumed = await resumeJournal(parts(place.store, { anchor }), survey);
      assert.equal(resumed.head().count, 301);
      await resumed.append({ kind: "kept", serial: 2 });
      assert.equal((await openJournal(parts(place.store, { anchor: resumed.head() }))).serial(), 2);
      if (survey.good.count > 0) {
        const [line] = await resumed.lines(survey.good.count, survey.good.count).catch(() => []);
        if (line) assert.equal(line.head, survey.good.head);
      }
    }),
    { numRuns: 60 },
  );
});
