// CTAP2's status codes (CTAP 2.1, 8.2) in Firn's words.

import { type Reason, refuse } from "../refusal.ts";
import type { Reply } from "./conversation.ts";
import { hex } from "./conversation.ts";

export const STATUS = {
  ok: 0x00,
  noCredentials: 0x2e,
  pinInvalid: 0x31,
  uvBlocked: 0x3c,
  uvInvalid: 0x3f,
} as const;

const REASONS: Readonly<Record<number, Reason>> = {
  5: "factor.timeout",
  25: "factor.enrolled-already",
  38: "factor.no-hmac-secret",
  39: "factor.denied",
  45: "factor.denied",
  46: "factor.not-enrolled",
  47: "factor.timeout",
  50: "factor.pin-blocked",
  52: "factor.pin-paused",
  53: "factor.verification-changed",
  54: "factor.verification-changed",
  55: "factor.pin-change",
  58: "factor.timeout",
  60: "factor.not-verified",
  63: "factor.not-verified",
};

/** The map of a reply that is well; else a Refusal that says what the key's status means. */
export function wellDone(reply: Reply, during: string): Reply["map"] {
  if (reply.status === STATUS.ok) return reply.map;
  return refuse(REASONS[reply.status] ?? "factor.broken", `${during}: CTAP status ${hex(reply.status)}`);
}
