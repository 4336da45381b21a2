// A sealed note of where the journal stood and what it added up to, so that opening reads only what follows.
// It is a shortcut and no more: where it is missing or damaged, everything is read.

import { fromHex, toHex } from "../bytes.ts";
import { LIMITS } from "../limits.ts";
import type { Random, Store } from "../ports.ts";
import type { Stamp } from "../reckoning.ts";
import type { PastSpend } from "../rules.ts";
import { fromUtf8, utf8 } from "../text.ts";
import { seal, unseal } from "./seal.ts";
import type { Place } from "./segments.ts";

const NAME = "checkpoint";
const LABEL = utf8("firn checkpoint 1");
const VERSION = 2;

export interface Checkpoint {
  readonly place: Place;
  readonly spends: readonly PastSpend[];
  /** The latest time of any line, Unix ms. */
  readonly newestMs: number;
  /** Of the last line. */
  readonly last: Stamp | undefined;
  /** Of the last "kept" line; 0 where there is none. */
  readonly serial: number;
}

/** Undefined where there is none, or none that this key sealed. */
export async function readCheckpoint(store: Store, key: Uint8Array): Promise<Checkpoint | undefined> {
  const sealed = await store.read(NAME);
  const plaintext = sealed && unseal(key, LABEL, sealed);
  const text = plaintext && fromUtf8(plaintext);
  if (text === undefined) return undefined;
  // Authenticated: written by the function below, in this version or another.
  const value = JSON.parse(text);
  const head = fromHex(String(value.head));
  if (value.version !== VERSION || head === undefined) return undefined;
  const { count, segment, length, newestMs } = value;
  const spends = value.spends.map((spend: PastSpend) => ({
    ...spend,
    takes: spend.takes.map(({ asset, units }) => ({ asset, units: BigInt(units) })),
  }));
  return {
    place: { count, head, segment, length },
    spends,
    newestMs,
    last: value.last,
    serial: value.serial,
  };
}

/** Throws Refusal store.*; the journal goes on without. */
export async function writeCheckpoint(
  store: Store,
  key: Uint8Array,
  random: Random,
  { place, spends, newestMs, serial, last }: Checkpoint,
): Promise<void> {
  const { count, segment, length } = place;
  const text = JSON.stringify({
    version: VERSION,
    count,
    head: toHex(place.head),
    segment,
    length,
    newestMs,
    serial,
    last,
    spends: spends.map((spend) => ({
      ...spend,
      takes: spend.takes.map(({ asset, units }) => ({ asset, units: units.toString() })),
    })),
  });
  const sealed = seal(key, LABEL, utf8(text), random);
  if (sealed.length <= LIMITS.blobBytes) await store.replace(NAME, sealed);
}
