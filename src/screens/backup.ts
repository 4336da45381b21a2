// Backups on the glass: words with their numbers, strings in groups of four, shares of a set.

import type { Block } from "../model.ts";
import { grouped } from "../text.ts";

const ROWS = 6;
/** "12. ", and the longest word with a gap behind it. */
const NUMBER = 4;
const WORD = 12;

/** Two columns of six, read downwards: so many fit the smallest screen. */
export function wordBlocks(words: readonly string[]): Block[] {
  const blocks: Block[] = [];
  const entry = (at: number) => `${`${at + 1}.`.padEnd(NUMBER)}${words[at]}`;
  for (let start = 0; start < words.length; start += 2 * ROWS) {
    const rows = Array.from({ length: Math.min(ROWS, words.length - start) }, (_, row) => {
      const [left, right] = [start + row, start + row + ROWS];
      return right < words.length ? `${entry(left).padEnd(NUMBER + WORD)}${entry(right)}` : entry(left);
    });
    blocks.push({ kind: "text", text: rows.join("\n") });
  }
  return blocks;
}

const GROUPS_A_LINE = 4;

/** Groups of four, each line behind the number of its first group. */
export function stringBlock(text: string): Block {
  const groups = grouped(text).split(" ");
  const lines: string[] = [];
  for (let at = 0; at < groups.length; at += GROUPS_A_LINE)
    lines.push(`${`${at + 1}`.padEnd(NUMBER)}${groups.slice(at, at + GROUPS_A_LINE).join(" ")}`);
  return { kind: "text", text: lines.join("\n") };
}
