// A machine that lies or fails: chance, clock, key stretching, a program of another kind in the home.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { main } from "../../src/main.ts";
import type { Ports } from "../../src/ports.ts";
import { PHRASES, psbt, purse, signed } from "../bitcoin/build.ts";
import {
  holds,
  homeOf,
  journalOf,
  PIN,
  papers,
  play,
  psbtTexts,
  quickStretch,
  replyIn,
  script,
  UNLOCK,
} from "../flows/stage.ts";

const AT = mkdtempSync(join(tmpdir(), "firn-machine-"));
after(() => rmSync(AT, { recursive: true, force: true }));

const own = purse("p2wpkh");
const asked = psbt(own);
const set = { PIN, CAMERA: papers(join(AT, "in"), psbtTexts(asked, "base64")), OUT: join(AT, "out") };
const NEW_WORDS = `press ok\npick regtest\ntype ${PIN}\npress ok\ntype ${PIN}\npress ok\npick Create new words\npick 24 words\npick Mixed\n`;

/** The same program on a machine of which a part is another. */
const on =
  (part: (ports: Ports) => Partial<Ports>): typeof main =>
  (ports) =>
    main({ ...ports, ...part(ports) });

const DEAD: readonly (readonly [string, (length: number) => Uint8Array])[] = [
  ["zeros", (length) => new Uint8Array(length)],
  ["one byte for ever", (length) => new Uint8Array(length).fill(0x5a)],
  ["chance that stops", (length) => Uint8Array.from({ length }, (_, i) => (i < 20 ? i * 37 : 255))],
];

for (const [what, bytes] of DEAD)
  test(`no words are mixed of ${what}: it is refused before anybody has rolled, and nothing is written`, async () => {
    const dead = on(() => ({ random: { bytes } }));
    const { disk, printed } = await holds(
      `${NEW_WORDS}see keys.entropy-dead\npress ok\nsee Chance from where`,
      { main: dead },
    );
    assert.equal(disk.size, 0);
    assert.doesNotMatch(printed, /Write these words down/);
  });

test("two machines with the same request make the same signature, whatever their chance and time", async () => {
  const replies: Uint8Array[] = [];
  for (const start of ["", "entropy 00ff\n", "clock 2031-05-05T00:00Z\n"]) {
    await holds(`${start}${script("sign")}`, { disk: await homeOf(), set });
    replies.push(replyIn(set.OUT).bytes);
  }
  for (const reply of replies) assert.deepEqual(reply, (await signed(own, asked)).whole.bytes);
});

test("a clock before 1970 or in the year 9999 neither stops the home nor keeps it from opening later", async () => {
  for (const clock of ["1960-01-01T00:00Z", "9999-12-31T23:59Z"]) {
    const { disk } = await holds(`clock ${clock}\n${UNLOCK}pick Journal\nsee Journal\nhold back\nsee PIN`, {
      disk: await homeOf(),
    });
    await holds(`clock +10m\n${UNLOCK}`, { disk });
    assert.ok((await journalOf(disk)).length >= 4);
  }
});

test("the wall clock is no way round the wait for the next PIN", async () => {
  const wrong = "type 111111\npress ok\nsee vault.wrong-pin\npress ok\n".repeat(3);
  const soon = `type ${PIN}\nsee vault.too-soon\npress ok\n`;
  await holds(
    `${wrong}clock 2040-01-01T00:00Z\n${soon}clock 1990-01-01T00:00Z\n${soon}cut\n${soon}clock +5s\n${UNLOCK}`,
    {
      disk: await homeOf(),
    },
  );
});

test("key stretching that fails is a bug that ends the start, and the try stays counted", async () => {
  const stretch = {
    ...quickStretch,
    argon2id: async () => {
      throw new Error("no memory");
    },
  };
  const result = await play(`type ${PIN}\npress ok\nsee Sign a transaction`, {
    disk: await homeOf(),
    stretch,
  });
  assert.match(String(result.problem), /no memory/);
  assert.equal(result.starts, 1);
  await holds(`see One try without\n${UNLOCK}`, { disk: result.disk });
});

test("key stretching that gives another key opens nothing: it is a wrong PIN, and nothing is changed", async () => {
  const stretch = { ...quickStretch, argon2id: async () => new Uint8Array(32).fill(9) };
  const disk = await homeOf();
  const result = await holds(`type ${PIN}\npress ok\nsee vault.wrong-pin`, { disk, stretch });
  assert.deepEqual(result.disk.get("home"), disk.get("home"));
});

test("a home of other words under the same PIN signs nothing for these", async () => {
  const set2 = { PIN, CAMERA: set.CAMERA, SEE: "bitcoin.not-ours" };
  await holds(script("refuse"), { disk: await homeOf("regtest", PHRASES[1]), set: set2 });
});
