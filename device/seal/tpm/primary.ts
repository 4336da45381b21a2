// The storage key that hangs the sealed objects to this TPM: made anew from the TPM's own seed each time, always the same.

import { createHash } from "node:crypto";
import { concat } from "../../../src/bytes.ts";
import { Reader, sized, TpmBroken, u8, u16, u32 } from "./codec.ts";
import { ALG, COMMAND, CURVE_P256, HANDLE, OBJECT, TAG } from "./codes.ts";
import { exchange } from "./exchange.ts";
import type { Entity } from "./session.ts";
import type { Transport } from "./transport.ts";

export interface Primary extends Entity {
  /** Its public point, as the TPM gives it. */
  readonly x: Uint8Array;
  readonly y: Uint8Array;
}

/** TPMT_PUBLIC of the storage root key as TCG's provisioning guidance has it: P-256, AES-128-CFB for its children. */
const TEMPLATE = concat(
  u16(ALG.ecc),
  u16(ALG.sha256),
  u32(
    OBJECT.fixedTpm |
      OBJECT.fixedParent |
      OBJECT.sensitiveDataOrigin |
      OBJECT.userWithAuth |
      OBJECT.noLockout |
      OBJECT.restricted |
      OBJECT.decrypt,
  ),
  sized(),
  concat(u16(ALG.aes), u16(128), u16(ALG.cfb)),
  u16(ALG.none),
  u16(CURVE_P256),
  u16(ALG.none),
);

/** Throws TpmError with CODE.badAuth where the owner hierarchy has a secret. */
export async function createPrimary(io: Transport): Promise<Primary> {
  const password = concat(u32(HANDLE.password), sized(), u8(0), sized());
  const body = concat(
    u32(HANDLE.owner),
    u32(password.length),
    password,
    sized(sized(), sized()),
    sized(TEMPLATE, sized(), sized()),
    sized(),
    u32(0),
  );
  const answer = await exchange(io, TAG.sessions, COMMAND.createPrimary, body);
  const handle = answer.u32();
  const parameters = new Reader(answer.take(answer.u32()));
  const area = parameters.sized();
  return { handle, name: nameOf(area), ...pointOf(area) };
}

/** An object's or index's name: the hash of its public area. */
export function nameOf(area: Uint8Array): Uint8Array {
  return concat(u16(ALG.sha256), createHash("sha256").update(area).digest());
}

/** Throws TpmBroken where it is not the key that was asked for. */
function pointOf(area: Uint8Array): { readonly x: Uint8Array; readonly y: Uint8Array } {
  const reader = new Reader(area);
  const asked = reader.take(TEMPLATE.length);
  if (asked.some((byte, at) => byte !== TEMPLATE[at])) throw new TpmBroken("it made another key");
  const [x, y] = [reader.sized().slice(), reader.sized().slice()];
  reader.end();
  return { x, y };
}

/** The name of a hierarchy is its handle. */
export function hierarchy(handle: number): Entity {
  return { handle, name: u32(handle) };
}
