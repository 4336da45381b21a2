// The heights that recorded spends were locked to: the highest few, so that releasing one leaves the one before.

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
    if (height >= FIRST_TIME) return;
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

/** BIP 65: from here on a lock time is a time. */
const FIRST_TIME = 500_000_000;
