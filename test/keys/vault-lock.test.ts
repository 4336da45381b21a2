// What stands before the PIN, the wipe PIN's slot, security keys, and a home beside another.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { secretSeal } from "../../device/seal/secret.ts";
import { sameMachine } from "../../device/sim/machine.ts";
import { toHex } from "../../src/bytes.ts";
import {
  createVault,
  type FactorAnswer,
  FIRST_SETTINGS,
  isWipePin,
  type NewFactor,
  openWith,
  pinKeyFor,
  readHome,
  stretchPin,
} from "../../src/keys/index.ts";
import { OpenVault } from "../../src/keys/vault.ts";
import { unseal, wrapKeyOf } from "../../src/keys/vault-keys.ts";
import { type Lock, lockBytes, readLockBytes } from "../../src/keys/vault-lock.ts";
import { LIMITS } from "../../src/limits.ts";
import type { Seal } from "../../src/ports.ts";
import { Refusal } from "../../src/refusal.ts";
import { ascii, fixedRandom, quickStretch, refusesWith, unhex } from "./make.ts";

const PIN = ascii("271828");
const WIPE = ascii("161803");
const SEAL = sameMachine();

async function made() {
  const parts = { pin: PIN, stretch: quickStretch(), random: fixedRandom(), seal: SEAL };
  const vault = await createVault({ ...parts, settings: FIRST_SETTINGS });
  vault.write({ keys: ascii("the keys") });
  return vault;
}

function newFactor(number: number): NewFactor {
  return {
    name: `Key ${number}`,
    credentialId: ascii(`credential ${number}`),
    publicKey: new Uint8Array(64).fill(number),
    verified: number % 2 === 0,
    salt: new Uint8Array(32).fill(number),
    secret: new Uint8Array(32).fill(100 + number),
  };
}

const answerOf = (index: number, number = index + 1): FactorAnswer => ({
  index,
  secret: new Uint8Array(32).fill(100 + number),
});

/** Whether the file opens with this PIN and this security key's answer. */
async function opens(bytes: Uint8Array, answer?: FactorAnswer, pin = PIN): Promise<boolean> {
  const home = readHome(bytes);
  const pinKey = await pinKeyFor(home, await stretchPin(home, pin, quickStretch()), [SEAL]);
  return pinKey !== undefined && openWith(home, pinKey, answer, fixedRandom()) !== undefined;
}

/** Whether PIN and machine, with this in the place of the factor key, give the vault key. */
async function unwraps(bytes: Uint8Array, factorKey: Uint8Array): Promise<boolean> {
  const home = readHome(bytes);
  const { wrap, headBytes } = home.envelope;
  const pinKey = await pinKeyFor(home, await stretchPin(home, PIN, quickStretch()), [SEAL]);
  return unseal(wrapKeyOf(pinKey!, factorKey), wrap.nonce, headBytes, wrap.wrapped) !== undefined;
}

// ---------------------------------------------------------------- the bytes

const sized = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const PLAIN = { noNullPrototype: true } as const;
const factor = fc.record(
  {
    name: fc.string({ maxLength: 32, unit: "grapheme-ascii" }),
    credentialId: fc.uint8Array({ maxLength: 1023 }),
    publicKey: sized(64),
    verified: fc.boolean(),
    salt: sized(32),
    nonce: sized(24),
    wrapped: sized(48),
  },
  PLAIN,
);
const lock: fc.Arbitrary<Lock> = fc.record(
  {
    settings: fc.record(
      {
        wordsAfter: fc.nat(12),
        shuffled: fc.boolean(),
        wipeAfter: fc.integer({ min: 3, max: 15 }),
        countdownS: fc.nat(0xffffffff),
        freezeS: fc.nat(0xffffffff),
      },
      PLAIN,
    ),
    factors: fc.array(factor, { maxLength: LIMITS.securityKeys }),
    wipe: sized(41),
  },
  PLAIN,
);

test("what stands before the PIN is read as it was written, and not with a byte more or less", () => {
  fc.assert(
    fc.property(lock, (written) => {
      const bytes = lockBytes(written);
      assert.deepEqual(readLockBytes(bytes), written);
      for (const other of [bytes.slice(0, -1), Uint8Array.of(...bytes, 0)])
        assert.throws(() => readLockBytes(other), refusesWith("vault.damaged"));
    }),
  );
});

test("settings out of their bounds, a ninth key and a flag that is none are damage", () => {
  const good = lockBytes({ settings: FIRST_SETTINGS, factors: [], wipe: new Uint8Array(41) });
  for (const [at, value] of [
    [0, 13],
    [1, 2],
    [2, 2],
    [2, 31],
    [52, 9],
    [52, 1],
  ] as const) {
    const bad = good.slice();
    bad[at] = value;
    assert.throws(() => readLockBytes(bad), refusesWith("vault.damaged"), `${at}`);
  }
});

