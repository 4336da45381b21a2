// Acts of calls and typed data that Firn cannot read by itself, as the owner's administrators describe them. What they
// say is shown beside every value, and never lowers what is judged: whatever it calls an amount is taken, whoever it
// names is a destination.

import type { Act } from "../../act.ts";
import { coinOf, MOST_UNITS } from "../../assets.ts";
import { toHex } from "../../bytes.ts";
import type { Address } from "../../eip55.ts";
import { LIMITS } from "../../limits.ts";
import type { Amount, Asset, Destination } from "../../rules.ts";
import { decodeAbi } from "../abi.ts";
import { actOf, addressFact, amountFact, caution, fact, isOurs, unlistedToken } from "../calls/making.ts";
import type { CallToRead, Context } from "../context.ts";
import { tokenAt } from "../lookup.ts";
import type { TypedData } from "../typed/index.ts";
import { chainOf } from "../typed/read.ts";
import type { Descriptor, Format } from "./model.ts";
import type { Around, Found } from "./show.ts";
import { structOf } from "./values.ts";
import { walk } from "./walk.ts";

/** All that enough administrators signed. */
export interface Descriptors {
  /** Of their document. */
  readonly number: number;
  readonly list: readonly Descriptor[];
}

const SELECTOR_BYTES = 4;

/** Undefined where none of them speaks of this call, or the one that does is not of its shape. Never of delegate calls. */
export function actsOfDescribedCall(
  call: CallToRead,
  context: Context,
  descriptors: Descriptors,
): readonly Act[] | undefined {
  const { to, chainId, data } = call;
  if (to === undefined || call.delegate || data.length < SELECTOR_BYTES) return undefined;
  const selector = `0x${toHex(data.subarray(0, SELECTOR_BYTES))}`;
  const [descriptor, format] = pick(descriptors, { chainId, to }, false, selector) ?? [];
  const decoded = format && decodeAbi(format.args, data.subarray(SELECTOR_BYTES));
  if (!descriptor || !decoded || decoded.rest.length > 0) return undefined;
  const root = structOf(format.args, decoded.values);
  const around: Around = { ...call, to, root, context, budget: { left: LIMITS.callValues } };
  const found = walk(format, around);
  if (found === undefined || isTooMuch(found)) return undefined;
  const act = describedAct({ descriptor, format, found, around, number: descriptors.number });
  return [{ ...act, calls: [{ chainId, contract: to, selector, known: true }] }, ...found.inside];
}

/**
 * The acts of a call as Firn reads it, and where it cannot, as the administrators describe it. What Firn itself found
 * inside a call that it could not be sure of stays.
 */
export function orDescribed(acts: readonly Act[], call: CallToRead, context: Context): readonly Act[] {
  const { descriptors } = context;
  const [first, ...inside] = acts;
  if (!descriptors || !first?.oddities.includes("unknown call")) return acts;
  const described = actsOfDescribedCall(call, context, descriptors);
  return described ? [...described, ...inside] : acts;
}

/** The same of typed data. */
export function typedOrDescribed(acts: readonly Act[], typed: TypedData, context: Context): readonly Act[] {
  const { descriptors } = context;
  const [first] = acts;
  if (!descriptors || acts.length > 1 || !first?.oddities.includes("unknown typed data")) return acts;
  // What Firn knows to be taken no description takes away.
  if (first.takes.length > 0) return acts;
  return actsOfDescribedTyped(typed, context, descriptors) ?? acts;
}

/** Undefined as of calls. */
export function actsOfDescribedTyped(
  typed: TypedData,
  context: Context,
  descriptors: Descriptors,
): readonly Act[] | undefined {
  const { contract: to } = typed.domain;
  const chainId = chainOf(typed);
  if (to === undefined || chainId === undefined || typed.messageHash === undefined) return undefined;
  const [descriptor, format] = pick(descriptors, { chainId, to }, true, typed.type) ?? [];
  if (!descriptor || !format || !fitsDomain(descriptor, typed)) return undefined;
  const around: Around = {
    ...{ chainId, from: context.account, to, value: 0n, depth: 0, context },
    ...{ root: typed.message, budget: { left: LIMITS.callValues } },
  };
  const found = walk(format, around);
  if (found === undefined || isTooMuch(found)) return undefined;
  return [describedAct({ descriptor, format, found, around, number: descriptors.number }), ...found.inside];
}

