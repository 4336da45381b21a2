// The journey of a message, in the order of a payment's (sign.ts):
// judge → show → confirm → prove → approve → record → sign → check.

import type { MessageRequest } from "../../bitcoin/index.ts";
import { messageAskedLine, messageLine, messageRefusedLine } from "../../journal/index.ts";
import type { MessageReply, MessageSpend } from "../../message.ts";
import { hiddenVerdict, judgePaths, policyFingerprint, reasonsOf, refusalOf } from "../../policy/index.ts";
import { messageReview, messageSheets } from "../../screens/message.ts";
import { refused } from "../../screens/notice.ts";
import type { Desk } from "../../ui.ts";
import { ask, drain } from "../../ui.ts";
import { confirm, decline, lookAgain, make, unwritten } from "../answering.ts";
import { policyNow } from "../emergency/active.ts";
import { freezeIfDue } from "../emergency/freeze.ts";
import { type Judged, SWEEPING } from "../judging.ts";
import { proveFor } from "../people/prove.ts";
import { nowOf, type Session } from "../session.ts";
import { formWords, pathWords } from "./words.ts";

/** The signature, and nothing shown after it; "refused" where the policy said no, which was shown. */
export async function answer(
  desk: Desk,
  session: Session,
  request: MessageRequest,
): Promise<MessageReply | "refused"> {
  const judged = judgeNow(session, request);
  if (judged.refusal) return refuseByPolicy(desk, session, request, judged);
  const { txid } = request.spend;
  const named = { txid, what: WHAT } as const;
  const said = await confirm(desk, session, { request, named, ...judged }, (signing) =>
    messageReview(request.review, judged.told, signing),
  );
  if (said === "decline") return decline(session, named);
  const agreed = { request, sheets: () => messageSheets(request.review), what: WHAT };
  const proofs = await proveFor(desk, session, agreed, judged.verdict);
  if (proofs === "decline") return decline(session, named);
  const judge = () => judgeNow(session, request);
  const last = await lookAgain(desk, session, named, { before: judged, judge });
  if (last.refusal) return refuseByPolicy(desk, session, request, last);
  const approval = request.approve(last.verdict, said, proofs);
  await approval.record((spend) => session.journal.append(messageLine(lineOf(spend), last.grounds)));
  const failed = (reason: string) => ({ kind: "message-failed", txid, reason }) as const;
  const reply = await make(desk, session, { request, approval }, failed);
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
