// One call and more of every kind that Firn reads, as a wallet program would make it.

import { AbiCoder, concat, Interface, solidityPacked } from "ethers";
import { readSignature } from "../../src/ethereum/abi.ts";
import { ALL } from "../../src/ethereum/calls/table.ts";
import {
  ACCOUNT,
  at,
  DAI,
  FRIEND,
  MULTICALL3,
  NOW,
  PERMIT2,
  SAFE,
  THIEF,
  UNIVERSAL_ROUTER,
  UNLISTED,
  USDC,
  USDT,
  V2_ROUTER,
  V3_ROUTER,
  V3_ROUTER_2,
  WETH,
} from "./call-world.ts";

export interface Example {
  readonly name: string;
  readonly to: `0x${string}`;
  readonly data: string;
  readonly value?: bigint;
}

export const MOST = 2n ** 256n - 1n;
export const MOST_160 = 2n ** 160n - 1n;
export const ETHER = 10n ** 18n;
export const ZERO = at("0x0000000000000000000000000000000000000000");
const SOON = NOW + 1200n;
const FAR = NOW + 10n * 365n * 86_400n;
const RS = [27, `0x${"11".repeat(32)}`, `0x${"22".repeat(32)}`] as const;
const ROLE = `0x${"00".repeat(32)}`;
const SIGNATURE = `0x${"33".repeat(65)}`;
const AAVE = at("0x87870bca3f3fd6335c3f4ce8392d69350b4fa4e2");
const GATEWAY = at("0xd01607c3c5ecaba394d8be377a08590149325722");
const STETH = at("0xae7ab96520de3a18e5e111b5eaab095312d7fe84");
const WSTETH = at("0x7f39c581f595b53c5cb19bd0b3f8da6c935e2ca0");
const ONE_INCH_5 = at("0x1111111254eeb25477b68fb85ed929f73a960582");
const ONE_INCH_6 = at("0x111111125421ca6dc452d289314280a0f8842a65");
const ZERO_EX = at("0xdef1c0ded9bec7f1a1670819833240f027b25eff");
const COIN_MARK = "0xEeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE";

/** By its selector, because some names have several. */
export function encode(selector: string, ...args: readonly unknown[]): string {
  const { signature } = ALL.find((entry) => entry.selector === selector)!;
  return new Interface([`function ${readSignature(signature)!.canonical}`]).encodeFunctionData(
    selector,
    args,
  );
}

function call(name: string, to: `0x${string}`, data: string, value = 0n): Example {
  return value === 0n ? { name, to, data } : { name, to, data, value };
}

const transfer = encode("0xa9059cbb", FRIEND, 5_000_000n);
export const approveThief = encode("0x095ea7b3", THIEF, MOST);

