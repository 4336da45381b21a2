// What it takes to read a transaction of Ethereum by both readers, by the length of its data; beside ethers, which
// reads it once.

import { getBytes, hexlify, Transaction } from "ethers";
import { agreeOnTransaction, readTransaction } from "../../src/ethereum/transaction/index.ts";

const ROUNDS = 11;
const TO = `0x${"35".repeat(20)}`;

/** Milliseconds, the median of the rounds. */
function millis(work: () => void): number {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return rounds.sort((a, b) => a - b)[ROUNDS >> 1]!;
}

function unsigned(length: number): Uint8Array {
  const data = hexlify(Uint8Array.from({ length }, (_, i) => (i * 31) ^ (i >> 8)));
  const fees = { maxFeePerGas: 20_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n };
  const tx = Transaction.from({ type: 2, chainId: 1, nonce: 9, to: TO, data, gasLimit: 16_000_000, ...fees });
  return getBytes(tx.unsignedSerialized);
}

console.log("KB of data   first reader   both readers   ethers   both : ethers   (ms)");
for (const kilobytes of [1, 10, 100, 500]) {
  const bytes = unsigned(kilobytes * 1024);
  const read = () => readTransaction(bytes, 4);
  const both = () => agreeOnTransaction(read(), bytes);
  const theirs = () => Transaction.from(hexlify(bytes)).unsignedHash;
  for (const warm of [read, both, theirs]) warm();
  const [first, twice, ethers] = [millis(read), millis(both), millis(theirs)];
  const cells = [first, twice, ethers].map((time) => time.toFixed(2).padStart(12));
  console.log(
    `${String(kilobytes).padStart(10)}${cells.join("   ")}${(twice / ethers).toFixed(2).padStart(10)}`,
  );
}
