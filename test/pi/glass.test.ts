// The glass's own process on a terminal and a framebuffer that the test plays, with a real socket to a Firn that is
// the test itself.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { boards } from "../../device/boards/index.ts";
import { streamChannel } from "../../device/wire/channel.ts";
import { type FromGlass, readFromGlass, type ToGlass } from "../../device/wire/lines.ts";
import type { Picture } from "../../src/model.ts";
import { openJsqr } from "../../src/qr/jsqr.ts";
import { PICTURES } from "../glass/pictures.ts";
import { consoleOf, type MadeUpScreen, makeScreen, SCREENS } from "../glass/screens.ts";
import { isHere } from "../peers/peer.ts";

const GLASS = join(import.meta.dirname, "../../device/pi/glass.ts");
const PEER = join(import.meta.dirname, "../glass/terminal_peer.py");
const python = spawnSync("python3", ["--version"]).status === 0;
const jsqr = openJsqr();
const PATIENCE_MS = 20_000;

interface Options {
  readonly screen?: MadeUpScreen;
  /** Further options, and files beside the socket. */
  readonly options?: (folder: string) => readonly string[];
}

async function until<T>(what: string, look: () => T | undefined | false): Promise<T> {
  for (const started = performance.now(); performance.now() - started < PATIENCE_MS; await sleep(20)) {
    const seen = look();
    if (seen !== undefined && seen !== false) return seen;
  }
  return assert.fail(`never came: ${what}`);
}

async function start(t: TestContext, { screen = SCREENS["240x240"]!, options }: Options = {}) {
  const made = makeScreen(screen);
  const folder = made.graphics;
  const wire = join(folder, "wire.sock");
  const server = createServer();
  server.listen(wire);
  await once(server, "listening");
  const { columns, rows } = consoleOf(screen);
  const own = ["--wire", wire, "--screen", made.node, "--graphics", made.graphics];
  const files = ["--device", join(folder, "device.json"), "--lines", join(folder, "lines.json")];
  const command = [process.execPath, GLASS, ...own, ...files, ...(options?.(folder) ?? [])];
  const child = spawn("python3", [PEER, String(columns), String(rows), ...command], {
    env: { ...process.env, TERM: "linux" },
  });
  const out = { written: "", said: "" };
  child.stdout.on("data", (chunk: Buffer) => (out.written += chunk));
  child.stderr.on("data", (chunk: Buffer) => (out.said += chunk));
  const ended = once(child, "close").then(([code]) => code as number);
  t.after(async () => {
    child.stdin.end();
    server.close();
    await ended;
    made.remove();
  });
  const [socket] = (await Promise.race([once(server, "connection"), ended.then(() => [])])) as [Socket?];
  assert.ok(socket, `it ended: ${out.said}`);
  const lines: FromGlass[] = [];
  const channel = streamChannel<ToGlass, FromGlass>(socket, socket, readFromGlass);
  channel.onMessage((line) => lines.push(line));
  let seq = 0;
  const show = (picture: Picture) => channel.send({ t: "show", seq: ++seq, picture });
  const tell = (line: string) => child.stdin.write(`${line}\n`);
  const type = (keys: string) => tell(`type ${Buffer.from(keys).toString("hex")}`);
  const taken = (line: FromGlass) =>
    until(JSON.stringify(line), () => lines.some((one) => JSON.stringify(one) === JSON.stringify(line)));
  const read = (text: string) => until(`the code ${text}`, () => jsqr(made.seen())?.text === text);
  const isBlack = () => made.seen().luma.every((grey) => grey === 0);
  return { made, socket, lines, channel, out, show, tell, type, taken, read, isBlack, ended };
}

const SIZE: FromGlass = { t: "size", columns: 40, rows: 20, codeModules: 40 };
const CLEAN = "\x1b[0m\x1b[H\x1b[2J\x1b[3J\x1b[?25l";