const TOKENS: readonly Example[] = [
  call("a transfer of a listed token", USDC, transfer),
  call("a transfer of an unlisted token", UNLISTED, transfer),
  call("a transfer with coin", USDC, transfer, ETHER),
  call("a transfer with bytes behind it", USDC, `${transfer}deadbeef`),
  call("a transfer of nothing", USDC, encode("0xa9059cbb", FRIEND, 0n)),
  call("a transfer to the token's own contract", USDC, encode("0xa9059cbb", USDC, 5_000_000n)),
  call("a transfer to another token's contract", USDC, encode("0xa9059cbb", USDT, 5_000_000n)),
  call("a transfer to the zero address", USDC, encode("0xa9059cbb", ZERO, 5_000_000n)),
  call("a transfer to the account itself", USDC, encode("0xa9059cbb", ACCOUNT, 5_000_000n)),
  call(
    "a transfer from the account, in other words",
    USDC,
    encode("0x23b872dd", ACCOUNT, FRIEND, 5_000_000n),
  ),
  call("a transfer from somebody else", USDC, encode("0x23b872dd", THIEF, FRIEND, 5_000_000n)),
  call("a transfer of what may be item 0", UNLISTED, encode("0x23b872dd", ACCOUNT, FRIEND, 0n)),
  call("an allowance to a router", USDC, encode("0x095ea7b3", V2_ROUTER, 5_000_000n)),
  call("an allowance without end to nobody known", USDC, approveThief),
  call("an allowance taken back", USDC, encode("0x095ea7b3", THIEF, 0n)),
  call("what may be an item, allowed", UNLISTED, encode("0x095ea7b3", THIEF, 0n)),
  call("an allowance that is raised", USDC, encode("0x39509351", THIEF, 5_000_000n)),
  call("an allowance that is lowered", USDC, encode("0xa457c2d7", THIEF, 5_000_000n)),
  call("a permit that is handed in", USDC, encode("0xd505accf", ACCOUNT, THIEF, MOST, FAR, ...RS)),
  call("a permit of somebody else", USDC, encode("0xd505accf", FRIEND, THIEF, MOST, FAR, ...RS)),
  call("a permit as DAI has it", DAI, encode("0x8fcbaf0c", ACCOUNT, V2_ROUTER, 1n, 0n, true, ...RS)),
  call(
    "a permit as DAI has it, taken back",
    DAI,
    encode("0x8fcbaf0c", ACCOUNT, THIEF, 1n, SOON, false, ...RS),
  ),
  call("borrowing in the account's name", UNLISTED, encode("0xc04a8a10", THIEF, MOST)),
  call("a transfer to a router", USDC, encode("0xa9059cbb", V2_ROUTER, 5_000_000n)),
  call("a transfer that calls", DAI, encode("0x1296ee62", V2_ROUTER, ETHER)),
  call("a transfer that calls, with data", DAI, encode("0x4000aea0", FRIEND, ETHER, "0xabcd")),
  call("an allowance that calls", DAI, encode("0x3177029f", V2_ROUTER, ETHER)),
  call("an allowance that calls, with data", DAI, encode("0xcae9ca51", THIEF, MOST, "0xabcd")),
  call("a signed transfer", USDC, encode("0xe3ee160e", ACCOUNT, FRIEND, 5n, 0n, SOON, ROLE, ...RS)),
  call(
    "a signed transfer of somebody else",
    USDC,
    encode("0xef55bec6", FRIEND, ACCOUNT, 5n, 0n, SOON, ROLE, ...RS),
  ),
  call("an item", UNLISTED, encode("0x42842e0e", ACCOUNT, FRIEND, 7n)),
  call("an item with data", UNLISTED, encode("0xb88d4fde", ACCOUNT, FRIEND, 7n, "0xabcd")),
  call("an item of somebody else", UNLISTED, encode("0x42842e0e", FRIEND, ACCOUNT, 7n)),
  call("items of which there are several", UNLISTED, encode("0xf242432a", ACCOUNT, FRIEND, 7n, 12n, "0x")),
  call("several items", UNLISTED, encode("0x2eb2c2d6", ACCOUNT, FRIEND, [7n, 8n], [12n, 1n], "0x")),
  call(
    "several items with fewer counts",
    UNLISTED,
    encode("0x2eb2c2d6", ACCOUNT, FRIEND, [7n, 8n], [12n], "0x"),
  ),
  call("a whole collection", UNLISTED, encode("0xa22cb465", THIEF, true)),
  call("a whole collection, taken back", UNLISTED, encode("0xa22cb465", THIEF, false)),
  call("wrapping", WETH, encode("0xd0e30db0"), ETHER),
  call("unwrapping", WETH, encode("0x2e1a7d4d", ETHER)),
  call("what looks like wrapping", UNLISTED, encode("0xd0e30db0"), ETHER),
];

const details = (token: string, amount: bigint) => [token, amount, FAR, 3n];
const permitOf = (spender: string) => [details(USDC, MOST_160), spender, SOON];

