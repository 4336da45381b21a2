// A transaction, one fact a page, warnings first. Everything here is computed from the Review alone,
// which is the very value that is signed.

import type { Block, Owner, Review, ReviewInput, ReviewOutput, Tone, Warning } from "../model.ts";
import type { Verdict } from "../request.ts";
import { btc, grouped, sats } from "../text.ts";
import type { Sheet } from "./pages.ts";
import { pages } from "./pages.ts";
import type { Screen } from "./screen.ts";
import { scriptFacts } from "./script.ts";

export type ReviewAnswer = "approve" | "decline";

/** What signing is called on the last page: how many signatures, by which key. */
export interface Signing {
  readonly signatures: number;
  readonly fingerprint: string;
}

export function review(facts: Review, verdict: Verdict, signing: Signing): Screen<ReviewAnswer> {
  return pages<ReviewAnswer>({
    sheets: [...reviewSheets(facts), policySheet(verdict), lastSheet(facts, signing)],
    ok: { label: "hold ok to sign", answer: "approve", hold: true },
    back: { label: "decline", answer: "decline" },
  });
}

/** Every fact of the transaction; also shown, without a hold, behind a policy's refusal. */
export function reviewSheets(facts: Review): Sheet[] {
  return [
    ...facts.warnings.map(warningSheet),
    summarySheet(facts),
    ...facts.outputs.map((output, index) => outputSheet(facts, output, index)),
    feeSheet(facts),
    inputsSheet(facts),
    timeSheet(facts),
    identitySheet(facts),
    ...facts.quorums.map(quorumSheet),
  ];
}

const WARNINGS: Record<Warning, { title: string; tone: Tone; text: string }> = {
  "fee-unproven": {
    title: "The fee is not proven",
    tone: "danger",
    text: "The amounts that come in are claims: the previous transactions were not shown. The true fee may be far higher.",
  },
  "fee-high": { title: "The fee is high", tone: "caution", text: "More than is usual goes to the miners." },
  "foreign-inputs": {
    title: "Inputs of others",
    tone: "danger",
    text: "Part of what is spent is not yours. The transaction is made together with somebody.",
  },
  "already-signed": {
    title: "Partly signed already",
    tone: "caution",
    text: "Your signature is on some of the inputs already. Only the missing ones are added.",
  },
  "unusual-version": {
    title: "Unusual transaction version",
    tone: "caution",
    text: "Wallet programs write version 1, 2 or 3. The money is safe, but it may not be relayed.",
  },
  "lock-time": {
    title: "Locked until later",
    tone: "caution",
    text: "The transaction has a lock time that holds: it can be sent to the network only after it. The page about time says when that is.",
  },
  "script-without-address": {
    title: "An output has no address",
    tone: "caution",
    text: "It is shown as raw script. Data outputs carry no money; an unknown script with money may be lost.",
  },
  "dust-output": {
    title: "A very small output",
    tone: "caution",
    text: "An output is so small that spending it later costs more than it holds.",
  },
  "output-far-index": {
    title: "Change at a far index",
    tone: "danger",
    text: "An output comes from your keys at an index so far away that wallet programs may not find it.",
  },
  "input-far-index": {
    title: "Spending from a far index",
    tone: "caution",
    text: "An input lies at an index far past those that wallet programs look at.",
  },
  "change-to-other-wallet": {
    title: "Change to another wallet",
    tone: "caution",
    text: "An output goes to another wallet of yours, not to the one that is spent from.",
  },
  "shared-wallet": {
    title: "To a wallet shared with others",
    tone: "caution",
    text: "An output goes to a wallet of yours that others can spend from, or must sign for. Your policy counts it as leaving.",
  },
  "mixed-wallets": {
    title: "Several wallets are spent together",
    tone: "caution",
    text: "Spending them in one transaction shows everyone that they belong together.",
  },
  "relative-lock-time": {
    title: "An input must age first",
    tone: "caution",
    text: "An input carries a relative lock time: the transaction is valid only when that coin is old enough. The page about time says how old.",
  },
  "too-large-to-relay": {
    title: "Too large to be passed on",
    tone: "caution",
    text: "Nodes pass on no transaction of more than 100 000 virtual bytes. It can be signed, but it may never be mined.",
  },
  "unspendable-output": {
    title: "Money is destroyed",
    tone: "danger",
    text: "An output with an amount can never be spent by anyone.",
  },
  "repeated-output": {
    title: "The same address twice",
    tone: "caution",
    text: "Two outputs pay to the same script.",
  },
};

function warningSheet(warning: Warning): Sheet {
  const { title, tone, text } = WARNINGS[warning];
  return { title, tone, blocks: [{ kind: "text", text }] };
}

function amount(label: string, amountSats: bigint, tone?: Tone): Block {
  return { kind: "fact", label, value: `${btc(amountSats)}\n${sats(amountSats)}`, ...(tone ? { tone } : {}) };
}

function sum(outputs: readonly { readonly amountSats: bigint }[]): bigint {
  return outputs.reduce((total, output) => total + output.amountSats, 0n);
}

function summarySheet(facts: Review): Sheet {
  const foreign = facts.outputs.filter((output) => output.owner === "foreign");
  const wallets = [...new Set(facts.inputs.flatMap((input) => (input.wallet ? [input.wallet] : [])))];
  const destinations = foreign.length === 1 ? "1 destination" : `${foreign.length} destinations`;
  return {
    title: foreign.length === 0 ? "You move money to yourself" : "You send",
    blocks: [
      amount(foreign.length === 0 ? "Leaves your wallets" : `To ${destinations}`, sum(foreign)),
      { kind: "fact", label: "From", value: wallets.join(", ") },
    ],
  };
}

