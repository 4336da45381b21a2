import assert from "node:assert/strict";
import { test } from "node:test";
import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 as sha } from "@noble/hashes/sha2.js";
import fc from "fast-check";
import { nodeStretch } from "../../device/sim/stretch.ts";
import { concat } from "../../src/bytes.ts";
import {
  COST_CEILING,
  COST_FLOOR,
  type Cost,
  checkVault,
  createVault,
  openVault,
  packKeys,
  unpackKeys,
} from "../../src/keys/index.ts";
import { parseEnvelope } from "../../src/keys/vault-format.ts";
import type { Random } from "../../src/ports.ts";
import { Refusal } from "../../src/refusal.ts";
import { ascii, fixedRandom, hex, quickStretch, refusesWith, unhex, vectors } from "./make.ts";

const PIN = ascii("271828");
const KEYS = ascii("these are the keys, this is their secret");
const STATE = ascii("wallets and policy");

async function make(pin = PIN, random: Random = fixedRandom()) {
  const stretch = quickStretch();
  const vault = await createVault({ pin, stretch, random });
  return { vault, stretch, bytes: vault.write({ keys: KEYS, state: STATE }) };
}

const open = (bytes: Uint8Array, pin = PIN, stretch = quickStretch()) =>
  openVault(bytes, pin, stretch, fixedRandom("later"));

/** The file with other bytes at `at`, its checksum made to fit: what an attacker writes. */
function forged(bytes: Uint8Array, at: number, change: Uint8Array): Uint8Array {
  const body = bytes.slice(0, -32);
  body.set(change, at);
  return concat(body, sha(body));
}

test("what was put in comes out under the PIN, and nothing of it stands in the file", async () => {
  const { bytes } = await make();
  const vault = await open(bytes);
  assert.deepEqual(vault.section("keys"), KEYS);
  assert.deepEqual(vault.section("state"), STATE);
  assert.deepEqual(vault.names(), ["keys", "state"]);
  assert.equal(unhex(bytes).includes(unhex(KEYS.subarray(0, 8))), false);
});

test("with the real Argon2id at its floor the envelope opens, and a wrong PIN does not", async () => {
  const vault = await createVault({ pin: PIN, stretch: nodeStretch(), random: fixedRandom() });
  const bytes = vault.write({ keys: KEYS });
  const again = await openVault(bytes, PIN, nodeStretch(), fixedRandom());
  assert.deepEqual(again.section("keys"), KEYS);
  await assert.rejects(
    openVault(bytes, ascii("271829"), nodeStretch(), fixedRandom()),
    refusesWith("vault.wrong-pin"),
  );
});

test("the shipped example opens by the documented recipe alone, without Firn's code", async () => {
  const { pin, file, sections } = JSON.parse(vectors("vault.json"));
  const bytes = hex(file);
  const view = new DataView(bytes.buffer);
  const cost = { memoryKiB: view.getUint32(10), passes: view.getUint32(14), lanes: bytes[18]! };
  const stretched = await nodeStretch().argon2id(ascii(pin), bytes.slice(19, 35), cost, 32);
  const wrapKey = hkdf(sha, stretched, new Uint8Array(32), ascii("firn/1/wrap"), 32);
  const vaultKey = xchacha20poly1305(wrapKey, bytes.slice(38, 62), bytes.slice(0, 38)).decrypt(
    bytes.slice(62, 110),
  );
  let at = 127;
  const table = Array.from({ length: bytes[126]! }, () => {
    const length = bytes[at]!;
    const name = String.fromCharCode(...bytes.slice(at + 1, at + 1 + length));
    at += 1 + length + 4;
    return { name, length: view.getUint32(at - 4) };
  });
  const front = sha(bytes.slice(0, at));
  for (const { name, length } of table) {
    const key = hkdf(sha, vaultKey, undefined, ascii(`firn/1/section/${name}`), 32);
    const nonce = bytes.slice(at, at + 24);
    const plain = xchacha20poly1305(key, nonce, concat(front, ascii(name))).decrypt(
      bytes.slice(at + 24, at + 24 + length),
    );
    at += 24 + length;
    assert.equal(unhex(plain), sections[name]);
  }
  assert.deepEqual(bytes.slice(at), sha(bytes.slice(0, at)));
  assert.deepEqual(Object.keys(sections), ["keys", "state"]);
});

