// Three running parts as the launcher of a play holds them, and what they ended with.

import type { EyeControl, EyeReport } from "../eye/control.ts";
import type { Channel } from "../wire/channel.ts";
import type { FromGlass, GlassReport } from "../wire/lines.ts";
import type { FromFirn, ToFirn } from "./control.ts";

export interface Ending {
  /** Firn's exit code, or what stands for it: 0 locked, 1 a bug, 3 a cage, 4 the home is in use. */
  readonly code: number;
  /** What Firn said last, one line; may be empty. */
  readonly line: string;
  /** What was thrown, where that is known: in one process. */
  readonly problem?: unknown;
}

/** Three running parts, as the launcher of a play holds them. */
export interface Cast {
  readonly eye: Channel<EyeControl, EyeReport>;
  readonly glass: Channel<FromGlass, GlassReport>;
  readonly firn: Channel<ToFirn, FromFirn>;
  /** When all three have ended. */
  readonly ended: Promise<Ending>;
  /** Lines that have reached the eye's pipe from Firn; `moved` is called whenever that grows. */
  carried(): number;
  onCarried(moved: () => void): void;
  /** Power is gone. Resolves when nothing runs any more. */
  kill(): Promise<void>;
}

/** Firn stopped for another reason than a lock, or nothing rests. */
export class Stopped extends Error {
  readonly code: number;

  constructor(ending: Ending) {
    const line = ending.line === "" ? `Firn stopped with exit code ${ending.code}` : ending.line;
    super(line, ending.problem === undefined ? {} : { cause: ending.problem });
    this.name = "Stopped";
    this.code = ending.code;
  }
}
