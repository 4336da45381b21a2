// Every call that Firn can read: that its selector is its signature's, that ethers and viem read the same values from
// the same bytes, and that bytes which are not exactly those stay unread.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { AbiCoder, Interface, type ParamType } from "ethers";
import fc from "fast-check";
import { decodeFunctionData, parseAbi, toFunctionSelector } from "viem";
import { concat, fromHex, toHex } from "../../src/bytes.ts";
import { type AbiValue, decodeAbi, readSignature, readTypes } from "../../src/ethereum/abi.ts";
import { ALL } from "../../src/ethereum/calls/table.ts";
import { Refusal } from "../../src/refusal.ts";
import { actsOf, UNLISTED } from "./call-world.ts";

/** As ethers and viem write types: "tuple" before a bracket that stands for one, and no names, which they dislike. */
const human = (signature: string) => `function ${readSignature(signature)!.canonical}`;

const bytesOf = (hex: string) => fromHex(hex.slice(2))!;
const hexOf = (bytes: Uint8Array) => `0x${toHex(bytes)}` as const;

/** Values in one shape, whoever read them. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return hexOf(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "number") return BigInt(value);
  if (typeof value === "string") return value.toLowerCase();
  return value;
}

const ALPHABET = "0123456789abcdef";
const hexText = (least: number, most: number) =>
  fc
    .array(fc.constantFrom(...ALPHABET), { minLength: 2 * least, maxLength: 2 * most })
    .map((digits) => `0x${digits.slice(0, digits.length - (digits.length % 2)).join("")}`);

/** Values of a type, as ethers takes them; edges often. */
function arbitraryOf(type: ParamType): fc.Arbitrary<unknown> {
  if (type.baseType === "array") {
    const length = type.arrayLength === -1 ? undefined : type.arrayLength!;
    const own = arbitraryOf(type.arrayChildren!);
    return fc.array(own, length === undefined ? { maxLength: 4 } : { minLength: length, maxLength: length });
  }
  if (type.baseType === "tuple") return fc.tuple(...type.components!.map(arbitraryOf));
  if (type.baseType === "address") return hexText(20, 20);
  if (type.baseType === "bool") return fc.boolean();
  if (type.baseType === "string") return fc.string({ unit: "grapheme", maxLength: 40 });
  if (type.baseType === "bytes") return hexText(0, 70);
  const [, sized] = /^bytes(\d+)$/.exec(type.baseType) ?? [];
  if (sized !== undefined) return hexText(Number(sized), Number(sized));
  const [, unsigned, bits] = /^(u?)int(\d+)$/.exec(type.baseType)!;
  const most = (1n << BigInt(Number(bits) - (unsigned ? 0 : 1))) - 1n;
  const least = unsigned ? 0n : -most - 1n;
  return fc.oneof(fc.bigInt({ min: least, max: most }), fc.constantFrom(least, most, 0n, 1n));
}

test("every selector is the first four bytes of its signature's hash, as ethers and viem say", () => {
  assert.ok(ALL.length >= 100, `${ALL.length} calls`);
  for (const { selector, signature } of ALL) {
    const made = human(signature);
    assert.equal(new Interface([made]).getFunction(selector)?.selector, selector, signature);
    assert.equal(toFunctionSelector(readSignature(signature)!.canonical), selector, signature);
  }
  assert.equal(new Set(ALL.map(({ selector }) => selector)).size, ALL.length);
});

for (const { selector, signature } of ALL)
  test(`${signature.split("(")[0]} ${selector}: ethers, viem and Firn read the same values`, () => {
    const { fields } = readSignature(signature)!;
    const own = new Interface([human(signature)]);
    const call = own.getFunction(selector)!;
    const abi = parseAbi([human(signature)]);
    const values = fc.tuple(...call.inputs.map(arbitraryOf));
    fc.assert(
      fc.property(values, (given) => {
        const data = own.encodeFunctionData(call, given);
        const bytes = bytesOf(data);
        const read = decodeAbi(fields, bytes.subarray(4));
        assert.ok(read, data);
        assert.equal(read.rest.length, 0);
        assert.deepEqual(plain(read.values), plain(own.decodeFunctionData(call, data).toArray(true)));
        const viems = decodeFunctionData({ abi, data: data as `0x${string}` }).args ?? [];
        assert.deepEqual(plain(read.values), plain(listed(viems, call.inputs)));
        // What is read writes the same bytes again.
        assert.equal(own.encodeFunctionData(call, plain(read.values) as unknown[]), data);
        // And it is told, or refused, but never breaks; what stands behind it is said, whoever is called.
        const acts = actsOf(UNLISTED, bytes);
        assert.ok(acts.length > 0);
        assert.equal(acts[0]!.depth, 0);
      }),
      { numRuns: 40 },
    );
  });

/** viem gives tuples by their names: here by place. */
function listed(values: readonly unknown[], types: readonly ParamType[]): unknown[] {
  return types.map((type, i) => listedOne(values[i], type));
}

function listedOne(value: unknown, type: ParamType): unknown {
  if (type.baseType === "array")
    return (value as unknown[]).map((one) => listedOne(one, type.arrayChildren!));
  if (type.baseType !== "tuple") return value;
  const values = Array.isArray(value) ? value : Object.values(value as object);
  return listed(values, type.components!);
}

// ---------------------------------------------------------------- types at large

