// A PSBT that asks a wallet of ours for the signature of a message (BIP 322), so that there is one road for all of them:
// what Firn itself asks for is read, checked and shown as what others ask for.

import { concat, fromHex, u32le, u64le } from "../../bytes.ts";
import type { Fingerprint, Path } from "../../model.ts";
import { utf8 } from "../../text.ts";
import { encodeCompactSize } from "../cursor.ts";
import { GLOBAL, INPUT } from "../psbt/fields.ts";
import { encodeMaps, makeRow, type Row } from "../psbt/rows.ts";
import { usesIn } from "../spending/spots.ts";
import { encodeUnsigned } from "../transaction.ts";
import { pathOf } from "../use-path.ts";
import type { Derived, Taproot, Wallet } from "../wallet.ts";
import { toSign, toSpend } from "./virtual.ts";

const NO_KEY = new Uint8Array(0);

/** BIP 174 and 371: all that cosigners need to sign, and to know whose it is. */
export function messagePsbt(message: string, wallet: Wallet, derived: Derived): Uint8Array {
  const { scriptPubKey } = derived;
  const global = [
    makeRow(GLOBAL.unsignedTx, NO_KEY, encodeUnsigned(toSign(message, scriptPubKey))),
    makeRow(GLOBAL.signedMessage, NO_KEY, utf8(message)),
  ];
  const output = concat(u64le(0n), encodeCompactSize(scriptPubKey.length), scriptPubKey);
  const input = [
    makeRow(INPUT.previousTx, NO_KEY, toSpend(message, scriptPubKey)),
    ...(wallet.form === "p2pkh" || wallet.form === "p2sh"
      ? []
      : [makeRow(INPUT.witnessUtxo, NO_KEY, output)]),
    ...optional(INPUT.redeemScript, derived.redeemScript),
    ...optional(INPUT.witnessScript, derived.witnessScript),
    ...(derived.taproot ? taprootRows(wallet, derived, derived.taproot) : derivationRows(wallet, derived)),
  ];
  return encodeMaps([global, input, []]);
}

function optional(type: number, value: Uint8Array | undefined): Row[] {
  return value ? [makeRow(type, NO_KEY, value)] : [];
}

function derivationRows(wallet: Wallet, derived: Derived): Row[] {
  return originsOf(wallet, derived).map(({ place, origin }) =>
    makeRow(INPUT.derivation, derived.publicKeys[place]!, origin),
  );
}

function taprootRows(wallet: Wallet, derived: Derived, taproot: Taproot): Row[] {
  const { internalKey, merkleRoot, leaves } = taproot;
  const hashesOf = (place: number) =>
    leaves.flatMap(({ node, hash }) => (usesIn(node).includes(place) ? [hash] : []));
  const derivations = originsOf(wallet, derived).map(({ place, origin }) => {
    const hashes = hashesOf(place);
    const value = concat(encodeCompactSize(hashes.length), ...hashes, origin);
    return makeRow(INPUT.tapDerivation, derived.publicKeys[place]!.subarray(1), value);
  });
  return [
    ...leaves.map(({ control, script }) =>
      makeRow(INPUT.tapLeaf, control, concat(script, Uint8Array.of(0xc0))),
    ),
    ...derivations,
    makeRow(INPUT.tapInternalKey, NO_KEY, internalKey),
    ...optional(INPUT.tapMerkleRoot, merkleRoot),
  ];
}

interface Origin {
  /** Place in wallet.uses. */
  readonly place: number;
  readonly origin: Uint8Array;
}

/** An aggregate (BIP 328) is nobody's child. */
const NOBODY = "00000000";

/** Of every key that is used; of keys together their aggregate's, which says where in the wallet this is. */
function originsOf(wallet: Wallet, derived: Derived): Origin[] {
  return wallet.uses.flatMap((use, place) => {
    if (use.kind === "fixed" || (use.kind === "child" && wallet.keys[use.key]!.nobodys)) return [];
    const { fingerprint, path } =
      use.kind === "child" ? wallet.keys[use.key]! : { fingerprint: NOBODY, path: [] };
    return [{ place, origin: originOf(fingerprint, [...path, ...pathOf(use.steps, wallet, derived)]) }];
  });
}

function originOf(fingerprint: Fingerprint, path: Path): Uint8Array {
  return concat(fromHex(fingerprint) ?? new Uint8Array(4), ...path.map(u32le));
}
