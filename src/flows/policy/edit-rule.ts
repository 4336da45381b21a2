// One rule, made or changed by small questions: what it is for, what it limits, and what holds where it does not.

import { isNever, isOfEthereum } from "../../policy/index.ts";
import {
  type Ask,
  CODE,
  type Limit,
  type Otherwise,
  type Policy,
  type Rule,
  type Scope,
  UNUSUAL,
} from "../../rules.ts";
import { DIGITS } from "../../screens/field.ts";
import type { Item } from "../../screens/menu.ts";
import type { Desk } from "../../ui.ts";
import { ethereumWallets } from "../ethereum/wallet-refs.ts";
import type { Session } from "../session.ts";
import {
  askAllowed,
  askAmount,
  askDuration,
  askNumber,
  askText,
  choose,
  chooseSome,
  TITLE,
  WINDOW_NAMES,
} from "./asks.ts";
import { addOnEthereum, changeOnEthereum } from "./edit-ethereum.ts";
import { askHours } from "./edit-hours.ts";

/** What there is to choose from while a policy is edited. */
export interface Setting {
  readonly desk: Desk;
  readonly session: Session;
  /** As edited so far. */
  readonly draft: Policy;
}

/** Those of Bitcoin, and of both; of Ethereum alone: edit-ethereum.ts. */
type Kind = Exclude<
  Limit["kind"],
  "chains" | "calls" | "blind" | "spenders" | "allowance" | "typed" | "delegates" | "sites"
>;
type Of<K extends Kind> = Extract<Limit, { readonly kind: K }>;

interface Form<K extends Kind> {
  readonly label: string;
  /** Asks for all of it; `present`: as it is now, where a rule is changed. */
  readonly ask: (setting: Setting, present?: Of<K>) => Promise<Of<K> | "back">;
}

const FORMS: { readonly [K in Kind]: Form<K> } = {
  amount: { label: "Most that may be taken, in BTC", ask: askMost },
  count: { label: "Most transactions", ask: askCount },
  destinations: { label: "Where money may go", ask: askPlaces },
  "new-destination": {
    label: "First payment to a new destination",
    ask: async ({ desk }, present) => {
      const most = await askAmount(desk, "Most to a new destination", present?.most);
      return most === "back" ? "back" : { kind: "new-destination", most };
    },
  },
  fee: {
    label: "Highest fee",
    ask: async ({ desk }, present) => {
      const most = await askAmount(desk, "Highest fee", present?.most);
      return most === "back" ? "back" : { kind: "fee", most };
    },
  },
  "fee-rate": {
    label: "Highest fee rate",
    ask: ({ desk }, present) =>
      askDecimal(desk, "fee-rate", "Highest fee rate, in sat/vB", 1_000_000, present?.most),
  },
  "fee-percent": {
    label: "Highest fee in percent",
    ask: ({ desk }, present) =>
      askDecimal(desk, "fee-percent", "Highest fee, in percent of what is sent", 1000, present?.most),
  },
  "height-step": {
    label: "Blocks between transactions",
    ask: async ({ desk }, present) => {
      const label = "Blocks above the one before";
      const blocks = await askNumber(desk, label, { least: 1, most: 999_999 }, present?.blocks);
      return blocks === "back" ? "back" : { kind: "height-step", blocks };
    },
  },
  hours: { label: "Hours and weekdays", ask: askHours },
  wallets: { label: "Which wallets sign", ask: askWallets },
  unusual: { label: "Something unusual", ask: askUnusual },
  messages: { label: "Which paths sign messages", ask: askPaths },
};

/** A rule of any kind; "back" at any question leaves it unmade. */
export async function addRule(setting: Setting, which: "all" | "ethereum"): Promise<Rule | "back"> {
  const { desk } = setting;
  const kinds = Object.entries(FORMS).map(([kind, { label }]) => ({ label, answer: kind as Kind }));
  const ethereum = { label: "Something on Ethereum", answer: "ethereum" } as const;
  const kind =
    which === "ethereum"
      ? which
      : await choose<Kind | "ethereum">(desk, "What it limits", [...kinds, ethereum]);
  if (kind === "back") return "back";
  const scope = await askScope(setting);
  if (scope === "back") return "back";
  const limit = kind === "ethereum" ? await addOnEthereum(setting) : await FORMS[kind].ask(setting);
  if (limit === "back") return "back";
  if (isNever(limit)) return { scope, limit, otherwise: { do: "refuse" } };
  const otherwise = await askOtherwise(setting);
  return otherwise === "back" ? "back" : { scope, limit, otherwise };
}

/** The same kind of limit with other quantities. */
export function changeLimit(setting: Setting, limit: Limit): Promise<Limit | "back"> {
  if (isOfEthereum(limit)) return changeOnEthereum(setting, limit);
  return (FORMS[limit.kind as Kind] as Form<Kind>).ask(setting, limit as Of<Kind>);
}

function askScope({ desk, session }: Setting): Promise<Scope | "back"> {
  const items: Item<Scope>[] = [
    { label: "Everything", answer: { of: "all" } },
    ...[...session.wallets, ...ethereumWallets(session)].map(
      ({ name, fingerprint }): Item<Scope> => ({
        label: `Wallet ${name}`,
        answer: { of: "wallet", name, fingerprint },
      }),
    ),
    ...session.state.keys.map(
      ({ name, fingerprint }): Item<Scope> => ({
        label: `Key ${fingerprint}, ${name}`,
        answer: { of: "key", fingerprint },
      }),
    ),
  ];
  return choose(desk, "What it is for", items);
}