const PERMITS: readonly Example[] = [
  call("an allowance by Permit2", PERMIT2, encode("0x87517c45", USDC, UNIVERSAL_ROUTER, 5_000_000n, SOON)),
  call("one without end, for long", PERMIT2, encode("0x87517c45", USDC, THIEF, MOST_160, FAR)),
  call("a permit handed in", PERMIT2, encode("0x2b67b570", ACCOUNT, permitOf(THIEF), SIGNATURE)),
  call(
    "a permit of somebody else handed in",
    PERMIT2,
    encode("0x2b67b570", FRIEND, permitOf(THIEF), SIGNATURE),
  ),
  call(
    "permits of several tokens handed in",
    PERMIT2,
    encode("0x2a2d80d1", ACCOUNT, [[details(USDC, MOST_160), details(DAI, 5n)], THIEF, SOON], SIGNATURE),
  ),
  call("a transfer by Permit2", PERMIT2, encode("0x36c78516", ACCOUNT, FRIEND, 5_000_000n, USDC)),
  call("a transfer of somebody else's", PERMIT2, encode("0x36c78516", FRIEND, THIEF, 5_000_000n, USDC)),
  call(
    "transfers by Permit2",
    PERMIT2,
    encode("0x0d58b1db", [
      [ACCOUNT, FRIEND, 5_000_000n, USDC],
      [ACCOUNT, THIEF, ETHER, DAI],
    ]),
  ),
  call(
    "a signed transfer",
    PERMIT2,
    encode("0x30f28b7a", [[USDC, 9_000_000n], 1n, SOON], [FRIEND, 5_000_000n], ACCOUNT, SIGNATURE),
  ),
  call("allowances taken back", PERMIT2, encode("0xcc53287f", [[USDC, THIEF]])),
  call("permits taken back", PERMIT2, encode("0x65d9723c", USDC, THIEF, 4n)),
  call("signed transfers taken back", PERMIT2, encode("0x3ff9dcb1", 1n, 255n)),
  call("Permit2's words to another contract", UNLISTED, encode("0x87517c45", USDC, THIEF, 5n, SOON)),
];

const wethTo = (...args: readonly unknown[]) => encode("0x04e45aaf", [WETH, USDC, 500n, ...args, 0n]);
const moves = [
  [USDC, transfer],
  [USDC, approveThief],
];
const packed = (to: string, value: bigint, data: string) =>
  solidityPacked(["address", "uint256", "bytes"], [to, value, data]);
const callsAbi = AbiCoder.defaultAbiCoder().encode(
  ["tuple(address,uint256,bytes)[]"],
  [
    [
      [FRIEND, ETHER, "0x"],
      [USDC, 0n, approveThief],
    ],
  ],
);
const mode = (start: string) => `0x${start.padEnd(64, "0")}`;

