// What a policy does not speak of is refused: each of these has to be said by some rule that applies.

import { factsOf } from "../assets.ts";
import type { Asset, EthereumSpend, Policy, Rule, RuleResult, Spend } from "../rules.ts";
import { shown } from "../text.ts";
import { covers, type Matter, matterOf, type Subject } from "./matters.ts";
import { isMessage, refusal } from "./rule.ts";
import { allowancesIn, callsIn, unknownIn } from "./rules/ethereum.ts";
import { oddIn } from "./rules/unusual.ts";

/** What is missing for this spend among the rules that apply to it: of every wallet that it spends from. */
export function silences({ network }: Policy, spend: Spend, applying: readonly Rule[]): RuleResult[] {
  const of = (wallet: string) =>
    applying.filter(({ scope }) => scope.of !== "wallet" || scope.fingerprint === wallet);
  const { wallets } = spend;
  const missing =
    wallets.length < 2
      ? missingIn(applying, spend)
      : wallets.flatMap(({ fingerprint, name }) =>
          missingIn(of(fingerprint), spend).map((sentence) => `Wallet ${shown(name)}: ${sentence}`),
        );
  if (network !== spend.network)
    missing.unshift(`The policy is one for ${network}; this spends on ${shown(spend.network)}.`);
  return missing.map(silent);
}

function missingIn(rules: readonly Rule[], spend: Spend): string[] {
  const spoken = rules.flatMap(({ limit }) => matterOf(limit) ?? []);
  const isMissing = (matter: Matter) => !spoken.some((one) => covers(one, matter));
  return [
    ...(isMessage(spend) ? [] : moneyIn(spend)),
    ...[...oddIn(spend)].map((of): Needed => [{ of }, `No rule speaks of this: ${shown(of)}.`]),
    ...(spend.ethereum ? ethereumIn(spend.ethereum) : []),
  ].flatMap(([matter, sentence]) => (isMissing(matter) ? [sentence] : []));
}

/** What must be spoken of, and what is said where it is not. */
type Needed = readonly [Matter, string];

function moneyIn(spend: Spend): Needed[] {
  const { fee, ethereum } = spend;
  const places = placesOf(spend);
  return [
    ...[...assetsOf(spend)].map((asset): Needed => {
      const symbol = shown(factsOf(asset)?.symbol ?? "of this", 120);
      const much = symbol.startsWith("units ") ? "many" : "much";
      return [{ of: "amounts", asset }, `No limit says how ${much} ${symbol} may leave.`];
    }),
    ...places.map((asset): Needed => {
      const what = places.length < 2 ? "the money" : shown(factsOf(asset)?.symbol ?? "this", 120);
      return [{ of: "destinations", asset }, `No rule says where ${what} may go.`];
    }),
    ...(ethereum === undefined || ethereum.form === "transaction"
      ? [[{ of: "fees", asset: fee.asset }, "No rule limits the fee."] as const]
      : []),
  ];
}

function ethereumIn(of: EthereumSpend): Needed[] {
  const { form, chainId, delegates, oddities } = of;
  const isBound = form === "transaction" || form === "typed" || chainId !== undefined;
  const needed: readonly (readonly [boolean, Subject, string])[] = [
    [isBound, "chains", "No rule says on which chains it may be."],
    [callsIn(of).length > 0, "calls", "No rule says which contracts may be called."],
    [
      unknownIn(of).length > 0 || oddities.includes("unknown call"),
      "unknown calls",
      "Firn cannot tell what it does, and no rule allows that.",
    ],
    [allowancesIn(of).length > 0, "spenders", "No rule says who may be allowed to spend."],
    [form === "typed", "typed data", "No rule speaks of typed data."],
    [
      delegates.length > 0 || oddities.includes("account delegation"),
      "delegations",
      "It hands the account over, and no rule allows that.",
    ],
    [form === "sign-in", "sites", "No rule says which sites may be signed in to."],
    [form === "message", "messages", "No rule says under which paths messages are signed."],
  ];
  return needed.flatMap(([is, subject, sentence]) => (is ? [[{ of: subject }, sentence] as const] : []));
}

export function silent(sentence: string): RuleResult {
  return refusal("silence", "policy.silent", sentence);
}

/** Of what is only signed on Ethereum nobody pays a fee. */
function assetsOf({ takes, fee, ethereum }: Spend): ReadonlySet<Asset> {
  const pays = ethereum === undefined || ethereum.form === "transaction" || fee.units !== 0n;
  return new Set([...takes.map(({ asset }) => asset), ...(pays ? [fee.asset] : [])]);
}

/** Of what it must be said where it may go: of what goes somewhere, or else of what it takes. */
function placesOf({ destinations, takes, fee }: Spend): readonly Asset[] {
  const goes = destinations.length > 0 ? destinations.map(({ amount }) => amount) : takes;
  const assets = [...new Set(goes.map(({ asset }) => asset))];
  return assets.length === 0 ? [fee.asset] : assets;
}
