// Where the words come from: made here from mixed chance, typed in, or scanned.

import { wipe } from "../bytes.ts";
import { entropyOf, indexesOfSeedMessage, nearestWords, wordList } from "../keys/index.ts";
import { LIMITS } from "../limits.ts";
import { REFUSALS, Refusal } from "../refusal.ts";
import { field, PRINTABLE } from "../screens/field.ts";
import { menu } from "../screens/menu.ts";
import { question, refused } from "../screens/notice.ts";
import { scan } from "../screens/scan.ts";
import { words } from "../screens/words.ts";
import { utf8 } from "../text.ts";
import type { Desk } from "../ui.ts";
import { ask } from "../ui.ts";
import { birth } from "./birth.ts";

export interface Words {
  /** 16, 20, 24, 28 or 32 bytes; the caller wipes them. */
  readonly entropy: Uint8Array;
  /** born: made here and now. entered: typed or scanned, from a backup that exists. */
  readonly origin: "born" | "entered";
}

export async function askWords(desk: Desk): Promise<Words> {
  for (;;) {
    const source = await ask(
      desk,
      menu<"create" | "type" | "scan">({
        title: "Words",
        items: [
          { label: "Create new words", answer: "create" },
          { label: "Type words in", answer: "type" },
          { label: "Scan a SeedQR", answer: "scan" },
        ],
      }),
    );
    try {
      const entropy = await SOURCES[source](desk);
      if (entropy !== "back") return { entropy, origin: source === "create" ? "born" : "entered" };
    } catch (problem) {
      if (!(problem instanceof Refusal)) throw problem;
      await ask(desk, refused(problem));
    }
  }
}

const SOURCES = { create: birth, type, scan: scanSeed } as const;

async function type(desk: Desk): Promise<Uint8Array | "back"> {
  const indexes = await ask(
    desk,
    words({
      title: "Your words",
      ask: "Type the words. A space ends a word, ok ends the phrase.",
      list: wordList,
      nearest: nearestWords,
      check: problemOf,
    }),
  );
  if (indexes === "back") return "back";
  try {
    return entropyOf(indexes);
  } finally {
    wipe(indexes);
  }
}

/** The words screen stays on when the phrase is not one, and says why. */
function problemOf(indexes: Uint16Array): string | undefined {
  try {
    wipe(entropyOf(indexes));
    return undefined;
  } catch (problem) {
    if (!(problem instanceof Refusal)) throw problem;
    const { title, meaning, remedy } = REFUSALS[problem.reason];
    return `${title} (${problem.reason}). ${meaning} ${remedy}`;
  }
}

async function scanSeed(desk: Desk): Promise<Uint8Array | "back"> {
  const message = await ask(
    desk,
    scan({ title: "Scan a seed", ask: "Show a SeedQR or CompactSeedQR to the camera.", kinds: ["seed"] }),
  );
  if (message === "back") return "back";
  if (message.kind !== "seed") throw new Refusal("transport.wrong-kind");
  const indexes = indexesOfSeedMessage(message);
  const first = [...indexes.subarray(0, 3)].map((index) => wordList[index]).join(" ");
  const answer = await ask(
    desk,
    question(
      [
        {
          title: "Is this your seed?",
          blocks: [
            { kind: "fact", label: "Words", value: String(indexes.length) },
            { kind: "fact", label: "It begins", value: first },
          ],
        },
      ],
      "take it",
      "another",
    ),
  );
  return answer === "yes" ? entropyOf(indexes) : "back";
}

/** UTF-8 of the passphrase; empty where there is none. */
export async function askPassphrase(desk: Desk): Promise<Uint8Array> {
  const choice = await ask(
    desk,
    menu<"none" | "type">({
      title: "Passphrase",
      items: [
        { label: "No passphrase", answer: "none" },
        { label: "Type a passphrase (BIP 39)", answer: "type" },
      ],
    }),
  );
  if (choice === "none") return new Uint8Array(0);
  for (;;) {
    const first = await askOnce(desk, "Passphrase");
    if (first === "back") return askPassphrase(desk);
    const second = await askOnce(desk, "The passphrase again");
    if (second !== "back" && first === second) return utf8(first);
    await ask(desk, question(DIFFER, "again", "again"));
  }
}

const DIFFER = [
  {
    title: "The two differ",
    blocks: [{ kind: "text", text: "Type the passphrase again. A wrong one makes another, empty wallet." }],
  },
] as const;

async function askOnce(desk: Desk, title: string): Promise<string> {
  const answer = await ask(
    desk,
    field({
      title,
      label: "Passphrase",
      allowed: PRINTABLE,
      longest: LIMITS.passphraseBytes,
      masked: true,
      check: (value) => (value === "" ? "Type at least one character." : undefined),
    }),
  );
  return answer === "back" ? "back" : answer.value;
}
