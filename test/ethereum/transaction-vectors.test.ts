// Published examples: that of EIP 155, the request that ERC 4527's tests print, transactions of EIPs 155, 2930, 1559 and
// 4844 as ethers publishes them with their keys, and a handover (EIP 7702) as MetaMask does.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { computeAddress, getBytes, hexlify, Signature, Transaction } from "ethers";
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

const PUBLISHED = JSON.parse(
  readFileSync(join(import.meta.dirname, "../vectors/ethereum/transactions.json"), "utf8"),
);
const FORKS = [
  ["Eip155", "legacy", 0],
  ["Berlin", "typed-transaction", 1],
  ["London", "typed-transaction", 2],
  ["Cancun", "typed-transaction", 3],
] as const;

for (const [fork, form, type] of FORKS)
  test(`published transactions of type ${type} are read field by field, and signed as they were published`, () => {
    const curve = nobleCurve();
    let read = 0;
    for (const { transaction, privateKey, ...vector } of PUBLISHED.cases) {
      const data = getBytes(vector[`unsigned${fork}`]);
      if (type === 3 && !transaction.blobVersionedHashes?.length) {
        assert.throws(() => readTransaction(data, 4), { detail: "blob hashes: none" });
        continue;
      }
      const tx = readTransaction(data, type === 0 ? 1 : 4);
      agreeOnTransaction(tx, data);
      assert.deepEqual(
        [tx.type, tx.chainId, tx.nonce, tx.to, tx.value, hexlify(tx.data), tx.gasLimit],
        [
          ...[type, BigInt(transaction.chainId), BigInt(transaction.nonce ?? 0), transaction.to],
          ...[BigInt(transaction.value ?? 0), transaction.data ?? "0x", BigInt(transaction.gasLimit ?? 0)],
        ],
      );
      const price = type < 2 ? tx.gasPrice : tx.maxFeePerGas;
      assert.equal(price, BigInt((type < 2 ? transaction.gasPrice : transaction.maxFeePerGas) ?? 0));
      const list = type === 0 ? [] : (transaction.accessList ?? []);
      assert.deepEqual(
        tx.accessList.map(({ address, slots }) => ({
          address,
          storageKeys: slots.map((slot) => hexlify(slot)),
        })),
        list,
      );
      assert.deepEqual(
        tx.blobHashes.map((hash) => hexlify(hash)),
        type === 3 ? transaction.blobVersionedHashes : [],
      );

      const key = getBytes(privateKey);
      const signature = curve.signEcdsa(tx.digest, key);
      const recovery = recoveryOf(curve, tx.digest, signature, curve.publicKey(key));
      const reply = writeSignature(form, signature, recovery, tx.chainId);
      checkSigned(data, reply, computeAddress(privateKey) as Address);
      const whole = Transaction.from(hexlify(data));
      const [r, s] = [hexlify(reply.subarray(0, 32)), hexlify(reply.subarray(32, 64))];
      whole.signature = Signature.from({
        r,
        s,
        v: BigInt(hexlify(reply.subarray(64))) + (type === 0 ? 0n : 27n),
      });
      assert.equal(whole.serialized, vector[`signed${fork}`]);
      read++;
    }
    assert.ok(read >= 4, `${read} of them`);
  });

test("the handover that MetaMask publishes is its signer's, in a transaction that carries it", () => {
  const { address, chainId, nonce, signature, privateKey } = PUBLISHED.authorization;
  const like = {
    ...{
      type: 4,
      chainId,
      nonce: 0,
      to: address,
      gasLimit: 100_000n,
      maxFeePerGas: 1n,
      maxPriorityFeePerGas: 1n,
    },
    authorizationList: [{ address, chainId, nonce, signature }],
  };
  const data = getBytes(Transaction.from(like).unsignedSerialized);
  const tx = readTransaction(data, 4);
  agreeOnTransaction(tx, data);
  const [one] = tx.authorizations;
  assert.equal(tx.authorizations.length, 1);
  assert.deepEqual(
    [one!.authority, one!.delegate, one!.chainId, one!.nonce],
    [computeAddress(privateKey), address, BigInt(chainId), BigInt(nonce)],
  );
});
