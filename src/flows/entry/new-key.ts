// A key that comes into the device: made here, or entered from a backup. Nothing is kept before it is whole,
// and before the person has seen its fingerprint.

import { accountWallets, agreeOnKeys, compile } from "../../bitcoin/index.ts";
import type { Backup, BackupForm, KeyRecord, Material } from "../../keeping.ts";
import { Keyring, loadCurve, nobleCurve, wipeMaterial } from "../../keys/index.ts";
import type { Network } from "../../model.ts";
import { refuse } from "../../refusal.ts";
import { menu } from "../../screens/menu.ts";
import { question } from "../../screens/notice.ts";
import type { Desk } from "../../ui.ts";
import { ask, wait } from "../../ui.ts";
import { orRefused } from "../or-refused.ts";
import type { Bring, Brought } from "./brought.ts";
import { askSource, type SourceQuestion } from "./entry.ts";
import { type Restored, restore } from "./restore.ts";
import { askPassphrase } from "./words.ts";

export interface NewKey {
  /** The caller wipes it. */
  readonly material: Material;
  readonly fingerprint: string;
  readonly origin: KeyRecord["origin"];
  /** How it was entered, which shows that such a backup exists and can be read. Absent where it was born. */
  readonly from?: BackupForm;
  /** Of shares: those that were entered, by name. */
  readonly shares?: Backup["shares"];
}

/** Asked for until the key's fingerprint is the one that the person expects. */
export async function askNewKey(desk: Desk, network: Network): Promise<NewKey> {
  for (;;) {
    const key = await askKey(desk, network, { title: "Words", born: true, leaves: false });
    if (typeof key !== "string") return key;
  }
}

/** The same at set-up, where an encrypted backup brings a whole home instead. */
export async function askKeyOrHome(desk: Desk, network: Network): Promise<NewKey | Restored> {
  for (;;) {
    const bring = await askSource(desk, { title: "Words", born: true, leaves: false }, "home");
    if (bring === "back") continue;
    const found = await orRefused<NewKey | Restored | "back">(desk, () =>
      bring === "home" ? restore(desk, network) : keyFrom(desk, network, bring),
    );
    if (found !== "back") return found;
  }
}

/**
 * The same where one may leave: "back" before anything was entered, "left" where words or shares may have been on
 * the glass, after which everything should start afresh.
 */
export async function askKey(
  desk: Desk,
  network: Network,
  asked: SourceQuestion,
): Promise<NewKey | "back" | "left"> {
  for (let begun = false; ; begun = true) {
    const bring = await askSource(desk, asked);
    if (bring === "back") return begun ? "left" : "back";
    const key = await orRefused(desk, () => keyFrom(desk, network, bring));
    if (key !== "back") return key;
  }
}

async function keyFrom(desk: Desk, network: Network, bring: Bring): Promise<NewKey | "back"> {
  const brought = await bring(desk);
  if (brought === "back") return "back";
  try {
    if (brought.practice && network === "mainnet") refuse("keys.practice");
    for (;;) {
      const passphrase = brought.passphrase ? await askPassphrase(desk, brought.passphrase) : NONE;
      if (passphrase === "back") return "back";
      const isNone = passphrase.length === 0;
      const key = await compared(desk, network, brought, passphrase);
      if (key !== "other") return key;
      // One press by mistake must not throw away what was just rolled and written down.
      if (brought.origin === "born" && (await askThrown(desk)) === "keep") continue;
      if (isNone || (await askAgain(desk)) === "over") return "back";
    }
  } finally {
    brought.wipe();
  }
}

const NONE = new Uint8Array(0);

function askThrown(desk: Desk): Promise<"keep" | "over"> {
  return ask(
    desk,
    menu<"keep" | "over">({
      title: "Another key?",
      above: [
        {
          kind: "text",
          text: "The new words are thrown away. What was written down of them is then no backup.",
        },
      ],
      items: [
        { label: "Keep these words", answer: "keep" },
        { label: "Throw them away", answer: "over" },
      ],
    }),
  );
}

/** Whoever mistyped a passphrase need not enter the words again. */
function askAgain(desk: Desk): Promise<"passphrase" | "over"> {
  return ask(
    desk,
    menu<"passphrase" | "over">({
      title: "Another key was expected",
      items: [
        { label: "Type the passphrase again", answer: "passphrase" },
        { label: "Start over", answer: "over" },
      ],
      back: { label: "start over", answer: "over" },
    }),
  );
}

async function compared(
  desk: Desk,
  network: Network,
  brought: Brought,
  passphrase: Uint8Array,
): Promise<NewKey | "other"> {
  const { origin, from, shares } = brought;
  const material = await brought.material(passphrase);
  let kept = false;
  try {
    const fingerprint = await compareFingerprint(desk, material, network, origin);
    kept = fingerprint !== "other";
    if (!kept) return "other";
    return { material, fingerprint, origin, ...(from ? { from } : {}), ...(shares ? { shares } : {}) };
  } finally {
    if (!kept) wipeMaterial(material);
  }
}

/** The one thing by which people recognise a passphrase that was mistyped. */
export async function compareFingerprint(
  desk: Desk,
  material: Material,
  network: Network,
  origin: KeyRecord["origin"],
): Promise<string | "other"> {
  const { stretch } = desk.ports;
  const curve = await loadCurve();
  const keyring = await wait(
    desk,
    "Deriving keys",
    Keyring.open({ material, network, curve, check: nobleCurve(), stretch }),
  );
  try {
    const accounts = accountWallets(network, (path) => keyring.account(path));
    for (const account of accounts) agreeOnKeys(compile(account, curve));
    const names = accounts.map((account) => account.name).join("\n");
    const text =
      origin === "born"
        ? "Write the fingerprint down beside the words: it tells this key from others."
        : "If you used this key before, compare: the fingerprint must be the same.";
    const sheet = {
      title: "Your key",
      blocks: [
        { kind: "fact", label: "Fingerprint", value: keyring.fingerprint },
        { kind: "fact", label: "Accounts", value: names },
        { kind: "text", text },
      ],
    } as const;
    const answer = await ask(desk, question([sheet], "go on", "another key"));
    return answer === "yes" ? keyring.fingerprint : "other";
  } finally {
    keyring.wipe();
  }
}

/** What the device writes down of a key that it was given. */
export function recordOf(key: NewKey, name: string, nowMs: number): KeyRecord {
  const { fingerprint, origin } = key;
  return { fingerprint, name, madeMs: nowMs, origin, backups: backupsOf(key, nowMs) };
}

/** Whoever just entered a backup has shown that it exists and can be read. */
function backupsOf({ origin, from, shares }: NewKey, nowMs: number): readonly Backup[] {
  // Words that were made here were written down, and three of them asked for: a backup, and not rehearsed.
  if (origin === "born") return [{ form: "words", madeMs: nowMs }];
  if (from === undefined) return [];
  const backup = { form: from, madeMs: nowMs };
  if (shares === undefined) return [{ ...backup, rehearsedMs: nowMs }];
  const each = shares.each.map(({ name }) => ({ name, rehearsedMs: nowMs }));
  return [{ ...backup, shares: { needed: shares.needed, each } }];
}
