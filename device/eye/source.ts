// Where a live camera's bytes come from: a program (program.ts) or a device file (port.ts).

import type { Reason } from "../../src/refusal.ts";

export interface Source {
  /** Frames are wanted from now on. */
  start(): void;
  stop(): void;
  /** For good: nothing runs any more, and no timer waits. */
  close(): void;
}

/** A device file's bytes come at any time; all else is said only while frames are wanted. */
export interface SourceSteps {
  /** The next byte begins a frame. */
  begin(): void;
  /** To be taken before this returns; true where it ended a frame. */
  bytes(chunk: Uint8Array): boolean;
  /** What keeps frames from coming. That they come again is seen by their coming. */
  trouble(reason: Reason): void;
  /** A line for whoever looks for a fault: on a board nobody hears it. */
  complain(text: string): void;
}

export interface Patience {
  /** Without a frame for so long a camera is called silent. */
  readonly silentMs: number;
  /** Without a frame for so long a program is ended and started again. */
  readonly hungMs: number;
  /** From a program's end, or a device that is not there, to the next try. */
  readonly againMs: number;
  /** From asking a program to end to ending it. */
  readonly graceMs: number;
}

/**
 * A camera's program needs a second or two to its first frame on the slowest board: silence is said after that, and a
 * program that works, however slowly, is not ended before it had six times as long. One that ends at once costs next to
 * nothing every three seconds, and a camera that was plugged in is there before anybody wonders.
 */
export const PATIENCE: Patience = { silentMs: 3000, hungMs: 12_000, againMs: 3000, graceMs: 1000 };
