// A Safe (Gnosis Safe) as its owners agreed on it: an account of Ethereum that several keys sign for.

import type { Address } from "./eip55.ts";

/** Versions whose hash of a transaction is known; before 1.3.0 the domain names no chain. */
export const SAFE_VERSIONS = ["1.0.0", "1.1.1", "1.2.0", "1.3.0", "1.4.1", "1.5.0"] as const;
export type SafeVersion = (typeof SAFE_VERSIONS)[number];

export interface Safe {
  readonly name: string;
  readonly chainId: bigint;
  readonly address: Address;
  /** In the order of their numbers, each once. */
  readonly owners: readonly Address[];
  readonly threshold: number;
  readonly version: SafeVersion;
  /** First 8 hex digits of SHA-256 over all of it but the name (docs/safe.md): for comparing by voice, and for policies. */
  readonly fingerprint: string;
}
