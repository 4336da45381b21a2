// Backups entered again: what leads to the key counts from then on, anything else is refused by name, and the gate
// that it opens on mainnet.

import assert from "node:assert/strict";
import { createHash, hkdfSync } from "node:crypto";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { entropyToMnemonic, mnemonicToEntropy, mnemonicToSeedSync } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import type { DiskState } from "../../device/sim/recording.ts";
import { u32be } from "../../src/bytes.ts";
import type { Backup } from "../../src/keeping.ts";
import { packKeys, slip39Words, unpackKeys } from "../../src/keys/index.ts";
import { main } from "../../src/main.ts";
import { utf8 } from "../../src/text.ts";
import { PHRASES, psbt, purse } from "../bitcoin/build.ts";
import { openVault } from "../keys/open.ts";
import {
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
  stringOn,
  wordsOn,
  YES,
} from "./backup-stage.ts";
import { homeOn, wordsFingerprint } from "./entries.ts";
import { codesIn, folder, holds, journalOf, PIN, papers, psbtTexts, quickStretch, UNLOCK } from "./stage.ts";

const THEN = Date.UTC(2026, 0, 1);
const LATER = Date.UTC(2026, 5, 1);

async function backupsOn(disk: DiskState): Promise<readonly Backup[]> {
  const day = (ms: number) => ms - (ms % 86_400_000);
  return (await homeOn(disk)).keys[0]!.backups.map(({ madeMs, rehearsedMs, shares, ...rest }) => ({
    ...rest,
    madeMs: day(madeMs),
    ...(rehearsedMs === undefined ? {} : { rehearsedMs: day(rehearsedMs) }),
    ...(shares === undefined ? {} : { shares }),
  }));
}

const triedOn = (backup: Backup) =>
  backup.shares!.each.filter(({ rehearsedMs }) => rehearsedMs !== undefined).map(({ name }) => name);

/** Lines about backups since the home was made. */
async function linesOf(disk: DiskState): Promise<string[]> {
  return (await journalOf(disk)).flatMap((entry) => {
    if (entry.kind === "backup-rehearsed") return [`rehearsed ${entry.form} ${entry.share}`.trim()];
    return entry.kind === "refused" ? [`refused ${entry.reasons}`] : [];
  });
}

const REHEARSE = `${OPEN}pick Rehearse a backup\n`;
const go = (form: string) => `${REHEARSE}pick ${form}\npage\npress ok\n`;
const typed = (text: string) => `type ${text}\npress ok\n`;
const DONE = "see Rehearsed\nsee What you entered is this key\npress ok\nsee PIN\n";
const DIFFERS = "see backup.differs\n";
const CLOSE = "press ok\nsee PIN\n";

// ---------------------------------------------------------------- words

for (const size of SIZES)
  test(`words typed again, all at once or word by word, at ${size.columns}×${size.rows}: they count from then on, and everything starts afresh`, async () => {
    const each = LONG.split(" ").map((word, i) => `see Type word ${i + 1} of 24\n${typed(word)}`);
    for (const way of [`pick Type all\n${typed(LONG)}`, `pick Word by word\n${each.join("")}`]) {
      const { disk, starts } = await holds(`${go("Words, last 2026-01-01")}${way}${DONE}`, {
        disk: await homeWith(LONG),
        size,
        wallMs: LATER,
      });
      assert.equal(starts, 2);
      assert.deepEqual(await backupsOn(disk), [{ form: "words", madeMs: THEN, rehearsedMs: LATER }]);
      assert.deepEqual(await linesOf(disk), ["rehearsed words"]);
    }
  });

test("a wrong word is named by its place and by nothing else, and leaves a line", async () => {
  const words = PHRASE.split(" ");
  // The same but for word 7 and the checksum.
  const other = entropyToMnemonic(
    mnemonicToEntropy(PHRASE, wordlist).map((byte, i) => (i === 9 ? byte ^ 1 : byte)),
    wordlist,
  );
  const place = other.split(" ").findIndex((word, i) => word !== words[i]) + 1;
  const { disk, printed } = await holds(
    `${go("Words")}pick Type all\n${typed(other)}${DIFFERS}see word ${place};\nsee ${wordsFingerprint(other)}\n${CLOSE}`,
    { disk: await homeWith(PHRASE), wallMs: LATER },
  );
  const screen = printed.slice(printed.lastIndexOf("> see backup.differs"));
  assert.ok(!screen.includes(words[place - 1]!), "what is right is never said");
  assert.deepEqual(await linesOf(disk), ["refused backup.differs"]);
  assert.deepEqual(await backupsOn(disk), [{ form: "words", madeMs: THEN, rehearsedMs: THEN }]);
});

