// KEF, Krux's encrypted envelope: id length, id, version, iterations, payload (initialisation vector,
// ciphertext, and what proves it). Where Krux's paper and its program differ, the program is followed.
// Rule: nothing says why an envelope does not open. A wrong key and a changed byte look alike.

import { cbc, ctr, ecb, gcm } from "@noble/ciphers/aes.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { concat, equal, wipe } from "../../bytes.ts";
import { LIMITS } from "../../limits.ts";
import type { SeedMessage } from "../../model.ts";
import type { Random, Stretch } from "../../ports.ts";
import { refuse } from "../../refusal.ts";
import { fromUtf8 } from "../../text.ts";

interface Version {
  readonly name: string;
  readonly mode: "ECB" | "CBC" | "CTR" | "GCM";
  readonly padding: "zeros" | "pkcs7" | "none";
  /** Bytes that prove it: behind the plaintext and encrypted with it, or behind the ciphertext. */
  readonly proof: { readonly where: "inside" | "outside"; readonly length: number };
  readonly compressed?: true;
}

const inside = (length: number): Version["proof"] => ({ where: "inside", length });
const outside = (length: number): Version["proof"] => ({ where: "outside", length });

/** All that Krux has published. Those that are compressed are named and not opened. */
const VERSIONS: ReadonlyMap<number, Version> = new Map([
  [0, { name: "AES-ECB v1", mode: "ECB", padding: "zeros", proof: inside(16) }],
  [1, { name: "AES-CBC v1", mode: "CBC", padding: "zeros", proof: inside(16) }],
  [5, { name: "AES-ECB", mode: "ECB", padding: "zeros", proof: outside(3) }],
  [6, { name: "AES-ECB +p", mode: "ECB", padding: "pkcs7", proof: inside(4) }],
  [7, { name: "AES-ECB +c", mode: "ECB", padding: "pkcs7", proof: inside(4), compressed: true }],
  [10, { name: "AES-CBC", mode: "CBC", padding: "zeros", proof: outside(4) }],
  [11, { name: "AES-CBC +p", mode: "CBC", padding: "pkcs7", proof: inside(4) }],
  [12, { name: "AES-CBC +c", mode: "CBC", padding: "pkcs7", proof: inside(4), compressed: true }],
  [15, { name: "AES-CTR", mode: "CTR", padding: "none", proof: inside(4) }],
  [16, { name: "AES-CTR +c", mode: "CTR", padding: "none", proof: inside(4), compressed: true }],
  [20, { name: "AES-GCM", mode: "GCM", padding: "none", proof: outside(4) }],
  [21, { name: "AES-GCM +c", mode: "GCM", padding: "none", proof: outside(4), compressed: true }],
] satisfies [number, Version][]);

/** What Firn writes, and Krux by default: GCM with the first four bytes of its tag. */
const WRITTEN = 20;
const IV_BYTES = { ECB: 0, CBC: 16, CTR: 12, GCM: 12 } as const;
const BLOCK = 16;
/** Iterations up to this stand in the envelope as ten thousands. */
const STEP = 10_000;
/** What Krux does where nobody chose otherwise; fewer are read and called weak, never written. */
export const KEF_ITERATIONS = 100_000;
const MOST_ID_BYTES = 252;
/** Krux calls shorter keys weak, and takes no longer ones. */
const LEAST_KEY_BYTES = 8;
const MOST_KEY_BYTES = 200;

/** What everyone can read of an envelope. */
export interface KefHeader {
  /** The label that its maker chose; Krux takes the key's fingerprint in hex. The salt, too. */
  readonly id: Uint8Array;
  readonly version: number;
  /** As Krux calls it: "AES-GCM". */
  readonly name: string;
  /** Of PBKDF2-HMAC-SHA256. */
  readonly iterations: number;
  /** Its key is quicker to guess than those of Firn's envelopes. */
  readonly weak: boolean;
}

