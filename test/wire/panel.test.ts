import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { CageEnded } from "../../device/wire/panel.ts";
import type { Event, Picture } from "../../src/model.ts";
import { bench, drain } from "./bench.ts";

const PICTURE: Picture = { title: "A", tone: "calm", blocks: [], buttons: {} };
const PSBT = { kind: "psbt", dialect: "ur", bytes: Uint8Array.of(1) } as const;
const WALLET = { kind: "wallet", dialect: "plain", text: "wpkh(...)" } as const;

test("pictures reach the glass in order, each with its number", async () => {
  const { panel, toGlass } = bench();
  panel.show(PICTURE);
  panel.show({ ...PICTURE, title: "B" });
  await turn();
  assert.deepEqual(
    toGlass.map((line) => (line.t === "show" ? [line.seq, line.picture.title] : [])),
    [
      [1, "A"],
      [2, "B"],
    ],
  );
  assert.equal(panel.counts().shown, 2);
});

test("keys arrive in the order in which they were pressed", async () => {
  const { panel, fromGlass } = bench();
  await fromGlass({ t: "press", button: "down" });
  await fromGlass({ t: "char", char: "x" });
  assert.deepEqual(await panel.next({}), { kind: "press", button: "down" });
  assert.deepEqual(await panel.next({}), { kind: "char", char: "x" });
});

test("a descriptor that is pasted arrives whole, and the bound is there again for the next one", async () => {
  const { panel, fromGlass } = bench();
  const pasted = [..."wsh(sortedmulti(2,xpub…))".repeat(30)];
  for (let round = 0; round < 3; round++) {
    for (const char of pasted) await fromGlass({ t: "char", char });
    assert.deepEqual(
      await drain(panel, {}),
      pasted.map((char) => ({ kind: "char", char })),
    );
  }
  assert.equal(panel.counts().droppedKeys, 0);
});

test("the glass tells its size before anything else, and later changes are events", async () => {
  const { panel, fromGlass } = bench();
  assert.deepEqual(panel.size(), { columns: 80, rows: 24 });
  await fromGlass({ t: "size", columns: 120, rows: 50 });
  await panel.ready;
  assert.deepEqual(panel.size(), { columns: 120, rows: 50 });
  await fromGlass({ t: "size", columns: 10, rows: 5 });
  assert.deepEqual(await drain(panel, {}), [{ kind: "resize", size: { columns: 40, rows: 15 } }]);
});

test("the camera runs exactly while a screen wants it", async () => {
  const { panel, toEye } = bench();
  panel.poll({});
  panel.poll({ scan: ["psbt"] });
  panel.poll({ scan: ["psbt"] });
  panel.poll({ scan: ["wallet", "seed"] });
  panel.poll({ scan: [] });
  panel.poll({});
  await turn();
  assert.deepEqual(toEye, [
    { t: "watch", kinds: ["psbt"] },
    { t: "watch", kinds: ["wallet", "seed"] },
    { t: "rest" },
  ]);
});

test("one watch gives one message, and the next wish to scan starts afresh", async () => {
  const { panel, toEye, fromEye } = bench();
  const waiting = panel.next({ scan: ["psbt"] });
  await fromEye({ t: "message", message: PSBT });
  await fromEye({ t: "message", message: PSBT });
  assert.deepEqual(await waiting, { kind: "message", message: PSBT });
  assert.equal(panel.counts().unasked, 1);
  assert.equal(panel.poll({ scan: ["psbt"] }), undefined);
  await turn();
  assert.deepEqual(
    toEye.map(({ t }) => t),
    ["watch", "rest", "watch"],
  );
});

test("a message that waits is not delivered to a screen that wants none, or another kind", async () => {
  for (const wants of [{}, { scan: ["wallet"] as const }]) {
    const { panel, fromEye } = bench();
    panel.poll({ scan: ["psbt"] });
    await fromEye({ t: "message", message: PSBT });
    assert.equal(panel.poll(wants), undefined);
    assert.equal(panel.counts().unasked, 1);
  }
});

