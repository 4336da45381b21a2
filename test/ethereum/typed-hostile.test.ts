// Typed data that was made to be read in two ways, or to be too much.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { agreeOnTyped, readTyped } from "../../src/ethereum/typed/index.ts";
import { readJson } from "../../src/ethereum/typed/json.ts";
import { LIMITS } from "../../src/limits.ts";
import { Refusal } from "../../src/refusal.ts";
import { utf8 } from "../../src/text.ts";
import { bytesOf, EIP_MAIL, type Json, planOf, type TypedPlan } from "./typed-plans.ts";

function reasonOf(run: () => unknown): string {
  try {
    run();
  } catch (thrown) {
    if (thrown instanceof Refusal) return thrown.reason;
    throw thrown;
  }
  return "read";
}

const refused = (plan: unknown, reason: string) =>
  assert.equal(
    reasonOf(() => readTyped(bytesOf(plan))),
    reason,
    JSON.stringify(plan).slice(0, 300),
  );
const refusedText = (text: string, reason: string) =>
  assert.equal(
    reasonOf(() => readTyped(utf8(text))),
    reason,
    text.slice(0, 300),
  );

const text = JSON.stringify(EIP_MAIL);

/** A message of one member of this type. */
function one(type: string, value: Json, more: TypedPlan["types"] = {}): unknown {
  return {
    types: { EIP712Domain: [], Note: [{ name: "x", type }], ...more },
    primaryType: "Note",
    domain: {},
    message: { x: value },
  };
}

const takes = (type: string, value: Json) => {
  const data = bytesOf(one(type, value));
  agreeOnTyped(readTyped(data), data);
};

test("a name that stands twice is refused, wherever it stands and however it is escaped", () => {
  refusedText(
    text.replace('"contents":"Hello, Bob!"', '"contents":"Hello","contents":"Hello, Bob!"'),
    "typed.twice",
  );
  refusedText(text.replace('"name":"Bob"', '"name":"Bob","n\\u0061me":"Eve"'), "typed.twice");
  refusedText(text.replace('"domain":', '"domain":{},"domain":'), "typed.twice");
  refusedText(text.replace('"Person":[', '"Person":[],"Person":['), "typed.twice");
  const twice = [...EIP_MAIL.types.Mail!, { name: "contents", type: "string" }];
  refused({ ...EIP_MAIL, types: { ...EIP_MAIL.types, Mail: twice } }, "typed.twice");
});

test("a hash alone is refused by its name, in every spelling", () => {
  const hash = "be609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2";
  const raw = Uint8Array.from(Buffer.from(hash, "hex"));
  const prepared = Uint8Array.from([0x19, 0x01, ...raw, ...raw]);
  for (const data of [
    raw,
    prepared,
    utf8(hash),
    utf8(`0x${hash}`),
    utf8(`"0x${hash}"`),
    utf8(`0x1901${hash}${hash}`),
  ])
    assert.equal(
      reasonOf(() => readTyped(data)),
      "typed.hash-only",
    );
});

test("what is no JSON object is refused", () => {
  for (const bad of [
    "",
    "{",
    "null",
    "1",
    '"text"',
    "{}x",
    `${text} {}`,
    "\ufeff{}",
    "{'a':1}",
    '{"a":01}',
    "{,}",
  ])
    refusedText(bad, "typed.not-json");
  refusedText('[{"type":"string","name":"a","value":"b"}]', "typed.old-form");
  assert.equal(
    reasonOf(() => readTyped(Uint8Array.of(0x7b, 0xff, 0x7d))),
    "typed.not-json",
  );
  refusedText('{"a":"\\ud800"}', "typed.not-json");
});

test("every part must be there, and be what it is", () => {
  for (const part of ["types", "primaryType", "domain", "message"]) {
    refused({ ...EIP_MAIL, [part]: undefined }, "typed.shape");
    refused({ ...EIP_MAIL, [part]: 7 }, "typed.shape");
  }
  refused({ ...EIP_MAIL, types: { ...EIP_MAIL.types, Mail: {} } }, "typed.shape");
  refused(
    { ...EIP_MAIL, types: { ...EIP_MAIL.types, Mail: [{ name: "a", type: "bool", or: "uint8" }] } },
    "typed.shape",
  );
  refused({ ...EIP_MAIL, primaryType: "Letter" }, "typed.no-type");
});

