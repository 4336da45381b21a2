// What the transport tests share: vectors, an inflate as the eye has it, and reads as a decoder gives them.

import { readFileSync } from "node:fs";
import { inflate } from "../../device/eye/inflate.ts";
import type { Kind, Message, Read } from "../../src/model.ts";
import { utf8 } from "../../src/text.ts";
import { xoshiro } from "../../src/transport/fountain.ts";
import { openAssembly, push } from "../../src/transport/index.ts";

export const ALL: readonly Kind[] = ["psbt", "wallet", "seed", "document", "headers", "address"];

// biome-ignore lint/suspicious/noExplicitAny: vectors are JSON of many shapes
export function vectors(name: string): any {
  return JSON.parse(readFileSync(new URL(`../vectors/transport/${name}.json`, import.meta.url), "utf8"));
}

export { inflate };

export const read = (text: string): Read => ({ text, bytes: utf8(text) });
/** A code in byte mode, as a decoder that guesses UTF-8 hands it over. */
export const readBytes = (bytes: Uint8Array): Read => ({ text: Buffer.from(bytes).toString("utf8"), bytes });

/** What all the reads together give, from a fresh assembly; undefined where they do not suffice. */
export function collect(
  reads: readonly (Read | string)[],
  wanted: readonly Kind[] = ALL,
): Message | undefined {
  const assembly = openAssembly(wanted, inflate);
  for (const one of reads) {
    const pushed = push(assembly, typeof one === "string" ? read(one) : one);
    if (pushed.kind === "message") return pushed.message;
  }
  return undefined;
}

/** The vectors' pseudo-random messages: bytes of nextInt(0..255), seeded with "Wolf". */
export function wolf(length: number, seed = "Wolf"): Uint8Array {
  const dice = xoshiro(utf8(seed));
  return Uint8Array.from({ length }, () => Math.floor(dice() * 256));
}

/** Bytes that begin as a PSBT does; the transport looks no further. */
export function psbtOf(length: number, seed = "Wolf"): Uint8Array {
  const bytes = wolf(Math.max(length, 5), seed);
  bytes.set([0x70, 0x73, 0x62, 0x74, 0xff]);
  return bytes;
}
