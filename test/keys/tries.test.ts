import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  clearTries,
  countTry,
  decodeTries,
  delayMs,
  encodeTries,
  freeze,
  frozenForMs,
  readTries,
  TRIES_BLOB,
  thaw,
  waitMs,
} from "../../src/keys/index.ts";
import { ascii, handClock, hex, memoryStore, refusesWith, unhex } from "./make.ts";

const HOUR_MS = 3_600_000;

test("the first two wrong PINs cost no wait, then it grows to an hour and never falls", () => {
  const delays = Array.from({ length: 12 }, (_, failures) => delayMs(failures) / 1000);
  assert.deepEqual(delays, [0, 0, 0, 5, 15, 30, 60, 300, 900, 3600, 3600, 3600]);
  assert.equal(delayMs(0xffffffff), HOUR_MS);
});

/** As set-up leaves it. */
async function newHome() {
  const store = memoryStore();
  await clearTries(store);
  store.writes.length = 0;
  return store;
}

test("a try is on the medium before the PIN is looked at, so that cutting the power saves none", async () => {
  const store = await newHome();
  const clock = handClock();
  for (let tries = 1; tries <= 3; tries++) {
    await countTry(store, clock);
    assert.deepEqual(store.writes.length, tries);
    assert.equal((await readTries(store, clock)).failures, tries);
  }
});

test("a store that cannot write stops the try", async () => {
  const store = { ...memoryStore(), replace: () => Promise.reject(new Error("no medium")) };
  await assert.rejects(countTry(store, handClock()), /no medium/);
});

test("while there is a wait a try is refused and not counted; when it has passed it is taken", async () => {
  const store = await newHome();
  const clock = handClock();
  for (let i = 0; i < 3; i++) await countTry(store, clock);
  clock.mono += 4999;
  await assert.rejects(countTry(store, clock), refusesWith("vault.too-soon"));
  assert.equal((await readTries(store, clock)).failures, 3);
  clock.mono += 1;
  assert.equal((await countTry(store, clock)).failures, 4);
  assert.equal(waitMs(await readTries(store, clock), clock.mono), 15_000);
});

test("the right PIN clears the count", async () => {
  const store = await newHome();
  const clock = handClock();
  for (let i = 0; i < 3; i++) await countTry(store, clock);
  await clearTries(store);
  assert.equal((await readTries(store, clock)).failures, 0);
  assert.equal((await countTry(store, clock)).failures, 1);
});

test("setting the wall clock, back or forward, does not shorten a wait", async () => {
  for (const shift of [-10 * HOUR_MS, 10 * HOUR_MS, -1.9e12]) {
    const store = await newHome();
    const clock = handClock();
    for (let i = 0; i < 3; i++) await countTry(store, clock);
    clock.wall += shift;
    clock.mono += 1000;
    assert.equal(waitMs(await readTries(store, clock), clock.mono), 4000);
    await assert.rejects(countTry(store, clock), refusesWith("vault.too-soon"));
  }
});

test("after a reboot only the time since it counts, and a wait is never less than what is owed", () => {
  const at = (lastFailMonotonicMs: number) => ({
    failures: 9,
    lastFailWallMs: 0,
    lastFailMonotonicMs,
    damaged: false,
  });
  assert.equal(waitMs(at(500_000), 2000), HOUR_MS - 2000);
  assert.equal(waitMs(at(500_000), 500_000), HOUR_MS);
  assert.equal(waitMs(at(500_000), 0), HOUR_MS);
  assert.equal(waitMs(at(0), HOUR_MS), 0);
});

test("whatever happened to power, the wait left is at least the delay less the powered-on time", () => {
  fc.assert(
    fc.property(fc.nat(12), fc.nat(1e8), fc.nat(1e8), fc.boolean(), (failures, last, later, reboot) => {
      const tries = { failures, lastFailWallMs: 0, lastFailMonotonicMs: last, damaged: false };
      const now = reboot ? later : last + later;
      assert.ok(waitMs(tries, now) >= Math.max(0, delayMs(failures) - later));
    }),
  );
});

test("a record is read back as it was written, large numbers too", () => {
  fc.assert(
    fc.property(
      fc.record({
        failures: fc.nat(0xffffffff),
        lastFailWallMs: fc.nat(2 ** 50),
        lastFailMonotonicMs: fc.nat(2 ** 50),
        damaged: fc.boolean(),
      }),
      fc.option(fc.nat(2 ** 50), { nil: undefined }),
      fc.nat(63),
      (counted, frozenMs, untold) => {
        const more = { ...(frozenMs === undefined ? {} : { frozenMs }), ...(untold === 0 ? {} : { untold }) };
        const tries = { ...counted, ...more };
        const bytes = encodeTries(tries);
        assert.equal(bytes.length, 45);
        assert.deepEqual(decodeTries(bytes), tries);
      },
    ),
  );
  const tries = { failures: 3, lastFailWallMs: 2 ** 40, lastFailMonotonicMs: 7, damaged: true, frozenMs: 5 };
  assert.equal(
    unhex(encodeTries(tries)),
    "4649524e545259320000000300000100000000000000000000000007030000000000000005331fe0854fcc23eb",
  );
});

test("what the journal has to say of tries is kept up to what the record has room for, and never read as a freeze or damage", () => {
  const many = { failures: 0, lastFailWallMs: 0, lastFailMonotonicMs: 0, damaged: false, untold: 99 };
  assert.deepEqual(decodeTries(encodeTries(many)), { ...many, untold: 63 });
});

