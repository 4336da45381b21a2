// What the tests of the seals share.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import type { LockoutState } from "../../device/seal/tpm/lockout.ts";
import { lockoutState } from "../../device/seal/tpm/lockout.ts";
import { load, unseal } from "../../device/seal/tpm/objects.ts";
import { leaving, visit } from "../../device/seal/tpm/visit.ts";
import { authValueOf, readBlob } from "../../device/seal/tpm-blob.ts";
import { type Reason, Refusal } from "../../src/refusal.ts";
import type { SoftTpm } from "./swtpm.ts";

export const some = (length = 32): Uint8Array => new Uint8Array(randomBytes(length));

/** Never with anything in its message that could be a secret. */
export async function refused(work: Promise<unknown>, reason: Reason, detail = /^/): Promise<void> {
  await assert.rejects(work, (problem) => {
    assert.ok(problem instanceof Refusal, String(problem));
    assert.equal(problem.reason, reason, problem.message);
    assert.match(problem.detail, detail);
    assert.doesNotMatch(problem.message, /[0-9a-f]{12}/i);
    return true;
  });
}

/** As the TPM itself tells it. */
export function counts(tpm: Pick<SoftTpm, "open">): Promise<LockoutState> {
  return visit(
    tpm.open,
    () => undefined,
    ({ session }) => lockoutState(session),
  );
}

/** What the TPM holds for this PIN: 32 bytes of a key, 32 of the lockout secret. */
export function payloadOf(tpm: SoftTpm, blob: Uint8Array, auth: Uint8Array): Promise<Uint8Array> {
  return visit(
    tpm.open,
    () => undefined,
    async ({ io, session, primary }) => {
      const object = await load(session, primary, readBlob(blob).object);
      return leaving(io, object.handle, () => unseal(session, object, authValueOf(auth)));
    },
  );
}
