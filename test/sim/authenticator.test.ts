// The simulated security key by itself, byte for byte as CTAP 2.1 has it; nothing of src/factors is used here.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash, createHmac, createPublicKey, randomBytes, verify } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Duplex } from "node:stream";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import {
  decodeFields,
  encode,
  type Fields,
  fieldsOf,
  type Value,
} from "../../device/sim/authenticator/cbor.ts";
import { HidKey } from "../../device/sim/authenticator/hid.ts";
import { open, Protocol, seal } from "../../device/sim/authenticator/protocols.ts";
import { freshState, type KeyMake, type KeyState } from "../../device/sim/authenticator/state.ts";
import { createEvent, inputEvent, serveUhid } from "../../device/sim/authenticator/uhid.ts";

/** Frames as hex, the zeros at their ends left out. */
function said(frames: readonly Buffer[]): string[] {
  return frames.map((frame) => frame.toString("hex").replace(/(00)+$/, ""));
}

function frame(hex: string): Buffer {
  const bytes = Buffer.alloc(64);
  Buffer.from(hex, "hex").copy(bytes);
  return bytes;
}

function keyWith(make: KeyMake = {}, state: KeyState = freshState(make)) {
  const frames: Buffer[] = [];
  const kept: string[] = [];
  const key = new HidKey({
    state,
    keep: () => kept.push(JSON.stringify(state)),
    emit: (one) => frames.push(one),
  });
  const tell = (...hex: string[]) => {
    frames.length = 0;
    for (const one of hex) key.frame(frame(one));
    return said(frames);
  };
  return { key, state, kept, frames, tell };
}

const INIT = "ffffffff8600080102030405060708";

test("a channel is given to whoever asks, with what the key can", () => {
  const { tell } = keyWith();
  assert.deepEqual(tell(INIT), [`ffffffff8600110102030405060708${"00000001"}02010000${"0d"}`]);
  assert.deepEqual(tell(INIT), [`ffffffff8600110102030405060708${"00000002"}02010000${"0d"}`]);
  // On a channel that is there: the same again.
  assert.deepEqual(tell("00000001860008aabbccddeeff0011"), [
    `00000001860011aabbccddeeff0011${"00000001"}02010000${"0d"}`,
  ]);
  assert.deepEqual(tell("ffffffff860007"), ["ffffffffbf000103"]);
});

test("errors are named as the standard names them: channel, command, length, sequence", () => {
  const { tell } = keyWith();
  tell(INIT);
  assert.deepEqual(tell("0000000081000100"), ["00000000bf00010b"]);
  assert.deepEqual(tell("0000000981000100"), ["00000009bf00010b"]);
  assert.deepEqual(tell("ffffffff81000100"), ["ffffffffbf00010b"]);
  assert.deepEqual(tell("00000001a0000100"), ["00000001bf000101"]);
  assert.deepEqual(tell("0000000190ffff"), ["00000001bf000103"]);
  assert.deepEqual(tell("00000001900000"), ["00000001bf000103"]);
  assert.deepEqual(tell("00000001810080", "0000000101"), ["00000001bf000104"]);
  assert.deepEqual(tell("00000001810080", "00000001810001aa"), ["00000001bf000104"]);
  assert.deepEqual(tell("0000000100"), []);
});

test("what is sent as a ping comes back, in as many packets", () => {
  const { key, frames, tell } = keyWith();
  tell(INIT);
  assert.deepEqual(tell("00000001810003aabbcc"), ["00000001810003aabbcc"]);
  const long = randomBytes(500);
  const packets = [Buffer.concat([Buffer.from("000000018101f4", "hex"), long.subarray(0, 57)])];
  for (let at = 57; at < 500; at += 59)
    packets.push(Buffer.concat([Buffer.from([0, 0, 0, 1, packets.length - 1]), long.subarray(at, at + 59)]));
  frames.length = 0;
  for (const packet of packets) key.frame(frame(packet.toString("hex")));
  assert.deepEqual(
    said(frames),
    packets.map((packet) => packet.toString("hex").replace(/(00)+$/, "")),
  );
  assert.deepEqual(tell("00000001880000"), ["0000000188"]);
});

