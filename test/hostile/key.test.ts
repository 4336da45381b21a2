// A security key, or whatever sits between it and Firn, written by an attacker: no secret that the enrolled key did
// not make is ever taken, and whatever is not as it must be is refused by name.

import assert from "node:assert/strict";
import { createPrivateKey, generateKeyPairSync, sign } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { joinPlayed } from "../../device/glass/played.ts";
import { decodeFields, encode, type Fields, type Value } from "../../device/sim/authenticator/cbor.ts";
import { freshState, type KeyState } from "../../device/sim/authenticator/state.ts";
import { playSingle } from "../../device/sim/single.ts";
import type { FromGlass } from "../../device/wire/lines.ts";
import { concat, toHex } from "../../src/bytes.ts";
import { answer, type Enrolled, enrol } from "../../src/factors/index.ts";
import { COMMAND, Inbox, toPackets } from "../../src/factors/packets.ts";
import { ends, random, run, type Setting } from "../factors/run.ts";
import { main } from "../sim/key-main.ts";
import { bench, drain } from "../wire/bench.ts";

interface Home {
  readonly state: KeyState;
  readonly enrolled: Enrolled;
  readonly pins: readonly string[];
}

function homeWith(make: Parameters<typeof freshState>[0] = {}): Home {
  const state = freshState(make);
  // A PIN that was turned over on the way is a wrong one, and asked for again.
  const pins = make.pin === undefined ? [] : Array(8).fill(make.pin);
  return { state, pins, enrolled: ends(enrol({ random, known: [] }), { state, pins }) };
}

const asking = ({ enrolled }: Home) => answer({ random, credentials: [enrolled] });

/** Refused by name, or the very secret that it has to be. */
function neverAnother(home: Home, setting: Setting, what: string): void {
  const { value, refusal } = run(asking(home), {
    state: structuredClone(home.state),
    pins: home.pins,
    ...setting,
  });
  if (value) assert.equal(toHex(value.secret), toHex(home.enrolled.secret), what);
  else assert.match(refusal!.reason, /^factor\./);
}

test("a bit that is turned over anywhere on the way, to or from the key, never makes another secret", () => {
  for (const make of [{}, { pin: "1234" }]) {
    const home = homeWith(make);
    const { fromKey, toKey } = run(asking(home), { state: structuredClone(home.state), pins: home.pins });
    const flipped = (which: number, at: number, bit: number) => (frame: Uint8Array, index: number) => {
      if (index !== which) return [frame];
      const other = frame.slice();
      other[at]! ^= 1 << bit;
      return [other];
    };
    for (const [side, frames] of [
      ["fromKey", fromKey],
      ["toKey", toKey],
    ] as const)
      for (let at = 0; at < frames.length * 64; at += 11) {
        const change = flipped(Math.floor(at / 64), at % 64, at % 8);
        neverAnother(home, { [side]: change }, `${side} ${at}`);
      }
  }
});

test("packets that are lost, doubled, or change places on the way never make another secret", () => {
  const home = homeWith();
  const { fromKey, toKey } = run(asking(home), { state: structuredClone(home.state) });
  for (const [side, count] of [
    ["fromKey", fromKey.length],
    ["toKey", toKey.length],
  ] as const)
    for (let which = 0; which < count; which++) {
      const only = (change: (frame: Uint8Array) => Uint8Array[]) => (frame: Uint8Array, index: number) =>
        index === which ? change(frame) : [frame];
      neverAnother(home, { [side]: only(() => []) }, `${side} ${which} lost`);
      neverAnother(home, { [side]: only((frame) => [frame, frame]) }, `${side} ${which} doubled`);
      let held: Uint8Array[] = [];
      const swapped = (frame: Uint8Array, index: number) => {
        if (index === which) {
          held = [frame];
          return [];
        }
        const both = [frame, ...held];
        held = [];
        return both;
      };
      neverAnother(home, { [side]: swapped }, `${side} ${which} swapped`);
    }
});