const BATCHES: readonly Example[] = [
  call(
    "a swap of coin by multicall",
    V3_ROUTER_2,
    encode("0x5ae401dc", SOON, [wethTo(ACCOUNT, ETHER, 3_000_000_000n), encode("0x12210e8a")]),
    ETHER,
  ),
  call("multicall with one that nobody knows", V3_ROUTER_2, encode("0xac9650d8", ["0x12345678"])),
  call(
    "multicall with the block before",
    V3_ROUTER_2,
    encode("0x1f0464d1", mode("11"), [encode("0x12210e8a")]),
  ),
  call("multicall of an unknown contract", UNLISTED, encode("0xac9650d8", [approveThief])),
  call("aggregate", MULTICALL3, encode("0x252dba42", moves)),
  call("tryAggregate", MULTICALL3, encode("0xbce38bd7", true, moves)),
  call("blockAndAggregate", MULTICALL3, encode("0xc3077fa9", moves)),
  call("tryBlockAndAggregate", MULTICALL3, encode("0x399542e9", false, moves)),
  call(
    "aggregate3",
    MULTICALL3,
    encode("0x82ad56cb", [[USDC, false, encode("0x23b872dd", ACCOUNT, THIEF, 7n)]]),
  ),
  call(
    "aggregate3Value",
    MULTICALL3,
    encode("0x174dea71", [
      [FRIEND, false, ETHER, "0x"],
      [THIEF, false, ETHER, "0x"],
    ]),
    3n * ETHER,
  ),
  call("an account that carries out several", ACCOUNT, encode("0x3f707e6b", [[FRIEND, ETHER, "0x"]])),
  call("the same by its other name", ACCOUNT, encode("0x34fcd5be", [[FRIEND, ETHER, "0x"]])),
  call("by mode, several", ACCOUNT, encode("0xe9ae5c53", mode("01000000000078210001"), callsAbi)),
  call("by mode, one", ACCOUNT, encode("0xe9ae5c53", mode("00"), packed(USDC, 0n, transfer))),
  call(
    "by mode, as the account itself",
    ACCOUNT,
    encode("0xe9ae5c53", mode("ff"), concat([THIEF, transfer])),
  ),
  call("by a mode that nobody knows", ACCOUNT, encode("0xe9ae5c53", mode("77"), callsAbi)),
  call("by another account", UNLISTED, encode("0xe9ae5c53", mode("01"), callsAbi)),
  call("by a Safe's address", SAFE.address, encode("0x3f707e6b", [[USDC, 0n, transfer]])),
];

const CONTROL: readonly Example[] = [
  ...["0xf2fde38b", "0x13af4035", "0x704b6c02", "0x8f283970", "0xa6f9dae1", "0x4dd18bf5"].map((one) =>
    call(`control to somebody else (${one})`, UNLISTED, encode(one, THIEF)),
  ),
  ...["0x7a9e5e4b", "0x75829def", "0x634e93da"].map((one) =>
    call(`control to somebody else (${one})`, UNLISTED, encode(one, THIEF)),
  ),
  call("control to nobody", UNLISTED, encode("0xf2fde38b", ZERO)),
  ...["0xcefc1429", "0x715018a6", "0x79ba5097", "0x0e18b681"].map((one) =>
    call(`control given up or taken (${one})`, UNLISTED, encode(one)),
  ),
  ...["0x2f2ff15d", "0xd547741f", "0x36568abe"].map((one) =>
    call(`a role (${one})`, UNLISTED, encode(one, ROLE, THIEF)),
  ),
  call("other code", UNLISTED, encode("0x3659cfe6", THIEF)),
  call("other code, and a call to it", UNLISTED, encode("0x4f1ef286", THIEF, "0xabcdef01"), ETHER),
  call("other code of another contract", UNLISTED, encode("0x99a88ec4", USDC, THIEF)),
  call("other code of another contract, and a call", UNLISTED, encode("0x9623609d", USDC, THIEF, "0x")),
  call("another owner of another contract", UNLISTED, encode("0x7eff275e", USDC, THIEF)),
];

const path3 = (...tokens: readonly string[]) =>
  concat(tokens.flatMap((token, i) => (i === 0 ? [token] : ["0x0001f4", token])));

