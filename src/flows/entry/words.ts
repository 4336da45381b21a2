// Words of BIP 39 as they come in: typed, typed as numbers, or scanned; and the passphrase that may belong to them.

import { equal, wipe } from "../../bytes.ts";
import type { BackupForm, Material } from "../../keeping.ts";
import {
  entropyOf,
  indexesOf,
  indexesOfSeedMessage,
  Keyring,
  loadCurve,
  nearestWords,
  wordList,
} from "../../keys/index.ts";
import { LIMITS } from "../../limits.ts";
import type { Block, SeedMessage } from "../../model.ts";
import { REFUSALS, Refusal } from "../../refusal.ts";
import { PRINTABLE } from "../../screens/field.ts";
import { hidden } from "../../screens/hidden.ts";
import { menu } from "../../screens/menu.ts";
import { notice, question } from "../../screens/notice.ts";
import { words } from "../../screens/words.ts";
import { utf8 } from "../../text.ts";
import type { Desk } from "../../ui.ts";
import { ask, wait } from "../../ui.ts";
import type { Brought, Scanned } from "./brought.ts";

/** What BIP 39 makes keys of. The entropy is its own from here on. */
export function broughtWords(entropy: Uint8Array, from: BackupForm): Brought {
  return {
    origin: "entered",
    from,
    passphrase: "BIP 39",
    material: async (passphrase) => ({ kind: "words", entropy: entropy.slice(), passphrase }),
    wipe: () => wipe(entropy),
  };
}

export async function typeWords(desk: Desk): Promise<Brought | "back"> {
  const entropy = await typePhrase(desk, "Your words");
  return entropy === "back" ? "back" : broughtWords(entropy, "words");
}

/** A whole phrase whose words add up, as its entropy, which the caller wipes. */
export async function typePhrase(desk: Desk, title: string): Promise<Uint8Array | "back"> {
  const asked = "Type the words. A space ends a word, ok ends the phrase.";
  const list = { list: wordList, nearest: nearestWords };
  return entropyFrom(await ask(desk, words({ title, ask: asked, check: problemOf, ...list })));
}

function entropyFrom(indexes: Uint16Array | "back"): Uint8Array | "back" {
  if (indexes === "back") return "back";
  try {
    return entropyOf(indexes);
  } finally {
    wipe(indexes);
  }
}

/** The words screen stays on when the phrase is not one, and says why. */
function problemOf(indexes: Uint16Array): string | undefined {
  return sentenceIn(() => wipe(entropyOf(indexes)));
}

/** What is refused, as one line on a screen that stays. */
export function sentenceIn(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (problem) {
    if (!(problem instanceof Refusal)) throw problem;
    return refusalLine(problem);
  }
}

export function refusalLine({ reason, detail }: Refusal): string {
  const { title, remedy } = REFUSALS[reason];
  return `${title} (${reason}${detail === "" ? "" : `: ${detail}`}). ${remedy}`;
}

/** Programs number the words from 1; SeedQR, and those who copied its digits, from 0. */
export async function typeNumbers(desk: Desk): Promise<Brought | "back"> {
  const first = await ask(
    desk,
    menu<0 | 1 | "back">({
      title: "How are they numbered",
      items: [
        { label: "1 to 2048 (abandon is 1)", answer: 1 },
        { label: "0 to 2047 (abandon is 0, SeedQR)", answer: 0 },
      ],
      back: { label: "back", answer: "back" },
    }),
  );
  if (first === "back") return "back";
  const indexes = await ask(
    desk,
    words({
      title: "Your word numbers",
      ask: "Type the numbers. A space ends a number, ok ends the phrase.",
      list: wordList.map((_, index) => String(index + first)),
      wordAt: (index) => wordList[index]!,
      nearest: () => [],
      check: problemOf,
    }),
  );
  const entropy = entropyFrom(indexes);
  return entropy === "back" ? "back" : broughtWords(entropy, "words");
}

const FORMS = { seedqr: "seedqr", compact: "compact-seedqr", words: "words" } as const;

/** The entropy of a code that holds words; the caller wipes it. Throws Refusal keys.words-*, transport.wrong-kind. */
export function entropyOfScanned(message: SeedMessage): Uint8Array {
  const indexes = indexesOfSeedMessage(message);
  try {
    return entropyOf(indexes);
  } finally {
    wipe(indexes);
  }
}

