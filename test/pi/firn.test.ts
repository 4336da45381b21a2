// A board's whole Firn process: listening sockets handed over as systemd does, an eye and a glass that the test plays.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { claimHome } from "../../device/disk/home.ts";
import { isHere } from "../peers/peer.ts";
import { board, Eye, Glass, type How, hasCage, put, start } from "./rig.ts";

const WORDS = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";
const PIN = "73519482";
const FIRN = "device/pi/firn.ts";
/** What stands first on the glass of a process that could open a socket: these tests' own, where no cage shuts it in. */
const SHUT = "This machine is not known to be without a network";

async function life(t: TestContext, at: string, how: How = {}, names = ["eye", "glass"]) {
  const started = await start(t, at, FIRN, names, how);
  const eye = new Eye(started.path("eye"));
  const glass = new Glass(started.path("glass"));
  return { ...started, eye, glass };
}

async function setUp(glass: Glass): Promise<void> {
  await glass.see("Welcome to Firn");
  glass.press("ok");
  await glass.see("Network");
  await glass.pick("regtest");
  await glass.see("Choose a PIN");
  glass.type(PIN);
  glass.press("ok");
  await glass.see("The PIN again");
  glass.type(PIN);
  glass.press("ok");
  await glass.pick("Type words in");
  await glass.see("Word 1");
  glass.type(WORDS);
  glass.press("ok");
  await glass.pick("No passphrase");
  await glass.see("Fingerprint");
  await glass.page();
  glass.press("ok");
  await glass.pick("Take these limits");
  await glass.see("Your keys are sealed");
  await glass.page();
  glass.press("ok");
}

async function unlock(glass: Glass): Promise<void> {
  await glass.see("PIN");
  glass.type(PIN);
  glass.press("ok");
  await glass.see("Sign a transaction");
}

test("in a cage that lets it make no socket Firn is set up, ends with 0 at each lock, and opens its home again", async (t) => {
  if (!isHere(t, "a cage of python3 and seccomp", hasCage())) return;
  const at = board(t);
  // What its time was when it was switched on: far ahead of this system's clock.
  const kept = join(at, "run/firn/clock");
  const ahead = Date.now() + 400 * 24 * 3_600_000;
  const keptText = `${ahead} 0123456789abcdef`;
  put(at, "/run/firn/clock", keptText);
  const first = await life(t, at, { caged: true });
  await setUp(first.glass);
  assert.deepEqual(await first.ended, { code: 0, said: "" });
  // It was locked in the middle of writing to a stick.
  for (const name of ["stick", "stick-out", ".stick-out.new"]) put(at, `/run/firn/wish/${name}`, "signed");
  const second = await life(t, at, { caged: true }, ["glass", "eye"]);
  await unlock(second.glass);
  assert.ok(!existsSync(join(at, "run/firn/wish")), "no wish of an earlier life comes true, or stays");
  await second.glass.pick("Lock");
  assert.deepEqual(await second.ended, { code: 0, said: "" });
  const left = readdirSync(join(at, "var/lib/firn"));
  assert.ok(left.includes(".machine"));
  assert.deepEqual(
    left.filter((name) => name.startsWith(".claim")),
    [],
  );
  assert.equal(readFileSync(kept, "utf8"), keptText, "nothing took its time back");
  // Power goes: nothing is kept, and the home alone knows how late it was.
  rmSync(kept);
  const third = await life(t, at, { caged: true });
  await third.glass.see("PIN");
  const hour = 3_600_000;
  const switchedOn = () => Number(readFileSync(kept, "utf8").split(" ")[0]);
  assert.ok(switchedOn() < ahead - hour);
  await unlock(third.glass);
  assert.ok(switchedOn() > ahead - hour);
});

test("a process that can open a socket is told so by name, and no keys are made in it", async (t) => {
  const { glass } = await life(t, board(t));
  const { blocks } = await glass.see(SHUT);
  assert.match(JSON.stringify(blocks), /INET sockets: can be opened;.*UNIX sockets: can be opened;/);
  glass.press("ok");
  await sleep(300);
  assert.ok(!JSON.stringify(glass.picture).includes("Welcome"), "it does not begin");
});

test("the back that Firn reads itself freezes an open home, whatever the glass says", async (t) => {
  if (!isHere(t, "a cage of python3 and seccomp", hasCage())) return;
  const chosen = { board: "virt-arm64", camera: "port", screen: "virtio", buttons: true, tpm: false };
  const at = board(t, {
    "/etc/firn/device.json": chosen,
    "/line/ok/value": "0\n",
    "/line/back/value": "0\n",
  });
  const line = (name: string, number: number) => ({ number, value: join(at, "line", name, "value") });
  const lines = { ok: line("ok", 1), back: line("back", 2) };
  put(at, "/run/firn-machine/lines.json", { lines, pressedHigh: true });
  const first = await life(t, at, { caged: true });
  await setUp(first.glass);
  await first.ended;
  const second = await life(t, at, { caged: true });
  await unlock(second.glass);
  // Held as a keyboard would say it: the lines say otherwise, and nothing happens.
  for (let i = 0; i < 36; i++) {
    second.glass.press("up");
    await sleep(100);
  }
  assert.equal(second.child.exitCode, null);
  put(at, "/line/back/value", "1\n");
  assert.deepEqual(await second.ended, { code: 0, said: "" });
  put(at, "/line/back/value", "0\n");
  const third = await life(t, at, { caged: true });
  await third.glass.see("Frozen");
});

