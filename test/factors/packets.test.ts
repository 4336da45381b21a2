import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { toHex } from "../../src/bytes.ts";
import { COMMAND, Inbox, MOST_MESSAGE_BYTES, toPackets } from "../../src/factors/packets.ts";
import { Refusal } from "../../src/refusal.ts";
import { bytes, VECTORS } from "./vectors.ts";

const CHANNEL = 0x00220002;

function broken(act: () => unknown): void {
  assert.throws(act, (error) => error instanceof Refusal && error.reason === "factor.broken");
}

/** All packets into one inbox; what the last of them finishes. */
function takeAll(inbox: Inbox, packets: readonly Uint8Array[]) {
  const taken = packets.map((packet) => inbox.take(packet));
  assert.ok(taken.slice(0, -1).every((one) => one === "part"));
  return taken.at(-1)!;
}

test("messages are cut as the standard cuts them, byte for byte", () => {
  const [init, ...none] = toPackets(0xffffffff, COMMAND.init, bytes("0001020304050607"));
  assert.equal(toHex(init!), `ffffffff8600080001020304050607${"00".repeat(49)}`);
  assert.equal(none.length, 0);
  const long = Uint8Array.from({ length: 57 + 59 + 1 }, (_, index) => index);
  const packets = toPackets(CHANNEL, COMMAND.cbor, long).map(toHex);
  assert.deepEqual(packets, [
    `0022000290${"0075"}${toHex(long.subarray(0, 57))}`,
    `0022000200${toHex(long.subarray(57, 116))}`,
    `0022000201${"74"}${"00".repeat(58)}`,
  ]);
  assert.equal(toPackets(1, COMMAND.cancel, new Uint8Array(0)).length, 1);
  assert.equal(toPackets(1, COMMAND.cbor, new Uint8Array(57)).length, 1);
  assert.equal(toPackets(1, COMMAND.cbor, new Uint8Array(58)).length, 2);
});

test("what real keys sent is put together again", () => {
  const { wire } = VECTORS;
  const init = new Inbox(0xffffffff).take(bytes(wire.init[0]));
  assert.ok(typeof init === "object");
  assert.deepEqual(
    [init.command, toHex(init.data)],
    [COMMAND.init, "80435640b14ed92d00220002020502010" + "5"],
  );
  const alive = new Inbox(CHANNEL).take(bytes(wire.keepalive[0]));
  assert.deepEqual(alive, { command: COMMAND.keepalive, data: Uint8Array.of(2) });
  for (const [name, length] of Object.entries({ info: 597, agreement: 81, retries: 4, token: 20 })) {
    const message = takeAll(new Inbox(CHANNEL), wire[name].map(bytes));
    assert.ok(typeof message === "object");
    assert.deepEqual([message.command, message.data.length], [COMMAND.cbor, length]);
  }
  const made = takeAll(new Inbox(0x00910003), wire.made.map(bytes));
  assert.ok(typeof made === "object" && made.data.length === 0x3e1);
});

test("packets of any message, put together, are that message", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 1000 }),
      fc.integer({ min: 1, max: 0xfffffffe }),
      fc.integer({ min: 0, max: 127 }),
      (data, channel, command) => {
        const message = takeAll(new Inbox(channel), toPackets(channel, command, data));
        assert.deepEqual(message, { command, data });
      },
    ),
  );
  const longest = new Uint8Array(MOST_MESSAGE_BYTES).fill(7);
  const packets = toPackets(1, COMMAND.cbor, longest);
  assert.deepEqual([MOST_MESSAGE_BYTES, packets.length, packets.at(-1)![4]], [7609, 129, 127]);
  assert.deepEqual(takeAll(new Inbox(1), packets), { command: COMMAND.cbor, data: longest });
  assert.throws(() => toPackets(1, COMMAND.cbor, new Uint8Array(MOST_MESSAGE_BYTES + 1)));
});

test("a packet of another channel is nobody's, even within a message", () => {
  const inbox = new Inbox(5);
  const [first, second] = toPackets(5, COMMAND.cbor, new Uint8Array(80).fill(1));
  assert.equal(inbox.take(first!), "part");
  for (const stray of toPackets(6, COMMAND.cbor, new Uint8Array(80)))
    assert.equal(inbox.take(stray), "stray");
  assert.deepEqual(inbox.take(second!), { command: COMMAND.cbor, data: new Uint8Array(80).fill(1) });
});

test("packets that are missing, doubled, out of order, without beginning, or too long are refused", () => {
  const packets = toPackets(5, COMMAND.cbor, new Uint8Array(200));
  const [first, second, third] = packets;
  const after = (...before: Uint8Array[]) => {
    const inbox = new Inbox(5);
    for (const packet of before) inbox.take(packet);
    return inbox;
  };
  broken(() => after(first!).take(third!));
  broken(() => after(first!, second!).take(second!));
  broken(() => after().take(second!));
  broken(() => after(first!).take(first!));
  broken(() => after(first!).take(toPackets(5, COMMAND.keepalive, Uint8Array.of(2))[0]!));
  broken(() => after(...packets).take(third!));
  broken(() => after().take(first!.subarray(0, 63)));
  const tooLong = first!.slice();
  tooLong.set([0x1d, 0xba], 5);
  broken(() => after().take(tooLong));
});

test("any packets at all end in a message, a part, a stray, or a refusal", () => {
  const packet = fc
    .tuple(fc.constantFrom("00000005", "00000006"), fc.uint8Array({ minLength: 60, maxLength: 60 }))
    .map(([channel, rest]) => Uint8Array.from([...bytes(channel), ...rest]));
  fc.assert(
    fc.property(fc.array(packet, { maxLength: 8 }), (packets) => {
      const inbox = new Inbox(5);
      try {
        for (const one of packets) inbox.take(one);
      } catch (error) {
        assert.ok(error instanceof Refusal && error.reason === "factor.broken");
      }
    }),
  );
});
