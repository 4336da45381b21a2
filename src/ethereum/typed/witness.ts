// Terms that a signature for Permit2 is bound to (a witness). Of UniswapX's orders Firn can tell what should come back; the
// spender alone keeps to it.

import type { Address } from "../../eip55.ts";
import { Members } from "./members.ts";
import type { TypedData } from "./read.ts";
import type { Item } from "./trades.ts";

export interface Terms {
  readonly back: readonly (Item & { readonly to: Address })[];
}

type Least = (output: Members) => bigint;

const amount: Least = (output) => output.number("amount");
const ends: Least = (output) => {
  const [start, end] = [output.number("startAmount"), output.number("endAmount")];
  return start < end ? start : end;
};

/** What the orders of UniswapX pay out, and the least of it. */
const OUTPUTS: ReadonlyMap<string, Least> = new Map([
  ["DutchOutput(address token,uint256 startAmount,uint256 endAmount,address recipient)", ends],
  ["OutputToken(address token,uint256 amount,address recipient)", amount],
  ["PriorityOutput(address token,uint256 amount,uint256 mpsPerPriorityFeeWei,address recipient)", amount],
  [
    "V3DutchOutput(address token,uint256 startAmount,NonlinearDutchDecay curve,address recipient,uint256 minAmount,uint256 adjustmentPerGweiBaseFee)" +
      "NonlinearDutchDecay(uint256 relativeBlocks,int256[] relativeAmounts)",
    (output) => output.number("minAmount"),
  ],
]);

/** Undefined where there is no witness, or none that Firn can read. */
export function termsOf({ schema, message, primaryType }: TypedData): Terms | undefined {
  const [, , , , witness] = schema.structs.get(primaryType)!.members;
  const value = witness && message.members.get(witness.name);
  if (value?.kind !== "struct") return undefined;
  for (const { name, kind } of schema.structs.get(value.name)!.members) {
    if (kind.kind !== "array" || kind.of.kind !== "struct") continue;
    const least = OUTPUTS.get(schema.structs.get(kind.of.name)!.written);
    if (least === undefined) continue;
    const back = new Members(value).structs(name).map((output) => ({
      ...{ token: output.address("token"), units: least(output), to: output.address("recipient") },
    }));
    return { back };
  }
  return undefined;
}
