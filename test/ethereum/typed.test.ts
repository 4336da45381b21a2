// Typed data: hashed as EIP 712, ethers, viem and MetaMask's own tests hash it, and shown to the last leaf.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { computeAddress, recoverAddress, TypedDataEncoder } from "ethers";
import fc from "fast-check";
import { hashTypedData } from "viem";
import type { ActFact } from "../../src/act.ts";
import { toHex } from "../../src/bytes.ts";
import {
  agreeOnTyped,
  at,
  chainOf,
  checkDomainChain,
  domainOf,
  namedFields,
  readTyped,
} from "../../src/ethereum/typed/index.ts";
import { Refusal } from "../../src/refusal.ts";
import { bytesOf, domainTypes, EIP_MAIL, forViem, type Json, planOf, type TypedPlan } from "./typed-plans.ts";

/** Both readers'. */
function digestOf(plan: unknown): string {
  const data = bytesOf(plan);
  const typed = readTyped(data);
  agreeOnTyped(typed, data);
  return toHex(typed.digest);
}

const refusal = (reason: string) => (thrown: unknown) =>
  thrown instanceof Refusal && thrown.reason === reason;

test("the example of EIP 712 has the hashes that the EIP gives", () => {
  const typed = readTyped(bytesOf(EIP_MAIL));
  assert.equal(typed.type, "Mail(Person from,Person to,string contents)Person(string name,address wallet)");
  assert.equal(toHex(typed.domainHash), "f2cee375fa42b42143804025fc449deafd50cc031ca257e0b194a650a912090f");
  assert.equal(toHex(typed.messageHash!), "c52c0ee5d84264471806290a3f2c4cecfc5490626bf912d01f240d7a274b371e");
  assert.equal(digestOf(EIP_MAIL), "be609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2");
});

test("ethers' test cases have the digests that they are published with", () => {
  const { cases } = JSON.parse(
    readFileSync(new URL("../vectors/ethereum/eip712-ethers.json", import.meta.url), "utf8"),
  );
  assert.equal(cases.length, 130);
  let read = 0;
  for (const { name, domain, types, primaryType, data, digest } of cases) {
    const whole = {
      types: { EIP712Domain: domainTypes(domain), ...types },
      primaryType,
      domain,
      message: data,
    };
    assert.equal(`0x${digestOf(whole)}`, digest, name);
    read++;
  }
  assert.equal(read, 130);
});

test("MetaMask's own test cases of v3 and v4 have the digests that it signed", () => {
  const { cases } = JSON.parse(
    readFileSync(new URL("../vectors/ethereum/eip712-metamask.json", import.meta.url), "utf8"),
  );
  const signer = computeAddress("0x4af1bceebf7f3634ec3cff8a2c38e51178d5d4ce585c52d6043e5e2cc3418bb0");
  for (const { name, data, digest, signature } of cases) {
    const own = digestOf(data);
    if (digest === undefined) assert.equal(recoverAddress(`0x${own}`, signature), signer, name);
    else assert.equal(own, digest, name);
  }
  assert.equal(cases.length, 96);
});

/** MetaMask/eth-sig-util 0832d49b, src/sign-typed-data.test.ts (ISC): "should hash data with a recursive data type". */
test("a letter that answers no other letter ends as MetaMask's v4 ends it, and where v3 differs it is refused", () => {
  const person = (name: string) => EIP_MAIL.message[name === "Cow" ? "from" : "to"];
  const types = {
    EIP712Domain: [],
    Person: EIP_MAIL.types.Person!,
    Mail: [...EIP_MAIL.types.Mail!, { name: "replyTo", type: "Mail" }],
  };
  const inner = { to: person("Cow"), from: person("Bob"), contents: "Hello!" };
  const letter = (replyTo: Json) => ({
    from: person("Cow"),
    to: person("Bob"),
    contents: "Hello, Bob!",
    replyTo,
  });
  const plan = { types, primaryType: "Mail", domain: {}, message: letter({ ...inner, replyTo: null }) };
  const typed = readTyped(bytesOf(plan));
  assert.equal(toHex(typed.messageHash!), "098a3fdba6dae9a89a220b7adbe1f38cf5d2aeabd94657aea65bb8aeef44f02e");
  agreeOnTyped(typed, bytesOf(plan));
  const missing = { ...plan, message: letter(inner) };
  assert.throws(() => readTyped(bytesOf(missing)), refusal("typed.missing-member"));
});

