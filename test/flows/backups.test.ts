// A key's backups, made on the glass as a person makes them, and each read back by a second implementation.

import assert from "node:assert/strict";
import { createDecipheriv, createHmac, pbkdf2Sync } from "node:crypto";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { URDecoder } from "@ngraveio/bc-ur";
import { sha256 } from "@noble/hashes/sha2.js";
import { createBase58check } from "@scure/base";
import { HDKey } from "@scure/bip32";
import { entropyToMnemonic, mnemonicToEntropy, mnemonicToSeedSync } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import type { DiskState } from "../../device/sim/recording.ts";
import type { Backup } from "../../src/keeping.ts";
import { HARDENED } from "../../src/limits.ts";
import { main } from "../../src/main.ts";
import {
  decoded,
  decodedPaper,
  homeOfSeed,
  homeWith,
  LONG,
  MAKE,
  OPEN,
  PHRASE,
  SECRET,
  SECRET_SEED,
  SIZES,
  SMALL,
  screensOf,
  stringOn,
  wordsOn,
  YES,
} from "./backup-stage.ts";
import { homeOn } from "./entries.ts";
import { codesIn, folder, holds, journalOf, type Play } from "./stage.ts";

const entropyOf = (phrase: string) => Buffer.from(mnemonicToEntropy(phrase, wordlist));
const seedOf = (phrase: string, passphrase?: string) => Buffer.from(mnemonicToSeedSync(phrase, passphrase));
const homes = new Map<string, Promise<DiskState>>();

/** Made once each. */
function home(phrase: string, passphrase?: string): Promise<DiskState> {
  const name = `${phrase}/${passphrase}`;
  const made = homes.get(name) ?? homeWith(phrase, passphrase);
  homes.set(name, made);
  return made;
}

/** What the journal says since the unlocking before the last lock. */
async function linesOf(disk: DiskState): Promise<string[]> {
  const entries = (await journalOf(disk)).filter(({ kind }) => kind !== "kept");
  const last = entries.findLastIndex(({ kind }) => kind === "locked");
  const first = entries.slice(0, last).findLastIndex(({ kind }) => kind === "unlocked");
  return entries.slice(first + 1, last + 1).map((entry) => {
    if (entry.kind === "secret-shown") return `shown ${entry.what}`;
    if (entry.kind === "backup-made") return `made ${entry.form}`;
    if (entry.kind === "backup-rehearsed") return `rehearsed ${entry.form} ${entry.share}`.trim();
    return entry.kind === "locked" ? `locked ${entry.why}` : entry.kind;
  });
}

/** The first key's, as on the days on which they were made: a play's clock goes on while it holds. */
async function backupsOn(disk: DiskState): Promise<readonly Backup[]> {
  const day = (ms: number) => ms - (ms % 86_400_000);
  return (await homeOn(disk)).keys[0]!.backups.map(({ madeMs, rehearsedMs, ...rest }) => ({
    ...rest,
    madeMs: day(madeMs),
    ...(rehearsedMs === undefined ? {} : { rehearsedMs: day(rehearsedMs) }),
  }));
}

const THEN = Date.UTC(2026, 0, 1);

/** A journey that ends afresh, with the lines that it left. */
async function ends(text: string, options: Play) {
  const result = await holds(`${text}\nsee PIN`, options);
  return { ...result, lines: await linesOf(result.disk) };
}

// ---------------------------------------------------------------- words

for (const phrase of [PHRASE, LONG])
  for (const size of SIZES)
    test(`the ${phrase.split(" ").length} words are shown with their numbers at ${size.columns}×${size.rows}, kept as made, and all starts afresh`, async () => {
      const { printed, disk, lines, starts } = await ends(
        `${MAKE}pick Words\n${YES}page\npress ok\npick type it back later`,
        { disk: await home(phrase), size },
      );
      assert.equal(wordsOn(printed, "The words"), phrase);
      assert.deepEqual(lines, ["shown words", "made words", "locked afresh"]);
      assert.equal(starts, 2);
      const [backup, ...others] = await backupsOn(disk);
      assert.equal(others.length, 0, "of one form the newest stands for all");
      assert.equal(backup!.form, "words");
    });

