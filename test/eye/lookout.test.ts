// A board's camera from its program to Firn's pipe: what is said, what is counted, and that the newest frame wins.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import type { CameraSource, FrameShape } from "../../device/boards/board.ts";
import type { Decoders } from "../../device/eye/decoders.ts";
import { Feed } from "../../device/eye/feed.ts";
import { Live } from "../../device/eye/live.ts";
import { joinFeed } from "../../device/eye/lookout.ts";
import { openDecoders } from "../../device/eye/open.ts";
import type { Patience } from "../../device/eye/source.ts";
import type { Answer, Task } from "../../device/eye/worker.ts";
import type { FromEye } from "../../device/wire/lines.ts";
import type { Message, Sight } from "../../src/model.ts";
import { drawCode } from "../../src/qr/draw.ts";
import type { Frame } from "../../src/qr/frame.ts";
import { split } from "../../src/transport/index.ts";
import { shoot } from "../pictures.ts";
import { BRISK, camera, HASTY, journal, numberOf, SMALL } from "./fake-camera.ts";
import { fakeDecoders, folder, pipe, psbt } from "./support.ts";

/** An eye on that camera; `ended` when the test has. */
async function eyed(
  source: CameraSource,
  use: (firn: ReturnType<typeof pipe>) => Promise<void>,
  { kinds = ["psbt"], decoders = missing(), patience = BRISK }: Partial<Options> = {},
): Promise<void> {
  const firn = pipe(kinds);
  const eye = joinFeed(firn.eye, new Feed(source, () => {}, patience), decoders);
  try {
    await use(firn);
  } finally {
    await eye.close();
  }
}

interface Options {
  readonly kinds: readonly Sight[];
  readonly decoders: Decoders;
  readonly patience: Patience;
}

/** Decoders that read nothing, each frame in so many ms. */
const missing = (ms = 1, looked: (task: Task) => void = () => {}) =>
  fakeDecoders(async (task): Promise<Answer> => {
    looked(task);
    await pause(ms);
    return { t: "missed", cpuMs: ms };
  });

const told = (lines: readonly FromEye[]) =>
  lines.flatMap((line) => (line.t === "camera" ? [line.trouble ?? "well"] : []));

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await pause(5);
}

// ---------------------------------------------------------------- from code to message

/** The message's codes as a camera would see them, one frame after the other: a file for a program to play. */
function film(message: ReturnType<typeof psbt>, dialect: "ur" | "bbqr", shape: FrameShape): string {
  const loop = split(message, { dialect, density: "medium" });
  const { width, height, frameBytes, layout } = shape;
  const frames = loop.texts.map((text, seed) => {
    const code = drawCode(text, loop);
    const modulePixels = (0.7 * height) / code.size;
    const { luma } = shoot(code, { width, height, modulePixels, blur: 0.6, noise: 6, tiltX: 0.1, seed });
    const bytes = new Uint8Array(frameBytes).fill(128);
    if (layout === "planar") bytes.set(luma);
    else for (const [at, value] of luma.entries()) bytes[2 * at] = value;
    return bytes;
  });
  const path = join(folder(), "film");
  writeFileSync(path, Buffer.concat(frames));
  return path;
}

const VGA = { width: 640, height: 480 } as const;
const STREAMS: Record<string, FrameShape> = {
  "YUV420 at 640×480, as a CSI camera gives it": { ...VGA, frameBytes: 460_800, layout: "planar" },
  "YUYV at 640×480, as a USB camera gives it": { ...VGA, frameBytes: 614_400, layout: "interleaved" },
};
for (const [name, frame] of Object.entries(STREAMS))
  for (const dialect of ["ur", "bbqr"] as const)
    test(`an animated ${dialect} code in ${name}, becomes the message, twice`, async () => {
      const message = psbt(1500);
      const plays = film(message, dialect, frame);
      const runs = journal();
      const source = camera({ frame, plays, perSecond: 15, journal: runs.path });
      await eyed(
        source,
        async (firn) => {
          for (let round = 0; round < 2; round++) {
            const read = firn.until("message");
            firn.watch();
            await read;
          }
          const found = firn.lines.flatMap((line): Message[] => (line.t === "message" ? [line.message] : []));
          for (const one of found) assert.deepEqual(one.kind === "psbt" && one.bytes, message.bytes);
          assert.ok(firn.lines.some((line) => line.t === "preview" && line.width <= 160));
          assert.deepEqual(told(firn.lines), []);
          // With the message the watch is over, and the camera with it.
          assert.deepEqual(runs.lines(), ["began", "began"]);
        },
        { decoders: openDecoders() },
      );
    });

