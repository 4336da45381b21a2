// The same bytes through other people's code, both ways.

import assert from "node:assert/strict";
import { test } from "node:test";
import { UR, URDecoder, UREncoder } from "@ngraveio/bc-ur";
import { joinQRs, splitQRs } from "bbqr";
import fc from "fast-check";
import { concat } from "../../src/bytes.ts";
import type { PsbtMessage } from "../../src/model.ts";
import { cborHead } from "../../src/transport/cbor.ts";
import { split } from "../../src/transport/index.ts";
import { urBody, urParts } from "../../src/transport/write-ur.ts";
import { collect, psbtOf } from "./support.ts";

const message = (length: number): PsbtMessage => ({ kind: "psbt", dialect: "ur", bytes: psbtOf(length) });
const lengths = fc.integer({ min: 30, max: 4000 });

test("bc-ur draws the same parts as Firn, plain and mixed, letter for letter", () => {
  fc.assert(
    fc.property(lengths, fc.integer({ min: 20, max: 300 }), (length, most) => {
      const body = urBody(psbtOf(length));
      const encoder = new UREncoder(new UR(Buffer.from(body), "crypto-psbt"), most);
      if (encoder.fragmentsLength === 1) return;
      const part = urParts(body, Math.ceil(body.length / Math.ceil(body.length / most)));
      for (let seqNum = 1; seqNum <= 3 * encoder.fragmentsLength; seqNum++)
        assert.equal(part(seqNum), encoder.nextPart().toUpperCase());
    }),
    { numRuns: 40 },
  );
});

test("bc-ur reads what Firn shows, from the second half of the loop as well", () => {
  fc.assert(
    fc.property(lengths, fc.constantFrom("low", "medium", "high"), fc.boolean(), (length, density, late) => {
      const { texts } = split(message(length), { density });
      const decoder = new URDecoder();
      const turned = late ? [...texts.slice(texts.length / 2), ...texts] : texts;
      for (const text of turned) if (!decoder.isComplete()) decoder.receivePart(text);
      assert.ok(decoder.isSuccess());
      const ur = decoder.resultUR();
      assert.equal(ur.type, "crypto-psbt");
      assert.deepEqual(new Uint8Array(ur.cbor), urBody(psbtOf(length)));
    }),
    { numRuns: 40 },
  );
});

test("Firn reads what bc-ur shows: crypto-psbt, tagged 310 and 40310, psbt, and bytes", () => {
  const untagged = urBody(psbtOf(900));
  const tagged = (...head: number[]): Uint8Array => concat(Uint8Array.from(head), untagged);
  for (const [type, body] of [
    ["crypto-psbt", untagged],
    ["crypto-psbt", tagged(...cborHead(6, 310))],
    ["crypto-psbt", tagged(...cborHead(6, 40310))],
    ["psbt", tagged(...cborHead(6, 40310))],
    ["psbt", untagged],
    ["bytes", untagged],
  ] as const)
    for (const first of [0, 9]) {
      const encoder = new UREncoder(new UR(Buffer.from(body), type), 100, first);
      const texts = Array.from({ length: 60 }, () => encoder.nextPart());
      assert.deepEqual(collect(texts, ["psbt"]), message(900));
    }
});

test("bbqr reads what Firn shows, in both encodings", () => {
  fc.assert(
    fc.property(
      lengths,
      fc.constantFrom("low", "medium", "high"),
      fc.constantFrom("2", "H"),
      (length, density, encoding) => {
        const { texts } = split(message(length), { dialect: "bbqr", density, encoding });
        const joined = joinQRs([...texts]);
        assert.deepEqual([joined.fileType, joined.encoding], ["P", encoding]);
        assert.deepEqual(new Uint8Array(joined.raw), psbtOf(length));
      },
    ),
    { numRuns: 40 },
  );
});

test("Firn reads what bbqr shows, packed or not", () => {
  fc.assert(
    fc.property(
      lengths,
      fc.constantFrom("2", "H", "Z"),
      fc.integer({ min: 5, max: 30 }),
      (length, encoding, version) => {
        // Half of it is zeros, so that packing helps and Z stays Z.
        const bytes = concat(psbtOf(length), new Uint8Array(length));
        const { parts } = splitQRs(bytes, "P", { encoding, maxVersion: version as 5 });
        assert.deepEqual(collect(parts.toReversed(), ["psbt"]), { kind: "psbt", dialect: "bbqr", bytes });
      },
    ),
    { numRuns: 40 },
  );
});
