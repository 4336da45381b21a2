// What a line of the journal says. One table gives the types, the text and the strict reading of it.

import { sha256 } from "@noble/hashes/sha2.js";
import { toHex } from "../bytes.ts";
import type { Spend } from "../model.ts";
import { refuse } from "../refusal.ts";
import { utf8 } from "../text.ts";

/** count: whole number ≥ 0. sats: bigint ≥ 0, a decimal string in the text. */
type Form = "text" | "texts" | "count" | "sats";

/** Every kind, and what it says beside `kind` and `at`. Nothing secret, ever. */
const KINDS = {
  /** A home was made. fingerprint: of the master key. */
  setup: { network: "text", fingerprint: "text" },
  /** failedTries: without the right PIN, since the last unlock. */
  unlocked: { failedTries: "count" },
  /** The home was written; serial counts these, so that home and journal are known to belong together. */
  kept: { serial: "count" },
  locked: { why: "text" },
  /** Not signed; reasons are dotted names, txid is empty where nothing was understood. */
  refused: { txid: "text", reasons: "texts" },
  /** Written and synced before the signature is made. amounts: Spend's; destinations: digest, see spendLine. */
  spend: {
    txid: "text",
    outpoints: "texts",
    amounts: "text",
    leavesSats: "sats",
    feeSats: "sats",
    destinations: "text",
  },
  /** The signatures left. */
  signed: { txid: "text" },
  /** They did not; what was recorded still counts. */
  failed: { txid: "text", reason: "text" },
  "wallet-registered": { name: "text", fingerprint: "text" },
  "wallet-removed": { name: "text", fingerprint: "text" },
  "policy-set": { fingerprint: "text" },
  /** fingerprint: of the master key. origin: born, entered, child. */
  "key-added": { name: "text", fingerprint: "text", origin: "text" },
  "key-removed": { name: "text", fingerprint: "text" },
  "key-named": { name: "text", fingerprint: "text" },
  /** Another key of this device answers from here on; "session" where it lives for this session alone. */
  "key-chosen": { fingerprint: "text", lives: "text" },
  "backup-made": { fingerprint: "text", form: "text" },
  "backup-rehearsed": { fingerprint: "text", form: "text", share: "text" },
  /** What of a key left the device as such: words, child, share … */
  "secret-shown": { fingerprint: "text", what: "text" },
  /** pin, duress-pin, wipe-pin, settings, seal: what opens this home was changed. stick-on, stick-off: what it lets in. */
  "lock-changed": { what: "text" },
  "factor-added": { name: "text" },
  "factor-removed": { name: "text" },
} as const satisfies Record<string, Record<string, Form>>;

type Kinds = typeof KINDS;
interface Values {
  text: string;
  texts: readonly string[];
  count: number;
  sats: bigint;
}
type Says<K extends keyof Kinds> = {
  readonly [F in keyof Kinds[K]]: Kinds[K][F] extends Form ? Values[Kinds[K][F]] : never;
};

/** What is to be written; the journal adds the time. */
export type Draft = { [K in keyof Kinds]: { readonly kind: K } & Says<K> }[keyof Kinds];
/** at: Unix time, ms, as the machine's clock said when the line was written. */
export type Entry = Draft & { readonly at: number };

/** The line that records a spend. Destinations count by digest: SHA-256 of "to sats\n" for each, in order. */
export function spendLine(spend: Spend): Draft {
  const { txid, outpoints, amounts, leavesSats, feeSats } = spend;
  const list = spend.destinations.map(({ to, amountSats }) => `${to} ${amountSats}\n`).join("");
  const destinations = toHex(sha256(utf8(list)));
  return { kind: "spend", txid, outpoints, amounts, leavesSats, feeSats, destinations };
}

/** Canonical JSON: kind, at, then the fields in the table's order; others that the value has are left out. */
export function encodeEntry(entry: Entry): string {
  const out: Record<string, unknown> = { kind: entry.kind, at: entry.at };
  const value = entry as unknown as Record<string, unknown>;
  for (const [field, form] of Object.entries(KINDS[entry.kind])) {
    if (!FORMS[form](value[field])) throw new Error(`journal entry ${entry.kind} without ${field}`);
    out[field] = form === "sats" ? String(value[field]) : value[field];
  }
  return JSON.stringify(out);
}

/** Of an authenticated line, so what is not understood was written by a newer version: Refusal journal.newer. */
export function decodeEntry(text: string, line: number): Entry {
  const value = record(text);
  const kind = typeof value.kind === "string" && Object.hasOwn(KINDS, value.kind) ? value.kind : undefined;
  if (kind === undefined || !isCount(value.at)) return newer(line);
  const forms: Record<string, Form> = KINDS[kind as keyof Kinds];
  if (Object.keys(value).length !== Object.keys(forms).length + 2) return newer(line);
  const out: Record<string, unknown> = { kind, at: value.at };
  for (const [field, form] of Object.entries(forms)) {
    out[field] = form === "sats" ? toSats(value[field]) : value[field];
    if (!FORMS[form](out[field])) return newer(line);
  }
  return out as unknown as Entry;
}

const FORMS: Record<Form, (value: unknown) => boolean> = {
  text: (value) => typeof value === "string",
  texts: (value) => Array.isArray(value) && value.every((item) => typeof item === "string"),
  count: isCount,
  sats: (value) => typeof value === "bigint" && value >= 0n,
};

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function toSats(value: unknown): bigint | undefined {
  return typeof value === "string" && /^\d{1,16}$/.test(value) ? BigInt(value) : undefined;
}

function record(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // Falls through: an authenticated line that is no JSON is of another version too.
  }
  return {};
}

function newer(line: number): never {
  return refuse("journal.newer", `line ${line}`);
}
