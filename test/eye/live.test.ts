import assert from "node:assert/strict";
import { test } from "node:test";
import { Live } from "../../device/eye/live.ts";
import { openDecoders } from "../../device/eye/open.ts";
import type { Answer, Task } from "../../device/eye/worker.ts";
import type { Read } from "../../src/model.ts";
import { drawCode, paint } from "../../src/qr/draw.ts";
import { type Frame, inverted } from "../../src/qr/frame.ts";
import { utf8 } from "../../src/text.ts";
import { fakeDecoders } from "./support.ts";

/** A frame that fakes tell apart by its width. */
const frame = (width: number): Frame => ({ width, height: 1, luma: new Uint8Array(width) });
const read = (text: string): Answer => ({ t: "read", read: { text, bytes: utf8(text) }, cpuMs: 2 });
const missed = (cpuMs: number): Answer => ({ t: "missed", cpuMs });
const looked = (task: Task) => (task.t === "decode" ? `${task.rung.look} ${task.frame.width}` : "open");

test("only the newest frame is looked at: what came while the decoder was busy gives way", async () => {
  const looks: string[] = [];
  let go = () => {};
  const live = new Live(
    fakeDecoders(async (task) => {
      looks.push(looked(task));
      if (looks.length === 1) await new Promise<void>((done) => (go = done));
      return read("x");
    }),
    { read: () => {}, frame: () => {} },
  );
  live.offer(frame(1));
  await Promise.resolve();
  for (const width of [2, 3, 4]) live.offer(frame(width));
  go();
  await live.idle();
  assert.deepEqual(looks, ["plain 1", "plain 4"]);
});

test("jsqr sees zxing's misses only, one at a time, alternately plain and on the mean, within its credit", async () => {
  const seconds: string[] = [];
  const limits: number[] = [];
  const texts: string[] = [];
  let inFlight = 0;
  let go = () => {};
  const live = new Live(
    fakeDecoders(
      (task) => (looked(task).endsWith(" 1") ? read("first") : missed(100)),
      async (task, mostMs) => {
        assert.equal(++inFlight, 1);
        seconds.push(looked(task));
        limits.push(mostMs);
        await new Promise<void>((done) => (go = done));
        inFlight--;
        return read("second");
      },
    ),
    { read: ({ text }: Read) => texts.push(text), frame: () => {} },
  );
  const show = async (width: number) => {
    live.offer(frame(width));
    await live.answered();
  };
  for (let i = 0; i < 40; i++) await show(1);
  assert.deepEqual(seconds, []);
  for (let i = 0; i < 8; i++) await show(2);
  assert.deepEqual(seconds, ["plain 2"]);
  go();
  await live.idle();
  await show(3);
  assert.deepEqual(seconds, ["plain 2", "mean 3"]);
  go();
  await live.idle();
  assert.equal(texts.filter((text) => text === "second").length, 2);
  // 40 reads at 2 ms and one miss at 100: nothing else was earned when jsqr began.
  assert.ok(limits[0]! <= 0.3 * (40 * 2 + 8 * 100));
});

test("a look that outlives its credit is given up and paid for before the next", async () => {
  const limits: number[] = [];
  const live = new Live(
    fakeDecoders(
      () => missed(100),
      (_, mostMs) => {
        limits.push(mostMs);
        return "lost";
      },
    ),
    { read: () => {}, frame: () => {} },
  );
  for (let i = 0; i < 60; i++) {
    live.offer(frame(1));
    await live.idle();
    const { firstMs, restMs } = live.effort;
    // The inverted looks (a fourth of the frames) stand in the rest as well.
    assert.ok(restMs <= 0.3 * firstMs + 100);
  }
  assert.ok(limits.length >= 2 && limits.length < 15, `${limits.length} looks`);
});

test("frames over which zxing's thread was lost are told as such", async () => {
  const told: boolean[] = [];
  const answers = ["lost", missed(1), "lost"] as const;
  let at = 0;
  const live = new Live(
    fakeDecoders(() => answers[at++]!),
    { read: () => {}, frame: (lost) => told.push(lost) },
  );
  for (let i = 0; i < 3; i++) {
    live.offer(frame(1));
    await live.idle();
  }
  assert.deepEqual(told, [true, false, true]);
});

test("with real threads a plain code is read at once, and an inverted one within four frames", async () => {
  const code = paint(drawCode("LIVE", { version: 1, level: "L", mode: "alphanumeric" }), 6);
  for (const [look, most] of [
    [code, 1],
    [inverted(code), 4],
  ] as const) {
    const decoders = openDecoders();
    const texts: string[] = [];
    const live = new Live(decoders, { read: ({ text }: Read) => texts.push(text), frame: () => {} });
    try {
      for (let i = 0; i < most; i++) {
        live.offer(look);
        await live.idle();
      }
      assert.deepEqual(texts, ["LIVE"]);
    } finally {
      await decoders.close();
    }
  }
});

test("without wasm live frames are jsqr's alone, inverted ones too", async () => {
  const code = paint(drawCode("ALONE", { version: 1, level: "L", mode: "alphanumeric" }), 6);
  const decoders = openDecoders(new Uint8Array(10));
  const texts: string[] = [];
  const live = new Live(decoders, { read: ({ text }: Read) => texts.push(text), frame: () => {} });
  try {
    for (let i = 0; i < 6; i++) {
      live.offer(inverted(code));
      await live.idle();
    }
    assert.ok(texts.includes("ALONE"));
    assert.equal(decoders.withZxing, false);
  } finally {
    await decoders.close();
  }
});
