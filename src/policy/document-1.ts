// Version 1 of a policy's text, which is only read: strict JSON with seven quantities, for every key of the device.

import { LIMITS } from "../limits.ts";
import type { Network } from "../model.ts";
import { refuse } from "../refusal.ts";
import { type Entry, type Limit, type Policy, type Rule, WINDOWS } from "../rules.ts";
import { shown } from "../text.ts";
import { checkPolicy } from "./check.ts";
import { entryProblem } from "./entries.ts";

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

const DESTINATION_CHARS = 128;

/** As today's rules. Throws Refusal policy.malformed, naming the key, for anything but a whole and sensible policy. */
export function parsePolicy1(text: string, network: Network): Policy {
  const fields = read(text);
  if (fields.version !== 1) malformed("version", "must be 1");
  const list = destinations(fields.destinations, network);
  const places = new Map<unknown, string>();
  const rule = (key: Key, limit: Limit): Rule => {
    const made: Rule = { scope: { of: "all" }, limit, otherwise: { do: "refuse" } };
    places.set(made, key);
    return made;
  };
  const btc = (key: Key) => ({ asset: "btc", units: amount(fields, key) }) as const;
  const unproven = unprovenFees(fields.unprovenFees) === "allow";
  const policy: Policy = {
    number: 1,
    network,
    loosenMs: WINDOWS.day,
    reasons: "shown",
    lists: list === "any" ? [] : [{ name: "allowed", entries: list }],
    rules: [
      rule("mostPerTransactionSats", {
        kind: "amount",
        per: "transaction",
        most: btc("mostPerTransactionSats"),
      }),
      rule("mostPerDaySats", { kind: "amount", per: "day", most: btc("mostPerDaySats") }),
      rule("destinations", { kind: "destinations", to: list === "any" ? "any" : ["allowed"] }),
      rule("mostFeeSats", { kind: "fee", most: btc("mostFeeSats") }),
      rule("mostFeeRate", { kind: "fee-rate", most: decimal(fields, "mostFeeRate") }),
      rule("mostFeePercent", { kind: "fee-percent", most: decimal(fields, "mostFeePercent") }),
      rule("unprovenFees", { kind: "unusual", what: "unproven fee", allowed: unproven }),
      ...(["unknown script", "data output", "lock time"] as const).map((what) =>
        rule("version", { kind: "unusual", what, allowed: true }),
      ),
    ],
  };
  checkPolicy(policy, places);
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

function destinations(value: unknown, network: Network): "any" | readonly Entry[] {
  if (value === "any") return "any";
  if (!Array.isArray(value)) return malformed("destinations", 'must be "any" or a list of addresses');
  if (value.length === 0) malformed("destinations", "an empty list lets nothing pass");
  if (value.length > LIMITS.policyDestinations) malformed("destinations", "the list is too long");
  const list = value.map(destination);
  if (new Set(list).size !== list.length) malformed("destinations", "an address stands there twice");
  // Version 1 took any letters and digits. What is no address of this network can never be paid: leaving it away
  // changes nothing, and homes that hold such a list still open.
  const entries = list.map((to): Entry => ({ kind: "address", to }));
  const possible = entries.filter((entry) => entryProblem(entry, network) === undefined);
  return possible.length > 0 ? possible : malformed("destinations", `no address of ${network} is among them`);
}

function destination(value: unknown): string {
  if (typeof value !== "string" || value.length > DESTINATION_CHARS || !/^[0-9A-Za-z]+$/.test(value))
    return malformed("destinations", "each must be an address, or a script in hex");
  // BIP 173: upper case is the same address, as QR codes prefer it; Firn writes lower case.
  return /^(BC|TB|BCRT)1[0-9A-Z]+$/.test(value) ? value.toLowerCase() : value;
}

function unprovenFees(value: unknown): "refuse" | "allow" {
  if (value === "refuse" || value === "allow") return value;
  return malformed("unprovenFees", 'must be "refuse" or "allow"');
}

function malformed(key: string, what: string): never {
  return refuse("policy.malformed", `${key}: ${what}`);
}