test("a bit that is turned over while a key is enrolled leaves a key that works, or none", () => {
  const { fromKey } = run(enrol({ random, known: [] }), {});
  for (let at = 0; at < fromKey.length * 64; at += 13) {
    const state = freshState();
    const change = (frame: Uint8Array, index: number) => {
      const other = frame.slice();
      if (index === Math.floor(at / 64)) other[at % 64]! ^= 1 << (at % 8);
      return [other];
    };
    const { value, refusal } = run(enrol({ random, known: [] }), { state, fromKey: change });
    if (value)
      assert.deepEqual(ends(answer({ random, credentials: [value] }), { state }).secret, value.secret);
    else assert.match(refusal!.reason, /^factor\./);
  }
});

// ---------------------------------------------------------------- keys that lie

const INFO = 4;
const PIN = 6;
const MAKE = 1;
const ASSERT = 2;

/** Stands before the key: what it answers to a command becomes what `lie` makes of it, status and map. */
function lying(
  command: number,
  lie: (map: Fields, request: Fields) => Fields | { readonly status: number },
): Setting {
  let request: { command: number; fields: Fields } | undefined;
  let inbox: Inbox | undefined;
  let asked: Inbox | undefined;
  const channelOf = (frame: Uint8Array) => Buffer.from(frame).readUInt32BE(0);
  return {
    toKey(frame) {
      if (channelOf(frame) === 0xffffffff) return [frame];
      asked ??= new Inbox(channelOf(frame));
      const message = asked.take(frame);
      if (typeof message === "object" && message.command === COMMAND.cbor)
        request = { command: message.data[0]!, fields: decodeFields(Buffer.from(message.data.subarray(1))) };
      return [frame];
    },
    fromKey(frame) {
      if (channelOf(frame) === 0xffffffff) return [frame];
      inbox ??= new Inbox(channelOf(frame));
      const message = inbox.take(frame);
      if (typeof message !== "object") return [];
      if (message.command !== COMMAND.cbor || request?.command !== command || message.data[0] !== 0)
        return toPackets(channelOf(frame), message.command, message.data);
      const said = lie(decodeFields(Buffer.from(message.data.subarray(1))), request.fields);
      const data =
        "status" in said ? Uint8Array.of(said.status) : concat(Uint8Array.of(0), encode(said as Fields));
      return toPackets(channelOf(frame), COMMAND.cbor, new Uint8Array(data));
    },
  };
}

const but = (map: Fields, key: number | string, value: Value): Fields => new Map([...map, [key, value]]);
const without = (map: Fields, key: number | string): Fields =>
  new Map([...map].filter(([name]) => name !== key));

/** Only replies to the request with hmac-secret are changed: the look before it has no say. */
function lyingAnswer(lie: (map: Fields, request: Fields) => Fields): Setting {
  return lying(ASSERT, (map, request) => (request.has(4) ? lie(map, request) : map));
}

/** What the key signed, changed and signed anew with its own private key: the worst that a broken key can do. */
function resigned(home: Home, change: (data: Buffer) => Buffer): Setting {
  const { key } = home.state.credentials[0]!;
  const secretKey = createPrivateKey({ key: Buffer.from(key, "hex"), type: "pkcs8", format: "der" });
  return lyingAnswer((map, request) => {
    const data = change(Buffer.from(map.get(2) as Buffer));
    const signature = sign("sha256", concat(data, request.get(2) as Buffer), secretKey);
    return but(but(map, 2, data), 3, signature);
  });
}

function setByte(at: number, change: (byte: number) => number) {
  return (data: Buffer) => {
    data[at] = change(data[at]!);
    return data;
  };
}

function refusedAs(home: Home, setting: Setting, reason: string): void {
  const { value, refusal } = run(asking(home), {
    state: structuredClone(home.state),
    pins: home.pins,
    ...setting,
  });
  assert.deepEqual([value, refusal?.reason], [undefined, reason]);
}

