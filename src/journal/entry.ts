// What a line of the journal says. One table gives the types, the text and the strict reading of it.

import { sha256 } from "@noble/hashes/sha2.js";
import { factsOf } from "../assets.ts";
import { toHex } from "../bytes.ts";
import type { Stamp } from "../reckoning.ts";
import { refuse } from "../refusal.ts";
import type { Amount } from "../rules.ts";
import { utf8 } from "../text.ts";

/** count: whole number ≥ 0. sats: bigint ≥ 0, a decimal string in the text. "?": may be missing. */
type Form = "text" | "texts" | "count" | "sats" | "text?" | "texts?";

/** Every kind, and what it says beside `kind` and `at`. Nothing secret, ever. */
const KINDS = {
  /** A home was made. fingerprint: of the master key. */
  setup: { network: "text", fingerprint: "text" },
  /** failedTries: without the right PIN, since the last unlock. */
  unlocked: { failedTries: "count" },
  /** The home was written; serial counts these, so that home and journal are known to belong together. */
  kept: { serial: "count" },
  locked: { why: "text" },
  /**
   * Not signed; reasons are dotted names, txid is empty where nothing was understood. What else is there is as in
   * `spent`, where a policy said no; person: whose proof was wrong; what: "message" where it was no transaction.
   */
  refused: {
    ...{ txid: "text", reasons: "texts" },
    ...{ takes: "texts?", policy: "text?", verdict: "texts?", person: "text?", what: "text?" },
  },
  /**
   * Written and synced before the signature is made. takes, fee: "btc 1500"; wallets: fingerprints; destinations:
   * digests, see destinationMark; verdict: the outcome, then the sentences; policy: its fingerprint.
   */
  spent: {
    txid: "text",
    key: "text",
    wallets: "texts",
    outpoints: "texts",
    amounts: "text",
    takes: "texts",
    fee: "text",
    destinations: "texts",
    /** 0 where the lock time has no effect. */
    lockTime: "count",
    policy: "text",
    verdict: "texts",
  },
  /** As it was written before wallets and assets were told apart. */
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
  /** Nonces left, and no signature: the first of two rounds in which keys sign together. */
  "nonces-given": { txid: "text" },
  /** They did not; what was recorded still counts. */
  failed: { txid: "text", reason: "text" },
  /**
   * Written and synced before a message is signed. txid: what names the request, see docs/formats.md. path: from the
   * master key. address: empty where it is a key's own. form: how it is signed. digest: of the message. coins: what it
   * proves to hold, "btc 1500"; none where that is nothing.
   */
  message: {
    ...{ txid: "text", key: "text", path: "text", address: "text", form: "text", digest: "text" },
    ...{ coins: "texts", policy: "text", verdict: "texts" },
  },
  "message-signed": { txid: "text" },
  "message-failed": { txid: "text", reason: "text" },
  "wallet-registered": { name: "text", fingerprint: "text" },
  "wallet-removed": { name: "text", fingerprint: "text" },
  /** Another takes its place; by: its fingerprint. */
  "wallet-replaced": { name: "text", fingerprint: "text", by: "text" },
  /** A backup of its descriptor was read again and is equal. */
  "wallet-rehearsed": { name: "text", fingerprint: "text" },
  /** Whoever holds this key of the wallet answered a drill. */
  "cosigner-alive": { name: "text", fingerprint: "text", key: "text" },
  "safe-registered": { name: "text", fingerprint: "text" },
  "safe-removed": { name: "text", fingerprint: "text" },
  /** number, fingerprint: of the administrators' text that says what calls mean. */
  "descriptors-taken": { number: "count", fingerprint: "text" },
  "policy-set": { fingerprint: "text" },
  /** how: set-up, tightened, loosened, fleet, restored. */
  policy: { number: "count", fingerprint: "text", how: "text" },
  /** Told to wait; destinations: digests of those that are new. What else is there is as in `spent`. */
  asked: {
    txid: "text",
    destinations: "texts",
    reasons: "texts",
    takes: "texts?",
    policy: "text?",
    verdict: "texts?",
    what: "text?",
  },
  /** Somebody agreed to this request. factor: pin, totp, hotp, key, code. */
  proof: { txid: "text", person: "text", factor: "text", what: "text?" },
  /** what: in words, without secrets. due: when it holds, as `at`. */
  "change-asked": { what: "text", due: "count" },
  "change-done": { what: "text" },
  "change-cancelled": { what: "text" },
  /** It counts no longer: the owner says that it was never broadcast. */
  released: { txid: "text" },
  "person-added": { name: "text", factor: "text" },
  "person-removed": { name: "text" },
  /** Block headers: it is not before this time, as `at`. */
  "time-proven": { notBefore: "count", headers: "count" },
  /** The date that is shown, in whole seconds from `at`: "+3600". */
  "date-set": { offset: "text" },
  /** Ed25519 by the journal's own key over the head of the line before, see signing.ts; hex. */
  attested: { signature: "text" },
  exported: { upTo: "count" },
  /** why: asked (the long hold), refusals, compromised. */
  frozen: { why: "text" },
  thawed: {},
  "successor-set": { name: "text", fingerprint: "text" },
  /** From here on only a sweep to the successor is signed. */
  "sweep-begun": { name: "text" },
  "sweep-ended": {},
  /** The document was signed here, as administrator; fingerprint: of what was signed. */
  "fleet-signed": { name: "text", number: "count", fingerprint: "text" },
  /** need: how many of its administrators must sign; fingerprint: of their list. */
  "fleet-set": { name: "text", need: "count", fingerprint: "text" },
  /**
   * The owner went on after lines were lost: so many at least. Its number is above all that were lost. reason: why
   * the journal did not open. serial: of the home then; anchor: what the home remembered, which no longer binds.
   */
  resumed: { lost: "count", reason: "text", serial: "count", anchor: "text" },
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
  "text?": string;
  "texts?": readonly string[];
}
type Value<F> = F extends Form ? Values[F] : never;
type Says<K extends keyof Kinds> = {
  readonly [F in keyof Kinds[K] as Kinds[K][F] extends `${string}?` ? never : F]: Value<Kinds[K][F]>;
} & {
  readonly [F in keyof Kinds[K] as Kinds[K][F] extends `${string}?` ? F : never]?: Value<Kinds[K][F]>;
};

