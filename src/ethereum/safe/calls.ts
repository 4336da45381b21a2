// Calls that Safes know, by their selectors. Those that change a Safe count only where the Safe calls itself.

import type { Act, ActFact, Oddity } from "../../act.ts";
import { coinOf, MOST_UNITS } from "../../assets.ts";
import type { Address } from "../../eip55.ts";
import type { Tone } from "../../model.ts";
import { refuse } from "../../refusal.ts";
import type { AbiValue } from "../abi.ts";
import type { CallToRead, Context } from "../context.ts";
import { act, callOf, place, safeAt, words } from "./acts.ts";
import { deploymentAt } from "./deployments.ts";
import { actsOfMessage } from "./message.ts";
import { actsOfChange, alongside } from "./owner-acts.ts";
import { CHANGE_SELECTORS, changeIn, readerOf } from "./owner-calls.ts";
import { readSetup, SETUP_READERS, setupAct } from "./setup.ts";
import { actsOfSafeTransaction } from "./transaction.ts";

/** Undefined: it is none of a Safe's after all, and stays unknown. */
export type SafeCallReader = (call: CallToRead, context: Context) => readonly Act[] | undefined;

type Read = (values: readonly AbiValue[], call: CallToRead, context: Context) => readonly Act[] | undefined;

function of(signature: string, read: Read): readonly [string, SafeCallReader] {
  const { selector, values } = readerOf(signature);
  return [
    selector,
    (call, context) => {
      const found = call.delegate || call.to === undefined ? undefined : values(call.data);
      return found && read(found, call, context);
    },
  ];
}

/** A Safe obeys only itself. */
function ofItself(signature: string, read: Read): readonly [string, SafeCallReader] {
  return of(signature, (values, call, context) =>
    call.to === call.from ? read(values, call, context) : undefined,
  );
}

// ---------------------------------------------------------------- modules, guards, handlers, code

interface Settled {
  readonly title: string;
  readonly label: string;
  readonly says: (known: boolean, nobody: boolean) => readonly [Tone, string];
  readonly oddities?: readonly Oddity[];
  readonly known?: (chainId: bigint, address: Address) => boolean;
  /** Whoever is behind an address that is not known can take everything from then on. */
  readonly hands?: "over";
}

const RENEW = "When it is carried out, renew the Safe here: Ethereum, Safes.";

function settles(of: Settled, index: number): Read {
  return (values, call, context) => {
    const { chainId, from, depth } = call;
    const address = values[index] as Address;
    const known = of.known?.(chainId, address) ?? false;
    const [tone, text] = of.says(known, /^0x0{40}$/.test(address));
    const sent = alongside(call);
    const all = { asset: coinOf(chainId), units: MOST_UNITS };
    const over = of.hands === "over" && !known;
    return [
      act({
        ...{ title: of.title, depth, tone, says: [text], oddities: of.oddities ?? ["safe change"] },
        facts: [place(context, chainId, "Safe", from), place(context, chainId, of.label, address)],
        calls: [callOf(call, true)],
        takes: over ? [...sent.takes, all] : sent.takes,
        destinations: over ? [...sent.destinations, { to: address, amount: all }] : sent.destinations,
      }),
    ];
  };
}

const ENABLE_MODULE: Settled = {
  title: "Give a module power over the Safe",
  label: "Module",
  hands: "over",
  says: () => ["danger", "A module moves everything in the Safe at any time, without one owner's signature."],
};

const DISABLE_MODULE: Settled = {
  title: "Take a module's power over the Safe away",
  label: "Module",
  says: () => ["caution", "The module can move nothing any more. If it guarded something, that is open now."],
};

const guard = (what: string): Settled => ({
  title: `Set the Safe's ${what}`,
  label: "Guard",
  says: (_, nobody) =>
    nobody
      ? ["danger", "There is no guard any more: what it forbade can be done."]
      : [
          "danger",
          "The guard can forbid every transaction of the Safe, for ever: what is in it can be locked in.",
        ],
});

const FALLBACK: Settled = {
  title: "Set the Safe's fallback handler",
  label: "Fallback handler",
  known: (chainId, address) => deploymentAt(chainId, address)?.part === "fallback handler",
  says: (known, nobody) =>
    known || nobody
      ? ["caution", "It answers for the Safe where the Safe itself has no answer."]
      : [
          "danger",
          "None of Safe's own: it can say that the Safe signed what nobody signed, and tokens can be taken so.",
        ],
};

const MASTER_COPY: Settled = {
  title: "Replace the Safe's code",
  label: "New code",
  hands: "over",
  oddities: ["safe change", "control change"],
  known: (chainId, address) => deploymentAt(chainId, address)?.part === "safe",
  says: (known) =>
    known
      ? ["caution", `The Safe moves to another version of Safe's own code. ${RENEW}`]
      : ["danger", "None of Safe's own: whoever wrote that code can take everything in the Safe."],
};

// ---------------------------------------------------------------- carrying out

function execute(
  values: readonly AbiValue[],
  call: CallToRead,
  context: Context,
): readonly Act[] | undefined {
  const [to, value, data, operation, safeTxGas, baseGas, gasPrice, gasToken, refundReceiver] = values as [
    ...[Address, bigint, Uint8Array, bigint, bigint, bigint, bigint, Address, Address],
    Uint8Array,
  ];
  if (operation > 1n) return undefined;
  const { chainId, depth } = call;
  const safe = call.to!;
  const known = safeAt(context, chainId, safe);
  const tx = {
    chainId,
    safe,
    to,
    value,
    data,
    operation,
    safeTxGas,
    baseGas,
    gasPrice,
    gasToken,
    refundReceiver,
  };
  return actsOfSafeTransaction(tx, context, {
    ...{ title: "Carry out a transaction of a Safe", cancels: "Cancel a transaction of a Safe", depth },
    tone: known ? "calm" : "caution",
    says: known ? [] : [UNREGISTERED],
    facts: [signaturesFact(values[9] as Uint8Array)],
    calls: [callOf(call, true)],
    ...alongside(call),
  });
}

