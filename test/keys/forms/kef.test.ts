// KEF: what Krux published, what Krux's own program makes, and what a wrong key or a changed byte gets.

import assert from "node:assert/strict";
import { createDecipheriv, pbkdf2Sync } from "node:crypto";
import { test } from "node:test";
import { inflateRawSync } from "node:zlib";
import fc from "fast-check";
import { toHex } from "../../../src/bytes.ts";
import { KEF_ITERATIONS, openKef, readKefHeader, sealKef, seedOfKef } from "../../../src/keys/forms/kef.ts";
import { LIMITS } from "../../../src/limits.ts";
import { Refusal } from "../../../src/refusal.ts";
import { ascii, fixedRandom, hex, quickStretch, vectors } from "../make.ts";

const { published, nested, reference } = JSON.parse(vectors("kef.json"));
const stretch = quickStretch();

const opened = async (envelope: string, key: string): Promise<string> =>
  toHex(await openKef(hex(envelope), hex(key), stretch));

test("the envelopes that Krux published open with their keys", async () => {
  const { gcm, ctr } = published;
  assert.equal(await opened(ctr.envelope, ctr.key), ctr.plain);
  assert.equal(await opened(gcm.envelope, gcm.key), "350e7b31a36727c5f2fc76b58304668c");
  const header = readKefHeader(hex(gcm.envelope));
  assert.deepEqual(
    { ...header, id: Buffer.from(header.id).toString() },
    { id: "test ID", version: 20, name: "AES-GCM", iterations: 100_000, weak: false },
  );
});

/** Layers that Firn refuses, opened by Node: the ciphertext as it is, the proof not looked at. */
function peeled(envelope: Uint8Array): Uint8Array {
  const id = envelope.subarray(1, 1 + envelope[0]!);
  const version = envelope[1 + id.length]!;
  const body = envelope.subarray(5 + id.length);
  const key = pbkdf2Sync(hex(nested.key), id, 10_000, 32, "sha256");
  const open = (name: string, iv: Uint8Array | null, data: Uint8Array, padded: boolean): Buffer => {
    const cipher = createDecipheriv(name, key, iv).setAutoPadding(padded);
    return Buffer.concat([cipher.update(data), cipher.final()]);
  };
  const counter = (block: number) => Buffer.concat([body.subarray(0, 12), Buffer.from([0, 0, 0, block])]);
  const packed = {
    7: () => open("aes-256-ecb", null, body, true).subarray(0, -4),
    12: () => open("aes-256-cbc", body.subarray(0, 16), body.subarray(16), true).subarray(0, -4),
    16: () => open("aes-256-ctr", counter(0), body.subarray(12), false).subarray(0, -4),
    21: () => open("aes-256-ctr", counter(2), body.subarray(12, -4), false),
  }[version];
  assert.ok(packed);
  return Uint8Array.from(inflateRawSync(packed()));
}

test("Krux's own test of all versions, one within the other, is opened to its core", async () => {
  let envelope = hex(nested.envelope);
  const refused: number[] = [];
  for (const version of nested.versions) {
    assert.equal(envelope[1], version);
    try {
      envelope = await openKef(envelope, hex(nested.key), stretch);
    } catch (error) {
      assert.ok(error instanceof Refusal && error.reason === "forms.kef-compressed");
      refused.push(version);
      envelope = peeled(envelope);
    }
  }
  assert.equal(toHex(envelope), nested.plain);
  assert.deepEqual(refused, [21, 16, 12, 7]);
});

test("what Krux's program encrypts is opened, in every version that does not compress", async () => {
  const seen = new Set<number>();
  for (const { version, id, iterations, key, plain, envelope, note } of reference.vectors) {
    assert.equal(await opened(envelope, key), plain, note);
    const header = readKefHeader(hex(envelope));
    assert.deepEqual([header.version, toHex(header.id), header.iterations], [version, id, iterations]);
    seen.add(version);
  }
  assert.deepEqual(
    [...seen].sort((a, b) => a - b),
    [0, 1, 5, 6, 10, 11, 15, 20],
  );
});

test("compressed versions are refused by name before any key is tried", async () => {
  for (const { version, envelope, key } of reference.compressed) {
    const idle = { ...stretch, pbkdf2Sha256: () => assert.fail("a key was tried") };
    const name = { 7: "AES-ECB +c", 12: "AES-CBC +c", 16: "AES-CTR +c", 21: "AES-GCM +c" }[version as 7];
    const refusal = { reason: "forms.kef-compressed", detail: name };
    await assert.rejects(openKef(hex(envelope), hex(key), idle), refusal);
    assert.throws(() => readKefHeader(hex(envelope)), refusal);
  }
});

/** One envelope of each version that opens. */
const ONE_EACH: readonly { envelope: string; key: string; version: number }[] = [
  ...new Map(reference.vectors.map((vector: { version: number }) => [vector.version, vector])).values(),
] as never;

