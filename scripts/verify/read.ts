// Reads what Firn exports: journals and receipts. Strict: what the device would not write is named, never mended.
// Only Node is needed, so that nobody has to trust the program that is checked. docs/formats.md describes the texts.

import { createHash, createPublicKey, verify } from "node:crypto";

/** What is wrong, where and in words. line: of the journal, where one can be named. */
export interface Finding {
  readonly file: string;
  readonly line?: number;
  readonly what:
    | "changed"
    | "dropped"
    | "added"
    | "swapped"
    | "truncated"
    | "forged"
    | "misplaced"
    | "foreign"
    | "unsigned"
    | "rewound"
    | "forked"
    | "missing";
  readonly words: string;
}

export interface Row {
  readonly number: number;
  readonly head: string;
  readonly text: string;
}

/** As far as the file is in form; `wrong` is the first place where it is not, and nothing behind it was read. */
export interface Export {
  readonly file: string;
  readonly key: string;
  readonly from: number;
  readonly before: string;
  readonly to: number;
  readonly rows: readonly Row[];
  readonly end?: { readonly head: string; readonly signature: string };
  readonly wrong?: Finding;
}

const NUMBER = "([1-9][0-9]{0,7})";
const HEAD = "([0-9a-f]{64})";
const SIGNATURE = "([0-9a-f]{128})";
const HEADER = [
  /^(Firn journal export 1)$/,
  new RegExp(`^key ${HEAD}$`),
  new RegExp(`^from ${NUMBER}$`),
  new RegExp(`^before ${HEAD}$`),
  new RegExp(`^to ${NUMBER}$`),
];
const ROW = new RegExp(`^${NUMBER} ${HEAD} (\\{.*\\})$`, "u");
const END = new RegExp(`^attested ${HEAD} ${SIGNATURE}$`);

export function startsAs(bytes: Uint8Array, title: string): boolean {
  return Buffer.from(bytes.subarray(0, title.length)).toString("latin1") === title;
}

export function readExport(file: string, bytes: Uint8Array): Export {
  const lines = linesOf(bytes);
  const header = HEADER.map((form, i) => form.exec(lines[i]?.text ?? "")?.[1]);
  const [, key = "", from = "0", before = "", to = "0"] = header;
  const head = { file, key, from: Number(from), before, to: Number(to) };
  const bad = header.indexOf(undefined);
  if (bad !== -1) {
    const words = `line ${bad + 1} of the file, in its header, is not as the device writes it${oddity(lines[bad])}`;
    return { ...head, rows: [], wrong: { file, what: lines[bad]?.ended ? "changed" : "truncated", words } };
  }
  return { ...head, ...readRows(file, lines, head.from) };
}

function readRows(
  file: string,
  lines: readonly FileLine[],
  from: number,
): Pick<Export, "rows" | "end" | "wrong"> {
  const rows: Row[] = [];
  const next = () => (rows.at(-1)?.number ?? from - 1) + 1;
  for (let i = HEADER.length; i < lines.length; i++) {
    const line = lines[i]!;
    const row = line.ended ? ROW.exec(line.text ?? "") : null;
    if (row) {
      rows.push({ number: Number(row[1]), head: row[2]!, text: row[3]! });
      continue;
    }
    const end = line.ended ? END.exec(line.text ?? "") : null;
    if (!end) return { rows, wrong: badRow(file, next(), i, line) };
    const signed = { rows, end: { head: end[1]!, signature: end[2]! } };
    if (i === lines.length - 1) return signed;
    const again = lines[i + 1]!.text?.startsWith("Firn journal export");
    const what = again
      ? "another export begins: give each as a file of its own"
      : "there is more behind the last line";
    return {
      ...signed,
      wrong: { file, line: next(), what: "added", words: `${what} (line ${i + 2} of the file)` },
    };
  }
  const words = `the file ends before its last line, the signature: it was cut after line ${next() - 1}`;
  return { rows, wrong: { file, line: next(), what: "truncated", words } };
}

function badRow(file: string, line: number, index: number, at: FileLine): Finding {
  const what = at.ended ? "changed" : "truncated";
  const words = at.ended
    ? `line ${line} of the journal is not as the device writes it (line ${index + 1} of the file)${oddity(at)}`
    : `the file is cut off within line ${line} of the journal, or within the signature after it`;
  return { file, line, what, words };
}

interface FileLine {
  /** Undefined where it is not UTF-8, or has other control characters than its end. */
  readonly text: string | undefined;
  readonly ended: boolean;
  readonly carriage: boolean;
}

function linesOf(bytes: Uint8Array): FileLine[] {
  const out: FileLine[] = [];
  for (let at = 0; at < bytes.length; ) {
    const feed = bytes.indexOf(10, at);
    const line = bytes.subarray(at, feed === -1 ? bytes.length : feed);
    const odd = line.some((byte) => byte < 32 || byte === 127);
    out.push({ text: odd ? undefined : decoded(line), ended: feed !== -1, carriage: line.includes(13) });
    at += line.length + 1;
  }
  return out;
}

function oddity(line: FileLine | undefined): string {
  if (line === undefined) return "";
  if (line.carriage) return ": it has carriage returns, so some program changed the ends of lines";
  return line.text === undefined ? ": it has bytes that are no text" : "";
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

export interface Receipt {
  readonly body: string;
  readonly signature: string;
  readonly key?: string;
  readonly journal?: { readonly number: number; readonly head: string };
}

/** Undefined where it is not as the device writes it. */
export function readReceipt(bytes: Uint8Array): Receipt | undefined {
  const text = decoded(bytes);
  const form = new RegExp(`^(Firn receipt 1\\n(?:(?!signature )[ -~]+\\n)+)signature ${SIGNATURE}\\n?$`);
  const [, body, signature] = form.exec(text ?? "") ?? [];
  if (body === undefined || signature === undefined) return undefined;
  const [, key] = new RegExp(`\\nkey ${HEAD}\\n`).exec(body) ?? [];
  const [, number, head = ""] = new RegExp(`\\njournal ${NUMBER} ${HEAD}\\n`).exec(body) ?? [];
  return {
    ...{ body, signature },
    ...(key === undefined ? {} : { key }),
    ...(number === undefined ? {} : { journal: { number: Number(number), head } }),
  };
}

/** SHA-256 of "firn journal 1", the number in four bytes, the head before, and the entry. */
export function headOf(number: number, before: string, text: string): string {
  const hash = createHash("sha256").update("firn journal 1").update(u32be(number));
  return hash.update(Buffer.from(before, "hex")).update(text, "utf8").digest("hex");
}

/** The journal's key says that this line has this head. */
export function isAttested(key: string, number: number, head: string, signature: string): boolean {
  const what = [Buffer.from("Firn journal attestation 1\n"), u32be(number), Buffer.from(head, "hex")];
  return isSigned(key, Buffer.concat([...what, Buffer.from(key, "hex")]), signature);
}

/** Ed25519 (RFC 8032); all in hex. */
export function isSigned(key: string, message: Uint8Array, signature: string): boolean {
  const der = Buffer.from(`302a300506032b6570032100${key}`, "hex");
  const publicKey = createPublicKey({ key: der, format: "der", type: "spki" });
  return verify(null, message, publicKey, Buffer.from(signature, "hex"));
}

function u32be(value: number): Buffer {
  const out = Buffer.alloc(4);
  out.writeUInt32BE(value);
  return out;
}
