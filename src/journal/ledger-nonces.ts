// The nonces that recorded spends of Ethereum used, the highest few of each account: so that one which is used again, or
// far from the next, can be said. They are remembered for ever.

import type { PastNonce } from "../rules.ts";

/** Of each account; and accounts, of which the ones that were used last. */
const REMEMBERED = 16;
const ACCOUNTS = 128;

/** "1/0x…/5", chain, account and nonce; of a Safe "1/0x…/safe/5". */
const OUTPOINT = /^([1-9]\d{0,15}\/0x[0-9a-f]{40}(?:\/safe)?)\/(0|[1-9]\d{0,77})$/;

export class Nonces {
  /** The highest first; the account that was used last is the last. */
  readonly #of = new Map<string, readonly PastNonce[]>();

  /** As `packed` gives them. */
  constructor(packed: readonly string[] = []) {
    for (const line of packed) {
      const [account = "", ...all] = line.split(" ");
      const read = (text: string): PastNonce => {
        const [nonce = "0", txid = ""] = text.split(":");
        return { nonce: BigInt(nonce), txid };
      };
      this.#of.set(account, all.map(read));
    }
  }

  /** "1/0x… 5:txid 4:txid", an account each. */
  get packed(): readonly string[] {
    return [...this.#of].map(([account, all]) =>
      [account, ...all.map(({ nonce, txid }) => `${nonce}:${txid}`)].join(" "),
    );
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
      const all = [...others, { nonce, txid }].sort((a, b) => compare(b.nonce, a.nonce));
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
