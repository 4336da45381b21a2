// The seal by a TPM 2.0: wrong PINs are counted by the chip itself, and what was destroyed stays destroyed,
// whatever is put back into the home. docs/seals.md has it in words.

import { createHmac, randomBytes } from "node:crypto";
import { concat, equal, wipe } from "../../src/bytes.ts";
import type { Seal } from "../../src/ports.ts";
import { Refusal, refuse } from "../../src/refusal.ts";
import { TpmBroken } from "./tpm/codec.ts";
import { CODE, COMMAND } from "./tpm/codes.ts";
import { shutdown, startup, TpmError } from "./tpm/exchange.ts";
import { clear, lockoutState } from "./tpm/lockout.ts";
import { create, load, unseal } from "./tpm/objects.ts";
import type { Primary } from "./tpm/primary.ts";
import type { Session } from "./tpm/session.ts";
import { leaving, type OpenTransport, opened, type Visit, visit } from "./tpm/visit.ts";
import {
  authValueOf,
  blobBytes,
  disclose,
  enclose,
  isUnder,
  markNameOf,
  readBlob,
  type TpmBlob,
} from "./tpm-blob.ts";
import {
  COUNTERS,
  ensureMark,
  MARK,
  raiseCounter,
  readCounter,
  readMark,
  removeIndex,
} from "./tpm-indices.ts";
import { forget, forgive, giveBack, lockoutAuthFor, type Owner } from "./tpm-owner.ts";

export interface TpmOptions {
  /** Nothing else needs this TPM: `destroy` clears it wholly where the platform lets it. */
  readonly ownsTpm?: boolean;
}

/** What this process has seen of the TPM. */
interface Machine {
  readonly open: OpenTransport;
  readonly owner: Owner;
  /** The primary key's name; a TPM does not change while the machine is on. */
  primaryName?: Uint8Array;
}

const KEY_BYTES = 32;

export function tpmSeal(open: OpenTransport, { ownsTpm = false }: TpmOptions = {}): Seal {
  const machine: Machine = { open, owner: {} };
  const oneByOne = queue();
  const run = <T>(work: () => Promise<T>) => oneByOne(() => failing(work));
  return {
    kind: "tpm",
    bind: (secret, auth) => run(() => bind(machine, secret, auth)),
    release: (blob, auth) => run(() => release(machine, blob, auth)),
    mark: (data) => run(() => at(machine, async (here) => marked(await ensureMark(here), data))),
    counter: (name) => ({
      value: () => run(() => at(machine, (here) => readCounter(here, COUNTERS[name]))),
      raise: () => run(() => at(machine, (here) => raiseCounter(here, COUNTERS[name]))),
    }),
    destroy: () => run(() => destroy(machine, ownsTpm)),
    rest: () => run(() => rest(machine)),
  };
}

async function bind(machine: Machine, secret: Uint8Array, auth: Uint8Array): Promise<Uint8Array> {
  if (secret.length !== 32) throw new Error("a seal binds 32 bytes");
  return at(machine, async (here) => {
    const { io, session, primary } = here;
    const lockoutAuth = await lockoutAuthFor(session, machine.owner);
    const mark = await ensureMark(here);
    const key = randomBytes(KEY_BYTES);
    const held = concat(key, lockoutAuth);
    const value = authValueOf(auth);
    try {
      const object = await create(session, primary, held, value);
      const front = { primaryName: primary.name, markName: markNameOf(mark), object };
      return blobBytes(enclose(front, secret, key, mark));
    } finally {
      wipe(mark, key, held, value);
      await restQuietly(io);
    }
  });
}

async function release(
  machine: Machine,
  bytes: Uint8Array,
  auth: Uint8Array,
): Promise<Uint8Array | undefined> {
  const blob = readBlob(bytes);
  const known = (primary: Primary) => {
    if (!equal(primary.name, blob.primaryName)) refuse("seal.foreign", "this TPM is another, or was cleared");
  };
  return at(machine, (here) => releaseHere(machine.owner, here, blob, auth), known);
}

