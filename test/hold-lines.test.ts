// Where the machine has lines for ok and back, a hold is what Firn itself read there, and nothing that the glass says.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Counted } from "../src/gestures.ts";
import { HoldLines } from "../src/hold-lines.ts";
import type { Button, Event, Picture, Wants } from "../src/model.ts";
import type { Ports } from "../src/ports.ts";
import { deliberate } from "../src/screens/deliberate.ts";
import { pages } from "../src/screens/pages.ts";
import type { Screen } from "../src/screens/screen.ts";
import { ask, Locked, openDesk, perform } from "../src/ui.ts";

const press = (button: Button): Event => ({ kind: "press", button });
const [OK, BACK] = [press("ok"), press("back")];

/** When each line is down, as [from, to) in ms. */
type Down = readonly (readonly [number, number])[];
interface Hand {
  readonly ok?: Down;
  readonly back?: Down;
}

const isDown = (down: Down = [], at: number) => down.some(([from, to]) => from <= at && at < to);

interface Seen {
  readonly at: number;
  readonly event: Event;
}

interface Run {
  readonly hand: Hand;
  readonly counted: Counted;
  readonly until: number;
  /** What the glass says, by when. */
  readonly glass?: readonly (readonly [number, Event])[];
  /** When pages come; the first is there at 0. */
  readonly pages?: readonly number[];
  /** Firn looks at these times only. */
  readonly looks?: readonly number[];
}

/** What comes of it, looked after as ask() does. */
function watch({ hand, counted, until, glass = [], pages: come = [], looks }: Run): Seen[] {
  let now = 0;
  const lines = new HoldLines(
    { levels: () => ({ ok: isDown(hand.ok, now), back: isDown(hand.back, now) }) },
    0,
  );
  const seen: Seen[] = [];
  const said = [...glass];
  const pagesLeft = [...come];
  lines.pageCame(0);
  let next = 0;
  for (; now < until; now++) {
    if (pagesLeft[0] === now) lines.pageCame(pagesLeft.shift()!);
    while (said[0] !== undefined && said[0][0] <= now) {
      const [, event] = said.shift()!;
      seen.push({ at: now, event: lines.read(event, now, counted) });
    }
    if (looks ? !looks.includes(now) : now < next) continue;
    seen.push({ at: now, event: lines.read({ kind: "tick" }, now, counted) });
    next = now + lines.lookMs(counted);
  }
  return seen;
}

const helds = (seen: readonly Seen[]) => seen.filter(({ event }) => event.kind === "held");
const every = (from: number, to: number, step: number) =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step);

test("ok pressed for a second and a half after it was seen released is one hold, and a shorter press is none", () => {
  const long = helds(watch({ hand: { ok: [[500, 4000]] }, counted: "ok", until: 6000 }));
  assert.deepEqual(
    long.map(({ event }) => event),
    [{ kind: "held", button: "ok" }],
  );
  assert.ok(long[0]!.at >= 2000 && long[0]!.at <= 2100, `${long[0]!.at}`);
  assert.deepEqual(helds(watch({ hand: { ok: [[500, 1950]] }, counted: "ok", until: 6000 })), []);
});

test("a button that was down before the page came never counts, however long it stays down", () => {
  assert.deepEqual(helds(watch({ hand: { ok: [[0, 60_000]] }, counted: "ok", until: 60_000 })), []);
  const before: Hand = { ok: [[500, 60_000]] };
  assert.deepEqual(helds(watch({ hand: before, counted: "ok", until: 60_000, pages: [505, 600, 1900] })), []);
  // Not either if its contact still bounced when the page came.
  const bounced: Hand = {
    ok: [
      [500, 530],
      [545, 60_000],
    ],
  };
  const looks = [...every(0, 480, 40), 535, ...every(575, 9000, 40)];
  assert.deepEqual(helds(watch({ hand: bounced, counted: "ok", until: 9000, pages: [520], looks })), []);
  // Let go and pressed anew, it does.
  const anew: Hand = {
    ok: [
      [500, 700],
      [800, 3000],
    ],
  };
  assert.equal(helds(watch({ hand: anew, counted: "ok", until: 4000, pages: [505] })).length, 1);
});

