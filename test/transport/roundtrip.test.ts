// What is split is collected again, whatever is lost, repeated or out of order; and no input does harm.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Density, Dialect, Kind, PsbtMessage, Read } from "../../src/model.ts";
import { Refusal } from "../../src/refusal.ts";
import { utf8 } from "../../src/text.ts";
import { writeBytewords } from "../../src/transport/bytewords.ts";
import { capacity } from "../../src/transport/capacity.ts";
import { xoshiro } from "../../src/transport/fountain.ts";
import {
  codesNeeded,
  dialectsFor,
  openAssembly,
  push,
  split,
  splitText,
  type Want,
} from "../../src/transport/index.ts";
import { urBody, urParts } from "../../src/transport/write-ur.ts";
import { ALL, collect, inflate, psbtOf, read, readBytes } from "./support.ts";

const psbt = (length: number, dialect: Dialect = "ur"): PsbtMessage => ({
  kind: "psbt",
  dialect,
  bytes: psbtOf(length),
});

const animated = fc.constantFrom<Dialect>("ur", "bbqr", "pmofn");
const density = fc.constantFrom<Density>("least", "low", "medium", "high");
const encoding = fc.constantFrom<"2" | "H">("2", "H");

/** Repeatable chance, drawn apart from fast-check: thousands of numbers a run need no shrinking. */
const chance = (seed: number): (() => number) => xoshiro(utf8(`chance ${seed}`));
const seeds = fc.nat({ max: 1_000_000 });

test("what is split is collected again in any order, with repeats, in every dialect and density", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 5, max: 12_000 }),
      animated,
      density,
      encoding,
      seeds,
      (length, dialect, dense, enc, seed) => {
        const message = psbt(length, dialect);
        const { texts } = split(message, { density: dense, encoding: enc });
        const dice = chance(seed);
        const shuffled = [...texts, ...texts]
          .map((text) => [dice(), text] as const)
          .sort(([a], [b]) => a - b);
        const back = collect(
          shuffled.map(([, text]) => text),
          ["psbt"],
        );
        assert.ok(back?.kind === "psbt");
        assert.deepEqual(back.bytes, message.bytes);
      },
    ),
    { numRuns: 120 },
  );
});

test("a UR is collected from any codes of which enough are seen, wherever the camera joins", () => {
  const losses = fc.double({ min: 0, max: 0.6, noNaN: true });
  fc.assert(
    fc.property(
      fc.integer({ min: 400, max: 20_000 }),
      fc.nat({ max: 3000 }),
      losses,
      seeds,
      (length, first, loss, seed) => {
        const part = urParts(urBody(psbtOf(length)), 200);
        const assembly = openAssembly(["psbt"], inflate);
        const dice = chance(seed);
        let have = 0;
        for (let shown = 0; shown < 4000; shown++) {
          if (dice() < loss) continue;
          const pushed = push(assembly, read(part(1 + first + shown)));
          if (pushed.kind === "message") {
            assert.deepEqual(pushed.message, psbt(length));
            return;
          }
          assert.ok(pushed.progress.have >= have && pushed.progress.have < pushed.progress.total);
          have = pushed.progress.have;
        }
        assert.fail("never complete");
      },
    ),
    { numRuns: 60 },
  );
});

test("every loop fits the version that it names, is never 23-L, and no density passes its version", () => {
  const most = { least: 5, low: 10, medium: 20, high: 27 };
  fc.assert(
    fc.property(
      fc.integer({ min: 5, max: 60_000 }),
      animated,
      density,
      encoding,
      (length, dialect, dense, enc) => {
        const want: Want = { density: dense, encoding: enc };
        const { texts, version, level, mode } = split(psbt(length, dialect), want);
        // Where a format cannot count so many small parts, larger ones are taken.
        const manyParts = dense === "least" && length > 30_000;
        assert.ok(version !== 23 && (version <= most[dense] || manyParts));
        assert.equal(level, "L");
        assert.ok(
          mode !== "numeric" &&
            mode !== "binary" &&
            texts.every((text) => text.length <= capacity(version, mode)),
        );
        if (mode === "alphanumeric") assert.ok(texts.every((text) => /^[0-9A-Z $%*+\-./:]+$/.test(text)));
        const needed = codesNeeded(psbt(length, dialect), want);
        assert.equal(texts.length, dialect === "ur" && needed > 1 ? 2 * needed : needed);
      },
    ),
    { numRuns: 150 },
  );
});

test("a static code carries what fits one code, and says so where it does not", () => {
  for (const [dialect, fits, tooMuch] of [
    ["base64", 2214, 2215],
    ["hex", 2148, 2149],
    ["base43", 2912, 2914],
  ] as const) {
    const loop = split(psbt(fits, dialect), { density: "medium" });
    assert.equal(loop.texts.length, 1);
    assert.deepEqual(collect(loop.texts), psbt(fits, dialect));
    assert.equal(codesNeeded(psbt(fits, dialect), { density: "medium" }), 1);
    assert.equal(codesNeeded(psbt(tooMuch, dialect), { density: "medium" }), Number.POSITIVE_INFINITY);
    assert.throws(() => split(psbt(tooMuch, dialect), { density: "medium" }), {
      reason: "transport.no-room",
    });
  }
});

