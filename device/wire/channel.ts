// A pipe with bounded lines: one JSON value a line, each checked before anybody sees it.
// Rule: whatever the other side sends, memory stays within one bulk line, and the first thing that
// is malformed, too long or unknown ends the channel for good.

import { Socket } from "node:net";
import type { Readable, Writable } from "node:stream";
import { LIMITS } from "../../src/limits.ts";
import { BULK } from "./lines.ts";
import { Breach, type Reader } from "./schema.ts";

export interface Channel<Out, In> {
  /** Never waits. After the end it does nothing. Throws (a bug) where the line is longer than its bound. */
  send(message: Out): void;
  /** Reading starts here; lines that came before wait in the pipe. */
  onMessage(take: (message: In) => void): void;
  /** Once. Not called for one's own close(). */
  onEnd(take: (why: End, detail?: string) => void): void;
  /** What was sent is still delivered; nothing more is taken. */
  close(): void;
}

/** closed: the other side went away. breach: it broke the rules. */
export type End = "closed" | "breach";

export interface Bounds {
  readonly lineBytes: number;
  readonly bulkBytes: number;
  /** Values of "t" whose lines may have bulkBytes. They must have "t" as their first key. */
  readonly bulk?: readonly string[];
}

const WIRE: Bounds = { lineBytes: LIMITS.wireLineBytes, bulkBytes: LIMITS.wireBulkBytes };

/** Brackets and commas that one line may hold: bounds what parsing can allocate. */
const MOST_TOKENS = 100_000;

/** Bytes become base64, bigints decimal strings, undefined keys vanish. "t" should be the first key. */
export function encodeLine(message: unknown): string {
  return JSON.stringify(plain(message));
}

function plain(value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Uint8Array)
    return Buffer.from(value.buffer, value.byteOffset, value.length).toString("base64");
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

/** One line without its end, checked. Throws Breach and nothing else, on any bytes. */
export function decodeLine<In>(line: Uint8Array, read: Reader<In>, bounds: Bounds = WIRE): In {
  if (line.length > longest(line, bounds)) throw new Breach("line: too long");
  let tokens = 0;
  for (const byte of line)
    if (byte === 0x2c || byte === 0x5b || byte === 0x7b) if (++tokens > MOST_TOKENS) break;
  if (tokens > MOST_TOKENS) throw new Breach("line: too many parts");
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(line));
  } catch {
    throw new Breach("line: expected JSON in UTF-8");
  }
  return read(value, "");
}

