// A key in several pieces: shares of SLIP-39 and of codex32, parts of a Seed XOR. They are others each time.

import { wipe } from "../../bytes.ts";
import {
  CODEX32_MOST_SHARES,
  codex32Identifier,
  codex32Secret,
  indexesOf,
  makeCodex32,
  makeShares,
  parseCodex32,
  parseShare,
  randomIdentifier,
  type Share,
  seedOfMaterial,
  shareWordCount,
  slip39Words,
  splitSeedXor,
  wordList,
} from "../../keys/index.ts";
import { refuse } from "../../refusal.ts";
import { stringBlock, wordBlocks } from "../../screens/backup.ts";
import { field, PRINTABLE } from "../../screens/field.ts";
import { menu } from "../../screens/menu.ts";
import { pages } from "../../screens/pages.ts";
import { seedQr, shareCode } from "../../transport/index.ts";
import type { Desk } from "../../ui.ts";
import { ask, wait } from "../../ui.ts";
import { deliberately } from "../deliberate.ts";
import { codex32ShareName, slip39ShareName, xorPartName } from "../entry/share-names.ts";
import { sentenceIn } from "../entry/words.ts";
import {
  journalShown,
  type Owner,
  recordIn,
  type Secret,
  type Traits,
  withSecret,
} from "./backup-journey.ts";
import { showPieces } from "./backup-pieces.ts";
import { askGroups, askShares, fewestShares, type GroupPlan, type Split } from "./backup-plan.ts";
import { ofWords, passphraseTexts, settle, WHOLE, warningSheets } from "./backup-words.ts";
import { fingerprintsOf } from "./rehearse-shares.ts";

/** The 64-byte seed of words is no phrase any more: said before anybody writes 59 words five times. */
function seedTexts({ words, passphrase, seedBytes }: Traits, each: string): string[] {
  if (words === 0) return [`It holds the key's seed of ${seedBytes} bytes: ${each}.`];
  return [
    `It holds the 64-byte seed that the words make, not the words: ${each}. Programs that only take short ones cannot read it, and the words never come back out of it.`,
    ...(passphrase ? ["The passphrase is in it: it opens the key without asking for one."] : []),
  ];
}

function enough(needed: number): string {
  return `Whoever sees ${needed === 1 ? "one" : needed} of these can spend everything that this key can.`;
}

function namesOf(owner: Owner): readonly string[] {
  return recordIn(owner).backups.flatMap(({ shares }) => shares?.each.map(({ name }) => name) ?? []);
}

// ---------------------------------------------------------------- SLIP-39

export async function makeSlip39(owner: Owner, traits: Traits): Promise<void> {
  const plan = await askGroups(owner.desk);
  if (plan === "back") return;
  const each = `${shareWordCount(traits.seedBytes)} words a share`;
  const sheets = warningSheets(
    "SLIP-39 shares",
    enough(fewestShares(plan)),
    ...seedTexts(traits, each),
    ANEW,
  );
  if ((await deliberately(owner.desk, sheets, "to show the shares")) === "no") return;
  await withSecret(owner, async (secret) => {
    const shares = await newShares(secret, plan);
    try {
      const all = shares.map(([words, name]) => {
        const texts = [...words].map((index) => slip39Words[index]!);
        return { name, blocks: wordBlocks(texts), code: shareCode(texts.join(" ")) };
      });
      const grouped = plan.groups.length > 1;
      await showPieces(secret, { form: "slip39", one: "Share", needed: fewestShares(plan), grouped, all });
    } finally {
      wipe(...shares.map(([words]) => words));
    }
  });
}

const ANEW =
  "This makes a new set, with a name of its own: shares of other sets do not go with it. Write the name on each.";
/** 20,000 rounds of PBKDF2, as other programs take where nobody chose. */
const ITERATION_EXPONENT = 1;

/** With their names, in a set that this key has none of yet: of 32,768 names one may come twice. */
async function newShares(
  secret: Secret,
  plan: GroupPlan,
): Promise<readonly (readonly [words: Uint16Array, name: string])[]> {
  const { stretch, random } = secret.desk.ports;
  const seed = await seedOfMaterial(secret.material, stretch);
  const known = namesOf(secret);
  try {
    for (;;) {
      const passphrase = new Uint8Array(0);
      const asked = { secret: seed, passphrase, iterationExponent: ITERATION_EXPONENT, ...plan };
      const made = (
        await wait(secret.desk, "Making the shares", makeShares({ ...asked, stretch, random }))
      ).flat();
      const named = made.map((words) => [words, ofShare(words, slip39ShareName)] as const);
      if (named.every(([, name]) => !known.includes(name))) return named;
      wipe(...made);
    }
  } finally {
    wipe(seed);
  }
}

function ofShare<T>(words: Uint16Array, use: (share: Share) => T): T {
  const share = parseShare(words);
  try {
    return use(share);
  } finally {
    wipe(share.value);
  }
}

// ---------------------------------------------------------------- codex32

