import assert from "node:assert/strict";
import { test } from "node:test";
import { chacha20poly1305, xchacha20poly1305 } from "@noble/ciphers/chacha.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 as sha } from "@noble/hashes/sha2.js";
import fc from "fast-check";
import { nodeStretch } from "../../device/host/stretch.ts";
import { secretSeal } from "../../device/seal/secret.ts";
import { sameMachine } from "../../device/sim/machine.ts";
import { concat } from "../../src/bytes.ts";
import {
  COST_CEILING,
  COST_FLOOR,
  type Cost,
  createVault,
  FIRST_SETTINGS,
  isWipePin,
  type KeptKey,
  openWith,
  packKeys,
  pinKeyFor,
  readHome,
  stretchPin,
  unpackKeys,
} from "../../src/keys/index.ts";
import { parseEnvelope } from "../../src/keys/vault-format.ts";
import type { Random } from "../../src/ports.ts";
import { Refusal } from "../../src/refusal.ts";
import { ascii, fixedRandom, hex, quickStretch, refusesWith, unhex, vectors } from "./make.ts";
import { openVault } from "./open.ts";

const PIN = ascii("271828");
const KEYS = ascii("these are the keys, this is their secret");
const STATE = ascii("wallets and policy");
const MACHINE = { seal: sameMachine(), settings: FIRST_SETTINGS };

/** Where the lock's bytes, and the wrapping, lie in a home that no security key guards. */
const LOCK = 38 + 88 + 2;
const WRAP = LOCK + 53;

function otherMachine(secret: Uint8Array = new Uint8Array(32).fill(8)) {
  return secretSeal({ kind: "file", secret, destroy: async () => secret });
}

async function make(pin = PIN, random: Random = fixedRandom()) {
  const stretch = quickStretch();
  const vault = await createVault({ ...MACHINE, pin, stretch, random });
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
  const vault = await createVault({ ...MACHINE, pin: PIN, stretch: nodeStretch(), random: fixedRandom() });
  const bytes = vault.write({ keys: KEYS });
  const again = await openVault(bytes, PIN, nodeStretch(), fixedRandom());
  assert.deepEqual(again.section("keys"), KEYS);
  await assert.rejects(
    openVault(bytes, ascii("271829"), nodeStretch(), fixedRandom()),
    refusesWith("vault.wrong-pin"),
  );
});

test("the shipped example of version 1 opens by the documented recipe alone, without Firn's code", async () => {
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
  const material = { kind: "words", entropy: hex(entropy), passphrase: ascii(passphrase) } as const;
  assert.deepEqual(unpackKeys(vault.section("keys")), [{ fingerprint: "", material }]);
});

test("a home of version 1 is sealed to the machine under its own PIN, and is of version 2 from then on", async () => {
  const { pin, file, sections } = JSON.parse(vectors("vault.json"));
  const old = await openVault(hex(file), ascii(pin), nodeStretch(), fixedRandom());
  assert.equal(old.sealKind, "none");
  const journal = old.derive("journal");
  const bytes = await old.seal(ascii(pin), nodeStretch(), sameMachine(), {
    ...FIRST_SETTINGS,
    wordsAfter: 3,
  });
  const home = readHome(bytes);
  assert.deepEqual([home.version, home.sealKind, home.settings.wordsAfter], [2, "file", 3]);
  const vault = await openVault(bytes, ascii(pin), nodeStretch(), fixedRandom());
  for (const name of vault.names()) assert.equal(unhex(vault.section(name)), sections[name]);
  assert.deepEqual(vault.derive("journal"), journal);
  await assert.rejects(
    openVault(bytes, ascii(pin), nodeStretch(), fixedRandom(), [otherMachine()]),
    refusesWith("seal.foreign"),
  );
  await assert.rejects(
    openVault(bytes, ascii(pin), nodeStretch(), fixedRandom(), []),
    refusesWith("seal.missing"),
  );
});

/** The recipe of docs/formats.md for the seal by a file: nothing of it is Firn's code. */
function fileSealSecret(blob: Uint8Array, secret: Uint8Array, auth: Uint8Array): Uint8Array {
  assert.deepEqual(blob.slice(0, 8), hmac(sha, secret, ascii("firn/seal/name")).slice(0, 8));
  const key = hkdf(sha, concat(secret, auth), blob.slice(8, 40), ascii("firn/seal/1"), 32);
  return chacha20poly1305(key, new Uint8Array(12)).decrypt(blob.slice(40));
}

