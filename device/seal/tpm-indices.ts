// What lies in the TPM's own memory: the mark, 32 bytes of chance that any software on this machine can read, and
// one counter a home. They can be made by whoever has the machine, but never put back to what they were.

import { randomBytes } from "node:crypto";
import { wipe } from "../../src/bytes.ts";
import { refuse } from "../../src/refusal.ts";
import { Reader, TpmBroken } from "./tpm/codec.ts";
import {
  defineIndex,
  findIndex,
  type Index,
  type IndexKind,
  increment,
  readIndex,
  undefineIndex,
  writeIndex,
} from "./tpm/nv.ts";
import type { Visit } from "./tpm/visit.ts";

/** In the range that the TCG's registry of handles leaves to the owner. */
export const MARK: IndexKind = { handle: 0x0184f120, counter: false, bytes: 32 };
export const COUNTERS = {
  first: { handle: 0x0184f121, counter: true, bytes: 8 },
  second: { handle: 0x0184f122, counter: true, bytes: 8 },
} as const satisfies Record<string, IndexKind>;

/** Undefined where there is none, or nothing in it. The caller wipes it. Throws Refusal seal.owned. */
export async function readMark({ io, session }: Visit): Promise<Uint8Array | undefined> {
  const index = await own(io, MARK);
  return index?.written ? readIndex(session, index, MARK.bytes) : undefined;
}

/** As readMark, and made where there is none. */
export async function ensureMark(visit: Visit): Promise<Uint8Array> {
  const present = await readMark(visit);
  if (present) return present;
  const index = await ensure(visit, MARK);
  const mark = randomBytes(MARK.bytes);
  try {
    await writeIndex(visit.session, index, mark);
  } finally {
    wipe(mark);
  }
  return (await readMark(visit)) ?? broken("it forgets what was written to it");
}

/** Made where there is none. */
export async function readCounter(visit: Visit, kind: IndexKind): Promise<number> {
  const index = await ensure(visit, kind);
  // A counter that was never raised cannot be read.
  return index.written ? countIn(visit, index) : raiseCounter(visit, kind);
}

export async function raiseCounter(visit: Visit, kind: IndexKind): Promise<number> {
  await increment(visit.session, await ensure(visit, kind));
  return countIn(visit, await ensure(visit, kind));
}

/** What somebody else made stays. */
export async function removeIndex({ io, session }: Visit, kind: IndexKind): Promise<void> {
  const index = await findIndex(io, kind);
  if (index?.ours) await undefineIndex(session, index);
}

async function countIn({ session }: Visit, index: Index): Promise<number> {
  const value = new Reader(await readIndex(session, index, 8)).u64();
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : broken("its counter is too large");
}

async function ensure({ io, session }: Visit, kind: IndexKind): Promise<Index> {
  const present = await own(io, kind);
  if (present) return present;
  await defineIndex(session, kind);
  return (await own(io, kind)) ?? broken("it forgets what was made in it");
}

async function own(io: Visit["io"], kind: IndexKind): Promise<Index | undefined> {
  const index = await findIndex(io, kind);
  if (index && !index.ours) refuse("seal.owned", `index 0x${kind.handle.toString(16)} is somebody else's`);
  return index;
}

function broken(what: string): never {
  throw new TpmBroken(what);
}
