// A Request is something wholly understood that a key is asked to sign.
// An Approval is the only thing that a key answers: a request, judged, seen and held for, recorded.
// Neither can be made elsewhere: a look-alike throws, at compile time and at run time.

import type { Message, Review, Task } from "./model.ts";
import { Refusal } from "./refusal.ts";
import type { Ask, RuleResult, Spend, Verdict } from "./rules.ts";

export type { RuleResult, Verdict } from "./rules.ts";

/** Work that may take long: yields its share done (0..1) now and then, so that events can come in. */
export type Work<T> = Generator<number, T, void>;

/** What is judged, of whatever is signed: `txid` is a transaction's, or as long and as unlikely to be another's. */
export interface Judgeable {
  readonly txid: string;
}

/** V: what is shown. S: what is judged and recorded. R: what leaves. */
interface RequestParts<V, S extends Judgeable, R> {
  readonly review: V;
  readonly spend: S;
  readonly tasks: readonly Task[];
  /** The second reader's run: returns when both agree, throws Refusal bitcoin.readers-disagree otherwise. */
  readonly agree: () => Work<void>;
  /** Puts the signatures (in the order of the tasks) in, verifies each, reads the result again and compares. */
  readonly finish: (signatures: readonly Uint8Array[]) => Work<R>;
}

/** The reply: the PSBT that came with our signatures added, whole and as signatures only. */
export interface Reply {
  readonly whole: Message & { readonly kind: "psbt" };
  readonly signaturesOnly: Message & { readonly kind: "psbt" };
  /** Signatures added, and parts of those that keys make together. */
  readonly signed: number;
  /** Nonces added, where keys sign together: round 1 of 2. */
  readonly nonces?: number;
}

/** How many of each. */
export interface Makes {
  readonly signatures: number;
  readonly nonces: number;
  readonly parts: number;
}

/** Of a payment, where nothing else is said. */
export class Request<V = Review, S extends Judgeable = Spend, R = Reply> {
  readonly review: V;
  readonly spend: S;
  readonly #tasks: readonly Task[];
  readonly #agree: () => Work<void>;
  readonly #finish: (signatures: readonly Uint8Array[]) => Work<R>;
  #agreed = false;

  constructor(parts: RequestParts<V, S, R>) {
    this.review = parts.review;
    this.spend = parts.spend;
    this.#tasks = parts.tasks;
    this.#agree = parts.agree;
    this.#finish = parts.finish;
  }

  /** What will be made of each kind: signatures, and where keys sign together nonces (round 1) and parts (round 2). */
  get makes(): Makes {
    const count = (asked: Task["scheme"]) => this.#tasks.filter(({ scheme }) => scheme === asked).length;
    const [nonces, parts] = [count("musig-nonce"), count("musig-partial")];
    return { nonces, parts, signatures: this.count - nonces - parts };
  }

  /** How many of them in all. */
  get count(): number {
    return this.#tasks.length;
  }

  /** The second reading. Must have come to its end before approve. */
  *agree(): Work<void> {
    yield* this.#agree();
    this.#agreed = true;
  }

  /** Whoever calls this has checked the proof, made for this very request. It serves once, and here alone. */
  proven(person: string): Proof {
    return new Proof(KEY, this, person);
  }

  /** Only a verdict about this very request, all the proofs that it asks for, and a person's "approve", make an Approval. */
  approve(verdict: Verdict, answer: "approve" | "decline", proofs: readonly Proof[] = []): Approval<S> {
    if (answer !== "approve") throw new Refusal("user.declined");
    if (verdict.txid !== this.spend.txid) throw new Error("verdict is about another request");
    if (!isAllowed(verdict)) throw new Error("a refused request was approved");
    if (!this.#agreed) throw new Error("approved before the second reader agreed");
    const persons = new Set(proofs.map((proof) => proof.take(this)));
    for (const ask of asksOf(verdict))
      if (!isMet(ask, persons)) throw new Error("approved without the proofs that were asked for");
    return new Approval(KEY, this.spend, this.#tasks);
  }

  finish(signatures: readonly Uint8Array[]): Work<R> {
    return this.#finish(signatures);
  }
}

/** What a verdict asks for beside the hold; none where it allows. */
export function asksOf({ rules }: Verdict): readonly Ask[] {
  return rules.flatMap(({ outcome, ask }) => (outcome === "ask" && ask ? [ask] : []));
}

/** Whoever is named twice is one person all the same. */
export function isMet({ need, of }: Ask, persons: ReadonlySet<string>): boolean {
  return [...new Set(of)].filter((person) => persons.has(person)).length >= need;
}

/** An ask without a word of whom it asks is no permission. */
function isAllowed({ outcome, rules }: Verdict): boolean {
  const fine = (rule: RuleResult) =>
    rule.outcome === "allow" || (rule.outcome === "ask" && rule.ask !== undefined && rule.ask.need > 0);
  return (outcome === "allow" || outcome === "ask") && rules.every(fine);
}

const KEY: unique symbol = Symbol("approval");

/** That a person agreed to one request. Made by Request.proven alone. */
export class Proof {
  readonly #request: object;
  readonly #person: string;
  #taken = false;

  constructor(key: typeof KEY, request: object, person: string) {
    if (key !== KEY) throw new Error("a proof was forged");
    this.#request = request;
    this.#person = person;
  }

  /** Whose it is, once, for the request that it was made for. */
  take(request: object): string {
    if (!(#person in this)) throw new Error("a proof was forged");
    if (this.#request !== request) throw new Error("a proof of another request");
    if (this.#taken) throw new Error("a proof was used twice");
    this.#taken = true;
    return this.#person;
  }
}

export class Approval<S extends Judgeable = Judgeable> {
  readonly spend: S;
  readonly #tasks: readonly Task[];
  #recorded = false;
  #taken = false;

  /** KEY never leaves this file: only Request.approve can call this. */
  constructor(key: typeof KEY, spend: S, tasks: readonly Task[]) {
    if (key !== KEY) throw new Error("an approval was forged");
    this.spend = spend;
    this.#tasks = tasks;
  }

  /** Runs `write`, which must put the line of what was judged into the home; only then can the approval be signed. */
  async record(write: (spend: S) => Promise<void>): Promise<void> {
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
