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
import { Refusal, refuse } from "../../refusal.ts";
import { menu } from "../../screens/menu.ts";
import { refused } from "../../screens/notice.ts";
import { scan } from "../../screens/scan.ts";
import type { Desk } from "../../ui.ts";
import { ask, wait } from "../../ui.ts";
import { type HomeState, readState } from "../state.ts";
import { pickFile, stickLabel, tellNoStick } from "../stick.ts";
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

async function pickOnStick(desk: Desk): Promise<Uint8Array | "back"> {
  if (!desk.stick) return tellNoStick(desk, "Show the codes of the backup to the camera.");
  const picked = await pickFile(desk, desk.stick, "backup");
  return picked === "back" ? "back" : picked.bytes;
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