test("word by word the first wrong word ends it: whoever guesses unlocks anew for every guess", async () => {
  const [first, second] = PHRASE.split(" ");
  const { disk, starts } = await holds(
    `${go("Words")}pick Word by word\n${typed(first!)}${typed("zoo")}${DIFFERS}see word 2\n${CLOSE}`,
    { disk: await homeWith(PHRASE) },
  );
  assert.notEqual(second, "zoo");
  assert.equal(starts, 2);
  assert.deepEqual(await linesOf(disk), ["refused backup.differs"]);
});

test("another number of words is said as such, and the words of another key on this device by that key's name", async () => {
  await holds(`${go("Words")}pick Type all\n${typed(LONG)}${DIFFERS}see 24 words, and this key has 12`, {
    disk: await homeWith(PHRASE),
  });
  const add = `${UNLOCK}pick Keys and backups\npick Add a key\npick Type words in\ntype ${PHRASES[1]}\npress ok\npick No passphrase\npage\npress ok\npress ok\nsee A key was added\npage\npress ok\nsee PIN`;
  const { disk } = await holds(add, { disk: await homeWith(PHRASE) });
  await holds(
    `${go("Words")}pick Type all\n${typed(PHRASES[1])}${DIFFERS}see it makes key ${wordsFingerprint(PHRASES[1])}, which is Key 2`,
    { disk },
  );
});

test("a passphrase is asked for again with the words, compared, and its own fingerprint said where it differs", async () => {
  const disk = await homeWith(PHRASE, "correct horse");
  const words = `${go("Words")}pick Type all\n${typed(PHRASE)}see Its passphrase\n`;
  const right = await holds(`${words}${typed("correct horse")}${DONE}`, { disk, wallMs: LATER });
  assert.equal((await backupsOn(right.disk))[0]!.rehearsedMs, LATER);
  const wrong = await holds(
    `${words}${typed("correct house")}${DIFFERS}see the passphrase; it makes key ${wordsFingerprint(PHRASE, "correct house")}\n${CLOSE}`,
    { disk, wallMs: LATER },
  );
  assert.equal((await backupsOn(wrong.disk))[0]!.rehearsedMs, THEN);
  assert.ok(!wrong.printed.includes("correct horse"));
});

test("whoever leaves a rehearsal has rehearsed nothing, and everything starts afresh all the same", async () => {
  for (const way of ["pick Type all\npress back", "press back", "pick Word by word\npress back"]) {
    const { disk, starts } = await holds(
      `${go("Words")}${way}\nsee Nothing was rehearsed\npress ok\nsee PIN`,
      {
        disk: await homeWith(PHRASE),
        wallMs: LATER,
      },
    );
    assert.equal(starts, 2);
    assert.deepEqual(await linesOf(disk), []);
  }
  await holds(`${REHEARSE}pick Words\npress back\nsee Show or make a backup`, {
    disk: await homeWith(PHRASE),
  });
});

test("a key that lies under another's name in the home is no key's backup: the fingerprint is compared, too", async () => {
  const add = `${UNLOCK}pick Keys and backups\npick Add a key\npick Type words in\n${typed(PHRASES[1])}pick No passphrase\npage\npress ok\npress ok\nsee A key was added\npage\npress ok\nsee PIN`;
  const { disk } = await holds(add, { disk: await homeWith(PHRASE) });
  const vault = await openVault(disk.get("home")!, utf8(PIN), quickStretch, {
    bytes: (length) => new Uint8Array(length),
  });
  const [first, second] = unpackKeys(vault.section("keys"));
  const other = {
    kind: "words",
    entropy: mnemonicToEntropy(LONG, wordlist),
    passphrase: new Uint8Array(0),
  } as const;
  const home = vault.write({ keys: packKeys([first!, { ...second!, material: other }]) });
  const way = `${go("Words").replace("pick Key 1", "pick Key 2")}pick Type all\n${typed(LONG)}see vault.damaged\n${CLOSE}`;
  const result = await holds(way, { disk: new Map([...disk, ["home", home]]) });
  assert.deepEqual(await linesOf(result.disk), ["refused vault.damaged"]);
});

