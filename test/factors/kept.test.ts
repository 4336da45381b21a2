// What the vault's section of persons holds.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type KeptPerson, packPeople, unpackPeople, wipePerson } from "../../src/factors/index.ts";
import { Refusal } from "../../src/refusal.ts";

const filled = (length: number, byte: number) => new Uint8Array(length).fill(byte);

const PEOPLE: readonly KeptPerson[] = [
  {
    ...{ name: "anna", wrong: 0, wrongMs: 0 },
    factor: { kind: "totp", secret: filled(20, 1), last: 58_907_520 },
  },
  {
    ...{ name: "bert", wrong: 3, wrongMs: 1_767_268_800_123 },
    factor: { kind: "hotp", secret: filled(20, 2), next: 2 ** 40 },
  },
  {
    ...{ name: "carl of the third floor x", wrong: 1, wrongMs: 5 },
    factor: {
      kind: "pin",
      cost: { memoryKiB: 65_536, passes: 3, lanes: 1 },
      salt: filled(16, 3),
      verifier: filled(32, 4),
    },
  },
  {
    ...{ name: "dora", wrong: 0, wrongMs: 0 },
    factor: { kind: "key", credentialId: filled(300, 5), publicKey: filled(64, 6), verified: true },
  },
];

const reasonOf = (bytes: Uint8Array): string => {
  try {
    unpackPeople(bytes);
    return "read";
  } catch (problem) {
    assert.ok(problem instanceof Refusal);
    return problem.reason;
  }
};

test("persons are read as they were written, nobody too", () => {
  assert.deepEqual(unpackPeople(packPeople(PEOPLE)), PEOPLE);
  assert.deepEqual(unpackPeople(packPeople([])), []);
});

test("persons cut short at any byte, or longer than they say, are refused by name", () => {
  const packed = packPeople(PEOPLE);
  for (let length = 0; length < packed.length; length++)
    assert.equal(reasonOf(packed.subarray(0, length)), "vault.damaged", `${length}`);
  assert.equal(reasonOf(Uint8Array.of(...packed, 0)), "vault.damaged");
});

test("persons of another version are not guessed at, and no byte turns them into something else than a refusal", () => {
  const packed = packPeople(PEOPLE);
  assert.equal(reasonOf(Uint8Array.of(2, ...packed.subarray(1))), "vault.version");
  for (let at = 0; at < packed.length; at++)
    for (const flip of [1, 0x80, 0xff]) {
      const changed = packed.slice();
      changed[at]! ^= flip;
      assert.ok(["read", "vault.damaged", "vault.version"].includes(reasonOf(changed)));
    }
});

test("a person that is wiped keeps no secret", () => {
  const people = unpackPeople(packPeople(PEOPLE));
  for (const person of people) wipePerson(person);
  for (const { factor } of people) {
    if (factor.kind === "pin") assert.deepEqual(factor.verifier, filled(32, 0));
    if (factor.kind === "totp" || factor.kind === "hotp") assert.deepEqual(factor.secret, filled(20, 0));
  }
});
