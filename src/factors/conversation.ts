// Talking with a key, as a value: a generator says what it wishes and hears what happened.
// No promises and no clock: whoever runs it sends, waits, and says when it has waited long enough.

import { equal, readU32be } from "../bytes.ts";
import type { Random } from "../ports.ts";
import { type Reason, refuse } from "../refusal.ts";
import type { Cbor, CborMap } from "./cbor.ts";
import { readCborMap, writeCbor } from "./cbor.ts";
import { BROADCAST, COMMAND, type Frame, Inbox, toPackets } from "./packets.ts";

export type Wish =
  /** These packets, in order, now. Heard: "sent". */
  | { readonly send: readonly Uint8Array[] }
  /**
   * The key's next packet. Heard: 64 bytes, "timeout" (it was silent for long), or "gone" (it was pulled).
   * touch: a hand is needed at the key. cancel: what calls the request off, if the owner does not want to wait.
   */
  | { readonly wait: "processing" | "touch"; readonly cancel: Uint8Array }
  /** The key's own PIN, 4 to 63 bytes of UTF-8. Heard: { pin }, which is wiped here. wrong: the one before was. */
  | { readonly ask: "pin"; readonly retries: number; readonly wrong: boolean };

export type Heard = "sent" | "timeout" | "gone" | Uint8Array | { readonly pin: Uint8Array };

/** Ends with T, or throws a Refusal factor.*. When it is left early, return() wipes what it holds. */
export type Conversation<T> = Generator<Wish, T, Heard>;

/** Packets of other channels that are read over while one reply is awaited. */
const MOST_STRAYS = 256;
const NEEDS_TOUCH = 2;
const CAN_CBOR = 0x04;
const NONCE_BYTES = 8;

/** A channel of our own (CTAP 2.1, 11.2.9.1.3). Throws Refusal factor.no-hmac-secret where the key speaks no CTAP2. */
export function* openChannel(random: Random): Conversation<number> {
  const nonce = random.bytes(NONCE_BYTES);
  yield { send: toPackets(BROADCAST, COMMAND.init, nonce) };
  const isOurs = ({ data }: Frame) => equal(data.subarray(0, NONCE_BYTES), nonce);
  const { data } = yield* reply(BROADCAST, COMMAND.init, isOurs);
  if (data.length < 17) refuse("factor.broken", "no proper channel");
  const channel = readU32be(data, 8);
  if (channel === 0 || channel === BROADCAST) refuse("factor.broken", "no proper channel");
  if ((data[16]! & CAN_CBOR) === 0) refuse("factor.no-hmac-secret", "it speaks no CTAP2");
  return channel;
}

/** The next whole message in answer to a command. */
function* reply(channel: number, command: number, isOurs: (frame: Frame) => boolean): Conversation<Frame> {
  const inbox = new Inbox(channel);
  const [cancel] = toPackets(channel, COMMAND.cancel, new Uint8Array(0));
  let wait: "processing" | "touch" = "processing";
  for (let strays = 0; strays <= MOST_STRAYS; ) {
    const heard = yield { wait, cancel: cancel! };
    if (heard === "timeout") refuse("factor.timeout", "it stopped answering");
    if (heard === "gone") refuse("factor.gone");
    if (!(heard instanceof Uint8Array)) throw new Error("a packet was awaited");
    const frame = inbox.take(heard);
    if (frame === "part") continue;
    if (frame !== "stray" && frame.command === COMMAND.keepalive)
      wait = frame.data[0] === NEEDS_TOUCH ? "touch" : "processing";
    else if (frame !== "stray" && frame.command === COMMAND.error) refuse(...transportError(frame));
    else if (frame !== "stray" && frame.command === command && isOurs(frame)) return frame;
    else strays++;
  }
  return refuse("factor.broken", "it speaks, but not to the matter");
}

const CHANNEL_BUSY = 0x06;

function transportError({ data }: Frame): [Reason, string] {
  if (data[0] === CHANNEL_BUSY) return ["factor.busy", ""];
  return ["factor.broken", `CTAPHID error ${hex(data[0] ?? 0)}`];
}

export interface Reply {
  /** A CTAP status code; 0 is well. */
  readonly status: number;
  readonly map: CborMap;
}

/** One CTAP2 command (CTAP 2.1, section 6) with its parameters, and what the key answers. */
export function* ctap(channel: number, command: number, parameters?: CborMap): Conversation<Reply> {
  const body = parameters ? writeCbor(parameters) : new Uint8Array(0);
  const message = new Uint8Array(1 + body.length);
  message[0] = command;
  message.set(body, 1);
  yield { send: toPackets(channel, COMMAND.cbor, message) };
  const { data } = yield* reply(channel, COMMAND.cbor, () => true);
  if (data.length === 0) return refuse("factor.broken", "an empty reply");
  const map = data.length === 1 ? new Map<number, Cbor>() : readCborMap(data.subarray(1));
  return { status: data[0]!, map };
}

/** Parameters by their numbers; what is undefined is left out. */
export function parameters(rows: Readonly<Record<number, Cbor | undefined>>): CborMap {
  const map = new Map<number, Cbor>();
  for (const [key, value] of Object.entries(rows)) if (value !== undefined) map.set(Number(key), value);
  return map;
}

export function hex(code: number): string {
  return `0x${code.toString(16).padStart(2, "0")}`;
}
