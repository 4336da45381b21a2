// Proves an export: each line follows from the one before, and signatures cover them. The first line that does not fit
// is named for what was done to it, as far as the lines around it tell.

import { type Export, type Finding, headOf, isAttested, type Row } from "./read.ts";

/** The head before the first line. */
const NOTHING = "0".repeat(64);

export interface Checked {
  readonly from: number;
  readonly before: string;
  /** Lines that follow each other, by number; up to the first that does not. */
  readonly heads: ReadonlyMap<number, string>;
  /** The last number and its head. */
  readonly to: number;
  readonly head: string;
  /** Up to here everything is signed; less than `from` where nothing is. */
  readonly signedTo: number;
  /** [first, last] of lines that the device itself says were lost. */
  readonly lost: readonly (readonly [number, number])[];
  readonly finding?: Finding;
}

interface Walk {
  readonly heads: Map<number, string>;
  readonly lost: (readonly [number, number])[];
  /** The number of the last line, and its head. */
  last: number;
  head: string;
  signedTo: number;
}

/** Parts of one export in their order. key: 64 hex digits, from the device. */
export function check(parts: readonly Export[], key: string): Checked {
  const { from, before } = parts[0]!;
  const walk: Walk = { heads: new Map(), lost: [], last: from - 1, head: before, signedTo: from - 1 };
  // Not even the first line was left.
  if (before === NOTHING && isJump(parts[0]!.rows[0], 1)) walk.lost.push([1, from - 1]);
  let finding: Finding | undefined;
  for (const part of parts) {
    finding =
      partDoesNotFit(part, walk, key) ?? rowsDoNotFit(part, walk, key) ?? endDoesNotFit(part, walk, key);
    if (finding) break;
  }
  const { heads, lost, last: to, head, signedTo } = walk;
  return { from, before, heads, to, head, signedTo, lost, ...(finding ? { finding } : {}) };
}

function partDoesNotFit({ file, key: own, from, before, rows, wrong }: Export, walk: Walk, key: string) {
  if (wrong && rows.length === 0) return wrong;
  if (own !== key) {
    const words = `it names another key, ${own}: another device, or another home on it, wrote it`;
    return finding(file, "foreign", words);
  }
  const line = walk.last + 1;
  const jumps = rows[0]?.number === from && isJump(rows[0], line);
  if (from !== line && !jumps) {
    const words = `it begins with line ${from}, where line ${line} comes next: a part is missing, or they are in another order`;
    return finding(file, from > line ? "dropped" : "misplaced", words, line);
  }
  if (before !== walk.head)
    return finding(
      file,
      "foreign",
      `it does not follow the part before it: line ${line - 1} is another one here`,
      line,
    );
  return undefined;
}

function rowsDoNotFit(part: Export, walk: Walk, key: string): Finding | undefined {
  const { file, to, rows, wrong, end } = part;
  for (const [i, row] of rows.entries()) {
    const line = walk.last + 1;
    const jumps = isJump(row, line);
    if (row.number !== line && !jumps) return misnumbered(file, rows, i, line);
    if (row.number > to)
      return (
        headerLies(part, key) ??
        finding(
          file,
          "added",
          `line ${row.number} comes behind line ${to}, which is said to be the last`,
          row.number,
        )
      );
    const head = headOf(row.number, walk.head, row.text);
    if (head !== row.head) return unlinked(file, rows, i, { before: walk.head, head, end: end?.head });
    const signature = signatureIn(row.text);
    if (signature !== undefined) {
      if (!isAttested(key, row.number - 1, walk.head, signature)) return forged(file, walk, row.number - 1);
      walk.signedTo = row.number - 1;
    }
    if (jumps) walk.lost.push([line, row.number - 1]);
    walk.heads.set(row.number, head);
    walk.last = row.number;
    walk.head = head;
  }
  return wrong;
}

function endDoesNotFit(part: Export, walk: Walk, key: string): Finding | undefined {
  const { file, to, end } = part;
  const line = walk.last + 1;
  if (walk.last !== to)
    return finding(file, "truncated", `${lines(line, to)} missing at the end: the header says so`, line);
  if (end?.head !== walk.head)
    return finding(file, "changed", `the last line of the file names another head than line ${to} has`, to);
  if (!isAttested(key, to, end.head, end.signature)) return forged(file, walk, to);
  walk.signedTo = to;
  return undefined;
}

/** The signature at the end is good for the last line that is there, so only the header says otherwise. */
function headerLies({ file, rows, end, to }: Export, key: string): Finding | undefined {
  const last = rows.at(-1);
  if (!last || end?.head !== last.head || !isAttested(key, last.number, end.head, end.signature))
    return undefined;
  const words = `the header says that line ${to} is the last; it was changed, because line ${last.number} is signed as the last`;
  return finding(file, "changed", words);
}