test("a line that is stuck from the start counts for nothing: no hold, and no freeze", () => {
  const stuck: Down = [[0, 100_000]];
  for (const counted of ["ok", "both", "none"] as const) {
    assert.deepEqual(helds(watch({ hand: { ok: stuck, back: stuck }, counted, until: 20_000 })), []);
    assert.deepEqual(helds(watch({ hand: { back: stuck }, counted, until: 20_000 })), []);
  }
  // With back stuck nobody knows whether ok alone is meant.
  assert.deepEqual(
    helds(watch({ hand: { ok: [[500, 9000]], back: stuck }, counted: "ok", until: 9000 })),
    [],
  );
});

test("a flicker shorter than 30 ms neither breaks a hold nor makes one, wherever it falls", () => {
  for (const at of every(600, 1900, 13)) {
    const broken: Hand = {
      ok: [
        [500, at],
        [at + 29, 4000],
      ],
    };
    const [held] = helds(watch({ hand: broken, counted: "ok", until: 6000 }));
    assert.ok(held && held.at <= 2100, `let go at ${at} for 29 ms`);
    const sparks = every(at, at + 6000, 200).map((from): readonly [number, number] => [from, from + 29]);
    const seen = watch({ hand: { ok: sparks, back: sparks }, counted: "ok", until: 8000 });
    assert.ok(
      seen.every(({ event }) => event.kind === "tick"),
      `sparks from ${at}`,
    );
  }
});

test("letting go for a tenth of a second begins the hold anew", () => {
  const hand: Hand = {
    ok: [
      [500, 1500],
      [1600, 3000],
    ],
  };
  assert.deepEqual(helds(watch({ hand, counted: "ok", until: 4000 })), []);
});

test("a line that flickers all the time, as one whose wire is off, holds nothing", () => {
  let state = 1;
  const chance = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648 < 0.6;
  };
  const noise = every(0, 600_000, 10).flatMap((at) => (chance() ? [[at, at + 10] as const] : []));
  const levels = new Set(noise.map(([from]) => from));
  let now = 0;
  const down = () => levels.has(now - (now % 10));
  const lines = new HoldLines({ levels: () => ({ ok: down(), back: false }) }, 0);
  lines.pageCame(0);
  for (; now < 600_000; now += 40)
    assert.notEqual(lines.read({ kind: "tick" }, now, "ok").kind, "held", `at ${now}`);
});

test("what Firn did not look at for longer than 0.3 s it did not see held", () => {
  const hand: Hand = { ok: [[500, 9000]] };
  const sparse = [0, 40, 80, 560, 600, 950, 1300, 1650, 2000, 2350, 2700];
  assert.deepEqual(helds(watch({ hand, counted: "ok", until: 3000, looks: sparse })), []);
  const close = [0, 40, 80, ...every(560, 2360, 300)];
  assert.equal(helds(watch({ hand, counted: "ok", until: 3000, looks: close })).length, 1);
});

test("both pressed together are a hold of both and none of ok, and ok alone none of both", () => {
  const both: Hand = { ok: [[500, 2900]], back: [[700, 2900]] };
  assert.deepEqual(
    helds(watch({ hand: both, counted: "both", until: 4000 })).map(({ event }) => event),
    [{ kind: "held", button: "both" }],
  );
  assert.deepEqual(helds(watch({ hand: both, counted: "ok", until: 4000 })), []);
  assert.deepEqual(helds(watch({ hand: { ok: [[500, 9000]] }, counted: "both", until: 9000 })), []);
  assert.deepEqual(helds(watch({ hand: both, counted: "none", until: 4000 })), []);
});