test("no bytes make the reader of the lock throw anything but a Refusal", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      try {
        readLockBytes(bytes);
      } catch (problem) {
        assert.ok(problem instanceof Refusal);
      }
    }),
  );
});

// ---------------------------------------------------------------- the wipe PIN

test("the wipe PIN is known on its own machine and of this home alone, and its slot looks like chance", async () => {
  const vault = await made();
  const none = readHome(vault.change(vault.settings));
  const home = readHome(await vault.setWipePin(WIPE, quickStretch(), SEAL));
  assert.equal(home.wipe.length, none.wipe.length);
  assert.notDeepEqual(home.wipe, none.wipe);
  const stretched = await stretchPin(home, WIPE, quickStretch());
  assert.equal(await isWipePin(home.wipe, home, stretched, SEAL), true);
  assert.equal(await isWipePin(none.wipe, none, stretched, SEAL), false);
  const elsewhere = secretSeal({
    kind: "file",
    secret: new Uint8Array(32).fill(8),
    destroy: async () => new Uint8Array(32),
  });
  assert.equal(await isWipePin(home.wipe, home, stretched, elsewhere), false);
  assert.equal(await isWipePin(home.wipe, { salt: new Uint8Array(16) }, stretched, SEAL), false);
  assert.equal(await vault.isWipePin(WIPE, quickStretch(), SEAL), true);
  assert.equal(await vault.isWipePin(PIN, quickStretch(), SEAL), false);
  const removed = readHome(await vault.setWipePin(undefined, quickStretch(), SEAL));
  assert.equal(await isWipePin(removed.wipe, removed, stretched, SEAL), false);
  // Of chance, so that nobody sees whether there is one: as many different bytes as a slot has.
  for (const { wipe } of [none, home, removed]) assert.ok(new Set(wipe).size > 20);
  assert.notDeepEqual(removed.wipe, none.wipe);
});

test("what is bound to the machine is chance, another secret each time, and nothing of it stays in memory", async () => {
  const bound: string[] = [];
  const passed: Uint8Array[] = [];
  const seal: Seal = {
    ...SEAL,
    async bind(secret, auth) {
      bound.push(toHex(secret));
      passed.push(secret, auth);
      return SEAL.bind(secret.slice(), auth.slice());
    },
    async release(blob, auth) {
      const secret = await SEAL.release(blob, auth.slice());
      passed.push(secret!, auth);
      return secret;
    },
  };
  for (const random of [fixedRandom("one"), fixedRandom("two")]) {
    const parts = { pin: PIN, stretch: quickStretch(), random, seal, settings: FIRST_SETTINGS };
    const vault = await createVault(parts);
    await vault.seal(PIN, quickStretch(), seal);
    await vault.beside(WIPE, quickStretch(), seal, FIRST_SETTINGS);
    assert.equal(await vault.isPin(PIN, quickStretch(), [seal]), true);
  }
  assert.equal(passed.length, 2 * 8);
  for (const bytes of passed) assert.deepEqual(bytes, new Uint8Array(32));
  assert.equal(new Set(bound).size, 6);
  for (const secret of bound) assert.equal(secret.length, 64);
});

test("a vault that is wiped leaves none of its keys in memory", async () => {
  const vault = await made();
  const home = readHome(vault.write({}));
  const { head, wrap, front, sections } = home.envelope;
  const secrets = { vaultKey: filled(1), pinKey: filled(2), factorKey: filled(3) };
  const { settings, factors, wipe } = home;
  const content = { head, lock: { settings, factors, wipe }, wrap, front, sections };
  new OpenVault(secrets, fixedRandom(), content).wipe();
  for (const key of Object.values(secrets)) assert.deepEqual(key, new Uint8Array(32));
});

const filled = (byte: number) => new Uint8Array(32).fill(byte);

test("the wipe PIN's slot is kept by another PIN, and is another under another part of the machine", async () => {
  const vault = await made();
  const { wipe } = readHome(await vault.setWipePin(WIPE, quickStretch(), SEAL));
  assert.deepEqual(readHome(await vault.seal(ascii("9999"), quickStretch(), SEAL)).wipe, wipe);
  const board = { ...SEAL, kind: "board" as const };
  assert.notDeepEqual(readHome(await vault.seal(ascii("9999"), quickStretch(), board)).wipe, wipe);
});

// ---------------------------------------------------------------- security keys

