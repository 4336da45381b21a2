// Run as root when something ended that should not have: node stopped.ts. Says on the console what was said last.

import { readFileSync } from "node:fs";
import { join } from "node:path";

const SAID = "/run/firn-said";
const PARTS = ["firn", "glass", "eye", "lines"] as const;
const MOST_CHARS = 400;
const REMEDY = "Nothing that was stored is lost. Switch the device off and on again.";

/** A cage's are not Firn's: whoever broke into one can have it say anything, and is named with it. */
export function lastWords(said: (part: string) => string): string {
  const lines = PARTS.flatMap((part) => {
    const line = lastLine(said(part));
    if (line === undefined) return [];
    return part === "firn" ? line : `The ${part} said: "${line}"`;
  });
  return lines.length === 0 ? "Firn stopped, and could not say why." : lines.join("\n\n");
}

/**
 * Printable, and no longer than a small screen holds: it may come from a broken cage. Of a crash in Node's own words the
 * error, and neither the places where it came from nor Node's version.
 */
function lastLine(text: string): string | undefined {
  const line = text.split("\n").findLast((one) => /^\S/.test(one) && !/^(Node\.js v|[{}])/.test(one));
  return line?.replace(/[^\x20-\x7e]/g, "?").slice(0, MOST_CHARS);
}

/** At spaces where there are some. */
export function folded(text: string, columns: number): string {
  const lines = [""];
  for (const word of text.split(" ").flatMap((one) => one.match(new RegExp(`.{1,${columns}}`, "g")) ?? [])) {
    const line = lines.at(-1)!;
    if (line === "") lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= columns) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines.join("\n");
}

function readSaid(part: string): string {
  try {
    return readFileSync(join(SAID, part), "latin1");
  } catch {
    return "";
  }
}

if (import.meta.main) {
  const columns = Math.max(16, (process.stdout.columns || 80) - 1);
  const text = `${lastWords(readSaid)}\n\n${REMEDY}`;
  const lines = text.split("\n").map((line) => folded(line, columns));
  process.stdout.write(`${lines.join("\n")}\n`);
}
