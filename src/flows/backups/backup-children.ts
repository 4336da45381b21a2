// Children of BIP 85: words, keys and passwords for other uses, made anew from this key whenever they are asked for.
// Whoever has the key has them all; whoever has one of them learns nothing of the key or of the others.

import { wipe } from "../../bytes.ts";
import { type Bip85Child, type Bip85Use, bip85, indexesOf, wordList } from "../../keys/index.ts";
import { HARDENED } from "../../limits.ts";
import type { Block, CodeLoop } from "../../model.ts";
import { wordBlocks } from "../../screens/backup.ts";
import { menu } from "../../screens/menu.ts";
import { pages } from "../../screens/pages.ts";
import { compactSeedQr, seedQr, splitText } from "../../transport/index.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { deliberately } from "../deliberate.ts";
import { fingerprintFor } from "../entry/words.ts";
import { openKeyring } from "../session.ts";
import { journalShown, type Owner, type Secret, withSecret } from "./backup-journey.ts";
import { askNumber } from "./backup-plan.ts";
import { showCode, warningSheets } from "./backup-words.ts";

/** Everything but the number. */
type Kind =
  | { readonly kind: "words"; readonly words: 12 | 15 | 18 | 21 | 24 }
  | { readonly kind: "wif" | "xprv" }
  | { readonly kind: "hex"; readonly bytes: number }
  | { readonly kind: "base64" | "base85"; readonly chars: number };

export async function makeChild(owner: Owner): Promise<void> {
  const use = await askUse(owner.desk);
  if (use === "back") return;
  const name = nameOf(use);
  const text = `${name}, index ${use.index}. The same index gives the same again, here and on every device with this key: its backup is this key's.`;
  const seen = "Whoever sees this child has it, and nothing of the key that it is made of.";
  if ((await deliberately(owner.desk, warningSheets("BIP 85 child", seen, text), "to show it")) === "no")
    return;
  await withSecret(owner, async (secret) => {
    const child = await derive(secret, use);
    try {
      await journalShown(secret, `BIP 85 child: ${name}, index ${use.index}`);
      await showChild(secret.desk, `${name}, index ${use.index}`, child);
    } finally {
      if (child.kind === "words") wipe(child.entropy);
    }
  });
}

function nameOf(use: Kind): string {
  switch (use.kind) {
    case "words":
      return `${use.words} words`;
    case "wif":
      return "Private key (WIF)";
    case "xprv":
      return "Extended private key";
    case "hex":
      return `${use.bytes} bytes in hex`;
    case "base64":
    case "base85":
      return `Password of ${use.chars} characters (${use.kind})`;
  }
}

const KINDS = [
  { label: "12 words", answer: { kind: "words", words: 12 } },
  { label: "24 words", answer: { kind: "words", words: 24 } },
  { label: "15 words", answer: { kind: "words", words: 15 } },
  { label: "18 words", answer: { kind: "words", words: 18 } },
  { label: "21 words", answer: { kind: "words", words: 21 } },
  { label: "Private key (WIF)", answer: { kind: "wif" } },
  { label: "Extended private key (xprv)", answer: { kind: "xprv" } },
  { label: "Bytes in hex", answer: "hex" },
  { label: "Password (base64)", answer: "base64" },
  { label: "Password (base85)", answer: "base85" },
] as const;
/** As BIP 85 allows. */
const LENGTHS = {
  hex: { label: "Bytes", least: 16, most: 64 },
  base64: { label: "Characters", least: 20, most: 86 },
  base85: { label: "Characters", least: 10, most: 80 },
} as const;

async function askUse(desk: Desk): Promise<Bip85Use | "back"> {
  for (;;) {
    const back = { label: "back", answer: "back" } as const;
    const choice = await ask(
      desk,
      menu<(typeof KINDS)[number]["answer"] | "back">({ title: "BIP 85 child", items: KINDS, back }),
    );
    if (choice === "back") return "back";
    const kind = await askLength(desk, choice);
    if (kind === "back") continue;
    const asked = { title: nameOf(kind), label: "Index", least: 0, most: HARDENED - 1 };
    const index = await askNumber(desk, asked);
    if (index !== "back") return { ...kind, index };
  }
}

async function askLength(
  desk: Desk,
  choice: Exclude<(typeof KINDS)[number]["answer"], "back">,
): Promise<Kind | "back"> {
  if (typeof choice !== "string") return choice;
  const length = await askNumber(desk, { title: "How long", ...LENGTHS[choice] });
  if (length === "back") return "back";
  return choice === "hex" ? { kind: choice, bytes: length } : { kind: choice, chars: length };
}

async function derive({ desk, session, material }: Secret, use: Bip85Use): Promise<Bip85Child> {
  const keyring = await openKeyring({ desk, ...session }, material);
  try {
    return bip85(keyring, use);
  } finally {
    keyring.wipe();
  }
}

/** Codes on demand; a text has one, words have two. */
async function showChild(desk: Desk, title: string, child: Bip85Child): Promise<void> {
  const { blocks, codes } = await shownChild(desk, child);
  for (;;) {
    const sheets = [{ title, blocks }];
    const answer = await ask(
      desk,
      pages<"done" | "more">({
        sheets,
        ok: { label: "done", answer: "done" },
        back: { label: "as a code", answer: "more" },
        wants: { awake: true },
      }),
    );
    if (answer === "done") return;
    const items = codes.map(([label, loop]) => ({ label, answer: loop }));
    const back = { label: "back", answer: "back" } as const;
    const loop = await ask(desk, menu<CodeLoop | "back">({ title: "As a code", items, back }));
    if (loop !== "back") await showCode(desk, title, loop);
  }
}

interface ShownChild {
  readonly blocks: readonly Block[];
  readonly codes: readonly (readonly [label: string, loop: CodeLoop])[];
}

async function shownChild(desk: Desk, child: Bip85Child): Promise<ShownChild> {
  if (child.kind === "text")
    return {
      blocks: [{ kind: "text", text: child.text }],
      codes: [["The text in one code", splitText(child.text, "medium")]],
    };
  const { entropy } = child;
  const fingerprint = await fingerprintFor(desk, { kind: "words", entropy, passphrase: new Uint8Array(0) });
  const indexes = indexesOf(entropy);
  try {
    return {
      blocks: [
        { kind: "fact", label: "Fingerprint, without a passphrase", value: fingerprint },
        ...wordBlocks([...indexes].map((index) => wordList[index]!)),
      ],
      codes: [
        ["SeedQR", seedQr(indexes)],
        ["CompactSeedQR", compactSeedQr(entropy)],
      ],
    };
  } finally {
    wipe(indexes);
  }
}
