// A backup of a key on its way from the eye: every form crosses the pipe as it is, and nothing larger does.

import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeLine, encodeLine } from "../../device/wire/channel.ts";
import { readFromEye, readPicture } from "../../device/wire/lines.ts";
import { Breach } from "../../device/wire/schema.ts";
import { LIMITS } from "../../src/limits.ts";
import type { CodeLoop, SeedMessage } from "../../src/model.ts";

const base64 = (length: number): string => Buffer.alloc(length, 7).toString("base64");
const line = (seed: unknown): unknown => ({ t: "message", message: { kind: "seed", seed } });

test("every form of a seed crosses the pipe as it is", () => {
  const seeds: SeedMessage["seed"][] = [
    { form: "slip39", words: new Array(20).fill("acad") },
    { form: "slip39", words: new Array(59).fill("academic") },
    { form: "codex32", text: "MS10TESTSXXXXXXXXXXXXXXXXXXXXXXXXXX4NZVCA9CMCZLW" },
    { form: "codex32", text: `ms1${"q".repeat(157)}` },
    { form: "kef", bytes: new Uint8Array(45).fill(7) },
    { form: "kef", bytes: new Uint8Array(LIMITS.kefBytes) },
    { form: "backup", bytes: new Uint8Array(10) },
    { form: "backup", bytes: new Uint8Array(LIMITS.backupBytes).fill(255) },
  ];
  for (const seed of seeds) {
    const message = { t: "message", message: { kind: "seed", seed } } as const;
    assert.deepEqual(decodeLine(Buffer.from(encodeLine(message)), readFromEye), message);
  }
});

test("a seed says by which dialect it came, where it was not plain, and no dialect that there is not", () => {
  const seed = { form: "compact", entropy: new Uint8Array(16) } as const;
  const message = { t: "message", message: { kind: "seed", dialect: "ur", seed } } as const;
  assert.deepEqual(decodeLine(Buffer.from(encodeLine(message)), readFromEye), message);
  const other = { t: "message", message: { kind: "seed", dialect: "morse", seed } };
  assert.throws(() => decodeLine(Buffer.from(encodeLine(other)), readFromEye), Breach);
});

test("a seed beyond its bounds ends the pipe, and the breach holds nothing of it", () => {
  const secret = "academic";
  for (const seed of [
    { form: "slip39", words: new Array(19).fill(secret) },
    { form: "slip39", words: new Array(60).fill(secret) },
    { form: "slip39", words: [...new Array(19).fill(secret), "act"] },
    { form: "slip39", words: [...new Array(19).fill(secret), "academical"] },
    { form: "slip39", words: [...new Array(19).fill(secret), "Academic"] },
    { form: "codex32", text: `${secret}${"q".repeat(45)}` },
    { form: "codex32", text: "ms1academic" },
    { form: "codex32", text: `ms1${secret.repeat(20)}` },
    { form: "codex32", text: `ms1${secret.repeat(6)} ` },
    { form: "kef", bytes: base64(5) },
    { form: "kef", bytes: base64(LIMITS.kefBytes + 1) },
    { form: "backup", bytes: base64(8) },
    { form: "backup", bytes: base64(LIMITS.backupBytes + 1) },
    { form: "backup", text: secret },
    { form: "kef", bytes: base64(45), more: secret },
    { form: "sskr", words: [secret] },
  ])
    assert.throws(
      () => readFromEye(line(seed), ""),
      (error) => error instanceof Breach && !error.message.includes(secret) && !error.message.includes("Bwc"),
      seed.form,
    );
});

test("a binary code crosses to the glass byte for byte", () => {
  const text = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).join("");
  const loop: CodeLoop = { texts: [text], version: 10, level: "L", mode: "binary" };
  const picture = { title: "x", tone: "calm", blocks: [{ kind: "code", loop, index: 0 }], buttons: {} };
  assert.deepEqual(readPicture(JSON.parse(JSON.stringify(picture)), ""), picture);
});
