// GF(256) modulo x^8 + x^4 + x^3 + x + 1 (FIPS 197, 4.2), and polynomials over it as SLIP-39 uses them.
// No tables: every product takes the same steps, whatever its factors.

/** A point of as many polynomials as `y` has bytes. */
export interface Point {
  readonly x: number;
  readonly y: Uint8Array;
}

export function product(a: number, b: number): number {
  let sum = 0;
  let shifted = a;
  for (let bit = 0; bit < 8; bit++) {
    sum ^= shifted & -((b >> bit) & 1);
    shifted = ((shifted << 1) ^ (0x11b & -(shifted >> 7))) & 0xff;
  }
  return sum;
}

/** a^254, which is 1/a for all but 0. */
function inverse(a: number): number {
  let result = 1;
  let power = a;
  for (let bit = 1; bit < 8; bit++) {
    power = product(power, power);
    result = product(result, power);
  }
  return result;
}

/**
 * What the polynomials of lowest degree through all `points` are at `x` (Lagrange). The points' x must differ
 * and their y be of one length: anything else is a bug. The caller wipes the result.
 */
export function interpolate(points: readonly Point[], x: number): Uint8Array {
  const length = points[0]?.y.length ?? 0;
  if (points.some(({ y }) => y.length !== length)) throw new Error("points of several lengths");
  if (new Set(points.map((point) => point.x)).size !== points.length) throw new Error("a point twice");
  const out = new Uint8Array(length);
  for (const point of points) {
    const others = points.filter((other) => other !== point);
    const above = others.reduce((all, other) => product(all, x ^ other.x), 1);
    const below = others.reduce((all, other) => product(all, point.x ^ other.x), 1);
    const weight = product(above, inverse(below));
    for (let i = 0; i < length; i++) out[i]! ^= product(point.y[i]!, weight);
  }
  return out;
}
