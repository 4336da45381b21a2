// Whole talks with simulated security keys, by session scripts: in one process, and with the authenticator, the
// glass, the eye and Firn as processes of their own.

import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { keyFile } from "../../device/sim/keys.ts";
import { playHome } from "../../device/sim/played.ts";
import { parseSession } from "../../device/sim/session.ts";
import { playSingle, type SingleOptions } from "../../device/sim/single.ts";
import { main } from "./key-main.ts";

type Options = Partial<SingleOptions>;

function play(script: string, options: Options = {}) {
  return playSingle({ main, script, ...options });
}

async function holds(script: string, options: Options = {}) {
  const result = await play(script, options);
  assert.equal(result.failure, undefined, result.failure);
  return result;
}

/** Every secret that a play showed, in order. */
function secrets(printed: string): string[] {
  return [...printed.matchAll(/secret ([0-9a-f]{8})/g)].map((match) => match[1]!);
}

const ENROL = "pick Enrol\ntouch\nsee Touch the security key once more\ntouch\nsee Enrolled\npress ok\n";
const ASK = "pick Ask for\ntouch\nsee answered\npress ok\n";

test("a key is enrolled by two touches, and gives the same secret by one ever after", async () => {
  const { printed } = await holds(`plug blue\n${ENROL}${ASK}${ASK}`);
  const all = secrets(printed);
  assert.equal(all.length, 3);
  assert.equal(new Set(all).size, 1);
  assert.match(printed, /Enrolled by touch/);
});

test("a key that comes when it is asked for is taken, and so is one that was there before", async () => {
  await holds(
    `pick Enrol\nsee Plug in the security key\nplug blue\nsee Touch the security key now\ntouch\ntouch\nsee Enrolled`,
  );
  await holds(`plug blue\npick Enrol\nunseen Plug in\nsee Touch the security key now`);
});

test("what was enrolled outlives a lock, a cut, being pulled out, and the play", async () => {
  const first = await holds(`plug blue\n${ENROL}hold back\nsee Keys\n${ASK}cut\nsee Keys\n${ASK}`);
  const { disk, keys } = first;
  const second = await holds(`plug blue\n${ASK}unplug blue\nplug blue\n${ASK}`, { disk, keys });
  assert.equal(new Set([...secrets(first.printed), ...secrets(second.printed)]).size, 1);
});

test("of several enrolled keys the one that is plugged in answers, with its own secret", async () => {
  const { printed } = await holds(
    `plug blue\n${ENROL}unplug blue\nplug red\n${ENROL}${ASK}unplug red\nplug blue\n${ASK}`,
  );
  const [blue, red, redAgain, blueAgain] = secrets(printed);
  assert.deepEqual([redAgain, blueAgain], [red, blue]);
  assert.notEqual(blue, red);
  assert.match(printed, /Key 2 answered[\s\S]*Key 1 answered/);
});

test("a key that is enrolled already, and one that is not, are refused by name", async () => {
  await holds(`plug blue\n${ENROL}pick Enrol\nsee factor.enrolled-already`);
  await holds(`plug blue\n${ENROL}unplug blue\nplug red\npick Ask for\nsee factor.not-enrolled`);
});

test("two talks without another screen between them find the key both times", async () => {
  await holds(
    `plug blue\n${ENROL}pick Ask twice\ntouch\nsee Touch the security key now\ntouch\nsee answered`,
  );
});

test("a key with a PIN of its own is asked for it, says how many tries are left, and is enrolled with it", async () => {
  const { printed } = await holds(
    `plug safe pin $KEYPIN
    pick Enrol
    see The key's PIN
    see 8 tries are left
    type wrong
    press ok
    see That was not its PIN. 7 tries are left
    type $KEYPIN
    press ok
    touch
    see once more
    touch
    see Enrolled with PIN or finger
    press ok
    unplug safe
    plug safe
    pick Ask for
    type $KEYPIN
    press ok
    touch
    see answered`,
    { set: { KEYPIN: "correct horse" } },
  );
  assert.equal(new Set(secrets(printed)).size, 1);
  assert.equal(secrets(printed).length, 2);
  assert.ok(!printed.includes("correct") && !printed.includes("horse"));
});

const WRONG = "type wrong\npress ok\n";

test("after three wrong PINs the key has to be plugged in again, and after eight it is blocked", async () => {
  const three = `pick Enrol\n${WRONG}${WRONG}${WRONG}`;
  const two = `pick Enrol\n${WRONG}${WRONG}`;
  await holds(`
    plug safe pin right one
    ${three}see factor.pin-paused
    press ok
    pick Enrol
    see factor.pin-paused
    press ok
    unplug safe
    plug safe
    ${three}see factor.pin-paused
    press ok
    unplug safe
    plug safe
    ${two}see factor.pin-blocked
    press ok
    unplug safe
    plug safe
    pick Enrol
    see factor.pin-blocked`);
});