test("before the gesture nothing of a key is on the glass and nothing in the journal, whoever leaves", async () => {
  for (const form of [
    "Words",
    "SeedQR",
    "CompactSeedQR",
    "SLIP-39",
    "codex32",
    "Seed XOR",
    "Krux",
    "crypto",
  ]) {
    const choices: Record<string, string> = {
      "SLIP-39": "pick 2 of 3\n",
      codex32: "pick The whole\npick by chance\n",
      "Seed XOR": "pick 2 parts\n",
      crypto: "pick crypto-seed\n",
    };
    const { printed, disk } = await holds(
      `${MAKE}pick ${form}\n${choices[form] ?? ""}page\npress ok\ntype nonsense\npress back\nclock +1s\nsee Rehearse a backup`,
      { disk: await home(PHRASE) },
    );
    const after = printed.slice(printed.indexOf(`> pick ${form}`));
    for (const word of PHRASE.split(" "))
      assert.doesNotMatch(after, new RegExp(`\\| .*\\b\\d+\\. +${word}\\b`));
    assert.ok(!(await journalOf(disk)).some(({ kind }) => kind === "secret-shown"), form);
  }
});

test("who only looked has no new backup, and the journal knows that the words were shown", async () => {
  const { disk, lines } = await ends(
    `${MAKE}pick Words\n${YES}page\npress ok\npick Show it again\npage\npress ok\npick I only looked`,
    {
      disk: await home(PHRASE),
      wallMs: Date.UTC(2027, 0, 1),
    },
  );
  assert.deepEqual(lines, ["shown words", "locked afresh"]);
  assert.equal((await backupsOn(disk))[0]!.madeMs, THEN);
});

test("words that were rehearsed stay rehearsed when they are written down again, and the health page says that the new paper was not", async () => {
  const { disk } = await ends(`${MAKE}pick Words\n${YES}page\npress ok\npick type it back later`, {
    disk: await home(PHRASE),
    wallMs: Date.UTC(2027, 0, 1),
  });
  assert.deepEqual(await backupsOn(disk), [
    { form: "words", madeMs: Date.UTC(2027, 0, 1), rehearsedMs: THEN },
  ]);
  await holds(`${OPEN}pick Health\nsee 2026-01-01, and not since it was made again\nunseen be lost`, {
    disk,
    wallMs: Date.UTC(2027, 0, 1),
  });
});

test("a passphrase has a page of its own behind the words, between marks that show its spaces", async () => {
  const { printed } = await ends(`${MAKE}pick Words\n${YES}page\npress ok\npick I only looked`, {
    disk: await home(PHRASE, "a  b >c<"),
    size: SMALL,
  });
  assert.equal(wordsOn(printed, "The words"), PHRASE);
  assert.ok(screensOf(printed, "The passphrase")[0]!.includes(">a  b >c<<"));
});

test("every form that leaves the passphrase out says so before it is shown, and those that hold it say that", async () => {
  const disk = await home(PHRASE, "TREZOR");
  const out = "The passphrase is not in it";
  for (const way of [
    "SeedQR",
    "CompactSeedQR",
    "Seed XOR\npick 3 parts",
    "Krux",
    "crypto-seed\npick crypto-bip39",
  ]) {
    await holds(`${MAKE}pick ${way}\nsee ${out}`, { disk });
    await holds(`${MAKE}pick ${way}\nunseen ${out}`, { disk: await home(PHRASE) });
  }
  for (const way of ["SLIP-39\npick 2 of 3", "codex32\npick The whole\npick by chance"])
    await holds(`${MAKE}pick ${way}\nsee The passphrase is in it\nunseen ${out}`, { disk });
});

// ---------------------------------------------------------------- SeedQR

const digitsOf = (phrase: string) =>
  phrase
    .split(" ")
    .map((word) => String(wordlist.indexOf(word)).padStart(4, "0"))
    .join("");

