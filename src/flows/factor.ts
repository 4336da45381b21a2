// The second factor at unlocking: a security key answers, or nothing opens.

import type { Factor, FactorAnswer } from "../keys/index.ts";
import { refuse } from "../refusal.ts";
import type { Desk } from "../ui.ts";

/** Throws Refusal factor.* where no enrolled key answers. The caller wipes the secret. */
export async function askSecurityKey(_desk: Desk, factors: readonly Factor[]): Promise<FactorAnswer> {
  return refuse("seal.missing", `${factors.length} security keys are enrolled`);
}
