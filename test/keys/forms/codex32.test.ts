// BIP 93: every vector of its text, its own Python beside it, and what its code promises.

import assert from "node:assert/strict";
import { test } from "node:test";
import { HDKey } from "@scure/bip32";
import fc from "fast-check";
import { toHex } from "../../../src/bytes.ts";
import {
  type Codex32,
  codex32Identifier,
  codex32Text,
  mendedCodex32,
  parseCodex32,
} from "../../../src/keys/forms/codex32.ts";
import { inverse, LETTERS, times } from "../../../src/keys/forms/codex32-code.ts";
import {
  addCodexShare,
  CODEX32_MOST_SHARES,
  type CodexSet,
  codex32Secret,
  isComplete,
  makeCodex32,
  randomIdentifier,
  recoverCodex32,
  wipeCodexSet,
} from "../../../src/keys/forms/codex32-shares.ts";
import { Refusal } from "../../../src/refusal.ts";
import { fixedRandom, hex, vectors } from "../make.ts";

const { valid, invalid, reference } = JSON.parse(vectors("codex32.json"));
const VALID: readonly string[] = valid.flatMap(
  ({ secrets, shares }: { secrets: string[]; shares: string[] }) => [...secrets, ...shares],
);

function setOf(texts: readonly string[]): CodexSet {
  const [first = "", ...rest] = texts;
  return rest.reduce(
    (set, text) => addCodexShare(set, parseCodex32(text)),
    addCodexShare(undefined, parseCodex32(first)),
  );
}

const recovered = (texts: readonly string[]): string => toHex(recoverCodex32(setOf(texts)));

/** Every choice of `size` of them, in order. */
function choices<T>(all: readonly T[], size: number): T[][] {
  if (size === 0) return [[]];
  return all.flatMap((one, i) => choices(all.slice(i + 1), size - 1).map((rest) => [one, ...rest]));
}

test("the field has 32 elements: every one but zero has an inverse", () => {
  assert.equal(inverse(0), 0);
  for (let a = 1; a < 32; a++) assert.equal(times(a, inverse(a)), 1);
});

test("every secret of the text gives its seed and its master key, whatever was appended to its bits", () => {
  assert.equal(valid.length, 5);
  for (const { secrets, seed, xprv } of valid) {
    for (const text of secrets) {
      assert.equal(recovered([text]), seed);
      assert.equal(recovered([text.toUpperCase()]), seed);
      assert.equal(codex32Text(parseCodex32(text)), text.toUpperCase());
    }
    assert.equal(HDKey.fromMasterSeed(hex(seed)).privateExtendedKey, xprv);
  }
});

test("the secret that Firn writes is the first that the text prints: zero bits are appended", () => {
  for (const i of [2, 3]) {
    const { secrets, seed } = valid[i];
    const { identifier } = parseCodex32(secrets[0]);
    const text = codex32Secret(hex(seed), identifier);
    const same = { ...parseCodex32(text), threshold: parseCodex32(secrets[0]).threshold };
    assert.equal(codex32Text(same), secrets[0].toUpperCase());
  }
});

test("any shares of the text that suffice recover its seed", () => {
  for (const [i, needed] of [
    [1, 2],
    [2, 3],
  ] as const)
    for (const some of choices<string>(valid[i].shares, needed)) {
      assert.equal(recovered(some), valid[i].seed);
      assert.equal(recovered(some.toReversed()), valid[i].seed);
    }
});

/** By the sentence above the strings in the text. */
const REASONS: Readonly<Record<string, string>> = {
  "These examples have incorrect checksums.": "forms.codex32-checksum",
  // A checksum of the other length makes some as long as no string is.
  "These examples use the wrong checksum for their given data sizes.":
    "forms.codex32-checksum forms.codex32-length",
  "These examples have improper lengths.": "forms.codex32-length",
  'This example uses a "0" threshold with a non-"s" index': "forms.codex32-header",
  "This example has a threshold that is not a digit.": "forms.codex32-header",
  'These examples do not begin with the required "ms" or "MS" prefix and/or are missing the "1" separator.':
    "forms.codex32-prefix",
  "These examples all incorrectly mix upper and lower case characters.": "forms.codex32-case",
};

