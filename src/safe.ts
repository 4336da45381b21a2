// A Safe (Gnosis Safe) as its owners agreed on it: an account of Ethereum that several keys sign for.

import { sha256 } from "@noble/hashes/sha2.js";
import { toHex } from "./bytes.ts";
import type { Address } from "./eip55.ts";
import { utf8 } from "./text.ts";

/** Versions whose hash of a transaction is known; before 1.3.0 the domain names no chain. */
export const SAFE_VERSIONS = ["1.0.0", "1.1.1", "1.2.0", "1.3.0", "1.4.1", "1.5.0"] as const;
export type SafeVersion = (typeof SAFE_VERSIONS)[number];

/** What the owners of a Safe agree on. */
export interface SafeFacts {
  readonly chainId: bigint;
  readonly address: Address;
  /** Each once. */
  readonly owners: readonly Address[];
  readonly threshold: number;
  readonly version: SafeVersion;
}

export interface Safe extends SafeFacts {
  readonly name: string;
  /** First 8 hex digits of SHA-256 over all of it but the name (docs/safe.md): for comparing by voice, and for policies. */
  readonly fingerprint: string;
}

/** A Safe's owners in the order of their numbers, whatever order they came in. */
export function safeOf(name: string, facts: SafeFacts): Safe {
  const { chainId, address, threshold, version } = facts;
  const owners = [...facts.owners].sort(byNumber);
  const sorted = { chainId, address, owners, threshold, version };
  return { name, ...sorted, fingerprint: toHex(sha256(utf8(safeText(sorted)))).slice(0, 8) };
}

/** The text that all owners have alike, and whose digest is the fingerprint. */
export function safeText(facts: SafeFacts): string {
  const owners = [...facts.owners].sort(byNumber).map((owner) => `owner ${owner}`);
  const { chainId, address, threshold, version } = facts;
  const lines = [`chain ${chainId}`, `address ${address}`, `version ${version}`, `threshold ${threshold}`];
  return `${["Firn safe 1", ...lines, ...owners].join("\n")}\n`;
}

function byNumber(a: Address, b: Address): number {
  return a.toLowerCase() < b.toLowerCase() ? -1 : 1;
}
