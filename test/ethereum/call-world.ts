// What tests of calls share: a context, as the flow hands one over, and calls in it.

import type { Act, ActFact } from "../../src/act.ts";
import { inSymbol } from "../../src/assets.ts";
import { fromHex, toHex } from "../../src/bytes.ts";
import { type Address, readAddress } from "../../src/eip55.ts";
import { actsOfCall } from "../../src/ethereum/calls/index.ts";
import type { CallToRead, Context } from "../../src/ethereum/context.ts";
import { contractAt, tokenAt } from "../../src/ethereum/lookup.ts";
import { type Safe, safeOf } from "../../src/safe.ts";

export const at = (text: string): Address => {
  const address = readAddress(text.toLowerCase());
  if (address === undefined || address === "checksum") throw new Error(`no address: ${text}`);
  return address;
};

export const ACCOUNT = at("0x9858effd232b4033e47d90003d41ec34ecaeda94");
export const FRIEND = at("0x70997970c51812dc3a010c7d01b50e0d17dc79c8");
export const THIEF = at("0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc");
export const USDC = at("0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48");
export const USDT = at("0xdac17f958d2ee523a2206206994597c13d831ec7");
export const DAI = at("0x6b175474e89094c44da98b954eedeac495271d0f");
export const WETH = at("0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2");
export const PERMIT2 = at("0x000000000022d473030f116ddee9f6b43ac78ba3");
export const V2_ROUTER = at("0x7a250d5630b4cf539739df2c5dacb4c659f2488d");
export const V3_ROUTER = at("0xe592427a0aece92de3edee1f18e0157c05861564");
export const V3_ROUTER_2 = at("0x68b3465833fb72a70ecdf485e0e4c7bd8665fc45");
export const UNIVERSAL_ROUTER = at("0x66a9893cc07d91d95644aedd05d03f95e1dba8af");
export const MULTICALL3 = at("0xca11bde05977b3631167028862be2a173976ca11");
/** On no list. */
export const UNLISTED = at("0x1234567890123456789012345678901234567890");

export const NOW = 1_760_000_000n;

export const SAFE: Safe = safeOf("Treasury", {
  chainId: 1n,
  address: at("0x1db92e2eebc8e0c075a02bea49a2935bcd2dfcf4"),
  owners: [ACCOUNT, FRIEND],
  threshold: 2,
  version: "1.3.0",
});

export function contextWith(safes: readonly Safe[] = [SAFE]): Context {
  const context: Context = {
    account: ACCOUNT,
    nowSeconds: NOW,
    safes,
    nameOf: (chainId, address) => {
      if (address === ACCOUNT) return "your account 0";
      const safe = safes.find((one) => one.chainId === chainId && one.address === address);
      return safe?.name ?? contractAt(chainId, address)?.name ?? tokenAt(chainId, address)?.symbol;
    },
    readCall: (call) => actsOfCall(call, context),
  };
  return context;
}

export function callTo(to: Address, data: string | Uint8Array, more: Partial<CallToRead> = {}): CallToRead {
  const bytes = typeof data === "string" ? fromHex(data.replace(/^0x/, ""))! : data;
  return { chainId: 1n, from: ACCOUNT, to, value: 0n, data: bytes, depth: 0, ...more };
}

export function actsOf(
  to: Address,
  data: string | Uint8Array,
  more: Partial<CallToRead> = {},
): readonly Act[] {
  return actsOfCall(callTo(to, data, more), contextWith());
}

/** One line a thing that a person sees or a policy judges. */
export function told(acts: readonly Act[]): string[] {
  return acts.flatMap((act) => [
    `${"  ".repeat(act.depth)}${act.title} (${act.tone})`,
    ...act.says.map((text) => `  says: ${text}`),
    ...act.facts.map((fact) => `  ${fact.label}: ${valueText(fact)}${fact.tone ? ` (${fact.tone})` : ""}`),
    ...act.oddities.map((text) => `  odd: ${text}`),
    ...act.takes.map((amount) => `  takes: ${inSymbol(amount)}`),
    ...act.destinations.map(({ to, amount }) => `  to: ${to} ${inSymbol(amount)}`),
    ...act.allowances.map(({ spender, amount }) => `  allows: ${spender} ${inSymbol(amount)}`),
    ...act.calls.map(
      ({ contract, selector, known }) => `  calls: ${contract} ${selector} ${known ? "known" : "unknown"}`,
    ),
  ]);
}

function valueText({ value }: ActFact): string {
  switch (value.kind) {
    case "amount":
      return inSymbol(value.amount);
    case "address":
      return value.name === undefined ? value.address : `${value.name} ${value.address}`;
    case "number":
      return value.value.toString();
    case "time":
      return `at ${value.seconds}`;
    case "bytes":
      return `0x${toHex(value.bytes)}`;
    default:
      return value.text;
  }
}
