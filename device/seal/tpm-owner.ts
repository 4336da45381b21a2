// Who may forgive wrong tries. The lockout secret lies in every sealed object, so that only a right PIN has it.
// It is set at the first release, never when something is bound: what was released was stored, so that a cut of
// power can never leave a TPM whose lockout secret nobody has.

import { randomBytes } from "node:crypto";
import { wipe } from "../../src/bytes.ts";
import { refuse } from "../../src/refusal.ts";
import { CODE } from "./tpm/codes.ts";
import { TpmError } from "./tpm/exchange.ts";
import { changeLockoutAuth, lockoutState, resetTries, setTries, type Tries } from "./tpm/lockout.ts";
import type { Session } from "./tpm/session.ts";

/**
 * 31 wrong PINs, then one more each hour of being switched on. Firn's own count ends long before that; this one
 * holds against whoever put an older card back: all PINs of 4 digits take a year, of 6 more than a century.
 */
export const TRIES: Tries = { most: 31, recoverySeconds: 3600, lockoutRecoverySeconds: 86_400 };

const NONE = new Uint8Array();

/** What this process knows; it ends with the process, at the lock. */
export interface Owner {
  /** The TPM's lockout secret, proven. */
  known?: Uint8Array;
  /** What it is to be, once something that holds it is released. */
  meant?: Uint8Array;
}

export function forget(owner: Owner): void {
  wipe(owner.known, owner.meant);
  delete owner.known;
  delete owner.meant;
}

/** The lockout secret for a new sealed object: the owner's own. Throws Refusal seal.owned. */
export async function lockoutAuthFor(session: Session, owner: Owner): Promise<Uint8Array> {
  const { owned } = await lockoutState(session);
  if (owned) return owner.known ?? refuse("seal.owned", "its lockout secret is not known");
  // From the first wrong PIN on it counts as Firn wants it.
  await setTries(session, TRIES, NONE);
  owner.meant ??= randomBytes(32);
  return owner.meant;
}

/** After a right PIN: takes the TPM where nobody has, and forgets the wrong tries. */
export async function forgive(session: Session, owner: Owner, lockoutAuth: Uint8Array): Promise<void> {
  const { owned } = await lockoutState(session);
  if (!owned) {
    await setTries(session, TRIES, NONE);
    await changeLockoutAuth(session, NONE, lockoutAuth);
  }
  if (!(await isForgiven(session, lockoutAuth))) return;
  forget(owner);
  owner.known = lockoutAuth.slice();
}

/** False where somebody else took the TPM in between: the keys open all the same, and tries come back by the hour. */
async function isForgiven(session: Session, lockoutAuth: Uint8Array): Promise<boolean> {
  try {
    await resetTries(session, lockoutAuth);
    return true;
  } catch (problem) {
    const noes: readonly number[] = [CODE.authFail, CODE.badAuth, CODE.lockout];
    if (problem instanceof TpmError && noes.includes(problem.base)) return false;
    throw problem;
  }
}

/** Leaves the TPM to the next owner, where the secret is known. */
export async function giveBack(session: Session, owner: Owner): Promise<void> {
  if (owner.known) await changeLockoutAuth(session, owner.known, NONE);
}
