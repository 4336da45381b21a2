// CTAPHID (CTAP 2.1, 11.2) as a key speaks it: channels, messages in packets of 64 bytes, one request at a time.
// Time is told from outside, as touches are.

import type { Fields } from "./cbor.ts";
import { encode } from "./cbor.ts";
import { Commands, MOST_MESSAGE } from "./commands.ts";
import type { Work } from "./pin.ts";
import type { KeyState } from "./state.ts";
import { STATUS, Status } from "./status.ts";

const CMD = {
  ping: 0x01,
  init: 0x06,
  wink: 0x08,
  cbor: 0x10,
  cancel: 0x11,
  keepalive: 0x3b,
  error: 0x3f,
} as const;
const ERR = {
  command: 0x01,
  length: 0x03,
  sequence: 0x04,
  timeout: 0x05,
  busy: 0x06,
  channel: 0x0b,
} as const;
const EVERYBODY = 0xffffffff;
const CAPABILITIES = 0x01 | 0x04 | 0x08;
const UP_NEEDED = 2;
/** A message has to be whole after so long, and a touch has to come. */
const MESSAGE_MS = 500;
const TOUCH_MS = 30_000;

interface Incoming {
  readonly channel: number;
  readonly command: number;
  readonly data: Buffer;
  have: number;
  next: number;
  agesMs: number;
}

interface Pending {
  readonly channel: number;
  readonly work: Work<Fields>;
  waitsMs: number;
}

export interface HidParts {
  readonly state: KeyState;
  /** The state has changed: it is kept when this returns. */
  readonly keep: () => void;
  readonly emit: (frame: Buffer) => void;
}

export class HidKey {
  readonly #commands: Commands;
  readonly #emit: (frame: Buffer) => void;
  #channels = 0;
  #incoming: Incoming | undefined;
  #pending: Pending | undefined;

  constructor({ state, keep, emit }: HidParts) {
    this.#commands = new Commands(state, keep);
    this.#emit = emit;
  }

  /** A request waits for a hand. */
  get asksTouch(): boolean {
    return this.#pending !== undefined;
  }

  /** One packet from the platform; all that it leads to has been emitted when this returns. */
  frame(frame: Buffer): void {
    if (frame.length !== 64) return;
    const channel = frame.readUInt32BE(0);
    const wrong = frame[4]! >= 0x80 ? this.#first(channel, frame) : this.#next(channel, frame);
    if (wrong !== undefined) this.#error(channel, wrong);
    else this.#whole();
  }

  /** A touch, by the finger that it knows or by another; false where nothing waits for one. */
  touch(finger: "right" | "wrong" = "right"): boolean {
    const pending = this.#pending;
    if (!pending) return false;
    this.#pending = undefined;
    this.#step(pending, () => pending.work.next(finger));
    return true;
  }

  pass(ms: number): void {
    const incoming = this.#incoming;
    if (incoming) incoming.agesMs += ms;
    if (incoming && incoming.agesMs > MESSAGE_MS) {
      this.#incoming = undefined;
      this.#error(incoming.channel, ERR.timeout);
    }
    const pending = this.#pending;
    if (!pending) return;
    pending.waitsMs += ms;
    if (pending.waitsMs < TOUCH_MS) this.#reply(pending.channel, CMD.keepalive, Buffer.from([UP_NEEDED]));
    else this.#stop(STATUS.userActionTimeout);
  }

  // -------------------------------------------------------------- packets to messages

