// Permit2: allowances of allowances. Whoever it allows takes tokens that the account allowed Permit2 to take.

import type { Act } from "../../act.ts";
import type { Address } from "../../eip55.ts";
import type { Context } from "../context.ts";
import { type Args, type Entry, entry, type ReadArgs, type Site } from "./entry.ts";
import { kindOf } from "./lists.ts";
import {
  actOf,
  addressFact,
  allowanceAct,
  amountFact,
  bareSaid,
  calm,
  caution,
  danger,
  deadlineSaid,
  isOurs,
  numberFact,
  recipientSaid,
  type Said,
  timeFact,
  units,
  unlistedToken,
} from "./making.ts";
import { onlyAt } from "./swap.ts";

/** Permit2 keeps amounts in 160 bits, and takes the largest for no limit. */
export const UNLIMITED_160 = (1n << 160n) - 1n;

const at = (read: ReadArgs) => onlyAt(["permit2"], "an allowance by Permit2", read);

/** From Permit2's words to the same act as of any allowance. 0 as expiry: until the end of this block. */
function allowed(
  of: { token: Address; spender: Address; args: Args; said?: readonly Said[] },
  site: Site,
  context: Context,
) {
  const { token, spender, args } = of;
  const expiry = args.number("expiration");
  return allowanceAct(
    site.depth,
    {
      ...{ token, spender, units: args.number("amount"), unlimited: UNLIMITED_160 },
      untilSeconds: expiry === 0n ? context.nowSeconds : expiry,
      facts:
        kindOf(site.chainId, site.to) === "permit2" ? [addressFact("By way of", site.to, site, context)] : [],
      said: of.said ?? [],
    },
    site,
    context,
  );
}

const approve = at((args, site, context) => [
  allowed({ token: args.address("token"), spender: args.address("spender"), args }, site, context),
]);

/** A signed permit is handed in. Of another owner it takes nothing of ours. */
function permitted(
  details: readonly Args[],
  permit: Args,
  owner: Address,
  site: Site,
  context: Context,
): readonly Act[] {
  const ours = isOurs(owner, site, context);
  const until = permit.number("sigDeadline");
  return details.map((one) => {
    const said = ours
      ? deadlineSaid(until, context)
      : [caution("It is another owner's permit: it takes nothing of yours.")];
    const of = { token: one.address("token"), spender: permit.address("spender"), args: one, said };
    const act = allowed(of, site, context);
    const facts = [
      ...act.facts,
      addressFact("Owner", owner, site, context),
      timeFact("Permit can be used until", until),
      numberFact("Permit's nonce", one.number("nonce")),
    ];
    return ours
      ? { ...act, facts }
      : { ...act, facts, takes: [], destinations: [], allowances: [], oddities: [] };
  });
}

export const permitOne: ReadArgs = (args, site, context) => {
  const permit = args.tuple("permit");
  return permitted([permit.tuple("details")], permit, args.address("owner"), site, context);
};

export const permitSeveral: ReadArgs = (args, site, context) => {
  const permit = args.tuple("permit");
  const details = permit.tuples("details");
  return details.length === 0 ? undefined : permitted(details, permit, args.address("owner"), site, context);
};

/** From whoever it is, to whoever it is: ours, and then it leaves; or another owner's. */
export function movedByPermit2(of: Args, owner: Address, to: Address, site: Site, context: Context): Act {
  const token = of.address("token");
  const amount = units(site, token, of.number("amount"));
  const ours = isOurs(owner, site, context);
  return actOf(site.depth, {
    title: ours ? "Send" : "Move what belongs to somebody else",
    facts: [
      addressFact("From", owner, site, context),
      amountFact("Amount", amount),
      addressFact("To", to, site, context),
    ],
    said: [
      ...recipientSaid(to, token, { ...site, from: owner }, context),
      ...bareSaid(to, site),
      ...unlistedToken(token, site),
      ...(ours
        ? [danger("This is a transfer out of your own account, in other words.")]
        : [caution("It takes nothing of yours: it moves what another owner has allowed you to move.")]),
    ],
    ...(ours ? { takes: [amount], destinations: [{ to, amount }] } : {}),
  });
}

