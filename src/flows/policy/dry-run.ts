// How a transaction would be judged, by the policy that holds and by another one, rule by rule. Nothing is signed,
// recorded or counted.

import { understand } from "../../bitcoin/index.ts";
import { judge } from "../../policy/index.ts";
import type { Policy, Verdict } from "../../rules.ts";
import { pages } from "../../screens/pages.ts";
import { verdictSheets } from "../../screens/verdicts.ts";
import type { Desk } from "../../ui.ts";
import { ask, perform } from "../../ui.ts";
import { nowOf, type Session } from "../session.ts";
import { bring } from "../stick.ts";
import { dateOf, nameOf } from "./change-words.ts";

const SHOW = {
  title: "Dry run",
  ask: "Show a transaction (PSBT) to the camera: it is judged and not signed, and does not count.",
} as const;

export async function dryRun(desk: Desk, session: Session, other?: Policy): Promise<void> {
  const brought = await bring(desk, "psbt", SHOW);
  if (brought === "back") return;
  const { network, templates, curve, check } = session;
  const known = { network, templates, curve, check };
  const request = await perform(desk, "Reading the transaction", understand(brought.message, known));
  const judged = (policy: Policy): Verdict =>
    judge(policy, request.spend, session.journal.ledger(), nowOf(session));
  const { policy } = session.state;
  const sheets = verdictSheets(
    { name: `${nameOf(policy)}, which holds`, verdict: judged(policy) },
    other && { name: `${nameOf(other)}, proposed`, verdict: judged(other) },
    (ms) => dateOf(session, ms),
  );
  const close = { label: "close", answer: "seen" } as const;
  await ask(desk, pages<"seen">({ sheets, ok: close, back: close }));
}