// ---------------------------------------------------------------- a flood

test("of a flood a slow decoder gets the newest frame, whole, and memory does not grow", async () => {
  const frame: FrameShape = { width: 320, height: 240, frameBytes: 320 * 240, layout: "planar" };
  let newest = -1;
  const looks: { readonly number: number; readonly newest: number }[] = [];
  const live = new Live(
    missing(100, (task) => {
      assert.ok(task.t === "decode");
      // While one is looked at it is not written over.
      const number = numberOf(task.frame);
      // Its inverted look is another one at the same frame.
      if (task.rung.look === "plain") looks.push({ number, newest });
      setTimeout(() => assert.equal(numberOf(task.frame), number), 95);
    }),
    { read: () => {}, frame: () => {} },
  );
  const feed = new Feed(camera({ frame, perSecond: 200 }), undefined, BRISK);
  const steps = {
    frame(one: Frame) {
      const number = numberOf(one);
      assert.equal(number, newest + 1);
      newest = number;
      live.offer(one);
    },
    holds: (one: Frame) => live.holds(one),
    trouble: () => {},
  };
  feed.start(steps);
  await until(() => newest >= 100);
  const { rss } = process.memoryUsage();
  await until(() => newest >= 800);
  const grown = process.memoryUsage().rss - rss;
  feed.close();
  await live.idle();
  assert.ok(looks.length >= 10 && looks.length < 200, `${looks.length} looks`);
  assert.deepEqual(
    looks.filter((look) => look.number !== look.newest),
    [],
  );
  // 700 frames were 54 MB.
  assert.ok(grown < 16 * 1024 * 1024, `${grown} bytes more`);
});

test("a program that writes as fast as it can keeps nobody else waiting", async () => {
  const frame: FrameShape = { width: 320, height: 240, frameBytes: 320 * 240, layout: "planar" };
  await eyed(camera({ frame, perSecond: 100_000 }), async (firn) => {
    firn.watch();
    await firn.until("preview");
    let longest = 0;
    let last = performance.now();
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 1);
    await pause(1000);
    clearInterval(timer);
    assert.ok(longest < 200, `${longest} ms`);
    firn.rest();
  });
});

// ---------------------------------------------------------------- chance and pace

test("for chance each frame comes as its middle, pixel for pixel, and no decoder is asked", async () => {
  const decoders = fakeDecoders(() => {
    throw new Error("a decoder was asked");
  });
  await eyed(
    camera({ perSecond: 100 }),
    async (firn) => {
      firn.watch();
      await until(() => firn.lines.length >= 5);
      firn.rest();
      for (const [at, line] of firn.lines.entries()) {
        assert.ok(line.t === "preview");
        assert.equal(numberOf(line), at);
      }
    },
    { kinds: ["chance"], decoders },
  );
});

test("the pace is told once a second: frames that came, frames that were looked at; what is read is not", async () => {
  const decoders = fakeDecoders(async (): Promise<Answer> => {
    await pause(50);
    return { t: "read", read: { text: "A CODE", bytes: new Uint8Array(6) }, cpuMs: 20 };
  });
  await eyed(
    camera({ perSecond: 50 }),
    async (firn) => {
      firn.watch();
      const paces = () => firn.lines.flatMap((line) => (line.t === "pace" ? [line] : []));
      await until(() => paces().length >= 3);
      firn.rest();
      const [first, , third] = paces();
      const ms = third!.ms - first!.ms;
      assert.ok(first!.ms >= 1000 && ms >= 1900, `${first!.ms} and ${ms} ms`);
      // Of 50 that came a second hardly 20 could be looked at.
      const came = (1000 * (third!.frames - first!.frames)) / ms;
      const looked = (1000 * (third!.looked - first!.looked)) / ms;
      assert.ok(came > 25 && came < 60, `${came} a second came`);
      assert.ok(looked > 5 && looked < 21, `${looked} a second were looked at`);
      assert.ok(firn.lines.some(({ t }) => t === "preview"));
      assert.ok(firn.lines.every(({ t }) => t === "preview" || t === "pace"));
      // Each watch counts for itself.
      firn.lines.length = 0;
      firn.watch();
      await until(() => paces().length >= 1);
      assert.ok(paces()[0]!.ms < 2500 && paces()[0]!.frames < 150);
    },
    { kinds: ["pace"], decoders },
  );
});

