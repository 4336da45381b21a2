// Every form in which a key can come is entered at the first start, from published vectors, and leads to the key
// that another implementation makes of it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { entropyToMnemonic, mnemonicToEntropy } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import { fromHex, toHex } from "../../src/bytes.ts";
import { parseShare, slip39Words, wordsOfShare } from "../../src/keys/index.ts";
import { encodeBase43 } from "../../src/transport/base43.ts";
import { splitSeedUr, splitWordsUr } from "../../src/transport/index.ts";
import { BEGIN, homeOn, OTHER, SEAL, seedHexFingerprint, vectorsOf, wordsFingerprint } from "./entries.ts";
import { holds, UNLOCK, WORDS } from "./stage.ts";

const SIZES = [undefined, { columns: 40, rows: 15 }] as const;

interface Slip39 {
  readonly name: string;
  readonly shares: readonly string[];
  readonly secret: string;
}
const slip39: { readonly passphrase: string; readonly vectors: readonly Slip39[] } = vectorsOf("slip39");
const shares = (number: number) => slip39.vectors.find(({ name }) => name.startsWith(`${number}. `))!;
const WITH_PASSPHRASE = `pick Type a passphrase (SLIP-39)\ntype ${slip39.passphrase}\npress ok\nsee again\ntype ${slip39.passphrase}\npress ok\n`;
const typeShare = (share: string) => `pick Type a share\nsee A share\ntype ${share}\npress ok\n`;
const scanShare = (share: string) => `pick Scan a share\nscan ${share}\n`;

// ---------------------------------------------------------------- SLIP-39

for (const number of [1, 4, 17, 19, 20, 23, 36, 42, 43, 45]) {
  const { name, shares: all, secret } = shares(number);
  test(`SLIP-39, ${name}: typed share by share it is the key of its secret`, async () => {
    const way = `${OTHER}pick SLIP-39\nsee SLIP-39 shares\n${all.map(typeShare).join("")}`;
    await holds(`${way}see Passphrase\n${WITH_PASSPHRASE}see ${seedHexFingerprint(secret)}`);
  });

  test(`SLIP-39, ${name}: the first share scanned where a SeedQR could be, the others after it`, async () => {
    const [first, ...others] = all;
    const way = `${BEGIN}pick Scan a SeedQR\nscan ${first}\n${others.map(scanShare).join("")}`;
    await holds(`${way}see Passphrase\n${WITH_PASSPHRASE}see ${seedHexFingerprint(secret)}`);
  });
}

test("shares that were entered are in the key's record by name, and count as rehearsed", async () => {
  const { shares: all, secret } = shares(4);
  const way = `${OTHER}pick SLIP-39\n${all.map(typeShare).join("")}${WITH_PASSPHRASE}${SEAL}${UNLOCK}`;
  const { disk } = await holds(`${way}see ${seedHexFingerprint(secret)}`);
  const { keys } = await homeOn(disk);
  const [backup] = keys[0]!.backups;
  assert.equal(keys[0]!.origin, "entered");
  assert.equal(backup!.form, "slip39");
  assert.equal(backup!.shares!.needed, 2);
  assert.deepEqual(
    backup!.shares!.each.map(({ name, rehearsedMs }) => [
      /share (\d+)$/.exec(name)![1],
      rehearsedMs !== undefined,
    ]),
    [
      ["3", true],
      ["1", true],
    ],
  );
});

test("how far a set of groups is stands beside the list, and shares come in any order", async () => {
  const all = shares(17).shares;
  for (const size of SIZES)
    await holds(
      `${OTHER}pick SLIP-39\nsee any order\n${typeShare(all[0]!)}see Group 4: 1 of 2 shares, number 1\nsee 0 of 2 groups
       ${typeShare(all[1]!)}see Group 3: 1 of 3 shares, number 5\n${typeShare(all[2]!)}${scanShare(all[3]!)}
       see Group 4: 1 of 2\nsee 1 of 2 groups: 3\n${scanShare(all[4]!)}see Passphrase`,
      size ? { size } : {},
    );
});