test("the shipped example of version 2, sealed and with a security key, opens by the documented recipe alone", async () => {
  const { pin, wipePin, machine, factor, file, sections } = JSON.parse(vectors("vault-2.json"));
  const bytes = hex(file);
  const view = new DataView(bytes.buffer);
  let at = 36;
  const field = () => {
    const length = view.getUint16(at);
    at += 2 + length;
    return bytes.slice(at - length, at);
  };
  assert.deepEqual([bytes[8], bytes[35]], [2, 3]);
  const [seal, lock] = [field(), field()];
  const [head, wrap] = [bytes.slice(0, at), bytes.slice(at, at + 72)];
  const cost = { memoryKiB: view.getUint32(10), passes: view.getUint32(14), lanes: bytes[18]! };
  const stretch = (typed: string) => nodeStretch().argon2id(ascii(typed), bytes.slice(19, 35), cost, 32);
  const stretched = await stretch(pin);
  const auth = hkdf(sha, stretched, undefined, ascii("firn/2/seal"), 32);
  const pinKey = hkdf(sha, stretched, fileSealSecret(seal, hex(machine), auth), ascii("firn/2/pin"), 32);
  // The lock: settings (11), the wipe PIN's slot (41), how many security keys (1), the first one.
  assert.equal(unhex(lock.slice(0, 11)), "03000a0000000000000000");
  const wipe = lock.slice(11, 52);
  const mark = hmac(sha, hmac(sha, hex(machine), ascii("firn/seal/mark")), ascii("firn/2/wipe"));
  const wipeKey = hkdf(sha, await stretch(wipePin), mark, ascii("firn/2/wipe"), 32);
  const slot = xchacha20poly1305(wipeKey, wipe.slice(0, 24), bytes.slice(19, 35));
  assert.deepEqual(slot.decrypt(wipe.slice(24)), Uint8Array.of(1));
  assert.equal(lock[52], 1);
  const nameEnd = 54 + lock[53]!;
  const idEnd = nameEnd + 2 + ((lock[nameEnd]! << 8) | lock[nameEnd + 1]!);
  const credentialId = lock.slice(nameEnd + 2, idEnd);
  assert.equal(unhex(lock.slice(idEnd, idEnd + 97)), `${factor.publicKey}01${factor.salt}`);
  const [nonce, wrapped] = [lock.slice(idEnd + 97, idEnd + 121), lock.slice(idEnd + 121)];
  const slotKey = hkdf(sha, hex(factor.secret), undefined, ascii("firn/2/factor"), 32);
  const factorKey = xchacha20poly1305(slotKey, nonce, credentialId).decrypt(wrapped);
  const wrapKey = hkdf(sha, pinKey, factorKey, ascii("firn/2/wrap"), 32);
  const vaultKey = xchacha20poly1305(wrapKey, wrap.slice(0, 24), head).decrypt(wrap.slice(24));
  at += 72 + 16;
  const table = Array.from({ length: bytes[at++]! }, () => {
    const length = bytes[at]!;
    const name = String.fromCharCode(...bytes.slice(at + 1, at + 1 + length));
    at += 1 + length + 4;
    return { name, length: view.getUint32(at - 4) };
  });
  const front = sha(bytes.slice(0, at));
  for (const { name, length } of table) {
    const key = hkdf(sha, vaultKey, undefined, ascii(`firn/1/section/${name}`), 32);
    const opened = xchacha20poly1305(key, bytes.slice(at, at + 24), concat(front, ascii(name)));
    assert.equal(unhex(opened.decrypt(bytes.slice(at + 24, at + 24 + length))), sections[name]);
    at += 24 + length;
  }
  assert.deepEqual(bytes.slice(at), sha(bytes.slice(0, at)));
  assert.deepEqual(Object.keys(sections), ["keys", "state"]);
});

