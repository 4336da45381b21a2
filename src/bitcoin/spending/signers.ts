// The signatures that an input of ours carries already: each verified, each put where it belongs.

import { equal } from "../../bytes.ts";
import type { Curve } from "../../model.ts";
import { refuse } from "../../refusal.ts";
import { INPUT } from "../psbt/fields.ts";
import type { Row, Rows } from "../psbt/rows.ts";
import { fromDer } from "../signatures.ts";
import type { Derived, Wallet } from "../wallet.ts";
import { type Spot, usesIn } from "./spots.ts";

/** The digest for the key path or the one script, or for the leaf with this hash. */
export type DigestOf = (sighash: 0 | 1, leafHash?: Uint8Array) => Uint8Array;

export interface Carrier {
  readonly rows: Rows;
  readonly wallet: Wallet;
  readonly derived: Derived;
  readonly digestOf: DigestOf;
  readonly curve: Curve;
  /** "input 2" */
  readonly where: string;
}

/** Where a valid signature is; any other signature is refused. */
export function signaturesIn(carrier: Carrier): Spot[] {
  return carrier.rows.flatMap((row): readonly Spot[] => {
    switch (row.type) {
      case INPUT.tapKeySignature:
        return keyPathSpot(carrier, row);
      case INPUT.tapScriptSignature:
        return leafSpots(carrier, row);
      case INPUT.partialSignature:
        return partialSpot(carrier, row);
      default:
        return [];
    }
  });
}

function wrong({ where }: Carrier, what: string): never {
  return refuse("bitcoin.signature-invalid", `${where}: ${what}`);
}

function keyPathSpot(carrier: Carrier, { value }: Row): Spot[] {
  const { body } = carrier.wallet;
  const { taproot } = carrier.derived;
  if (!taproot || body.kind !== "taproot")
    return wrong(carrier, "a taproot signature for another kind of script");
  verifySchnorr(carrier, taproot.outputKey, value);
  return [{ use: body.internal }];
}

/** BIP 371: its key names the key that signed, and the leaf. */
function leafSpots(carrier: Carrier, { key, value }: Row): Spot[] {
  const [xonly, hash] = [key.subarray(0, 32), key.subarray(32)];
  const leaves = carrier.derived.taproot?.leaves ?? [];
  const spots = leaves.flatMap((leaf, place) =>
    equal(leaf.hash, hash) ? usesIn(leaf.node).map((use) => ({ use, leaf: place })) : [],
  );
  if (spots.length === 0) wrong(carrier, "it is for a leaf that is not in this wallet");
  const its = spots.filter(({ use }) => equal(carrier.derived.publicKeys[use]!.subarray(1), xonly));
  if (its.length === 0) wrong(carrier, "it is by a key that is not in this leaf");
  verifySchnorr(carrier, xonly, value, hash);
  return its;
}

function verifySchnorr(carrier: Carrier, xonly: Uint8Array, value: Uint8Array, leafHash?: Uint8Array): void {
  const digest = carrier.digestOf(value.length === 65 ? 1 : 0, leafHash);
  if (!carrier.curve.verifySchnorr(digest, xonly, value.subarray(0, 64)))
    wrong(carrier, "it does not verify");
}

function partialSpot(carrier: Carrier, { key, value }: Row): Spot[] {
  const { derived, curve } = carrier;
  const use = derived.taproot ? -1 : derived.publicKeys.findIndex((own) => equal(own, key));
  if (use < 0) wrong(carrier, "it is by a key that is not in this wallet");
  const signature =
    fromDer(value.subarray(0, -1)) ?? wrong(carrier, "it is not in strict form (BIP 66, low s)");
  if (!curve.verifyEcdsa(carrier.digestOf(1), key, signature)) wrong(carrier, "it does not verify");
  return [{ use }];
}
