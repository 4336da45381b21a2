// Transactions: read as ethers and viem write them, signed as they sign, and refused by name where anything is wrong.

import assert from "node:assert/strict";
import { test } from "node:test";
import { getBytes, hexlify, Signature, SigningKey, verifyAuthorization } from "ethers";
import fc from "fast-check";
import { keccak256, parseTransaction, recoverTransactionAddress, type TransactionSerialized } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { toHex } from "../../src/bytes.ts";
import type { Address } from "../../src/eip55.ts";
import {
  agreeOnTransaction,
  checkSigned,
  type EthereumTransaction,
  readTransaction,
  recoveryOf,
  writeSignature,
} from "../../src/ethereum/transaction/index.ts";
import { nobleCurve } from "../../src/keys/curve-noble.ts";
import {
  dataTypeOf,
  ethersOf,
  type Plan,
  planOf,
  secret,
  unsignedBytes,
  viemBytes,
  viemOf,
} from "./transaction-plans.ts";

const TYPES = [0, 1, 2, 3, 4] as const;
/** Handovers are signed and led back to their accounts one by one: that takes its time. */
const READ = { 0: 1000, 1: 1000, 2: 1000, 3: 1000, 4: 300 } as const;
const SIGNED = 250;
const curve = nobleCurve();

/** The fields as they were asked for, in one spelling. */
function asked(plan: Plan) {
  return {
    ...{ type: plan.type, chainId: plan.chainId, nonce: plan.nonce, to: plan.to, value: plan.value },
    ...{ data: hexlify(plan.data), gasLimit: plan.gasLimit },
    prices: plan.type <= 1 ? [plan.price] : [plan.price, plan.priority],
    access: plan.access.map(({ address, storageKeys }) => [address, ...storageKeys]),
    blobs: plan.type === 3 ? [plan.blobFee, ...plan.blobs] : [],
    authorizations: plan.authorizations.map(({ address, chainId, nonce, signature }) => {
      const { r, s, yParity } = Signature.from(signature);
      return [chainId, address.toLowerCase(), nonce, BigInt(r), BigInt(s), yParity];
    }),
  };
}

function read(tx: EthereumTransaction) {
  return {
    ...{ type: tx.type, chainId: tx.chainId, nonce: tx.nonce, to: tx.to?.toLowerCase(), value: tx.value },
    ...{ data: hexlify(tx.data), gasLimit: tx.gasLimit },
    prices: [tx.gasPrice, tx.maxFeePerGas, tx.maxPriorityFeePerGas].filter((one) => one !== undefined),
    access: tx.accessList.map(({ address, slots }) => [
      address.toLowerCase(),
      ...slots.map((one) => hexlify(one)),
    ]),
    blobs: [tx.maxFeePerBlobGas, ...tx.blobHashes.map((one) => hexlify(one))].filter(
      (one) => one !== undefined,
    ),
    authorizations: tx.authorizations.map(({ chainId, delegate, nonce, r, s, yParity }) => [
      ...[chainId, delegate.toLowerCase(), nonce, r, s, yParity],
    ]),
  };
}

for (const type of TYPES)
  test(`${READ[type]} transactions of type ${type} are read as ethers and viem write them, by two readers`, () => {
    fc.assert(
      fc.property(planOf(type), (plan) => {
        const bytes = unsignedBytes(plan);
        assert.equal(hexlify(viemBytes(plan)), hexlify(bytes));
        const tx = readTransaction(bytes, dataTypeOf(plan));
        assert.deepEqual(read(tx), asked(plan));
        assert.equal(hexlify(tx.digest), ethersOf(plan).unsignedHash);
        assert.equal(hexlify(tx.digest), keccak256(hexlify(viemBytes(plan)) as `0x${string}`));
        assert.deepEqual(
          tx.authorizations.map(({ authority }) => authority),
          plan.authorizations.map((one) => verifyAuthorization(one, one.signature)),
        );
        agreeOnTransaction(tx, bytes);
      }),
      { numRuns: READ[type] },
    );
  });

const BELOW = 0x1_0000_0000n;

for (const type of TYPES)
  test(`${SIGNED} transactions of type ${type} are signed as ethers and viem sign them, and lead back to their account`, async () => {
    const property = fc.asyncProperty(planOf(type), secret, async (plan, key) => {
      const bytes = unsignedBytes(plan);
      const tx = readTransaction(bytes, dataTypeOf(plan));
      const signature = curve.signEcdsa(tx.digest, getBytes(key));
      const recovery = recoveryOf(curve, tx.digest, signature, curve.publicKey(getBytes(key)));
      const form = type === 0 ? "legacy" : "typed-transaction";
      const reply = writeSignature(form, signature, recovery, tx.chainId);
      const theirs = new SigningKey(key).sign(tx.digest);
      assert.equal(`0x${toHex(reply.subarray(0, 64))}`, theirs.r + theirs.s.slice(2));
      assert.equal(recovery, theirs.yParity);

      const v = BigInt(hexlify(reply.subarray(64)));
      const account = privateKeyToAccount(key as `0x${string}`);
      // viem counts v in numbers that are exact only for lower chains.
      if (type !== 0 || plan.chainId < BELOW) {
        const signed = (await account.signTransaction(viemOf(plan))) as TransactionSerialized;
        assert.equal(await recoverTransactionAddress({ serializedTransaction: signed }), account.address);
        const parsed = parseTransaction(signed);
        assert.equal(v, type === 0 ? parsed.v : BigInt(parsed.yParity!));
      }
      const sent = ethersOf(plan);
      sent.signature = theirs;
      assert.equal(sent.from, account.address);
      if (type === 0) assert.equal(v, Signature.getChainIdV(plan.chainId, theirs.v));
      checkSigned(bytes, reply, account.address as Address);
    });
    await fc.assert(property, { numRuns: SIGNED });
  });
