// What is kept: what keys are made from, and which backups exist of them.

import type { Fingerprint } from "./model.ts";

/** What a master key is made from. Whoever holds one wipes it. */
export type Material =
  /** BIP 39. entropy: 16, 20, 24, 28 or 32 bytes. passphrase: NFKD, UTF-8, empty for none. */
  | { readonly kind: "words"; readonly entropy: Uint8Array; readonly passphrase: Uint8Array }
  /** BIP 32's own seed, 16 to 64 bytes: what SLIP-39 and BIP 93 carry. */
  | { readonly kind: "seed"; readonly seed: Uint8Array };

export const BACKUP_FORMS = [
  "words",
  "seedqr",
  "compact-seedqr",
  "slip39",
  "codex32",
  "seed-xor",
  "kef",
  "backup",
  "ur",
] as const;
export type BackupForm = (typeof BACKUP_FORMS)[number];

/** A backup that was made or shown to exist. Times are Unix, ms, as the machine's clock said. */
export interface Backup {
  readonly form: BackupForm;
  readonly madeMs: number;
  /** When all of it was last entered again and found equal. */
  readonly rehearsedMs?: number;
  /** Where it is made of shares: how many are needed, and each with the time of its own last rehearsal. */
  readonly shares?: {
    readonly needed: number;
    readonly each: readonly { readonly name: string; readonly rehearsedMs?: number }[];
  };
}

/**
 * When it was last shown that it leads to the key; undefined where it never was. Of shares: when as many as are needed
 * were tried. A further one is only ever tried beside those, so that counting them will do.
 */
export function lastRehearsedMs({ rehearsedMs, shares }: Backup): number | undefined {
  if (rehearsedMs !== undefined || shares === undefined) return rehearsedMs;
  const tried = shares.each.flatMap((share) => share.rehearsedMs ?? []);
  return shares.needed > 0 && tried.length >= shares.needed ? Math.max(...tried) : undefined;
}

/** What the device knows of a key beside the key: nothing secret. */
export interface KeyRecord {
  readonly fingerprint: Fingerprint;
  /** As the owner calls it, Shown. */
  readonly name: string;
  readonly madeMs: number;
  /** born: made here. entered: typed or scanned from a backup that existed. child: BIP 85 of another key here. */
  readonly origin: "born" | "entered" | "child";
  readonly backups: readonly Backup[];
}

/** Somebody whom a policy may ask, and how he proves himself here. Secrets of it are in the vault. */
export interface Person {
  /** As policies name him, Shown: small letters, digits and spaces. */
  readonly name: string;
  /** pin: one of his own. totp: RFC 6238. hotp: RFC 4226. key: a security key (FIDO2). */
  readonly factor: "pin" | "totp" | "hotp" | "key";
  readonly madeMs: number;
}

/** What allows more than before: it waits before it holds, and can be cancelled until then. */
export type Change =
  /** A whole policy, as its canonical text. */
  | { readonly kind: "policy"; readonly text: string }
  /** A spend that was never broadcast counts no longer. */
  | { readonly kind: "release"; readonly txid: string }
  /** Where a sweep leads. */
  | { readonly kind: "successor"; readonly name: string; readonly descriptor: string }
  /** The policy holds again instead of the sweep. */
  | { readonly kind: "end-sweep" }
  /** The date that is shown, and that hours and one-time codes go by, is set forward. */
  | { readonly kind: "date"; readonly byMs: number }
  /** Who may sign documents for this device. */
  | { readonly kind: "fleet"; readonly text: string }
  /** What administrators say of contracts: their document, without its signatures. */
  | { readonly kind: "descriptors"; readonly text: string };

/** Times as Now.ms. */
export interface Pending {
  readonly change: Change;
  readonly askedMs: number;
  readonly dueMs: number;
}