for (const [number, reason] of [
  [6, "shares.other-set"],
  [7, "shares.other-set"],
  [8, "shares.other-set"],
  [9, "shares.other-set"],
  [11, "shares.conflict"],
  [12, "shares.member-threshold"],
] as const)
  test(`SLIP-39 vector ${number}: a share that does not belong is named, left out, and the ones before stay`, async () => {
    // One of vector 12 is enough by itself: it comes last.
    const all = number === 12 ? [...shares(number).shares].reverse() : shares(number).shares;
    for (const enter of [typeShare, scanShare]) {
      const { disk } = await holds(
        `${OTHER}pick SLIP-39\n${all.map(enter).join("")}see ${reason}\nsee group 1, share\npage\npress ok
         see 1 of 2 \npick Leave out a share\nsee share\npress back\nsee SLIP-39 shares`,
      );
      assert.equal(disk.size, 0);
    }
  });

for (const [number, reason] of [
  [2, "shares.checksum"],
  [3, "shares.padding"],
  [10, "shares.group-threshold"],
  [39, "shares.length"],
  [40, "shares.length"],
] as const)
  test(`SLIP-39 vector ${number}: a share that is none keeps its screen, or is refused from the camera`, async () => {
    const [share] = shares(number).shares;
    await holds(`${OTHER}pick SLIP-39\n${typeShare(share!)}see A share\nsee ${reason}`);
    if (number !== 39 && number !== 40)
      await holds(`${OTHER}pick SLIP-39\n${scanShare(share!)}see ${reason}\npage\npress ok\nsee any order`);
  });

test("shares that do not fit together are said so before any passphrase, and one of them can be left out", async () => {
  const [first, second] = shares(13).shares;
  await holds(
    `${OTHER}pick SLIP-39\n${typeShare(first!)}${typeShare(second!)}see shares.digest\npage\npress ok
     unseen Type a share\npick Leave out a share\npress ok\nsee Type a share\nsee 1 of 2 shares`,
  );
});

test("a mistyped word of a share is named with the nearest ones, and so are two first words of another set", async () => {
  const [first, second] = shares(4).shares;
  const [, ...rest] = second!.split(" ");
  await holds(
    `${OTHER}pick SLIP-39\npick Type a share\ntype shadaw\npress ok\nsee Word 1 is not in the list. Nearest: shadow
     press back x6\nsee A share\ntype ${first}\npress ok\npick Type a share\ntype duckling ${rest[0]} a\nsee another set
     press back x3\nunseen another set`,
  );
});

test("a share that was entered already is said so, and counts once", async () => {
  const [first] = shares(4).shares;
  await holds(`${OTHER}pick SLIP-39\n${typeShare(first!)}${scanShare(first!)}see shares.duplicate\npage\npress ok
    see 1 of 2 shares`);
});

test("another passphrase of the same shares is another key, which can be turned down without entering them again", async () => {
  const { shares: all, secret } = shares(4);
  const wrong = "type other\npress ok\ntype other\npress ok\n";
  await holds(`${OTHER}pick SLIP-39\n${all.map(typeShare).join("")}pick Type a passphrase\n${wrong}
    see Your key\nunseen ${seedHexFingerprint(secret)}\npress back\nsee Another key was expected
    pick Type the passphrase again\n${WITH_PASSPHRASE}see ${seedHexFingerprint(secret)}`);
});

test("shares that ask for rounds without end say so before a passphrase is asked for, and can be left", async () => {
  const share = parseShare(shares(42).shares[0]!.split(" "));
  const slow = (iterationExponent: number) =>
    [...wordsOfShare({ ...share, iterationExponent })].map((index) => slip39Words[index]).join(" ");
  await holds(`${OTHER}pick SLIP-39\n${scanShare(slow(15))}see This takes long\nsee 327680000 rounds\npage\npress back
    see Create new words\npick Scan a SeedQR\nscan ${slow(7)}\nsee 1280000 rounds\npage\npress ok\nsee Passphrase`);
  await holds(`${BEGIN}pick Scan a SeedQR\nscan ${slow(6)}\nsee Passphrase`);
});

