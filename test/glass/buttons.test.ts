// Buttons: what contacts do, and what a hostile or broken line does, as presses.

import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { type ButtonLine, readButtons } from "../../device/glass/buttons.ts";
import { saidLines } from "../../device/glass/edges.ts";
import type { Button } from "../../src/model.ts";
import { chance } from "../pictures.ts";

/** A wire: its level over time, and an interrupt where it is waited for. */
class Wire implements ButtonLine {
  level = false;
  lost = false;
  reads = 0;
  #take: (() => void) | undefined;

  pressed(): boolean {
    this.reads++;
    if (this.lost) throw new Error("EIO");
    return this.level;
  }

  whenEdge(take: () => void): void {
    if (this.lost) throw new Error("EIO");
    assert.equal(this.#take, undefined, "watched twice");
    this.#take = take;
  }

  set(level: boolean): void {
    if (this.level === level) return;
    this.level = level;
    const take = this.#take;
    this.#take = undefined;
    take?.();
  }

  get waits(): boolean {
    return this.#take !== undefined;
  }
}

interface Due {
  readonly at: number;
  readonly fire: () => void;
}

/** A machine whose time passes only here. */
function machine(buttons: readonly Button[] = ["down"], held: readonly Button[] = []) {
  let now = 0;
  const waiting = new Set<Due>();
  const presses: (readonly [number, Button])[] = [];
  const wires = Object.fromEntries(buttons.map((name) => [name, new Wire()])) as Record<Button, Wire>;
  for (const name of held) wires[name].level = true;
  const read = readButtons(wires, {
    press: (button) => presses.push([now, button]),
    clock: { monotonicMs: () => now },
    timer: {
      after(ms, fire) {
        const due = { at: now + ms, fire };
        waiting.add(due);
        return () => waiting.delete(due);
      },
    },
  });
  const until = (ms: number) => {
    for (;;) {
      const next = [...waiting].sort((one, other) => one.at - other.at)[0];
      if (!next || next.at > ms) break;
      now = next.at;
      waiting.delete(next);
      next.fire();
    }
    now = ms;
  };
  const at = (ms: number, button: Button, level: boolean) => {
    until(ms);
    wires[button].set(level);
  };
  return { wires, presses, read, until, at, timers: () => waiting.size, now: () => now };
}

test("a press counts at its first edge, once, however its contact bounces at both ends", () => {
  const { at, until, presses } = machine();
  for (const ms of [100, 103, 107.5]) {
    at(ms, "down", true);
    at(ms + 1, "down", false);
  }
  at(109, "down", true);
  for (const ms of [250, 252, 254, 257]) {
    at(ms, "down", false);
    at(ms + 1, "down", true);
  }
  at(259, "down", false);
  until(2000);
  assert.deepEqual(presses, [[100, "down"]]);
});

test("a press shorter than the time in which contacts settle is one press all the same", () => {
  const { at, until, presses } = machine();
  at(100, "down", true);
  at(105, "down", false);
  at(180, "down", true);
  at(190, "down", false);
  until(2000);
  assert.deepEqual(
    presses.map(([ms]) => ms),
    [100, 180],
  );
});

test("what walks about repeats while it is held, as a key does, with gaps that Firn takes for a hold", () => {
  for (const button of ["up", "down", "left", "right"] as const) {
    const { at, until, presses } = machine([button]);
    at(100, button, true);
    at(1450, button, false);
    until(5000);
    const times = presses.map(([ms]) => ms);
    assert.deepEqual(times, [100, 500, 650, 800, 950, 1100, 1250, 1400]);
  }
});

test("ok and back are one press each, however long they are held: nothing is chosen twice", () => {
  const { at, until, presses } = machine(["ok", "back"]);
  at(100, "ok", true);
  at(200, "back", true);
  at(9000, "ok", false);
  at(9100, "back", false);
  at(9500, "ok", true);
  until(12_000);
  assert.deepEqual(presses, [
    [100, "ok"],
    [200, "back"],
    [9500, "ok"],
  ]);
});

test("a button that was held when the glass came is no press until it was let go", () => {
  const { at, until, presses } = machine(["down", "ok"], ["down", "ok"]);
  until(5000);
  assert.deepEqual(presses, []);
  at(5000, "ok", false);
  at(5200, "ok", true);
  until(6000);
  assert.deepEqual(presses, [[5200, "ok"]]);
});

test("a stuck button comes to rest: after half a minute it says nothing more and costs no timer", () => {
  const { at, until, presses, timers } = machine();
  at(100, "down", true);
  until(3_600_000);
  assert.ok(presses.length > 100 && presses.at(-1)![0] <= 30_200);
  assert.equal(timers(), 0);
  at(3_600_100, "down", false);
  at(3_600_300, "down", true);
  assert.equal(presses.at(-1)![0], 3_600_300);
});

test("a flooding line is looked at a few dozen times, gives a few presses, and never wakes anybody again", () => {
  const next = chance(7);
  const { wires, until, presses, timers, now } = machine(["down", "ok"]);
  for (let i = 0; i < 200_000; i++) {
    until(now() + next() * 0.05);
    wires.down.set(!wires.down.level);
  }
  assert.ok(wires.down.reads < 200, `${wires.down.reads} looks`);
  assert.ok(presses.length <= 21, `${presses.length} presses`);
  until(now() + 60_000);
  assert.equal(timers(), 0);
  assert.equal(wires.down.waits, false);
  // The others work.
  wires.ok.set(true);
  assert.equal(presses.at(-1)![1], "ok");
});

test("whoever presses as fast as a hand can is not taken for a loose wire", () => {
  const { at, until, presses } = machine();
  for (let i = 0; i < 100; i++) {
    at(1000 + i * 75, "down", true);
    at(1000 + i * 75 + 35, "down", false);
  }
  until(20_000);
  assert.equal(presses.length, 100);
});

test("a line that is lost is no button any more, and the others are", () => {
  const { wires, at, until, presses, timers, read } = machine(["down", "ok"]);
  assert.deepEqual(read, ["down", "ok"]);
  at(100, "down", true);
  wires.down.lost = true;
  at(3000, "ok", true);
  until(4000);
  assert.deepEqual(
    presses.filter(([ms]) => ms > 600),
    [[3000, "ok"]],
  );
  assert.equal(timers(), 0);
  const dead = new Wire();
  dead.lost = true;
  const nothing = {
    press: () => assert.fail(),
    clock: { monotonicMs: () => 0 },
    timer: { after: () => () => undefined },
  };
  assert.deepEqual(readButtons({ up: dead }, nothing), []);
});

// ---------------------------------------------------------------- edges that another process says

function said() {
  const stream = new PassThrough();
  let ends = 0;
  const lines = saidLines(stream, () => ends++);
  const say = async (text: string) => {
    stream.write(text);
    await turn();
  };
  return { stream, lines, say, ends: () => ends };
}

test("edges that another process says are presses, in whatever pieces they come", async () => {
  const { lines, say, ends } = said();
  const presses: Button[] = [];
  let now = 0;
  const settle: (() => void)[] = [];
  readButtons(lines, {
    press: (button) => presses.push(button),
    clock: { monotonicMs: () => now },
    timer: {
      after(_, fire) {
        settle.push(fire);
        return () => undefined;
      },
    },
  });
  const pass = () => {
    now += 20;
    for (const fire of settle.splice(0)) fire();
  };
  for (const piece of ["o", "k 1", "\nba", "ck 1\n"]) await say(piece);
  assert.deepEqual(presses, ["ok", "back"]);
  pass();
  await say("ok 0\nback 0\n");
  pass();
  await say("ok 1\n");
  assert.deepEqual(presses, ["ok", "back", "ok"]);
  assert.equal(ends(), 0);
});

test("whatever else is said, or no end of a line, or the end, is the end, once", async () => {
  const hostile = [
    "ok 2\n",
    "ok\n",
    "led 1\n",
    "__proto__ 1\n",
    "constructor 1\n",
    "OK 1\n",
    "ok 1\r\n",
    "\n",
    "a".repeat(99),
  ];
  for (const text of hostile) {
    const { say, ends, stream } = said();
    await say(`ok 1\nok 0\n${text}`);
    await say("ok 1\n");
    assert.equal(ends(), 1, JSON.stringify(text));
    assert.ok(stream.destroyed);
  }
  const { stream, ends } = said();
  stream.end();
  stream.resume();
  for (let i = 0; i < 4; i++) await turn();
  assert.equal(ends(), 1);
});