for (const size of SIZES)
  for (const [phrase, form, side, zones] of [
    [PHRASE, "SeedQR", 25, 25],
    [LONG, "SeedQR", 29, 36],
    [PHRASE, "CompactSeedQR", 21, 9],
    [LONG, "CompactSeedQR", 25, 25],
  ] as const)
    test(`a ${form} of ${side} modules, copied zone by zone at ${size.columns}×${size.rows}, is read from the paper as the key`, async (t) => {
      const at = join(folder(t), "codes");
      const { printed, disk, lines } = await ends(
        `${MAKE}pick ${form}\n${YES}codes ${at}\npress ok x${1 + zones}\npick scan it back later`,
        { disk: await home(phrase), size },
      );
      const expected = form === "SeedQR" ? Buffer.from(digitsOf(phrase)) : entropyOf(phrase);
      assert.deepEqual(Buffer.from(decoded(at)), expected);
      assert.deepEqual(Buffer.from(decodedPaper(printed, form, side)), expected);
      const kept = form === "SeedQR" ? "seedqr" : "compact-seedqr";
      assert.deepEqual(lines, [`shown ${form}`, `made ${kept}`, "locked afresh"]);
      assert.deepEqual((await backupsOn(disk)).at(-1), { form: kept, madeMs: THEN });
    });

test("arrows go from zone to zone and over the edges, back shows the whole", async () => {
  const zone = (name: string) => `see SeedQR: zone ${name}\n`;
  await holds(
    `${MAKE}pick SeedQR\n${YES}press ok\n${zone("A-1")}press right\n${zone("A-2")}press down\n${zone("B-2")}press left\n${zone("B-1")}press left\n${zone("B-5")}
     press up x2\n${zone("E-5")}see 25 of 25\nsee done\npress back\nsee Whoever scans this\npress ok\n${zone("A-1")}`,
    { disk: await home(PHRASE) },
  );
});

// ---------------------------------------------------------------- SLIP-39

interface Peer {
  recoverSecret(shares: readonly string[], passphrase: string): readonly number[];
}
const peer: Peer = createRequire(import.meta.url)("slip39");
const recovered = (...shares: readonly string[]) => Buffer.from(peer.recoverSecret(shares, ""));

const shares = (printed: string, count: number, one = "Share") =>
  Array.from({ length: count }, (_, i) => wordsOn(printed, `${one} ${i + 1} of ${count}`));
const NEXT = "page\npress ok\n";

for (const size of SIZES)
  test(`SLIP-39, 2 of 3, at ${size.columns}×${size.rows}: any two of the shares on the glass lead another program to the seed, each has its line`, async () => {
    const { printed, disk, lines } = await ends(
      `${MAKE}pick SLIP-39\npick 2 of 3\nsee 59 words a share\n${YES}${NEXT.repeat(3)}pick enter it back later`,
      { disk: await home(PHRASE, "TREZOR"), size },
    );
    const [a, b, c] = shares(printed, 3) as [string, string, string];
    for (const pair of [
      [a, b],
      [c, a],
      [b, c],
    ])
      assert.deepEqual(recovered(...pair), seedOf(PHRASE, "TREZOR"));
    const set = /set \d+/.exec(screensOf(printed, "Share 1 of 3")[0]!)![0];
    const names = [1, 2, 3].map((number) => `${set}, group 1, share ${number}`);
    assert.deepEqual(lines, [
      ...names.map((name) => `shown SLIP-39 shares: ${name}`),
      "made slip39",
      "locked afresh",
    ]);
    assert.deepEqual((await backupsOn(disk)).at(-1), {
      form: "slip39",
      madeMs: THEN,
      shares: { needed: 2, each: names.map((name) => ({ name })) },
    });
    await holds(`${OPEN}pick Health\nsee Shares never tried 3 of 3\nsee ${names[1]}\nsee never tried`, {
      disk,
      size,
    });
  });

test("shares by groups: two of three groups, each by its own number, and one share alone is a group", async () => {
  const number = (text: string | number) => `type ${text}\npress ok\n`;
  const { printed, disk } = await ends(
    `${MAKE}pick SLIP-39\npick Groups\n${number(3)}${number(2)}see Group 1 of 3\n${number(1)}see Group 2 of 3\n${number(2)}${number(2)}${number(2)}${number(3)}${YES}${NEXT.repeat(6)}pick enter it back later`,
    { disk: await home(PHRASE) },
  );
  const all = shares(printed, 6);
  assert.deepEqual(recovered(all[0]!, all[1]!, all[2]!), seedOf(PHRASE));
  assert.deepEqual(recovered(all[0]!, all[5]!, all[3]!), seedOf(PHRASE));
  assert.throws(() => recovered(all[1]!, all[2]!));
  assert.equal((await backupsOn(disk)).at(-1)!.shares!.needed, 3);
});

