// The encrypted backup as bytes: opened by a reader written from docs/formats.md alone, and by no wrong code.

import assert from "node:assert/strict";
import { createDecipheriv, createHash, scryptSync } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { nodeStretch } from "../../device/host/stretch.ts";
import { concat, toHex } from "../../src/bytes.ts";
import {
  BACKUP_COST,
  type BackupCode,
  type BackupContent,
  codeOfPassphrase,
  codeOfWords,
  newCodeWords,
  openBackup,
  readBackup,
  sealBackup,
} from "../../src/keys/backup-file.ts";
import { entropyOf, wordList } from "../../src/keys/mnemonic.ts";
import { LIMITS } from "../../src/limits.ts";
import { Refusal } from "../../src/refusal.ts";
import { fromUtf8, utf8 } from "../../src/text.ts";
import { fixedRandom, quickStretch, refusesWith, sha256 } from "./make.ts";

const CONTENT: BackupContent = {
  madeMs: Date.UTC(2026, 10, 22),
  keys: Uint8Array.of(2, 0),
  state: utf8('{"network":"mainnet"}'),
};
const CODE = codeOfPassphrase("sixteen or more.");
const stretch = quickStretch();

function seal(change: Partial<Parameters<typeof sealBackup>[0]> = {}): Promise<Uint8Array> {
  return sealBackup({ content: CONTENT, code: CODE, stretch, random: fixedRandom(), ...change });
}

/** The same file with bytes put in and its SHA-256 made to fit: what an attacker can always do. */
function forged(bytes: Uint8Array, at: number, ...values: readonly number[]): Uint8Array {
  const body = bytes.slice(0, -32);
  body.set(values, at);
  return concat(body, sha256(body));
}

test("what was sealed comes out again, with its code and with no other", async () => {
  const bytes = await seal();
  assert.deepEqual(await openBackup(bytes, CODE, stretch), CONTENT);
  const others: BackupCode[] = [
    codeOfPassphrase("sixteen or more,"),
    codeOfPassphrase("Sixteen or more."),
    codeOfWords(newCodeWords(fixedRandom())),
  ];
  for (const code of others)
    await assert.rejects(openBackup(bytes, code, stretch), refusesWith("backup.wrong-code"));
});

test("a reader written from the documentation opens it, with Node's own cryptography", async () => {
  const words = newCodeWords(fixedRandom("words"));
  const bytes = await seal({ code: codeOfWords(words), stretch: nodeStretch() });
  const at = (start: number, end?: number) => Buffer.from(bytes.subarray(start, end));
  assert.equal(at(0, 8).toString(), "FIRNBACK");
  assert.deepEqual([...at(8, 13)], [1, 1, 16, 8, 1]);
  assert.deepEqual(createHash("sha256").update(at(0, -32)).digest(), at(-32));
  const code = Array.from(words, (index) => wordList[index]).join(" ");
  const key = scryptSync(code, at(13, 29), 32, { N: 65536, r: 8, p: 1, maxmem: 2 ** 27 });
  const open = createDecipheriv("chacha20-poly1305", key, at(29, 41), { authTagLength: 16 });
  open.setAAD(at(0, 41), { plaintextLength: bytes.length - 41 - 48 });
  open.setAuthTag(at(-48, -32));
  const plain = Buffer.concat([open.update(at(41, -48)), open.final()]);
  assert.equal(Number(plain.readBigUInt64BE(0)), CONTENT.madeMs);
  const end = 12 + plain.readUInt32BE(8);
  assert.deepEqual([...plain.subarray(12, end)], [...CONTENT.keys]);
  assert.equal(plain.subarray(end).toString(), fromUtf8(CONTENT.state));
});

test("any flipped bit and any missing end is damage, and is named before the code is stretched", async () => {
  const bytes = await seal();
  const unasked = { ...stretch, scrypt: () => assert.fail("it was stretched") };
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const flipped = bytes.slice();
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    await assert.rejects(openBackup(flipped, CODE, unasked), refusesWith("backup.damaged"), `bit ${bit}`);
  }
  for (let length = 0; length < bytes.length; length++)
    assert.throws(() => readBackup(bytes.subarray(0, length)), refusesWith("backup.damaged"));
  assert.throws(() => readBackup(concat(bytes, Uint8Array.of(0))), refusesWith("backup.damaged"));
});

test("every byte is vouched for by the code: changed on purpose, checksum and all, nothing opens", async () => {
  const bytes = await seal();
  for (let at = 9; at < bytes.length - 32; at++) {
    const forgery = forged(bytes, at, bytes[at]! ^ 3);
    await assert.rejects(
      openBackup(forgery, CODE, stretch),
      (problem) => problem instanceof Refusal && /^backup\.(wrong-code|weak|damaged)$/.test(problem.reason),
      `byte ${at}`,
    );
  }
  // Within the bounds, or the other kind of code: only the tag can tell.
  for (const [at, value] of [
    [9, 1],
    [10, 17],
    [12, 2],
    [20, 7],
    [35, 7],
  ] as const)
    await assert.rejects(
      openBackup(forged(bytes, at, value), CODE, stretch),
      refusesWith("backup.wrong-code"),
    );
});

