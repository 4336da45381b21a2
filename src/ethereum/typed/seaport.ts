// Orders of Seaport (OpenSea): items of collections, tokens and coin, offered for others. Signed once, taken by anybody.

import type { Act } from "../../act.ts";
import type { Address } from "../../eip55.ts";
import { caution, danger, type Said } from "../calls/making.ts";
import type { Context } from "../context.ts";
import type { Members } from "./members.ts";
import type { TypedData } from "./read.ts";
import type { ReadMessage, Site } from "./reading.ts";
import { type Item, type Trade, tradeAct } from "./trades.ts";

/** 1.1 to 1.6, the same on every chain. */
const SEAPORTS: readonly Address[] = [
  "0x00000000006c3852cbEf3e08E8dF289169EdE581",
  "0x00000000000006c7676171937C444f6BDe3D6282",
  "0x0000000000000aD24e80fd803C6ac37206a45f15",
  "0x00000000000001ad428e4906aE43D8F9852d0dD6",
  "0x00000000000000ADc04C56Bf30aC9d3c0aAF14dC",
  "0x0000000000000068F116a894984e2DB1123eB395",
];

const ITEMS =
  "ConsiderationItem(uint8 itemType,address token,uint256 identifierOrCriteria,uint256 startAmount,uint256 endAmount,address recipient)" +
  "OfferItem(uint8 itemType,address token,uint256 identifierOrCriteria,uint256 startAmount,uint256 endAmount)";
const COMPONENTS =
  "(address offerer,address zone,OfferItem[] offer,ConsiderationItem[] consideration,uint8 orderType,uint256 startTime," +
  "uint256 endTime,bytes32 zoneHash,uint256 salt,bytes32 conduitKey,uint256 counter)";
const ORDER = `OrderComponents${COMPONENTS}${ITEMS}`;
/** EIP 712 puts the types that it leads to in the order of their names. */
const BEHIND = `${ITEMS}OrderComponents${COMPONENTS}`;

const NOBODY: Address = "0x0000000000000000000000000000000000000000";

const readOne: ReadMessage = (site, context) => [orderAct(site.message, site, context)];

/** A tree whose empty places are filled with orders of nobody. */
const readBulk: ReadMessage = (site, context) => {
  const orders = site.message.structs("tree").filter((order) => !isFiller(order));
  return orders.length === 0 ? undefined : orders.map((order) => orderAct(order, site, context));
};

function isFiller(order: Members): boolean {
  return order.address("offerer") === NOBODY && order.structs("offer").length === 0;
}

export function seaportReader({ type }: TypedData): ReadMessage | undefined {
  if (type === ORDER) return readOne;
  return /^BulkOrder\(OrderComponents(\[2\]){1,24} tree\)/.test(type) && type.endsWith(`)${BEHIND}`)
    ? readBulk
    : undefined;
}

function orderAct(order: Members, site: Site, context: Context): Act {
  const wanted = order.structs("consideration").map((item) => ({
    ...itemOf(item, least),
    to: item.address("recipient"),
  }));
  const offer = order.structs("offer");
  const trade: Trade = {
    title: "Order at Seaport: offer items",
    owner: order.address("offerer"),
    gives: offer.map((item) => itemOf(item, most)),
    gets: wanted.filter(({ to }) => to === site.from),
    getsElsewhere: wanted.filter(({ to }) => to !== site.from),
    until: order.number("endTime"),
    said: [...contractSaid(site), ...offer.flatMap(offeredSaid)],
  };
  return tradeAct(trade, site, context);
}

const most = (a: bigint, b: bigint) => (a > b ? a : b);
const least = (a: bigint, b: bigint) => (a < b ? a : b);

/** 0 the coin, 1 a token, 2 and 3 items, 4 and 5 items by a list of them, or any where there is none. */
function itemOf(item: Members, pick: (a: bigint, b: bigint) => bigint): Item {
  const kind = item.number("itemType");
  const which = item.number("identifierOrCriteria");
  const token = kind === 0n ? NOBODY : item.address("token");
  const units = pick(item.number("startAmount"), item.number("endAmount"));
  if (kind < 2n) return { token, units };
  return { token, units, item: kind === 4n || kind === 5n ? "any" : which };
}

function offeredSaid(item: Members): readonly Said[] {
  if (item.number("itemType") > 5n)
    return [danger("It has an item of a kind that Seaport does not know.", "unknown typed data")];
  if (item.number("startAmount") === item.number("endAmount")) return [];
  return [caution("The amount changes with time: the larger one is shown as given, the smaller one as got.")];
}

function contractSaid({ contract }: Site): readonly Said[] {
  if (SEAPORTS.includes(contract)) return [];
  return [
    danger(
      `It is written as for Seaport, but the contract that takes it is ${contract}: what that does nobody can tell.`,
      "unknown typed data",
    ),
  ];
}
