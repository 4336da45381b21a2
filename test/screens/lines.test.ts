// A long record on the screen: where the cursor goes, and what a picture holds of it.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Button, Event } from "../../src/model.ts";
import { type LinesAnswer, lines } from "../../src/screens/lines.ts";
import type { Screen } from "../../src/screens/screen.ts";

const SIZE = { columns: 80, rows: 24 };
const ITEMS = Array.from({ length: 1000 }, (_, index) => `line ${index}`);

function pressed(
  screen: Screen<LinesAnswer>,
  ...buttons: readonly Button[]
): Screen<LinesAnswer> | LinesAnswer {
  let now = screen;
  for (const button of buttons) {
    const event: Event = { kind: "press", button };
    const next = now.on(event, SIZE);
    if ("done" in next) return next.done;
    now = next;
  }
  return now;
}

const drawn = (screen: Screen<LinesAnswer> | LinesAnswer) => {
  assert.ok(typeof screen === "object" && "draw" in screen);
  const picture = screen.draw(SIZE);
  const [list] = picture.blocks.filter((block) => block.kind === "list");
  assert.ok(list?.kind === "list");
  return { step: picture.step, items: list.items, chosen: list.items[list.cursor] };
};

test("a picture of a thousand lines holds only those around the cursor, and the cursor is on the right one", () => {
  for (const at of [0, 3, 500, 999]) {
    const { items, chosen, step } = drawn(lines({ title: "Record", items: ITEMS, more: false }, at));
    assert.ok(items.length <= 81);
    assert.equal(chosen, `line ${at}`);
    assert.equal(step, `${at + 1} of 1000`);
  }
});

test("down goes to older lines, up to newer ones, right and left ten at a time, and neither past the end", () => {
  const all = lines({ title: "Record", items: ITEMS, more: false });
  assert.equal(drawn(pressed(all, "down", "down", "up")).chosen, "line 1");
  assert.equal(drawn(pressed(all, "right", "right", "left", "down")).chosen, "line 11");
  assert.equal(drawn(pressed(all, "up")).chosen, "line 0");
  assert.equal(
    drawn(pressed(lines({ title: "", items: ITEMS, more: false }, 999), "down")).chosen,
    "line 999",
  );
});

test("past the last line more is asked for where there is more; ok opens the line under the cursor", () => {
  const some = lines({ title: "Record", items: ["a", "b"], more: true });
  assert.equal(pressed(some, "down", "down"), "more");
  assert.equal(pressed(some, "right"), "more");
  assert.deepEqual(pressed(some, "down", "ok"), { open: 1 });
  assert.equal(pressed(some, "back"), "back");
  assert.equal(drawn(some).step, "1 of 2 and more");
});
