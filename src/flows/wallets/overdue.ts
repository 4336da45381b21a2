// What nobody looked after for a year. Light: home asks it at each visit.

import type { Wallet } from "../../bitcoin/index.ts";
import { nowOf, type Session } from "../session.ts";
import { heldKeys, keptOf } from "./kept.ts";

const YEAR_MS = 365 * 86_400_000;

export function isOverdue(nowMs: number, lastMs: number): boolean {
  return nowMs - lastMs > YEAR_MS;
}

/** "drill", "rehearsal of the backup"; nothing of a wallet that another one replaced. */
export function overdueOf(session: Session, wallet: Wallet): readonly string[] {
  const kept = keptOf(session, wallet);
  if (!kept || kept.replacedBy !== undefined) return [];
  const { ms } = nowOf(session);
  const since = kept.sinceMs ?? 0;
  const held = heldKeys(wallet);
  const others = held.some((place) => !wallet.keys[place]!.ours);
  const silent = held.some((place) => isOverdue(ms, Math.max(since, kept.aliveMs?.[place] ?? 0)));
  const unread = isOverdue(ms, Math.max(since, kept.rehearsedMs ?? 0));
  return [...(others && silent ? ["drill"] : []), ...(unread ? ["rehearsal of the backup"] : [])];
}

/** One short sentence for home; empty where all is well. */
export function overdueNote(session: Session): string {
  const late = session.wallets.filter((wallet) => overdueOf(session, wallet).length > 0);
  if (late.length === 0) return "";
  const [first] = late;
  const more = late.length - 1;
  return ` Overdue: health of ${first!.name}${more > 0 ? ` and ${more} more` : ""}.`;
}