// ---------------------------------------------------------------- codes

/** A copy as the camera sees it: a paper in the eye's place. */
const shown = (t: TestContext, text: string) => `camera ${papers(join(folder(t), "paper"), [text])}\n`;

const digitsOf = (phrase: string) =>
  phrase
    .split(" ")
    .map((word) => String(wordlist.indexOf(word)).padStart(4, "0"))
    .join("");
const hexOf = (phrase: string) => Buffer.from(mnemonicToEntropy(phrase, wordlist)).toString("hex");

test("a SeedQR and a CompactSeedQR are scanned back, and one is no rehearsal of the other", async (t) => {
  const disk = await homeWith(LONG);
  const [digits, compact] = [digitsOf(LONG), `hex:${hexOf(LONG)}`];
  for (const [form, code, kept] of [
    ["SeedQR", digits, "seedqr"],
    ["CompactSeedQR", compact, "compact-seedqr"],
  ] as const) {
    const { disk: after } = await holds(`${go(form)}${shown(t, code)}${DONE}`, { disk, wallMs: LATER });
    assert.deepEqual((await backupsOn(after)).at(-1), { form: kept, madeMs: LATER, rehearsedMs: LATER });
    const wrong = code === digits ? compact : digits;
    await holds(
      `${go(form)}${shown(t, wrong)}see transport.wrong-kind\nsee a ${form} is asked for\n${CLOSE}`,
      { disk },
    );
    await holds(
      `${go(form)}${shown(t, form === "SeedQR" ? digitsOf(PHRASES[1]) : `hex:${hexOf(PHRASE)}`)}${DIFFERS}`,
      {
        disk,
      },
    );
  }
});

test("a SeedQR made here, copied and scanned at once, is made and rehearsed in one go", async (t) => {
  const { disk } = await holds(
    `${MAKE}pick SeedQR\n${YES}press back\npick scan it back now\n${shown(t, digitsOf(PHRASE))}${DONE}`,
    { disk: await homeWith(PHRASE), wallMs: LATER },
  );
  assert.deepEqual((await backupsOn(disk)).at(-1), { form: "seedqr", madeMs: LATER, rehearsedMs: LATER });
});

test("Krux's encrypted code is scanned back and opened with its key; a wrong key is said, and asked for again", async (t) => {
  const at = join(folder(t), "kef");
  const key = typed("correct horse");
  const { disk } = await holds(
    `${MAKE}pick Krux\n${YES}${key}${key}codes ${at}\npress back\npick scan it back later\nsee PIN`,
    { disk: await homeWith(PHRASE) },
  );
  const [code] = codesIn(at);
  const { disk: after } = await holds(
    `${go("Krux's encrypted code, never")}${shown(t, code!)}${typed("correct house")}see forms.kef-wrong-key\npress ok\n${key}page\npress ok\n${DONE}`,
    { disk, wallMs: LATER },
  );
  assert.deepEqual((await backupsOn(after)).at(-1), { form: "kef", madeMs: THEN, rehearsedMs: LATER });
});

test("crypto-seed and crypto-bip39 are scanned back, part by part", async (t) => {
  for (const type of ["crypto-seed", "crypto-bip39"]) {
    const at = join(folder(t), type);
    const { disk } = await holds(
      `${MAKE}pick crypto-seed or\npick ${type}\n${YES}codes ${at}\npress ok\npick scan it back later\nsee PIN`,
      { disk: await homeWith(LONG), size: SMALL },
    );
    const { disk: after } = await holds(`${go("crypto-seed")}scan-file ${at}/codes.txt\n${DONE}`, {
      disk,
      wallMs: LATER,
    });
    assert.deepEqual((await backupsOn(after)).at(-1), { form: "ur", madeMs: THEN, rehearsedMs: LATER });
  }
});

// ---------------------------------------------------------------- SLIP-39

interface Peer {
  fromArray(
    secret: readonly number[],
    plan: {
      passphrase: string;
      threshold: number;
      groups: readonly (readonly [number, number])[];
      iterationExponent: number;
      extendableBackupFlag: number;
    },
  ): { root: { children: { mnemonics: string[] }[] } };
}
const peer: Peer = createRequire(import.meta.url)("slip39");

