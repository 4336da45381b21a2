// Orders: what is given for what. Whoever takes one needs nothing more than this signature and the allowances that are there.

import type { Act, ActFact } from "../../act.ts";
import type { Address } from "../../eip55.ts";
import type { Amount } from "../../rules.ts";
import {
  actOf,
  addressFact,
  amountFact,
  caution,
  danger,
  fact,
  type Said,
  timeFact,
  units,
  unlistedToken,
} from "../calls/making.ts";
import type { Context } from "../context.ts";
import { isNextToNothing } from "../dust.ts";
import { ownerSaid, type ReadMessage, type Site, untilSaid } from "./reading.ts";

/** So much of a token, of the coin, or of a collection. */
export interface Item {
  readonly token: Address;
  readonly units: bigint;
  /** Of a collection: which one; "any": whichever the other side likes. */
  readonly item?: bigint | "any";
}

export interface Trade {
  readonly title: string;
  readonly owner: Address;
  readonly gives: readonly Item[];
  /** What comes back to the account, at the least. */
  readonly gets: readonly Item[];
  /** What goes elsewhere instead. */
  readonly getsElsewhere?: readonly (Item & { readonly to: Address })[];
  readonly until: bigint;
  readonly facts?: readonly ActFact[];
  readonly said?: readonly Said[];
}

export function tradeAct(trade: Trade, site: Site, context: Context): Act {
  const { gives, gets, getsElsewhere = [], until } = trade;
  const takes = summed(gives.map((item) => units(site, item.token, item.units)));
  return actOf(0, {
    title: trade.title,
    facts: [
      ...gives.flatMap((item) => itemFacts("You give", item, site)),
      ...backFacts(gets, getsElsewhere, site, context),
      timeFact("Can be taken until", until),
      ...(trade.facts ?? []),
    ],
    said: [
      ...ownerSaid(trade.owner, "seller", context),
      ...backSaid(trade, site),
      ...untilSaid(until, context),
      ...gives.flatMap((item) => givenSaid(item, site)),
      ...(trade.said ?? []),
      caution("Nothing more is asked of you: whoever takes the order gets what you give."),
    ],
    takes,
    destinations: takes.map((amount) => ({ to: site.contract, amount })),
  });
}

export function backFacts(
  gets: readonly Item[],
  elsewhere: NonNullable<Trade["getsElsewhere"]>,
  site: Site,
  context: Context,
): readonly ActFact[] {
  return [
    ...gets.flatMap((item) => itemFacts("You get", item, site)),
    ...elsewhere.flatMap((item) => [
      ...itemFacts("Others get", item, site),
      addressFact("Who", item.to, site, context),
    ]),
  ];
}

/** The classic drain: things of worth are offered for nothing, or for what the thief made up. */
export function backSaid({ gives, gets }: Pick<Trade, "gives" | "gets">, site: Site): readonly Said[] {
  if (gives.every((item) => item.units === 0n)) return [];
  const worth = gets.filter((item) => item.units > 0n);
  if (worth.length === 0) return [danger("Nothing comes back to the account: it would all be given away.")];
  if (worth.every(({ token }) => unlistedToken(token, site).length > 0))
    return [danger("What comes back is on no shipped list: it may be worth nothing.")];
  const listed = worth.filter(({ token }) => unlistedToken(token, site).length === 0);
  if (listed.every((one) => one.item === undefined && isNextToNothing(units(site, one.token, one.units))))
    return [danger("Next to nothing comes back to the account: look at the amounts.")];
  return [];
}

function givenSaid({ token, item }: Item, site: Site): readonly Said[] {
  const any =
    item === "any" ? [danger("Of this collection the other side chooses which item it takes.")] : [];
  return [...any, ...unlistedToken(token, site)];
}

function itemFacts(label: string, item: Item, site: Site): readonly ActFact[] {
  const amount = amountFact(label, units(site, item.token, item.units));
  if (item.item === undefined) return [amount];
  const which =
    item.item === "any"
      ? fact("Which item", { kind: "words", text: "any of the collection" }, "danger")
      : fact("Which item", { kind: "number", value: item.item });
  return [amount, which];
}

