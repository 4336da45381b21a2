// A transaction, one fact a page, warnings first. Everything here is computed from the Review alone,
// which is the very value that is signed.

import { LOCK_TIME_THRESHOLD } from "../limits.ts";
import type { Block, Owner, Review, ReviewInput, ReviewOutput, Tone } from "../model.ts";
import { asksOf, type Makes } from "../request.ts";
import type { Policy, Verdict } from "../rules.ts";
import { btc, grouped, sats, utcDate } from "../text.ts";
import type { Sheet } from "./pages.ts";
import { pages } from "./pages.ts";
import { quorumSheets } from "./quorum.ts";
import { makesWords, roundSheets } from "./rounds.ts";
import type { Screen } from "./screen.ts";
import { scriptFacts } from "./script.ts";
import { askWords, verdictSheet } from "./verdict.ts";
import { warningSheet } from "./warnings.ts";

export type ReviewAnswer = "approve" | "decline";

/** What signing is called on the last page: how many signatures, by which key. */
export interface Signing {
  readonly makes: Makes;
  readonly fingerprint: string;
  /** Of the policy: whether the rules' sentences are shown. */
  readonly reasons: Policy["reasons"];
}

export function review(facts: Review, verdict: Verdict, signing: Signing): Screen<ReviewAnswer> {
  return pages<ReviewAnswer>({
    sheets: [
      ...reviewSheets(facts),
      verdictSheet(verdict, signing.reasons),
      ...roundSheets(signing.makes),
      lastSheet(facts, verdict, signing),
    ],
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
    ...facts.quorums.flatMap(quorumSheets),
  ];
}

function amount(label: string, amountSats: bigint, tone?: Tone): Block {
  return { kind: "fact", label, value: `${btc(amountSats)}\n${sats(amountSats)}`, ...(tone ? { tone } : {}) };
}

function sum(outputs: readonly { readonly amountSats: bigint }[]): bigint {
  return outputs.reduce((total, output) => total + output.amountSats, 0n);
}

/** What leaves our hands beside the fee, as the policy counts it; where all inputs are ours. */
function sent({ leavesSats, feeSats }: Review): bigint {
  return leavesSats - feeSats;
}

function isJoint(facts: Review): boolean {
  return facts.inputs.some(({ owner }) => owner === "foreign");
}

/** Made with others: who pays whom nobody can tell. What is ours is certain, and is all that is counted. */
function jointSheet(facts: Review): Sheet {
  const ours = facts.inputs.filter(({ owner }) => owner !== "foreign");
  const others = facts.inputs.length - ours.length;
  const words = others === 1 ? "1 input is not yours." : `${others} inputs are not yours.`;
  return {
    title: "Made with others",
    tone: "caution",
    blocks: [
      netFact(facts),
      { kind: "fact", label: "You put in", value: `${btc(sum(ours))} from ${walletsOf(facts).join(", ")}` },
      { kind: "fact", label: "Stays yours", value: btc(facts.staysSats) },
      { kind: "text", text: `${words} Who of the others pays whom cannot be told; it is not counted.` },
    ],
  };
}

/** What we give in all, or what we get where more stays ours than we put in. */
function netFact(facts: Review): Block {
  const ours = sum(facts.inputs.filter(({ owner }) => owner !== "foreign"));
  return facts.staysSats > ours
    ? amount("You receive, fee taken off", facts.staysSats - ours)
    : amount("You give, your fee included", facts.leavesSats);
}

function walletsOf(facts: Review): readonly string[] {
  return [...new Set(facts.inputs.flatMap(({ wallet }) => (wallet === undefined ? [] : [wallet])))];
}

function summarySheet(facts: Review): Sheet {
  if (isJoint(facts)) return jointSheet(facts);
  const out = facts.outputs.filter(({ owner, shared }) => owner === "foreign" || shared);
  const destinations = out.length === 1 ? "1 destination" : `${out.length} destinations`;
  const isSweep = facts.outputs.length > 0 && facts.outputs.every(({ successor }) => successor);
  const own = isSweep ? "You move money to the successor" : "You move money to yourself";
  return {
    title: out.length === 0 || isSweep ? own : "You send",
    blocks: [
      amount(out.length === 0 ? "To others, beside the fee" : `To ${destinations}`, sent(facts)),
      { kind: "fact", label: "From", value: walletsOf(facts).join(", ") },
    ],
  };
}

const OWNERS: Record<Owner, string> = {
  change: "Comes back as change",
  own: "Goes to yourself",
  foreign: "Pays to",
};

const SHARED = "Goes to a wallet that others share";

/** A successor is shared as its predecessor was: that it takes its place says more. */
function labelOf({ successor, shared, owner, wallet }: ReviewOutput): string {
  if (successor) return `To ${wallet}, which takes its place`;
  return shared ? SHARED : OWNERS[owner];
}

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
    blocks: [
      amount(labelOf(output), output.amountSats),
      ...(output.parties
        ? [{ kind: "fact", label: "Listed as", value: output.parties.join(", ") } as const]
        : []),
      ...where,
      ...wallet,
    ],
  };
}

function feeSheet(facts: Review): Sheet {
  const joint = isJoint(facts);
  const payer = joint ? "To the miners, from all" : "To the miners";
  const rate = facts.feeRate.toFixed(facts.feeRate < 1 ? 3 : 1);
  const share = `${facts.feePercent.toFixed(2)} % of what ${sharedBy(facts)}`;
  return {
    title: "Fee",
    tone: facts.feeProven ? "calm" : "danger",
    blocks: [
      amount(facts.feeProven ? payer : `${payer}, not proven`, facts.feeSats),
      { kind: "fact", label: "Rate", value: `${rate} sat/vB${joint ? " at most" : ""}, ${share}` },
    ],
  };
}

/** What the percentage is of. */
function sharedBy(facts: Review): string {
  if (isJoint(facts)) return facts.leavesSats > facts.feeSats ? "you give" : "stays yours";
  const sends = facts.outputs.some(({ owner, amountSats }) => owner === "foreign" && amountSats > 0n);
  return sends ? "is sent" : "is moved";
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
    facts.lockTime < LOCK_TIME_THRESHOLD ? `block ${facts.lockTime}` : utcDate(facts.lockTime * 1000);
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

function sendsFact(facts: Review): Block {
  return { kind: "fact", label: "Sends, and fee", value: `${btc(sent(facts))}\n${btc(facts.feeSats)} fee` };
}

function lastSheet(facts: Review, verdict: Verdict, signing: Signing): Sheet {
  const asks = asksOf(verdict).map(askWords);
  return {
    title: signing.makes.signatures + signing.makes.parts > 0 ? "Sign?" : "Add your nonce?",
    tone: facts.warnings.length > 0 ? "caution" : "calm",
    blocks: [
      isJoint(facts) ? netFact(facts) : sendsFact(facts),
      { kind: "fact", label: "Makes", value: `${makesWords(signing.makes)} with key ${signing.fingerprint}` },
      ...(asks.length > 0 ? [{ kind: "fact", label: "Then asks for", value: asks.join("; ") } as const] : []),
    ],
  };
}