function forged(file: string, { signedTo }: Walk, at: number): Finding {
  const words = `the signature over line ${at} was not made by the journal's key: ${lines(signedTo + 1, at)} unproven, and something in there was changed, or the signature itself`;
  return finding(file, "forged", words, signedTo + 1);
}

/** A number that is not the next one. */
function misnumbered(file: string, rows: readonly Row[], i: number, line: number): Finding {
  const { number } = rows[i]!;
  const later = rows.findIndex((row, j) => j > i && row.number === line);
  if (later !== -1 && number > line) {
    const words =
      later === i + 1
        ? `lines ${line} and ${number} stand in each other's place`
        : `line ${number} stands where line ${line} belongs, which comes ${later - i} lines further down`;
    return finding(file, "swapped", words, line);
  }
  if (number < line && i === 0)
    return finding(file, "changed", `it begins with line ${number}, where its header says ${line}`, number);
  if (number > line)
    return finding(file, "dropped", `${lines(line, number - 1)} missing before line ${number}`, line);
  const words = `a line ${number} comes again after line ${line - 1}`;
  return finding(file, "added", words, line);
}

/** The number is right and the head is not what the line makes it. The heads around it tell what was done. */
function unlinked(
  file: string,
  rows: readonly Row[],
  i: number,
  { before, head, end }: { readonly before: string; readonly head: string; readonly end: string | undefined },
): Finding {
  const { number, head: stated, text } = rows[i]!;
  const next = rows[i + 1];
  const leads = (from: string) =>
    next ? headOf(next.number, from, next.text) === next.head : end !== undefined && end === from;
  if (leads(head))
    return finding(
      file,
      "changed",
      `the head that stands at line ${number} was changed; its entry is good`,
      number,
    );
  if (next && headOf(number, before, next.text) === next.head) {
    const swapped = headOf(number + 1, next.head, text) === stated;
    if (swapped)
      return finding(
        file,
        "swapped",
        `lines ${number} and ${number + 1} were swapped and numbered anew`,
        number,
      );
    return finding(file, "added", `line ${number} was added, and what follows it numbered anew`, number);
  }
  if (next && headOf(next.number + 1, stated, next.text) === next.head)
    return finding(file, "dropped", `line ${number} was dropped, and what follows it numbered anew`, number);
  const also = i === 0 ? ", or the head before it in the file's header" : "";
  return finding(file, "changed", `line ${number} was changed${also}`, number);
}

/** Only a line that says so itself may leave out numbers, and no more of them than it says. */
function isJump(row: Row | undefined, line: number): boolean {
  if (row === undefined || row.number <= line) return false;
  const entry = entryOf(row.text);
  return entry.kind === "resumed" && Number(entry.lost) >= row.number - line;
}

function signatureIn(text: string): string | undefined {
  const { kind, signature } = entryOf(text);
  if (kind !== "attested") return undefined;
  return /^[0-9a-f]{128}$/.test(String(signature)) ? String(signature) : "";
}

function entryOf(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text);
  } catch {
    // It is whatever its signature says it is, and nothing that means anything here.
    return {};
  }
}

export function finding(file: string, what: Finding["what"], words: string, line?: number): Finding {
  return { file, what, words, ...(line === undefined ? {} : { line }) };
}

/** "line 7 is", "lines 7 to 9 are" */
export function lines(first: number, last: number): string {
  return first === last ? `line ${first} is` : `lines ${first} to ${last} are`;
}

/** What an earlier export knows otherwise. Both were proven as far as they are. */
export function compare(file: string, earlier: Checked, now: Checked): Finding | undefined {
  if (now.from > earlier.to + 1)
    return finding(
      file,
      "missing",
      `${lines(earlier.to + 1, now.from - 1)} in neither export`,
      earlier.to + 1,
    );
  if (earlier.from > now.to + 1 && !now.finding) {
    const words = `it ends with line ${now.to}, and the earlier export begins with line ${earlier.from}: ${lines(now.to + 1, earlier.to)} missing`;
    return finding(file, "rewound", words, now.to + 1);
  }
  for (const [line, head] of earlier.heads) {
    if (line < now.from || line > now.to) continue;
    const here = now.heads.get(line);
    if (here === undefined)
      return finding(file, "missing", `line ${line} was there earlier and is lost now`, line);
    if (here !== head)
      return finding(
        file,
        "forked",
        `line ${line} was another one earlier: from there on these are two records`,
        line,
      );
  }
  if (earlier.to > now.to && !now.finding) {
    const words = `${lines(now.to + 1, earlier.to)} missing that the earlier export has: the record was cut or put back`;
    return finding(file, "rewound", words, now.to + 1);
  }
  const joins = now.from === earlier.to + 1 && now.before !== earlier.head;
  return joins
    ? finding(file, "forked", `line ${earlier.to} was another one earlier: these are two records`, earlier.to)
    : undefined;
}