// ---------------------------------------------------------------- codex32

interface Codex {
  readonly vector: number;
  readonly secrets: readonly string[];
  readonly shares: readonly string[];
  readonly seed: string;
}
const codex: readonly Codex[] = vectorsOf("codex32").valid;
const typeCodex = (text: string) => `pick Type a share\nsee A codex32 string\ntype ${text}\npress ok\n`;
const CODEX = `${OTHER}pick codex32\nsee codex32\n`;

for (const { vector, secrets, shares: all, seed } of codex) {
  test(`codex32, vector ${vector} of BIP 93: the secret typed, and scanned, is the key of its seed`, async () => {
    const secret = secrets.at(-1)!;
    await holds(`${CODEX}${typeCodex(secret)}unseen Passphrase\nsee ${seedHexFingerprint(seed)}`);
    await holds(`${BEGIN}pick Scan a SeedQR\nscan ${secret}\nsee ${seedHexFingerprint(seed)}`);
  });
  if (all.length > 0)
    test(`codex32, vector ${vector} of BIP 93: its shares, typed and scanned, until the threshold`, async () => {
      const needed = Number(all[0]![3]);
      const some = all.slice(-needed);
      const last = some.map((share, i) => (i % 2 === 0 ? typeCodex(share) : scanShare(share))).join("");
      const fingerprint = seedHexFingerprint(seed);
      await holds(
        `${CODEX}${last}see ${needed} of ${needed} shares\nsee key ${fingerprint}\npick Go on\nsee Your key\nsee ${fingerprint}`,
      );
      const [first, ...others] = some;
      await holds(`${BEGIN}pick Scan a SeedQR\nscan ${first}\nsee 1 of ${needed} shares
        ${others.map(scanShare).join("")}pick Go on\nsee ${fingerprint}`);
    });
}

const [, NAME, CASH] = codex as readonly [Codex, Codex, Codex];

test("a letter that codex32 does not have, and one too many, are not taken", async () => {
  await holds(`${CODEX}pick Type a share\nsee Group 1\ntype b\nsee never occur\ntype MS12NAMEA\nsee MS12 NAME\nsee Group 3
    type ${"q".repeat(130)}\nsee never more than 127`);
});

test("four buttons are enough: the dial turns through the letters, back takes one away and then leaves", async () => {
  await holds(`${CODEX}pick Type a share\npress down\nsee take 0\npress up\nsee take Z\npress down\npress down\nsee take 2\npress back
    see letter 4\npress down x2\npress ok\nsee MS12\nsee letter 5\npress back\nsee letter 4\npress back\nsee One share after the other`);
  await holds(`${OTHER}pick Type word numbers\npick 1 to 2048\npress down\nsee take 1\npress ok\nsee 1 abandon\npress up\nsee take 9
    press ok\nsee 19 across\npress back x2\npress back\nsee Create new words`);
});

test("a slip of the pen is found, shown beside what was typed, and taken only where the paper says so", async () => {
  const [share, other] = NAME.shares as readonly [string, string];
  const slipped = `${share.slice(0, 20)}${share[20] === "Q" ? "P" : "Q"}${share.slice(21)}`;
  for (const size of SIZES)
    await holds(
      `${CODEX}pick Type a share\ntype ${slipped}\npress ok\nsee A slip of the pen?\nsee Letter 21, group 6\npress back
       see A codex32 string\nsee forms.codex32-checksum\nsee group 6\npress ok\nsee A slip of the pen?\npage\npress ok
       see 1 of 2 shares\n${typeCodex(other)}pick Go on\nsee ${seedHexFingerprint(NAME.seed)}`,
      size ? { size } : {},
    );
});

test("a string with too many slips stays to be edited, and says what is wrong", async () => {
  const [share] = NAME.shares as readonly [string];
  const wrong = `${share.slice(0, 12)}${[...share.slice(12, 20)].reverse().join("")}${share.slice(20)}`;
  await holds(`${CODEX}${typeCodex(wrong)}unseen slip of the pen\nsee forms.codex32-checksum\nsee MS12
    press back\nsee letter 48\ntype ${wrong.slice(-1)}\npress back x4\npress ok\nsee forms.codex32-length`);
});

