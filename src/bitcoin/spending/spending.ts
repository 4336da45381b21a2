// The inputs: those of registered wallets, their scripts rebuilt, the signatures that are there verified, and the
// places found where ours belong; and those of others, which are looked at and left as they are.

import { readU32le, toHex } from "../../bytes.ts";
import type { Curve } from "../../model.ts";
import { refuse } from "../../refusal.ts";
import type { Work } from "../../request.ts";
import { checkClaims, INPUT_CLAIMS, leavesOffered } from "../claims.ts";
import type { Coin } from "../coins.ts";
import type { Found } from "../derive.ts";
import { checkForeign } from "../foreign.ts";
import type { Timing } from "../miniscript/index.ts";
import { type Groups, groups } from "../musig/places.ts";
import { type Standing, standingsOf } from "../musig/standing.ts";
import type { Ownership } from "../ownership.ts";
import { INPUT } from "../psbt/fields.ts";
import type { Psbt } from "../psbt/psbt.ts";
import { fieldOf, type Rows, rowOf } from "../psbt/rows.ts";
import { isTaproot, p2pkh } from "../script.ts";
import {
  type Common,
  commonOf,
  type Digester,
  legacyDigester,
  segwitDigester,
  type TaprootDigester,
  taprootDigester,
} from "../sighash.ts";
import { acceptedSighash } from "../signatures.ts";
import { scaled } from "../steps.ts";
import type { Derived, Template } from "../wallet.ts";
import { timingOf } from "./open.ts";
import { type Secret, secretsIn } from "./secrets.ts";
import { type DigestOf, signaturesIn } from "./signers.ts";
import { isOurs, type OpenWay, refuseClosed, type Scheme, type Spot, sameSpot, schemeOf } from "./spots.ts";

export interface OwnInput {
  readonly template: Template;
  readonly derived: Derived;
  /** What our signatures commit with. */
  readonly sighash: 0 | 1;
  readonly timing: Timing;
  readonly digestOf: DigestOf;
  /** Where a valid signature is. */
  readonly signed: readonly Spot[];
  /** The ways that the transaction opens, those of leaves that are not offered left out. */
  readonly ways: readonly OpenWay[];
  /** Where our keys sign, each alone; all that they sign, and where nothing is yet. */
  readonly spots: readonly Spot[];
  readonly missing: readonly { readonly spot: Spot; readonly digest: Uint8Array }[];
  /** Where our keys sign together with others (BIP 327). */
  readonly musig: readonly Spot[];
  /** Wherever keys sign together, ours or not: how far they are. */
  readonly together: readonly Standing[];
  /** Of the hashes in its open ways, the secrets that are there. */
  readonly secrets: readonly Secret[];
}

export interface Spending {
  /** Own wallets that are spent from, in the order of their first inputs; at least one. */
  readonly templates: readonly Template[];
  /** In the order of the transaction; undefined where an input is somebody else's. */
  readonly inputs: readonly (OwnInput | undefined)[];
}

/** The share of the work that goes into deriving, where cosigners have not signed yet. */
const DERIVING = 0.7;
/** Of that, the share of the inputs that say whose they are. */
const MARKED = 0.8;

/** Refuses unless some input is ours, and no input carries anything that is wrong. */
export function* readSpending(
  psbt: Psbt,
  coins: readonly Coin[],
  owners: Ownership,
  curve: Curve,
  groupsOf: Groups = groups(curve),
): Work<Spending> {
  const sighashes = psbt.inputs.map((rows, i) => sighashOf(rows, isTaproot(coins[i]!.script), at(i)));
  const found = yield* scaled(findOwners(psbt, coins, owners), 0, DERIVING);
  const digests = digestsOf(commonOf(psbt.tx, coins));
  const schemes = new Map<Template, Scheme>();
  const inputs: (OwnInput | undefined)[] = [];
  for (let i = 0; i < coins.length; i++) {
    const rows = psbt.inputs[i]!;
    const owner = found[i];
    if (owner) {
      const scheme = schemes.get(owner.template) ?? schemeOf(owner.template.wallet);
      schemes.set(owner.template, scheme);
      const digestOf = remembered(digests(i, owner));
      const timing = timingOf(psbt.tx, i);
      const asked = { rows, coin: coins[i]!, sighash: sighashes[i]!, digestOf, timing, where: at(i) };
      inputs.push(ownInput(asked, owner, scheme, groupsOf, curve));
    } else {
      checkForeign(rows, coins[i]!, owners, at(i));
      inputs.push(undefined);
    }
    yield DERIVING + ((1 - DERIVING) * (i + 1)) / coins.length;
  }
  return { templates: [...schemes.keys()], inputs };
}

