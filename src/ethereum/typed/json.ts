// JSON, read from its text (RFC 8259), so that nothing in it is lost: numbers stay as they are written, and an object that
// names a member twice is refused, because readers differ on which of the two counts.

import { LIMITS } from "../../limits.ts";
import { refuse } from "../../refusal.ts";
import { shown } from "../../text.ts";

export type Json =
  | { readonly kind: "object"; readonly members: ReadonlyMap<string, Json> }
  | { readonly kind: "array"; readonly items: readonly Json[] }
  | { readonly kind: "string"; readonly text: string }
  /** As it is written. */
  | { readonly kind: "number"; readonly text: string }
  | { readonly kind: "word"; readonly text: "true" | "false" | "null" };

/** The objects around what may be nested LIMITS.ethereumDepth deep. */
const FRAME = 4;

interface Cursor {
  readonly text: string;
  at: number;
}

/** Throws Refusal typed.not-json, typed.twice, typed.too-deep. */
export function readJson(text: string): Json {
  const cursor: Cursor = { text, at: 0 };
  const value = readValue(cursor, 0);
  space(cursor);
  return cursor.at === text.length ? value : stray(cursor);
}

function stray({ at }: Cursor): never {
  return refuse("typed.not-json", `at character ${at + 1}`);
}

/** The character that comes next; none at the end. */
function next(cursor: Cursor): string {
  return cursor.text.charAt(cursor.at);
}

function space(cursor: Cursor): void {
  while (" \t\n\r".includes(next(cursor)) && cursor.at < cursor.text.length) cursor.at++;
}

/** Whether this character comes next, spaces aside; then it is passed. */
function passes(cursor: Cursor, character: string): boolean {
  space(cursor);
  if (next(cursor) !== character) return false;
  cursor.at++;
  return true;
}

function readValue(cursor: Cursor, depth: number): Json {
  if (depth > LIMITS.ethereumDepth + FRAME) return refuse("typed.too-deep");
  if (passes(cursor, "{")) return { kind: "object", members: readMembers(cursor, depth) };
  if (passes(cursor, "[")) return { kind: "array", items: readItems(cursor, depth) };
  if (passes(cursor, '"')) return { kind: "string", text: readString(cursor) };
  return readPlain(cursor);
}

function readMembers(cursor: Cursor, depth: number): ReadonlyMap<string, Json> {
  const members = new Map<string, Json>();
  if (passes(cursor, "}")) return members;
  do {
    if (!passes(cursor, '"')) return stray(cursor);
    const name = readString(cursor);
    if (members.has(name)) return refuse("typed.twice", shown(name));
    if (!passes(cursor, ":")) return stray(cursor);
    members.set(name, readValue(cursor, depth + 1));
  } while (passes(cursor, ","));
  return passes(cursor, "}") ? members : stray(cursor);
}

function readItems(cursor: Cursor, depth: number): readonly Json[] {
  const items: Json[] = [];
  if (passes(cursor, "]")) return items;
  do items.push(readValue(cursor, depth + 1));
  while (passes(cursor, ","));
  return passes(cursor, "]") ? items : stray(cursor);
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/** Behind its first quotation mark. Half a pair of surrogates is no character, and every reader makes something else of it. */
function readString(cursor: Cursor): string {
  const pieces: string[] = [];
  let from = cursor.at;
  for (;;) {
    const character = next(cursor);
    if (character === "" || character < " ") return stray(cursor);
    if (character === "\\" || character === '"') pieces.push(cursor.text.slice(from, cursor.at));
    cursor.at++;
    if (character === '"') break;
    if (character !== "\\") continue;
    pieces.push(readEscape(cursor));
    from = cursor.at;
  }
  const text = pieces.join("");
  return /[\ud800-\udfff]/u.test(text) ? stray(cursor) : text;
}

/** Behind its backslash. */
function readEscape(cursor: Cursor): string {
  const character = next(cursor);
  const plain = character !== "u" && Object.hasOwn(ESCAPES, character) ? ESCAPES[character] : undefined;
  if (plain !== undefined) {
    cursor.at++;
    return plain;
  }
  const digits = cursor.text.slice(cursor.at + 1, cursor.at + 5);
  if (character !== "u" || !/^[0-9a-fA-F]{4}$/.test(digits)) return stray(cursor);
  cursor.at += 5;
  return String.fromCharCode(Number.parseInt(digits, 16));
}

/** The longest that is looked at: no number that counts is longer. */
const PLAIN_CHARS = 400;

function readPlain(cursor: Cursor): Json {
  const ahead = cursor.text.slice(cursor.at, cursor.at + PLAIN_CHARS);
  const [text = ""] = /^[-+.\w]*/.exec(ahead) ?? [];
  if (text === "true" || text === "false" || text === "null") {
    cursor.at += text.length;
    return { kind: "word", text };
  }
  if (!/^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?$/.test(text)) return stray(cursor);
  cursor.at += text.length;
  return { kind: "number", text };
}
