// A text of Firn's leaves: a policy, a document, an export, a receipt. As codes that a phone reads and that Firn reads
// back letter for letter; on the stick as a text file.

import { LIMITS } from "../limits.ts";
import type { Stick } from "../ports.ts";
import { refuse } from "../refusal.ts";
import { codes } from "../screens/codes.ts";
import { notice } from "../screens/notice.ts";
import { utf8 } from "../text.ts";
import { splitText } from "../transport/index.ts";
import type { Desk } from "../ui.ts";
import { ask } from "../ui.ts";
import { orRefused } from "./or-refused.ts";
import { freeName, patiently } from "./stick.ts";

export interface TextOut {
  readonly title: string;
  readonly text: string;
  /** What to do with the code; absent: to scan it. */
  readonly caption?: string;
  /** For phones, which know no parts: one code wherever the screen has room for it. */
  readonly whole?: true;
  /** The file's name on a stick, without its ending. */
  readonly file: string;
  /** ".txt" where absent. */
  readonly ending?: ".txt" | ".json" | ".bsms" | ".dat";
}

/** As one code where it fits one, else as several. Throws Refusal transport.no-room for what no loop can carry. */
export async function showText(desk: Desk, out: TextOut): Promise<void> {
  const { stick } = desk;
  for (;;) {
    const answer = await ask(
      desk,
      codes(
        {
          title: out.title,
          caption: out.caption ?? "Scan this with a phone, or with another Firn.",
          loop: (density) => splitText(out.text, out.whole && density === "medium" ? "high" : density),
          ...(stick ? { other: "to the stick" } : {}),
        },
        desk.ports.panel.size(),
      ),
    );
    if (answer === "done") return;
    await orRefused(desk, () => writeText(desk, stick!, out));
  }
}

/** Beside what is there, never over it; the name that it got is said. Throws Refusal stick.*. */
export async function writeText(
  desk: Desk,
  stick: Stick,
  { text, file, ending = ".txt" }: Pick<TextOut, "text" | "file" | "ending">,
): Promise<void> {
  // Letters take a byte at least: what is too long anyway is not made into bytes first.
  const bytes = text.length > LIMITS.stickFileBytes ? undefined : utf8(text);
  if (bytes === undefined || bytes.length > LIMITS.stickFileBytes)
    return refuse("stick.text-too-large", `${text.length} characters`);
  const names = await patiently(desk, "Looking at the stick", stick.names());
  const name = freeName(stemOf(file), ending, names);
  await patiently(desk, "Writing to the stick", stick.write(name, bytes));
  await ask(desk, notice("It is on the stick", [{ kind: "fact", label: "File", value: name }]));
}

/** As every stick takes it, with room for a number. */
function stemOf(file: string): string {
  return file.replaceAll(/[^A-Za-z0-9-]+/g, "-").slice(0, 48);
}