test("members that are missing or too many are refused", () => {
  const { contents: _, ...short } = EIP_MAIL.message;
  refused({ ...EIP_MAIL, message: short }, "typed.missing-member");
  refused({ ...EIP_MAIL, message: { ...EIP_MAIL.message, gift: "1" } }, "typed.extra-member");
  refused(
    { ...EIP_MAIL, domain: { ...EIP_MAIL.domain, salt: `0x${"00".repeat(32)}` } },
    "typed.extra-member",
  );
  const { name: _name, ...domain } = EIP_MAIL.domain;
  refused({ ...EIP_MAIL, domain }, "typed.missing-member");
  refused(one("Person[]", [null], { Person: [] }), "typed.value");
});

test("names that programs cut or look up in different ways are refused", () => {
  for (const name of [
    "Per son",
    "Person[]",
    "Person:A",
    "Person$",
    "",
    "1a",
    "é",
    "address",
    "uint256",
    "a)b",
    "a,b",
    "__proto__",
  ]) {
    const types = JSON.parse(`{"EIP712Domain":[],"Note":[],${JSON.stringify(name)}:[]}`);
    refused({ types, primaryType: "Note", domain: {}, message: {} }, "typed.name");
  }
  for (const name of [
    "a b",
    "a,uint256 b",
    "",
    "a)",
    "1",
    "__proto__",
    "x".repeat(LIMITS.typedNameChars + 1),
  ])
    refused(
      {
        types: { EIP712Domain: [], Note: [{ name, type: "bool" }] },
        primaryType: "Note",
        domain: {},
        message: {},
      },
      "typed.name",
    );
});

test("names that every object has are names like others", () => {
  for (const name of ["constructor", "toString", "hasOwnProperty", "valueOf", "prototype"]) {
    refused(one(name, {}), "typed.no-type");
    const types = { EIP712Domain: [], [name]: [{ name, type: "bool" }] };
    refused({ types, primaryType: name, domain: {}, message: {} }, "typed.missing-member");
    const data = bytesOf({ types, primaryType: name, domain: {}, message: { [name]: true } });
    agreeOnTyped(readTyped(data), data);
  }
  const polluted = `{"types":{"EIP712Domain":[],"Note":[{"name":"x","type":"bool"}]},"primaryType":"Note","domain":{},"message":{"__proto__":{"x":true}}}`;
  refusedText(polluted, "typed.extra-member");
});

test("types that are none are refused", () => {
  for (const type of [
    "uint7",
    "uint264",
    "int0",
    "bytes0",
    "bytes33",
    "fixed128x18",
    "function",
    "byte",
    "uint08",
  ])
    refused(one(type, "0x00"), "typed.type");
  for (const type of [
    "",
    "bool ",
    " bool",
    "bool[",
    "bool]",
    "bool[-1]",
    "bool[0]",
    "bool[01]",
    "bool[99999]",
    "a.b",
  ])
    refused(one(type, []), "typed.type");
  refused(one("Person", {}), "typed.no-type");
});

test("a value that programs read in different ways is refused, and what wallets send is taken", () => {
  for (const value of ["true", "false", 0, 1, null, ""]) refused(one("bool", value), "typed.value");
  for (const value of [1, null, true, {}, []]) refused(one("string", value), "typed.value");
  for (const value of [
    "",
    " 1",
    "1 ",
    "0b1",
    "0o7",
    "0X1",
    "0x",
    "01",
    "-0",
    "+1",
    "1.0",
    "1e3",
    "0x-1",
    null,
    true,
  ])
    refused(one("uint256", value), "typed.value");
  for (const [type, value] of [
    ["uint8", "256"],
    ["uint8", "-1"],
    ["int8", "128"],
    ["int8", "-129"],
    ["uint256", `${2n ** 256n}`],
    ["uint160", `0x1${"00".repeat(20)}`],
  ])
    refused(one(type!, value), "typed.value");
  for (const value of ["0x", "0x0", "00", `0x${"00".repeat(3)}`, `0x${"00".repeat(5)}`, 4, "abcd"])
    refused(one("bytes4", value), "typed.value");
  for (const value of ["", "00", "0x0", "0xzz", 10, null]) refused(one("bytes", value), "typed.value");
  for (const value of [["1"], ["1", "2", "3"], "12", { 0: "1", 1: "2", length: 2 }])
    refused(one("uint8[2]", value), "typed.value");
  for (const value of [0, 255, "255", "0xff", "0xFF", "0x00000000ff"]) takes("uint8", value);
  for (const value of [-128, "-128", "127", "0x7f"]) takes("int8", value);
  takes("uint", "5");
  takes("int", "-5");
  takes("bytes", "0x");
  takes("uint256", `0x${"ff".repeat(32)}`);
});

