// After backups were shown, made and typed again nothing of them is on the card, in the journal or on a later screen,
// and what could be wiped was.

import assert from "node:assert/strict";
import { test } from "node:test";
import { mnemonicToEntropy, mnemonicToSeedSync } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import type { Operations } from "../../device/disk/operations.ts";
import type { DiskState } from "../../device/sim/recording.ts";
import type { Stretch } from "../../src/ports.ts";
import { homeWith, LONG, MAKE, OPEN, screensOf, stringOn, wordsOn, YES } from "./backup-stage.ts";
import { holds, journalOf, quickStretch } from "./stage.ts";

const PASSPHRASE = "a passphrase of several words";
const KEY = "the key of a code";
const NEXT = "page\npress ok\n";

type Secret = readonly [name: string, bytes: Buffer];

function ofWords(name: string, phrase: string): Secret[] {
  const words = phrase.split(" ");
  return words
    .slice(2)
    .map((_, i) => [`${name}, words ${i + 1} to ${i + 3}`, Buffer.from(words.slice(i, i + 3).join(" "))]);
}

function ofBytes(name: string, bytes: Uint8Array): Secret[] {
  const raw = Buffer.from(bytes);
  return [
    [name, raw],
    [`${name}, half of it`, raw.subarray(0, raw.length / 2)],
    [`${name} in hex`, Buffer.from(raw.toString("hex"))],
    [`${name} in base64`, Buffer.from(raw.toString("base64").replace(/=+$/, ""))],
  ];
}

const entropy = mnemonicToEntropy(LONG, wordlist);
const OWN: readonly Secret[] = [
  ...ofWords("words", LONG),
  ...ofBytes("entropy", entropy),
  ...ofBytes("seed", mnemonicToSeedSync(LONG, PASSPHRASE)),
  ...ofBytes("seed without the passphrase", mnemonicToSeedSync(LONG)),
  ["passphrase", Buffer.from(PASSPHRASE)],
  ["key of a code", Buffer.from(KEY)],
  [
    "word numbers",
    Buffer.from(
      LONG.split(" ")
        .map((word) => String(wordlist.indexOf(word)).padStart(4, "0"))
        .join(""),
    ),
  ],
];

function assertClean(where: string, content: Uint8Array | string, secrets: readonly Secret[]): void {
  const bytes = Buffer.from(content as Uint8Array);
  const folded = Buffer.from(bytes.toString("latin1").replace(/[|\s]+/g, " "), "latin1");
  for (const [name, secret] of secrets)
    for (const one of [bytes, folded]) assert.equal(one.indexOf(secret), -1, `${name} is in ${where}`);
}

/** The journey, and everything that was ever written while it went on. */
async function watched(script: string, disk: DiskState, stretch: Stretch = quickStretch) {
  const written: Uint8Array[] = [];
  const card = (real: Operations): Operations => ({
    ...real,
    write: (name, bytes) => {
      written.push(bytes);
      return real.write(name, bytes);
    },
    append: (name, bytes) => {
      written.push(bytes);
      return real.append(name, bytes);
    },
  });
  return { ...(await holds(script, { disk, card, stretch })), written };
}

async function assertNowhere(
  result: Awaited<ReturnType<typeof watched>>,
  more: readonly Secret[],
): Promise<void> {
  const secrets = [...OWN, ...more];
  for (const [name, bytes] of result.disk) assertClean(name, bytes, secrets);
  assert.ok(result.written.length > 4);
  for (const bytes of result.written) assertClean("what was ever written", bytes, secrets);
  assertClean(
    "the journal",
    JSON.stringify(await journalOf(result.disk), (_, value) =>
      typeof value === "bigint" ? `${value}` : value,
    ),
    secrets,
  );
  // What Firn said after it had started afresh.
  assertClean("a later screen", result.printed.slice(result.printed.lastIndexOf("> see PIN")), secrets);
}

const LOCKED = "see PIN\n";
const AGAIN = "pick enter it back later\n";

test("the search finds what it looks for", () => {
  for (const secret of OWN)
    assert.throws(
      () => assertClean("a sample", Buffer.concat([Buffer.from("x"), secret[1], Buffer.from("y")]), OWN),
      /is in a sample/,
    );
});

test("words that were shown are nowhere but on their own screens", async () => {
  const result = await watched(
    `${MAKE}pick Words\n${YES}page\npress ok\npick type it back later\n${LOCKED}`,
    await homeWith(LONG, PASSPHRASE),
  );
  assert.equal(wordsOn(result.printed, "The words"), LONG);
  await assertNowhere(result, []);
  const others = result.printed
    .split(/^\+-+\+$/m)
    .filter((screen) => !/^\n\| The (words|passphrase)/.test(screen));
  for (const screen of others) assertClean("another screen", screen, OWN);
});

test("shares of SLIP-39 are nowhere but on their own screens", async () => {
  const result = await watched(
    `${MAKE}pick SLIP-39\npick 2 of 3\n${YES}${NEXT.repeat(3)}${AGAIN}${LOCKED}`,
    await homeWith(LONG, PASSPHRASE),
  );
  // The first four words of a share are its place in the set: not secret, but not needed anywhere either.
  const shares = [1, 2, 3].flatMap((n) => ofWords(`share ${n}`, wordsOn(result.printed, `Share ${n} of 3`)));
  await assertNowhere(result, shares);
});

