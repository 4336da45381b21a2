// The nonces that recorded spends of Ethereum used, the highest few of each account: so that one which is used again, or
// far from the next, can be said. They are remembered for ever.

import type { PastNonce } from "../rules.ts";

/** Of each account; and accounts, of which the ones that were used last. */
const REMEMBERED = 16;
const ACCOUNTS = 128;

/** "1/0x…/5", chain, account and nonce; of a Safe "1/0x…/safe/5". */
const OUTPOINT = /^([1-9]\d{0,15}\/0x[0-9a-f]{40}(?:\/safe)?)\/(0|[1-9]\d{0,77})$/;

/** The account, then each nonce with its txid. */
export type PackedNonces = readonly [string, ...(readonly [nonce: string, txid: string])[]];

export class Nonces {
  /** The highest first; the account that was used last is the last. */
  readonly #of = new Map<string, readonly PastNonce[]>();

  constructor(packed: readonly PackedNonces[] = []) {
    for (const [account, ...all] of packed)
      this.#of.set(
        account,
        all.map(([nonce, txid]) => ({ nonce: BigInt(nonce), txid })),
      );
  }

  get packed(): readonly PackedNonces[] {
    return [...this.#of].map(([account, all]) => [
      account,
      ...all.map(({ nonce, txid }) => [String(nonce), txid] as const),
    ]);
  }

  of(account: string): readonly PastNonce[] {
    return this.#of.get(account) ?? [];
  }

  add(txid: string, outpoints: readonly string[]): void {
    for (const outpoint of outpoints) {
      const [, account, text] = OUTPOINT.exec(outpoint) ?? [];
      if (account === undefined || text === undefined) continue;
      const nonce = BigInt(text);
      const others = this.of(account).filter((one) => one.nonce !== nonce || one.txid !== txid);
      // Of one nonce what was recorded last stands first.
      const all = [{ nonce, txid }, ...others].sort((a, b) => compare(b.nonce, a.nonce));
      this.#of.delete(account);
      this.#of.set(account, all.slice(0, REMEMBERED));
      const [oldest] = this.#of.keys();
      if (this.#of.size > ACCOUNTS && oldest !== undefined) this.#of.delete(oldest);
    }
  }

  remove(txid: string): void {
    for (const [account, all] of this.#of) {
      const kept = all.filter((one) => one.txid !== txid);
      if (kept.length < all.length) this.#of.set(account, kept);
    }
  }
}

function compare(a: bigint, b: bigint): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