test("back alone for three seconds freezes, on every page and over pages; while both are held for a page it waits", () => {
  const hand: Hand = { back: [[500, 3600]] };
  for (const counted of ["ok", "both", "none"] as const) {
    const [first] = helds(watch({ hand, counted, until: 5000, pages: [1000, 2000, 3300] }));
    assert.deepEqual(first?.event, { kind: "held", button: "back" });
    assert.ok(first.at >= 3500 && first.at <= 3700, `${counted} at ${first.at}`);
  }
  const short: Hand = { back: [[500, 3400]] };
  assert.deepEqual(helds(watch({ hand: short, counted: "none", until: 5000 })), []);
  const late: Hand = { back: [[500, 6000]], ok: [[2300, 3900]] };
  assert.deepEqual(
    helds(watch({ hand: late, counted: "both", until: 6000 })).map(({ event }) => event),
    [{ kind: "held", button: "both" }],
  );
});

test("a keyboard's long back freezes as well", () => {
  const repeats = every(1000, 4200, 100).map((at) => [at, BACK] as const);
  assert.ok(helds(watch({ hand: {}, counted: "none", until: 4300, glass: repeats })).length >= 1);
});

test("presses of the glass walk about, and mean nothing where a hold is asked for or one is still under way", () => {
  const all = (["up", "down", "left", "right", "ok", "back"] as const).map(press);
  for (const event of all) {
    const seen = watch({ hand: {}, counted: "none", until: 200, glass: [[100, event]] });
    assert.ok(seen.some((one) => one.event === event));
  }
  const onHold = watch({ hand: {}, counted: "ok", until: 200, glass: [[100, OK]] });
  assert.ok(onHold.every(({ event }) => event.kind !== "press"));
  // Held on after its hold was counted: the page that comes takes none of it.
  let now = 0;
  const lines = new HoldLines({ levels: () => ({ ok: now >= 500 && now < 3000, back: false }) }, 0);
  for (; now <= 2100; now += 40) lines.read({ kind: "tick" }, now, "ok");
  lines.pageCame(now);
  assert.equal(lines.read(OK, now, "none").kind, "holding");
  for (; now <= 3100; now += 40) lines.read({ kind: "tick" }, now, "none");
  assert.equal(lines.read(OK, now, "none").kind, "press");
});

test("a single back leaves a page that asks for both, from button and keyboard; the first of two does not", () => {
  const presses = (seen: readonly Seen[]) => seen.filter(({ event }) => event.kind === "press");
  const keyboard = presses(watch({ hand: {}, counted: "both", until: 2000, glass: [[500, BACK]] }));
  assert.ok(keyboard.length === 1 && keyboard[0]!.at < 850);
  const tap: Hand = { back: [[500, 620]] };
  assert.equal(presses(watch({ hand: tap, counted: "both", until: 2000, glass: [[520, BACK]] })).length, 1);
  // Slow fingers: ok comes a second after back, and both are let go before they count.
  const slow: Hand = { back: [[500, 2500]], ok: [[1500, 2500]] };
  const glass = [
    [520, BACK],
    [1520, OK],
  ] as const;
  assert.deepEqual(presses(watch({ hand: slow, counted: "both", until: 4000, glass })), []);
});

test("lines are looked at often while they matter, and seldom otherwise", () => {
  let down = false;
  const lines = new HoldLines({ levels: () => ({ ok: down, back: false }) }, 0);
  for (const now of [0, 40, 80]) lines.read({ kind: "tick" }, now, "none");
  assert.equal(lines.lookMs("none"), 250);
  for (const counted of ["ok", "both"] as const) assert.equal(lines.lookMs(counted), 40);
  down = true;
  lines.read({ kind: "tick" }, 120, "none");
  assert.equal(lines.lookMs("none"), 40);
});

// ---------------------------------------------------------------- whatever the glass says

/** Anything that a glass can say, and what pages do meanwhile. */
const anything = fc.array(
  fc.record({
    afterMs: fc.integer({ min: 0, max: 900 }),
    event: fc.oneof(
      fc.constantFrom<Button>("up", "down", "left", "right", "ok", "back").map(press),
      fc.constantFrom(..."yeszbra\b").map((char): Event => ({ kind: "char", char })),
      fc.constant<Event>({ kind: "tick" }),
      fc.constant<Event>({ kind: "resize", size: { columns: 80, rows: 24 } }),
    ),
    page: fc.boolean(),
  }),
  { maxLength: 400 },
);

