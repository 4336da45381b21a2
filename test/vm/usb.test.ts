// What is plugged into the running machine's USB: a keyboard types, a network never becomes one, and a stick is nothing
// but a drive that nobody reads until Firn's screen asks for it. Seen from both sides: on the screen, and by what the
// emulator counts at the device.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { psbt, purse, signed } from "../bitcoin/build.ts";
import { NETWORK, open, own, powered } from "./home.ts";
import { type Image, imageFor } from "./image.ts";
import type { Until } from "./machine.ts";
import { canEmulate } from "./need.ts";
import { type Person, personAt } from "./person.ts";
import { goOn } from "./saved.ts";
import { blankStick, fullStick, type Plugged, plainStick, plug, plugStick, STICK_TOOLS } from "./stick.ts";

const ARCH = "arm64";
/** Of a file without a packet in it. */
const PCAP_HEAD_BYTES = 24;
/** As long as a device that is let in would take to be asked for its first block, and more. */
const UNASKED_MS = 4000;

function folder(t: TestContext): string {
  const made = mkdtempSync(join(tmpdir(), "firn-stick-"));
  t.after(() => rmSync(made, { recursive: true }));
  return made;
}

// ---------------------------------------------------------------- a person with a stick

/** At the menu, with the stick switched on by its owner. */
async function withStickOn(t: Until, image: Image): Promise<Person> {
  return personAt(await goOn(t, { image }, "stick-on", (until) => switchOn(until, image)));
}

async function switchOn(t: Until, image: Image) {
  const person = await open(t, image);
  await person.pick("Settings");
  await person.pick("Stick: off");
  await person.see("Let a stick in?");
  await person.page();
  await person.press("ok");
  await person.see("hold both");
  await person.hold("both");
  await person.see("Stick: on");
  await person.press("back");
  await person.see("Sign a transaction");
  return person.machine;
}

/** From the menu to the list of the stick's files, or to what is said instead. */
async function toStick(person: Person, ...way: readonly string[]): Promise<void> {
  for (const item of way) await person.pick(item);
  await person.see("from a stick");
  await person.press("ok");
}

async function toTransactions(person: Person, what: string): Promise<void> {
  await toStick(person, "Sign a transaction");
  await person.see(what);
}

/** From what was said of a stick to the menu. */
async function back(person: Person): Promise<void> {
  await person.page();
  await person.press("ok");
  await person.see("from a stick");
  await person.press("back");
  await person.see("Wallets");
}

async function unread(stick: Plugged): Promise<void> {
  await sleep(UNASKED_MS);
  assert.deepEqual(await stick.traffic(), { read: 0, written: 0 }, "nobody asked for it");
}

// ---------------------------------------------------------------- what comes and goes on it

/** Another wallet than the one that the camera brought. */
const vault = purse("p2wsh", { network: NETWORK, account: 1 });
const asked = psbt(vault, { inputs: 2 });

test("a wallet and a transaction come on a stick, the signed one leaves on it, and nothing else on it changes", async (t) => {
  if (!canEmulate(t, ARCH, ...STICK_TOOLS)) return;
  const person = await withStickOn(t, await imageFor(ARCH));
  const files = {
    "vault.txt": `${vault.wallet.descriptor}\n`,
    "pay.psbt": asked,
    "a holiday in June.jpg": new Uint8Array(3 * 4096 + 1).fill(7),
    "autorun.inf": "[autorun]\r\nopen=x.exe\r\n",
  };
  const stick = plainStick(folder(t), "stick.img", files);
  stick.folder("letters");
  stick.put({ "letters/june.txt": "Dear" });
  const before = { list: stick.list(), bytes: readFileSync(stick.file) };

  const first = await plugStick(person.machine, stick);
  await unread(first);
  await toStick(person, "Wallets", "Register a wallet");
  await person.pick("vault.txt");
  await person.see("Name the wallet");
  const looked = await first.traffic();
  assert.ok(looked.read > 0 && looked.written === 0, "it was read, and only read");
  await person.press("ok");
  await person.see("Quorum");
  await person.page();
  await person.hold("ok");
  await person.see("Registered");
  await first.pull();
  assert.deepEqual(readFileSync(stick.file), before.bytes, "not one byte of it is another");
  await person.page();
  await person.press("ok");
  await person.press("back");

  const second = await plugStick(person.machine, stick);
  await toTransactions(person, "On the stick");
  assert.doesNotMatch(await person.text(), /holiday|autorun|letters/);
  await person.pick("pay.psbt");
  await person.see("You send");
  await person.page();
  await person.see("Sign?");
  await person.hold("ok");
  await person.see("Nothing of it has left");
  await person.pick("Write it to the stick");
  await person.see("It is on the stick");
  await person.see("pay-signed.psbt");
  assert.ok((await second.traffic()).written > 0);
  const end = await second.traffic();
  await person.press("ok");
  await unreadSince(second, end);
  await second.pull();

  stick.check();
  assert.deepEqual(stick.read("pay-signed.psbt"), (await signed(vault, asked)).whole.bytes);
  const added = stick.list().filter((line) => !before.list.includes(line));
  assert.equal(added.length, 1, added.join("\n"));
  assert.match(added[0]!, /pay-signed\.psbt$/);
  assert.equal(stick.list().length, before.list.length + 1);
  for (const [name, content] of Object.entries(files))
    assert.deepEqual(Buffer.from(stick.read(name)), Buffer.from(content), name);
});

