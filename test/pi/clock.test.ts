// The board's time: over locks, over cuts of power, with a clock chip and without.

import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { openStore } from "../../device/disk/store.ts";
import { boardTime, clockFact, readChip } from "../../device/pi/clock.ts";
import { openJournal } from "../../src/journal/index.ts";
import { board } from "./rig.ts";

const EPOCH = Date.UTC(2026, 5, 1);
const LATER = Date.UTC(2026, 10, 20, 12);
const HOUR = 3_600_000;

/** A machine whose system clock and time since it was switched on the test moves; locks start anew with what is kept. */
function machine(t: TestContext) {
  const kept = join(board(t), "run/firn/clock");
  const now = { wall: EPOCH, on: 5000.25 };
  const system = {
    clock: {
      wallMs: () => now.wall,
      monotonicMs: () => now.on,
      boot: "unknown",
      breathe: async () => undefined,
    },
    timer: { after: () => () => undefined },
  };
  return {
    now,
    kept,
    start: (chipMs?: number) => boardTime(kept, chipMs, system),
    pass(ms: number) {
      now.wall += ms;
      now.on += ms;
    },
    /** Power goes and comes: the system begins at this time. */
    cut(wall: number) {
      rmSync(kept, { force: true });
      now.wall = wall;
      now.on = 4000.5;
    },
  };
}

test("without a clock chip time goes on from the newest line that was written, and stands still while it is off", (t) => {
  const { start, pass, cut, now } = machine(t);
  const first = start();
  assert.equal(first.clock.wallMs(), EPOCH);
  first.clock.reached!(LATER);
  assert.equal(first.clock.wallMs(), LATER);
  pass(2 * HOUR);
  assert.equal(first.clock.wallMs(), LATER + 2 * HOUR);
  assert.ok(first.behind());
  cut(EPOCH);
  const second = start();
  assert.ok(second.clock.wallMs() < LATER, "nothing is known before a home is open");
  second.clock.reached!(LATER + 2 * HOUR);
  assert.equal(second.clock.wallMs(), LATER + 2 * HOUR);
  assert.equal(second.clock.monotonicMs(), now.on, "the time since it was switched on is the machine's own");
});

test("time passes over locks, also where nothing is written, and whatever the system's clock says meanwhile", (t) => {
  const { start, pass, now } = machine(t);
  start().clock.reached!(LATER);
  pass(HOUR);
  now.wall = EPOCH - 300 * 24 * HOUR;
  const next = start();
  assert.equal(next.clock.wallMs(), LATER + HOUR);
  assert.ok(next.behind());
  now.wall -= HOUR;
  pass(HOUR);
  assert.equal(next.clock.wallMs(), LATER + 2 * HOUR, "the system's clock set back changes nothing");
});

test("time never goes back within a machine that is on, whatever it is told", (t) => {
  const { start, pass } = machine(t);
  const { clock } = start();
  let last = 0;
  for (const told of [LATER, LATER - HOUR, 0, LATER + 1, EPOCH, LATER + HOUR, -1]) {
    clock.reached!(told);
    const now = clock.wallMs();
    assert.ok(now >= last && now >= told, String(told));
    assert.ok(Number.isSafeInteger(now));
    last = now;
    pass(0.4);
  }
});

test("with a clock chip that ran on, the time is the system's", (t) => {
  const { start, cut } = machine(t);
  cut(LATER + 24 * HOUR);
  const time = start();
  time.clock.reached!(LATER);
  assert.ok(time.clock.wallMs() - (LATER + 24 * HOUR) <= 1);
  assert.ok(!time.behind());
});

test("what is kept is a number and a name or nothing, and a folder that is missing is no trouble", (t) => {
  const { start, kept, now } = machine(t);
  for (const text of ["", "soon", "-5", "1e300", "9".repeat(17), "12\n", `${LATER}`, `${LATER} ABC`]) {
    writeFileSync(kept, text);
    assert.ok(start().clock.wallMs() - now.wall <= 1, text);
    assert.match(readFileSync(kept, "utf8"), /^\d+ [0-9a-f]{16}$/);
  }
  rmSync(join(kept, ".."), { recursive: true });
  assert.ok(start().clock.wallMs() - now.wall <= 1);
});

