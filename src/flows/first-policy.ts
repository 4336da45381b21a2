// The first policy, so that none is silent by accident: offered where the machine may offer one, typed, started from a
// template, or read from its text.

import { inShort } from "../assets.ts";
import { loadCurve } from "../keys/index.ts";
import type { Network } from "../model.ts";
import {
  checkPolicy,
  firstPolicy,
  isOfEthereum,
  parsePolicy,
  plainPolicy,
  sentences,
  writeRule,
} from "../policy/index.ts";
import type { Policy } from "../rules.ts";
import { AMOUNT, field } from "../screens/field.ts";
import { menu } from "../screens/menu.ts";
import { notice, question } from "../screens/notice.ts";
import type { Sheet } from "../screens/pages.ts";
import { bodySize, btc, parseBtc, wrap } from "../text.ts";
import type { Desk } from "../ui.ts";
import { ask } from "../ui.ts";
import { orRefused } from "./or-refused.ts";
import { checkFits } from "./policy/fits.ts";
import { lineBlocks, policySheets } from "./policy/read.ts";
import { askTemplate } from "./policy/template.ts";
import { bring } from "./stick.ts";

type Way = "take" | "type" | "template" | "text";

/** Every sentence is on the screen before one is taken. */
export async function firstPolicyFlow(desk: Desk, network: Network): Promise<Policy> {
  const offered = firstPolicy(network, desk.ports.machine.kind);
  for (;;) {
    const way = await offer(desk, offered);
    if (way === "take") return offered!;
    const taken = await WAYS[way](desk, network);
    if (taken !== "back") return taken;
  }
}

const WAYS: {
  readonly [W in Exclude<Way, "take">]: (desk: Desk, network: Network) => Promise<Policy | "back">;
} = {
  type: typeFirst,
  template: async (desk, network) => {
    const here = { network, curve: await loadCurve(), people: [], wallets: [] };
    const made = await askTemplate({ desk, ...here }, { number: 1, network });
    return made === "back" ? "back" : taken(desk, policySheets(desk, made), made, "back");
  },
  text: (desk, network) => orRefused(desk, () => bringFirst(desk, network)),
};

const ITEMS = [
  { label: "Type my own", answer: "type" },
  { label: "Start from a template", answer: "template" },
  { label: "Read a policy's text", answer: "text" },
] as const;
const TAKE = { label: "Take these limits", answer: "take" } as const;
const READ = { label: "Read them all", answer: "read" } as const;
const NONE = "What may leave, how fast and where to is yours to say: nothing is signed without a policy.";

/** The offered limits are on the screen, or a press away where it is too small for all of them. */
async function offer(desk: Desk, offered: Policy | undefined): Promise<Way> {
  if (offered === undefined) {
    const above = [{ kind: "text", text: NONE }] as const;
    return ask(desk, menu<Way>({ title: "Your limits", above, items: ITEMS }));
  }
  const all = sentences(offered);
  const { columns, rows } = bodySize(desk.ports.panel.size());
  const items = [TAKE, ...ITEMS];
  const needed = all.reduce<number>((lines, text) => lines + wrap(text, columns).length, items.length);
  const fits = needed <= rows;
  const brief = briefOf(offered);
  const above = (fits ? all : [brief]).map((text) => ({ kind: "text", text }) as const);
  for (;;) {
    const answer = await ask(
      desk,
      menu<Way | "read">({ title: "Your limits", above, items: fits ? items : [...items, READ] }),
    );
    if (answer !== "read") return answer;
    await ask(desk, notice("These limits", lineBlocks(desk, all), "close"));
  }
}

/** Amounts, on Ethereum those of one transaction; the rest is a press away. */
function briefOf({ rules }: Policy): string {
  const amounts = rules.flatMap((rule) =>
    rule.limit.kind === "amount" ? [{ rule, limit: rule.limit }] : [],
  );
  const bitcoin = amounts.filter(({ limit }) => !isOfEthereum(limit)).map(({ rule }) => writeRule(rule));
  const others = amounts.filter(({ limit }) => isOfEthereum(limit) && limit.per === "transaction");
  const words = others.map(({ limit }) => inShort(limit.most)).join(" and ");
  const ethereum = others.length === 0 ? [] : [`On Ethereum ${words} per transaction`];
  return `${[...bitcoin, ...ethereum].join(". ")}. And limits for fees.`;
}

