// How well a key would survive: when it was made, which backups there are, when each was last tried, and what
// keeps it on this machine. What would lose it today stands in red.

import { type Backup, type BackupForm, type KeyRecord, lastRehearsedMs } from "../keeping.ts";
import type { Block, Network, Tone } from "../model.ts";
import type { Sheet } from "./pages.ts";

export const FORM_NAMES: Readonly<Record<BackupForm, string>> = {
  words: "Words",
  seedqr: "SeedQR",
  "compact-seedqr": "CompactSeedQR",
  slip39: "SLIP-39 shares",
  codex32: "codex32",
  "seed-xor": "Seed XOR parts",
  kef: "Krux's encrypted code",
  backup: "Encrypted backup of all keys",
  ur: "crypto-seed or crypto-bip39",
};

export interface Health {
  readonly record: KeyRecord;
  readonly network: Network;
  /** Some backup was entered again and led to this key. */
  readonly rehearsed: boolean;
  /** What the machine's seal is worth, a sentence. */
  readonly seal: string;
  /** The machine has a counter that never goes back. */
  readonly counter: boolean;
  /** Security keys that are needed beside the PIN. */
  readonly securityKeys: number;
}

/** Unix ms as "2026-03-01"; what no clock said is not made up. */
export function dayOf(ms: number): string {
  const date = new Date(ms);
  return ms === 0 || Number.isNaN(date.getTime()) ? "unknown" : date.toISOString().slice(0, 10);
}

const ORIGINS: Readonly<Record<KeyRecord["origin"], string>> = {
  born: "made on this device",
  entered: "entered from a backup",
  child: "made of another key here (BIP 85)",
};

/** Undefined where the key would outlive this device, as far as is known. */
export function dangerOf({ record, rehearsed }: Pick<Health, "record" | "rehearsed">): string | undefined {
  if (rehearsed) return undefined;
  if (record.backups.length === 0)
    return "No backup of this key is known. If this device breaks today, the key is lost.";
  return "No backup of this key was ever rehearsed. If one word of it is wrong and this device breaks, the key is lost.";
}

export function healthSheets(health: Health): Sheet[] {
  const { record, network } = health;
  const danger = dangerOf(health);
  const first: Sheet = {
    title: `Health of ${record.name}`,
    tone: danger === undefined ? "calm" : "danger",
    blocks: [
      ...(danger === undefined
        ? []
        : [fact(`It ${record.backups.length === 0 ? "would" : "could"} be lost`, danger, "danger")]),
      fact("Fingerprint", record.fingerprint),
      fact("Came", `${dayOf(record.madeMs)}, ${ORIGINS[record.origin]}`),
      fact("Network", network),
      fact("Backups", countOf(record.backups)),
      ...untriedFact(record.backups),
    ],
  };
  return [first, ...record.backups.map(backupSheet), machineSheet(health)];
}

function fact(label: string, value: string, tone: Tone = "calm"): Block {
  return { kind: "fact", label, value, ...(tone === "calm" ? {} : { tone }) };
}

function countOf(backups: readonly Backup[]): string {
  const tried = backups.filter((backup) => lastRehearsedMs(backup) !== undefined).length;
  return backups.length === 0 ? "none" : `${backups.length}, of which ${tried} rehearsed`;
}

/** Shares that nobody has tried are the ones that fail when they are needed. */
function untriedFact(backups: readonly Backup[]): Block[] {
  const shares = backups.flatMap((backup) => backup.shares?.each ?? []);
  const untried = shares.filter(({ rehearsedMs }) => rehearsedMs === undefined).length;
  return untried === 0 ? [] : [fact("Shares never tried", `${untried} of ${shares.length}`, "caution")];
}

function backupSheet(backup: Backup): Sheet {
  const { form, madeMs, shares } = backup;
  const blocks = [fact("Made or first seen", dayOf(madeMs)), rehearsedFact(madeMs, lastRehearsedMs(backup))];
  if (shares === undefined) return { title: FORM_NAMES[form], blocks };
  const each = shares.each.map(({ name, rehearsedMs: at }) =>
    at === undefined ? fact(name, "never tried", "caution") : fact(name, `tried ${dayOf(at)}`),
  );
  const count = fact("Needed", `${shares.needed} of the ${shares.each.length} that are known here`);
  return { title: FORM_NAMES[form], blocks: [...blocks, count, ...each] };
}

function rehearsedFact(madeMs: number, rehearsedMs: number | undefined): Block {
  if (rehearsedMs === undefined) return fact("Last rehearsed", "never", "danger");
  const before = rehearsedMs < madeMs ? ", and not since it was made again" : "";
  return fact("Last rehearsed", `${dayOf(rehearsedMs)}${before}`, before === "" ? "calm" : "caution");
}

function machineSheet({ seal, counter, securityKeys }: Health): Sheet {
  const keys =
    securityKeys === 0
      ? "None. The PIN alone opens it on this machine."
      : `One of ${securityKeys} is needed beside the PIN. Who loses them all needs the backup.`;
  return {
    title: "On this machine",
    blocks: [
      fact("How the keys are kept", seal),
      fact("Security keys", keys),
      counter
        ? fact(
            "Older copies",
            "A counter in the machine tells an older copy of the card from the latest one: it is refused.",
          )
        : fact(
            "Older copies",
            "This machine has no counter. Limits and tries hold only while nobody copies the card and puts the copy back.",
            "caution",
          ),
    ],
  };
}