test("an assertion that another key signed, that was signed for another challenge, or that is not signed is refused", () => {
  const home = homeWith();
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const foreign = lyingAnswer((map, request) =>
    but(map, 3, sign("sha256", concat(map.get(2) as Buffer, request.get(2) as Buffer), privateKey)),
  );
  refusedAs(home, foreign, "factor.not-enrolled");
  let recorded: Fields | undefined;
  const record = lyingAnswer((map) => {
    recorded = map;
    return map;
  });
  ends(asking(home), { state: home.state, ...record });
  refusedAs(
    home,
    lyingAnswer(() => recorded!),
    "factor.not-enrolled",
  );
  refusedAs(
    home,
    lyingAnswer((map) => but(map, 3, Buffer.alloc(70))),
    "factor.not-enrolled",
  );
  refusedAs(
    home,
    lyingAnswer((map) => without(map, 3)),
    "factor.broken",
  );
});

test("an assertion of another credential, for another party, without a touch, or verified otherwise is refused", () => {
  const home = homeWith();
  const other = new Map<string, Value>([
    ["id", Buffer.alloc(32)],
    ["type", "public-key"],
  ]);
  refusedAs(
    home,
    lyingAnswer((map) => but(map, 1, other)),
    "factor.not-enrolled",
  );
  refusedAs(
    home,
    resigned(
      home,
      setByte(0, (byte) => byte ^ 1),
    ),
    "factor.broken",
  );
  refusedAs(
    home,
    resigned(
      home,
      setByte(32, (flags) => flags & ~1),
    ),
    "factor.broken",
  );
  refusedAs(
    home,
    resigned(
      home,
      setByte(32, (flags) => flags | 4),
    ),
    "factor.verification-changed",
  );
  const safe = homeWith({ pin: "1234" });
  refusedAs(
    safe,
    resigned(
      safe,
      setByte(32, (flags) => flags & ~4),
    ),
    "factor.verification-changed",
  );
});

test("an assertion without the secret, with one of another length, or with more behind it is refused", () => {
  const home = homeWith();
  const bare = (data: Buffer) => {
    const head = data.subarray(0, 37);
    head[32]! &= ~0x80;
    return head;
  };
  refusedAs(home, resigned(home, bare), "factor.broken");
  for (const secret of [Buffer.alloc(0), Buffer.alloc(32), Buffer.alloc(64), "text", true]) {
    const withSecret = (data: Buffer) =>
      Buffer.concat([data.subarray(0, 37), encode(new Map<string, Value>([["hmac-secret", secret]]))]);
    refusedAs(home, resigned(home, withSecret), "factor.broken");
  }
  refusedAs(
    home,
    resigned(home, (data) => Buffer.concat([data, Buffer.of(0)])),
    "factor.broken",
  );
});

test("a secret that the key did not make for this agreement is signed by nobody, and is refused", () => {
  const home = homeWith();
  const changed = lyingAnswer((map) =>
    but(
      map,
      2,
      setByte(-1 + (map.get(2) as Buffer).length, (byte) => byte ^ 1)(Buffer.from(map.get(2) as Buffer)),
    ),
  );
  refusedAs(home, changed, "factor.not-enrolled");
});

