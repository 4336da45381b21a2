// The encrypted backup of a whole home: sealed under a code of its own, let out as codes or on a stick, and read
// back at once if the owner wishes. Whatever came of it, everything then starts afresh.

import { equal, wipe } from "../../bytes.ts";
import type { KeyRecord } from "../../keeping.ts";
import { type BackupCode, sealBackup } from "../../keys/index.ts";
import { LIMITS } from "../../limits.ts";
import type { Density } from "../../model.ts";
import { refuse } from "../../refusal.ts";
import { codes } from "../../screens/codes.ts";
import { menu } from "../../screens/menu.ts";
import { notice, question } from "../../screens/notice.ts";
import type { Sheet } from "../../screens/pages.ts";
import { splitBytes } from "../../transport/index.ts";
import type { Desk } from "../../ui.ts";
import { ask, wait } from "../../ui.ts";
import { afresh } from "../afresh.ts";
import { deliberately } from "../deliberate.ts";
import { orRefused } from "../or-refused.ts";
import { keep, type Session } from "../session.ts";
import { writeState } from "../state.ts";
import { NO_PARTS } from "../state-parts.ts";
import { freeName, patiently, stickLabel, tellNoStick } from "../stick.ts";
import { askNewCode } from "./backup-code.ts";
import { opened, scanBackup, wipeKeys } from "./backup-read.ts";
import { rehearsed, withBackup } from "./records.ts";

/** Every key of the home with all that belongs to it, the journal and the PIN left out. */
export async function backupFile(desk: Desk, session: Session): Promise<void> {
  if ((await deliberately(desk, aboutSheets(session), "to make an encrypted backup")) === "no") return;
  await afresh(desk, session, async () => {
    const code = await askNewCode(desk);
    if (code === "back") return;
    try {
      const bytes = await sealHome(desk, session, code);
      for (const { fingerprint } of session.state.keys)
        await session.journal.append({ kind: "secret-shown", fingerprint, what: "encrypted backup" });
      await letOut({ desk, session, code, bytes });
    } finally {
      wipe(code.bytes);
    }
  });
}

function aboutSheets({ state }: Session): readonly Sheet[] {
  const { keys, wallets, safes = [] } = state;
  const texts = [
    "The limits go with them; journal and PIN do not. The backup can be copied, photographed and kept anywhere: it opens with its code alone, here or without Firn (docs/recovery.md). Lost code, lost backup.",
    "Backup and code together are the money: two places. Firn starts afresh afterwards.",
  ];
  return [
    {
      title: "Encrypted backup",
      tone: "caution",
      blocks: [
        {
          kind: "fact",
          label: "Keys",
          value: keys.map(({ name, fingerprint }) => `${name} (${fingerprint})`).join("\n"),
        },
        { kind: "fact", label: "Registered wallets", value: String(wallets.length) },
        ...(safes.length === 0
          ? []
          : [{ kind: "fact", label: "Registered Safes", value: String(safes.length) } as const]),
        ...texts.map((text) => ({ kind: "text", text }) as const),
      ],
    },
  ];
}

async function sealHome(desk: Desk, session: Session, code: BackupCode): Promise<Uint8Array> {
  const { stretch, random, clock } = desk.ports;
  const keys = session.vault.section("keys");
  const { network, policy, wallets, keys: records, chosen, practice, safes } = session.state;
  const marked = practice ? { practice } : {};
  const state = writeState({
    ...NO_PARTS,
    ...{ network, policy, wallets, keys: records, chosen, serial: 0 },
    ...marked,
    ...(safes ? { safes } : {}),
  });
  try {
    const content = { madeMs: clock.wallMs(), keys, state };
    return await wait(desk, "Sealing the backup", sealBackup({ content, code, stretch, random }));
  } finally {
    wipe(keys);
  }
}

// ---------------------------------------------------------------- out

interface Sealed {
  readonly desk: Desk;
  readonly session: Session;
  readonly code: BackupCode;
  readonly bytes: Uint8Array;
}

async function letOut(sealed: Sealed): Promise<void> {
  const { desk, session } = sealed;
  let kept: "no" | "kept" | "rehearsed" = "no";
  for (;;) {
    const way = await ask(
      desk,
      menu<"codes" | "stick" | "end">({
        title: "The backup is sealed",
        above: [{ kind: "text", text: KEPT[kept] }],
        items: [
          { label: "Show it as codes", answer: "codes" },
          { label: stickLabel(desk, "Write it to a stick"), answer: "stick" },
          { label: "Done", answer: "end" },
        ],
      }),
    );
    if (way === "end") break;
    const out = await orRefused(desk, () => (way === "codes" ? asCodes(sealed) : toStick(sealed)));
    if (out === "back") continue;
    if (kept === "no") {
      await record(desk, session, "made");
      kept = "kept";
    }
    if (out === "later") continue;
    if ((await orRefused(desk, () => readBack(sealed, out))) === "back") continue;
    await record(desk, session, "rehearsed");
    kept = "rehearsed";
  }
  await ask(desk, notice("Encrypted backup", [{ kind: "text", text: ENDS[kept] }, LOCKS]));
}

