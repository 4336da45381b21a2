// The journey of a request on Ethereum, in the order of a payment's (sign.ts):
// understand → judge → show → confirm → prove → approve → record → sign → check → leave.

import type { EthereumReply } from "../../act.ts";
import type { EthereumRequest } from "../../ethereum/index.ts";
import { messageAskedLine, messageRefusedLine } from "../../journal/index.ts";
import type { EthereumMessage } from "../../model.ts";
import { isMessage, reasonsOf } from "../../policy/index.ts";
import { Refusal } from "../../refusal.ts";
import { ethereumReview, ethereumSheets } from "../../screens/ethereum.ts";
import { refused } from "../../screens/notice.ts";
import type { Desk } from "../../ui.ts";
import { ask, drain } from "../../ui.ts";
import { confirm, decline, lookAgain, make, unwritten } from "../answering.ts";
import { freezeIfDue } from "../emergency/freeze.ts";
import { showReceipt } from "../journal/receipt.ts";
import { type Judged, judgeNow, refuseByPolicy, SWEEPING } from "../judging.ts";
import { proveFor } from "../people/prove.ts";
import type { Session } from "../session.ts";
import { bannerFor } from "./banner.ts";
import { readRequest } from "./known.ts";
import { leaveSignature } from "./leave.ts";
import { type Lines, linesFor } from "./lines.ts";
import { nonceWords } from "./nonces.ts";

/** What was shown under "Sign". Throws Refusal ethereum.*, safe.*, user.declined, policy.time-passed, people.*, journal.*. */
export async function signEthereum(
  desk: Desk,
  session: Session,
  message: EthereumMessage,
  file?: string,
): Promise<void> {
  const request = await read(desk, session, message);
  const home = desk.banner;
  desk.banner = bannerFor(desk, session, request.review.chain);
  try {
    const signed = await answer(desk, session, request);
    if (signed === undefined) return;
    const { reply, judged } = signed;
    const { txid } = request.spend;
    // What takes nothing has nothing to be receipted.
    const receipt = isMessage(request.spend)
      ? {}
      : { receipt: () => showReceipt(desk, session, request, judged.verdict) };
    await leaveSignature(desk, { reply, review: request.review, txid, file, ...receipt });
  } finally {
    desk.banner = home;
  }
}

/** A request that was not understood leaves its reason in the journal. */
async function read(desk: Desk, session: Session, message: EthereumMessage): Promise<EthereumRequest> {
  try {
    return await readRequest(desk, session, message);
  } catch (problem) {
    if (problem instanceof Refusal) {
      const what = message.dataType === 3 ? { what: "message" } : {};
      const reasons = [problem.reason, ...problem.also];
      await session.journal.append({ kind: "refused", txid: "", ...what, reasons });
    }
    throw problem;
  }
}

interface Signed {
  readonly reply: EthereumReply;
  readonly judged: Judged;
}

/** Undefined where the policy said no, which was shown. */
async function answer(desk: Desk, session: Session, request: EthereumRequest): Promise<Signed | undefined> {
  const { spend, review } = request;
  const lines = linesFor(request);
  const judged = judgeNow(session, request);
  if (judged.refusal) return refuse(desk, session, request, judged);
  const nonce = nonceWords(session, spend);
  const said = await confirm(desk, session, { request, named: lines.named, ...judged }, (signing) =>
    ethereumReview(review, judged.told, { signing, nonce }),
  );
  if (said === "decline") return decline(session, lines.named);
  const agreed = { request, sheets: () => ethereumSheets(review, nonce), ...whatOf(lines) };
  const proofs = await proveFor(desk, session, agreed, judged.verdict);
  if (proofs === "decline") return decline(session, lines.named);
  const judge = () => judgeNow(session, request);
  const last = await lookAgain(desk, session, lines.named, { before: judged, judge });
  if (last.refusal) return refuse(desk, session, request, last);
  const approval = request.approve(last.verdict, said, proofs);
  await approval.record((spent) => session.journal.append(lines.recorded(spent, last.grounds)));
  const reply = await make(desk, session, { request, approval }, lines.failed);
  // Written before the code is on the glass: whatever cuts the showing short, the signature has left.
  await session.journal.append(lines.signed).catch(unwritten);
  // The card may have been slow: a key still held from the approval must not close what comes now.
  drain(desk);
  return { reply, judged: last };
}

function whatOf({ named }: Lines): { readonly what?: string } {
  return named.what === undefined ? {} : { what: named.what };
}

/** A no of the policy, with all pages readable behind it. */
async function refuse(
  desk: Desk,
  session: Session,
  { spend, review }: EthereumRequest,
  judged: Judged,
): Promise<undefined> {
  const sheets = ethereumSheets(review, nonceWords(session, spend));
  if (!isMessage(spend)) return refuseByPolicy(desk, session, { spend, sheets }, judged);
  const { verdict, grounds } = judged;
  const line = verdict.outcome === "wait" ? messageAskedLine : messageRefusedLine;
  await session.journal.append(line(spend.txid, reasonsOf(verdict), grounds));
  await freezeIfDue(desk, session);
  await ask(desk, refused(judged.refusal!, session.state.sweep ? [SWEEPING, ...sheets] : sheets));
}
