// Persons come and go: by an authenticator, a security key, a PIN; named once, in one write, and not while a policy asks.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { DiskState, RecordingDisk } from "../../device/sim/recording.ts";
import { hotp, unpackPeople } from "../../src/factors/index.ts";
import { main } from "../../src/main.ts";
import { writePolicy } from "../../src/policy/index.ts";
import type { Ports } from "../../src/ports.ts";
import { CODE } from "../../src/rules.ts";
import {
  asking,
  byPin,
  byTime,
  changed,
  homeAsking,
  PSBT,
  peopleOn,
  SIGNED,
  stateOn,
  stepAfter,
  TO_ASK,
} from "./people-stage.ts";
import { holds, homeOf, journalOf, PIN, type Play, play, UNLOCK } from "./stage.ts";

const PEOPLE = `${UNLOCK}pick Policy\npick People\n`;
const add = (name: string) =>
  `${PEOPLE}pick Add a person\npage\npress ok\nsee Your present PIN\ntype ${PIN}\npress ok\nsee Name\ntype ${name}\npress ok\nsee How does ${name} agree?\n`;
const ADDED = "see is enrolled\npage\npress ok\nsee PIN\n";
const BY_PIN = `pick A PIN\ntype 867530\npress ok\nsee PIN again\ntype 867530\npress ok\n${ADDED}`;
const REMOVE = "page\npress ok\nsee Remove\npage\npress ok\nhold both\nclock +1s\nsee Nobody is enrolled\n";

async function namesOn(disk: DiskState): Promise<string> {
  const [state, kept] = [await stateOn(disk), await peopleOn(disk)];
  const names = kept.map(({ name, factor }) => `${name} ${factor.kind}`).join();
  assert.equal(state.people.map(({ name, factor }) => `${name} ${factor}`).join(), names);
  return names;
}

// ---------------------------------------------------------------- an authenticator

/** The same chance in both plays, so that the first tells the secret that the second is enrolled with. */
const FIXED = "entropy 00112233\n";

async function secretShown(disk: DiskState, options: Play = {}): Promise<Uint8Array> {
  const script = `${FIXED}${add("anna")}pick An authenticator\nsee With any authenticator app\npress back\nsee type it in`;
  const { screen } = await holds(script, { disk, ...options });
  const text = /Secret\s*\|\s*\|\s*([A-Z2-7 |\n]+?)\s*\|\s*\|\s+\|/.exec(screen)?.[1] ?? assert.fail(screen);
  return fromBase32(text.replace(/[^A-Z2-7]/g, ""));
}

function fromBase32(text: string): Uint8Array {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...text].map((letter) => letters.indexOf(letter).toString(2).padStart(5, "0")).join("");
  return Uint8Array.from(bits.match(/.{8}/g)!, (eight) => Number.parseInt(eight, 2));
}

test("anna is enrolled by the code that any authenticator scans, once it has shown a code that is right", async () => {
  const disk = await homeOf();
  const secret = await secretShown(disk);
  assert.equal(secret.length, 20);
  const step = await stepAfter(disk);
  const start = `${FIXED}${add("anna")}see by the time\npick An authenticator\npress ok\nsee a first code\nsee Time here\n`;
  const wrong = `type ${hotp(secret, step + 50)}\npress ok\nsee another one\npress ok\n`;
  const played = await holds(`${start}${wrong}type ${hotp(secret, step)}\npress ok\n${ADDED}`, { disk });
  assert.equal(await namesOn(played.disk), "anna totp");
  const [kept] = await peopleOn(played.disk);
  assert.ok(kept!.factor.kind === "totp" && kept!.factor.last === step);
  assert.ok(
    (await journalOf(played.disk)).some((line) => line.kind === "person-added" && line.name === "anna"),
  );
});

test("the code that confirmed an enrolment is used up by it", async () => {
  const disk = await homeOf();
  const secret = await secretShown(disk);
  const step = await stepAfter(disk);
  const script = `${FIXED}${add("anna")}pick An authenticator\npress ok\ntype ${hotp(secret, step)}\npress ok\n${ADDED}`;
  const played = await holds(script, { disk });
  const asked = await changed(played.disk, (state) => ({
    ...state,
    policy: asking(state.policy, { need: 1, of: ["anna"] }),
  }));
  const agree = (at: number) => `pick anna\ntype ${hotp(secret, at)}\npress ok\n`;
  const walk = `${TO_ASK}${agree(step)}see was used before\npress ok\n${agree(step + 1)}${SIGNED}`;
  await holds(walk, { disk: asked, set: { PSBT } });
});

test("where no clock runs on while the power is off, the authenticator goes by a counter", async () => {
  const disk = await homeOf();
  const noClock = ({ clock: { chipMs: _, ...clock }, ...ports }: Ports) => main({ ...ports, clock });
  const secret = await secretShown(disk, { main: noClock });
  const script = `${FIXED}${add("anna")}see by a counter\npick An authenticator\npress back\nsee A counter (HOTP\npress ok
    see a first code\nunseen Time here\ntype ${hotp(secret, 1)}\npress ok\n${ADDED}`;
  const played = await holds(script, { disk, main: noClock });
  const [kept] = await peopleOn(played.disk);
  assert.ok(kept!.factor.kind === "hotp" && kept!.factor.next === 2);
});

