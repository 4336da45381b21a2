// One file's content between two syncs.

import { concat } from "../../src/bytes.ts";

export type FileChange =
  /** The file is emptied, then filled. */
  | { readonly kind: "write"; readonly bytes: Uint8Array }
  | { readonly kind: "append"; readonly bytes: Uint8Array }
  | { readonly kind: "truncate"; readonly length: number };

/** With every change applied. */
export function now(synced: Uint8Array, pending: readonly FileChange[]): Uint8Array {
  return pending.reduce((bytes, change) => applied(bytes, change), synced);
}

/** Every content that a cut could leave: some first changes whole, and the next by a prefix (some of them tried). */
export function contents(synced: Uint8Array, pending: readonly FileChange[]): Uint8Array[] {
  const out = [synced];
  let bytes = synced;
  for (const change of pending) {
    if (change.kind !== "truncate")
      for (const length of prefixes(change.bytes.length))
        out.push(applied(bytes, { ...change, bytes: change.bytes.subarray(0, length) }));
    bytes = applied(bytes, change);
    out.push(bytes);
  }
  return unique(out);
}

function applied(bytes: Uint8Array, change: FileChange): Uint8Array {
  if (change.kind === "truncate") return bytes.slice(0, change.length);
  return change.kind === "write" ? change.bytes.slice() : concat(bytes, change.bytes);
}

/** None, one byte, half, all but one, all. */
function prefixes(length: number): number[] {
  return [0, 1, length >> 1, length - 1, length].filter((prefix) => prefix >= 0 && prefix <= length);
}

function unique(all: readonly Uint8Array[]): Uint8Array[] {
  return [...new Map(all.map((bytes) => [Buffer.from(bytes).toString("latin1"), bytes])).values()];
}
