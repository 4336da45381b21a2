// Calldata of any size and the worst shapes of it.

import { randomBytes } from "node:crypto";
import { hexlify } from "ethers";
import { concat } from "../../src/bytes.ts";
import { encode } from "./call-examples.ts";
import { ACCOUNT, FRIEND, MULTICALL3, UNLISTED, USDC, V2_ROUTER, V3_ROUTER_2, WETH } from "./call-world.ts";

export interface Sized {
  readonly name: string;
  readonly to: `0x${string}`;
  /** Of about so many bytes. */
  readonly make: (bytes: number) => string;
  readonly value?: bigint;
}

const random = (bytes: number) => hexlify(randomBytes(bytes));
const wide = (most: number, count: number) => Math.max(1, Math.floor(most / count) - 96);

export const SIZED: readonly Sized[] = [
  {
    name: "a multicall of 200 calls that nobody knows",
    to: V3_ROUTER_2,
    make: (bytes) =>
      encode(
        "0xac9650d8",
        Array.from({ length: 200 }, () => random(wide(bytes, 200))),
      ),
    value: 1n,
  },
  {
    name: "a multicall with one giant call in it",
    to: UNLISTED,
    make: (bytes) => encode("0xac9650d8", [random(bytes)]),
  },
  { name: "a call that nobody knows", to: UNLISTED, make: (bytes) => random(bytes) },
  {
    name: "an item with giant data",
    to: UNLISTED,
    make: (bytes) => encode("0xb88d4fde", ACCOUNT, FRIEND, 1n, random(bytes)),
  },
  {
    name: "a batch of 200 transfers, much behind each",
    to: MULTICALL3,
    make: (bytes) => {
      const data = `${encode("0xa9059cbb", FRIEND, 1n)}${random(wide(bytes, 200)).slice(2)}`;
      return encode(
        "0x252dba42",
        Array.from({ length: 200 }, () => [USDC, data]),
      );
    },
  },
  {
    name: "a swap along a very long path",
    to: V2_ROUTER,
    make: (bytes) => {
      const path = Array.from({ length: Math.floor(bytes / 32) }, (_, i) => (i % 2 === 0 ? USDC : WETH));
      return encode("0x38ed1739", 1n, 1n, path, ACCOUNT, 1n);
    },
  },
  {
    name: "calls inside calls, fifteen deep",
    to: UNLISTED,
    make: (bytes) => {
      let data = random(Math.max(4, bytes - 15 * 132));
      for (let depth = 0; depth < 14; depth++) data = encode("0xac9650d8", [data]);
      return data;
    },
  },
  {
    name: "a transfer with much behind it",
    to: USDC,
    make: (bytes) =>
      hexlify(concat(Buffer.from(encode("0xa9059cbb", FRIEND, 1n).slice(2), "hex"), randomBytes(bytes))),
  },
];
