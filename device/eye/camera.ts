// A camera made of picture files: the next one ten times a second, through the very path of a live camera.

import { setTimeout as pause } from "node:timers/promises";
import type { Frame } from "../../src/qr/frame.ts";
import { type Effort, NO_EFFORT } from "../../src/qr/ladder.ts";
import type { Decoders } from "./decoders.ts";
import { Live } from "./live.ts";
import { DamagedPicture } from "./size.ts";
import type { Watch } from "./watch.ts";

const FRAME_MS = 100;
/** Frames kept open, so that a loop of pictures costs no more than a camera does. */
const MOST_KEPT_BYTES = 24 * 1024 * 1024;

export class Camera {
  readonly #decoders: Decoders;
  readonly #watch: Watch;
  readonly #look: () => Promise<readonly string[]>;
  readonly #complain: (text: string) => void;
  readonly #named = new Set<string>();
  #files: readonly string[] = [];
  readonly #kept = new Map<string, Frame>();
  #keptBytes = 0;
  #next = 0;
  #effort: Effort = NO_EFFORT;
  #running: AbortController | undefined;

  /** `look` says which files there are now. `complain` is told once of each file that is skipped. */
  constructor(
    decoders: Decoders,
    watch: Watch,
    look: () => Promise<readonly string[]>,
    complain: (text: string) => void,
  ) {
    this.#decoders = decoders;
    this.#watch = watch;
    this.#look = look;
    this.#complain = complain;
  }

  /** Goes on where it stopped, as a code that moves on unseen would not, so that no file is left out. */
  start(): void {
    if (this.#running) return;
    this.#running = new AbortController();
    void this.#run(this.#running.signal);
  }

  /** From now on nothing runs and no timer waits. */
  stop(): void {
    this.#running?.abort();
    this.#running = undefined;
  }

  async #run(stopped: AbortSignal): Promise<void> {
    // What a decoder says of an older watch is nobody's.
    const live = new Live(
      this.#decoders,
      {
        read: (read) => stopped.aborted || this.#watch.take(read, "once"),
        frame: (lost) => stopped.aborted || this.#watch.frame(lost),
      },
      this.#effort,
    );
    await this.#lookAgain();
    if (this.#files.length === 0 && !stopped.aborted) this.#watch.camera("transport.no-camera");
    while (!stopped.aborted && this.#files.length > 0) {
      const began = performance.now();
      const file = this.#files[this.#next % this.#files.length]!;
      this.#next = (this.#next + 1) % this.#files.length;
      await this.#show(live, file, stopped);
      const restMs = Math.max(0, FRAME_MS - (performance.now() - began));
      await pause(restMs, undefined, { signal: stopped }).catch(() => {});
    }
    this.#effort = live.effort;
  }

  /** A picture of the same name may be another one by now: what was kept of the last look is not shown again. */
  async #lookAgain(): Promise<void> {
    this.#kept.clear();
    this.#keptBytes = 0;
    this.#files = await this.#look();
  }

  async #show(live: Live, file: string, stopped: AbortSignal): Promise<void> {
    try {
      const frame = this.#kept.get(file) ?? (await this.#open(file));
      if (stopped.aborted) return;
      this.#watch.came();
      this.#watch.preview(frame);
      if (!this.#watch.decodes) return;
      live.offer(frame);
      await live.answered();
    } catch (error) {
      if (!(error instanceof DamagedPicture)) throw error;
      if (!this.#named.has(file) && !stopped.aborted) this.#complain(`${file}: ${error.message}`);
      this.#named.add(file);
      if (!stopped.aborted) this.#watch.frame(true);
    }
  }

  async #open(file: string): Promise<Frame> {
    const frame = await this.#decoders.open(file);
    if (this.#keptBytes + frame.luma.length <= MOST_KEPT_BYTES) {
      this.#kept.set(file, frame);
      this.#keptBytes += frame.luma.length;
    }
    return frame;
  }
}
