// Those whom the verdict asks for agree, in any order, each with a proof of his own for this one request.

import type { Block } from "../../model.ts";
import { Refusal, refuse } from "../../refusal.ts";
import { asksOf, isMet, type Proof, type Request, type Verdict } from "../../request.ts";
import { type Ask, CODE } from "../../rules.ts";
import { notice } from "../../screens/notice.ts";
import { pages, type Sheet } from "../../screens/pages.ts";
import { whoAgrees } from "../../screens/people.ts";
import { reviewSheets } from "../../screens/review.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { freezeIfDue } from "../emergency/freeze.ts";
import type { Session } from "../session.ts";
import { type Provable, proofOf } from "./proof.ts";
import { stillNeeded, takesWords } from "./words.ts";

/** So many wrong proofs drop a request. */
const MOST_WRONG = 3;

/** A request, and every fact of it. what: "message" where it is no payment. */
export interface Agreed {
  readonly request: Provable;
  readonly sheets: () => readonly Sheet[];
  readonly what?: string;
}

interface Asking extends Agreed {
  readonly desk: Desk;
  readonly session: Session;
  readonly asks: readonly Ask[];
  readonly missing: readonly string[];
}

/**
 * The proofs that the verdict asks for; none where it asks for none. "decline" where whoever holds the device leaves:
 * the journal does not say so yet. Throws Refusal people.missing or people.too-many-wrong, which it does.
 */
export async function proveAll(
  desk: Desk,
  session: Session,
  request: Request,
  verdict: Verdict,
): Promise<readonly Proof[] | "decline"> {
  return proveFor(desk, session, { request, sheets: () => reviewSheets(request.review) }, verdict);
}

/** The same of anything that a key is asked to sign. */
export async function proveFor(
  desk: Desk,
  session: Session,
  agreed: Agreed,
  verdict: Verdict,
): Promise<readonly Proof[] | "decline"> {
  const { request, what } = agreed;
  const asks = asksOf(verdict);
  const missing = missingOf(asks, session, what);
  const asking = { desk, session, ...agreed, asks, missing };
  await refuseMissing(asking);
  const proven = new Set<string>();
  const proofs: Proof[] = [];
  for (let wrong = 0; asks.some((one) => !isMet(one, proven)); ) {
    const chosen = await choose(asking, proven);
    if (chosen === "back") return "decline";
    const { person } = chosen;
    const found = await proofOf(desk, session, request, person);
    if (found === "left") continue;
    if (found.right) {
      await session.journal.append({
        ...{ kind: "proof", txid: request.spend.txid, person, factor: found.factor },
        ...whatOf(what),
      });
      proofs.push(request.proven(person));
      proven.add(person);
    } else await sayWrong(asking, person, found.words, ++wrong);
  }
  return proofs;
}

function whatOf(what: string | undefined): { readonly what?: string } {
  return what === undefined ? {} : { what };
}

/** Only a transaction has a code, which another machine shows. */
function missingOf(asks: readonly Ask[], { state }: Session, what: string | undefined): string[] {
  const code = what === undefined ? [CODE] : [];
  const known = new Set([...code, ...state.people.map(({ name }) => name)]);
  return [...new Set(asks.flatMap(({ of }) => of))].filter((name) => !known.has(name));
}

/** An ask that nobody here can meet is said before anybody proves anything. */
async function refuseMissing({ session, request, what, asks, missing }: Asking): Promise<void> {
  const here = new Set(asks.flatMap(({ of }) => of).filter((name) => !missing.includes(name)));
  const hopeless = asks.filter((one) => !isMet(one, here));
  if (hopeless.length === 0) return;
  const names = missing.filter((name) => hopeless.some(({ of }) => of.includes(name)));
  const { txid } = request.spend;
  await session.journal.append({ kind: "refused", txid, reasons: ["people.missing"], ...whatOf(what) });
  refuse("people.missing", names.join(", "));
}

async function choose(
  asking: Asking,
  proven: ReadonlySet<string>,
): Promise<{ readonly person: string } | "back"> {
  const { desk, request, asks, missing } = asking;
  const open = asks.filter((one) => !isMet(one, proven));
  const persons = [...new Set(open.flatMap(({ of }) => of))].filter(
    (name) => !proven.has(name) && !missing.includes(name),
  );
  const takes = takesWords(request.spend.takes);
  const needed = [...new Set(open.map((one) => stillNeeded(one, proven)))];
  for (;;) {
    const answer = await ask(desk, whoAgrees({ takes, needed, missing, persons }));
    if (answer !== "read") return answer === "decline" ? "back" : answer;
    await readAgain(asking);
  }
}

/** Who comes later reads for himself what he agrees to. */
async function readAgain({ desk, sheets }: Asking): Promise<void> {
  const close = { label: "close", answer: "read" } as const;
  await ask(desk, pages({ sheets: sheets(), ok: close, back: close }));
}

async function sayWrong(
  { desk, session, request, what }: Asking,
  person: string,
  words: readonly Block[],
  wrong: number,
): Promise<void> {
  const { txid } = request.spend;
  const last = wrong >= MOST_WRONG;
  const reasons = ["people.wrong-proof", ...(last ? ["people.too-many-wrong"] : [])];
  await session.journal.append({ kind: "refused", txid, reasons, person, ...whatOf(what) });
  // Each counts at once: whoever declines after two of them begins no new count.
  await freezeIfDue(desk, session);
  if (last) throw new Refusal("people.too-many-wrong");
  const left = MOST_WRONG - wrong;
  const more = `After ${left === 1 ? "another wrong one" : `${left} more wrong ones`} the request is dropped.`;
  const [why, ...facts] = words;
  const blocks = [...(why ? [why] : []), { kind: "text", text: more } as const, ...facts];
  await ask(desk, notice("That was not the right proof", blocks));
}
