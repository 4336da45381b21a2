// Run as root when something ended that should not have: node stopped.ts. Says on the console what was said last.

import { readFileSync } from "node:fs";
import { join } from "node:path";

const SAID = "/run/firn-said";
const PARTS = ["firn", "glass", "eye"] as const;
const MOST_CHARS = 400;
/** A refusal brings its own remedy. */
const HOME_REFUSED = "4";
const REMEDY = "Nothing that was stored is lost. Switch the device off and on again.";

/** `cause`: what systemd says of how it ended ("oom-kill", "start-limit-hit", "signal", "exit-code"). */
export function lastWords(said: (part: string) => string, cause: string | undefined): string {
  if (cause === "start-limit-hit") return "Firn stopped: it locks as soon as it starts.";
  if (cause === "oom-kill") return "Firn stopped: there was not enough memory.";
  const lines = PARTS.flatMap((part) => lastLine(said(part)) ?? []);
  return lines[0] ?? "Firn stopped, and could not say why.";
}

/** Printable, and no longer than a small screen holds: it may come from a broken cage. */
function lastLine(text: string): string | undefined {
  const line = text.trimEnd().split("\n").at(-1)!;
  const plain = line.replace(/[^\x20-\x7e]/g, "?").slice(0, MOST_CHARS);
  return plain === "" ? undefined : plain;
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
  const { MONITOR_SERVICE_RESULT, MONITOR_EXIT_STATUS } = process.env;
  const words = lastWords(readSaid, MONITOR_SERVICE_RESULT);
  const text = MONITOR_EXIT_STATUS === HOME_REFUSED ? [words] : [words, REMEDY];
  process.stdout.write(`${text.map((one) => folded(one, columns)).join("\n\n")}\n`);
}