test("every invalid string of the text is refused, each for what is wrong with it", () => {
  let count = 0;
  for (const { why, strings } of invalid)
    for (const text of strings) {
      assert.throws(
        () => parseCodex32(text),
        (error) => error instanceof Refusal && REASONS[why]!.split(" ").includes(error.reason),
        text,
      );
      count++;
    }
  assert.equal(count, 64);
});

test("what the text's own Python made is read and recovered, for seeds of every size and the longest sets", () => {
  assert.equal(reference.vectors.length, 11);
  for (const { seed, threshold, identifier, secret, unshared, shares } of reference.vectors) {
    assert.equal(recovered([secret]), seed);
    assert.equal(codex32Secret(hex(seed), identifier), unshared.toUpperCase());
    assert.equal(recovered(shares.slice(-threshold)), seed);
    assert.equal(recovered(shares.slice(0, threshold)), seed);
    // With all of them every share beyond those that are needed was compared with the others.
    assert.equal(recovered(shares), seed);
    for (const text of shares) {
      const share = parseCodex32(text);
      assert.deepEqual([share.threshold, share.identifier], [threshold, identifier]);
      assert.equal(codex32Text(share), text.toUpperCase());
    }
  }
});

// ---------------------------------------------------------------- what a person may do wrong

const sound = fc.constantFrom(...VALID.map((text) => text.toLowerCase()));
const letter = fc.constantFrom(...LETTERS);

function changed(text: string, places: readonly number[], letters: readonly string[]): string {
  const out = [...text];
  for (const [i, place] of places.entries()) out[3 + (place % (text.length - 3))] = letters[i]!;
  return out.join("");
}

const distance = (a: string, b: string): number => [...a].filter((one, i) => one !== b[i]).length;

test("one or two changed letters are refused, and the places are named", () => {
  const two = fc.tuple(fc.nat(999), fc.nat(999));
  fc.assert(
    fc.property(sound, two, fc.tuple(letter, letter), (text, places, letters) => {
      const wrong = changed(text, places, letters);
      if (wrong === text) return;
      const at = [...text].flatMap((one, i) => (one === wrong[i] ? [] : [i + 1]));
      const detail = at.map((place) => `character ${place}, in group ${Math.ceil(place / 4)}`).join("; ");
      assert.throws(() => parseCodex32(wrong), { reason: "forms.codex32-checksum", detail });
      assert.equal(mendedCodex32(wrong), text.toUpperCase());
    }),
    { numRuns: 80 },
  );
});

test("a sound string has nothing to mend", () => {
  for (const text of VALID) assert.equal(mendedCodex32(text), undefined);
});

test("three to eight changed letters are refused and never mended into another string", () => {
  const many = fc.array(fc.tuple(fc.nat(999), letter), { minLength: 3, maxLength: 8 });
  fc.assert(
    fc.property(sound, many, (text, changes) => {
      const wrong = changed(
        text,
        changes.map(([place]) => place),
        changes.map(([, one]) => one),
      );
      const slips = distance(text, wrong);
      if (slips < 3) return;
      assert.throws(() => parseCodex32(wrong), { reason: "forms.codex32-checksum" });
      // Within seven letters of a sound string no other one is within two.
      if (slips < 7) assert.equal(mendedCodex32(wrong), undefined);
    }),
    { numRuns: 60 },
  );
});

test("two letters in each other's place are refused wherever they stand", () => {
  const text = VALID[1]!.toUpperCase();
  for (let i = 3; i + 1 < text.length; i++) {
    const swapped = text.slice(0, i) + text[i + 1] + text[i] + text.slice(i + 2);
    if (swapped !== text) assert.throws(() => parseCodex32(swapped), { reason: "forms.codex32-checksum" });
  }
});

test("a letter that bech32 does not have is named by its place, and never by itself", () => {
  const text = VALID[0]!;
  const wrong = `${text.slice(0, 20)}b${text.slice(21)}`;
  assert.throws(() => parseCodex32(wrong), {
    reason: "forms.codex32-letter",
    detail: "character 21, in group 6",
  });
});

test("spaces between groups do not count", () => {
  const text = VALID[2]!;
  assert.deepEqual(parseCodex32(` ${text.replace(/.{4}/g, "$& ")}\n`), parseCodex32(text));
});