test("thousands of generated typed data have the digest of ethers, of viem and of the second reader", () => {
  let structs = 0;
  fc.assert(
    fc.property(fc.gen(), (g) => {
      const plan = planOf(g);
      const { EIP712Domain: _, ...types } = plan.types;
      const own = `0x${digestOf(plan)}`;
      assert.equal(own, TypedDataEncoder.hash(plan.domain, types as Json, plan.message));
      const message = forViem(plan.primaryType, plan.message, plan.types);
      assert.equal(own, hashTypedData({ ...plan, message } as Json));
      structs += Object.keys(types).length;
    }),
    { numRuns: 2000 },
  );
  assert.ok(structs > 2000, "nested ones among them");
});

// ---------------------------------------------------------------- what is shown

const written = (fields: readonly ActFact[]) =>
  JSON.stringify(fields, (_, value) =>
    typeof value === "bigint" ? `${value}n` : value instanceof Uint8Array ? toHex(value) : value,
  );

/** Every leaf of a value: its path, and another value of the same kind. */
function leavesOf(
  value: Json,
  path: readonly (string | number)[] = [],
): { path: readonly (string | number)[]; other: Json }[] {
  if (Array.isArray(value)) return value.flatMap((item, i) => leavesOf(item, [...path, i]));
  if (typeof value === "object" && value !== null)
    return Object.entries(value).flatMap(([name, item]) => leavesOf(item, [...path, name]));
  return [{ path, other: otherThan(value) }];
}

function otherThan(value: Json): Json {
  if (typeof value === "boolean") return !value;
  if (typeof value === "number") return value === 1 ? 2 : 1;
  if (value === "0x") return "0x00";
  // Small letters carry no checksum.
  if (/^0x[0-9a-fA-F]+$/.test(value))
    return value.toLowerCase().replace(/.$/, value.endsWith("1") ? "2" : "1");
  if (/^-?\d+$/.test(value)) return value === "1" ? "2" : "1";
  return `${value}x`;
}

function withLeaf(value: Json, [step, ...rest]: readonly (string | number)[], leaf: Json): Json {
  if (step === undefined) return leaf;
  const copy = Array.isArray(value) ? [...value] : { ...value };
  copy[step] = withLeaf(copy[step], rest, leaf);
  return copy;
}

test("whatever leaf is changed, other words are shown and another digest is signed", () => {
  let changed = 0;
  const check = (plan: TypedPlan) => {
    const before = readTyped(bytesOf(plan));
    for (const part of ["domain", "message"] as const) {
      for (const { path, other } of leavesOf(plan[part])) {
        const mutated = { ...plan, [part]: withLeaf(plan[part], path, other) };
        const after = readTyped(bytesOf(mutated));
        const place = `${part}.${path.join(".")} ${JSON.stringify(mutated)}`;
        assert.notEqual(toHex(after.digest), toHex(before.digest), place);
        assert.notEqual(written(after.fields), written(before.fields), place);
        changed++;
      }
    }
  };
  check(EIP_MAIL);
  assert.equal(changed, 9);
  fc.assert(
    fc.property(fc.gen(), (g) => check(planOf(g))),
    { numRuns: 150 },
  );
});

