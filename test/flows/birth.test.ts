// New words, in every manner, as a person makes them; and everything that they are made of, made again from outside.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash, hkdfSync } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { entropyToMnemonic, mnemonicToEntropy } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import { toHex, u32be } from "../../src/bytes.ts";
import { main } from "../../src/main.ts";
import type { Noise, Ports, Random } from "../../src/ports.ts";
import { Refusal } from "../../src/refusal.ts";
import { masterOf } from "../bitcoin/build.ts";
import { chance } from "../pictures.ts";
import { folder, holds, PIN, type Play } from "./stage.ts";

const CREATE = `press ok\npick regtest\ntype ${PIN}\npress ok\ntype ${PIN}\npress ok\npick Create new words\n`;

const { vectors: ROLLS } = JSON.parse(
  readFileSync(join(import.meta.dirname, "../vectors/keys/rolls.json"), "utf8"),
) as { readonly vectors: readonly { kind: "dice" | "coins"; rolls: string; words: string; from: string }[] };
/** As a program of others gave them for rolls that a generator made. */
const RUN = ROLLS.filter(({ from }) => from.includes("run"));
const SIZES = [undefined, { columns: 40, rows: 15 }] as const;

/** From the words on the glass to their key. */
function written(phrase: string): string {
  const words = phrase.split(" ");
  const each = words.map((word, i) => `if see Type word ${i + 1} of\ntype ${word}\npress ok\nend\n`);
  return `see Write these words down\n${words.map((word, i) => `see ${`${i + 1}.`.padEnd(3)} ${word}\n`).join("")}page
    press ok\nsee Check\n${each.join("")}see Your words are made\n`;
}

const fingerprintOf = (phrase: string) => toHex(u32be(masterOf(phrase).fingerprint));
const toKey = (phrase: string) => `pick Go on\npick No passphrase\nsee ${fingerprintOf(phrase)}\n`;
const wordsOf = (entropy: Uint8Array) => entropyToMnemonic(entropy, wordlist);
const bytesFor = (words: number) => (words / 3) * 4;

/** The first 64 bytes of the first start's fixed stream: device/sim/chance.ts. */
const FIXED = "a5a5";
const block = (n: number) =>
  createHash("sha256").update(Buffer.from(FIXED, "hex")).update(`/1/${n}`).digest();
const KERNEL = Buffer.concat([block(0), block(1)]);

/** docs/formats.md, New words, with another library. */
function mixed(sources: readonly (readonly [string, Uint8Array])[], words: number): string {
  const sized = (part: Uint8Array) => Buffer.concat([u32be(part.length), part]);
  const all = Buffer.concat(sources.flatMap(([name, bytes]) => [sized(Buffer.from(name)), sized(bytes)]));
  return wordsOf(new Uint8Array(hkdfSync("sha512", all, "firn entropy 1", "words", bytesFor(words))));
}

// ---------------------------------------------------------------- mixed

for (const words of [12, 15, 18, 21, 24] as const)
  test(`create, ${words} words, mixed, go on: the shortest way makes the words of the kernel's generator`, async () => {
    const phrase = mixed([["random", KERNEL]], words);
    assert.equal(phrase.split(" ").length, words);
    await holds(
      `entropy ${FIXED}\n${CREATE}pick ${words} words\npick Mixed\npick Go on\n${written(phrase)}${toKey(phrase)}`,
    );
  });

test("new words are not thrown away by one press at their fingerprint", async () => {
  const phrase = mixed([["random", KERNEL]], 12);
  const way = `entropy ${FIXED}\n${CREATE}pick 12 words\npick Mixed\npick Go on\n${written(phrase)}${toKey(phrase)}`;
  await holds(
    `${way}press back\nsee thrown away\npick Keep these words\npick No passphrase\nsee ${fingerprintOf(phrase)}
     press back\npick Throw them away\nsee Create new words`,
  );
});

/** The same program on a machine of which a part is another. */
const on =
  (part: (ports: Ports) => Partial<Ports>): typeof main =>
  (ports) =>
    main({ ...ports, ...part(ports) });

