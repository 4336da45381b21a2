// Rules for Ethereum, beside what the policy says already: asked by amounts, edited on, and taken like any change.

import { ANY_COIN, ANY_TOKEN, inShort } from "../../assets.ts";
import { type EthereumLimits, withEthereum } from "../../policy/index.ts";
import type { Asset } from "../../rules.ts";
import { notice, question } from "../../screens/notice.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import type { Session } from "../session.ts";
import { askAmount } from "./asks.ts";
import { edit } from "./edit.ts";

const ONE = 10n ** 18n;

interface Question {
  readonly key: keyof EthereumLimits;
  readonly label: string;
  readonly asset: Asset;
  readonly suggested: bigint;
}

const QUESTIONS: readonly Question[] = [
  { key: "coinPerTransaction", label: "Most per transaction", asset: ANY_COIN, suggested: ONE / 10n },
  { key: "coinPerDay", label: "Most per day", asset: ANY_COIN, suggested: ONE / 5n },
  { key: "tokenPerTransaction", label: "Most per transaction", asset: ANY_TOKEN, suggested: 500n * ONE },
  { key: "tokenPerDay", label: "Most per day", asset: ANY_TOKEN, suggested: 1_000n * ONE },
  { key: "fee", label: "Highest fee", asset: ANY_COIN, suggested: ONE / 50n },
];

const SHEET = {
  title: "Rules for Ethereum",
  blocks: [
    {
      kind: "text",
      text: "They are added to the policy that holds, and stand in the place of what it says of Ethereum for everything. Whoever has this key has its accounts on every chain, so these limits are about real money on practice networks too.",
    },
    {
      kind: "text",
      text: "Each coin and each token counts by itself. What Firn can read is allowed within the amounts, to any contract and on any listed chain. Calls, messages and typed data that it cannot read, and what changes who controls anything, are not. All of it can be edited before it is taken.",
    },
  ],
} as const;

export async function addEthereum(desk: Desk, session: Session): Promise<void> {
  if ((await ask(desk, question([SHEET], "go on", "back"))) === "no") return;
  const limits: Partial<Record<keyof EthereumLimits, bigint>> = {};
  for (const { key, label, asset, suggested } of QUESTIONS) {
    const most = await askAmount(desk, label, { asset, units: suggested });
    if (most === "back") return;
    limits[key] = most.units;
  }
  const all = limits as Required<typeof limits>;
  const problem = problemOf(all);
  if (problem === undefined) return edit(desk, session, withEthereum(session.state.policy, all, "refused"));
  await ask(desk, notice("These do not fit", [{ kind: "text", text: problem }]));
  return addEthereum(desk, session);
}

function problemOf(limits: EthereumLimits): string | undefined {
  if (Object.values(limits).some((units) => units === 0n)) return "A limit of nothing lets nothing pass.";
  const pairs = [
    [ANY_COIN, limits.coinPerTransaction, limits.coinPerDay],
    [ANY_TOKEN, limits.tokenPerTransaction, limits.tokenPerDay],
  ] as const;
  const wrong = pairs.find(([, most, day]) => day < most);
  if (wrong === undefined) return undefined;
  const [asset, most, day] = wrong;
  const words = (units: bigint) => inShort({ asset, units });
  return `A day's limit of ${words(day)} is less than one transaction's, ${words(most)}.`;
}
