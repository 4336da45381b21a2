// What owners sign for a Safe: SafeTx and SafeMessage, known by their types to the last letter (EIP 712, encodeType).

import type { Act } from "../../act.ts";
import { chainName } from "../../assets.ts";
import type { Address } from "../../eip55.ts";
import { refuse } from "../../refusal.ts";
import type { Safe, SafeVersion } from "../../safe.ts";
import { worst } from "../calls/making.ts";
import type { Context } from "../context.ts";
import { at, type TypedData } from "../typed/read.ts";
import { quorumText } from "./acts.ts";
import { actsOfMessage } from "./message.ts";
import { actsOfSafeTransaction, type SafeTx } from "./transaction.ts";

const SAFE_TX =
  "SafeTx(address to,uint256 value,bytes data,uint8 operation,uint256 safeTxGas,uint256 baseGas,uint256 gasPrice,address gasToken,address refundReceiver,uint256 nonce)";
const SAFE_MESSAGE = "SafeMessage(bytes message)";
/** Since 1.3.0. */
const WITH_CHAIN = "EIP712Domain(uint256 chainId,address verifyingContract)";
const WITHOUT_CHAIN = "EIP712Domain(address verifyingContract)";

export interface OfSafe {
  /** Registered here. */
  readonly safe?: Safe;
  readonly chainId: bigint;
  readonly address: Address;
  /** Absent of a message. */
  readonly nonce?: bigint;
  /** "1/0x…/safe/5": transactions with the same exclude each other. */
  readonly outpoints: readonly string[];
}

/** Undefined where the types are any others: then it is not a Safe's contract that would take it. */
export function safeOfTyped(typed: TypedData, context: Context): OfSafe | undefined {
  const form = formOf(typed);
  if (!form) return undefined;
  const safe = registered(typed, context);
  const chainId = safe?.chainId ?? typed.domain.chainId!;
  const address = typed.domain.contract!;
  const of = { ...(safe ? { safe } : {}), chainId, address };
  if (form === "message") return { ...of, outpoints: [] };
  const nonce = number(typed, "nonce");
  return { ...of, nonce, outpoints: [`${chainId}/${address.toLowerCase()}/safe/${nonce}`] };
}

/** Throws Refusal safe.not-owner, safe.other-chain, safe.other-version, safe.chain-unnamed, safe.malformed. */
export function actsOfSafeTx(typed: TypedData, context: Context): readonly Act[] | undefined {
  const of = safeOfTyped(typed, context);
  if (!of) return undefined;
  const { chainId, address, nonce, safe } = of;
  const says = [...whose(of, context), ...(typed.domain.chainId === undefined ? [CHAINLESS] : [])];
  const tone = safe && typed.domain.chainId !== undefined ? "calm" : "caution";
  if (nonce === undefined) {
    const message = bytes(typed, "message");
    const act = actsOfMessage({ chainId, safe: address, message, depth: 0 }, context, { says });
    return [{ ...act, tone: worst([act.tone, tone]) }];
  }
  return actsOfSafeTransaction(transactionOf(typed, of, nonce), context, {
    ...{ title: "Sign a transaction of a Safe", cancels: "Cancel a transaction of a Safe" },
    ...{ depth: 0, tone, says },
  });
}

/** The registered Safe that a transaction makes do something, however deep inside. */
export function safeCalled(acts: readonly Act[], { safes }: Context): Safe | undefined {
  const calls = acts.flatMap((act) => act.calls);
  return safes.find(({ chainId, address }) =>
    calls.some((call) => call.chainId === chainId && call.contract === address),
  );
}

/** Where the domain names no chain the request may: it has to be the one that the Safe is registered for. */
export function checkSafeChain({ chainId }: OfSafe, asked: bigint | undefined): void {
  if (asked !== undefined && asked !== chainId)
    refuse("safe.other-chain", `asked for ${chainName(asked)}, registered for ${chainName(chainId)}`);
}

