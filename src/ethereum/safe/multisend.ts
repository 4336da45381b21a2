// MultiSend: several calls that a Safe makes as one, packed one behind the other.

import type { Act } from "../../act.ts";
import { type Address, writeAddress } from "../../eip55.ts";
import { LIMITS } from "../../limits.ts";
import { refuse } from "../../refusal.ts";
import type { Safe } from "../../safe.ts";
import { type AbiValue, readWord } from "../abi.ts";
import type { CallToRead, Context } from "../context.ts";
import { act, place, safeAt, words } from "./acts.ts";
import { deploymentAt } from "./deployments.ts";
import { actsOfChange, ownersFacts } from "./owner-acts.ts";
import { changeIn, readerOf } from "./owner-calls.ts";

export interface Packed {
  readonly delegate: boolean;
  readonly to: Address;
  readonly value: bigint;
  readonly data: Uint8Array;
}

const HEAD = 85;

/**
 * Operation (1 byte), address (20), value (32), length (32), data: to the last byte. Throws Refusal safe.batch where
 * anything is left over, and for the address 0, which versions take differently.
 */
export function readPacked(bytes: Uint8Array): readonly Packed[] {
  const calls: Packed[] = [];
  for (let at = 0; at < bytes.length; ) {
    const call = `call ${calls.length + 1}`;
    if (calls.length === LIMITS.acts) return refuse("safe.batch", `more than ${LIMITS.acts} calls`);
    if (bytes.length - at < HEAD) return refuse("safe.batch", `${call} is cut short`);
    const operation = bytes[at]!;
    if (operation > 1) return refuse("safe.batch", `${call}: operation ${operation}`);
    const to = bytes.subarray(at + 1, at + 21);
    if (to.every((byte) => byte === 0)) return refuse("safe.batch", `${call} goes to nobody`);
    const length = readWord(bytes.subarray(at + 53, at + HEAD));
    const start = at + HEAD;
    if (length > BigInt(bytes.length - start)) return refuse("safe.batch", `${call} is cut short`);
    at = start + Number(length);
    const value = readWord(bytes.subarray(start - 64, start - 32));
    calls.push({ delegate: operation === 1, to: writeAddress(to), value, data: bytes.subarray(start, at) });
  }
  return calls;
}

const MULTI_SEND = readerOf("multiSend(bytes transactions)");

/** What a delegate call of Safe's own MultiSend does; undefined where it is no call of multiSend. */
export function actsOfBatch(call: CallToRead, context: Context): readonly Act[] | undefined {
  const [packed] = MULTI_SEND.values(call.data) ?? [];
  if (packed === undefined) return undefined;
  const calls = readPacked(packed as AbiValue & Uint8Array);
  const { chainId, from, depth } = call;
  let safe = safeAt(context, chainId, from);
  const before = safe;
  const inner = calls.flatMap((one) => {
    const next = { chainId, from, to: one.to, value: one.value, data: one.data, depth: depth + 1 };
    const read: CallToRead = one.delegate ? { ...next, delegate: true } : next;
    if (one.delegate && isBatch(read)) return refuse("safe.batch", "a batch within the batch");
    const change = changeIn(read);
    if (!change) return context.readCall(read);
    const { acts, after } = actsOfChange(change, read, context, safe);
    safe = after;
    return acts;
  });
  return [outerAct(call, context, calls, ownersAfter(before, safe, context)), ...inner];
}

/** Nobody makes one in another, and what it makes of the owners would be told from the wrong beginning. */
function isBatch({ chainId, to }: CallToRead): boolean {
  const part = to && deploymentAt(chainId, to)?.part;
  return part === "batch" || part === "batch of calls";
}

function outerAct(
  call: CallToRead,
  context: Context,
  calls: readonly Packed[],
  afterwards: Act["facts"],
): Act {
  const alone = calls.every(({ delegate }) => !delegate);
  return act({
    title: calls.length === 1 ? "A batch of one call" : `A batch of ${calls.length} calls`,
    depth: call.depth,
    tone: alone ? "calm" : "danger",
    says: ["All of them are carried out, or none. Each is shown by itself."],
    facts: [
      words("Calls", String(calls.length)),
      place(context, call.chainId, "Carried out by", call.to!),
      ...afterwards,
    ],
    calls: [
      {
        chainId: call.chainId,
        contract: call.to!,
        selector: MULTI_SEND.selector,
        known: true,
        delegate: true,
      },
    ],
  });
}

/** Several changes are summed up: each alone says only its own. */
function ownersAfter(before: Safe | undefined, after: Safe | undefined, context: Context): Act["facts"] {
  return before && after && before !== after ? ownersFacts(after, context) : [];
}