/** Gives from the machine's own generator, and keeps account. */
function counted(change: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes) {
  const asked: number[] = [];
  const random = ({ random: real }: Ports): { random: Random } => ({
    random: {
      bytes(length) {
        asked.push(length);
        return change(real.bytes(length));
      },
    },
  });
  return { asked, main: on(random) };
}

const firstWords = (printed: string) =>
  /Write these words down[\s\S]*?\| 1\. +(\w+) [\s\S]*?\| 2\. +(\w+) [\s\S]*?\| 3\. +(\w+) /
    .exec(printed)!
    .slice(1);

test("the kernel's generator is always in: it gives more than the key is long, and its value decides", async () => {
  const way = `entropy ${FIXED}\n${CREATE}pick 24 words\npick Mixed\npick Go on\nsee Write these words down\n`;
  const plain = counted();
  const { printed } = await holds(way, { main: plain.main });
  assert.ok(plain.asked[0]! >= 32, `${plain.asked}`);
  assert.deepEqual(
    firstWords(printed),
    mixed([["random", KERNEL]], 24)
      .split(" ")
      .slice(0, 3),
  );
  // One bit of it is other: so are the words.
  const other = counted((bytes) => bytes.map((byte, i) => (i === 63 ? byte ^ 1 : byte)));
  assert.notDeepEqual(firstWords((await holds(way, { main: other.main })).printed), firstWords(printed));
});

test("without a script's chance the words are others each time, and nothing calls them practice", async () => {
  const way = `${CREATE}pick 12 words\npick Mixed\npick Go on\nsee Write these words down\nunseen PRACTICE\n`;
  const phrases = [await holds(way), await holds(way), await holds(way)].map(({ printed }) =>
    firstWords(printed),
  );
  assert.equal(new Set(phrases.map(String)).size, 3);
});

test("a constant generator makes no words, but words of dice need none", async () => {
  const dead = on(() => ({ random: { bytes: (length) => new Uint8Array(length) } }));
  const { words, rolls } = RUN.find((one) => one.kind === "dice" && one.rolls.length === 50)!;
  await holds(
    `${CREATE}pick 12 words\npick Mixed\nsee keys.entropy-dead\nsee random\npress ok\npick Dice only\ntype ${rolls}
     press ok\nsee Check it yourself\npress ok\n${written(words)}${toKey(words)}`,
    { main: dead },
  );
});

/** Camera pictures with noise: 8-bit PGM, larger than what the eye hands over. */
function noisyPictures(at: string, count: number): Uint8Array[] {
  mkdirSync(at, { recursive: true });
  return Array.from({ length: count }, (_, n) => {
    const next = chance(100 + n);
    const luma = Uint8Array.from(
      { length: 200 * 150 },
      (_, i) => 60 + ((i % 200) >> 2) + Math.floor(next() * 9),
    );
    writeFileSync(join(at, `${n + 1}.pgm`), Buffer.concat([Buffer.from("P5\n200 150\n255\n"), luma]));
    return luma;
  });
}

/** As docs/formats.md has it, of the 128 × 128 pixels in the middle. */
function cameraDigest(frames: readonly Uint8Array[]): Buffer {
  let digest = Buffer.alloc(32);
  for (const luma of frames) {
    const rows = Array.from({ length: 128 }, (_, y) =>
      luma.subarray((11 + y) * 200 + 36, (11 + y) * 200 + 164),
    );
    const own = createHash("sha256")
      .update(Buffer.concat([u32be(128), u32be(128), ...rows]))
      .digest();
    digest = createHash("sha256").update(digest).update(own).digest();
  }
  return digest;
}

const noise = (name: string, seed: number): Noise => ({
  name,
  async bytes(length) {
    const next = chance(seed);
    return Uint8Array.from({ length }, () => Math.floor(next() * 256));
  },
});

const DICE99 = RUN.find(({ kind, rolls }) => kind === "dice" && rolls.length === 99)!;
const COINS256 = RUN.find(({ kind, rolls }) => kind === "coins" && rolls.length === 256)!;

