// One change after the other: what it will be is known before anything is done, what was there is kept, and doing it a
// second time does nothing.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "../image/manifest.ts";
import { BuildError } from "../image/run.ts";
import { type Edit, type Separator, takeBack } from "./edits.ts";
import {
  erase,
  type Found,
  lookAt,
  MAKER,
  missingFolders,
  type PlainFile,
  writeLink,
  writeWhole,
} from "./place.ts";
import { type Entry, keep, keptBytes, type Ours, type Record, writeRecord } from "./record.ts";

/**
 * file, link: Firn's own. edit: a text of the system's. rewrite: any other file of the system's, which cannot be taken
 * back once somebody else changed it. Paths have no leading slash.
 */
export type Change =
  | { readonly kind: "file"; readonly path: string; readonly mode: number; readonly bytes: () => Uint8Array }
  | { readonly kind: "link"; readonly path: string; readonly link: string }
  | { readonly kind: "edit"; readonly path: string; readonly separator: Separator; readonly edit: Edit }
  | { readonly kind: "rewrite"; readonly path: string; readonly rewrite: (bytes: Buffer) => Uint8Array };

type Placing = Change & { readonly kind: "file" | "link" };
type Editing = Change & { readonly kind: "edit" | "rewrite" };

export interface Todo {
  readonly path: string;
  readonly verb: "new" | "same" | "renewed" | "replaced" | "edited" | "taken back";
  /** Absent: Firn has no more part in this file. */
  readonly entry?: Entry;
  /** What would be lost if it were not kept before. */
  readonly lost?: () => Uint8Array;
  readonly work: () => void;
}

const isPlain = (found: Found): found is PlainFile => found !== null && "sha256" in found;

function isOurs(found: Found, ours: Ours): boolean {
  if (found === null) return false;
  if ("link" in found) return found.link === ours.link;
  return found.sha256 === ours.sha256 && (ours.mode === undefined || found.mode === ours.mode);
}

function isSame(one: Found, other: Found): boolean {
  if (one === null || other === null) return one === other;
  if ("link" in one) return "link" in other && one.link === other.link;
  return !("link" in other) && one.sha256 === other.sha256 && one.mode === other.mode;
}

/** What is to be done for these changes, and for what an earlier run did and this one does not. */
export function plan(root: string, record: Record, changes: readonly Change[]): Todo[] {
  const wanted = new Set(changes.map(({ path }) => path));
  const stale = Object.entries(record.entries)
    .filter(([path]) => !wanted.has(path))
    .map(([path, entry]): Todo => ({ path, verb: "taken back", work: () => void undo(root, path, entry) }));
  return [...stale, ...changes.map((change) => resolve(root, record.entries[change.path], change))];
}

function resolve(root: string, known: Entry | undefined, change: Change): Todo {
  const now = lookAt(root, change.path);
  if (change.kind === "file" || change.kind === "link") return placed(root, known, change, now);
  if (!isPlain(now)) throw new BuildError(`this system has no file /${change.path}`);
  return edited(root, known, change, now);
}

function placed(root: string, known: Entry | undefined, change: Placing, now: Found): Todo {
  const { path } = change;
  const ours: Ours =
    change.kind === "link" ? { link: change.link } : { sha256: sha256(change.bytes()), mode: change.mode };
  const holds = isOurs(now, ours);
  const mine = known?.ours.some((one) => isOurs(now, one)) === true;
  const foreign = now !== null && !holds && !mine;
  const again = foreign && known !== undefined && !isSame(now, known.was) && isPlain(now);
  const copies = again ? [...new Set([...known.copies, now.sha256])] : (known?.copies ?? []);
  return {
    path,
    verb: holds ? "same" : foreign ? "replaced" : now === null ? "new" : "renewed",
    entry: { was: known === undefined ? now : known.was, ours: [ours], edited: false, copies },
    ...((foreign || known === undefined) && isPlain(now)
      ? { lost: () => readFileSync(join(root, path)) }
      : {}),
    work: () =>
      change.kind === "link"
        ? writeLink(root, path, change.link)
        : writeWhole(root, path, change.bytes(), { mode: change.mode, ...MAKER }),
  };
}

