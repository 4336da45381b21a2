// The journey, in the order in which it happens:
// see → understand → judge → show → confirm → prove → approve → record → sign → check → leave.

import { understand } from "../bitcoin/index.ts";
import { spentLine } from "../journal/index.ts";
import type { PsbtMessage } from "../model.ts";
import { judge, policyFingerprint, refusalOf } from "../policy/index.ts";
import { Refusal } from "../refusal.ts";
import type { Approval, Reply, Request, Verdict, Work } from "../request.ts";
import { refused } from "../screens/notice.ts";
import { review, reviewSheets } from "../screens/review.ts";
import type { Desk } from "../ui.ts";
import { ask, drain, Locked, perform } from "../ui.ts";
import { isRehearsed } from "./backups/records.ts";
import { leave } from "./leave.ts";
import { proveAll } from "./people/prove.ts";
import type { Session } from "./session.ts";
import { keep, nowOf } from "./session.ts";
import { bring } from "./stick.ts";
import { lookAtMachine } from "./this-machine.ts";

export async function sign(desk: Desk, session: Session): Promise<void> {
  const untried = backupUntried(session);
  const brought = await bring(desk, "psbt", untried ? { ...SCAN, ask: `${SCAN.ask} ${UNTRIED}` } : SCAN);
  if (brought === "back") return;
  const request = await read(desk, session, brought.message);
  const verdict = judge(session.state.policy, request.spend, session.journal.ledger(), nowOf(session));
  const refusal = refusalOf(verdict);
  if (refusal) return refuseByPolicy(desk, session, request, refusal);

  const answer = await confirm(desk, session, request, verdict);
  if (answer === "decline") return decline(session, request);
  const proofs = await proveAll(desk, session, request, verdict);
  if (proofs === "decline") return decline(session, request);
  const approval = request.approve(verdict, answer, proofs);
  const grounds = { policy: policyFingerprint(session.state.policy), verdict };
  await approval.record((spend) => session.journal.append(spentLine(spend, grounds)));
  const reply = await make(desk, session, request, approval);
  // Written before the first code is on the glass: whatever cuts the showing short, the signature has left.
  await session.journal.append({ kind: "signed", txid: request.spend.txid }).catch(unwritten);
  // The card may have been slow: a key still held from the approval must not close what comes now.
  drain(desk);
  await leave(desk, reply, { ...brought, txid: request.spend.txid });
}

/** The spend is recorded and counts, though no code will be shown: the refusal must not say otherwise. */
function unwritten(problem: unknown): never {
  if (problem instanceof Refusal) throw new Refusal("journal.signed-unwritten", problem.message);
  throw problem;
}

/**
 * The second reading runs while the person reads, and has ended when an approval comes back; and the machine was looked
 * at once more.
 */
async function confirm(desk: Desk, session: Session, request: Request, verdict: Verdict) {
  const second = request.agree();
  const { reasons } = session.state.policy;
  const signing = { signatures: request.count, fingerprint: session.keyring.fingerprint, reasons };
  try {
    const answer = await ask(desk, review(request.review, verdict, signing), second);
    if (answer === "decline") return answer;
    await perform(desk, "Reading it a second time", second);
    await lookAtMachine(desk);
    return answer;
  } catch (problem) {
    if (problem instanceof Refusal)
      await session.journal.append({ kind: "refused", txid: request.spend.txid, reasons: [problem.reason] });
    throw problem;
  }
}

const SCAN = {
  title: "Sign",
  ask: "Show the transaction (PSBT) from your wallet program to the camera.",
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
  const { network, templates, curve, check } = session;
  try {
    const known = { network, templates, curve, check };
    return await perform(desk, "Reading the transaction", understand(message, known));
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

async function refuseByPolicy(desk: Desk, session: Session, request: Request, refusal: Refusal) {
  const reasons = [refusal.reason, ...refusal.also];
  await session.journal.append({ kind: "refused", txid: request.spend.txid, reasons });
  await ask(desk, refused(refusal, reviewSheets(request.review)));
}

async function decline(session: Session, request: Request) {
  await session.journal.append({ kind: "refused", txid: request.spend.txid, reasons: ["user.declined"] });
  throw new Refusal("user.declined");
}