test("everything together, in its order, with real pictures through the eye: the transcript is enough to make it again", async (t) => {
  const camera = join(folder(t), "camera");
  const frames = noisyPictures(camera, 8);
  const machine = [noise("TPM", 1), noise("board", 2)];
  const typed = "what a cat types";
  const sources = [
    ["random", KERNEL],
    ["TPM", await machine[0]!.bytes(128)],
    ["board", await machine[1]!.bytes(128)],
    // Four frames after the first are worth 64 bits each: more are not asked for.
    ["camera", cameraDigest(frames.slice(0, 5))],
    ["dice", Buffer.from(DICE99.rolls)],
    ["coins", Buffer.from(COINS256.rolls)],
    ["typed", Buffer.from(typed)],
    ["timing", Buffer.alloc(8 * (typed.length + 1))],
  ] as const;
  const phrase = mixed(sources, 24);
  const digests = sources.map(
    ([name, bytes], i) => `see ${i + 1}. ${name}\nsee ${createHash("sha256").update(bytes).digest("hex")}\n`,
  );
  const secrets = sources.map(([name, bytes]) =>
    name === "dice" || name === "coins" ? `see ${Buffer.from(bytes)}\n` : `see ${toHex(bytes)}\n`,
  );
  // Asked for in another order than that of the mix.
  const { printed, disk } = await holds(
    `entropy ${FIXED}\n${CREATE}pick 24 words\npick Mixed\nsee In it: the kernel's generator, TPM, board.
     pick Typing\ntype ${typed}\npress ok\nsee Typing on keys: added\npick Coins\ntype ${COINS256.rolls}\npress ok
     pick Dice\ntype ${DICE99.rolls}\nsee 99 of 99\npress ok\nsee Dice: added, 255 bits
     pick Camera\nsee 0 of 256 bits\ncamera ${camera} loop\nsee Camera: added, 256 bits\npick Go on
     ${written(phrase)}pick See how\n${digests.join("")}see too few to be tested\nsee 32 bytes: 24 words\npress back
     pick See the bytes\n${secrets.join("")}see ${toHex(mnemonicToEntropy(phrase, wordlist))}\npress back\n${toKey(phrase)}`,
    { main: on(() => ({ noise: machine })), eye: "pictures" },
  );
  assert.match(printed, /64 of 256 bits measured in 2 frames/);
  assert.equal(disk.size, 0);
});

test("on three real processes the eye's frames reach the mix, and two homes never get the same words", async (t) => {
  const at = folder(t);
  const camera = join(at, "camera");
  noisyPictures(camera, 6);
  const file = join(at, "birth.txt");
  writeFileSync(
    file,
    `${CREATE}pick 24 words\npick Mixed\npick Camera\ncamera ${camera} loop\nsee Camera: added, 256 bits\npick Go on
     see Write these words down\npress back\nsee Start over?\npick Start over\nsee Create new words`,
  );
  const start = join(import.meta.dirname, "../../scripts/start.ts");
  const play = (home: string) =>
    execFileSync(process.execPath, [start, "--home", join(at, home), "--play", file], { encoding: "utf8" });
  const phrases = [play("one"), play("two")].map(firstWords);
  assert.notDeepEqual(phrases[0], phrases[1]);
});

test("each extra alone changes the words, and adding again takes the later one", async () => {
  const half = (text: string) => text.slice(0, text.length / 2 + 1);
  const once = mixed(
    [
      ["random", KERNEL],
      ["dice", Buffer.from(half(DICE99.rolls))],
    ],
    12,
  );
  await holds(
    `entropy ${FIXED}\n${CREATE}pick 12 words\npick Mixed\npick Dice\ntype ${DICE99.rolls}\npress ok\npick Dice
     type ${half(DICE99.rolls)}\npress ok\npick Go on\n${written(once)}`,
  );
  const coins = mixed(
    [
      ["random", KERNEL],
      ["coins", Buffer.from(COINS256.rolls)],
    ],
    12,
  );
  await holds(
    `entropy ${FIXED}\n${CREATE}pick 12 words\npick Mixed\npick Coins\ntype ${COINS256.rolls}\npress ok\npick Go on\n${written(coins)}`,
  );
});

