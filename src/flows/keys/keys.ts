// The keys of this device: which there are, which one answers, and what can be done with each.

import type { KeyRecord } from "../../keeping.ts";
import { Refusal } from "../../refusal.ts";
import { type Item, menu } from "../../screens/menu.ts";
import { refused } from "../../screens/notice.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { backupFile } from "../backups/backup-file.ts";
import { rehearseBackupFile } from "../backups/backup-rehearse.ts";
import { backups } from "../backups/backups.ts";
import type { Session } from "../session.ts";
import { keep } from "../session.ts";
import { addKey, removeKey, useForSession } from "./keys-change.ts";
import { chooseKey } from "./keys-choose.ts";
import { askKeyName } from "./keys-name.ts";

/** What is about all keys together. */
const ACTS = {
  add: addKey,
  session: useForSession,
  seal: backupFile,
  reread: rehearseBackupFile,
} as const;

type Choice = { readonly fingerprint: string } | keyof typeof ACTS;

export async function keys(desk: Desk, session: Session): Promise<void> {
  let cursor = 0;
  for (;;) {
    const items = itemsOf(session);
    const back = { label: "back", answer: "back" } as const;
    const title = "Keys and backups";
    const choice = await ask(
      desk,
      menu<Choice | "back">(
        { title, above: tellOf(session), items, back },
        Math.min(cursor, items.length - 1),
      ),
    );
    if (choice === "back") return;
    cursor = items.findIndex(({ answer }) => answer === choice);
    if (typeof choice === "string") await ACTS[choice](desk, session);
    else await page(desk, session, choice.fingerprint);
  }
}

function itemsOf(session: Session): Item<Choice>[] {
  const { state, temporary } = session;
  const kept = state.keys.map(({ name, fingerprint }) => {
    const answers = !temporary && fingerprint === state.chosen ? ", in use" : "";
    return { label: `${name} (${fingerprint})${answers}`, answer: { fingerprint } };
  });
  return [
    ...kept,
    { label: "Add a key", answer: "add" },
    { label: "Use a key for this session only", answer: "session" },
    { label: "Make an encrypted backup of all keys", answer: "seal" },
    { label: "Rehearse an encrypted backup", answer: "reread" },
  ];
}

function tellOf({ temporary, key }: Session) {
  if (!temporary) return [];
  const text = `In use: key ${key.fingerprint}, for this session only. The lock forgets it; choose a kept key to go back.`;
  return [{ kind: "text", text }] as const;
}

type Act = "use" | "backups" | "name" | "remove";

async function page(desk: Desk, session: Session, fingerprint: string): Promise<void> {
  let cursor = 0;
  for (;;) {
    const record = session.state.keys.find((key) => key.fingerprint === fingerprint);
    if (record === undefined) return;
    const inUse = !session.temporary && session.state.chosen === fingerprint;
    const items: Item<Act>[] = [
      ...(inUse ? [] : [{ label: "Use this key", answer: "use" } as const]),
      { label: "Backups and health", answer: "backups" },
      { label: "Name it", answer: "name" },
      { label: "Remove it", answer: "remove" },
    ];
    const back = { label: "back", answer: "back" } as const;
    const title = `${record.name} (${fingerprint})`;
    const act = await ask(
      desk,
      menu<Act | "back">({ title, items, back }, Math.min(cursor, items.length - 1)),
    );
    if (act === "back") return;
    cursor = items.findIndex(({ answer }) => answer === act);
    try {
      if (act === "use") return await chooseKey(desk, session, fingerprint);
      if (act === "backups") await backups(desk, session, record);
      else if (act === "name") await rename(desk, session, record);
      else await removeKey(desk, session, record);
    } catch (problem) {
      if (!(problem instanceof Refusal)) throw problem;
      await ask(desk, refused(problem));
    }
  }
}

async function rename(desk: Desk, session: Session, record: KeyRecord): Promise<void> {
  const { fingerprint } = record;
  const name = await askKeyName(desk, session, record.name, fingerprint);
  if (name === "back" || name.text === record.name) return;
  const renamed = (key: KeyRecord) => (key.fingerprint === fingerprint ? { ...key, name: name.text } : key);
  await keep(session, { ...session.state, keys: session.state.keys.map(renamed) });
  if (!session.temporary) session.key = renamed(session.key);
  await session.journal.append({ kind: "key-named", name: name.text, fingerprint });
}
