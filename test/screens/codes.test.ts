// Codes choose their size by the window, until a person does.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { CodeLoop, Density, Event, Picture, Size } from "../../src/model.ts";
import { type CodesAnswer, codes } from "../../src/screens/codes.ts";
import { scan } from "../../src/screens/scan.ts";
import type { Screen } from "../../src/screens/screen.ts";

const LARGE: Size = { columns: 120, rows: 60 };
const SMALL: Size = { columns: 80, rows: 24 };
const FEWER = "choose signatures only under form";

const LOOPS: Record<Density, readonly [version: number, count: number]> = {
  least: [5, 40],
  low: [10, 21],
  medium: [20, 5],
  high: [27, 3],
};

function loop(density: Density): CodeLoop {
  const [version, count] = LOOPS[density];
  return { texts: Array.from({ length: count }, (_, at) => `${at}`), version, level: "L", mode: "byte" };
}

const opened = (size: Size) => codes({ title: "T", caption: "C", loop, fewer: FEWER }, size);

function after(screen: Screen<CodesAnswer>, event: Event, size: Size): Screen<CodesAnswer> {
  const next = screen.on(event, size);
  assert.ok(!("done" in next));
  return next;
}

const resize = (size: Size): Event => ({ kind: "resize", size });
const count = ({ step }: Picture) => Number(step!.split(" ").at(-1));
const textOf = ({ blocks }: Picture) =>
  blocks.flatMap((block) => (block.kind === "text" ? [block.text] : [])).join(" ");
const says = (picture: Picture) => textOf(picture).includes(FEWER);

test("the loop goes through every code, and again from its first for as long as it is shown", () => {
  let screen = opened(LARGE);
  const seen: number[] = [];
  for (let tick = 0; tick < 12; tick++) {
    const [code] = screen.draw(LARGE).blocks.filter((block) => block.kind === "code");
    seen.push(code!.index);
    screen = after(screen, { kind: "tick" }, LARGE);
  }
  assert.deepEqual(seen, [0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1]);
  assert.equal(screen.wants?.awake, true);
});

test("the person's hand changes the speed, and it comes round", () => {
  let screen = opened(LARGE);
  const speeds: (number | undefined)[] = [];
  for (let press = 0; press < 5; press++) {
    speeds.push(screen.wants?.tickMs);
    screen = after(screen, { kind: "press", button: "down" }, LARGE);
  }
  assert.deepEqual(speeds, [250, 167, 125, 400, 250]);
});

test("a window that grows gets larger codes, and one that shrinks smaller ones", () => {
  let screen = opened(SMALL);
  assert.equal(count(screen.draw(SMALL)), 40);
  screen = after(screen, resize(LARGE), LARGE);
  assert.equal(count(screen.draw(LARGE)), 5);
  screen = after(screen, resize(SMALL), SMALL);
  assert.equal(count(screen.draw(SMALL)), 40);
});

test("a panel that draws codes in pixels has the size that it has: its modules choose, and nobody is told to enlarge it", () => {
  const panel = (codeModules: number): Size => ({ columns: 40, rows: 20, codeModules });
  for (const [modules, codesThen] of [
    [97, 5],
    [96, 21],
    [57, 21],
    [56, 40],
  ] as const)
    assert.equal(count(opened(panel(modules)).draw(panel(modules))), codesThen, `${modules} modules`);
  assert.match(
    textOf(opened(panel(40)).draw(panel(40))),
    /For fewer codes choose signatures only under form\./,
  );
  assert.match(textOf(opened(SMALL).draw(SMALL)), /Make the window larger, or choose signatures only/);
  const without = (size: Size) => textOf(codes({ title: "T", caption: "C", loop }, size).draw(size));
  assert.deepEqual([without(panel(40)), without(SMALL)], ["C", "C Make the window larger for fewer codes."]);
});

test("a size that a person chose stays, whatever the window does", () => {
  const chosen = after(opened(LARGE), { kind: "press", button: "up" }, LARGE);
  assert.equal(count(chosen.draw(LARGE)), 3);
  assert.equal(count(after(chosen, resize(SMALL), SMALL).draw(SMALL)), 3);
});

test("a new size that changes nothing does not begin the loop again", () => {
  const second = after(opened(LARGE), { kind: "tick" }, LARGE);
  const wide = { columns: 200, rows: 90 };
  assert.equal(after(second, resize(wide), wide).draw(wide).step, "code 2 of 5");
});

test("more than twenty codes come with a word on how to have fewer", () => {
  assert.equal(says(opened(SMALL).draw(SMALL)), true);
  assert.equal(says(opened({ columns: 80, rows: 40 }).draw(SMALL)), true);
  assert.equal(says(opened(LARGE).draw(LARGE)), false);
});

test("a machine that is reading a code is awake, one to which none was shown yet is not", () => {
  const waits = scan({ title: "T", ask: "A", kinds: ["psbt"] });
  assert.equal(waits.wants?.awake, undefined);
  const progress = { dialect: "ur", have: 1, total: 9, map: "#........" } as const;
  const reads = waits.on({ kind: "progress", progress }, LARGE);
  assert.ok(!("done" in reads));
  assert.equal(reads.wants?.awake, true);
});