const KEPT = {
  no: "Nothing of it has left this device yet.",
  kept: "You have it. It counts once it was read back.",
  rehearsed: "It was read back and opens with its code.",
} as const;

const ENDS = {
  no: "No backup was made: its code opens nothing.",
  kept: "The backup was made. It counts once it was rehearsed: Keys and backups.",
  rehearsed: "The backup was made, read back and opened with its code.",
} as const;

const LOCKS = { kind: "text", text: "Firn locks now and starts afresh." } as const;

/** How it is read back; later: the owner has it, and nobody has tried it. */
type Out = (() => Promise<Uint8Array | "back">) | "later" | "back";

async function asCodes({ desk, bytes }: Sealed): Promise<Out> {
  const shown = {
    title: "Encrypted backup",
    caption: "Film it, or photograph or print every code.",
    loop: (density: Density) => splitBytes(bytes, density),
  };
  for (;;) {
    await ask(desk, codes(shown, desk.ports.panel.size()));
    const then = await ask(
      desk,
      menu<"now" | "later" | "again" | "no">({
        title: "Do you have all codes?",
        items: [
          { label: "Yes: scan them back now", answer: "now" },
          { label: "Yes: scan them back later", answer: "later" },
          { label: "Show them again", answer: "again" },
          { label: "I only looked", answer: "no" },
        ],
      }),
    );
    if (then === "no") return "back";
    if (then === "later") return "later";
    if (then === "now") return () => scanBackup(desk);
  }
}

async function toStick({ desk, session, bytes }: Sealed): Promise<Out> {
  const { stick, ports } = desk;
  if (!stick) return tellNoStick(desk, "Show the backup as codes.");
  const names = await patiently(desk, "Looking at the stick", stick.names());
  const start = `firn-${session.state.chosen}-${dayOf(ports.clock.wallMs())}`;
  const name = freeName(start, ".backup", names);
  await patiently(desk, "Writing to the stick", stick.write(name, bytes));
  const text = "Take the stick out and put it in again: only then what is read back comes from it.";
  const blocks = [
    { kind: "fact", label: "File", value: name },
    { kind: "text", text },
  ] as const;
  const now = await ask(desk, question([{ title: "It is on the stick", blocks }], "read it back", "later"));
  if (now === "no") return "later";
  return async () =>
    (await patiently(desk, "Reading the stick", stick.read(name, LIMITS.backupBytes))) ??
    refuse("stick.unreadable", name);
}

/** "20261122" */
function dayOf(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? "00000000" : date.toISOString().slice(0, 10).replaceAll("-", "");
}

/** Read back by another way than it left by, and opened with the code as the owner typed it. */
async function readBack({ desk, code, bytes }: Sealed, read: () => Promise<Uint8Array | "back">) {
  const again = await read();
  if (again === "back") return "back";
  wipeKeys((await opened(desk, again, code)).keys);
  return equal(again, bytes) ? "opened" : refuse("backup.another");
}

// ---------------------------------------------------------------- what is known of it

/** In the record of every key that is in it, by one write; then a line for each. */
async function record(desk: Desk, session: Session, what: "made" | "rehearsed"): Promise<void> {
  const nowMs = desk.ports.clock.wallMs();
  const fingerprints = session.state.keys.map(({ fingerprint }) => fingerprint);
  await keepRecords(session, fingerprints, (known) =>
    what === "made"
      ? withBackup(known, { form: "backup", madeMs: nowMs })
      : rehearsed(known, "backup", nowMs),
  );
  for (const fingerprint of fingerprints)
    await session.journal.append(
      what === "made"
        ? { kind: "backup-made", fingerprint, form: "backup" }
        : { kind: "backup-rehearsed", fingerprint, form: "backup", share: "" },
    );
}

export async function keepRecords(
  session: Session,
  fingerprints: readonly string[],
  change: (record: KeyRecord) => KeyRecord,
): Promise<void> {
  const changed = (known: KeyRecord) => (fingerprints.includes(known.fingerprint) ? change(known) : known);
  await keep(session, { ...session.state, keys: session.state.keys.map(changed) });
  if (!session.temporary)
    session.key = session.state.keys.find(({ fingerprint }) => fingerprint === session.key.fingerprint)!;
}
