// Backups of a key as codes: read in every form, written as others read them, and never taken for something else.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { URDecoder } from "@ngraveio/bc-ur";
import { joinQRs } from "bbqr";
import fc from "fast-check";
import qrcode from "qrcode/lib/core/qrcode.js";
import { packagedWasm } from "../../device/eye/wasm.ts";
import { concat, fromHex, toHex } from "../../src/bytes.ts";
import { LIMITS } from "../../src/limits.ts";
import type { CodeLoop, Density, Read, SeedMessage } from "../../src/model.ts";
import { drawCode, paint } from "../../src/qr/draw.ts";
import { openJsqr } from "../../src/qr/jsqr.ts";
import { openZxing } from "../../src/qr/zxing.ts";
import { Refusal } from "../../src/refusal.ts";
import { writeBytewords } from "../../src/transport/bytewords.ts";
import { cborHead } from "../../src/transport/cbor.ts";
import {
  compactSeedQr,
  kefCode,
  openAssembly,
  push,
  seedQr,
  shareCode,
  splitBytes,
  splitSeedUr,
  splitWordsUr,
} from "../../src/transport/index.ts";
import { collect, inflate, psbtOf, read, readBytes, vectors, wolf } from "./support.ts";

const hex = (text: string): Uint8Array => fromHex(text)!;
const bip93 = JSON.parse(readFileSync(new URL("../vectors/keys/codex32.json", import.meta.url), "utf8"));
const kef = vectors("kef");
const seedqr = vectors("seedqr").vectors;

/** What all of it gives where a seed is wanted. */
function seedIn(...reads: readonly (Read | string)[]): SeedMessage["seed"] {
  const message = collect(reads, ["seed"]);
  assert.equal(message?.kind, "seed");
  return message.seed;
}

const decoders = [openJsqr(), await openZxing(packagedWasm()!)];

/** What a camera sees of every code of the loop, by both decoders. */
function seen(loop: CodeLoop): SeedMessage["seed"] {
  const [one, two] = decoders.map((decode) =>
    seedIn(...loop.texts.map((text) => decode(paint(drawCode(text, loop), 4))!)),
  );
  assert.deepEqual(one, two);
  return one!;
}

// ---------------------------------------------------------------- codex32 and SLIP-39

test("a string of codex32 is read as it is, in either case and in groups, whole or damaged", () => {
  const all: string[] = bip93.valid.flatMap((v: { secrets: string[]; shares: string[] }) => [
    ...v.secrets,
    ...v.shares,
  ]);
  assert.equal(all.length, 31);
  for (const text of all) {
    assert.deepEqual(seedIn(text.toUpperCase()), { form: "codex32", text: text.toUpperCase() });
    assert.deepEqual(seedIn(text.toLowerCase()), { form: "codex32", text: text.toLowerCase() });
    assert.deepEqual(seedIn(` ${text.replace(/.{4}/g, "$& ")}\n`), { form: "codex32", text });
    const damaged = `${text.slice(0, 12)}b${text.slice(13)}`;
    assert.deepEqual(seedIn(damaged), { form: "codex32", text: damaged });
  }
});

test("an address of a test network that begins with ms1 is an address", () => {
  assert.throws(() => collect(["ms1WoxYSSxjjUkVoxVoxRNGyAi9uRvEP1B"], ["seed"]), {
    reason: "transport.wrong-kind",
    detail: "an address",
  });
});

/** Words with the shape that SLIP-39's have. */
const shareWords = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => ["academic", "acid", "acne", "zero"][i % 4]!);

test("a share of SLIP-39 is told from a phrase of BIP 39 by the number of its words", () => {
  for (const count of [20, 23, 27, 30, 33, 59]) {
    const words = shareWords(count);
    assert.deepEqual(seedIn(words.join(" ")), { form: "slip39", words });
    assert.deepEqual(seedIn(words.join("\n").toUpperCase()), { form: "slip39", words });
    const short = words.map((word) => word.slice(0, 4));
    assert.deepEqual(seedIn(short.join(" ")), { form: "slip39", words: short });
  }
  for (const count of [12, 15, 18, 21, 24])
    assert.deepEqual(seedIn(shareWords(count).join(" ")).form, "words");
  for (const count of [6, 11, 13, 19, 26, 58, 60])
    assert.throws(() => collect([shareWords(count).join(" ")]), { reason: "transport.unknown" });
  // Three letters stand in BIP 39 only.
  assert.throws(() => collect([shareWords(20).with(3, "act").join(" ")]), { reason: "transport.unknown" });
});