const V2: readonly Example[] = [
  call(
    "tokens for tokens",
    V2_ROUTER,
    encode("0x38ed1739", 5_000_000n, ETHER, [USDC, WETH, DAI], ACCOUNT, SOON),
  ),
  call(
    "to somebody else, for nothing",
    V2_ROUTER,
    encode("0x38ed1739", 5_000_000n, 0n, [USDC, DAI], THIEF, SOON),
  ),
  call("at an unknown router", UNLISTED, encode("0x38ed1739", 5_000_000n, ETHER, [USDC, DAI], ACCOUNT, SOON)),
  call("by a path of one", V2_ROUTER, encode("0x38ed1739", 5_000_000n, ETHER, [USDC], ACCOUNT, SOON)),
  call(
    "tokens for exact tokens",
    V2_ROUTER,
    encode("0x8803dbee", ETHER, 5_000_000n, [USDC, DAI], ACCOUNT, SOON),
  ),
  call("coin for tokens", V2_ROUTER, encode("0x7ff36ab5", 3_000n, [WETH, USDC], ACCOUNT, SOON), ETHER),
  call(
    "coin for tokens, by no such path",
    V2_ROUTER,
    encode("0x7ff36ab5", 3_000n, [DAI, USDC], ACCOUNT, SOON),
    ETHER,
  ),
  call(
    "tokens for exact coin",
    V2_ROUTER,
    encode("0x4a25d94a", ETHER, 5_000_000n, [USDC, WETH], ACCOUNT, SOON),
  ),
  call("tokens for coin", V2_ROUTER, encode("0x18cbafe5", 5_000_000n, ETHER, [USDC, WETH], ACCOUNT, SOON)),
  call("coin for exact tokens", V2_ROUTER, encode("0xfb3bdb41", 3_000n, [WETH, USDC], ACCOUNT, SOON), ETHER),
  call("with fees, tokens", V2_ROUTER, encode("0x5c11d795", 5n, 6n, [USDC, DAI], ACCOUNT, SOON)),
  call("with fees, from coin", V2_ROUTER, encode("0xb6f9de95", 6n, [WETH, UNLISTED], ACCOUNT, SOON), ETHER),
  call("with fees, to coin", V2_ROUTER, encode("0x791ac947", 5n, 6n, [UNLISTED, WETH], ACCOUNT, SOON)),
  call(
    "the short swap",
    V3_ROUTER_2,
    encode("0x472b43f3", 5n, 6n, [USDC, DAI], at(`0x${"00".repeat(19)}01`)),
  ),
  call("the short exact swap", V3_ROUTER_2, encode("0x42712a67", 6n, 5n, [USDC, DAI], ACCOUNT)),
  call("into a pool", V2_ROUTER, encode("0xe8e33700", USDC, DAI, 5n, 6n, 4n, 5n, ACCOUNT, SOON)),
  call("coin into a pool", V2_ROUTER, encode("0xf305d719", USDC, 5n, 4n, 3n, ACCOUNT, SOON), ETHER),
  call("out of a pool", V2_ROUTER, encode("0xbaa2abde", USDC, WETH, ETHER, 4n, 5n, ACCOUNT, SOON)),
  call("coin out of a pool", V2_ROUTER, encode("0x02751cec", USDC, ETHER, 4n, 5n, THIEF, SOON)),
  call("coin out of a pool, with fees", V2_ROUTER, encode("0xaf2979eb", USDC, ETHER, 4n, 5n, ACCOUNT, SOON)),
];

