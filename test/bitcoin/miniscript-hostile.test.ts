// Texts made to break the reader, and keys that are there twice in disguise: a calm refusal, at once, with the place.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Place, Steps, Use } from "../../src/bitcoin/expression.ts";
import { checkDistinct } from "../../src/bitcoin/miniscript/check.ts";
import { checkNode, readNode, writeNode } from "../../src/bitcoin/miniscript/index.ts";
import { LIMITS } from "../../src/limits.ts";
import { Refusal } from "../../src/refusal.ts";
import { readScript, verdictOn } from "./miniscript-cast.ts";
import { scripts } from "./miniscript-generate.ts";

const PLACES: readonly Place[] = ["p2sh", "p2wsh", "tapscript"];
/** A reader of keys that takes anything. */
const anyKey = () => {
  let next = 0;
  return () => next++;
};

function messageOf(text: string, place: Place = "p2wsh"): string {
  try {
    readNode(text, place, anyKey());
  } catch (error) {
    assert.ok(error instanceof Refusal, String(error));
    return error.message;
  }
  return "read";
}

test("a hundred thousand brackets, wrappers, commas or digits are refused at once and without a stack overflow", () => {
  const many = 100_000;
  const texts = [
    "(".repeat(many),
    ")".repeat(many),
    "and_v(".repeat(many),
    `${"and_v(v:1,".repeat(many)}1${")".repeat(many)}`,
    `${"a".repeat(many)}:0`,
    `${"n:".repeat(many)}0`,
    `thresh(1${",0".repeat(many)})`,
    `thresh(${"9".repeat(many)},0)`,
    `older(${"1".repeat(many)})`,
    `multi(1${",K".repeat(many)})`,
    `pk(${"musig(".repeat(many)}`,
    `pk(${"(".repeat(many)}${")".repeat(many)}`,
    `sha256(${"a".repeat(many)})`,
    ",".repeat(many),
    ":".repeat(many),
    "andor(0,".repeat(many),
    "\u0000".repeat(many),
    "😀".repeat(many),
  ];
  const start = performance.now();
  for (const text of texts)
    for (const place of PLACES) {
      const message = messageOf(text, place);
      if (!text.startsWith("pk(((") || place === "p2sh")
        assert.match(message, /^bitcoin\./, text.slice(0, 20));
      assert.ok(message.length < 250, message);
    }
  assert.ok(performance.now() - start < 5000, "all of them together");
});

test("time grows with the text and no faster", () => {
  const duration = (count: number) => {
    const text = `thresh(1${",sln:older(7)".repeat(count)})`;
    const start = performance.now();
    for (let i = 0; i < 200; i++) messageOf(text);
    return performance.now() - start;
  };
  duration(50);
  assert.ok(duration(80) < 40 * duration(10) + 50);
});

test("as many fragments as the limit says are read, checked, compiled and written, and not one more", () => {
  const nested = (count: number) => `${"n".repeat(count - 1)}:pk(K)`;
  assert.equal(messageOf(nested(LIMITS.miniscriptFragments)), "read");
  assert.match(
    messageOf(nested(LIMITS.miniscriptFragments + 1)),
    /^bitcoin\.miniscript-too-large: more than 500/,
  );
  const node = readNode(nested(LIMITS.miniscriptFragments), "tapscript", anyKey());
  const use: Use = { kind: "child", key: 0, steps: [[0, 1], "*"] };
  checkNode(node, "tapscript", [use]);
  assert.throws(() => checkNode(node, "p2wsh", [use]), { message: /500 operations, at most 201/ });
  assert.equal(
    writeNode(node, () => "K"),
    nested(LIMITS.miniscriptFragments),
  );
});

