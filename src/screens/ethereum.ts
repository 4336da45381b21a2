// A request on Ethereum, one subject a page, warnings first. Everything here is computed from the EthereumReview alone,
// which comes from the very value that is signed; beside it only what was recorded of nonces.

import type { EthereumForm, EthereumReview } from "../act.ts";
import { HARDENED } from "../limits.ts";
import type { Block, Path } from "../model.ts";
import { asksOf } from "../request.ts";
import type { Amount, Policy, Verdict } from "../rules.ts";
import { grouped } from "../text.ts";
import {
  accountLabel,
  actSheets,
  chainBlocks,
  fact,
  firstBlocks,
  movesWords,
  onlyDestinationBlocks,
  takenBy,
  takesBlocks,
  text,
  whereBlocks,
} from "./ethereum-acts.ts";
import { amountWords, factBlocks } from "./ethereum-values.ts";
import { type NonceWord, warningSheets } from "./ethereum-warnings.ts";
import { messageBlocks, shownLine } from "./message-text.ts";
import { pages, type Sheet } from "./pages.ts";
import type { Screen } from "./screen.ts";
import { askWords, verdictSheet } from "./verdict.ts";

export type { NonceWord } from "./ethereum-warnings.ts";

export interface EthereumSigning {
  readonly fingerprint: string;
  /** Of the policy: whether the rules' sentences are shown. */
  readonly reasons: Policy["reasons"];
}

export function ethereumReview(
  facts: EthereumReview,
  verdict: Verdict,
  { signing, nonce = [] }: { readonly signing: EthereumSigning; readonly nonce?: readonly NonceWord[] },
): Screen<"approve" | "decline"> {
  return pages<"approve" | "decline">({
    sheets: [
      ...ethereumSheets(facts, nonce),
      verdictSheet(verdict, signing.reasons),
      lastSheet(facts, verdict, { signing, nonce }),
    ],
    ok: { label: "hold ok to sign", answer: "approve", hold: true },
    back: { label: "decline", answer: "decline" },
  });
}

/** Every fact of it; also shown, without a hold, behind a policy's refusal. */
export function ethereumSheets(facts: EthereumReview, nonce: readonly NonceWord[] = []): Sheet[] {
  return [
    ...warningSheets(facts, nonce),
    firstSheet(facts),
    ...actSheets(facts),
    ...(facts.form === "sign-in" ? factsSheet("What it says of itself", facts) : []),
    ...(facts.message === undefined ? [] : [{ title: "What it says", blocks: messageBlocks(facts.message) }]),
    ...fieldsSheet(facts),
    ...costSheet(facts),
    ...(facts.form === "message" || facts.form === "typed" ? factsSheet("How it is written", facts) : []),
    identitySheet(facts),
  ];
}

const TITLES: Readonly<Record<EthereumForm, string>> = {
  transaction: "A transaction",
  message: "A message to sign",
  "sign-in": "A sign-in",
  typed: "Typed data",
};

/** What happens, to whom, where, and from which account. */
function firstSheet(facts: EthereumReview): Sheet {
  const { acts, form, tone, chain } = facts;
  return {
    title: acts[0]?.title ?? TITLES[form],
    tone: tone === "calm" && chain?.listed === false ? "caution" : tone,
    blocks: [...firstBlocks(facts), ...whereBlocks(facts)],
  };
}

function fieldsSheet({ fields }: EthereumReview): Sheet[] {
  return fields.length === 0 ? [] : [{ title: "Every field", blocks: factBlocks(fields) }];
}

function factsSheet(title: string, { facts }: EthereumReview): Sheet[] {
  return facts.length === 0 ? [] : [{ title, blocks: factBlocks(facts) }];
}

/**
 * Gas has its own limit in a policy; with what leaves in the same coin it is what the account can lose in that coin.
 * How the transaction is written says where that comes from.
 */
function costSheet({ form, fee, acts, nonce, facts }: EthereumReview): Sheet[] {
  if (form !== "transaction") return [];
  const along = fee && takenBy(acts).find(({ asset }) => asset === fee.asset);
  const all: Amount | undefined = along && { asset: fee.asset, units: along.units + fee.units };
  return [
    {
      title: "The most that it can cost",
      blocks: [
        fact("For gas", fee ? amountWords(fee) : "nothing"),
        ...(all ? [fact("With what leaves in the same coin", amountWords(all))] : []),
        ...(nonce === undefined ? [] : [fact("Nonce, its place among yours", nonce.toString())]),
        ...factBlocks(facts),
      ],
    },
  ];
}

function identitySheet({ digest, account, origin }: EthereumReview): Sheet {
  return {
    title: "Where it comes from",
    blocks: [
      origin === undefined
        ? text("The request does not say which program made it.")
        : fact("The request says that it is from", `${shownLine(origin)}\nAnyone can write this.`),
      fact("Key at", `m${pathText(account.path)}`),
      fact("Hash that is signed", grouped(digest)),
    ],
  };
}

const QUESTIONS: Readonly<Record<EthereumForm, string>> = {
  transaction: "Sign?",
  message: "Sign this message?",
  "sign-in": "Sign this message?",
  typed: "Sign this typed data?",
};

function lastSheet(
  facts: EthereumReview,
  verdict: Verdict,
  { signing, nonce }: { readonly signing: EthereumSigning; readonly nonce: readonly NonceWord[] },
): Sheet {
  const { form, chain, tone, account } = facts;
  const asks = asksOf(verdict).map(askWords);
  const warned = warningSheets(facts, nonce).length > 0 && tone === "calm";
  return {
    title: QUESTIONS[form],
    tone: warned ? "caution" : tone,
    blocks: [
      ...chainBlocks(chain),
      fact(accountLabel(form), `Your ${account.name}, with key ${signing.fingerprint}`),
      ...endBlocks(facts),
      ...(asks.length > 0 ? [fact("Then asks for", asks.join("; "))] : []),
    ],
  };
}

/** What it comes to, and to or by whom where that is one alone: on the smallest screen too on the page that is held. */
function endBlocks(facts: EthereumReview): Block[] {
  const { form, fee, acts } = facts;
  if (form === "message" || form === "sign-in") return [text(movesWords(facts))];
  return [
    ...(fee === undefined ? [] : [fact("Gas, at the most", amountWords(fee))]),
    ...takesBlocks(facts),
    ...onlyDestinationBlocks(acts),
  ];
}

/** As the pages of accounts and programs of Ethereum write it. */
function pathText(path: Path): string {
  return path.map((step) => (step >= HARDENED ? `/${step - HARDENED}'` : `/${step}`)).join("");
}
