// A peer that is not on this machine leaves its test out, by name; where peers are required it fails.

import assert from "node:assert/strict";
import type { TestContext } from "node:test";

/** Whether to go on. FIRN_PEERS=required, which CI sets, makes a missing peer a failure. */
export function isHere(t: TestContext, peer: string, installed: boolean): boolean {
  if (installed) return true;
  assert.notEqual(process.env.FIRN_PEERS, "required", `${peer} is required and not installed`);
  t.diagnostic(`left out: ${peer} is not installed`);
  return false;
}
