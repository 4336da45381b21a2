// One trade, whatever router it goes through: what is given at the most, what comes back at the least, to whom, until when.

import type { Act, ActFact } from "../../act.ts";
import { UNLIMITED } from "../../assets.ts";
import type { Address } from "../../eip55.ts";
import type { Amount } from "../../rules.ts";
import type { Context } from "../context.ts";
import { isNextToNothing } from "../dust.ts";
import type { ReadArgs, Site } from "./entry.ts";
import { type ContractKind, kindOf, wrappedCoin } from "./lists.ts";
import {
  actOf,
  addressFact,
  alikeSaid,
  amountFact,
  calm,
  caution,
  coin,
  danger,
  isOurs,
  type Said,
  timeFact,
  units,
  unlistedToken,
  ZERO,
} from "./making.ts";

export interface Side {
  readonly token: Address;
  readonly amount: Amount;
}

export const side = (token: Address, amount: bigint, site: Site): Side => ({
  token,
  amount: units(site, token, amount),
});

/** The coin of the chain. */
export const coinSide = (amount: bigint, site: Site): Side => ({ token: ZERO, amount: coin(site, amount) });

export interface Trade {
  readonly title?: string;
  /** At the most. */
  readonly give: readonly Side[];
  /** At the least. */
  readonly get: readonly Side[];
  readonly recipient: Recipient;
  readonly deadline?: bigint;
  /** What is given lies in the router already: nothing more leaves. */
  readonly fromRouter?: true;
  /** A later step says what comes back at the least. */
  readonly promised?: true;
  /** It asks for so much to come back, and takes what that costs. */
  readonly exactGet?: true;
  readonly facts?: readonly ActFact[];
  readonly said?: readonly Said[];
}

// By these words steps of one call are told apart (stranded.ts).
export const GIVE = "Give at most";
export const LEAST = "Get at least";
export const ALL_OF = "Give all that lies in the router of";
export const INTO_ROUTER = "Goes to the router";
export const OUT_OF_ROUTER = "Take what lies in the router";
export const USES_ROUTERS = "It uses what an earlier step left in the router.";

/** "router": it stays there, for a later step of the same call. */
export type Recipient = Address | "router";

/** Routers write 1 for whoever calls, and 2 for themselves. */
export function namedRecipient(written: Address, site: Site): Recipient {
  const number = BigInt(written);
  return number === 1n ? site.from : number === 2n || written === site.to ? "router" : written;
}

export function tradeAct(depth: number, trade: Trade, site: Site, context: Context): Act {
  const { give, get, recipient, deadline } = trade;
  const takes = trade.fromRouter ? [] : give.map(({ amount }) => amount);
  const elsewhere = recipient !== "router" && recipient !== site.from;
  const foreign = elsewhere && !isOurs(recipient, site, context);
  return actOf(depth, {
    title: trade.title ?? "Swap",
    facts: [
      ...give.map((one) => giveFact(one, trade, site, context)),
      ...get.map(({ amount }) =>
        amountFact(LEAST, amount, amount.units === 0n && !trade.promised ? "danger" : undefined),
      ),
      recipientFact(recipient, site, context, foreign),
      ...(deadline === undefined ? [] : [timeFact("Can be carried out until", deadline)]),
      ...(trade.facts ?? []),
    ],
    said: [...tradeSaid(trade, site, context), ...(trade.said ?? [])],
    takes,
    destinations:
      takes.length === 0 && elsewhere
        ? get.map(({ amount }) => ({ to: recipient, amount }))
        : takes.flatMap((amount) => [
            { to: site.to, amount },
            ...(elsewhere ? [{ to: recipient, amount }] : []),
          ]),
  });
}

/** All of a token that lies in a router is written as 0 or as 2^255. */
function giveFact({ token, amount }: Side, { fromRouter }: Trade, site: Site, context: Context): ActFact {
  if (!fromRouter || (amount.units > 0n && amount.units < UNLIMITED)) return amountFact(GIVE, amount);
  return addressFact(ALL_OF, token, site, context);
}

/**
 * By a router that pays with the coin that was sent where a wrapped coin is asked for and all of it is there (Uniswap
 * V3's): coin leaves instead. Where it is not enough, the wrapped coin leaves in full, and what was sent as well.
 */
export function paid(trade: Trade, site: Site, context: Context): Act {
  const least = trade.give[0]?.amount.units ?? 0n;
  const left = site.value > 0n && (trade.exactGet || site.value !== least) ? [LEFT] : [];
  const act = tradeAct(site.depth, { ...trade, said: [...(trade.said ?? []), ...left] }, site, context);
  if (site.value === 0n) return act;
  const sent = coin(site, site.value);
  const [given] = trade.give;
  const covered = given?.token === wrappedCoin(site.chainId) && site.value >= given!.amount.units;
  const amounts = covered ? [sent] : [...act.takes, sent];
  const others = act.destinations.filter(({ to }) => to !== site.to).map(({ to }) => to);
  const whoever = [site.to, ...new Set(others)];
  return {
    ...act,
    facts: [amountFact("Coin sent with it", sent), ...act.facts],
    takes: amounts,
    destinations: amounts.flatMap((amount) => whoever.map((to) => ({ to, amount }))),
  };
}

const LEFT = danger("Coin that this does not use stays in the router, where anybody can take it.");

function recipientFact(recipient: Recipient, site: Site, context: Context, elsewhere: boolean): ActFact {
  if (recipient === "router") return addressFact(INTO_ROUTER, site.to, site, context);
  return addressFact("What comes back goes to", recipient, site, context, elsewhere ? "danger" : undefined);
}

function tradeSaid(trade: Trade, site: Site, context: Context): readonly Said[] {
  const { give, get, recipient } = trade;
  return [
    ...whoSaid(recipient, site, context),
    ...(get.some(({ amount }) => amount.units === 0n) && !trade.promised
      ? [danger("It may give you nothing: no least amount is asked for.")]
      : []),
    ...(isForNextToNothing(trade)
      ? [danger("It may give you next to nothing: look at the least amount.")]
      : []),
    ...[...give, ...get].flatMap(({ token }) => unlistedToken(token, site)),
    ...(trade.fromRouter ? [calm(USES_ROUTERS)] : []),
  ];
}

/** Of what is worth something: whoever writes 1 in place of 0 asks for no more. */
function isForNextToNothing({ give, get, promised }: Trade): boolean {
  const isWorth = give.length === 0 || give.some(({ amount }) => !isNextToNothing(amount));
  return isWorth && !promised && get.some(({ amount }) => amount.units > 0n && isNextToNothing(amount));
}

/** Who gets what comes back. */
export function whoSaid(recipient: Recipient, site: Site, context: Context): readonly Said[] {
  if (recipient === "router" && site.depth === 0)
    return [danger("What comes back stays in the router, where anybody can take it.")];
  if (recipient === "router")
    return [caution("What comes back stays in the router for a later step of this call.")];
  if (recipient === ZERO)
    return [danger("What comes back goes to the zero address: nobody can ever get it back.")];
  if (isOurs(recipient, site, context)) return [];
  return [
    ...alikeSaid(recipient, site, context),
    danger("What comes back goes to another address, not to the account that pays."),
  ];
}

/** Only at a contract that is on the shipped list as one of these: of any other, the call stays unknown. */
export function onlyAt(kinds: readonly ContractKind[], looks: string, read: ReadArgs): ReadArgs {
  return (args, site, context) => {
    const kind = kindOf(site.chainId, site.to);
    return kind !== undefined && kinds.includes(kind) ? read(args, site, context) : { looks, inside: [] };
  };
}
