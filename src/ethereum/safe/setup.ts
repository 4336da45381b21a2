// A Safe is set up: its owners, its threshold, and what else its first call settles.

import type { Act, ActFact, Oddity } from "../../act.ts";
import { coinOf, tokenOf } from "../../assets.ts";
import type { Address } from "../../eip55.ts";
import { LIMITS } from "../../limits.ts";
import type { Tone } from "../../model.ts";
import type { AbiValue } from "../abi.ts";
import { worst, ZERO } from "../calls/making.ts";
import type { CallToRead, Context } from "../context.ts";
import { act, callOf, place, quorumText, words } from "./acts.ts";
import { deploymentAt } from "./deployments.ts";
import { readerOf } from "./owner-calls.ts";

const SETUP = readerOf(
  "setup(address[] owners,uint256 threshold,address to,bytes data,address fallback,address token,uint256 payment,address receiver)",
);
/** 1.0.0 knew no fallback handler. */
const SETUP_1_0_0 = readerOf(
  "setup(address[] owners,uint256 threshold,address to,bytes data,address token,uint256 payment,address receiver)",
);
export const SETUP_READERS = [SETUP, SETUP_1_0_0] as const;

interface Setup {
  readonly owners: readonly Address[];
  readonly threshold: bigint;
  readonly to: Address;
  readonly data: Uint8Array;
  readonly fallback: Address;
  readonly token: Address;
  readonly payment: bigint;
  readonly receiver: Address;
}

/** Undefined where the data set up no Safe that a contract would take. */
export function readSetup(data: Uint8Array): Setup | undefined {
  const values = SETUP.values(data) ?? withoutFallback(SETUP_1_0_0.values(data));
  if (!values) return undefined;
  const [owners, threshold, to, code, fallback, token, payment, receiver] = values;
  const setup = { owners, threshold, to, data: code, fallback, token, payment, receiver } as unknown as Setup;
  const count = BigInt(setup.owners.length);
  const sound = setup.threshold >= 1n && setup.threshold <= count && count <= BigInt(LIMITS.safeOwners);
  return sound && new Set(setup.owners).size === setup.owners.length ? setup : undefined;
}

function withoutFallback(values: readonly AbiValue[] | undefined): readonly AbiValue[] | undefined {
  return values && [...values.slice(0, 4), ZERO, ...values.slice(4)];
}

interface Made {
  /** Whose code it runs. */
  readonly singleton?: Address;
  /** What its address is made with. */
  readonly salt?: bigint | undefined;
}

/** `made`: what a factory is told beside it. */
export function setupAct(setup: Setup, call: CallToRead, context: Context, made: Made = {}): Act {
  const { singleton, salt } = made;
  const { chainId } = call;
  const parts = [whoseCode(singleton, chainId, context), atSetUp(setup, chainId, context)];
  const all = [...parts, paid(setup, chainId, context)];
  const { owners, threshold } = setup;
  const alone = threshold === 1n && owners.length > 1;
  const ours = owners.includes(context.account);
  return act({
    title: "Set up a Safe",
    depth: call.depth,
    tone: worst([alone || !ours ? "caution" : "calm", ...all.map(({ tone }) => tone)]),
    says: [
      ...all.flatMap(({ says }) => says),
      ...(ours ? [] : ["Your account is none of its owners."]),
      ...(alone ? ["Each of its keys alone can take everything."] : []),
      "When it is there, register it here: Ethereum, Safes.",
    ],
    facts: [
      words("Signatures needed", quorumText(threshold, owners.length)),
      ...owners.map((owner, i) => place(context, chainId, `Owner ${i + 1}`, owner)),
      ...all.flatMap(({ facts }) => facts),
      ...(salt === undefined
        ? []
        : [{ label: "Salt of its address", value: { kind: "number", value: salt } } as const]),
    ],
    oddities: [...new Set(all.flatMap(({ oddities }) => oddities))],
    takes: all.flatMap(({ takes }) => takes),
    destinations: all.flatMap(({ destinations }) => destinations),
    calls: [callOf(call, true)],
  });
}

interface Part extends Pick<Act, "takes" | "destinations"> {
  readonly tone: Tone;
  readonly says: readonly string[];
  readonly facts: readonly ActFact[];
  readonly oddities: readonly Oddity[];
}

const NOTHING: Part = { tone: "calm", says: [], facts: [], oddities: [], takes: [], destinations: [] };

function whoseCode(singleton: Address | undefined, chainId: bigint, context: Context): Part {
  if (singleton === undefined) return NOTHING;
  const facts = [place(context, chainId, "Runs the code of", singleton)];
  if (deploymentAt(chainId, singleton)?.part === "safe") return { ...NOTHING, facts };
  const says = [
    "Its code is none of Safe's own that Firn knows: whoever wrote it can take what is sent to it.",
  ];
  return { ...NOTHING, tone: "danger", says, facts, oddities: ["unknown call"] };
}

function atSetUp({ to, data, fallback }: Setup, chainId: bigint, context: Context): Part {
  const handler = fallback === ZERO ? [] : [place(context, chainId, "Fallback handler", fallback)];
  const strange = fallback !== ZERO && deploymentAt(chainId, fallback)?.part !== "fallback handler";
  const code: ActFact = {
    label: to === ZERO ? "Data that nothing reads" : "With",
    value: { kind: "bytes", bytes: data },
  };
  const runs = [
    ...(to === ZERO ? [] : [place(context, chainId, "Runs once the code of", to)]),
    ...(data.length === 0 ? [] : [code]),
  ];
  const hidden = to !== ZERO && deploymentAt(chainId, to)?.part !== "set-up for rollups";
  const says = [
    ...(hidden ? ["Foreign code runs as the new Safe at once: it can give others power over it."] : []),
    ...(strange ? ["Its fallback handler is none of Safe's own: it can sign messages for the Safe."] : []),
  ];
  const tone: Tone = hidden || strange ? "danger" : "calm";
  return {
    ...NOTHING,
    tone,
    says,
    facts: [...handler, ...runs],
    oddities: hidden ? ["delegate call", "unknown call"] : strange ? ["safe change"] : [],
  };
}

/** Out of what was sent to its address beforehand. */
function paid({ token, payment, receiver }: Setup, chainId: bigint, context: Context): Part {
  if (payment === 0n) return { ...NOTHING, facts: unpaid({ token, receiver }, chainId, context) };
  const amount = { asset: token === ZERO ? coinOf(chainId) : tokenOf(chainId, token), units: payment };
  const to = receiver === ZERO ? words("To", "whoever sets it up") : place(context, chainId, "To", receiver);
  return {
    ...NOTHING,
    tone: "danger",
    says: ["The new Safe pays for being set up, out of what was sent to its address beforehand."],
    facts: [{ label: "It pays", value: { kind: "amount", amount } }, to],
    takes: [amount],
    destinations: [{ to: receiver, amount }],
  };
}

/** They have no effect, and are shown all the same: programs name a receiver to tell who made the Safe. */
function unpaid(
  { token, receiver }: Pick<Setup, "token" | "receiver">,
  chainId: bigint,
  context: Context,
): readonly ActFact[] {
  return [
    ...(token === ZERO ? [] : [place(context, chainId, "Pays nothing of", token)]),
    ...(receiver === ZERO ? [] : [place(context, chainId, "Pays nothing to", receiver)]),
  ];
}
