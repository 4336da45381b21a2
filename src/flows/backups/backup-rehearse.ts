// An encrypted backup is rehearsed: read in, opened with its code, compared with what this home holds now.

import { equal, wipe } from "../../bytes.ts";
import { type KeptKey, seedOfMaterial, unpackKeys } from "../../keys/index.ts";
import { writePolicy } from "../../policy/index.ts";
import { refuse } from "../../refusal.ts";
import { question } from "../../screens/notice.ts";
import type { Sheet } from "../../screens/pages.ts";
import { shown } from "../../text.ts";
import type { Desk } from "../../ui.ts";
import { ask, wait } from "../../ui.ts";
import { afresh } from "../afresh.ts";
import type { Session } from "../session.ts";
import type { HomeState } from "../state.ts";
import { keepRecords } from "./backup-file.ts";
import { askBackup, dateOf, type OpenedBackup, wipeKeys } from "./backup-read.ts";
import { rehearsed } from "./records.ts";

const ABOUT = {
  title: "Rehearse an encrypted backup",
  blocks: [
    "Read it in and type its code. It is compared with what is here, and forgotten.",
    "Firn starts afresh afterwards.",
  ].map((text) => ({ kind: "text", text }) as const),
} as const;

export async function rehearseBackupFile(desk: Desk, session: Session): Promise<void> {
  if ((await ask(desk, question([ABOUT], "go on", "back"))) === "no") return;
  await afresh(desk, session, async () => {
    const backup = await askBackup(desk);
    if (backup === "back") return;
    try {
      const held = await sameKeys(desk, session, backup.keys);
      if (held.length === 0) refuse("backup.other-keys");
      await keepRehearsed(desk, session, held);
      await ask(desk, question(comparedSheets(session.state, backup, held), "close", "close"));
    } finally {
      wipeKeys(backup.keys);
    }
  });
}

/** Fingerprints of the keys here that the backup makes as well: by their seeds, not by what it says of itself. */
async function sameKeys(desk: Desk, { vault, state }: Session, inBackup: readonly KeptKey[]) {
  const packed = vault.section("keys");
  const kept = unpackKeys(packed);
  const seeds: Uint8Array[] = [];
  const seedsOf = async (keys: readonly KeptKey[]) => {
    const made: Uint8Array[] = [];
    for (const { material } of keys) made.push(await seedOfMaterial(material, desk.ports.stretch));
    seeds.push(...made);
    return made;
  };
  try {
    const here = await wait(desk, "Comparing", seedsOf(kept));
    const there = await seedsOf(inBackup);
    return kept.flatMap(({ fingerprint }, index) =>
      there.some((seed) => equal(seed, here[index]!)) ? [fingerprint || state.keys[0]!.fingerprint] : [],
    );
  } finally {
    wipe(packed, ...seeds);
    wipeKeys(kept);
  }
}

async function keepRehearsed(desk: Desk, session: Session, fingerprints: readonly string[]): Promise<void> {
  const nowMs = desk.ports.clock.wallMs();
  await keepRecords(session, fingerprints, (known) => rehearsed(known, "backup", nowMs));
  for (const fingerprint of fingerprints)
    await session.journal.append({ kind: "backup-rehearsed", fingerprint, form: "backup", share: "" });
}

/** What the backup knows, and what is newer than it. */
function comparedSheets(
  now: HomeState,
  { madeMs, state: then }: OpenedBackup,
  held: readonly string[],
): Sheet[] {
  const newKeys = now.keys.filter(({ fingerprint }) => !held.includes(fingerprint));
  const newWallets = now.wallets.filter(
    ({ descriptor, key }) =>
      !then.wallets.some((known) => known.descriptor === descriptor && known.key === key),
  );
  const newSafes = (now.safes ?? []).filter(
    ({ fingerprint }) => !then.safes?.some((known) => known.fingerprint === fingerprint),
  );
  const gone = then.keys.filter(({ fingerprint }) =>
    now.keys.every((known) => known.fingerprint !== fingerprint),
  );
  const limits = writePolicy(now.policy) !== writePolicy(then.policy);
  const names = (list: readonly { readonly name: string }[]) =>
    list.map(({ name }) => shown(name)).join("\n");
  const list = (label: string, of: readonly { readonly name: string }[]) =>
    of.length === 0 ? [] : [{ kind: "fact", label, value: names(of) } as const];
  const missing = newKeys.length + newWallets.length + newSafes.length > 0 || limits;
  const verdict = missing
    ? "Not all that is here is in it. Make a new encrypted backup, and keep this one until that is rehearsed."
    : "All that is here is in it: keys, wallets and limits.";
  return [
    {
      title: "Rehearsed",
      tone: missing ? "caution" : "calm",
      blocks: [
        { kind: "text", text: verdict },
        { kind: "fact", label: "Made", value: dateOf(madeMs) },
        ...list(
          "Keys in it",
          now.keys.filter(({ fingerprint }) => held.includes(fingerprint)),
        ),
        ...list("Keys that are newer, not in it", newKeys),
        ...list("Wallets that are newer, not in it", newWallets),
        ...list("Safes that are newer, not in it", newSafes),
        ...(limits ? [{ kind: "text", text: "The limits were others then." } as const] : []),
        ...list("Keys in it that are here no more", gone),
        { kind: "text", text: "Firn locks now and starts afresh." },
      ],
    },
  ];
}