test("numbers of shares that cannot be are asked for again", async () => {
  await holds(
    `${MAKE}pick SLIP-39\npick Other numbers\ntype 0\npress ok\nsee A number from 1 to 16\npress back\ntype 17\npress ok\nsee A number from 1 to 16
     press back x2\ntype 4\npress ok\nsee Shares in all (4 to 16)\ntype 3\npress ok\nsee A number from 4 to 16\npress back x2\nsee How many shares`,
    { disk: await home(PHRASE) },
  );
});

test("shares of a key that is a seed are the short ones, and lead another program to the seed", async () => {
  const { printed } = await ends(
    `${MAKE}unseen SeedQR\nunseen Words\npick SLIP-39\npick 3 of 5\nsee 33 words a share\n${YES}${NEXT.repeat(5)}pick enter it back later`,
    { disk: await homeOfSeed() },
  );
  const [a, , b, , c] = shares(printed, 5) as [string, string, string, string, string];
  assert.equal(a.split(" ").length, 33);
  assert.equal(recovered(c, a, b).toString("hex"), SECRET_SEED);
});

test("whoever stops in the middle of a set has no backup, is told to destroy the pieces, and the journal has those that were shown", async () => {
  const { disk, lines } = await ends(
    `${MAKE}pick SLIP-39\npick 2 of 3\n${YES}${NEXT}press back\npick Stop here\nsee Destroy what you wrote\npress ok`,
    { disk: await home(PHRASE) },
  );
  assert.equal(lines.length, 3);
  assert.match(lines[1]!, /share 2$/);
  assert.equal((await backupsOn(disk)).length, 1);
});

test("whoever only looked at all shares of a set has no backup, and is told to destroy what was written", async () => {
  const { disk, lines } = await ends(
    `${MAKE}pick SLIP-39\npick 2 of 3\n${YES}${NEXT.repeat(3)}pick Show it again\n${NEXT.repeat(3)}pick I only looked\nsee Destroy what you wrote\npress ok`,
    { disk: await home(PHRASE) },
  );
  assert.deepEqual(
    lines.map((line) => line.split(":")[0]),
    [...Array.from({ length: 6 }, () => "shown SLIP-39 shares"), "locked afresh"],
  );
  assert.equal((await backupsOn(disk)).length, 1);
});

test("shares are others each time, of another set, and both sets are known", async () => {
  const make = `${MAKE}pick SLIP-39\npick 2 of 3\n${YES}${NEXT.repeat(3)}pick enter it back later`;
  const first = await ends(make, { disk: await home(PHRASE) });
  const second = await ends(make, { disk: first.disk });
  const names = (await backupsOn(second.disk)).flatMap(
    (backup) => backup.shares?.each.map(({ name }) => name) ?? [],
  );
  assert.equal(new Set(names).size, 6);
  assert.notDeepEqual(shares(first.printed, 3), shares(second.printed, 3));
});

test("a set whose number a former set of this key has is drawn again", async () => {
  /** The first two draws of two bytes after each start are always the same: the word of the gesture, and the set. */
  const poor: typeof main = (ports) => {
    let draws = 0;
    const bytes = (length: number) =>
      length === 2 && draws++ < 2 ? Uint8Array.of(0x12, 0x34) : ports.random.bytes(length);
    return main({ ...ports, random: { bytes } });
  };
  const make = `${MAKE}pick SLIP-39\npick 2 of 3\n${YES}${NEXT.repeat(3)}pick enter it back later`;
  const first = await ends(make, { disk: await home(PHRASE), main: poor });
  const second = await ends(make, { disk: first.disk, main: poor });
  const sets = [first, second].map(
    ({ printed }) => /set (\d+)/.exec(screensOf(printed, "Share 1 of 3")[0]!)![1],
  );
  assert.equal(sets[0], String(0x1234));
  assert.notEqual(sets[1], sets[0]);
});

test("a share shows as a code, too, which says the same words", async (t) => {
  const at = join(folder(t), "share");
  const { printed } = await holds(
    `${MAKE}pick SLIP-39\npick 2 of 3\n${YES}page\npress back\npick Show it as a code\ncodes ${at}\npress ok\nsee Share 1 of 3`,
    { disk: await homeOfSeed() },
  );
  assert.equal(Buffer.from(decoded(at)).toString().toLowerCase(), wordsOn(printed, "Share 1 of 3"));
});