function edited(root: string, known: Entry | undefined, change: Editing, now: PlainFile): Todo {
  const { path } = change;
  const base = baseOf(root, path, now, known);
  const text = change.kind === "edit" ? change.edit(base.toString("latin1")) : undefined;
  const bytes = change.kind === "edit" ? Buffer.from(text!.text, "latin1") : change.rewrite(base);
  const ours: Ours = { sha256: sha256(bytes), ...(text === undefined ? {} : { steps: text.steps }) };
  return {
    path,
    verb: isOurs(now, ours) ? "same" : "edited",
    entry: {
      was: { ...now, sha256: sha256(base) },
      ours: [ours],
      edited: true,
      copies: [],
      ...(change.kind === "edit" ? { separator: change.separator } : {}),
    },
    lost: () => base,
    work: () => writeWhole(root, path, bytes, now),
  };
}

/** The file as it would be without Firn: an edit always begins there. */
function baseOf(root: string, path: string, now: PlainFile, known: Entry | undefined): Buffer {
  const bytes = readFileSync(join(root, path));
  if (known === undefined || !isPlain(known.was) || now.sha256 === known.was.sha256) return bytes;
  if (known.ours.some((one) => isOurs(now, one))) return keptBytes(root, known.was.sha256);
  const steps = known.ours.at(-1)!.steps;
  if (steps === undefined || known.separator === undefined) return bytes;
  return Buffer.from(takeBack(bytes.toString("latin1"), steps, known.separator), "latin1");
}

/** Copies first, then the record of what will be, then the changes: a cut anywhere leaves what the next run mends. */
export function apply(
  root: string,
  record: Record,
  todos: readonly Todo[],
  folders: readonly string[],
): void {
  const work = todos.filter(({ verb }) => verb !== "same");
  const made = [...record.folders, ...folders.filter((one) => !record.folders.includes(one))];
  const whole = { version: 1 as const, folders: made };
  const final = { ...whole, entries: entriesOf(todos, () => []) };
  if (work.length === 0 && JSON.stringify(final) === JSON.stringify(record)) return;
  for (const { lost } of todos) if (lost !== undefined) keep(root, lost());
  const before = (path: string) => record.entries[path]?.ours ?? [];
  writeRecord(root, { ...whole, entries: { ...record.entries, ...entriesOf(todos, before) } });
  for (const todo of work) todo.work();
  writeRecord(root, final);
}

function entriesOf(todos: readonly Todo[], before: (path: string) => readonly Ours[]): Record["entries"] {
  return Object.fromEntries(
    todos.flatMap(({ path, entry }) => {
      if (entry === undefined) return [];
      const [first, ...rest] = [...before(path), ...entry.ours];
      return [[path, { ...entry, ours: [first!, ...rest] as const }]];
    }),
  );
}

/** All that are not there yet, the outermost first. */
export function foldersFor(root: string, paths: readonly string[]): string[] {
  return [...new Set(paths.flatMap((path) => missingFolders(root, path)))].sort();
}

/** Says what could not be put back as it was. */
export function undo(root: string, path: string, entry: Entry): string | undefined {
  const now = lookAt(root, path);
  const { was } = entry;
  if (isSame(now, was)) return undefined;
  if (now !== null && !entry.ours.some((one) => isOurs(now, one))) return undoOthers(root, path, entry, now);
  if (was === null) erase(root, path);
  else if ("link" in was) writeLink(root, path, was.link);
  else writeWhole(root, path, keptBytes(root, was.sha256), was);
  return undefined;
}

/** Somebody else was at it since. */
function undoOthers(root: string, path: string, entry: Entry, now: Found): string | undefined {
  const steps = entry.ours.at(-1)!.steps;
  if (steps === undefined || entry.separator === undefined || !isPlain(now))
    return `/${path} was changed since, and is left as it is`;
  const text = takeBack(readFileSync(join(root, path), "latin1"), steps, entry.separator);
  writeWhole(root, path, Buffer.from(text, "latin1"), now);
  return `/${path} was changed since: Firn's part alone is taken out`;
}
