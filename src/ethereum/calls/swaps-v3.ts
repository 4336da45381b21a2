// Uniswap V3's routers: the first one, with a deadline in each swap, and the second one without.

import { MOST_UNITS } from "../../assets.ts";
import { type Address, writeAddress } from "../../eip55.ts";
import { type Args, type Entry, entry, payable, type ReadArgs, type Site } from "./entry.ts";
import { type ContractKind, wrappedCoin } from "./lists.ts";
import {
  actOf,
  addressFact,
  amountFact,
  caution,
  coin,
  danger,
  fact,
  units,
  unlistedToken,
  ZERO,
} from "./making.ts";
import {
  coinSide,
  INTO_ROUTER,
  namedRecipient,
  OUT_OF_ROUTER,
  onlyAt,
  paid,
  type Recipient,
  type Side,
  side,
  tradeAct,
  whoSaid,
} from "./swap.ts";

const FIRST: readonly ContractKind[] = ["uniswap-v3-router"];
const SECOND: readonly ContractKind[] = ["uniswap-v3-router-2"];
const BOTH: readonly ContractKind[] = [...FIRST, ...SECOND];
const LOOKS = "a swap (Uniswap V3's)";

/** Tokens with the pools' fees between them: 20 bytes, and for each further one 3 and 20. */
export function pathEnds(path: Uint8Array): { first: Address; last: Address } | undefined {
  if (path.length < 43 || (path.length - 20) % 23 !== 0) return undefined;
  return { first: writeAddress(path.subarray(0, 20)), last: writeAddress(path.subarray(-20)) };
}

interface Asked {
  readonly give: Side;
  readonly get: Side;
  readonly args: Args;
  readonly exactGet?: true;
}

function swaps(asked: (args: Args, site: Site) => Asked | undefined, at: readonly ContractKind[]): ReadArgs {
  return onlyAt(at, LOOKS, (all, site, context) => {
    const found = asked(all.tuple("swap"), site);
    if (!found) return undefined;
    const second = at === SECOND;
    const written = found.args.address("recipient");
    // The first router takes the zero address for itself.
    const own = second
      ? namedRecipient(written, site)
      : written === ZERO || written === site.to
        ? "router"
        : written;
    const trade = {
      ...{ give: [found.give], get: [found.get], recipient: own as Recipient },
      ...(second ? {} : { deadline: found.args.number("deadline") }),
      ...(found.exactGet ? { exactGet: true as const } : {}),
      // The second router takes 0 for all that lies in it.
      ...(second && found.give.amount.units === 0n ? { fromRouter: true as const } : {}),
    };
    return [paid(trade, site, context)];
  });
}

const inSingle = (args: Args, site: Site): Asked => ({
  give: side(args.address("tokenIn"), args.number("give"), site),
  get: side(args.address("tokenOut"), args.number("least"), site),
  args,
});

const outSingle = (args: Args, site: Site): Asked => ({
  give: side(args.address("tokenIn"), args.number("most"), site),
  get: side(args.address("tokenOut"), args.number("get"), site),
  args,
  exactGet: true,
});

const inPath = (args: Args, site: Site): Asked | undefined => {
  const ends = pathEnds(args.bytes("path"));
  return (
    ends && {
      give: side(ends.first, args.number("give"), site),
      get: side(ends.last, args.number("least"), site),
      args,
    }
  );
};

/** Such a path is written from its end. */
const outPath = (args: Args, site: Site): Asked | undefined => {
  const ends = pathEnds(args.bytes("path"));
  return (
    ends && {
      give: side(ends.last, args.number("most"), site),
      get: side(ends.first, args.number("get"), site),
      args,
      exactGet: true,
    }
  );
};

// ---------------------------------------------------------------- what is done with what lies in the router

/** To whom: the account, where none is written. */
function handsOut(
  of: (args: Args, site: Site) => Side | undefined,
  recipientOf: (args: Args, site: Site) => Address,
) {
  return onlyAt(BOTH, "taking what lies in a router (Uniswap V3's)", (args, site, context) => {
    const get = of(args, site);
    if (!get) return undefined;
    // Here the routers know no names: what is written is where it goes.
    const recipient = recipientOf(args, site);
    const trade = { title: OUT_OF_ROUTER, give: [], get: [get], recipient };
    return [tradeAct(site.depth, trade, site, context)];
  });
}

const unwrapped = (args: Args, site: Site) =>
  wrappedCoin(site.chainId) === undefined ? undefined : coinSide(args.number("least"), site);
const swept = (args: Args, site: Site) => side(args.address("token"), args.number("least"), site);
const written = (args: Args) => args.address("recipient");
const caller = (_args: Args, site: Site) => site.from;

/** A part of it goes to somebody else first. */
function withFee(read: ReadArgs): ReadArgs {
  return (args, site, context) => {
    const acts = read(args, site, context);
    if (!acts || "looks" in acts) return acts;
    const words = `${args.number("bips")} of 10,000 parts go to somebody else, as a fee.`;
    const who = args.address("feeRecipient");
    const name = context.nameOf(site.chainId, who);
    const address = { kind: "address" as const, address: who, ...(name === undefined ? {} : { name }) };
    return acts.map((act) => ({
      ...act,
      tone: act.tone === "danger" ? act.tone : ("caution" as const),
      says: [...act.says, words],
      facts: [...act.facts, fact("Fee goes to", address)],
      destinations: [...act.destinations, { to: who, amount: coin(site, 0n) }],
    }));
  };
}

const refund = onlyAt(BOTH, "taking back coin from a router (Uniswap V3's)", (_args, site) => [
  actOf(site.depth, { title: "Take back what coin is left", facts: [] }),
]);