test("while a touch is awaited others are told that it is busy, and a cancel ends it", () => {
  const { key, frames, tell } = keyWith();
  tell(INIT, INIT);
  assert.deepEqual(tell("0000000190000" + "10b"), ["00000001bb000102"]);
  assert.deepEqual(tell("00000002900001" + "04"), ["00000002bf000106"]);
  assert.deepEqual(tell("00000001900001" + "04"), ["00000001bf000106"]);
  assert.deepEqual(tell("0000000291"), []);
  assert.equal(tell(INIT).length, 1);
  assert.equal(key.asksTouch, true);
  assert.deepEqual(tell("0000000191"), ["000000019000012d"]);
  assert.equal(key.asksTouch, false);
  tell("00000001900001" + "0b");
  frames.length = 0;
  assert.equal(key.touch(), true);
  assert.deepEqual(said(frames), ["00000001900001"]);
  assert.equal(key.touch(), false);
});

test("a touch that does not come, and a message that is never whole, run out", () => {
  const { key, frames, tell } = keyWith();
  tell(INIT, "00000001900001" + "0b");
  frames.length = 0;
  for (let s = 0; s < 30; s++) key.pass(1000);
  const words = said(frames);
  assert.deepEqual([words.length, words[0], words.at(-1)], [30, "00000001bb000102", "000000019000012f"]);
  tell("00000001810080");
  key.pass(400);
  key.pass(200);
  assert.deepEqual(said(frames), ["00000001bf000105"]);
});

// ---------------------------------------------------------------- commands

/** The reply to one command: its status and its map. `touch`: the finger, where one is asked for. */
function command(
  { key, frames }: Pick<ReturnType<typeof keyWith>, "key" | "frames">,
  code: number,
  fields?: Fields,
  touch: "right" | "wrong" = "right",
): { status: number; map: Fields; touches: number } {
  key.frame(frame(INIT));
  const channel = frames.at(-1)!.readUInt32BE(15);
  frames.length = 0;
  const data = Buffer.concat([Buffer.of(code), fields ? encode(fields) : Buffer.alloc(0)]);
  const head = Buffer.alloc(7);
  head.writeUInt32BE(channel, 0);
  head[4] = 0x90;
  head.writeUInt16BE(data.length, 5);
  key.frame(frame(Buffer.concat([head, data.subarray(0, 57)]).toString("hex")));
  for (let at = 57, next = 0; at < data.length; at += 59, next++) {
    head[4] = next;
    key.frame(frame(Buffer.concat([head.subarray(0, 5), data.subarray(at, at + 59)]).toString("hex")));
  }
  let touches = 0;
  while (key.touch(touch)) touches++;
  const [first, ...rest] = frames.filter((one) => one[4] !== 0xbb);
  const whole = Buffer.concat([first!.subarray(7), ...rest.map((one) => one.subarray(5))]);
  const reply = whole.subarray(0, first!.readUInt16BE(5));
  return { status: reply[0]!, map: decodeFields(reply.subarray(1)), touches };
}

const RP = "firn.test";
const HASH = Buffer.alloc(32, 7);

function made(more: readonly (readonly [number, Value])[] = []): Fields {
  return new Map<number, Value>([
    [1, HASH],
    [2, new Map<string, Value>([["id", RP]])],
    [3, new Map<string, Value>([["id", Buffer.of(1)]])],
    [
      4,
      [
        new Map<string, Value>([
          ["alg", -8],
          ["type", "public-key"],
        ]),
        new Map<string, Value>([
          ["alg", -7],
          ["type", "public-key"],
        ]),
      ],
    ],
    [6, new Map([["hmac-secret", true]])],
    ...more,
  ]);
}

function named(id: Buffer): Value {
  return [
    new Map<string, Value>([
      ["id", id],
      ["type", "public-key"],
    ]),
  ];
}

