// What payments and messages have in common on their way to a signature: each step is written down, none is skipped.

import type { Draft } from "../journal/index.ts";
import { Refusal, refuse } from "../refusal.ts";
import {
  type Approval,
  asksOf,
  type Judgeable,
  type Makes,
  type Request,
  type Verdict,
  type Work,
} from "../request.ts";
import type { Policy } from "../rules.ts";
import type { Screen } from "../screens/screen.ts";
import type { Desk } from "../ui.ts";
import { ask, Locked, perform } from "../ui.ts";
import type { Judged } from "./judging.ts";
import { keep, type Session } from "./session.ts";
import { lookAtMachine } from "./this-machine.ts";

/** How the journal names it: a transaction where nothing is said. */
export interface Named {
  readonly txid: string;
  readonly what?: "message";
}

export interface Signing {
  readonly makes: Makes;
  readonly fingerprint: string;
  readonly reasons: Policy["reasons"];
}

type Answer = "approve" | "decline";

/** The second reading runs while the person reads, and has ended when an approval comes back. */
export async function confirm<V, S extends Judgeable, R>(
  desk: Desk,
  session: Session,
  { request, named, policy }: { readonly request: Request<V, S, R>; readonly named: Named } & Judged,
  show: (signing: Signing) => Screen<Answer>,
): Promise<Answer> {
  const second = request.agree();
  const { fingerprint } = session.keyring;
  return refusedIsWritten(session, named, async () => {
    const screen = show({ makes: request.makes, fingerprint, reasons: policy.reasons });
    const answer = await ask(desk, screen, second);
    if (answer === "approve") await perform(desk, "Reading it a second time", second);
    return answer;
  });
}

/** Reading and proving took their time: machine and policy are asked once more, right before anything is recorded. */
export async function lookAgain(
  desk: Desk,
  session: Session,
  named: Named,
  { before, judge }: { readonly before: Judged; readonly judge: () => Judged },
): Promise<Judged> {
  return refusedIsWritten(session, named, async () => {
    await lookAtMachine(desk);
    const now = judge();
    const asked = (verdict: Verdict) => JSON.stringify(asksOf(verdict));
    if (!now.refusal && asked(now.verdict) !== asked(before.verdict)) refuse("policy.time-passed");
    return now;
  });
}

async function refusedIsWritten<T>(session: Session, named: Named, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (problem) {
    if (problem instanceof Refusal)
      await session.journal.append({ kind: "refused", ...named, reasons: [problem.reason] });
    throw problem;
  }
}

export async function decline(session: Session, named: Named): Promise<never> {
  await session.journal.append({ kind: "refused", ...named, reasons: ["user.declined"] });
  throw new Refusal("user.declined");
}

/** What was recorded still counts when no signature comes of it; the journal says so by the line that `failed` gives. */
export async function make<V, S extends Judgeable, R>(
  desk: Desk,
  session: Session,
  { request, approval }: { readonly request: Request<V, S, R>; readonly approval: Approval<S> },
  failed: (reason: string) => Draft,
): Promise<R> {
  try {
    // The home knows of the line too: whoever cuts it off is noticed, also where no machine counts.
    await keep(session, session.state);
    return await perform(desk, "Signing", signAndCheck(session, request, approval));
  } catch (problem) {
    const reason = problem instanceof Refusal ? problem.reason : problem instanceof Locked ? "locked" : "bug";
    await session.journal.append(failed(reason));
    throw problem;
  }
}

function* signAndCheck<V, S extends Judgeable, R>(
  session: Session,
  request: Request<V, S, R>,
  approval: Approval<S>,
): Work<R> {
  const signatures = yield* session.keyring.sign(approval);
  return yield* request.finish(signatures);
}

/** It is recorded and counts, though no code will be shown: the refusal must not say otherwise. */
export function unwritten(problem: unknown): never {
  if (problem instanceof Refusal) throw new Refusal("journal.signed-unwritten", problem.message);
  throw problem;
}
