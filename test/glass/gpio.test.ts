// onoff itself, on lines that root has set up: the folder is made up, and of a line only its value may be written.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { buttonLine, loadGpio, outputLine, type SetUpLine } from "../../device/glass/gpio.ts";

const root = mkdtempSync(join(tmpdir(), "firn-gpio-"));
after(() => rmSync(root, { recursive: true, force: true }));

/** What stands for the kernel: paths below /sys/class/gpio lie in our folder, and root's files are root's. */
const KERNEL = `
const fs = require("fs");
const at = (path) => typeof path === "string" ? path.replace("/sys/class/gpio/", ${JSON.stringify(`${root}/`)}) : path;
const tries = [];
exports.tries = tries;
exports.existsSync = (path) => fs.existsSync(at(path));
exports.openSync = (path, flags) => fs.openSync(at(path), flags);
exports.readFileSync = (path) => fs.readFileSync(at(path));
for (const name of ["closeSync", "readSync", "writeSync", "read", "write"]) exports[name] = fs[name];
exports.writeFileSync = (path) => {
  tries.push(path);
  throw Object.assign(new Error("EACCES: permission denied"), { code: "EACCES" });
};
`;

/** What stands for epoll's native part: whoever is watched is told by \`fire\`. */
const EPOLL = `
const watched = new Map();
exports.watched = watched;
exports.fire = () => { for (const [fd, epoll] of [...watched]) epoll.tell(null, fd, 2); };
exports.Epoll = class {
  static EPOLLPRI = 2;
  constructor(tell) { this.tell = tell; }
  add(fd) { if (watched.has(fd)) throw new Error("EEXIST"); watched.set(fd, this); }
  remove(fd) { if (!watched.delete(fd)) throw new Error("ENOENT"); }
};
`;

const stand = { fs: join(root, "kernel.cjs"), epoll: join(root, "epoll.cjs") };
writeFileSync(stand.fs, KERNEL);
writeFileSync(stand.epoll, EPOLL);
registerHooks({
  resolve(specifier, context, next) {
    const ofOnoff = context.parentURL?.endsWith("/node_modules/onoff/onoff.js");
    if (!ofOnoff || (specifier !== "fs" && specifier !== "epoll")) return next(specifier, context);
    return { url: pathToFileURL(stand[specifier]).href, format: "commonjs", shortCircuit: true };
  },
});
const Gpio = await loadGpio();
const { tries } = (await import(stand.fs)).default as { tries: string[] };
const { watched, fire } = (await import(stand.epoll)).default as {
  watched: Map<number, unknown>;
  fire(): void;
};

function line(number: number, level: 0 | 1): SetUpLine & { set(level: 0 | 1): void; level(): string } {
  const folder = join(root, `gpio${number}`);
  const value = join(folder, "value");
  mkdirSync(folder);
  writeFileSync(value, `${level}\n`);
  const set = (now: 0 | 1) => {
    writeFileSync(value, `${now}\n`);
    fire();
  };
  return { number, value, set, level: () => readFileSync(value, "latin1").trim() };
}

test("a line that root has set up tells its edges, though onoff may set none of it up", () => {
  const wire = line(518, 1);
  const button = buttonLine(Gpio, wire, false);
  assert.equal(button.pressed(), false);
  const levels: boolean[] = [];
  const look = () => levels.push(button.pressed());
  button.whenEdge(look);
  assert.equal(watched.size, 1);
  wire.set(0);
  assert.deepEqual(levels, [true]);
  // Nobody asked again: no bounce wakes anybody.
  assert.equal(watched.size, 0);
  wire.set(1);
  wire.set(0);
  assert.deepEqual(levels, [true]);
  button.whenEdge(look);
  wire.set(1);
  assert.deepEqual(levels, [true, false]);
  assert.deepEqual(tries, []);
});

test("onoff left to itself would try to set the line up, and then tell nothing", async () => {
  const { Gpio: itself } = (await import("onoff")).default;
  const wire = line(519, 1);
  const gpio = new itself(wire.number, "in", "both");
  let told = 0;
  gpio.watch(() => told++);
  wire.set(0);
  gpio.unwatchAll();
  assert.deepEqual(
    tries.splice(0).map((path) => path.split("/").at(-1)),
    ["direction", "edge"],
  );
  assert.equal(told, 0);
});

test("where pressed is high the levels mean the other", () => {
  const wire = line(520, 1);
  assert.equal(buttonLine(Gpio, wire, true).pressed(), true);
  assert.equal(buttonLine(Gpio, wire, false).pressed(), false);
});

test("a lamp is switched by its value alone", () => {
  const wire = line(521, 0);
  const lamp = outputLine(Gpio, wire);
  lamp.set(true);
  assert.equal(wire.level(), "1");
  lamp.set(false);
  assert.equal(wire.level(), "0");
  assert.deepEqual(tries, []);
});

test("a line that is not there is refused at once", () => {
  const started = performance.now();
  const nowhere = { number: 999, value: join(root, "gpio999", "value") };
  assert.throws(() => buttonLine(Gpio, nowhere, false), { code: "ENOENT" });
  assert.throws(() => outputLine(Gpio, nowhere), { code: "ENOENT" });
  assert.ok(performance.now() - started < 100);
});
