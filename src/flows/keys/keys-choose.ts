// Which key answers: wallets, templates and keyring change with it, and the one before is wiped.

import type { Desk } from "../../ui.ts";
import { keep, type OpenKey, openKey, type Session } from "../session.ts";
import { bannerOf } from "../state.ts";

/** A key that the home keeps, from now on and after every unlocking. */
export async function chooseKey(desk: Desk, session: Session, fingerprint: string): Promise<void> {
  const opened = await openKey({ desk, ...session }, session.state, fingerprint);
  try {
    if (session.state.chosen !== fingerprint) await keep(session, { ...session.state, chosen: fingerprint });
  } finally {
    // Where the home was written and only the journal's line failed, it is chosen all the same.
    if (session.state.chosen === fingerprint) answerWith(desk, session, opened);
    else opened.keyring.wipe();
  }
  await session.journal.append({ kind: "key-chosen", fingerprint, lives: "home" });
}

/** The session is another key's from here on; every screen says so where it is a temporary one. */
export function answerWith(desk: Desk, session: Session, opened: OpenKey): void {
  const before = session.keyring;
  Object.assign(session, opened);
  before.wipe();
  desk.banner = bannerFor(desk, session);
}

const FOR_THIS_SESSION = "FOR THIS SESSION ONLY";

function bannerFor(desk: Desk, { network, temporary, state }: Session): string | undefined {
  const practice = desk.ports.machine.practice || state.practice === true;
  if (!temporary) return bannerOf(network, practice);
  const parts = [bannerOf(network, false), FOR_THIS_SESSION, ...(practice ? ["PRACTICE KEYS"] : [])];
  return parts.filter((part) => part !== undefined).join(", ");
}
