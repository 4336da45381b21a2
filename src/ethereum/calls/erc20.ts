// Tokens (ERC 20), allowances of them, and permits that are handed in (EIP 2612). Some selectors are those of single
// items (ERC 721) too: of a contract that is on no list, both readings are said.

import type { Act } from "../../act.ts";
import { MOST_UNITS } from "../../assets.ts";
import type { Address } from "../../eip55.ts";
import type { Context } from "../context.ts";
import { type Args, type Entry, entry, type ReadArgs, type Site } from "./entry.ts";
import { isListedToken } from "./lists.ts";
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
  fact,
  isOurs,
  numberFact,
  recipientSaid,
  type Said,
  timeFact,
  units,
  unlistedToken,
  ZERO,
} from "./making.ts";

const transfer: ReadArgs = (args, site, context) => {
  const to = args.address("to");
  return [sent(to, args.number("amount"), site, context, bareSaid(to, site))];
};

/** What leaves whoever calls. */
export function sent(
  to: Address,
  number: bigint,
  site: Site,
  context: Context,
  said: readonly Said[] = [],
): Act {
  const amount = units(site, site.to, number);
  return actOf(site.depth, {
    title: "Send",
    facts: [amountFact("Amount", amount), addressFact("To", to, site, context)],
    said: [
      ...(number === 0n ? [caution(NOTHING_MOVES)] : []),
      ...recipientSaid(to, site.to, site, context),
      ...unlistedToken(site.to, site),
      ...said,
    ],
    takes: [amount],
    destinations: [{ to, amount }],
  });
}

const NOTHING_MOVES =
  "It moves nothing. Such calls are made to put an address into your history, to be copied by mistake.";

const transferFrom: ReadArgs = (args, site, context) => {
  const [owner, to, number] = [args.address("from"), args.address("to"), args.number("amount")];
  const item = isListedToken(site.chainId, site.to) ? [] : [caution(eitherWords(number))];
  if (!isOurs(owner, site, context)) return [movedOfOthers(owner, to, number, item, site, context)];
  const act = sent(to, number, { ...site, from: owner }, context, [
    danger(OUT_OF_OURS),
    ...bareSaid(to, site),
    ...item,
  ]);
  const facts = [addressFact("From", owner, site, context), ...act.facts];
  if (item.length === 0 || number > 0n) return [{ ...act, facts }];
  // An item whose number is 0 is an item.
  const one = units(site, site.to, 1n);
  return [{ ...act, facts, takes: [one], destinations: [{ to, amount: one }] }];
};

export function movedOfOthers(
  owner: Address,
  to: Address,
  number: bigint,
  said: readonly Said[],
  site: Site,
  context: Context,
): Act {
  return actOf(site.depth, {
    title: "Move what belongs to somebody else",
    facts: [
      addressFact("From", owner, site, context),
      amountFact("Amount", units(site, site.to, number)),
      addressFact("To", to, site, context),
    ],
    said: [
      ...(number === 0n ? [caution(NOTHING_MOVES)] : []),
      ...recipientSaid(to, site.to, { ...site, from: owner }, context),
      ...unlistedToken(site.to, site),
      ...said,
      caution("It takes nothing of yours: it moves what another owner has allowed you to move."),
    ],
  });
}

export const OUT_OF_OURS = "This is a transfer out of your own account, in other words.";

function eitherWords(number: bigint): string {
  return `If this contract is one of single items (ERC 721), then it is about item ${number}.`;
}

const approve: ReadArgs = (args, site, context) => {
  const [spender, number] = [args.address("spender"), args.number("amount")];
  const item = !isListedToken(site.chainId, site.to) && spender !== ZERO && number !== MOST_UNITS;
  const of = { token: site.to, spender, said: item ? [caution(eitherWords(number))] : [] };
  if (!item || number > 0n) return [allowanceAct(site.depth, { ...of, units: number }, site, context)];
  // An item whose number is 0 is an item.
  const facts = [numberFact("Number in the call", number)];
  const act = allowanceAct(site.depth, { ...of, units: 1n, facts, said: [BACK_OR_ITEM] }, site, context);
  return [{ ...act, title: "Take back an allowance, or give one" }];
};

