// Simulated security keys, as whoever plays the machine holds them: the authenticator as a program of its own, or
// its core in this process. What each remembers outlives being pulled out, and plays.

import { spawn } from "node:child_process";
import type { Socket } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { HidKey } from "./authenticator/hid.ts";
import { freshState, type KeyMake, readState, writeState } from "./authenticator/state.ts";

/** One that has power. */
export interface PluggedKey {
  /** Called with each frame that it says, and `moved` whenever anything about it has changed. */
  listen(take: (frame: Uint8Array) => void, moved: () => void): void;
  send(frame: Uint8Array): void;
  touch(): void;
  pass(ms: number): void;
  /** It has dealt with all that it was given, and all that it said was taken. */
  readonly rests: boolean;
  /** A request waits for a touch. */
  readonly asksTouch: boolean;
  /** No power any more. */
  close(): Promise<void>;
}

export type PowerKey = (name: string, make: KeyMake) => PluggedKey;

/** Name → what it remembers, as text. */
export type KeyDrawer = Map<string, string>;

/** In this process: all that a frame leads to has happened when send() returns. */
export function keysIn(drawer: KeyDrawer): PowerKey {
  return (name, make) => {
    const kept = drawer.get(name);
    const state = kept === undefined ? freshState(make) : readState(kept);
    let take: (frame: Uint8Array) => void = () => undefined;
    const key = new HidKey({
      state,
      keep: () => drawer.set(name, writeState(state)),
      emit: (frame) => take(new Uint8Array(frame)),
    });
    return {
      listen(given) {
        take = given;
      },
      send: (frame) => key.frame(Buffer.from(frame)),
      touch: () => key.touch(),
      pass: (ms) => key.pass(ms),
      rests: true,
      get asksTouch() {
        return key.asksTouch;
      },
      close: async () => {
        take = () => undefined;
      },
    };
  };
}

const PROGRAM = fileURLToPath(new URL("./authenticator/main.ts", import.meta.url));
const FRAME_BYTES = 64;

/** What a key of this name remembers, beside a home. No blob of Firn's has such a name. */
export function keyFile(home: string, name: string): string {
  return join(home, `.key-${name}`);
}

/** As programs of their own; what they remember stands in the home's folder. */
export function keyPrograms(home: string): PowerKey {
  return (name, make) => new KeyProgram(keyFile(home, name), make);
}

class KeyProgram implements PluggedKey {
  readonly #child;
  readonly #frames: Writable;
  readonly #control: Socket;
  readonly #ended: Promise<void>;
  #sent = { frames: 0, lines: 0 };
  #taken = 0;
  /** What it said last: frames and lines dealt with, frames said. */
  #report = { frames: 0, lines: 0, said: 0, asksTouch: false };

  constructor(file: string, { pin, fingerprint, old }: KeyMake) {
    const options = [
      ...["--state", file, "--control"],
      ...(pin === undefined ? [] : ["--pin", pin]),
      ...(fingerprint ? ["--fingerprint"] : []),
      ...(old ? ["--old"] : []),
    ];
    this.#child = spawn(process.execPath, [PROGRAM, ...options], {
      stdio: ["pipe", "pipe", "inherit", "pipe"],
    });
    this.#frames = this.#child.stdin as Writable;
    this.#control = this.#child.stdio[3] as Socket;
    this.#ended = new Promise((resolve) => {
      this.#child.on("close", () => resolve());
    });
    this.#frames.on("error", () => undefined);
    this.#control.on("error", () => undefined);
  }

  listen(take: (frame: Uint8Array) => void, moved: () => void): void {
    let held = Buffer.alloc(0);
    (this.#child.stdout as Readable).on("data", (chunk: Buffer) => {
      held = Buffer.concat([held, chunk]);
      for (; held.length >= FRAME_BYTES; held = held.subarray(FRAME_BYTES)) {
        this.#taken++;
        take(new Uint8Array(held.subarray(0, FRAME_BYTES)));
      }
      moved();
    });
    createInterface({ input: this.#control }).on("line", (line) => {
      const match = /^rest (\d+) (\d+) (\d+) (touch|idle)$/.exec(line);
      if (!match) return;
      const [frames, lines, said] = match.slice(1, 4).map(Number) as [number, number, number];
      this.#report = { frames, lines, said, asksTouch: match[4] === "touch" };
      moved();
    });
  }

  send(frame: Uint8Array): void {
    this.#sent.frames++;
    this.#frames.write(frame);
  }

  touch(): void {
    this.#say("touch");
  }

  pass(ms: number): void {
    this.#say(`pass ${Math.round(ms)}`);
  }

  #say(line: string): void {
    this.#sent.lines++;
    this.#control.write(`${line}\n`);
  }

  get rests(): boolean {
    const { frames, lines, said } = this.#report;
    return frames === this.#sent.frames && lines === this.#sent.lines && said === this.#taken;
  }

  get asksTouch(): boolean {
    return this.#report.asksTouch;
  }

  async close(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#ended;
  }
}
