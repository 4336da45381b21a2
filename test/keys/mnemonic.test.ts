import assert from "node:assert/strict";
import { test } from "node:test";
import { entropyToMnemonic, mnemonicToSeedSync } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import fc from "fast-check";
import { nodeStretch } from "../../device/host/stretch.ts";
import {
  completions,
  entropyOf,
  indexesOf,
  indexesOfSeedMessage,
  lastWords,
  nearestWords,
  passphraseBytes,
  seedOf,
  wordList,
  wordNumber,
} from "../../src/keys/index.ts";
import type { SeedMessage } from "../../src/model.ts";
import { Refusal } from "../../src/refusal.ts";
import { ascii, hex, numbers, refusesWith, unhex, vectors } from "./make.ts";

const bip39 = JSON.parse(vectors("bip39.json"));
const seedqr = JSON.parse(vectors("../transport/seedqr.json"));

test("all 24 English vectors of BIP 39 hold: entropy, words, seed", async () => {
  assert.equal(bip39.vectors.length, 24);
  for (const { entropy, words, seed } of bip39.vectors) {
    assert.deepEqual(indexesOf(hex(entropy)), numbers(words));
    assert.equal(unhex(entropyOf(numbers(words))), entropy);
    const made = await seedOf(numbers(words), passphraseBytes(bip39.passphrase), nodeStretch());
    assert.equal(unhex(made), seed);
  }
});

test("a passphrase is normalised as BIP 39 says, and an empty one is none", async () => {
  const words = bip39.vectors[12].words;
  for (const passphrase of ["", "a b", "ﬁrn Å ㍍ガバヴァぱばぐゞちぢ十人十色"])
    assert.deepEqual(
      await seedOf(numbers(words), passphraseBytes(passphrase), nodeStretch()),
      mnemonicToSeedSync(words, passphrase),
    );
});

test("a passphrase of 256 bytes is taken, one of 257 is refused without being repeated", () => {
  assert.equal(passphraseBytes("x".repeat(256)).length, 256);
  assert.throws(() => passphraseBytes("x".repeat(257)), refusesWith("keys.passphrase-long"));
  assert.throws(
    () => passphraseBytes("secretive".repeat(40)),
    (problem: Error) => !problem.message.includes("secretive"),
  );
});

test("words and entropy of every length lead back to each other, as another implementation has them", () => {
  fc.assert(
    fc.property(fc.constantFrom(16, 20, 24, 28, 32), fc.infiniteStream(fc.nat(255)), (length, stream) => {
      const entropy = Uint8Array.from({ length }, () => stream.next().value!);
      const indexes = indexesOf(entropy);
      assert.deepEqual(entropyOf(indexes), entropy);
      assert.equal(
        Array.from(indexes, (i) => wordList[i]).join(" "),
        entropyToMnemonic(entropy, [...wordlist]),
      );
    }),
  );
});

test("one changed word is refused, unless the checksum happens to fit", () => {
  const good = numbers(bip39.vectors[12].words);
  let refused = 0;
  for (let number = 0; number < 2048; number++) {
    const changed = good.slice();
    changed[3] = number;
    try {
      entropyOf(changed);
    } catch (problem) {
      assert.ok(problem instanceof Refusal && problem.reason === "keys.words-checksum");
      refused++;
    }
  }
  assert.ok(refused > 1850 && refused < 2000, `${refused}`);
});

test("a phrase of another length is refused by name, whatever it says", () => {
  for (const count of [0, 1, 11, 13, 16, 23, 25, 27, 48])
    assert.throws(() => entropyOf(new Uint16Array(count)), refusesWith("keys.words-count"));
  for (const length of [0, 15, 17, 33, 64])
    assert.throws(() => indexesOf(new Uint8Array(length)), refusesWith("keys.words-count"));
});

test("a number that is no word is refused", () => {
  assert.throws(() => entropyOf(new Uint16Array(12).fill(2048)), refusesWith("keys.words-unknown"));
});

test("the last word is one of 128 after 11 words, of 8 after 23, and each makes the phrase whole", () => {
  for (const [vector, count] of [
    [12, 128],
    [13, 32],
    [14, 8],
  ] as const) {
    const all = numbers(bip39.vectors[vector].words);
    const found = lastWords(all.subarray(0, all.length - 1));
    assert.equal(found.length, count);
    assert.ok(found.includes(all.at(-1)!));
    for (const last of found) assert.ok(entropyOf(Uint16Array.of(...all.subarray(0, -1), last)));
  }
  assert.throws(() => lastWords(new Uint16Array(12)), refusesWith("keys.words-count"));
});

