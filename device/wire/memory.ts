// Two channels joined in one process: every message still passes through text, bounds and schema.

import { type Bounds, type Channel, decodeLine, type End, encodeLine } from "./channel.ts";
import { Breach, type Reader } from "./schema.ts";

class MemoryEnd<Out, In> implements Channel<Out, In> {
  readonly #read: Reader<In>;
  readonly #bounds: Bounds | undefined;
  #other: MemoryEnd<In, Out> | undefined;
  #take: ((message: In) => void) | undefined;
  #onEnd: ((why: End, detail?: string) => void) | undefined;
  #end: [End, string] | undefined;
  #waiting: Uint8Array[] = [];
  #over = false;

  constructor(read: Reader<In>, bounds: Bounds | undefined) {
    this.#read = read;
    this.#bounds = bounds;
  }

  join(other: MemoryEnd<In, Out>): void {
    this.#other = other;
  }

  send(message: Out): void {
    if (this.#over) return;
    const line = Buffer.from(encodeLine(message));
    const other = this.#other;
    queueMicrotask(() => other?.receive(line));
  }

  /** A line as it would come over a pipe. Also the way in for a test that plays a broken cage. */
  receive(line: Uint8Array): void {
    if (this.#over) return;
    if (!this.#take) {
      this.#waiting.push(line);
      return;
    }
    try {
      this.#take(decodeLine(line, this.#read, this.#bounds));
    } catch (error) {
      if (!(error instanceof Breach)) throw error;
      this.#finish("breach", error.message);
    }
  }

  onMessage(take: (message: In) => void): void {
    this.#take = take;
    for (const line of this.#waiting.splice(0)) this.receive(line);
  }

  onEnd(take: (why: End, detail?: string) => void): void {
    this.#onEnd = take;
    if (this.#end) take(...this.#end);
  }

  close(): void {
    if (this.#over) return;
    this.#over = true;
    const other = this.#other;
    queueMicrotask(() => other?.ended());
  }

  ended(): void {
    this.#finish("closed", "end of the pipe");
  }

  #finish(why: End, detail: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#end = [why, detail];
    const other = this.#other;
    queueMicrotask(() => other?.ended());
    this.#onEnd?.(why, detail);
  }
}

/** A joined pair: what the first sends the second reads by `readSecond`, and the other way by `readFirst`. */
export function memoryPair<A, B>(
  readFirst: Reader<B>,
  readSecond: Reader<A>,
  bounds?: Bounds,
): { first: Channel<A, B>; second: Channel<B, A> } {
  const first = new MemoryEnd<A, B>(readFirst, bounds);
  const second = new MemoryEnd<B, A>(readSecond, bounds);
  first.join(second);
  second.join(first);
  return { first, second };
}