// ---------------------------------------------------------------- what is wrong

test("a camera that is not there is said at each watch, once, and taken back when it gives a frame", async () => {
  const needs = join(folder(), "cable");
  await eyed(camera({ needs }), async (firn) => {
    for (let round = 1; round <= 2; round++) {
      firn.watch();
      await until(() => told(firn.lines).length >= round);
      await pause(4 * BRISK.againMs);
      assert.deepEqual(
        told(firn.lines),
        Array.from({ length: round }, () => "transport.no-camera"),
      );
      firn.rest();
    }
    firn.watch();
    await until(() => told(firn.lines).length >= 3);
    writeFileSync(needs, "");
    await until(() => told(firn.lines).length >= 4);
    assert.equal(told(firn.lines).at(-1), "well");
    await firn.until("preview");
  });
});

test("for chance and for the pace a camera's silence is said as well", async () => {
  for (const kinds of [["chance"], ["pace"]] as const)
    await eyed(
      camera({ frames: 0 }),
      async (firn) => {
        firn.watch();
        await until(() => told(firn.lines).length >= 1);
        assert.deepEqual(told(firn.lines), ["transport.camera-silent"]);
      },
      { kinds, patience: HASTY },
    );
});

/** A film of one grey, so bright, with a little noise. */
function grey(bright: number): string {
  const path = join(folder(), "film");
  const bytes = Uint8Array.from({ length: 10 * SMALL.frameBytes }, (_, at) => bright + ((at * 7919) % 5));
  writeFileSync(path, bytes);
  return path;
}

test("darkness is said while it lasts, with pictures going on, and not where chance is wanted", async () => {
  const plays = grey(10);
  await eyed(camera({ plays, perSecond: 20 }), async (firn) => {
    firn.watch();
    await until(() => told(firn.lines).length >= 1);
    assert.deepEqual(told(firn.lines), ["transport.camera-dark"]);
    const before = firn.lines.length;
    await until(() => firn.lines.length >= before + 3);
    assert.ok(firn.lines.slice(before).every(({ t }) => t === "preview"));
  });
  await eyed(
    camera({ plays, perSecond: 20 }),
    async (firn) => {
      firn.watch();
      await pause(3000);
      assert.deepEqual(told(firn.lines), []);
    },
    { kinds: ["chance"] },
  );
});

test("a watch that follows another at once keeps the camera, and what the first one's decoder says is nobody's", async () => {
  let answer = (_: Answer) => {};
  let asked = 0;
  const decoders = fakeDecoders(
    () =>
      new Promise<Answer>((done) => {
        asked++;
        answer = done;
      }),
  );
  const runs = journal();
  const bytes = new TextEncoder().encode("B$broken");
  const read: Answer = { t: "read", read: { text: "B$broken", bytes }, cpuMs: 1 };
  await eyed(
    camera({ journal: runs.path }),
    async (firn) => {
      firn.watch();
      // The first is the decoder's warming up.
      await until(() => asked === 1);
      answer({ t: "missed", cpuMs: 1 });
      await until(() => asked >= 2);
      const older = answer;
      firn.watch();
      await until(() => asked >= 4);
      older(read);
      await pause(50);
      assert.ok(firn.lines.every(({ t }) => t === "preview"));
      const newer = answer;
      newer(read);
      await until(() => firn.lines.some(({ t }) => t === "unread"));
      assert.deepEqual(runs.lines(), ["began"]);
    },
    { decoders },
  );
});
