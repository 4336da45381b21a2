// New words: how many, of which chance, shown once, and what they were made of.

import { wipe } from "../../bytes.ts";
import {
  COINS,
  DICE,
  entropyOf,
  entropyOfRolls,
  type Given,
  indexesOf,
  kernelGiven,
  lastWords,
  mixEntropy,
  nearestWords,
  type Rolls,
  refuseUndrawn,
  shellLine,
  transcriptOf,
  type WORD_COUNTS,
  wordList,
} from "../../keys/index.ts";
import { menu } from "../../screens/menu.ts";
import { notice } from "../../screens/notice.ts";
import { pages, type Sheet } from "../../screens/pages.ts";
import { hatSheets, mixedSheets, recipeSheets, secretSheets } from "../../screens/transcript.ts";
import { words as wordsScreen } from "../../screens/words.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { orRefused } from "../or-refused.ts";
import { cameraChance, machineChance, rolledChance, typedChance } from "./chance.ts";
import { writeDown } from "./write-down.ts";

type Words = (typeof WORD_COUNTS)[number];

interface Made {
  readonly entropy: Uint8Array;
  /** Raw, in the order in which they went in; wiped when all is told. */
  readonly sources: readonly Given[];
  readonly told: readonly Sheet[];
}

/** Entropy of 16, 20, 24, 28 or 32 bytes, whose words were shown and asked for. The caller wipes it. */
export async function birth(desk: Desk): Promise<Uint8Array | "back"> {
  for (;;) {
    const count = await askCount(desk);
    if (count === "back") return "back";
    const made = await make(desk, count);
    if (made === "back") continue;
    let kept = false;
    const indexes = indexesOf(made.entropy);
    try {
      if (!(await writeDown(desk, indexes))) return "back";
      await tell(desk, made);
      kept = true;
      return made.entropy;
    } finally {
      wipe(indexes, ...made.sources.map(({ bytes }) => bytes));
      if (!kept) wipe(made.entropy);
    }
  }
}

/** The usual ones first. */
const COUNTS: readonly Words[] = [12, 24, 15, 18, 21];

function askCount(desk: Desk): Promise<Words | "back"> {
  return ask(
    desk,
    menu<Words | "back">({
      title: "How many words",
      items: COUNTS.map((answer) => ({ label: `${answer} words`, answer })),
      back: { label: "back", answer: "back" },
    }),
  );
}

async function make(desk: Desk, count: Words): Promise<Made | "back"> {
  for (;;) {
    const manner = await ask(
      desk,
      menu<keyof typeof MANNERS | "back">({
        title: "Chance from where",
        items: [
          { label: "Mixed (recommended)", answer: "mixed" },
          { label: "Dice only", answer: "dice" },
          { label: "Coins only", answer: "coins" },
          { label: "Words from a hat", answer: "hat" },
        ],
        above: [
          {
            kind: "text",
            text: "Mixed: this machine's generators, and whatever you add. The others: yours alone.",
          },
        ],
        back: { label: "back", answer: "back" },
      }),
    );
    if (manner === "back") return "back";
    const made = await orRefused(desk, () => MANNERS[manner](desk, count));
    if (made !== "back") return made;
  }
}

const MANNERS = {
  mixed,
  dice: (desk: Desk, count: Words) => rolledOnly(desk, DICE, count),
  coins: (desk: Desk, count: Words) => rolledOnly(desk, COINS, count),
  hat,
} as const;

const bytesFor = (count: Words) => (count / 3) * 4;

// ---------------------------------------------------------------- mixed

const EXTRAS = ["camera", "dice", "coins", "typing"] as const;
type Extra = (typeof EXTRAS)[number];
/** In the order in which they go into the mix. */
const LABELS: Record<Extra, string> = {
  camera: "Camera",
  dice: "Dice",
  coins: "Coins",
  typing: "Typing on keys",
};

async function mixed(desk: Desk, count: Words): Promise<Made | "back"> {
  // A dead one is known before anybody has rolled.
  const kernel = kernelGiven(desk.ports.random);
  const added = new Map<Extra, readonly Given[]>();
  let sources: readonly Given[] = [kernel];
  let kept = false;
  try {
    for (;;) {
      const choice = await askExtra(desk, added);
      if (choice === "back") return "back";
      if (choice === "go") break;
      const given = await orRefused(desk, () => askFor(desk, choice, count));
      if (given === "back") continue;
      wipe(...(added.get(choice) ?? []).map(({ bytes }) => bytes));
      added.set(choice, given);
    }
    sources = [kernel, ...(await machineChance(desk)), ...EXTRAS.flatMap((extra) => added.get(extra) ?? [])];
    const entropy = mixEntropy(sources, bytesFor(count));
    kept = true;
    return { entropy, sources, told: mixedSheets(transcriptOf(sources), entropy.length) };
  } finally {
    if (!kept) wipe(...[kernel, ...sources, ...[...added.values()].flat()].map(({ bytes }) => bytes));
  }
}

