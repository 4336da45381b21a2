// The field of 32 elements and the two checksums of codex32 (BIP 93): values 0 to 31, one a letter of bech32.

/** BIP 173's letters, by value. */
export const LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

/** -1 where the letter is foreign. Lower case only. */
export function letterValue(letter: string): number {
  return LETTERS.indexOf(letter);
}

export function valuesOf(text: string): Uint8Array {
  return Uint8Array.from(text, letterValue);
}

export function lettersOf(values: Uint8Array): string {
  let out = "";
  for (const value of values) out += LETTERS[value];
  return out;
}

/** Modulo x^5 + x^3 + 1. */
export function times(a: number, b: number): number {
  let product = 0;
  for (let shifted = a, bit = 0; bit < 5; bit++) {
    product ^= shifted & -((b >> bit) & 1);
    shifted = (shifted << 1) ^ (41 & -(shifted >> 4));
  }
  return product;
}

/** a^30, which is 1/a; zero for zero. */
export function inverse(a: number): number {
  let power = a;
  let product = 1;
  for (let i = 0; i < 4; i++) {
    power = times(power, power);
    product = times(product, power);
  }
  return product;
}

/** A BCH code: any 8 wrong letters are noticed, and no two strings of one length differ in fewer than 9. */
export interface Code {
  /** The generator without its first coefficient, which is one: as many as the checksum has letters. */
  readonly generator: Uint8Array;
  /** What is left over of a whole string. */
  readonly target: Uint8Array;
}

const code = (generator: string, target: string): Code => ({
  generator: valuesOf(generator),
  target: valuesOf(target),
});

const SHORT = code("em3gqeeelmcss", "secretshare32");
const LONG = code("02e6fe4xh4x9kyh", "secretshare32ex");

/** Letters of the data part that the short code covers with its checksum, and the least of the long one. */
const MOST_SHORT = 93;
const LEAST_LONG = 96;

/** By the length of the whole data part; undefined for lengths that BIP 93 leaves out. */
export function codeFor(dataLetters: number): Code | undefined {
  if (dataLetters <= MOST_SHORT) return SHORT;
  return dataLetters >= LEAST_LONG ? LONG : undefined;
}

/** Remainder times x, plus a value. */
function step(state: Uint8Array, value: number, generator: Uint8Array): void {
  const top = state[0]!;
  state.copyWithin(0, 1);
  state[state.length - 1] = value;
  for (let i = 0; i < state.length; i++) state[i]! ^= times(top, generator[i]!);
}

/** "ms" as BIP 173 expands a human-readable part, behind a one. */
const PREFIX = Uint8Array.of(1, 3, 3, 0, 13, 19);

/** What differs from a sound string: zeros only for one. `data` is the whole data part. */
export function syndrome({ generator, target }: Code, data: Uint8Array): Uint8Array {
  const state = new Uint8Array(generator.length);
  state.set(PREFIX, state.length - PREFIX.length);
  for (const value of data) step(state, value, generator);
  return state.map((value, i) => value ^ target[i]!);
}

/** The data part without and then with its checksum: the short one where it suffices. */
export function withChecksum(data: Uint8Array): Uint8Array {
  const chosen = data.length + SHORT.target.length <= MOST_SHORT ? SHORT : LONG;
  const whole = new Uint8Array(data.length + chosen.target.length);
  whole.set(data);
  whole.set(syndrome(chosen, whole), data.length);
  return whole;
}

/** One wrong letter: how far from the end of the data part, from 0, and by what value. */
export interface Slip {
  readonly fromEnd: number;
  readonly by: number;
}

/**
 * The one or two letters whose change makes a string sound, or undefined. With so few there is only one such
 * change: strings of one length differ in 9 letters or more.
 */
export function slipsOf({ generator }: Code, wrong: Uint8Array, dataLetters: number): Slip[] | undefined {
  const column = new Uint8Array(generator.length);
  column[column.length - 1] = 1;
  const single = new Map<string, Slip>();
  for (let fromEnd = 0; fromEnd < dataLetters; fromEnd++) {
    for (let by = 1; by < 32; by++)
      single.set(column.map((value) => times(value, by)).join(), { fromEnd, by });
    step(column, 0, generator);
  }
  const one = single.get(wrong.join());
  if (one !== undefined) return [one];
  for (const [pattern, first] of single) {
    const values = pattern.split(",");
    const second = single.get(wrong.map((value, i) => value ^ Number(values[i])).join());
    if (second !== undefined && second !== first) return [first, second];
  }
  return undefined;
}
