// A key's words in codes that other programs read: Krux's encrypted code, and the registry's crypto-seed and
// crypto-bip39. None of them has room for the passphrase.

import { wipe } from "../../bytes.ts";
import { indexesOf, KEF_ITERATIONS, sealKef, wordList } from "../../keys/index.ts";
import type { CodeLoop, Density } from "../../model.ts";
import { Refusal } from "../../refusal.ts";
import { codes } from "../../screens/codes.ts";
import { menu } from "../../screens/menu.ts";
import { refused } from "../../screens/notice.ts";
import { utf8 } from "../../text.ts";
import { kefCode, splitSeedUr, splitWordsUr } from "../../transport/index.ts";
import type { Desk } from "../../ui.ts";
import { ask, wait } from "../../ui.ts";
import { deliberately } from "../deliberate.ts";
import { askSecretTwice } from "../entry/words.ts";
import { journalShown, type Owner, type Traits, withSecret } from "./backup-journey.ts";
import {
  ofWords,
  passphraseTexts,
  settle,
  showCode,
  WHOLE,
  type WordSecret,
  warningSheets,
} from "./backup-words.ts";

// ---------------------------------------------------------------- Krux's encrypted code

export async function makeKef(owner: Owner, traits: Traits): Promise<void> {
  const texts = [
    `The words, encrypted under a key that you choose, with ${KEF_ITERATIONS} rounds against guessing. Keep the two apart.`,
    ...passphraseTexts(traits),
  ];
  const seen = "Whoever has this code and its key can spend everything that this key can.";
  const sheets = warningSheets("Krux's encrypted code", seen, ...texts);
  if ((await deliberately(owner.desk, sheets, "to show the code")) === "no") return;
  await withSecret(owner, async (plain) => {
    const secret = ofWords(plain);
    const envelope = await sealedByKey(secret);
    if (envelope === "back") return;
    await journalShown(secret, "Krux's encrypted code");
    const loop = kefCode(envelope);
    await settle(secret, "kef", "Scan", () =>
      showCode(secret.desk, "Krux's encrypted code", loop, "Without its key it says nothing."),
    );
  });
}

/** Labelled with the key's fingerprint, as Krux does. A key that Krux would call weak is asked for again. */
async function sealedByKey(secret: WordSecret): Promise<Uint8Array | "back"> {
  const { desk, fingerprint, material } = secret;
  const { stretch, random } = desk.ports;
  for (;;) {
    const key = await askTwice(desk);
    if (key === "back") return "back";
    try {
      const plan = { id: utf8(fingerprint), plain: material.entropy, key, stretch, random };
      return await wait(desk, "Encrypting", sealKef(plan));
    } catch (problem) {
      if (!(problem instanceof Refusal && problem.reason === "forms.kef-key")) throw problem;
      await ask(desk, refused(problem));
    } finally {
      wipe(key);
    }
  }
}

async function askTwice(desk: Desk): Promise<Uint8Array | "back"> {
  const text = "Eight characters at least, better several words by chance. It is not your PIN.";
  const field = {
    title: "A key for the code",
    label: "Key",
    above: [{ kind: "text", text }],
    least: 8,
  } as const;
  const differ = "Type the key again. Nobody can open the code with another one.";
  return askSecretTwice(desk, field, "The key again", differ);
}

// ---------------------------------------------------------------- UR

const UR_TYPES = {
  "crypto-seed": (entropy: Uint8Array) => (density: Density) => splitSeedUr(entropy, density),
  "crypto-bip39": (entropy: Uint8Array) => (density: Density) => splitWords(entropy, density),
} as const;
type UrType = keyof typeof UR_TYPES;

function splitWords(entropy: Uint8Array, density: Density): CodeLoop {
  const indexes = indexesOf(entropy);
  try {
    return splitWordsUr(
      [...indexes].map((index) => wordList[index]!),
      density,
    );
  } finally {
    wipe(indexes);
  }
}

export async function makeUr(owner: Owner, traits: Traits): Promise<void> {
  const type = await ask(
    owner.desk,
    menu<UrType | "back">({
      title: "UR",
      items: [
        { label: "crypto-seed (the entropy)", answer: "crypto-seed" },
        { label: "crypto-bip39 (the words)", answer: "crypto-bip39" },
      ],
      back: { label: "back", answer: "back" },
    }),
  );
  if (type === "back") return;
  const texts = [
    "For a device that takes the key over, or for a printer that forgets.",
    ...passphraseTexts(traits),
  ];
  if ((await deliberately(owner.desk, warningSheets(type, WHOLE, ...texts), "to show the codes")) === "no")
    return;
  await withSecret(owner, async (plain) => {
    const secret = ofWords(plain);
    await journalShown(secret, type);
    await settle(secret, "ur", "Scan", () => showLoop(secret, type));
  });
}

async function showLoop({ desk, material }: WordSecret, type: UrType): Promise<void> {
  const loop = UR_TYPES[type](material.entropy);
  await ask(
    desk,
    codes({ title: type, caption: "Whoever scans this has the key.", loop }, desk.ports.panel.size()),
  );
}