test("a share of another codex32 set is named while it is typed and when it is scanned, and the one before stays", async () => {
  const [share] = NAME.shares as readonly [string];
  const [other] = CASH.shares as readonly [string];
  await holds(`${CODEX}${typeCodex(share)}pick Type a share\ntype ${other.slice(0, 9)}\nsee MS12 NAME\nsee another set
    type ${other.slice(9)}\npress ok\nsee forms.codex32-other-set\npage\npress ok
    ${scanShare(other)}see forms.codex32-other-set\npage\npress ok\nsee 1 of 2 shares\n${scanShare(share)}see forms.codex32-twice`);
});

test("one share more than is needed is taken where it lies with the others, and says so where it does not", async () => {
  const [a, c, d] = NAME.shares as readonly [string, string, string];
  await holds(`${CODEX}${scanShare(a)}${scanShare(c)}see proves that\n${scanShare(d)}see 3 of 2 shares\npick Go on
    see ${seedHexFingerprint(NAME.seed)}`);
});

test("codex32 shares that were entered are in the key's record, each by its letter", async () => {
  const [a, , d] = NAME.shares as readonly [string, string, string];
  const { disk } = await holds(`${CODEX}${scanShare(a)}${typeCodex(d)}pick Go on\n${SEAL}`);
  const [backup] = (await homeOn(disk)).keys[0]!.backups;
  assert.equal(backup!.form, "codex32");
  assert.equal(backup!.shares!.needed, 2);
  assert.deepEqual(
    backup!.shares!.each.map(({ name, rehearsedMs }) => [name, rehearsedMs !== undefined]),
    [
      ["NAME, share A", true],
      ["NAME, share D", true],
    ],
  );
});

// ---------------------------------------------------------------- Seed XOR

const xor: readonly { readonly parts: readonly string[]; readonly whole: string }[] =
  vectorsOf("seed-xor").vectors;
const XOR = `${OTHER}pick Seed XOR\nsee Two to four phrases\n`;
const typePart = (phrase: string) => `pick Type a part\ntype ${phrase}\npress ok\n`;
const seedQrOf = (phrase: string) =>
  phrase
    .split(" ")
    .map((word) => String(wordlist.indexOf(word)).padStart(4, "0"))
    .join("");

for (const [number, { parts, whole }] of xor.entries())
  test(`Seed XOR, Coldcard's example ${number + 1}: its parts, typed or scanned, are the phrase together`, async () => {
    const fingerprint = wordsFingerprint(whole);
    const { disk } =
      await holds(`${XOR}${parts.map(typePart).join("")}see ${parts.length} parts\nsee key ${fingerprint}
      pick Go on\npick No passphrase\nsee ${fingerprint}\n${SEAL}${UNLOCK}see ${fingerprint}`);
    const [backup] = (await homeOn(disk)).keys[0]!.backups;
    assert.deepEqual([backup!.form, backup!.rehearsedMs !== undefined], ["seed-xor", true]);
    const scanned = [...parts].reverse().map((part) => `pick Scan a part\nscan ${seedQrOf(part)}\n`);
    await holds(`${XOR}${scanned.join("")}pick Go on\npick No passphrase\nsee ${fingerprint}`);
  });

test("a wrong part shows by its fingerprint, and only that part is entered again", async () => {
  const { parts, whole } = xor[0]!;
  const [first, second, third] = parts as readonly [string, string, string];
  const wrong = parts.length > 2 ? WORDS24 : WORDS;
  await holds(`${XOR}${typePart(first)}${typePart(second)}${typePart(wrong)}unseen ${wordsFingerprint(whole)}
    pick Leave out a part\npick part 3\nsee 2 parts\n${typePart(third)}see key ${wordsFingerprint(whole)}`);
});
const WORDS24 = `${"zoo ".repeat(23)}vote`;