test("a record of version 1 is read: it counted tries and knew no freeze", () => {
  assert.deepEqual(
    decodeTries(hex("4649524e545259310000000300000100000000000000000000000007c02c953592f098ab")),
    { failures: 3, lastFailWallMs: 2 ** 40, lastFailMonotonicMs: 7, damaged: false },
  );
});

test("a flipped bit, another length or another file is seen", () => {
  const bytes = encodeTries({ failures: 7, lastFailWallMs: 1, lastFailMonotonicMs: 2, damaged: false });
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const flipped = bytes.slice();
    flipped[bit >> 3]! ^= 128 >> (bit & 7);
    assert.equal(decodeTries(flipped), undefined);
  }
  for (let length = 0; length < bytes.length; length++)
    assert.equal(decodeTries(bytes.slice(0, length)), undefined);
  fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (other) => decodeTries(other) === undefined));
});

test("a damaged record brings the longest wait, once, and never locks the owner out", async () => {
  const store = memoryStore();
  const clock = handClock();
  clock.mono = 5 * HOUR_MS;
  store.blobs.set(TRIES_BLOB, ascii("torn"));
  const tries = await readTries(store, clock);
  assert.ok(tries.damaged);
  assert.equal(waitMs(tries, clock.mono), HOUR_MS);
  await assert.rejects(countTry(store, clock), refusesWith("vault.too-soon"));
  clock.mono += HOUR_MS;
  assert.equal((await countTry(store, clock)).failures, 10);
});

test("a home that never saw a wrong PIN has a record of none and no wait", async () => {
  const tries = await readTries(await newHome(), handClock());
  assert.deepEqual(tries, { failures: 0, lastFailWallMs: 0, lastFailMonotonicMs: 0, damaged: false });
});

test("a record that somebody took away brings the longest wait, and the right PIN ends it", async () => {
  const store = memoryStore();
  const clock = handClock();
  const tries = await readTries(store, clock);
  assert.deepEqual([tries.damaged, waitMs(tries, clock.mono)], [true, HOUR_MS]);
  await assert.rejects(countTry(store, clock), refusesWith("vault.too-soon"));
  clock.mono += HOUR_MS;
  assert.deepEqual((await countTry(store, clock)).damaged, true);
  await clearTries(store);
  assert.equal((await readTries(store, clock)).damaged, false);
});

test("a freeze counts powered-on time alone, starts anew with the machine, and no right PIN ends it", async () => {
  const store = await newHome();
  const clock = handClock();
  clock.mono = 50_000;
  await freeze(store, clock);
  const left = async () => frozenForMs(await readTries(store, clock), 60, clock.mono);
  assert.equal(await left(), 60_000);
  clock.mono += 20_000;
  clock.wall += HOUR_MS;
  assert.equal(await left(), 40_000);
  await countTry(store, clock);
  await clearTries(store);
  assert.equal(await left(), 40_000);
  clock.mono = 100;
  assert.equal(await left(), 60_000);
  clock.mono += 30_000;
  assert.equal(await left(), 30_000);
  assert.equal(frozenForMs(await readTries(store, clock), 0, clock.mono), 0);
  await thaw(store, clock);
  assert.equal(await left(), 0);
});

test("neither a freeze nor its end forgets how many wrong PINs there were, and that their record was lost", async () => {
  const store = await newHome();
  const clock = handClock();
  for (let tries = 0; tries < 3; tries++) await countTry(store, clock);
  const before = await readTries(store, clock);
  await freeze(store, clock);
  assert.deepEqual(await readTries(store, clock), { ...before, frozenMs: clock.mono });
  await thaw(store, clock);
  assert.deepEqual(await readTries(store, clock), before);
  const lost = memoryStore();
  for (const act of [freeze, thaw]) {
    await act(lost, clock);
    assert.equal((await readTries(lost, clock)).damaged, true);
    assert.equal((await readTries(lost, clock)).failures, 9);
  }
});

test("of a freeze that began by another start's clock only the time since this start has passed", () => {
  const tries = { failures: 0, lastFailWallMs: 0, lastFailMonotonicMs: 0, damaged: false, frozenMs: 50_000 };
  assert.equal(frozenForMs(tries, 60, 100), 59_900);
});

test("a second freeze within the first waits its whole time from then on", async () => {
  const store = await newHome();
  const clock = handClock();
  await freeze(store, clock);
  clock.mono += 59_000;
  await freeze(store, clock);
  assert.equal(frozenForMs(await readTries(store, clock), 60, clock.mono), 60_000);
});

test("after the machine was started anew the wait begins again at the first look, and from then on only falls", async () => {
  const store = memoryStore();
  const clock = handClock();
  clock.mono = 50_000;
  await store.replace(
    TRIES_BLOB,
    encodeTries({ failures: 6, lastFailWallMs: 0, lastFailMonotonicMs: 50_000, damaged: false }),
  );
  clock.mono = 1_000;
  let last = Number.POSITIVE_INFINITY;
  for (; clock.mono <= 61_000; clock.mono += 500) {
    const left = waitMs(await readTries(store, clock), clock.mono);
    assert.ok(left <= last, `${left} ms are left at ${clock.mono}, after ${last}`);
    assert.equal(left, Math.max(0, 61_000 - clock.mono));
    last = left;
  }
});
