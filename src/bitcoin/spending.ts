// The inputs: those of registered wallets, their scripts rebuilt, the signatures that are there verified, and the
// digests that are still to be signed; and those of others, which are looked at and left as they are.

import { equal, readU32le, toHex } from "../bytes.ts";
import type { Curve, Task } from "../model.ts";
import { refuse } from "../refusal.ts";
import type { Work } from "../request.ts";
import { checkScripts, INPUT_CLAIMS } from "./claims.ts";
import type { Coin } from "./coins.ts";
import type { Found } from "./derive.ts";
import { checkForeign } from "./foreign.ts";
import type { Ownership } from "./ownership.ts";
import { INPUT } from "./psbt/fields.ts";
import type { Psbt } from "./psbt/psbt.ts";
import { fieldOf, type Rows, rowOf } from "./psbt/rows.ts";
import { isTaproot, p2pkh } from "./script.ts";
import {
  type Common,
  commonOf,
  type Digester,
  legacyDigester,
  segwitDigester,
  taprootDigester,
} from "./sighash.ts";
import { acceptedSighash, fromDer } from "./signatures.ts";
import { scaled } from "./steps.ts";
import type { Derived, ScriptForm, Template } from "./wallet.ts";

export interface OwnInput {
  readonly template: Template;
  readonly derived: Derived;
  /** What our signature will commit with, and the digest that it signs. */
  readonly sighash: 0 | 1;
  readonly digest: Uint8Array;
  /** By place in wallet.keys: a valid signature is there. */
  readonly signed: readonly boolean[];
}

export interface Spending {
  /** Own wallets that are spent from, in the order of their first inputs; at least one. */
  readonly templates: readonly Template[];
  /** In the order of the transaction; undefined where an input is somebody else's. */
  readonly inputs: readonly (OwnInput | undefined)[];
}

/** One signature to be made, and where it belongs. */
export interface Assignment {
  readonly task: Task;
  readonly input: number;
  readonly sighash: 0 | 1;
}

/** The share of the work that goes into deriving, where cosigners have not signed yet. */
const DERIVING = 0.7;
/** Of that, the share of the inputs that say whose they are. */
const MARKED = 0.8;

/** Of one input, by what the signature commits with. */
type DigestOf = (index: number, owner: Found) => (sighash: 0 | 1) => Uint8Array;

/** Refuses unless some input is ours, and no input carries anything that is wrong. */
export function* readSpending(
  psbt: Psbt,
  coins: readonly Coin[],
  owners: Ownership,
  curve: Curve,
): Work<Spending> {
  const sighashes = psbt.inputs.map((rows, i) => sighashOf(rows, isTaproot(coins[i]!.script), at(i)));
  const found = yield* scaled(findOwners(psbt, coins, owners), 0, DERIVING);
  const digestOf = digests(commonOf(psbt.tx, coins));
  const inputs: (OwnInput | undefined)[] = [];
  for (let i = 0; i < coins.length; i++) {
    const rows = psbt.inputs[i]!;
    const owner = found[i];
    if (owner) inputs.push(ownInput(rows, coins[i]!, owner, sighashes[i]!, digestOf(i, owner), curve, at(i)));
    else {
      checkForeign(rows, coins[i]!, owners, at(i));
      inputs.push(undefined);
    }
    yield DERIVING + ((1 - DERIVING) * (i + 1)) / coins.length;
  }
  const templates = new Set(found.flatMap((owner) => (owner ? [owner.template] : [])));
  return { templates: [...templates], inputs };
}

function ownInput(
  rows: Rows,
  coin: Coin,
  { template, derived }: Found,
  sighash: 0 | 1,
  digestOf: (sighash: 0 | 1) => Uint8Array,
  curve: Curve,
  where: string,
): OwnInput {
  checkInput(rows, template.wallet.form, coin, derived, where);
  const signed = template.wallet.keys.map(() => false);
  for (const key of signers(rows, derived, curve, digestOf, where)) signed[key] = true;
  return { template, derived, sighash, digest: digestOf(sighash), signed };
}

function at(i: number): string {
  return `input ${i + 1}`;
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

/**
 * Whose each input is. Where somebody else's seem to be among ours, they are looked for among the first addresses
 * of our wallets too: an input of ours that nothing marks would else be called foreign.
 */
function* findOwners(
  psbt: Psbt,
  coins: readonly Coin[],
  owners: Ownership,
): Work<readonly (Found | undefined)[]> {
  const found: (Found | undefined)[] = [];
  for (let i = 0; i < coins.length; i++) {
    found.push(owners.find(coins[i]!.script, psbt.inputs[i]!, INPUT));
    yield (MARKED * i) / coins.length;
  }
  if (found.every((owner) => owner === undefined)) refuse("bitcoin.not-ours");
  if (found.every((owner) => owner !== undefined)) return found;
  const scripts = coins.map(({ script }) => toHex(script));
  const unmarked = yield* scaled(owners.search(new Set(scripts.filter((_, i) => !found[i]))), MARKED, 1);
  return found.map((owner, i) => owner ?? unmarked.get(scripts[i]!));
}

function checkInput(rows: Rows, form: ScriptForm, coin: Coin, derived: Derived, where: string): void {
  if (!coin.fromPrevious && (form === "p2pkh" || form === "p2sh"))
    refuse("bitcoin.legacy-needs-previous", where);
  if (rowOf(rows, INPUT.finalScript) || rowOf(rows, INPUT.finalWitness))
    refuse("bitcoin.already-final", where);
  checkScripts(rows, derived, INPUT_CLAIMS, where);
}

/** What all inputs of a kind share is hashed when the first of the kind is met. */
function digests(common: Common): DigestOf {
  const taproot: [ReturnType<typeof taprootDigester>?, ReturnType<typeof taprootDigester>?] = [];
  let legacy: Digester | undefined;
  let segwit: Digester | undefined;
  return (index, { template, derived }) => {
    const { form } = template.wallet;
    if (form === "p2tr")
      return (sighash) => {
        taproot[sighash] ??= taprootDigester(common, sighash);
        return taproot[sighash](index);
      };
    if (form === "p2pkh" || form === "p2sh") {
      legacy ??= legacyDigester(common);
      return () => legacy!(index, derived.redeemScript ?? derived.scriptPubKey);
    }
    segwit ??= segwitDigester(common);
    return () => segwit!(index, scriptCodeOf(derived));
  };
}

/** BIP 143: for a key hash the script code is that of P2PKH. */
function scriptCodeOf({ witnessScript, redeemScript, scriptPubKey }: Derived): Uint8Array {
  return witnessScript ?? p2pkh((redeemScript ?? scriptPubKey).subarray(2));
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

/** What our keys still have to sign; empty where no key of the wallets is ours. Refused where all is signed. */
export function assignmentsOf({ templates, inputs }: Spending): Assignment[] {
  const assignments = inputs.flatMap((own, input) => (own ? assignmentsTo(own, input) : []));
  const ours = templates.some(({ wallet }) => wallet.keys.some((key) => key.ours));
  if (ours && assignments.length === 0) refuse("bitcoin.already-signed");
  return assignments;
}

function assignmentsTo(
  { template, derived, digest, sighash, signed }: OwnInput,
  input: number,
): Assignment[] {
  return template.wallet.keys.flatMap((key, place) => {
    if (!key.ours || signed[place]) return [];
    const path = [...key.path, derived.branch, derived.index];
    return [{ input, sighash, task: taskOf(key.fingerprint, path, digest, derived, place) }];
  });
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
