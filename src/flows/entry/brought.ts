// What a person has brought to the device, understood and not yet a key: words, shares, or a seed itself.

import type { Backup, BackupForm, KeyRecord, Material } from "../../keeping.ts";
import type { SeedMessage } from "../../model.ts";
import type { Desk } from "../../ui.ts";

export interface Brought {
  readonly origin: KeyRecord["origin"];
  /** How it was entered; absent where it was born here. */
  readonly from?: BackupForm;
  /** Of shares: how many were needed, and which were entered, by name. */
  readonly shares?: Backup["shares"];
  /** Its chance was fixed from outside, as its backup says: never for mainnet. */
  readonly practice?: boolean;
  /** Whose passphrase may belong to it; absent where the form has none. */
  readonly passphrase?: "BIP 39" | "SLIP-39";
  /** Made anew at each call; the caller wipes it. The passphrase, UTF-8, is the callee's from then on. */
  material(passphrase: Uint8Array): Promise<Material>;
  /** Overwrites all that was entered; to be called in the end, whatever came of it. */
  wipe(): void;
}

/** One way in. Throws Refusal; "back" where nothing was brought, and then nothing is left of it. */
export type Bring = (desk: Desk) => Promise<Brought | "back">;

export type SeedForm = SeedMessage["seed"]["form"];

/** A scanned backup of some of the forms. */
export type Scanned<F extends SeedForm> = SeedMessage & {
  readonly seed: Extract<SeedMessage["seed"], { readonly form: F }>;
};

export function isForm<F extends SeedForm>(
  message: SeedMessage,
  ...forms: readonly F[]
): message is Scanned<F> {
  return (forms as readonly SeedForm[]).includes(message.seed.form);
}
