// The journey of a message, in the order of a payment's (sign.ts):
// judge → show → confirm → prove → approve → record → sign → check.

import type { MessageRequest } from "../../bitcoin/index.ts";
import { messageAskedLine, messageLine, messageRefusedLine } from "../../journal/index.ts";
import type { MessageReply, MessageSpend } from "../../message.ts";
import { hiddenVerdict, judgePaths, policyFingerprint, reasonsOf, refusalOf } from "../../policy/index.ts";
import { Refusal, refuse } from "../../refusal.ts";
import { type Approval, asksOf, type Verdict, type Work } from "../../request.ts";
import { messageReview, messageSheets } from "../../screens/message.ts";
import { refused } from "../../screens/notice.ts";
import type { Desk } from "../../ui.ts";
import { ask, drain, Locked, perform } from "../../ui.ts";
import { policyNow } from "../emergency/active.ts";
import { freezeIfDue } from "../emergency/freeze.ts";
import { type Judged, SWEEPING } from "../judging.ts";
import { proveFor } from "../people/prove.ts";
import { keep, nowOf, type Session } from "../session.ts";
import { lookAtMachine } from "../this-machine.ts";
import { formWords, pathWords } from "./words.ts";

/** The signature, and nothing shown after it; "refused" where the policy said no, which was shown. */
export async function answer(
  desk: Desk,
  session: Session,
  request: MessageRequest,
): Promise<MessageReply | "refused"> {
  const judged = judgeNow(session, request);
  if (judged.refusal) return refuseByPolicy(desk, session, request, judged);
  if ((await confirm(desk, session, request, judged)) === "decline") return decline(session, request);
  const agreed = { request, sheets: () => messageSheets(request.review), what: WHAT };
  const proofs = await proveFor(desk, session, agreed, judged.verdict);
  if (proofs === "decline") return decline(session, request);
  const last = await lookAgain(desk, session, request, judged);
  if (last.refusal) return refuseByPolicy(desk, session, request, last);
  const approval = request.approve(last.verdict, "approve", proofs);
  await approval.record((spend) => session.journal.append(messageLine(lineOf(spend), last.grounds)));
  const reply = await make(desk, session, request, approval);
  const { txid } = request.spend;
  // Where keys sign together the first round gives nonces away, and no signature.
  const kind = reply.signed > 0 ? "message-signed" : "nonces-given";
  await session.journal.append({ kind, txid }).catch(unwritten);
  // The card may have been slow: a key still held from the approval must not close what comes now.
  drain(desk);
  return reply;
}

const WHAT = "message";

export function judgeNow(session: Session, { spend }: MessageRequest): Judged {
  const policy = policyNow(session);
  const asked = { ...spend, id: spend.txid };
  const verdict = judgePaths(policy, asked, session.journal.ledger(), nowOf(session));
  return {
    ...{ policy, verdict },
    told: policy.reasons === "hidden" ? hiddenVerdict(verdict) : verdict,
    refusal: refusalOf(verdict, policy.reasons),
    grounds: { policy: policyFingerprint(policy), verdict },
  };
}

function lineOf({ paths, form, ...spend }: MessageSpend) {
  return { ...spend, path: pathWords(paths), form: formWords(form) };
}

/** A no of the policy: in the journal with every reason, on the screen with those that the owner lets be said. */
async function refuseByPolicy(
  desk: Desk,
  session: Session,
  { spend, review }: MessageRequest,
  { verdict, grounds, refusal }: Judged,
): Promise<"refused"> {
  const line = verdict.outcome === "wait" ? messageAskedLine : messageRefusedLine;
  await session.journal.append(line(spend.txid, reasonsOf(verdict), grounds));
  await freezeIfDue(desk, session);
  const sheets = messageSheets(review);
  await ask(desk, refused(refusal!, session.state.sweep ? [SWEEPING, ...sheets] : sheets));
  return "refused";
}

async function confirm(desk: Desk, session: Session, request: MessageRequest, { told, policy }: Judged) {
  const second = request.agree();
  const { fingerprint } = session.keyring;
  const signing = { makes: request.makes, fingerprint, reasons: policy.reasons };
  return refusedIsWritten(session, request, async () => {
    const said = await ask(desk, messageReview(request.review, told, signing), second);
    if (said === "approve") await perform(desk, "Reading it a second time", second);
    return said;
  });
}

/** Reading and proving took their time: machine and policy are asked once more, right before anything is recorded. */
async function lookAgain(
  desk: Desk,
  session: Session,
  request: MessageRequest,
  before: Judged,
): Promise<Judged> {
  return refusedIsWritten(session, request, async () => {
    await lookAtMachine(desk);
    const now = judgeNow(session, request);
    const asked = (verdict: Verdict) => JSON.stringify(asksOf(verdict));
    if (!now.refusal && asked(now.verdict) !== asked(before.verdict)) refuse("policy.time-passed");
    return now;
  });
}

async function refusedIsWritten<T>(
  session: Session,
  { spend: { txid } }: MessageRequest,
  act: () => Promise<T>,
): Promise<T> {
  try {
    return await act();
  } catch (problem) {
    if (problem instanceof Refusal)
      await session.journal.append({ kind: "refused", txid, what: WHAT, reasons: [problem.reason] });
    throw problem;
  }
}

async function decline(session: Session, { spend: { txid } }: MessageRequest): Promise<never> {
  await session.journal.append({ kind: "refused", txid, what: WHAT, reasons: ["user.declined"] });
  throw new Refusal("user.declined");
}

async function make(
  desk: Desk,
  session: Session,
  request: MessageRequest,
  approval: Approval<MessageSpend>,
): Promise<MessageReply> {
  try {
    // The home knows of the line too: whoever cuts it off is noticed, also where no machine counts.
    await keep(session, session.state);
    return await perform(desk, "Signing", signAndCheck(session, request, approval));
  } catch (problem) {
    const reason = problem instanceof Refusal ? problem.reason : problem instanceof Locked ? "locked" : "bug";
    await session.journal.append({ kind: "message-failed", txid: request.spend.txid, reason });
    throw problem;
  }
}

function* signAndCheck(
  session: Session,
  request: MessageRequest,
  approval: Approval<MessageSpend>,
): Work<MessageReply> {
  const signatures = yield* session.keyring.sign(approval);
  return yield* request.finish(signatures);
}

/** It is recorded, though no signature will be shown: the refusal must not say otherwise. */
function unwritten(problem: unknown): never {
  if (problem instanceof Refusal) throw new Refusal("journal.signed-unwritten", problem.message);
  throw problem;
}