test("a wrong key opens nothing, in any version", async () => {
  for (const { envelope, key } of ONE_EACH)
    for (const wrong of ["", "ff", `${key}20`, `20${key}`])
      await assert.rejects(openKef(hex(envelope), hex(wrong), stretch), {
        reason: "forms.kef-wrong-key",
        detail: "",
      });
});

test("a changed byte of the payload opens nothing, whichever it is", async () => {
  for (const { envelope, key } of ONE_EACH) {
    const bytes = hex(envelope);
    for (let at = 5 + bytes[0]!; at < bytes.length; at++) {
      const changed = bytes.slice();
      changed[at]! ^= 0x40;
      await assert.rejects(openKef(changed, hex(key), stretch), { reason: "forms.kef-wrong-key" }, `${at}`);
    }
  }
});

test("the constants whose proof Krux's program does not make are parsed and not opened", async () => {
  for (const { envelope } of [published.ecb, published.cbc]) {
    assert.equal(readKefHeader(hex(envelope)).iterations, 100_000);
    await assert.rejects(openKef(hex(envelope), ascii("test key"), stretch), {
      reason: "forms.kef-wrong-key",
    });
  }
});

// ---------------------------------------------------------------- hostile envelopes

const envelopeOf = (version: number, iterations: number, payload: Uint8Array): Uint8Array =>
  Uint8Array.from([2, 0x69, 0x64, version, iterations >> 16, iterations >> 8, iterations, ...payload]);

test("an envelope that would take minutes is refused before any key is tried", () => {
  const payload = new Uint8Array(44);
  assert.equal(LIMITS.kefIterations, 10_000_000);
  assert.equal(readKefHeader(envelopeOf(20, 1000, payload)).iterations, 10_000_000);
  assert.equal(readKefHeader(envelopeOf(20, 10_000_000, payload)).iterations, 10_000_000);
  for (const written of [1001, 10_000, 10_000_001, 0xffffff])
    assert.throws(() => readKefHeader(envelopeOf(20, written, payload)), { reason: "forms.kef-slow" });
});

test("few iterations are read and called weak, none are damaged", () => {
  const payload = new Uint8Array(44);
  for (const [written, weak] of [
    [1, true],
    [9, true],
    [10, false],
    [10_001, true],
    [99_999, true],
    [100_001, false],
  ] as const)
    assert.equal(readKefHeader(envelopeOf(20, written, payload)).weak, weak, `${written}`);
  assert.throws(() => readKefHeader(envelopeOf(20, 0, payload)), { reason: "forms.kef-damaged" });
});

test("an unknown version is named; a payload that cannot be one is damaged", () => {
  for (const version of [2, 3, 4, 8, 9, 13, 14, 17, 18, 19, 22, 255])
    assert.throws(() => readKefHeader(envelopeOf(version, 10, new Uint8Array(48))), {
      reason: "forms.kef-version",
      detail: `version ${version}`,
    });
  for (const [version, lengths] of [
    [0, [1, 15, 17, 31]],
    [5, [3, 16, 18, 20]],
    [10, [20, 35, 37]],
    [15, [12, 16]],
    [20, [12, 16]],
  ] as const)
    for (const length of lengths)
      assert.throws(() => readKefHeader(envelopeOf(version, 10, new Uint8Array(length))), {
        reason: "forms.kef-damaged",
      });
  for (const bytes of ["", "00", "ff", "0014000001", "fd".repeat(300), "00".repeat(1025)])
    assert.throws(() => readKefHeader(hex(bytes)), { reason: "forms.kef-damaged" });
});

test("no bytes make the reader throw anything but a Refusal", async () => {
  const near = fc
    .tuple(fc.constantFrom(0, 1, 5, 6, 10, 11, 15, 20), fc.integer({ min: 1, max: 20 }), fc.uint8Array())
    .map(([version, iterations, payload]) => envelopeOf(version, iterations, payload));
  const quick = { ...stretch, pbkdf2Sha256: async () => new Uint8Array(32) };
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(fc.uint8Array({ maxLength: 80 }), near),
      fc.uint8Array(),
      async (bytes, key) => {
        try {
          await openKef(bytes, key, quick);
        } catch (error) {
          if (!(error instanceof Refusal) || !error.reason.startsWith("forms.kef-")) throw error;
        }
      },
    ),
    { numRuns: 500 },
  );
});

// ---------------------------------------------------------------- writing

const key = ascii("several words by chance");
const id = ascii("73c5da0a");

