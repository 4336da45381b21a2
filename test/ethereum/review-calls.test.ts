// What a thief would ask of routers and tokens that Firn knows well: each sentence must stay true of it, and each
// recipient be one.

import assert from "node:assert/strict";
import { test } from "node:test";
import { AbiCoder } from "ethers";
import type { Act } from "../../src/act.ts";
import type { Address } from "../../src/eip55.ts";
import { actsOfCall } from "../../src/ethereum/calls/index.ts";
import { ETHER, encode } from "./call-examples.ts";
import {
  ACCOUNT,
  actsOf,
  at,
  callTo,
  contextWith,
  FRIEND,
  MULTICALL3,
  SAFE,
  THIEF,
  told,
  UNIVERSAL_ROUTER,
  USDC,
  USDT,
  V2_ROUTER,
  V3_ROUTER_2,
  WETH,
} from "./call-world.ts";

const ONE_INCH = at("0x111111125421ca6dc452d289314280a0f8842a65");
const goesTo = (acts: readonly Act[]): readonly string[] =>
  acts.flatMap(({ destinations }) => destinations.map(({ to }) => to));
const shows = (acts: readonly Act[], address: Address): boolean =>
  acts.some(({ facts }) => facts.some(({ value }) => value.kind === "address" && value.address === address));

test("coin that a router wraps for somebody else goes to him, and he is shown", () => {
  const wrap = (recipient: string) => {
    const input = AbiCoder.defaultAbiCoder().encode(["address", "uint256"], [recipient, ETHER]);
    return actsOf(UNIVERSAL_ROUTER, encode("0x24856bc3", "0x0b", [input]), { value: ETHER });
  };
  const acts = wrap(THIEF);
  assert.ok(goesTo(acts).includes(THIEF));
  assert.ok(shows(acts, THIEF));
  assert.deepEqual(
    acts.flatMap(({ destinations }) => destinations.filter(({ to }) => to === THIEF)),
    [{ to: THIEF, amount: { asset: "coin/eth", units: ETHER } }],
  );
  for (const own of ["0x0000000000000000000000000000000000000001", ACCOUNT])
    assert.deepEqual(goesTo(wrap(own)), [UNIVERSAL_ROUTER]);
});

test("whoever gets the tokens of a 1inch swap first is shown, and is a destination", () => {
  const order = [USDC, USDT, THIEF, ACCOUNT, 5_000_000_000n, 4_990_000_000n, 0n];
  const acts = actsOf(ONE_INCH, encode("0x07ed2379", FRIEND, order, "0x"));
  assert.deepEqual(goesTo(acts), [ONE_INCH, THIEF]);
  assert.ok(shows(acts, THIEF));
});

test("a swap that asks for next to nothing is in red, as one that asks for nothing", () => {
  const path = [USDC, WETH];
  const swap = (least: bigint) =>
    actsOf(V2_ROUTER, encode("0x38ed1739", 5_000_000_000n, least, path, ACCOUNT, 2_000_000_000n));
  for (const least of [1n, 1000n, 999_999_999_999n]) {
    assert.match(told(swap(least)).join("\n"), /next to nothing/i);
    assert.equal(swap(least)[0]!.tone, "danger");
  }
  assert.doesNotMatch(told(swap(ETHER)).join("\n"), /next to nothing/i);
  const inch = [USDC, USDT, ONE_INCH, ACCOUNT, 5_000_000_000n, 1n, 0n];
  assert.equal(actsOf(ONE_INCH, encode("0x07ed2379", FRIEND, inch, "0x"))[0]!.tone, "danger");
  const single = [USDC, WETH, 500, ACCOUNT, 5_000_000_000n, 1n, 0n];
  assert.equal(actsOf(V3_ROUTER_2, encode("0x04e45aaf", single))[0]!.tone, "danger");
});

test("an allowance for a Safe, or for the owner out of his Safe, is never said to change nothing", () => {
  const toSafe = actsOf(USDC, encode("0x095ea7b3", SAFE.address, 1_000_000n));
  assert.doesNotMatch(told(toSafe).join("\n"), /changes nothing/);
  const data = encode("0x095ea7b3", ACCOUNT, 1_000_000n);
  const ofSafe = actsOfCall(callTo(USDC, data, { from: SAFE.address }), contextWith());
  assert.doesNotMatch(told(ofSafe).join("\n"), /changes nothing/);
  assert.match(told(actsOf(USDC, data)).join("\n"), /the account itself: this changes nothing/);
});