// ---------------------------------------------------------------- KEF

/** A UR of raw bytes in one code. */
const urBytes = (bytes: Uint8Array): string =>
  `ur:bytes/${writeBytewords(concat(Uint8Array.from(cborHead(2, bytes.length)), bytes))}`;

test("what Krux encrypts is read as base43, as base64, as hex, and inside UR and BBQr", () => {
  assert.equal(kef.vectors.length, 19);
  for (const { hex: envelope, base43, base64 } of kef.vectors) {
    const bytes = hex(envelope);
    const expected = { form: "kef", bytes };
    const inUr = urBytes(bytes);
    const inBbqr = `B$HB0100${envelope.toUpperCase()}`;
    for (const text of [base43, base64, envelope, envelope.toUpperCase(), inUr, inBbqr])
      assert.deepEqual(seedIn(text), expected, text);
  }
});

test("a binary code of an envelope is read as one, but for those as short as entropy", () => {
  for (const { hex: envelope } of kef.vectors) {
    const bytes = hex(envelope);
    const form = bytes.length === 32 ? "compact" : "kef";
    assert.equal(seedIn(readBytes(bytes)).form, form);
  }
});

test("an envelope is looked for where nothing else was found, and only a small one", () => {
  const version = (bytes: number[], length: number): Uint8Array =>
    concat(Uint8Array.from(bytes), new Uint8Array(length));
  assert.equal(seedIn(readBytes(version([0, 20, 0, 0, 10], 40))).form, "kef");
  for (const [bytes, length] of [
    [[0, 2, 0, 0, 10], 40],
    [[0, 20, 0, 0, 10], 16],
    [[0, 5, 0, 0, 10], 36],
    [[0, 20, 0, 0, 10], LIMITS.kefBytes - 4],
    [[2, 0xff, 0xfe, 20, 0, 0, 10], 40],
    [[60, 20, 0, 0, 10], 40],
  ] as const)
    assert.throws(() => collect([readBytes(version([...bytes], length))]), { reason: "transport.unknown" });
});

test("noise is next to never taken for an envelope", () => {
  let taken = 0;
  for (let i = 0; i < 20_000; i++) {
    const bytes = wolf(33 + (i % 60), `noise ${i}`);
    try {
      collect([readBytes(bytes)]);
      taken++;
    } catch (error) {
      assert.ok(error instanceof Refusal);
    }
  }
  assert.ok(taken < 20, `${taken} of 20,000`);
});

// ---------------------------------------------------------------- Firn's own backup

const MAGIC = "4649524e4241434b";
const backupOf = (length: number): Uint8Array => concat(hex(MAGIC), hex("01"), wolf(length - 9));

test("an encrypted backup comes back whole from BBQr pages, from UR, and from one binary code", () => {
  for (const [length, density] of [
    [10, "least"],
    [700, "low"],
    [9000, "medium"],
    [40_000, "high"],
  ] as [number, Density][]) {
    const bytes = backupOf(length);
    const loop = splitBytes(bytes, density);
    assert.ok(loop.texts.every((text) => text.startsWith("B$2B")));
    assert.deepEqual(seedIn(...loop.texts.toReversed()), { form: "backup", bytes });
    const joined = joinQRs([...loop.texts]);
    assert.deepEqual([joined.fileType, toHex(new Uint8Array(joined.raw))], ["B", toHex(bytes)]);
  }
  const bytes = backupOf(700);
  assert.deepEqual(seedIn(urBytes(bytes)), { form: "backup", bytes });
  assert.deepEqual(seedIn(readBytes(bytes)), { form: "backup", bytes });
  assert.deepEqual(seen(splitBytes(backupOf(2000), "medium")), { form: "backup", bytes: backupOf(2000) });
});

test("the largest backup is read, a larger one refused, and the mark alone is nothing", () => {
  const largest = backupOf(LIMITS.backupBytes);
  assert.deepEqual(seedIn(...splitBytes(largest, "high").texts), { form: "backup", bytes: largest });
  const more = splitBytes(backupOf(LIMITS.backupBytes + 1), "high").texts;
  assert.throws(() => seedIn(...more), { reason: "transport.too-large" });
  assert.throws(() => collect([readBytes(hex(MAGIC))]), { reason: "transport.unknown" });
});