test("what is sealed is opened, is GCM with 100,000 iterations, and Node's GCM agrees", async () => {
  for (const length of [16, 20, 24, 28, 32]) {
    const plain = fixedRandom(`${length}`).bytes(length);
    const envelope = await sealKef({ id, plain, key, stretch, random: fixedRandom() });
    assert.deepEqual(await openKef(envelope, key, stretch), plain);
    const { version, iterations, weak } = readKefHeader(envelope);
    assert.deepEqual([version, iterations, weak], [20, KEF_ITERATIONS, false]);
    assert.equal(envelope.length, 1 + 8 + 4 + 12 + length + 4);
    const cipher = createDecipheriv(
      "aes-256-gcm",
      pbkdf2Sync(key, id, 100_000, 32, "sha256"),
      envelope.subarray(13, 25),
      { authTagLength: 4 },
    ).setAuthTag(envelope.subarray(-4));
    const second = Buffer.concat([cipher.update(envelope.subarray(25, -4)), cipher.final()]);
    assert.equal(second.toString("hex"), toHex(plain));
  }
});

test("an envelope that Krux's program made is made again from the same vector, byte for byte", async () => {
  const written = reference.vectors.filter(({ note }: { note?: string }) => note === "as Firn writes it");
  assert.equal(written.length, 2);
  for (const { id: label, iterations, plain, key: typed, envelope } of written) {
    const random = { bytes: (length: number) => hex(envelope).slice(13, 13 + length) };
    const plan = { id: hex(label), plain: hex(plain), key: hex(typed), stretch, random, iterations };
    assert.equal(toHex(await sealKef(plan)), envelope);
  }
});

test("the number of iterations is written so that it is read again", async () => {
  const quick = { ...stretch, pbkdf2Sha256: async () => new Uint8Array(32) };
  for (const iterations of [100_000, 2_550_000, 2_560_000, 10_000_000]) {
    const plan = { id, plain: new Uint8Array(16), key, stretch: quick, random: fixedRandom(), iterations };
    assert.equal(readKefHeader(await sealKef(plan)).iterations, iterations);
  }
});

test("two envelopes never have the same initialisation vector, though all else is the same", async () => {
  const random = fixedRandom();
  const quick = { ...stretch, pbkdf2Sha256: async () => new Uint8Array(32).fill(1) };
  const seen = new Set<string>();
  for (let i = 0; i < 50; i++) {
    const envelope = await sealKef({ id, plain: new Uint8Array(16), key, stretch: quick, random });
    seen.add(toHex(envelope.subarray(13, 25)));
  }
  assert.equal(seen.size, 50);
});

test("a key that is too short or too long is refused, fewer iterations or no label are a bug", async () => {
  const plan = { id, plain: new Uint8Array(16), key, stretch, random: fixedRandom() };
  for (const length of [0, 7, 201])
    await assert.rejects(sealKef({ ...plan, key: new Uint8Array(length) }), { reason: "forms.kef-key" });
  for (const wrong of [
    { iterations: 90_000 },
    { iterations: 100_001 },
    { iterations: 10_010_000 },
    { id: new Uint8Array() },
    { id: new Uint8Array(253) },
    { plain: new Uint8Array() },
  ])
    await assert.rejects(sealKef({ ...plan, ...wrong }), (error) => !(error instanceof Refusal));
});

test("the stretched key and the padded plaintext are overwritten, also where the key is wrong", async () => {
  const handed: Uint8Array[] = [];
  const watched = {
    ...stretch,
    async pbkdf2Sha256(...parts: Parameters<typeof stretch.pbkdf2Sha256>) {
      const out = await stretch.pbkdf2Sha256(...parts);
      handed.push(out);
      return out;
    },
  };
  const { gcm } = published;
  await openKef(hex(gcm.envelope), hex(gcm.key), watched);
  await assert.rejects(openKef(hex(gcm.envelope), key, watched));
  await sealKef({ id, plain: new Uint8Array(16), key, stretch: watched, random: fixedRandom() });
  assert.equal(handed.length, 3);
  assert.ok(handed.every((bytes) => bytes.every((byte) => byte === 0)));
});

// ---------------------------------------------------------------- what is in it

test("entropy, words and word numbers are taken from an envelope, anything else is refused", () => {
  for (const length of [16, 20, 24, 28, 32])
    assert.deepEqual(seedOfKef(new Uint8Array(length)).seed, {
      form: "compact",
      entropy: new Uint8Array(length),
    });
  const words = [...new Array(11).fill("abandon"), "about"];
  assert.deepEqual(seedOfKef(ascii(`${words.join(" ")}\n`)).seed, { form: "words", words });
  assert.deepEqual(seedOfKef(ascii("0003".repeat(12))).seed, {
    form: "seedqr",
    indexes: new Array(12).fill(3),
  });
  for (const plain of [
    "",
    "x",
    "0003".repeat(11),
    "abandon ".repeat(11),
    "a note that someone encrypted here",
  ])
    assert.throws(() => seedOfKef(ascii(plain)), { reason: "forms.kef-content" });
  assert.throws(() => seedOfKef(new Uint8Array(33).fill(255)), { reason: "forms.kef-content" });
});
