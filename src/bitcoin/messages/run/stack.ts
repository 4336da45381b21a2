// A script's stack, and how its run can end. Only for verifying what others signed: nothing of Firn's own signing asks it.

import { equal } from "../../../bytes.ts";

/** no: some rule is broken. unsure: it holds something that this reader has no word for. */
export class Stop extends Error {
  readonly outcome: "no" | "unsure";

  constructor(outcome: "no" | "unsure", why: string) {
    super(why);
    this.outcome = outcome;
  }
}

export function no(why: string): never {
  throw new Stop("no", why);
}

export function unsure(why: string): never {
  throw new Stop("unsure", why);
}

export const FALSE = new Uint8Array(0);
export const TRUE = Uint8Array.of(1);
/** Consensus: items on both stacks together. */
const MOST_ITEMS = 1000;

export class Stack {
  readonly items: Uint8Array[];

  constructor(items: readonly Uint8Array[]) {
    this.items = [...items];
  }

  push(item: Uint8Array): void {
    if (this.items.length >= MOST_ITEMS) no("its stack is too deep");
    this.items.push(item);
  }

  pop(): Uint8Array {
    return this.items.pop() ?? no("something is missing on its stack");
  }

  top(): Uint8Array {
    return this.items.at(-1) ?? no("something is missing on its stack");
  }

  pushFlag(flag: boolean): void {
    this.push(flag ? TRUE : FALSE);
  }

  /** Minimal, of at most so many bytes. */
  popNumber(most = 4): number {
    return numberOf(this.pop(), most);
  }
}

/** Zero, also the negative one, is false (consensus: CastToBool). */
export function isTrue(item: Uint8Array): boolean {
  return item.some((byte, i) => byte !== 0 && !(i === item.length - 1 && byte === 0x80));
}

export function numberOf(item: Uint8Array, most: number): number {
  if (item.length > most) no("a number is too long");
  const value = item.reduceRight(
    (sum, byte, i) => sum * 256 + (i === item.length - 1 ? byte & 0x7f : byte),
    0,
  );
  const number = (item.at(-1) ?? 0) & 0x80 ? -value : value;
  if (!equal(bytesOf(number), item)) no("a number is not written as short as it can be");
  return number;
}

export function bytesOf(number: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = Math.abs(number); rest > 0; rest = Math.floor(rest / 256)) bytes.push(rest % 256);
  if (bytes.length > 0 && bytes.at(-1)! & 0x80) bytes.push(0);
  if (number < 0) bytes[bytes.length - 1]! |= 0x80;
  return Uint8Array.from(bytes);
}