test("no text makes the reader throw anything but a Refusal, and no refusal holds a letter of it", () => {
  const near = fc
    .tuple(fc.constantFrom("ms1", "MS1", "ms10", "mS1"), fc.string({ maxLength: 130 }))
    .map((pair) => pair.join(""));
  const drawn = fc.array(letter, { maxLength: 130 }).map((letters) => `ms1${letters.join("")}`);
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), near, drawn), (text) => {
      for (const read of [parseCodex32, mendedCodex32])
        try {
          read(text);
        } catch (error) {
          if (!(error instanceof Refusal) || !error.reason.startsWith("forms.codex32-")) throw error;
          assert.match(error.detail, /^(?:(?:character \d+, in group \d+(?:; )?)*|\d+ characters)$/);
        }
    }),
    { numRuns: 500 },
  );
});

// ---------------------------------------------------------------- sets

const share = (text: string): Codex32 => parseCodex32(text);
const [A, C, D] = valid[1].shares as [string, string, string];

test("a share of another set is refused by name, and says in what it differs", () => {
  const set = setOf([A]);
  const other = (detail: string) => ({ reason: "forms.codex32-other-set", detail });
  const { identifier, payload } = share(C);
  const renamed = { ...share(C), identifier: "namx" };
  assert.throws(() => addCodexShare(set, renamed), other("share C: another identifier"));
  assert.throws(() => addCodexShare(set, share(valid[2].shares[1])), other("share C: another identifier"));
  const threefold = { threshold: 3, identifier, index: "c", payload };
  assert.throws(() => addCodexShare(set, threefold), other("share C: another number of shares needed"));
  const longer = { ...share(C), payload: new Uint8Array(28) };
  assert.throws(() => addCodexShare(set, longer), other("share C: another length"));
});

test("the same share twice is refused, and so is another one under the same letter", () => {
  const twice = { reason: "forms.codex32-twice", detail: "share A" };
  assert.throws(() => addCodexShare(setOf([A]), share(A)), twice);
  assert.throws(() => addCodexShare(setOf([A]), { ...share(C), index: "a" }), twice);
  assert.throws(() => addCodexShare(setOf([A, C]), share(A)), twice);
});

test("a secret needs no others and takes none, in either order", () => {
  const [secret] = valid[1].secrets;
  assert.ok(isComplete(setOf([secret])));
  for (const [first, second] of [
    [A, secret],
    [secret, A],
    [secret, secret],
  ])
    assert.throws(() => addCodexShare(setOf([first]), share(second)), { reason: "forms.codex32-whole" });
});

test("a share beyond those that are needed must lie with the others", () => {
  assert.equal(setOf([A, C, D]).shares.length, 3);
  const payload = share(D).payload.slice();
  payload[7]! ^= 1;
  assert.throws(() => addCodexShare(setOf([A, C]), { ...share(D), payload }), {
    reason: "forms.codex32-odd",
    detail: "share D",
  });
});

test("a set is never changed by what is added, nor by what is refused", () => {
  const set = setOf([A]);
  addCodexShare(set, share(C));
  assert.throws(() => addCodexShare(set, share(A)));
  assert.equal(set.shares.length, 1);
  assert.ok(!isComplete(set));
  assert.throws(() => recoverCodex32(set), /missing/);
});

test("a wiped set holds zeros only", () => {
  const set = setOf([A, C]);
  wipeCodexSet(set);
  assert.ok(set.shares.every(({ payload }) => payload.every((value) => value === 0)));
});

// ---------------------------------------------------------------- making

const plans = fc
  .record({
    seed: fc.uint8Array({ minLength: 16, maxLength: 64 }),
    threshold: fc.integer({ min: 2, max: 9 }),
    more: fc.nat(22),
    chance: fc.string(),
  })
  .map(({ seed, threshold, more, chance }) => ({
    seed,
    identifier: "frnq",
    threshold,
    count: Math.min(threshold + more, CODEX32_MOST_SHARES),
    random: fixedRandom(chance),
  }));

test("any shares that suffice recover the seed, one fewer are not enough, and every one is sound", () => {
  fc.assert(
    fc.property(plans, fc.infiniteStream(fc.nat()), (plan, dice) => {
      const texts = makeCodex32(plan);
      assert.equal(texts.length, plan.count);
      const shuffled = texts
        .map((text) => [dice.next().value, text] as const)
        .sort(([a], [b]) => a - b)
        .map(([, text]) => text);
      assert.equal(recovered(shuffled.slice(0, plan.threshold)), toHex(plan.seed));
      assert.ok(!isComplete(setOf(shuffled.slice(0, plan.threshold - 1))));
    }),
    { numRuns: 60 },
  );
});