test("whatever a glass says, with the lines at rest no hold of ok or of both comes of it", () => {
  fc.assert(
    fc.property(anything, fc.constantFrom<Counted>("ok", "both", "none"), (list, counted) => {
      const lines = new HoldLines({ levels: () => ({ ok: false, back: false }) }, 0);
      let now = 0;
      for (const { afterMs, event, page } of list) {
        now += afterMs;
        const read = lines.read(event, now, counted);
        if (read.kind === "held") assert.equal(read.button, "back", `at ${now}`);
        if (read.kind === "holding") assert.equal(read.share, 0);
        if (page) lines.pageCame(now);
        else if (afterMs === 7) lines.drop(event, now);
      }
    }),
    { numRuns: 400 },
  );
});

test("whatever is said and pressed, a hold of ok is ok alone held down on its line for that long, since the page came", () => {
  const moves = fc.array(
    fc.record({
      ms: fc.integer({ min: 1, max: 2500 }),
      ok: fc.boolean(),
      back: fc.boolean(),
      page: fc.boolean(),
    }),
    { maxLength: 30 },
  );
  let counted = 0;
  fc.assert(
    fc.property(moves, anything, (hand, list) => {
      let now = 0;
      let level = { ok: false, back: false };
      const lines = new HoldLines({ levels: () => level }, 0);
      lines.pageCame(0);
      const said = list.map(({ afterMs, event }, i) => ({ at: i * 37 + afterMs, event }));
      // Since when exactly these are down, and since when the page is there.
      let [sinceMs, pageMs] = [0, 0];
      for (const { ms, page, ...next } of hand) {
        if (next.ok !== level.ok || next.back !== level.back) sinceMs = now;
        level = next;
        if (page) {
          pageMs = now;
          lines.pageCame(now);
        }
        for (const until = now + ms; now < until; now += 20) {
          const glass = said[0] !== undefined && said[0].at <= now ? said.shift()!.event : undefined;
          const read = lines.read(glass ?? { kind: "tick" }, now, "ok");
          if (read.kind !== "held" || read.button === "back") continue;
          assert.ok(level.ok && !level.back, `at ${now}: ${JSON.stringify(level)}`);
          counted++;
          assert.ok(now - sinceMs >= 1500 - 80 && sinceMs >= pageMs - 80, `at ${now}, since ${sinceMs}`);
        }
      }
    }),
    { numRuns: 300 },
  );
  assert.ok(counted > 5, `${counted} holds`);
});

// ---------------------------------------------------------------- as ask() does it

const APPROVAL = pages<"yes" | "no">({
  sheets: [{ title: "Sign?", blocks: [] }],
  ok: { label: "hold ok to sign", answer: "yes", hold: true },
  back: { label: "decline", answer: "no" },
});

class NothingMore extends Error {}

/** Asks on a machine with lines; ticks come where they are wanted, the glass says its list. */
async function asked<A>(
  screen: Screen<A>,
  hand: Hand,
  glass: readonly (readonly [number, Event])[],
  untilMs = 20_000,
) {
  let nowMs = 0;
  const said = [...glass];
  const shown: Picture[] = [];
  const next = async ({ tickMs }: Wants): Promise<Event> => {
    const at = said[0]?.[0] ?? untilMs;
    if (tickMs !== undefined && nowMs + tickMs < at) {
      nowMs += tickMs;
      return { kind: "tick" };
    }
    nowMs = at;
    const event = said.shift();
    if (event === undefined) throw new NothingMore();
    return event[1];
  };
  const ports = {
    panel: { next, show: (picture: Picture) => shown.push(picture), size: () => ({ columns: 80, rows: 24 }) },
    clock: { monotonicMs: () => nowMs },
    machine: { practice: false },
    hold: { levels: () => ({ ok: isDown(hand.ok, nowMs), back: isDown(hand.back, nowMs) }) },
  } as unknown as Ports;
  const answer = await ask(openDesk(ports), screen);
  return { answer, shown, atMs: nowMs };
}

