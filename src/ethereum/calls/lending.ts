// Lending (Aave V3) and staking (Lido), at the contracts that the shipped list knows.

import type { Act } from "../../act.ts";
import { UNLIMITED } from "../../assets.ts";
import type { Address } from "../../eip55.ts";
import type { Context } from "../context.ts";
import { type Entry, entry, payable, type ReadArgs, type Site } from "./entry.ts";
import {
  actOf,
  addressFact,
  amountFact,
  calm,
  caution,
  coin,
  danger,
  isOurs,
  type Said,
  unlistedToken,
} from "./making.ts";
import { coinSide, onlyAt, type Side, side, whoSaid } from "./swap.ts";

const atPool = (read: ReadArgs) => onlyAt(["aave-v3-pool"], "lending (Aave's)", read);
const atGateway = (read: ReadArgs) => onlyAt(["aave-gateway"], "lending (Aave's)", read);

interface Given {
  readonly title: string;
  readonly give: Side;
  /** Whose it is then. */
  readonly whose: Address;
  readonly label: string;
  readonly said: readonly Said[];
}

/** Out of the account, for the good of somebody: the account, or else it is said. */
function given(of: Given, site: Site, context: Context): Act {
  const { amount, token } = of.give;
  const others = !isOurs(of.whose, site, context);
  return actOf(site.depth, {
    title: of.title,
    facts: [
      amountFact(amount.units >= UNLIMITED ? "Amount: all of it" : "Amount", amount),
      addressFact(of.label, of.whose, site, context, others ? "danger" : undefined),
    ],
    said: [
      ...(others ? [danger("It is for another address, not for the account that pays.")] : []),
      ...unlistedToken(token, site),
      ...of.said,
    ],
    takes: [amount],
    destinations: [{ to: site.to, amount }, ...(of.whose !== site.from ? [{ to: of.whose, amount }] : [])],
  });
}

const LENT = calm(
  "It is lent out; what it earns and the right to take it back belong to the account named here.",
);

const supply = atPool((args, site, context) => {
  const give = side(args.address("asset"), args.number("amount"), site);
  return [
    given({ title: "Lend", give, whose: args.address("whose"), label: "For", said: [LENT] }, site, context),
  ];
});

const repay = atPool((args, site, context) => {
  const give = side(args.address("asset"), args.number("amount"), site);
  const of = { title: "Pay back a debt", give, whose: args.address("whose"), label: "Debt of" };
  return [given({ ...of, said: [] }, site, context)];
});

/** What comes back goes somewhere: only what goes elsewhere leaves. */
function taken(get: Side, to: Address, site: Site, context: Context): Act {
  const { amount, token } = get;
  const others = !isOurs(to, site, context);
  return actOf(site.depth, {
    title: "Take back what was lent",
    facts: [
      amountFact(amount.units >= UNLIMITED ? "Amount: all of it" : "Amount", amount),
      addressFact("To", to, site, context, others ? "danger" : undefined),
    ],
    said: [...whoSaid(to, site, context), ...unlistedToken(token, site)],
    ...(to !== site.from ? { takes: [amount], destinations: [{ to, amount }] } : {}),
  });
}

const withdraw = atPool((args, site, context) => [
  taken(side(args.address("asset"), args.number("amount"), site), args.address("to"), site, context),
]);

const borrow = atPool((args, site, context) => {
  const { amount, token } = side(args.address("asset"), args.number("amount"), site);
  return [
    actOf(site.depth, {
      title: "Borrow",
      facts: [
        amountFact("Amount", amount),
        addressFact("The debt is of", args.address("whose"), site, context),
      ],
      said: [
        caution("A debt that grows. If what was lent out loses too much of its worth, it is sold."),
        ...unlistedToken(token, site),
      ],
    }),
  ];
});

const supplyCoin = atGateway((args, site, context) => {
  const of = { title: "Lend", give: coinSide(site.value, site), whose: args.address("whose"), label: "For" };
  return [given({ ...of, said: [LENT] }, site, context)];
});

const withdrawCoin = atGateway((args, site, context) => [
  taken(coinSide(args.number("amount"), site), args.address("to"), site, context),
]);

const stake = onlyAt(["lido"], "staking (Lido's)", (_args, site) => {
  const amount = coin(site, site.value);
  return [
    actOf(site.depth, {
      title: "Stake",
      facts: [amountFact("Give", amount)],
      said: [calm("The coin is staked by Lido; the account has its token for it.")],
      takes: [amount],
      destinations: [{ to: site.to, amount }],
    }),
  ];
});

/** stETH into wstETH. */
const wrapStaked = onlyAt(["wsteth"], "wrapping of staked coin (Lido's)", (args, site, context) => {
  const amount = args.number("amount");
  const token: Address = "0xae7ab96520DE3A18E5e111B5EaAb095312D7fE84";
  if (site.chainId !== 1n) return undefined;
  const of = { title: "Wrap", give: side(token, amount, site), whose: site.from, label: "For", said: [] };
  return [given(of, site, context)];
});

const unwrapStaked = onlyAt(["wsteth"], "unwrapping of staked coin (Lido's)", (args, site, context) => {
  const give = side(site.to, args.number("amount"), site);
  return [given({ title: "Unwrap", give, whose: site.from, label: "For", said: [] }, site, context)];
});

export const LENDING: readonly Entry[] = [
  entry("0x617ba037", "supply(address asset,uint256 amount,address whose,uint16 referral)", supply),
  entry("0x69328dec", "withdraw(address asset,uint256 amount,address to)", withdraw),
  entry(
    "0xa415bcad",
    "borrow(address asset,uint256 amount,uint256 mode,uint16 referral,address whose)",
    borrow,
  ),
  entry("0x573ade81", "repay(address asset,uint256 amount,uint256 mode,address whose)", repay),
  payable("0x474cf53d", "depositETH(address pool,address whose,uint16 referral)", supplyCoin),
  entry("0x80500d20", "withdrawETH(address pool,uint256 amount,address to)", withdrawCoin),
  payable("0xa1903eab", "submit(address referral)", stake),
  entry("0xea598cb0", "wrap(uint256 amount)", wrapStaked),
  entry("0xde0e9a3e", "unwrap(uint256 amount)", unwrapStaked),
];
