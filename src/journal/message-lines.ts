// The lines of messages that were to be signed.

import type { Amount } from "../rules.ts";
import { type Draft, writeAmount } from "./entry.ts";
import { type Grounds, verdictTexts } from "./spend-lines.ts";

/** A request to sign a message, as its line says it. */
export interface SignedMessage {
  readonly txid: string;
  readonly key: string;
  readonly path: string;
  readonly address: string;
  readonly form: string;
  /** SHA-256 of the message's bytes, hex. */
  readonly digest: string;
  readonly coins: readonly Amount[];
}

/** The line that records a message. */
export function messageLine(message: SignedMessage, { policy, verdict }: Grounds): Draft {
  const { txid, key, path, address, form, digest } = message;
  const coins = message.coins.map(writeAmount);
  return {
    kind: "message",
    txid,
    key,
    path,
    address,
    form,
    digest,
    coins,
    policy,
    verdict: verdictTexts(verdict),
  };
}

/** The line of a message that the policy refused. */
export function messageRefusedLine(txid: string, reasons: readonly string[], grounds: Grounds): Draft {
  const { policy, verdict } = grounds;
  return { kind: "refused", txid, what: "message", reasons, policy, verdict: verdictTexts(verdict) };
}

/** The line of a message that has to wait. */
export function messageAskedLine(txid: string, reasons: readonly string[], grounds: Grounds): Draft {
  const { policy, verdict } = grounds;
  return {
    kind: "asked",
    txid,
    what: "message",
    destinations: [],
    reasons,
    policy,
    verdict: verdictTexts(verdict),
  };
}
