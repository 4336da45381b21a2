// What is known of a key's backups, and how it changes: pure functions of the record.

import { type Backup, type BackupForm, type KeyRecord, lastRehearsedMs } from "../../keeping.ts";
import { MOST_BACKUPS } from "../state.ts";

/** Whether some backup of it was entered again and found equal. */
export function isRehearsed(record: KeyRecord): boolean {
  return record.backups.some((backup) => lastRehearsedMs(backup) !== undefined);
}

/** A further backup; of one form without shares the newest stands for all, and that one was rehearsed is not lost. */
export function withBackup(record: KeyRecord, backup: Backup): KeyRecord {
  if (backup.shares !== undefined) return kept(record, [...record.backups, backup]);
  const known = record.backups.find((other) => isSame(other, backup.form));
  const rehearsedMs = backup.rehearsedMs ?? known?.rehearsedMs;
  const others = record.backups.filter((other) => other !== known);
  return kept(record, [...others, { ...backup, ...(rehearsedMs === undefined ? {} : { rehearsedMs }) }]);
}

function isSame(known: Backup, form: BackupForm): boolean {
  return known.form === form && known.shares === undefined;
}

/** What was rehearsed is the last to give way: without it the key would sign no more. */
function kept(record: KeyRecord, backups: readonly Backup[]): KeyRecord {
  if (backups.length <= MOST_BACKUPS) return { ...record, backups };
  const oldest = backups.findIndex((backup) => lastRehearsedMs(backup) === undefined);
  const out = oldest < 0 || oldest === backups.length - 1 ? 0 : oldest;
  return { ...record, backups: backups.filter((_, place) => place !== out) };
}

/** The whole of a backup was entered again: one that was not known is known from now on. */
export function rehearsed(record: KeyRecord, form: BackupForm, nowMs: number): KeyRecord {
  const known = record.backups.find((backup) => isSame(backup, form));
  return withBackup(record, { form, madeMs: known?.madeMs ?? nowMs, rehearsedMs: nowMs });
}

/** Shares of one set, by their names. A share's name says its set too, so that no other set has it. */
export interface EnteredShares {
  readonly needed: number;
  readonly names: readonly string[];
}

/** So many shares as are needed were entered again and led to the key, or further ones fitted those. */
export function sharesRehearsed(
  record: KeyRecord,
  form: BackupForm,
  { needed, names }: EnteredShares,
  nowMs: number,
): KeyRecord {
  const known = record.backups.find(
    (backup) => backup.form === form && backup.shares?.each.some(({ name }) => names.includes(name)),
  );
  const before = known?.shares?.each ?? [];
  const unknown = names.filter((name) => before.every((share) => share.name !== name));
  const each = [...before, ...unknown.map((name) => ({ name }))].map((share) =>
    names.includes(share.name) ? { ...share, rehearsedMs: nowMs } : share,
  );
  const backup = { form, madeMs: known?.madeMs ?? nowMs, rehearsedMs: nowMs, shares: { needed, each } };
  if (known === undefined) return kept(record, [...record.backups, backup]);
  return { ...record, backups: record.backups.map((other) => (other === known ? backup : other)) };
}
