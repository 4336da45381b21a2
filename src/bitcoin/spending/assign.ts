// The signatures that are still to be made, and where each belongs.

import type { SignatureTask } from "../../curve.ts";
import { refuse } from "../../refusal.ts";
import { pathOf } from "../use-path.ts";
import { leafHashOf, type OwnInput, type Spending } from "./spending.ts";
import { isOurs, type Spot } from "./spots.ts";

/** One signature to be made, and where it belongs. */
export interface Assignment {
  readonly task: SignatureTask;
  readonly input: number;
  readonly sighash: 0 | 1;
  /** Of the leaf that it is for. */
  readonly leafHash?: Uint8Array;
}

/** What our keys still have to sign; empty where no key of the wallets is ours. Refused where all is signed. */
export function assignmentsOf({ templates, inputs }: Spending): Assignment[] {
  const assignments = inputs.flatMap((own, input) => (own ? assignmentsTo(own, input) : []));
  const ours = templates.some(({ wallet }) => wallet.uses.some((_, use) => isOurs(wallet, use)));
  if (ours && assignments.length === 0) refuse("bitcoin.already-signed");
  return assignments;
}

function assignmentsTo(own: OwnInput, input: number): Assignment[] {
  return own.missing.map(({ spot, digest }) => {
    const task = { ...keyAt(own, spot.use), digest, ...schemeAt(own, spot) };
    const leafHash = leafHashOf(spot, own.derived);
    return { input, sighash: own.sighash, task, ...(leafHash ? { leafHash } : {}) };
  });
}

function keyAt({ template, derived }: OwnInput, use: number): Pick<SignatureTask, "fingerprint" | "path"> {
  const { uses, keys } = template.wallet;
  const used = uses[use]!;
  if (used.kind !== "child") throw new Error("only a key of this device alone is signed with");
  const key = keys[used.key]!;
  return {
    fingerprint: key.fingerprint,
    path: [...key.path, ...pathOf(used.steps, template.wallet, derived)],
  };
}

function schemeAt(
  { derived }: OwnInput,
  { use, leaf }: Spot,
): Omit<SignatureTask, "fingerprint" | "path" | "digest"> {
  const publicKey = derived.publicKeys[use]!;
  const { taproot } = derived;
  if (!taproot) return { scheme: "ecdsa", publicKey };
  if (leaf !== undefined) return { scheme: "schnorr", publicKey: publicKey.subarray(1) };
  const { tweak, outputKey } = taproot;
  return { scheme: "schnorr", tweak, odd: publicKey[0] === 3, publicKey: outputKey };
}