const V3: readonly Example[] = [
  call("in, single", V3_ROUTER, encode("0x414bf389", [USDC, DAI, 500n, ACCOUNT, SOON, 5n, 6n, 0n])),
  call(
    "in, single, to the router",
    V3_ROUTER,
    encode("0x414bf389", [USDC, DAI, 500n, ZERO, SOON, 5n, 6n, 0n]),
  ),
  call("in, single, second router", V3_ROUTER_2, encode("0x04e45aaf", [USDC, DAI, 500n, THIEF, 5n, 0n, 0n])),
  call("in, single, coin", V3_ROUTER_2, wethTo(ACCOUNT, ETHER, 3_000n), ETHER),
  call("in, single, too little coin", V3_ROUTER_2, wethTo(ACCOUNT, 2n * ETHER, 3_000n), ETHER),
  call("in", V3_ROUTER, encode("0xc04b8d59", [path3(USDC, WETH, DAI), ACCOUNT, SOON, 5n, 6n])),
  call("in, second router", V3_ROUTER_2, encode("0xb858183f", [path3(USDC, DAI), ACCOUNT, 5n, 6n])),
  call("in, by no path", V3_ROUTER, encode("0xc04b8d59", ["0x1234", ACCOUNT, SOON, 5n, 6n])),
  call("out, single", V3_ROUTER, encode("0xdb3e2198", [USDC, DAI, 500n, ACCOUNT, SOON, 6n, 5n, 0n])),
  call(
    "out, single, second router",
    V3_ROUTER_2,
    encode("0x5023b4df", [USDC, DAI, 500n, ACCOUNT, 6n, 5n, 0n]),
  ),
  call(
    "out, single, coin",
    V3_ROUTER_2,
    encode("0x5023b4df", [WETH, DAI, 500n, ACCOUNT, 6n, ETHER, 0n]),
    ETHER,
  ),
  call("out", V3_ROUTER, encode("0xf28c0498", [path3(DAI, WETH, USDC), ACCOUNT, SOON, 6n, 5n])),
  call("out, second router", V3_ROUTER_2, encode("0x09b81346", [path3(DAI, USDC), ACCOUNT, 6n, 5n])),
  call("unwrapped", V3_ROUTER, encode("0x49404b7c", ETHER, ACCOUNT)),
  call("unwrapped, to somebody else", V3_ROUTER, encode("0x49404b7c", ETHER, THIEF)),
  call("unwrapped, to whoever calls", V3_ROUTER_2, encode("0x49616997", ETHER)),
  call("swept", V3_ROUTER, encode("0xdf2ab5bb", USDC, 5n, ACCOUNT)),
  call("swept, to whoever calls", V3_ROUTER_2, encode("0xe90a182f", USDC, 0n)),
  call("unwrapped, with a fee", V3_ROUTER, encode("0x9b2c0a37", ETHER, ACCOUNT, 25n, FRIEND)),
  call("swept, with a fee", V3_ROUTER, encode("0xe0e189a0", USDC, 5n, ACCOUNT, 25n, FRIEND)),
  call("unwrapped, with a fee, second router", V3_ROUTER_2, encode("0xd4ef38de", ETHER, 25n, FRIEND)),
  call("swept, with a fee, second router", V3_ROUTER_2, encode("0x3068c554", USDC, 5n, 25n, FRIEND)),
  call("given back", V3_ROUTER, encode("0x12210e8a")),
  call("wrapped in the router", V3_ROUTER_2, encode("0x1c58db4f", ETHER)),
  call("pulled", V3_ROUTER_2, encode("0xf2d5d56b", USDC, 5n)),
  call("a permit for the router", V3_ROUTER, encode("0xf3995c67", USDC, 5n, SOON, ...RS)),
  call("a permit where needed", V3_ROUTER, encode("0xc2e3140a", USDC, 5n, SOON, ...RS)),
  call("a permit as DAI has it", V3_ROUTER, encode("0x4659a494", DAI, 1n, SOON, ...RS)),
  call("a permit as DAI has it, where needed", V3_ROUTER, encode("0xa4a78f0c", DAI, 1n, SOON, ...RS)),
];

/** A command of the Universal Router, the types of what it is given, and that. */
export type Step = readonly [command: string, types: readonly string[], ...values: readonly unknown[]];

export function steps(...all: readonly Step[]) {
  const inputs = all.map(([, types, ...values]) => AbiCoder.defaultAbiCoder().encode(types, values));
  return [`0x${all.map(([command]) => command).join("")}`, inputs] as const;
}

const CALLER = at(`0x${"00".repeat(19)}01`);
const ROUTER = at(`0x${"00".repeat(19)}02`);
const V3_TYPES = ["address", "uint256", "uint256", "bytes", "bool"];
const V2_TYPES = ["address", "uint256", "uint256", "address[]", "bool"];
const THREE = ["address", "address", "uint256"];
const PERMIT_TYPES = ["tuple(tuple(address,uint160,uint48,uint48),address,uint256)", "bytes"];
const PERMITS_TYPES = ["tuple(tuple(address,uint160,uint48,uint48)[],address,uint256)", "bytes"];

