// Calldata of every size: understood in time, growing with its bytes and no faster, and refused past what people can
// look at.

import assert from "node:assert/strict";
import { test } from "node:test";
import { AbiCoder } from "ethers";
import { fromHex } from "../../src/bytes.ts";
import { decodeAbi, readTypes } from "../../src/ethereum/abi.ts";
import { LIMITS } from "../../src/limits.ts";
import { Refusal } from "../../src/refusal.ts";
import { encode } from "./call-examples.ts";
import { SIZED, type Sized } from "./call-sizes.ts";
import {
  ACCOUNT,
  actsOf,
  FRIEND,
  MULTICALL3,
  PERMIT2,
  THIEF,
  UNLISTED,
  USDC,
  V3_ROUTER_2,
} from "./call-world.ts";

const bytesOf = (hex: string) => fromHex(hex.slice(2))!;

/** Milliseconds, the best of five: what the work takes, and not what else the machine does. */
function best(sized: Sized, bytes: number): number {
  const data = bytesOf(sized.make(bytes));
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now();
    try {
      actsOf(sized.to, data, sized.value === undefined ? {} : { value: sized.value });
    } catch (error) {
      assert.ok(error instanceof Refusal);
    }
    return performance.now() - start;
  });
  return Math.min(...times);
}

for (const sized of SIZED)
  test(`${sized.name}: four times as much is nowhere near sixteen times the work`, () => {
    const small = best(sized, 100_000);
    const large = best(sized, 400_000);
    // How fast it is `npm run bench -- calls` says. Here only what grows with the square of its input fails.
    assert.ok(large < 10 * small + 200, `${small} ms, then ${large} ms`);
  });

test("much that stands behind a call or in it is shown by its beginning, its length and its hash", () => {
  const [act] = actsOf(USDC, `${encode("0xa9059cbb", FRIEND, 1n)}${"ab".repeat(3000)}`);
  const facts = act!.facts.filter(({ label }) => label.startsWith("Bytes behind the call"));
  assert.deepEqual(
    facts.map(({ label }) => label),
    ["Bytes behind the call, beginning", "Bytes behind the call, bytes", "Bytes behind the call, Keccak-256"],
  );
  assert.equal(act!.tone, "danger");
});

const refusal = (reason: string) => (error: unknown) => error instanceof Refusal && error.reason === reason;

test("calls inside calls are read to the last depth, and refused past it", () => {
  const nested = (times: number) => {
    let data = encode("0xa9059cbb", FRIEND, 1n);
    for (let i = 0; i < times; i++) data = encode("0xac9650d8", [data]);
    return data;
  };
  const acts = actsOf(UNLISTED, nested(LIMITS.ethereumDepth - 1));
  assert.deepEqual(
    acts.map(({ depth }) => depth),
    Array.from({ length: LIMITS.ethereumDepth }, (_, depth) => depth),
  );
  assert.equal(acts.at(-1)!.title, "Send");
  assert.throws(() => actsOf(UNLISTED, nested(LIMITS.ethereumDepth)), refusal("ethereum.too-deep"));
});

test("as many acts as a person may look at are told, and one more is refused, wherever they come from", () => {
  const many = (count: number) => Array.from({ length: count }, () => encode("0x12210e8a"));
  assert.equal(actsOf(V3_ROUTER_2, encode("0xac9650d8", many(LIMITS.acts - 1))).length, LIMITS.acts);
  const tooMany: readonly (readonly [`0x${string}`, string])[] = [
    [V3_ROUTER_2, encode("0xac9650d8", many(LIMITS.acts))],
    [V3_ROUTER_2, encode("0xac9650d8", many(LIMITS.acts + 1))],
    [
      MULTICALL3,
      encode(
        "0x252dba42",
        many(300).map((data) => [USDC, data]),
      ),
    ],
    [
      PERMIT2,
      encode(
        "0xcc53287f",
        many(LIMITS.acts + 1).map(() => [USDC, THIEF]),
      ),
    ],
    // Two hundred in each of two.
    [
      UNLISTED,
      encode(
        "0xac9650d8",
        [1, 2].map(() => encode("0xac9650d8", many(200))),
      ),
    ],
    [
      UNLISTED,
      encode(
        "0x2eb2c2d6",
        ACCOUNT,
        FRIEND,
        many(300).map(() => 1n),
        many(300).map(() => 1n),
        "0x",
      ),
    ],
  ];
  for (const [to, data] of tooMany) assert.throws(() => actsOf(to, data), refusal("ethereum.too-many-acts"));
});

test("as many values as can be are read, and one more is not", () => {
  const fields = readTypes("(uint256[])")!;
  const made = (count: number) =>
    bytesOf(AbiCoder.defaultAbiCoder().encode(["uint256[]"], [Array.from({ length: count }, () => 1n)]));
  // The list itself is one.
  assert.ok(decodeAbi(fields, made(LIMITS.callValues - 1)));
  assert.equal(decodeAbi(fields, made(LIMITS.callValues)), undefined);
});
