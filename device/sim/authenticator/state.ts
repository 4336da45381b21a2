// What an authenticator remembers without power: how it was made, its PIN, its tries, its credentials.

import { createHash } from "node:crypto";

export interface StoredCredential {
  /** Hex. */
  readonly id: string;
  readonly rpId: string;
  /** The private key, PKCS #8 DER, hex. */
  readonly key: string;
  /** CredRandomWithUV and CredRandomWithoutUV, hex; absent where hmac-secret was not asked for. */
  readonly withUv?: string;
  readonly withoutUv?: string;
}

export interface KeyState {
  /** It knows one finger: whose touches are not called wrong. */
  readonly fingerprint: boolean;
  /** As keys were before CTAP 2.1: protocol one alone, tokens without permissions. */
  readonly old: boolean;
  /** The first 16 bytes of the PIN's SHA-256, hex; absent where no PIN is set. */
  pinHash?: string;
  pinRetries: number;
  uvRetries: number;
  signatures: number;
  readonly credentials: StoredCredential[];
}

/** What it is made with. */
export interface KeyMake {
  readonly pin?: string;
  readonly fingerprint?: boolean;
  readonly old?: boolean;
}

export const MOST_PIN_TRIES = 8;
export const MOST_UV_TRIES = 5;

export function freshState({ pin, fingerprint = false, old = false }: KeyMake = {}): KeyState {
  return {
    ...{ fingerprint, old },
    ...(pin === undefined ? {} : { pinHash: hashOfPin(Buffer.from(pin)) }),
    ...{ pinRetries: MOST_PIN_TRIES, uvRetries: MOST_UV_TRIES, signatures: 0, credentials: [] },
  };
}

export function hashOfPin(pin: Buffer): string {
  return createHash("sha256").update(pin).digest("hex").slice(0, 32);
}

export function readState(text: string): KeyState {
  return JSON.parse(text) as KeyState;
}

export function writeState(state: KeyState): string {
  return `${JSON.stringify(state, null, 1)}\n`;
}