test("the same part twice, and one of another length, are left out by number", async () => {
  const [first] = xor[0]!.parts as readonly [string];
  await holds(`${XOR}unseen Go on\n${typePart(first)}unseen Go on\n${typePart(first)}see shares.xor-equal
    see parts 1 and 2\npage\npress ok\n${typePart(WORDS)}see shares.xor-lengths\nsee part 2\npage\npress ok\nsee 1 part of 24 words`);
});

test("parts of which those that are left cancel each other out stay, and are no key", async () => {
  const part = (...bytes: number[]) =>
    phraseOf(toHex(new Uint8Array(16).fill(bytes.reduce((a, b) => a ^ b))));
  const way = [part(1), part(2), part(8), part(1, 2)].map(typePart).join("");
  await holds(`${XOR}${way}see 4 parts\npick Leave out a part\npick part 3\nsee shares.xor-zero\npick Go on\nsee Nothing but zeros
    page\npress ok\nsee 3 parts\n${typePart(part(4))}see As they are\npick Go on\nsee Passphrase`);
});

test("after four parts there is no fifth", async () => {
  const four = [1, 2, 4, 8].map((byte) => phraseOf(toHex(new Uint8Array(16).fill(byte))));
  await holds(
    `${XOR}${four.map(typePart).join("")}unseen Type a part\nsee Leave out a part\npick Go on\nsee Passphrase`,
  );
});

// ---------------------------------------------------------------- Krux's encrypted codes

interface Kef {
  readonly version: number;
  readonly iterations: number;
  readonly key: string;
  readonly plain: string;
  readonly envelope: string;
}
const krux: readonly Kef[] = vectorsOf("kef").reference.vectors;
const text = (hex: string) => Buffer.from(hex, "hex").toString();
const WITH_ENTROPY = krux.filter(
  ({ plain, version }) => [16, 32].includes(plain.length / 2) && ![7, 12, 16, 21].includes(version),
);
const entropyFingerprint = (hex: string) => wordsFingerprint(phraseOf(hex));

test("every mode of Krux's encrypted codes that is not compressed opens to the key of its words", async () => {
  const modes = new Map(WITH_ENTROPY.map((one) => [one.version, one]));
  assert.deepEqual(
    [...modes.keys()].sort((a, b) => a - b),
    [0, 1, 5, 6, 10, 11, 15, 20],
  );
  for (const { key, plain, envelope } of modes.values()) {
    const open = `see rounds\ntype ${text(key)}\npress ok\nsee Is this your seed?\nsee ${phraseOf(plain).split(" ").slice(0, 3).join(" ")}
      page\npress ok\npick No passphrase\nsee ${entropyFingerprint(plain)}`;
    const set = { CODE: encodeBase43(fromHex(envelope)!) };
    await holds(`${OTHER}pick Krux\nscan $CODE\n${open}`, { set });
    await holds(`${BEGIN}pick Scan a SeedQR\nscan $CODE\n${open}`, { set });
  }
});

test("a wrong key of an encrypted code is refused by name and asked for again; the key is masked until it is asked to be seen", async () => {
  const { key, plain, envelope } = WITH_ENTROPY.at(-1)!;
  const { disk } =
    await holds(`${OTHER}pick Krux\nscan-hex ${envelope}\ntype not it\nunseen not it\npress right\nsee not it\npress right
    unseen not it\npress ok\nsee forms.kef-wrong-key\npage\npress ok\ntype ${text(key)}\npress ok\nsee Is this your seed?
    page\npress ok\npick No passphrase\nsee ${entropyFingerprint(plain)}\n${SEAL}`);
  const [backup] = (await homeOn(disk)).keys[0]!.backups;
  assert.equal(backup!.form, "kef");
});

test("a compressed code is named as such, and nothing was asked", async () => {
  const { envelope } = vectorsOf("kef").nested;
  await holds(`${OTHER}pick Krux\nscan-hex ${envelope}\nsee forms.kef-compressed\nunseen Its key`);
});

// ---------------------------------------------------------------- words in other coats

const ENTROPY = "c7098580125e2ab0981253468b2dbc52";
function phraseOf(hex: string): string {
  return entropyToMnemonic(fromHex(hex)!, wordlist);
}