test("a backup as short as entropy is a backup", () => {
  assert.equal(seedIn(readBytes(backupOf(32))).form, "backup");
});

// ---------------------------------------------------------------- only where a seed is wanted

const words12 = seedqr[3].words.split(" ");
const envelopeOf = (index: number): Uint8Array => hex(kef.vectors[index].hex);

test("no backup of a key is taken where anything else is wanted, and the reading goes on", () => {
  const loops = [
    seedQr(new Array(12).fill(5)),
    splitSeedUr(wolf(16), "medium"),
    splitWordsUr(words12, "medium"),
    kefCode(envelopeOf(17)),
    shareCode(bip93.valid[0].secrets[0]),
    shareCode(shareWords(20).join(" ")),
    splitBytes(backupOf(90), "medium"),
  ];
  const reads: Read[] = [
    ...loops.map(({ texts }) => read(texts[0]!)),
    readBytes(wolf(16)),
    readBytes(backupOf(40)),
    readBytes(envelopeOf(17)),
  ];
  const assembly = openAssembly(["psbt", "wallet"], inflate);
  for (const one of reads)
    assert.throws(() => push(assembly, one), { reason: "transport.wrong-kind", detail: "a seed" });
  assert.equal(push(assembly, readBytes(psbtOf(60))).kind, "message");
});

test("no refusal names anything of a backup that was not taken", () => {
  for (const text of [bip93.valid[0].secrets[0], kef.vectors[17].base43, shareWords(20).join(" ")])
    assert.throws(
      () => collect([text], ["psbt"]),
      (error) => error instanceof Refusal && error.message === "transport.wrong-kind: a seed",
    );
});

// ---------------------------------------------------------------- writing

const { pictures } = vectors("seedqr-pictures");

const loopOf = (form: string, vector: number): CodeLoop => {
  const { seedqr: digits, compactseedqr_hex: entropy } = seedqr[vector - 1];
  return form === "compact" ? compactSeedQr(hex(entropy)) : seedQr(digits.match(/.{4}/g).map(Number));
};

test("a SeedQR is the published one, module for module, in one of the eight masks", () => {
  assert.equal(pictures.length, 15);
  for (const { vector, form, rows } of pictures) {
    const loop = loopOf(form, vector);
    assert.equal(drawCode(loop.texts[0]!, loop).size, rows.length);
    const segment =
      loop.mode === "numeric"
        ? { data: loop.texts[0]!, mode: "numeric" as const }
        : { data: hex(seedqr[vector - 1].compactseedqr_hex), mode: "byte" as const };
    const drawn = Array.from({ length: 8 }, (_, maskPattern) => {
      const options = { version: loop.version, errorCorrectionLevel: loop.level, maskPattern };
      return Array.from(qrcode.create([segment], options).modules.data).join("");
    });
    assert.ok(drawn.includes(rows.join("")), `vector ${vector}, ${form}`);
  }
});

test("SeedQR and CompactSeedQR have the size of the published specification for 12 and 24 words", () => {
  const side = ({ version }: CodeLoop): number => 17 + 4 * version;
  assert.deepEqual(
    [12, 15, 18, 21, 24].map((words) => side(seedQr(new Array(words).fill(2047)))),
    [25, 25, 25, 29, 29],
  );
  assert.deepEqual(
    [16, 20, 24, 28, 32].map((bytes) => side(compactSeedQr(new Uint8Array(bytes)))),
    [21, 25, 25, 25, 25],
  );
  for (const loop of [seedQr(new Array(24).fill(0)), compactSeedQr(wolf(32))]) assert.equal(loop.level, "L");
});

test("every SeedQR of the vectors is drawn, seen by both decoders, and is the same words again", () => {
  for (const { seedqr: digits, compactseedqr_hex: entropy } of seedqr) {
    const indexes: number[] = digits.match(/.{4}/g).map(Number);
    assert.equal(seedQr(Uint16Array.from(indexes)).texts[0], digits);
    assert.deepEqual(seen(seedQr(indexes)), { form: "seedqr", indexes });
    assert.deepEqual(seen(compactSeedQr(hex(entropy))), { form: "compact", entropy: hex(entropy) });
  }
});

