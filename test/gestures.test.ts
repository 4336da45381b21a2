// A hold is counted by Firn's clock from single presses, and by nothing else.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Gestures } from "../src/gestures.ts";
import type { Event, Picture, Wants } from "../src/model.ts";
import type { Ports } from "../src/ports.ts";
import type { Work } from "../src/request.ts";
import { pages } from "../src/screens/pages.ts";
import { ask, Locked, openDesk, perform } from "../src/ui.ts";

const OK: Event = { kind: "press", button: "ok" };
const BACK: Event = { kind: "press", button: "back" };

/** Presses at these times after a page that came at 0; whether a hold came of it. */
function holds(times: readonly number[], event: Event = OK): boolean {
  const gestures = new Gestures();
  gestures.pageCame(0);
  return times.some((time) => gestures.read(event, time, "ok").kind === "held");
}

const every = (from: number, to: number, step: number) =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step);

test("a key that repeats for a second and a half after silence is a hold", () => {
  assert.equal(holds(every(700, 2200, 100)), true);
  assert.equal(holds([1000, 1600, 2200, 2501]), true);
});

test("a hold begun before the page was silent for 0.7 s never counts, however long it goes on", () => {
  assert.equal(holds(every(0, 60_000, 100)), false);
  assert.equal(holds(every(650, 60_000, 100)), false);
});

test("a key let go for more than 0.7 s begins anew", () => {
  assert.equal(holds([1000, 1600, 2301, 2501]), false);
});

test("thousands of presses in no time are no hold: keys pressed faster than a hand sign nothing", () => {
  assert.equal(holds(Array.from({ length: 10_000 }, () => 1000)), false);
});

test("two presses a second and a half apart are no hold", () => {
  assert.equal(holds([1000, 2500]), false);
});

test("another key within the hold ends it", () => {
  const gestures = new Gestures();
  gestures.pageCame(0);
  for (const time of every(1000, 2000, 100)) gestures.read(OK, time, "ok");
  gestures.read({ kind: "press", button: "up" }, 2050, "ok");
  assert.ok(every(2100, 3200, 100).every((time) => gestures.read(OK, time, "ok").kind !== "held"));
});

test("a key held on after its hold was counted presses nothing on the screens that follow", () => {
  const gestures = new Gestures();
  gestures.pageCame(0);
  const kinds = every(1000, 2500, 100).map((time) => gestures.read(OK, time, "ok").kind);
  assert.equal(kinds.at(-1), "held");
  gestures.pageCame(2510);
  for (const time of every(2600, 9000, 100)) assert.equal(gestures.read(OK, time, "none").kind, "holding");
  assert.equal(gestures.read(OK, 9701, "none").kind, "press");
});

test("a key held on through a long silence of the machine presses nothing on the screen that follows", () => {
  const gestures = new Gestures();
  gestures.pageCame(0);
  for (const time of every(1000, 2500, 100)) gestures.read(OK, time, "ok");
  // Two seconds in which nothing was read: what came meanwhile is dropped at once, and the key is still down.
  for (let i = 0; i < 20; i++) gestures.drop(OK, 4500);
  gestures.pageCame(4510);
  for (const time of every(4600, 9000, 100)) assert.equal(gestures.read(OK, time, "none").kind, "holding");
  assert.equal(gestures.read(OK, 9701, "none").kind, "press");
});

test("both held on after their hold was counted press nothing on the screens that follow, until each was let go", () => {
  const gestures = new Gestures();
  gestures.pageCame(0);
  const both = (time: number) => [
    gestures.read(BACK, time, "both").kind,
    gestures.read(OK, time + 10, "both").kind,
  ];
  assert.equal(every(1000, 2600, 100).flatMap(both).indexOf("held"), 31);
  gestures.pageCame(2520);
  for (const time of every(2700, 3900, 100)) {
    assert.equal(gestures.read(BACK, time, "none").kind, "holding", `back at ${time}`);
    assert.equal(gestures.read(OK, time + 10, "none").kind, "holding", `ok at ${time}`);
  }
  assert.equal(gestures.read(OK, 4700, "none").kind, "press");
  assert.equal(gestures.read(BACK, 4750, "none").kind, "press");
});

test("back held on after a hold of both freezes in the end", () => {
  const gestures = new Gestures();
  gestures.pageCame(0);
  for (const time of every(1000, 2500, 100)) {
    gestures.read(BACK, time, "both");
    gestures.read(OK, time + 10, "both");
  }
  const kinds = every(2600, 6000, 100).map((time) => gestures.read(BACK, time, "none").kind);
  assert.equal(kinds.indexOf("held"), 30);
  assert.ok(kinds.slice(0, 30).every((kind) => kind === "holding"));
});