test("every refusal says what is wrong, at which character, and what stands there", () => {
  const cases = [
    ["", "bitcoin.miniscript-unreadable: a fragment is missing, at character 1: the end"],
    [
      "orr_i(0,0)",
      "bitcoin.miniscript-unreadable: this is no fragment of miniscript, at character 1: orr_i(0,0)",
    ],
    [
      "and_v(v:pk(A),x:pk(B))",
      "bitcoin.miniscript-unreadable: there is no wrapper x:, at character 15: x:pk(B))",
    ],
    ["and_v(v:pk(A)", 'bitcoin.miniscript-unreadable: "," is missing, at character 14: the end'],
    ["and_v(v:pk(A),1,1)", 'bitcoin.miniscript-unreadable: ")" is missing, at character 16: ,1)'],
    [
      "pk(A)pk(B)",
      "bitcoin.miniscript-unreadable: something follows the last bracket, at character 6: pk(B)",
    ],
    ["pk()", "bitcoin.miniscript-unreadable: a key is missing, at character 4: )"],
    ["pk(A", 'bitcoin.miniscript-unreadable: ")" is missing, at character 5: the end'],
    [":pk(A)", "bitcoin.miniscript-unreadable: a colon without a wrapper before it, at character 1: :pk(A)"],
    [
      "v:v:pk(A)",
      "bitcoin.miniscript-unreadable: this is no fragment of miniscript, at character 3: v:pk(A)",
    ],
    ["older(0)", "bitcoin.miniscript-lock: a lock is a number from 1 to 2147483647, at character 7: 0)"],
    [
      "after(2147483648)",
      "bitcoin.miniscript-lock: a lock is a number from 1 to 2147483647, at character 7: 2147483648)",
    ],
    ["older(007)", "bitcoin.miniscript-lock: a lock is a number from 1 to 2147483647, at character 7: 007)"],
    ["older(+7)", "bitcoin.miniscript-lock: a lock is a number from 1 to 2147483647, at character 7: +7)"],
    ["older(1e3)", "bitcoin.miniscript-lock: a lock is a number from 1 to 2147483647, at character 7: 1e3)"],
    ["sha256(00)", "bitcoin.miniscript-unreadable: a hash of 64 hex digits is expected, at character 8: 00)"],
    ["multi(0,A)", "bitcoin.wallet-threshold: no threshold, at character 7: 0,A)"],
    ["multi(2,A)", "bitcoin.wallet-threshold: 2 of 1, at character 7: 2,A)"],
    ["multi(2)", "bitcoin.wallet-threshold: 2 of 0, at character 7: 2)"],
    ["thresh(3,pk(A),s:pk(B))", "bitcoin.wallet-threshold: 3 of 2, at character 8: 3,pk(A),s:pk(B))"],
    ["thresh(1)", 'bitcoin.miniscript-unreadable: "," is missing, at character 9: )'],
    [" pk(A)", "bitcoin.miniscript-unreadable: a fragment is missing, at character 1:  pk(A)"],
    [
      "pk(A)\u202e",
      "bitcoin.miniscript-unreadable: something follows the last bracket, at character 6: <U+202E>",
    ],
    ["рk(A)", "bitcoin.miniscript-unreadable: a fragment is missing, at character 1: <U+0440>k(A)"],
    ["PK(A)", "bitcoin.miniscript-unreadable: this is no fragment of miniscript, at character 1: PK(A)"],
    [
      "constructor(A)",
      "bitcoin.miniscript-unreadable: this is no fragment of miniscript, at character 1: constructor(A)",
    ],
    [
      "__proto__",
      "bitcoin.miniscript-unreadable: this is no fragment of miniscript, at character 1: __proto__",
    ],
    ["multi_a(1,A)", "bitcoin.miniscript-place: multi_a is only for tr( ), at character 1: multi_a(1,A)"],
    [
      "v:sortedmulti(1,A)",
      "bitcoin.miniscript-place: nothing may stand around sortedmulti, at character 3: sortedmulti(1,A)",
    ],
    [
      "or_i(sortedmulti(1,A),pk(B))",
      "bitcoin.miniscript-place: nothing may stand around sortedmulti, at character 6: sortedmulti(1,A),pk(B))",
    ],
  ] as const;
  for (const [text, message] of cases) {
    const said = messageOf(text);
    const cut = said.endsWith("...") ? said.slice(0, -3) : undefined;
    assert.ok(cut === undefined ? said === message : message.startsWith(cut), `${text}: ${said}`);
  }
  assert.match(messageOf("multi(1,A)", "tapscript"), /^bitcoin\.miniscript-place: multi is not for tr/);
  assert.match(messageOf("pk(A)", "p2sh"), /^bitcoin\.miniscript-place: sh\( \) holds multi or sortedmulti/);
  assert.match(messageOf("or_i(multi(1,A),0)", "p2sh"), /^bitcoin\.miniscript-place/);
  assert.match(messageOf("n:multi(1,A)", "p2sh"), /^bitcoin\.miniscript-place/);
});

test("P2SH holds 15 keys, P2WSH and tapscript 20, and no key is read beyond these", () => {
  const read = (kind: string, count: number, place: Place) => {
    let keys = 0;
    try {
      readNode(`${kind}(1${",K".repeat(count)})`, place, () => keys++);
      return `${keys}`;
    } catch (error) {
      return `${(error as Refusal).reason} after ${keys}`;
    }
  };
  for (const [kind, place, most] of [
    ["multi", "p2sh", 15],
    ["sortedmulti", "p2sh", 15],
    ["multi", "p2wsh", 20],
    ["multi_a", "tapscript", 20],
    ["sortedmulti_a", "tapscript", 20],
  ] as const) {
    assert.equal(read(kind, most, place), String(most));
    assert.equal(read(kind, 10_000, place), `bitcoin.wallet-too-many-keys after ${most}`);
  }
});

test("keys are handed on in the order of the text, brackets of musig( ) with them", () => {
  const keys: string[] = [];
  const text = "andor(pk([00000000/48h]A/<0;1>/*),multi_a(1,musig(B,C)/<0;1>/*,D),pkh(musig(E/<2;3>/*,F)))";
  const node = readNode(text, "tapscript", (key) => keys.push(key) - 1);
  assert.deepEqual(keys, ["[00000000/48h]A/<0;1>/*", "musig(B,C)/<0;1>/*", "D", "musig(E/<2;3>/*,F)"]);
  assert.equal(
    writeNode(node, (use) => keys[use]!),
    text,
  );
});