const ENROLMENT_LIES: readonly (readonly [string, Setting, string])[] = [
  ["has no hmac-secret", lying(INFO, (map) => but(map, 2, ["credProtect"])), "factor.no-hmac-secret"],
  ["names no extensions", lying(INFO, (map) => without(map, 2)), "factor.no-hmac-secret"],
  ["names extensions in no list", lying(INFO, (map) => but(map, 2, "hmac-secret")), "factor.broken"],
  [
    "signs with other algorithms only",
    lying(INFO, (map) => but(map, 10, [new Map<string, Value>([["alg", -8]])])),
    "factor.no-hmac-secret",
  ],
  ["speaks protocols that nobody knows", lying(INFO, (map) => but(map, 6, [3, 4])), "factor.no-hmac-secret"],
  ["has no AAGUID", lying(INFO, (map) => but(map, 3, Buffer.alloc(15))), "factor.broken"],
  [
    "agrees on no point of the curve",
    lying(PIN, (map) => but(map, 1, but(map.get(1) as Fields, -2, Buffer.alloc(32, 1)))),
    "factor.broken",
  ],
  ["agrees on nothing", lying(PIN, () => new Map()), "factor.broken"],
  ["makes no credential", lying(MAKE, (map) => but(map, 2, Buffer.alloc(37))), "factor.broken"],
  ["answers a maker with nothing", lying(MAKE, () => new Map()), "factor.broken"],
  ["has no room", lying(MAKE, () => ({ status: 0x28 })), "factor.broken"],
  ["says no", lying(MAKE, () => ({ status: 0x27 })), "factor.denied"],
  ["is asked by somebody else meanwhile", lying(MAKE, () => ({ status: 0x2d })), "factor.denied"],
  ["wants another PIN first", lying(MAKE, () => ({ status: 0x37 })), "factor.pin-change"],
  [
    "wants verification that it cannot do",
    lying(MAKE, () => ({ status: 0x36 })),
    "factor.verification-changed",
  ],
  ["waited too long", lying(MAKE, () => ({ status: 0x2f })), "factor.timeout"],
  ["says a status that nobody knows", lying(MAKE, () => ({ status: 0xe0 })), "factor.broken"],
];

for (const [what, setting, reason] of ENROLMENT_LIES)
  test(`a key that ${what} is refused as ${reason}`, () => {
    const { value, refusal } = run(enrol({ random, known: [] }), setting);
    assert.deepEqual([value, refusal?.reason], [undefined, reason]);
    assert.ok(!/[0-9a-f]{16}/.test(refusal!.detail), "no bytes of anybody in what is shown");
  });

test("a credential whose hmac-secret the key denies is not enrolled, nor one of another party", () => {
  const extension = (value: Value) =>
    lying(MAKE, (map) => {
      const data = map.get(2) as Buffer;
      const tail = encode(new Map([["hmac-secret", true]]));
      return but(
        map,
        2,
        Buffer.concat([data.subarray(0, -tail.length), encode(new Map([["hmac-secret", value]]))]),
      );
    });
  const reason = (setting: Setting) => run(enrol({ random, known: [] }), setting).refusal?.reason;
  assert.equal(reason(extension(false)), "factor.no-hmac-secret");
  assert.equal(reason(extension("yes")), "factor.no-hmac-secret");
  const party = lying(MAKE, (map) =>
    but(map, 2, setByte(0, (byte) => byte ^ 1)(Buffer.from(map.get(2) as Buffer))),
  );
  assert.equal(reason(party), "factor.broken");
});

test("a key that speaks CTAPHID without CTAP2, or gives a channel that is none, is refused", () => {
  const init = (change: (frame: Uint8Array) => void): Setting => ({
    fromKey(frame, index) {
      const other = frame.slice();
      if (index === 0) change(other);
      return [other];
    },
  });
  const reason = (setting: Setting) => run(enrol({ random, known: [] }), setting).refusal?.reason;
  assert.equal(reason(init((frame) => frame.set([0x01], 7 + 16))), "factor.no-hmac-secret");
  for (const byte of [0, 255]) {
    const none = init((frame) => frame.fill(byte, 7 + 8, 7 + 12));
    const { refusal, toKey } = run(enrol({ random, known: [] }), none);
    assert.deepEqual(
      [refusal?.reason, refusal?.detail, toKey.length],
      ["factor.broken", "no proper channel", 1],
    );
  }
  assert.equal(reason(init((frame) => frame.set([0, 16], 5))), "factor.broken");
  assert.equal(reason(init((frame) => frame.set([0x99], 7))), "factor.timeout");
});

test("a key that is busy for another channel, or names an error, is told by name", () => {
  const error = (code: number): Setting => ({
    fromKey: (frame, index) =>
      index === 1 ? toPackets(Buffer.from(frame).readUInt32BE(0), 0x3f, Uint8Array.of(code)) : [frame],
  });
  const reason = (code: number) => run(enrol({ random, known: [] }), error(code)).refusal?.reason;
  assert.deepEqual(
    [reason(0x06), reason(0x01), reason(0x7f)],
    ["factor.busy", "factor.broken", "factor.broken"],
  );
});