  /** What is wrong with it, as an error code. */
  #first(channel: number, frame: Buffer): number | undefined {
    const command = frame[4]! & 0x7f;
    const length = frame.readUInt16BE(5);
    if (command === CMD.init) return this.#init(channel, frame, length);
    if (channel === 0 || channel > this.#channels) return ERR.channel;
    if (command === CMD.cancel) {
      if (this.#pending?.channel === channel) this.#stop(STATUS.keepaliveCancel);
      return undefined;
    }
    if (this.#incoming?.channel === channel) {
      this.#incoming = undefined;
      return ERR.sequence;
    }
    if (this.#incoming || this.#pending) return ERR.busy;
    if (length > MOST_MESSAGE) return ERR.length;
    const data = Buffer.alloc(length);
    const have = frame.copy(data, 0, 7);
    this.#incoming = { channel, command, data, have, next: 0, agesMs: 0 };
    return undefined;
  }

  #next(channel: number, frame: Buffer): number | undefined {
    const incoming = this.#incoming;
    // What continues nothing is read over.
    if (incoming?.channel !== channel) return undefined;
    if (frame[4] !== incoming.next) {
      this.#incoming = undefined;
      return ERR.sequence;
    }
    incoming.next++;
    incoming.have += frame.copy(incoming.data, incoming.have, 5);
    return undefined;
  }

  #init(channel: number, frame: Buffer, length: number): number | undefined {
    if (length !== 8) return ERR.length;
    if (channel === 0 || (channel !== EVERYBODY && channel > this.#channels)) return ERR.channel;
    // On a channel that is there it ends what was under way on it.
    if (this.#incoming?.channel === channel) this.#incoming = undefined;
    if (this.#pending?.channel === channel) this.#pending = undefined;
    const answer = Buffer.alloc(17);
    frame.copy(answer, 0, 7, 15);
    answer.writeUInt32BE(channel === EVERYBODY ? ++this.#channels : channel, 8);
    answer.set([2, 1, 0, 0, CAPABILITIES], 12);
    this.#reply(channel, CMD.init, answer);
    return undefined;
  }

  #whole(): void {
    const incoming = this.#incoming;
    if (!incoming || incoming.have < incoming.data.length) return;
    this.#incoming = undefined;
    const { channel, command, data } = incoming;
    if (command === CMD.ping) this.#reply(channel, CMD.ping, data);
    else if (command === CMD.wink) this.#reply(channel, CMD.wink, Buffer.alloc(0));
    else if (command !== CMD.cbor) this.#error(channel, ERR.command);
    else if (data.length === 0) this.#error(channel, ERR.length);
    else this.#run(channel, data);
  }

  // -------------------------------------------------------------- requests

  #run(channel: number, data: Buffer): void {
    const work = this.#commands.run(data[0]!, data.subarray(1));
    this.#step({ channel, work, waitsMs: 0 }, () => work.next("right"));
  }

  /** Goes on until the next touch is asked for, or the reply is there. */
  #step(pending: Pending, go: () => IteratorResult<"touch", Fields>): void {
    try {
      const result = go();
      if (!result.done) {
        this.#pending = { ...pending, waitsMs: 0 };
        this.#reply(pending.channel, CMD.keepalive, Buffer.from([UP_NEEDED]));
        return;
      }
      const body = result.value.size === 0 ? Buffer.alloc(0) : encode(result.value);
      this.#reply(pending.channel, CMD.cbor, Buffer.concat([Buffer.from([STATUS.ok]), body]));
    } catch (error) {
      if (!(error instanceof Status)) throw error;
      this.#reply(pending.channel, CMD.cbor, Buffer.from([error.code]));
    }
  }

  #stop(status: number): void {
    const pending = this.#pending!;
    this.#pending = undefined;
    this.#step(pending, () => pending.work.throw(new Status(status)));
  }

  #error(channel: number, code: number): void {
    this.#reply(channel, CMD.error, Buffer.from([code]));
  }

  #reply(channel: number, command: number, data: Buffer): void {
    const first = Buffer.alloc(64);
    first.writeUInt32BE(channel, 0);
    first[4] = 0x80 | command;
    first.writeUInt16BE(data.length, 5);
    let sent = data.copy(first, 7);
    this.#emit(first);
    for (let sequence = 0; sent < data.length; sequence++) {
      const next = Buffer.alloc(64);
      next.writeUInt32BE(channel, 0);
      next[4] = sequence;
      sent += data.copy(next, 5, sent);
      this.#emit(next);
    }
  }
}