async function askFor(desk: Desk, extra: Extra, count: Words): Promise<readonly Given[] | "back"> {
  if (extra === "camera") return cameraChance(desk);
  if (extra === "typing") return typedChance(desk);
  const given = await rolledChance(desk, extra === "dice" ? DICE : COINS, count);
  return given === "back" ? "back" : [given];
}

function askExtra(desk: Desk, added: ReadonlyMap<Extra, readonly Given[]>): Promise<Extra | "go" | "back"> {
  const machine = ["the kernel's generator", ...desk.ports.noise.map(({ name }) => name)].join(", ");
  const items = EXTRAS.map((answer) => {
    const given = added.get(answer);
    const bits = given?.reduce((sum, one) => sum + one.bits, 0);
    // What cannot be measured is mixed in all the same; "0 bits" would read as if it were lost.
    const worth = bits === 0 ? "not counted" : `${bits} bits`;
    return { label: given ? `${LABELS[answer]}: added, ${worth}` : LABELS[answer], answer };
  });
  return ask(
    desk,
    menu<Extra | "go" | "back">({
      title: "Add chance",
      above: [
        { kind: "text", text: `In it: ${machine}. Whatever you add can only make it harder to guess.` },
      ],
      items: [{ label: "Go on", answer: "go" }, ...items],
      back: { label: "back", answer: "back" },
    }),
  );
}

// ---------------------------------------------------------------- dice or coins alone

async function rolledOnly(desk: Desk, rolls: Rolls, count: Words): Promise<Made | "back"> {
  const given = await rolledChance(desk, rolls, count);
  if (given === "back") return "back";
  const length = bytesFor(count);
  const told = recipeSheets(rolls.name, given.bytes.length, shellLine(length));
  await ask(desk, notice(told[0]!.title, told[0]!.blocks));
  return { entropy: entropyOfRolls(given.bytes, length), sources: [given], told };
}

// ---------------------------------------------------------------- words from a hat

async function hat(desk: Desk, count: Words): Promise<Made | "back"> {
  const drawn = await ask(
    desk,
    wordsScreen({
      title: "Words from a hat",
      ask: `Type the ${count - 1} words that you drew, a space after each. The last one is computed.`,
      list: wordList,
      nearest: nearestWords,
      check: ({ length }) =>
        length === count - 1 ? undefined : `${count - 1} words are needed, and ${length} are typed.`,
    }),
  );
  if (drawn === "back") return "back";
  const all = new Uint16Array(count);
  try {
    refuseUndrawn(drawn);
    const fits = lastWords(drawn);
    const last = await askLast(desk, fits);
    if (last === "back") return "back";
    all.set(drawn);
    all[count - 1] = last.word;
    return { entropy: entropyOf(all), sources: [], told: hatSheets(count, last.by) };
  } finally {
    wipe(drawn, all);
  }
}

interface Last {
  readonly word: number;
  readonly by: "chance" | "owner";
}

async function askLast(desk: Desk, fits: readonly number[]): Promise<Last | "back"> {
  for (;;) {
    const by = await ask(
      desk,
      menu<Last["by"] | "back">({
        title: "The last word",
        above: [{ kind: "text", text: `It holds the checksum: ${fits.length} words fit.` }],
        items: [
          { label: "Let chance choose", answer: "chance" },
          { label: "Choose it myself", answer: "owner" },
        ],
        back: { label: "back", answer: "back" },
      }),
    );
    if (by === "back") return "back";
    if (by === "chance") return { word: fits[someIndex(desk, fits.length)]!, by };
    const word = await ask(
      desk,
      menu<number | "back">({
        title: "The last word",
        items: fits.map((answer) => ({ label: wordList[answer]!, answer })),
        back: { label: "back", answer: "back" },
      }),
    );
    if (word !== "back") return { word, by };
  }
}

/** `count` is a power of two, 128 at most: each is as likely as the others. Throws Refusal keys.entropy-dead. */
function someIndex(desk: Desk, count: number): number {
  const { bytes } = kernelGiven(desk.ports.random);
  const index = bytes[0]! % count;
  wipe(bytes);
  return index;
}

// ---------------------------------------------------------------- told

async function tell(desk: Desk, { entropy, sources, told }: Made): Promise<void> {
  for (;;) {
    const choice = await ask(
      desk,
      menu<"go" | "told" | "secret">({
        title: "Your words are made",
        items: [
          { label: "Go on", answer: "go" },
          { label: "See how they were made", answer: "told" },
          ...(sources.length > 0 ? [{ label: "See the bytes (secret)", answer: "secret" } as const] : []),
        ],
      }),
    );
    if (choice === "go") return;
    const sheets = choice === "told" ? told : secretSheets(sources, entropy);
    const close = { label: "close", answer: "seen" } as const;
    await ask(desk, pages<"seen">({ sheets, ok: close, back: close }));
  }
}
