// An encrypted backup comes in: by its codes or from a stick, then its code, then what is in it.

import { wipe } from "../../bytes.ts";
import {
  type BackupCode,
  type BackupContent,
  type KeptKey,
  openBackup,
  readBackup,
  unpackKeys,
  wipeMaterial,
} from "../../keys/index.ts";
import { LIMITS } from "../../limits.ts";
import { Refusal, refuse } from "../../refusal.ts";
import { menu } from "../../screens/menu.ts";
import { notice, refused } from "../../screens/notice.ts";
import { scan } from "../../screens/scan.ts";
import { shown } from "../../text.ts";
import type { Desk } from "../../ui.ts";
import { ask, wait } from "../../ui.ts";
import { type HomeState, readState } from "../state.ts";
import { askCode } from "./backup-code.ts";

/** What was in it, read by the code that reads a home. */
export interface OpenedBackup {
  /** Unix time, ms. */
  readonly madeMs: number;
  /** The caller wipes them: wipeKeys. */
  readonly keys: readonly KeptKey[];
  readonly state: HomeState;
}

/** "2026-11-22" */
export function dateOf(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? "unknown" : date.toISOString().slice(0, 10);
}

export function wipeKeys(keys: readonly KeptKey[]): void {
  for (const { material } of keys) wipeMaterial(material);
}

/** Throws Refusal backup.*, stick.*, transport.wrong-kind; a wrong code is said, and asked for again. */
export async function askBackup(desk: Desk): Promise<OpenedBackup | "back"> {
  const bytes = await askBytes(desk);
  if (bytes === "back") return "back";
  const { kind } = readBackup(bytes);
  for (;;) {
    const code = await askCode(desk, kind);
    if (code === "back") return "back";
    try {
      return await opened(desk, bytes, code);
    } catch (problem) {
      if (!(problem instanceof Refusal) || problem.reason !== "backup.wrong-code") throw problem;
      await ask(desk, refused(problem));
    } finally {
      wipe(code.bytes);
    }
  }
}

async function askBytes(desk: Desk): Promise<Uint8Array | "back"> {
  for (;;) {
    const from = await ask(
      desk,
      menu<"scan" | "stick" | "back">({
        title: "Encrypted backup",
        items: [
          { label: "Scan its codes", answer: "scan" },
          { label: stickLabel(desk, "Read it from a stick"), answer: "stick" },
        ],
        back: { label: "back", answer: "back" },
      }),
    );
    if (from === "back") return "back";
    const bytes = await (from === "scan" ? scanBackup(desk) : pickOnStick(desk));
    if (bytes !== "back") return bytes;
  }
}

/** On a machine without a place for one it says so. */
export function stickLabel(desk: Desk, label: string): string {
  return desk.ports.stick ? label : `${label} (there is none)`;
}

export async function scanBackup(desk: Desk): Promise<Uint8Array | "back"> {
  const message = await ask(
    desk,
    scan({
      title: "Scan the backup",
      ask: "Show all codes of the backup to the camera, one after the other.",
      kinds: ["seed"],
    }),
  );
  if (message === "back") return "back";
  if (message.kind !== "seed" || message.seed.form !== "backup")
    return refuse("transport.wrong-kind", "an encrypted backup is asked for");
  return message.seed.bytes;
}

const NO_STICK = "This machine has no place for a stick. Show the codes of the backup to the camera.";
/** So many are offered, those whose names come last first: names end in the day. */
const MOST_FILES = 99;

async function pickOnStick(desk: Desk): Promise<Uint8Array | "back"> {
  const { stick } = desk.ports;
  if (!stick) {
    await ask(desk, notice("No stick", [{ kind: "text", text: NO_STICK }], "back"));
    return "back";
  }
  const all = await stick.names();
  const names = all.filter((name) => name.endsWith(".backup"));
  if (names.length === 0) return refuse("backup.none");
  const items = names
    .toReversed()
    .slice(0, MOST_FILES)
    .map((name) => ({ label: shown(name), answer: { name } }));
  const back = { label: "back", answer: "back" } as const;
  const picked = await ask(
    desk,
    menu<{ readonly name: string } | "back">({ title: "On the stick", items, back }),
  );
  if (picked === "back") return "back";
  return (
    (await stick.read(picked.name, LIMITS.backupBytes)) ?? refuse("stick.unreadable", shown(picked.name))
  );
}

/** Throws as openBackup. */
export async function opened(desk: Desk, bytes: Uint8Array, code: BackupCode): Promise<OpenedBackup> {
  const content = await wait(desk, "Opening the backup", openBackup(bytes, code, desk.ports.stretch));
  try {
    return understood(content);
  } finally {
    wipe(content.keys);
  }
}

/** The code vouches for it: what is not understood was written by another version. */
function understood({ madeMs, keys, state }: BackupContent): OpenedBackup {
  try {
    const read = readState(state);
    return { madeMs, keys: unpackKeys(keys), state: read };
  } catch (problem) {
    if (problem instanceof Refusal && problem.reason.startsWith("vault."))
      return refuse("backup.version", problem.detail);
    throw problem;
  }
}
