// A call is what it is called only where its contract is known as one that has it, and whose it is depends on the chain.

import assert from "node:assert/strict";
import { test } from "node:test";
import { AbiCoder } from "ethers";
import { EXAMPLES, encode } from "./call-examples.ts";
import {
  ACCOUNT,
  actsOf,
  at,
  MULTICALL3,
  PERMIT2,
  SAFE,
  THIEF,
  UNIVERSAL_ROUTER,
  USDC,
  V2_ROUTER,
  V3_ROUTER,
  V3_ROUTER_2,
} from "./call-world.ts";

const PLACES = { V2_ROUTER, V3_ROUTER, V3_ROUTER_2, PERMIT2, MULTICALL3, USDC } as const;
const HOMES = [
  ["tokens for tokens", "V2_ROUTER"],
  ["in, single", "V3_ROUTER"],
] as const;

test("a call that one listed contract has is unknown at every other one, though each is known as something", () => {
  const all = Object.values(EXAMPLES).flat();
  const permit = encode("0x87517c45", USDC, THIEF, 5n, 1_760_000_001n);
  const calls = [
    ...HOMES.map(([name, home]) => {
      const { data, value } = all.find((one) => one.name === name)!;
      return { name, home, data, value: value ?? 0n };
    }),
    { name: "an allowance", home: "PERMIT2", data: permit, value: 0n },
  ];
  for (const { name, home, data, value } of calls)
    for (const [place, address] of Object.entries(PLACES)) {
      const [act] = actsOf(address, data, { value });
      const isUnknown = act!.title === "A call that Firn cannot read";
      assert.equal(isUnknown, place !== home, `${name} at ${place}: ${act!.title}`);
      assert.equal(act!.oddities.includes("unknown call"), isUnknown);
    }
});

test("a Safe's address is ours on the chain that it is registered on, and a stranger's on any other", () => {
  const data = encode("0x23b872dd", SAFE.address, THIEF, 5n);
  const [here] = actsOf(USDC, data);
  assert.equal(here!.takes.length, 1);
  const [elsewhere] = actsOf(at("0x0b2c639c533813f4aa9d7837caf62653d097ff85"), data, { chainId: 10n });
  assert.equal(elsewhere!.title, "Move what belongs to somebody else");
  assert.deepEqual(elsewhere!.takes, []);
  const [own] = actsOf(
    at("0x0b2c639c533813f4aa9d7837caf62653d097ff85"),
    encode("0x23b872dd", ACCOUNT, THIEF, 5n),
    {
      chainId: 10n,
    },
  );
  assert.equal(own!.takes.length, 1);
});

test("a router that would move what is not the caller's is not read as one that moves the caller's", () => {
  const move = (from: string) => {
    const moves = [[from, THIEF, 5n, USDC]];
    const input = AbiCoder.defaultAbiCoder().encode(["tuple(address,address,uint160,address)[]"], [moves]);
    return actsOf(UNIVERSAL_ROUTER, encode("0x24856bc3", "0x0d", [input]));
  };
  const own = move(ACCOUNT);
  assert.deepEqual(
    own.flatMap(({ takes }) => takes.map(({ units }) => units)),
    [5n],
  );
  assert.equal(move(SAFE.address)[0]!.title, "A call that Firn cannot read");
});