test("the domain stands first, what is nested stands deeper, and items have their number", () => {
  const types = { ...EIP_MAIL.types, Mail: [{ name: "to", type: "Person[]" }] };
  const plan = { ...EIP_MAIL, types, message: { to: [EIP_MAIL.message.to, EIP_MAIL.message.from] } };
  const { fields } = readTyped(bytesOf(plan));
  const lines = fields.map(({ label, depth }) => `${" ".repeat(depth ?? 0)}${label}`);
  assert.deepEqual(lines, [
    ...["Domain's name", "Domain's version", "Domain's chain", "Domain's contract", "Type of message"],
    ...["to", " to[0]", "  name", "  wallet", " to[1]", "  name", "  wallet"],
  ]);
  assert.ok(fields.slice(0, 5).every(({ foreign, label }) => foreign === undefined && /[ ']/.test(label)));
  assert.ok(fields.slice(5).every(({ foreign }) => foreign === true));
});

test("names come from outside alone, and only for addresses", () => {
  const { fields } = readTyped(bytesOf(EIP_MAIL));
  const named = namedFields(fields, (address) =>
    address.startsWith("0xCD2a") ? "your account 0" : undefined,
  );
  const withName = named.filter(({ value }) => value.kind === "address" && value.name !== undefined);
  assert.deepEqual(
    withName.map(({ value }) => value),
    [{ kind: "address", address: "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826", name: "your account 0" }],
  );
});

test("what nothing signs is counted, not shown", () => {
  const plan = {
    ...EIP_MAIL,
    types: { ...EIP_MAIL.types, Permit: [{ name: "owner", type: "address" }] },
    note: "a free gift",
  };
  const { fields, digest } = readTyped(bytesOf(plan));
  assert.equal(toHex(digest), digestOf(EIP_MAIL));
  assert.match(written(fields.slice(-1)), /1 type that nothing leads to, 1 member that nothing leads to/);
  assert.ok(!written(fields).includes("gift"));
});

test("members of the message are found by name and number", () => {
  const typed = readTyped(bytesOf(EIP_MAIL));
  assert.deepEqual(at(typed, "to", "name"), { kind: "text", text: "Bob" });
  assert.equal(at(typed, "to", 0), undefined);
  assert.equal(at(typed, "toString"), undefined);
});

// ---------------------------------------------------------------- domains

test("a domain of another chain than the request is refused, and one without a chain is said", () => {
  const typed = readTyped(bytesOf(EIP_MAIL));
  checkDomainChain(typed, 1n);
  checkDomainChain(typed, undefined);
  assert.throws(() => checkDomainChain(typed, 137n), refusal("ethereum.domain-chain"));
  const { chainId: _, ...domain } = EIP_MAIL.domain;
  const types = { ...EIP_MAIL.types, EIP712Domain: domainTypes(domain) };
  const without = readTyped(bytesOf({ ...EIP_MAIL, types, domain }));
  assert.equal(chainOf(without), undefined);
  checkDomainChain(without, 137n);
  assert.match(without.says.join(" "), /names no chain/);
});

/** KeystoneHQ/keystone3-firmware issue 784: the domain of UChildAdministrableERC20. */
test("tokens of Polygon's bridge name their chain in the salt", () => {
  const domain = {
    ...{ name: "USD Coin (PoS)", version: "1" },
    verifyingContract: "0x2791Bca1f2de4661ED88A30C99A7a9449Aa84174",
    salt: `0x${(137).toString(16).padStart(64, "0")}`,
  };
  const plan = { ...EIP_MAIL, types: { ...EIP_MAIL.types, EIP712Domain: domainTypes(domain) }, domain };
  const typed = readTyped(bytesOf(plan));
  agreeOnTyped(typed, bytesOf(plan));
  assert.equal(typed.domain.chainId, undefined);
  assert.equal(chainOf(typed), 137n);
  assert.throws(() => checkDomainChain(typed, 1n), refusal("ethereum.domain-chain"));
});

/** KeystoneHQ/keystone3-firmware pull request 628: programs of Injective and Evmos. */
test("a domain whose contract and salt are text names no contract", () => {
  const EIP712Domain = [
    { name: "name", type: "string" },
    { name: "version", type: "string" },
    { name: "chainId", type: "uint256" },
    { name: "verifyingContract", type: "string" },
    { name: "salt", type: "string" },
  ];
  const domain = {
    name: "Injective Web3",
    version: "1.0.0",
    chainId: "0x1",
    verifyingContract: "cosmos",
    salt: "0",
  };
  const plan = { ...EIP_MAIL, types: { ...EIP_MAIL.types, EIP712Domain }, domain };
  digestOf(plan);
  const typed = readTyped(bytesOf(plan));
  assert.deepEqual(domainOf(typed), { name: "Injective Web3", primaryType: "Mail" });
  assert.match(typed.says.join(" "), /names no contract/);
});

test("a domain that is signed alone has its own digest, and no message beside it", () => {
  const plan = { ...EIP_MAIL, primaryType: "EIP712Domain", message: {} };
  const digest = digestOf(plan);
  assert.notEqual(digest, digestOf(EIP_MAIL));
  assert.equal(`0x${digest}`, hashTypedData({ ...plan } as Json));
  assert.throws(
    () => readTyped(bytesOf({ ...EIP_MAIL, primaryType: "EIP712Domain" })),
    refusal("typed.extra-member"),
  );
});

test("without its type a domain is hashed in two ways, so it must be empty", () => {
  const { EIP712Domain: _, ...types } = EIP_MAIL.types;
  assert.throws(() => readTyped(bytesOf({ ...EIP_MAIL, types })), refusal("typed.no-domain-type"));
  const empty = { ...EIP_MAIL, types, domain: {} };
  assert.equal(`0x${digestOf(empty)}`, TypedDataEncoder.hash({}, types as Json, EIP_MAIL.message));
});
