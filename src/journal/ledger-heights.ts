// The heights that recorded spends were locked to: the highest few, so that releasing one leaves the one before.

import { LOCK_TIME_THRESHOLD } from "../limits.ts";

export interface Height {
  readonly txid: string;
  readonly height: number;
}

const REMEMBERED = 16;

export class Heights {
  #top: readonly Height[];

  constructor(top: readonly Height[] = []) {
    this.#top = top;
  }

  /** The highest first. */
  get top(): readonly Height[] {
    return this.#top;
  }

  /** Times are locked to as well (BIP 65); they are no heights. */
  add(txid: string, height: number): void {
    if (height >= LOCK_TIME_THRESHOLD) return;
    const others = this.#top.filter((one) => one.txid !== txid);
    this.#top = [...others, { txid, height }].sort((a, b) => b.height - a.height).slice(0, REMEMBERED);
  }

  remove(txid: string): void {
    this.#top = this.#top.filter((one) => one.txid !== txid);
  }

  /** Of all but this transaction. */
  highest(except?: string): number | undefined {
    return this.#top.find(({ txid }) => txid !== except)?.height;
  }
}