/** What a code held is shown before it is taken. `from`: where the code was something else than it is now. */
export async function confirmWords(
  desk: Desk,
  message: Scanned<keyof typeof FORMS>,
  from?: BackupForm,
): Promise<Brought | "back"> {
  const entropy = entropyOfScanned(message);
  let taken = false;
  try {
    taken = (await isTheirs(desk, entropy)) === "yes";
    if (!taken) return "back";
    const byUr = message.dialect === "ur" || message.dialect === "ur1";
    return broughtWords(entropy, from ?? (byUr ? "ur" : FORMS[message.seed.form]));
  } finally {
    if (!taken) wipe(entropy);
  }
}

async function isTheirs(desk: Desk, entropy: Uint8Array): Promise<"yes" | "no"> {
  const indexes = indexesOf(entropy);
  const first = [...indexes.subarray(0, 3)].map((index) => wordList[index]).join(" ");
  const count = indexes.length;
  wipe(indexes);
  const plain = { kind: "words", entropy, passphrase: new Uint8Array(0) } as const;
  const blocks = [
    { kind: "fact", label: "Words", value: String(count) },
    { kind: "fact", label: "It begins", value: first },
    { kind: "fact", label: "Fingerprint, without a passphrase", value: await fingerprintFor(desk, plain) },
  ] as const;
  return ask(desk, question([{ title: "Is this your seed?", blocks }], "take it", "another"));
}

/** Of the master key that the material makes; it is the same on every network. */
export async function fingerprintFor(desk: Desk, material: Material): Promise<string> {
  const curve = await loadCurve();
  const parts = { material, network: "mainnet", curve, stretch: desk.ports.stretch } as const;
  const keyring = await wait(desk, "Deriving keys", Keyring.open(parts));
  keyring.wipe();
  return keyring.fingerprint;
}

// ---------------------------------------------------------------- the passphrase

/** UTF-8 of the passphrase; empty where there is none. */
export async function askPassphrase(desk: Desk, kind: "BIP 39" | "SLIP-39"): Promise<Uint8Array | "back"> {
  for (;;) {
    const choice = await ask(
      desk,
      menu<"none" | "type" | "back">({
        title: "Passphrase",
        items: [
          { label: "No passphrase", answer: "none" },
          { label: `Type a passphrase (${kind})`, answer: "type" },
        ],
        back: { label: "back", answer: "back" },
      }),
    );
    if (choice === "back") return "back";
    if (choice === "none") return new Uint8Array(0);
    const typed = await typeTwice(desk);
    if (typed !== "back") return typed;
  }
}

function typeTwice(desk: Desk): Promise<Uint8Array | "back"> {
  const differ = "Type the passphrase again. A wrong one makes another, empty wallet.";
  return askSecretTwice(desk, { title: "Passphrase", label: "Passphrase" }, "The passphrase again", differ);
}

/** Until both times are the same, or the first is left. `differ` says what hangs on it. The caller wipes it. */
export async function askSecretTwice(
  desk: Desk,
  first: SecretField,
  again: string,
  differ: string,
): Promise<Uint8Array | "back"> {
  for (;;) {
    const typed = await askSecret(desk, first);
    if (typed === "back") return "back";
    const second = await askSecret(desk, { title: again, label: first.label });
    const same = second !== "back" && equal(typed, second);
    if (second !== "back") wipe(second);
    if (same) return typed;
    wipe(typed);
    if (second !== "back")
      await ask(desk, notice("The two differ", [{ kind: "text", text: differ }], "again"));
  }
}

const KEYBOARD = {
  kind: "text",
  text: "Letters, digits and signs of an English keyboard: one with others cannot be typed here.",
} as const;

interface SecretField {
  readonly title: string;
  readonly label: string;
  readonly above?: readonly Block[];
  /** Characters: one unless said. */
  readonly least?: number;
}

/** As it was typed, in UTF-8 and one character at least; the caller wipes it. */
export async function askSecret(desk: Desk, field: SecretField): Promise<Uint8Array | "back"> {
  const { least = 1, ...rest } = field;
  const answer = await ask(
    desk,
    hidden({
      ...rest,
      above: [...(field.above ?? []), KEYBOARD],
      allowed: PRINTABLE,
      longest: LIMITS.passphraseBytes,
      check: ({ length }) =>
        length >= least
          ? undefined
          : least === 1
            ? "Type at least one character."
            : `At least ${least} characters.`,
    }),
  );
  return answer === "back" ? "back" : utf8(answer.value);
}
