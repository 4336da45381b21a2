// Whatever is sent for a Safe: no byte of it can change without what is shown changing with it.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ethers } from "ethers";
import fc from "fast-check";
import type { Act } from "../../src/act.ts";
import { fromHex } from "../../src/bytes.ts";
import type { Address } from "../../src/eip55.ts";
import { actsOfCall } from "../../src/ethereum/calls/index.ts";
import { actsOfSafeTx, safeCalls } from "../../src/ethereum/safe/index.ts";
import { Refusal } from "../../src/refusal.ts";
import {
  ANNA,
  BERT,
  CORA,
  contextOf,
  DORA,
  SAFE_ADDRESS,
  told,
  txFields,
  typedTx,
  ZERO,
} from "./safe-stage.ts";

const SENTINEL = "0x0000000000000000000000000000000000000001";
const FACTORY: Address = "0x4e1DCf7AD4e460CfD30791CCC4F9c8a4f820ec67";
const MULTI_SEND: Address = "0x38869bf66a61cF6bDB996A6aE40D5853Fd43B526";

const call = (signature: string, ...values: unknown[]) =>
  new ethers.Interface([`function ${signature}`]).encodeFunctionData(signature.split("(")[0]!, values);
const setup = call(
  "setup(address[],uint256,address,bytes,address,address,uint256,address)",
  ...[[ANNA, BERT, CORA], 2n, ZERO, "0x", "0xfd0732Dc9E303f09fCEf3a7388Ad10A83459Ec99", ZERO, 0n, ZERO],
);
const packed = ethers.solidityPacked(
  ["uint8", "address", "uint256", "uint256", "bytes"],
  [0, DORA, 5n, 3, "0x123456"],
);

interface Case {
  readonly to: Address;
  readonly data: string;
  readonly delegate?: true;
  /** Bytes that decide nothing, from and until: who stands before an owner in the contract's list, signatures. */
  readonly blind?: readonly [number, number];
}

/** As the Safe itself calls, or by a delegate call. */
const CASES: readonly Case[] = [
  { to: SAFE_ADDRESS, data: call("addOwnerWithThreshold(address,uint256)", DORA, 2n) },
  {
    to: SAFE_ADDRESS,
    data: call("removeOwner(address,address,uint256)", SENTINEL, CORA, 1n),
    blind: [16, 36],
  },
  {
    to: SAFE_ADDRESS,
    data: call("swapOwner(address,address,address)", SENTINEL, CORA, DORA),
    blind: [16, 36],
  },
  { to: SAFE_ADDRESS, data: call("changeThreshold(uint256)", 3n) },
  { to: SAFE_ADDRESS, data: call("enableModule(address)", DORA) },
  { to: SAFE_ADDRESS, data: call("disableModule(address,address)", SENTINEL, DORA), blind: [16, 36] },
  { to: SAFE_ADDRESS, data: call("setGuard(address)", DORA) },
  { to: SAFE_ADDRESS, data: call("setFallbackHandler(address)", DORA) },
  { to: SAFE_ADDRESS, data: call("changeMasterCopy(address)", DORA) },
  {
    to: SAFE_ADDRESS,
    data: call(
      "execTransaction(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,bytes)",
      ...[DORA, 5n, "0x1234", 0, 1n, 2n, 3n, ZERO, BERT, `0x${"11".repeat(65)}`],
    ),
    blind: [4 + 32 * 13, 4 + 32 * 13 + 65],
  },
  {
    to: SAFE_ADDRESS,
    data: call("execTransactionFromModule(address,uint256,bytes,uint8)", DORA, 5n, "0x1234", 0),
  },
  {
    to: FACTORY,
    data: call(
      "createProxyWithNonce(address,bytes,uint256)",
      "0x41675C099F32341bf84BFc5382aF534df5C7461a",
      setup,
      9n,
    ),
  },
  { to: MULTI_SEND, data: call("multiSend(bytes)", packed), delegate: true },
  { to: DORA, data: "0xa9059cbb000102", delegate: true },
];

function shown({ to, delegate }: Case, data: Uint8Array): string {
  try {
    const one = { chainId: 1n, from: SAFE_ADDRESS, to, value: 0n, data, depth: 0 };
    return told(actsOfCall(delegate ? { ...one, delegate } : one, contextOf()));
  } catch (problem) {
    if (problem instanceof Refusal) return `refused: ${problem.reason} ${problem.detail}`;
    throw problem;
  }
}

describe("what is sent for a Safe", () => {
  for (const one of CASES)
    it(`${one.data.slice(0, 10)}: each byte that is another shows another thing, or is refused`, () => {
      const data = fromHex(one.data.slice(2))!;
      const before = shown(one, data);
      assert.ok(!before.startsWith("refused"), before);
      for (let at = 0; at < data.length; at++) {
        if (one.blind && at >= one.blind[0] && at < one.blind[1]) continue;
        for (const flip of [1, 0x80]) {
          const other = data.slice();
          other[at]! ^= flip;
          assert.notEqual(shown(one, other), before, `byte ${at}`);
        }
      }
    });

  it("is cut or lengthened: never shown as it was", () => {
    for (const one of CASES) {
      const data = fromHex(one.data.slice(2))!;
      const before = shown(one, data);
      for (const other of [
        data.slice(0, -1),
        data.slice(0, -32),
        new Uint8Array([...data, 0]),
        new Uint8Array([...data, ...data]),
      ])
        assert.notEqual(shown(one, other), before);
    }
  });

  it("is anything behind a selector: only refusals are thrown", () => {
    const selectors = [...safeCalls.keys(), "0x8d80ff0a"];
    assert.equal(selectors.length, 23);
    const given = fc.tuple(
      fc.constantFrom(...selectors),
      fc.array(
        fc.oneof(
          fc.constant(`${"00".repeat(31)}20`),
          fc.constant("0".repeat(64)),
          fc.uint8Array({ minLength: 32, maxLength: 32 }).map((b) => ethers.hexlify(b).slice(2)),
        ),
        { maxLength: 14 },
      ),
      fc.constantFrom(SAFE_ADDRESS, FACTORY, MULTI_SEND, DORA),
      fc.integer({ min: 0, max: 1 }),
    );
    let told = 0;
    fc.assert(
      fc.property(given, ([selector, words, to, operation]) => {
        const fields = txFields({ to, data: `${selector}${words.join("")}`, operation });
        try {
          const acts: readonly Act[] = actsOfSafeTx(typedTx(fields), contextOf())!;
          assert.ok(acts.length > 0);
          told++;
        } catch (problem) {
          assert.ok(problem instanceof Refusal, String(problem));
        }
      }),
      { numRuns: 1000, examples: [[["0x694e80c3", [`${"0".repeat(63)}1`], SAFE_ADDRESS, 0]]] },
    );
    assert.ok(told > 0);
  });
});