/** How long this line may become, as far as its beginning tells. */
function longest(line: Uint8Array, bounds: Bounds): number {
  const begin = Buffer.from(line.buffer, line.byteOffset, Math.min(line.length, 64)).toString("latin1");
  const type = /^\{"t":"([a-z-]+)"/.exec(begin)?.[1];
  return type !== undefined && (bounds.bulk ?? BULK).includes(type) ? bounds.bulkBytes : bounds.lineBytes;
}

/** Cuts a stream of bytes into lines; holds at most one unfinished line. */
class Cutter {
  readonly #bounds: Bounds;
  #held = new Uint8Array(4096);
  #length = 0;

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
  }

  /** Calls `take` with each line that `chunk` finishes, until it answers false. Throws Breach. */
  push(chunk: Uint8Array, take: (line: Uint8Array) => boolean): void {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      this.#keep(chunk.subarray(from, end));
      from = end + 1;
      const line = this.#held.subarray(0, this.#length);
      this.#length = 0;
      const goesOn = take(line);
      // A seed may have stood there.
      line.fill(0);
      if (this.#held.length > this.#bounds.lineBytes) this.#held = new Uint8Array(4096);
      if (!goesOn) return;
    }
    this.#keep(chunk.subarray(from));
  }

  #keep(piece: Uint8Array): void {
    const length = this.#length + piece.length;
    if (length > this.#bounds.lineBytes) {
      const begin = Buffer.concat([
        this.#held.subarray(0, Math.min(this.#length, 64)),
        piece.subarray(0, 64),
      ]);
      if (length > longest(begin, this.#bounds)) throw new Breach("line: too long");
    }
    if (length > this.#held.length) {
      const larger = new Uint8Array(Math.max(length, 2 * this.#held.length));
      larger.set(this.#held.subarray(0, this.#length));
      this.#held.fill(0);
      this.#held = larger;
    }
    this.#held.set(piece, this.#length);
    this.#length = length;
  }
}

class StreamChannel<Out, In> implements Channel<Out, In> {
  readonly #readable: Readable;
  readonly #writable: Writable;
  readonly #read: Reader<In>;
  readonly #bounds: Bounds;
  readonly #cutter: Cutter;
  #onEnd: ((why: End, detail?: string) => void) | undefined;
  #end: [End, string] | undefined;
  #over = false;
  /** The newest picture, while the other side is far behind. */
  #kept: string | undefined;

  constructor(readable: Readable, writable: Writable, read: Reader<In>, bounds: Bounds) {
    this.#readable = readable;
    this.#writable = writable;
    this.#read = read;
    this.#bounds = bounds;
    this.#cutter = new Cutter(bounds);
    for (const stream of new Set([readable, writable]))
      stream.on("error", (error) => this.#finish("closed", error.message));
    readable.on("end", () => this.#finish("closed", "end of the pipe"));
    readable.on("close", () => this.#finish("closed", "end of the pipe"));
    writable.on("drain", () => {
      if (this.#kept !== undefined) this.#write(this.#kept, true);
    });
  }

  send(message: Out): void {
    if (this.#over) return;
    const line = bounded(encodeLine(message), this.#bounds);
    this.#write(line, /^\{"t":"(show|preview)"/.test(line));
  }

  /** A side that reads nothing (a terminal that stands still) may not fill our memory with what we say. */
  #write(line: string, newestOnly: boolean): void {
    if (this.#over) return;
    const behind = this.#writable.writableLength;
    if (newestOnly) this.#kept = behind > this.#bounds.bulkBytes ? line : undefined;
    if (newestOnly && this.#kept !== undefined) return;
    if (behind > 2 * this.#bounds.bulkBytes) this.#finish("breach", "reads nothing");
    else this.#writable.write(`${line}\n`);
  }

  onMessage(take: (message: In) => void): void {
    this.#readable.on("data", (chunk: Uint8Array) => this.#take(chunk, take));
  }

  onEnd(take: (why: End, detail?: string) => void): void {
    this.#onEnd = take;
    if (this.#end) take(...this.#end);
  }

  close(): void {
    if (this.#over) return;
    this.#over = true;
    this.#writable.end(() => this.#readable.destroy());
  }

  #take(chunk: Uint8Array, take: (message: In) => void): void {
    if (this.#over) return;
    try {
      this.#cutter.push(chunk, (line) => {
        take(decodeLine(line, this.#read, this.#bounds));
        return !this.#over;
      });
    } catch (error) {
      if (!(error instanceof Breach)) throw error;
      this.#finish("breach", error.message);
    }
  }

  #finish(why: End, detail: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#end = [why, detail];
    this.#readable.destroy();
    this.#writable.destroy();
    this.#onEnd?.(why, detail);
  }
}

function bounded(line: string, bounds: Bounds): string {
  const length = Buffer.byteLength(line);
  if (length > longest(Buffer.from(line.slice(0, 64)), bounds))
    throw new Error("a line is longer than its bound");
  return line;
}

/** A channel over two streams (or one that is both). */
export function streamChannel<Out, In>(
  readable: Readable,
  writable: Writable,
  read: Reader<In>,
  bounds: Bounds = WIRE,
): Channel<Out, In> {
  return new StreamChannel<Out, In>(readable, writable, read, bounds);
}

/** A channel over an inherited descriptor that is a socket pair's end, as Node's spawn makes them. */
export function descriptorChannel<Out, In>(
  fd: number,
  read: Reader<In>,
  bounds: Bounds = WIRE,
): Channel<Out, In> {
  const socket = new Socket({ fd, readable: true, writable: true });
  return streamChannel<Out, In>(socket, socket, read, bounds);
}
