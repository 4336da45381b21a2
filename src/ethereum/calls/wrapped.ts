// The chain's coin as a token (WETH and its kin): wrapped and unwrapped.

import { type Entry, entry, payable, type ReadArgs } from "./entry.ts";
import { wrappedCoin } from "./lists.ts";
import { actOf, amountFact, calm, coin, units } from "./making.ts";

const at =
  (read: ReadArgs): ReadArgs =>
  (args, site, context) =>
    site.to === wrappedCoin(site.chainId)
      ? read(args, site, context)
      : { looks: "wrapping of the chain's coin", inside: [] };

const deposit = at((_args, site) => {
  const amount = coin(site, site.value);
  return [
    actOf(site.depth, {
      title: "Wrap",
      facts: [amountFact("Give", amount), amountFact("Get", units(site, site.to, site.value))],
      said: [calm("The coin becomes as much of a token, which stays in the account.")],
      takes: [amount],
      destinations: [{ to: site.to, amount }],
    }),
  ];
});

const withdraw = at((args, site) => {
  const amount = units(site, site.to, args.number("amount"));
  return [
    actOf(site.depth, {
      title: "Unwrap",
      facts: [amountFact("Give", amount), amountFact("Get", coin(site, amount.units))],
      said: [calm("The token becomes as much of the chain's coin, which stays in the account.")],
      takes: [amount],
      destinations: [{ to: site.to, amount }],
    }),
  ];
});

export const WRAPPED: readonly Entry[] = [
  payable("0xd0e30db0", "deposit()", deposit),
  entry("0x2e1a7d4d", "withdraw(uint256 amount)", withdraw),
];