export async function askOtherwise({ desk, session }: Setting): Promise<Otherwise | "back"> {
  const how = await choose<Otherwise["do"]>(desk, "Where the limit does not hold", [
    { label: "Refuse", answer: "refuse" },
    { label: "Wait", answer: "wait" },
    { label: "Ask somebody", answer: "ask" },
  ]);
  if (how === "back" || how === "refuse") return how === "back" ? how : { do: how };
  if (how === "wait") {
    const ms = await askDuration(desk, "Wait from when it is first asked for", 1);
    return ms === "back" ? "back" : { do: how, ms };
  }
  const asked = await askWhom(desk, session);
  return asked === "back" ? "back" : { do: how, ask: asked };
}

async function askWhom(desk: Desk, { state }: Session): Promise<Ask | "back"> {
  const persons = state.people.map(({ name }) => ({ label: name, answer: name }));
  const items = [...persons, { label: `${CODE}: typed, by whoever holds the device`, answer: CODE }];
  const of = await chooseSome(desk, "Whom it asks", items, []);
  if (of === "back") return "back";
  if (of.length === 1) return { need: 1, of };
  const need = await askNumber(desk, `How many of these ${of.length} must agree`, {
    least: 1,
    most: of.length,
  });
  return need === "back" ? "back" : { need, of };
}

// ---------------------------------------------------------------- the limits

async function askMost({ desk }: Setting, present?: Of<"amount">): Promise<Of<"amount"> | "back"> {
  const periods = ["transaction", ...WINDOW_NAMES] as const;
  const items = periods.map((per) => ({ label: `Per ${per}`, answer: per }));
  const per = present?.per ?? (await choose(desk, "Most that may be taken", items));
  if (per === "back") return "back";
  const most = await askAmount(desk, `Most per ${per}`, present?.most);
  return most === "back" ? "back" : { kind: "amount", per, most };
}

async function askCount({ desk }: Setting, present?: Of<"count">): Promise<Of<"count"> | "back"> {
  const items = WINDOW_NAMES.map((per) => ({ label: `Per ${per}`, answer: per }));
  const per = present?.per ?? (await choose(desk, "Most transactions", items));
  if (per === "back") return "back";
  const bounds = { least: 1, most: 99_999 };
  const most = await askNumber(desk, `Most transactions per ${per}`, bounds, present?.most);
  return most === "back" ? "back" : { kind: "count", per, most };
}

async function askPlaces(
  { desk, draft }: Setting,
  present?: Of<"destinations">,
): Promise<Of<"destinations"> | "back"> {
  const lists = draft.lists.map(({ name }) => ({ label: `List ${name}`, answer: name }));
  const how = await choose<"any" | "lists" | "above">(
    desk,
    "Where money may go",
    [
      { label: "Anywhere", answer: "any" },
      ...(lists.length === 0
        ? []
        : [
            { label: "Only to lists", answer: "lists" } as const,
            { label: "Above an amount only to lists", answer: "above" } as const,
          ]),
    ],
    lists.length === 0 ? "There is no list yet: make one under Lists." : undefined,
  );
  if (how === "back") return "back";
  if (how === "any") return { kind: "destinations", to: "any" };
  const above = how === "above" ? await askAmount(desk, "Above", present?.above) : undefined;
  if (above === "back") return "back";
  const start = present === undefined || present.to === "any" ? [] : present.to;
  const to = await chooseSome(desk, "Only to these lists", lists, start);
  return to === "back" ? "back" : { kind: "destinations", to, ...(above ? { above } : {}) };
}

async function askDecimal<K extends "fee-rate" | "fee-percent">(
  desk: Desk,
  kind: K,
  label: string,
  largest: number,
  present?: number,
): Promise<Of<K> | "back"> {
  const most = await askNumber(desk, label, { least: 0, most: largest, places: 3 }, present);
  return most === "back" ? "back" : ({ kind, most } as Of<K>);
}

async function askWallets(
  { desk, session }: Setting,
  present?: Of<"wallets">,
): Promise<Of<"wallets"> | "back"> {
  const all = [...session.wallets, ...ethereumWallets(session), ...(present?.only ?? [])];
  const byFingerprint = new Map(all.toReversed().map((one) => [one.fingerprint, one]));
  const wallets = [...byFingerprint.values()].toReversed();
  const items = wallets.map(({ name, fingerprint }) => ({
    label: `${name} (${fingerprint})`,
    answer: fingerprint,
  }));
  const start = present?.only.map(({ fingerprint }) => fingerprint) ?? [];
  const taken = await chooseSome(desk, "Which wallets sign", items, start);
  if (taken === "back") return "back";
  const only = wallets.filter(({ fingerprint }) => taken.includes(fingerprint));
  return { kind: "wallets", only: only.map(({ name, fingerprint }) => ({ name, fingerprint })) };
}

async function askUnusual({ desk }: Setting, present?: Of<"unusual">): Promise<Of<"unusual"> | "back"> {
  const kinds = UNUSUAL.map((what) => ({ label: what, answer: what }));
  const what = present?.what ?? (await choose(desk, "Something unusual", kinds));
  return what === "back" ? "back" : askAllowed(desk, what);
}

async function askPaths({ desk }: Setting, present?: Of<"messages">): Promise<Of<"messages"> | "back"> {
  const path = /^m(\/(0|[1-9]\d{0,9})h?){0,8}$/;
  const typed = await askText(desk, TITLE, {
    ...{ label: "Paths, parted by commas: m/84h/0h/0h", allowed: `${DIGITS}mh/, `, longest: 200 },
    ...(present ? { start: present.under.join(", ") } : {}),
    check: (value) =>
      value.split(",").every((one) => path.test(one.trim())) ? undefined : "Paths like m/84h/0h/0h.",
  });
  if (typed === "back") return "back";
  return { kind: "messages", under: typed.split(",").map((one) => one.trim()) };
}
