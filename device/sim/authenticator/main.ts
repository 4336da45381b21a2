// A security key in software, as a program of its own: CTAPHID frames of 64 bytes on stdin and stdout, or a hidraw
// of this machine. It shares no code with what Firn speaks to keys with.
//
//   main.ts --state FILE [--pin PIN] [--fingerprint] [--old] [--touched] [--control] [--uhid /dev/uhid]
//
// --state    what it remembers without power; made where there is none
// --pin, --fingerprint, --old    how it is made, if it is: with a PIN; with a reader that knows one finger; as keys
//            were before CTAP 2.1
// --touched  a hand lies on it all the time
// --control  descriptor 3 is a hand and a clock: lines "touch", "touch wrong", "pass MS"; after each frame and line
//            it says "rest FRAMES LINES SAID touch|idle": how many of each it has dealt with, how many frames it
//            said, and whether a request waits for a touch. Without it time is the host's.

import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { Socket } from "node:net";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { HidKey } from "./hid.ts";
import { freshState, type KeyState, readState, writeState } from "./state.ts";
import { inputEvent, serveUhid, type UhidFile } from "./uhid.ts";

const FRAME_BYTES = 64;
const TICK_MS = 100;

const { values } = parseArgs({
  options: {
    state: { type: "string" },
    pin: { type: "string" },
    fingerprint: { type: "boolean", default: false },
    old: { type: "boolean", default: false },
    touched: { type: "boolean", default: false },
    control: { type: "boolean", default: false },
    uhid: { type: "string" },
  },
});

function remembered(file: string): KeyState {
  try {
    return readState(readFileSync(file, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    const { pin, fingerprint, old } = values;
    return freshState({ fingerprint, old, ...(pin === undefined ? {} : { pin }) });
  }
}

function keyOf(file: string, emit: (frame: Buffer) => void): HidKey {
  const state = remembered(file);
  const keep = () => {
    writeFileSync(`${file}.new`, writeState(state), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  };
  return new HidKey({ state, keep, emit });
}

/** A hand and a clock at descriptor 3; answers what is to be said after each frame. */
function controlled(key: HidKey, said: () => number): () => void {
  const control = new Socket({ fd: 3, readable: true, writable: true });
  control.on("error", () => process.exit(0));
  let [frames, lines] = [0, 0];
  const tell = () => {
    control.write(`rest ${frames} ${lines} ${said()} ${key.asksTouch ? "touch" : "idle"}\n`);
  };
  createInterface({ input: control }).on("line", (line) => {
    lines++;
    const passed = /^pass (\d{1,15})$/.exec(line);
    if (passed) key.pass(Number(passed[1]));
    else if (line === "touch" || line === "touch wrong") key.touch(line === "touch" ? "right" : "wrong");
    tell();
  });
  return () => {
    frames++;
    tell();
  };
}

function onHost(key: HidKey): () => void {
  setInterval(() => key.pass(TICK_MS), TICK_MS).unref();
  return () => undefined;
}

/** Calls `take` with each whole frame of a stream. */
function eachFrame(take: (frame: Buffer) => void): (chunk: Buffer) => void {
  let held = Buffer.alloc(0);
  return (chunk) => {
    held = Buffer.concat([held, chunk]);
    while (held.length >= FRAME_BYTES) {
      take(Buffer.from(held.subarray(0, FRAME_BYTES)));
      held = held.subarray(FRAME_BYTES);
    }
  };
}

async function uhidFile(path: string): Promise<UhidFile> {
  const file = await open(path, "r+");
  return {
    async read() {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(8192), 0, 8192, null);
      return bytesRead > 0 ? buffer.subarray(0, bytesRead) : undefined;
    },
    write: (event) => writeFileSync(file.fd, event),
  };
}

async function main(): Promise<void> {
  if (values.state === undefined) throw new Error("--state FILE says where it remembers");
  const device = values.uhid === undefined ? undefined : await uhidFile(values.uhid);
  let said = 0;
  const key = keyOf(values.state, (frame) => {
    said++;
    if (device) device.write(inputEvent(frame));
    else process.stdout.write(frame);
  });
  const dealt = values.control ? controlled(key, () => said) : onHost(key);
  const take = (frame: Buffer) => {
    key.frame(frame);
    while (values.touched && key.touch());
    dealt();
  };
  if (device) await serveUhid(device, take);
  else process.stdin.on("data", eachFrame(take)).on("end", () => process.exit(0));
}

await main();
