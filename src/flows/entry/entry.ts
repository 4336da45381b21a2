// Where a key comes from: made here, or brought in one of the forms that backups have.

import { Refusal, refuse } from "../../refusal.ts";
import { type Item, menu } from "../../screens/menu.ts";
import { scan } from "../../screens/scan.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { birth } from "./birth.ts";
import { type Bring, type Brought, isForm, type SeedForm } from "./brought.ts";
import { bringCodex32, codex32Of } from "./entry-codex32.ts";
import { bringKef, scanKef } from "./entry-kef.ts";
import { bringShares, shareOf } from "./entry-shares.ts";
import { bringXor } from "./entry-xor.ts";
import { bringFromBackup } from "./restore.ts";
import { broughtWords, confirmWords, typeNumbers, typeWords } from "./words.ts";

const CREATE: Item<Bring> = { label: "Create new words", answer: create };

const USUAL: readonly Item<Bring>[] = [
  { label: "Type words in", answer: typeWords },
  { label: "Scan a SeedQR", answer: scanAny },
];

/** A further form is a line here. */
const OTHERS: readonly Item<Bring>[] = [
  { label: "SLIP-39 shares", answer: (desk) => bringShares(desk) },
  { label: "codex32 shares", answer: (desk) => bringCodex32(desk) },
  { label: "Seed XOR parts", answer: bringXor },
  { label: "Krux's encrypted code", answer: scanKef },
  { label: "Type word numbers", answer: typeNumbers },
];

export interface SourceQuestion {
  readonly title: string;
  /** Whether new words may be made, or a backup alone is asked for. */
  readonly born: boolean;
  /** Whether there is somewhere to go back to. */
  readonly leaves: boolean;
}

const BACK = { label: "back", answer: "back" } as const;

/** `whole`: the answer where an encrypted backup is to bring a whole home; else one of its keys is brought. */
export async function askSource<Whole extends string = never>(
  desk: Desk,
  { title, born, leaves }: SourceQuestion,
  whole?: Whole,
): Promise<Bring | Whole | "back"> {
  const others: readonly Item<Bring | Whole>[] = [
    ...OTHERS,
    { label: "Encrypted backup", answer: whole ?? bringFromBackup },
  ];
  for (;;) {
    const items: Item<Bring | "other">[] = [
      ...(born ? [CREATE] : []),
      ...USUAL,
      { label: "Another form", answer: "other" },
    ];
    const first = await ask(
      desk,
      menu<Bring | "other" | "back">({ title, items, ...(leaves ? { back: BACK } : {}) }),
    );
    if (first !== "other") return first;
    const other = await ask(
      desk,
      menu<Bring | Whole | "back">({ title: "Another form", items: others, back: BACK }),
    );
    if (other !== "back") return other;
  }
}

async function create(desk: Desk): Promise<Brought | "back"> {
  const entropy = await birth(desk);
  if (entropy === "back") return "back";
  const { material, wipe } = broughtWords(entropy, "words");
  return { origin: "born", passphrase: "BIP 39", material, wipe };
}

async function scanAny(desk: Desk): Promise<Brought | "back"> {
  const message = await ask(
    desk,
    scan({
      title: "Scan a seed",
      ask: "Show a SeedQR to the camera, or another code that holds a key or a share of one.",
      kinds: ["seed"],
    }),
  );
  if (message === "back") return "back";
  if (message.kind !== "seed") throw new Refusal("transport.wrong-kind");
  if (isForm(message, "slip39")) return bringShares(desk, shareOf(message));
  if (isForm(message, "codex32")) return bringCodex32(desk, codex32Of(message));
  if (isForm(message, "kef")) return bringKef(desk, message.seed.bytes);
  if (isForm(message, "compact", "seedqr", "words")) return confirmWords(desk, message);
  return unread(message.seed.form);
}

/** Forms that no line above takes. */
function unread(form: SeedForm): never {
  return refuse("transport.wrong-kind", form);
}
