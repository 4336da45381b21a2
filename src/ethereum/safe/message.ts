// A message that a Safe signs: its owners sign one of their own over it (SafeMessage), or the Safe notes it on the chain.

import { keccak_256 } from "@noble/hashes/sha3.js";
import type { Act, ActFact } from "../../act.ts";
import { chainName } from "../../assets.ts";
import type { Address } from "../../eip55.ts";
import { fromUtf8 } from "../../text.ts";
import type { Context } from "../context.ts";
import { act, place, words } from "./acts.ts";

export interface SafeMessage {
  readonly chainId: bigint;
  readonly safe: Address;
  readonly message: Uint8Array;
  readonly depth: number;
}

const HASHED =
  "Firn cannot see what the Safe says: programs give only a hash of it. Behind it can stand an order, a sign-in or a permit that takes everything in the Safe.";
const SAID = "The Safe says this: whoever asks it is told that it signed.";

export function actsOfMessage(of: SafeMessage, context: Context, more: Partial<Act> = {}): Act {
  const { chainId, safe, message, depth } = of;
  const text = readable(message);
  return act({
    ...more,
    title: "A message of the Safe",
    depth,
    tone: text === undefined ? "danger" : "caution",
    says: [...(more.says ?? []), text === undefined ? HASHED : SAID],
    facts: [
      place(context, chainId, "Safe", safe),
      words("Chain", chainName(chainId)),
      ...(more.facts ?? []),
      ...messageFacts(message, text),
    ],
    oddities: [...(more.oddities ?? []), ...(text === undefined ? (["unreadable message"] as const) : [])],
  });
}

function messageFacts(message: Uint8Array, text: string | undefined): readonly ActFact[] {
  const hash: ActFact = { label: "Keccak-256 of it", value: { kind: "bytes", bytes: keccak_256(message) } };
  if (text !== undefined) return [{ label: "Message", value: { kind: "text", text } }, hash];
  return [{ label: "Bytes", value: { kind: "bytes", bytes: message } }, hash];
}

/** Text that people write: a hash of 32 bytes is none, whatever letters it hits. */
function readable(message: Uint8Array): string | undefined {
  const text = message.length === 32 ? undefined : fromUtf8(message);
  return text === undefined || text === "" || /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(text)
    ? undefined
    : text;
}