async function releaseHere(
  owner: Owner,
  here: Visit,
  blob: TpmBlob,
  auth: Uint8Array,
): Promise<Uint8Array | undefined> {
  // Before the PIN is tried: what was destroyed costs no try.
  const mark = (await readMark(here)) ?? refuse("seal.foreign", "what was sealed here was destroyed");
  let held: Uint8Array | undefined;
  try {
    if (!isUnder(blob, mark)) refuse("seal.foreign", "what was sealed here was destroyed");
    held = await heldBy(here, blob, auth);
    if (!held) return undefined;
    // Forgiven before the secret is out: who has it has the tries back, and nothing is left to wipe if that breaks.
    await forgive(here.session, owner, held.subarray(KEY_BYTES));
    const secret = disclose(blob, held.subarray(0, KEY_BYTES), mark);
    return secret ?? refuse("seal.foreign", "what was sealed is damaged");
  } finally {
    wipe(mark, held);
    // A right or wrong PIN was tried: from here on a loss of power counts as no other try.
    await restQuietly(here.io);
  }
}

/** Undefined where the TPM has counted a wrong PIN. */
async function heldBy(here: Visit, blob: TpmBlob, auth: Uint8Array): Promise<Uint8Array | undefined> {
  const { io, session, primary } = here;
  const object = await load(session, primary, blob.object).catch(damaged);
  const value = authValueOf(auth);
  try {
    return await leaving(io, object.handle, () => unseal(session, object, value));
  } catch (problem) {
    if (!(problem instanceof TpmError)) throw problem;
    if (problem.base === CODE.authFail) return undefined;
    if (problem.base === CODE.lockout) return refuse("seal.locked", await whenUnlocked(session));
    throw problem;
  } finally {
    wipe(value);
  }
}

function damaged(problem: unknown): never {
  if (problem instanceof TpmError && problem.aboutInput) refuse("seal.foreign", "what was sealed is damaged");
  throw problem;
}

async function whenUnlocked(session: Session): Promise<string> {
  const { recoverySeconds } = await lockoutState(session);
  const minutes = Math.ceil(recoverySeconds / 60);
  return `one more within ${minutes === 1 ? "a minute" : `${minutes} minutes`}`;
}

async function destroy(machine: Machine, ownsTpm: boolean): Promise<void> {
  await at(machine, async (here) => {
    // The mark first: with it goes all that was ever bound.
    await removeIndex(here, MARK);
    await removeIndex(here, COUNTERS.first);
    await removeIndex(here, COUNTERS.second);
    if (!(ownsTpm && (await cleared(here.session)))) await giveBack(here.session, machine.owner);
    forget(machine.owner);
    await restQuietly(here.io);
  });
  delete machine.primaryName;
}

async function cleared(session: Session): Promise<boolean> {
  try {
    await clear(session);
    return true;
  } catch (problem) {
    // A firmware that keeps the platform's secret to itself, or has locked it away.
    if (problem instanceof TpmError) return false;
    throw problem;
  }
}

async function rest(machine: Machine): Promise<void> {
  await opened(machine.open, async (io) => {
    await startup(io);
    await shutdown(io);
  });
}

async function restQuietly(io: Visit["io"]): Promise<void> {
  await shutdown(io).catch(() => undefined);
}

function marked(mark: Uint8Array, data: Uint8Array): Uint8Array {
  const key = createHmac("sha256", mark).update("firn/seal/tpm/mark").digest();
  try {
    return new Uint8Array(createHmac("sha256", key).update(data).digest());
  } finally {
    wipe(mark, key);
  }
}

async function at<T>(
  machine: Machine,
  work: (visit: Visit) => Promise<T>,
  meets: (primary: Primary) => void = () => undefined,
): Promise<T> {
  const same = (primary: Primary) => {
    meets(primary);
    if (machine.primaryName && !equal(machine.primaryName, primary.name))
      throw new TpmBroken("it is not the TPM that it was");
  };
  return visit(machine.open, same, async (here) => {
    const result = await work(here);
    machine.primaryName = here.primary.name;
    return result;
  });
}

/** What the TPM says that nobody expected, and what is no TPM, come out as one refusal. */
async function failing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (problem) {
    if (problem instanceof TpmBroken) throw new Refusal("seal.failed", problem.message);
    if (!(problem instanceof TpmError)) throw problem;
    if (problem.command === COMMAND.createPrimary && problem.base === CODE.badAuth)
      throw new Refusal("seal.owned", "its owner secret is set");
    throw new Refusal("seal.failed", problem.message);
  }
}

/** One thing at a time: a TPM has room for three objects. */
function queue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work);
    last = next.catch(() => undefined);
    return next;
  };
}
