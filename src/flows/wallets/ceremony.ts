// A wallet is made together, without any computer: this device gathers the keys, sets the quorum, and shows the wallet to
// all. Nothing is kept before the last hold: whatever ends the journey sooner leaves no trace.

import {
  assemble,
  nameKeys,
  purposeOf,
  readWallet,
  type SharedForm,
  type WalletKey,
} from "../../bitcoin/index.ts";
import type { Block } from "../../model.ts";
import { type Item, menu } from "../../screens/menu.ts";
import { notice, question } from "../../screens/notice.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { orRefused } from "../or-refused.ts";
import type { Session } from "../session.ts";
import { askQuorum, type Quorum } from "./ceremony-quorum.ts";
import { bringKey } from "./cosigner-bring.ts";
import { compare } from "./cosigner-compare.ts";
import { ownKeyFor } from "./cosigner-show.ts";
import { SHARED_FORMS } from "./cosigner-words.ts";
import { askAccount } from "./export-forms.ts";
import { exportWallet } from "./export-wallet.ts";
import { markSession, walkAndRegister } from "./register.ts";

export async function makeTogether(desk: Desk, session: Session): Promise<void> {
  const back = { label: "back", answer: "back" } as const;
  const items = SHARED_FORMS.map(({ form, label }) => ({ label, answer: form }));
  const form = await ask(desk, menu<SharedForm | "back">({ title: "The wallet's script", items, back }));
  if (form === "back") return;
  const account = form === "p2sh" ? 0 : await askAccount(desk);
  if (account === "back") return;
  const own = ownKeyFor(session, purposeOf(form), account);
  await gather(desk, session, form, own);
}

async function gather(desk: Desk, session: Session, form: SharedForm, own: WalletKey): Promise<void> {
  let gathered: readonly WalletKey[] = [own];
  let cursor = 0;
  for (;;) {
    const enough = gathered.length > 1;
    const items: Item<"add" | "quorum" | "remove">[] = [
      { label: "Add a cosigner's key", answer: "add" },
      ...(enough ? [{ label: "That is all: set the quorum", answer: "quorum" } as const] : []),
      ...(enough ? [{ label: "Remove the last one", answer: "remove" } as const] : []),
    ];
    const above = [listOf(gathered)];
    const back = { label: "stop", answer: "back" } as const;
    const title = `Cosigners: ${gathered.length}`;
    const choice = await ask(
      desk,
      menu<"add" | "quorum" | "remove" | "back">(
        { title, above, items, back },
        Math.min(cursor, items.length - 1),
      ),
    );
    cursor = choice === "quorum" ? 1 : 0;
    if (choice === "back" && (!enough || (await dropAll(desk)) === "yes")) return;
    if (choice === "remove") gathered = gathered.slice(0, -1);
    if (choice === "add") {
      const wanted = { title: `Cosigner ${gathered.length + 1}`, gathered, form };
      const added = await orRefused(desk, () => bringKey(desk, session, wanted));
      if (added !== "back") gathered = [...gathered, added.key];
    }
    if (choice === "quorum") {
      const made = await orRefused(desk, () => conclude(desk, session, form, gathered));
      if (made !== "back") return;
    }
  }
}

function listOf(gathered: readonly WalletKey[]): Block {
  const lines = gathered.map(
    ({ fingerprint, ours, name }, i) => `${i + 1}. ${ours ? "your key" : name} ${fingerprint}`,
  );
  return { kind: "text", text: lines.join("\n") };
}

async function dropAll(desk: Desk): Promise<"yes" | "no"> {
  const text = "The keys that were gathered are forgotten. No wallet was made.";
  return ask(desk, question([{ title: "Stop here?", blocks: [{ kind: "text", text }] }], "stop", "go on"));
}

/** The quorum, the walk through the whole wallet, the hold; then it is shown to all, and compared. */
async function conclude(
  desk: Desk,
  session: Session,
  form: SharedForm,
  gathered: readonly WalletKey[],
): Promise<"made" | "back"> {
  const quorum = await askQuorum(desk, form, gathered.length);
  if (quorum === "back") return "back";
  const wallet = await walkAndRegister(desk, session, walletOf(session, form, gathered, quorum));
  if (wallet === "back") return "back";
  const text =
    "Now show the wallet to every cosigner: each registers it on their own device. Then all compare one code by voice.";
  await ask(desk, notice("Show it to all", [{ kind: "text", text }]));
  await exportWallet(desk, session, wallet, "Show the wallet to");
  await compare(desk, session, wallet);
  return "made";
}

function walletOf(session: Session, form: SharedForm, gathered: readonly WalletKey[], quorum: Quorum) {
  const { network, curve } = session;
  const text = assemble({ form, network, keys: gathered, ...quorum });
  const found = markSession(session, readWallet(text, network, curve));
  const nameOf = (key: WalletKey) => gathered.find(({ extended }) => extended === key.extended)?.name ?? "";
  return { ...found, keys: nameKeys(found.keys, found.keys.map(nameOf)) };
}
