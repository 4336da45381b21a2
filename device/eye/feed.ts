// A board's camera as frames: the newest one, whatever gives them and however fast.
// Rule: this much is loaded when the eye starts, and no decoder; a camera may begin while the rest is still loading.

import type { Frame } from "../../src/qr/frame.ts";
import type { Reason } from "../../src/refusal.ts";
import type { CameraSource } from "../boards/board.ts";
import { Cutter } from "./cutter.ts";
import { Port } from "./port.ts";
import { Program } from "./program.ts";
import type { Patience, Source, SourceSteps } from "./source.ts";

export interface FeedSteps {
  /** To be looked at at once; `holds` says which ones stay in use. */
  frame(frame: Frame): void;
  /** Frames that may not be filled anew yet: at most three. */
  holds(frame: Frame): boolean;
  /** What keeps frames from coming; undefined: they come. Said at the beginning, and at each change. */
  trouble(reason: Reason | undefined): void;
}

const MOST_COMPLAINTS = 20;

export class Feed {
  readonly #cutter: Cutter;
  readonly #source: Source;
  #wanted = false;
  #steps: FeedSteps | undefined;
  #trouble: Reason | undefined;
  readonly #complained = new Set<string>();

  /** `complain` is told what is wrong in the camera's own words: once each, and not without end. */
  constructor(camera: CameraSource, complain: (text: string) => void = () => {}, patience?: Patience) {
    this.#cutter = new Cutter(camera.frame, (frame) => this.#steps?.holds(frame) ?? false);
    const steps: SourceSteps = {
      begin: () => this.#cutter.restart(),
      bytes: (chunk) => this.#bytes(chunk),
      trouble: (reason) => this.#say(reason),
      complain: (text) => {
        if (this.#complained.size >= MOST_COMPLAINTS || this.#complained.has(text)) return;
        this.#complained.add(text);
        complain(text);
      },
    };
    this.#source =
      camera.kind === "command"
        ? new Program(camera.command, steps, patience)
        : new Port(camera.path, steps, patience);
  }

  /** The camera begins. What it gives goes to `steps`, or nowhere until they are known. */
  start(steps?: FeedSteps): void {
    if (!this.#wanted) this.#trouble = undefined;
    this.#wanted = true;
    this.#steps = steps ?? this.#steps;
    steps?.trouble(this.#trouble);
    this.#source.start();
  }

  stop(): void {
    this.#wanted = false;
    this.#steps = undefined;
    this.#source.stop();
  }

  close(): void {
    this.stop();
    this.#source.close();
  }

  #bytes(chunk: Uint8Array): boolean {
    let came = false;
    this.#cutter.push(chunk, (frame) => {
      came = true;
      if (!this.#wanted) return;
      this.#say(undefined);
      this.#steps?.frame(frame);
    });
    return came;
  }

  #say(reason: Reason | undefined): void {
    if (!this.#wanted || reason === this.#trouble) return;
    this.#trouble = reason;
    this.#steps?.trouble(reason);
  }
}
