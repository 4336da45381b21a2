// What the journal says of a request on Ethereum: what takes nothing and uses up no nonce is a message, all else is spent.

import type { EthereumForm } from "../../act.ts";
import { writePath } from "../../bitcoin/index.ts";
import type { EthereumRequest } from "../../ethereum/index.ts";
import { type Draft, type Grounds, messageLine, spentLine } from "../../journal/index.ts";
import { isMessage } from "../../policy/index.ts";
import type { Spend } from "../../rules.ts";
import type { Named } from "../answering.ts";

export interface Lines {
  readonly named: Named;
  readonly recorded: (spend: Spend, grounds: Grounds) => Draft;
  readonly failed: (reason: string) => Draft;
  readonly signed: Draft;
}

const FORMS: Readonly<Record<EthereumForm, string>> = {
  transaction: "transaction",
  message: "EIP 191",
  "sign-in": "EIP 4361",
  typed: "EIP 712",
};

export function linesFor({ spend, review }: EthereumRequest): Lines {
  const { txid, key } = spend;
  if (!isMessage(spend))
    return {
      named: { txid },
      recorded: spentLine,
      failed: (reason) => ({ kind: "failed", txid, reason }),
      signed: { kind: "signed", txid },
    };
  const { account, form, digest } = review;
  const path = `m${writePath(account.path)}`;
  const of = { txid, key, path, address: account.address, form: FORMS[form], digest, coins: [] };
  return {
    named: { txid, what: "message" },
    recorded: (_, grounds) => messageLine(of, grounds),
    failed: (reason) => ({ kind: "message-failed", txid, reason }),
    signed: { kind: "message-signed", txid },
  };
}
