// What no program that means well asks for, although it can be written: prices that contradict each other, recipients
// that must be there and are not. And gas that does not even pay for the bytes, which no node takes: that is only said.

import { MOST_UNITS } from "../../assets.ts";
import { refuse } from "../../refusal.ts";
import type { EthereumTransaction } from "./transaction.ts";

/** Gas that is due before anything runs: EIPs 2028, 2930, 3860, 7702, and the yellow paper's for the rest. */
const GAS = {
  transaction: 21_000,
  creation: 32_000,
  zero: 4,
  other: 16,
  /** Each 32 bytes of a new contract's code. */
  word: 2,
  address: 2400,
  slot: 1900,
  authorization: 25_000,
} as const;
/** EIP 4844: gas of a blob. */
export const BLOB_GAS = 131_072n;

type Asked = Omit<EthereumTransaction, "digest">;

export function checkSense(transaction: Asked): void {
  const { type, to, value, maxFeePerGas, maxPriorityFeePerGas } = transaction;
  if ((maxPriorityFeePerGas ?? 0n) > (maxFeePerGas ?? 0n))
    refuse(
      "ethereum.fees",
      `priority fee: ${maxPriorityFeePerGas} wei, and the highest fee is ${maxFeePerGas}`,
    );
  if (type >= 3 && to === undefined) refuse("ethereum.field", `to: empty, in a transaction of type ${type}`);
  if (mostUnits(transaction) + value > MOST_UNITS)
    refuse("ethereum.fees", "value and fee: more than there can be");
}

/** What it can cost at the most, in the smallest unit of the chain's coin. */
export function mostUnits(transaction: Asked): bigint {
  const { gasLimit, gasPrice, maxFeePerGas, maxFeePerBlobGas, blobHashes } = transaction;
  const blobs = BLOB_GAS * BigInt(blobHashes.length) * (maxFeePerBlobGas ?? 0n);
  return gasLimit * (gasPrice ?? maxFeePerGas ?? 0n) + blobs;
}

/** With less Ethereum takes no such transaction; other chains may reckon otherwise. */
export function leastGas({ to, data, accessList, authorizations }: Asked): bigint {
  let zeros = 0;
  for (const byte of data) if (byte === 0) zeros++;
  const creation = to === undefined ? GAS.creation + GAS.word * Math.ceil(data.length / 32) : 0;
  const slots = accessList.reduce((sum, entry) => sum + entry.slots.length, 0);
  return BigInt(
    GAS.transaction +
      creation +
      GAS.zero * zeros +
      GAS.other * (data.length - zeros) +
      GAS.address * accessList.length +
      GAS.slot * slots +
      GAS.authorization * authorizations.length,
  );
}
