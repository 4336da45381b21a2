// What nobody trades for: a least amount that is asked for so that something is asked for.

import { factsOf } from "../assets.ts";
import type { Amount } from "../rules.ts";

/** Of no coin or listed token a millionth is worth a trade, nor are a thousand of its smallest units. */
const MILLIONTH_PLACES = 6;
const UNITS = 1000n;

/** Of what has no decimals, or none that are known, any number may be worth something. */
export function isNextToNothing({ asset, units }: Amount): boolean {
  const { places = 0 } = factsOf(asset) ?? {};
  const millionth = places > MILLIONTH_PLACES ? 10n ** BigInt(places - MILLIONTH_PLACES) : 0n;
  return places > 0 && (units < UNITS || units < millionth);
}