test("a bare number is exactly itself, or refused", () => {
  const numbered = (number: string) => JSON.stringify(one("uint256", 0)).replace('"x":0', `"x":${number}`);
  for (const number of ["9007199254740992", "12345678901234567890", `1${"0".repeat(70)}`])
    refusedText(numbered(number), "typed.number");
  for (const number of ["1e3", "1.0", "1E+21", "0.5", "-1e0"]) refusedText(numbered(number), "typed.value");
  refusedText(numbered("-0"), "typed.value");
  const typed = readTyped(utf8(numbered("9007199254740991")));
  assert.deepEqual(typed.message.members.get("x"), { kind: "number", value: 2n ** 53n - 1n });
});

test("an address has 20 bytes, and capitals that are right or none", () => {
  const good = "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826";
  for (const value of [good, good.toLowerCase(), `0x${good.slice(2).toUpperCase()}`]) takes("address", value);
  refused(one("address", good.replace("CD2a", "Cd2a")), "typed.checksum");
  for (const value of [
    "0x0",
    "",
    `${good}00`,
    good.slice(2),
    good.replace("0x", "0X"),
    0,
    "vitalik.eth",
    null,
  ])
    refused(one("address", value), "typed.value");
});

test("a domain has the members of EIP 712, of their types, and a chain that is one", () => {
  const domain = (type: string, name: string, value: Json) => ({
    types: { EIP712Domain: [{ name, type }], Note: [] },
    primaryType: "Note",
    domain: { [name]: value },
    message: {},
  });
  for (const [type, name, value] of [
    ["string", "chainId", "1"],
    ["int256", "chainId", "1"],
    ["uint256", "version", "1"],
    ["bytes32", "name", `0x${"00".repeat(32)}`],
    ["bytes", "salt", "0x"],
    ["string", "extension", "x"],
    ["uint256", "chainId", "0"],
    ["uint256", "chainId", `${2n ** 53n}`],
    ["string[]", "name", ["x"]],
  ])
    refused(domain(type as string, name as string, value), "typed.domain-member");
  refused(domain("string", "version", 1), "typed.value");
});

// ---------------------------------------------------------------- too much

test("a type that leads back to itself ends, and what is nested too deep is refused", () => {
  const types = {
    EIP712Domain: [],
    A: [{ name: "b", type: "B[]" }],
    B: [{ name: "a", type: "A" }],
  };
  let message: Json = { b: [] };
  for (let i = 0; i < 5; i++) message = { b: [{ a: message }] };
  const data = bytesOf({ types, primaryType: "A", domain: {}, message });
  agreeOnTyped(readTyped(data), data);
  for (let i = 0; i < 5; i++) message = { b: [{ a: message }] };
  refused({ types, primaryType: "A", domain: {}, message }, "typed.too-deep");
  refusedText(`${"[".repeat(100_000)}${"]".repeat(100_000)}`, "typed.too-deep");
  refusedText(`{"a":`.repeat(50_000), "typed.too-deep");
});

test("more than is shown is refused before it is built", () => {
  refused(
    one(
      "uint8[]",
      Array.from({ length: LIMITS.typedFields }, () => 1),
    ),
    "typed.too-large",
  );
  const data = bytesOf(
    one(
      "uint8[]",
      Array.from({ length: LIMITS.typedFields - 3 }, () => 1),
    ),
  );
  agreeOnTyped(readTyped(data), data);
  const many = Object.fromEntries(Array.from({ length: LIMITS.typedTypes }, (_, i) => [`T${i}`, []]));
  refused(one("bool", true, many), "typed.too-large");
  const row = (type: string) => Array.from({ length: 600 }, (_, i) => ({ name: `m${i}`, type }));
  refused(one("W[]", [], { W: row("V[]"), V: row("bool") }), "typed.too-large");
  const wide = Array.from({ length: LIMITS.typedMembers + 1 }, (_, i) => ({ name: `m${i}`, type: "bool" }));
  refused(one("W", {}, { W: wide }), "typed.too-large");
  assert.equal(
    reasonOf(() => readTyped(new Uint8Array(LIMITS.ethereumBytes + 1).fill(0x20))),
    "typed.too-large",
  );
  const chain = Object.fromEntries(
    Array.from({ length: 60 }, (_, i) => [
      `${"T".repeat(100)}${i}`,
      Array.from({ length: 30 }, (_, k) => ({
        name: `${"m".repeat(100)}${k}`,
        type: `${"T".repeat(100)}${(i + 1) % 60}[]`,
      })),
    ]),
  );
  refused(one(`${"T".repeat(100)}0[]`, [], chain), "typed.too-large");
});

