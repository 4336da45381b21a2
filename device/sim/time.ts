// A played session's time: it stands still until it is told to pass.

import { breathe, type Time } from "../host/time.ts";

export interface PlayedTime extends Time {
  /** Passes up to `mostMs`, but no further than the next timer, which then fires. */
  pass(mostMs: number): { readonly ms: number; readonly fired: boolean };
  setWall(ms: number): void;
}

/** What the launcher knows of the played machine's time. */
export interface PlayedStart {
  readonly wallMs: number;
  readonly monotonicMs: number;
  readonly chipMs: number;
  readonly boot: string;
}

export function playedTime({ boot, ...start }: PlayedStart): PlayedTime {
  let wall = start.wallMs;
  let monotonic = start.monotonicMs;
  const sinceChipMs = start.chipMs - start.monotonicMs;
  const waiting = new Map<symbol, { readonly due: number; readonly fire: () => void }>();
  return {
    clock: {
      wallMs: () => wall,
      monotonicMs: () => monotonic,
      boot,
      chipMs: () => sinceChipMs + monotonic,
      breathe,
    },
    timer: {
      after(ms, fire) {
        const id = Symbol();
        waiting.set(id, { due: monotonic + Math.max(0, ms), fire });
        return () => waiting.delete(id);
      },
    },
    pass(mostMs) {
      const next = [...waiting].sort(([, a], [, b]) => a.due - b.due)[0];
      const untilNext = next ? Math.max(0, next[1].due - monotonic) : Number.POSITIVE_INFINITY;
      const ms = Math.min(mostMs, untilNext);
      wall += ms;
      monotonic += ms;
      const fired = next !== undefined && untilNext <= mostMs;
      if (fired) {
        waiting.delete(next[0]);
        next[1].fire();
      }
      return { ms, fired };
    },
    setWall(ms) {
      wall = ms;
    },
  };
}