test("what it says of itself is canonical CBOR, and as it was made", () => {
  const info = command(keyWith({ pin: "1234", fingerprint: true }), 4);
  assert.equal(info.status, 0);
  assert.deepEqual(info.map.get(1), ["FIDO_2_0", "FIDO_2_1"]);
  const options = fieldsOf(info.map, 4);
  assert.deepEqual([...options].sort(), [
    ["clientPin", true],
    ["makeCredUvNotRqd", true],
    ["pinUvAuthToken", true],
    ["plat", false],
    ["rk", false],
    ["up", true],
    ["uv", true],
  ]);
  assert.deepEqual(info.map.get(6), [2, 1]);
  const old = command(keyWith({ old: true }), 4).map;
  assert.deepEqual([old.get(1), old.get(6), old.has(10)], [["FIDO_2_0"], [1], false]);
});

test("a credential is attested by itself, remembered before it is told, and answers for its party alone", () => {
  const one = keyWith();
  const { status, map, touches } = command(one, 1, made());
  assert.deepEqual([status, touches, map.get(1)], [0, 1, "packed"]);
  const data = map.get(2) as Buffer;
  assert.equal(data.subarray(0, 32).toString("hex"), createHash("sha256").update(RP).digest("hex"));
  assert.equal(data[32], 0xc1);
  const id = data.subarray(55, 87);
  assert.ok(one.kept.at(-1)!.includes(id.toString("hex")));
  const cose = decodeFields(data.subarray(87, 87 + 77));
  const [x, y] = [cose.get(-2), cose.get(-3)].map((part) => (part as Buffer).toString("base64url"));
  const key = createPublicKey({ key: { kty: "EC", crv: "P-256", x: x!, y: y! }, format: "jwk" });
  const statement = fieldsOf(map, 3);
  assert.ok(verify("sha256", Buffer.concat([data, HASH]), key, statement.get("sig") as Buffer));
  const ask = (party: string) =>
    command(
      one,
      2,
      new Map<number, Value>([
        [1, party],
        [2, HASH],
        [3, named(id)],
      ]),
    );
  const answer = ask(RP);
  assert.deepEqual([answer.status, answer.touches], [0, 1]);
  const signed = Buffer.concat([answer.map.get(2) as Buffer, HASH]);
  assert.ok(verify("sha256", signed, key, answer.map.get(3) as Buffer));
  assert.deepEqual([ask("other.test").status, ask("other.test").touches], [0x2e, 0]);
});

test("parameters that are missing, of another kind, or not canonical are refused with the standard's codes", () => {
  const one = keyWith();
  const but = (key: number, value: Value | undefined) =>
    new Map(
      [...made()].flatMap(([name, old]) =>
        name === key ? (value === undefined ? [] : [[name, value]]) : [[name, old]],
      ) as [number, Value][],
    );
  const status = (fields: Fields) => command(one, 1, fields).status;
  assert.equal(status(but(1, undefined)), 0x14);
  assert.equal(status(but(1, "text")), 0x11);
  assert.equal(status(but(1, Buffer.alloc(31))), 0x02);
  assert.equal(
    status(
      but(4, [
        new Map<string, Value>([
          ["alg", -257],
          ["type", "public-key"],
        ]),
      ]),
    ),
    0x26,
  );
  assert.equal(status(made([[7, new Map([["rk", true]])]])), 0x2b);
  assert.equal(status(made([[7, new Map([["uv", true]])]])), 0x2c);
  assert.equal(status(made([[7, new Map([["up", false]])]])), 0x2c);
  assert.equal(
    status(
      made([
        [8, Buffer.alloc(16)],
        [9, 3],
      ]),
    ),
    0x02,
  );
  assert.equal(status(made([[8, Buffer.alloc(16)]])), 0x14);
  assert.equal(
    status(
      made([
        [8, Buffer.alloc(16)],
        [9, 1],
      ]),
    ),
    0x33,
  );
  const raw = (hex: string) => {
    const { tell } = one;
    tell(INIT);
    return tell(`00000001${"90"}${(hex.length / 2).toString(16).padStart(4, "0")}${hex}`)
      .at(-1)!
      .slice(14);
  };
  assert.deepEqual(
    [raw("02a20158"), raw("02a202000100"), raw("0201"), raw("7f"), raw("06a10202")],
    ["12", "12", "11", "01", "14"],
  );
});

