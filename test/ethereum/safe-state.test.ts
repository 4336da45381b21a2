// What a home keeps of Ethereum: Safes and the administrators' descriptors.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type EthereumParts, readEthereum, writeEthereum } from "../../src/flows/state-ethereum.ts";
import { LIMITS } from "../../src/limits.ts";
import { Refusal } from "../../src/refusal.ts";
import { type Safe, type SafeFacts, safeOf } from "../../src/safe.ts";
import { addressOf } from "./safe-stage.ts";

const facts: SafeFacts = {
  ...{ chainId: 100n, address: addressOf(9), owners: [addressOf(3), addressOf(1), addressOf(2)] },
  ...{ threshold: 2, version: "1.3.0" },
};

function again(parts: EthereumParts): EthereumParts {
  return readEthereum(JSON.parse(JSON.stringify(writeEthereum(parts))));
}

function refused(change: Record<string, unknown>): void {
  const { safes } = JSON.parse(JSON.stringify(writeEthereum({ safes: [safeOf("Family", facts)] })));
  assert.doesNotThrow(() => readEthereum({ safes }));
  assert.throws(
    () => readEthereum({ safes: [{ ...safes[0], ...change }] }),
    (problem) => problem instanceof Refusal && problem.reason === "vault.damaged",
  );
}

describe("the sealed state knows Ethereum", () => {
  it("a Safe comes back as it was kept, its fingerprint computed anew", () => {
    const safes: readonly Safe[] = [safeOf("Family", facts), safeOf("Firm", { ...facts, chainId: 1n })];
    assert.deepEqual(again({ safes }), { safes });
    assert.ok(!JSON.stringify(writeEthereum({ safes })).includes(safes[0]!.fingerprint));
  });

  it("descriptors come back as they were kept", () => {
    const descriptors = { number: 7, texts: ['{"a":1}', "two"] };
    assert.deepEqual(again({ descriptors }), { descriptors });
  });

  it("a home that was written before has none", () => {
    assert.deepEqual(readEthereum({ version: 3 }), {});
    assert.deepEqual(again({ safes: [] }), {});
  });

  it("nothing that was not written so is read", () => {
    refused({ chainId: 1 });
    refused({ chainId: "0" });
    refused({ chainId: "12345678901234567" });
    refused({ address: "0x12" });
    refused({ owners: [] });
    refused({ owners: [addressOf(1), addressOf(1)] });
    refused({ owners: Array.from({ length: LIMITS.safeOwners + 1 }, (_, i) => addressOf(i + 1)) });
    refused({ threshold: 0 });
    refused({ threshold: 4 });
    refused({ version: "1.9.9" });
    refused({ name: 7 });
    for (const descriptors of [7, { number: -1, texts: [] }, { number: 1, texts: [7] }])
      assert.throws(() => readEthereum({ descriptors }), Refusal);
    const texts = ["x".repeat(LIMITS.documentBytes), "y"];
    assert.throws(() => readEthereum({ descriptors: { number: 1, texts } }), Refusal);
  });
});
