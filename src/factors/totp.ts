// One-time codes by the time (RFC 6238): those by a counter, of the half-minute that it is.

import { hotp } from "./hotp.ts";

export const STEP_MS = 30_000;
/** Steps before and after that are taken as well: clocks differ. */
export const TOLERANCE = 1;

/** Which half-minute it is. `dateMs`: Unix, ms. */
export function stepOf(dateMs: number): number {
  return Math.floor(dateMs / STEP_MS);
}

/** RFC 6238 with SHA-1, six digits, 30 s. */
export function totp(secret: Uint8Array, dateMs: number): string {
  return hotp(secret, stepOf(dateMs));
}

/**
 * The step of this code; undefined where it is of none that is near. `last`: the latest step that was used, and no
 * code of it or of an earlier one is ever taken.
 */
export function totpStep(secret: Uint8Array, code: string, dateMs: number, last: number): number | undefined {
  const now = stepOf(dateMs);
  let found: number | undefined;
  for (let step = now + TOLERANCE; step >= now - TOLERANCE; step--)
    if (step >= 0 && step > last && hotp(secret, step) === code) found = step;
  return found;
}