test("the shipped example opens by this code, so that no later version forgets it", async () => {
  const { pin, file, sections, entropy, passphrase } = JSON.parse(vectors("vault.json"));
  const vault = await openVault(hex(file), ascii(pin), nodeStretch(), fixedRandom());
  for (const name of vault.names()) assert.equal(unhex(vault.section(name)), sections[name]);
  assert.deepEqual(unpackKeys(vault.section("keys")), {
    entropy: hex(entropy),
    passphrase: ascii(passphrase),
  });
});

test("every wrong PIN is refused alike, and the refusal does not repeat it", async () => {
  const { bytes } = await make();
  for (const pin of ["271827", "27182", "2718281", "000000"])
    await assert.rejects(open(bytes, ascii(pin)), (problem: Refusal) => {
      assert.equal(problem.reason, "vault.wrong-pin");
      return !`${problem.message}${problem.stack}`.includes(pin);
    });
});

test("a PIN is 4 to 12 digits, when it is chosen and when it is typed", async () => {
  const { bytes, vault } = await make();
  for (const bad of ["", "123", "1234567890123", "12a4", "12 4", "١٢٣٤"]) {
    const pin = new TextEncoder().encode(bad);
    await assert.rejects(make(pin), refusesWith("vault.pin-length"));
    await assert.rejects(open(bytes, pin), refusesWith("vault.pin-length"));
    await assert.rejects(vault.changePin(pin, quickStretch()), refusesWith("vault.pin-length"));
  }
  for (const good of ["1234", "123456789012"]) assert.ok((await make(ascii(good))).bytes.length > 0);
});

test("a home can be called damaged, weak or of another version before any PIN is asked for", async () => {
  const { bytes } = await make();
  checkVault(bytes);
  assert.throws(() => checkVault(bytes.slice(0, 60)), refusesWith("vault.damaged"));
  assert.throws(() => checkVault(forged(bytes, 8, Uint8Array.of(2))), refusesWith("vault.version"));
  assert.throws(() => checkVault(forged(bytes, 17, Uint8Array.of(1))), refusesWith("vault.weak"));
});

test("a file cut short anywhere is named as damage, and never stretched", async () => {
  const { bytes } = await make();
  for (let length = 0; length < bytes.length; length++) {
    const stretch = quickStretch();
    await assert.rejects(
      open(bytes.slice(0, length), PIN, stretch),
      (problem: Refusal) => problem.reason === "vault.damaged" && /cut short/.test(problem.detail),
      `${length}`,
    );
    assert.equal(stretch.calls, 0);
  }
});

test("any flipped bit is named as damage without asking for the PIN", async () => {
  const { bytes } = await make();
  const stretch = quickStretch();
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const flipped = bytes.slice();
    flipped[bit >> 3]! ^= 128 >> (bit & 7);
    await assert.rejects(open(flipped, PIN, stretch), refusesWith("vault.damaged"));
  }
  assert.equal(stretch.calls, 0);
});

