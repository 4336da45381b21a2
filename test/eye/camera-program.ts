// A camera's program as tests need it: good, slow, broken or hostile. One argument: how, as JSON (fake-camera.ts).

import { appendFileSync, existsSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import type { Behaviour } from "./fake-camera.ts";

const how = JSON.parse(process.argv[2]!) as Behaviour;
const pause = new Int32Array(new SharedArrayBuffer(4));
const sleep = (ms: number) => Atomics.wait(pause, 0, 0, ms);

/** Says when it runs beside another one: each run leaves its number, and looks whether the last one lives. */
function signIn(journal: string): void {
  const last = existsSync(`${journal}.pid`) ? Number(readFileSync(`${journal}.pid`, "utf8")) : undefined;
  const alone = last === undefined || !existsSync(`/proc/${last}`);
  writeFileSync(`${journal}.pid`, String(process.pid));
  appendFileSync(journal, alone ? "began\n" : "two at once\n");
}

/** A full pipe is waited for, as a program that writes to a file does. */
function write(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(1, bytes, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") process.exit(0);
      sleep(1);
    }
  }
}

/** Its number stands in the first four bytes of brightness and, modulo 251, in all others. */
function numbered(number: number): Uint8Array {
  const { width, height, frameBytes, layout } = how.frame;
  const bytes = new Uint8Array(frameBytes).fill(255);
  const luma = new Uint8Array(width * height).fill(number % 251);
  new DataView(luma.buffer).setUint32(0, number);
  if (layout === "planar") bytes.set(luma);
  else for (const [at, value] of luma.entries()) bytes[2 * at] = value;
  return bytes;
}

if (how.journal) signIn(how.journal);
if (how.needs && !existsSync(how.needs)) process.exit(1);
if (how.stubborn) process.on("SIGTERM", () => undefined);
if (how.says) writeSync(2, Buffer.from(how.says, "base64"));
for (let i = 0; i < (how.babbles ?? 0); i++) writeSync(2, Buffer.alloc(64 * 1024, i));
const played = how.plays === undefined ? undefined : readFileSync(how.plays);
const { frameBytes } = how.frame;
const began = performance.now();
for (let number = 0; number < (how.frames ?? Number.POSITIVE_INFINITY); number++) {
  const from = played ? (number * frameBytes) % played.length : 0;
  write(played ? played.subarray(from, from + frameBytes) : numbered(number));
  const dueMs = ((number + 1) * 1000) / (how.perSecond ?? 30);
  sleep(Math.max(0, began + dueMs - performance.now()));
}
if (how.half) write(new Uint8Array(frameBytes >> 1).fill(7));
if (how.ends === "stays") setInterval(() => undefined, 1000);
else process.exit(how.ends);