test("a key that chatters on other channels, or says it works for ever, is borne to a bound or until it is silent", () => {
  const chatter = (times: number): Setting => ({
    fromKey: (frame, index) =>
      index === 1
        ? [...Array(times).fill(toPackets(77, COMMAND.cbor, new Uint8Array(9))[0]), frame]
        : [frame],
  });
  assert.ok(run(enrol({ random, known: [] }), chatter(200)).value);
  assert.equal(run(enrol({ random, known: [] }), chatter(300)).refusal?.reason, "factor.broken");
  const alive: Setting = {
    fromKey(frame, index) {
      const channel = Buffer.from(frame).readUInt32BE(0);
      return index === 1
        ? [...Array(5000).fill(toPackets(channel, COMMAND.keepalive, Uint8Array.of(1))[0]), frame]
        : [frame];
    },
  };
  assert.ok(run(enrol({ random, known: [] }), alive).value);
});

test("any bytes in a key's place end every talk by name", () => {
  const anything = fc.array(fc.uint8Array({ minLength: 60, maxLength: 60 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(anything, fc.nat(12), (frames, from) => {
      const junk: Setting = {
        fromKey: (frame, index) =>
          index < from ? [frame] : frames.map((rest) => concat(frame.subarray(0, 4), rest)).slice(0, 3),
      };
      const { value, refusal } = run(enrol({ random, known: [] }), junk);
      assert.ok(value !== undefined || refusal!.reason.startsWith("factor."));
    }),
    { numRuns: 60 },
  );
});

// ---------------------------------------------------------------- a glass that lies about keys

test("a glass that floods packets gets 256 of them in, keeps no key out, and memory does not grow", async () => {
  const { panel, fromGlass } = bench();
  panel.poll({ key: true });
  const packet: FromGlass = { t: "packet", bytes: new Uint8Array(64) };
  for (let i = 0; i < 20_000; i++) void fromGlass(i % 2 ? packet : { t: "key", present: true });
  await fromGlass({ t: "press", button: "back" });
  assert.equal(panel.counts().droppedPackets, 20_000 - 256);
  const events = await drain(panel, { key: true });
  assert.deepEqual([events.length, events.at(-1)], [257, { kind: "press", button: "back" }]);
  await fromGlass(packet);
  assert.equal((await drain(panel, { key: true })).length, 1);
});

const LIES: readonly (readonly [string, (line: FromGlass) => readonly FromGlass[]])[] = [
  ["says everything twice", (line) => (line.t === "packet" || line.t === "key" ? [line, line] : [line])],
  ["keeps what the key says to itself", (line) => (line.t === "packet" ? [] : [line])],
  [
    "makes up what the key says",
    (line) => (line.t === "packet" ? [{ t: "packet", bytes: new Uint8Array(64).fill(0xff) }] : [line]),
  ],
  [
    "says that the key went and came",
    (line) =>
      line.t === "packet" ? [line, { t: "key", present: false }, { t: "key", present: true }] : [line],
  ],
];

for (const [what, lie] of LIES)
  test(`a glass that ${what} gets a refusal or silence, and nothing is enrolled`, async () => {
    const glass: typeof joinPlayed = (firn, control, size) => {
      const liar: typeof firn = {
        send(line) {
          for (const one of lie(line)) firn.send(one);
        },
        onMessage: (take) => firn.onMessage(take),
        onEnd: (take) => firn.onEnd(take),
        close: () => firn.close(),
      };
      joinPlayed(liar, control, size);
    };
    const options = { main, glass, patienceMs: 1500 };
    // More or fewer lines than the launcher knows of: nothing rests, and that is all that may be wrong.
    const result = await playSingle({ ...options, script: "plug blue\npick Enrol\nclock +40s\nsee factor." });
    assert.match(result.failure ?? "nothing rested", /nothing rested/);
    assert.equal(result.problem, undefined);
    assert.equal(result.disk.has("enrolled"), false);
  });
