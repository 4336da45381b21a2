// The signatures that are still to be made, and where each belongs.

import type { SignatureTask } from "../../curve.ts";
import { refuse } from "../../refusal.ts";
import { type Asked, refuseWaiting, type Step, stepsAt, type Wait } from "../musig/rounds.ts";
import { pathOf } from "../use-path.ts";
import { leafHashOf, type OwnInput, type Spending } from "./spending.ts";
import { isOurs, type Spot, sameSpot } from "./spots.ts";

/** What a key of ours makes, and where it belongs. */
export type Assignment = SignatureAssignment | RoundAssignment;

export interface SignatureAssignment {
  readonly task: SignatureTask;
  readonly input: number;
  readonly sighash: 0 | 1;
  /** Of the leaf that it is for. */
  readonly leafHash?: Uint8Array;
}

/** A nonce or a part of a signature, where keys sign together. */
export interface RoundAssignment extends Step {
  readonly input: number;
  readonly sighash: 0 | 1;
}

export type CheckNonce = Asked["checkNonce"];

/**
 * What our keys still have to do; empty where no key of the wallets is ours. Refused where all is done, where others
 * have to add their nonces first, and as `checkNonce` does.
 */
export function assignmentsOf(
  { templates, inputs }: Spending,
  txid: string,
  checkNonce: CheckNonce,
): Assignment[] {
  const waits: Wait[] = [];
  const assignments = inputs.flatMap((own, input): Assignment[] => {
    if (!own) return [];
    const rounds = roundsAt(own, input, txid, checkNonce);
    waits.push(...rounds.waits);
    return [...assignmentsTo(own, input), ...rounds.assignments];
  });
  if (assignments.length > 0) return assignments;
  if (waits.length > 0) refuseWaiting(waits);
  const ours = templates.some(({ wallet }) => wallet.uses.some((_, use) => isOurs(wallet, use)));
  if (ours) refuse("bitcoin.already-signed");
  return [];
}

function roundsAt(own: OwnInput, input: number, txid: string, checkNonce: CheckNonce) {
  const { musig, signed, together, sighash, template } = own;
  const open = together.filter(({ place }) => {
    const isHere = (spot: Spot) => sameSpot(spot, place);
    return musig.some(isHere) && !signed.some(isHere);
  });
  const where = `input ${input + 1}`;
  const all = open.map((standing) => stepsAt({ wallet: template.wallet, standing, txid, where, checkNonce }));
  return {
    waits: all.flatMap(({ waits }) => waits),
    assignments: all.flatMap(({ steps }) => steps.map((step) => ({ ...step, input, sighash }))),
  };
}

function assignmentsTo(own: OwnInput, input: number): SignatureAssignment[] {
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
