// Published examples: that of EIP 155, and the request that ERC 4527's tests print.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { computeAddress, getBytes, hexlify } from "ethers";
import { fromHex, toHex } from "../../src/bytes.ts";
import type { Address } from "../../src/eip55.ts";
import {
  agreeOnTransaction,
  checkSigned,
  readTransaction,
  recoveryOf,
  writeSignature,
} from "../../src/ethereum/transaction/index.ts";
import { nobleCurve } from "../../src/keys/curve-noble.ts";

/** EIP 155, "Example". */
const EIP155 = {
  key: "46".repeat(32),
  unsigned: "ec098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a764000080018080",
  digest: "daf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53",
  v: 37,
  r: 18515461264373351373200002665853028612451056578545711640558177340181847433846n,
  s: 46948507304638947509940763649030358759909902576025900602547168820602576006531n,
} as const;

test("the example of EIP 155: its fields, its hash, its signature", () => {
  const data = fromHex(EIP155.unsigned)!;
  const tx = readTransaction(data, 1);
  agreeOnTransaction(tx, data);
  const { nonce, gasPrice, gasLimit, to, value, chainId } = tx;
  assert.deepEqual(
    [nonce, gasPrice, gasLimit, to, value, tx.data.length, chainId],
    [9n, 20n * 10n ** 9n, 21000n, `0x${"35".repeat(20)}`, 10n ** 18n, 0, 1n],
  );
  assert.equal(toHex(tx.digest), EIP155.digest);

  const curve = nobleCurve();
  const key = fromHex(EIP155.key)!;
  const signature = curve.signEcdsa(tx.digest, key);
  const recovery = recoveryOf(curve, tx.digest, signature, curve.publicKey(key));
  const reply = writeSignature("legacy", signature, recovery, chainId);
  assert.equal(BigInt(hexlify(reply.subarray(0, 32))), EIP155.r);
  assert.equal(BigInt(hexlify(reply.subarray(32, 64))), EIP155.s);
  assert.deepEqual([...reply.subarray(64)], [EIP155.v]);
  checkSigned(data, reply, computeAddress(`0x${EIP155.key}`) as Address);
});

test("the transaction in ERC 4527's tests names no chain where a chain belongs, and is refused for it", () => {
  const file = join(import.meta.dirname, "../vectors/ethereum/erc4527.json");
  const { registry } = JSON.parse(readFileSync(file, "utf8"));
  const of = (name: string) =>
    registry.find(({ source }: { source: { path: string } }) => source.path.endsWith(`/${name}`)).tests[0]
      .hex[0];
  const data = getBytes(`0x${of("EthSignRequest.test.ts")}`);
  assert.equal(data.length, 75);
  assert.throws(() => readTransaction(data, 1), { reason: "ethereum.no-chain", detail: "chain id: 0" });
});
