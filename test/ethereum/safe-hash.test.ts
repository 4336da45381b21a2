// What is signed for a Safe has the hash that Safe's contracts compute, and its types are known to the last letter.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { ethers } from "ethers";
import fc from "fast-check";
import { hashTypedData } from "viem";
import { toHex } from "../../src/bytes.ts";
import type { Address } from "../../src/eip55.ts";
import { actsOfSafeTx, checkSafeChain, safeOfTyped } from "../../src/ethereum/safe/index.ts";
import { readTyped } from "../../src/ethereum/typed/index.ts";
import { Refusal } from "../../src/refusal.ts";
import { SAFE_VERSIONS } from "../../src/safe.ts";
import { utf8 } from "../../src/text.ts";
import {
  contextOf,
  DORA,
  familySafe,
  SAFE_ADDRESS,
  SAFE_MESSAGE,
  SAFE_TX,
  told,
  txFields,
  typedText,
  typedTx,
} from "./safe-stage.ts";

interface Vector {
  readonly source: string;
  readonly chainId?: number;
  readonly safe: string;
  readonly hash: string;
  readonly [field: string]: string | number | undefined;
}

const { constants, transactions } = JSON.parse(
  readFileSync(new URL("../vectors/ethereum/safe.json", import.meta.url), "utf8"),
) as { constants: Record<string, string>; transactions: readonly Vector[] };

const hashOf = (typed: { digest: Uint8Array }) => `0x${toHex(typed.digest)}`;