test("shares are lettered A, C, D … as the text says, S left out, and there are 31 at most", () => {
  const texts = makeCodex32({
    seed: hex("00".repeat(16)),
    identifier: "TEST",
    threshold: 2,
    count: 31,
    random: fixedRandom(),
  });
  assert.equal(texts.map((text) => text[8]).join(""), "ACDEFGHJKLMNPQRTUVWXYZ023456789");
  assert.ok(texts.every((text) => text.startsWith("MS12TEST") && text.length === 48));
});

test("fewer shares than are needed fit every seed alike", () => {
  // With one share of two fixed, some second share leads to any other seed: here to the inverted one.
  const seed = hex("0123456789abcdef0123456789abcdef");
  const [first = ""] = makeCodex32({
    seed,
    identifier: "test",
    threshold: 2,
    count: 2,
    random: fixedRandom(),
  });
  const other = {
    ...share(
      codex32Secret(
        seed.map((byte) => 255 - byte),
        "test",
      ),
    ),
    threshold: 2,
  };
  const a = share(first);
  const at = (index: string) => LETTERS.indexOf(index);
  const weight = (x: number, own: number, against: number) => times(x ^ against, inverse(own ^ against));
  const payload = a.payload.map(
    (value, i) =>
      times(weight(at("c"), at("a"), at("s")), value) ^
      times(weight(at("c"), at("s"), at("a")), other.payload[i]!),
  );
  const forged = addCodexShare(addCodexShare(undefined, a), { ...a, index: "c", payload });
  assert.equal(toHex(recoverCodex32(forged)), "fedcba9876543210fedcba9876543210");
});

test("all shares but those that follow from the seed are chance, each its own", () => {
  const plan = { seed: hex("33".repeat(20)), identifier: "test", threshold: 5, count: 6 };
  const texts = makeCodex32({ ...plan, random: fixedRandom("own") });
  const random = fixedRandom("own");
  for (const text of texts.slice(0, 4))
    assert.deepEqual(
      share(text).payload,
      random.bytes(32).map((byte) => byte & 31),
    );
});

test("shares of chance that is dead are refused: one of them would say what the seed is", () => {
  const plan = { seed: hex("33".repeat(16)), identifier: "test", threshold: 2, count: 3 };
  for (const byte of [0, 0x55])
    assert.throws(
      () => makeCodex32({ ...plan, random: { bytes: (length) => new Uint8Array(length).fill(byte) } }),
      { reason: "keys.entropy-dead" },
    );
});

test("two makings of one seed share no letter but by chance", () => {
  const plan = { seed: hex("11".repeat(32)), identifier: "test", threshold: 3, count: 5 };
  const [one, two] = ["x", "y"].map((seed) => makeCodex32({ ...plan, random: fixedRandom(seed) }));
  for (const [i, text] of one!.entries()) assert.ok(distance(text.slice(9), two![i]!.slice(9)) > 40);
});

test("an identifier has four letters of bech32, in any case; one by chance has too", () => {
  assert.equal(codex32Identifier("CASH"), "cash");
  assert.equal(codex32Identifier("Le3t"), "le3t");
  for (const text of ["", "abc", "boat", "1est", "tests", "te t", "tést"])
    assert.throws(() => codex32Identifier(text), { reason: "forms.codex32-identifier" });
  assert.match(codex32Identifier(randomIdentifier(fixedRandom())), /^[02-9ac-hj-np-z]{4}$/);
});

test("a threshold, a number of shares or a seed that cannot be is a bug", () => {
  const plan = {
    seed: hex("22".repeat(16)),
    identifier: "test",
    threshold: 2,
    count: 3,
    random: fixedRandom(),
  };
  for (const wrong of [
    { threshold: 1 },
    { threshold: 10, count: 12 },
    { threshold: 4 },
    { count: 32 },
    { count: 2.5 },
    { seed: new Uint8Array(15) },
    { seed: new Uint8Array(65) },
  ])
    assert.throws(
      () => makeCodex32({ ...plan, ...wrong }),
      (error) => !(error instanceof Refusal),
    );
});
