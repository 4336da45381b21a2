// A request on Ethereum, one subject a page, warnings first. Everything here is computed from the EthereumReview alone,
// which comes from the very value that is signed; beside it only what was recorded of nonces.

import type { EthereumForm, EthereumReview } from "../act.ts";
import { HARDENED } from "../limits.ts";
import type { Block, Path } from "../model.ts";
import { asksOf, type Makes } from "../request.ts";
import type { Amount, Policy, Verdict } from "../rules.ts";
import { grouped } from "../text.ts";
import {
  accountFact,
  actSheets,
  chainBlocks,
  fact,
  gistBlocks,
  movesWords,
  takenBy,
  takesBlocks,
  text,
  whereBlocks,
} from "./ethereum-acts.ts";
import { amountWords, factBlocks } from "./ethereum-values.ts";
import { type NonceWord, warningSheets } from "./ethereum-warnings.ts";
import { messageBlocks, shownLine } from "./message-text.ts";
import { pages, type Sheet } from "./pages.ts";
import { makesWords } from "./rounds.ts";
import type { Screen } from "./screen.ts";
import { askWords, verdictSheet } from "./verdict.ts";

export type { NonceWord } from "./ethereum-warnings.ts";

export interface EthereumSigning {
  readonly makes: Makes;
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
  const first = firstSheet(facts);
  const isSignIn = facts.form === "sign-in";
  return [
    ...warningSheets(facts, nonce),
    first,
    ...actSheets(facts, first.blocks),
    ...(isSignIn ? factsSheet("What it says of itself", facts) : []),
    ...(facts.message === undefined ? [] : [{ title: "What it says", blocks: messageBlocks(facts.message) }]),
    ...fieldsSheet(facts),
    ...costSheet(facts),
    ...(isSignIn ? [] : factsSheet(TECHNICAL[facts.form], facts)),
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
    blocks: [...gistBlocks(facts), ...whereBlocks(facts)],
  };
}

function fieldsSheet({ fields }: EthereumReview): Sheet[] {
  return fields.length === 0 ? [] : [{ title: "Every field", blocks: factBlocks(fields) }];
}

const TECHNICAL: Readonly<Record<EthereumForm, string>> = {
  transaction: "How it is written",
  message: "How it is written",
  "sign-in": "",
  typed: "How it is written",
};

function factsSheet(title: string, { facts }: EthereumReview): Sheet[] {
  return facts.length === 0 ? [] : [{ title, blocks: factBlocks(facts) }];
}

/** Gas has its own limit in a policy; with what leaves in the same coin it is what the account can lose in that coin. */
function costSheet({ form, fee, acts, nonce }: EthereumReview): Sheet[] {
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
  const { form, chain, tone } = facts;
  const asks = asksOf(verdict).map(askWords);
  const warned = warningSheets(facts, nonce).length > 0 && tone === "calm";
  return {
    title: QUESTIONS[form],
    tone: warned ? "caution" : tone,
    blocks: [
      ...endBlocks(facts),
      ...chainBlocks(chain),
      accountFact(facts),
      fact("Makes", `${makesWords(signing.makes)} with key ${signing.fingerprint}`),
      ...(asks.length > 0 ? [fact("Then asks for", asks.join("; "))] : []),
    ],
  };
}

/** What it comes to. */
function endBlocks(facts: EthereumReview): Block[] {
  const { form, fee } = facts;
  if (form === "message" || form === "sign-in") return [text(movesWords(facts))];
  return [...takesBlocks(facts), ...(fee === undefined ? [] : [fact("Gas, at the most", amountWords(fee))])];
}

function pathText(path: Path): string {
  return path.map((step) => (step >= HARDENED ? `/${step - HARDENED}h` : `/${step}`)).join("");
}
