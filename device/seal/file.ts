// A secret in a file beside the home: the weakest seal. Whoever copies both has both.

import { randomBytes } from "node:crypto";
import { open, readFile, rename, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import type { Seal } from "../../src/ports.ts";
import { refuse } from "../../src/refusal.ts";
import { secretSeal } from "./secret.ts";

const SECRET_BYTES = 32;

/** Makes the file where there is none. Throws Refusal seal.failed where it cannot be had. */
export async function fileSeal(path: string): Promise<Seal> {
  const secret = (await present(path)) ?? (await made(path));
  return secretSeal({ kind: "file", secret, destroy: () => gone(path) });
}

async function present(path: string): Promise<Uint8Array | undefined> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) =>
    error.code === "ENOENT" ? undefined : refuse("seal.failed", "its file cannot be read"),
  );
  if (bytes !== undefined && bytes.length !== SECRET_BYTES) refuse("seal.failed", "its file was changed");
  return bytes && new Uint8Array(bytes);
}

/** Whole or not at all: written beside, synced, renamed, the folder synced. */
async function made(path: string): Promise<Uint8Array> {
  const secret = new Uint8Array(randomBytes(SECRET_BYTES));
  const beside = `${path}.new`;
  try {
    await written(beside, secret);
    await rename(beside, path);
    await synced(dirname(path));
  } catch {
    refuse("seal.failed", "its file cannot be written");
  }
  return secret;
}

/** Written over first: on a disk that writes in place this is the end of it; on flash it proves nothing. */
async function gone(path: string): Promise<void> {
  try {
    await written(path, new Uint8Array(SECRET_BYTES));
    await unlink(path);
    await synced(dirname(path));
  } catch {
    refuse("seal.failed", "its file cannot be removed");
  }
}

async function written(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, "w", 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function synced(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
