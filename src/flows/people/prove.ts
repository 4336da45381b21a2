// Those whom the verdict asks for agree, in any order, each with a proof of his own for this one request.

import type { Block } from "../../model.ts";
import { Refusal, refuse } from "../../refusal.ts";
import { asksOf, isMet, type Proof, type Request, type Verdict } from "../../request.ts";
import { type Ask, CODE } from "../../rules.ts";
import { menu } from "../../screens/menu.ts";
import { notice } from "../../screens/notice.ts";
import { pages } from "../../screens/pages.ts";
import { reviewSheets } from "../../screens/review.ts";
import { inSymbol } from "../../text.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import type { Session } from "../session.ts";
import { proofOf } from "./proof.ts";
import { stillNeeded } from "./words.ts";

/** So many wrong proofs drop a request. */
const MOST_WRONG = 3;

interface Asking {
  readonly desk: Desk;
  readonly session: Session;
  readonly request: Request;
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
  const asks = asksOf(verdict);
  const missing = missingOf(asks, session);
  const asking = { desk, session, request, asks, missing };
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
      });
      proofs.push(request.proven(person));
      proven.add(person);
    } else await sayWrong(asking, found.words, ++wrong);
  }
  return proofs;
}

function missingOf(asks: readonly Ask[], { state }: Session): string[] {
  const known = new Set([CODE, ...state.people.map(({ name }) => name)]);
  return [...new Set(asks.flatMap(({ of }) => of))].filter((name) => !known.has(name));
}

/** An ask that nobody here can meet is said before anybody proves anything. */
async function refuseMissing({ session, request, asks, missing }: Asking): Promise<void> {
  const hopeless = asks.filter(({ need, of }) => of.filter((name) => !missing.includes(name)).length < need);
  if (hopeless.length === 0) return;
  const names = missing.filter((name) => hopeless.some(({ of }) => of.includes(name)));
  const { txid } = request.spend;
  await session.journal.append({ kind: "refused", txid, reasons: ["people.missing"] });
  refuse("people.missing", names.join(", "));
}

interface Chosen {
  readonly person: string;
}

async function choose(asking: Asking, proven: ReadonlySet<string>): Promise<Chosen | "back"> {
  const { desk, asks, missing } = asking;
  const open = asks.filter((one) => !isMet(one, proven));
  const names = [...new Set(open.flatMap(({ of }) => of))];
  const items = names
    .filter((name) => !proven.has(name) && !missing.includes(name))
    .map((name) => ({ label: name === CODE ? "The transaction's code" : name, answer: { person: name } }));
  const read = { label: "Read the transaction again", answer: "read" } as const;
  const back = { label: "decline", answer: "back" } as const;
  const above = aboveOf(asking, open, proven);
  const options = { title: "Who agrees?", above, items: [...items, read], back };
  for (;;) {
    const answer = await ask(desk, menu<Chosen | "read" | "back">(options));
    if (answer !== "read") return answer;
    await readAgain(asking);
  }
}

function aboveOf({ request, missing }: Asking, open: readonly Ask[], proven: ReadonlySet<string>): Block[] {
  const needed = [...new Set(open.map((one) => stillNeeded(one, proven)))];
  return [
    { kind: "fact", label: "It takes, fee included", value: request.spend.takes.map(inSymbol).join("\n") },
    { kind: "fact", label: "Still needed", value: needed.join("\n") },
    ...(missing.length === 0
      ? []
      : [{ kind: "text", text: `Not enrolled here: ${missing.join(", ")}.` } as const]),
  ];
}

/** Who comes later reads for himself what he agrees to. */
async function readAgain({ desk, request }: Asking): Promise<void> {
  const close = { label: "close", answer: "read" } as const;
  await ask(desk, pages({ sheets: reviewSheets(request.review), ok: close, back: close }));
}

async function sayWrong(
  { desk, session, request }: Asking,
  words: readonly Block[],
  wrong: number,
): Promise<void> {
  const { txid } = request.spend;
  const last = wrong >= MOST_WRONG;
  const reasons = ["people.wrong-proof", ...(last ? ["people.too-many-wrong"] : [])];
  await session.journal.append({ kind: "refused", txid, reasons });
  if (last) throw new Refusal("people.too-many-wrong");
  const left = MOST_WRONG - wrong;
  const more = `After ${left === 1 ? "another wrong one" : `${left} more wrong ones`} the request is dropped.`;
  await ask(desk, notice("That was not the right proof", [...words, { kind: "text", text: more }]));
}
