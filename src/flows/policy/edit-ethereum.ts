// Limits of Ethereum, made or changed by small questions.

import { ANY_COIN, ANY_TOKEN, readSymbol, tokenOf } from "../../assets.ts";
import { readAddress } from "../../eip55.ts";
import { CHAINS } from "../../ethereum/known/chains.ts";
import {
  type Amount,
  type Asset,
  type Limit,
  type List,
  NAMED_ODDITIES,
  type Policy,
  type Window,
} from "../../rules.ts";
import { DIGITS, PRINTABLE } from "../../screens/field.ts";
import type { Item } from "../../screens/menu.ts";
import type { Desk } from "../../ui.ts";
import { askAllowed, askAmount, askText, choose, chooseSome, TITLE, WINDOW_NAMES } from "./asks.ts";

interface Setting {
  readonly desk: Desk;
  /** As edited so far. */
  readonly draft: Policy;
}

type Of<K extends Limit["kind"]> = Extract<Limit, { readonly kind: K }>;
type Asked<K extends Limit["kind"]> = Promise<Of<K> | "back">;

interface Form<K extends Limit["kind"]> {
  readonly label: string;
  readonly ask: (setting: Setting, present?: Of<K>) => Asked<K>;
}

const FORMS = {
  amount: { label: "Most that may be taken", ask: askMost },
  fee: { label: "Highest fee", ask: (setting, present) => askMore("fee", setting, "Highest fee", present) },
  "new-destination": {
    label: "First payment to a new destination",
    ask: (setting, present) => askMore("new-destination", setting, "Most to a new destination", present),
  },
  destinations: { label: "Above an amount only to lists", ask: askAbove },
  chains: { label: "Which chains", ask: askChains },
  calls: {
    label: "Which contracts are called",
    ask: (setting, present) => askPlaces("calls", setting, "Any contract", present?.to),
  },
  blind: { label: "Calls that Firn cannot read", ask: askBlind },
  spenders: {
    label: "Who may be allowed to spend",
    ask: (setting, present) => askPlaces("spenders", setting, "Any spender", present?.to),
  },
  allowance: {
    label: "Largest allowance",
    ask: (setting, present) => askMore("allowance", setting, "Largest allowance", present),
  },
  typed: {
    label: "Which contracts typed data is for",
    ask: (setting, present) => askPlaces("typed", setting, "Any contract", present?.to),
  },
  delegates: { label: "Handing the account over", ask: askDelegates },
  sites: { label: "Which sites are signed in to", ask: askSites },
  unusual: { label: "Something unusual", ask: askOdd },
} as const satisfies { readonly [K in Limit["kind"]]?: Form<K> };
type Kind = keyof typeof FORMS;

/** Of any kind. */
export async function addOnEthereum(setting: Setting): Promise<Limit | "back"> {
  const kinds = Object.entries(FORMS).map(([kind, { label }]) => ({ label, answer: kind as Kind }));
  const kind = await choose(setting.desk, "On Ethereum", kinds);
  return kind === "back" ? "back" : (FORMS[kind].ask as Form<Kind>["ask"])(setting);
}

/** The same kind of limit with other quantities. */
export function changeOnEthereum(setting: Setting, limit: Limit): Promise<Limit | "back"> {
  const { ask } = FORMS[limit.kind as Kind] as Form<Limit["kind"]>;
  return ask(setting, limit);
}

// ---------------------------------------------------------------- amounts

async function askMost(setting: Setting, present?: Of<"amount">): Asked<"amount"> {
  const { desk } = setting;
  const periods = ["transaction", ...WINDOW_NAMES] as const;
  const items = periods.map((per): Item<"transaction" | Window> => ({ label: `Per ${per}`, answer: per }));
  const per = present?.per ?? (await choose(desk, "Most that may be taken", items));
  if (per === "back") return "back";
  const most = await askSome(setting, "amount", `Most per ${per}`, present?.most);
  return most === "back" ? "back" : { kind: "amount", per, most };
}

async function askMore<K extends "fee" | "new-destination" | "allowance">(
  kind: K,
  setting: Setting,
  label: string,
  present?: { readonly most: Amount },
): Asked<K> {
  const most = await askSome(setting, kind, label, present?.most);
  return most === "back" ? "back" : ({ kind, most } as Of<K>);
}

async function askAbove(setting: Setting, present?: Of<"destinations">): Asked<"destinations"> {
  const above = await askSome(setting, "amount", "Above", present?.above);
  if (above === "back") return "back";
  const to = await askLists(setting, "Only to these lists", present?.to);
  return to === "back" ? "back" : { kind: "destinations", to, above };
}

/** Of what, unless that is known, and how much. */
async function askSome(
  { desk }: Setting,
  kind: Limit["kind"],
  label: string,
  present?: Amount,
): Promise<Amount | "back"> {
  const asset = present?.asset ?? (await askAsset(desk, kind));
  return asset === "back" ? "back" : askAmount(desk, label, present, asset);
}

async function askAsset(desk: Desk, kind: Limit["kind"]): Promise<Asset | "back"> {
  const coins: Item<Asset | "token">[] = [
    { label: "Any listed coin, each by itself", answer: ANY_COIN },
    ...[...new Set(CHAINS.map(({ coin }) => coin))].map((coin) => ({
      label: coin,
      answer: readSymbol(coin)!,
    })),
  ];
  const tokens: Item<Asset | "token">[] = [
    { label: "Any listed token, each by itself", answer: ANY_TOKEN },
    { label: "One token", answer: "token" },
  ];
  const items = { fee: coins, allowance: tokens }[kind as string] ?? [
    ...([tokens[0]!, tokens[1]!] as const),
    ...coins,
  ];
  const asset = await choose(desk, "Of what", items);
  return asset === "token" ? askToken(desk) : asset;
}