const OWNERS: Record<Owner, string> = {
  change: "Comes back as change",
  own: "Goes to yourself",
  foreign: "Pays to",
};

const SHARED = "Goes to a wallet that others share";

function outputSheet(facts: Review, output: ReviewOutput, index: number): Sheet {
  const where: readonly Block[] =
    output.address === undefined
      ? scriptFacts(output.scriptHex)
      : [{ kind: "fact", label: "Address", value: grouped(output.address) }];
  const wallet: Block[] =
    output.wallet === undefined
      ? []
      : [{ kind: "fact", label: "Wallet", value: `${output.wallet}, address ${output.path ?? ""}` }];
  return {
    title: `Output ${index + 1} of ${facts.outputs.length}`,
    tone: output.address === undefined ? "caution" : "calm",
    blocks: [amount(output.shared ? SHARED : OWNERS[output.owner], output.amountSats), ...where, ...wallet],
  };
}

function feeSheet(facts: Review): Sheet {
  const sends = facts.outputs.some(({ owner, amountSats }) => owner === "foreign" && amountSats > 0n);
  return {
    title: "Fee",
    tone: facts.feeProven ? "calm" : "danger",
    blocks: [
      amount(facts.feeProven ? "To the miners" : "To the miners, not proven", facts.feeSats),
      {
        kind: "fact",
        label: "Rate",
        value: `${facts.feeRate.toFixed(facts.feeRate < 1 ? 3 : 1)} sat/vB, ${facts.feePercent.toFixed(2)} % of what is ${sends ? "sent" : "moved"}`,
      },
    ],
  };
}

function inputsSheet(facts: Review): Sheet {
  const count = facts.inputs.length;
  return {
    title: count === 1 ? "What is spent: 1 input" : `What is spent: ${count} inputs`,
    blocks: [amount("Together", sum(facts.inputs)), ...facts.inputs.map(inputFact)],
  };
}

function inputFact(input: ReviewInput, index: number): Block {
  const [txid = "", at = ""] = input.outpoint.split(":");
  const whose = input.wallet === undefined ? "not yours" : `${input.wallet}, address ${input.path ?? ""}`;
  const proof = input.proven ? "" : ", amount not proven";
  return {
    kind: "fact",
    label: `Input ${index + 1}: ${whose}${proof}`,
    value: `${btc(input.amountSats)}\n${grouped(txid)} : ${at}`,
    ...(input.wallet !== undefined && input.proven ? {} : { tone: "danger" as const }),
  };
}

function timeSheet(facts: Review): Sheet {
  return {
    title: "Time",
    blocks: [
      { kind: "fact", label: "Valid", value: lockTimeWords(facts) },
      ...coinAgeFact(facts),
      {
        kind: "fact",
        label: "Replaceable",
        value: facts.replaceable
          ? "yes: whoever signs can replace it with a higher fee"
          : "not marked as replaceable",
      },
    ],
  };
}

function identitySheet(facts: Review): Sheet {
  return {
    title: "Transaction",
    blocks: [
      { kind: "fact", label: "Id, before signatures", value: grouped(facts.txid) },
      { kind: "fact", label: "Version", value: String(facts.version) },
    ],
  };
}

/** BIP 65: below 500,000,000 a block height, else seconds since 1970. */
export function lockTimeWords(facts: Review): string {
  const soonest = facts.coinAge ? "when its coins are old enough" : "at once";
  if (facts.lockTime === 0) return soonest;
  const until =
    facts.lockTime < 500_000_000
      ? `block ${facts.lockTime}`
      : `${new Date(facts.lockTime * 1000).toISOString().slice(0, 16).replace("T", " ")} UTC`;
  return facts.lockTimeHolds
    ? `only after ${until}`
    : `${soonest}: lock time ${until} has no effect, every input is final`;
}

/** BIP 68 counts from the block in which a coin was received, or from the time of the one before. */
function coinAgeFact(facts: Review): Block[] {
  if (!facts.coinAge) return [];
  const { blocks, seconds } = facts.coinAge;
  const hours = (Math.ceil(seconds / 360) / 10).toFixed(1);
  const waits = [...(blocks > 0 ? [`${blocks} blocks`] : []), ...(seconds > 0 ? [`${hours} hours`] : [])];
  return [{ kind: "fact", label: "Some coin must have aged", value: `${waits.join(", and ")} at least` }];
}

function quorumSheet(quorum: Review["quorums"][number]): Sheet {
  const { wallet, needed, keys, signedBy } = quorum;
  const have = signedBy.length === 0 ? "nobody yet" : signedBy.join(", ");
  return {
    title: "Signatures",
    blocks: [
      {
        kind: "fact",
        label: wallet,
        value: keys === 1 ? "needs your signature" : `needs ${needed} of ${keys}`,
      },
      { kind: "fact", label: "Signed by", value: have },
    ],
  };
}

function policySheet(verdict: Verdict): Sheet {
  return {
    title: "Your policy allows this",
    blocks: verdict.rules.map((rule) => ({ kind: "text", text: rule.sentence })),
  };
}

function lastSheet(facts: Review, signing: Signing): Sheet {
  const many = signing.signatures === 1 ? "1 signature" : `${signing.signatures} signatures`;
  const foreign = facts.outputs.filter((output) => output.owner === "foreign");
  return {
    title: "Sign?",
    tone: facts.warnings.length > 0 ? "caution" : "calm",
    blocks: [
      { kind: "fact", label: "Sends, and fee", value: `${btc(sum(foreign))}\n${btc(facts.feeSats)} fee` },
      { kind: "fact", label: "Makes", value: `${many} with key ${signing.fingerprint}` },
    ],
  };
}
