// The eye's side of the pipe to Firn: what it is told to look for, and what it says of what it saw.
// Rule: between "watch" and the first whole message the eye reads; before and after it says nothing.
// Where chance is wanted it decodes nothing and hands over pixels as the camera gave them; where only the pace is wanted
// it looks at frames as if a code were, and says nothing of what it read.

import type { Kind, Read, Sight } from "../../src/model.ts";
import { type Frame, thumbnail } from "../../src/qr/frame.ts";
import { type Reason, Refusal } from "../../src/refusal.ts";
import { type Assembly, openAssembly, push } from "../../src/transport/index.ts";
import type { Channel } from "../wire/channel.ts";
import type { FromEye, ToEye } from "../wire/lines.ts";
import { inflate } from "./inflate.ts";
import { middle } from "./middle.ts";

/** Frames in a row that gave nothing to look at, before Firn is told. */
const MOST_LOST = 3;
const PREVIEW_EVERY_MS = 200;
const PACE_EVERY_MS = 1000;
const PREVIEW = { width: 160, height: 120 } as const;
/** Of a frame that is wanted raw: columns and rows, no more. */
const RAW = 128;

/** What frames are wanted for: messages in codes, chance, or to be counted. */
type Purpose = "messages" | "chance" | "pace";

export class Watch {
  readonly #firn: Channel<FromEye, ToEye>;
  readonly #onChange: (watching: boolean) => void;
  #purpose: Purpose | undefined;
  #assembly: Assembly | undefined;
  #sent = 0;
  #progress = "";
  #refused: string | undefined;
  #lost = 0;
  #trouble: Reason | undefined;
  #previewedMs = Number.NEGATIVE_INFINITY;
  readonly #pace = { frames: 0, looked: 0, begunMs: 0, saidMs: 0 };

  /** Reading the pipe starts here. `onChange` is called at every "watch" and at every end of watching. */
  constructor(firn: Channel<FromEye, ToEye>, onChange: (watching: boolean) => void) {
    this.#firn = firn;
    this.#onChange = onChange;
    firn.onMessage((line) => (line.t === "watch" ? this.#begin(line.kinds) : this.rest()));
  }

  get watching(): boolean {
    return this.#purpose !== undefined;
  }

  /** Decoders are to look at each frame; else, while it watches, frames are wanted as they are. */
  get decodes(): boolean {
    return this.watching && this.#purpose !== "chance";
  }

  /** Lines ever sent to Firn. */
  get sent(): number {
    return this.#sent;
  }

  /**
   * What a decoder read. A camera sees the same refused code many times a second: `again` says
   * whether to repeat the refusal.
   */
  take(read: Read, again: "say" | "once"): void {
    if (!this.#assembly || (again === "once" && read.text === this.#refused)) return;
    try {
      const pushed = push(this.#assembly, read);
      this.#refused = undefined;
      if (pushed.kind === "message") {
        this.#send({ t: "message", message: pushed.message });
        this.rest();
      } else this.#tell({ t: "progress", ...pushed.progress });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#refused = read.text;
      this.#unread(error.reason);
    }
  }

  /** What is wrong with the camera, or with what it sees; undefined: nothing. Said where it is news to this watch. */
  camera(trouble: Reason | undefined): void {
    if (!this.watching || trouble === this.#trouble) return;
    this.#trouble = trouble;
    this.#send(trouble === undefined ? { t: "camera" } : { t: "camera", trouble });
  }

  /** A frame came. Where frames are counted Firn is told how many came and were looked at, so often at most. */
  came(everyMs = PACE_EVERY_MS): void {
    const { begunMs, saidMs } = this.#pace;
    const frames = ++this.#pace.frames;
    const nowMs = performance.now();
    if (this.#purpose !== "pace" || nowMs - saidMs < everyMs) return;
    this.#pace.saidMs = nowMs;
    this.#send({ t: "pace", frames, looked: this.#pace.looked, ms: Math.round(nowMs - begunMs) });
  }

  /** A frame was looked at; `lost`: over a thread that died or overran, or over a damaged picture. */
  frame(lost: boolean): void {
    this.#pace.looked++;
    this.#lost = lost ? this.#lost + 1 : 0;
    if (this.#lost !== MOST_LOST) return;
    this.#lost = 0;
    this.#unread("transport.unreadable");
  }

  /** A small picture for the screen, at most five times a second; where chance is wanted, of each frame its middle. */
  preview(frame: Frame): void {
    if (this.#purpose === "chance") {
      this.#send({ t: "preview", ...middle(frame, RAW) });
      return;
    }
    const nowMs = performance.now();
    if (!this.watching || nowMs - this.#previewedMs < PREVIEW_EVERY_MS) return;
    this.#previewedMs = nowMs;
    this.#send({ t: "preview", ...thumbnail(frame, PREVIEW.width, PREVIEW.height) });
  }

  /** Nothing is read until the next "watch". */
  rest(): void {
    this.#assembly = undefined;
    this.#purpose = undefined;
    this.#onChange(false);
  }

  #begin(sights: readonly Sight[]): void {
    this.#purpose = sights.includes("chance") ? "chance" : sights.includes("pace") ? "pace" : "messages";
    const kinds = sights.filter((sight): sight is Kind => sight !== "chance" && sight !== "pace");
    this.#assembly = this.#purpose === "messages" ? openAssembly(kinds, inflate) : undefined;
    this.#progress = "";
    this.#refused = undefined;
    this.#lost = 0;
    this.#trouble = undefined;
    const nowMs = performance.now();
    Object.assign(this.#pace, { frames: 0, looked: 0, begunMs: nowMs, saidMs: nowMs });
    this.#onChange(true);
  }

  #tell(line: FromEye & { t: "progress" }): void {
    const progress = `${line.dialect} ${line.have} ${line.total} ${line.map}`;
    if (progress !== this.#progress) this.#send(line);
    this.#progress = progress;
  }

  #unread(reason: Reason): void {
    if (this.watching) this.#send({ t: "unread", reason });
  }

  #send(line: FromEye): void {
    this.#sent++;
    this.#firn.send(line);
  }
}
