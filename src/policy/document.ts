// A policy as text: strict JSON in, canonical JSON out. Quantities are decimal strings, in the unit that docs/policy.md gives.

import { LIMITS, MAX_MONEY_SATS } from "../limits.ts";
import type { Policy } from "../model.ts";
import { refuse } from "../refusal.ts";
import { shown } from "../text.ts";

const KEYS = [
  "version",
  "mostPerTransactionSats",
  "mostPerDaySats",
  "mostFeeSats",
  "mostFeeRate",
  "mostFeePercent",
  "destinations",
  "unprovenFees",
] as const;
type Key = (typeof KEYS)[number];

const MOST_RATE = 1_000_000;
const DESTINATION_CHARS = 128;

/** Throws Refusal policy.malformed, naming the key, for anything but a whole and sensible policy. */
export function parsePolicy(text: string): Policy {
  const fields = read(text);
  return checkPolicy({
    version: fields.version === 1 ? 1 : malformed("version", "must be 1"),
    mostPerTransactionSats: amount(fields, "mostPerTransactionSats"),
    mostPerDaySats: amount(fields, "mostPerDaySats"),
    mostFeeSats: amount(fields, "mostFeeSats"),
    mostFeeRate: decimal(fields, "mostFeeRate"),
    mostFeePercent: decimal(fields, "mostFeePercent"),
    destinations: destinations(fields.destinations),
    unprovenFees: unprovenFees(fields.unprovenFees),
  });
}

/** One line, keys in the documented order: the same policy, the same text. Only what parsePolicy takes again. */
export function writePolicy(policy: Policy): string {
  checkPolicy(policy);
  return JSON.stringify({
    version: policy.version,
    mostPerTransactionSats: policy.mostPerTransactionSats.toString(),
    mostPerDaySats: policy.mostPerDaySats.toString(),
    mostFeeSats: policy.mostFeeSats.toString(),
    mostFeeRate: String(policy.mostFeeRate),
    mostFeePercent: String(policy.mostFeePercent),
    destinations: policy.destinations,
    unprovenFees: policy.unprovenFees,
  });
}

/** The same policy, or Refusal policy.malformed where its rules contradict each other or can never pass. */
export function checkPolicy(policy: Policy): Policy {
  for (const key of ["mostPerTransactionSats", "mostPerDaySats", "mostFeeSats"] as const) {
    if (policy[key] <= 0n) malformed(key, "nothing could ever pass");
    if (policy[key] > MAX_MONEY_SATS) malformed(key, "is more than all bitcoin there can be");
  }
  for (const key of ["mostFeeRate", "mostFeePercent"] as const) {
    // Three places at most, or the text would not say exactly what is judged.
    if (!/^\d{1,7}(\.\d{1,3})?$/.test(String(policy[key]))) malformed(key, "must have at most three places");
    if (policy[key] <= 0) malformed(key, "nothing could ever pass");
    if (policy[key] > MOST_RATE) malformed(key, `is more than ${MOST_RATE}`);
  }
  if (policy.mostPerTransactionSats > policy.mostPerDaySats)
    malformed("mostPerTransactionSats", "is more than a whole day may take");
  return policy;
}

function read(text: string): Record<Key, unknown> {
  if (text.length > LIMITS.policyTextChars) refuse("policy.malformed", "the text is too long");
  // No value needs an escape, and without escapes every quoted text before a colon is a key.
  if (text.includes("\\")) refuse("policy.malformed", "backslashes have no place in it");
  const value = json(text);
  if (typeof value !== "object" || value === null || Array.isArray(value))
    refuse("policy.malformed", "it is not a JSON object");
  const seen = new Set<string>();
  for (const [, key] of text.matchAll(/"([^"]*)"\s*:/g)) {
    if (!KEYS.some((known) => known === key)) malformed(shown(key!), "is not a known key");
    if (seen.has(key!)) malformed(key!, "stands there twice");
    seen.add(key!);
  }
  for (const key of KEYS) if (!Object.hasOwn(value, key)) malformed(key, "is missing");
  return value as Record<Key, unknown>;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return refuse("policy.malformed", "it is not JSON");
  }
}

function amount(fields: Record<Key, unknown>, key: Key): bigint {
  const value = fields[key];
  if (typeof value !== "string" || !/^(0|[1-9]\d{0,15})$/.test(value))
    return malformed(key, 'must be whole sats as digits in quotes, like "150000"');
  return BigInt(value);
}

function decimal(fields: Record<Key, unknown>, key: Key): number {
  const value = fields[key];
  if (typeof value !== "string" || !/^(0|[1-9]\d{0,6})(\.\d{0,2}[1-9])?$/.test(value))
    return malformed(key, 'must be a decimal in quotes with at most three places, like "12.5"');
  return Number(value);
}

function destinations(value: unknown): Policy["destinations"] {
  if (value === "any") return "any";
  if (!Array.isArray(value)) return malformed("destinations", 'must be "any" or a list of addresses');
  if (value.length === 0) malformed("destinations", "an empty list lets nothing pass");
  if (value.length > LIMITS.policyDestinations) malformed("destinations", "the list is too long");
  const list = value.map(destination);
  if (new Set(list).size !== list.length) malformed("destinations", "an address stands there twice");
  return list;
}

function destination(value: unknown): string {
  if (typeof value !== "string" || value.length > DESTINATION_CHARS || !/^[0-9A-Za-z]+$/.test(value))
    return malformed("destinations", "each must be an address, or a script in hex");
  // BIP 173: upper case is the same address, as QR codes prefer it; Firn writes lower case.
  return /^(BC|TB|BCRT)1[0-9A-Z]+$/.test(value) ? value.toLowerCase() : value;
}

function unprovenFees(value: unknown): Policy["unprovenFees"] {
  if (value === "refuse" || value === "allow") return value;
  return malformed("unprovenFees", 'must be "refuse" or "allow"');
}

function malformed(key: string, what: string): never {
  return refuse("policy.malformed", `${key}: ${what}`);
}