const UNIVERSAL: readonly Example[] = [
  call(
    "coin for a token, a fee taken, as Uniswap's own page makes it",
    UNIVERSAL_ROUTER,
    encode(
      "0x3593564c",
      ...steps(
        ["0b", ["address", "uint256"], ROUTER, ETHER],
        ["00", V3_TYPES, ROUTER, ETHER, 0n, path3(WETH, USDC), false],
        ["06", THREE, USDC, FRIEND, 25n],
        ["04", THREE, USDC, CALLER, 3_000_000_000n],
      ),
      SOON,
    ),
    ETHER,
  ),
  call(
    "a token for coin, with a permit",
    UNIVERSAL_ROUTER,
    encode(
      "0x3593564c",
      ...steps(
        ["0a", PERMIT_TYPES, [[USDC, MOST_160, FAR, 0n], UNIVERSAL_ROUTER, SOON], SIGNATURE],
        ["08", V2_TYPES, ROUTER, 5_000_000n, 1n, [USDC, WETH], true],
        ["0c", ["address", "uint256"], CALLER, ETHER / 1000n],
      ),
      SOON,
    ),
  ),
  call(
    "for nothing, and to somebody else",
    UNIVERSAL_ROUTER,
    encode(
      "0x24856bc3",
      ...steps(
        ["00", V3_TYPES, ROUTER, 5_000_000n, 0n, path3(USDC, WETH), true],
        ["0c", ["address", "uint256"], THIEF, 0n],
      ),
    ),
  ),
  call(
    "everything else",
    UNIVERSAL_ROUTER,
    encode(
      "0x24856bc3",
      ...steps(
        ["01", V3_TYPES, CALLER, 6n, 5n, path3(DAI, USDC), true],
        ["89", V2_TYPES, CALLER, 6n, 5n, [USDC, DAI], true],
        ["02", ["address", "address", "uint160"], USDC, THIEF, 5n],
        ["02", ["address", "address", "uint160"], USDC, ROUTER, 5n],
        [
          "03",
          PERMITS_TYPES,
          [
            [
              [USDC, 5n, SOON, 0n],
              [DAI, 5n, SOON, 0n],
            ],
            UNIVERSAL_ROUTER,
            SOON,
          ],
          SIGNATURE,
        ],
        ["05", THREE, ZERO, FRIEND, 5n],
        ["0d", ["tuple(address,address,uint160,address)[]"], [[ACCOUNT, THIEF, 5n, USDC]]],
        ["0e", THREE, ACCOUNT, USDC, 5n],
        ["00", [...V3_TYPES, "uint256[]"], CALLER, 5n, 6n, path3(USDC, DAI), true, [1n]],
      ),
    ),
  ),
  call(
    "all that an earlier step left in the router",
    UNIVERSAL_ROUTER,
    encode(
      "0x24856bc3",
      ...steps(
        ["00", V3_TYPES, ROUTER, 5_000_000n, 1n, path3(USDC, WETH), true],
        ["08", V2_TYPES, CALLER, 2n ** 255n, 7n, [WETH, DAI], false],
      ),
    ),
  ),
  call(
    "a command that nobody knows",
    UNIVERSAL_ROUTER,
    encode("0x24856bc3", ...steps(["10", ["bytes"], "0x"])),
  ),
  call(
    "a command behind the mask of older ones",
    UNIVERSAL_ROUTER,
    encode("0x24856bc3", ...steps(["44", THREE, USDC, CALLER, 1n])),
  ),
  call("at another contract", UNLISTED, encode("0x24856bc3", ...steps(["04", THREE, USDC, CALLER, 1n]))),
];

const order = (from: string, to: string, receiver: string, least: bigint) => [
  from,
  to,
  THIEF,
  receiver,
  5_000_000n,
  least,
  0n,
];