const CHAINLESS =
  "A Safe of this version names no chain in what is signed: the signature also holds for a Safe of the same address, owners and nonce on every other chain.";

function formOf({ type, domainType }: TypedData): "transaction" | "message" | undefined {
  if (domainType !== WITH_CHAIN && domainType !== WITHOUT_CHAIN) return undefined;
  return type === SAFE_TX ? "transaction" : type === SAFE_MESSAGE ? "message" : undefined;
}

/** The Safe that is signed for, as it is registered; undefined where its address is not. */
function registered({ domain }: TypedData, context: Context): Safe | undefined {
  const { chainId, contract } = domain;
  const alike = context.safes.filter(({ address }) => address === contract);
  if (alike.length === 0)
    return chainId === undefined ? refuse("safe.chain-unnamed", `the Safe ${contract}`) : undefined;
  const safe = chainId === undefined ? chainlessOf(alike) : alike.find((one) => one.chainId === chainId);
  if (!safe) {
    const there = alike.map((one) => chainName(one.chainId)).join(", ");
    return refuse("safe.other-chain", `asked for ${chainName(chainId!)}, registered for ${there}`);
  }
  const names = namesChain(safe.version);
  if (names !== (chainId !== undefined))
    refuse(
      "safe.other-version",
      `registered with ${safe.version}, whose domain ${names ? "names" : "does not name"} the chain`,
    );
  if (!safe.owners.includes(context.account))
    refuse("safe.not-owner", `${context.account} is not among its ${safe.owners.length} owners`);
  return safe;
}

/** Several of an old version: which of them is meant nothing says. */
function chainlessOf(alike: readonly Safe[]): Safe {
  const old = alike.filter(({ version }) => !namesChain(version));
  if (old.length > 1)
    return refuse(
      "safe.other-chain",
      `registered for ${old.map((one) => chainName(one.chainId)).join(", ")}`,
    );
  return old[0] ?? alike[0]!;
}

/** What is signed names the chain: since 1.3.0. */
export function namesChain(version: SafeVersion): boolean {
  return !["1.0.0", "1.1.1", "1.2.0"].includes(version);
}

function whose({ safe }: OfSafe, context: Context): readonly string[] {
  if (!safe) return [UNREGISTERED];
  const { threshold, owners } = safe;
  const number = owners.indexOf(context.account) + 1;
  const rest =
    threshold === 1
      ? "Your signature alone is enough."
      : `${quorumText(threshold, owners.length)} owners must sign.`;
  return [`You sign as owner ${number} of ${owners.length}. ${rest}`];
}

const UNREGISTERED =
  "A Safe that is not registered here: Firn cannot tell who owns it, nor whether your signature counts. Register it first: Ethereum, Safes.";

function transactionOf(typed: TypedData, { chainId, address }: OfSafe, nonce: bigint): SafeTx {
  const operation = number(typed, "operation");
  if (operation > 1n) refuse("safe.malformed", `operation: ${operation}`);
  return {
    ...{ chainId, safe: address, operation, nonce },
    ...{ to: addressOf(typed, "to"), value: number(typed, "value"), data: bytes(typed, "data") },
    ...{ safeTxGas: number(typed, "safeTxGas"), baseGas: number(typed, "baseGas") },
    ...{ gasPrice: number(typed, "gasPrice"), gasToken: addressOf(typed, "gasToken") },
    refundReceiver: addressOf(typed, "refundReceiver"),
  };
}

// ---------------------------------------------------------------- members, whose kinds the type has settled

function number(typed: TypedData, name: string): bigint {
  const value = at(typed, name);
  return value?.kind === "number" ? value.value : refuse("safe.malformed", name);
}

function addressOf(typed: TypedData, name: string): Address {
  const value = at(typed, name);
  return value?.kind === "address" ? value.address : refuse("safe.malformed", name);
}

function bytes(typed: TypedData, name: string): Uint8Array {
  const value = at(typed, name);
  return value?.kind === "bytes" ? value.bytes : refuse("safe.malformed", name);
}
