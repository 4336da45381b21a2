// Long reading of the card: the screen breathes between its steps, and back stops it.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Event, Picture } from "../../src/model.ts";
import type { Ports } from "../../src/ports.ts";
import { Locked, openDesk, performReading } from "../../src/ui.ts";

interface Seen {
  steps: number;
  breaths: number;
  ended: boolean;
  readonly pictures: Picture[];
}

/** A desk at which this happens after so many breaths. */
function deskWith(events: ReadonlyMap<number, Event>) {
  const seen: Seen = { steps: 0, breaths: 0, ended: false, pictures: [] };
  let told = 0;
  const panel = {
    size: () => ({ columns: 80, rows: 24 }),
    show: (picture: Picture) => void seen.pictures.push(picture),
    poll: () => {
      if (told === seen.breaths) return undefined;
      told = seen.breaths;
      return events.get(told);
    },
  };
  const clock = {
    monotonicMs: () => seen.steps * 30,
    wallMs: () => 0,
    breathe: async () => void seen.breaths++,
  };
  const desk = openDesk({ panel, clock, machine: { practice: false } } as unknown as Ports);
  async function* work(steps: number): AsyncGenerator<number, string> {
    try {
      for (; seen.steps < steps; seen.steps++) yield seen.steps / steps;
      return "done";
    } finally {
      seen.ended = true;
    }
  }
  return { desk, seen, work };
}

const BACK: Event = { kind: "press", button: "back" };

test("it comes to its end, lets events in after every step, and shows how far it is ten times a second at most", async () => {
  const { desk, seen, work } = deskWith(new Map([[7, { kind: "press", button: "ok" }]]));
  assert.equal(await performReading(desk, "Searching", work(400)), "done");
  assert.equal(seen.breaths, 400);
  assert.ok(seen.pictures.length > 50 && seen.pictures.length <= 101);
  assert.deepEqual(seen.pictures.at(-1)?.buttons, { back: "stop" });
});

test("back stops it after the step under way, and what it held is let go", async () => {
  const { desk, seen, work } = deskWith(new Map([[5, BACK]]));
  assert.equal(await performReading(desk, "Searching", work(Number.MAX_SAFE_INTEGER)), "stopped");
  assert.equal(seen.breaths, 5);
  assert.ok(seen.ended);
});

test("the long hold of back still freezes while it reads", async () => {
  const { desk, work } = deskWith(new Map());
  const held = { ...desk, holds: { ...desk.holds, drop: (event: Event) => event, freezes: () => true } };
  await assert.rejects(
    performReading(held as unknown as typeof desk, "Searching", work(100)),
    (problem) => problem instanceof Locked && problem.why === "frozen",
  );
});
