// The commands of Uniswap's Universal Router of which nothing is doubtful.

import type { Act, ActFact } from "../../act.ts";
import { type AbiField, decodeAbi, readTypes } from "../abi.ts";
import type { Context } from "../context.ts";
import { Args, type ReadArgs, type Site } from "./entry.ts";
import { wrappedCoin } from "./lists.ts";
import {
  actOf,
  addressFact,
  amountFact,
  calm,
  caution,
  coin,
  numberFact,
  units,
  unlistedToken,
} from "./making.ts";
import { DETAILS, movedByPermit2, permitOne, permitSeveral } from "./permit2.ts";
import {
  coinSide,
  INTO_ROUTER,
  namedRecipient,
  OUT_OF_ROUTER,
  type Side,
  side,
  type Trade,
  tradeAct,
  whoSaid,
} from "./swap.ts";
import { pathEnds } from "./swaps-v3.ts";

export interface Step {
  readonly args: Args;
  readonly site: Site;
  readonly context: Context;
  /** A later step asks for some least amount. */
  readonly promised: boolean;
}

export interface Command {
  /** The same command with more behind it, as later versions of the router take it. */
  readonly forms: readonly (readonly AbiField[])[];
  readonly read: (step: Step) => readonly Act[] | undefined;
}

function command(types: string, read: Command["read"]): Command {
  return { forms: [readTypes(`(${types})`)!], read };
}

/** Later versions ask for a least price of each pool as well. */
function swap(types: string, read: Command["read"]): Command {
  return { forms: [readTypes(`(${types})`)!, readTypes(`(${types},uint256[] prices)`)!], read };
}

function traded({ args, site, context, promised }: Step, give: Side, get: Side): Act {
  const recipient = namedRecipient(args.address("recipient"), site);
  const trade: Trade = {
    ...{ give: [give], get: [get], recipient },
    ...(args.flag("byCaller") ? {} : { fromRouter: true as const }),
    ...(promised && recipient === "router" ? { promised: true as const } : {}),
  };
  return tradeAct(site.depth, trade, site, context);
}

/** From the ends of a path: of what is given first, and of what comes back. */
function endsOf({ args }: Step, kind: "bytes" | "list") {
  if (kind === "bytes") return pathEnds(args.bytes("path"));
  const path = args.addresses("path");
  return path.length < 2 ? undefined : { first: path[0]!, last: path.at(-1)! };
}

const exactIn = (kind: "bytes" | "list") => (step: Step) => {
  const { args, site } = step;
  const ends = endsOf(step, kind);
  if (!ends) return undefined;
  return [
    traded(step, side(ends.first, args.number("give"), site), side(ends.last, args.number("least"), site)),
  ];
};

/** V3 writes such a path from its end. */
const exactOut = (kind: "bytes" | "list") => (step: Step) => {
  const { args, site } = step;
  const ends = endsOf(step, kind);
  if (!ends) return undefined;
  const [from, to] = kind === "bytes" ? [ends.last, ends.first] : [ends.first, ends.last];
  return [traded(step, side(from, args.number("most"), site), side(to, args.number("get"), site))];
};

/** All of it that lies in the router. */
function handedOut({ args, site, context }: Step, get: Side): readonly Act[] {
  const recipient = namedRecipient(args.address("recipient"), site);
  const trade: Trade = {
    title: OUT_OF_ROUTER,
    give: [],
    get: [get],
    recipient,
    promised: true,
  };
  return [tradeAct(site.depth, trade, site, context)];
}

const unwrap = (step: Step) =>
  wrappedCoin(step.site.chainId) === undefined
    ? undefined
    : handedOut(step, coinSide(step.args.number("least"), step.site));

const WRAP = "Wrap coin in the router";

const wrap = ({ args, site, context }: Step) => {
  const recipient = namedRecipient(args.address("recipient"), site);
  const amount = coin(site, args.number("amount"));
  const all = args.number("amount") === 1n << 255n;
  const facts = all ? [] : [amountFact("Amount", amount)];
  if (recipient === "router") return [actOf(site.depth, { title: WRAP, facts })];
  const elsewhere = recipient !== site.from;
  return [
    actOf(site.depth, {
      title: WRAP,
      facts: [...facts, addressFact("What comes back goes to", recipient, site, context)],
      said: whoSaid(recipient, site, context),
      destinations: elsewhere ? [{ to: recipient, amount: coin(site, 0n) }] : [],
    }),
  ];
};

