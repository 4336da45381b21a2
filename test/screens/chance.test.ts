import assert from "node:assert/strict";
import { test } from "node:test";
import type { Event } from "../../src/model.ts";
import { chance } from "../../src/screens/chance.ts";
import { rolls } from "../../src/screens/rolls.ts";
import type { Screen } from "../../src/screens/screen.ts";

const SIZE = { columns: 80, rows: 24 };
const frame = (first: number): Event => ({
  kind: "preview",
  width: 2,
  height: 1,
  luma: Uint8Array.of(first, 0),
});

/** Takes the first pixel of each frame. */
const first = chance<readonly number[]>(
  {
    title: "T",
    ask: "A",
    add: (taken, { luma }) => [...taken, luma[0]!],
    meter: (taken) => ({ label: `${taken.length}`, share: taken.length / 3 }),
    ended: (taken) => taken.length === 3,
  },
  [],
);

function after(screen: Screen<unknown>, ...events: readonly Event[]) {
  let now: Screen<unknown> | { readonly done: unknown } = screen;
  for (const event of events) {
    assert.ok("on" in now, "it was done before");
    now = now.on(event, SIZE);
  }
  return now;
}

test("each frame is added to those before, the newest is shown, and it ends by itself when it is enough", () => {
  const two = after(first, frame(7), frame(8)) as Screen<unknown>;
  const { blocks } = two.draw(SIZE);
  assert.deepEqual(blocks[1], { kind: "meter", label: "2", share: 2 / 3 });
  assert.deepEqual(blocks[2], { kind: "image", width: 2, height: 1, luma: Uint8Array.of(8, 0) });
  assert.deepEqual(after(two, frame(9)), { done: [7, 8, 9] });
  // A screen is a value: what came after it changed nothing in it.
  assert.deepEqual(after(two, frame(1)), { done: [7, 8, 1] });
});

test("it wants chance from the eye and stays awake; what else the eye says gives nothing", () => {
  assert.deepEqual(first.wants, { scan: ["chance"], awake: true });
  const progress: Event = { kind: "progress", progress: { dialect: "ur", have: 1, total: 2, map: "#." } };
  assert.equal(after(first, progress, { kind: "tick" }), first);
});

test("a camera that is not there is named, a frame takes that back, and back leaves with nothing", () => {
  const blind = after(first, { kind: "unread", reason: "transport.no-camera" }) as Screen<unknown>;
  assert.match(JSON.stringify(blind.draw(SIZE)), /transport\.no-camera/);
  assert.equal(blind.draw(SIZE).tone, "caution");
  assert.equal((after(blind, frame(1)) as Screen<unknown>).draw(SIZE).tone, "calm");
  assert.deepEqual(after(blind, frame(1), { kind: "press", button: "back" }), { done: "back" });
  const dark = after(first, { kind: "camera", trouble: "transport.camera-stopped" }) as Screen<unknown>;
  assert.match(JSON.stringify(dark.draw(SIZE)), /transport\.camera-stopped/);
  assert.equal((after(dark, { kind: "camera" }) as Screen<unknown>).draw(SIZE).tone, "calm");
  const unknown = after(first, { kind: "unread", reason: "other" }) as Screen<unknown>;
  assert.match(JSON.stringify(unknown.draw(SIZE)), /Nothing is seen \(other\)/);
});

test("more rolls than are taken are not, and that is said; the ones before stay", () => {
  const type = (text: string) => [...text].map((char): Event => ({ kind: "char", char }));
  const screen = rolls({ title: "T", ask: "A", faces: "10", least: 2, most: 3 });
  const full = after(screen, ...type("101"), ...type("0")) as Screen<unknown>;
  assert.match(JSON.stringify(full.draw(SIZE)), /no more are taken/);
  assert.deepEqual(after(full, { kind: "press", button: "ok" }), { done: Uint8Array.of(49, 48, 49) });
  assert.deepEqual(after(full, ...type("\b"), ...type("0"), { kind: "press", button: "ok" }), {
    done: Uint8Array.of(49, 48, 48),
  });
});