test("a screen that wants chance is given pixels, and no message that the eye makes up", async () => {
  const { panel, toEye, fromEye } = bench();
  panel.poll({ scan: ["chance"] });
  await fromEye({ t: "message", message: PSBT });
  const preview = { width: 2, height: 1, luma: Uint8Array.of(7, 9) };
  await fromEye({ t: "preview", ...preview });
  assert.deepEqual(await panel.next({ scan: ["chance"] }), { kind: "preview", ...preview });
  assert.equal(panel.counts().unasked, 1);
  await fromEye({ t: "preview", ...preview });
  assert.equal(panel.poll({ scan: ["seed"] }), undefined);
  await turn();
  assert.deepEqual(toEye, [
    { t: "watch", kinds: ["chance"] },
    { t: "watch", kinds: ["seed"] },
  ]);
});

test("progress seen for one screen is not told to another", async () => {
  const { panel, fromEye } = bench();
  panel.poll({ scan: ["psbt"] });
  await fromEye({ t: "progress", dialect: "ur", have: 1, total: 2, map: "#." });
  assert.equal(panel.poll({ scan: ["wallet"] }), undefined);
});

test("of progress, previews, misses and sizes only the newest waits", async () => {
  const { panel, fromEye, fromGlass } = bench();
  panel.poll({ scan: ["psbt"] });
  for (let have = 1; have <= 100; have++) {
    await fromEye({ t: "progress", dialect: "ur", have, total: 100, map: "" });
    await fromEye({ t: "preview", width: 1, height: 1, luma: Uint8Array.of(have) });
    await fromEye({ t: "unread", reason: have === 100 ? "transport.mixed" : "transport.unknown" });
    await fromGlass({ t: "size", columns: 80 + have, rows: 24 });
  }
  const events = await drain(panel, { scan: ["psbt"] });
  assert.deepEqual(events, [
    { kind: "progress", progress: { dialect: "ur", have: 100, total: 100, map: "" } },
    { kind: "preview", width: 1, height: 1, luma: Uint8Array.of(100) },
    { kind: "unread", reason: "transport.mixed" },
    { kind: "resize", size: { columns: 180, rows: 24 } },
  ]);
});

test("ticks come at their pace, and only to screens that want them", async () => {
  const { panel, pass } = bench();
  const events: Event[] = [];
  const take = (event: Event): void => {
    events.push(event);
  };
  const first = panel.next({ tickMs: 100 }).then(take);
  await pass(99);
  assert.deepEqual(events, []);
  await pass(1);
  await first;
  assert.deepEqual(events, [{ kind: "tick" }]);
  assert.equal(panel.poll({ tickMs: 100 }), undefined);
  await pass(1000);
  assert.equal(panel.poll({}), undefined);
});

test("a screen that draws slowly still hears keys between its ticks", async () => {
  const { panel, pass, fromGlass } = bench();
  panel.poll({ tickMs: 100 });
  for (let i = 0; i < 3; i++) await fromGlass({ t: "press", button: "back" });
  const kinds: string[] = [];
  for (let i = 0; i < 6; i++) {
    await pass(250);
    kinds.push((await panel.next({ tickMs: 100 })).kind);
  }
  assert.deepEqual(kinds, ["tick", "press", "tick", "press", "tick", "press"]);
});

test("without a key for the idle time an idle event comes, once for each such time", async () => {
  const { panel, pass, fromGlass } = bench(60_000);
  await pass(59_000);
  await fromGlass({ t: "press", button: "ok" });
  assert.deepEqual(await panel.next({}), { kind: "press", button: "ok" });
  const idle = panel.next({});
  await pass(60_000);
  assert.deepEqual(await idle, { kind: "idle" });
  assert.equal(panel.poll({}), undefined);
});