const entropies = fc.constantFrom(16, 20, 24, 28, 32).chain((length) =>
  // All printable, it would be a text of that length: one chance in 2^22 or less.
  fc
    .uint8Array({ minLength: length, maxLength: length })
    .map((bytes) => (bytes.every((byte) => byte < 127 && byte >= 9) ? bytes.with(0, 0) : bytes)),
);

test("any entropy is drawn as CompactSeedQR and seen again, zeros, line ends and high bytes and all", () => {
  fc.assert(
    fc.property(entropies, (entropy) => {
      assert.deepEqual(seen(compactSeedQr(entropy)), { form: "compact", entropy });
    }),
    { numRuns: 40 },
  );
});

test("crypto-seed is written as its paper prints it, and read again", () => {
  const published = "ur:seed/oyadgdstaslplabghydrpfmkbggufgludprfgmamdpwmox";
  const { texts } = splitSeedUr(hex("c7098580125e2ab0981253468b2dbc52"), "medium");
  assert.equal(texts[0]?.toLowerCase(), published.replace("ur:seed", "ur:crypto-seed"));
  fc.assert(
    fc.property(entropies, fc.constantFrom<Density>("least", "low", "medium", "high"), (entropy, density) => {
      const loop = splitSeedUr(entropy, density);
      assert.equal(loop.texts.length, 1);
      assert.deepEqual(seedIn(...loop.texts), { form: "compact", entropy });
    }),
  );
});

test("crypto-bip39 is written byte for byte as Krux's library writes it, at every density", () => {
  for (const { words, cbor } of vectors("crypto-bip39").vectors)
    for (const density of ["least", "low", "medium", "high"] as const) {
      const loop = splitWordsUr(words.split(" "), density);
      assert.deepEqual(seedIn(...loop.texts.toReversed()), { form: "words", words: words.split(" ") });
      const decoder = new URDecoder();
      for (const text of loop.texts) decoder.receivePart(text);
      const ur = decoder.resultUR();
      assert.deepEqual([ur.type, ur.cbor.toString("hex")], ["crypto-bip39", cbor]);
    }
});

test("an envelope is shown as Krux shows it, and read again", () => {
  for (const { hex: envelope, base43 } of kef.vectors) {
    const loop = kefCode(hex(envelope));
    assert.deepEqual([loop.texts, loop.mode], [[base43], "alphanumeric"]);
    assert.deepEqual(seen(loop), { form: "kef", bytes: hex(envelope) });
  }
});

test("shares are shown in capitals in one code, and read again", () => {
  const [longest] = bip93.valid[4].secrets;
  for (const text of [bip93.valid[0].secrets[0], longest])
    assert.deepEqual(seen(shareCode(text)), { form: "codex32", text: text.toUpperCase() });
  assert.equal(shareCode(bip93.valid[0].secrets[0]).version, 3);
  for (const count of [20, 33, 59])
    assert.deepEqual(seen(shareCode(shareWords(count).join(" "))), {
      form: "slip39",
      words: shareWords(count),
    });
});

// ---------------------------------------------------------------- no input does harm

const nearMiss: fc.Arbitrary<Read> = fc.oneof(
  fc
    .tuple(fc.constantFrom("ms1", "MS1", "acid ".repeat(19), "0000".repeat(11), "08", "KEF"), fc.string())
    .map((pair) => read(pair.join(""))),
  fc
    .tuple(
      fc.constantFrom(MAGIC, "0014", "0105", "08373363356461306114000a", "00000000"),
      fc.uint8Array({ maxLength: 60 }),
    )
    .map(([head, rest]) => readBytes(concat(hex(head), rest))),
  fc.stringMatching(/^[0-9A-Z$*+\-./:]{0,120}$/).map(read),
  fc.stringMatching(/^[0-9A-Za-z+/]{0,120}$/).map(read),
);

test("nothing that looks like a backup makes push throw anything but a Refusal", () => {
  fc.assert(
    fc.property(nearMiss, (one) => {
      try {
        collect([one]);
      } catch (error) {
        if (!(error instanceof Refusal) || !error.reason.startsWith("transport.")) throw error;
      }
    }),
    { numRuns: 2000 },
  );
});