describe("a Safe's transaction is hashed from its fields", () => {
  it("as the contracts' constants say", () => {
    const typed = typedTx(txFields());
    const message = readTyped(utf8(typedText({ message: "0x" }, { types: SAFE_MESSAGE })));
    const old = typedTx(txFields(), {}, true);
    assert.equal(ethers.id(typed.type), constants.SAFE_TX_TYPEHASH);
    assert.equal(ethers.id(typed.domainType), constants.DOMAIN_SEPARATOR_TYPEHASH);
    assert.equal(ethers.id(old.domainType), constants.DOMAIN_SEPARATOR_TYPEHASH_BEFORE_1_3_0);
    assert.equal(ethers.id(message.type), constants.SAFE_MSG_TYPEHASH);
  });

  it("as programs published it", () => {
    assert.equal(transactions.length, 5);
    for (const { source, chainId, safe, hash, ...fields } of transactions) {
      const text = typedText(
        { ...fields, baseGas: "0" },
        { safe, chainId: BigInt(chainId ?? 1) },
        chainId === undefined,
      );
      assert.equal(hashOf(readTyped(utf8(text))), hash, source);
    }
  });

  it("as ethers and viem hash it, over thousands of transactions", () => {
    const address = fc
      .uint8Array({ minLength: 20, maxLength: 20 })
      .map((b) => ethers.getAddress(ethers.hexlify(b)));
    const number = fc.bigInt({ min: 0n, max: (1n << 256n) - 1n });
    const fields = fc.record({
      ...{
        to: address,
        value: number,
        data: fc.uint8Array({ maxLength: 100 }).map((b) => ethers.hexlify(b)),
      },
      ...{ operation: fc.integer({ min: 0, max: 1 }), safeTxGas: number, baseGas: number, gasPrice: number },
      ...{ gasToken: address, refundReceiver: address, nonce: number },
    });
    const chain = fc.bigInt({ min: 1n, max: BigInt(Number.MAX_SAFE_INTEGER) });
    fc.assert(
      fc.property(fields, address, chain, fc.boolean(), (message, safe, chainId, chainless) => {
        const typed = typedTx(message, { safe, chainId }, chainless);
        const domain = { ...(chainless ? {} : { chainId }), verifyingContract: safe };
        assert.equal(hashOf(typed), ethers.TypedDataEncoder.hash(domain, SAFE_TX, message));
        const forViem = { domain, types: SAFE_TX, primaryType: "SafeTx", message };
        assert.equal(hashOf(typed), hashTypedData(forViem as never));
        const own = familySafe({
          ...{ chainId, address: safe as Address, version: chainless ? "1.1.1" : "1.4.1" },
        });
        const of = safeOfTyped(typed, contextOf({ safes: [own] }));
        assert.equal(of?.nonce, message.nonce);
        assert.deepEqual(of?.outpoints, [`${chainId}/${safe.toLowerCase()}/safe/${message.nonce}`]);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("what only looks like a Safe's transaction is none", () => {
  const changed: readonly [string, Record<string, { name: string; type: string }[]>][] = [
    ["a field more", { SafeTx: [...SAFE_TX.SafeTx, { name: "memo", type: "string" }] }],
    ["a field less", { SafeTx: SAFE_TX.SafeTx.slice(0, -1) }],
    ["another order", { SafeTx: [SAFE_TX.SafeTx[1]!, SAFE_TX.SafeTx[0]!, ...SAFE_TX.SafeTx.slice(2)] }],
    [
      "another type",
      { SafeTx: SAFE_TX.SafeTx.map((one) => (one.name === "operation" ? { ...one, type: "uint256" } : one)) },
    ],
    ["another name", { SafeTX: SAFE_TX.SafeTx }],
  ];
  for (const [what, types] of changed)
    it(what, () => {
      const [primary] = Object.values(types);
      const given = { ...txFields(), memo: "" } as unknown as Record<string, unknown>;
      const message = Object.fromEntries(primary!.map(({ name }) => [name, given[name]]));
      const typed = readTyped(utf8(typedText(message, { types })));
      assert.equal(safeOfTyped(typed, contextOf()), undefined);
      assert.equal(actsOfSafeTx(typed, contextOf()), undefined);
    });

  it("another domain", () => {
    const text = typedText({ ...txFields() }).replace('"domain":{', '"domain":{"name":"Safe",');
    const named = text.replace('"EIP712Domain":[', '"EIP712Domain":[{"name":"name","type":"string"},');
    assert.equal(actsOfSafeTx(readTyped(utf8(named)), contextOf()), undefined);
  });
});

describe("whose Safe it is", () => {
  const refused = (act: () => unknown, reason: string) =>
    assert.throws(act, (problem) => problem instanceof Refusal && problem.reason === reason);

  it("one that is registered is named, with owners, threshold, nonce and fingerprint", () => {
    const safe = familySafe();
    const [outer] = actsOfSafeTx(typedTx(txFields({ value: 5n })), contextOf())!;
    assert.match(told([outer!]), /"Family"/);
    assert.match(told([outer!]), /You sign as owner 1 of 3\. 2 of 3 owners must sign\./);
    assert.ok(told([outer!]).includes(safe.fingerprint));
    assert.equal(outer?.tone, "calm");
    assert.deepEqual(outer?.facts.find(({ label }) => label === "Safe's nonce")?.value, {
      kind: "number",
      value: 7n,
    });
  });

  it("one that is not registered is said to be so, in caution", () => {
    const [outer] = actsOfSafeTx(typedTx(txFields()), contextOf({ safes: [] }))!;
    assert.equal(outer?.tone, "caution");
    assert.match(outer!.says.join(" "), /A Safe that is not registered here/);
  });

  it("one that only looks like a registered one is said in red to be another", () => {
    const known = familySafe({ address: "0x4F2083f5fBede34C2714aFfb3105539775f7FE64" });
    const like = ethers.getAddress(`0x4f2083${"5".repeat(28)}f7fe64`);
    const [outer] = actsOfSafeTx(typedTx(txFields(), { safe: like }), contextOf({ safes: [known] }))!;
    assert.equal(outer?.tone, "danger");
    assert.match(outer!.says.join(" "), /begins and ends like that of Family/);
  });

  it("an account that is no owner signs nothing for it", () => {
    refused(() => actsOfSafeTx(typedTx(txFields()), contextOf({ account: DORA })), "safe.not-owner");
  });

  it("the same address on another chain is refused by name", () => {
    refused(() => actsOfSafeTx(typedTx(txFields(), { chainId: 10n }), contextOf()), "safe.other-chain");
  });

  it("a domain of another version is refused by name", () => {
    refused(() => actsOfSafeTx(typedTx(txFields(), {}, true), contextOf()), "safe.other-version");
    const old = contextOf({ safes: [familySafe({ version: "1.1.1" })] });
    refused(() => actsOfSafeTx(typedTx(txFields()), old), "safe.other-version");
  });

  it("without a chain, one that is not registered is refused", () => {
    refused(
      () => actsOfSafeTx(typedTx(txFields(), {}, true), contextOf({ safes: [] })),
      "safe.chain-unnamed",
    );
  });

  it("of every version, the domain is the one that its contract hashes, and an old one warns", () => {
    for (const version of SAFE_VERSIONS) {
      const chainless = version < "1.3.0";
      const context = contextOf({ safes: [familySafe({ version })] });
      const [outer] = actsOfSafeTx(typedTx(txFields(), {}, chainless), context)!;
      assert.equal(/names no chain/.test(outer!.says.join(" ")), chainless, version);
    }
  });

  it("an old one on two chains is refused, because nothing says which is meant", () => {
    const safes = [familySafe({ version: "1.1.1" }), familySafe({ version: "1.1.1", chainId: 100n })];
    refused(() => actsOfSafeTx(typedTx(txFields(), {}, true), contextOf({ safes })), "safe.other-chain");
  });

  it("an old one is signed for only on the chain that the request names, where it names one", () => {
    const of = safeOfTyped(
      typedTx(txFields(), {}, true),
      contextOf({ safes: [familySafe({ version: "1.1.1" })] }),
    )!;
    for (const chainId of [undefined, 1n]) assert.doesNotThrow(() => checkSafeChain(of, chainId));
    refused(() => checkSafeChain(of, 10n), "safe.other-chain");
  });

  it("an operation that no Safe has is refused", () => {
    refused(() => actsOfSafeTx(typedTx(txFields({ operation: 2 })), contextOf()), "safe.malformed");
  });

  it("a transaction of the Safe to itself with nothing in it is a cancellation", () => {
    const acts = actsOfSafeTx(typedTx(txFields({ to: SAFE_ADDRESS })), contextOf())!;
    assert.deepEqual([acts.length, acts[0]?.title], [1, "Cancel a transaction of a Safe"]);
    const paying = actsOfSafeTx(typedTx(txFields({ to: SAFE_ADDRESS, gasPrice: 1n })), contextOf())!;
    assert.equal(paying[0]?.takes.length, 1);
    for (const other of [{ value: 1n }, { data: "0x00" }, { operation: 1 }])
      assert.equal(actsOfSafeTx(typedTx(txFields({ to: SAFE_ADDRESS, ...other })), contextOf())!.length, 2);
  });
});
