// A sealed note of where the journal stood and what it added up to, so that opening reads only what follows.
// It is a shortcut and no more: where it is missing, damaged or of another version, everything is read.

import { fromHex, toHex } from "../bytes.ts";
import { LIMITS } from "../limits.ts";
import type { Random, Store } from "../ports.ts";
import { fromUtf8, utf8 } from "../text.ts";
import { isLedgerSnapshot, type LedgerSnapshot } from "./ledger.ts";
import { seal, unseal } from "./seal.ts";
import type { Standing } from "./standing.ts";

const NAME = "checkpoint";
const LABEL = utf8("firn checkpoint 1");
const VERSION = 3;
/** It is renewed after so many lines at least, and after one for so many of its bytes: writing it stays as cheap a line. */
const LEAST_LINES = 64;
const BYTES_A_LINE = 8192;

export interface Checkpoint {
  readonly standing: Standing;
  readonly ledger: LedgerSnapshot;
  /** After how many lines it should be renewed. */
  readonly lines: number;
}

/** Undefined where there is none, or none that this key sealed. */
export async function readCheckpoint(store: Store, key: Uint8Array): Promise<Checkpoint | undefined> {
  const sealed = await store.read(NAME);
  const plaintext = sealed && unseal(key, LABEL, sealed);
  const text = plaintext && fromUtf8(plaintext);
  if (sealed === undefined || text === undefined) return undefined;
  // Authenticated: written by the function below, in this version or another.
  const { version, head, count, segment, length, ledger, ...rest } = JSON.parse(text);
  const bytes = fromHex(String(head));
  if (version !== VERSION || bytes === undefined || !isLedgerSnapshot(ledger)) return undefined;
  const standing = { last: undefined, ...rest, place: { count, head: bytes, segment, length } };
  return { standing, ledger, lines: linesFor(sealed.length) };
}

/** After how many lines it should be renewed. Throws Refusal store.*; the journal goes on without. */
export async function writeCheckpoint(
  store: Store,
  key: Uint8Array,
  random: Random,
  { place, ...rest }: Standing,
  ledger: LedgerSnapshot,
): Promise<number> {
  const { count, segment, length, head } = place;
  const where = { version: VERSION, count, head: toHex(head), segment, length };
  const sealed = seal(key, LABEL, utf8(JSON.stringify({ ...where, ...rest, ledger })), random);
  if (sealed.length <= LIMITS.blobBytes) await store.replace(NAME, sealed);
  return linesFor(sealed.length);
}

function linesFor(bytes: number): number {
  return Math.max(LEAST_LINES, Math.ceil(bytes / BYTES_A_LINE));
}

export const FIRST_LINES = LEAST_LINES;