test("a screen that shows or reads a code is never idle, and the time starts when it ends", async () => {
  const { panel, pass } = bench(60_000);
  assert.equal(panel.poll({ awake: true }), undefined);
  await pass(600_000);
  assert.equal(panel.poll({ awake: true }), undefined);
  await pass(59_999);
  assert.equal(panel.poll({}), undefined);
  await pass(1);
  assert.deepEqual(panel.poll({}), { kind: "idle" });
});

test("what the camera says does not keep a screen from becoming idle", async () => {
  const { panel, pass, fromEye } = bench(60_000);
  const events: Event[] = [];
  for (let i = 0; i < 7; i++) {
    events.push(...(await drain(panel, { scan: ["psbt"] })));
    await pass(10_000);
    await fromEye({ t: "unread", reason: "transport.unknown" });
  }
  assert.equal(events.filter((event) => event.kind === "idle").length, 1);
});

test("whoever plays the machine learns when Firn waits, and of each line that changed nothing", async () => {
  const { panel, fromEye, fromGlass } = bench();
  const reports: string[] = [];
  panel.onWaiting(({ shown, fromGlass: keys, fromEye: sights }) =>
    reports.push(`${shown} ${keys} ${sights}`),
  );
  panel.show(PICTURE);
  await fromGlass({ t: "press", button: "ok" });
  assert.deepEqual(reports, []);
  assert.deepEqual(await panel.next({}), { kind: "press", button: "ok" });
  assert.deepEqual(reports, []);
  const waiting = panel.next({});
  assert.deepEqual(reports, ["1 1 0"]);
  await fromEye({ t: "unread", reason: "transport.unknown" });
  assert.deepEqual(reports, ["1 1 0", "1 1 1"]);
  await fromGlass({ t: "press", button: "ok" });
  await waiting;
  assert.deepEqual(reports, ["1 1 0", "1 1 1"]);
});

test("no timer is left when a wait is over", async () => {
  const { panel, fromGlass, timers } = bench();
  const waiting = panel.next({ tickMs: 100 });
  assert.equal(timers(), 1);
  await fromGlass({ t: "press", button: "ok" });
  await waiting;
  assert.equal(timers(), 0);
});

test("a cage that goes away ends the wait, and the other cage", async () => {
  for (const which of ["eye", "glass"] as const) {
    const { panel, closeEye, closeGlass, cageEnds, timers } = bench();
    const waiting = panel.next({ tickMs: 5 });
    await Promise.all([
      assert.rejects(
        waiting,
        (error) => error instanceof CageEnded && error.cage === which && error.why === "closed",
      ),
      which === "eye" ? closeEye() : closeGlass(),
    ]);
    await turn();
    assert.deepEqual(cageEnds, ["closed"]);
    await assert.rejects(panel.next({}), CageEnded);
    assert.throws(() => panel.poll({}), CageEnded);
    await assert.rejects(panel.ready, CageEnded);
    panel.show(PICTURE);
    assert.equal(timers(), 0);
  }
});

test("the orderly end tells both cages and is no error", async () => {
  const { panel, cageEnds } = bench();
  panel.close();
  await turn();
  assert.deepEqual(cageEnds, ["closed", "closed"]);
});

test("two waits at once are a bug", async () => {
  const { panel } = bench();
  void panel.next({});
  assert.throws(() => panel.next({}), /two waits/);
  assert.throws(() => panel.poll({}), /two waits/);
});

test("the kinds that are wanted decide, not the order in which messages came", async () => {
  const { panel, fromEye } = bench();
  panel.poll({ scan: ["wallet"] });
  await fromEye({ t: "message", message: PSBT });
  await fromEye({ t: "message", message: WALLET });
  assert.deepEqual(panel.poll({ scan: ["wallet"] }), { kind: "message", message: WALLET });
  assert.equal(panel.counts().unasked, 1);
});
