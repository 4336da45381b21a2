// Uniswap V2's router, and those that copied it.

import { keccak_256 } from "@noble/hashes/sha3.js";
import type { Act } from "../../act.ts";
import { compare, concat, fromHex } from "../../bytes.ts";
import { type Address, addressBytes, writeAddress } from "../../eip55.ts";
import type { Context } from "../context.ts";
import { type Args, type Entry, entry, payable, type ReadArgs, type Site } from "./entry.ts";
import { wrappedCoin } from "./lists.ts";
import { amountFact, caution } from "./making.ts";
import { coinSide, namedRecipient, onlyAt, paid, type Side, side, tradeAct } from "./swap.ts";

const LOOKS = "a swap (Uniswap V2's)";

type Ends = { readonly first: Address; readonly last: Address };

function endsOf(args: Args): Ends | undefined {
  const path = args.addresses("path");
  return path.length < 2 ? undefined : { first: path[0]!, last: path.at(-1)! };
}

/** give and get of the path's ends; undefined where the path is none that the router takes. */
function swaps(
  sides: (args: Args, ends: Ends, site: Site) => { give: Side; get: Side } | undefined,
): ReadArgs {
  return onlyAt(["uniswap-v2-router"], LOOKS, (args, site, context) => {
    const ends = endsOf(args);
    const found = ends && sides(args, ends, site);
    if (!found) return undefined;
    const trade = { give: [found.give], get: [found.get], recipient: args.address("to") };
    return [tradeAct(site.depth, { ...trade, deadline: args.number("deadline") }, site, context)];
  });
}

const tokens = (give: string, get: string) =>
  swaps((args, { first, last }, site) => ({
    give: side(first, args.number(give), site),
    get: side(last, args.number(get), site),
  }));

const fromCoin = (get: string) =>
  swaps((args, { first, last }, site) =>
    first === wrappedCoin(site.chainId)
      ? { give: coinSide(site.value, site), get: side(last, args.number(get), site) }
      : undefined,
  );

const toCoin = (give: string, get: string) =>
  swaps((args, { first, last }, site) =>
    last === wrappedCoin(site.chainId)
      ? { give: side(first, args.number(give), site), get: coinSide(args.number(get), site) }
      : undefined,
  );

/** Of SwapRouter02: no deadline of its own, and names for whoever calls and for itself. */
const shortSwap = (give: string, get: string) =>
  onlyAt(["uniswap-v3-router-2"], LOOKS, (args, site, context) => {
    const ends = endsOf(args);
    if (!ends) return undefined;
    const most = args.number(give);
    const trade = {
      give: [side(ends.first, most, site)],
      get: [side(ends.last, args.number(get), site)],
      recipient: namedRecipient(args.address("to"), site),
      ...(get === "get" ? { exactGet: true as const } : {}),
    };
    return [paid(most === 0n ? { ...trade, fromRouter: true } : trade, site, context)];
  });

// ---------------------------------------------------------------- pools

const POOL_TITLE = "Put tokens into a pool";
const OUT_TITLE = "Take tokens out of a pool";
const SHARE = caution("What comes back is a share of the pool, whose worth changes with both tokens.");

const addLiquidity = onlyAt(
  ["uniswap-v2-router"],
  "adding to a pool (Uniswap V2's)",
  (args, site, context) => {
    const [a, b] = [args.address("tokenA"), args.address("tokenB")];
    const give = [side(a, args.number("mostA"), site), side(b, args.number("mostB"), site)];
    const least = [side(a, args.number("leastA"), site), side(b, args.number("leastB"), site)];
    return [added(give, least, args, site, context)];
  },
);

const addLiquidityCoin = onlyAt(
  ["uniswap-v2-router"],
  "adding to a pool (Uniswap V2's)",
  (args, site, context) => {
    const token = args.address("token");
    const give = [side(token, args.number("most"), site), coinSide(site.value, site)];
    const least = [side(token, args.number("least"), site), coinSide(args.number("leastCoin"), site)];
    return [added(give, least, args, site, context)];
  },
);

function added(give: readonly Side[], least: readonly Side[], args: Args, site: Site, context: Context): Act {
  const trade = {
    ...{ title: POOL_TITLE, give, get: [], recipient: args.address("to"), deadline: args.number("deadline") },
    facts: least.map(({ amount }) => amountFact("Put in at least", amount)),
  };
  return tradeAct(site.depth, { ...trade, said: [SHARE] }, site, context);
}

/** The pool's own contract is its share's token: where it lies follows from the two tokens, at a factory that is known. */
const FACTORIES: Readonly<Record<string, { readonly factory: string; readonly code: string }>> = {
  "1/0x7a250d5630b4cf539739df2c5dacb4c659f2488d": {
    factory: "5c69bee701ef814a2b6a3edd4b1652cb9cc5aa6f",
    code: "96e8ac4277198ff8b6f785478aa9a39f403cb768dd02cbee326c3e7da348845f",
  },
};

