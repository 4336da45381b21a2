// Single items (ERC 721) and items of which there are several (ERC 1155). A number of an item is no amount: items are
// counted, in units of their collection.

import type { Act, ActFact } from "../../act.ts";
import { MOST_UNITS, tokenOf } from "../../assets.ts";
import type { Address } from "../../eip55.ts";
import { LIMITS } from "../../limits.ts";
import { refuse } from "../../refusal.ts";
import type { Context } from "../context.ts";
import { type Entry, entry, type ReadActs, type ReadArgs, type Site } from "./entry.ts";
import {
  actOf,
  addressFact,
  amountFact,
  bytesFacts,
  calm,
  caution,
  danger,
  isOurs,
  numberFact,
  recipientSaid,
  spenderSaid,
  units,
  unlistedItems,
} from "./making.ts";

interface Moved {
  readonly owner: Address;
  readonly to: Address;
  readonly count: bigint;
  readonly facts: readonly ActFact[];
}

function moved(of: Moved, site: Site, context: Context): Act {
  const amount = units(site, site.to, of.count);
  const ours = isOurs(of.owner, site, context);
  return actOf(site.depth, {
    title: ours ? "Send items" : "Move what belongs to somebody else",
    facts: [
      ...of.facts,
      amountFact("How many", amount),
      addressFact("From", of.owner, site, context),
      addressFact("To", of.to, site, context),
    ],
    said: [
      ...recipientSaid(of.to, site.to, { ...site, from: of.owner }, context),
      ...unlistedItems(site.to, site),
      ...(ours
        ? []
        : [caution("It takes nothing of yours: it moves what another owner has allowed you to move.")]),
      ...(of.count === 0n ? [caution("It moves nothing.")] : []),
    ],
    ...(ours ? { takes: [amount], destinations: [{ to: of.to, amount }] } : {}),
  });
}

const oneItem: ReadActs = (args, site, context) => [
  moved(
    {
      ...{ owner: args.address("from"), to: args.address("to"), count: 1n },
      facts: [numberFact("Item", args.number("item"))],
    },
    site,
    context,
  ),
];

const oneItemWithData: ReadArgs = (args, site, context) => {
  const [act] = oneItem(args, site, context);
  return [withData(act!, args.bytes("data"))];
};

function withData(act: Act, data: Uint8Array): Act {
  if (data.length === 0) return act;
  return { ...act, facts: [...act.facts, ...bytesFacts("Data for the recipient", data)] };
}

const several: ReadArgs = (args, site, context) => {
  const of = { owner: args.address("from"), to: args.address("to"), count: args.number("count") };
  const act = moved({ ...of, facts: [numberFact("Item", args.number("item"))] }, site, context);
  return [withData(act, args.bytes("data"))];
};

const batch: ReadArgs = (args, site, context) => {
  const [items, counts] = [args.numbers("items"), args.numbers("counts")];
  if (items.length !== counts.length) return undefined;
  if (items.length > LIMITS.acts)
    return refuse("ethereum.too-many-acts", `data: more than ${LIMITS.acts} items`);
  const of = {
    owner: args.address("from"),
    to: args.address("to"),
    count: counts.reduce((a, b) => a + b, 0n),
  };
  const facts = items.flatMap((item, i) => [
    numberFact(`Item ${i + 1}`, item),
    numberFact(`Of item ${i + 1}`, counts[i]!),
  ]);
  return [withData(moved({ ...of, facts }, site, context), args.bytes("data"))];
};

const setApprovalForAll: ReadArgs = (args, site, context) => {
  const operator = args.address("operator");
  if (!args.flag("allowed")) return [noOperator(operator, site, context)];
  const amount = { asset: tokenOf(site.chainId, site.to), units: MOST_UNITS };
  return [
    actOf(site.depth, {
      title: "Give an allowance of a whole collection",
      facts: [
        addressFact("Operator", operator, site, context),
        addressFact("Collection", site.to, site, context),
      ],
      said: [
        danger("The operator can take every item of this collection, now and later.", "approval of all"),
        ...spenderSaid(operator, site, context, "operator"),
        ...unlistedItems(site.to, site),
      ],
      takes: [amount],
      destinations: [{ to: operator, amount }],
      allowances: [{ spender: operator, amount }],
    }),
  ];
};

function noOperator(operator: Address, site: Site, context: Context): Act {
  return actOf(site.depth, {
    title: "Take back an allowance",
    facts: [
      addressFact("Operator", operator, site, context),
      addressFact("Collection", site.to, site, context),
    ],
    said: [
      ...unlistedItems(site.to, site),
      calm("The operator may take no item of this collection any more."),
    ],
  });
}

export const ITEMS: readonly Entry[] = [
  entry("0x42842e0e", "safeTransferFrom(address from,address to,uint256 item)", oneItem),
  entry("0xb88d4fde", "safeTransferFrom(address from,address to,uint256 item,bytes data)", oneItemWithData),
  entry("0xa22cb465", "setApprovalForAll(address operator,bool allowed)", setApprovalForAll),
  entry(
    "0xf242432a",
    "safeTransferFrom(address from,address to,uint256 item,uint256 count,bytes data)",
    several,
  ),
  entry(
    "0x2eb2c2d6",
    "safeBatchTransferFrom(address from,address to,uint256[] items,uint256[] counts,bytes data)",
    batch,
  ),
];
