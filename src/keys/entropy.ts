// Where new keys come from: the kernel's generator, and whatever else can only add to it.

import { hkdf } from "@noble/hashes/hkdf.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { concat, u32be, wipe } from "../bytes.ts";
import { refuse } from "../refusal.ts";
import { utf8 } from "../text.ts";
import { CLAIMS, healthOf } from "./chance/health.ts";

export interface Source {
  /** "random", "typed", "dice" …: stands in the transcript. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * `lengthBytes` of key material: HKDF-SHA512 (RFC 5869), salt "firn entropy 1", info "words", over every source's
 * name and bytes, each behind its length (32 bits, big-endian). The first is the Random port's, at least 32 bytes
 * and as long as what is asked for: without knowing it nobody can tell or steer the outcome, whatever the
 * others hold. Throws Refusal keys.entropy-dead. The caller wipes the sources and the result.
 */
export function mixEntropy(sources: readonly Source[], lengthBytes: number): Uint8Array {
  const random = sources[0];
  if (random?.name !== "random" || random.bytes.length < Math.max(32, lengthBytes))
    throw new Error("the first source is the random port's");
  refuseDead(random);
  const all = concat(
    ...sources.flatMap(({ name, bytes }) => {
      const label = utf8(name);
      return [u32be(label.length), label, u32be(bytes.length), bytes];
    }),
  );
  try {
    return hkdf(sha512, all, utf8("firn entropy 1"), utf8("words"), lengthBytes);
  } finally {
    wipe(all);
  }
}

/** The random port's bytes, by the health tests of NIST SP 800-90B 4.4. Throws Refusal keys.entropy-dead. */
export function refuseDead({ name, bytes }: Source): void {
  const health = healthOf(bytes, CLAIMS.kernel);
  if (health === "repetition" || health === "proportion")
    refuse("keys.entropy-dead", `source ${name}: ${health}`);
}