test("an empty mark asks which key is meant, and tells after a touch whether it has a PIN", () => {
  const empty = made([
    [8, Buffer.alloc(0)],
    [9, 2],
  ]);
  for (const [make, status] of [
    [{}, 0x35],
    [{ pin: "1234" }, 0x31],
  ] as const) {
    const asked = command(keyWith(make), 1, empty);
    assert.deepEqual([asked.status, asked.touches], [status, 1]);
  }
});

test("a credential that is excluded is told only after a touch", () => {
  const one = keyWith();
  const id = (command(one, 1, made()).map.get(2) as Buffer).subarray(55, 87);
  const again = command(one, 1, made([[5, named(id)]]));
  assert.deepEqual([again.status, again.touches], [0x19, 1]);
});

// ---------------------------------------------------------------- PIN, tokens, secrets

/** A platform of the test's own: agrees, seals, marks. */
function platform(one: ReturnType<typeof keyWith>, version: 1 | 2) {
  const side = new Protocol(version);
  const pin = (
    sub: number,
    rows: readonly (readonly [number, Value])[] = [],
    touch: "right" | "wrong" = "right",
  ) => command(one, 6, new Map<number, Value>([[1, version], [2, sub], ...rows]), touch);
  const agree = () => {
    const theirs = pin(2).map.get(1) as Fields;
    return { ours: side.publicKey(), secret: side.decapsulate(theirs) };
  };
  const mark = (key: Buffer, message: Buffer) => {
    const whole = createHmac("sha256", key).update(message).digest();
    return version === 1 ? whole.subarray(0, 16) : whole;
  };
  const hashed = (text: string) => createHash("sha256").update(text).digest().subarray(0, 16);
  const token = (typed: string, permissions: number) => {
    const { ours, secret } = agree();
    const rows = [
      [3, ours],
      [6, seal(secret, hashed(typed))],
      [9, permissions],
      [10, RP],
    ] as const;
    const reply = pin(9, rows);
    return {
      status: reply.status,
      token: reply.status === 0 ? open(secret, reply.map.get(2) as Buffer) : undefined,
    };
  };
  return { pin, agree, mark, token };
}

test("a token permits what it was asked for, for its party, once, and no longer than the next token", () => {
  for (const version of [1, 2] as const) {
    const one = keyWith({ pin: "1234" });
    const { token, mark } = platform(one, version);
    const make = (key: Buffer, message = HASH) =>
      command(
        one,
        1,
        made([
          [8, mark(key, message)],
          [9, version],
        ]),
      );
    const makes = token("1234", 1).token!;
    assert.equal(make(makes, Buffer.alloc(32)).status, 0x33);
    const first = make(makes);
    assert.deepEqual([first.status, (first.map.get(2) as Buffer)[32]], [0, 0xc5]);
    assert.equal(make(makes).status, 0x33);
    assert.equal(make(token("1234", 2).token!).status, 0x33);
    const older = token("1234", 1).token!;
    token("1234", 1);
    assert.equal(make(older).status, 0x33);
    assert.deepEqual([token("1234", 4).status, token("1234", 0).status], [0x40, 0x02]);
  }
});

