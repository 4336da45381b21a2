// Sealed objects: bytes that only this TPM gives back, only for the right auth value, and it counts the wrong ones.

import { concat, equal, wipe } from "../../../src/bytes.ts";
import { sized, TpmBroken, u16, u32 } from "./codec.ts";
import { ALG, COMMAND, OBJECT } from "./codes.ts";
import { nameOf, type Primary } from "./primary.ts";
import type { Entity, Session } from "./session.ts";

/** What is kept of a sealed object outside the TPM; no secret. */
export interface SealedObject {
  /** TPMT_PUBLIC and TPM2B_PRIVATE's content. */
  readonly area: Uint8Array;
  readonly encrypted: Uint8Array;
}

/** Never OBJECT.noLockout: wrong auth values must count. */
const ATTRIBUTES = OBJECT.fixedTpm | OBJECT.fixedParent | OBJECT.userWithAuth;
const TEMPLATE = concat(u16(ALG.keyedHash), u16(ALG.sha256), u32(ATTRIBUTES), sized(), u16(ALG.none));

/** Seals at most 128 bytes under the primary key. */
export async function create(
  session: Session,
  primary: Primary,
  secret: Uint8Array,
  auth: Uint8Array,
): Promise<SealedObject> {
  const sensitive = sized(sized(auth), sized(secret));
  const parameters = concat(sensitive, sized(TEMPLATE, sized()), sized(), u32(0));
  try {
    const answer = await session.run({
      code: COMMAND.create,
      entities: [primary],
      auth: new Uint8Array(),
      parameters,
      hidesCommand: true,
    });
    const encrypted = answer.parameters.sized().slice();
    const area = answer.parameters.sized().slice();
    if (!equal(area.subarray(0, TEMPLATE.length), TEMPLATE)) throw new TpmBroken("it sealed otherwise");
    return { area, encrypted };
  } finally {
    wipe(sensitive, parameters);
  }
}

/** To be flushed. */
export async function load(session: Session, primary: Primary, object: SealedObject): Promise<Entity> {
  const { handle, parameters } = await session.run({
    code: COMMAND.load,
    entities: [primary],
    auth: new Uint8Array(),
    parameters: concat(sized(object.encrypted), sized(object.area)),
    givesHandle: true,
  });
  const name = nameOf(object.area);
  if (!equal(parameters.sized(), name)) throw new TpmBroken("it loaded something else");
  return { handle, name };
}

/** The caller wipes it. Throws TpmError with CODE.authFail, which the TPM has counted, or CODE.lockout. */
export async function unseal(session: Session, object: Entity, auth: Uint8Array): Promise<Uint8Array> {
  const { parameters } = await session.run({
    code: COMMAND.unseal,
    entities: [object],
    auth,
    hidesAnswer: true,
  });
  return parameters.sized();
}