test("a key with a finger is enrolled with it, and that makes another secret than a touch alone", async () => {
  const { printed, keys } = await holds(
    `plug bio fingerprint\npick Enrol\ntouch\nsee once more\ntouch\nsee Enrolled with PIN or finger\npress ok\n${ASK}`,
  );
  assert.equal(new Set(secrets(printed)).size, 1);
  const { credentials } = JSON.parse(keys.get("bio")!);
  assert.notEqual(credentials[0].withUv, credentials[0].withoutUv);
});

test("back calls the request off at the key as well: the next one finds it free", async () => {
  await holds(`plug blue\npick Enrol\nsee Touch\npress back\nsee Not enrolled\npress ok\n${ENROL}`);
  await holds("pick Enrol\npress back\nsee Not enrolled");
  await holds("plug safe pin 1234\npick Enrol\npress back\nsee Not enrolled");
});

test("the idle lock, while a key waits, calls the request off", async () => {
  await holds(`plug blue\npick Enrol\nsee Touch\nidle\nsee Keys\n${ENROL}`);
});

test("a key that is pulled out is said so, at any moment", async () => {
  await holds("plug blue\npick Enrol\nsee Touch\nunplug blue\nsee factor.gone");
  await holds("plug safe pin 1234\npick Enrol\nsee The key's PIN\nunplug safe\nsee factor.gone");
});

test("without a touch the key gives up after thirty seconds, and is free again", async () => {
  await holds(
    `plug blue\npick Enrol\nclock +29s\nsee Touch the security key now\nclock +2s\nsee factor.timeout\npress ok\n${ENROL}`,
  );
});

test("power that is cut while a key waits ends its request", async () => {
  await holds(`plug blue\npick Enrol\nsee Touch\ncut\nsee Keys\n${ENROL}`);
});

test("touches that nothing waits for, and keys that are not where they should be, do not hold", async () => {
  for (const [script, expected] of [
    ["touch", /expected: a key that waits for a touch/],
    ["plug blue\ntouch", /expected: a key that waits for a touch/],
    [`plug blue\n${ENROL}touch`, /expected: a key that waits for a touch/],
    ["plug blue\nplug red", /expected: no other key plugged in/],
    ["plug blue\nplug blue", /expected: no other key plugged in/],
    ["unplug blue", /expected: the key blue plugged in/],
    ["plug blue\nunplug red", /expected: the key red plugged in/],
  ] as const)
    assert.match((await play(script)).failure ?? "", expected);
});

// ---------------------------------------------------------------- processes

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "firn-key-"));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

const PROGRAM = join(import.meta.dirname, "key-program.ts");

async function playReal(
  home: string,
  script: string,
): Promise<{ code: number; line: string; printed: string }> {
  const printed: string[] = [];
  const outcome = await playHome({
    home,
    steps: parseSession(script, new Map()),
    print: (text) => printed.push(text),
    files: { firn: PROGRAM },
  });
  return { ...outcome, printed: printed.join("\n") };
}

test("with real processes a key is enrolled, remembered beside the home, cut, and asked again", async (t) => {
  const home = folder(t);
  const first = await playReal(home, `plug blue\n${ENROL}${ASK}cut\nsee Keys\n${ASK}`);
  assert.deepEqual([first.code, first.line], [0, ""]);
  assert.ok(existsSync(keyFile(home, "blue")));
  const second = await playReal(
    home,
    `plug blue\n${ASK}pick Ask for\nclock +31s\nsee factor.timeout\npress ok\nunplug blue\nplug red\npick Ask for\nsee factor.not-enrolled`,
  );
  assert.deepEqual([second.code, second.line], [0, ""]);
  const all = [...secrets(first.printed), ...secrets(second.printed)];
  assert.deepEqual([all.length, new Set(all).size], [4, 1]);
  assert.equal(JSON.parse(readFileSync(keyFile(home, "blue"), "utf8")).credentials.length, 1);
});

test("with real processes a key's PIN and finger work as in one", async (t) => {
  const outcome = await playReal(
    folder(t),
    `plug both fingerprint pin 2468\npick Enrol\ntouch\ntouch\nsee Enrolled with PIN\npress ok\nunplug both\n
     plug safe pin 2468\npick Enrol\ntype 2468\npress ok\ntouch\nunplug safe\nsee factor.gone`,
  );
  assert.deepEqual([outcome.code, outcome.line], [0, ""]);
});
