// Where the bits of a printed code stand (ISO/IEC 18004): patterns, format at level M, masks and their penalty.

/** A module: bit 0 is dark, bit 1 says that no mask touches it. */
export interface Grid {
  readonly version: number;
  readonly side: number;
  readonly modules: Uint8Array;
}

const FIXED = 2;

export const MASKS = [0, 1, 2, 3, 4, 5, 6, 7];

/** All but mask and format. */
export function placed(version: number, bytes: Uint8Array): Grid {
  const side = 4 * version + 17;
  const grid = { version, side, modules: new Uint8Array(side * side) };
  patterns(grid);
  let bit = 0;
  for (const at of free(grid)) {
    // What is left over stays light.
    grid.modules[at] = ((bytes[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1;
    bit++;
  }
  return grid;
}

function set({ side, modules }: Grid, x: number, y: number, dark: boolean): void {
  modules[y * side + x] = FIXED | (dark ? 1 : 0);
}

function patterns(grid: Grid): void {
  const { version, side } = grid;
  for (let i = 0; i < side; i++) {
    set(grid, 6, i, i % 2 === 0);
    set(grid, i, 6, i % 2 === 0);
  }
  for (const [x, y] of [
    [3, 3],
    [side - 4, 3],
    [3, side - 4],
  ] as const)
    finder(grid, x, y);
  const marks = alignment(version);
  const last = marks.length - 1;
  for (const [i, x] of marks.entries())
    for (const [j, y] of marks.entries())
      if (!((i === 0 && (j === 0 || j === last)) || (i === last && j === 0))) square(grid, x, y, 2);
  // Its place is kept; masked() says which mask it is.
  format(grid, 0);
  if (version >= 7) versionBits(grid);
}

/** Rings around a centre: dark but for the one at distance 1. */
function square(grid: Grid, x: number, y: number, reach: number): void {
  for (let dy = -reach; dy <= reach; dy++)
    for (let dx = -reach; dx <= reach; dx++)
      set(grid, x + dx, y + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1);
}

function finder(grid: Grid, x: number, y: number): void {
  for (let dy = -4; dy <= 4; dy++)
    for (let dx = -4; dx <= 4; dx++) {
      const inside = x + dx >= 0 && x + dx < grid.side && y + dy >= 0 && y + dy < grid.side;
      const ring = Math.max(Math.abs(dx), Math.abs(dy));
      if (inside) set(grid, x + dx, y + dy, ring !== 2 && ring !== 4);
    }
}

function alignment(version: number): readonly number[] {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = version === 32 ? 26 : Math.ceil((4 * version + 4) / (2 * count - 2)) * 2;
  return Array.from({ length: count }, (_, i) => (i === 0 ? 6 : 4 * version + 10 - (count - 1 - i) * step));
}

/** BCH (15, 5) of level M (00) and the mask, twice, and the one module that is always dark. */
function format(grid: Grid, mask: number): void {
  const { side } = grid;
  let rest = mask;
  for (let i = 0; i < 10; i++) rest = (rest << 1) ^ ((rest >> 9) * 0x537);
  const bits = ((mask << 10) | rest) ^ 0x5412;
  const bit = (i: number) => ((bits >> i) & 1) === 1;
  for (let i = 0; i < 15; i++) {
    set(grid, i < 8 ? side - 1 - i : 8, i < 8 ? 8 : side - 15 + i, bit(i));
    const [x, y] = i < 6 ? [8, i] : i < 8 ? [8, i + 1] : i === 8 ? [7, 8] : [14 - i, 8];
    set(grid, x, y, bit(i));
  }
  set(grid, 8, side - 8, true);
}

/** BCH (18, 6) of the version, twice. */
function versionBits(grid: Grid): void {
  const { version, side } = grid;
  let rest = version;
  for (let i = 0; i < 12; i++) rest = (rest << 1) ^ ((rest >> 11) * 0x1f25);
  const bits = (version << 12) | rest;
  for (let i = 0; i < 18; i++) {
    const dark = ((bits >> i) & 1) === 1;
    const [long, short] = [Math.floor(i / 3), side - 11 + (i % 3)];
    set(grid, short, long, dark);
    set(grid, long, short, dark);
  }
}

/** Free modules in the order of the bits: pairs of columns from the right, up and down by turns. */
function* free({ side, modules }: Grid): Generator<number> {
  for (let right = side - 1, up = true; right >= 1; right -= 2, up = !up) {
    // The upright timing line is no part of a pair.
    if (right === 6) right = 5;
    for (let i = 0; i < side; i++)
      for (const x of [right, right - 1]) {
        const at = (up ? side - 1 - i : i) * side + x;
        if ((modules[at]! & FIXED) === 0) yield at;
      }
  }
}

/** x and y from the upper left; true: the module is turned over. */
const RULES: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

export function masked({ version, side, modules }: Grid, mask: number): Grid {
  const rule = RULES[mask]!;
  const turned = modules.map((module, at) =>
    (module & FIXED) === 0 && rule(at % side, Math.floor(at / side)) ? module ^ 1 : module,
  );
  const grid = { version, side, modules: turned };
  format(grid, mask);
  return grid;
}

/** The less of it, the easier to read: runs, blocks of four, what looks like a finder, uneven ink. */
export function penalty({ side, modules }: Grid): number {
  const line = (first: number, step: number) =>
    Array.from({ length: side }, (_, i) => modules[first + i * step]! & 1).join("");
  let sum = 0;
  let ink = 0;
  for (let i = 0; i < side; i++) {
    const row = line(i * side, 1);
    sum += lineOf(row) + lineOf(line(i, side));
    ink += row.replaceAll("0", "").length;
  }
  for (let y = 0; y + 1 < side; y++)
    for (let x = 0; x + 1 < side; x++) {
      const at = y * side + x;
      const four = [at, at + 1, at + side, at + side + 1].map((place) => modules[place]! & 1);
      if (four.every((module) => module === four[0])) sum += 3;
    }
  return sum + 10 * Math.floor(Math.abs(ink * 20 - side * side * 10) / (side * side));
}

function lineOf(line: string): number {
  const runs = line.match(/0{5,}|1{5,}/g) ?? [];
  const alike = line.match(/(?=10111010000|00001011101)/g) ?? [];
  return runs.reduce((sum, run) => sum + run.length - 2, 0) + 40 * alike.length;
}
