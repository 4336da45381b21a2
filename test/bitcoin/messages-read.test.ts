// The texts in which messages are asked for and shown, and recoverable signatures of every kind.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { sha256 } from "@noble/hashes/sha2.js";
import fc from "fast-check";
import {
  addressOf,
  messageDigest,
  readMessageText,
  readSignedMessage,
  writeArmour,
} from "../../src/bitcoin/index.ts";
import { LEGACY_FORMS, type LegacyForm, recoverableToBase64 } from "../../src/bitcoin/messages/legacy.ts";
import { verifySigned } from "../../src/bitcoin/messages/verify.ts";
import { hash160, p2pkh, p2sh, witness } from "../../src/bitcoin/script.ts";
import { LIMITS } from "../../src/limits.ts";
import { Refusal } from "../../src/refusal.ts";
import { utf8 } from "../../src/text.ts";
import { curve, purse, run } from "./build.ts";

const H = 0x80000000;
const formats = JSON.parse(
  readFileSync(new URL("../vectors/transport/text-formats.json", import.meta.url), "utf8"),
);

test("a signmessage text names its path and, from the first mark on, every letter of the message", () => {
  assert.deepEqual(readMessageText(formats.signmessage[0]), {
    kind: "asked",
    message: "this is a test message",
    path: [H + 84, H, H, 0, 0],
  });
  for (const [text, message] of [
    ["signmessage m/84'/1'/0'/0/5 ascii: two ascii: marks \n", " two ascii: marks \n"],
    ["signmessage 84h/1h/0h/0/5 ascii:", ""],
    ["signmessage /84H/1H/0H/0/5 ascii:é", "é"],
  ])
    assert.deepEqual(readMessageText(text!), { kind: "asked", message, path: [H + 84, H + 1, H, 0, 5] });
  assert.deepEqual(readMessageText("signmessage m ascii:a"), { kind: "asked", message: "a", path: [] });
});

test("Coldcard's JSON names message, path and kind of address", () => {
  assert.deepEqual(readMessageText(JSON.stringify(formats.coldcard_message_json[0])), {
    ...{ kind: "asked", message: "test message", path: [H + 84, H, H, 0, 10], form: "p2wpkh" },
  });
  const of = (value: object) => () => readMessageText(JSON.stringify({ msg: "a", ...value }));
  assert.throws(of({}), { reason: "message.path" });
  assert.throws(of({ subpath: "m/0", addr_fmt: "p2wsh" }), { reason: "message.unread" });
  assert.throws(of({ subpath: "m/0", addr_fmt: 5 }), { reason: "message.unread" });
  assert.throws(of({ subpath: "m/4294967296" }), { reason: "message.path" });
  assert.throws(of({ subpath: "m/0/1/2/3/4/5/6/7/8" }), { reason: "message.path" });
});

test("a message longer than is shown is refused, and one as long is not", () => {
  const of = (length: number) => () => readMessageText(`signmessage m/0 ascii:${"x".repeat(length)}`);
  assert.throws(of(LIMITS.signedBytes + 1), { reason: "message.too-long" });
  assert.doesNotThrow(of(LIMITS.signedBytes));
});

const SIGNATURE = "INbVnW4e6PeRmsv2Qgu8NuopvrVjkcxob+sX8OcZG0SALhWybUjzMLPdAsXI46YZGb0KQTRii+wWIQzRpG/U+S0=";

test("a framed message is read as Coldcard, Bitcoin Core's users and Electrum's write it", () => {
  const frame = (begin: string, middle: readonly string[], end: string) =>
    [`-----BEGIN ${begin}-----`, "line one", "- line two", ...middle, `-----END ${end}-----`].join("\r\n");
  const wanted = {
    text: "line one\n- line two",
    address: "mpLQjfK79b7CCV4VMJWEWAj5Mpx8Up5zxB",
    signature: SIGNATURE,
  };
  for (const text of [
    frame(
      "BITCOIN SIGNED MESSAGE",
      ["-----BEGIN BITCOIN SIGNATURE-----", wanted.address, "", SIGNATURE],
      "BITCOIN SIGNATURE",
    ),
    frame(
      "BITCOIN SIGNED MESSAGE",
      ["-----BEGIN SIGNATURE-----", wanted.address, SIGNATURE],
      "BITCOIN SIGNED MESSAGE",
    ),
    frame(
      "BITCOIN SIGNED MESSAGE",
      [
        "-----BEGIN BITCOIN SIGNATURE-----",
        "Version: Bitcoin-qt (1.0)",
        `Address: ${wanted.address}`,
        "",
        SIGNATURE.slice(0, 64),
        SIGNATURE.slice(64),
      ],
      "BITCOIN SIGNATURE",
    ),
  ])
    assert.deepEqual(readSignedMessage(`${text}\n`), wanted);
});

