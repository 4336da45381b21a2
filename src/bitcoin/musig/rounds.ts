// What is asked of our keys next: in round 1 a nonce, in round 2, once everybody's are there, a partial signature.

import { concat } from "../../bytes.ts";
import type { Curve, Fingerprint, MusigTask } from "../../model.ts";
import { refuse } from "../../refusal.ts";
import { INPUT } from "../psbt/fields.ts";
import { makeRow, type Row } from "../psbt/rows.ts";
import type { Wallet } from "../wallet.ts";
import { keyOf, memberName, type Standing, sessionOf } from "./standing.ts";

/** A task, and the place that it is for. */
export interface Step {
  readonly task: MusigTask;
  readonly standing: Standing;
  /** Which of the members we are. */
  readonly member: number;
}

/** Where a key of ours can do nothing before others have. */
export interface Wait {
  readonly standing: Standing;
  /** In words, whose nonces are missing. */
  readonly missing: readonly string[];
}

export interface Asked {
  readonly wallet: Wallet;
  readonly standing: Standing;
  readonly txid: string;
  /** "input 2" */
  readonly where: string;
  /** Throws a Refusal where the secret nonce of this public one cannot sign this: see Keyring.checkNonce. */
  readonly checkNonce: (task: MusigTask, publicNonce: Uint8Array) => void;
}

/** What our keys do now at one place, and what they wait for. */
export function stepsAt(asked: Asked): { readonly steps: readonly Step[]; readonly waits: readonly Wait[] } {
  const { wallet, standing, checkNonce } = asked;
  const { place, nonces, partials } = standing;
  const missing = nonces.flatMap((nonce, i) => (nonce ? [] : [memberName(wallet, place, i)]));
  const steps: Step[] = [];
  const waits: Wait[] = [];
  for (const [member, { key }] of place.members.entries()) {
    const own = key === undefined ? undefined : wallet.keys[key]!;
    if (!own?.ours || partials[member]) continue;
    const task = nonceTask(asked, member, own);
    const nonce = nonces[member];
    if (!nonce) steps.push({ task, standing, member });
    else {
      checkNonce(task, nonce);
      if (missing.length > 0) waits.push({ standing, missing });
      else steps.push({ task: partialTask(task, standing), standing, member });
    }
  }
  return { steps, waits };
}

function nonceTask(
  { standing, txid, where }: Asked,
  member: number,
  own: { readonly fingerprint: Fingerprint; readonly path: readonly number[] },
): MusigTask {
  const { members, tweaks, leaf } = standing.place;
  const { publicKey, path } = members[member]!;
  return {
    fingerprint: own.fingerprint,
    path: [...own.path, ...path!],
    scheme: "musig-nonce",
    digest: standing.digest,
    publicKey,
    together: {
      request: txid,
      place: leaf === undefined ? where : `${where}, leaf ${leaf + 1}`,
      participants: members.map((one) => one.publicKey),
      tweaks,
    },
  };
}

function partialTask(task: MusigTask, { nonces }: Standing): MusigTask {
  const together = { ...task.together, nonces: nonces.map((nonce) => nonce!) };
  return { ...task, scheme: "musig-partial", together };
}

/** Nothing is left for us to do, and no cosigner is done. */
export function refuseWaiting(waits: readonly Wait[]): never {
  const missing = [...new Set(waits.flatMap((wait) => wait.missing))];
  return refuse("bitcoin.musig-waits", `missing: ${missing.join(", ")}`);
}

/** What the Keyring answered, as BIP 373 writes it. */
export function rowOfAnswer({ task, standing, member }: Step, answer: Uint8Array): Row {
  const type = task.scheme === "musig-nonce" ? INPUT.musigNonce : INPUT.musigPartial;
  if (answer.length !== (type === INPUT.musigNonce ? 66 : 32))
    throw new Error("an answer has another length");
  return makeRow(type, keyOf(standing.place, member), answer);
}

/**
 * With these answers of ours: the signature that all parts add up to, as a row; undefined while one is missing. Throws
 * an Error where a part of our own does not verify with everybody's nonces, or the sum under the key that signs: then
 * Firn itself is at fault.
 */
export function completed(
  standing: Standing,
  answers: readonly (readonly [Step, Uint8Array])[],
  sighash: 0 | 1,
  curve: Curve,
): Row | undefined {
  const session = sessionOf(standing);
  const partials = [...standing.partials];
  for (const [{ task, member }, answer] of answers) {
    if (task.scheme === "musig-nonce") continue;
    if (!session?.verifies(answer, member)) throw new Error("a part of our own does not verify");
    partials[member] = answer;
  }
  const all = partials.flatMap((partial) => partial ?? []);
  return session && all.length === partials.length
    ? signatureRow(standing, session.sum(all), sighash, curve)
    : undefined;
}

function signatureRow({ place, digest }: Standing, signature: Uint8Array, sighash: 0 | 1, curve: Curve): Row {
  const xonly = place.signing.subarray(1);
  if (!curve.verifySchnorr(digest, xonly, signature)) throw new Error("what was added up does not verify");
  const value = sighash === 0 ? signature : concat(signature, Uint8Array.of(sighash));
  return place.leafHash
    ? makeRow(INPUT.tapScriptSignature, concat(xonly, place.leafHash), value)
    : makeRow(INPUT.tapKeySignature, new Uint8Array(0), value);
}
