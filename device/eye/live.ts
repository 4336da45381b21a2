// A live camera's frames: always the newest, the first decoder on each, the second on credit.

import type { Read } from "../../src/model.ts";
import type { Frame } from "../../src/qr/frame.ts";
import {
  afterFirst,
  afterSecond,
  aloneLook,
  creditMs,
  type Effort,
  NO_EFFORT,
  secondLook,
  wantsInverted,
} from "../../src/qr/ladder.ts";
import type { Decoders, Outcome } from "./decoders.ts";

/** The first decoder takes a few ms a frame, seconds never. */
const FIRST_MS = 3_000;
/** However much credit there is. */
const SECOND_MS = 2_000;

export interface LiveSteps {
  read(read: Read): unknown;
  /** After each frame that the first decoder has done with: whether its thread was lost over it. */
  frame(lost: boolean): unknown;
}

export class Live {
  readonly #decoders: Decoders;
  readonly #steps: LiveSteps;
  #effort: Effort;
  #newest: Frame | undefined;
  /** Under the first decoder, and under the second. */
  #present: Frame | undefined;
  #missed: Frame | undefined;
  #first: Promise<void> | undefined;
  #second: Promise<void> | undefined;

  /** `effort`: what went before, so that credit is not lost between two watches. */
  constructor(decoders: Decoders, steps: LiveSteps, effort: Effort = NO_EFFORT) {
    this.#effort = effort;
    this.#decoders = decoders;
    this.#steps = steps;
  }

  get effort(): Effort {
    return this.#effort;
  }

  /** Never waits. A frame that nobody looked at yet gives way to this one. */
  offer(frame: Frame): void {
    this.#newest = frame;
    this.#first ??= this.#run();
  }

  /** This frame is looked at now, or will be. */
  holds(frame: Frame): boolean {
    return frame === this.#newest || frame === this.#present || frame === this.#missed;
  }

  /** The first decoder has answered every frame that was not given way. */
  async answered(): Promise<void> {
    await this.#first;
  }

  /** The second decoder is done as well. */
  async idle(): Promise<void> {
    await this.#first;
    await this.#second;
  }

  async #run(): Promise<void> {
    for (let frame = this.#newest; frame; frame = this.#newest) {
      this.#newest = undefined;
      this.#present = frame;
      const { lost } = await (this.#decoders.withZxing ? this.#together(frame) : this.#alone(frame));
      this.#present = undefined;
      this.#steps.frame(lost);
    }
    this.#first = undefined;
  }

  async #together(frame: Frame): Promise<Outcome> {
    let outcome = await this.#lookFirst(frame, "plain");
    if (!outcome.read && !outcome.lost && wantsInverted(this.#effort))
      outcome = await this.#lookFirst(frame, "inverted");
    if (!outcome.read) this.#onCredit(frame);
    return outcome;
  }

  async #lookFirst(frame: Frame, look: "plain" | "inverted"): Promise<Outcome> {
    const outcome = await this.#decoders.look({ decoder: "zxing", look }, frame, FIRST_MS);
    this.#effort = afterFirst(this.#effort, look, outcome.cpuMs, outcome.read !== undefined);
    if (outcome.read) this.#steps.read(outcome.read);
    return outcome;
  }

  /** One in flight; it is given what it has earned and no more. */
  #onCredit(frame: Frame): void {
    const look = secondLook(this.#effort);
    if (this.#second || !look) return;
    const mostMs = Math.min(SECOND_MS, creditMs(this.#effort));
    this.#missed = frame;
    this.#second = this.#decoders.look({ decoder: "jsqr", look }, frame, mostMs).then((outcome) => {
      this.#second = undefined;
      this.#missed = undefined;
      this.#effort = afterSecond(this.#effort, outcome.cpuMs);
      if (outcome.read) this.#steps.read(outcome.read);
    });
  }

  async #alone(frame: Frame): Promise<Outcome> {
    const look = aloneLook(this.#effort);
    const outcome = await this.#decoders.look({ decoder: "jsqr", look }, frame, FIRST_MS);
    this.#effort = afterFirst(this.#effort, "plain", outcome.cpuMs, outcome.read !== undefined);
    if (outcome.read) this.#steps.read(outcome.read);
    return outcome;
  }
}
