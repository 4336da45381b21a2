// The levels of ok and back, as Firn reads them from what root has set up.

import assert from "node:assert/strict";
import { chmodSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { openHold } from "../../device/pi/hold.ts";
import { board, put } from "./rig.ts";

const NEITHER = { ok: false, back: false };

function made(t: TestContext, file: object | undefined, levels = { ok: "1\n", back: "1\n" }) {
  const at = board(t);
  const value = (name: string) => join(at, `sys/class/gpio/${name}/value`);
  for (const [name, level] of Object.entries(levels)) put(at, `/sys/class/gpio/${name}/value`, level);
  const line = (name: string, number: number) => ({ number, value: value(name) });
  const lines = { ok: line("ok", 533), back: line("back", 528) };
  const path = join(at, "run/firn-machine/lines.json");
  if (file !== undefined) put(at, "/run/firn-machine/lines.json", { lines, ...file });
  return {
    at,
    lines,
    path,
    hold: openHold(path, process.getuid!()),
    set: (name: string, level: string) => writeFileSync(value(name), level),
  };
}

test("a line to ground is pressed when it is low, and each look reads anew", (t) => {
  const { hold, set } = made(t, {});
  assert.deepEqual(hold.levels(), NEITHER);
  set("ok", "0\n");
  assert.deepEqual(hold.levels(), { ok: true, back: false });
  set("back", "0\n");
  assert.deepEqual(hold.levels(), { ok: true, back: true });
  set("ok", "1\n");
  assert.deepEqual(hold.levels(), { ok: false, back: true });
  assert.deepEqual(hold.fact(), {
    about: "part",
    label: "Buttons",
    found: "ok and back are read by Firn itself",
    state: "well",
  });
});

test("where pressed is high a high line is pressed", (t) => {
  const { hold, set } = made(t, { pressedHigh: true });
  assert.deepEqual(hold.levels(), { ok: true, back: true });
  set("back", "0\n");
  assert.deepEqual(hold.levels(), { ok: true, back: false });
});

test("where another process keeps the levels, 1 is pressed, and what nobody keeps any more is not", (t) => {
  const { at, path } = made(t, undefined);
  put(at, "/run/firn-lines/ok", "1");
  put(at, "/run/firn-lines/back", "0");
  put(at, "/run/firn-machine/lines.json", {
    lines: {},
    edges: "/run/firn-wire/lines.sock",
    levels: join(at, "run/firn-lines"),
  });
  const hold = openHold(path, process.getuid!());
  assert.deepEqual(hold.levels(), { ok: true, back: false });
  rmSync(join(at, "run/firn-lines"), { recursive: true });
  assert.deepEqual(hold.levels(), NEITHER);
  assert.equal(hold.fact().state, "open");
});

test("lines that cannot be read are not pressed, and that is said; once they are there they are read", (t) => {
  const { at, path, lines } = made(t, undefined, { ok: "0\n", back: "0\n" });
  const hold = openHold(path, process.getuid!());
  const pressed = { ok: true, back: true };
  const wrong = (file: unknown, why: RegExp) => {
    put(at, "/run/firn-machine/lines.json", file);
    assert.deepEqual(hold.levels(), NEITHER, String(why));
    const { found, state } = hold.fact();
    assert.equal(state, "open");
    assert.match(found, why);
    assert.match(found, /no hold counts$/);
  };
  assert.match(hold.fact().found, /nothing was set up/);
  wrong("{", /JSON/);
  wrong({ lines, pressedHigh: false }, /pressedHigh/);
  wrong({ lines, more: 1 }, /no keys but/);
  wrong({ lines: { ok: lines.ok } }, /a line is missing/);
  wrong({ lines: { ...lines, ok: { number: 1, value: "value" } } }, /lines\.ok\.value/);
  wrong({ lines: { ...lines, ok: { number: 1, value: join(at, "not-there") } } }, /ENOENT/);
  wrong({ lines, edges: "/a", levels: "/b" }, /lines, or edges and levels/);
  wrong({ lines: {}, edges: "/a" }, /lines, or edges and levels/);
  wrong({ lines: {}, levels: "/a" }, /lines, or edges and levels/);
  put(at, "/run/firn-machine/lines.json", { lines });
  chmodSync(path, 0o666);
  assert.deepEqual(hold.levels(), NEITHER);
  chmodSync(path, 0o644);
  assert.deepEqual(hold.levels(), pressed);
  assert.equal(hold.fact().state, "well");
});

test("another owner's word about the lines is not taken", (t) => {
  const { path } = made(t, {}, { ok: "0\n", back: "0\n" });
  const hold = openHold(path, process.getuid!() + 1);
  assert.deepEqual(hold.levels(), NEITHER);
  assert.match(hold.fact().found, /root alone/);
});

test("a value file that is a link, a level that is none, and many failing looks leave nothing open", (t) => {
  const { at, hold, lines, set, path } = made(t, {}, { ok: "0\n", back: "0\n" });
  assert.deepEqual(hold.levels(), { ok: true, back: true });
  for (const level of ["", "x\n", "\0"]) {
    set("ok", level);
    assert.deepEqual(hold.levels(), NEITHER, JSON.stringify(level));
  }
  symlinkSync(lines.back.value, join(at, "link"));
  put(at, "/run/firn-machine/lines.json", {
    lines: { ...lines, back: { number: 2, value: join(at, "link") } },
  });
  const linked = openHold(path, process.getuid!());
  const open = () => readdirSync("/proc/self/fd").length;
  const before = open();
  for (let i = 0; i < 50; i++) assert.deepEqual(linked.levels(), NEITHER);
  assert.equal(open(), before);
});