async function unreadSince(stick: Plugged, then: Awaited<ReturnType<Plugged["traffic"]>>): Promise<void> {
  await sleep(UNASKED_MS);
  assert.deepEqual(await stick.traffic(), then, "it is out again");
}

// ---------------------------------------------------------------- sticks that are none

test("no stick, two, one that was never formatted: each is named, none of two is read, and a good one works after", async (t) => {
  if (!canEmulate(t, ARCH, ...STICK_TOOLS)) return;
  const person = await withStickOn(t, await imageFor(ARCH));
  const { machine } = person;
  const at = folder(t);
  await toTransactions(person, "stick.none");
  await back(person);

  const good = plainStick(at, "good.img", { "pay.psbt": psbt(own) });
  const one = await plugStick(machine, good);
  const two = await plugStick(machine, plainStick(at, "other.img", { "pay.psbt": "" }), { id: "second" });
  await toTransactions(person, "stick.several");
  await unread(one);
  await unread(two);
  await back(person);
  await one.pull();
  await two.pull();

  const blank = await plugStick(machine, blankStick(at, "blank.img"));
  await toTransactions(person, "stick.format");
  assert.equal((await blank.traffic()).written, 0);
  await back(person);
  await blank.pull();

  await plugStick(machine, good);
  await toTransactions(person, "On the stick");
  await person.pick("pay.psbt");
  await person.see("You send");
});

test("a stick that is pulled while it is read gives nothing that is not whole, says so, and plugged in again it is read", async (t) => {
  if (!canEmulate(t, ARCH, ...STICK_TOOLS)) return;
  const person = await withStickOn(t, await imageFor(ARCH));
  const files = { "pay.psbt": psbt(own), "zeros.psbt": new Uint8Array(4 * 1024 * 1024) };
  const stick = plainStick(folder(t), "stick.img", files);
  const slow = await plugStick(person.machine, stick, { slowly: 400_000 });
  await person.pick("Sign a transaction");
  await person.see("from a stick");
  await person.press("ok");
  while ((await slow.traffic()).read < 1_000_000) await sleep(20);
  await slow.pull();
  // It was listed when it was pulled; only what was copied whole is there.
  await person.see("On the stick");
  await person.pick("zeros.psbt");
  await person.see("stick.unreadable");
  await back(person);
  await plugStick(person.machine, stick);
  await toTransactions(person, "On the stick");
  await person.pick("pay.psbt");
  await person.see("You send");
});

test("a stick without a free byte is named when the reply is written, is as it was, and the reply still leaves as codes", async (t) => {
  if (!canEmulate(t, ARCH, ...STICK_TOOLS)) return;
  const person = await withStickOn(t, await imageFor(ARCH));
  const stick = fullStick(folder(t), "full.img", { "pay.psbt": psbt(own) });
  const before = { list: stick.list(), pay: stick.read("pay.psbt"), films: stick.read("films.bin") };
  const full = await plugStick(person.machine, stick);
  await toTransactions(person, "On the stick");
  await person.pick("pay.psbt");
  await person.see("You send");
  await person.page();
  await person.hold("ok");
  await person.see("Nothing of it has left");
  await person.pick("Write it to the stick");
  await person.see("stick.full");
  await person.page();
  await person.press("ok");
  await person.see("Nothing of it has left");
  await person.pick("Show it as codes");
  await person.see("Scan this");
  await full.pull();
  stick.check();
  assert.deepEqual(stick.list(), before.list);
  assert.deepEqual(stick.read("pay.psbt"), before.pay);
  assert.deepEqual(stick.read("films.bin"), before.films);
});

// ---------------------------------------------------------------- what is not let in, and what is

test("a keyboard at USB types; a network at USB stays none, and not one packet leaves; a stick is not read before any PIN", async (t) => {
  if (!canEmulate(t, ARCH, ...STICK_TOOLS)) return;
  const image = await imageFor(ARCH);
  // With no other keyboard: what is typed can have come by this one alone.
  const person = await powered(t, { image, without: ["keyboard"] }, "Welcome to Firn");
  const { machine } = person;
  const at = folder(t);
  await plug(machine, "usb-kbd", "typewriter");
  await machine.qmp.run("netdev_add", { type: "hubport", id: "cable", hubid: 0 });
  const packets = join(at, "packets");
  await machine.qmp.run("object-add", {
    "qom-type": "filter-dump",
    id: "dump",
    netdev: "cable",
    file: packets,
  });
  await plug(machine, "usb-net", "adapter", { netdev: "cable" });
  const stick = await plugStick(machine, plainStick(at, "stick.img", { "pay.psbt": "" }));
  await unread(stick);

  // Its first key: the keyboard is let in while nothing waits for it.
  for (const from = performance.now(); !(await person.text()).includes("This machine"); await sleep(1000)) {
    assert.ok(performance.now() - from < 60_000, "the keyboard is let in");
    await machine.qmp.run("send-key", { keys: [{ type: "qcode", data: "esc" }] });
  }
  await person.pick("What was found");
  await person.see(/page 1\//);
  const said = (await person.page()).replace(/\s+/g, " ");
  assert.match(said, /Network interfaces only lo /);
  assert.match(said, /Interfaces that Firn sees only lo /);
  assert.match(said, /USB devices let in one by one /);
  assert.equal(readFileSync(packets).length, PCAP_HEAD_BYTES);
  await unreadSince(stick, { read: 0, written: 0 });
});
