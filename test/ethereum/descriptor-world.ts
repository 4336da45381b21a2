// Descriptors as the public registry has them (in micro-eth-signer's package, which carries a copy), and calls for them.

import { Interface } from "ethers";
import { CLEARSIG_REPO_FULL } from "micro-eth-signer/clearsig/repo-full.js";
import type { Act, ActFact } from "../../src/act.ts";
import { inShort } from "../../src/assets.ts";
import type { Address } from "../../src/eip55.ts";
import { actsOfCall } from "../../src/ethereum/calls/index.ts";
import type { CallToRead, Context } from "../../src/ethereum/context.ts";
import {
  type Descriptor,
  type Descriptors,
  orDescribed,
  readDescriptor,
} from "../../src/ethereum/descriptors/index.ts";

export const REGISTRY = CLEARSIG_REPO_FULL as Readonly<Record<string, unknown>>;

export function registry(name: string): Descriptor {
  return readDescriptor(JSON.stringify(REGISTRY[`registry/${name}.json`]));
}

export const ACCOUNT: Address = "0x2c62C80aD86785DD3bfC7B616400A98E1903b672";

export function worldOf(...list: readonly Descriptor[]): Context {
  const descriptors: Descriptors = { number: 7, list };
  const context: Context = {
    account: ACCOUNT,
    nowSeconds: 1_760_000_000n,
    safes: [],
    nameOf: () => undefined,
    descriptors,
    readCall: (call) => orDescribed(actsOfCall(call, context), call, context),
  };
  return context;
}

export function callOf(
  to: string,
  signature: string,
  args: readonly unknown[],
  more: Partial<CallToRead> = {},
): CallToRead {
  const data = new Interface([`function ${signature}`]).encodeFunctionData(
    signature.slice(0, signature.indexOf("(")),
    args,
  );
  return {
    ...{ chainId: 1n, from: ACCOUNT, to: to as Address, value: 0n, depth: 0 },
    ...{ data: Uint8Array.from(Buffer.from(data.slice(2), "hex")) },
    ...more,
  };
}

/** "Amount to repay: 997 USDC on Ethereum" */
export function lines(act: Act): string[] {
  return act.facts.map(({ label, value }) => `${label}: ${words(value)}`);
}

export function words(value: ActFact["value"]): string {
  switch (value.kind) {
    case "amount":
      return inShort(value.amount);
    case "address":
      return value.address;
    case "number":
      return String(value.value);
    case "time":
      return String(value.seconds);
    case "bytes":
      return `0x${Buffer.from(value.bytes).toString("hex")}`;
    default:
      return value.text;
  }
}
