// base43: Electrum's single code. One big number in 43 digits, leading zero bytes as leading "0".
// Quadratic, so the caller caps the length at LIMITS.base43Chars first.

import { fromHex } from "../bytes.ts";

const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ$*+-./:";

export function isBase43(text: string): boolean {
  return /^[0-9A-Z$*+\-./:]+$/.test(text);
}

/** Undefined where a letter is foreign. */
export function decodeBase43(text: string): Uint8Array | undefined {
  if (!isBase43(text)) return undefined;
  const zeros = /^0*/.exec(text)![0].length;
  let number = 0n;
  for (const letter of text) number = number * 43n + BigInt(LETTERS.indexOf(letter));
  const digits = number === 0n ? "" : number.toString(16);
  const bytes = fromHex(digits.length % 2 === 0 ? digits : `0${digits}`)!;
  const out = new Uint8Array(zeros + bytes.length);
  out.set(bytes, zeros);
  return out;
}

export function encodeBase43(bytes: Uint8Array): string {
  let zeros = 0;
  while (zeros < bytes.length && bytes[zeros] === 0) zeros++;
  let number = 0n;
  for (const byte of bytes) number = (number << 8n) | BigInt(byte);
  const letters: string[] = [];
  for (; number > 0n; number /= 43n) letters.push(LETTERS[Number(number % 43n)]!);
  return "0".repeat(zeros) + letters.reverse().join("");
}