/** A part of what lies in the router, to somebody. */
function partOut({ args, site, context }: Step, facts: readonly ActFact[]): readonly Act[] {
  const recipient = namedRecipient(args.address("recipient"), site);
  const token = args.address("token");
  return [
    actOf(site.depth, {
      title: "Pay out of the router",
      facts: [...facts, addressFact("To", recipient === "router" ? site.to : recipient, site, context)],
      said: [
        ...unlistedToken(token, site),
        ...(recipient === site.from
          ? []
          : [caution("This goes to another address than the account: often a fee.")]),
      ],
      destinations:
        recipient === "router" || recipient === site.from
          ? []
          : [{ to: recipient, amount: units(site, token, 0n) }],
    }),
  ];
}

const moved = (step: Step) => {
  const { args, site, context } = step;
  const recipient = namedRecipient(args.address("recipient"), site);
  if (recipient !== "router") return [movedByPermit2(args, site.from, recipient, site, context)];
  const amount = units(site, args.address("token"), args.number("amount"));
  return [
    actOf(site.depth, {
      title: "Give a token to the router",
      facts: [amountFact("Amount", amount), addressFact(INTO_ROUTER, site.to, site, context)],
      said: [...whoSaid("router", site, context), ...unlistedToken(args.address("token"), site)],
      takes: [amount],
      destinations: [{ to: site.to, amount }],
    }),
  ];
};

/** The router hands it in for whoever calls: it is the account's own permit. */
const permits =
  (read: ReadArgs) =>
  ({ args, site, context }: Step) => {
    const acts = read(args.withAddress("owner", site.from), site, context);
    return acts && "looks" in acts ? undefined : acts;
  };

const movedSeveral = ({ args, site, context }: Step) => {
  const moves = args.tuples("moves");
  // The router moves nothing but the caller's.
  if (moves.length === 0 || moves.some((one) => one.address("from") !== site.from)) return undefined;
  return moves.map((one) => movedByPermit2(one, site.from, one.address("to"), site, context));
};

const checked = ({ args, site, context }: Step) => [
  actOf(site.depth, {
    title: "Check a balance",
    facts: [
      addressFact("Of", args.address("owner"), site, context),
      amountFact("At least", units(site, args.address("token"), args.number("least"))),
    ],
    said: [calm("It moves nothing; with less than this the call fails.")],
  }),
];

const SWAP_IN = "address recipient,uint256 give,uint256 least";
const SWAP_OUT = "address recipient,uint256 get,uint256 most";

export const COMMANDS: ReadonlyMap<number, Command> = new Map([
  [0x00, swap(`${SWAP_IN},bytes path,bool byCaller`, exactIn("bytes"))],
  [0x01, swap(`${SWAP_OUT},bytes path,bool byCaller`, exactOut("bytes"))],
  [0x02, command("address token,address recipient,uint160 amount", moved)],
  [
    0x03,
    command(
      `(${DETAILS}[] details,address spender,uint256 sigDeadline) permit,bytes signature`,
      permits(permitSeveral),
    ),
  ],
  [
    0x04,
    command("address token,address recipient,uint256 least", (step) =>
      handedOut(step, side(step.args.address("token"), step.args.number("least"), step.site)),
    ),
  ],
  [
    0x05,
    command("address token,address recipient,uint256 amount", (step) => {
      const { args, site } = step;
      return partOut(step, [amountFact("Amount", units(site, args.address("token"), args.number("amount")))]);
    }),
  ],
  [
    0x06,
    command("address token,address recipient,uint256 bips", (step) => {
      const { args, site, context } = step;
      return partOut(step, [
        addressFact("Token", args.address("token"), site, context),
        numberFact("Parts of 10,000", args.number("bips")),
      ]);
    }),
  ],
  [0x08, swap(`${SWAP_IN},address[] path,bool byCaller`, exactIn("list"))],
  [0x09, swap(`${SWAP_OUT},address[] path,bool byCaller`, exactOut("list"))],
  [
    0x0a,
    command(
      `(${DETAILS} details,address spender,uint256 sigDeadline) permit,bytes signature`,
      permits(permitOne),
    ),
  ],
  [0x0b, command("address recipient,uint256 amount", wrap)],
  [0x0c, command("address recipient,uint256 least", unwrap)],
  [0x0d, command("(address from,address to,uint160 amount,address token)[] moves", movedSeveral)],
  [0x0e, command("address owner,address token,uint256 least", checked)],
]);

export function argsOf(found: Command, input: Uint8Array): Args | undefined {
  for (const fields of found.forms) {
    const decoded = decodeAbi(fields, input);
    if (decoded?.rest.length === 0) return new Args(fields, decoded.values);
  }
  return undefined;
}