test("a power-on has a name that lasts over locks and not over cuts, and none where it could not last", (t) => {
  const { start, cut, kept } = machine(t);
  const name = start().clock.boot;
  assert.match(name, /^[0-9a-f]{16}$/);
  assert.equal(start().clock.boot, name);
  cut(EPOCH);
  const next = start().clock.boot;
  assert.notEqual(next, name);
  assert.equal(start().clock.boot, next);
  rmSync(join(kept, ".."), { recursive: true });
  assert.equal(start().clock.boot, "unknown");
});

test("what the chip said at the start goes on with the time that the machine is on, whatever its clock is set to", (t) => {
  const { start, pass, now } = machine(t);
  assert.equal(start().clock.chipMs, undefined);
  const { clock } = start(LATER);
  assert.equal(clock.chipMs!(), LATER);
  now.wall += 300 * 24 * HOUR;
  clock.reached!(LATER + 900 * 24 * HOUR);
  pass(HOUR);
  assert.equal(clock.chipMs!(), LATER + HOUR);
});

test("the chip is read itself: the system's clock may come from the day on which the system was built", (t) => {
  const at = board(t, {
    "/sys/class/rtc/rtc0/since_epoch": "1792500000\n",
    "/sys/class/rtc/rtc1/since_epoch": "soon\n",
  });
  const chips = join(at, "sys/class/rtc");
  assert.equal(readChip("/dev/rtc0", chips), 1_792_500_000_000);
  for (const node of [undefined, "/dev/rtc1", "/dev/rtc2"]) assert.equal(readChip(node, chips), undefined);
  assert.equal(readChip("/dev/rtc0", join(at, "gone")), undefined);
});

test("the journal of a home that is opened after a cut brings its time along", async (t) => {
  const { start, pass, cut } = machine(t);
  const blobs = new Map<string, Uint8Array>();
  const store = openStore({
    names: async () => [...blobs.keys()],
    read: async (name) => blobs.get(name),
    write: async (name, bytes) => void blobs.set(name, bytes),
    append: async (name, bytes) =>
      void blobs.set(name, Buffer.concat([blobs.get(name) ?? new Uint8Array(), bytes])),
    truncate: async (name, length) => void blobs.set(name, blobs.get(name)!.subarray(0, length)),
    sync: async () => undefined,
    rename: async (from, to) => {
      blobs.set(to, blobs.get(from)!);
      blobs.delete(from);
    },
    syncFolder: async () => undefined,
    remove: async (name) => void blobs.delete(name),
  });
  const random = { bytes: (length: number) => new Uint8Array(length).fill(7) };
  const key = new Uint8Array(32).fill(9);
  const { clock } = start();
  const journal = await openJournal({ store, key, signing: key, random, clock });
  pass(40 * 24 * HOUR);
  await journal.append({ kind: "unlocked", failedTries: 0 });
  const written = clock.wallMs();
  cut(EPOCH);
  const again = start();
  const opened = await openJournal({ store, key, signing: key, random, clock: again.clock });
  again.clock.reached!(opened.newestMs());
  assert.equal(again.clock.wallMs(), written);
});

test("the fact says whether there is a chip, and whether it can be believed", (t) => {
  const at = board(t, { "/sys/class/rtc/rtc0/name": "rtc" });
  const chips = join(at, "sys/class/rtc");
  assert.deepEqual(clockFact("/dev/rtc0", chips, false), {
    about: "part",
    label: "Clock",
    found: "a clock chip",
    state: "well",
  });
  assert.equal(clockFact("/dev/rtc0", chips, true).state, "open");
  for (const fact of [
    clockFact("/dev/rtc1", chips, true),
    clockFact(undefined, chips, false),
    clockFact("/dev/rtc0", join(at, "gone"), false),
  ])
    assert.match(fact.found, /no clock chip: time stands still/);
});
