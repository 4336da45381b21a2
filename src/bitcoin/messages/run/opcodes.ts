// The script's words that wallets use: all that BIP 379 compiles to, and the old forms. For any other the answer is unsure.

import { ripemd160 } from "@noble/hashes/legacy.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { compare, equal } from "../../../bytes.ts";
import { hash160 } from "../../script.ts";
import { bytesOf, isTrue, no, type Stack } from "./stack.ts";

type Word = (stack: Stack, alt: Stack) => void;

const math =
  (act: (a: number, b: number) => number): Word =>
  (stack) => {
    const b = stack.popNumber();
    stack.push(bytesOf(act(stack.popNumber(), b)));
  };
const test =
  (holds: (a: number, b: number) => boolean): Word =>
  (stack) => {
    const b = stack.popNumber();
    stack.pushFlag(holds(stack.popNumber(), b));
  };
const hash =
  (act: (bytes: Uint8Array) => Uint8Array): Word =>
  (stack) =>
    stack.push(act(stack.pop()));

const equals: Word = (stack) => stack.pushFlag(equal(stack.pop(), stack.pop()));
const verify: Word = (stack) => {
  if (!isTrue(stack.pop())) no("a condition of its script is not met");
};

const then =
  (...words: readonly Word[]): Word =>
  (stack, alt) => {
    for (const word of words) word(stack, alt);
  };

const numEqual = test((a, b) => a === b);

export const WORDS: ReadonlyMap<number, Word> = new Map<number, Word>([
  [0x61, () => {}],
  [0x69, verify],
  [0x6b, (stack, alt) => alt.push(stack.pop())],
  [0x6c, (stack, alt) => stack.push(alt.pop())],
  [0x73, (stack) => (isTrue(stack.top()) ? stack.push(stack.top()) : undefined)],
  [0x74, (stack) => stack.push(bytesOf(stack.items.length))],
  [0x75, (stack) => void stack.pop()],
  [0x76, (stack) => stack.push(stack.top())],
  [
    0x7c,
    (stack) => {
      const [b, a] = [stack.pop(), stack.pop()];
      stack.push(b);
      stack.push(a);
    },
  ],
  [0x82, (stack) => stack.push(bytesOf(stack.top().length))],
  [0x87, equals],
  [0x88, then(equals, verify)],
  [0x91, (stack) => stack.pushFlag(stack.popNumber() === 0)],
  [0x92, (stack) => stack.pushFlag(stack.popNumber() !== 0)],
  [0x93, math((a, b) => a + b)],
  [0x94, math((a, b) => a - b)],
  [0x9a, test((a, b) => a !== 0 && b !== 0)],
  [0x9b, test((a, b) => a !== 0 || b !== 0)],
  [0x9c, numEqual],
  [0x9d, then(numEqual, verify)],
  [0x9f, test((a, b) => a < b)],
  [0xa0, test((a, b) => a > b)],
  [0xa1, test((a, b) => a <= b)],
  [0xa2, test((a, b) => a >= b)],
  [0xa6, hash(ripemd160)],
  [0xa8, hash(sha256)],
  [0xa9, hash(hash160)],
  [0xaa, hash((bytes) => sha256(sha256(bytes)))],
]);

/** BIP 62: each push is the shortest that there is. */
export function isMinimal(opcode: number, data: Uint8Array): boolean {
  if (data.length === 0) return opcode === 0;
  if (data.length === 1 && data[0]! >= 1 && data[0]! <= 16) return false;
  if (compare(data, Uint8Array.of(0x81)) === 0) return false;
  if (data.length < 0x4c) return opcode === data.length;
  return data.length < 0x100 ? opcode === 0x4c : opcode === 0x4d;
}
