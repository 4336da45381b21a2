// A camera that is a program, with real ones: good, slow, broken and hostile.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import type { CameraSource } from "../../device/boards/board.ts";
import { Feed } from "../../device/eye/feed.ts";
import type { Patience } from "../../device/eye/source.ts";
import type { Frame } from "../../src/qr/frame.ts";
import { type Behaviour, BRISK, camera, HASTY, journal, numberOf, SMALL } from "./fake-camera.ts";
import { folder } from "./support.ts";

/** What came of a camera: numbers of frames, troubles as they changed, complaints. */
function seen(source: CameraSource, patience: Patience = BRISK) {
  const complaints: string[] = [];
  const feed = new Feed(source, (text) => complaints.push(text), patience);
  const numbers: number[] = [];
  const troubles: (string | undefined)[] = [];
  const steps = {
    frame: (frame: Frame) => numbers.push(numberOf(frame)),
    holds: () => false,
    trouble: (reason: string | undefined) => troubles.push(reason),
  };
  return { feed, numbers, troubles, complaints, start: () => feed.start(steps) };
}

/** Waits for what must come; whatever is late fails by the test's own time. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await pause(5);
}

/** Runs `use` on a camera of its own that ends with it. */
async function watched(
  behaviour: Partial<Behaviour>,
  use: (watched: ReturnType<typeof seen>) => Promise<void>,
  patience?: Patience,
): Promise<void> {
  const all = seen(camera(behaviour), patience);
  try {
    await use(all);
  } finally {
    all.feed.close();
  }
}

const running = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

test("a program runs while frames are wanted, gives each in its order, and is ended with the wish", async () => {
  const runs = journal();
  await watched({ journal: runs.path }, async ({ feed, numbers, troubles, start }) => {
    start();
    await until(() => numbers.length >= 5);
    assert.ok(running(runs.pid()));
    feed.stop();
    const count = numbers.length;
    await until(() => !running(runs.pid()));
    assert.equal(numbers.length, count);
    assert.deepEqual(numbers, [...numbers.keys()]);
    assert.deepEqual(troubles, [undefined]);
    assert.deepEqual(runs.lines(), ["began"]);
  });
});

test("frames of two bytes a pixel come as brightness alone", async () => {
  const frame = { width: 64, height: 48, frameBytes: 64 * 48 * 2, layout: "interleaved" } as const;
  await watched({ frame }, async ({ numbers, start }) => {
    start();
    await until(() => numbers.length >= 3);
    assert.deepEqual(numbers.slice(0, 3), [0, 1, 2]);
  });
});

test("watch, rest, watch at once: one program after the other, never two, and the second one's frames alone", async () => {
  const runs = journal();
  await watched({ journal: runs.path, perSecond: 100 }, async ({ feed, numbers, start }) => {
    for (let round = 1; round <= 4; round++) {
      start();
      const before = numbers.length;
      await until(() => numbers.length >= before + 3);
      // Each program counts from zero.
      assert.deepEqual(numbers.slice(before, before + 3), [0, 1, 2]);
      feed.stop();
      if (round % 2 === 0) await pause(20);
    }
    assert.deepEqual(runs.lines(), ["began", "began", "began", "began"]);
  });
});

test("a program that does not heed SIGTERM is killed, and another waits for its end", async () => {
  const runs = journal();
  await watched({ journal: runs.path, stubborn: true }, async ({ feed, numbers, start }) => {
    start();
    await until(() => numbers.length > 0);
    const first = runs.pid();
    feed.stop();
    start();
    await until(() => runs.lines().length === 2);
    assert.ok(!running(first));
    assert.deepEqual(runs.lines(), ["began", "began"]);
  });
});

test("a program that was ended before it could begin leaves nothing behind", async () => {
  const runs = journal();
  await watched({ journal: runs.path }, async ({ feed, numbers, troubles, start }) => {
    for (let i = 0; i < 5; i++) {
      start();
      feed.stop();
    }
    await pause(300);
    assert.deepEqual(numbers, []);
    assert.ok(troubles.every((reason) => reason === undefined));
  });
  assert.equal(process.getActiveResourcesInfo().filter((name) => name === "Timeout").length, 0);
});

test("a program that is not there is said to be so, once, and is looked for again", async () => {
  const missing: CameraSource = {
    kind: "command",
    command: ["/nowhere/rpicam-vid", "-o", "-"],
    frame: SMALL,
  };
  const { feed, troubles, complaints, start } = seen(missing);
  start();
  await pause(4 * BRISK.againMs);
  assert.deepEqual(troubles, [undefined, "transport.camera-program"]);
  assert.deepEqual(complaints, ["/nowhere/rpicam-vid could not be started: ENOENT"]);
  feed.close();
});