export async function makeCodex32Backup(owner: Owner, traits: Traits): Promise<void> {
  const { desk } = owner;
  const split = await askCodexSplit(desk);
  if (split === "back") return;
  const identifier = await askIdentifier(owner);
  if (identifier === "back") return;
  const letters = codex32Secret(new Uint8Array(traits.seedBytes), identifier).length;
  const sheets = warningSheets(
    "codex32",
    split === "whole" ? WHOLE : enough(split.needed),
    ...seedTexts(traits, `${letters} characters`),
    ...(split === "whole" ? [] : [ANEW]),
  );
  if (
    (await deliberately(desk, sheets, split === "whole" ? "to show the string" : "to show the shares")) ===
    "no"
  )
    return;
  await withSecret(owner, (secret) => showCodex32(secret, split, identifier));
}

async function askCodexSplit(desk: Desk): Promise<Split | "whole" | "back"> {
  for (;;) {
    const choice = await ask(
      desk,
      menu<"shares" | "whole" | "back">({
        title: "codex32",
        items: [
          { label: "Shares", answer: "shares" },
          { label: "The whole seed as one string", answer: "whole" },
        ],
        back: { label: "back", answer: "back" },
      }),
    );
    if (choice !== "shares") return choice;
    const split = await askShares(desk, 2, { needed: MOST_NEEDED, count: CODEX32_MOST_SHARES });
    if (split !== "back") return split;
  }
}

/** BIP 93: the threshold is one digit. */
const MOST_NEEDED = 9;

async function askIdentifier(owner: Owner): Promise<string | "back"> {
  const { desk } = owner;
  const known = namesOf(owner);
  const isNew = (identifier: string) =>
    known.every((name) => !name.startsWith(`${identifier.toUpperCase()},`));
  let drawn = randomIdentifier(desk.ports.random);
  while (!isNew(drawn)) drawn = randomIdentifier(desk.ports.random);
  const choice = await ask(
    desk,
    menu<"drawn" | "typed" | "back">({
      title: "Name of the set",
      above: [{ kind: "text", text: "Four letters or digits, in plain sight on every share." }],
      items: [
        { label: `${drawn.toUpperCase()}, by chance`, answer: "drawn" },
        { label: "Four letters of mine", answer: "typed" },
      ],
      back: { label: "back", answer: "back" },
    }),
  );
  if (choice !== "typed") return choice === "drawn" ? drawn : "back";
  const check = (text: string) =>
    sentenceIn(() => isNew(codex32Identifier(text)) || refuse("backup.same-name"));
  const asked = { title: "Name of the set", label: "Four letters", allowed: PRINTABLE, longest: 4, check };
  const answer = await ask(desk, field(asked));
  return answer === "back" ? "back" : codex32Identifier(answer.value);
}

async function showCodex32(secret: Secret, split: Split | "whole", identifier: string): Promise<void> {
  const { desk, material } = secret;
  const { stretch, random } = desk.ports;
  const seed = await seedOfMaterial(material, stretch);
  try {
    if (split === "whole") return await showWhole(secret, codex32Secret(seed, identifier));
    const { needed, count } = split;
    const all = makeCodex32({ seed, identifier, threshold: needed, count, random }).map((text) => ({
      name: codex32ShareName(publicPart(text)),
      blocks: [stringBlock(text)],
      code: shareCode(text),
    }));
    await showPieces(secret, { form: "codex32", one: "Share", needed, all });
  } finally {
    wipe(seed);
  }
}

function publicPart(text: string) {
  const share = parseCodex32(text);
  wipe(share.payload);
  return share;
}

async function showWhole(secret: Secret, text: string): Promise<void> {
  await journalShown(secret, "codex32, the whole seed");
  const close = { label: "go on", answer: "seen" } as const;
  const sheets = [{ title: "codex32", blocks: [stringBlock(text)] }];
  await settle(secret, "codex32", "Type", async () => {
    await ask(secret.desk, pages<"seen">({ sheets, ok: close, back: close, wants: { awake: true } }));
  });
}

// ---------------------------------------------------------------- Seed XOR

export async function makeXor(owner: Owner, traits: Traits): Promise<void> {
  const count = await ask(
    owner.desk,
    menu<2 | 3 | 4 | "back">({
      title: "How many parts",
      items: ([2, 3, 4] as const).map((answer) => ({ label: `${answer} parts`, answer })),
      back: { label: "back", answer: "back" },
    }),
  );
  if (count === "back") return;
  const all = `All parts are needed, ${count} of ${count}: who loses one has lost the key.`;
  const sheets = warningSheets("Seed XOR parts", enough(count), all, PARTS, ...passphraseTexts(traits));
  if ((await deliberately(owner.desk, sheets, "to show the parts")) === "no") return;
  await withSecret(owner, async (plain) => {
    const secret = ofWords(plain);
    const parts = splitSeedXor(secret.material.entropy, count, secret.desk.ports.random);
    try {
      const fingerprints = await fingerprintsOf(secret, parts);
      const all = parts.map((entropy, i) => ({
        name: xorPartName(i + 1, count, fingerprints[i]!),
        ...shownWords(entropy),
      }));
      await showPieces(secret, { form: "seed-xor", one: "Part", needed: count, all });
    } finally {
      wipe(...parts);
    }
  });
}

const PARTS =
  "Each part looks like a key of its own, and any parts make some key: nothing on them tells that one is missing. Write on each how many there are.";

function shownWords(entropy: Uint8Array) {
  const indexes = indexesOf(entropy);
  try {
    return { blocks: wordBlocks([...indexes].map((index) => wordList[index]!)), code: seedQr(indexes) };
  } finally {
    wipe(indexes);
  }
}