test("an allowance beyond all that can be of a token is one without a limit, at its exact amount", () => {
  for (const units of [1n << 128n, 1n << 200n, (1n << 255n) - 1n]) {
    const [act] = actsOf(USDC, encode("0x095ea7b3", THIEF, units));
    assert.deepEqual(act!.oddities, ["unlimited approval"]);
    assert.equal(act!.tone, "danger");
    assert.equal(act!.allowances[0]!.amount.units, units);
  }
  assert.deepEqual(actsOf(USDC, encode("0x095ea7b3", THIEF, (1n << 128n) - 1n))[0]!.oddities, []);
});

test("what is taken out of another own account is ours", () => {
  const other = FRIEND;
  const context = { ...contextWith(), isOwn: (address: Address) => address === other };
  const read = (data: string) => actsOfCall(callTo(USDC, data), context);
  const [moved] = read(encode("0x23b872dd", other, THIEF, 1_000_000n));
  assert.doesNotMatch(moved!.says.join(), /nothing of yours/);
  assert.deepEqual(
    moved!.takes.map(({ units }) => units),
    [1_000_000n],
  );
  assert.deepEqual(goesTo([moved!]), [THIEF]);
  const [item] = read(encode("0x42842e0e", other, THIEF, 7n));
  assert.equal(item!.takes.length, 1);
  const [spender] = read(encode("0x095ea7b3", other, 1_000_000n));
  assert.doesNotMatch(spender!.says.join(), /changes nothing/);
});

test("a least amount of next to nothing at the end promises nothing of the steps before it", () => {
  const coder = AbiCoder.defaultAbiCoder();
  const router = "0x0000000000000000000000000000000000000002";
  const swap = coder.encode(
    ["address", "uint256", "uint256", "address[]", "bool"],
    [router, 5_000_000_000n, 0n, [USDC, WETH], true],
  );
  const swept = (least: bigint) =>
    actsOf(
      UNIVERSAL_ROUTER,
      encode("0x24856bc3", "0x0804", [
        swap,
        coder.encode(["address", "address", "uint256"], [WETH, ACCOUNT, least]),
      ]),
    );
  const nothing = /may give you nothing/;
  assert.doesNotMatch(told(swept(ETHER)).join("\n"), nothing);
  for (const least of [0n, 1n, 1000n]) {
    assert.match(told(swept(least)).join("\n"), nothing);
    assert.ok(swept(least).some(({ tone }) => tone === "danger"));
  }
});

test("whoever gets a router's fee is a destination", () => {
  const sweep = encode("0x3068c554", WETH, ETHER, 100n, THIEF);
  const single = [USDC, WETH, 500, "0x0000000000000000000000000000000000000002", 5_000_000_000n, ETHER, 0n];
  const acts = actsOf(V3_ROUTER_2, encode("0xac9650d8", [encode("0x04e45aaf", single), sweep]));
  assert.ok(goesTo(acts).includes(THIEF));
});

test("an allowance for a contract that does whatever anybody tells it is in red, though it is known by name", () => {
  const batches = [
    MULTICALL3,
    at("0x38869bf66a61cf6bdb996a6ae40d5853fd43b526"),
    at("0x9641d764fc13c8b624c04430c7356c1c7c8102e2"),
  ];
  for (const spender of batches)
    for (const data of [encode("0x095ea7b3", spender, 5_000_000n), encode("0xa22cb465", spender, true)]) {
      const [act] = actsOf(USDC, data);
      assert.match(act!.says.join(), /anybody can/i);
      assert.equal(act!.tone, "danger");
    }
  assert.doesNotMatch(actsOf(USDC, encode("0x095ea7b3", V2_ROUTER, 5n))[0]!.says.join(), /anybody can/i);
});

test("what is only sent to a contract that hands out whatever lies in it is in red", () => {
  for (const to of [MULTICALL3, UNIVERSAL_ROUTER, V3_ROUTER_2]) {
    const sends = [
      actsOf(to, "", { value: ETHER }),
      actsOf(USDC, encode("0xa9059cbb", to, 5n)),
      actsOf(USDC, encode("0x23b872dd", ACCOUNT, to, 5n)),
    ];
    for (const [act] of sends) {
      assert.match(act!.says.join(), /What lies in this contract anybody can take/);
      assert.equal(act!.tone, "danger");
    }
  }
});
