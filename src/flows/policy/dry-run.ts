// How a transaction would be judged, by the policy that holds and by another one, rule by rule. Nothing is signed,
// recorded or counted.

import { partyOf, understand } from "../../bitcoin/index.ts";
import type { EthereumMessage, PsbtMessage } from "../../model.ts";
import { judge, partiesIn } from "../../policy/index.ts";
import type { Policy, Spend, Verdict } from "../../rules.ts";
import { pages } from "../../screens/pages.ts";
import { verdictSheets } from "../../screens/verdicts.ts";
import type { Desk } from "../../ui.ts";
import { ask, perform } from "../../ui.ts";
import { policyNow } from "../emergency/active.ts";
import { knownTo } from "../judging.ts";
import { dateOf, nowOf, type Session } from "../session.ts";
import { bring } from "../stick.ts";
import { nameOf } from "./change-words.ts";

const SHOW = {
  title: "Dry run",
  ask: "Show a transaction to the camera: it is judged and not signed, and does not count.",
} as const;

/** Beside another policy, which nothing was asked for yet. */
export async function dryRun(desk: Desk, session: Session, other?: Policy): Promise<void> {
  const brought = await bring(desk, ["psbt", "ethereum"], SHOW);
  if (brought === "back") return;
  const present = policyNow(session);
  const now = await judgedBy(desk, session, present, brought.message);
  const then = other && (await judgedBy(desk, session, other, brought.message));
  const sheets = verdictSheets(
    { name: `Now, ${nameOf(present)}`, verdict: now },
    other && then && { name: `Proposed, ${nameOf(other)}`, verdict: then },
    (ms) => dateOf(session, ms),
  );
  const close = { label: "close", answer: "seen" } as const;
  await ask(desk, pages<"seen">({ sheets, ok: close, back: close }));
}

async function judgedBy(
  desk: Desk,
  session: Session,
  policy: Policy,
  message: PsbtMessage | EthereumMessage,
): Promise<Verdict> {
  const spend = await spendOf(desk, session, policy, message);
  return judge(policy, spend, session.journal.ledger(), nowOf(session));
}

/** Each policy's lists name others of their own: a payment is read anew with those. */
async function spendOf(
  desk: Desk,
  session: Session,
  policy: Policy,
  message: PsbtMessage | EthereumMessage,
): Promise<Spend> {
  if (message.kind === "ethereum") {
    const { readRequest } = await import("../ethereum/known.ts");
    return (await readRequest(desk, session, message)).spend;
  }
  const { network, curve } = session;
  const parties = partiesIn(policy).map(({ name, descriptor }) => partyOf(name, descriptor, network, curve));
  const work = understand(message, { ...knownTo(session), parties });
  return (await perform(desk, "Reading the transaction", work)).spend;
}
