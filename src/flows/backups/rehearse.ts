// A backup is worth something when it was entered again and led to the key. What is entered here is compared and
// forgotten: nothing of it is kept but that it was right, and when.

import { wipe } from "../../bytes.ts";
import { type BackupForm, lastRehearsedMs } from "../../keeping.ts";
import { indexesOf, nearestWords, wordList } from "../../keys/index.ts";
import type { SeedMessage } from "../../model.ts";
import { refuse } from "../../refusal.ts";
import { dayOf, FORM_NAMES } from "../../screens/health.ts";
import { menu } from "../../screens/menu.ts";
import { notice, question } from "../../screens/notice.ts";
import { scan } from "../../screens/scan.ts";
import { words } from "../../screens/words.ts";
import { ask } from "../../ui.ts";
import { isForm } from "../entry/brought.ts";
import { scanKef } from "../entry/entry-kef.ts";
import { entropyOfScanned, typePhrase } from "../entry/words.ts";
import { keepRehearsed, type Owner, recordIn, type Secret, withSecret } from "./backup-journey.ts";
import { rehearseBackupFile } from "./backup-rehearse.ts";
import { rehearsed } from "./records.ts";
import { proveEntropy } from "./rehearse-proof.ts";
import { type Rehearsal, rehearseCodex32, rehearseSlip39, rehearseXor } from "./rehearse-shares.ts";

/** `ofWords`: only a key that is made of words has such a backup. */
interface Form {
  readonly ofWords: boolean;
  readonly asks: string;
  readonly rehearse: Rehearsal;
}

const FORMS: Readonly<Record<Exclude<BackupForm, "backup">, Form>> = {
  words: { ofWords: true, asks: "Type the words from your paper.", rehearse: rehearseWords },
  seedqr: { ofWords: true, asks: "Scan your copy.", rehearse: scanned("seedqr") },
  "compact-seedqr": { ofWords: true, asks: "Scan your copy.", rehearse: scanned("compact-seedqr") },
  slip39: {
    ofWords: false,
    asks: "Enter as many shares as are needed; then any others can be tried as well.",
    rehearse: rehearseSlip39,
  },
  codex32: {
    ofWords: false,
    asks: "Enter the string, or as many shares as are needed, and any others.",
    rehearse: rehearseCodex32,
  },
  "seed-xor": { ofWords: true, asks: "Enter all parts.", rehearse: rehearseXor },
  kef: { ofWords: true, asks: "Scan the code, then type its key.", rehearse: rehearseKef },
  ur: { ofWords: true, asks: "Scan the codes.", rehearse: scanned("ur") },
};

type Rehearsed = keyof typeof FORMS;

export async function rehearse(owner: Owner, ofWords: boolean): Promise<void> {
  const form = await askForm(owner, ofWords);
  if (form === "back") return;
  // Of all keys together: it compares each of them by itself.
  if (form === "backup") return rehearseBackupFile(owner.desk, owner.session);
  const texts = [
    FORMS[form].asks,
    "What you enter is compared with this key and forgotten. Firn locks and starts afresh afterwards.",
  ];
  const blocks = texts.map((text) => ({ kind: "text", text }) as const);
  const sheet = { title: `Rehearse: ${FORM_NAMES[form]}`, blocks };
  if ((await ask(owner.desk, question([sheet], "go on", "back"))) === "no") return;
  await withSecret(owner, (secret) => rehearseNow(secret, form));
}

/** Of all forms that this key can have, those first of which a backup is known. */
function askForm(owner: Owner, ofWords: boolean): Promise<BackupForm | "back"> {
  const { backups } = recordIn(owner);
  const own = (Object.keys(FORMS) as Rehearsed[]).filter((form) => ofWords || !FORMS[form].ofWords);
  const all: readonly BackupForm[] = [...own, "backup"];
  const isKnown = (form: BackupForm) => backups.some((backup) => backup.form === form);
  const items = [...all.filter(isKnown), ...all.filter((form) => !isKnown(form))].map((answer) => {
    const times = backups.flatMap((backup) =>
      backup.form === answer ? (lastRehearsedMs(backup) ?? []) : [],
    );
    const state =
      times.length > 0 ? `, last ${dayOf(Math.max(...times))}` : isKnown(answer) ? ", never rehearsed" : "";
    return { label: `${FORM_NAMES[answer]}${state}`, answer };
  });
  const back = { label: "back", answer: "back" } as const;
  return ask(owner.desk, menu<BackupForm | "back">({ title: "Rehearse", items, back }));
}

