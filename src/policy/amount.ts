// Amounts in sentences: exact, and no longer than they need to be.

/** "0.50", "0.00012345", "100.00": at least two places, never rounded. */
export function short(sats: bigint): string {
  const digits = sats.toString().padStart(9, "0");
  const places = digits.slice(-8).replace(/0{1,6}$/, "");
  return `${digits.slice(0, -8)}.${places}`;
}

/** What is left of a limit, never below zero. */
export function left(limit: bigint, used: bigint): bigint {
  return used < limit ? limit - used : 0n;
}

/** A rate or percentage: at most three places, rounded up, so that a value above a limit never reads as the limit. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return "unknown";
  return String(Math.ceil(value * 1000 - 1e-6) / 1000);
}