test("a touch of the finger stands for presence too: one token, one touch", () => {
  const one = keyWith({ fingerprint: true });
  const { agree, pin, mark } = platform(one, 2);
  const { ours, secret } = agree();
  const reply = pin(6, [
    [3, ours],
    [9, 1],
    [10, RP],
  ]);
  assert.deepEqual([reply.status, reply.touches], [0, 1]);
  const token = open(secret, reply.map.get(2) as Buffer);
  const makes = command(
    one,
    1,
    made([
      [8, mark(token, HASH)],
      [9, 2],
    ]),
  );
  assert.deepEqual([makes.status, makes.touches, (makes.map.get(2) as Buffer)[32]], [0, 0, 0xc5]);
  const again = agree();
  for (let left = 4; left >= 0; left--) {
    const wrong = pin(
      6,
      [
        [3, again.ours],
        [9, 1],
        [10, RP],
      ],
      "wrong",
    );
    assert.equal(wrong.status, left === 0 ? 0x3c : 0x3f);
    assert.equal(command(one, 6, new Map([[2, 7]])).map.get(5), left);
  }
  assert.equal(
    pin(6, [
      [3, again.ours],
      [9, 1],
      [10, RP],
    ]).status,
    0x3c,
  );
});

test("three wrong PINs in a row want power to be cut, and the tries outlive that", () => {
  const one = keyWith({ pin: "1234" });
  const { token } = platform(one, 2);
  assert.deepEqual([token("0", 2).status, token("0", 2).status, token("0", 2).status], [0x31, 0x31, 0x34]);
  assert.equal(token("1234", 2).status, 0x34);
  assert.equal(
    command(
      one,
      6,
      new Map([
        [1, 2],
        [2, 1],
      ]),
    ).map.get(4),
    true,
  );
  const again = keyWith({}, JSON.parse(one.kept.at(-1)!));
  assert.deepEqual(
    [
      ...command(
        again,
        6,
        new Map([
          [1, 2],
          [2, 1],
        ]),
      ).map,
    ],
    [[3, 5]],
  );
  assert.equal(platform(again, 1).token("1234", 2).status, 0);
  assert.equal(again.state.pinRetries, 8);
});

test("hmac-secret answers one salt or two, another with verification than without, and marks must be right", () => {
  const one = keyWith({ pin: "1234" });
  const id = (command(one, 1, made()).map.get(2) as Buffer).subarray(55, 87);
  const stored = one.state.credentials[0]!;
  const salts = randomBytes(64);
  const expected = (random: string, salt: Buffer) =>
    createHmac("sha256", Buffer.from(random, "hex")).update(salt).digest();
  for (const version of [1, 2] as const) {
    const { agree, mark, token } = platform(one, version);
    const ask = (salt: Buffer, verified: boolean, damage = 0) => {
      const proof = verified ? token("1234", 2).token! : undefined;
      const { ours, secret } = agree();
      const sealed = seal(secret, salt);
      const right = mark(secret.hmac, sealed);
      right[0]! ^= damage;
      const asked = new Map<number, Value>([
        [1, ours],
        [2, sealed],
        [3, right],
        [4, version],
      ]);
      const rows: [number, Value][] = [
        [1, RP],
        [2, HASH],
        [3, named(id)],
        [4, new Map([["hmac-secret", asked]])],
      ];
      if (proof) rows.push([6, mark(proof, HASH)], [7, version]);
      const { status, map } = command(one, 2, new Map(rows));
      if (status !== 0) return status;
      const output = decodeFields((map.get(2) as Buffer).subarray(37)).get("hmac-secret") as Buffer;
      return open(secret, output).toString("hex");
    };
    const [first, second] = [salts.subarray(0, 32), salts.subarray(32)];
    const both = Buffer.concat([expected(stored.withoutUv!, first), expected(stored.withoutUv!, second)]);
    assert.equal(ask(first, false), expected(stored.withoutUv!, first).toString("hex"));
    assert.equal(ask(first, true), expected(stored.withUv!, first).toString("hex"));
    assert.equal(ask(salts, false), both.toString("hex"));
    assert.equal(ask(first, false, 1), 0x33);
    assert.equal(ask(salts.subarray(0, 48), false), 0x03);
  }
});

// ---------------------------------------------------------------- as a program, and as a device of the kernel

const PROGRAM = fileURLToPath(new URL("../../device/sim/authenticator/main.ts", import.meta.url));

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "firn-authenticator-"));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