test("crypto-seed and crypto-bip39 lead to the key of their words, and the record says that they came by UR", async () => {
  const phrase = phraseOf(ENTROPY);
  const confirmed = `see Is this your seed?\nsee ${phrase.split(" ").slice(0, 3).join(" ")}\nsee ${wordsFingerprint(phrase)}\npage\npress ok
    pick No passphrase\nsee ${wordsFingerprint(phrase)}\n`;
  for (const loop of [splitSeedUr(fromHex(ENTROPY)!, "medium"), splitWordsUr(phrase.split(" "), "high")]) {
    const scanned = loop.texts.map((one) => `scan ${one}\n`).join("");
    const { disk } = await holds(`${BEGIN}pick Scan a SeedQR\n${scanned}${confirmed}${SEAL}`);
    assert.equal((await homeOn(disk)).keys[0]!.backups[0]!.form, "ur");
  }
});

for (const [what, form, scan] of [
  ["the words as text", "words", (phrase: string) => `scan ${phrase}`],
  ["a SeedQR", "seedqr", (phrase: string) => `scan ${seedQrOf(phrase)}`],
  [
    "a CompactSeedQR",
    "compact-seedqr",
    (phrase: string) => `scan-hex ${toHex(mnemonicToEntropy(phrase, wordlist))}`,
  ],
] as const)
  test(`${what}: shown by its fingerprint and first words before it is taken, and recorded as what it was`, async () => {
    const phrase = phraseOf(ENTROPY);
    const shown = `see Is this your seed?\nsee Fingerprint, without a passphrase\nsee ${wordsFingerprint(phrase)}\nsee ${phrase.split(" ").slice(0, 3).join(" ")}\n`;
    for (const size of SIZES) {
      const { disk } = await holds(
        `${BEGIN}pick Scan a SeedQR\n${scan(phrase)}\n${shown}page\npress ok\npick No passphrase\nsee ${wordsFingerprint(phrase)}\n${SEAL}`,
        size ? { size } : {},
      );
      const [backup] = (await homeOn(disk)).keys[0]!.backups;
      assert.deepEqual([backup!.form, backup!.rehearsedMs !== undefined], [form, true]);
    }
  });

for (const first of [1, 0])
  test(`word numbers that begin at ${first} are the words that they stand for`, async () => {
    const phrase = phraseOf(ENTROPY);
    const numbers = phrase.split(" ").map((word) => String(wordlist.indexOf(word) + first));
    const way = `${OTHER}pick Type word numbers\npick ${first} to ${first + 2047}\n`;
    await holds(`${way}type ${numbers[0]}\nsee ${numbers[0]} ${phrase.split(" ")[0]}`);
    await holds(
      `${way}type ${numbers.join(" ")}\npress ok\npick No passphrase\nsee ${wordsFingerprint(phrase)}`,
    );
    await holds(
      `${way}type ${first === 1 ? "2049" : "2048"}\npress ok\nsee there is no such number\ntype x\nsee digits only`,
    );
  });

test("SeedQR's digits in groups of four can be typed as numbers that begin at 0", async () => {
  const phrase = `${"abandon ".repeat(11)}about`;
  const digits = seedQrOf(phrase).match(/.{4}/g)!.join(" ");
  assert.match(digits, /^0000 /);
  await holds(`${OTHER}pick Type word numbers\npick 0 to 2047\ntype ${digits}\npress ok\npick No passphrase
    see ${wordsFingerprint(phrase)}`);
});

// ---------------------------------------------------------------- the passphrase

test("a passphrase is masked, shown for as long as it is asked to be, and may be the word back", async () => {
  await holds(`${BEGIN}pick Type words in\ntype ${WORDS}\npress ok\npick Type a passphrase\nsee English keyboard
    type back\nsee ****\nunseen type back\npress right\nsee hide\npress right\nsee ****\npress ok\ntype bac\npress right\ntype k\nsee back\npress ok
    see ${wordsFingerprint(WORDS, "back")}\npress back\npick Type the passphrase again\npick No passphrase\nsee ${wordsFingerprint(WORDS)}`);
});
