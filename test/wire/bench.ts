// A panel whose two cages are played by the test: time stands still until the test moves it.

import { setImmediate as turn } from "node:timers/promises";
import type { End } from "../../device/wire/channel.ts";
import type { ToEye, ToGlass } from "../../device/wire/lines.ts";
import {
  type FromEye,
  type FromGlass,
  readFromEye,
  readFromGlass,
  readToEye,
  readToGlass,
} from "../../device/wire/lines.ts";
import { memoryPair } from "../../device/wire/memory.ts";
import { joinPanel, type WirePanel } from "../../device/wire/panel.ts";
import type { Event, Wants } from "../../src/model.ts";

export interface Bench {
  readonly panel: WirePanel;
  /** What the cages were told. */
  readonly toEye: ToEye[];
  readonly toGlass: ToGlass[];
  readonly cageEnds: End[];
  fromEye(line: FromEye): Promise<void>;
  fromGlass(line: FromGlass): Promise<void>;
  closeEye(): Promise<void>;
  closeGlass(): Promise<void>;
  /** Moves the clock, firing what falls due on the way. */
  pass(ms: number): Promise<void>;
  timers(): number;
}

export function bench(idleMs = 60_000): Bench {
  const eye = memoryPair<ToEye, FromEye>(readFromEye, readToEye);
  const glass = memoryPair<ToGlass, FromGlass>(readFromGlass, readToGlass);
  const toEye: ToEye[] = [];
  const toGlass: ToGlass[] = [];
  const cageEnds: End[] = [];
  let now = 0;
  const timers = new Set<{ at: number; fire: () => void }>();
  eye.second.onMessage((line) => toEye.push(line));
  glass.second.onMessage((line) => toGlass.push(line));
  for (const end of [eye.second, glass.second]) end.onEnd((why) => cageEnds.push(why));
  const panel = joinPanel({
    eye: eye.first,
    glass: glass.first,
    clock: { monotonicMs: () => now },
    timer: {
      after(ms, fire) {
        const timer = { at: now + ms, fire };
        timers.add(timer);
        return () => timers.delete(timer);
      },
    },
    idleMs,
  });
  const then = async (act: () => void): Promise<void> => {
    act();
    await turn();
  };
  return {
    panel,
    toEye,
    toGlass,
    cageEnds,
    fromEye: (line) => then(() => eye.second.send(line)),
    fromGlass: (line) => then(() => glass.second.send(line)),
    closeEye: () => then(() => eye.second.close()),
    closeGlass: () => then(() => glass.second.close()),
    timers: () => timers.size,
    async pass(ms) {
      const end = now + ms;
      for (;;) {
        const due = [...timers].sort((a, b) => a.at - b.at).find((timer) => timer.at <= end);
        if (!due) break;
        timers.delete(due);
        now = Math.max(now, due.at);
        due.fire();
        await turn();
      }
      now = end;
    },
  };
}

/** All that is delivered until the panel waits. */
export async function drain(panel: WirePanel, wants: Wants): Promise<Event[]> {
  const events: Event[] = [];
  for (let event = panel.poll(wants); event; event = panel.poll(wants)) events.push(event);
  await turn();
  return events;
}
