// Backups on the glass: words with their numbers, strings in groups of four, shares of a set.

import type { Block } from "../model.ts";
import { groupLines } from "./share-text.ts";

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

/** Four groups of four a line, each line behind the number of its first group. */
export function stringBlock(text: string): Block {
  return { kind: "text", text: groupLines(text, STRING_COLUMNS).join("\n") };
}

const STRING_COLUMNS = 22;
