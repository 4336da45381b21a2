// Pieces of a key on the glass: each by itself, after its own line in the journal. The set is kept as made when all
// of it was written down, and not before: half a set is no backup.

import type { BackupForm } from "../../keeping.ts";
import type { Block, CodeLoop } from "../../model.ts";
import { FORM_NAMES } from "../../screens/health.ts";
import { menu } from "../../screens/menu.ts";
import { notice } from "../../screens/notice.ts";
import { pages } from "../../screens/pages.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { askAfterwards, journalShown, keepMade, type Secret } from "./backup-journey.ts";
import { showCode } from "./backup-words.ts";
import { rehearseNow } from "./rehearse.ts";

export interface Pieces {
  readonly form: Extract<BackupForm, "slip39" | "codex32" | "seed-xor">;
  /** "Share", "Part". */
  readonly one: string;
  readonly needed: number;
  /** Which ones count, too: SLIP-39 in groups. */
  readonly grouped?: boolean;
  readonly all: readonly Piece[];
}

interface Piece {
  /** As it stands in the key's record. */
  readonly name: string;
  readonly blocks: readonly Block[];
  readonly code: CodeLoop;
}

export async function showPieces(secret: Secret, pieces: Pieces): Promise<void> {
  const { desk } = secret;
  const { form, needed, all } = pieces;
  for (;;) {
    if ((await showEach(secret, pieces)) === "stopped") return stopped(desk);
    const then = await askAfterwards(desk, `Do you have all ${all.length}?`, "Enter");
    if (then === "no") return stopped(desk);
    if (then === "again") continue;
    await keepMade(secret, { form, shares: { needed, each: all.map(({ name }) => ({ name })) } });
    if (then === "now") await rehearseNow(secret, form);
    return;
  }
}

async function stopped(desk: Desk): Promise<void> {
  const text =
    "This set is not kept as a backup. Destroy what you wrote of it: its pieces go with no others.";
  await ask(desk, notice("Left", [{ kind: "text", text }]));
}

async function showEach(secret: Secret, pieces: Pieces): Promise<"all" | "stopped"> {
  const { form, one, needed, grouped, all } = pieces;
  // Whoever finds it has to know how many he looks for: no share says it to the eye.
  const count = `${grouped ? "at least " : ""}${needed} needed`;
  for (const [place, piece] of all.entries()) {
    await journalShown(secret, `${FORM_NAMES[form]}: ${piece.name}`);
    const title = `${one} ${place + 1} of ${all.length}`;
    if (
      (await showPiece(
        secret.desk,
        title,
        { ...piece, name: `${piece.name}; ${count}` },
        place + 1 === all.length,
      )) === "stop"
    )
      return "stopped";
  }
  return "all";
}

type Act = "show" | "code" | "stop";

async function showPiece(desk: Desk, title: string, piece: Piece, isLast: boolean): Promise<"next" | "stop"> {
  const { name, blocks, code } = piece;
  const label = isLast ? "I have it" : "I have it: next";
  const sheet = { title, blocks: [{ kind: "text", text: name } as const, ...blocks] };
  for (;;) {
    const answer = await ask(
      desk,
      pages<"next" | "more">({
        sheets: [sheet],
        ok: { label, answer: "next" },
        back: { label: "more", answer: "more" },
        wants: { awake: true },
      }),
    );
    if (answer === "next") return "next";
    const items = [
      { label: "Show it again", answer: "show" },
      { label: "Show it as a code", answer: "code" },
      { label: "Stop here", answer: "stop" },
    ] as const;
    const act = await ask(desk, menu<Act>({ title, items }));
    if (act === "stop") return "stop";
    if (act === "code") await showCode(desk, title, code);
  }
}
