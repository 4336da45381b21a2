// From published lists to the tokens that Firn ships: what two publishers say alike, and no look-alikes.

import { CHAINS } from "../../src/ethereum/known/chains.ts";

/** What one publisher says of one contract. */
export interface Said {
  readonly chainId: number;
  /** Small letters, with 0x. */
  readonly contract: string;
  readonly symbol: string;
  readonly decimals: number;
}

export interface List {
  /** Lists of one publisher are one voice. */
  readonly publisher: string;
  readonly said: readonly Said[];
  /** A list that chooses: what is on it may be shipped where another agrees. The others only agree. */
  readonly chooses: boolean;
}

export interface Chosen {
  readonly contract: string;
  readonly symbol: string;
  readonly decimals: number;
  /** Of how many publishers. */
  readonly voices: number;
  /** Of how many of those that choose. */
  readonly choices: number;
}

/** Printable, without blanks, beginning with a letter or a digit, and with one letter at least. */
const SYMBOL = /^(?=.*[A-Za-z])[A-Za-z0-9][A-Za-z0-9.+_-]{0,10}$/;

/** Two that look the same on a screen, or sound the same to people, have the same folded form. */
export function folded(symbol: string): string {
  return symbol
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "")
    .replaceAll("0", "o")
    .replace(/[1il]/g, "l")
    .replaceAll("5", "s")
    .replaceAll("rn", "m")
    .replaceAll("vv", "w");
}

/** By chain, sorted by contract. */
export function chooseTokens(lists: readonly List[]): ReadonlyMap<number, readonly Chosen[]> {
  const byContract = new Map<string, { list: List; said: Said }[]>();
  for (const list of lists)
    for (const said of list.said) {
      const key = `${said.chainId}/${said.contract}`;
      byContract.set(key, [...(byContract.get(key) ?? []), { list, said }]);
    }
  const found = CHAINS.map(({ id, coin }) => {
    const mine = [...byContract].filter(([key]) => key.startsWith(`${id}/`));
    const agreed = mine.flatMap(([, voices]) => agree(voices) ?? []);
    return [id, withoutLookAlikes(agreed, coin)] as const;
  });
  return new Map(found.filter(([, tokens]) => tokens.length > 0));
}

function agree(voices: readonly { list: List; said: Said }[]): Chosen | undefined {
  if (!voices.some(({ list }) => list.chooses)) return undefined;
  // Where anybody says other decimals, nobody is believed: a wrong point moves an amount by powers of ten.
  const { decimals, contract } = voices[0]!.said;
  if (voices.some(({ said }) => said.decimals !== decimals)) return undefined;
  if (!Number.isInteger(decimals) || decimals < 0 || decimals > 18) return undefined;
  // The first publisher whom another one bears out; some write all of it in capitals.
  const said = voices.find(({ said: { symbol } }) => SYMBOL.test(symbol) && saying(voices, symbol) > 1)?.said;
  if (said === undefined) return undefined;
  const choosing = new Set(voices.filter(({ list }) => list.chooses).map(({ list }) => list.publisher));
  const { symbol } = said;
  return { contract, symbol, decimals, voices: saying(voices, symbol), choices: choosing.size };
}

function saying(voices: readonly { list: List; said: Said }[], symbol: string): number {
  const same = voices.filter(({ said }) => said.symbol.toLowerCase() === symbol.toLowerCase());
  return new Set(same.map(({ list }) => list.publisher)).size;
}

/** The greater one keeps its symbol; the coin of the chain and Bitcoin are greater than all. */
function withoutLookAlikes(tokens: readonly Chosen[], coin: string): readonly Chosen[] {
  const taken = new Set([folded(coin), folded("BTC")]);
  const kept: Chosen[] = [];
  for (const token of [...tokens].sort(greater)) {
    if (taken.has(folded(token.symbol))) continue;
    taken.add(folded(token.symbol));
    kept.push(token);
  }
  return kept.sort((a, b) => (a.contract < b.contract ? -1 : 1));
}

function greater(a: Chosen, b: Chosen): number {
  return b.choices - a.choices || b.voices - a.voices || (a.contract < b.contract ? -1 : 1);
}
