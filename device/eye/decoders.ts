// Both decoders behind their threads: zxing and the picture files in one, jsqr in another.

import type { Read } from "../../src/model.ts";
import type { Frame } from "../../src/qr/frame.ts";
import { type Rung, wholeLadder } from "../../src/qr/ladder.ts";
import type { Lane } from "./lane.ts";
import { DamagedPicture } from "./size.ts";
import type { Task } from "./worker.ts";

/** What one frame gave, climbing the whole ladder. */
export interface Found {
  readonly read?: Read;
  readonly decoder?: Rung["decoder"];
  readonly cpuMs: number;
  /** A thread was lost over this frame. */
  readonly lost: boolean;
}

export type Outcome = {
  readonly read?: Read;
  readonly cpuMs: number;
  readonly lost: boolean;
};

/** So generous that only a hang meets it: what a picture file gives must not depend on the clock. */
const PACED_MS = 30_000;

export class Decoders {
  readonly #first: Lane;
  readonly #second: Lane;
  #withZxing: boolean;
  /** Shared memory is given back late: one room serves all pictures that are read one after the other. */
  #room: SharedArrayBuffer | undefined;

  constructor(first: Lane, second: Lane, withZxing: boolean) {
    this.#first = first;
    this.#second = second;
    this.#withZxing = withZxing;
  }

  /** False once wasm was refused: then jsqr works alone. */
  get withZxing(): boolean {
    return this.#withZxing;
  }

  /** A picture file as a frame of its own. Throws DamagedPicture. */
  open(path: string): Promise<Frame> {
    return this.#open({ t: "open", path });
  }

  /** A picture file and the whole ladder. One after the other, please. Throws DamagedPicture. */
  async climbFile(path: string): Promise<Found> {
    const room = this.#room;
    const frame = await this.#open(room ? { t: "open", path, into: room } : { t: "open", path });
    if (frame.luma.buffer instanceof SharedArrayBuffer) this.#room = frame.luma.buffer;
    return this.climb(frame);
  }

  async #open(task: Task): Promise<Frame> {
    const answer = await this.#first.ask(task, PACED_MS);
    if (answer !== "lost" && answer.t === "frame") return answer.frame;
    const damaged = answer !== "lost" && answer.t === "damaged";
    throw new DamagedPicture(damaged ? answer.why : "a picture that takes too long or too much memory");
  }

  /** The first decoder loads, so that it is there when a camera's first frame is. */
  async warm(): Promise<void> {
    const nothing = { width: 8, height: 8, luma: new Uint8Array(64) };
    await this.look({ decoder: this.#withZxing ? "zxing" : "jsqr", look: "plain" }, nothing, PACED_MS);
  }

  /** One look by one decoder. Where zxing is refused a look by it is a miss, and `withZxing` becomes false. */
  async look(rung: Rung, frame: Frame, mostMs: number): Promise<Outcome> {
    const lane = rung.decoder === "zxing" ? this.#first : this.#second;
    const answer = await lane.ask({ t: "decode", rung, frame }, mostMs);
    if (answer === "lost") return { cpuMs: mostMs, lost: true };
    if (answer.t === "read") return { read: answer.read, cpuMs: answer.cpuMs, lost: false };
    if (answer.t === "refused") this.#withZxing = false;
    return { cpuMs: answer.t === "missed" ? answer.cpuMs : 0, lost: false };
  }

  /** The whole ladder: the same frame always gives the same. */
  async climb(frame: Frame): Promise<Found> {
    let cpuMs = 0;
    let lost = false;
    const withZxing = this.#withZxing;
    for (const rung of wholeLadder(withZxing)) {
      const outcome = await this.look(rung, frame, PACED_MS);
      cpuMs += outcome.cpuMs;
      lost ||= outcome.lost;
      if (outcome.read) return { read: outcome.read, decoder: rung.decoder, cpuMs, lost };
      if (withZxing !== this.#withZxing) return this.climb(frame);
    }
    return { cpuMs, lost };
  }

  async close(): Promise<void> {
    await Promise.all([this.#first.close(), this.#second.close()]);
  }
}