async function taken(
  desk: Desk,
  sheets: readonly Sheet[],
  policy: Policy,
  other: string,
): Promise<Policy | "back"> {
  return (await ask(desk, question(sheets, "take", other))) === "yes" ? policy : "back";
}

/** The number goes on from there: none below it is ever taken afterwards. */
async function bringFirst(desk: Desk, network: Network): Promise<Policy | "back"> {
  const title = "A policy's text";
  const brought = await bring(desk, "document", { title, ask: "Show its text, as codes, to the camera." });
  if (brought === "back") return "back";
  const policy = parsePolicy(brought.message.text, network);
  checkFits({ network, curve: await loadCurve(), people: [], wallets: [] }, policy);
  return taken(desk, policySheets(desk, policy), policy, "back");
}

// ---------------------------------------------------------------- typed

async function typeFirst(desk: Desk, network: Network): Promise<Policy | "back"> {
  for (;;) {
    const typed = await orRefused(desk, async () => (await typePolicy(desk, network)) ?? "left");
    if (typed === "left") return "back";
    if (typed === "back") continue;
    const blocks = [{ kind: "text", text: sentences(typed).join("\n") }] as const;
    const sheets = [{ title: "These are your limits", blocks }];
    const policy = await taken(desk, sheets, typed, "type again");
    if (policy !== "back") return policy;
  }
}

/** Undefined where the person went back. Throws Refusal policy.malformed for limits that fit no policy. */
async function typePolicy(desk: Desk, network: Network): Promise<Policy | undefined> {
  const most = await askBtc(desk, "Most per transaction, in BTC");
  if (most === "back") return undefined;
  const day = await askBtc(desk, "Most per day, in BTC");
  if (day === "back") return undefined;
  if (day < most) {
    const text = `A day's limit of ${btc(day)} is less than one transaction's.`;
    await ask(desk, notice("These do not fit", [{ kind: "text", text }]));
    return typePolicy(desk, network);
  }
  const fee = await askBtc(desk, "Highest fee, in BTC");
  if (fee === "back") return undefined;
  const rate = await askNumber(desk, "Highest fee rate, in sat/vB", 1, 100_000);
  if (rate === "back") return undefined;
  const percent = await askNumber(desk, "Highest fee, in percent of what is sent", 1, 100);
  if (percent === "back") return undefined;
  const unproven = await askUnproven(desk);
  if (unproven === "back") return undefined;
  const limits = {
    perTransactionSats: most,
    perDaySats: day,
    feeSats: fee,
    feeRate: rate,
    feePercent: percent,
  };
  const policy = plainPolicy(network, { ...limits, unprovenFees: unproven === "allow" });
  checkPolicy(policy);
  return policy;
}

/** Some programs leave the previous transactions out of their codes, and then nobody can know the fee. */
function askUnproven(desk: Desk): Promise<"refuse" | "allow" | "back"> {
  return ask(
    desk,
    menu<"refuse" | "allow" | "back">({
      title: "Your limits",
      above: [
        {
          kind: "text",
          text: "Codes of some programs (Sparrow, BlueWallet, Electrum) only claim what their inputs hold, except for taproot. A lie there can burn money as fee.",
        },
      ],
      items: [
        { label: "Refuse fees that are not proven", answer: "refuse" },
        { label: "Allow them, with a red page each time", answer: "allow" },
      ],
      back: { label: "back", answer: "back" },
    }),
  );
}

async function askBtc(desk: Desk, label: string): Promise<bigint | "back"> {
  const answer = await ask(
    desk,
    field({
      title: "Your limits",
      label,
      allowed: AMOUNT,
      longest: 17,
      check: (value) => ((parseBtc(value) ?? 0n) > 0n ? undefined : "An amount like 0.5, more than zero."),
    }),
  );
  return answer === "back" ? "back" : parseBtc(answer.value)!;
}

async function askNumber(desk: Desk, label: string, least: number, most: number): Promise<number | "back"> {
  const answer = await ask(
    desk,
    field({
      title: "Your limits",
      label,
      allowed: AMOUNT,
      longest: 8,
      check: (value) =>
        Number(value) >= least && Number(value) <= most ? undefined : `From ${least} to ${most}.`,
    }),
  );
  return answer === "back" ? "back" : Number(answer.value);
}
