// A camera that is a device file: it gives frames by itself for as long as it is open.
// Rule: it is opened once and drained always, wanted or not. Nothing ever waits in a read: a process that does cannot end.

import { closeSync, constants, openSync, readSync } from "node:fs";
import { PATIENCE, type Patience, type Source, type SourceSteps } from "./source.ts";

const CHUNK_BYTES = 64 * 1024;
/** Read in one go at most, so that a flood keeps nothing else waiting. */
const MOST_CHUNKS = 16;
/** How often it is looked whether something came: while frames are wanted, and while they are not. */
const LOOK_MS = { wanted: 15, resting: 150 } as const;
/** Frames come whole: after such a silence within one the next byte begins another. */
const GAP_MS = 100;

export class Port implements Source {
  readonly #path: string;
  readonly #steps: SourceSteps;
  readonly #patience: Patience;
  readonly #chunk = new Uint8Array(CHUNK_BYTES);
  #file: number | undefined;
  #wanted = false;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  /** The time of the last byte; of the last frame, or of the beginning of wanting them. */
  #byteMs = 0;
  #heardMs = 0;

  constructor(path: string, steps: SourceSteps, patience = PATIENCE) {
    this.#path = path;
    this.#steps = steps;
    this.#patience = patience;
    this.#turn();
  }

  start(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    this.#heardMs = performance.now();
    this.#soon(0);
  }

  stop(): void {
    this.#wanted = false;
  }

  close(): void {
    this.stop();
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#drop();
  }

  #soon(ms: number): void {
    clearTimeout(this.#timer);
    if (!this.#closed) this.#timer = setTimeout(() => this.#turn(), ms);
  }

  #turn(): void {
    if (this.#file === undefined && !this.#open()) {
      this.#soon(this.#patience.againMs);
      return;
    }
    for (let i = 0; i < MOST_CHUNKS; i++) {
      const came = this.#read();
      if (came === "lost") {
        this.#drop();
        if (this.#wanted) this.#steps.trouble("transport.camera-stopped");
        this.#soon(this.#patience.againMs);
        return;
      }
      if (came === 0) {
        this.#quiet();
        this.#soon(this.#wanted ? LOOK_MS.wanted : LOOK_MS.resting);
        return;
      }
      this.#byteMs = performance.now();
      if (this.#steps.bytes(this.#chunk.subarray(0, came))) this.#heardMs = this.#byteMs;
    }
    this.#soon(0);
  }

  #open(): boolean {
    try {
      this.#file = openSync(this.#path, constants.O_RDONLY | constants.O_NONBLOCK);
      this.#heardMs = performance.now();
      this.#steps.begin();
      return true;
    } catch (error) {
      if (this.#wanted) this.#steps.trouble("transport.no-camera");
      this.#steps.complain(`${this.#path}: ${codeOf(error)}`);
      return false;
    }
  }

  /** How many bytes came; "lost": the device is gone. */
  #read(): number | "lost" {
    try {
      const count = readSync(this.#file!, this.#chunk, 0, CHUNK_BYTES, null);
      // Nobody is at the other end: whoever comes there begins with a whole frame.
      if (count === 0) this.#steps.begin();
      return count;
    } catch (error) {
      const code = codeOf(error);
      return code === "EAGAIN" || code === "EINTR" ? 0 : "lost";
    }
  }

  #quiet(): void {
    const nowMs = performance.now();
    if (nowMs - this.#byteMs >= GAP_MS) this.#steps.begin();
    if (this.#wanted && nowMs - this.#heardMs >= this.#patience.silentMs)
      this.#steps.trouble("transport.camera-silent");
  }

  #drop(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown";
}