test("a foreign file and bytes after the end are named", async () => {
  const { bytes } = await make();
  const detail = (text: RegExp) => (problem: Refusal) =>
    problem.reason === "vault.damaged" && text.test(problem.detail);
  await assert.rejects(open(ascii("PK\x03\x04 something else entirely")), detail(/not Firn's/));
  await assert.rejects(open(concat(bytes, Uint8Array.of(0))), detail(/after its end/));
  await assert.rejects(open(new Uint8Array(0)), detail(/cut short/));
});

test("a file of a later version, or sealed by a machine of a kind unknown here, is named so", async () => {
  const { bytes } = await make();
  await assert.rejects(open(forged(bytes, 8, Uint8Array.of(2))), refusesWith("vault.version"));
  await assert.rejects(open(forged(bytes, 35, Uint8Array.of(1))), refusesWith("vault.version"));
});

test("parameters under the floor are refused before anything is stretched, on reading and on writing", async () => {
  const { bytes } = await make();
  const weak: readonly [number, string, Partial<Cost>][] = [
    [10, "0000ffff", { memoryKiB: 65535 }],
    [14, "00000002", { passes: 2 }],
    [18, "00", { lanes: 0 }],
  ];
  for (const [at, value, cost] of weak) {
    const stretch = quickStretch();
    await assert.rejects(open(forged(bytes, at, hex(value)), PIN, stretch), refusesWith("vault.weak"));
    const parts = { pin: PIN, stretch, random: fixedRandom(), cost: { ...COST_FLOOR, ...cost } };
    await assert.rejects(createVault(parts), refusesWith("vault.weak"));
    assert.equal(stretch.calls, 0);
  }
});

test("a hostile file cannot ask for gigabytes, hours or threads", async () => {
  const { bytes } = await make();
  for (const [at, value] of [
    [10, "00800000"],
    [10, "00040001"],
    [14, "ffffffff"],
    [14, "00000011"],
    [18, "05"],
  ] as const) {
    const stretch = quickStretch();
    await assert.rejects(open(forged(bytes, at, hex(value)), PIN, stretch), refusesWith("vault.damaged"));
    assert.equal(stretch.calls, 0);
  }
});

test("parameters, salt and seal slot are authenticated: changed within bounds, the right PIN fails", async () => {
  const { bytes } = await make();
  for (const [at, value] of [
    [10, "00010001"],
    [14, "00000004"],
    [18, "02"],
    [19, "00"],
    [34, "00"],
    [40, "00"],
    [70, "00"],
  ] as const)
    await assert.rejects(open(forged(bytes, at, hex(value))), refusesWith("vault.wrong-pin"), `${at}`);
  // A stretch that leaves the cost out of its result: then it is the wrapping that vouches for the header.
  const blind = { ...quickStretch(), argon2id: async () => new Uint8Array(32).fill(7) };
  const vault = await createVault({ pin: PIN, stretch: blind, random: fixedRandom() });
  const file = vault.write({ keys: KEYS });
  assert.ok(await openVault(file, PIN, blind, fixedRandom()));
  for (const [at, value] of [
    [10, "00010001"],
    [14, "00000004"],
    [18, "02"],
    [20, "00"],
  ] as const)
    await assert.rejects(
      openVault(forged(file, at, hex(value)), PIN, blind, fixedRandom()),
      refusesWith("vault.wrong-pin"),
    );
});

test("a section that was changed, swapped, renamed or taken from an older write is named as damage", async () => {
  const { vault, bytes } = await make();
  const older = parseEnvelope(bytes);
  const newer = vault.write({ keys: KEYS, state: STATE });
  const view = parseEnvelope(newer);
  const at = view.front.length;
  const keysLength = 24 + view.sections[0]!.ciphertext.length;
  const olderKeys = concat(older.sections[0]!.nonce, older.sections[0]!.ciphertext);
  const attacks: Record<string, Uint8Array> = {
    "ciphertext changed": forged(newer, at + 30, Uint8Array.of(newer[at + 30]! ^ 1)),
    "nonce changed": forged(newer, at, Uint8Array.of(newer[at]! ^ 1)),
    "tag changed": forged(newer, at + keysLength - 1, Uint8Array.of(newer[at + keysLength - 1]! ^ 1)),
    "older section": forged(newer, at, olderKeys),
    renamed: forged(newer, 128, ascii("kezs")),
    "write id changed": forged(newer, 110, Uint8Array.of(newer[110]! ^ 1)),
  };
  for (const [what, file] of Object.entries(attacks))
    await assert.rejects(
      open(file),
      (problem: Refusal) => problem.reason === "vault.damaged" && /"\w+" was changed/.test(problem.detail),
      what,
    );
});

test("two sections of one length cannot change places", async () => {
  const vault = await createVault({ pin: PIN, stretch: quickStretch(), random: fixedRandom() });
  const bytes = vault.write({ one: ascii("1111"), two: ascii("2222") });
  const { front } = parseEnvelope(bytes);
  const each = 24 + 4 + 16;
  const [one, two] = [front.length, front.length + each].map((at) => bytes.slice(at, at + each));
  await assert.rejects(open(forged(bytes, front.length, concat(two!, one!))), refusesWith("vault.damaged"));
});

test("a section that was left out is noticed, and so is a table that lies", async () => {
  const { bytes } = await make();
  const { front, sections } = parseEnvelope(bytes);
  const table = front.length - (1 + 4 + 4) - (1 + 5 + 4) - 1;
  assert.equal(bytes[table], 2);
  const onlyKeys = concat(
    front.slice(0, table),
    Uint8Array.of(1),
    front.slice(table + 1, table + 10),
    sections[0]!.nonce,
    sections[0]!.ciphertext,
  );
  await assert.rejects(open(concat(onlyKeys, sha(onlyKeys))), refusesWith("vault.damaged"));
  await assert.rejects(open(forged(bytes, table, Uint8Array.of(17))), refusesWith("vault.damaged"));
  await assert.rejects(open(forged(bytes, table + 6, hex("ffffffff"))), refusesWith("vault.damaged"));
  await assert.rejects(open(forged(bytes, table + 6, hex("0000000f"))), refusesWith("vault.damaged"));
});

test("every write has fresh nonces and another ciphertext, under the same wrapped key", async () => {
  const { vault, bytes } = await make();
  const writes = [bytes, ...Array.from({ length: 30 }, () => vault.write({}))].map(parseEnvelope);
  const nonces = writes.flatMap(({ sections }) => sections.map(({ nonce }) => unhex(nonce)));
  assert.equal(new Set(nonces).size, 62);
  assert.equal(new Set(writes.map(({ wrap }) => unhex(wrap.wrapped))).size, 1);
  assert.equal(new Set(writes.map(({ sections }) => unhex(sections[0]!.ciphertext))).size, 31);
});

test("even where the random source repeats itself, no two contents are ever sealed under one nonce", async () => {
  const stuck: Random = { bytes: (length) => new Uint8Array(length).fill(5) };
  const vault = await createVault({ pin: PIN, stretch: quickStretch(), random: stuck });
  const nonces = Array.from({ length: 20 }, (_, i) =>
    unhex(parseEnvelope(vault.write({ keys: ascii(`content ${i}`) })).sections[0]!.nonce),
  );
  assert.equal(new Set(nonces).size, 20);
});

test("sections that are not named in a write are kept as they were", async () => {
  const { bytes } = await make();
  const vault = await open(bytes);
  const next = await open(vault.write({ state: ascii("new state"), extra: new Uint8Array(0) }));
  assert.deepEqual(next.section("keys"), KEYS);
  assert.deepEqual(next.section("state"), ascii("new state"));
  assert.deepEqual(next.section("extra"), new Uint8Array(0));
  assert.throws(() => next.section("nothing"), /no such section/);
  assert.throws(() => next.section("constructor"), /no such section/);
});

test("another PIN opens the same contents, the old one no longer does, and derived keys stay", async () => {
  const { bytes } = await make();
  const vault = await open(bytes);
  const journal = vault.derive("journal");
  const changed = await vault.changePin(ascii("31415"), quickStretch());
  await assert.rejects(open(changed, PIN), refusesWith("vault.wrong-pin"));
  const again = await open(changed, ascii("31415"));
  assert.deepEqual(again.section("keys"), KEYS);
  assert.deepEqual(again.derive("journal"), journal);
  assert.notDeepEqual(parseEnvelope(changed).head.salt, parseEnvelope(bytes).head.salt);
  assert.deepEqual((await open(vault.write({}), ascii("31415"))).section("state"), STATE);
});

test("a stronger cost can be chosen up to the ceiling, and is read back from the file", async () => {
  const stretch = quickStretch();
  const vault = await createVault({ pin: PIN, stretch, random: fixedRandom(), cost: COST_CEILING });
  const bytes = vault.write({ keys: KEYS });
  assert.deepEqual(parseEnvelope(bytes).head.cost, COST_CEILING);
  assert.ok(await open(bytes));
});

test("keys for different purposes differ, from each other and in every home", async () => {
  const one = (await make()).vault;
  const other = (await make(PIN, fixedRandom("another home"))).vault;
  const keys = [one.derive("journal"), one.derive("ledger"), other.derive("journal")].map(unhex);
  assert.equal(new Set(keys).size, 3);
  assert.ok(keys.every((key) => key.length === 64));
});

test("a wiped vault answers nothing", async () => {
  const { vault } = await make();
  vault.wipe();
  for (const act of [() => vault.section("keys"), () => vault.derive("journal"), () => vault.write({})])
    assert.throws(act, /wiped/);
});

test("the stretched key and the caller's file are left alone or wiped, never kept", async () => {
  const stretched: Uint8Array[] = [];
  const base = quickStretch();
  const stretch = {
    ...base,
    argon2id: async (...args: Parameters<typeof base.argon2id>) => {
      const key = await base.argon2id(...args);
      stretched.push(key);
      return key;
    },
  };
  const { bytes } = await make();
  const copy = bytes.slice();
  const vault = await openVault(bytes, PIN, stretch, fixedRandom());
  assert.deepEqual(bytes, copy);
  bytes.fill(0);
  assert.deepEqual(vault.section("keys"), KEYS);
  assert.ok(stretched[0]!.every((byte) => byte === 0));
});

test("an open vault shows no key when it is printed", async () => {
  const { vault } = await make();
  const { inspect } = await import("node:util");
  const text = inspect(vault, { depth: 9, showHidden: true }) + JSON.stringify(vault);
  assert.equal(/Uint8Array|\d{2,}/.test(text), false, text);
});

test("no bytes whatever make the reader throw anything but a Refusal", async () => {
  const { bytes } = await make();
  const some = fc.oneof(
    fc.uint8Array({ maxLength: 400 }),
    fc
      .tuple(fc.nat(bytes.length - 33), fc.uint8Array({ minLength: 1, maxLength: 9 }))
      .map(([at, change]) => forged(bytes, Math.min(at, bytes.length - 32 - change.length), change)),
    fc.nat(bytes.length).map((length) => {
      const body = bytes.slice(0, length);
      return concat(body, sha(body));
    }),
  );
  await fc.assert(
    fc.asyncProperty(some, async (file) => {
      try {
        await open(file);
      } catch (problem) {
        assert.ok(problem instanceof Refusal, String(problem));
        assert.ok(problem.reason.startsWith("vault."));
      }
    }),
    { numRuns: 400 },
  );
});

test("section names are short lower-case words, and there are at most 16", async () => {
  const { vault } = await make();
  for (const name of ["", "Keys", "a b", "__proto__", "x".repeat(33), "1"])
    assert.throws(() => vault.write({ [name]: KEYS, other: KEYS, third: KEYS }));
  const many = Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`s${i}`, KEYS]));
  assert.throws(() => vault.write(many), /too many/);
});

