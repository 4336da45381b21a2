// Several calls in one: what is inside is shown and counted, each by itself.

import type { Act } from "../../act.ts";
import { toHex } from "../../bytes.ts";
import { addressBytes } from "../../eip55.ts";
import { LIMITS } from "../../limits.ts";
import { refuse } from "../../refusal.ts";
import type { Amount } from "../../rules.ts";
import type { CallToRead, Context } from "../context.ts";
import { sums } from "../spend.ts";
import { type Args, type Entry, payable, type ReadArgs, type Site } from "./entry.ts";
import { type ContractKind, kindOf, wrappedCoin } from "./lists.ts";
import { actOf, amountFact, calm, caution, coin, numberFact, type Said, timeFact, units } from "./making.ts";
import { strandedSaid } from "./stranded.ts";

/** Reads them in order; more than a person can look at is refused, before it is read. */
export function readAll(calls: readonly CallToRead[], context: Context): readonly Act[] {
  return readEach(calls, context).flat();
}

function readEach(calls: readonly CallToRead[], context: Context): readonly (readonly Act[])[] {
  if (calls.length > LIMITS.acts) return tooMany();
  let left: number = LIMITS.acts;
  return calls.map((call) => {
    const acts = context.readCall(call);
    left -= acts.length;
    return left < 0 ? tooMany() : acts;
  });
}

function tooMany(): never {
  return refuse("ethereum.too-many-acts", `data: more than ${LIMITS.acts} calls inside it`);
}

export function outer(count: number, site: Site, own: bigint, said: readonly Said[] = []): Act {
  const amount = coin(site, own);
  return actOf(site.depth, {
    title: count === 1 ? "A batch of one call" : "A batch of calls",
    facts: [
      numberFact("Calls in it", BigInt(count)),
      ...(own === 0n ? [] : [amountFact("Coin sent with it", amount)]),
    ],
    said: [...said, calm("What each does is shown after this.")],
    takes: [amount],
    destinations: own === 0n ? [] : [{ to: site.to, amount }],
  });
}

// ---------------------------------------------------------------- multicall: a contract that calls itself

const SELF_CALLERS: readonly ContractKind[] = ["uniswap-v3-router", "uniswap-v3-router-2"];

const multicall: ReadArgs = (args, site, context) => selfCalls(args, site, context, []);

const multicallUntil: ReadArgs = (args, site, context) =>
  selfCalls(args, site, context, [timeFact("Can be carried out until", args.number("deadline"))]);

/** Every one is made by whoever calls, to the same contract, with the same coin. */
function selfCalls(args: Args, site: Site, context: Context, facts: Act["facts"]) {
  const { chainId, from, to } = site;
  const calls = args
    .blobs("calls")
    .map((data) => ({ chainId, from, to, value: 0n, data, depth: site.depth + 1 }));
  const inside = readEach(calls, context);
  const kind = kindOf(chainId, to);
  if (kind === undefined || !SELF_CALLERS.includes(kind))
    return { looks: "several calls of this contract to itself", inside: inside.flat() };
  const act = outer(calls.length, site, site.value, strandedSaid(inside.flat(), site, false));
  return handedOn([{ ...act, facts: [...act.facts, ...facts] }, ...paidWithCoin(calls, inside, site)]);
}

/** Who is handed what lies in the router can have all that went into it. */
export function handedOn(acts: readonly Act[]): readonly Act[] {
  const taken = sums(acts.flatMap(({ takes }) => takes));
  return acts.map((act) =>
    act.takes.length > 0 || act.destinations.length === 0 || taken.length === 0
      ? act
      : {
          ...act,
          destinations: act.destinations.flatMap(({ to }) => taken.map((amount) => ({ to, amount }))),
        },
  );
}

/** Given back, or put to another use: then what is left is not sure any more. */
const USES_COIN = ["0x12210e8a", "0x1c58db4f"];

/**
 * These routers pay with the coin that was sent, wherever a wrapped coin is asked for and all of it is there: it is
 * counted with the outer call, and not again as a wrapped coin. That holds as long as nothing else uses the coin: on
 * its way through several pools a swap may, where the wrapped coin lies between two of them.
 */
