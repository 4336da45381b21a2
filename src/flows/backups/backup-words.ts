// A key's words: shown with their numbers, or as a SeedQR to be copied by hand.

import { wipe } from "../../bytes.ts";
import { indexesOf, wordList } from "../../keys/index.ts";
import type { CodeLoop } from "../../model.ts";
import { wordBlocks } from "../../screens/backup.ts";
import { pages, type Sheet } from "../../screens/pages.ts";
import { seedGrid } from "../../screens/seed-grid.ts";
import { fromUtf8, shown } from "../../text.ts";
import { compactSeedQr, seedQr } from "../../transport/index.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { deliberately } from "../deliberate.ts";
import {
  type Afterwards,
  askAfterwards,
  journalShown,
  keepMade,
  type Owner,
  type Secret,
  type Traits,
  withSecret,
} from "./backup-journey.ts";
import { rehearseNow } from "./rehearse.ts";

/** The words of a key that is made of words; the caller knows that it is. */
export type WordSecret = Secret & {
  readonly material: Extract<Secret["material"], { readonly kind: "words" }>;
};

export function ofWords(secret: Secret): WordSecret {
  const { material } = secret;
  if (material.kind !== "words") throw new Error("this key has no words");
  return { ...secret, material };
}

export const WHOLE = "Whoever sees or photographs this can spend everything that this key can.";

/** Said before anything of a key is shown. `seen`: what it means when somebody else sees it. */
export function warningSheets(title: string, seen: string, ...texts: readonly string[]): Sheet[] {
  const all = [
    `${seen} Look who and what is around you.`,
    ...texts,
    "Firn locks and starts afresh afterwards.",
  ];
  return [{ title, tone: "caution", blocks: all.map((text) => ({ kind: "text", text })) }];
}

/** For all forms that have no room for a passphrase. */
export function passphraseTexts({ passphrase }: Traits): readonly string[] {
  return passphrase ? ["The passphrase is not in it: keep that, too, and apart from it."] : [];
}

export async function showWords(owner: Owner): Promise<void> {
  const sheets = warningSheets(
    "Show the words",
    WHOLE,
    "Write them on paper or steel, with their numbers. Never type or photograph them.",
  );
  if ((await deliberately(owner.desk, sheets, "to show the words")) === "no") return;
  await withSecret(owner, async (plain) => {
    const secret = ofWords(plain);
    await journalShown(secret, "words");
    const indexes = indexesOf(secret.material.entropy);
    try {
      await settle(secret, "words", "Type", async () => {
        await ask(secret.desk, wordPages(indexes, secret.material.passphrase));
      });
    } finally {
      wipe(indexes);
    }
  });
}

function wordPages(indexes: Uint16Array, passphrase: Uint8Array) {
  const words = [...indexes].map((index) => wordList[index]!);
  const sheets: Sheet[] = [{ title: "The words", blocks: wordBlocks(words) }];
  const text = fromUtf8(passphrase);
  if (text !== undefined && text !== "")
    sheets.push({
      title: "The passphrase",
      blocks: [
        { kind: "fact", label: "Between the marks", value: `>${shown(text, 4 * passphrase.length)}<` },
        { kind: "text", text: "Words and passphrase are both needed. Keep them apart." },
      ],
    });
  const close = { label: "go on", answer: "seen" } as const;
  return pages<"seen">({ sheets, ok: close, back: close, wants: { awake: true } });
}

const QR_FORMS = {
  seedqr: { title: "SeedQR", what: "four digits a word, as SeedSigner and others read it" },
  "compact-seedqr": { title: "CompactSeedQR", what: "smaller; digits cannot be read out of it by eye" },
} as const;

export async function showSeedQr(owner: Owner, traits: Traits, form: keyof typeof QR_FORMS): Promise<void> {
  const { title, what } = QR_FORMS[form];
  const text = `A code of the words alone: ${what}. Copy it by hand; a photograph of it is the key.`;
  const sheets = warningSheets(title, WHOLE, text, ...passphraseTexts(traits));
  if ((await deliberately(owner.desk, sheets, `to show the ${title}`)) === "no") return;
  await withSecret(owner, async (plain) => {
    const secret = ofWords(plain);
    await journalShown(secret, title);
    const loop = loopOf(secret, form);
    await settle(secret, form, "Scan", () => showCode(secret.desk, title, loop));
  });
}

function loopOf({ material: { entropy } }: WordSecret, form: keyof typeof QR_FORMS): CodeLoop {
  if (form === "compact-seedqr") return compactSeedQr(entropy);
  const indexes = indexesOf(entropy);
  try {
    return seedQr(indexes);
  } finally {
    wipe(indexes);
  }
}

export async function showCode(
  desk: Desk,
  title: string,
  loop: CodeLoop,
  caption = "Whoever scans this has it.",
): Promise<void> {
  await ask(desk, seedGrid({ title, caption, loop }));
}

/** Shown until the person has it, or wants no more of it; then kept as made, and rehearsed at once if they wish. */
export async function settle(
  secret: Secret,
  form: "words" | "seedqr" | "compact-seedqr" | "kef" | "ur" | "codex32",
  entered: "Type" | "Scan",
  show: () => Promise<void>,
): Promise<void> {
  let then: Afterwards = "again";
  while (then === "again") {
    await show();
    then = await askAfterwards(secret.desk, "Do you have it?", entered);
  }
  if (then === "no") return;
  await keepMade(secret, { form });
  if (then === "now") await rehearseNow(secret, form);
}
