// A transaction of a Safe: signed for by its owners, or carried out by whoever has enough signatures.

import type { Act, ActFact, Oddity } from "../../act.ts";
import { chainName, coinOf, factsOf, MOST_UNITS, tokenOf } from "../../assets.ts";
import type { Address } from "../../eip55.ts";
import type { Amount } from "../../rules.ts";
import type { Safe } from "../../safe.ts";
import { alikeSaid, worst, ZERO } from "../calls/making.ts";
import type { CallToRead, Context } from "../context.ts";
import { act, place, quorumText, safeAt, words } from "./acts.ts";

export interface SafeTx {
  readonly chainId: bigint;
  readonly safe: Address;
  readonly to: Address;
  readonly value: bigint;
  readonly data: Uint8Array;
  /** 0: call; 1: delegate call. */
  readonly operation: bigint;
  readonly safeTxGas: bigint;
  readonly baseGas: bigint;
  readonly gasPrice: bigint;
  /** The zero address: the chain's coin. */
  readonly gasToken: Address;
  /** The zero address: whoever carries it out. */
  readonly refundReceiver: Address;
  /** Not said where it is carried out at once. */
  readonly nonce?: bigint;
}

interface Outer extends Partial<Act> {
  readonly title: string;
  readonly cancels: string;
  readonly depth: number;
}

/** The transaction itself with what is refunded for its gas; behind it what the Safe does. */
export function actsOfSafeTransaction(tx: SafeTx, context: Context, outer: Outer): readonly Act[] {
  const { chainId, safe: from, to, value, data } = tx;
  const rejection = isRejection(tx);
  const refund = refundOf(tx, context);
  const alike = alikeSaid(from, { chainId, from: context.account }, context);
  const first = act({
    ...outer,
    title: rejection ? outer.cancels : outer.title,
    tone: worst([
      outer.tone ?? "calm",
      refund.tone,
      tx.operation === 1n ? "caution" : "calm",
      ...alike.map(({ tone }) => tone),
    ]),
    says: [
      ...alike.map(({ text }) => text),
      ...(outer.says ?? []),
      ...(rejection ? [CANCELS] : []),
      ...refund.says,
    ],
    facts: [...safeFacts(tx, context), ...(outer.facts ?? []), ...refund.facts],
    takes: [...(outer.takes ?? []), ...refund.takes],
    destinations: [...(outer.destinations ?? []), ...refund.destinations],
    oddities: refund.oddities,
  });
  if (rejection) return [first];
  const inner = { chainId, from, to, value, data, depth: outer.depth + 1 };
  const call: CallToRead = tx.operation === 1n ? { ...inner, delegate: true } : inner;
  return [first, ...context.readCall(call)];
}

const CANCELS =
  "The Safe calls itself with nothing: its nonce is used up, and what waits with the same nonce can never be carried out.";

/** How Safe programs cancel what waits with the same nonce. */
export function isRejection({ safe, to, value, data, operation }: SafeTx): boolean {
  return to === safe && value === 0n && data.length === 0 && operation === 0n;
}

function safeFacts({ chainId, safe, nonce, operation }: SafeTx, context: Context): readonly ActFact[] {
  const known = safeAt(context, chainId, safe);
  return [
    place(context, chainId, "Safe", safe),
    words("Chain", chainName(chainId)),
    ...(known ? [words("Signatures needed", quorumText(known.threshold, known.owners.length))] : []),
    ...(known ? [words("Safe's fingerprint", known.fingerprint)] : []),
    ...(nonce === undefined
      ? []
      : [{ label: "Safe's nonce", value: { kind: "number", value: nonce } } as const]),
    operation === 1n
      ? { ...words("Operation", "delegate call: code of another contract runs as the Safe"), tone: "danger" }
      : words("Operation", "call"),
  ];
}

// ---------------------------------------------------------------- what is refunded

interface Refund extends Pick<Act, "tone" | "says" | "facts" | "takes" | "destinations" | "oddities"> {}

const NOTHING: Refund = { tone: "calm", says: [], facts: [], takes: [], destinations: [], oddities: [] };

/**
 * The contract pays for the gas that was used, which is little more than safeTxGas, and baseGas on top. What the call
 * itself costs beyond safeTxGas: opening an account with coin sent along (36,600), and room in memory for the data.
 */
const CALL_GAS = 50_000n;
const GAS_PER_BYTE = 8n;

function refundOf(tx: SafeTx, context: Context): Refund {
  const { chainId, gasPrice, gasToken, refundReceiver, safeTxGas, baseGas, data } = tx;
  if (gasPrice === 0n) return unused(tx, context);
  const gas = safeTxGas + baseGas + CALL_GAS + GAS_PER_BYTE * BigInt(data.length);
  const units = gas * gasPrice > MOST_UNITS ? MOST_UNITS : gas * gasPrice;
  const asset = gasToken === ZERO ? coinOf(chainId) : tokenOf(chainId, gasToken);
  const amount: Amount = { asset, units };
  const listed = factsOf(asset)?.listed === true;
  const oddities: readonly Oddity[] = listed ? [] : ["unlisted token"];
  const anyone = refundReceiver === ZERO;
  const known = !anyone && isKnown(tx, context);
  const says = anyone ? TO_ANYONE : known ? "The Safe pays for its gas." : TO_STRANGER;
  return {
    tone: known ? "caution" : "danger",
    says: [says],
    facts: [
      { label: "The Safe refunds at most", value: { kind: "amount", amount } },
      anyone
        ? { ...words("To", "whoever carries it out"), tone: "danger" }
        : { ...place(context, chainId, "To", refundReceiver), tone: known ? "calm" : "danger" },
    ],
    takes: [amount],
    destinations: [{ to: refundReceiver, amount }],
    oddities,
  };
}

const TO_ANYONE = "The Safe pays whoever carries this out for the gas, at a price that the request sets.";
const TO_STRANGER =
  "The Safe pays somebody unknown for gas, at a price that the request sets: money can be taken from it so.";

/** A gas token or receiver without a price has no effect: it is shown, because no honest program sets it. */
function unused({ chainId, gasToken, refundReceiver }: SafeTx, context: Context): Refund {
  if (gasToken === ZERO && refundReceiver === ZERO) return NOTHING;
  const facts = [
    ...(gasToken === ZERO ? [] : [place(context, chainId, "Gas token", gasToken)]),
    ...(refundReceiver === ZERO ? [] : [place(context, chainId, "Refund receiver", refundReceiver)]),
  ];
  const says = ["A refund is named, but its price is 0: nothing is refunded."];
  return { ...NOTHING, tone: "caution", says, facts };
}

function isKnown({ chainId, safe, refundReceiver }: SafeTx, context: Context): boolean {
  const registered: Safe | undefined = safeAt(context, chainId, safe);
  return (
    refundReceiver === context.account ||
    refundReceiver === safe ||
    registered?.owners.includes(refundReceiver) === true ||
    context.nameOf(chainId, refundReceiver) !== undefined
  );
}