const simple = fc.constantFrom(
  ...[
    "address",
    "bool",
    "bytes",
    "string",
    "uint8",
    "uint160",
    "uint256",
    "int24",
    "int256",
    "bytes1",
    "bytes4",
    "bytes32",
  ],
);
const types: fc.Arbitrary<string> = fc.letrec<{ type: string; tuple: string }>((tie) => ({
  type: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    simple,
    fc.tuple(tie("type"), fc.constantFrom("[]", "[1]", "[3]")).map(([type, list]) => `${type}${list}`),
    tie("tuple"),
  ),
  tuple: fc.array(tie("type"), { minLength: 1, maxLength: 3 }).map((all) => `(${all.join(",")})`),
})).tuple;

const coder = AbiCoder.defaultAbiCoder();
const asEthers = (type: string) => type.replaceAll("(", "tuple(");

const encoded = types.chain((text) => {
  const [type] = new Interface([`function f(${asEthers(text)})`]).getFunction("f")!.inputs;
  return arbitraryOf(type!).map((value) => ({
    text,
    value,
    data: bytesOf(coder.encode([asEthers(text)], [value])),
  }));
});

test("thousands of types and values, however they are nested, are read as ethers reads them", () => {
  fc.assert(
    fc.property(encoded, ({ text, data }) => {
      const read = decodeAbi(readTypes(`(${text})`)!, data);
      assert.ok(read, text);
      assert.deepEqual(plain(read.values), plain(coder.decode([asEthers(text)], data).toArray(true)));
      assert.equal(read.rest.length, 0);
    }),
    { numRuns: 3000 },
  );
});

test("bytes that are changed anywhere are read only where writing the values gives these very bytes", () => {
  let read = 0;
  fc.assert(
    fc.property(encoded, fc.nat(), fc.integer({ min: 1, max: 255 }), ({ text, data }, where, by) => {
      if (data.length === 0) return;
      const changed = Uint8Array.from(data);
      changed[where % data.length]! ^= by;
      const found = decodeAbi(readTypes(`(${text})`)!, changed);
      if (!found) return;
      read++;
      const values = plain(found.values) as unknown[];
      const again = bytesOf(coder.encode([asEthers(text)], sameText(found.values, values)));
      assert.equal(hexOf(concat(again, found.rest)), hexOf(changed));
    }),
    { numRuns: 3000, examples: [[{ text: "(uint256)", value: [1n], data: new Uint8Array(32) }, 31, 1]] },
  );
  assert.ok(read > 0);
});

/** plain() lowers letters: texts must stay as they are. */
function sameText(values: readonly AbiValue[], lowered: readonly unknown[]): unknown[] {
  return values.map((value, i) => {
    if (Array.isArray(value)) return sameText(value, lowered[i] as unknown[]);
    return typeof value === "string" && !/^0x[0-9a-f]{40}$/i.test(value) ? value : lowered[i];
  });
}

test("bytes cut anywhere are not read, and bytes behind are handed back", () => {
  fc.assert(
    fc.property(
      encoded,
      fc.nat(),
      fc.uint8Array({ minLength: 1, maxLength: 80 }),
      ({ text, data }, where, more) => {
        const fields = readTypes(`(${text})`)!;
        const cut = where % data.length;
        assert.equal(decodeAbi(fields, data.subarray(0, cut)), undefined);
        assert.deepEqual(decodeAbi(fields, concat(data, more))!.rest, more);
      },
    ),
    { numRuns: 1000 },
  );
});

test("what is no type is none", () => {
  const wrong = [
    ...[
      "",
      "(",
      ")",
      "uint256",
      "(uint256",
      "(uint256))",
      "(,)",
      "(uint256,)",
      "(uint257)",
      "(uint0)",
      "(uint7)",
    ],
    ...[
      "(bytes33)",
      "(bytes0)",
      "(function)",
      "(fixed128x18)",
      "(())",
      "(()[])",
      "(uint256[0])",
      "(uint256[99999])",
    ],
    ...["(uint256[)", "(uint256 a b)", "(uint256  a)", "( uint256)", "(uint256[16384][16384])", "(Uint256)"],
    `${"(".repeat(40)}uint256${")".repeat(40)}`,
    `(uint256${"[]".repeat(40)})`,
  ];
  for (const text of wrong) assert.equal(readTypes(text), undefined, text);
  assert.deepEqual(readTypes("()"), []);
  assert.equal(
    readSignature("f(uint a,(int b,bytes c)[2][] d)")!.canonical,
    "f(uint256,(int256,bytes)[2][])",
  );
});

test("random bytes behind every selector are told or refused, and nothing else happens", () => {
  const some = fc.constantFrom(...ALL.map(({ selector }) => selector));
  const words = fc.array(fc.oneof(hexText(32, 32), fc.constantFrom(...[0, 1, 32, 64, 96].map(wordOf))), {
    maxLength: 12,
  });
  fc.assert(
    fc.property(some, words, hexText(0, 31), (selector, all, tail) => {
      const data = bytesOf(`${selector}${[...all, tail].map((word) => word.slice(2)).join("")}`);
      try {
        assert.ok(actsOf(UNLISTED, data).length > 0);
      } catch (error) {
        assert.ok(error instanceof Refusal, String(error));
      }
    }),
    { numRuns: 5000 },
  );
});

function wordOf(number: number): string {
  return `0x${number.toString(16).padStart(64, "0")}`;
}

test("docs/clear-signing.md names every call that is read", () => {
  const doc = readFileSync(join(import.meta.dirname, "../../docs/clear-signing.md"), "utf8");
  const rows = [...doc.matchAll(/^\| `(0x[0-9a-f]{8})` \| `(.+)` \|$/gm)].map(
    ([, selector, call]) => `${selector} ${call}`,
  );
  assert.deepEqual(
    rows.sort(),
    ALL.map(({ selector, signature }) => `${selector} ${readSignature(signature)!.canonical}`).sort(),
  );
});