test("where no hold is asked for, ok stays a press", () => {
  const gestures = new Gestures();
  gestures.pageCame(0);
  assert.ok(every(1000, 5000, 100).every((time) => gestures.read(OK, time, "none").kind === "press"));
});

test("back held for three seconds freezes from any screen, and a shorter hold does not", () => {
  assert.equal(holds(every(0, 2900, 100), BACK), false);
  assert.equal(holds(every(0, 3000, 100), BACK), true);
});

test("a key let go is said once its gap has passed, and not before", () => {
  const gestures = new Gestures();
  gestures.pageCame(0);
  for (const time of [1000, 1500]) gestures.read(OK, time, "ok");
  assert.deepEqual(gestures.read({ kind: "tick" }, 2200, "ok"), { kind: "tick" });
  assert.ok(gestures.lookMs() !== undefined);
  assert.deepEqual(gestures.read({ kind: "tick" }, 2201, "ok"), { kind: "holding", share: 0 });
  assert.equal(gestures.lookMs(), undefined);
});

test("looking after a hold changes nothing about what counts", () => {
  for (const step of [100, 300, 700, 701]) {
    const times = every(1000, 20_000, step);
    const gestures = new Gestures();
    gestures.pageCame(0);
    const held = times.some((time) => {
      gestures.read({ kind: "tick" }, time - 1, "ok");
      return gestures.read(OK, time, "ok").kind === "held";
    });
    assert.equal(held, holds(times), `every ${step} ms`);
  }
});

const APPROVAL = pages<"yes" | "no">({
  sheets: [{ title: "Sign?", blocks: [] }],
  ok: { label: "hold ok to sign", answer: "yes", hold: true },
  back: { label: "decline", answer: "no" },
});

/** Asks with these events, each at its time in ms, ticks where they are wanted; every picture's title and meter. */
async function shown(events: readonly (readonly [number, Event])[]) {
  let nowMs = 0;
  const meters: (number | undefined)[] = [];
  const left = [...events];
  let tickFromMs: number | undefined;
  const next = async ({ tickMs }: Wants): Promise<Event> => {
    if (tickMs === undefined) tickFromMs = undefined;
    else tickFromMs ??= nowMs;
    const [at, event] = left[0]!;
    if (tickMs !== undefined && tickFromMs! + tickMs < at) {
      tickFromMs = nowMs = tickFromMs! + tickMs;
      return { kind: "tick" };
    }
    left.shift();
    nowMs = at;
    return event;
  };
  const show = ({ blocks }: Picture) => {
    const meter = blocks.find((block) => block.kind === "meter");
    meters.push(meter?.share);
  };
  const ports = {
    panel: { next, show, size: () => ({ columns: 80, rows: 24 }) },
    clock: { monotonicMs: () => nowMs },
    machine: { practice: false },
  } as unknown as Ports;
  const answer = await ask(openDesk(ports), APPROVAL);
  return { answer, meters };
}

test("a hold let go too early leaves the screen as it was, and one that goes on never flickers", async () => {
  const early = every(1000, 1500, 100).map((time) => [time, OK] as const);
  const { answer, meters } = await shown([...early, [9000, BACK]]);
  assert.equal(answer, "no");
  assert.ok(meters.includes(500 / 1500));
  assert.equal(meters.at(-1), undefined);
  const whole = await shown(every(1000, 2600, 400).map((time) => [time, OK] as const));
  assert.equal(whole.answer, "yes");
  const shares = whole.meters.slice(2);
  assert.ok(
    shares.every((share, at) => share !== undefined && share >= (shares[at - 1] ?? 0)),
    `${shares}`,
  );
});

test("a hold during which the window changed its size begins anew: another page may have come under it", async () => {
  const before = every(1000, 1800, 100).map((time) => [time, OK] as const);
  const resize: Event = { kind: "resize", size: { columns: 80, rows: 24 } };
  const after = every(1900, 2900, 100).map((time) => [time, OK] as const);
  const { answer } = await shown([...before, [1850, resize], ...after, [9000, BACK]]);
  assert.equal(answer, "no");
  assert.equal((await shown([...before, ...after, [9000, BACK]])).answer, "yes");
});

test("back held for three seconds freezes while work is under way, and a shorter hold does not", async () => {
  for (const [heldMs, locks] of [
    [3100, true],
    [2900, false],
  ] as const) {
    let nowMs = 0;
    const pressed = every(1000, 1000 + heldMs, 100);
    const ports = {
      panel: {
        poll: () => (pressed[0] !== undefined && pressed[0] <= nowMs && pressed.shift() ? BACK : undefined),
        show: () => {},
        size: () => ({ columns: 80, rows: 24 }),
      },
      clock: { monotonicMs: () => nowMs, breathe: async () => {} },
      machine: { practice: false },
    } as unknown as Ports;
    function* work(): Work<string> {
      for (; nowMs < 10_000; nowMs += 20) yield nowMs / 10_000;
      return "made";
    }
    const made = perform(openDesk(ports), "Signing", work());
    if (locks) await assert.rejects(made, (problem) => problem instanceof Locked && problem.why === "frozen");
    else assert.equal(await made, "made");
  }
});