test("as a program it speaks frames on its pipes, and takes touches and time at descriptor 3", async (t) => {
  const state = join(folder(t), "state");
  const child = spawn(process.execPath, [PROGRAM, "--state", state, "--control"], {
    stdio: ["pipe", "pipe", "inherit", "pipe"],
  });
  const control = child.stdio[3] as Duplex;
  const lines = createInterface({ input: control })[Symbol.asyncIterator]();
  const frames: Buffer[] = [];
  child.stdout!.on("data", (chunk: Buffer) => {
    for (let at = 0; at < chunk.length; at += 64) frames.push(chunk.subarray(at, at + 64));
  });
  const says = async () => (await lines.next()).value;
  const init = frame(INIT);
  child.stdin!.write(init.subarray(0, 10));
  child.stdin!.write(init.subarray(10));
  assert.equal(await says(), "rest 1 0 1 idle");
  child.stdin!.write(frame("00000001900001" + "0b"));
  assert.equal(await says(), "rest 2 0 2 touch");
  control.write("pass 1000\n");
  assert.equal(await says(), "rest 2 1 3 touch");
  control.write("touch\n");
  assert.equal(await says(), "rest 2 2 4 idle");
  control.write("touch\n");
  assert.equal(await says(), "rest 2 3 4 idle");
  child.stdin!.end();
  assert.deepEqual(await once(child, "close"), [0, null]);
  assert.deepEqual(said(frames).slice(1), ["00000001bb000102", "00000001bb000102", "00000001900001"]);
});

test("as a device of the kernel it is made, hears output reports of both forms, and answers in input reports", async () => {
  const { key, frames } = keyWith();
  const written: Buffer[] = [];
  const output = (report: Buffer) => {
    const event = Buffer.alloc(4376);
    event.writeUInt32LE(6, 0);
    report.copy(event, 4);
    event.writeUInt16LE(report.length, 4100);
    event[4102] = 1;
    return event;
  };
  const asks = (type: number) => {
    const event = Buffer.alloc(4376);
    event.writeUInt32LE(type, 0);
    event.writeUInt32LE(0x01020304, 4);
    return event;
  };
  const start = Buffer.alloc(4376);
  start.writeUInt32LE(2, 0);
  const numbered = Buffer.concat([Buffer.of(0), frame(INIT)]);
  const events = [start, output(frame(INIT)), output(numbered), output(Buffer.alloc(8)), asks(9), asks(13)];
  await serveUhid({ read: async () => events.shift(), write: (event) => written.push(event) }, (one) =>
    key.frame(one),
  );
  const [created, getReply, setReply, destroyed] = written;
  assert.deepEqual(created, createEvent());
  assert.deepEqual(
    [created!.length, created!.readUInt32LE(0), created!.readUInt16LE(260), created!.readUInt16LE(262)],
    [4376, 11, 34, 3],
  );
  assert.equal(created!.subarray(4, 33).toString(), "Firn's simulated security key");
  // Usage page 0xf1d0, usage 1; 64 bytes in and out (11.2.8.2).
  assert.equal(created!.subarray(280, 286).toString("hex"), "06d0f10901a1");
  assert.equal(getReply!.toString("hex"), "0a000000" + "04030201" + "0500" + "0000");
  assert.equal(setReply!.subarray(0, 10).toString("hex"), "0e000000" + "04030201" + "0500");
  assert.equal(destroyed!.toString("hex"), "01000000");
  assert.equal(frames.length, 2);
  const input = inputEvent(frames[0]!);
  assert.deepEqual([input.readUInt32LE(0), input.readUInt16LE(4), input.length], [12, 64, 70]);
  assert.deepEqual(input.subarray(6), frames[0]);
});

test("as a program it opens what stands for the kernel's file, and makes its device there", async (t) => {
  const at = folder(t);
  const file = join(at, "uhid");
  writeFileSync(file, "");
  const child = spawn(process.execPath, [PROGRAM, "--state", join(at, "state"), "--uhid", file], {
    stdio: "inherit",
  });
  assert.deepEqual(await once(child, "close"), [0, null]);
  assert.deepEqual(readFileSync(file).subarray(0, 4376), createEvent());
});