// ---------------------------------------------------------------- codex32

test("the whole seed as one string is, letter for letter, the one that BIP 93 publishes", async () => {
  const { printed, disk, lines } = await ends(
    `${MAKE}pick codex32\npick The whole\npick Four letters\ntype lEeT\npress ok\nsee 74 characters\n${YES}page\npress ok\npick type it back later`,
    { disk: await homeOfSeed(), size: SMALL },
  );
  assert.equal(stringOn(printed, "codex32"), SECRET);
  assert.deepEqual(lines, ["shown codex32, the whole seed", "made codex32", "locked afresh"]);
  assert.equal((await backupsOn(disk)).at(-1)!.shares, undefined);
});

const ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
/** BIP 93's arithmetic, written a second time: x^5 + x^3 + 1. */
function product(a: number, b: number): number {
  let out = 0;
  for (let bit = 0; bit < 5; bit++) if ((b >> bit) & 1) out ^= a << bit;
  for (let bit = 9; bit >= 5; bit--) if ((out >> bit) & 1) out ^= 0b101001 << (bit - 5);
  return out;
}
const inverse = (a: number) => Array.from({ length: 32 }, (_, i) => i).find((one) => product(a, one) === 1)!;

function secretOf(strings: readonly string[]): string {
  const at = (text: string, place: number) => ALPHABET.indexOf(text[place]!.toLowerCase());
  const places = strings.map((text) => at(text, 8));
  const target = ALPHABET.indexOf("s");
  const weights = places.map((own) =>
    places
      .filter((other) => other !== own)
      .reduce((sum, other) => product(sum, product(target ^ other, inverse(own ^ other))), 1),
  );
  const letters = Array.from({ length: strings[0]!.length - 9 }, (_, i) =>
    strings.reduce((sum, text, n) => sum ^ product(weights[n]!, at(text, 9 + i)), 0),
  );
  const bits = letters.map((value) => value.toString(2).padStart(5, "0")).join("");
  return Buffer.from(bits.match(/.{8}/g)!.map((byte) => Number.parseInt(byte, 2))).toString("hex");
}

for (const size of SIZES)
  test(`codex32 shares on the glass at ${size.columns}×${size.rows} lead to the seed by BIP 93's own arithmetic`, async () => {
    for (const [disk, seed, letters] of [
      [await home(LONG), seedOf(LONG).toString("hex"), 127],
      [await homeOfSeed(), SECRET_SEED, 74],
    ] as const) {
      const { printed, lines } = await ends(
        `${MAKE}pick codex32\npick Shares\npick 3 of 5\npick by chance\nsee ${letters} characters\n${YES}${NEXT.repeat(5)}pick enter it back later`,
        { disk, size },
      );
      const all = Array.from({ length: 5 }, (_, i) => stringOn(printed, `Share ${i + 1} of 5`));
      for (const some of [
        [0, 1, 2],
        [4, 2, 0],
        [3, 4, 1],
      ])
        assert.equal(secretOf(some.map((i) => all[i]!)).slice(0, seed.length), seed);
      assert.equal(lines.length, 7);
      const name = all[0]!.slice(4, 8);
      assert.equal(lines[0], `shown codex32: ${name}, share A`);
    }
  });

test("a name that this key's shares have already is refused by name, and so is one that is no name", async () => {
  const make = (name: string) =>
    `${MAKE}pick codex32\npick Shares\npick 2 of 3\npick Four letters\ntype ${name}\npress ok\n`;
  const { disk } = await ends(`${make("cash")}${YES}${NEXT.repeat(3)}pick enter it back later`, {
    disk: await home(PHRASE),
  });
  await holds(
    `${make("CASH")}see backup.same-name\npress back x4\ntype cabl\npress ok\nsee forms.codex32-identifier`,
    { disk },
  );
});

// ---------------------------------------------------------------- Seed XOR