/** Shares of another program, 2 of 4. */
function peerShares(seed: Uint8Array, passphrase = ""): string[] {
  const plan = {
    passphrase,
    threshold: 1,
    groups: [[2, 4]],
    iterationExponent: 0,
    extendableBackupFlag: 1,
  } as const;
  return peer.fromArray([...seed], plan).root.children.flatMap(({ mnemonics }) => mnemonics);
}

const NEXT = "page\npress ok\n";
const another = (words: string) => `pick Type a share\n${typed(words)}`;
const further = (words: string) => `pick Type another share\n${typed(words)}`;

async function withShares(disk: DiskState, count: number, plan: string) {
  const made = await holds(
    `${MAKE}pick SLIP-39\npick ${plan}\n${YES}${NEXT.repeat(count)}pick enter it back later\nsee PIN`,
    { disk },
  );
  const shares = Array.from({ length: count }, (_, i) => wordsOn(made.printed, `Share ${i + 1} of ${count}`));
  const { each } = (await backupsOn(made.disk)).at(-1)!.shares!;
  return { disk: made.disk, shares, names: each.map(({ name }) => name) };
}

for (const size of SIZES)
  test(`as many shares as are needed lead to the key at ${size.columns}×${size.rows}, then others are tried one by one; the health page names the untried one`, async () => {
    const { disk, shares, names } = await withShares(await homeWith(PHRASE, "TREZOR"), 5, "3 of 5");
    const { disk: after } = await holds(
      `${go("SLIP-39 shares, never")}${another(shares[4]!)}${another(shares[0]!)}${another(shares[2]!)}see They lead to this key
       ${further(shares[1]!)}see It fits\npress ok\npick That is all\n${DONE}`,
      { disk, size, wallMs: LATER },
    );
    const backup = (await backupsOn(after)).at(-1)!;
    assert.equal(backup.rehearsedMs, LATER);
    assert.deepEqual(triedOn(backup), [names[0], names[1], names[2], names[4]]);
    assert.deepEqual(
      await linesOf(after),
      [names[4], names[0], names[2], names[1]].map((name) => `rehearsed slip39 ${name}`),
    );
    await holds(
      `${OPEN}pick Health\nsee Shares never tried 1 of 5\nsee ${names[3]} never tried\nunseen ${names[0]} never tried`,
      {
        disk: after,
        size,
        wallMs: LATER,
      },
    );
  });

test("a further share of another set, and one that reads well but lies elsewhere, are refused by name; those before stay tried", async () => {
  const seed = mnemonicToSeedSync(PHRASE);
  const set = peerShares(seed);
  const { disk } = await holds(
    `${go("SLIP-39")}${another(set[0]!)}${another(set[1]!)}see They lead to this key
     ${further(peerShares(seed)[0]!)}see shares.other-set\npress ok\n${further(forged(set[2]!))}see backup.share-differs\npress ok
     ${further(set[3]!)}see It fits\npress ok\npick That is all\n${DONE}`,
    { disk: await homeWith(PHRASE), wallMs: LATER },
  );
  const [, backup] = await backupsOn(disk);
  assert.equal(backup!.shares!.needed, 2);
  assert.equal(triedOn(backup!).length, 3);
});

/** One bit of the value is another, and the checksum is right again. */
function forged(share: string): string {
  const { list, checksum } = slip39();
  const words = share.split(" ").map((word) => list.indexOf(word));
  words[10]! ^= 1;
  words.splice(-3, 3, ...checksum(words.slice(0, -3)));
  return words.map((index) => list[index]).join(" ");
}

/** RS1024 of SLIP-39, written a second time. */
function slip39() {
  const GENERATOR = [
    0xe0e040, 0x1c1c080, 0x3838100, 0x7070200, 0xe0e0009, 0x1c0c2412, 0x38086c24, 0x3090fc48, 0x21b1f890,
    0x3f3f120,
  ];
  const polymod = (values: readonly number[]) => {
    let sum = 1;
    for (const value of values) {
      const top = sum >> 20;
      sum = ((sum & 0xfffff) << 10) ^ value;
      for (const [i, word] of GENERATOR.entries()) if ((top >> i) & 1) sum ^= word;
    }
    return sum;
  };
  const label = [..."shamir_extendable"].map((letter) => letter.charCodeAt(0));
  const checksum = (words: readonly number[]) => {
    const sum = polymod([...label, ...words, 0, 0, 0]) ^ 1;
    return [20, 10, 0].map((shift) => (sum >> shift) & 1023);
  };
  return { list: slip39Words, checksum };
}

