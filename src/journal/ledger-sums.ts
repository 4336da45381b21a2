// Sums of the last so many of a row of amounts: a Fenwick tree, so that adding, changing and asking take few steps each.

export class Sums {
  /** The amount at each place. */
  readonly #each: bigint[] = [];
  /** Entry i sums the amounts that end with place i: as many as the lowest set bit of i + 1 says. */
  readonly #tree: bigint[] = [];
  #total = 0n;

  /** Begins with so many zeros. */
  constructor(places: number) {
    for (let i = 0; i < places; i++) this.push(0n);
  }

  push(amount: bigint): void {
    const end = this.#each.push(amount);
    let sum = amount;
    for (let step = 1; step < lowest(end); step <<= 1) sum += this.#tree[end - step - 1]!;
    this.#tree.push(sum);
    this.#total += amount;
  }

  at(place: number): bigint {
    return this.#each[place]!;
  }

  set(place: number, amount: bigint): void {
    const more = amount - this.#each[place]!;
    if (more === 0n) return;
    this.#each[place] = amount;
    this.#total += more;
    for (let end = place + 1; end <= this.#tree.length; end += lowest(end)) this.#tree[end - 1]! += more;
  }

  /** Of this place and all that follow. */
  from(place: number): bigint {
    let before = 0n;
    for (let end = place; end > 0; end -= lowest(end)) before += this.#tree[end - 1]!;
    return this.#total - before;
  }
}

function lowest(bits: number): number {
  return bits & -bits;
}
