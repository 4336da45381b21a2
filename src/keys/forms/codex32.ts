// codex32 (BIP 93): a seed of BIP 32, or a share of one, as letters that can be checked by hand.

import { wipe } from "../../bytes.ts";
import { refuse } from "../../refusal.ts";
import {
  type Code,
  codeFor,
  LETTERS,
  lettersOf,
  letterValue,
  slipsOf,
  syndrome,
  valuesOf,
  withChecksum,
} from "./codex32-code.ts";

/** One string, understood. Whoever holds it wipes the payload. */
export interface Codex32 {
  /** Shares that are needed, 2 to 9; 0 for a secret that was never shared. */
  readonly threshold: number;
  /** Four letters, lower case: the same on all shares of a set. */
  readonly identifier: string;
  /** One letter, lower case; "s" is the secret itself. */
  readonly index: string;
  /** Values of 5 bits. */
  readonly payload: Uint8Array;
}

const PREFIX = "ms1";
/** Threshold, identifier and index. */
const HEADER = 6;

/** The letters that carry so many bytes, and the other way round. */
const lettersFor = (bytes: number): number => Math.ceil((8 * bytes) / 5);
const bytesIn = (letters: number): number => Math.floor((5 * letters) / 8);

/**
 * As written or typed: spaces are skipped. Throws Refusal forms.codex32-prefix, -case, -letter, -length, -header
 * or -checksum, with the places where something is wrong as far as they are known, and never with a letter.
 */
export function parseCodex32(text: string): Codex32 {
  const { lower, data, code } = dataOf(text);
  try {
    const wrong = syndrome(code, data);
    if (wrong.some((value) => value !== 0)) {
      const slips = slipsOf(code, wrong, data.length) ?? [];
      const places = slips.map(({ fromEnd }) => lower.length - fromEnd).sort((a, b) => a - b);
      refuse("forms.codex32-checksum", places.map(placeText).join("; "));
    }
    const header = lower.slice(PREFIX.length, PREFIX.length + HEADER);
    const threshold = "0?23456789".indexOf(header[0]!);
    const index = header.at(-1)!;
    if (threshold < 0 || (threshold === 0 && index !== "s")) refuse("forms.codex32-header");
    const payload = data.slice(HEADER, data.length - code.target.length);
    return { threshold, identifier: header.slice(1, -1), index, payload };
  } finally {
    wipe(data);
  }
}

/**
 * The only sound string that is one or two letters away, upper case; undefined where there is none. It is for a
 * person to compare with the paper, never to be taken unseen.
 */
export function mendedCodex32(text: string): string | undefined {
  const { data, code } = dataOf(text);
  try {
    const slips = slipsOf(code, syndrome(code, data), data.length);
    if (slips === undefined) return undefined;
    for (const { fromEnd, by } of slips) data[data.length - 1 - fromEnd]! ^= by;
    return `${PREFIX}${lettersOf(data)}`.toUpperCase();
  } finally {
    wipe(data);
  }
}

/** The values behind "ms1", of a length that BIP 93 has, their checksum not looked at yet. */
function dataOf(text: string): { lower: string; data: Uint8Array; code: Code } {
  const written = text.replace(/\s+/g, "");
  const lower = written.toLowerCase();
  if (!lower.startsWith(PREFIX)) refuse("forms.codex32-prefix");
  if (written !== lower && written !== written.toUpperCase()) refuse("forms.codex32-case");
  const foreign = Array.from(lower).findIndex((letter, at) => at >= PREFIX.length && letterValue(letter) < 0);
  if (foreign >= 0) refuse("forms.codex32-letter", placeText(foreign + 1));
  const code = codeFor(lower.length - PREFIX.length);
  const letters = lower.length - PREFIX.length - HEADER - (code?.target.length ?? 0);
  const bytes = bytesIn(letters);
  if (code === undefined || bytes < 16 || bytes > 64 || letters !== lettersFor(bytes))
    return refuse("forms.codex32-length", `${lower.length} characters`);
  return { lower, data: valuesOf(lower.slice(PREFIX.length)), code };
}

/** Places as people find them on paper: counted from the M, in groups of four. */
function placeText(place: number): string {
  return `character ${place}, in group ${Math.ceil(place / 4)}`;
}

/** Upper case, for paper and for codes. */
export function codex32Text({ threshold, identifier, index, payload }: Codex32): string {
  const data = new Uint8Array(HEADER + payload.length);
  data.set(valuesOf(`${threshold}${identifier}${index}`));
  data.set(payload, HEADER);
  const whole = withChecksum(data);
  try {
    return `${PREFIX}${lettersOf(whole)}`.toUpperCase();
  } finally {
    wipe(data, whole);
  }
}

/** The bits of a seed of 16 to 64 bytes in groups of five, zeros behind (BIP 93 takes any). */
export function payloadOfSeed(seed: Uint8Array): Uint8Array {
  if (seed.length < 16 || seed.length > 64) throw new Error("a seed of BIP 32 has 16 to 64 bytes");
  const out = new Uint8Array(lettersFor(seed.length));
  for (let bit = 0; bit < 8 * seed.length; bit++)
    out[Math.floor(bit / 5)]! |= ((seed[bit >> 3]! >> (7 - (bit & 7))) & 1) << (4 - (bit % 5));
  return out;
}

/** What is left over at the end is ignored, whatever it is (BIP 93, Unshared Secret). */
export function seedOfPayload(payload: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytesIn(payload.length));
  for (let bit = 0; bit < 8 * out.length; bit++)
    out[bit >> 3]! |= ((payload[Math.floor(bit / 5)]! >> (4 - (bit % 5))) & 1) << (7 - (bit & 7));
  return out;
}

/** As a person types one: four letters of bech32 in any case. Throws Refusal forms.codex32-identifier. */
export function codex32Identifier(text: string): string {
  const lower = text.toLowerCase();
  const sound = lower.length === 4 && Array.from(lower).every((letter) => LETTERS.includes(letter));
  return sound ? lower : refuse("forms.codex32-identifier");
}