test("the glass tells its size, shows a code in pixels, passes keys on, and ends with Firn, leaving a black screen", async (t) => {
  if (!isHere(t, "python3", python)) return;
  const glass = await start(t);
  await glass.taken(SIZE);
  glass.show(PICTURES.code!);
  await glass.read("FIRN");
  assert.ok(glass.out.written.startsWith("\x1b[13]\x1b[9;0]\x1b[14;0]"));
  // Pixels are there at once; the words come through a terminal, in their own time.
  await until("its words", () => glass.out.written.replace(/\x1b\[[\d;]*m/g, "").includes("Scan this"));
  glass.type("a");
  glass.type("\x1b[B");
  await glass.taken({ t: "char", char: "a" });
  await glass.taken({ t: "press", button: "down" });
  glass.channel.close();
  assert.equal(await glass.ended, 0);
  assert.ok(glass.isBlack());
  assert.ok(glass.out.written.endsWith(CLEAN), JSON.stringify(glass.out.written.slice(-80)));
});

test("Ctrl-C on a board's console does nothing", async (t) => {
  if (!isHere(t, "python3", python)) return;
  const glass = await start(t);
  await glass.taken(SIZE);
  glass.type("\x03");
  glass.type("b");
  await glass.taken({ t: "char", char: "b" });
  glass.show(PICTURES.code!);
  await glass.read("FIRN");
  assert.ok(!glass.lines.some((line) => line.t === "press"));
});

test("told to end by a signal, it ends well and leaves a black screen", async (t) => {
  if (!isHere(t, "python3", python)) return;
  const glass = await start(t);
  await glass.taken(SIZE);
  glass.show(PICTURES.code!);
  await glass.read("FIRN");
  glass.tell("signal 15");
  assert.equal(await glass.ended, 0);
  assert.ok(glass.isBlack());
});

test("whoever breaks the rules of the pipe ends the glass, which says why and nothing of what was there", async (t) => {
  if (!isHere(t, "python3", python)) return;
  const glass = await start(t);
  await glass.taken(SIZE);
  glass.socket.write('{"t":"show","seq":1,"picture":{"title":"correct horse battery staple"}}\n');
  assert.equal(await glass.ended, 1);
  assert.equal(glass.out.said.split("\n").at(-2), "The glass stopped: picture: expected the key tone");
  assert.ok(!glass.out.said.includes("horse"));
});

test("without a pipe to Firn it stops, in a line", async (t) => {
  if (!isHere(t, "python3", python)) return;
  const nothing = [
    "--wire",
    "/nowhere/glass.sock",
    "--device",
    "/nowhere/device",
    "--lines",
    "/nowhere/lines",
  ];
  const child = spawn("python3", [PEER, "40", "20", process.execPath, GLASS, ...nothing]);
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += chunk));
  assert.deepEqual(await once(child, "close"), [1, null]);
  assert.equal(said, "The glass stopped: ENOENT\n");
});

test("without a framebuffer codes are drawn in characters, and that is said", async (t) => {
  if (!isHere(t, "python3", python)) return;
  const glass = await start(t, { options: () => ["--graphics", "/nowhere"] });
  await glass.taken({ t: "size", columns: 40, rows: 20 });
  glass.show(PICTURES.code!);
  await until("half blocks", () => /▀▀▀▀▀/.test(glass.out.written));
  assert.match(
    glass.out.said,
    /^No pixels: there is no framebuffer\. Codes and previews are drawn in characters\.$/m,
  );
});

test("a console that gets another size is told and drawn for", async (t) => {
  if (!isHere(t, "python3", python)) return;
  const glass = await start(t);
  await glass.taken(SIZE);
  glass.show(PICTURES.code!);
  await glass.read("FIRN");
  glass.tell("size 60 30");
  await glass.taken({ t: "size", columns: 60, rows: 30, codeModules: 44 });
  await glass.read("FIRN");
});

test("a thousand pictures at once cost no more than their last", async (t) => {
  if (!isHere(t, "python3", python)) return;
  const glass = await start(t);
  await glass.taken(SIZE);
  for (let i = 0; i < 1000; i++) glass.show(i % 2 === 0 ? PICTURES.image! : PICTURES.list!);
  glass.show(PICTURES.code!);
  await glass.read("FIRN");
  assert.ok(glass.out.written.length < 200_000, `${glass.out.written.length} bytes written`);
});

test("a board's buttons have their own names, and edges that another process says of them are presses", async (t) => {
  if (!isHere(t, "python3", python) || !isHere(t, "root, whose files these are", process.getuid?.() === 0))
    return;
  const board = boards.find(({ name }) => name === "virt-arm64")!;
  const saying = createServer();
  const glass = await start(t, {
    screen: SCREENS["800x480"]!,
    options(folder) {
      const edges = join(folder, "lines.sock");
      saying.listen(edges);
      const [camera] = Object.keys(board.cameras);
      const [screen] = Object.keys(board.screens);
      const chosen = { board: board.name, camera, screen, buttons: true, tpm: false };
      writeFileSync(join(folder, "device.json"), JSON.stringify(chosen), { mode: 0o644 });
      const lines = { lines: {}, edges, levels: join(folder, "levels") };
      writeFileSync(join(folder, "lines.json"), JSON.stringify(lines), { mode: 0o644 });
      return [];
    },
  });
  t.after(() => saying.close());
  const [edges] = (await once(saying, "connection")) as [Socket];
  edges.write("ok 1\nok 0\n");
  await glass.taken({ t: "press", button: "ok" });
  glass.show(PICTURES.code!);
  await glass.read("FIRN");
  assert.match(glass.out.written.replace(/\x1b\[[\d;]*m/g, ""), /\[ok\] done/);
  edges.end();
  assert.equal(await glass.ended, 1);
  assert.match(glass.out.said, /^The glass stopped: nobody says the edges of the buttons any more$/m);
});

test("files that are not root's, or broken, are not used, and that is said", async (t) => {
  if (!isHere(t, "python3", python)) return;
  const glass = await start(t, {
    options(folder) {
      writeFileSync(join(folder, "device.json"), "{");
      writeFileSync(
        join(folder, "lines.json"),
        JSON.stringify({ lines: { self: { number: 1, value: "/x" } } }),
      );
      return [];
    },
  });
  await glass.taken(SIZE);
  assert.equal(glass.out.said.match(/^Not used: \S+\.json \(.+\)\.$/gm)?.length, 2, glass.out.said);
  assert.ok(existsSync(glass.made.node));
  rmSync(glass.made.node);
  glass.show(PICTURES.code!);
  await sleep(50);
  glass.channel.close();
  assert.equal(await glass.ended, 0);
});
