// Health tests of a raw source (NIST SP 800-90B 4.4): they find one that is dead or stuck, not one that is poor.

/** A sound source fails a test once in 2^30 times (4.3 recommends 2^-20 to 2^-40). */
const ALPHA_BITS = 30;

export interface Claim {
  /** Min-entropy that each sample is said to have at least, bits. */
  readonly bitsPerSample: number;
  /** Samples in a window of the proportion test (4.4.2): 1,024 where samples are binary, else 512. */
  readonly window: 512 | 1024;
}

export const CLAIMS = {
  /** The kernel's generator: conditioned, every bit counts. */
  kernel: { bitsPerSample: 8, window: 512 },
  /** A generator in hardware, as raw as it comes: half of its bits. */
  hardware: { bitsPerSample: 4, window: 512 },
  /** How much a pixel differs from the frame before, its two lowest bits. */
  pixel: { bitsPerSample: 1 / 16, window: 512 },
  die: { bitsPerSample: Math.log2(6), window: 512 },
  coin: { bitsPerSample: 1, window: 1024 },
  /** Microseconds between two keys, their lowest byte. */
  timing: { bitsPerSample: 1, window: 512 },
  /** A word drawn from all 2,048. */
  word: { bitsPerSample: 11, window: 512 },
} as const satisfies Record<string, Claim>;

export type Health =
  | "passed"
  /** So few samples that not even equal ones would be suspicious. */
  | "too-few"
  /** One value so often in a row: 4.4.1. */
  | "repetition"
  /** One value so often in a window: 4.4.2. */
  | "proportion";

/** So many equal samples in a row fail (4.4.1): 1 + ⌈30 / bitsPerSample⌉. */
export function repetitionCutoff(bitsPerSample: number): number {
  return 1 + Math.ceil(ALPHA_BITS / bitsPerSample);
}

/**
 * So many samples equal to a window's first, itself included, fail (4.4.2). The first is there by definition, so the
 * others decide: 2 + critbinom(window − 1, 2^−bitsPerSample, 1 − 2^−30). Never more than the window: then the
 * test could not fail.
 */
export function proportionCutoff(bitsPerSample: number, window: number): number {
  return Math.min(window, 2 + mostByChance(window - 1, 2 ** -bitsPerSample, ALPHA_BITS));
}

/** The smallest k that more than k successes of `trials` have a probability of at most 2^-alphaBits. */
export function mostByChance(trials: number, probability: number, alphaBits: number): number {
  const most = 2 ** -alphaBits;
  // Logarithms: 2^-4096 is no number of 64 bits.
  const odds = Math.log(probability) - Math.log1p(-probability);
  let log = trials * Math.log(probability);
  let above = 0;
  for (let k = trials; k > 0; k--) {
    above += Math.exp(log);
    if (above > most) return k;
    log += Math.log(k) - Math.log(trials - k + 1) - odds;
  }
  return 0;
}

export function healthOf(samples: ArrayLike<number>, claim: Claim): Health {
  const cutoff = repetitionCutoff(claim.bitsPerSample);
  if (samples.length < cutoff) return "too-few";
  if (longestRun(samples) >= cutoff) return "repetition";
  return proportionHolds(samples, claim) ? "passed" : "proportion";
}

function longestRun(samples: ArrayLike<number>): number {
  let longest = 0;
  let run = 0;
  for (let i = 0; i < samples.length; i++) {
    run = i > 0 && samples[i] === samples[i - 1] ? run + 1 : 1;
    longest = Math.max(longest, run);
  }
  return longest;
}

/** What is left at the end, or all where there is less than a window, is judged as a smaller window. */
function proportionHolds(samples: ArrayLike<number>, { bitsPerSample, window }: Claim): boolean {
  const whole = proportionCutoff(bitsPerSample, window);
  for (let start = 0; start < samples.length; start += window) {
    const end = Math.min(start + window, samples.length);
    let equal = 0;
    for (let i = start; i < end; i++) if (samples[i] === samples[start]) equal++;
    const size = end - start;
    const cutoff = size === window ? whole : 2 + mostByChance(size - 1, 2 ** -bitsPerSample, ALPHA_BITS);
    if (equal >= cutoff) return false;
  }
  return true;
}

/**
 * Samples that go on as they went before, some way back ("123456123456"), and what is typed by a person who rolls
 * nothing: whether at some distance up to half of all more are equal than chance would have it once in 2^30 times.
 */
export function repeatsItself(samples: ArrayLike<number>, { bitsPerSample }: Claim): boolean {
  const lags = samples.length >> 1;
  // Every distance is a test of its own: together they fail no oftener.
  const alphaBits = ALPHA_BITS + Math.log2(Math.max(1, lags));
  for (let lag = 1; lag <= lags; lag++) {
    let equal = 0;
    for (let i = lag; i < samples.length; i++) if (samples[i] === samples[i - lag]) equal++;
    if (equal > mostByChance(samples.length - lag, 2 ** -bitsPerSample, alphaBits)) return true;
  }
  return false;
}
