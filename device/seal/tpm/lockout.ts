// How the TPM counts wrong auth values, and who may forgive them (Part 1, 19.8).

import { concat, wipe } from "../../../src/bytes.ts";
import { sized, TpmBroken, u32 } from "./codec.ts";
import { CAPABILITY_PROPERTIES, COMMAND, HANDLE, PERMANENT, PROPERTY } from "./codes.ts";
import { hierarchy } from "./primary.ts";
import type { Session } from "./session.ts";

export interface Tries {
  /** Wrong ones before it answers no more. */
  readonly most: number;
  /** Until one more is allowed, while the TPM has power. */
  readonly recoverySeconds: number;
  /** How long a wrong lockout secret keeps all lockout commands away. */
  readonly lockoutRecoverySeconds: number;
}

export interface LockoutState extends Tries {
  readonly wrong: number;
  /** Somebody has set the secret that forgives and clears. */
  readonly owned: boolean;
}

const lockout = hierarchy(HANDLE.lockout);

/** Unsigned 32-bit numbers by property, from `first` on. */
async function properties(session: Session, first: number, count: number): Promise<Map<number, number>> {
  const { parameters } = await session.run({
    code: COMMAND.getCapability,
    entities: [],
    parameters: concat(u32(CAPABILITY_PROPERTIES), u32(first), u32(count)),
  });
  parameters.u8();
  if (parameters.u32() !== CAPABILITY_PROPERTIES) throw new TpmBroken("it tells of another capability");
  const found = new Map<number, number>();
  for (let left = Math.min(count, parameters.u32()); left > 0; left--)
    found.set(parameters.u32(), parameters.u32());
  return found;
}

export async function lockoutState(session: Session): Promise<LockoutState> {
  const [first, last] = [PROPERTY.permanent, PROPERTY.lockoutRecoverySeconds];
  const found = await properties(session, first, last - first + 1);
  const of = (property: number) => {
    const value = found.get(property);
    if (value === undefined) throw new TpmBroken("it does not tell how it counts");
    return value;
  };
  return {
    owned: (of(PROPERTY.permanent) & PERMANENT.lockoutAuthSet) !== 0,
    wrong: of(PROPERTY.lockoutCounter),
    most: of(PROPERTY.mostTries),
    recoverySeconds: of(PROPERTY.recoverySeconds),
    lockoutRecoverySeconds: of(PROPERTY.lockoutRecoverySeconds),
  };
}

/** `auth`: the lockout secret, empty where none is set. */
export async function setTries(session: Session, tries: Tries, auth: Uint8Array): Promise<void> {
  await session.run({
    code: COMMAND.lockParameters,
    entities: [lockout],
    auth,
    parameters: concat(u32(tries.most), u32(tries.recoverySeconds), u32(tries.lockoutRecoverySeconds)),
  });
}

/** Forgives all wrong ones. A wrong `auth` keeps lockout commands away for lockoutRecoverySeconds. */
export async function resetTries(session: Session, auth: Uint8Array): Promise<void> {
  await session.run({ code: COMMAND.lockReset, entities: [lockout], auth });
}

export async function changeLockoutAuth(session: Session, auth: Uint8Array, to: Uint8Array): Promise<void> {
  const parameters = sized(to);
  try {
    await session.run({
      code: COMMAND.hierarchyChangeAuth,
      entities: [lockout],
      auth,
      authAfter: to,
      parameters,
      hidesCommand: true,
    });
  } finally {
    wipe(parameters);
  }
}

/**
 * Does away with all that hangs on the owner hierarchy: keys, indices, the lockout secret. By the platform, whose
 * secret is empty on a board whose firmware leaves the TPM alone.
 */
export async function clear(session: Session): Promise<void> {
  await session.run({
    code: COMMAND.clear,
    entities: [hierarchy(HANDLE.platform)],
    auth: new Uint8Array(),
  });
}
