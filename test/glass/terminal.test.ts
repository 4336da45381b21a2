// The terminal glass on a terminal that the test plays: what it writes, what it makes of keys.

import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { openTerminal } from "../../device/glass/terminal.ts";
import type { FromGlass } from "../../device/wire/lines.ts";
import { PICTURES } from "./pictures.ts";

async function open(columns = 80, rows = 24) {
  const input = Object.assign(new PassThrough(), { isTTY: true, isRaw: false, setRawMode: () => undefined });
  const output = Object.assign(new PassThrough(), { isTTY: true, columns, rows });
  const lines: FromGlass[] = [];
  let ends = 0;
  const terminal = await openTerminal(
    { line: (line) => lines.push(line), interrupt: () => ends++, end: () => ends++ },
    { input, output },
  );
  const written = async (): Promise<string> => {
    // blessed gathers what it writes until the next turn.
    for (let i = 0; i < 4; i++) await turn();
    return output.read()?.toString() ?? "";
  };
  const type = async (keys: string): Promise<FromGlass[]> => {
    input.write(keys);
    await turn();
    return lines.splice(0);
  };
  return { terminal, output, written, type, lines, ends: () => ends };
}

const SGR = /\x1b\[[0-9;]*m/g;

test("the alternate screen is entered at the start, cleared and left at the end", async () => {
  const { terminal, written } = await open();
  assert.match(await written(), /\x1b\[\?1049h/);
  terminal.show(PICTURES.field!);
  await written();
  terminal.close();
  terminal.close();
  const end = await written();
  assert.match(end, /\x1b\[H\x1b\[2?J.*\x1b\[\?1049l/s);
  assert.match(end, /\x1b\[\?(12l\x1b\[\?)?25h/);
});

test("what is to be held is called by its key", async () => {
  const { terminal, written } = await open();
  terminal.show({ ...PICTURES.text!, hold: "hold ok to sign" });
  assert.match((await written()).replace(SGR, "").replace(/\s+/g, " "), /hold Enter \(ok\) to sign/);
  terminal.close();
});

test("only what changed is written again", async () => {
  const { terminal, written } = await open();
  terminal.show(PICTURES.list!);
  const first = await written();
  assert.ok(first.replace(SGR, "").includes("Sign a transaction"));
  terminal.show(structuredClone(PICTURES.list!));
  assert.equal(await written(), "");
  terminal.show({ ...PICTURES.list!, step: "1 of 9" });
  const second = await written();
  assert.ok(/1.*of.*9/s.test(second) && second.length < 60, second);
  terminal.close();
});

test("of many pictures at once only the last is drawn", async () => {
  const { terminal, written } = await open();
  await written();
  terminal.show(PICTURES.text!);
  terminal.show(PICTURES.meter!);
  terminal.show(PICTURES.fact!);
  const drawn = await written();
  assert.ok(drawn.includes("Output 2") && !drawn.includes("Before you start"));
  terminal.close();
});

test("keys become buttons and characters", async () => {
  const { terminal, type } = await open();
  const buttons: readonly [string, string][] = [
    ["\x1b[A", "up"],
    ["\x1b[B", "down"],
    ["\x1b[C", "right"],
    ["\x1b[D", "left"],
    ["\x1bOA", "up"],
    ["\r", "ok"],
    ["\n", "ok"],
    ["\x1b", "back"],
    ["\x1b[5~", "left"],
    ["\x1b[6~", "right"],
  ];
  for (const [keys, button] of buttons)
    assert.deepEqual(await type(keys), [{ t: "press", button }], JSON.stringify(keys));
  assert.deepEqual(
    await type("aZ 9"),
    [..."aZ 9"].map((char) => ({ t: "char", char })),
  );
  assert.deepEqual(await type("\x7f"), [{ t: "char", char: "\b" }]);
  for (const nothing of ["\x01", "\x1bx", "\x1b[15~", "\t"]) assert.deepEqual(await type(nothing), []);
  terminal.close();
});

test("a key that repeats is passed on each time", async () => {
  const { terminal, type } = await open();
  assert.equal((await type("\r".repeat(20))).length, 20);
  terminal.close();
});

test("Ctrl-C ends, once pressed", async () => {
  const { terminal, type, ends } = await open();
  assert.deepEqual(await type("\x03"), []);
  assert.equal(ends(), 1);
  terminal.close();
});

test("a new size is told and drawn for", async () => {
  const { terminal, output, written, lines } = await open();
  terminal.show(PICTURES.fact!);
  await written();
  Object.assign(output, { columns: 50, rows: 18 });
  output.emit("resize");
  const drawn = await written();
  assert.deepEqual(lines, [{ t: "size", columns: 50, rows: 18 }]);
  assert.deepEqual(terminal.size(), { columns: 50, rows: 18 });
  assert.ok(drawn.includes("TESTNET4"));
  terminal.close();
});

test("a code is drawn black on white", async () => {
  const before = process.env.COLORTERM;
  process.env.COLORTERM = "truecolor";
  const { terminal, written } = await open();
  terminal.show(PICTURES.code!);
  assert.match(await written(), /\x1b\[48;5;231;38;5;16m/);
  terminal.close();
  if (before === undefined) delete process.env.COLORTERM;
  else process.env.COLORTERM = before;
});