/** What is to be written; the journal adds the time. */
export type Draft = { [K in keyof Kinds]: { readonly kind: K } & Says<K> }[keyof Kinds];
/** at: Unix time, ms, as reckoned when the line was written; clock: what it rests on. Older lines have none, and the machine's clock as `at`. */
export type Entry = Draft & { readonly at: number; readonly clock?: Omit<Stamp, "at"> };

/** First 32 hex digits of SHA-256 of a destination: enough to know it again, too many to be met by trying. */
export function destinationMark(to: string): string {
  return toHex(sha256(utf8(to)).subarray(0, 16));
}

export function writeAmount({ asset, units }: Amount): string {
  return `${asset} ${units}`;
}

/** Undefined where it is none. */
export function readAmount(text: string): Amount | undefined {
  const [, asset, units] = /^([a-z0-9/-]{1,64}) (\d{1,78})$/.exec(text) ?? [];
  if (asset === undefined || units === undefined || factsOf(asset) === undefined) return undefined;
  return { asset, units: BigInt(units) };
}

/** Canonical JSON: kind, at, then the fields in the table's order; others that the value has are left out. */
export function encodeEntry(entry: Entry): string {
  const out: Record<string, unknown> = { kind: entry.kind, at: entry.at };
  if (entry.clock) out.clock = writeClock(entry.clock);
  const value = entry as unknown as Record<string, unknown>;
  for (const [field, form] of Object.entries(KINDS[entry.kind])) {
    if (value[field] === undefined && form.endsWith("?")) continue;
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
  const clock = value.clock === undefined ? undefined : (readClock(value.clock) ?? newer(line));
  const out: Record<string, unknown> = { kind, at: value.at, ...(clock ? { clock } : {}) };
  for (const [field, form] of Object.entries(forms)) {
    if (value[field] === undefined && form.endsWith("?")) continue;
    out[field] = form === "sats" ? toSats(value[field]) : value[field];
    if (!FORMS[form](out[field])) return newer(line);
  }
  if (Object.keys(value).length !== Object.keys(out).length) return newer(line);
  return out as unknown as Entry;
}

const isText = (value: unknown) => typeof value === "string";
const areTexts = (value: unknown) => Array.isArray(value) && value.every(isText);
const FORMS: Record<Form, (value: unknown) => boolean> = {
  ...{ text: isText, "text?": isText, texts: areTexts, "texts?": areTexts },
  count: isCount,
  sats: (value) => typeof value === "bigint" && value >= 0n,
};

function writeClock({ boot, onMs, wallMs, chipMs }: Omit<Stamp, "at">): string {
  return [boot, onMs, wallMs, ...(chipMs === undefined ? [] : [chipMs])].join(" ");
}

function readClock(value: unknown): Omit<Stamp, "at"> | undefined {
  if (typeof value !== "string") return undefined;
  const [, boot, onMs, wallMs, chipMs] =
    /^([0-9A-Za-z-]{1,40}) (\d{1,15}) (\d{1,15})(?: (\d{1,15}))?$/.exec(value) ?? [];
  if (boot === undefined) return undefined;
  const chip = chipMs === undefined ? {} : { chipMs: Number(chipMs) };
  return { boot, onMs: Number(onMs), wallMs: Number(wallMs), ...chip };
}

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
