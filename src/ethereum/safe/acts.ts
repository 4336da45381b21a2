// What all acts of a Safe are made with.

import type { Act, ActFact } from "../../act.ts";
import type { Address } from "../../eip55.ts";
import type { Safe } from "../../safe.ts";
import type { CallToRead, Context } from "../context.ts";
import { deploymentAt, partText } from "./deployments.ts";

/** An act that takes nothing, with what it has beyond that. */
export function act(of: Partial<Act> & Pick<Act, "title" | "depth">): Act {
  return {
    ...{ tone: "calm", facts: [], says: [], oddities: [], takes: [], destinations: [] },
    ...{ allowances: [], calls: [], delegates: [] },
    ...of,
  };
}

export function words(label: string, text: string): ActFact {
  return { label, value: { kind: "words", text } };
}

/** With the name that is known here, if any. */
export function place(context: Context, chainId: bigint, label: string, address: Address): ActFact {
  const part = deploymentAt(chainId, address);
  const name = context.nameOf(chainId, address) ?? (part && partText(part));
  return { label, value: { kind: "address", address, ...(name === undefined ? {} : { name }) } };
}

/** The same address is another Safe on another chain. */
export function safeAt(context: Context, chainId: bigint, address: Address): Safe | undefined {
  return context.safes.find((safe) => safe.chainId === chainId && safe.address === address);
}

/** "2 of 3" */
export function quorumText(threshold: number | bigint, owners: number): string {
  return `${threshold} of ${owners}`;
}

/** The call as policies compare it. */
export function callOf(call: CallToRead, known: boolean) {
  const { chainId, to, delegate } = call;
  const contract = to!;
  return { chainId, contract, selector: selectorOf(call.data), known, ...(delegate ? { delegate } : {}) };
}

/** "0x6a761202"; fewer digits where less was sent. */
export function selectorOf(data: Uint8Array): string {
  return `0x${[...data.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
