// Edits of files that are the system's own: lines or words taken out, put in, or put in another's place, and the way back
// from a file that somebody went on editing.

/** from null: put in. to null: taken out. */
export interface Step {
  readonly from: string | null;
  readonly to: string | null;
}

/** Between lines, or between words. */
export type Separator = "\n" | " ";

export interface Edited {
  readonly text: string;
  readonly steps: readonly Step[];
}

export type Edit = (text: string) => Edited;

export function itemsOf(text: string, separator: Separator): string[] {
  return separator === "\n" ? text.split("\n") : text.trim().split(/\s+/);
}

export function textOf(items: readonly string[], separator: Separator): string {
  return separator === "\n" ? items.join("\n") : `${items.join(" ")}\n`;
}

/** Lines at the end of a file, whether or not its last one was ended. */
export function withLines(text: string, lines: readonly string[]): string {
  const ended = text === "" || text.endsWith("\n") ? text : `${text}\n`;
  return ended + lines.map((line) => `${line}\n`).join("");
}

/** Takes the steps back as far as they are still there; what others did since stays. */
export function takeBack(text: string, steps: readonly Step[], separator: Separator): string {
  const items = itemsOf(text, separator);
  for (const { from, to } of steps) {
    const at = to === null ? -1 : items.lastIndexOf(to);
    if (to === null && from !== null && !items.includes(from)) items.push(from);
    if (at >= 0) items.splice(at, 1, ...(from === null ? [] : [from]));
  }
  return textOf(items, separator);
}
