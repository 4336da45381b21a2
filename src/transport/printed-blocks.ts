// Error correction of a printed code (ISO/IEC 18004, level M): Reed-Solomon over GF(256), in blocks by turns.

/** Correction bytes a block, by version. */
const CORRECTION = [
  10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26, 26, 28, 28, 28, 28, 28, 28,
  28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28,
];
/** Blocks, by version. */
const BLOCKS = [
  1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21, 23, 25, 26, 28, 29,
  31, 33, 35, 37, 38, 40, 43, 45, 47, 49,
];

export interface Blocks {
  readonly count: number;
  /** Of each block. */
  readonly correction: number;
  /** Bytes in all. */
  readonly total: number;
  /** Of these, not correction. */
  readonly data: number;
}

export function blocksOf(version: number): Blocks {
  const count = BLOCKS[version - 1]!;
  const correction = CORRECTION[version - 1]!;
  const total = freeModules(version) >> 3;
  return { count, correction, total, data: total - count * correction };
}

/** Modules that patterns, format and version leave free. */
function freeModules(version: number): number {
  const side = 4 * version + 17;
  // Three finders with their white and the format beside them, the timing lines, the one dark module.
  const fixed = 3 * 64 + 2 * (side - 16) + 31;
  if (version === 1) return side * side - fixed;
  const marks = ((version / 7) | 0) + 2;
  // Alignment patterns of 25; those on a timing line share five modules with it.
  const alignment = 25 * (marks * marks - 3) - 10 * (marks - 2);
  return side * side - fixed - alignment - (version >= 7 ? 36 : 0);
}

/** Data and correction in the order in which they are placed: a byte of each block by turns. */
export function withCorrection(data: Uint8Array, version: number): Uint8Array {
  const { count, correction, total } = blocksOf(version);
  const short = Math.floor(data.length / count);
  const longer = data.length % count;
  const divisor = divisorOf(correction);
  let at = 0;
  const blocks = Array.from({ length: count }, (_, i) => {
    const block = data.subarray(at, at + short + (i < count - longer ? 0 : 1));
    at += block.length;
    return { block, rest: remainder(block, divisor) };
  });
  const out: number[] = [];
  for (let i = 0; i <= short; i++) for (const { block } of blocks) if (i < block.length) out.push(block[i]!);
  for (let i = 0; i < correction; i++) for (const { rest } of blocks) out.push(rest[i]!);
  if (out.length !== total) throw new Error("a code's blocks do not add up");
  return Uint8Array.from(out);
}

/** In GF(256) by the polynomial 0x11d. */
function times(a: number, b: number): number {
  let product = 0;
  for (let i = 7; i >= 0; i--) {
    product = (product << 1) ^ ((product >> 7) * 0x11d);
    product ^= ((b >> i) & 1) * a;
  }
  return product;
}

/** (x - 1)(x - 2)(x - 4) … without its leading one. */
function divisorOf(degree: number): Uint8Array {
  const out = new Uint8Array(degree);
  out[degree - 1] = 1;
  let root = 1;
  for (let i = 0; i < degree; i++) {
    for (let j = 0; j < degree; j++) out[j] = times(out[j]!, root) ^ (out[j + 1] ?? 0);
    root = times(root, 2);
  }
  return out;
}

function remainder(block: Uint8Array, divisor: Uint8Array): Uint8Array {
  const out = new Uint8Array(divisor.length);
  for (const byte of block) {
    const factor = byte ^ out[0]!;
    out.copyWithin(0, 1);
    out[out.length - 1] = 0;
    for (const [i, coefficient] of divisor.entries()) out[i]! ^= times(coefficient, factor);
  }
  return out;
}
