// What is judged: taken from the very review that is shown.
//
// With inputs of others nobody can tell who pays whom. What leaves us is still certain: our inputs less what of the
// outputs stays ours; no amount of anybody else's enters into it. All that can be lost to one destination, or to the
// miners, is at most that. So every foreign output is a destination, ours to judge, and amounts are cut to what leaves.

import { sha256 } from "@noble/hashes/sha2.js";
import { toHex } from "../bytes.ts";
import type { Review, ReviewInput } from "../model.ts";
import type { Amount, Destination, Spend, Unusual } from "../rules.ts";
import { utf8 } from "../text.ts";
import type { Outputs } from "./outputs.ts";
import type { Spending } from "./spending/spending.ts";

interface Shown {
  readonly review: Review;
  readonly spending: Spending;
  readonly outputs: Outputs;
}

export function spendOf({ review, spending, outputs }: Shown): Spend {
  const wallets = spending.templates.map(({ wallet }) => wallet);
  const ours = wallets.flatMap(({ keys }) => keys.filter((key) => key.ours));
  const most = (units: bigint): Amount => btc(units < review.leavesSats ? units : review.leavesSats);
  return {
    network: review.network,
    key: ours[0]?.fingerprint ?? "",
    wallets: wallets.map(({ name, fingerprint }) => ({ name, fingerprint })),
    txid: review.txid,
    outpoints: review.inputs.map(({ outpoint }) => outpoint),
    amounts: amountsOf(review.inputs),
    takes: [btc(review.leavesSats)],
    fee: most(review.feeSats),
    feeRate: review.feeRate,
    feePercent: review.feePercent,
    feeProven: review.feeProven,
    destinations: review.outputs.flatMap((_, i) => destinationOf(review, outputs, i, most) ?? []),
    ...(review.lockTimeHolds && review.lockTime > 0 ? { lockTime: review.lockTime } : {}),
    unusual: unusualIn(review, wallets.length),
  };
}

function btc(units: bigint): Amount {
  return { asset: "btc", units };
}

function destinationOf(
  review: Review,
  { wallets, leaving }: Outputs,
  i: number,
  most: (units: bigint) => Amount,
): Destination | undefined {
  const { owner, shared, address, scriptHex, parties } = review.outputs[i]!;
  if (owner !== "foreign" && !shared) return undefined;
  return {
    to: address ?? scriptHex,
    amount: most(leaving[i]!),
    ...(shared ? { wallet: wallets[i]!.fingerprint } : {}),
    ...(parties ? { parties } : {}),
  };
}

const DATA = "6a";

function unusualIn({ warnings, inputs, outputs, feeProven }: Review, wallets: number): Unusual[] {
  const bare = outputs.filter(({ address }) => address === undefined);
  const holds: Record<Unusual, boolean> = {
    "unproven fee": !feeProven,
    "unknown script": bare.some(({ scriptHex }) => !scriptHex.startsWith(DATA)),
    "data output": bare.some(({ scriptHex }) => scriptHex.startsWith(DATA)),
    "foreign input": inputs.some(({ owner }) => owner === "foreign"),
    "mixed wallets": wallets > 1,
    "lock time": warnings.includes("lock-time") || warnings.includes("relative-lock-time"),
  };
  return (Object.keys(holds) as Unusual[]).filter((what) => holds[what]);
}

/**
 * Which inputs count as ours belongs to what is claimed: shown twice, with another coin of ours passed off as somebody
 * else's each time, one transaction would seem to take nothing twice, and take both coins.
 */
function amountsOf(inputs: readonly ReviewInput[]): string {
  const lines = inputs.map(
    ({ outpoint, amountSats, owner }) =>
      `${outpoint} ${amountSats}${owner === "foreign" ? " foreign" : ""}\n`,
  );
  return toHex(sha256(utf8(lines.join(""))));
}