interface Envelope extends KefHeader {
  readonly rules: Version;
  readonly iv: Uint8Array;
  readonly ciphertext: Uint8Array;
  /** Empty where the proof is inside. */
  readonly proof: Uint8Array;
}

/** Throws Refusal forms.kef-damaged, -version, -compressed or -slow. */
export function readKefHeader(bytes: Uint8Array): KefHeader {
  const { id, version, name, iterations, weak } = readEnvelope(bytes);
  return { id, version, name, iterations, weak };
}

function readEnvelope(bytes: Uint8Array): Envelope {
  const idEnd = 1 + (bytes[0] ?? 0);
  const payload = bytes.subarray(idEnd + 4);
  if (bytes.length > LIMITS.kefBytes || payload.length === 0 || idEnd > 1 + MOST_ID_BYTES)
    return refuse("forms.kef-damaged");
  const version = bytes[idEnd]!;
  const rules = VERSIONS.get(version) ?? refuse("forms.kef-version", `version ${version}`);
  const ivEnd = IV_BYTES[rules.mode];
  const end = payload.length - (rules.proof.where === "outside" ? rules.proof.length : 0);
  const length = end - ivEnd;
  const least = rules.proof.where === "inside" ? rules.proof.length + 1 : 1;
  const blocks = rules.mode === "ECB" || rules.mode === "CBC";
  const written = (bytes[idEnd + 1]! << 16) | (bytes[idEnd + 2]! << 8) | bytes[idEnd + 3]!;
  if (length < least || (blocks && length % BLOCK !== 0) || written === 0) return refuse("forms.kef-damaged");
  if (rules.compressed) return refuse("forms.kef-compressed", rules.name);
  const iterations = written <= STEP ? written * STEP : written;
  if (iterations > LIMITS.kefIterations) return refuse("forms.kef-slow", `${iterations} iterations`);
  return {
    id: bytes.slice(1, idEnd),
    version,
    name: rules.name,
    iterations,
    weak: iterations < KEF_ITERATIONS,
    rules,
    iv: payload.slice(0, ivEnd),
    ciphertext: payload.slice(ivEnd, end),
    proof: payload.slice(end),
  };
}

/**
 * The plaintext, which the caller wipes. `key` is what was typed, UTF-8 and not normalised, or raw bytes.
 * Throws Refusal forms.kef-wrong-key, or as readKefHeader.
 */
export async function openKef(bytes: Uint8Array, key: Uint8Array, stretch: Stretch): Promise<Uint8Array> {
  const envelope = readEnvelope(bytes);
  const stretched = await stretch.pbkdf2Sha256(key, envelope.id, envelope.iterations, 32);
  let padded: Uint8Array | undefined;
  try {
    padded = decrypted(envelope, stretched);
    return proven(envelope, padded, stretched) ?? refuse("forms.kef-wrong-key");
  } finally {
    wipe(stretched, padded);
  }
}

/** Counter mode's first block, and the second, where GCM begins. */
const counter = (iv: Uint8Array, block: number): Uint8Array => concat(iv, Uint8Array.of(0, 0, 0, block));

function decrypted({ rules, iv, ciphertext }: Envelope, key: Uint8Array): Uint8Array {
  switch (rules.mode) {
    case "ECB":
      return ecb(key, { disablePadding: true }).decrypt(ciphertext);
    case "CBC":
      return cbc(key, iv, { disablePadding: true }).decrypt(ciphertext);
    case "CTR":
      return ctr(key, counter(iv, 0)).decrypt(ciphertext);
    case "GCM":
      return ctr(key, counter(iv, 2)).decrypt(ciphertext);
  }
}

