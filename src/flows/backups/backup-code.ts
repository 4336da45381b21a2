// The code of an encrypted backup: made or chosen, and asked for again.

import { wipe } from "../../bytes.ts";
import {
  BACKUP_CODE_WORDS,
  BACKUP_PASSPHRASE_CHARS,
  type BackupCode,
  codeOfPassphrase,
  codeOfWords,
  nearestWords,
  newCodeWords,
  wordList,
} from "../../keys/index.ts";
import { LIMITS } from "../../limits.ts";
import type { Block } from "../../model.ts";
import { wordBlocks } from "../../screens/backup.ts";
import { PRINTABLE } from "../../screens/field.ts";
import { hidden } from "../../screens/hidden.ts";
import { menu } from "../../screens/menu.ts";
import { notice } from "../../screens/notice.ts";
import { pages, type Sheet } from "../../screens/pages.ts";
import { words } from "../../screens/words.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { sentenceIn } from "../entry/words.ts";

/** Made and typed back, or chosen and typed twice. The caller wipes it. Throws Refusal keys.entropy-dead. */
export async function askNewCode(desk: Desk): Promise<BackupCode | "back"> {
  for (;;) {
    const kind = await ask(
      desk,
      menu<BackupCode["kind"] | "back">({
        title: "The code of the backup",
        above: [{ kind: "text", text: "Backup and code together are the keys. Keep them in two places." }],
        items: [
          { label: "Twelve words, made here", answer: "words" },
          { label: "A passphrase of my own", answer: "passphrase" },
        ],
        back: { label: "back", answer: "back" },
      }),
    );
    if (kind === "back") return "back";
    const code = await (kind === "words" ? makeWords(desk) : choosePassphrase(desk));
    if (code !== "back") return code;
  }
}

// ---------------------------------------------------------------- words

/** All of them are typed back from paper: that is the rehearsal of the code. */
async function makeWords(desk: Desk): Promise<BackupCode | "back"> {
  const code = newCodeWords(desk.ports.random);
  try {
    for (;;) {
      if ((await ask(desk, shown(code))) === "leave") return "back";
      const title = "Type the code back";
      const check = (typed: Uint16Array) => difference(typed, code);
      const typed = await typeWords(desk, { title, from: "from your paper", check });
      if (typed === "back") continue;
      wipe(typed);
      return codeOfWords(code);
    }
  } finally {
    wipe(code);
  }
}

const EXPLAINED: Sheet = {
  title: "A code of twelve words",
  tone: "caution",
  blocks: [
    "Write them on paper, with their numbers: the next page shows them, and then all are asked for.",
    "They open this backup and nothing else. They are no words of a key, and no wallet takes them.",
  ].map((text) => ({ kind: "text", text })),
};

function shown(code: Uint16Array) {
  const list = Array.from(code, (index) => wordList[index]!);
  return pages<"written" | "leave">({
    sheets: [EXPLAINED, { title: "The code", tone: "caution", blocks: wordBlocks(list) }],
    ok: { label: "written down", answer: "written" },
    back: { label: "leave", answer: "leave" },
    // Nobody presses keys while writing.
    wants: { awake: true },
  });
}

function difference(typed: Uint16Array, code: Uint16Array): string | undefined {
  if (typed.length !== code.length) return `These are ${typed.length} words; the code has ${code.length}.`;
  const place = code.findIndex((index, at) => index !== typed[at]);
  return place < 0
    ? undefined
    : `Word ${place + 1} is not the one that was shown. Correct it here, and on your paper if it is wrong there.`;
}

interface WordsQuestion {
  readonly title: string;
  readonly from: string;
  readonly check: (typed: Uint16Array) => string | undefined;
}

function typeWords(desk: Desk, { title, from, check }: WordsQuestion): Promise<Uint16Array | "back"> {
  const text = `Type the ${BACKUP_CODE_WORDS} words of the code ${from}.`;
  const list = { list: wordList, nearest: nearestWords, most: BACKUP_CODE_WORDS };
  return ask(desk, words({ title, ask: text, check, ...list }));
}

// ---------------------------------------------------------------- a passphrase

const STRENGTH: Block = {
  kind: "text",
  text: "Who finds the backup can try guesses for years. Six words drawn by dice withstand that; a sentence from a book does not.",
};

async function choosePassphrase(desk: Desk): Promise<BackupCode | "back"> {
  for (;;) {
    const first = await typePassphrase(desk, "Passphrase of the backup", [STRENGTH]);
    if (first === "back") return "back";
    const second = await typePassphrase(desk, "The passphrase again", []);
    if (second === first) return codeOfPassphrase(first);
    if (second !== "back")
      await ask(
        desk,
        notice("The two differ", [{ kind: "text", text: "Type the passphrase anew, twice." }], "again"),
      );
  }
}

async function typePassphrase(desk: Desk, title: string, above: readonly Block[]): Promise<string> {
  const answer = await ask(
    desk,
    hidden({
      title,
      above,
      label: `At least ${BACKUP_PASSPHRASE_CHARS} characters`,
      allowed: PRINTABLE,
      longest: LIMITS.passphraseBytes,
      check: (value) =>
        value.length < BACKUP_PASSPHRASE_CHARS
          ? `These are ${value.length} characters; a passphrase has ${BACKUP_PASSPHRASE_CHARS} at least.`
          : undefined,
    }),
  );
  return answer === "back" ? "back" : answer.value;
}

// ---------------------------------------------------------------- asked for

/** Of a backup that exists. The caller wipes it. */
export async function askCode(desk: Desk, kind: BackupCode["kind"]): Promise<BackupCode | "back"> {
  if (kind === "passphrase") {
    const typed = await typePassphrase(desk, "Passphrase of the backup", []);
    return typed === "back" ? "back" : codeOfPassphrase(typed);
  }
  const check = (typed: Uint16Array) => sentenceIn(() => wipe(codeOfWords(typed).bytes));
  const typed = await typeWords(desk, { title: "The code of the backup", from: "of this backup", check });
  if (typed === "back") return "back";
  try {
    return codeOfWords(typed);
  } finally {
    wipe(typed);
  }
}