/** Of two that speak of the same none is believed: documents with two are not taken either. */
function pick(
  { list }: Descriptors,
  at: { readonly chainId: bigint; readonly to: Address },
  typed: boolean,
  key: string,
): readonly [Descriptor, Format] | undefined {
  const found = list
    .filter(
      ({ domain, deployments }) =>
        (domain !== undefined) === typed &&
        deployments.some(({ chainId, address }) => chainId === at.chainId && address === at.to),
    )
    .flatMap((one) =>
      one.formats.filter((format) => format.key === key).map((format) => [one, format] as const),
    );
  return found.length === 1 ? found[0] : undefined;
}

function fitsDomain({ domain = new Map() }: Descriptor, { domain: own }: TypedData): boolean {
  const said: Readonly<Record<string, string | undefined>> = {
    name: own.name,
    version: own.version,
    chainId: own.chainId === undefined ? undefined : String(own.chainId),
    verifyingContract: own.contract?.toLowerCase(),
  };
  return [...domain].every(([name, value]) =>
    name === "verifyingContract" ? said[name] === value.toLowerCase() : said[name] === value,
  );
}

interface Described {
  readonly descriptor: Descriptor;
  readonly format: Format;
  readonly found: Found;
  readonly around: Around;
  readonly number: number;
}

function describedAct({ descriptor, format, found, around, number }: Described): Act {
  const { to, chainId, context, depth } = around;
  const typed = descriptor.domain !== undefined;
  const coin = coinOf(chainId);
  const inside = found.inside.flatMap(({ takes }) => takes).filter(({ asset }) => asset === coin);
  const within = inside.reduce((sum, { units }) => sum + units, 0n);
  const own = around.value > within ? around.value - within : 0n;
  const takes = summed([...found.takes, { asset: coin, units: own }]);
  const sent = { asset: coin, units: around.value };
  return actOf(depth, {
    title: typed ? "Typed data by a descriptor" : "A call by a descriptor",
    facts: [
      fact("It is called", { kind: "text", text: format.intent }),
      fact(typed ? "Type" : "Function", { kind: "text", text: format.written.split("(")[0]! }),
      addressFact(typed ? "For the contract" : "Contract", to, around, context),
      fact("The contract is called", { kind: "text", text: descriptor.name }),
      ...(around.value === 0n ? [] : [amountFact("Sent with it", sent)]),
      ...found.facts,
    ],
    said: [
      caution(
        `Firn cannot read this by itself: it shows what your administrators signed (descriptors ${number}).`,
      ),
      ...(found.unnamed ? [UNNAMED] : []),
      ...tokensOf(takes, chainId).flatMap((token) => unlistedToken(token, around)),
    ],
    takes,
    destinations: destinationsOf(takes, found.named, around),
  });
}

const UNNAMED = caution(
  "Of one amount nothing says which token it is of: no limit can count it.",
  "unlisted token",
);

/** Everyone who is named may get everything: that many pairs nobody reads, and no policy needs. */
function isTooMuch({ named, takes }: Found): boolean {
  const [people, assets] = [new Set(named).size, new Set(takes.map(({ asset }) => asset)).size];
  return (people + 1) * (assets + 1) > LIMITS.callValues;
}

/** One amount an asset, no more than there are units. */
function summed(amounts: readonly Amount[]): readonly Amount[] {
  const sums = new Map<Asset, bigint>();
  for (const { asset, units } of amounts) sums.set(asset, (sums.get(asset) ?? 0n) + units);
  return [...sums]
    .filter(([, units]) => units > 0n)
    .map(([asset, units]) => ({ asset, units: units > MOST_UNITS ? MOST_UNITS : units }));
}

function tokensOf(takes: readonly Amount[], chainId: bigint): readonly Address[] {
  const start = `${chainId}/`;
  return takes.flatMap(({ asset }) =>
    asset.startsWith(start) ? [asset.slice(start.length) as Address] : [],
  );
}

/** Everything may come to the contract and to whoever is named; listed tokens are what moves, not where. */
function destinationsOf(
  takes: readonly Amount[],
  named: readonly Address[],
  around: Around,
): readonly Destination[] {
  const { to, chainId, context } = around;
  const others = named.filter(
    (address) => !isOurs(address, around, context) && tokenAt(chainId, address) === undefined,
  );
  const nothing = { asset: coinOf(chainId), units: 0n };
  const amounts = takes.length > 0 ? takes : [nothing];
  return [...new Set([to, ...others])].flatMap((one) => amounts.map((amount) => ({ to: one, amount })));
}
