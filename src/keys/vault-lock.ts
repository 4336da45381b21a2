// What stands before the PIN: settings that the lock screen needs, the security keys that are asked for, and the
// slot by which the wipe PIN is known. Nobody can change a byte of it without the home not opening any more.

import { concat, readU32be, u32be } from "../bytes.ts";
import { LIMITS } from "../limits.ts";
import { refuse } from "../refusal.ts";
import { fromUtf8, utf8 } from "../text.ts";

export interface Settings {
  /** After so many digits of the PIN two words appear; 0: never. About half of the PIN's length. */
  readonly wordsAfter: number;
  /** The dial's digits come in an order of chance. */
  readonly shuffled: boolean;
  /** So many wrong PINs in a row wipe the keys. */
  readonly wipeAfter: number;
  /** A right PIN opens only after so long, s. */
  readonly countdownS: number;
  /** How long a freeze lasts, powered on, s. */
  readonly freezeS: number;
}

export const FIRST_SETTINGS: Settings = {
  wordsAfter: 0,
  shuffled: false,
  wipeAfter: 10,
  countdownS: 0,
  // Long enough that whoever holds the device by force gives up, short enough for a slip of the owner's hand.
  freezeS: 600,
};

/** An enrolled security key: what is public of it, and the factor key under its hmac-secret. */
export interface Factor {
  readonly name: string;
  readonly credentialId: Uint8Array;
  /** P-256, x and y: 64 bytes. */
  readonly publicKey: Uint8Array;
  /** Enrolled with user verification, and asked with it ever after: its secret is another one without. */
  readonly verified: boolean;
  /** 32 bytes, what the key is asked with. */
  readonly salt: Uint8Array;
  /** Nonce of 24 bytes, the factor key under the key's secret: 48. */
  readonly nonce: Uint8Array;
  readonly wrapped: Uint8Array;
}

export interface Lock {
  readonly settings: Settings;
  readonly factors: readonly Factor[];
  /** Nonce of 24 bytes and 17 more: chance where there is no wipe PIN. */
  readonly wipe: Uint8Array;
}

export const WIPE_SLOT_BYTES = 24 + 17;
export const LEAST_WIPE_AFTER = 3;
/** A TPM stops at 31 tries, and each wrong PIN costs two where there is a second home: we stop first. */
export const MOST_WIPE_AFTER = 15;
const SALT_BYTES = 32;
const PUBLIC_KEY_BYTES = 64;
const MOST_CREDENTIAL_BYTES = 1023;

export function lockBytes({ settings, factors, wipe }: Lock): Uint8Array {
  if (factors.length > LIMITS.securityKeys) throw new Error("too many security keys");
  const { wordsAfter, shuffled, wipeAfter, countdownS, freezeS } = settings;
  return concat(
    Uint8Array.of(wordsAfter, shuffled ? 1 : 0, wipeAfter),
    u32be(countdownS),
    u32be(freezeS),
    wipe,
    Uint8Array.of(factors.length),
    ...factors.map(factorBytes),
  );
}

function factorBytes(factor: Factor): Uint8Array {
  const name = utf8(factor.name);
  const { credentialId, publicKey, verified, salt, nonce, wrapped } = factor;
  return concat(
    Uint8Array.of(name.length),
    name,
    Uint8Array.of(credentialId.length >> 8, credentialId.length),
    credentialId,
    publicKey,
    Uint8Array.of(verified ? 1 : 0),
    salt,
    nonce,
    wrapped,
  );
}

/** Copies. Throws Refusal vault.damaged; the shape alone is checked, what it says is vouched for by the PIN. */
export function readLockBytes(bytes: Uint8Array): Lock {
  let at = 0;
  const take = (length: number) => {
    if (at + length > bytes.length) refuse("vault.damaged", "the lock is cut short");
    at += length;
    return bytes.slice(at - length, at);
  };
  const [wordsAfter, flag, wipeAfter] = take(3) as unknown as [number, number, number];
  const settings = {
    wordsAfter,
    shuffled: flag === 1,
    wipeAfter,
    countdownS: readU32be(take(4), 0),
    freezeS: readU32be(take(4), 0),
  };
  const wipe = take(WIPE_SLOT_BYTES);
  const count = take(1)[0]!;
  if (flag > 1 || count > LIMITS.securityKeys) refuse("vault.damaged", "the lock has another shape");
  const factors = Array.from({ length: count }, () => readFactor(take));
  if (at !== bytes.length) refuse("vault.damaged", "the lock has another shape");
  return { settings: checked(settings), factors, wipe };
}

function readFactor(take: (length: number) => Uint8Array): Factor {
  const name = fromUtf8(take(take(1)[0]!));
  const length = take(2);
  const idBytes = (length[0]! << 8) | length[1]!;
  if (name === undefined || idBytes > MOST_CREDENTIAL_BYTES)
    return refuse("vault.damaged", "the lock has another shape");
  const credentialId = take(idBytes);
  const publicKey = take(PUBLIC_KEY_BYTES);
  const verified = take(1)[0] === 1;
  return {
    name,
    credentialId,
    publicKey,
    verified,
    salt: take(SALT_BYTES),
    nonce: take(24),
    wrapped: take(48),
  };
}

function checked(settings: Settings): Settings {
  const { wordsAfter, wipeAfter } = settings;
  if (wordsAfter > LIMITS.pinDigitsMax || wipeAfter < LEAST_WIPE_AFTER || wipeAfter > MOST_WIPE_AFTER)
    refuse("vault.damaged", "the lock has another shape");
  return settings;
}
