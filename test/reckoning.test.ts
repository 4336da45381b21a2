// Time as windows count it: never back, never ahead of what has really passed.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { uptime } from "node:os";
import { test } from "node:test";
import fc from "fast-check";
import { hostTime } from "../device/host/time.ts";
import { NAMELESS, reckon, type Stamp } from "../src/reckoning.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOON = Date.UTC(2026, 2, 1, 12);

/** A machine as it is: true time, a clock that people set, and perhaps a chip. */
class Machine {
  readonly begunMs = NOON;
  trueMs = NOON;
  onMs = 1000;
  boot = 1;
  /** The machine's clock is so far from the truth. */
  wallOff = 0;
  chipOff: number | undefined;
  readonly named: boolean;

  constructor(chip: boolean, named = true) {
    this.chipOff = chip ? 0 : undefined;
    this.named = named;
  }

  get clock() {
    const { chipOff } = this;
    return {
      wallMs: () => this.trueMs + this.wallOff,
      monotonicMs: () => this.onMs,
      boot: this.named ? `boot-${this.boot}` : NAMELESS,
      ...(chipOff === undefined ? {} : { chipMs: () => this.trueMs + chipOff }),
    };
  }

  pass(ms: number): void {
    this.trueMs += ms;
    this.onMs += ms;
  }

  off(ms: number, startMs = 500): void {
    this.trueMs += ms + startMs;
    this.onMs = startMs;
    this.boot++;
  }
}

type Step =
  | { readonly do: "pass" | "off"; readonly ms: number }
  | { readonly do: "set"; readonly offMs: number }
  | { readonly do: "write" };

const spans = fc.oneof(fc.nat(5000), fc.nat(3 * HOUR), fc.nat(40 * DAY));
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom("pass" as const, "off" as const), ms: spans }),
  fc.record({ do: fc.constant("set" as const), offMs: fc.integer({ min: -4000 * DAY, max: 4000 * DAY }) }),
  fc.constant({ do: "write" as const }),
);

function live(machine: Machine, steps: readonly Step[], look: (now: Stamp, last: Stamp) => void): void {
  let last = reckon(machine.clock, undefined);
  for (const step of steps) {
    if (step.do === "pass") machine.pass(step.ms);
    else if (step.do === "off") machine.off(step.ms);
    else if (step.do === "set") machine.wallOff = step.offMs;
    const now = reckon(machine.clock, last);
    look(now, last);
    if (step.do === "write") last = now;
  }
}

test("time is never ahead of what has passed, and what is written never goes back, whatever is set, cut, locked and switched off", () => {
  fc.assert(
    fc.property(fc.boolean(), fc.boolean(), fc.array(step, { maxLength: 60 }), (hasChip, named, steps) => {
      const machine = new Machine(hasChip, named);
      live(machine, steps, ({ at }, last) => {
        assert.ok(at >= last.at, "back");
        assert.ok(at <= machine.trueMs, `ahead by ${at - machine.trueMs} ms`);
      });
    }),
    { numRuns: 3000 },
  );
});

test("every line's time is at least that of the line before", () => {
  fc.assert(
    fc.property(fc.boolean(), fc.array(step, { maxLength: 60 }), (hasChip, steps) => {
      const machine = new Machine(hasChip);
      let last = reckon(machine.clock, undefined);
      for (const one of steps) {
        live(machine, [one], () => undefined);
        // Even a chip that lies may only stop time, or take it on: never back.
        if (hasChip && one.do === "set") machine.chipOff = one.offMs;
        const now = reckon(machine.clock, last);
        assert.ok(now.at >= last.at);
        last = now;
      }
    }),
  );
});

test("with a chip nothing of the time is lost, with none only what passed while it was off", () => {
  for (const hasChip of [true, false]) {
    const machine = new Machine(hasChip);
    let last = reckon(machine.clock, undefined);
    machine.pass(2 * HOUR);
    last = reckon(machine.clock, last);
    machine.off(10 * DAY);
    machine.pass(HOUR);
    last = reckon(machine.clock, last);
    machine.pass(HOUR);
    assert.equal(reckon(machine.clock, last).at - NOON, 4 * HOUR + 500 + (hasChip ? 10 * DAY : 0));
  }
});

test("a clock that is set, on and forward or back, moves nothing: neither now nor after the next start", () => {
  for (const hasChip of [true, false])
    for (const years of [-6, 4, 80]) {
      const machine = new Machine(hasChip);
      const last = reckon(machine.clock, undefined);
      machine.wallOff = years * 365 * DAY;
      machine.pass(HOUR);
      assert.equal(reckon(machine.clock, last).at, NOON + HOUR);
      machine.off(0);
      machine.pass(HOUR);
      assert.equal(reckon(machine.clock, last).at, NOON + (hasChip ? 2 * HOUR + 500 : HOUR + 500));
    }
});

test("a chip that was set back while it was off closes: time goes on with what the machine is on", () => {
  const machine = new Machine(true);
  const last = reckon(machine.clock, undefined);
  machine.chipOff = -400 * DAY;
  machine.off(DAY);
  machine.pass(HOUR);
  const next = reckon(machine.clock, last);
  assert.equal(next.at, NOON + HOUR + 500);
  // From then on its time counts as it runs.
  machine.off(DAY);
  assert.equal(reckon(machine.clock, next).at, NOON + HOUR + 1000 + DAY);
});

test("a chip that is new, or gone, counts from the line after: what was written without one says nothing of it", () => {
  const machine = new Machine(false);
  machine.wallOff = -300 * DAY;
  let last = reckon(machine.clock, undefined);
  const begun = last.at;
  machine.chipOff = 0;
  machine.off(DAY);
  last = reckon(machine.clock, last);
  assert.equal(last.at - begun, 500);
  machine.off(DAY);
  last = reckon(machine.clock, last);
  assert.equal(last.at - begun, 1000 + DAY);
  machine.chipOff = undefined;
  machine.off(DAY);
  assert.equal(reckon(machine.clock, last).at - begun, 1500 + DAY);
});

test("within one power-on a monotonic clock that falls back gives nothing, never all of the power-on again", () => {
  const machine = new Machine(false);
  machine.pass(9 * DAY);
  const last = reckon(machine.clock, undefined);
  machine.onMs -= 10;
  assert.equal(reckon(machine.clock, last).at, last.at);
});

test("whatever clocks say, what is written is whole and short enough to be read again", () => {
  for (const wild of [Number.NaN, -5, 0.5, 8.64e15, Number.POSITIVE_INFINITY, 1e300]) {
    const clock = { wallMs: () => wild, monotonicMs: () => wild, chipMs: () => wild, boot: "one" };
    for (const value of Object.values(reckon(clock, undefined)))
      if (typeof value === "number") assert.match(String(value), /^\d{1,15}$/);
  }
});

test("on a computer powered-on time counts from its start and sleep with it, under the name that the kernel gives", () => {
  const { clock } = hostTime();
  const again = hostTime();
  const name = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  assert.deepEqual([clock.boot, again.clock.boot], [name, name]);
  const first = clock.monotonicMs();
  assert.ok(again.clock.monotonicMs() >= first && again.clock.monotonicMs() - first < 60_000);
  // At least as much as what the kernel counts without sleep, and not more than with it.
  const awake = Number(process.hrtime.bigint() / 1_000_000n);
  assert.ok(first >= awake - 60_000 && first <= Math.max(awake, uptime() * 1000) + 60_000);
  assert.ok(Math.abs(clock.chipMs!() - Date.now()) < 60_000);
});
