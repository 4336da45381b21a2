// The inputs: all of one registered wallet, their scripts rebuilt, the signatures that are there verified,
// and the digests that are still to be signed.

import { equal, readU32le } from "../bytes.ts";
import type { Curve, Task } from "../model.ts";
import { refuse } from "../refusal.ts";
import type { Work } from "../request.ts";
import { checkScripts, INPUT_CLAIMS } from "./claims.ts";
import type { Coin } from "./coins.ts";
import type { Found } from "./derive.ts";
import type { Ownership } from "./ownership.ts";
import type { Psbt } from "./psbt.ts";
import { INPUT } from "./psbt-fields.ts";
import { fieldOf, type Rows, rowOf } from "./psbt-rows.ts";
import { p2pkh } from "./script.ts";
import { type Common, commonOf, legacyDigester, segwitDigester, taprootDigester } from "./sighash.ts";
import { acceptedSighash, fromDer } from "./signatures.ts";
import { scaled } from "./steps.ts";
import type { Derived, ScriptForm, Template } from "./wallet.ts";

export interface OwnInput {
  readonly derived: Derived;
  /** What our signature will commit with, and the digest that it signs. */
  readonly sighash: 0 | 1;
  readonly digest: Uint8Array;
  /** By place in wallet.keys: a valid signature is there. */
  readonly signed: readonly boolean[];
}

export interface Spending {
  readonly template: Template;
  readonly inputs: readonly OwnInput[];
}

/** One signature to be made, and where it belongs. */
export interface Assignment {
  readonly task: Task;
  readonly input: number;
  readonly sighash: 0 | 1;
}

/** The share of the work that goes into deriving, where cosigners have not signed yet. */
const DERIVING = 0.7;

type DigestOf = (index: number, derived: Derived, sighash: 0 | 1) => Uint8Array;

/** Refuses unless every input belongs to one and the same wallet of ours, and carries nothing that is wrong. */
export function* readSpending(
  psbt: Psbt,
  coins: readonly Coin[],
  owners: Ownership,
  curve: Curve,
): Work<Spending> {
  const sighashes = psbt.inputs.map((rows, i) => sighashOf(rows, isTaproot(coins[i]!), at(i)));
  const found = yield* scaled(findOwners(psbt, coins, owners), 0, DERIVING);
  const template = oneWallet(found, coins);
  const digestOf = digests(template.wallet.form, commonOf(psbt.tx, coins));
  const inputs: OwnInput[] = [];
  for (let i = 0; i < coins.length; i++) {
    const { derived } = found[i]!;
    const rows = psbt.inputs[i]!;
    checkInput(rows, template.wallet.form, coins[i]!, derived, at(i));
    const signed = template.wallet.keys.map(() => false);
    for (const key of signers(rows, derived, curve, (type) => digestOf(i, derived, type), at(i)))
      signed[key] = true;
    const sighash = sighashes[i]!;
    inputs.push({ derived, sighash, digest: digestOf(i, derived, sighash), signed });
    yield DERIVING + ((1 - DERIVING) * (i + 1)) / coins.length;
  }
  return { template, inputs };
}

function at(i: number): string {
  return `input ${i + 1}`;
}

function isTaproot({ script }: Coin): boolean {
  return script.length === 34 && script[0] === 0x51;
}

/** The type asked for; and none of the signatures that are there may have one that is refused. */
function sighashOf(rows: Rows, taproot: boolean, where: string): 0 | 1 {
  for (const { type, value } of rows) {
    const schnorr = type === INPUT.tapKeySignature || type === INPUT.tapScriptSignature;
    if (type === INPUT.partialSignature || (schnorr && value.length === 65)) {
      // BIP 341: DEFAULT is never written out, so that for both schemes only ALL may stand there.
      if (value.length > 0) acceptedSighash(value.at(-1), false, `${where}, a signature`);
    }
  }
  const asked = fieldOf(rows, INPUT.sighash);
  return acceptedSighash(asked && readU32le(asked, 0), taproot, where);
}

function* findOwners(
  psbt: Psbt,
  coins: readonly Coin[],
  owners: Ownership,
): Work<readonly (Found | undefined)[]> {
  const found: (Found | undefined)[] = [];
  for (let i = 0; i < coins.length; i++) {
    found.push(owners.find(coins[i]!.script, psbt.inputs[i]!, INPUT));
    yield i / coins.length;
  }
  return found;
}