const BACK_OR_ITEM = caution(
  "If this contract is a token's (ERC 20), it takes an allowance back. If it is one of single items (ERC 721), the spender may take item 0.",
);

const increaseAllowance: ReadArgs = (args, site, context) => {
  const of = { token: site.to, spender: args.address("spender"), units: args.number("added") };
  const said = [caution("It is added to what the spender may take already.")];
  return [{ ...allowanceAct(site.depth, { ...of, said }, site, context), title: "Raise an allowance" }];
};

const decreaseAllowance: ReadArgs = (args, site, context) => [
  actOf(site.depth, {
    title: "Lower an allowance",
    facts: [
      amountFact("Lower by", units(site, site.to, args.number("removed"))),
      addressFact("Spender", args.address("spender"), site, context),
    ],
    said: [...unlistedToken(site.to, site), calm("The spender may take so much less than before.")],
  }),
];

/** Someone's signature is handed in: what it allows is the owner's, whoever sends the call. */
function permitted(
  args: Args,
  site: Site,
  context: Context,
  of: { owner: Address; units: bigint; until: bigint },
) {
  const spender = args.address("spender");
  const ours = isOurs(of.owner, site, context);
  const act = allowanceAct(
    site.depth,
    {
      ...{ token: site.to, spender, units: of.units },
      facts: [
        addressFact("Owner", of.owner, site, context),
        timeFact("Permit can be used until", of.until),
        fact("Signature", { kind: "bytes", bytes: signatureOf(args) }),
      ],
      said: ours
        ? deadlineSaid(of.until, context)
        : [caution("It is another owner's permit: it takes nothing of yours.")],
    },
    site,
    context,
  );
  return [ours ? act : { ...act, takes: [], destinations: [], allowances: [], oddities: others(act) }];
}

/** What is odd about it for us where it is not our token that is allowed. */
function others({ oddities }: Act): Act["oddities"] {
  return oddities.filter((oddity) => oddity === "unlisted token");
}

function signatureOf(args: Args): Uint8Array {
  const whole = new Uint8Array(65);
  whole.set(args.bytes("r"), 0);
  whole.set(args.bytes("s"), 32);
  whole[64] = Number(args.number("v"));
  return whole;
}

const permit: ReadArgs = (args, site, context) =>
  permitted(args, site, context, {
    owner: args.address("owner"),
    units: args.number("amount"),
    until: args.number("deadline"),
  });

/** As DAI has it: all or nothing; an expiry of 0 is none. */
const permitAll: ReadArgs = (args, site, context) => {
  const expiry = args.number("expiry");
  return permitted(args, site, context, {
    owner: args.address("holder"),
    units: args.flag("allowed") ? MOST_UNITS : 0n,
    until: expiry === 0n ? MOST_UNITS : expiry,
  });
};

/** A token of debt: somebody may borrow, and this account owes it. */
const approveDelegation: ReadArgs = (args, site, context) => {
  const of = { token: site.to, spender: args.address("delegatee"), units: args.number("amount") };
  const said = [danger("Whoever may do this borrows in your name: they have the money, and you the debt.")];
  return [
    {
      ...allowanceAct(site.depth, { ...of, said }, site, context),
      title: "Let somebody borrow in your name",
    },
  ];
};

export const ERC20: readonly Entry[] = [
  entry("0xa9059cbb", "transfer(address to,uint256 amount)", transfer),
  entry("0x23b872dd", "transferFrom(address from,address to,uint256 amount)", transferFrom),
  entry("0x095ea7b3", "approve(address spender,uint256 amount)", approve),
  entry("0x39509351", "increaseAllowance(address spender,uint256 added)", increaseAllowance),
  entry("0xa457c2d7", "decreaseAllowance(address spender,uint256 removed)", decreaseAllowance),
  entry(
    "0xd505accf",
    "permit(address owner,address spender,uint256 amount,uint256 deadline,uint8 v,bytes32 r,bytes32 s)",
    permit,
  ),
  entry(
    "0x8fcbaf0c",
    "permit(address holder,address spender,uint256 nonce,uint256 expiry,bool allowed,uint8 v,bytes32 r,bytes32 s)",
    permitAll,
  ),
  entry("0xc04a8a10", "approveDelegation(address delegatee,uint256 amount)", approveDelegation),
];