for (const count of [2, 3, 4])
  test(`${count} parts of a Seed XOR are phrases themselves, named by their own fingerprints, and only all of them are the key`, async () => {
    const { printed, disk, lines } = await ends(
      `${MAKE}pick Seed XOR\npick ${count} parts\nsee ${count} of ${count}\n${YES}${NEXT.repeat(count)}pick enter it back later`,
      { disk: await home(LONG), size: SMALL },
    );
    const parts = shares(printed, count, "Part");
    const xor = (some: readonly string[]) => {
      const sum = Buffer.alloc(32);
      for (const part of some) for (const [i, byte] of entropyOf(part).entries()) sum[i]! ^= byte;
      return sum;
    };
    assert.deepEqual(xor(parts), entropyOf(LONG));
    assert.notDeepEqual(xor(parts.slice(1)), entropyOf(LONG));
    const names = parts.map((part, i) => {
      const fingerprint = HDKey.fromMasterSeed(seedOf(part)).fingerprint.toString(16).padStart(8, "0");
      return `part ${i + 1} of ${count} (${fingerprint})`;
    });
    assert.deepEqual(
      lines.slice(0, count),
      names.map((name) => `shown Seed XOR parts: ${name}`),
    );
    const made = (await backupsOn(disk)).at(-1)!;
    assert.deepEqual(made.shares, { needed: count, each: names.map((name) => ({ name })) });
  });

// ---------------------------------------------------------------- codes

const BASE43 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ$*+-./:";

function fromBase43(text: string): Buffer {
  let value = 0n;
  for (const letter of text) value = value * 43n + BigInt(BASE43.indexOf(letter));
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
}

test("Krux's encrypted code opens with its key by Node's own AES, under 100,000 rounds, labelled with the fingerprint", async (t) => {
  const at = join(folder(t), "kef");
  const key = "correct horse";
  const typed = (text: string) => `type ${text}\npress ok\n`;
  const { disk, lines } = await ends(
    `${MAKE}pick Krux\n${YES}${typed("short")}see At least 8 characters\npress back x5\n${typed(key)}${typed("correct house")}see The two differ\npress ok
     ${typed(key)}${typed(key)}codes ${at}\npress back\npick scan it back later`,
    { disk: await home(LONG, "TREZOR") },
  );
  const envelope = fromBase43(codesIn(at)[0]!);
  const fingerprint = HDKey.fromMasterSeed(seedOf(LONG, "TREZOR")).fingerprint.toString(16).padStart(8, "0");
  assert.equal(envelope.subarray(1, 9).toString(), fingerprint);
  assert.deepEqual([...envelope.subarray(9, 13)], [20, 0, 0, 10]);
  const aes = pbkdf2Sync(key, fingerprint, 100_000, 32, "sha256");
  const open = createDecipheriv("aes-256-gcm", aes, envelope.subarray(13, 25), { authTagLength: 4 });
  open.setAuthTag(envelope.subarray(-4));
  const plain = Buffer.concat([open.update(envelope.subarray(25, -4)), open.final()]);
  assert.deepEqual(plain, entropyOf(LONG));
  assert.deepEqual(lines, ["shown Krux's encrypted code", "made kef", "locked afresh"]);
  assert.equal((await backupsOn(disk)).at(-1)!.form, "kef");
});

test("crypto-seed and crypto-bip39 are read by the registry's own decoder", async (t) => {
  const cbor = (text: string) => Buffer.concat([Buffer.of(0x60 + text.length), Buffer.from(text)]);
  for (const [type, body] of [
    ["crypto-seed", Buffer.concat([Buffer.from("a1015820", "hex"), entropyOf(LONG)])],
    [
      "crypto-bip39",
      Buffer.concat([Buffer.from("a2019818", "hex"), ...LONG.split(" ").map(cbor), Buffer.of(2), cbor("en")]),
    ],
  ] as const) {
    const at = join(folder(t), type);
    const { lines } = await ends(
      `${MAKE}pick crypto-seed or\npick ${type}\n${YES}codes ${at}\npress ok\npick scan it back later`,
      { disk: await home(LONG), size: SMALL },
    );
    const decoder = new URDecoder();
    for (const text of codesIn(at)) decoder.receivePart(text.toLowerCase());
    assert.ok(decoder.isSuccess(), decoder.resultError());
    const ur = decoder.resultUR();
    assert.equal(ur.type, type);
    assert.deepEqual(ur.cbor.toString("hex"), body.toString("hex"));
    assert.deepEqual(lines, [`shown ${type}`, "made ur", "locked afresh"]);
  }
});

// ---------------------------------------------------------------- BIP 85

