// Wishes: what Firn lays down, and what it takes for an answer. Root is played by this test.

import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { wishedPower } from "../../device/pi/power.ts";
import { wishedStick } from "../../device/pi/stick.ts";
import { Wishes } from "../../device/pi/wishes.ts";
import { LIMITS } from "../../src/limits.ts";
import type { Reason } from "../../src/refusal.ts";
import { refusesWith } from "../keys/make.ts";
import { board } from "./rig.ts";

type Wish = { readonly id: number; readonly act: string; readonly name?: string };

/** What root does at a wish: its answer, whole or as text, or none. */
type Root = (wish: Wish, at: string) => object | string | undefined;

function made(t: TestContext, root: Root, patienceMs = 2000) {
  const at = board(t);
  const places = {
    wishes: join(at, "run/firn/wish"),
    replies: join(at, "run/firn-reply"),
    owner: process.getuid!(),
  };
  const wish = join(places.wishes, "stick");
  const taken: Wish[] = [];
  const look = setInterval(() => {
    if (!existsSync(wish)) return;
    const asked = JSON.parse(readFileSync(wish, "utf8")) as Wish;
    taken.push(asked);
    const answer = root(asked, at);
    if (answer === undefined) return clearInterval(look);
    rmSync(wish);
    reply(places.replies, answer);
  }, 10);
  t.after(() => clearInterval(look));
  const wishes = new Wishes(places);
  return { at, places, taken, wishes, stick: wishedStick(wishes, join(at, "run/firn-stick"), patienceMs) };
}

function reply(folder: string, answer: object | string, mode = 0o640): void {
  const path = join(folder, "stick.json");
  writeFileSync(`${path}.new`, typeof answer === "string" ? answer : JSON.stringify(answer), { mode });
  chmodSync(`${path}.new`, mode);
  renameSync(`${path}.new`, path);
}

const BYTES = Uint8Array.from({ length: 3000 }, (_, i) => (i * 11) & 255);

/** A stick with these files, as root copies them. */
function holding(files: Readonly<Record<string, Uint8Array>>): Root {
  return ({ id, act, name }, at) => {
    if (act === "write") {
      if (files[name!]) return { id, refused: "exists" };
      const written = readFileSync(join(at, "run/firn/wish/stick-out"));
      return Buffer.compare(written, BYTES) === 0 ? { id, written: true } : { id, refused: "failed" };
    }
    for (const [file, bytes] of Object.entries(files))
      if (bytes.length <= LIMITS.stickFileBytes) writeFileSync(join(at, "run/firn-stick", file), bytes);
    return { id, files: Object.entries(files).map(([file, { length }]) => ({ name: file, bytes: length })) };
  };
}

test("a stick is looked through at a wish, and its files are read from where root copied them", async (t) => {
  const { stick, taken } = made(t, holding({ "b.psbt": BYTES, "a.backup": BYTES.subarray(0, 10) }));
  assert.deepEqual(await stick.names(), ["a.backup", "b.psbt"]);
  assert.deepEqual(await stick.read("b.psbt", 5000), BYTES);
  assert.equal(await stick.read("c.psbt", 5000), undefined);
  await assert.rejects(stick.read("b.psbt", 2999), refusesWith("stick.too-large"));
  assert.deepEqual(
    taken.map(({ act }) => act),
    ["look"],
  );
  assert.deepEqual(await stick.names(), ["a.backup", "b.psbt"]);
  assert.equal(taken.length, 2, "each question for the names looks anew");
  assert.notEqual(taken[0]!.id, taken[1]!.id);
});

test("a file that is read without a look is looked for first", async (t) => {
  const { stick } = made(t, holding({ a: BYTES }));
  assert.deepEqual(await stick.read("a", 5000), BYTES);
});

test("what is written lies beside the wish, whole before the wish is there, and is gone after it", async (t) => {
  const { stick, places, taken } = made(t, holding({ "old.psbt": BYTES }));
  await stick.write("new.psbt", BYTES);
  assert.deepEqual(taken, [{ id: taken[0]!.id, act: "write", name: "new.psbt" }]);
  assert.deepEqual(readdirSync(places.wishes), []);
  await assert.rejects(stick.write("old.psbt", BYTES), refusesWith("stick.exists"));
  assert.equal(statSync(places.wishes).mode & 0o777, 0o700);
});

test("every reason of root's is a refusal of its own name", async (t) => {
  const reasons = {
    ...{ none: "stick.none", several: "stick.several", other: "stick.other", format: "stick.format" },
    ...{ unreadable: "stick.unreadable", exists: "stick.exists", full: "stick.full", failed: "stick.failed" },
  } as const;
  let next = "none";
  const { stick } = made(t, ({ id }) => ({ id, refused: next }));
  for (const [why, reason] of Object.entries(reasons) as [string, Reason][]) {
    next = why;
    await assert.rejects(stick.names(), refusesWith(reason), why);
    await assert.rejects(stick.write("a", BYTES), refusesWith(reason), why);
  }
});

