// Indices in the TPM's own memory: a few bytes, or a counter that never goes back, not even when it is made anew.

import { concat } from "../../../src/bytes.ts";
import { Reader, sized, TpmBroken, u16, u32 } from "./codec.ts";
import { ALG, CODE, COMMAND, HANDLE, NV, TAG } from "./codes.ts";
import { exchange, TpmError } from "./exchange.ts";
import { hierarchy, nameOf } from "./primary.ts";
import type { Entity, Session } from "./session.ts";
import type { Transport } from "./transport.ts";

/** Belongs to the owner hierarchy, whose auth value is empty; wrong auth values do not count here. */
export interface IndexKind {
  readonly handle: number;
  readonly counter: boolean;
  readonly bytes: number;
}

export interface Index extends Entity {
  readonly written: boolean;
  /** Whether it is as `kind` has it; else somebody else made it. */
  readonly ours: boolean;
}

const NO_AUTH = new Uint8Array();
const owner = hierarchy(HANDLE.owner);

function attributesOf({ counter }: IndexKind): number {
  return NV.ownerRead | NV.ownerWrite | NV.noLockout | (counter ? NV.counter : 0);
}

/**
 * Undefined where there is no such index. Not authenticated, since an index's name is what is asked for; but what
 * is then done to the index is authorized for that name only.
 */
export async function findIndex(io: Transport, kind: IndexKind): Promise<Index | undefined> {
  const asked = exchange(io, TAG.plain, COMMAND.nvReadPublic, u32(kind.handle));
  const answer = await asked.catch((problem) => {
    if (problem instanceof TpmError && problem.base === CODE.handle) return undefined;
    throw problem;
  });
  if (!answer) return undefined;
  const area = answer.sized();
  const reader = new Reader(area);
  if (reader.u32() !== kind.handle) throw new TpmBroken("it tells of another index");
  const hash = reader.u16();
  const attributes = reader.u32();
  const policy = reader.sized();
  const bytes = reader.u16();
  const plain = (attributes & ~NV.written) >>> 0;
  return {
    handle: kind.handle,
    name: nameOf(area),
    written: (attributes & NV.written) !== 0,
    ours: hash === ALG.sha256 && plain === attributesOf(kind) && policy.length === 0 && bytes === kind.bytes,
  };
}

export async function defineIndex(session: Session, kind: IndexKind): Promise<void> {
  const area = concat(u32(kind.handle), u16(ALG.sha256), u32(attributesOf(kind)), sized(), u16(kind.bytes));
  await session.run({
    code: COMMAND.defineSpace,
    entities: [owner],
    auth: NO_AUTH,
    parameters: concat(sized(), sized(area)),
  });
}

export async function undefineIndex(session: Session, index: Index): Promise<void> {
  await session.run({ code: COMMAND.undefineSpace, entities: [owner, index], auth: NO_AUTH });
}

export async function writeIndex(session: Session, index: Index, bytes: Uint8Array): Promise<void> {
  await session.run({
    code: COMMAND.nvWrite,
    entities: [owner, index],
    auth: NO_AUTH,
    parameters: concat(sized(bytes), u16(0)),
    hidesCommand: true,
  });
}

/** The caller wipes it. */
export async function readIndex(session: Session, index: Index, length: number): Promise<Uint8Array> {
  const { parameters } = await session.run({
    code: COMMAND.nvRead,
    entities: [owner, index],
    auth: NO_AUTH,
    parameters: concat(u16(length), u16(0)),
    hidesAnswer: true,
  });
  const bytes = parameters.sized();
  if (bytes.length !== length) throw new TpmBroken("it gives fewer bytes than it holds");
  return bytes;
}

export async function increment(session: Session, index: Index): Promise<void> {
  await session.run({ code: COMMAND.nvIncrement, entities: [owner, index], auth: NO_AUTH });
}