/** Within a journey that ends afresh. */
export async function rehearseNow(secret: Secret, form: Rehearsed): Promise<void> {
  const how = await FORMS[form].rehearse(secret);
  const texts =
    how === "rehearsed"
      ? ["What you entered is this key. Its backup can be read, and leads to it."]
      : ["Nothing was rehearsed."];
  const [title] = how === "rehearsed" ? ["Rehearsed"] : ["Left"];
  texts.push("Firn locks now and starts afresh.");
  await ask(
    secret.desk,
    notice(
      title!,
      texts.map((text) => ({ kind: "text", text }) as const),
    ),
  );
}

async function keepWhole(secret: Secret, form: BackupForm): Promise<"rehearsed"> {
  await keepRehearsed(secret, rehearsed(recordIn(secret), form, secret.desk.ports.clock.wallMs()), form);
  return "rehearsed";
}

async function proven(secret: Secret, form: BackupForm, entropy: Uint8Array): Promise<"rehearsed" | "back"> {
  try {
    return (await proveEntropy(secret, entropy)) === "back" ? "back" : await keepWhole(secret, form);
  } finally {
    wipe(entropy);
  }
}

// ---------------------------------------------------------------- words

async function rehearseWords(secret: Secret): Promise<"rehearsed" | "back"> {
  const way = await ask(
    secret.desk,
    menu<"all" | "one" | "back">({
      title: "How",
      above: [{ kind: "text", text: "Word by word ends at the first wrong word, and says which one it is." }],
      items: [
        { label: "Type all words", answer: "all" },
        { label: "Word by word", answer: "one" },
      ],
      back: { label: "leave", answer: "back" },
    }),
  );
  if (way === "back") return "back";
  const entropy = await (way === "all" ? typePhrase(secret.desk, "Your words") : typeOneByOne(secret));
  return entropy === "back" ? "back" : proven(secret, "words", entropy);
}

/** The first wrong word ends it: whoever only guesses unlocks anew for every guess. */
async function typeOneByOne({ desk, material }: Secret): Promise<Uint8Array | "back"> {
  if (material.kind !== "words") return refuse("backup.differs", "this key was not made of words");
  const own = indexesOf(material.entropy);
  try {
    for (const [place, expected] of own.entries()) {
      const typed = await ask(
        desk,
        words({
          title: "Word by word",
          ask: `Type word ${place + 1} of ${own.length}.`,
          list: wordList,
          only: place + 1,
          nearest: nearestWords,
          check: ({ length }) => (length === 1 ? undefined : "One word."),
        }),
      );
      if (typed === "back") return "back";
      if (typed[0] !== expected) return refuse("backup.differs", `word ${place + 1}`);
    }
    return material.entropy.slice();
  } finally {
    wipe(own);
  }
}

// ---------------------------------------------------------------- codes

/** A code in exactly the form that was made: a SeedQR is no rehearsal of a CompactSeedQR. */
function scanned(form: "seedqr" | "compact-seedqr" | "ur"): Rehearsal {
  return async (secret) => {
    const title = FORM_NAMES[form];
    const message = await ask(
      secret.desk,
      scan({ title, ask: "Show your copy to the camera.", kinds: ["seed"] }),
    );
    if (message === "back") return "back";
    if (message.kind !== "seed" || formOf(message) !== form)
      return refuse("transport.wrong-kind", `a ${title} is asked for`);
    return proven(secret, form, entropyOfScanned(message));
  };
}

function formOf(message: SeedMessage): BackupForm | undefined {
  if (message.dialect === "ur" || message.dialect === "ur1") return "ur";
  if (isForm(message, "seedqr")) return "seedqr";
  return isForm(message, "compact") ? "compact-seedqr" : undefined;
}

async function rehearseKef(secret: Secret): Promise<"rehearsed" | "back"> {
  const brought = await scanKef(secret.desk);
  if (brought === "back") return "back";
  const material = await brought.material(new Uint8Array(0));
  brought.wipe();
  if (material.kind !== "words") return refuse("forms.kef-content");
  return proven(secret, "kef", material.entropy);
}