test("what root does not answer in time is taken back, and named", async (t) => {
  const { stick, places } = made(t, () => undefined, 200);
  await assert.rejects(stick.names(), refusesWith("stick.unreadable"));
  assert.deepEqual(readdirSync(places.wishes), []);
  await assert.rejects(stick.write("a", BYTES), refusesWith("stick.failed"));
  assert.deepEqual(readdirSync(places.wishes), []);
});

test("an answer to an earlier wish is no answer to this one", async (t) => {
  const { stick, places } = made(t, () => undefined, 300);
  reply(places.replies, { id: 7, files: [] });
  await assert.rejects(stick.names(), refusesWith("stick.unreadable"));
});

test("an answer that is not as it must be is none", async (t) => {
  let next: (id: number) => object | string = () => "";
  const { stick } = made(t, ({ id }) => next(id), 300);
  const file = (name: unknown, bytes: unknown = 1) => ({ name, bytes });
  for (const answer of [
    () => "not JSON",
    () => ({ files: [] }),
    (id: number) => ({ id }),
    (id: number) => ({ id, files: [], written: true }),
    (id: number) => ({ id, refused: "why not" }),
    (id: number) => ({ id, written: false }),
    (id: number) => ({ id, files: [file("../shadow")] }),
    (id: number) => ({ id, files: [file(".hidden")] }),
    (id: number) => ({ id, files: [file("a", -1)] }),
    (id: number) => ({ id, files: [{ ...file("a"), more: 1 }] }),
    (id: number) => ({ id, files: Array.from({ length: 4097 }, (_, i) => file(`f${i}`)) }),
    (id: number) => ({ id, written: true }),
    () => " ".repeat(1024 * 1024 + 1),
  ]) {
    next = answer;
    await assert.rejects(stick.names(), refusesWith("stick.unreadable"), String(answer));
  }
  next = (id) => ({ id, files: [] });
  await assert.rejects(stick.write("a", BYTES), refusesWith("stick.failed"));
});

test("an answer that others could have written, or a link to one, is none", async (t) => {
  const { stick, places } = made(t, () => undefined, 300);
  reply(places.replies, {}, 0o666);
  await assert.rejects(stick.names(), refusesWith("stick.unreadable"));
  rmSync(join(places.replies, "stick.json"));
  symlinkSync("/etc/hostname", join(places.replies, "stick.json"));
  await assert.rejects(stick.names(), refusesWith("stick.unreadable"));
});

test("an answer of another owner than root is none", async (t) => {
  const { places } = made(t, holding({ a: BYTES }));
  const foreign = new Wishes({ ...places, owner: process.getuid!() + 1 });
  const stick = wishedStick(foreign, "/nowhere", 300);
  await assert.rejects(stick.names(), refusesWith("stick.unreadable"));
});

test("a copy that is not what the look said, or leads elsewhere, is not read", async (t) => {
  const { stick, at } = made(t, ({ id }) => ({
    id,
    files: ["missing", "short", "link", "folder"].map((name) => ({ name, bytes: 10 })),
  }));
  const copies = join(at, "run/firn-stick");
  writeFileSync(join(copies, "short"), "123456789");
  writeFileSync(join(at, "secret"), "1234567890");
  symlinkSync(join(at, "secret"), join(copies, "link"));
  mkdirSync(join(copies, "folder"));
  for (const name of ["missing", "short", "link", "folder"])
    await assert.rejects(stick.read(name, 100), refusesWith("stick.unreadable"), name);
});

test("a wish that cannot be laid down is a refusal, and names that lead elsewhere are a bug of the caller's", async (t) => {
  const { stick, at, taken } = made(t, holding({}));
  for (const name of ["", "..", "a/b", ".hidden", "a b", "x".repeat(65)]) {
    await assert.rejects(stick.read(name, 10), /no name/, name);
    await assert.rejects(stick.write(name, BYTES), /no name/, name);
  }
  await assert.rejects(stick.write("a", new Uint8Array(LIMITS.stickFileBytes + 1)), /too large/);
  assert.deepEqual(taken, []);
  rmSync(join(at, "run/firn"), { recursive: true });
  writeFileSync(join(at, "run/firn"), "in the way");
  await assert.rejects(stick.names(), refusesWith("stick.unreadable"));
  await assert.rejects(stick.write("a", BYTES), refusesWith("stick.failed"));
});

test("switching off is a wish; where nothing comes of it, it is taken back and said", async (t) => {
  const { wishes, places } = made(t, () => undefined);
  const off = wishedPower(wishes, 200).off();
  off.catch(() => undefined);
  const wish = join(places.wishes, "poweroff");
  for (let i = 0; i < 100 && !existsSync(wish); i++) await new Promise((resolve) => setTimeout(resolve, 1));
  assert.equal(readFileSync(wish, "utf8"), "");
  await assert.rejects(off, refusesWith("power.failed"));
  assert.ok(!existsSync(wish));
  rmSync(join(places.wishes, ".."), { recursive: true });
  writeFileSync(join(places.wishes, ".."), "in the way");
  await assert.rejects(wishedPower(wishes, 60_000).off(), refusesWith("power.failed"));
});
