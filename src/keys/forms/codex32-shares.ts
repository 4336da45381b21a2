// Shares of codex32 (BIP 93): Shamir's scheme over the field of 32 elements, one polynomial a letter.

import { equal, wipe } from "../../bytes.ts";
import type { Random } from "../../ports.ts";
import { refuse } from "../../refusal.ts";
import { chance } from "./chance.ts";
import {
  type Codex32,
  codex32Identifier,
  codex32Text,
  parseCodex32,
  payloadOfSeed,
  seedOfPayload,
} from "./codex32.ts";
import { inverse, LETTERS, letterValue, times } from "./codex32-code.ts";

/** Strings that belong together: one secret, or shares of one set. Never changed. */
export interface CodexSet {
  /** 1 for a secret, else the threshold. */
  readonly needed: number;
  readonly shares: readonly Codex32[];
}

const SECRET = "s";
/** The letters of shares, in the order in which they are given out. */
const INDEXES = "acdefghjklmnpqrtuvwxyz023456789";
/** The most shares that one seed has. */
export const CODEX32_MOST_SHARES = INDEXES.length;

const nameOf = (share: Codex32): string => `share ${share.index.toUpperCase()}`;

/**
 * The set with one string more; undefined to begin one. Throws Refusal forms.codex32-other-set, -twice, -whole
 * (the secret among shares, or a share beside the secret) or -odd (one more than is needed, which does not lie
 * with the others). The checksum finds slips of the pen, not a share of another set with the same identifier:
 * who recovers compares the fingerprint.
 */
export function addCodexShare(set: CodexSet | undefined, share: Codex32): CodexSet {
  const isSecret = share.index === SECRET;
  const [first] = set?.shares ?? [];
  if (set === undefined || first === undefined)
    return { needed: isSecret ? 1 : share.threshold, shares: [share] };
  if (isSecret || first.index === SECRET) refuse("forms.codex32-whole");
  const differs = difference(first, share);
  if (differs !== undefined) refuse("forms.codex32-other-set", `${nameOf(share)}: another ${differs}`);
  if (set.shares.some(({ index }) => index === share.index)) refuse("forms.codex32-twice", nameOf(share));
  if (isComplete(set)) {
    const expected = payloadAt(set.shares.slice(0, set.needed), share.index);
    const fits = equal(expected, share.payload);
    wipe(expected);
    if (!fits) refuse("forms.codex32-odd", nameOf(share));
  }
  return { ...set, shares: [...set.shares, share] };
}

function difference(a: Codex32, b: Codex32): string | undefined {
  if (a.identifier !== b.identifier) return "identifier";
  if (a.threshold !== b.threshold) return "number of shares needed";
  return a.payload.length === b.payload.length ? undefined : "length";
}

export function isComplete(set: CodexSet): boolean {
  return set.shares.length >= set.needed;
}

/** The seed of BIP 32; the caller wipes it. Only for a complete set. */
export function recoverCodex32(set: CodexSet): Uint8Array {
  const [first] = set.shares;
  if (first === undefined || !isComplete(set)) throw new Error("shares are missing");
  if (first.index === SECRET) return seedOfPayload(first.payload);
  const payload = payloadAt(set.shares.slice(0, set.needed), SECRET);
  try {
    return seedOfPayload(payload);
  } finally {
    wipe(payload);
  }
}

export function wipeCodexSet(set: CodexSet): void {
  wipe(...set.shares.map(({ payload }) => payload));
}

/** Lagrange's interpolation: what the share of this letter is, from as many others as are needed. */
function payloadAt(shares: readonly Codex32[], index: string): Uint8Array {
  const at = letterValue(index);
  const places = shares.map((share) => letterValue(share.index));
  const out = new Uint8Array(shares[0]!.payload.length);
  for (const [i, { payload }] of shares.entries()) {
    const own = places[i]!;
    let weight = 1;
    for (const other of places)
      if (other !== own) weight = times(weight, times(at ^ other, inverse(own ^ other)));
    for (let letter = 0; letter < out.length; letter++) out[letter]! ^= times(weight, payload[letter]!);
  }
  return out;
}

/** The seed as one string that is nobody's share. Throws Refusal forms.codex32-identifier. */
export function codex32Secret(seed: Uint8Array, identifier: string): string {
  const payload = payloadOfSeed(seed);
  try {
    return codex32Text({
      threshold: 0,
      identifier: codex32Identifier(identifier),
      index: SECRET,
      payload,
    });
  } finally {
    wipe(payload);
  }
}

/** Four letters by chance: a set should have one that no other of the owner's has. */
export function randomIdentifier(random: Random): string {
  return Array.from(random.bytes(4), (byte) => LETTERS[byte & 31]).join("");
}

/** Values of 5 bits. Throws Refusal keys.entropy-dead. */
function drawn(random: Random, letters: number): Uint8Array {
  const bytes = chance(random, letters);
  for (let i = 0; i < letters; i++) bytes[i]! &= 31;
  return bytes;
}

/**
 * A seed of 16 to 64 bytes as `count` shares, any `threshold` of which recover it and fewer of which say
 * nothing of it. The last of them have led back to the seed before they are returned. Throws Refusal
 * forms.codex32-identifier or keys.entropy-dead.
 */
export function makeCodex32(plan: {
  readonly seed: Uint8Array;
  /** Four letters of bech32. */
  readonly identifier: string;
  /** 2 to 9. */
  readonly threshold: number;
  /** From the threshold to 31. */
  readonly count: number;
  readonly random: Random;
}): readonly string[] {
  const { seed, threshold, count, random } = plan;
  if (!Number.isInteger(threshold) || threshold < 2 || threshold > 9) throw new Error("no such threshold");
  if (!Number.isInteger(count) || count < threshold || count > CODEX32_MOST_SHARES)
    throw new Error("no such number of shares");
  const identifier = codex32Identifier(plan.identifier);
  const share = (index: string, payload: Uint8Array): Codex32 => ({ threshold, identifier, index, payload });
  const secret = share(SECRET, payloadOfSeed(seed));
  const points = [secret];
  for (const index of INDEXES.slice(0, threshold - 1))
    points.push(share(index, drawn(random, secret.payload.length)));
  const derived = Array.from(INDEXES.slice(threshold - 1, count), (index) =>
    share(index, payloadAt(points, index)),
  );
  try {
    const texts = [...points.slice(1), ...derived].map(codex32Text);
    prove(texts.slice(-threshold), seed);
    return texts;
  } finally {
    wipe(...[...points, ...derived].map(({ payload }) => payload));
  }
}

/** Read again from their letters; anything else is a bug. */
function prove(texts: readonly string[], seed: Uint8Array): void {
  const shares = texts.map(parseCodex32);
  const recovered = recoverCodex32({ needed: shares.length, shares });
  const sound = equal(recovered, seed);
  wipe(recovered, ...shares.map(({ payload }) => payload));
  if (!sound) throw new Error("the shares do not lead back to the seed");
}
