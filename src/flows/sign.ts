// The journey, in the order in which it happens:
// see → understand → judge → show → confirm → approve → record → sign → check → leave.

import { understand } from "../bitcoin/index.ts";
import { spendLine } from "../journal/index.ts";
import type { Message, PsbtMessage } from "../model.ts";
import { judge } from "../policy/index.ts";
import { Refusal } from "../refusal.ts";
import type { Approval, Request, Verdict } from "../request.ts";
import { refused } from "../screens/notice.ts";
import { review, reviewSheets } from "../screens/review.ts";
import { scan } from "../screens/scan.ts";
import type { Desk } from "../ui.ts";
import { ask, perform } from "../ui.ts";
import { leave } from "./leave.ts";
import type { Session } from "./session.ts";

export async function sign(desk: Desk, session: Session): Promise<void> {
  const message = await ask(desk, scan(SCAN));
  if (message === "back") return;
  const request = await read(desk, session, message);
  const { clock } = desk.ports;
  const verdict = judge(session.policy, request.spend, session.journal.history(), clock.wallMs());
  if (verdict.outcome === "refuse") return refuseByPolicy(desk, session, request, verdict);

  const second = request.agree();
  const signing = { signatures: request.count, fingerprint: session.keyring.fingerprint };
  const answer = await ask(desk, review(request.review, verdict, signing), second);
  if (answer === "decline") return decline(session, request);
  await perform(desk, "Reading it a second time", second);

  const approval = request.approve(verdict, answer);
  await approval.record((spend) => session.journal.append(spendLine(spend)));
  const reply = await perform(desk, "Signing", signAndCheck(session, request, approval));
  await leave(desk, reply);
  await session.journal.append({ kind: "signed", txid: request.spend.txid });
}

const SCAN = {
  title: "Sign",
  ask: "Show the transaction (PSBT) from your wallet program to the camera.",
  kinds: ["psbt"],
} as const;

/** A transaction that was not understood leaves its reason in the journal. */
async function read(desk: Desk, session: Session, message: Message): Promise<Request> {
  const { network, templates, curve, check } = session;
  try {
    const known = { network, templates, curve, check };
    return await perform(desk, "Reading the transaction", understand(psbt(message), known));
  } catch (problem) {
    if (problem instanceof Refusal)
      await session.journal.append({ kind: "refused", txid: "", reasons: [problem.reason, ...problem.also] });
    throw problem;
  }
}

function psbt(message: Message): PsbtMessage {
  if (message.kind === "psbt") return message;
  throw new Refusal("transport.wrong-kind");
}

function* signAndCheck(session: Session, request: Request, approval: Approval) {
  const signatures = yield* session.keyring.sign(approval);
  return yield* request.finish(signatures);
}

async function refuseByPolicy(desk: Desk, session: Session, request: Request, verdict: Verdict) {
  const broken = verdict.rules.filter((rule) => rule.outcome === "refuse");
  const reasons = broken.flatMap((rule) => (rule.reason === undefined ? [] : [rule.reason]));
  await session.journal.append({ kind: "refused", txid: request.spend.txid, reasons });
  const [first, ...also] = reasons;
  const refusal = new Refusal(first ?? "policy.none", broken.map((rule) => rule.sentence).join("\n"), also);
  await ask(desk, refused(refusal, reviewSheets(request.review)));
}

async function decline(session: Session, request: Request) {
  await session.journal.append({ kind: "refused", txid: request.spend.txid, reasons: ["user.declined"] });
  throw new Refusal("user.declined");
}