/** A copy of the plaintext if some end of it proves right. Zeros at the end may be padding or not: each is tried. */
function proven(envelope: Envelope, padded: Uint8Array, key: Uint8Array): Uint8Array | undefined {
  const { where, length } = envelope.rules.proof;
  for (const end of ends(envelope.rules, padded)) {
    const plain = padded.subarray(0, where === "inside" ? Math.max(0, end - length) : end);
    const proof = where === "inside" ? padded.subarray(plain.length, end) : envelope.proof;
    const expected = proofOf(envelope, plain, key);
    const same = plain.length > 0 && equal(proof, expected.subarray(0, length));
    wipe(expected);
    if (same) return plain.slice();
  }
  return undefined;
}

function* ends({ padding }: Version, padded: Uint8Array): Generator<number> {
  if (padding === "none") yield padded.length;
  else if (padding === "pkcs7") yield padded.length - padded.at(-1)!;
  else {
    let end = padded.length;
    while (end > 0 && padded[end - 1] === 0) end--;
    const most = Math.min(padded.length, end + BLOCK);
    for (; end <= most; end++) yield end;
  }
}

/** GCM's own tag; SHA-256 of the plaintext inside; outside of version, vector, plaintext and key. */
function proofOf({ rules, version, iv }: Envelope, plain: Uint8Array, key: Uint8Array): Uint8Array {
  if (rules.mode === "GCM") return gcm(key, iv).encrypt(plain).slice(plain.length);
  if (rules.proof.where === "inside") return sha256(plain);
  const all = concat(Uint8Array.of(version), iv, plain, key);
  try {
    return sha256(all);
  } finally {
    wipe(all);
  }
}

/** Throws Refusal forms.kef-key for a key that Krux would call weak, or would not take. */
export async function sealKef(plan: {
  /** Of 1 to 252 bytes: a label that everyone can read. */
  readonly id: Uint8Array;
  readonly plain: Uint8Array;
  /** As typed, UTF-8. */
  readonly key: Uint8Array;
  readonly stretch: Stretch;
  readonly random: Random;
  /** A multiple of 10,000, at least and where absent KEF_ITERATIONS. */
  readonly iterations?: number;
}): Promise<Uint8Array> {
  const { id, plain, key, stretch, random, iterations = KEF_ITERATIONS } = plan;
  if (id.length === 0 || id.length > MOST_ID_BYTES || plain.length === 0)
    throw new Error("an envelope without a label or content, or with too long a one");
  if (iterations % STEP !== 0 || iterations < KEF_ITERATIONS || iterations > LIMITS.kefIterations)
    throw new Error("no such number of iterations");
  if (key.length < LEAST_KEY_BYTES || key.length > MOST_KEY_BYTES) refuse("forms.kef-key");
  const stretched = await stretch.pbkdf2Sha256(key, id, iterations, 32);
  try {
    const iv = random.bytes(IV_BYTES.GCM);
    const sealed = gcm(stretched, iv)
      .encrypt(plain)
      .subarray(0, plain.length + 4);
    const steps = iterations / STEP;
    return concat(Uint8Array.of(id.length), id, Uint8Array.of(WRITTEN, 0, steps >> 8, steps), iv, sealed);
  } finally {
    wipe(stretched);
  }
}

/**
 * A backup of words in what was opened, as Krux reads it: the entropy, or the words or their numbers as text.
 * Throws Refusal forms.kef-content.
 */
export function seedOfKef(plain: Uint8Array): SeedMessage {
  if (plain.length >= 16 && plain.length <= 32 && plain.length % 4 === 0)
    return { kind: "seed", seed: { form: "compact", entropy: plain.slice() } };
  const text = fromUtf8(plain)?.trim() ?? "";
  if (/^(?:\d{4}){12,24}$/.test(text))
    return { kind: "seed", seed: { form: "seedqr", indexes: text.match(/\d{4}/g)!.map(Number) } };
  const words = text.toLowerCase().split(/\s+/);
  if (words.length >= 12 && words.length <= 24 && words.every((word) => /^[a-z]{3,8}$/.test(word)))
    return { kind: "seed", seed: { form: "words", words } };
  return refuse("forms.kef-content");
}
