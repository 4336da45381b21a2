// What is known of a key's backups, and how it changes: pure functions of the record.

import type { Backup, BackupForm, KeyRecord } from "../keeping.ts";
import { MOST_BACKUPS } from "./state.ts";

/** Whether some backup of it was entered again and found equal; of shares, as many as are needed. */
export function isRehearsed(record: KeyRecord): boolean {
  return record.backups.some(backupRehearsed);
}

export function backupRehearsed({ rehearsedMs, shares }: Backup): boolean {
  if (rehearsedMs !== undefined) return true;
  if (!shares || shares.needed === 0) return false;
  return shares.each.filter((share) => share.rehearsedMs !== undefined).length >= shares.needed;
}

/** A further backup; of one form without shares the newest stands for all. */
export function withBackup(record: KeyRecord, backup: Backup): KeyRecord {
  const others = record.backups.filter(
    (known) => known.form !== backup.form || known.shares !== undefined || backup.shares !== undefined,
  );
  return { ...record, backups: [...others, backup].slice(-MOST_BACKUPS) };
}

/** The whole of a backup was entered again: one that was not known is known from now on. */
export function rehearsed(record: KeyRecord, form: BackupForm, nowMs: number): KeyRecord {
  const known = record.backups.findLast((backup) => backup.form === form && backup.shares === undefined);
  return withBackup(record, { form, madeMs: known?.madeMs ?? nowMs, rehearsedMs: nowMs });
}
