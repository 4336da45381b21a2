// The TPM's key derivations, with SHA-256 (TPM 2.0 Library, Part 1, 11.4.10).

import { createHash, createHmac } from "node:crypto";
import { concat, wipe } from "../../../src/bytes.ts";
import { u32 } from "./codec.ts";

/** KDFa: HMAC in counter mode (NIST SP 800-108). The caller wipes it. */
export function kdfa(
  key: Uint8Array,
  label: string,
  contextU: Uint8Array,
  contextV: Uint8Array,
  bits: number,
): Uint8Array {
  return inBlocks(bits, (counter) =>
    createHmac("sha256", key)
      .update(u32(counter))
      .update(`${label}\0`)
      .update(contextU)
      .update(contextV)
      .update(u32(bits))
      .digest(),
  );
}

/** KDFe: from an ECDH secret Z and the x coordinates of both parties (NIST SP 800-56A). The caller wipes it. */
export function kdfe(
  z: Uint8Array,
  label: string,
  partyU: Uint8Array,
  partyV: Uint8Array,
  bits: number,
): Uint8Array {
  return inBlocks(bits, (counter) =>
    createHash("sha256")
      .update(u32(counter))
      .update(z)
      .update(`${label}\0`)
      .update(partyU)
      .update(partyV)
      .digest(),
  );
}

function inBlocks(bits: number, block: (counter: number) => Uint8Array): Uint8Array {
  const blocks = Array.from({ length: Math.ceil(bits / 256) }, (_, index) => block(index + 1));
  const whole = concat(...blocks);
  const out = whole.slice(0, Math.ceil(bits / 8));
  // Of a number of bits that is no multiple of 8, the first byte holds the fewer.
  if (bits % 8 !== 0) out[0]! &= (1 << (bits % 8)) - 1;
  wipe(whole, ...blocks);
  return out;
}
