// What every journey with a backup shares: the key's material for as long as it is needed, the record, the journal,
// and the end: whatever came of it, all processes start anew.

import { wipe } from "../../bytes.ts";
import type { Backup, BackupForm, KeyRecord, Material } from "../../keeping.ts";
import { unpackKeys, wipeMaterial } from "../../keys/index.ts";
import { refuse } from "../../refusal.ts";
import { menu } from "../../screens/menu.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { afresh } from "../afresh.ts";
import type { Session } from "../session.ts";
import { keep } from "../session.ts";
import { withBackup } from "./records.ts";

/** Whose backups this is about. */
export interface Owner {
  readonly desk: Desk;
  readonly session: Session;
  readonly fingerprint: string;
}

export interface Secret extends Owner {
  /** Wiped when the journey ends. */
  readonly material: Material;
}

/** As it is now: what was made or rehearsed since is in it. */
export function recordIn({ session, fingerprint }: Owner): KeyRecord {
  return (
    session.state.keys.find((known) => known.fingerprint === fingerprint) ??
    refuse("vault.damaged", "the key is not there")
  );
}

/** From here on secrets are on the glass or typed. */
export async function withSecret(owner: Owner, journey: (secret: Secret) => Promise<void>): Promise<never> {
  return afresh(owner.desk, owner.session, async () => {
    const material = materialOf(owner);
    try {
      await journey({ ...owner, material });
    } finally {
      wipeMaterial(material);
    }
  });
}

/** What has to be known of a key before its secret is asked for. */
export interface Traits {
  /** 0 where it is a seed alone. */
  readonly words: number;
  readonly passphrase: boolean;
  /** Of BIP 32. */
  readonly seedBytes: number;
}

export function traitsOf(owner: Owner): Traits {
  const material = materialOf(owner);
  try {
    if (material.kind === "seed") return { words: 0, passphrase: false, seedBytes: material.seed.length };
    const { entropy, passphrase } = material;
    return { words: (entropy.length / 4) * 3, passphrase: passphrase.length > 0, seedBytes: 64 };
  } finally {
    wipeMaterial(material);
  }
}

function materialOf({ session, fingerprint }: Owner): Material {
  const packed = session.vault.section("keys");
  const kept = unpackKeys(packed);
  wipe(packed);
  const own = kept.find((one) => one.fingerprint === fingerprint);
  for (const one of kept) if (one !== own) wipeMaterial(one.material);
  return own?.material ?? refuse("vault.damaged", "the key is not there");
}

/** Written before anything is on the glass. `what`: "words", "SLIP-39 share 2 of 5". */
export function journalShown({ session, fingerprint }: Owner, what: string): Promise<void> {
  return session.journal.append({ kind: "secret-shown", fingerprint, what });
}

/** One write for the record, one line for the journal. */
export async function keepMade(owner: Owner, backup: Omit<Backup, "madeMs">): Promise<void> {
  const { desk, session, fingerprint } = owner;
  const madeMs = desk.ports.clock.wallMs();
  await keepRecord(owner, withBackup(recordIn(owner), { ...backup, madeMs }));
  await session.journal.append({ kind: "backup-made", fingerprint, form: backup.form });
}

/** `share`: its name, empty where the whole was rehearsed. */
export async function keepRehearsed(
  owner: Owner,
  record: KeyRecord,
  form: BackupForm,
  shares: readonly string[] = [""],
): Promise<void> {
  const { session, fingerprint } = owner;
  await keepRecord(owner, record);
  for (const share of shares)
    await session.journal.append({ kind: "backup-rehearsed", fingerprint, form, share });
}

async function keepRecord({ session, fingerprint }: Owner, record: KeyRecord): Promise<void> {
  const keys = session.state.keys.map((known) => (known.fingerprint === fingerprint ? record : known));
  await keep(session, { ...session.state, keys });
}

/** What the person did with what was shown. again: it is shown once more. no: nothing was written down. */
export type Afterwards = "now" | "later" | "again" | "no";

export function askAfterwards(
  desk: Desk,
  title: string,
  entered: "Type" | "Scan" | "Enter",
): Promise<Afterwards> {
  const text = "A backup counts when it was entered again and led to this key. Until then nobody knows.";
  return ask(
    desk,
    menu<Afterwards>({
      title,
      above: [{ kind: "text", text }],
      items: [
        { label: `I have it: ${entered.toLowerCase()} it back now`, answer: "now" },
        { label: `I have it: ${entered.toLowerCase()} it back later`, answer: "later" },
        { label: "Show it again", answer: "again" },
        { label: "I only looked", answer: "no" },
      ],
    }),
  );
}