test("a word is known by all its letters, or by its first four or more, and by nothing else", () => {
  for (const [number, word] of wordList.entries()) {
    assert.equal(wordNumber(word), number);
    if (word.length > 4) assert.equal(wordNumber(word.slice(0, 4)), number);
  }
  assert.equal(wordNumber("aban"), 0);
  for (const bad of ["", "a", "aba", "abandonx", "Abandon", " abandon", "zzzz", "toString", "__proto__"])
    assert.equal(wordNumber(bad), undefined, bad);
});

test("completions stand in the list's order, and a slip of the pen finds its word", () => {
  assert.deepEqual(completions("aban"), ["abandon"]);
  assert.deepEqual(completions("zo"), ["zone", "zoo"]);
  assert.equal(completions("").length, 2048);
  assert.deepEqual(completions("zz"), []);
  assert.equal(nearestWords("abandn")[0], "abandon");
  assert.equal(nearestWords("recieve")[0], "receive");
  assert.equal(nearestWords("zoo")[0], "zoo");
  assert.ok(nearestWords("cat", 3).length === 3);
  assert.deepEqual(nearestWords("qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq"), []);
});

test("all nine SeedQR vectors give the same words by digits, by bytes (null bytes among them) and by words", () => {
  assert.equal(seedqr.vectors.length, 9);
  let nulls = 0;
  for (const { words, seedqr: digits, compactseedqr_hex: compact } of seedqr.vectors) {
    const indexes = (digits.match(/\d{4}/g) as string[]).map(Number);
    const messages: SeedMessage[] = [
      { kind: "seed", seed: { form: "seedqr", indexes } },
      { kind: "seed", seed: { form: "compact", entropy: hex(compact) } },
      { kind: "seed", seed: { form: "words", words: words.split(" ") } },
    ];
    for (const message of messages) assert.deepEqual(indexesOfSeedMessage(message), numbers(words));
    if (hex(compact).includes(0)) nulls++;
  }
  assert.ok(nulls > 0);
});

test("a scanned seed that does not add up is refused, and the refusal names a place, never a word", () => {
  const words = "attack pizza motion avocado network gather crop fresh patrol unusual wild wild".split(" ");
  const seed = (words: readonly string[]): SeedMessage => ({ kind: "seed", seed: { form: "words", words } });
  assert.throws(() => indexesOfSeedMessage(seed(words)), refusesWith("keys.words-checksum"));
  assert.throws(
    () => indexesOfSeedMessage(seed([...words.slice(0, 5), "gatherx", ...words.slice(6)])),
    (problem: Refusal) => problem.reason === "keys.words-unknown" && problem.detail === "word 6",
  );
  assert.throws(() => indexesOfSeedMessage(seed(words.slice(1))), refusesWith("keys.words-count"));
  assert.throws(() => indexesOfSeedMessage(seed([])), refusesWith("keys.words-count"));
});

test("no seed message whatever makes anything but a Refusal", () => {
  const any = fc.oneof(
    fc.record({ form: fc.constant("seedqr" as const), indexes: fc.array(fc.double(), { maxLength: 26 }) }),
    fc.record({
      form: fc.constant("seedqr" as const),
      indexes: fc.array(fc.integer({ min: -1, max: 2049 }), { minLength: 12, maxLength: 12 }),
    }),
    fc.record({ form: fc.constant("compact" as const), entropy: fc.uint8Array({ maxLength: 40 }) }),
    fc.record({ form: fc.constant("words" as const), words: fc.array(fc.string(), { maxLength: 26 }) }),
  );
  fc.assert(
    fc.property(any, (seed) => {
      try {
        const indexes = indexesOfSeedMessage({ kind: "seed", seed } as SeedMessage);
        assert.ok(entropyOf(indexes).length >= 16);
      } catch (problem) {
        assert.ok(problem instanceof Refusal, String(problem));
      }
    }),
  );
});

test("the phrase and the salt are wiped when the seed was made, and when it failed", async () => {
  const held: Uint8Array[] = [];
  const failing = {
    ...nodeStretch(),
    pbkdf2Sha512: async (secret: Uint8Array, salt: Uint8Array) => {
      held.push(secret, salt);
      assert.equal(unhex(secret.subarray(0, 5)), unhex(ascii("lava ")));
      throw new Error("no memory");
    },
  };
  await assert.rejects(seedOf(numbers(bip39.vectors[12].words), ascii("pass"), failing));
  assert.ok(held.every((bytes) => bytes.every((byte) => byte === 0)));
});