test("shares of codex32, and the whole string, are nowhere but on their own screens", async () => {
  const made = await watched(
    `${MAKE}pick codex32\npick Shares\npick 2 of 3\npick by chance\n${YES}${NEXT.repeat(3)}${AGAIN}${LOCKED}`,
    await homeWith(LONG, PASSPHRASE),
  );
  const parts = (name: string, text: string): Secret[] =>
    Array.from({ length: text.length - 21 }, (_, i) => [
      `${name} from letter ${i + 10}`,
      Buffer.from(text.slice(9 + i, 21 + i)),
    ]);
  await assertNowhere(
    made,
    [1, 2, 3].flatMap((n) => parts(`share ${n}`, stringOn(made.printed, `Share ${n} of 3`))),
  );
  const whole = await watched(
    `${MAKE}pick codex32\npick The whole\npick by chance\n${YES}page\npress ok\npick type it back later\n${LOCKED}`,
    made.disk,
  );
  await assertNowhere(whole, parts("the string", stringOn(whole.printed, "codex32")));
});

test("parts of a Seed XOR, entered again at once, are nowhere but on their own screens", async () => {
  const disk = await homeWith(LONG, PASSPHRASE);
  const made = await watched(
    `${MAKE}pick Seed XOR\npick 2 parts\n${YES}${NEXT.repeat(2)}${AGAIN}${LOCKED}`,
    disk,
  );
  const parts = [1, 2].map((n) => wordsOn(made.printed, `Part ${n} of 2`));
  const secrets = parts.flatMap((part, i) => [
    ...ofWords(`part ${i + 1}`, part),
    ...ofBytes(`entropy of part ${i + 1}`, mnemonicToEntropy(part, wordlist)),
  ]);
  await assertNowhere(made, secrets);
  const typed = parts.map((part) => `pick Type a part\ntype ${part}\npress ok\n`).join("");
  const tried = await watched(
    `${OPEN}pick Rehearse\npick Seed XOR\npage\npress ok\n${typed}pick Go on with 2\ntype ${PASSPHRASE}\npress ok\nsee Rehearsed\npress ok\n${LOCKED}`,
    made.disk,
  );
  await assertNowhere(tried, secrets);
});

/** Everything that is stretched is a secret here; it is looked at again when all is over. */
function watchedStretch() {
  const given: { bytes: Uint8Array; text: string }[] = [];
  const note = (bytes: Uint8Array) => given.push({ bytes, text: Buffer.from(bytes).toString() });
  const stretch: Stretch = {
    ...quickStretch,
    pbkdf2Sha256: (secret, ...rest) => {
      note(secret);
      return quickStretch.pbkdf2Sha256(secret, ...rest);
    },
    pbkdf2Sha512: (secret, salt, ...rest) => {
      note(secret);
      note(salt);
      return quickStretch.pbkdf2Sha512(secret, salt, ...rest);
    },
  };
  const assertWiped = (...texts: readonly string[]) => {
    for (const text of texts)
      assert.ok(
        given.some((one) => one.text === text),
        text.slice(0, 8),
      );
    for (const { bytes, text } of given)
      assert.ok(
        bytes.every((byte) => byte === 0),
        `${text.slice(0, 8)}… is not wiped`,
      );
  };
  return { stretch, assertWiped };
}

const screensIn = (printed: string) => printed.replace(/^> .*$/gm, "");

test("a code's key, typed twice to make it, is on no screen and nowhere on the card, and was wiped", async () => {
  const { stretch, assertWiped } = watchedStretch();
  const typed = `type ${KEY}\npress ok\n`;
  const disk = await homeWith(LONG, PASSPHRASE);
  const { printed, disk: after } = await holds(
    `${MAKE}pick Krux\n${YES}${typed}${typed}press back\npick scan it back later\n${LOCKED}`,
    { disk, stretch },
  );
  assertWiped(KEY, LONG, `mnemonic${PASSPHRASE}`);
  assertClean("a screen", screensIn(printed), [["key", Buffer.from(KEY)]]);
  for (const [name, bytes] of after) assertClean(name, bytes, OWN);
});

test("a child of BIP 85 is nowhere but on its own screen", async () => {
  const result = await watched(
    `${OPEN}pick BIP 85\npick (base64)\ntype 86\npress ok\ntype 3\npress ok\n${YES}page\npress ok\n${LOCKED}`,
    await homeWith(LONG, PASSPHRASE),
  );
  const password = /\| ([A-Za-z0-9+/]{70,}) *\|\n\| ?([A-Za-z0-9+/]*)/.exec(
    screensOf(result.printed, "Password of 86 characters (base64), index 3")[0]!,
  )!;
  await assertNowhere(result, [["password", Buffer.from(password[1]!.slice(0, 40))]]);
});

test("words and a passphrase that were typed again, right or wrong, are nowhere afterwards, and were wiped", async () => {
  const disk = await homeWith(LONG, PASSPHRASE);
  const wrong = "a passphrase of other words";
  for (const typed of [PASSPHRASE, wrong]) {
    const { stretch, assertWiped } = watchedStretch();
    const result = await watched(
      `${OPEN}pick Rehearse\npick Words\npage\npress ok\npick Type all\ntype ${LONG}\npress ok\ntype ${typed}\npress ok\npress ok\n${LOCKED}`,
      disk,
      stretch,
    );
    await assertNowhere(result, [["a wrong passphrase", Buffer.from(wrong)]]);
    assertClean("a screen", screensIn(result.printed), [["passphrase", Buffer.from(typed)]]);
    assertWiped(LONG, `mnemonic${typed}`);
  }
});