/** By its symbol on a chain, where it is listed; else by its contract. */
async function askToken(desk: Desk): Promise<Asset | "back"> {
  const chain = await askChain(desk);
  if (chain === "back") return "back";
  const { id, name } = chain;
  const read = (value: string): Asset | undefined => {
    const address = readAddress(value);
    if (address === "checksum") return undefined;
    return address ? tokenOf(BigInt(id), address) : readSymbol(`${value} on ${name}`);
  };
  const typed = await askText(desk, TITLE, {
    ...{ label: "Its symbol, or its contract's address", allowed: PRINTABLE, longest: 42 },
    check: (value) =>
      read(value.trim()) === undefined ? `No listed token of ${name}, and no address.` : undefined,
  });
  return typed === "back" ? "back" : read(typed)!;
}

export function askChain(desk: Desk): Promise<(typeof CHAINS)[number] | "back"> {
  const items = CHAINS.map((chain) => ({ label: chain.name, answer: chain }));
  return choose(desk, "On which chain", items);
}

// ---------------------------------------------------------------- chains, contracts, sites

async function askChains({ desk }: Setting, present?: Of<"chains">): Asked<"chains"> {
  const how = await choose<"any" | "some">(desk, "Which chains", [
    { label: "Any listed chain", answer: "any" },
    { label: "These alone", answer: "some" },
  ]);
  if (how === "back") return "back";
  if (how === "any") return { kind: "chains", only: "any" };
  const before = present === undefined || present.only === "any" ? [] : present.only;
  const others = before.filter((id) => !CHAINS.some((chain) => BigInt(chain.id) === id));
  const items = [
    ...CHAINS.map(({ id, name }) => ({ label: name, answer: BigInt(id) })),
    ...others.map((id) => ({ label: `chain ${id}`, answer: id })),
  ];
  const only = await chooseSome(desk, "These chains alone", items, before);
  return only === "back" ? "back" : { kind: "chains", only };
}

async function askPlaces<K extends "calls" | "spenders" | "typed">(
  kind: K,
  setting: Setting,
  any: string,
  present?: "any" | readonly string[],
): Asked<K> {
  const isFit = fitFor(kind);
  const lists = setting.draft.lists.some(isFit);
  const how = await choose<"any" | "lists">(
    setting.desk,
    FORMS[kind].label,
    [
      { label: any, answer: "any" },
      ...(lists ? [{ label: "Only those on lists", answer: "lists" } as const] : []),
    ],
    lists ? undefined : NO_LIST,
  );
  if (how === "back") return "back";
  const to = how === "any" ? how : await askLists(setting, "Only those on these lists", present, isFit);
  return to === "back" ? "back" : ({ kind, to } as Of<K>);
}

const NO_LIST = "There is no list yet with a contract: make one under Lists.";

/** Lists that let something through. */
function fitFor(kind: Limit["kind"]): (list: List) => boolean {
  if (kind === "spenders") return () => true;
  const byName = kind === "calls" || kind === "blind";
  return ({ entries }) =>
    entries.some((entry) => entry.kind === "contract" && (byName || entry.selectors === undefined));
}

async function askBlind(setting: Setting, present?: Of<"blind">): Asked<"blind"> {
  const to = await askLists(setting, "Blindly only those on these lists", present?.to, fitFor("blind"));
  return to === "back" ? "back" : { kind: "blind", to };
}

async function askDelegates(setting: Setting, present?: Of<"delegates">): Asked<"delegates"> {
  const to = await askLists(setting, "Only to those on these lists", present?.to, fitFor("delegates"));
  return to === "back" ? "back" : { kind: "delegates", to };
}

async function askLists(
  { desk, draft }: Setting,
  title: string,
  present: "any" | readonly string[] = [],
  isFit: (list: List) => boolean = () => true,
): Promise<readonly string[] | "back"> {
  const lists = draft.lists.filter(isFit).map(({ name }) => ({ label: `List ${name}`, answer: name }));
  if (lists.length === 0) {
    await choose(desk, title, [{ label: "Leave", answer: "leave" }], NO_LIST);
    return "back";
  }
  return chooseSome(desk, title, lists, present === "any" ? [] : present);
}

async function askSites({ desk }: Setting, present?: Of<"sites">): Asked<"sites"> {
  const how = await choose<"any" | "some">(desk, "Which sites are signed in to", [
    { label: "Any site", answer: "any" },
    { label: "These alone", answer: "some" },
  ]);
  if (how === "back") return "back";
  if (how === "any") return { kind: "sites", only: "any" };
  const site = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[1-9]\d{0,4})?$/;
  const typed = await askText(desk, TITLE, {
    ...{ label: "Sites, parted by commas: example.com", longest: 400 },
    allowed: `abcdefghijklmnopqrstuvwxyz${DIGITS}.-:, `,
    ...(present && present.only !== "any" ? { start: present.only.join(", ") } : {}),
    check: (value) =>
      value.split(",").every((one) => site.test(one.trim())) ? undefined : "Sites like app.example.com.",
  });
  if (typed === "back") return "back";
  return { kind: "sites", only: typed.split(",").map((one) => one.trim()) };
}

async function askOdd({ desk }: Setting, present?: Of<"unusual">): Asked<"unusual"> {
  const kinds = NAMED_ODDITIES.map((what) => ({ label: what, answer: what }));
  const what = present?.what ?? (await choose(desk, "Something unusual on Ethereum", kinds));
  return what === "back" ? "back" : askAllowed(desk, what);
}
