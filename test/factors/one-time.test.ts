// One-time codes: the published ones, how far off they may be, and that none works twice.

import assert from "node:assert/strict";
import { createHmac, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  hotp,
  hotpCounter,
  LOOK_AHEAD,
  otpauth,
  STEP_MS,
  secretText,
  stepOf,
  totp,
  totpStep,
} from "../../src/factors/index.ts";
import { bytes } from "./vectors.ts";

const PUBLISHED = JSON.parse(
  readFileSync(new URL("../vectors/factors/one-time.json", import.meta.url), "utf8"),
);
const SECRET = bytes(PUBLISHED.secret);

test("the codes of RFC 4226, appendix D, are made", () => {
  const made = PUBLISHED.hotp.map((_: string, counter: number) => hotp(SECRET, counter));
  assert.deepEqual(made, PUBLISHED.hotp);
  assert.equal(made.length, 10);
});

test("the codes of RFC 6238, appendix B, are made, as far as six digits go", () => {
  for (const { seconds, code } of PUBLISHED.totp) assert.equal(totp(SECRET, seconds * 1000), code.slice(-6));
});

test("a counter beyond 32 bits is written in eight bytes", () => {
  for (const counter of [0xffffffff, 2 ** 32, 2 ** 40 + 5, Number.MAX_SAFE_INTEGER]) {
    const eight = Buffer.alloc(8);
    eight.writeBigUInt64BE(BigInt(counter));
    const mac = createHmac("sha1", SECRET).update(eight).digest();
    const number = mac.readUInt32BE(mac[19]! & 15) & 0x7fffffff;
    assert.equal(hotp(SECRET, counter), String(number % 1_000_000).padStart(6, "0"));
  }
});

test("a code by counter is found up to ten further on, never behind, and never further", () => {
  for (let next = 0; next < 30; next++)
    for (let counter = 0; counter < 60; counter++) {
      const near = counter >= next && counter <= next + LOOK_AHEAD;
      assert.equal(hotpCounter(SECRET, hotp(SECRET, counter), next), near ? counter : undefined);
    }
  assert.equal(LOOK_AHEAD, 10);
});

const NOON = Date.UTC(2026, 0, 1, 12);

test("a code by the time is taken in its half-minute, in the one before and in the one after", () => {
  const code = totp(SECRET, NOON);
  for (const [offMs, taken] of [
    [-2 * STEP_MS, false],
    [-STEP_MS - 1, false],
    [-STEP_MS, true],
    [-1, true],
    [0, true],
    [STEP_MS, true],
    [2 * STEP_MS - 1, true],
    [2 * STEP_MS, false],
    [86_400_000, false],
  ] as const)
    assert.equal(totpStep(SECRET, code, NOON + offMs, -1), taken ? stepOf(NOON) : undefined, `${offMs} ms`);
});

test("a code of a half-minute that was used, or of an earlier one, is refused whatever the time", () => {
  for (let used = stepOf(NOON) - 2; used <= stepOf(NOON) + 2; used++)
    for (let step = stepOf(NOON) - 1; step <= stepOf(NOON) + 1; step++) {
      const found = totpStep(SECRET, hotp(SECRET, step), NOON, used);
      assert.equal(found, step > used ? step : undefined);
    }
});

test("a clock of before 1970 makes no code, and takes none", () => {
  assert.equal(totpStep(SECRET, hotp(SECRET, 0), -STEP_MS - 1, -1), undefined);
  assert.equal(totpStep(SECRET, hotp(SECRET, 0), -1, -1), 0);
});

test("what is no code of six digits is none", () => {
  for (const typed of ["", "75522", "7552240", " 755224", "755224 ", "٧٥٥٢٢٤"])
    assert.equal(hotpCounter(SECRET, typed, 0), undefined);
});

test("an authenticator reads the secret from the code: its name, and base 32 without padding", () => {
  for (const secret of [SECRET, new Uint8Array(randomBytes(20))]) {
    const url = new URL(otpauth("totp", "anna maria", secret));
    assert.deepEqual([url.protocol, url.host, url.pathname], ["otpauth:", "totp", "/Firn:anna%20maria"]);
    assert.equal(url.searchParams.get("secret"), secretText(secret));
    assert.equal(url.searchParams.get("issuer"), "Firn");
    let bits = "";
    for (const letter of secretText(secret))
      bits += "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0");
    const read = Buffer.from(bits.match(/.{8}/g)!.map((eight) => Number.parseInt(eight, 2)));
    assert.ok(read.equals(secret));
  }
  assert.equal(new URL(otpauth("hotp", "bert", SECRET)).searchParams.get("counter"), "0");
});
