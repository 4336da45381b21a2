// Amounts in sentences: what a payment takes as the review has it, limits as short as they can be.

/** BTC with eight places, as on the review: "0.50000000". */
export function exact(sats: bigint): string {
  const digits = sats.toString().padStart(9, "0");
  return `${digits.slice(0, -8)}.${digits.slice(-8)}`;
}

/** A limit in BTC, never rounded and without zeros at its end: "0.5", "0.00012345", "100". */
export function short(sats: bigint): string {
  return exact(sats).replace(/\.?0+$/, "");
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