test("a program that ends before its first frame is no camera: it is tried again calmly, and complains once", async () => {
  const runs = journal();
  const says = Buffer.from("looking\n\u001b[31mERROR: *** no cameras available ***\u0007\n").toString(
    "base64",
  );
  await watched(
    { frames: 0, ends: 255, says, journal: runs.path },
    async ({ troubles, complaints, start }) => {
      start();
      await until(() => runs.lines().length >= 3);
      assert.deepEqual(troubles, [undefined, "transport.no-camera"]);
      assert.equal(complaints.length, 1);
      assert.match(
        complaints[0]!,
        /ended \(exit code 255\): \[31mERROR: \*\*\* no cameras available \*\*\*$/,
      );
      assert.deepEqual(new Set(runs.lines()), new Set(["began"]));
    },
  );
});

test("a camera that is plugged in while it is wanted begins to give frames by itself", async () => {
  const needs = join(folder(), "cable");
  await watched({ needs }, async ({ numbers, troubles, start }) => {
    start();
    await until(() => troubles.length >= 2);
    assert.deepEqual(numbers, []);
    writeFileSync(needs, "");
    await until(() => numbers.length > 0);
    assert.deepEqual(troubles, [undefined, "transport.no-camera", undefined]);
  });
});

test("a camera that sends JPEG whatever was asked for is named, and gives no frame", async () => {
  const plays = join(folder(), "film");
  writeFileSync(
    plays,
    Buffer.concat([Buffer.of(0xff, 0xd8, 0xff, 0xe0), Buffer.alloc(SMALL.frameBytes - 4, 9)]),
  );
  await watched({ plays }, async ({ numbers, troubles, start }) => {
    start();
    await until(() => troubles.length >= 2);
    await pause(3 * BRISK.againMs);
    assert.deepEqual([numbers, troubles], [[], [undefined, "transport.camera-format"]]);
  });
});

test("a program that ends later has stopped: half a frame is dropped, it is started again and well again", async () => {
  await watched({ frames: 4, half: true, ends: 0, perSecond: 200 }, async ({ numbers, troubles, start }) => {
    start();
    await until(() => numbers.length >= 8);
    assert.deepEqual(numbers.slice(0, 8), [0, 1, 2, 3, 0, 1, 2, 3]);
    assert.deepEqual(troubles.slice(0, 3), [undefined, "transport.camera-stopped", undefined]);
  });
});

test("a program that says nothing is called silent, and in the end is ended and started again", async () => {
  const runs = journal();
  await watched(
    { frames: 0, journal: runs.path },
    async ({ troubles, start }) => {
      start();
      await until(() => troubles.length >= 2);
      assert.ok(runs.lines().length <= 1);
      await until(() => runs.lines().length >= 2);
      assert.deepEqual(troubles, [undefined, "transport.camera-silent"]);
      assert.deepEqual(new Set(runs.lines()), new Set(["began"]));
    },
    HASTY,
  );
});

test("a program that was silent and speaks is well again, and was not ended for it", async () => {
  const runs = journal();
  const slow = { perSecond: 1.5, journal: runs.path };
  await watched(
    slow,
    async ({ numbers, troubles, start }) => {
      start();
      await until(() => numbers.length >= 3);
      assert.ok(troubles.includes("transport.camera-silent"));
      assert.equal(troubles.at(-1), undefined);
      assert.deepEqual(runs.lines(), ["began"]);
    },
    { ...HASTY, hungMs: 20_000 },
  );
});

test("half a frame and then silence is silence, not a frame", async () => {
  await watched(
    { frames: 0, half: true },
    async ({ numbers, troubles, start }) => {
      start();
      await until(() => troubles.length >= 2);
      assert.deepEqual([numbers, troubles[1]], [[], "transport.camera-silent"]);
    },
    HASTY,
  );
});

test("megabytes on its error output stop nothing, and of them one short printable line is kept", async () => {
  await watched({ babbles: 100, frames: 3, ends: 1 }, async ({ numbers, troubles, complaints, start }) => {
    start();
    await until(() => troubles.length >= 2);
    assert.deepEqual(numbers.slice(0, 3), [0, 1, 2]);
    assert.equal(complaints.length, 1);
    assert.ok(complaints[0]!.length < 1000 && /^[ -~]*$/.test(complaints[0]!));
  });
});

test("complaints that are all different come to an end", async () => {
  const program = "setTimeout(() => { console.error(process.hrtime.bigint()); process.exit(1) })";
  const source: CameraSource = { kind: "command", command: [process.execPath, "-e", program], frame: SMALL };
  const { feed, complaints, start } = seen(source, { ...BRISK, againMs: 1 });
  start();
  await until(() => complaints.length === 20);
  await pause(300);
  assert.equal(complaints.length, 20);
  feed.close();
});

test("what still holds a program's pipe after its end is not waited for", async () => {
  // The shell ends at once; what it started holds its output open.
  const source: CameraSource = {
    kind: "command",
    command: ["/bin/sh", "-c", "sleep 3 & exit 3"],
    frame: SMALL,
  };
  const { feed, troubles, start } = seen(source);
  const began = performance.now();
  start();
  await until(() => troubles.length >= 2);
  assert.equal(troubles[1], "transport.no-camera");
  assert.ok(performance.now() - began < 2500);
  feed.close();
});

test("without steps the camera begins, and its frames go nowhere; trouble from then is told later", async () => {
  const { feed, numbers, troubles, start } = seen(camera({ frames: 0, ends: 1 }), {
    ...HASTY,
    againMs: 60_000,
  });
  feed.start();
  await pause(500);
  assert.deepEqual(troubles, []);
  start();
  assert.deepEqual([numbers, troubles], [[], ["transport.no-camera"]]);
  feed.close();
});