function paidWithCoin(
  calls: readonly CallToRead[],
  inside: readonly (readonly Act[])[],
  site: Site,
): readonly Act[] {
  const wrapped = wrappedCoin(site.chainId);
  if (wrapped === undefined || site.value === 0n) return inside.flat();
  const { asset } = units(site, wrapped, 0n);
  let left = site.value;
  return inside.flatMap((acts, i) => {
    const [act] = acts;
    const asked = act?.takes.find((amount) => amount.asset === asset)?.units ?? 0n;
    const covered = acts.length === 1 && act!.title === "Swap" && asked > 0n && asked <= left;
    const others = times(calls[i]!.data, addressBytes(wrapped)) - (covered ? 1 : 0);
    const uses = act?.calls.some(({ known, selector }) => !known || USES_COIN.includes(selector));
    left = uses || others > 0 ? 0n : covered ? left - asked : left;
    return covered ? [withCoin(act!, coin(site, asked), asset, site)] : acts;
  });
}

function withCoin(act: Act, sent: Amount, wrapped: string, site: Site): Act {
  return {
    ...act,
    facts: [...act.facts, amountFact("Paid with coin that is sent", sent)],
    takes: act.takes.filter(({ asset }) => asset !== wrapped),
    destinations: act.destinations.filter(({ to }) => to !== site.to).map(({ to }) => ({ to, amount: sent })),
  };
}

/** How often these bytes stand in it. */
function times(data: Uint8Array, bytes: Uint8Array): number {
  const [all, one] = [toHex(data), toHex(bytes)];
  return all.split(one).length - 1;
}

// ---------------------------------------------------------------- Multicall3: a contract that calls others

/** As the batch contract: what it holds is nobody's, but it can take what it was allowed to. */
function others(callsOf: (args: Args, site: Site) => readonly CallToRead[] | undefined): ReadArgs {
  return (args, site, context) => {
    const calls = callsOf(args, site);
    if (!calls) return undefined;
    const inside = readAll(calls, context);
    if (kindOf(site.chainId, site.to) !== "multicall3") return { looks: "several calls in one", inside };
    return [outer(calls.length, site, beyond(site, calls), [BY_OTHERS]), ...inside];
  };
}

const BY_OTHERS = caution(
  "The calls are made by the batch contract, not by the account: they move what lies there.",
);

/** Coin that is sent with the whole, and not with one of the calls in it. */
export function beyond(site: Site, calls: readonly CallToRead[]): bigint {
  const inside = calls.reduce((sum, { value }) => sum + value, 0n);
  return site.value > inside ? site.value - inside : 0n;
}

function callsIn(valued: boolean) {
  return (args: Args, site: Site): readonly CallToRead[] =>
    args.tuples("calls").map((one) => ({
      ...{ chainId: site.chainId, from: site.to, to: one.address("to"), data: one.bytes("data") },
      ...{ value: valued ? one.number("value") : 0n, depth: site.depth + 1 },
    }));
}

export const BATCHES: readonly Entry[] = [
  payable("0xac9650d8", "multicall(bytes[] calls)", multicall),
  payable("0x5ae401dc", "multicall(uint256 deadline,bytes[] calls)", multicallUntil),
  payable("0x1f0464d1", "multicall(bytes32 previousBlock,bytes[] calls)", multicall),
  payable("0x252dba42", "aggregate((address to,bytes data)[] calls)", others(callsIn(false))),
  payable("0xbce38bd7", "tryAggregate(bool all,(address to,bytes data)[] calls)", others(callsIn(false))),
  payable("0xc3077fa9", "blockAndAggregate((address to,bytes data)[] calls)", others(callsIn(false))),
  payable(
    "0x399542e9",
    "tryBlockAndAggregate(bool all,(address to,bytes data)[] calls)",
    others(callsIn(false)),
  ),
  payable("0x82ad56cb", "aggregate3((address to,bool mayFail,bytes data)[] calls)", others(callsIn(false))),
  payable(
    "0x174dea71",
    "aggregate3Value((address to,bool mayFail,uint256 value,bytes data)[] calls)",
    others(callsIn(true)),
  ),
];
