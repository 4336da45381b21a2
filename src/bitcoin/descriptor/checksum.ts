// The descriptor checksum of BIP 380: a BCH code over the characters of the text.

const INPUT =
  "0123456789()[],'/*abcdefgh@:$%{}" +
  "IJKLMNOPQRSTUVWXYZ&+-.;<=>?!^_|~" +
  'ijklmnopqrstuvwxyzABCDEFGH`#"\\ ';
const OUTPUT = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

/** The generator's 40-bit words, each as its upper 8 and lower 32 bits: no BigInt in the loop. */
const GENERATOR: readonly (readonly [high: number, low: number])[] = [
  [0xf5, 0xdee51989],
  [0xa9, 0xfdca3312],
  [0x1b, 0xab10e32d],
  [0x37, 0x06b1677a],
  [0x64, 0x4d626ffd],
];

/** Undefined where a character lies outside the set that descriptors may use. */
function symbols(text: string): number[] | undefined {
  const out: number[] = [];
  let group = 0;
  for (let i = 0; i < text.length; i++) {
    const at = INPUT.indexOf(text[i]!);
    if (at < 0) return undefined;
    out.push(at & 31);
    group = group * 3 + (at >> 5);
    if (i % 3 === 2) {
      out.push(group);
      group = 0;
    }
  }
  if (text.length % 3 !== 0) out.push(group);
  return out;
}

/** Eight characters for the descriptor without "#"; undefined where BIP 380 does not allow a character. */
export function checksum(text: string): string | undefined {
  const values = symbols(text);
  if (values === undefined) return undefined;
  // 40 bits of state: 8 high, 32 low.
  let high = 0;
  let low = 1;
  for (const value of [...values, 0, 0, 0, 0, 0, 0, 0, 0]) {
    const top = high >>> 3;
    high = ((high & 7) << 5) | (low >>> 27);
    low = (low << 5) ^ value;
    for (const [i, [generatorHigh, generatorLow]] of GENERATOR.entries()) {
      if (((top >> i) & 1) === 0) continue;
      high ^= generatorHigh;
      low ^= generatorLow;
    }
  }
  const state = (BigInt(high) << 32n) | BigInt((low ^ 1) >>> 0);
  let out = "";
  for (let i = 7; i >= 0; i--) out += OUTPUT[Number((state >> BigInt(5 * i)) & 31n)];
  return out;
}
