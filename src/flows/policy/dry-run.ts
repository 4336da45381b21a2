// How a transaction would be judged, by the policy that holds and by another one, rule by rule. Nothing is signed,
// recorded or counted.

import { partyOf, understand } from "../../bitcoin/index.ts";
import type { PsbtMessage } from "../../model.ts";
import { judge, partiesIn } from "../../policy/index.ts";
import type { Policy, Verdict } from "../../rules.ts";
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
  ask: "Show a transaction (PSBT) to the camera: it is judged and not signed, and does not count.",
} as const;

/** Beside another policy, which nothing was asked for yet. */
export async function dryRun(desk: Desk, session: Session, other?: Policy): Promise<void> {
  const brought = await bring(desk, "psbt", SHOW);
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

/** Each policy's lists name others of their own: it is read anew with those. */
async function judgedBy(
  desk: Desk,
  session: Session,
  policy: Policy,
  message: PsbtMessage,
): Promise<Verdict> {
  const { network, curve, journal } = session;
  const parties = partiesIn(policy).map(({ name, descriptor }) => partyOf(name, descriptor, network, curve));
  const work = understand(message, { ...knownTo(session), parties });
  const { spend } = await perform(desk, "Reading the transaction", work);
  return judge(policy, spend, journal.ledger(), nowOf(session));
}