function derived(path: readonly number[], passphrase?: string): Buffer {
  const master = HDKey.fromMasterSeed(seedOf(PHRASE, passphrase));
  const node = [83696968, ...path].reduce((parent, step) => parent.deriveChild(HARDENED + step), master);
  return createHmac("sha512", "bip-entropy-from-k").update(node.privateKey!).digest();
}

const CHILD = `${OPEN}pick BIP 85\n`;
const base58check = createBase58check(sha256);
const textOn = (printed: string, title: string) =>
  screensOf(printed, title)[0]!
    .split("\n")
    .flatMap((line) => /^\| ([!-~]{10,}) *\|$/.exec(line)?.[1] ?? [])
    .join("");

test("children of words are those that BIP 85 says, with their fingerprint, and as codes on demand", async (t) => {
  for (const [words, index] of [
    [12, 0],
    [15, 3],
    [18, 1],
    [21, 7],
    [24, 2147483647],
  ] as const) {
    const at = join(folder(t), "child");
    const title = `${words} words, index ${index}`;
    const { printed, lines } = await ends(
      `${CHILD}pick ${words} words\ntype ${index}\npress ok\n${YES}page\npress back\npick CompactSeedQR\ncodes ${at}\npress back\npage\npress ok`,
      { disk: await home(PHRASE, "TREZOR"), size: SMALL },
    );
    const entropy = derived([39, 0, words, index], "TREZOR").subarray(0, (words / 3) * 4);
    const phrase = entropyToMnemonic(entropy, wordlist);
    assert.equal(wordsOn(printed, title), phrase);
    assert.ok(
      printed.includes(HDKey.fromMasterSeed(seedOf(phrase)).fingerprint.toString(16).padStart(8, "0")),
    );
    assert.deepEqual(Buffer.from(decoded(at)), entropy);
    assert.deepEqual(lines, [`shown BIP 85 child: ${words} words, index ${index}`, "locked afresh"]);
  }
});

test("children of every other kind are those that BIP 85 says, for a test network", async (t) => {
  const ENTROPY = (path: readonly number[]) => derived(path);
  const cases: readonly (readonly [string, string, string, string])[] = [
    [
      "pick WIF\ntype 4",
      "Private key (WIF), index 4",
      base58check.encode(Buffer.concat([Buffer.of(0xef), ENTROPY([2, 4]).subarray(0, 32), Buffer.of(1)])),
      "",
    ],
    [
      "pick xprv\ntype 0",
      "Extended private key, index 0",
      base58check.encode(
        Buffer.concat([
          Buffer.from("04358394000000000000000000", "hex"),
          ENTROPY([32, 0]).subarray(0, 32),
          Buffer.of(0),
          ENTROPY([32, 0]).subarray(32),
        ]),
      ),
      "",
    ],
    [
      "pick hex\ntype 64\npress ok\ntype 9",
      "64 bytes in hex, index 9",
      ENTROPY([128169, 64, 9]).toString("hex"),
      "",
    ],
    [
      "pick (base64)\ntype 21\npress ok\ntype 5",
      "Password of 21 characters (base64), index 5",
      ENTROPY([707764, 21, 5]).toString("base64").slice(0, 21),
      "",
    ],
  ];
  for (const [way, title, expected] of cases) {
    const at = join(folder(t), "text");
    const { printed } = await ends(
      `${CHILD}${way}\npress ok\n${YES}page\npress back\npress ok\ncodes ${at}\npress back\npage\npress ok`,
      { disk: await home(PHRASE) },
    );
    assert.equal(textOn(printed, title), expected, title);
    assert.equal(Buffer.from(decoded(at)).toString(), expected);
  }
});

test("lengths and numbers that BIP 85 does not have are asked for again", async () => {
  await holds(
    `${CHILD}pick (base85)\ntype 81\npress ok\nsee A number from 10 to 80\npress back x2\ntype 80\npress ok\nsee Index (0 to 2147483647)
     type 2147483648\npress ok\nsee A number from 0 to 2147483647\npress back x10\npress back\nsee BIP 85 child`,
    { disk: await home(PHRASE) },
  );
});

test("a key's page leads to the encrypted backup of all keys as well", async () => {
  const disk = await homeOfSeed();
  await holds(`${MAKE}pick Encrypted backup of all keys\nsee Registered wallets`, { disk });
  await holds(`${OPEN}pick Rehearse\npick Encrypted backup of all keys\nsee Rehearse an encrypted backup`, {
    disk,
  });
});
