// The texts in which devices and programs give the keys of cosigners, known by their look. What they say is read in the
// room of Bitcoin.

import { LIMITS } from "../limits.ts";
import { refuse } from "../refusal.ts";
import type { Content } from "./parts.ts";

/** `[fingerprint/path]xpub`, or the bare key, in whatever dress of SLIP-132. */
const KEY = /^(?:\[[^\]\n]{0,120}\])?[a-zA-Z]pub[1-9A-HJ-NP-Za-km-z]{100,110}(?:\/|\s|$)/;
/** BIP 129: version, token, key. A wallet's record has its descriptor in the second line. */
const BSMS_KEY = /^BSMS 1\.0\r?\n[0-9a-fA-F]*\r?\n\[/;
/** What programs name the fingerprint of a master key, at the top of their files. */
const FINGERPRINTS = ["xfp", "MasterFingerprint"] as const;

/** Undefined where it is no such text. Throws Refusal transport.too-large. */
export function keyText(text: string): Content | undefined {
  if (!KEY.test(text) && !BSMS_KEY.test(text) && !isKeyFile(text)) return undefined;
  return text.length > LIMITS.keyTextChars
    ? refuse("transport.too-large", "a cosigner's keys")
    : { kind: "key", text };
}

/** Coldcard's, Passport's, BlueWallet's and Cobo's JSON: an object with a master's fingerprint, and no wallet. */
function isKeyFile(text: string): boolean {
  if (!text.startsWith("{") || !/"(?:xfp|MasterFingerprint)"/.test(text)) return false;
  if (text.length > LIMITS.keyTextChars) return refuse("transport.too-large", "a cosigner's keys");
  try {
    const parsed: unknown = JSON.parse(text);
    return FINGERPRINTS.some((name) => typeof (parsed as Record<string, unknown>)[name] === "string");
  } catch {
    return false;
  }
}
