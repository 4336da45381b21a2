// The journey, in the order in which it happens:
// see → understand → judge → show → confirm → prove → approve → record → sign → check → leave.

import { saysMessage, understand } from "../bitcoin/index.ts";
import { spentLine } from "../journal/index.ts";
import type { PsbtMessage } from "../model.ts";
import { Refusal } from "../refusal.ts";
import type { Reply, Request } from "../request.ts";
import { review, reviewSheets } from "../screens/review.ts";
import { roundWait } from "../screens/rounds.ts";
import type { Desk } from "../ui.ts";
import { ask, drain, perform } from "../ui.ts";
import { confirm, decline, lookAgain, make, unwritten } from "./answering.ts";
import { isRehearsed } from "./backups/records.ts";
import { showReceipt } from "./journal/receipt.ts";
import { type Judged, judgeNow, knownTo, refuseByPolicy } from "./judging.ts";
import { leave } from "./leave.ts";
import { proveAll } from "./people/prove.ts";
import type { Session } from "./session.ts";
import { type Brought, bring } from "./stick.ts";

export async function sign(desk: Desk, session: Session): Promise<void> {
  for (;;) {
    const reply = await signOne(desk, session);
    if (!reply?.nonces || (await ask(desk, roundWait())) === "leave") return;
  }
}

/** Undefined where nothing was signed, which was said. */
async function signOne(desk: Desk, session: Session): Promise<Reply | undefined> {
  const untried = backupUntried(session);
  const kinds = ["psbt", "message", "ethereum"] as const;
  const brought = await bring(desk, kinds, untried ? { ...SCAN, ask: `${SCAN.ask} ${UNTRIED}` } : SCAN);
  if (brought === "back") return undefined;
  const { message, file } = brought;
  if (message.kind === "ethereum") {
    const { signEthereum } = await import("./ethereum/answer.ts");
    await signEthereum(desk, session, message, file);
    return undefined;
  }
  // A message is never shown as a payment, nor a payment as a message: each is read by its own reader, which refuses the other.
  if (message.kind === "message" || saysMessage(message.bytes)) {
    const { signBrought } = await import("./messages/sign-message.ts");
    await signBrought(desk, session, message, file);
    return undefined;
  }
  return signPayment(desk, session, { message, ...(file === undefined ? {} : { file }) });
}

async function signPayment(
  desk: Desk,
  session: Session,
  brought: Brought<PsbtMessage>,
): Promise<Reply | undefined> {
  const request = await read(desk, session, brought.message);
  const judged = judgeNow(session, request);
  const refuse = (by: Judged) =>
    refuseByPolicy(desk, session, { spend: request.spend, sheets: reviewSheets(request.review) }, by);
  if (judged.refusal) return refuse(judged);

  const { txid } = request.spend;
  const answer = await confirm(desk, session, { request, named: { txid }, ...judged }, (signing) =>
    review(request.review, judged.told, signing),
  );
  if (answer === "decline") return decline(session, { txid });
  const proofs = await proveAll(desk, session, request, judged.verdict);
  if (proofs === "decline") return decline(session, { txid });
  const judge = () => judgeNow(session, request);
  const last = await lookAgain(desk, session, { txid }, { before: judged, judge });
  if (last.refusal) return refuse(last);
  const approval = request.approve(last.verdict, answer, proofs);
  await approval.record((spend) => session.journal.append(spentLine(spend, last.grounds)));
  const failed = (reason: string) => ({ kind: "failed", txid, reason }) as const;
  const reply = await make(desk, session, { request, approval }, failed);
  // Written before the first code is on the glass: whatever cuts the showing short, the signature has left.
  const isSigned = reply.signed > 0;
  const kind = isSigned ? "signed" : "nonces-given";
  await session.journal.append({ kind, txid }).catch(unwritten);
  // The card may have been slow: a key still held from the approval must not close what comes now.
  drain(desk);
  const receipt = () => showReceipt(desk, session, request, last.verdict);
  const from = { ...brought, txid, ...(reply.nonces ? { done: "round1" as const } : {}) };
  await leave(desk, { reply, from, ...(isSigned ? { receipt } : {}) });
  return reply;
}

const SCAN = {
  title: "Sign",
  ask: "Show the transaction, or the message to sign, from your wallet program to the camera.",
} as const;

const UNTRIED = "No backup of this key was ever rehearsed: on mainnet it would not sign.";

/**
 * Money that goes to a key without a proven backup is lost with the device. Throws Refusal keys.backup-unrehearsed
 * on mainnet. A key that was entered, for one session or for good, came from its backup.
 */
function backupUntried({ key, network }: Session): boolean {
  if (isRehearsed(key)) return false;
  if (network === "mainnet") throw new Refusal("keys.backup-unrehearsed", `key ${key.fingerprint}`);
  return true;
}

/** A transaction that was not understood leaves its reason in the journal. */
async function read(desk: Desk, session: Session, message: PsbtMessage): Promise<Request> {
  try {
    return await perform(desk, "Reading the transaction", understand(message, knownTo(session)));
  } catch (problem) {
    if (problem instanceof Refusal)
      await session.journal.append({ kind: "refused", txid: "", reasons: [problem.reason, ...problem.also] });
    throw problem;
  }
}