test("a generator of the machine that is dead, or does not answer, is named and left out; the rest goes on", async () => {
  const stuck: Noise = { name: "board", bytes: async (length) => new Uint8Array(length).fill(7) };
  const silent: Noise = {
    name: "TPM",
    bytes: async () => {
      throw new Refusal("birth.source-failed", "TPM");
    },
  };
  const well = noise("second", 5);
  const phrase = mixed(
    [
      ["random", KERNEL],
      ["second", await well.bytes(128)],
    ],
    24,
  );
  await holds(
    `entropy ${FIXED}\n${CREATE}pick 24 words\npick Mixed\npick Go on\nsee birth.source-failed\nsee TPM\npress ok
     see birth.dead-source\nsee board: repetition\npress ok\n${written(phrase)}pick See how\nsee 2. second\nunseen board`,
    { main: on(() => ({ noise: [silent, stuck, well] })) },
  );
});

test("a camera that shows one picture for ever is refused as frozen, and one without light as dark; the words go on without", async (t) => {
  const at = folder(t);
  const still = join(at, "still");
  const [luma] = noisyPictures(still, 1);
  const black = join(at, "black.pgm");
  writeFileSync(black, Buffer.concat([Buffer.from("P5\n200 150\n255\n"), new Uint8Array(luma!.length)]));
  const phrase = mixed([["random", KERNEL]], 24);
  await holds(
    `entropy ${FIXED}\n${CREATE}pick 24 words\npick Mixed\npick Camera\ncamera ${still} loop\nsee birth.camera-frozen
     press ok\nsee Add chance\nunseen added\npick Camera\ncamera ${black} loop\nsee birth.camera-dark\npress ok
     pick Camera\npress back\nunseen added\npick Go on\n${written(phrase)}pick See how\nunseen camera`,
    { eye: "pictures" },
  );
});

test("keys typed on a clock that stands still: what was typed stays, its times are named and left out", async () => {
  const typed = "x7".repeat(20);
  const phrase = mixed(
    [
      ["random", KERNEL],
      ["typed", Buffer.from(typed)],
    ],
    12,
  );
  await holds(
    `entropy ${FIXED}\n${CREATE}pick 12 words\npick Mixed\npick Typing\npress ok\nsee Type something\ntype ${typed}
     press ok\nsee birth.dead-source\nsee timing: repetition\npress ok\nsee Typing on keys: added, not counted\npick Go on
     ${written(phrase)}pick See how\nsee not tested\nunseen timing`,
  );
});

test("keys typed at uneven times count one bit a gap, by Firn's own clock", async () => {
  // Milliseconds between keys, as a person would type; a hold passes time between its presses and is no way here.
  const gaps = Array.from({ length: 40 }, (_, i) => 1 + ((i * i * 7 + i) % 5));
  const keys = gaps.map((seconds) => `type k\nclock +${seconds}s\n`).join("");
  const { printed } = await holds(
    `entropy ${FIXED}\n${CREATE}pick 12 words\npick Mixed\npick Typing\n${keys}press ok\nsee Typing on keys: added, 40 bits
     pick Go on\nsee Write these words down`,
  );
  const [one] = firstWords(printed);
  let now = 0;
  const times = [0, ...gaps].map((seconds) => (now += 1000 * seconds));
  const bytes = Buffer.alloc(8 * times.length);
  for (const [i, time] of times.entries()) bytes.writeDoubleBE(time, 8 * i);
  const phrase = mixed(
    [
      ["random", KERNEL],
      ["typed", Buffer.from("k".repeat(40))],
      ["timing", bytes],
    ],
    12,
  );
  assert.equal(one, phrase.split(" ")[0]);
});

// ---------------------------------------------------------------- dice only, coins only

