// A camera that is a device file, played by a named pipe.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { closeSync, constants, openSync, renameSync, unlinkSync, writeSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { Feed } from "../../device/eye/feed.ts";
import type { Patience } from "../../device/eye/source.ts";
import type { Frame } from "../../src/qr/frame.ts";
import { BRISK, HASTY, numberOf, SMALL } from "./fake-camera.ts";
import { folder } from "./support.ts";

const BYTES = SMALL.frameBytes;

function numbered(number: number): Uint8Array {
  const luma = new Uint8Array(BYTES).fill(number % 251);
  new DataView(luma.buffer).setUint32(0, number);
  return luma;
}

function pipeFile(): string {
  const path = join(folder(), "camera");
  execFileSync("mkfifo", [path]);
  return path;
}

/** A feed on that file; `frames` come while they are wanted. */
function seen(path: string, patience: Patience = BRISK) {
  const complaints: string[] = [];
  const feed = new Feed({ kind: "port", path, frame: SMALL }, (text) => complaints.push(text), patience);
  const numbers: number[] = [];
  const troubles: (string | undefined)[] = [];
  const steps = {
    frame: (frame: Frame) => numbers.push(numberOf(frame)),
    holds: () => false,
    trouble: (reason: string | undefined) => troubles.push(reason),
  };
  return { feed, numbers, troubles, complaints, start: () => feed.start(steps) };
}

/** The other end of the pipe. */
function writer(path: string) {
  const file = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  return { write: (bytes: Uint8Array) => writeSync(file, bytes), close: () => closeSync(file) };
}

/** A full pipe refuses. */
async function writeAll(to: ReturnType<typeof writer>, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += to.write(bytes.subarray(at));
    } catch {
      await pause(1);
    }
  }
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await pause(5);
}

test("a device is drained while nobody watches, and its frames are then nobody's", async () => {
  const path = pipeFile();
  const { feed, numbers, start } = seen(path);
  const camera = writer(path);
  // Far more than a pipe holds: who does not read would never let this end.
  for (let number = 0; number < 100; number++) await writeAll(camera, numbered(number));
  await pause(300);
  assert.deepEqual(numbers, []);
  start();
  await writeAll(camera, numbered(100));
  await until(() => numbers.length > 0);
  feed.stop();
  await writeAll(camera, numbered(101));
  await pause(300);
  start();
  await writeAll(camera, numbered(102));
  await until(() => numbers.length > 1);
  assert.deepEqual(numbers, [100, 102]);
  feed.close();
  camera.close();
});

test("a device is opened once, however often it is watched", async () => {
  const path = pipeFile();
  const { feed, numbers, start } = seen(path);
  const camera = writer(path);
  // Who opened it a second time would find nothing under this name.
  unlinkSync(path);
  for (let round = 0; round < 5; round++) {
    start();
    await writeAll(camera, numbered(round));
    await until(() => numbers.length > round);
    feed.stop();
  }
  assert.deepEqual(numbers, [0, 1, 2, 3, 4]);
  feed.close();
  camera.close();
});

test("after a silence within a frame the next byte begins another", async () => {
  const path = pipeFile();
  const { feed, numbers, start } = seen(path);
  const camera = writer(path);
  start();
  // From the middle of a frame, as it is where the last eye ended.
  await writeAll(camera, numbered(7).subarray(1000));
  await pause(500);
  await writeAll(camera, numbered(8));
  await until(() => numbers.length > 0);
  assert.deepEqual(numbers, [8]);
  feed.close();
  camera.close();
});

test("whoever comes to the other end begins with a whole frame", async () => {
  const path = pipeFile();
  const { feed, numbers, start } = seen(path);
  start();
  const first = writer(path);
  await writeAll(first, numbered(1).subarray(0, 1000));
  first.close();
  await pause(60);
  const second = writer(path);
  await writeAll(second, numbered(2));
  await until(() => numbers.length > 0);
  assert.deepEqual(numbers, [2]);
  feed.close();
  second.close();
});

test("a device that is not there is no camera, said when somebody watches; it is used once it is there", async () => {
  const path = pipeFile();
  renameSync(path, `${path}.away`);
  const { feed, numbers, troubles, complaints, start } = seen(path);
  await pause(200);
  assert.deepEqual([troubles, complaints], [[], [`${path}: ENOENT`]]);
  start();
  await until(() => troubles.length >= 2);
  assert.deepEqual(troubles, [undefined, "transport.no-camera"]);
  renameSync(`${path}.away`, path);
  const opened = () => {
    try {
      return writer(path);
    } catch {
      return undefined;
    }
  };
  let camera = opened();
  for (; !camera; camera = opened()) await pause(20);
  await writeAll(camera, numbered(3));
  await until(() => numbers.length > 0);
  assert.deepEqual(troubles, [undefined, "transport.no-camera", undefined]);
  assert.equal(complaints.length, 1);
  feed.close();
  camera.close();
});

test("a device that gives nothing is silent, and well with its first frame", async () => {
  const path = pipeFile();
  const { feed, numbers, troubles, start } = seen(path, HASTY);
  start();
  await until(() => troubles.length >= 2);
  const camera = writer(path);
  await writeAll(camera, numbered(4));
  await until(() => numbers.length > 0);
  assert.deepEqual(troubles, [undefined, "transport.camera-silent", undefined]);
  feed.close();
  camera.close();
});

test("a device that cannot be read has stopped, and is not asked more often than it should be", async () => {
  // Reading a folder is refused at each try.
  const { feed, troubles, start } = seen(folder());
  start();
  await until(() => troubles.length >= 2);
  assert.deepEqual(troubles, [undefined, "transport.camera-stopped"]);
  const before = process.cpuUsage();
  await pause(500);
  const { user, system } = process.cpuUsage(before);
  assert.ok(user + system < 200_000, `${user + system} µs of work in half a second`);
  feed.close();
});

test("a process with such a camera can end: nothing waits in a read", () => {
  const path = pipeFile();
  const feed = JSON.stringify(new URL("../../device/eye/feed.ts", import.meta.url).href);
  const camera = JSON.stringify({ kind: "port", path, frame: SMALL });
  const program = `import(${feed}).then(({ Feed }) => { new Feed(${camera}).start(); setTimeout(() => process.exit(7), 100); })`;
  const ends = () => execFileSync(process.execPath, ["-e", program], { timeout: 20_000 });
  assert.throws(ends, { status: 7 });
});
