// What is shown of a transaction beside its acts: its type in words, and where what it can cost comes from.

import type { ActFact } from "../../act.ts";
import { coinOf } from "../../assets.ts";
import type { Address } from "../../eip55.ts";
import type { Amount } from "../../rules.ts";
import type { Context } from "../context.ts";
import { BLOB_GAS, leastGas, mostUnits } from "./sense.ts";
import type { EthereumTransaction, TransactionType } from "./transaction.ts";

const TYPES: Readonly<Record<TransactionType, string>> = {
  0: "legacy, for one chain (EIP 155)",
  1: "with an access list (EIP 2930)",
  2: "with a highest fee (EIP 1559)",
  3: "carries blobs (EIP 4844)",
  4: "hands accounts over (EIP 7702)",
};
/** EIP 7825: Ethereum takes no transaction with a higher gas limit. */
const CAP = 1n << 24n;
const MAINNET = 1n;
/** On these gas is all that is paid. Others (the OP Stack's, Scroll) charge for data on the chain below as well. */
const GAS_IS_ALL: ReadonlySet<bigint> = new Set(
  [1, 14, 25, 30, 50, 56, 100, 137, 143, 146, 8217, 33139, 42161, 42170, 43114, 59144, 80094]
    .concat([97, 10143, 10200, 17000, 43113, 59141, 80002, 421614, 560048, 11155111])
    .map(BigInt),
);

/** Gas and blobs at their highest price, in the chain's coin. */
export function mostFee(tx: EthereumTransaction): Amount {
  return { asset: coinOf(tx.chainId), units: mostUnits(tx) };
}

export function factsOfTransaction(tx: EthereumTransaction, context: Context): readonly ActFact[] {
  return [
    { label: "Type", value: words(TYPES[tx.type]), ...(tx.type === 4 ? { tone: "danger" } : {}) },
    ...gasFacts(tx),
    ...blobFacts(tx),
    ...moreFacts(tx.chainId),
    ...accessFacts(tx, context),
  ];
}

function words(text: string): ActFact["value"] {
  return { kind: "words", text };
}

function gasFacts(tx: EthereumTransaction): readonly ActFact[] {
  const { chainId, gasLimit, gasPrice, maxFeePerGas, maxPriorityFeePerGas } = tx;
  const limit: ActFact = { label: "Gas limit", value: { kind: "number", value: gasLimit } };
  const price = gasPrice ?? maxFeePerGas ?? 0n;
  return [
    ...withDoubt(limit, gasLimit > CAP ? tooMuch(chainId) : tooLittle(tx)),
    maxPriorityFeePerGas === undefined
      ? { label: "Price of gas", value: words(gwei(price)) }
      : {
          label: "Highest price of gas",
          value: words(`${gwei(price)}, with a tip of up to ${gwei(maxPriorityFeePerGas)}`),
        },
  ];
}

function withDoubt(limit: ActFact, doubt: ActFact | undefined): readonly ActFact[] {
  return doubt ? [{ ...limit, tone: "caution" }, doubt] : [limit];
}

function tooLittle(tx: EthereumTransaction): ActFact | undefined {
  const least = leastGas(tx);
  if (tx.gasLimit >= least) return undefined;
  const text = `Ethereum asks ${least} at the least for this: it would not be carried out`;
  return { label: "So little gas", value: words(text), tone: "caution" };
}

function tooMuch(chainId: bigint): ActFact {
  const text =
    chainId === MAINNET
      ? "more than Ethereum takes in one transaction (EIP 7825): it would not be carried out"
      : "more than most chains take in one transaction (EIP 7825)";
  return { label: "So much gas", value: words(text), tone: "caution" };
}

function blobFacts({ type, blobHashes, maxFeePerBlobGas }: EthereumTransaction): readonly ActFact[] {
  if (type !== 3) return [];
  const gas = BLOB_GAS * BigInt(blobHashes.length);
  return [
    { label: "Gas of its blobs", value: { kind: "number", value: gas } },
    { label: "Highest price of blob gas", value: words(gwei(maxFeePerBlobGas ?? 0n)) },
    ...blobHashes.map((bytes, i) => ({
      label: `Blob ${i + 1} of ${blobHashes.length}`,
      value: { kind: "bytes" as const, bytes },
    })),
  ];
}

/** The account pays this as well, and nothing in the transaction bounds it. */
function moreFacts(chainId: bigint): readonly ActFact[] {
  if (GAS_IS_ALL.has(chainId)) return [];
  const text = "this chain may charge for data too: no transaction can bound that";
  return [{ label: "Beside gas", value: words(text), tone: "caution" }];
}

function accessFacts({ accessList, chainId }: EthereumTransaction, context: Context): readonly ActFact[] {
  const count = accessList.length;
  if (count === 0) return [];
  const slots = accessList.reduce((sum, entry) => sum + entry.slots.length, 0);
  return [
    { label: "Access list", value: words(`${counted(count, "contract")}, ${counted(slots, "slot")}`) },
    ...accessList.map(({ address }, i) => ({
      label: `Access ${i + 1} of ${count}`,
      value: named(address, chainId, context),
    })),
  ];
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

function named(address: Address, chainId: bigint, context: Context): ActFact["value"] {
  const name = context.nameOf(chainId, address);
  return { kind: "address", address, ...(name === undefined ? {} : { name }) };
}

const GWEI_PLACES = 9;

/** "20 gwei", "0.000000001 gwei": exact. */
function gwei(wei: bigint): string {
  const digits = wei.toString().padStart(GWEI_PLACES + 1, "0");
  const fraction = digits.slice(-GWEI_PLACES).replace(/0+$/, "");
  return `${digits.slice(0, -GWEI_PLACES)}${fraction === "" ? "" : `.${fraction}`} gwei`;
}
