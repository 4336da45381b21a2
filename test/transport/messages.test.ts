import assert from "node:assert/strict";
import { test } from "node:test";
import { LIMITS } from "../../src/limits.ts";
import { utf8 } from "../../src/text.ts";
import { messageOfFile } from "../../src/transport/index.ts";
import { collect, vectors } from "./support.ts";

const formats = vectors("text-formats");
const ARMOURED = [
  "-----BEGIN BITCOIN SIGNED MESSAGE-----",
  "a - b",
  "-----BEGIN BITCOIN SIGNATURE-----",
  "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
  "",
  "IAAA",
  "-----END BITCOIN SIGNATURE-----",
].join("\n");
const JSON_TEXT = JSON.stringify(formats.coldcard_message_json[0]);
const SIGNATURE =
  "smpAkcwRAIgM2gBAQqvZX15ZiysmKmQpDrG83avLIT492QBzLnQIxYCIBaTpOaD20qRlEylyxFSeEA2ba9YOixpX8z46TSDtS40ASECx/EgAxlkQpQ9hYjgGu6EBCPMVPwVIVJqO4XCsMvViHI=";

for (const text of [...formats.signmessage, `${formats.signmessage[0]}  `, JSON_TEXT, ARMOURED, SIGNATURE]) {
  test(`a message to sign, or a signed one, is read to its last space: ${JSON.stringify(text).slice(0, 40)}`, () => {
    assert.deepEqual(collect([text], ["psbt", "message"]), { kind: "message", dialect: "plain", text });
    assert.throws(() => collect([text], ["psbt"]), { reason: "transport.wrong-kind", detail: "a message" });
    const file = messageOfFile(utf8(`${text}\n`));
    assert.deepEqual(file, { kind: "message", dialect: "plain", text: text.trim() });
  });
}

test("JSON without a message, and words that begin alike, are no messages", () => {
  for (const text of ['{"msg": 5}', "{msg}", "signmessages m/0 ascii:a", "smp"])
    assert.throws(() => collect([text], ["psbt", "message"]), { reason: "transport.unknown" }, text);
});

test("where nothing but messages is looked for any text is one, but no seed and nothing too long", () => {
  const wanted = ["message"] as const;
  for (const text of ["hello", " two  spaces ", "x".repeat(32), "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"])
    assert.deepEqual(collect([text], wanted), { kind: "message", dialect: "plain", text });
  for (const { seedqr } of vectors("seedqr").vectors)
    assert.throws(() => collect([seedqr], wanted), { reason: "transport.wrong-kind", detail: "a seed" });
  assert.ok(LIMITS.messageTextBytes > LIMITS.qrTextChars);
});

test("Coldcard's JSON is read from BBQr of type J, and a request for a message from BBQr of type U", () => {
  for (const [type, text] of [
    ["J", JSON_TEXT],
    ["U", formats.signmessage[0]],
  ]) {
    const body = Buffer.from(text).toString("hex").toUpperCase();
    const code = `B$H${type}0100${body}`;
    assert.deepEqual(collect([code], ["psbt", "message"]), { kind: "message", dialect: "bbqr", text });
    assert.deepEqual(collect([code], ["message"]), { kind: "message", dialect: "bbqr", text });
  }
});
