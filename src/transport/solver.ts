// Fragments from sums of fragments: Gaussian elimination over GF(2), kept fully reduced after every part,
// so that no single part is slow and every part that can help does.
// Rule: the column of a row's lowest bit stands in no other row. At most `count` rows are ever held.

export interface Solver {
  readonly count: number;
  readonly fragmentBytes: number;
  /** By pivot column. A row is its mask (which fragments it sums) and the sum, as 32-bit words. */
  readonly rows: (Uint32Array | undefined)[];
  rank: number;
}

export function solver(count: number, fragmentBytes: number): Solver {
  return { count, fragmentBytes, rows: new Array(count).fill(undefined), rank: 0 };
}

const maskWords = (solver: Solver): number => (solver.count + 31) >>> 5;

function addInto(row: Uint32Array, other: Uint32Array): void {
  for (let i = 0; i < row.length; i++) row[i]! ^= other[i]!;
}

const holds = (row: Uint32Array, column: number): boolean =>
  ((row[column >>> 5]! >>> (column & 31)) & 1) === 1;

function lowest(row: Uint32Array, words: number): number {
  for (let i = 0; i < words; i++) {
    const word = row[i]!;
    if (word !== 0) return 32 * i + 31 - Math.clz32(word & -word);
  }
  return -1;
}

/**
 * Takes the sum of the fragments with these numbers (each once). "new" where it taught something, "known"
 * where it follows from what is held, "contradiction" where it cannot belong to the same message.
 */
export function learn(
  solver: Solver,
  fragments: readonly number[],
  sum: Uint8Array,
): "new" | "known" | "contradiction" {
  const words = maskWords(solver);
  const row = new Uint32Array(words + ((solver.fragmentBytes + 3) >>> 2));
  new Uint8Array(row.buffer).set(sum, 4 * words);
  for (const column of fragments) row[column >>> 5]! ^= 1 << (column & 31);
  for (const column of fragments) {
    const known = solver.rows[column];
    if (known !== undefined) addInto(row, known);
  }
  const pivot = lowest(row, words);
  if (pivot < 0) return row.every((word) => word === 0) ? "known" : "contradiction";
  for (const other of solver.rows) if (other !== undefined && holds(other, pivot)) addInto(other, row);
  solver.rows[pivot] = row;
  solver.rank++;
  return "new";
}

/** One character a fragment: "#" known, "~" known only in sums, "." never seen. */
export function pieces(solver: Solver): string[] {
  const words = maskWords(solver);
  const summed = new Uint32Array(words);
  const out = new Array<string>(solver.count).fill(".");
  for (const [pivot, row] of solver.rows.entries()) {
    if (row === undefined) continue;
    let others = 0;
    for (let i = 0; i < words; i++) {
      const rest = i === pivot >>> 5 ? row[i]! & ~(1 << (pivot & 31)) : row[i]!;
      others |= rest;
      summed[i]! |= rest;
    }
    out[pivot] = others === 0 ? "#" : "~";
  }
  for (let i = 0; i < solver.count; i++) if (out[i] === "." && holds(summed, i)) out[i] = "~";
  return out;
}

/** All fragments in order, cut to `length` bytes; only when rank === count. */
export function solved(solver: Solver, length: number): Uint8Array {
  const out = new Uint8Array(length);
  const start = 4 * maskWords(solver);
  for (const [i, row] of solver.rows.entries()) {
    const from = i * solver.fragmentBytes;
    const size = Math.min(solver.fragmentBytes, length - from);
    if (row !== undefined && size > 0) out.set(new Uint8Array(row.buffer, start, size), from);
  }
  return out;
}
