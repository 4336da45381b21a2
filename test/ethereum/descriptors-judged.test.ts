// Nothing that a descriptor says makes policies count less than Firn itself found.

import assert from "node:assert/strict";
import { test } from "node:test";
import { TypedDataEncoder } from "ethers";
import { tokenOf } from "../../src/assets.ts";
import { readDescriptor, typedOrDescribed } from "../../src/ethereum/descriptors/index.ts";
import { actsOfTyped, readTyped } from "../../src/ethereum/typed/index.ts";
import { utf8 } from "../../src/text.ts";
import { callOf, lines, worldOf } from "./descriptor-world.ts";

const USDC = "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48";
const HERE = "0x87870Bca3F3fD6335C3F4ce8392D69350B4fA4E2";
const OTHER = "0x81EC2081dfb42C5291C55e6123D527EB744a5fFB";

function descriptor(kind: "contract" | "eip712", key: string, fields: readonly object[]) {
  const deployments = [{ chainId: 1, address: HERE }];
  return readDescriptor(
    JSON.stringify({
      $schema: "https://eips.ethereum.org/assets/eip-7730/erc7730-v1.schema.json",
      context: { [kind]: { deployments } },
      metadata: { owner: "Somebody" },
      display: { formats: { [key]: { intent: "Claim a gift", fields } } },
    }),
  );
}

test("what Firn finds inside a call that it is not sure of stays, whatever describes the call", () => {
  const key = "aggregate3((address to,bool mayFail,bytes data)[] calls)";
  const world = worldOf(descriptor("contract", key, []));
  const inner = Buffer.from(callOf(USDC, "transfer(address,uint256)", [OTHER, 5n]).data);
  const [outer, inside] = world.readCall(
    callOf(HERE, "aggregate3((address to,bool mayFail,bytes data)[] calls)", [[[USDC, false, inner]]]),
  );
  assert.equal(outer!.title, "A call by a descriptor");
  assert.deepEqual(inside!.takes, [{ asset: tokenOf(1n, USDC), units: 5n }]);
  assert.equal(inside!.depth, 1);
});

test("an amount of a token that nothing names is said, and policies must speak of it", () => {
  const fields = (params: object) => [{ path: "much", label: "Much", format: "tokenAmount", params }];
  const poke = (params: object) => {
    const world = worldOf(descriptor("contract", "poke(uint256 much)", fields(params)));
    return world.readCall(callOf(HERE, "poke(uint256)", [5n]))[0]!;
  };
  const named = poke({ token: USDC });
  assert.deepEqual([named.oddities, named.takes], [[], [{ asset: tokenOf(1n, USDC), units: 5n }]]);
  const unnamed = poke({});
  assert.deepEqual([unnamed.oddities, unnamed.takes], [["unlisted token"], []]);
  assert.ok(lines(unnamed).includes("Much: 5"));
});

test("typed data by which Firn knows something to be taken is never described", () => {
  const types = {
    PermitSingle: [
      { name: "details", type: "PermitDetails" },
      { name: "spender", type: "address" },
      { name: "sigDeadline", type: "uint256" },
    ],
    PermitDetails: [
      { name: "token", type: "address" },
      { name: "amount", type: "uint160" },
      { name: "expiration", type: "uint48" },
      { name: "nonce", type: "uint48" },
    ],
  };
  const key = TypedDataEncoder.from(types).encodeType("PermitSingle");
  const world = worldOf(descriptor("eip712", key, []));
  const details = { token: USDC, amount: 5n, expiration: 1_760_000_001n, nonce: 0n };
  const message = { details, spender: OTHER, sigDeadline: 1_760_000_001n };
  const domain = { name: "Gifts", chainId: 1, verifyingContract: HERE };
  const typed = readTyped(utf8(JSON.stringify(TypedDataEncoder.getPayload(domain, types, message))));
  const acts = typedOrDescribed(actsOfTyped(typed, world), typed, world);
  assert.deepEqual(acts[0]!.oddities, ["unknown typed data"]);
  assert.deepEqual(acts[0]!.takes, [{ asset: tokenOf(1n, USDC), units: 5n }]);
});