const UNREGISTERED =
  "A Safe that is not registered here, if it is one: what leaves it may not be yours, and coin that is sent along goes to it.";

function signaturesFact(signatures: Uint8Array): ActFact {
  const whole = signatures.length % 65 === 0;
  return words("Signatures with it", whole ? String(signatures.length / 65) : `${signatures.length} bytes`);
}

function executeAsModule(
  values: readonly AbiValue[],
  call: CallToRead,
  context: Context,
): readonly Act[] | undefined {
  const [to, value, data, operation] = values as [Address, bigint, Uint8Array, bigint];
  if (operation > 1n) return undefined;
  const { chainId, depth } = call;
  const from = call.to!;
  const inner: CallToRead = { chainId, from, to, value, data, depth: depth + 1 };
  const outer = act({
    title: "Act on a Safe as its module",
    depth,
    tone: "danger",
    says: ["A module moves what is in the Safe without its owners' signatures."],
    facts: [
      place(context, chainId, "Safe", from),
      words(
        "Operation",
        operation === 1n ? "delegate call: code of another contract runs as the Safe" : "call",
      ),
    ],
    oddities: ["safe change"],
    calls: [callOf(call, true)],
    ...alongside(call),
  });
  return [outer, ...context.readCall(operation === 1n ? { ...inner, delegate: true } : inner)];
}

// ---------------------------------------------------------------- setting up

/** Where its initializer stands, by signature. */
const FACTORY: readonly string[] = [
  "createProxyWithNonce(address singleton,bytes initializer,uint256 salt)",
  "createProxyWithNonceL2(address singleton,bytes initializer,uint256 salt)",
  "createChainSpecificProxyWithNonce(address singleton,bytes initializer,uint256 salt)",
  "createChainSpecificProxyWithNonceL2(address singleton,bytes initializer,uint256 salt)",
  "createProxy(address singleton,bytes initializer)",
];

function create(values: readonly AbiValue[], call: CallToRead, context: Context): readonly Act[] | undefined {
  if (deploymentAt(call.chainId, call.to!)?.part !== "factory") return undefined;
  const [singleton, initializer, salt] = values as [Address, Uint8Array, bigint | undefined];
  const setup = readSetup(initializer);
  return setup && [withCoin(setupAct(setup, call, context, { singleton, salt }), call)];
}

function setUp(_: readonly AbiValue[], call: CallToRead, context: Context): readonly Act[] | undefined {
  const setup = readSetup(call.data);
  return setup && [withCoin(setupAct(setup, call, context), call)];
}

function withCoin(one: Act, call: CallToRead): Act {
  const sent = alongside(call);
  return {
    ...one,
    takes: [...one.takes, ...sent.takes],
    destinations: [...one.destinations, ...sent.destinations],
  };
}

function ownMessage([message]: readonly AbiValue[], call: CallToRead, context: Context): readonly Act[] {
  const { chainId, from, depth } = call;
  const of = { chainId, safe: from, message: message as Uint8Array, depth };
  return [actsOfMessage(of, context, { calls: [callOf(call, true)], ...alongside(call) })];
}

const EXECUTE =
  "execTransaction(address to,uint256 value,bytes data,uint8 operation,uint256 safeTxGas,uint256 baseGas,uint256 gasPrice,address gasToken,address refundReceiver,bytes signatures)";

/** By selector, "0x6a761202". */
export const safeCalls: ReadonlyMap<string, SafeCallReader> = new Map<string, SafeCallReader>([
  ...CHANGE_SELECTORS.map((selector) => [selector, changeReader] as const),
  of(EXECUTE, execute),
  of("approveHash(bytes32 hash)", (_, call) => refuse("safe.hash-only", `the Safe ${call.to}`)),
  of("execTransactionFromModule(address to,uint256 value,bytes data,uint8 operation)", executeAsModule),
  of(
    "execTransactionFromModuleReturnData(address to,uint256 value,bytes data,uint8 operation)",
    executeAsModule,
  ),
  ofItself("enableModule(address module)", settles(ENABLE_MODULE, 0)),
  ofItself("disableModule(address previous,address module)", settles(DISABLE_MODULE, 1)),
  ofItself("setGuard(address guard)", settles(guard("guard"), 0)),
  ofItself("setModuleGuard(address guard)", settles(guard("modules' guard"), 0)),
  ofItself("setFallbackHandler(address handler)", settles(FALLBACK, 0)),
  ofItself("changeMasterCopy(address code)", settles(MASTER_COPY, 0)),
  ofItself("signMessage(bytes message)", ownMessage),
  ...FACTORY.map((signature) => of(signature, create)),
  ...SETUP_READERS.map(({ selector }) => [selector, setupReader] as const),
]);

function changeReader(call: CallToRead, context: Context): readonly Act[] | undefined {
  const change = changeIn(call);
  return change && actsOfChange(change, call, context).acts;
}

function setupReader(call: CallToRead, context: Context): readonly Act[] | undefined {
  return call.delegate || call.to === undefined ? undefined : setUp([], call, context);
}