/** What a page that asks for both makes of these presses; it looks after them as ask() does. */
function together(presses: readonly (readonly [number, Event])[], until: number): Event[] {
  const gestures = new Gestures();
  gestures.pageCame(0);
  const read: Event[] = [];
  const left = [...presses];
  for (let now = 0; now <= until; now += 50) {
    while (left[0] !== undefined && left[0][0] <= now)
      read.push(gestures.read(left.shift()![1], now, "both"));
    if (now % 300 === 0 && gestures.lookMs() !== undefined)
      read.push(gestures.read({ kind: "tick" }, now, "both"));
  }
  return read;
}
const held = (events: readonly Event[]) => events.filter(({ kind }) => kind === "held");

test("back and ok that repeat together for a second and a half are one hold, whichever came first", () => {
  for (const [first, second] of [
    [OK, BACK],
    [BACK, OK],
  ] as const) {
    const presses = every(1000, 3000, 100).flatMap((time) => [
      [time, first] as const,
      [time + 50, second] as const,
    ]);
    assert.deepEqual(held(together(presses, 6000)), [{ kind: "held", button: "both" }]);
    const short = presses.filter(([time]) => time < 2500);
    assert.deepEqual(held(together(short, 6000)), []);
  }
});

test("back and ok pressed in turns, or one of them let go, are no hold of both", () => {
  const turns = every(1000, 12_000, 1800).flatMap((time) => [
    [time, OK] as const,
    [time + 900, BACK] as const,
  ]);
  assert.deepEqual(held(together(turns, 15_000)), []);
  const one = every(1000, 6000, 100).map((time) => [time, OK] as const);
  assert.deepEqual(held(together([[1050, BACK], ...one], 9000)), []);
});

test("where both are asked for, a single back is a press as soon as no ok came with it", () => {
  assert.deepEqual(together([[1000, BACK]], 1600).at(-1), { kind: "press", button: "back" });
  const with_ok = together(
    [
      [1000, BACK],
      [1100, OK],
    ],
    3000,
  );
  assert.ok(with_ok.every(({ kind }) => kind !== "press"));
});

test("where both are asked for, ok presses nothing, and the long hold of back alone still freezes", () => {
  const ok = every(1000, 9000, 100).map((time) => [time, OK] as const);
  assert.ok(together(ok, 9500).every(({ kind }) => kind !== "press" && kind !== "held"));
  const back = every(1000, 4200, 100).map((time) => [time, BACK] as const);
  assert.deepEqual(held(together(back, 4300)), [{ kind: "held", button: "back" }]);
});

/** Both from `from` to `to`, every 100 ms; what is left out is neither pressed. */
const both = (from: number, to: number) =>
  every(from, to, 100).flatMap((time) => [[time, BACK] as const, [time + 10, OK] as const]);

test("where both are asked for and one is let go while the other goes on, the hold begins anew with its next press", () => {
  for (const lasting of [OK, BACK] as const) {
    const alone = every(1600, 2800, 100).map((time) => [time, lasting] as const);
    const presses = [...both(1000, 1500), ...alone, ...both(2900, 3700)];
    assert.deepEqual(held(together(presses, 3800)), []);
    const on = [...presses, ...both(3800, 4600)];
    assert.deepEqual(held(together(on, 4700)), [{ kind: "held", button: "both" }]);
  }
});

test("a page that comes while both are held begins their hold anew", () => {
  const gestures = new Gestures();
  gestures.pageCame(0);
  const kinds = (from: number, to: number) =>
    both(from, to).map(([time, event]) => gestures.read(event, time, "both").kind);
  assert.ok(!kinds(1000, 2400).includes("held"));
  gestures.pageCame(2450);
  assert.ok(!kinds(2500, 3900).includes("held"));
  assert.ok(kinds(4000, 4100).includes("held"));
});

test("both held on after their hold was counted never count for the next page that asks for both", () => {
  const gestures = new Gestures();
  gestures.pageCame(0);
  const kinds = (from: number, to: number) =>
    both(from, to).map(([time, event]) => gestures.read(event, time, "both"));
  assert.equal(held(kinds(1000, 2500)).length, 1);
  gestures.pageCame(2520);
  // Back alone may freeze: that is no yes.
  for (const { button } of held(kinds(2600, 9000)) as { button: string }[]) assert.equal(button, "back");
});