test("a page is answered by the button on its line; it says so, and shows how far the hold is", async () => {
  const { answer, shown } = await asked(APPROVAL, { ok: [[500, 3000]] }, []);
  assert.equal(answer, "yes");
  assert.equal(shown[0]!.hold, "hold the ok button to sign");
  const shares = shown.flatMap(({ blocks }) =>
    blocks.flatMap((block) => (block.kind === "meter" ? [block.share] : [])),
  );
  assert.ok(shares.length > 20 && shares.every((share, at) => share > (shares[at - 1] ?? 0)));
});

test("a keyboard that repeats ok for ten seconds, and says so of any key, signs nothing where there are lines", async () => {
  const repeats = every(1000, 11_000, 50).map((at) => [at, OK] as const);
  await assert.rejects(asked(APPROVAL, {}, repeats), NothingMore);
});

test("the word of an act that gives away more is no way around the buttons: none is offered, and typing counts for nothing", async () => {
  const screen = deliberate({ title: "Show the words?", blocks: [], what: "to show them" });
  const text = JSON.stringify(screen.draw({ columns: 80, rows: 24 }));
  assert.match(text, /Hold back and ok together to show them: the buttons, no keyboard/);
  assert.doesNotMatch(text, /type this word/);
  const typed = [..."abandonability"].map((char, i) => [1000 + i, { kind: "char", char } as const] as const);
  await assert.rejects(asked(screen, {}, typed), NothingMore);
  const hand: Hand = { ok: [[500, 3000]], back: [[520, 3000]] };
  assert.equal(
    (
      await asked(screen, hand, [
        [530, BACK],
        [540, OK],
      ])
    ).answer,
    "yes",
  );
});

test("a screen with ticks of its own gets them at its own pace while lines are looked at", async () => {
  const at: number[] = [];
  let nowMs = 0;
  const clock = (count: number): Screen<"over"> => ({
    wants: { tickMs: 1000 },
    draw: () => ({ title: "", tone: "calm", blocks: [], buttons: {} }),
    on(event) {
      if (event.kind !== "tick") return this;
      at.push(nowMs);
      return count === 3 ? { done: "over" } : clock(count + 1);
    },
  });
  const ports = {
    panel: {
      next: async ({ tickMs }: Wants) => {
        nowMs += tickMs!;
        return { kind: "tick" };
      },
      show: () => undefined,
      size: () => ({ columns: 80, rows: 24 }),
    },
    clock: { monotonicMs: () => nowMs },
    machine: { practice: false },
    hold: { levels: () => ({ ok: true, back: false }) },
  } as unknown as Ports;
  assert.equal(await ask(openDesk(ports), clock(1)), "over");
  assert.deepEqual(at, [1000, 2000, 3000]);
});

test("back held on its line while work is under way freezes, though the glass says nothing", async () => {
  for (const [heldMs, locks] of [
    [3200, true],
    [2700, false],
  ] as const) {
    let nowMs = 0;
    const ports = {
      panel: { poll: () => undefined, show: () => {}, size: () => ({ columns: 80, rows: 24 }) },
      clock: { monotonicMs: () => nowMs, breathe: async () => {} },
      machine: { practice: false },
      hold: { levels: () => ({ ok: false, back: nowMs >= 1000 && nowMs < 1000 + heldMs }) },
    } as unknown as Ports;
    function* work() {
      for (; nowMs < 10_000; nowMs += 20) yield nowMs / 10_000;
      return "made";
    }
    const made = perform(openDesk(ports), "Signing", work());
    if (locks) await assert.rejects(made, (problem) => problem instanceof Locked && problem.why === "frozen");
    else assert.equal(await made, "made");
  }
});
