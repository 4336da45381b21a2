// What was signed lately, the latest first: what whoever fears the worst looks at first.

import { inSymbol } from "../../assets.ts";
import type { PastSpend } from "../../rules.ts";
import { WINDOWS } from "../../rules.ts";
import type { Sheet } from "../../screens/pages.ts";
import { grouped } from "../../text.ts";
import { dateOf, nowOf, type Session } from "../session.ts";

/** So many are shown; the journal has them all. */
const MOST = 50;

export function latelySheet(session: Session): Sheet {
  const spends = session.journal.ledger().since(nowOf(session).ms - WINDOWS.month);
  const latest = spends.toReversed().slice(0, MOST);
  const more = spends.length - latest.length;
  const text = (words: string) => ({ kind: "text", text: words }) as const;
  return {
    title: "Signed in the last 30 days",
    blocks: [
      text(
        spends.length === 0
          ? "Nothing."
          : "What of these you did not want, somebody else may have signed. Look whether they are in a block.",
      ),
      ...latest.map((past) => spendFact(session, past)),
      ...(more > 0 ? [text(`${more} earlier ones stand in the journal.`)] : []),
    ],
  };
}

function spendFact(session: Session, { at, takes, txid }: PastSpend) {
  return {
    kind: "fact",
    label: `${dateOf(session, at)}: ${takes.map(inSymbol).join(", ")}`,
    value: grouped(txid),
  } as const;
}