const wrapCoin = onlyAt(SECOND, "wrapping coin in a router (Uniswap V3's)", (args, site) => [
  actOf(site.depth, {
    title: "Wrap coin in the router",
    facts: [amountFact("Amount", coin(site, args.number("amount")))],
  }),
]);

const pull = onlyAt(SECOND, "giving a token to a router (Uniswap V3's)", (args, site, context) => {
  const token = args.address("token");
  const amount = units(site, token, args.number("amount"));
  return [
    actOf(site.depth, {
      title: "Give a token to the router",
      facts: [amountFact("Amount", amount), addressFact(INTO_ROUTER, site.to, site, context)],
      said: [...whoSaid("router", site, context), ...unlistedToken(token, site)],
      takes: [amount],
      destinations: [{ to: site.to, amount }],
    }),
  ];
});

/** Permits that the router hands in: it may then take the token, and anything that runs through it may. */
function selfPermit(units_: (args: Args) => bigint): ReadArgs {
  return onlyAt(BOTH, "a permit for a router (Uniswap V3's)", (args, site) => {
    const token = args.address("token");
    const amount = units(site, token, units_(args));
    return [
      actOf(site.depth, {
        title: "Hand in a permit for the router",
        facts: [amountFact("Allowance", amount)],
        said: [
          ...unlistedToken(token, site),
          caution("It needs a signature of yours that allows this: it is counted when that is signed."),
          ...(amount.units === MOST_UNITS
            ? [danger("There is no limit to what the router may take.", "unlimited approval")]
            : []),
        ],
        takes: [amount],
        destinations: [{ to: site.to, amount }],
        allowances: [{ spender: site.to, amount }],
      }),
    ];
  });
}

const SINGLE = "address tokenIn,address tokenOut,uint24 fee,address recipient";
const ENDS = "uint8 v,bytes32 r,bytes32 s";
const FEE = "uint256 bips,address feeRecipient";
const sweptTo = handsOut(swept, written);
const unwrappedTo = handsOut(unwrapped, written);

export const SWAPS_V3: readonly Entry[] = [
  payable(
    "0x414bf389",
    `exactInputSingle((${SINGLE},uint256 deadline,uint256 give,uint256 least,uint160 limit) swap)`,
    swaps(inSingle, FIRST),
  ),
  payable(
    "0x04e45aaf",
    `exactInputSingle((${SINGLE},uint256 give,uint256 least,uint160 limit) swap)`,
    swaps(inSingle, SECOND),
  ),
  payable(
    "0xc04b8d59",
    "exactInput((bytes path,address recipient,uint256 deadline,uint256 give,uint256 least) swap)",
    swaps(inPath, FIRST),
  ),
  payable(
    "0xb858183f",
    "exactInput((bytes path,address recipient,uint256 give,uint256 least) swap)",
    swaps(inPath, SECOND),
  ),
  payable(
    "0xdb3e2198",
    `exactOutputSingle((${SINGLE},uint256 deadline,uint256 get,uint256 most,uint160 limit) swap)`,
    swaps(outSingle, FIRST),
  ),
  payable(
    "0x5023b4df",
    `exactOutputSingle((${SINGLE},uint256 get,uint256 most,uint160 limit) swap)`,
    swaps(outSingle, SECOND),
  ),
  payable(
    "0xf28c0498",
    "exactOutput((bytes path,address recipient,uint256 deadline,uint256 get,uint256 most) swap)",
    swaps(outPath, FIRST),
  ),
  payable(
    "0x09b81346",
    "exactOutput((bytes path,address recipient,uint256 get,uint256 most) swap)",
    swaps(outPath, SECOND),
  ),
  entry("0x49404b7c", "unwrapWETH9(uint256 least,address recipient)", unwrappedTo),
  entry("0x49616997", "unwrapWETH9(uint256 least)", handsOut(unwrapped, caller)),
  entry("0xdf2ab5bb", "sweepToken(address token,uint256 least,address recipient)", sweptTo),
  entry("0xe90a182f", "sweepToken(address token,uint256 least)", handsOut(swept, caller)),
  entry("0x9b2c0a37", `unwrapWETH9WithFee(uint256 least,address recipient,${FEE})`, withFee(unwrappedTo)),
  entry(
    "0xe0e189a0",
    `sweepTokenWithFee(address token,uint256 least,address recipient,${FEE})`,
    withFee(sweptTo),
  ),
  entry("0xd4ef38de", `unwrapWETH9WithFee(uint256 least,${FEE})`, withFee(handsOut(unwrapped, caller))),
  entry(
    "0x3068c554",
    `sweepTokenWithFee(address token,uint256 least,${FEE})`,
    withFee(handsOut(swept, caller)),
  ),
  entry("0x12210e8a", "refundETH()", refund),
  entry("0x1c58db4f", "wrapETH(uint256 amount)", wrapCoin),
  entry("0xf2d5d56b", "pull(address token,uint256 amount)", pull),
  entry(
    "0xf3995c67",
    `selfPermit(address token,uint256 amount,uint256 deadline,${ENDS})`,
    selfPermit((args) => args.number("amount")),
  ),
  entry(
    "0xc2e3140a",
    `selfPermitIfNecessary(address token,uint256 amount,uint256 deadline,${ENDS})`,
    selfPermit((args) => args.number("amount")),
  ),
  entry(
    "0x4659a494",
    `selfPermitAllowed(address token,uint256 nonce,uint256 expiry,${ENDS})`,
    selfPermit(() => MOST_UNITS),
  ),
  entry(
    "0xa4a78f0c",
    `selfPermitAllowedIfNecessary(address token,uint256 nonce,uint256 expiry,${ENDS})`,
    selfPermit(() => MOST_UNITS),
  ),
];