test("shares of another key are refused, with the fingerprint that they make", async () => {
  const other = peerShares(mnemonicToSeedSync(LONG));
  const { disk } = await holds(
    `${go("SLIP-39")}${another(other[0]!)}${another(other[3]!)}see Another key\npage\npress back\n${DIFFERS}see it makes key ${wordsFingerprint(LONG)}\n${CLOSE}`,
    { disk: await homeWith(PHRASE) },
  );
  assert.deepEqual(await linesOf(disk), ["refused backup.differs"]);
  assert.equal((await backupsOn(disk)).length, 1);
});

test("shares that another program made under a passphrase of their own are rehearsed with it", async () => {
  const shares = peerShares(mnemonicToSeedSync(PHRASE), "of their own");
  const way = `${go("SLIP-39")}${another(shares[2]!)}${another(shares[1]!)}see Another key\npage\npress ok\n`;
  const disk = await homeWith(PHRASE);
  const { disk: after } = await holds(`${way}${typed("of their own")}pick That is all\n${DONE}`, { disk });
  assert.equal((await backupsOn(after)).length, 2);
  await holds(`${way}${typed("of another")}${DIFFERS}`, { disk });
});

test("a SeedQR of the glass, as a picture through the real camera's decoders, is read back at once", async (t) => {
  for (const form of ["SeedQR", "CompactSeedQR"]) {
    const at = join(folder(t), "codes");
    await holds(
      `${MAKE}pick ${form}\n${YES}codes ${at}\npress back\npick scan it back now\ncamera ${at}/001.png\n${DONE}`,
      { disk: await homeWith(LONG), eye: "pictures" },
    );
  }
});

test("a key that is a seed is rehearsed by shares alone: words are not even offered", async () => {
  const shares = peerShares(Buffer.from(SECRET_SEED, "hex"));
  await holds(`${REHEARSE}unseen Words\nunseen SeedQR\nunseen Krux`, { disk: await homeOfSeed() });
  const { disk } = await holds(
    `${go("SLIP-39")}${another(shares[0]!)}${another(shares[1]!)}pick That is all\n${DONE}`,
    { disk: await homeOfSeed() },
  );
  assert.equal((await backupsOn(disk)).at(-1)!.form, "slip39");
});

// ---------------------------------------------------------------- codex32

test("codex32 shares, and more of them than are needed, prove each other; the whole string is rehearsed as itself", async () => {
  const made = await holds(
    `${MAKE}pick codex32\npick Shares\npick 2 of 3\npick by chance\n${YES}${NEXT.repeat(3)}pick enter it back later\nsee PIN`,
    { disk: await homeOfSeed() },
  );
  const [a, b, c] = [1, 2, 3].map((number) => stringOn(made.printed, `Share ${number} of 3`));
  const share = (text: string) => `pick Type a share\n${typed(text)}`;
  const { disk } = await holds(`${go("codex32, last")}${share(c!)}${share(a!)}pick Go on with 2\n${DONE}`, {
    disk: made.disk,
    wallMs: LATER,
  });
  const [, set] = await backupsOn(disk);
  assert.deepEqual(
    triedOn(set!).map((name) => name.at(-1)),
    ["A", "D"],
  );
  const all = await holds(`${go("codex32")}${share(c!)}${share(a!)}${share(b!)}pick Go on with 3\n${DONE}`, {
    disk,
  });
  assert.equal(triedOn((await backupsOn(all.disk))[1]!).length, 3);
  const whole = await holds(`${go("codex32")}${share(SECRET)}${DONE}`, {
    disk: await homeOfSeed(),
    wallMs: LATER,
  });
  assert.deepEqual(await backupsOn(whole.disk), [{ form: "codex32", madeMs: THEN, rehearsedMs: LATER }]);
});

test("a codex32 string of another seed is refused, with the fingerprint that it makes", async () => {
  await holds(`${go("codex32")}pick Type a share\n${typed(SECRET)}${DIFFERS}`, {
    disk: await homeWith(PHRASE),
  });
});

