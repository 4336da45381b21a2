// A Request is something wholly understood that a key is asked to sign.
// An Approval is the only thing that a key answers: a request, judged, seen and held for, recorded.
// Neither can be made elsewhere: a look-alike throws, at compile time and at run time.

import type { Message, Review, Spend, Task } from "./model.ts";
import type { Reason } from "./refusal.ts";
import { Refusal } from "./refusal.ts";

export interface RuleResult {
  readonly rule: string;
  readonly outcome: "allow" | "refuse";
  /** Present where the outcome is refuse. */
  readonly reason?: Reason;
  /** What the rule found, with the head-room left: "0.21000000 of 0.5 BTC left for the next 24 hours". */
  readonly sentence: string;
}

/** What the policy says of one spend; `txid` binds it to the request that it judged. */
export interface Verdict {
  readonly txid: string;
  readonly outcome: "allow" | "refuse";
  readonly rules: readonly RuleResult[];
}

/** Work that may take long: yields its share done (0..1) now and then, so that events can come in. */
export type Work<T> = Generator<number, T, void>;

interface RequestParts {
  readonly review: Review;
  readonly spend: Spend;
  readonly tasks: readonly Task[];
  /** The second reader's run: returns when both agree, throws Refusal bitcoin.readers-disagree otherwise. */
  readonly agree: () => Work<void>;
  /** Puts the signatures (in the order of the tasks) in, verifies each, reads the result again and compares. */
  readonly finish: (signatures: readonly Uint8Array[]) => Work<Reply>;
}

/** The reply: the PSBT that came with our signatures added, whole and as signatures only. */
export interface Reply {
  readonly whole: Message & { readonly kind: "psbt" };
  readonly signaturesOnly: Message & { readonly kind: "psbt" };
  /** Signatures added. */
  readonly signed: number;
}

export class Request {
  readonly review: Review;
  readonly spend: Spend;
  readonly #tasks: readonly Task[];
  readonly #agree: () => Work<void>;
  readonly #finish: (signatures: readonly Uint8Array[]) => Work<Reply>;
  #agreed = false;

  constructor(parts: RequestParts) {
    this.review = parts.review;
    this.spend = parts.spend;
    this.#tasks = parts.tasks;
    this.#agree = parts.agree;
    this.#finish = parts.finish;
  }

  /** How many signatures will be made. */
  get count(): number {
    return this.#tasks.length;
  }

  /** The second reading. Must have come to its end before approve. */
  *agree(): Work<void> {
    yield* this.#agree();
    this.#agreed = true;
  }

  /** Only an allowing verdict about this very request, and a person's "approve", make an Approval. */
  approve(verdict: Verdict, answer: "approve" | "decline"): Approval {
    if (answer !== "approve") throw new Refusal("user.declined");
    if (verdict.txid !== this.spend.txid) throw new Error("verdict is about another request");
    if (verdict.outcome !== "allow" || verdict.rules.some((rule) => rule.outcome !== "allow"))
      throw new Error("a refused request was approved");
    if (!this.#agreed) throw new Error("approved before the second reader agreed");
    return new Approval(KEY, this.spend, this.#tasks);
  }

  finish(signatures: readonly Uint8Array[]): Work<Reply> {
    return this.#finish(signatures);
  }
}

const KEY: unique symbol = Symbol("approval");

export class Approval {
  readonly spend: Spend;
  readonly #tasks: readonly Task[];
  #recorded = false;
  #taken = false;

  /** KEY never leaves this file: only Request.approve can call this. */
  constructor(key: typeof KEY, spend: Spend, tasks: readonly Task[]) {
    if (key !== KEY) throw new Error("an approval was forged");
    this.spend = spend;
    this.#tasks = tasks;
  }

  /** Runs `write`, which must put the spend's line into the home; only then can the approval be signed. */
  async record(write: (spend: Spend) => Promise<void>): Promise<void> {
    await write(this.spend);
    this.#recorded = true;
  }

  /** The tasks, once. Throws for a look-alike, before the record is written, and the second time. */
  take(): readonly Task[] {
    if (!(#tasks in this)) throw new Error("an approval was forged");
    if (!this.#recorded) throw new Error("signing before the record was written");
    if (this.#taken) throw new Error("an approval was used twice");
    this.#taken = true;
    return this.#tasks;
  }
}