test("types that lead to each other as much as they may are hashed by both readers in time", () => {
  const count = LIMITS.typedTypes - 2;
  const types = Object.fromEntries(
    Array.from({ length: count }, (_, i) => [
      `T${i}`,
      Array.from({ length: 6 }, (_, k) => ({ name: `m${k}`, type: `T${(i + k + 1) % count}[]` })),
    ]),
  );
  const data = bytesOf(one("T0[]", [], types));
  const start = performance.now();
  agreeOnTyped(readTyped(data), data);
  assert.ok(performance.now() - start < 3000);
});

// ---------------------------------------------------------------- chance

test("no text makes the reader fail in another way than by a refusal", () => {
  const reasons = new Set<string>();
  const run = (data: Uint8Array) => reasons.add(reasonOf(() => agreeOnTyped(readTyped(data), data)));
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (data) => void run(data)),
    { numRuns: 1000 },
  );
  fc.assert(
    fc.property(fc.json(), (json) => void run(utf8(json))),
    { numRuns: 1000 },
  );
  fc.assert(
    fc.property(
      fc.nat(text.length - 1),
      fc.string({ unit: "binary", maxLength: 3 }),
      fc.nat(3),
      (at, put, cut) => void run(utf8(text.slice(0, at) + put + text.slice(at + cut))),
    ),
    { numRuns: 1500 },
  );
  assert.ok(reasons.has("typed.not-json"));
});

test("what this reader takes JSON takes, and for the same", () => {
  let same = 0;
  const plain = (json: ReturnType<typeof readJson>): Json => {
    if (json.kind === "object")
      return Object.fromEntries([...json.members].map(([name, one]) => [name, plain(one)]));
    if (json.kind === "array") return json.items.map(plain);
    if (json.kind === "string") return json.text;
    return json.kind === "number" ? Number(json.text) : JSON.parse(json.text);
  };
  fc.assert(
    fc.property(fc.json({ noUnicodeString: false, maxDepth: 6 }), (json) => {
      const own = reasonOf(() => readJson(json));
      if (own !== "read")
        return assert.ok(/\\ud[89a-f]|__proto__/i.test(json) || own === "typed.too-deep", `${own} ${json}`);
      assert.equal(JSON.stringify(plain(readJson(json))), JSON.stringify(JSON.parse(json)));
      same++;
    }),
    { numRuns: 2000, examples: [['{"a":[1,-2.5e3,true,null,"\\u00e9\\n"]}']] },
  );
  assert.ok(same > 0);
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.string({ unit: "binary", maxLength: 2 }), (at, put) => {
      const mutated = text.slice(0, at) + put + text.slice(at + 1);
      if (reasonOf(() => readJson(mutated)) === "read") JSON.parse(mutated);
    }),
    { numRuns: 2000 },
  );
});

test("the second reader finds every byte that the first one took for another", () => {
  let found = 0;
  fc.assert(
    fc.property(fc.gen(), (g) => {
      const plan = planOf(g);
      const typed = readTyped(bytesOf(plan));
      const wrong = { ...typed, digest: typed.digest.map((byte, i) => (i === 31 ? byte ^ 1 : byte)) };
      assert.equal(
        reasonOf(() => agreeOnTyped(wrong, bytesOf(plan))),
        "ethereum.readers-disagree",
      );
      found++;
    }),
    { numRuns: 40 },
  );
  assert.equal(found, 40);
  const mail = readTyped(bytesOf(EIP_MAIL));
  const changed = utf8(text.replace("Hello, Bob!", "Hello, Eve!"));
  assert.equal(
    reasonOf(() => agreeOnTyped(mail, changed)),
    "ethereum.readers-disagree",
  );
  assert.equal(
    reasonOf(() => agreeOnTyped(mail, utf8("{"))),
    "ethereum.readers-disagree",
  );
});
