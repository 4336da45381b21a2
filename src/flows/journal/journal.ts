// What this device did: read, searched, checked, and taken away.

import { type Item, menu } from "../../screens/menu.ts";
import { notice, question } from "../../screens/notice.ts";
import { grouped } from "../../text.ts";
import type { Desk } from "../../ui.ts";
import { ask, performReading, wait } from "../../ui.ts";
import { showText } from "../leave-text.ts";
import { orRefused } from "../or-refused.ts";
import type { Session } from "../session.ts";
import { withPin } from "../settings/settings-pins.ts";
import { browse } from "./browse.ts";
import { counts } from "./counts.ts";
import { exportJournal } from "./export.ts";
import { bookOf, isUpkeep, looking } from "./read.ts";
import { search } from "./search.ts";
import { unseenWords, watch } from "./watch.ts";

const FLOWS = { watch, newest, search, counts, verify, exportJournal, key } as const;
type Choice = keyof typeof FLOWS;

/** Where refusals do not say which rule they broke, whoever reads what they were types the PIN first. */
export async function journal(desk: Desk, session: Session): Promise<void> {
  if (session.state.policy.reasons === "hidden") await withPin(desk, session, () => record(desk, session));
  else await record(desk, session);
}

async function record(desk: Desk, session: Session): Promise<void> {
  let cursor = 0;
  for (;;) {
    const unseen = await wait(desk, "Reading the journal", unseenWords(session));
    const items: Item<Choice>[] = [
      { label: `Since you last looked: ${unseen}`, answer: "watch" },
      { label: "All of it, newest first", answer: "newest" },
      { label: "Search", answer: "search" },
      { label: "Payments that count", answer: "counts" },
      { label: "Check all of it", answer: "verify" },
      { label: "Export", answer: "exportJournal" },
      { label: "The journal's key", answer: "key" },
    ];
    const back = { label: "back", answer: "back" } as const;
    const choice = await ask(desk, menu<Choice | "back">({ title: "Journal", items, back }, cursor));
    if (choice === "back") return;
    cursor = items.findIndex(({ answer }) => answer === choice);
    await orRefused(desk, () => FLOWS[choice](desk, session));
  }
}

function newest(desk: Desk, session: Session): Promise<void> {
  const older = looking(desk, session, "Reading the journal", (entry) => !isUpkeep(entry));
  return browse(desk, bookOf(session), { title: "Journal", none: "There is no line yet.", older });
}

/** Every line from the first on, and each signature. Throws Refusal journal.* with the line that is wrong. */
async function verify(desk: Desk, session: Session): Promise<void> {
  const { journal } = session;
  if ((await performReading(desk, "Checking the journal", journal.verifying())) === "stopped") return;
  const { count, head } = journal.head();
  await ask(
    desk,
    notice("The journal is whole", [
      { kind: "fact", label: "Lines", value: String(count) },
      { kind: "fact", label: "Head of the chain", value: grouped(head) },
      {
        kind: "text",
        text: "Every line follows from the one before, and was written by this device. Compare the head with an export's to know that both are one record.",
      },
    ]),
  );
}

async function key(desk: Desk, session: Session): Promise<void> {
  const publicKey = session.journal.publicKey();
  const text =
    "Exports and receipts are signed by it. Whoever checks them compares it, all of it, with what is here.";
  const sheet = {
    title: "The journal's key",
    blocks: [
      { kind: "fact", label: "Public key (Ed25519)", value: grouped(publicKey) },
      { kind: "text", text },
    ],
  } as const;
  if ((await ask(desk, question([sheet], "show the code", "back"))) === "no") return;
  const caption = "The journal's public key, for whoever checks exports and receipts.";
  await showText(desk, { title: "The journal's key", text: publicKey, caption, file: "firn-journal-key" });
}