// ---------------------------------------------------------------- Seed XOR

test("all parts of a Seed XOR, in any order, are the key; one of another set is named, and of a missing one the fingerprint tells", async () => {
  const make = `${MAKE}pick Seed XOR\npick 3 parts\n${YES}${NEXT.repeat(3)}pick enter it back later\nsee PIN`;
  const first = await holds(make, { disk: await homeWith(PHRASE) });
  const second = await holds(make, { disk: first.disk });
  const parts = (printed: string) => [1, 2, 3].map((number) => wordsOn(printed, `Part ${number} of 3`));
  const [own, other] = [parts(first.printed), parts(second.printed)];
  const part = (text: string) => `pick Type a part\n${typed(text)}`;
  const { disk } = second;
  const { disk: after } = await holds(
    `${go("Seed XOR parts, never")}${part(own[2]!)}${part(own[0]!)}${part(own[1]!)}pick Go on with 3\n${DONE}`,
    { disk, wallMs: LATER },
  );
  const [, one, two] = await backupsOn(after);
  assert.deepEqual([one!.rehearsedMs, two!.rehearsedMs], [LATER, undefined]);
  assert.equal(triedOn(one!).length, 3);
  await holds(
    `${go("Seed XOR")}${part(own[0]!)}${part(other[1]!)}${part(own[2]!)}pick Go on with 3\n${DIFFERS}see part 2 is of another set\nunseen part 1`,
    { disk },
  );
  await holds(
    `${go("Seed XOR")}${part(other[2]!)}${part(own[1]!)}${part(other[0]!)}pick Go on with 3\n${DIFFERS}see part 2 is of another set\nunseen part 3`,
    { disk },
  );
  await holds(
    `${go("Seed XOR")}${part(PHRASES[1])}${part(PHRASE)}pick Go on with 2\n${DIFFERS}see it makes key\nunseen another set`,
    {
      disk,
    },
  );
  await holds(
    `${go("Seed XOR")}${part(own[0]!)}${part(own[2]!)}pick Go on with 2\n${DIFFERS}see it makes key`,
    { disk },
  );
});

// ---------------------------------------------------------------- the gate

/** Chance that is the same in every play, and nobody calls it practice. */
const born = (seed: string): typeof main => {
  let count = 0;
  const bytes = (length: number) => {
    const blocks = Array.from({ length: Math.ceil(length / 32) }, () =>
      createHash("sha256").update(`${seed} ${count++}`).digest(),
    );
    return new Uint8Array(Buffer.concat(blocks).subarray(0, length));
  };
  return (ports) => {
    count = 0;
    return main({ ...ports, random: { bytes } });
  };
};

/** docs/formats.md, New words: of the kernel's generator alone. */
function phraseOf(seed: string): string {
  const kernel = Buffer.concat([0, 1].map((n) => createHash("sha256").update(`${seed} ${n}`).digest()));
  const all = Buffer.concat([u32be(6), Buffer.from("random"), u32be(64), kernel]);
  return entropyToMnemonic(new Uint8Array(hkdfSync("sha512", all, "firn entropy 1", "words", 16)), wordlist);
}

const NEW = phraseOf("a birth");

async function bornOn(network: string): Promise<DiskState> {
  const checks = NEW.split(" ").map((word, i) => `if see Type word ${i + 1} of\n${typed(word)}end\n`);
  const { disk } = await holds(
    `press ok\npick ${network}\n${typed(PIN)}${typed(PIN)}pick Create new words\npick 12 words\npick Mixed\npick Go on
     see Write these words down\npage\npress ok\n${checks.join("")}pick Go on\npick No passphrase\nsee ${wordsFingerprint(NEW)}\npage\npress ok
     pick Take these limits\nsee Your keys are sealed\npage\npress ok\nsee PIN`,
    { main: born("a birth") },
  );
  return disk;
}

const GATE = "see keys.backup-unrehearsed\n";
const UNREHEARSED = "No backup of this key";

async function signing(t: TestContext, network: "mainnet" | "regtest", phrase: string) {
  const own = purse("p2wpkh", { network, phrases: [phrase] });
  const CAMERA = papers(join(folder(t), "in"), psbtTexts(psbt(own), "base64"));
  return { set: { CAMERA }, sees: `camera $CAMERA\npage\nsee Sign?\n` };
}