test("a text that was altered anywhere is read, refused, and nothing else", () => {
  const seen = { read: 0, refused: 0 };
  const alteration = fc.record({
    at: fc.nat(400),
    length: fc.nat(3),
    put: fc.oneof(
      fc.constantFrom("(", ")", ",", ":", "0", "1", "v", "thresh(", "pk(", "older(", "@", "\u0000", "é", " "),
      fc.string({ maxLength: 3 }),
    ),
  });
  fc.assert(
    fc.property(scripts("p2wsh"), fc.array(alteration, { maxLength: 3 }), (text, alterations) => {
      let altered = text;
      for (const { at, length, put } of alterations) {
        const place = at % (altered.length + 1);
        altered = altered.slice(0, place) + put + altered.slice(place + length);
      }
      for (const place of PLACES) seen[verdictOn(altered, place) === "sane" ? "read" : "refused"] += 1;
    }),
    { numRuns: 3000 },
  );
  assert.ok(seen.read > 100 && seen.refused > 1000, JSON.stringify(seen));
});

test("any text at all is read or refused", () => {
  const tokens = fc.constantFrom(
    ...["and_v(", "or_i(", "thresh(", "multi(", "multi_a(", "pk(", "pkh(", "older(", "sha256(", "andor("],
    ...[")", ",", ":", "v", "a", "s", "t", "l", "0", "1", "2", "K", "ab".repeat(32), "#", "/<0;1>/*"],
  );
  fc.assert(
    fc.property(fc.array(tokens, { maxLength: 40 }), fc.constantFrom(...PLACES), (parts, place) => {
      const message = messageOf(parts.join(""), place);
      assert.match(message, /^(read$|bitcoin\.(miniscript|wallet)-)/);
    }),
    { numRuns: 5000 },
  );
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
      assert.match(messageOf(text), /^(read$|bitcoin\.(miniscript|wallet)-)/);
    }),
    { numRuns: 3000 },
  );
});

test("what is read is written and read again as the same", () => {
  for (const place of ["p2wsh", "tapscript"] as const)
    for (const text of fc.sample(scripts(place), { numRuns: 2000, seed: 388 })) {
      const keys: string[] = [];
      const node = readNode(text, place, (key) => keys.push(key) - 1);
      const written = writeNode(node, (use) => keys[use]!);
      const again = readScript(written, place);
      assert.deepEqual(again.node, node, text);
      assert.ok(written.length <= text.length, "shorthands make nothing longer");
    }
});

const child = (key: number, ...steps: Steps): Use => ({ kind: "child", key, steps });
const fixed = (first: number, rest: number): Use => {
  const publicKey = new Uint8Array(33).fill(rest);
  publicKey[0] = first;
  return { kind: "fixed", publicKey, xonly: false };
};

test("the same key may stand again with other branches only (BIP 388), and musig is a key of its own", () => {
  const twice = (a: Use, b: Use) => {
    try {
      checkDistinct([0, 1], [a, b]);
      return false;
    } catch (error) {
      assert.ok(error instanceof Refusal && error.message === "bitcoin.wallet-key-twice: keys 1 and 2");
      return true;
    }
  };
  const musig = (...keys: readonly number[]): Use => ({
    kind: "musig",
    of: keys.map((key) => ({ kind: "child", key, steps: [] })),
    steps: [[0, 1], "*"],
  });
  assert.equal(twice(child(0, [0, 1], "*"), child(0, [0, 1], "*")), true);
  assert.equal(
    twice(child(0, [0, 1], "*"), child(0, [1, 0], "*")),
    true,
    "the same branches the other way round",
  );
  assert.equal(twice(child(0, [0, 1], "*"), child(0, [1, 2], "*")), true, "one branch in common");
  assert.equal(twice(child(0, [0, 1], "*"), child(0, [2, 3], "*")), false);
  assert.equal(twice(child(0, [0, 1], "*"), child(1, [0, 1], "*")), false);
  assert.equal(twice(child(0, 5, [0, 1], "*"), child(0, 6, [0, 1], "*")), false);
  assert.equal(twice(child(0, 5, [0, 1], "*"), child(0, [0, 1], "*")), false, "of another depth");
  assert.equal(twice(child(0, 0, "*"), child(0, [0, 1], "*")), true);
  assert.equal(twice(child(0, 0, 7), child(0, 0, "*")), true);
  assert.equal(twice(fixed(2, 9), fixed(2, 9)), true);
  assert.equal(twice(fixed(2, 9), fixed(3, 9)), true, "the same x");
  assert.equal(twice(fixed(2, 9), fixed(2, 8)), false);
  assert.equal(twice(fixed(2, 9), child(0, [0, 1], "*")), false);
  assert.equal(twice(musig(0, 1), musig(1, 0)), true, "in whatever order");
  assert.equal(twice(musig(0, 1), musig(0, 2)), false);
  assert.equal(twice(musig(0, 1), child(0, [0, 1], "*")), false);
});
