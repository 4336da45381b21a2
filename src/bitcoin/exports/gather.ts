// Whether a key that came may join those that are there.

import { equal } from "../../bytes.ts";
import type { Fingerprint } from "../../model.ts";
import { refuse } from "../../refusal.ts";
import type { WalletKey } from "../wallet.ts";
import type { SharedForm } from "./assemble.ts";
import type { Purpose } from "./purposes.ts";

/**
 * P2SH: the script is one push of at most 520 bytes (BIP 16). OP_CHECKMULTISIG has 20 keys at most; so has every wallet
 * here, and of a taproot wallet's one is nobody's.
 */
const MOST_KEYS: Readonly<Record<SharedForm, number>> = { p2sh: 15, "p2sh-p2wsh": 20, p2wsh: 20, p2tr: 19 };

/** Refusals cosigner.full, cosigner.twice, cosigner.claims-ours, cosigner.same-device. */
export function checkJoining(
  key: WalletKey,
  gathered: readonly WalletKey[],
  own: Fingerprint,
  form: SharedForm = "p2wsh",
): void {
  if (gathered.length >= MOST_KEYS[form]) refuse("cosigner.full", `${gathered.length} keys`);
  const same = (other: WalletKey) =>
    equal(other.publicKey, key.publicKey) && equal(other.chainCode, key.chainCode);
  if (gathered.some(same)) refuse("cosigner.twice", key.fingerprint);
  if (key.fingerprint === own && !key.ours) refuse("cosigner.claims-ours", key.fingerprint);
  if (gathered.some(({ fingerprint }) => fingerprint === key.fingerprint))
    refuse("cosigner.same-device", key.fingerprint);
}

/** The place that is usual for a script. Taproot has none in BIP 48. */
export function purposeOf(form: SharedForm): Purpose {
  return form === "p2tr" ? "any" : form;
}

/** BIP 87's keys may stand in every script. */
export function purposeFits(purpose: Purpose | undefined, form: SharedForm): boolean {
  return purpose === "any" || purpose === purposeOf(form);
}