test("what is framed here is read back, whatever the message says", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (message) => {
      fc.pre(!message.includes("\r") && utf8(message).length <= LIMITS.signedBytes);
      for (const address of [undefined, "mpLQjfK79b7CCV4VMJWEWAj5Mpx8Up5zxB"]) {
        const { text, ...rest } = readSignedMessage(writeArmour({ message, address, signature: SIGNATURE }));
        assert.deepEqual([text, rest], [message, { signature: SIGNATURE, ...(address ? { address } : {}) }]);
      }
    }),
  );
  const inside = writeArmour({ message: "a", address: "b", signature: SIGNATURE }).trimEnd();
  const nested = writeArmour({
    message: inside,
    address: "mpLQjfK79b7CCV4VMJWEWAj5Mpx8Up5zxB",
    signature: SIGNATURE,
  });
  assert.equal(readSignedMessage(nested).text, inside, "a frame in the message is the message's");
});

test("any text is read or refused by name", () => {
  const start = fc.constantFrom(
    "",
    "signmessage ",
    "signmessage m/84h ascii:",
    '{"msg":',
    "-----BEGIN BITCOIN SIGNED MESSAGE-----\n",
    "smp",
    "pof",
  );
  fc.assert(
    fc.property(start, fc.string({ unit: "binary" }), (head, tail) => {
      try {
        readMessageText(head + tail);
      } catch (problem) {
        assert.ok(problem instanceof Refusal, String(problem));
      }
    }),
    { numRuns: 500 },
  );
});

// ---------------------------------------------------------------- verifying recoverable signatures

const secret = sha256(utf8("recoverable"));
const key = curve.publicKey(secret);
const SCRIPTS: Readonly<Record<LegacyForm, Uint8Array>> = {
  p2pkh: p2pkh(hash160(key)),
  "p2pkh-uncompressed": p2pkh(hash160(curve.decompress(key))),
  p2wpkh: witness(0, hash160(key)),
  "p2sh-p2wpkh": p2sh(hash160(witness(0, hash160(key)))),
};
const digest = messageDigest("hello");
const signed = (header: LegacyForm) =>
  recoverableToBase64(digest, key, curve.signEcdsa(digest, secret), curve, header);
const verdict = (message: string, script: Uint8Array, signature: string) =>
  run(verifySigned({ message, signature, address: addressOf(script, "regtest")! }, "regtest", curve));

for (const header of LEGACY_FORMS)
  for (const form of LEGACY_FORMS)
    test(`a first byte for ${header} and an address of ${form}: ${header === form ? "strict" : "tolerant"}`, () => {
      const found = verdict("hello", SCRIPTS[form], signed(header));
      assert.equal(found.outcome, "valid");
      assert.equal(found.form === "BIP 137", header === form);
      assert.equal(verdict("Hello", SCRIPTS[form], signed(header)).outcome, "invalid");
      assert.equal(verdict("hello", p2pkh(new Uint8Array(20)), signed(header)).outcome, "invalid");
    });

test("of an address of several keys, or of taproot, 65 bytes say nothing: that is said, and is no yes", () => {
  for (const form of ["p2wsh", "p2tr"] as const) {
    const { scriptPubKey } = purse(form).template.derive(0, 0);
    assert.equal(verdict("hello", scriptPubKey, signed("p2pkh")).outcome, "unsure");
  }
});

test("an address that is none, or another network's, is refused by name", () => {
  const of = (address: string) => () =>
    run(verifySigned({ message: "a", signature: SIGNATURE, address }, "mainnet", curve));
  assert.throws(of("nonsense"), { reason: "bitcoin.address" });
  assert.throws(of("mpLQjfK79b7CCV4VMJWEWAj5Mpx8Up5zxB"), { reason: "bitcoin.address-network" });
});

test("any signature text gets an answer, never anything thrown", () => {
  const { scriptPubKey } = purse("p2wsh").template.derive(0, 0);
  const address = addressOf(scriptPubKey, "regtest")!;
  fc.assert(
    fc.property(
      fc.constantFrom("", "smp", "ful", "pof", "pofcHNidP8B"),
      fc.base64String(),
      (prefix, body) => {
        const { outcome } = run(
          verifySigned({ message: "a", signature: prefix + body, address }, "regtest", curve),
        );
        assert.notEqual(outcome, "valid");
      },
    ),
    { numRuns: 500 },
  );
});