test("a request in UR version 1 is answered in version 2, a raw one in base64", () => {
  assert.match(split(psbt(60, "ur1"), { density: "medium" }).texts[0]!, /^UR:CRYPTO-PSBT\/HD/);
  assert.match(split(psbt(60, "plain"), { density: "medium" }).texts[0]!, /^cHNidP/);
  assert.match(split(psbt(60, "plain"), { density: "medium", dialect: "bbqr" }).texts[0]!, /^B\$2P0100/);
});

test("only dialects that have room are offered, UR first", () => {
  const names = (length: number): string[] => dialectsFor(psbt(length)).map(({ dialect }) => dialect);
  assert.deepEqual(names(500), ["ur", "bbqr", "pmofn", "base43", "base64", "hex"]);
  assert.deepEqual(names(50_000), ["ur", "bbqr", "pmofn"]);
});

test("more parts than a format counts make its codes larger, not impossible", () => {
  const loop = split(psbt(400_000, "bbqr"), { density: "low" });
  assert.ok(loop.texts.length <= 1295 && loop.version > 10);
  assert.deepEqual(collect(loop.texts), psbt(400_000, "bbqr"));
});

test("a text of ours is one code while it is short, BBQr when it is long, and reads back", () => {
  const address = splitText("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "low");
  assert.deepEqual(address, {
    texts: ["bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"],
    version: 3,
    level: "L",
    mode: "byte",
  });
  const loud = `BITCOIN:${address.texts[0]!.toUpperCase()}`;
  assert.deepEqual(splitText(loud, "low"), { texts: [loud], version: 3, level: "L", mode: "alphanumeric" });
  assert.equal(splitText("bitcoin:1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "low").mode, "byte");
  const text = `wsh(sortedmulti(2,${"[00000000/48h/0h/0h/2h]xpub".repeat(20)}))`;
  const long = splitText(text, "low");
  assert.ok(long.texts.length > 1 && long.texts.every((one) => one.startsWith("B$2U")));
  assert.deepEqual(collect(long.texts), { kind: "wallet", dialect: "bbqr", text });
});

// ---------------------------------------------------------------- no input does harm

/** Texts that get past the first look of one reader or another. */
const nearMiss = fc.oneof(
  fc.string({ unit: "binary", maxLength: 200 }),
  fc
    .tuple(
      fc.constantFrom(
        "ur:",
        "ur:bytes/",
        "UR:CRYPTO-OUTPUT/",
        "ur:crypto-psbt/1-2/",
        "B$2P0201",
        "B$ZU0100",
        "B$HJ0100",
        "p1of2 ",
        "p1of1 ",
        "cHNidP",
        "70736274ff",
        "{",
        "addwallet a&",
        "wsh(",
      ),
      fc.string({ maxLength: 60 }),
    )
    .map((pair) => pair.join("")),
  fc
    .tuple(
      fc.constantFrom(
        "crypto-output",
        "output-descriptor",
        "bytes",
        "crypto-psbt",
        "crypto-seed",
        "crypto-bip39",
      ),
      fc.uint8Array({ maxLength: 80 }),
    )
    .map(([type, bytes]) => `ur:${type}/${writeBytewords(bytes)}`),
  fc.uint8Array({ maxLength: 60 }).map((bytes) => `ur:bytes/1-2/${writeBytewords(bytes)}`),
  fc
    .uint8Array({ minLength: 1, maxLength: 60 })
    .map((bytes) => `B$HB0100${Buffer.from(bytes).toString("hex").toUpperCase()}`),
  fc
    .uint8Array({ minLength: 1, maxLength: 60 })
    .map((bytes) => `p1of1 ${Buffer.from(bytes).toString("base64")}`),
);

const anyRead: fc.Arbitrary<Read> = fc.oneof(
  nearMiss.map(read),
  fc.uint8Array({ maxLength: 64 }).map(readBytes),
  fc.tuple(nearMiss, fc.uint8Array({ maxLength: 64 })).map(([text, bytes]) => ({ text, bytes })),
);

test("no text and no bytes make push throw anything but a Refusal, and a good code is read after all of them", () => {
  fc.assert(
    fc.property(fc.array(anyRead, { maxLength: 30 }), fc.subarray([...ALL]), (reads, wanted) => {
      const kinds: Kind[] = [...new Set<Kind>([...wanted, "psbt"])];
      const assembly = openAssembly(kinds, inflate);
      for (const one of reads) {
        try {
          push(assembly, one);
        } catch (error) {
          if (!(error instanceof Refusal) || !error.reason.startsWith("transport.")) throw error;
        }
      }
      const good = split(psbt(300), { density: "medium" }).texts;
      assert.equal(push(assembly, { text: good[0]!, bytes: utf8(good[0]!) }).kind, "message");
    }),
    { numRuns: 1500 },
  );
});

test("a code with any one character changed is refused or is the same message, never another", () => {
  const part = split(psbt(120), { density: "medium" }).texts[0]!;
  fc.assert(
    fc.property(fc.nat({ max: part.length - 1 }), fc.constantFrom(..."ABCXYZ019/-:"), (at, letter) => {
      try {
        assert.deepEqual(collect([part.slice(0, at) + letter + part.slice(at + 1)]), psbt(120));
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
      }
    }),
  );
});