function summed(amounts: readonly Amount[]): readonly Amount[] {
  const sums = new Map<string, bigint>();
  for (const { asset, units } of amounts) sums.set(asset, (sums.get(asset) ?? 0n) + units);
  return [...sums].map(([asset, units]) => ({ asset, units }));
}

// ---------------------------------------------------------------- CoW and 1inch: one token for another

const COW: Address = "0x9008D19f58AAbD9eD0D60971565AA8510560ab41";
const COW_ORDER =
  "Order(address sellToken,address buyToken,address receiver,uint256 sellAmount,uint256 buyAmount,uint32 validTo," +
  "bytes32 appData,uint256 feeAmount,string kind,bool partiallyFillable,string sellTokenBalance,string buyTokenBalance)";

const INCH_5: Address = "0x1111111254EEB25477B68fb85Ed929f73A960582";
const INCH_6: Address = "0x111111125421cA6dc452d289314280a0f8842A65";
const INCH_6_ORDER =
  "Order(uint256 salt,address maker,address receiver,address makerAsset,address takerAsset," +
  "uint256 makingAmount,uint256 takingAmount,uint256 makerTraits)";
const INCH_5_ORDER =
  "Order(uint256 salt,address makerAsset,address takerAsset,address maker,address receiver,address allowedSender," +
  "uint256 makingAmount,uint256 takingAmount,uint256 offsets,bytes interactions)";

const NOBODY: Address = "0x0000000000000000000000000000000000000000";

/** receiver: the zero address stands for the owner. */
function bought(
  item: Item,
  receiver: Address,
  owner: Address,
  site: Site,
): Pick<Trade, "gets" | "getsElsewhere"> {
  const ours = receiver === site.from || (receiver === NOBODY && owner === site.from);
  return ours ? { gets: [item] } : { gets: [], getsElsewhere: [{ ...item, to: receiver }] };
}

const readCow: ReadMessage = (site, context) => {
  if (site.contract !== COW) return undefined;
  const { message } = site;
  const kind = message.text("kind");
  if (kind !== "sell" && kind !== "buy") return undefined;
  const sold = message.number("sellAmount") + message.number("feeAmount");
  const item = { token: message.address("buyToken"), units: message.number("buyAmount") };
  const trade: Trade = {
    title: "Order at CoW: trade tokens",
    owner: site.from,
    gives: [{ token: message.address("sellToken"), units: sold }],
    ...bought(item, message.address("receiver"), site.from, site),
    until: message.number("validTo"),
  };
  return [tradeAct(trade, site, context)];
};

const EXTENSION = 1n << 249n;

const readInch6: ReadMessage = (site, context) => {
  if (site.contract !== INCH_6) return undefined;
  const { message } = site;
  const traits = message.number("makerTraits");
  // 0 stands for no end.
  const expiry = (traits >> 80n) & ((1n << 40n) - 1n);
  const elsewhere = (traits & EXTENSION) === 0n ? [] : [ELSEWHERE];
  return [
    tradeAct(
      { ...inchTrade(site), until: expiry === 0n ? FOR_EVER : expiry, said: elsewhere },
      site,
      context,
    ),
  ];
};

const readInch5: ReadMessage = (site, context) => {
  if (site.contract !== INCH_5) return undefined;
  const elsewhere = site.message.bytes("interactions").length === 0 ? [] : [ELSEWHERE];
  return [tradeAct({ ...inchTrade(site), until: FOR_EVER, said: elsewhere }, site, context)];
};

const FOR_EVER = (1n << 256n) - 1n;
const ELSEWHERE = danger(
  "The order has code beside it that can set another price: Firn cannot tell what comes back.",
  "unknown typed data",
);

function inchTrade(site: Site): Omit<Trade, "until"> {
  const { message } = site;
  const owner = message.address("maker");
  const item = { token: message.address("takerAsset"), units: message.number("takingAmount") };
  return {
    title: "Order at 1inch: trade tokens",
    owner,
    gives: [{ token: message.address("makerAsset"), units: message.number("makingAmount") }],
    ...bought(item, message.address("receiver"), owner, site),
  };
}

export const TRADES: ReadonlyMap<string, ReadMessage> = new Map([
  [COW_ORDER, readCow],
  [INCH_6_ORDER, readInch6],
  [INCH_5_ORDER, readInch5],
]);