export function poolOf(site: Pick<Site, "chainId" | "to">, a: Address, b: Address): Address | undefined {
  const made = FACTORIES[`${site.chainId}/${site.to.toLowerCase()}`];
  if (!made) return undefined;
  const sorted = [addressBytes(a), addressBytes(b)].sort(compare);
  const salt = keccak_256(concat(...sorted));
  const from = concat(Uint8Array.of(0xff), fromHex(made.factory)!, salt, fromHex(made.code)!);
  return writeAddress(keccak_256(from).subarray(12));
}

function removed(
  a: Side,
  b: Side,
  pairOf: readonly [Address, Address],
  args: Args,
  site: Site,
  context: Context,
) {
  const pool = poolOf(site, ...pairOf);
  if (pool === undefined) return undefined;
  const trade = {
    ...{ title: OUT_TITLE, give: [side(pool, args.number("share"), site)], get: [a, b] },
    ...{ recipient: args.address("to"), deadline: args.number("deadline") },
  };
  return [tradeAct(site.depth, trade, site, context)];
}

const REMOVING = "taking out of a pool (Uniswap V2's)";

const removeLiquidity = onlyAt(["uniswap-v2-router"], REMOVING, (args, site, context) => {
  const [a, b] = [args.address("tokenA"), args.address("tokenB")];
  const [leastA, leastB] = [args.number("leastA"), args.number("leastB")];
  return removed(side(a, leastA, site), side(b, leastB, site), [a, b], args, site, context);
});

const removeLiquidityCoin = onlyAt(["uniswap-v2-router"], REMOVING, (args, site, context) => {
  const [token, wrapped] = [args.address("token"), wrappedCoin(site.chainId)];
  if (wrapped === undefined) return undefined;
  const sides = [side(token, args.number("least"), site), coinSide(args.number("leastCoin"), site)] as const;
  return removed(...sides, [token, wrapped], args, site, context);
});

const PATH = "address[] path,address to,uint256 deadline";
const ADDING = "address tokenA,address tokenB,uint256 mostA,uint256 mostB,uint256 leastA,uint256 leastB";
const TAKING = "address tokenA,address tokenB,uint256 share,uint256 leastA,uint256 leastB";
const TAKING_COIN = "address token,uint256 share,uint256 least,uint256 leastCoin,address to,uint256 deadline";

export const SWAPS_V2: readonly Entry[] = [
  entry(
    "0x38ed1739",
    `swapExactTokensForTokens(uint256 give,uint256 least,${PATH})`,
    tokens("give", "least"),
  ),
  entry("0x8803dbee", `swapTokensForExactTokens(uint256 get,uint256 most,${PATH})`, tokens("most", "get")),
  payable("0x7ff36ab5", `swapExactETHForTokens(uint256 least,${PATH})`, fromCoin("least")),
  entry("0x4a25d94a", `swapTokensForExactETH(uint256 get,uint256 most,${PATH})`, toCoin("most", "get")),
  entry("0x18cbafe5", `swapExactTokensForETH(uint256 give,uint256 least,${PATH})`, toCoin("give", "least")),
  payable("0xfb3bdb41", `swapETHForExactTokens(uint256 get,${PATH})`, fromCoin("get")),
  entry(
    "0x5c11d795",
    `swapExactTokensForTokensSupportingFeeOnTransferTokens(uint256 give,uint256 least,${PATH})`,
    tokens("give", "least"),
  ),
  payable(
    "0xb6f9de95",
    `swapExactETHForTokensSupportingFeeOnTransferTokens(uint256 least,${PATH})`,
    fromCoin("least"),
  ),
  entry(
    "0x791ac947",
    `swapExactTokensForETHSupportingFeeOnTransferTokens(uint256 give,uint256 least,${PATH})`,
    toCoin("give", "least"),
  ),
  payable(
    "0x472b43f3",
    "swapExactTokensForTokens(uint256 give,uint256 least,address[] path,address to)",
    shortSwap("give", "least"),
  ),
  payable(
    "0x42712a67",
    "swapTokensForExactTokens(uint256 get,uint256 most,address[] path,address to)",
    shortSwap("most", "get"),
  ),
  entry("0xe8e33700", `addLiquidity(${ADDING},address to,uint256 deadline)`, addLiquidity),
  payable(
    "0xf305d719",
    "addLiquidityETH(address token,uint256 most,uint256 least,uint256 leastCoin,address to,uint256 deadline)",
    addLiquidityCoin,
  ),
  entry("0xbaa2abde", `removeLiquidity(${TAKING},address to,uint256 deadline)`, removeLiquidity),
  entry("0x02751cec", `removeLiquidityETH(${TAKING_COIN})`, removeLiquidityCoin),
  entry("0xaf2979eb", `removeLiquidityETHSupportingFeeOnTransferTokens(${TAKING_COIN})`, removeLiquidityCoin),
];
