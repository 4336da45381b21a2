// A secret in a file beside the home: the weakest seal. Whoever copies both has both.

import { randomBytes } from "node:crypto";
import { constants, open, rename } from "node:fs/promises";
import { dirname } from "node:path";
import type { Seal } from "../../src/ports.ts";
import { refuse } from "../../src/refusal.ts";
import { secretSeal } from "./secret.ts";

const SECRET_BYTES = 32;
/** A pipe or a link in its place, on a card that others had, neither hangs nor leads elsewhere. */
const PLAIN = constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Makes the file where there is none. Throws Refusal seal.failed where it cannot be had. */
export async function fileSeal(path: string): Promise<Seal> {
  return secretSeal({ kind: "file", secret: await fileSecret(path), destroy: () => renewed(path) });
}

/** 32 bytes; made where there are none. Throws Refusal seal.failed. */
export async function fileSecret(path: string): Promise<Uint8Array> {
  return (await present(path)) ?? (await made(path));
}

/**
 * Another secret in its place, which it gives. The old one is written over first: on a disk that writes in place
 * this is the end of it; on flash it proves nothing.
 */
export async function renewed(path: string): Promise<Uint8Array> {
  try {
    await written(path, new Uint8Array(SECRET_BYTES));
  } catch {
    refuse("seal.failed", "its file cannot be written");
  }
  return made(path);
}

async function present(path: string): Promise<Uint8Array | undefined> {
  const bytes = await begun(path).catch((error: NodeJS.ErrnoException) =>
    error.code === "ENOENT" ? undefined : refuse("seal.failed", "its file cannot be read"),
  );
  // Zeros are what a cut of power leaves of one that was being destroyed.
  if (bytes === undefined || (bytes.length <= SECRET_BYTES && bytes.every((byte) => byte === 0)))
    return undefined;
  if (bytes.length !== SECRET_BYTES) refuse("seal.failed", "its file was changed");
  return bytes;
}

/** As much of it as tells a whole one from a longer one. */
async function begun(path: string): Promise<Uint8Array> {
  const file = await open(path, constants.O_RDONLY | PLAIN);
  try {
    if (!(await file.stat()).isFile()) throw new Error("something else stands in its place");
    const { bytesRead, buffer } = await file.read(new Uint8Array(SECRET_BYTES + 1), 0, SECRET_BYTES + 1, 0);
    return buffer.slice(0, bytesRead);
  } finally {
    await file.close();
  }
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

/** In place: the same blocks, on a disk that has such. */
async function written(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, constants.O_RDWR | constants.O_CREAT | PLAIN, 0o600);
  try {
    await file.write(bytes, 0, bytes.length, 0);
    await file.truncate(bytes.length);
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