test("with security keys enrolled each of them opens with the PIN, and neither the PIN alone nor another answer", async () => {
  const vault = await made();
  vault.addFactor(newFactor(1));
  const bytes = vault.addFactor(newFactor(2));
  assert.deepEqual(
    [await opens(bytes), await opens(bytes, answerOf(0)), await opens(bytes, answerOf(1))],
    [false, true, true],
  );
  for (const answer of [answerOf(0, 2), answerOf(1, 1), answerOf(2, 1), answerOf(0, 9)])
    assert.equal(await opens(bytes, answer), false);
  assert.equal(await opens(bytes, answerOf(0), ascii("271829")), false);
});

test("behind a security key the PIN's key alone unwraps nothing, not even for a reader that asks for no answer", async () => {
  const vault = await made();
  for (const number of [1, 2]) {
    const bytes = vault.addFactor(newFactor(number));
    assert.equal(await unwraps(bytes, new Uint8Array(32)), false, "the factor key is chance");
    assert.equal(await unwraps(vault.removeFactor(0), new Uint8Array(32)), true);
  }
});

test("a removed security key opens what is written from then on no more, and after the last one the PIN does", async () => {
  const vault = await made();
  vault.addFactor(newFactor(1));
  const before = vault.addFactor(newFactor(2));
  const one = vault.removeFactor(0);
  assert.equal(readHome(one).factors[0]!.name, "Key 2");
  assert.deepEqual([await opens(one, answerOf(0, 1)), await opens(one, answerOf(0, 2))], [false, true]);
  assert.equal(await opens(before, answerOf(0)), true, "an older copy still opens, as the screen says");
  const none = vault.removeFactor(0);
  assert.equal(await opens(none), true);
  assert.throws(() => vault.removeFactor(0), /no such/);
  // Enrolled again after that, the factor key is another one.
  const again = vault.addFactor(newFactor(3));
  assert.deepEqual([await opens(again), await opens(again, answerOf(0, 3))], [false, true]);
});

test("another PIN, other settings and a new wipe PIN leave the security keys as they are", async () => {
  const vault = await made();
  vault.addFactor(newFactor(1));
  const other = ascii("31415926");
  await vault.seal(other, quickStretch(), SEAL);
  await vault.setWipePin(WIPE, quickStretch(), SEAL);
  const bytes = vault.change({ ...vault.settings, shuffled: true });
  assert.deepEqual(
    [await opens(bytes, answerOf(0), other), await opens(bytes, undefined, other)],
    [true, false],
  );
  assert.equal(readHome(bytes).settings.shuffled, true);
});

test("eight security keys fit in, and no ninth", async () => {
  const vault = await made();
  for (let number = 1; number <= LIMITS.securityKeys; number++) vault.addFactor(newFactor(number));
  assert.throws(() => vault.addFactor(newFactor(9)), refusesWith("factor.too-many"));
  assert.equal(vault.factors.length, LIMITS.securityKeys);
});

test("no security key's secret and no factor key stands in the file", async () => {
  const vault = await made();
  const file = unhex(vault.addFactor(newFactor(1)));
  assert.equal(file.includes(unhex(newFactor(1).secret.subarray(0, 8))), false);
});

// ---------------------------------------------------------------- a home beside another

test("a home beside another shares salt, cost and security keys, opens by its own PIN, and has keys of its own", async () => {
  const first = await made();
  first.addFactor(newFactor(1));
  const other = ascii("31415926");
  const beside = await first.beside(other, quickStretch(), SEAL, first.settings);
  const bytes = beside.write({ keys: ascii("other keys") });
  const [one, two] = [readHome(first.write({})), readHome(bytes)];
  assert.deepEqual([two.salt, two.cost, two.factors], [one.salt, one.cost, one.factors]);
  assert.deepEqual(
    [
      await opens(bytes, answerOf(0), other),
      await opens(bytes, answerOf(0)),
      await opens(bytes, undefined, other),
    ],
    [true, false, false],
  );
  assert.notDeepEqual(beside.derive("journal"), first.derive("journal"));
  assert.notDeepEqual(two.wipe, one.wipe);
  beside.wipe();
  assert.deepEqual(first.section("keys"), ascii("the keys"));
  assert.equal(await opens(first.write({}), answerOf(0)), true, "what the other wiped was its own");
});

test("whether some digits are the PIN is asked of the machine and of nothing that lies in memory", async () => {
  const vault = await made();
  assert.equal(await vault.isPin(PIN, quickStretch(), [SEAL]), true);
  assert.equal(await vault.isPin(ascii("271829"), quickStretch(), [SEAL]), false);
  await assert.rejects(vault.isPin(PIN, quickStretch(), []), refusesWith("seal.missing"));
});
