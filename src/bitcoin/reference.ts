// What this build knows of mainnet's work. Renewed with each release; an older one only makes proofs cheaper to forge.

/**
 * Block 969,627, as public explorers show it. It was mined on 2026-10-02 at 19:37:33 UTC by its own time, at a
 * difficulty of 132,757,073,449,487. That is its whole proof: its hash ends in so much work; only its height is hearsay,
 * and nothing counts on it.
 */
export const REFERENCE_HEADER =
  "0000002490e70f57a93955780d0b50b88e540fe7fcd8b6d3554e00000000000000000000" +
  "2ff417df88d9c3faffba479026050cd1896037d70014bdcb9f8f5edd22f70e37fd07c06ac51e0217c2d63618";

/** Its target in the compact form of a header (nBits). */
export const REFERENCE_BITS = 0x17021ec5;