test("another version, too little work and too much work are told apart, and nothing is stretched", async () => {
  const bytes = await seal();
  for (const [reason, at, value] of [
    ["backup.version", 8, 2],
    ["backup.weak", 10, 15],
    ["backup.weak", 11, 7],
    ["backup.weak", 12, 0],
    ["backup.damaged", 10, 19],
    ["backup.damaged", 11, 9],
    ["backup.damaged", 12, 5],
    ["backup.damaged", 9, 0],
    ["backup.damaged", 9, 3],
  ] as const)
    assert.throws(() => readBackup(forged(bytes, at, value)), refusesWith(reason), `${at} = ${value}`);
  assert.deepEqual(BACKUP_COST, { log2N: 16, r: 8, p: 1 });
  assert.deepEqual(readBackup(forged(bytes, 10, 18, 8, 4)).cost, { log2N: 18, r: 8, p: 4 });
});

test("no two backups share salt or nonce, and not even dead chance lets two contents share a nonce", async () => {
  const random = fixedRandom();
  const heads = new Set<string>();
  for (let i = 0; i < 20; i++) {
    const { salt, nonce } = readBackup(await seal({ random }));
    heads.add(toHex(salt)).add(toHex(nonce));
  }
  assert.equal(heads.size, 40);
  const dead = { bytes: (length: number) => new Uint8Array(length) };
  const nonces = [CONTENT, { ...CONTENT, madeMs: CONTENT.madeMs + 1 }].map(async (content) =>
    toHex(readBackup(await seal({ random: dead, content })).nonce),
  );
  assert.equal(new Set(await Promise.all(nonces)).size, 2);
});

test("a code is twelve words that no wallet takes for words, and a slip of the pen is found in it", () => {
  const random = fixedRandom();
  let slips = 0;
  for (let i = 0; i < 50; i++) {
    const words = newCodeWords(random);
    assert.equal(codeOfWords(words).kind, "words");
    assert.throws(() => entropyOf(words), refusesWith("keys.words-checksum"));
    for (let place = 0; place < 12; place++) {
      const slip = words.slice();
      slip[place] = (slip[place]! + 1 + ((i * 97 + place) % 2046)) % 2048;
      try {
        codeOfWords(slip);
        slips++;
      } catch (problem) {
        refusesWith("backup.code")(problem);
      }
    }
  }
  // Four bits of checksum: one slip in sixteen passes, and then opens nothing.
  assert.ok(slips > 10 && slips < 80, `${slips} of 600`);
  assert.throws(() => codeOfWords(newCodeWords(random).subarray(1)), refusesWith("backup.code"));
  const dead = { bytes: (length: number) => new Uint8Array(length) };
  assert.throws(() => newCodeWords(dead), refusesWith("keys.entropy-dead"));
});

test("a passphrase has sixteen characters at least, and is the same however its accents were typed", () => {
  assert.throws(() => codeOfPassphrase("fifteen letters"), refusesWith("backup.code-short"));
  assert.equal(codeOfPassphrase("sixteen letters!").kind, "passphrase");
  const [one, two] = ["caf\u00e9 caf\u00e9 caf\u00e9 .", "cafe\u0301 cafe\u0301 cafe\u0301 ."];
  assert.deepEqual(codeOfPassphrase(one), codeOfPassphrase(two));
  assert.throws(() => codeOfPassphrase("x".repeat(257)), refusesWith("keys.passphrase-long"));
});

test("no more is written than is read again", async () => {
  const room = LIMITS.backupBytes - 41 - 12 - 16 - 32 - CONTENT.keys.length;
  const state = new Uint8Array(room);
  const bytes = await seal({ content: { ...CONTENT, state } });
  assert.equal(bytes.length, LIMITS.backupBytes);
  assert.deepEqual((await openBackup(bytes, CODE, stretch)).state, state);
  const more = { ...CONTENT, state: new Uint8Array(room + 1) };
  await assert.rejects(seal({ content: more }), refusesWith("backup.too-large"));
  assert.throws(() => readBackup(concat(bytes, Uint8Array.of(0))), refusesWith("backup.too-large"));
});

test("whatever stands behind a right tag, opening gives content or a refusal", async () => {
  // As a later version might write it, with the same envelope around another shape.
  const content = (keys: Uint8Array) => ({ ...CONTENT, keys, state: new Uint8Array(0) });
  const odd = { ...content(new Uint8Array(0)), madeMs: Number.MAX_SAFE_INTEGER + 2 };
  const bytes = await seal({ content: odd });
  await assert.rejects(openBackup(bytes, CODE, stretch), refusesWith("backup.damaged"));
});

test("any bytes are a backup or a refusal, never something else", async () => {
  const bytes = await seal();
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 200 }),
      fc.nat(),
      fc.boolean(),
      async (noise, place, sound) => {
        const start = place % bytes.length;
        const mixed = concat(bytes.subarray(0, start), noise, bytes.subarray(start));
        const given = sound ? concat(mixed, sha256(mixed)) : mixed;
        try {
          await openBackup(given, CODE, stretch);
        } catch (problem) {
          assert.ok(problem instanceof Refusal, String(problem));
        }
      },
    ),
    { numRuns: 300 },
  );
});

test("nothing of the caller's is changed by sealing or opening", async () => {
  const code = codeOfPassphrase("sixteen or more.");
  const keys = Uint8Array.of(2, 1, 9);
  const bytes = await seal({ code, content: { ...CONTENT, keys } });
  const before = bytes.slice();
  const opened = await openBackup(bytes, code, stretch);
  opened.keys.fill(0);
  assert.deepEqual(bytes, before);
  assert.deepEqual([...keys], [2, 1, 9]);
  assert.equal(fromUtf8(code.bytes), "sixteen or more.");
});