const transferFrom = at((args, site, context) => [
  movedByPermit2(args, args.address("from"), args.address("to"), site, context),
]);

const transferSeveral = at((args, site, context) => {
  const moves = args.tuples("moves");
  if (moves.length === 0) return undefined;
  return moves.map((one) => movedByPermit2(one, one.address("from"), one.address("to"), site, context));
});

/** A signature for one transfer is used up: by the owner only where the account pays itself. */
const permitTransferFrom = at((args, site, context) => {
  const details = args.tuple("details");
  const permitted = args.tuple("permit").tuple("permitted");
  const owner = args.address("owner");
  const asked = units(site, permitted.address("token"), details.number("requested"));
  const of = { token: permitted.address("token"), to: details.address("to"), amount: asked };
  const ours = isOurs(owner, site, context);
  return [
    actOf(site.depth, {
      title: ours ? "Send" : "Move what belongs to somebody else",
      facts: [
        addressFact("From", owner, site, context),
        amountFact("Amount", of.amount),
        addressFact("To", of.to, site, context),
        timeFact("Permit can be used until", args.tuple("permit").number("deadline")),
      ],
      said: [
        ...recipientSaid(of.to, of.token, { ...site, from: owner }, context),
        ...unlistedToken(of.token, site),
        ...(ours ? [] : [caution("It takes nothing of yours: it moves what another owner has signed for.")]),
      ],
      ...(ours ? { takes: [of.amount], destinations: [{ to: of.to, amount: of.amount }] } : {}),
    }),
  ];
});

const lockdown = at((args, site, context) => {
  const pairs = args.tuples("pairs");
  if (pairs.length === 0) return undefined;
  return pairs.map((pair) =>
    allowanceAct(
      site.depth,
      { token: pair.address("token"), spender: pair.address("spender"), units: 0n },
      site,
      context,
    ),
  );
});

const invalidateNonces = at((args, site, context) => [
  actOf(site.depth, {
    title: "Take back permits",
    facts: [
      addressFact("Token", args.address("token"), site, context),
      addressFact("Spender", args.address("spender"), site, context),
      numberFact("Permits below this nonce end", args.number("nonce")),
    ],
    said: [calm("Permits that were signed before and not used can not be used any more.")],
  }),
]);

const invalidateUnordered = at((args, site) => [
  actOf(site.depth, {
    title: "Take back permits",
    facts: [
      numberFact("Nonces of word", args.number("word")),
      numberFact("Those set in", args.number("mask")),
    ],
    said: [calm("Permits with these nonces that were not used can not be used any more.")],
  }),
]);

export const DETAILS = "(address token,uint160 amount,uint48 expiration,uint48 nonce)";
const TRANSFER = "((address token,uint256 amount) permitted,uint256 nonce,uint256 deadline) permit";

export const PERMIT2: readonly Entry[] = [
  entry("0x87517c45", "approve(address token,address spender,uint160 amount,uint48 expiration)", approve),
  entry(
    "0x2b67b570",
    `permit(address owner,(${DETAILS} details,address spender,uint256 sigDeadline) permit,bytes signature)`,
    at(permitOne),
  ),
  entry(
    "0x2a2d80d1",
    `permit(address owner,(${DETAILS}[] details,address spender,uint256 sigDeadline) permit,bytes signature)`,
    at(permitSeveral),
  ),
  entry("0x36c78516", "transferFrom(address from,address to,uint160 amount,address token)", transferFrom),
  entry(
    "0x0d58b1db",
    "transferFrom((address from,address to,uint160 amount,address token)[] moves)",
    transferSeveral,
  ),
  entry(
    "0x30f28b7a",
    `permitTransferFrom(${TRANSFER},(address to,uint256 requested) details,address owner,bytes signature)`,
    permitTransferFrom,
  ),
  entry("0xcc53287f", "lockdown((address token,address spender)[] pairs)", lockdown),
  entry("0x65d9723c", "invalidateNonces(address token,address spender,uint48 nonce)", invalidateNonces),
  entry("0x3ff9dcb1", "invalidateUnorderedNonces(uint256 word,uint256 mask)", invalidateUnordered),
];
