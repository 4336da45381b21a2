// Typed data of many fields: read, agreed on by the second reader, and told as acts; beside ethers and viem, which only hash.

import { TypedDataEncoder } from "ethers";
import { hashTypedData } from "viem";
import type { Context } from "../../src/ethereum/context.ts";
import { actsOfTyped, agreeOnTyped, readTyped } from "../../src/ethereum/typed/index.ts";
import { bytesOf, forViem, type Json, type TypedPlan } from "../ethereum/typed-plans.ts";

const RUNS = 30;
const TARGET_MS = 300;
const ADDRESS = "0xcd2a3d9f938e13cd947ec05abc7fe734df8dd826";

/** Items of five members each. */
function planOf(fields: number): TypedPlan {
  const items = Array.from({ length: fields / 5 }, (_, i) => ({
    ...{ token: ADDRESS, amount: `${10n ** 18n + BigInt(i)}`, note: `item number ${i}`, open: i % 2 === 0 },
    data: `0x${"ab".repeat(64)}`,
  }));
  const domain = { name: "Bench", version: "1", chainId: 1, verifyingContract: ADDRESS };
  return {
    types: {
      EIP712Domain: [
        { name: "name", type: "string" },
        { name: "version", type: "string" },
        { name: "chainId", type: "uint256" },
        { name: "verifyingContract", type: "address" },
      ],
      Basket: [{ name: "items", type: "Item[]" }],
      Item: [
        { name: "token", type: "address" },
        { name: "amount", type: "uint256" },
        { name: "note", type: "string" },
        { name: "open", type: "bool" },
        { name: "data", type: "bytes" },
      ],
    },
    primaryType: "Basket",
    domain,
    message: { items },
  };
}

const context: Context = {
  account: "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826",
  nowSeconds: 0n,
  safes: [],
  nameOf: () => undefined,
  readCall: () => [],
};

function firn(data: Uint8Array): void {
  const typed = readTyped(data);
  agreeOnTyped(typed, data);
  if (actsOfTyped(typed, context).length !== 1) throw new Error("one act");
}

function ethersHash(data: Uint8Array): void {
  const { domain, types, message } = JSON.parse(Buffer.from(data).toString());
  const { EIP712Domain: _, ...own } = types;
  TypedDataEncoder.hash(domain, own, message);
}

function viemHash(data: Uint8Array): void {
  const plan = JSON.parse(Buffer.from(data).toString());
  hashTypedData({ ...plan, message: forViem(plan.primaryType, plan.message, plan.types) } as Json);
}

/** The median, and the first, which no compiler has seen before. */
function timed(run: () => void): { first: number; median: number } {
  const times = Array.from({ length: RUNS }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return { first: times[0]!, median: times.sort((a, b) => a - b)[RUNS / 2]! };
}

const ms = (value: number) => `${value.toFixed(1)} ms`;

console.log("typed data: read, agreed on and told, median of 30 (first run in brackets)");
const medians: number[] = [];
for (const fields of [500, 1000, 2000, 3000]) {
  const data = bytesOf(planOf(fields));
  const own = timed(() => firn(data));
  const read = timed(() => void readTyped(data));
  const [ethers, viem] = [timed(() => ethersHash(data)), timed(() => viemHash(data))];
  medians.push(own.median);
  console.log(
    `  ${fields} fields, ${data.length} bytes: ${ms(own.median)} (${ms(own.first)}), of which read ${ms(read.median)}; ` +
      `ethers' hash ${ms(ethers.median)}, viem's ${ms(viem.median)}`,
  );
  if (fields === 500 && own.first > TARGET_MS) {
    console.error(`  slower than ${TARGET_MS} ms`);
    process.exitCode = 1;
  }
}
console.log(`  four times the fields: ${(medians[2]! / medians[0]!).toFixed(1)} times the time`);
