// The journey, in the order in which it happens:
// see → understand → judge → show → confirm → prove → approve → record → sign → check → leave.

import { saysMessage, understand } from "../bitcoin/index.ts";
import { spentLine } from "../journal/index.ts";
import type { PsbtMessage } from "../model.ts";
import { Refusal, refuse } from "../refusal.ts";
import type { Approval, Reply, Request, Verdict, Work } from "../request.ts";
import { asksOf } from "../request.ts";
import { review } from "../screens/review.ts";
import { roundWait } from "../screens/rounds.ts";
import type { Desk } from "../ui.ts";
import { ask, drain, Locked, perform } from "../ui.ts";
import { isRehearsed } from "./backups/records.ts";
import { showReceipt } from "./journal/receipt.ts";
import { type Judged, judgeNow, knownTo, refuseByPolicy } from "./judging.ts";
import { leave } from "./leave.ts";
import { proveAll } from "./people/prove.ts";
import type { Session } from "./session.ts";
import { keep } from "./session.ts";
import { bring } from "./stick.ts";
import { lookAtMachine } from "./this-machine.ts";

export async function sign(desk: Desk, session: Session): Promise<void> {
  for (;;) {
    const reply = await signOne(desk, session);
    if (!reply?.nonces || (await ask(desk, roundWait())) === "leave") return;
  }
}

/** Undefined where nothing was signed, which was said. */
async function signOne(desk: Desk, session: Session): Promise<Reply | undefined> {
  const untried = backupUntried(session);
  const kinds = ["psbt", "message"] as const;
  const brought = await bring(desk, kinds, untried ? { ...SCAN, ask: `${SCAN.ask} ${UNTRIED}` } : SCAN);
  if (brought === "back") return undefined;
  const { message, file } = brought;
  // A message is never shown as a payment, nor a payment as a message: each is read by its own reader, which refuses the other.
  if (message.kind === "message" || saysMessage(message.bytes)) {
    const { signBrought } = await import("./messages/sign-message.ts");
    await signBrought(desk, session, message, file);
    return undefined;
  }
  const request = await read(desk, session, message);
  const judged = judgeNow(session, request);
  if (judged.refusal) return refuseByPolicy(desk, session, request, judged);

  const answer = await confirm(desk, session, request, judged);
  if (answer === "decline") return decline(session, request);
  const proofs = await proveAll(desk, session, request, judged.verdict);
  if (proofs === "decline") return decline(session, request);
  const last = await lookAgain(desk, session, request, judged);
  if (last.refusal) return refuseByPolicy(desk, session, request, last);
  const approval = request.approve(last.verdict, answer, proofs);
  await approval.record((spend) => session.journal.append(spentLine(spend, last.grounds)));
  const reply = await make(desk, session, request, approval);
  // Written before the first code is on the glass: whatever cuts the showing short, the signature has left.
  const isSigned = reply.signed > 0;
  const kind = isSigned ? "signed" : "nonces-given";
  await session.journal.append({ kind, txid: request.spend.txid }).catch(unwritten);
  // The card may have been slow: a key still held from the approval must not close what comes now.
  drain(desk);
  const receipt = () => showReceipt(desk, session, request, last.verdict);
  const from = { ...brought, txid: request.spend.txid, ...(reply.nonces ? { done: "round1" as const } : {}) };
  await leave(desk, { reply, from, ...(isSigned ? { receipt } : {}) });
  return reply;
}

/** The spend is recorded and counts, though no code will be shown: the refusal must not say otherwise. */
function unwritten(problem: unknown): never {
  if (problem instanceof Refusal) throw new Refusal("journal.signed-unwritten", problem.message);
  throw problem;
}

/** The second reading runs while the person reads, and has ended when an approval comes back. */
async function confirm(desk: Desk, session: Session, request: Request, { told, policy }: Judged) {
  const second = request.agree();
  const { fingerprint } = session.keyring;
  const signing = { makes: request.makes, fingerprint, reasons: policy.reasons };
  return refusedIsWritten(session, request, async () => {
    const answer = await ask(desk, review(request.review, told, signing), second);
    if (answer === "approve") await perform(desk, "Reading it a second time", second);
    return answer;
  });
}

/** Reading and proving took their time: machine and policy are asked once more, right before anything is recorded. */
async function lookAgain(desk: Desk, session: Session, request: Request, before: Judged): Promise<Judged> {
  return refusedIsWritten(session, request, async () => {
    await lookAtMachine(desk);
    const now = judgeNow(session, request);
    const asked = (verdict: Verdict) => JSON.stringify(asksOf(verdict));
    if (!now.refusal && asked(now.verdict) !== asked(before.verdict)) refuse("policy.time-passed");
    return now;
  });
}

async function refusedIsWritten<T>(session: Session, { spend }: Request, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (problem) {
    if (problem instanceof Refusal)
      await session.journal.append({ kind: "refused", txid: spend.txid, reasons: [problem.reason] });
    throw problem;
  }
}

const SCAN = {
  title: "Sign",
  ask: "Show the transaction (PSBT), or the message to sign, from your wallet program to the camera.",
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

/** What was recorded still counts when no signature comes of it; the journal says so. */
async function make(desk: Desk, session: Session, request: Request, approval: Approval): Promise<Reply> {
  try {
    // The home knows of the line too: whoever cuts it off is noticed, also where no machine counts.
    await keep(session, session.state);
    return await perform(desk, "Signing", signAndCheck(session, request, approval));
  } catch (problem) {
    const reason = problem instanceof Refusal ? problem.reason : problem instanceof Locked ? "locked" : "bug";
    await session.journal.append({ kind: "failed", txid: request.spend.txid, reason });
    throw problem;
  }
}

function* signAndCheck(session: Session, request: Request, approval: Approval): Work<Reply> {
  const signatures = yield* session.keyring.sign(approval);
  return yield* request.finish(signatures);
}

async function decline(session: Session, request: Request): Promise<never> {
  await session.journal.append({ kind: "refused", txid: request.spend.txid, reasons: ["user.declined"] });
  throw new Refusal("user.declined");
}