for (const size of SIZES)
  for (const { kind, rolls, words } of RUN.filter(({ rolls }) =>
    [50, 57, 99, 128, 256].includes(rolls.length),
  ))
    test(`${rolls.length} ${kind} make the words that others publish, at ${size ? "40×15" : "80×24"}; the shell line on the screen agrees`, async () => {
      const count = words.split(" ").length;
      const entropy = toHex(mnemonicToEntropy(words, wordlist));
      const only = kind === "dice" ? "Dice only" : "Coins only";
      const typed = kind === "dice" ? rolls : rolls.replaceAll("1", "h").replaceAll("0", "t");
      const { printed } = await holds(
        `${CREATE}pick ${count} words\npick ${only}\ntype ${typed.slice(0, 37)}\nsee 37 of\ntype ${typed.slice(37)}
         press ok\nsee Check it yourself\nunseen ${entropy}\npage\npress ok\n${written(words)}pick See how
         see sha256sum\nunseen ${entropy}\npress back\npick See the bytes\nsee ${rolls}\nsee ${entropy}\npress back\n${toKey(words)}`,
        size ? { size } : {},
      );
      // On a small screen the line is broken before its last word.
      const [, upTo, cut] = /(printf %s ROLLS \| sha256sum \| cut)[\s|]+(-c1-\d+)/.exec(printed)!;
      const line = `${upTo} ${cut}`;
      const shell = execFileSync("sh", ["-c", line.replace("ROLLS", rolls)], { encoding: "utf8" });
      assert.equal(shell.trim(), entropy);
    });

test("so many rolls are asked for as the words have bits, and one fewer is not taken", async () => {
  for (const [words, dice, coins] of [
    [12, 50, 128],
    [15, 62, 160],
    [18, 75, 192],
    [21, 87, 224],
    [24, 99, 256],
  ] as const)
    for (const [only, least, all] of [
      ["Dice only", dice, DICE99.rolls],
      ["Coins only", coins, COINS256.rolls],
    ] as const)
      await holds(
        `${CREATE}pick ${words} words\npick ${only}\nsee 0 of ${least}\ntype ${all.slice(0, least - 1)}\nsee ${least - 1} of ${least}
         press ok\nsee Still needed: 1.\ntype ${all[least - 1]}\nsee ${least} of ${least}\npress ok\nsee Check it yourself`,
      );
});

test("with four buttons dice are typed by the dial, and a slip is erased", async () => {
  const { rolls, words } = RUN.find((one) => one.kind === "dice" && one.rolls.length === 50)!;
  const dialled = [...rolls].map((face) => `press down x${face}\npress ok\n`).join("");
  await holds(
    `${CREATE}pick 12 words\npick Dice only\npress up\nsee take 6\npress back\nsee 0 of 50\npress down x2\npress ok\nsee 1 of 50
     press back\nsee 0 of 50\n${dialled}see 50 of 50\npress ok\nsee Check it yourself\npress ok\n${written(words)}`,
  );
});

test("keys that are no face are said to be none, spaces between groups do not count, and back leaves", async () => {
  await holds(
    `${CREATE}pick 12 words\npick Dice only\ntype 7\nsee Only 1, 2, 3, 4, 5, 6\ntype 0\nsee 0 of 50\ntype 123 456\nsee 6 of 50
     unseen Only\npress back x6\nsee 0 of 50\npress back\nsee Chance from where\npick Coins only\ntype 12\nsee Only 1, 0
     see 1 of 128\npress back x2\npress back\nsee How many words\npress back\nsee Create new words`,
  );
});

for (const [what, only, typed, reason] of [
  ["a die that always shows one face", "Dice only", "4".repeat(50), "birth.dead-source"],
  ["faces in order", "Dice only", "123456".repeat(9), "birth.pattern"],
  [
    "a die with two faces",
    "Dice only",
    "1661161616611166161161661116616116661611616616116161",
    "birth.uneven",
  ],
  ["heads and tails by turns", "Coins only", "10".repeat(64), "birth.pattern"],
] as const)
  test(`${what}: named, refused, and no words are made of it`, async () => {
    const { printed, disk } = await holds(
      `${CREATE}pick 12 words\npick ${only}\ntype ${typed}\npress ok\nsee ${reason}\npress ok\nsee Chance from where
       pick Mixed\npick ${only.split(" ")[0]}\ntype ${typed}\npress ok\nsee ${reason}\npress ok\nsee Add chance\nunseen added`,
    );
    assert.doesNotMatch(printed, /Write these words down/);
    assert.equal(disk.size, 0);
  });

// ---------------------------------------------------------------- words from a hat

const HAT: Play = { size: { columns: 40, rows: 15 } };

