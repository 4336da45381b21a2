// Swaps by routers that look for the best price: 1inch and 0x.

import type { Act } from "../../act.ts";
import type { Address } from "../../eip55.ts";
import type { Context } from "../context.ts";
import { type Entry, payable, type Site } from "./entry.ts";
import { addressFact, isCoin, ZERO } from "./making.ts";
import { coinSide, onlyAt, side, tradeAct } from "./swap.ts";

const ORDER =
  "address srcToken,address dstToken,address srcReceiver,address dstReceiver,uint256 give,uint256 least,uint256 flags";

/** The executor does what it likes; the router holds it to the least amount. */
const oneInch = onlyAt(["1inch-v5", "1inch-v6"], "a swap (1inch's)", (args, site, context) => {
  const order = args.tuple("order");
  const [from, to] = [order.address("srcToken"), order.address("dstToken")];
  const receiver = order.address("dstReceiver");
  const give = isCoin(from) ? coinSide(site.value, site) : side(from, order.number("give"), site);
  if (!isCoin(from) && site.value > 0n) return undefined;
  const trade = {
    give: [give],
    get: [side(to, order.number("least"), site)],
    recipient: receiver === ZERO ? site.from : receiver,
  };
  return [
    handedOver(tradeAct(site.depth, trade, site, context), order.address("srcReceiver"), site, context),
  ];
});

/** Whoever makes the exchange has what is given before anything comes back. */
function handedOver(act: Act, first: Address, site: Site, context: Context): Act {
  if (first === site.to || first === ZERO) return act;
  return {
    ...act,
    facts: [...act.facts, addressFact("Exchanged by", first, site, context)],
    destinations: [...act.destinations, ...act.takes.map((amount) => ({ to: first, amount }))],
  };
}

const zeroEx = onlyAt(["0x-proxy"], "a swap (0x's)", (args, site, context) => {
  const [from, to] = [args.address("from"), args.address("to")];
  const give = isCoin(from) ? coinSide(site.value, site) : side(from, args.number("give"), site);
  // With coin beside it the account pays the fees of who fills the order: these are not told apart here.
  if (!isCoin(from) && site.value > 0n) return undefined;
  const trade = { give: [give], get: [side(to, args.number("least"), site)], recipient: site.from };
  return [tradeAct(site.depth, trade, site, context)];
});

export const AGGREGATORS: readonly Entry[] = [
  payable("0x12aa3caf", `swap(address executor,(${ORDER}) order,bytes permit,bytes data)`, oneInch),
  payable("0x07ed2379", `swap(address executor,(${ORDER}) order,bytes data)`, oneInch),
  payable(
    "0x415565b0",
    "transformERC20(address from,address to,uint256 give,uint256 least,(uint32 nonce,bytes data)[] steps)",
    zeroEx,
  ),
];