test("the code is a picture that holds the secret, and the secret is nowhere on the disk", async () => {
  const disk = await homeOf();
  const secret = await secretShown(disk);
  const script = `${FIXED}${add("anna")}pick An authenticator\npress ok\ntype ${hotp(secret, await stepAfter(disk))}\npress ok\n${ADDED}`;
  const played = await holds(script, { disk });
  for (const [name, bytes] of played.disk)
    assert.equal(Buffer.from(bytes).indexOf(Buffer.from(secret)), -1, name);
});

// ---------------------------------------------------------------- a PIN, a security key

test("a person chooses a PIN of six digits or more, twice the same, and never the home's own", async () => {
  const disk = await homeOf();
  const start = `${add("carl")}pick A PIN\n`;
  await holds(`${start}type 12345\npress ok\nsee At least 6 digits`, { disk });
  await holds(`${start}type 123456\npress ok\ntype 123457\npress ok\nsee The two PINs differ`, { disk });
  await holds(`${start}type ${PIN}\npress ok\ntype ${PIN}\npress ok\nsee vault.same-pin`, { disk });
  const played = await holds(`${add("carl")}${BY_PIN}`, { disk });
  assert.equal(await namesOn(played.disk), "carl pin");
});

test("a person's security key is enrolled by two touches, and no second time, nor where it opens the home", async () => {
  const KEY = "pick A security key\nsee Plug in\nplug green\ntouch\nsee once more\ntouch\n";
  const first = await holds(`${add("dora")}${KEY}${ADDED}`, { disk: await homeOf() });
  assert.equal(await namesOn(first.disk), "dora key");
  const again = `${add("emil")}pick A security key\nsee Plug in\nplug green\nsee factor.enrolled-already`;
  await holds(again, { disk: first.disk, keys: first.keys });
});

// ---------------------------------------------------------------- names

test("names are as policies write them, each once, and none that a policy would read as something else", async () => {
  const disk = await homeAsking([], { anna: byTime() });
  const start = `${PEOPLE}pick Add a person\npage\npress ok\ntype ${PIN}\npress ok\nsee Name\n`;
  await holds(`${start}type anna\npress ok\nsee Another one has this name`, { disk });
  await holds(`${start}type Anna\nsee cannot stand here`, { disk });
  await holds(`${start}type 2 of us\npress ok\nsee begins with a small letter`, { disk });
  for (const name of [CODE, "all of us"])
    await holds(`${start}type ${name}\npress ok\nsee something else`, { disk });
});

// ---------------------------------------------------------------- one less

test("a person whom no policy names is removed by the gesture, and can be enrolled anew", async () => {
  const { disk } = await holds(`${add("carl")}${BY_PIN}`, { disk: await homeOf() });
  const played = await holds(`${PEOPLE}pick carl\nsee No policy names\n${REMOVE}`, { disk });
  assert.equal(await namesOn(played.disk), "");
  assert.ok((await journalOf(played.disk)).some(({ kind }) => kind === "person-removed"));
  await holds(`${add("carl")}${BY_PIN}`, { disk: played.disk });
});

test("a person whom the policy names, or one that waits, stays: change the policy first", async () => {
  const refused = `${PEOPLE}pick anna\nsee A policy names\npage\npress ok\nsee people.named`;
  const anna = { need: 1, of: ["anna"] };
  const held = await homeAsking([anna], { anna: await byPin("111111") });
  const after = await holds(refused, { disk: held });
  assert.equal(await namesOn(after.disk), "anna pin");
  const waiting = await changed(await homeAsking([], { anna: await byPin("111111") }), (state) => ({
    ...state,
    pending: [
      {
        change: { kind: "policy", text: writePolicy(asking(state.policy, anna)) },
        askedMs: 0,
        dueMs: Number.MAX_SAFE_INTEGER,
      },
    ],
  }));
  const unlock = `${PEOPLE.replace("see Sign a transaction\n", "if see A change waits\npage\npress ok\nend\nsee Sign a transaction\n")}`;
  await holds(refused.replace(PEOPLE, unlock), { disk: waiting });
});

// ---------------------------------------------------------------- cuts

for (const [name, from, script] of [
  ["enrolling", async () => homeOf(), `${add("carl")}${BY_PIN}`],
  [
    "removing",
    async () => (await holds(`${add("carl")}${BY_PIN}`, { disk: await homeOf() })).disk,
    `${PEOPLE}pick carl\n${REMOVE}`,
  ],
] as const)
  test(`a cut anywhere in ${name} leaves the persons of before or of after, sealed and named alike`, async () => {
    const disk = await from();
    const whole = await holds(script, { disk });
    const [before, after] = [await namesOn(disk), await namesOn(whole.disk)];
    const seen = new Set<string>();
    for (let cut = 1; cut <= whole.operations; cut++) {
      let left: readonly DiskState[] | undefined;
      const keeps = (recording: RecordingDisk) => {
        left ??= recording.states();
        return left[0]!;
      };
      await play(`cut ${cut}\n${script}\ncut`, { disk, keeps });
      for (const state of left!) seen.add(await namesOn(state));
    }
    assert.deepEqual(seen, new Set([before, after]));
  });

test("what is wrong with the sealed persons is said, and nothing is signed", async () => {
  const disk = await homeAsking([{ need: 1, of: ["anna"] }], { anna: byTime() });
  const lost = await changed(disk, (state) => state, []);
  await holds(`${TO_ASK}pick anna\nsee vault.damaged`, { disk: lost, set: { PSBT } });
  assert.throws(() => unpackPeople(new Uint8Array(0)));
});
