// The owner's rules: as text, and judging a spend.

import { sha256 } from "@noble/hashes/sha2.js";
import { toHex } from "../bytes.ts";
import type { Policy } from "../rules.ts";
import { utf8 } from "../text.ts";
import { writePolicy } from "./document.ts";

export { parsePolicy, writeAsk, writePolicy, writeRule, writeScope } from "./document.ts";
export { firstPolicy, type PlainLimits, plainPolicy } from "./first.ts";
export { judge, newDestinations } from "./judge.ts";
export { judgeMessage, type MessageToJudge } from "./messages.ts";
export { sentences } from "./sentences.ts";
export { hiddenVerdict, reasonsOf, refusalOf } from "./verdict.ts";

/** First 8 hex digits of SHA-256 of the canonical text: for comparing by voice, and for the journal. */
export function policyFingerprint(policy: Policy): string {
  return toHex(sha256(utf8(writePolicy(policy))).slice(0, 4));
}