const OTHERS: readonly Example[] = [
  call(
    "1inch, fifth",
    ONE_INCH_5,
    encode("0x12aa3caf", THIEF, order(USDC, DAI, ACCOUNT, ETHER), "0x", "0xabcd"),
  ),
  call(
    "1inch, sixth",
    ONE_INCH_6,
    encode("0x07ed2379", THIEF, order(USDC, COIN_MARK, ZERO, ETHER), "0xabcd"),
  ),
  call(
    "1inch, with coin",
    ONE_INCH_6,
    encode("0x07ed2379", THIEF, order(COIN_MARK, USDC, FRIEND, 3n), "0x"),
    ETHER,
  ),
  call(
    "1inch, with coin beside a token",
    ONE_INCH_6,
    encode("0x07ed2379", THIEF, order(DAI, USDC, ACCOUNT, 3n), "0x"),
    ETHER,
  ),
  call("0x", ZERO_EX, encode("0x415565b0", USDC, DAI, 5_000_000n, ETHER, [[1, "0xabcd"]])),
  call("0x, with coin", ZERO_EX, encode("0x415565b0", COIN_MARK, DAI, ETHER, ETHER, []), ETHER),
  call("lent", AAVE, encode("0x617ba037", USDC, 5_000_000n, ACCOUNT, 0)),
  call("lent for somebody else", AAVE, encode("0x617ba037", USDC, 5_000_000n, THIEF, 0)),
  call("taken back", AAVE, encode("0x69328dec", USDC, MOST, ACCOUNT)),
  call("taken back to somebody else", AAVE, encode("0x69328dec", USDC, MOST, THIEF)),
  call("borrowed", AAVE, encode("0xa415bcad", USDC, 5_000_000n, 2n, 0, ACCOUNT)),
  call("paid back, all of it", AAVE, encode("0x573ade81", USDC, MOST, 2n, ACCOUNT)),
  call("coin lent", GATEWAY, encode("0x474cf53d", AAVE, ACCOUNT, 0), ETHER),
  call("coin taken back", GATEWAY, encode("0x80500d20", AAVE, ETHER, THIEF)),
  call("staked", STETH, encode("0xa1903eab", ZERO), ETHER),
  call("staked coin wrapped", WSTETH, encode("0xea598cb0", ETHER)),
  call("staked coin unwrapped", WSTETH, encode("0xde0e9a3e", ETHER)),
];

const PLAIN: readonly Example[] = [
  call("coin", FRIEND, "0x", ETHER),
  call("nothing", FRIEND, "0x"),
  call("coin to what wraps it", WETH, "0x", ETHER),
  call("coin to a token's contract", USDC, "0x", ETHER),
  call("coin to the zero address", ZERO, "0x", ETHER),
  call("coin to an address that is nobody's", at(`0x${"00".repeat(18)}dead`), "0x", ETHER),
  call("nothing to the account itself", ACCOUNT, "0x"),
  call("coin to the account itself", ACCOUNT, "0x", ETHER),
  call("fewer bytes than a selector", UNLISTED, "0x1234"),
  call("a selector alone", UNLISTED, "0x12345678"),
  call("a lure", THIEF, "0x5fba79f5", ETHER),
  call("more than is shown", UNLISTED, `0x12345678${"ab".repeat(65 * 32 + 5)}`),
  call("dirty bytes before an address", USDC, `0xa9059cbb${"01".repeat(32)}${"00".repeat(32)}`),
];

export const EXAMPLES: Readonly<Record<string, readonly Example[]>> = {
  "tokens and items": TOKENS,
  Permit2: PERMITS,
  batches: BATCHES,
  control: CONTROL,
  "Uniswap V2": V2,
  "Uniswap V3": V3,
  "Universal Router": UNIVERSAL,
  others: OTHERS,
  plain: PLAIN,
};
