// Which picture files a path stands for.

import { open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { formatOf } from "./size.ts";

/**
 * The file itself, or a folder's pictures in name order, numbers as people count them (2 before 10).
 * Empty where there is nothing of the kind.
 */
export async function picturesAt(path: string): Promise<readonly string[]> {
  const found = await stat(path).catch(() => undefined);
  if (!found) return [];
  if (!found.isDirectory()) return [path];
  const names = (await readdir(path)).filter((name) => /\.(png|jpe?g|pgm)$/i.test(name));
  return names.sort(inOrder).map((name) => join(path, name));
}

/** Whether any of these files begins as a picture does. */
export async function anyPicture(paths: readonly string[]): Promise<boolean> {
  for (const path of paths) if (await beginsAsPicture(path)) return true;
  return false;
}

async function beginsAsPicture(path: string): Promise<boolean> {
  // What is no plain file (a pipe, a device) is not even opened: it could wait for ever.
  if (!(await stat(path).catch(() => undefined))?.isFile()) return false;
  const file = await open(path).catch(() => undefined);
  if (!file) return false;
  try {
    const { bytesRead, buffer } = await file.read(new Uint8Array(16), 0, 16, 0);
    return formatOf(buffer.subarray(0, bytesRead)) !== undefined;
  } finally {
    await file.close();
  }
}

/** Runs of digits compare as numbers, all else by code unit: the same order on every machine. */
export function inOrder(a: string, b: string): number {
  const left = a.match(/\d+|\D+/g) ?? [];
  const right = b.match(/\d+|\D+/g) ?? [];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const [one, other] = [left[i]!, right[i]!];
    const numbers = /^\d/.test(one) && /^\d/.test(other);
    const by = numbers ? Number(one) - Number(other) : 0;
    if (by !== 0) return by;
    if (one !== other) return one < other ? -1 : 1;
  }
  return left.length - right.length;
}
