// Recoverable signatures read by whoever has an address, or a key, to compare with.

import { equal } from "../../bytes.ts";
import type { Curve, Network } from "../../model.ts";
import { addressOf } from "../address.ts";
import { hash160, p2pkh, p2sh, witness } from "../script.ts";
import { fromBase64, type LegacyForm, readRecoverable, recoverKey } from "./legacy.ts";

/** strict: the first byte names the address's form. tolerant: it names another, as Electrum writes and reads it. */
export type LegacyReading = "strict" | "tolerant";

/** What the signature says of a script: how it is read, and which key signed; undefined where it is no proof of it. */
export function legacyReading(
  message: string | Uint8Array,
  signature: Uint8Array,
  script: Uint8Array,
  curve: Curve,
):
  | { readonly reading: LegacyReading; readonly publicKey: Uint8Array; readonly form: LegacyForm }
  | undefined {
  const read = readRecoverable(signature);
  const publicKey = read && recoverKey(message, read, curve);
  if (read === undefined || publicKey === undefined) return undefined;
  const form = formsOf(publicKey, curve).find((one) => equal(one.script, script))?.form;
  return form && { reading: form === read.form ? "strict" : "tolerant", publicKey, form };
}

/** Every script that a recoverable signature can speak for. */
function formsOf(
  publicKey: Uint8Array,
  curve: Curve,
): readonly { readonly form: LegacyForm; readonly script: Uint8Array }[] {
  const hash = hash160(publicKey);
  return [
    { form: "p2pkh", script: p2pkh(hash) },
    { form: "p2wpkh", script: witness(0, hash) },
    { form: "p2sh-p2wpkh", script: p2sh(hash160(witness(0, hash))) },
    { form: "p2pkh-uncompressed", script: p2pkh(hash160(curve.decompress(publicKey))) },
  ];
}

/** Of our own: by this key, and for this address where there is one. */
export function verifyMessage(
  message: string,
  signature: string,
  by: { readonly publicKey: Uint8Array; readonly address: string | undefined; readonly network: Network },
  curve: Curve,
): boolean {
  const bytes = fromBase64(signature) ?? new Uint8Array(0);
  const read = readRecoverable(bytes);
  const key = read && recoverKey(message, read, curve);
  if (key === undefined || !equal(key, by.publicKey)) return false;
  return (
    by.address === undefined ||
    formsOf(key, curve).some(({ script }) => addressOf(script, by.network) === by.address)
  );
}
