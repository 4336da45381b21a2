// CTAPHID (CTAP 2.1, 11.2): messages cut into packets of 64 bytes, and put together again.
// Rule: what comes is bounded by the first packet's own word, and by what the framing can carry at all.

import { concat, readU32be, u32be } from "../bytes.ts";
import { refuse } from "../refusal.ts";

export const PACKET_BYTES = 64;
/** Where a channel is asked for. */
export const BROADCAST = 0xffffffff;

export const COMMAND = { init: 0x06, cbor: 0x10, cancel: 0x11, keepalive: 0x3b, error: 0x3f } as const;

/** An initialization packet has a head of 7 bytes, each of up to 128 that follow one of 5. */
const FIRST_BYTES = PACKET_BYTES - 7;
const NEXT_BYTES = PACKET_BYTES - 5;
/** The longest message that packets can carry: 7609 bytes. */
export const MOST_MESSAGE_BYTES = FIRST_BYTES + 128 * NEXT_BYTES;

const INITIAL = 0x80;

export function toPackets(channel: number, command: number, data: Uint8Array): Uint8Array[] {
  if (data.length > MOST_MESSAGE_BYTES) throw new Error("a message is longer than packets can carry");
  const head = Uint8Array.of(INITIAL | command, data.length >> 8, data.length & 0xff);
  const packets = [packet(channel, head, data.subarray(0, FIRST_BYTES))];
  for (let at = FIRST_BYTES; at < data.length; at += NEXT_BYTES)
    packets.push(packet(channel, Uint8Array.of(packets.length - 1), data.subarray(at, at + NEXT_BYTES)));
  return packets;
}

function packet(channel: number, head: Uint8Array, data: Uint8Array): Uint8Array {
  const out = new Uint8Array(PACKET_BYTES);
  out.set(concat(u32be(channel), head, data));
  return out;
}

export interface Frame {
  readonly command: number;
  readonly data: Uint8Array;
}

/** Puts the messages of one channel together. */
export class Inbox {
  readonly #channel: number;
  #unfinished:
    | { readonly command: number; readonly data: Uint8Array; have: number; next: number }
    | undefined;

  constructor(channel: number) {
    this.#channel = channel;
  }

  /**
   * The message that this packet finishes; "part" where more is to come; "stray" where it belongs to another
   * channel. Throws Refusal factor.broken where it follows from nothing.
   */
  take(packet: Uint8Array): Frame | "part" | "stray" {
    if (packet.length !== PACKET_BYTES) refuse("factor.broken", "a packet of another length");
    if (readU32be(packet, 0) !== this.#channel) return "stray";
    return (packet[4]! & INITIAL) !== 0 ? this.#first(packet) : this.#next(packet);
  }

  #first(packet: Uint8Array): Frame | "part" {
    if (this.#unfinished) refuse("factor.broken", "a message begins within another");
    const length = (packet[5]! << 8) | packet[6]!;
    if (length > MOST_MESSAGE_BYTES) refuse("factor.broken", "a message longer than packets can carry");
    const data = new Uint8Array(length);
    data.set(packet.subarray(7, 7 + Math.min(length, FIRST_BYTES)));
    const command = packet[4]! & ~INITIAL;
    if (length <= FIRST_BYTES) return { command, data };
    this.#unfinished = { command, data, have: FIRST_BYTES, next: 0 };
    return "part";
  }

  #next(packet: Uint8Array): Frame | "part" {
    const message = this.#unfinished;
    if (!message) return refuse("factor.broken", "a message without its beginning");
    if (packet[4] !== message.next) refuse("factor.broken", "a packet is missing or came twice");
    const { command, data } = message;
    const piece = packet.subarray(5, 5 + Math.min(NEXT_BYTES, data.length - message.have));
    data.set(piece, message.have);
    message.have += piece.length;
    message.next++;
    if (message.have < data.length) return "part";
    this.#unfinished = undefined;
    return { command, data };
  }
}