test("the shipped example of version 2 opens by this code, with its security key and not without", async () => {
  const { pin, wipePin, machine, factor, file, sections, keys } = JSON.parse(vectors("vault-2.json"));
  const home = readHome(hex(file));
  const seals = [otherMachine(hex(machine))];
  const pinKey = await pinKeyFor(home, await stretchPin(home, ascii(pin), nodeStretch()), seals);
  assert.equal(openWith(home, pinKey!, undefined, fixedRandom()), undefined);
  const other = { index: 0, secret: new Uint8Array(32) };
  assert.equal(openWith(home, pinKey!, other, fixedRandom()), undefined);
  const answer = { index: 0, secret: hex(factor.secret) };
  const vault = openWith(home, pinKey!, answer, fixedRandom())!;
  for (const name of vault.names()) assert.equal(unhex(vault.section(name)), sections[name]);
  assert.deepEqual(unpackKeys(vault.section("keys")).map(plain), keys);
  const typed = await stretchPin(home, ascii(wipePin), nodeStretch());
  assert.equal(await isWipePin(home.wipe, home, typed, seals[0]!), true);
  const right = await stretchPin(home, ascii(pin), nodeStretch());
  assert.equal(await isWipePin(home.wipe, home, right, seals[0]!), false);
});

/** As the vector writes it: bytes in hex. */
function plain({ fingerprint, material }: KeptKey) {
  const { kind, ...fields } = material;
  return {
    fingerprint,
    kind,
    ...Object.fromEntries(Object.entries(fields).map(([name, bytes]) => [name, unhex(bytes)])),
  };
}

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
    await assert.rejects(vault.seal(pin, quickStretch(), sameMachine()), refusesWith("vault.pin-length"));
  }
  for (const good of ["1234", "123456789012"]) assert.ok((await make(ascii(good))).bytes.length > 0);
});

test("a home can be called damaged, weak or of another version before any PIN is asked for", async () => {
  const { bytes } = await make();
  readHome(bytes);
  assert.throws(() => readHome(bytes.slice(0, 60)), refusesWith("vault.damaged"));
  assert.throws(() => readHome(forged(bytes, 8, Uint8Array.of(3))), refusesWith("vault.version"));
  assert.throws(() => readHome(forged(bytes, 17, Uint8Array.of(1))), refusesWith("vault.weak"));
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
  await assert.rejects(open(forged(bytes, 8, Uint8Array.of(3))), refusesWith("vault.version"));
  await assert.rejects(open(forged(bytes, 35, Uint8Array.of(4))), refusesWith("vault.version"));
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
    const parts = { ...MACHINE, pin: PIN, stretch, random: fixedRandom(), cost: { ...COST_FLOOR, ...cost } };
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
    // Of the lock: when the words come, how many wrong PINs wipe, the countdown, the freeze, the wipe slot.
    [LOCK, "05"],
    [LOCK + 2, "0f"],
    [LOCK + 6, "01"],
    [LOCK + 10, "09"],
    [LOCK + 30, "00"],
    // Of the wrapping: its nonce, the wrapped key.
    [WRAP, "00"],
    [WRAP + 30, "00"],
  ] as const)
    await assert.rejects(open(forged(bytes, at, hex(value))), refusesWith("vault.wrong-pin"), `${at}`);
  // What the machine's seal was given back changed is the machine's to refuse.
  await assert.rejects(open(forged(bytes, 40, hex("00"))), refusesWith("seal.foreign"));
  await assert.rejects(open(forged(bytes, 80, hex("00"))), refusesWith("vault.wrong-pin"));
  // A stretch that leaves the cost out of its result: then it is the wrapping that vouches for the header.
  const blind = { ...quickStretch(), argon2id: async () => new Uint8Array(32).fill(7) };
  const vault = await createVault({ ...MACHINE, pin: PIN, stretch: blind, random: fixedRandom() });
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
    renamed: forged(newer, WRAP + 72 + 16 + 2, ascii("kezs")),
    "write id changed": forged(newer, WRAP + 72, Uint8Array.of(newer[WRAP + 72]! ^ 1)),
  };
  for (const [what, file] of Object.entries(attacks))
    await assert.rejects(
      open(file),
      (problem: Refusal) => problem.reason === "vault.damaged" && /"\w+" was changed/.test(problem.detail),
      what,
    );
});

test("two sections of one length cannot change places", async () => {
  const vault = await createVault({ ...MACHINE, pin: PIN, stretch: quickStretch(), random: fixedRandom() });
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
  let source = fixedRandom();
  const random: Random = { bytes: (length) => source.bytes(length) };
  const vault = await createVault({ ...MACHINE, pin: PIN, stretch: quickStretch(), random });
  source = { bytes: (length) => new Uint8Array(length).fill(5) };
  const nonces = Array.from({ length: 20 }, (_, i) =>
    unhex(parseEnvelope(vault.write({ keys: ascii(`content ${i}`) })).sections[0]!.nonce),
  );
  assert.equal(new Set(nonces).size, 20);
});

