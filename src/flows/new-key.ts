// A key that comes into the device: made here, or entered from a backup. Nothing is kept before it is whole,
// and before the person has seen its fingerprint.

import { accountWallets, agreeOnKeys, compile } from "../bitcoin/index.ts";
import type { BackupForm, KeyRecord, Material } from "../keeping.ts";
import { Keyring, loadCurve, nobleCurve, wipeMaterial } from "../keys/index.ts";
import type { Network } from "../model.ts";
import { question } from "../screens/notice.ts";
import type { Desk } from "../ui.ts";
import { ask, wait } from "../ui.ts";
import { askPassphrase, askWords } from "./words.ts";

export interface NewKey {
  /** The caller wipes it. */
  readonly material: Material;
  readonly fingerprint: string;
  readonly origin: KeyRecord["origin"];
  /** How it was entered, which shows that such a backup exists and can be read. Absent where it was born. */
  readonly from?: BackupForm;
}

/** Asked for until the key's fingerprint is the one that the person expects. */
export async function askNewKey(desk: Desk, network: Network): Promise<NewKey> {
  for (;;) {
    const { entropy, origin } = await askWords(desk);
    let material: Material = { kind: "words", entropy, passphrase: new Uint8Array(0) };
    let kept = false;
    try {
      material = { kind: "words", entropy, passphrase: await askPassphrase(desk) };
      const fingerprint = await compareFingerprint(desk, material, network);
      kept = fingerprint !== "other";
      if (kept) return { material, fingerprint, origin, ...(origin === "entered" ? { from: "words" } : {}) };
    } finally {
      if (!kept) wipeMaterial(material);
    }
  }
}

/** The one thing by which people recognise a passphrase that was mistyped. */
export async function compareFingerprint(
  desk: Desk,
  material: Material,
  network: Network,
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
    const text = "If these words made another key before, the fingerprint must be the same.";
    const sheet = {
      title: "Your key",
      blocks: [
        { kind: "fact", label: "Fingerprint", value: keyring.fingerprint },
        { kind: "fact", label: "Accounts", value: names },
        { kind: "text", text },
      ],
    } as const;
    const answer = await ask(desk, question([sheet], "go on", "other words"));
    return answer === "yes" ? keyring.fingerprint : "other";
  } finally {
    keyring.wipe();
  }
}

/** What the device writes down of a key that it was given. */
export function recordOf(key: NewKey, name: string, nowMs: number): KeyRecord {
  const { fingerprint, origin, from } = key;
  // Whoever just entered a backup has shown that it exists and can be read.
  const backups = from === undefined ? [] : [{ form: from, madeMs: nowMs, rehearsedMs: nowMs }];
  return { fingerprint, name, madeMs: nowMs, origin, backups };
}