test("one connection is taken on each socket and no second ever, though systemd still listens there", async (t) => {
  const at = board(t);
  const { glass, path, child, eye } = await life(t, at);
  await glass.see(SHUT);
  const happened: string[] = [];
  const late = ["eye", "glass"].map((name) => connect(path(name)));
  for (const one of late) {
    one.write('{"t":"press","button":"ok"}\n');
    one.on("data", () => happened.push("answered")).on("close", () => happened.push("taken, and ended"));
  }
  await sleep(300);
  assert.deepEqual(happened, []);
  const held = readdirSync(`/proc/${child.pid}/fd`).map((fd) => readlinkSync(`/proc/${child.pid}/fd/${fd}`));
  assert.equal(held.filter((link) => link.startsWith("socket:")).length, 2, "its eye and its glass");
  assert.ok(JSON.stringify(glass.picture).includes(SHUT), "the second pressed nothing");
  for (const one of late) one.destroy();
  assert.equal(eye.ended, undefined);
});

test("Firn's process on a board loads no decoder, no screen and no driver", async (t) => {
  const at = board(t);
  const loaded = join(at, "loaded");
  mkdirSync(loaded);
  const preload = join(import.meta.dirname, "../sim/loaded.ts");
  const environment = { LOADED: loaded, NODE_OPTIONS: `--import=${preload}` };
  const { glass } = await life(t, at, { environment });
  await glass.see(SHUT);
  const name = readdirSync(loaded).find((one) => one.startsWith("firn.ts."));
  const urls = readFileSync(join(loaded, name!), "utf8").split("\n");
  const outside =
    /\/(jsqr|zxing-wasm|qrcode|pngjs|jpeg-js|blessed|node-hid|onoff)\/|\/src\/qr\/|\/device\/(eye|glass|sim)\//;
  assert.deepEqual(
    urls.filter((url) => outside.test(url)),
    [],
  );
  assert.ok(urls.some((url) => url.endsWith("/src/main.ts")));
});

test("a cage that lies or goes away ends Firn with 3, and its last line says which", async (t) => {
  const lied = await life(t, board(t));
  await lied.glass.see(SHUT);
  lied.glass.socket.write("not a line of the contract\n");
  const { code, said } = await lied.ended;
  assert.equal(code, 3);
  assert.match(said, /^Firn stopped: the glass ended: breach/);
  const gone = await life(t, board(t));
  await gone.glass.see(SHUT);
  gone.eye.socket.destroy();
  assert.deepEqual(await gone.ended, {
    code: 3,
    said: "Firn stopped: the eye ended: closed (end of the pipe)",
  });
});

test("without its pipes Firn says so, whatever it was handed instead", async (t) => {
  const at = board(t);
  for (const [environment, names] of [
    [{ LISTEN_PID: "1" }, ["eye", "glass"]],
    [{}, ["eye"]],
    [{}, ["eye", "glass", "more"]],
    [{}, ["eye", "mouth"]],
    [{ LISTEN_FDNAMES: "eye:eye" }, ["eye", "glass"]],
    [{ LISTEN_FDS: "3" }, ["eye", "glass"]],
    [{ LISTEN_FDNAMES: "" }, ["eye", "glass"]],
    [{ LISTEN_FDNAMES: "eye:glass:more" }, ["eye", "glass"]],
  ] as const) {
    const { ended } = await start(t, at, FIRN, names, { environment });
    const { code, said } = await ended;
    assert.equal(code, 4, said);
    assert.match(
      said,
      /^Firn stopped: Firn was not started with its pipes \(machine\.pipes: .*\)\. Start the unit/,
    );
  }
});

test("a device that is not described, by root alone and as a board that is known, is no device", async (t) => {
  const chosen = { board: "virt-arm64", camera: "port", screen: "virtio", buttons: false, tpm: false };
  for (const description of [
    undefined,
    "{",
    { ...chosen, board: "pi-99" },
    { ...chosen, tpm: 1 },
    { ...chosen, more: true },
    " ".repeat(5000),
  ]) {
    const { ended } = await life(t, board(t, { "/etc/firn/device.json": description }));
    const { code, said } = await ended;
    assert.equal(code, 4, said);
    assert.match(said, /^Firn stopped: What this machine is cannot be read \(machine\.unknown/);
  }
});

test("a home that another process has is left alone, and said so with its remedy", async (t) => {
  const at = board(t);
  const release = await claimHome(join(at, "var/lib/firn"));
  const { ended } = await life(t, at);
  const { code, said } = await ended;
  assert.equal(code, 4);
  assert.match(said, /store\.in-use/);
  await release();
  assert.ok(!existsSync(join(at, "var/lib/firn/.machine")), "nothing was made there");
});