test("a home whose keys a dead random source would make is not made, and no security key is enrolled by one", async () => {
  let source = fixedRandom();
  const random: Random = { bytes: (length) => source.bytes(length) };
  const parts = { ...MACHINE, pin: PIN, stretch: quickStretch(), random };
  const vault = await createVault(parts);
  source = { bytes: (length) => new Uint8Array(length) };
  await assert.rejects(createVault(parts), refusesWith("keys.entropy-dead"));
  await assert.rejects(vault.seal(PIN, quickStretch(), sameMachine()), refusesWith("keys.entropy-dead"));
  const factor = { name: "blue", credentialId: hex("01"), publicKey: new Uint8Array(64), verified: false };
  const enrolled = { ...factor, salt: new Uint8Array(32), secret: new Uint8Array(32).fill(7) };
  assert.throws(() => vault.addFactor(enrolled), refusesWith("keys.entropy-dead"));
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
  const changed = await vault.seal(ascii("31415"), quickStretch(), sameMachine());
  await assert.rejects(open(changed, PIN), refusesWith("vault.wrong-pin"));
  const again = await open(changed, ascii("31415"));
  assert.deepEqual(again.section("keys"), KEYS);
  assert.deepEqual(again.derive("journal"), journal);
  assert.notDeepEqual(parseEnvelope(changed).head.seal, parseEnvelope(bytes).head.seal);
  // The salt is the device's: a second home is stretched for with the first.
  assert.deepEqual(parseEnvelope(changed).head.salt, parseEnvelope(bytes).head.salt);
  assert.deepEqual((await open(vault.write({}), ascii("31415"))).section("state"), STATE);
});

test("a stronger cost can be chosen up to the ceiling, and is read back from the file", async () => {
  const stretch = quickStretch();
  const vault = await createVault({
    ...MACHINE,
    pin: PIN,
    stretch,
    random: fixedRandom(),
    cost: COST_CEILING,
  });
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
        assert.match(problem.reason, /^(vault|seal)\./);
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
      const entropy = new Uint8Array(length).fill(length);
      const keys = [{ fingerprint: "73c5da0a", material: { kind: "words", entropy, passphrase } as const }];
      assert.deepEqual(unpackKeys(packKeys(keys)), keys);
    }
  assert.throws(() => packKeys([kept(new Uint8Array(257))]), refusesWith("keys.passphrase-long"));
});

function kept(passphrase: Uint8Array): KeptKey {
  return {
    fingerprint: "00ff00ff",
    material: { kind: "words", entropy: new Uint8Array(16), passphrase },
  };
}

test("the keys' section holds up to sixteen keys, of words and of seeds, in their order", () => {
  const keys = Array.from({ length: 16 }, (_, place): KeptKey => {
    const fingerprint = `000000${place.toString(16).padStart(2, "0")}`;
    const seed = new Uint8Array(16 + 3 * place).fill(place);
    return place % 2 === 0
      ? { ...kept(ascii(`pass ${place}`)), fingerprint }
      : { fingerprint, material: { kind: "seed", seed } };
  });
  assert.deepEqual(unpackKeys(packKeys(keys)), keys);
  assert.deepEqual(unpackKeys(packKeys([])), []);
  assert.throws(() => packKeys([...keys, keys[0]!]), refusesWith("keys.too-many"));
});

test("a keys' section of another shape is refused, whatever its bytes", () => {
  const first = concat(Uint8Array.of(1, 16), new Uint8Array(16), Uint8Array.of(0, 4), ascii("pass"));
  const good = packKeys([kept(ascii("pass"))]);
  for (const whole of [first, good]) {
    assert.equal(unpackKeys(whole).length, 1);
    for (let length = 0; length < whole.length; length++)
      assert.throws(() => unpackKeys(whole.slice(0, length)), refusesWith("vault.damaged"));
    assert.throws(() => unpackKeys(concat(whole, Uint8Array.of(0))), refusesWith("vault.damaged"));
  }
  const kind = good.slice();
  kind[6] = 3;
  assert.throws(() => unpackKeys(kind), refusesWith("vault.damaged"));
  assert.throws(() => unpackKeys(concat(Uint8Array.of(3), good)), refusesWith("vault.version"));
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
