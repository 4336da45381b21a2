// A signed message, verified: which form its signature has, whether it holds, and what it says beside.

import type { VerifiedMessage } from "../../message.ts";
import type { Curve, Network } from "../../model.ts";
import type { Work } from "../../request.ts";
import { scriptOf } from "../address.ts";
import { isTaproot, isWitness, shapedAs } from "../script.ts";
import { fromBase64, readRecoverable } from "./legacy.ts";
import { verifyBip322 } from "./verify-322.ts";
import { legacyReading } from "./verify-legacy.ts";

export interface ToVerify {
  readonly message: string;
  readonly signature: string;
  readonly address: string;
}

/** Yields its share done. Throws Refusal bitcoin.address, bitcoin.address-network. */
export function* verifySigned(
  { message, signature, address }: ToVerify,
  network: Network,
  curve: Curve,
): Work<VerifiedMessage> {
  const script = scriptOf(address, network);
  const bytes = fromBase64(signature);
  const about = { message, address, lockTime: 0, sequence: 0, coins: [] };
  if (bytes && readRecoverable(bytes)) return { ...about, ...recoverable(message, bytes, script, curve) };
  const { form, ...found } = yield* verifyBip322(message, signature.replace(/\s/g, ""), script, curve);
  return { ...about, ...found, form: FORMS[form] };
}

const FORMS = {
  simple: "BIP 322, simple (smp)",
  full: "BIP 322, full (ful)",
  coins: "BIP 322, with coins (pof)",
} as const;

function recoverable(
  message: string,
  signature: Uint8Array,
  script: Uint8Array,
  curve: Curve,
): Pick<VerifiedMessage, "outcome" | "form" | "why"> {
  const read = legacyReading(message, signature, script, curve);
  if (read?.reading === "strict") return { outcome: "valid", form: "BIP 137", why: "" };
  if (read) return { outcome: "valid", form: "as Electrum writes it, read tolerantly", why: "" };
  // Which key signed is known, and that it makes no such address alone: of scripts of several it says nothing.
  const single = shapedAs("p2pkh", script) || (isWitness(script) && script.length === 22);
  const isAny = isTaproot(script) || !single;
  return isAny && !shapedAs("p2sh", script)
    ? { outcome: "unsure", form: "BIP 137", why: "this form says nothing of this kind of address" }
    : { outcome: "invalid", form: "BIP 137", why: "it is another message's, or another address's" };
}
