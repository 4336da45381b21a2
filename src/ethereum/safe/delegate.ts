// A delegate call: the code of another contract runs as the caller. What its selector is called says nothing: in the
// theft from an exchange in 2025 it was "transfer", and what it did was to replace the Safe's own code.

import type { Act } from "../../act.ts";
import { coinOf, MOST_UNITS } from "../../assets.ts";
import { refuse } from "../../refusal.ts";
import type { CallToRead, Context } from "../context.ts";
import { act, callOf, place, selectorOf, words } from "./acts.ts";
import { type Deployment, deploymentAt, type Part } from "./deployments.ts";
import { actsOfMessage } from "./message.ts";
import { actsOfBatch } from "./multisend.ts";
import { readerOf } from "./owner-calls.ts";

type Reader = (call: CallToRead, context: Context, deployment: Deployment) => readonly Act[] | undefined;

/** Safe's own contracts that are made to be called so. */
const READERS: Partial<Record<Part, Reader>> = {
  batch: actsOfBatch,
  "batch of calls": actsOfBatch,
  "message signing": signMessage,
  "contract creation": createContract,
  migration: migrate,
};

export function actsOfDelegateCall(call: CallToRead, context: Context): readonly Act[] {
  const { to, chainId } = call;
  if (to === undefined) return refuse("safe.malformed", "a delegate call to nobody");
  const deployment = deploymentAt(chainId, to);
  const read = deployment && READERS[deployment.part]?.(call, context, deployment);
  return read ?? [anything(call, context)];
}

/** Nothing is certain but that it can take everything. */
function anything(call: CallToRead, context: Context): Act {
  const { chainId, from, to, data, value, depth } = call;
  const amount = { asset: coinOf(chainId), units: MOST_UNITS };
  const own = from === context.account;
  const who = own ? "your account" : "the Safe";
  return act({
    title: own
      ? "Code of another contract runs as your account"
      : "Code of another contract runs as the Safe",
    depth,
    tone: "danger",
    says: [
      `Whoever wrote that code can take everything from ${who}, now and later, and lock you out of it.`,
      "Firn cannot tell what it does. What the call is named, a transfer perhaps, proves nothing.",
    ],
    facts: [
      { ...place(context, chainId, "Runs the code of", to!), tone: "danger" },
      place(context, chainId, own ? "As" : "As the Safe", from),
      words("Selector", selectorOf(data)),
      { label: "Data", value: { kind: "bytes", bytes: data } },
      ...(value === 0n ? [] : [words("Value", `${value}, which a delegate call does not send`)]),
    ],
    oddities: ["delegate call", "unknown call"],
    takes: [amount],
    destinations: [{ to: to!, amount }],
    calls: [callOf(call, false)],
  });
}

// ---------------------------------------------------------------- signed messages, contracts, migrations

const SIGN_MESSAGE = readerOf("signMessage(bytes message)");

function signMessage(call: CallToRead, context: Context): readonly Act[] | undefined {
  const [message] = SIGN_MESSAGE.values(call.data) ?? [];
  if (message === undefined) return undefined;
  const { chainId, from, depth } = call;
  return [
    actsOfMessage({ chainId, safe: from, message: message as Uint8Array, depth }, context, {
      calls: [callOf(call, true)],
      oddities: ["delegate call"],
    }),
  ];
}

const CREATE = readerOf("performCreate(uint256 value,bytes code)");
const CREATE_2 = readerOf("performCreate2(uint256 value,bytes code,bytes32 salt)");

function createContract(call: CallToRead, context: Context): readonly Act[] | undefined {
  const values = CREATE.values(call.data) ?? CREATE_2.values(call.data);
  if (!values) return undefined;
  const { chainId, from, depth } = call;
  const [value, code] = values as [bigint, Uint8Array];
  const amount = { asset: coinOf(chainId), units: value };
  const sent = value > 0n;
  return [
    act({
      title: "The Safe creates a contract",
      depth,
      tone: "danger",
      says: ["Firn cannot tell what the new contract does."],
      facts: [
        place(context, chainId, "Safe", from),
        ...(sent ? [{ label: "Coin that it gets", value: { kind: "amount", amount } } as const] : []),
        { label: "Code", value: { kind: "bytes", bytes: code } },
      ],
      oddities: ["contract creation"],
      takes: sent ? [amount] : [],
      destinations: sent ? [{ to: call.to!, amount }] : [],
      calls: [callOf(call, true)],
    }),
  ];
}

const MIGRATIONS = [
  readerOf("migrateSingleton()"),
  readerOf("migrateWithFallbackHandler()"),
  readerOf("migrateL2Singleton()"),
  readerOf("migrateL2WithFallbackHandler()"),
];

function migrate(call: CallToRead, context: Context, { version }: Deployment): readonly Act[] | undefined {
  if (!MIGRATIONS.some((reader) => reader.values(call.data) !== undefined)) return undefined;
  return [
    act({
      title: `The Safe moves to version ${version}`,
      depth: call.depth,
      tone: "caution",
      says: [
        "The Safe's own code is replaced by Safe's newer code. Owners and threshold stay.",
        "When it is carried out, renew the Safe here: Ethereum, Safes.",
      ],
      facts: [place(context, call.chainId, "Safe", call.from), place(context, call.chainId, "By", call.to!)],
      oddities: ["delegate call", "safe change"],
      calls: [callOf(call, true)],
    }),
  ];
}