interface Asked {
  readonly rows: Rows;
  readonly coin: Coin;
  readonly sighash: 0 | 1;
  readonly digestOf: DigestOf;
  readonly timing: Timing;
  readonly where: string;
}

function ownInput(
  asked: Asked,
  { template, derived }: Found,
  scheme: Scheme,
  groupsOf: Groups,
  curve: Curve,
): OwnInput {
  const { rows, sighash, timing, digestOf, where } = asked;
  const { wallet } = template;
  checkInput(asked, template, derived);
  const signed = signaturesIn({ rows, wallet, derived, digestOf, curve, where });
  const { ways, spots, musig } = openingOf(asked, scheme, derived);
  const missing = spots
    .filter((spot) => !signed.some((there) => sameSpot(there, spot)))
    .map((spot) => ({ spot, digest: digestOf(sighash, leafHashOf(spot, derived)) }));
  const part = (leafHash?: Uint8Array) => digestOf(sighash, leafHash);
  const together = standingsOf({ rows, wallet, derived, digestOf: part, where }, curve, groupsOf);
  const found = { signed, ways, spots, missing, musig, together, secrets: secretsIn(rows, where) };
  return { template, derived, sighash, timing, digestOf, ...found };
}

/** The hash of the leaf that a spot is in. */
export function leafHashOf({ leaf }: Spot, { taproot }: Derived): Uint8Array | undefined {
  return leaf === undefined ? undefined : taproot!.leaves[leaf]!.hash;
}

/** Where the PSBT carries leaves only these are signed: whoever finishes it has no others. */
function openingOf({ rows, timing, where }: Asked, scheme: Scheme, derived: Derived) {
  const all = scheme.openAt(timing);
  const offered = leavesOffered(rows, derived);
  const isOffered = ({ leaf }: { readonly leaf?: number }) => leaf === undefined || offered(leaf);
  const opening = {
    ways: all.ways.filter(isOffered),
    spots: all.spots.filter(isOffered),
    musig: all.musig.filter(isOffered),
  };
  const { wallet } = scheme;
  if (opening.spots.length + opening.musig.length > 0) return opening;
  if (all.spots.length + all.musig.length > 0)
    refuse("bitcoin.no-way-open", `${where} offers no leaf that is open and holds your key`);
  if (wallet.uses.some((_, use) => isOurs(wallet, use))) refuseClosed(scheme, timing, where);
  return opening;
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

function checkInput({ rows, coin, where }: Asked, { wallet }: Template, derived: Derived): void {
  if (!coin.fromPrevious && (wallet.form === "p2pkh" || wallet.form === "p2sh"))
    refuse("bitcoin.legacy-needs-previous", where);
  if (rowOf(rows, INPUT.finalScript) || rowOf(rows, INPUT.finalWitness))
    refuse("bitcoin.already-final", where);
  checkClaims(rows, derived, INPUT_CLAIMS, where);
}

/** What all inputs of a kind share is hashed when the first of the kind is met. */
function digestsOf(common: Common): (index: number, owner: Found) => DigestOf {
  const taproot: [TaprootDigester?, TaprootDigester?] = [];
  let legacy: Digester | undefined;
  let segwit: Digester | undefined;
  return (index, { template, derived }) => {
    const { form } = template.wallet;
    if (form === "p2tr")
      return (sighash, leafHash) => {
        taproot[sighash] ??= taprootDigester(common, sighash);
        return taproot[sighash](index, leafHash);
      };
    if (form === "p2pkh" || form === "p2sh") {
      legacy ??= legacyDigester(common);
      return () => legacy!(index, derived.redeemScript ?? derived.scriptPubKey);
    }
    segwit ??= segwitDigester(common);
    return () => segwit!(index, scriptCodeOf(derived));
  };
}

/** Each digest of an input is made once, however many signatures are over it. */
function remembered(digestOf: DigestOf): DigestOf {
  const made = new Map<string, Uint8Array>();
  return (sighash, leafHash) => {
    const name = `${sighash}${leafHash ? toHex(leafHash) : ""}`;
    const digest = made.get(name) ?? digestOf(sighash, leafHash);
    made.set(name, digest);
    return digest;
  };
}

/** BIP 143: for a key hash the script code is that of P2PKH. */
function scriptCodeOf({ witnessScript, redeemScript, scriptPubKey }: Derived): Uint8Array {
  return witnessScript ?? p2pkh((redeemScript ?? scriptPubKey).subarray(2));
}
