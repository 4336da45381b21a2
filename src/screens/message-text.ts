// A message as it stands, letter for letter: what no screen could show, or an eye would miss, is written as a number.

import { LIMITS } from "../limits.ts";
import type { Block } from "../model.ts";
import { shown, utf8 } from "../text.ts";
import type { Sheet } from "./pages.ts";

/** The whole of it, line by line, and how long it is. */
export function messageBlocks(message: string): Block[] {
  const lines = message.split("\n");
  const count = [...message].length;
  const length = `${count === 1 ? "1 character" : `${count} characters`} on ${lines.length === 1 ? "1 line" : `${lines.length} lines`}, ${utf8(message).length} bytes`;
  const says = message === "" ? "(nothing: the message is empty)" : lines.map(shownLine).join("\n");
  return [
    { kind: "fact", label: "The message", value: says },
    { kind: "fact", label: "Its length", value: length },
    ...(says.includes("<U+") ? [{ kind: "text", text: NUMBERS } as const] : []),
  ];
}

const NUMBERS =
  "What stands as <U+...> is one character: it is no plain letter, digit or sign, and may look like one elsewhere.";

const SPACE = "<U+0020>";
/** A message is never cut: a character takes ten at most as its number. */
const MOST = 10 * LIMITS.ethereumBytes;

/** Foreign text on one line. Spaces that nobody would see are numbers too, and so is a mark that the message itself holds. */
export function shownLine(line: string): string {
  const safe = line
    .split("<U+")
    .map((part) => shown(part, MOST))
    .join("<U+003C>U+");
  return safe.replaceAll(/^ | $| (?= )/g, SPACE);
}

/** What a message should not be: something else in disguise, which nobody can read. */
export function looksSheets(message: string): Sheet[] {
  const text = message.trim();
  const found = LOOKS.find(({ like }) => like.test(text));
  if (found === undefined) return [];
  return [{ title: found.title, tone: "danger", blocks: [{ kind: "text", text: found.words }] }];
}

const BLIND =
  "Whoever asked for it knows what it stands for; this screen does not. Sign it only if you made it yourself.";

const LOOKS = [
  {
    like: /^(?:cHNidP|70736274ff|0[0-9a-f]000000(?:00|01|02)[0-9a-f]{80,})/i,
    title: "The message looks like a transaction",
    words: `It is signed as a text, so that it can be no payment. ${BLIND}`,
  },
  {
    like: /^(?:0x)?(?:[0-9a-f]{2}){20,}$/i,
    title: "The message is a row of digits",
    words: `A row of hex digits is mostly the hash of something. ${BLIND}`,
  },
] as const;
