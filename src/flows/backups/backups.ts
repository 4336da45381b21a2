// The page of one key: how well it would survive, its backups to be made and shown, and their rehearsal.

import type { BackupForm, KeyRecord } from "../../keeping.ts";
import { Refusal } from "../../refusal.ts";
import { dangerOf, FORM_NAMES, healthSheets } from "../../screens/health.ts";
import { type Item, menu } from "../../screens/menu.ts";
import { refused } from "../../screens/notice.ts";
import { pages } from "../../screens/pages.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import type { Session } from "../session.ts";
import { counterOf } from "../unlock/machine.ts";
import { SEAL_SENTENCES } from "../unlock/pin.ts";
import { makeChild } from "./backup-children.ts";
import { makeKef, makeUr } from "./backup-codes.ts";
import { backupFile } from "./backup-file.ts";
import { type Owner, recordIn, type Traits, traitsOf } from "./backup-journey.ts";
import { makeCodex32Backup, makeSlip39, makeXor } from "./backup-shares.ts";
import { showSeedQr, showWords } from "./backup-words.ts";
import { isRehearsed } from "./records.ts";
import { rehearse } from "./rehearse.ts";

const ITEMS = [
  { label: "Health", answer: "health" },
  { label: "Rehearse a backup", answer: "rehearse" },
  { label: "Show or make a backup", answer: "make" },
  { label: "BIP 85 children", answer: "child" },
] as const;

/** Ends by returning to the list of keys, or with everything locked: secrets were on the glass. */
export async function backups(desk: Desk, session: Session, { fingerprint }: KeyRecord): Promise<void> {
  const owner: Owner = { desk, session, fingerprint };
  let cursor = 0;
  for (;;) {
    const record = recordIn(owner);
    const danger = dangerOf({ record, rehearsed: isRehearsed(record) });
    const choice = await ask(
      desk,
      menu<(typeof ITEMS)[number]["answer"] | "back">(
        {
          title: `${record.name} (${fingerprint})`,
          ...(danger === undefined ? {} : { tone: "danger", above: [{ kind: "text", text: danger }] }),
          items: ITEMS,
          back: { label: "back", answer: "back" },
        },
        cursor,
      ),
    );
    if (choice === "back") return;
    cursor = ITEMS.findIndex(({ answer }) => answer === choice);
    try {
      await ACTS[choice](owner);
    } catch (problem) {
      if (!(problem instanceof Refusal)) throw problem;
      await ask(desk, refused(problem));
    }
  }
}

const ACTS = {
  health: showHealth,
  rehearse: (owner: Owner) => rehearse(owner, traitsOf(owner).words > 0),
  make: chooseForm,
  child: makeChild,
} as const;

async function showHealth(owner: Owner): Promise<void> {
  const { desk, session } = owner;
  const { vault, network } = session;
  const record = recordIn(owner);
  const { sealKind } = vault;
  const sheets = healthSheets({
    record,
    network,
    rehearsed: isRehearsed(record),
    seal: sealKind === "none" ? SEAL_SENTENCES.file : SEAL_SENTENCES[sealKind],
    counter: counterOf(desk.ports, sealKind, session.home) !== undefined,
    securityKeys: vault.factors.length,
  });
  const close = { label: "close", answer: "seen" } as const;
  await ask(desk, pages<"seen">({ sheets, ok: close, back: close }));
}

type Make = (owner: Owner, traits: Traits) => Promise<void>;

const OF_WORDS: readonly (readonly [BackupForm, Make])[] = [
  ["words", showWords],
  ["seedqr", (owner, traits) => showSeedQr(owner, traits, "seedqr")],
  ["compact-seedqr", (owner, traits) => showSeedQr(owner, traits, "compact-seedqr")],
];
const OF_ANY: readonly (readonly [BackupForm, Make])[] = [
  ["slip39", makeSlip39],
  ["codex32", makeCodex32Backup],
];
const MORE_OF_WORDS: readonly (readonly [BackupForm, Make])[] = [
  ["seed-xor", makeXor],
  ["kef", makeKef],
  ["ur", makeUr],
];
const OF_ALL_KEYS: readonly (readonly [BackupForm, Make])[] = [
  ["backup", ({ desk, session }) => backupFile(desk, session)],
];

async function chooseForm(owner: Owner): Promise<void> {
  const traits = traitsOf(owner);
  const own = traits.words > 0 ? [...OF_WORDS, ...OF_ANY, ...MORE_OF_WORDS] : OF_ANY;
  const items: Item<Make>[] = [...own, ...OF_ALL_KEYS].map(([form, answer]) => ({
    label: FORM_NAMES[form],
    answer,
  }));
  const back = { label: "back", answer: "back" } as const;
  const make = await ask(owner.desk, menu<Make | "back">({ title: "Show or make a backup", items, back }));
  if (make !== "back") await make(owner, traits);
}