function oneWallet(found: readonly (Found | undefined)[], coins: readonly Coin[]): Template {
  const first = found.find((owner) => owner !== undefined);
  if (!first) return refuse("bitcoin.not-ours");
  const foreign = found.indexOf(undefined);
  if (foreign >= 0) refuse("bitcoin.foreign-inputs", `${at(foreign)}: ${coins[foreign]!.outpoint}`);
  const other = found.find((owner) => owner!.template !== first.template);
  if (other)
    refuse("bitcoin.mixed-wallets", `${first.template.wallet.name} and ${other.template.wallet.name}`);
  return first.template;
}

function checkInput(rows: Rows, form: ScriptForm, coin: Coin, derived: Derived, where: string): void {
  if (!coin.fromPrevious && (form === "p2pkh" || form === "p2sh"))
    refuse("bitcoin.legacy-needs-previous", where);
  if (rowOf(rows, INPUT.finalScript) || rowOf(rows, INPUT.finalWitness))
    refuse("bitcoin.already-final", where);
  checkScripts(rows, derived, INPUT_CLAIMS, where);
}

function digests(form: ScriptForm, common: Common): DigestOf {
  if (form === "p2tr") {
    const byType = [taprootDigester(common, 0), taprootDigester(common, 1)] as const;
    return (index, _, sighash) => byType[sighash](index);
  }
  if (form === "p2pkh" || form === "p2sh") {
    const digest = legacyDigester(common);
    return (index, derived) => digest(index, derived.redeemScript ?? derived.scriptPubKey);
  }
  const digest = segwitDigester(common);
  // BIP 143: for a key hash the script code is that of P2PKH.
  return (index, derived) =>
    digest(index, derived.witnessScript ?? p2pkh((derived.redeemScript ?? derived.scriptPubKey).subarray(2)));
}

/** Places in wallet.keys of those whose valid signature is there; any other signature is refused. */
function* signers(
  rows: Rows,
  derived: Derived,
  curve: Curve,
  digestOf: (sighash: 0 | 1) => Uint8Array,
  where: string,
): Generator<number> {
  const wrong = (what: string) => refuse("bitcoin.signature-invalid", `${where}: ${what}`);
  const schnorr = fieldOf(rows, INPUT.tapKeySignature);
  if (schnorr) {
    const digest = digestOf(schnorr.length === 65 ? 1 : 0);
    const key = derived.taproot?.outputKey ?? wrong("a taproot signature for another kind of script");
    if (!curve.verifySchnorr(digest, key, schnorr.subarray(0, 64))) wrong("it does not verify");
    yield 0;
  }
  for (const { type, key, value } of rows) {
    if (type !== INPUT.partialSignature) continue;
    const place = derived.taproot ? -1 : derived.publicKeys.findIndex((own) => equal(own, key));
    if (place < 0) wrong("it is by a key that is not in this wallet");
    const signature = fromDer(value.subarray(0, -1)) ?? wrong("it is not in strict form (BIP 66, low s)");
    if (!curve.verifyEcdsa(digestOf(1), key, signature)) wrong("it does not verify");
    yield place;
  }
}

/** What our keys still have to sign; empty where no key of the wallet is ours. Refused where all is signed. */
export function assignmentsOf({ template, inputs }: Spending): Assignment[] {
  const { keys } = template.wallet;
  const ours = keys.flatMap((key, place) => (key.ours ? [{ key, place }] : []));
  const assignments = inputs.flatMap(({ derived, digest, sighash, signed }, input) =>
    ours
      .filter(({ place }) => !signed[place])
      .map(({ key, place }): Assignment => {
        const path = [...key.path, derived.branch, derived.index];
        return { input, sighash, task: taskOf(key.fingerprint, path, digest, derived, place) };
      }),
  );
  if (ours.length > 0 && assignments.length === 0) refuse("bitcoin.already-signed");
  return assignments;
}

function taskOf(
  fingerprint: string,
  path: readonly number[],
  digest: Uint8Array,
  derived: Derived,
  place: number,
): Task {
  const publicKey = derived.publicKeys[place]!;
  const { taproot } = derived;
  if (!taproot) return { fingerprint, path, scheme: "ecdsa", digest, publicKey };
  const odd = publicKey[0] === 3;
  return {
    fingerprint,
    path,
    scheme: "schnorr",
    digest,
    tweak: taproot.tweak,
    odd,
    publicKey: taproot.outputKey,
  };
}