for (const [count, fit] of [
  [12, 128],
  [15, 64],
  [18, 32],
  [21, 16],
  [24, 8],
] as const)
  test(`${count - 1} words from a hat: ${fit} last words fit, the one that is chosen makes the phrase`, async () => {
    const phrase = wordsOf(createHash("sha256").update(`hat ${count}`).digest().subarray(0, bytesFor(count)));
    const drawn = phrase.split(" ").slice(0, -1);
    const last = phrase.split(" ").at(-1)!;
    const begin = `${CREATE}pick ${count} words\npick Words from a hat\ntype ${drawn.slice(0, -1).join(" ")}\npress ok
      see ${count - 1} words are needed, and ${count - 2} are typed\ntype ${drawn.at(-1)}\npress ok\nsee ${fit} words fit\n`;
    await holds(
      `${begin}pick Choose it myself\nsee ${last}\npress back\npick Choose it myself\npick ${last}\n${written(phrase)}pick See how
       see ${count - 1} words are yours\nsee chosen by you\npress back\nunseen See the bytes\n${toKey(phrase)}`,
      HAT,
    );
    // By chance: the first byte of the kernel's 64 says which of those that fit, in the list's order.
    const fits = wordlist.filter((word) => {
      try {
        return mnemonicToEntropy([...drawn, word].join(" "), wordlist).length > 0;
      } catch {
        return false;
      }
    });
    assert.equal(fits.length, fit);
    const other = [...drawn, fits[KERNEL[0]! % fit]!].join(" ");
    await holds(
      `entropy ${FIXED}\n${begin}pick Let chance choose\n${written(other)}pick See how\nsee chosen by the kernel`,
      HAT,
    );
  });

test("one word drawn again and again is refused, and a dead generator chooses no last word", async () => {
  await holds(
    `${CREATE}pick 24 words\npick Words from a hat\ntype ${"zoo ".repeat(23)}\npress ok\nsee birth.dead-source\npress ok\nsee Chance from where`,
  );
  const drawn = "legal winner thank year wave sausage worth useful legal winner thank";
  await holds(
    `${CREATE}pick 12 words\npick Words from a hat\ntype ${drawn}\npress ok\npick Let chance choose\nsee keys.entropy-dead`,
    { main: on(() => ({ random: { bytes: (length) => new Uint8Array(length) } })) },
  );
});

// ---------------------------------------------------------------- ways back, and nothing left behind

test("back leads one step back from everywhere, and starting over leads to the words' menu", async () => {
  const phrase = mixed([["random", KERNEL]], 12);
  await holds(
    `entropy ${FIXED}\n${CREATE}pick 12 words\npick Mixed\npress back\nsee Chance from where\npress back\nsee How many words
     pick 24 words\npick Words from a hat\npress back\nsee Chance from where\npress back\npress back\nsee Type words in`,
  );
  await holds(
    `entropy ${FIXED}\n${CREATE}pick 12 words\npick Mixed\npick Go on\nsee ${phrase.split(" ")[0]}\npress back\npick Show the words\nsee ${phrase.split(" ")[0]}\npress back\npick Start over\nsee Create new words`,
  );
});

test("the long hold of back starts anew from every screen of a birth, and nothing was written", async (t: TestContext) => {
  const camera = join(folder(t), "camera");
  noisyPictures(camera, 2);
  const phrase = mixed([["random", KERNEL]], 12);
  const ways = [
    ["pick 12 words", "pick Mixed", "pick Camera", `camera ${camera}`],
    ["pick 12 words", "pick Mixed", "pick Typing", "type abc"],
    ["pick 24 words", "pick Dice only", "type 1234"],
    ["pick 12 words", "pick Words from a hat", "type zoo "],
    ["pick 12 words", "pick Mixed", "pick Go on", "page", "press ok"],
    ["pick 12 words", "pick Mixed", "pick Go on", written(phrase), "pick See the bytes"],
  ];
  for (const way of ways)
    for (let upTo = 0; upTo <= way.length; upTo++) {
      const { starts, disk } = await holds(
        `entropy ${FIXED}\n${CREATE}${way.slice(0, upTo).join("\n")}\nhold back\nsee Welcome`,
        { eye: "pictures" },
      );
      assert.deepEqual([starts, disk.size], [2, 0]);
    }
});