test("a key that was born on mainnet signs nothing before a backup of it was rehearsed, and then it signs", async (t) => {
  const { set, sees } = await signing(t, "mainnet", NEW);
  const disk = await bornOn("mainnet");
  const refused = await holds(
    `${UNLOCK}pick Sign\n${GATE}see key ${wordsFingerprint(NEW)}\nunseen Show the transaction\npress ok\nsee Sign a transaction`,
    { disk },
  );
  await holds(
    `${OPEN.replace("see Rehearse a backup", `see ${UNREHEARSED}`)}pick Health\nsee It could be lost\nsee ${UNREHEARSED} was ever rehearsed`,
    {
      disk,
    },
  );
  const shown = await holds(
    `${MAKE}pick Words\n${YES}page\npress ok\npick type it back later\nsee PIN\n${UNLOCK}pick Sign\n${GATE}`,
    {
      disk: refused.disk,
    },
  );
  const { disk: rehearsed } = await holds(
    `${OPEN}pick Health\nsee It could be lost\nsee ${UNREHEARSED} was ever rehearsed\npress back\npick Rehearse\npick Words, never\npage\npress ok\npick Type all\n${typed(NEW)}${DONE}`,
    { disk: shown.disk },
  );
  await holds(`${UNLOCK}pick Sign\n${sees}hold ok\nsee Signed`, { disk: rehearsed, set });
  await holds(`${OPEN}unseen ${UNREHEARSED}\npick Health\nunseen be lost`, { disk: rehearsed });
});

test("any form opens the gate: a SeedQR scanned back, or shares", async (t) => {
  const { set, sees } = await signing(t, "mainnet", NEW);
  const disk = await bornOn("mainnet");
  const shares = peerShares(mnemonicToSeedSync(NEW));
  for (const way of [
    `${go("SeedQR")}${shown(t, digitsOf(NEW))}`,
    `${go("SLIP-39")}${another(shares[0]!)}${another(shares[1]!)}pick That is all\n`,
  ]) {
    const { disk: after } = await holds(`${way}${DONE}${UNLOCK}pick Sign\n${sees}`, { disk, set });
    assert.ok(after.size > 0);
  }
});

test("a rehearsal that failed, or was left, opens no gate", async () => {
  const disk = await bornOn("mainnet");
  for (const way of [
    `${go("Words")}pick Type all\n${typed(PHRASE)}${DIFFERS}press ok\n`,
    `${go("Words")}pick Type all\npress back\npress ok\n`,
    `${go("Words")}pick Word by word\n${NEW.split(" ").slice(0, 11).map(typed).join("")}press back\npress ok\n`,
  ])
    await holds(`${way}${UNLOCK}pick Sign\n${GATE}`, { disk });
});

test("on a practice network a key that was never rehearsed signs, and the camera's screen says what mainnet would say", async (t) => {
  const { set, sees } = await signing(t, "regtest", NEW);
  const disk = await bornOn("regtest");
  await holds(`${UNLOCK}pick Sign\nsee on mainnet it would not sign\n${sees}hold ok\nsee Signed`, {
    disk,
    set,
  });
  await holds(`${UNLOCK}pick Sign\nunseen on mainnet it would not sign`, { disk: await homeWith(PHRASE) });
});

test("each key has a gate of its own: one that was entered signs at once, beside one that was born", async () => {
  const add = `${UNLOCK}pick Keys and backups\npick Add a key\npick Type words in\n${typed(PHRASE)}pick No passphrase\npage\npress ok\npress ok\nsee A key was added\npage\npress ok\nsee PIN\n`;
  const { disk } = await holds(
    `${add}${UNLOCK}pick Sign\n${GATE}press ok\npick Keys and backups\npick Key 2\npick Use this key\npress back\npick Sign\nsee Show the transaction`,
    { disk: await bornOn("mainnet") },
  );
  await holds(`${UNLOCK}pick Sign\nsee Show the transaction`, { disk });
});

test("a key that lives for one session came from its backup: it signs on mainnet", async () => {
  await holds(
    `${UNLOCK}pick Keys and backups\npick for this session\npick Type words in\n${typed(PHRASE)}pick No passphrase\npage\npress ok\npress back\npick Sign\nsee Show the transaction`,
    { disk: await bornOn("mainnet") },
  );
});