test("the keys' section holds entropy and passphrase of any length that BIP 39 and the limits allow", () => {
  for (const length of [16, 20, 24, 28, 32])
    for (const passphrase of [new Uint8Array(0), ascii("a b"), new Uint8Array(256).fill(65)]) {
      const keys = { entropy: new Uint8Array(length).fill(length), passphrase };
      assert.deepEqual(unpackKeys(packKeys(keys)), keys);
    }
  const long = { entropy: new Uint8Array(16), passphrase: new Uint8Array(257) };
  assert.throws(() => packKeys(long), refusesWith("keys.passphrase-long"));
});

test("a keys' section of another shape is refused, whatever its bytes", () => {
  const good = packKeys({ entropy: new Uint8Array(16), passphrase: ascii("pass") });
  for (let length = 0; length < good.length; length++)
    assert.throws(() => unpackKeys(good.slice(0, length)), refusesWith("vault.damaged"));
  assert.throws(() => unpackKeys(concat(good, Uint8Array.of(0))), refusesWith("vault.damaged"));
  assert.throws(() => unpackKeys(concat(Uint8Array.of(2), good)), refusesWith("vault.version"));
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      try {
        unpackKeys(bytes);
      } catch (problem) {
        assert.ok(problem instanceof Refusal);
      }
    }),
  );
});
