// What a transaction does: it sends the coin, calls a contract, or puts a new one on the chain; and it may carry others'
// signed handovers of their accounts (EIP 7702).

import { keccak_256 } from "@noble/hashes/sha3.js";
import { addr } from "micro-eth-signer";
import type { Act, ActFact } from "../../act.ts";
import { coinOf, factsOf, tokenOf } from "../../assets.ts";
import { type Address, readAddress } from "../../eip55.ts";
import { refuse } from "../../refusal.ts";
import type { Amount } from "../../rules.ts";
import type { CallToRead, Context } from "../context.ts";
import { addressValue } from "./facts.ts";
import type { Authorization, EthereumTransaction } from "./transaction.ts";

const NOTHING = {
  tone: "calm",
  ...{ says: [], oddities: [], takes: [], destinations: [], allowances: [], calls: [], delegates: [] },
} as const satisfies Partial<Act>;

/** Handovers first: they outlast whatever else it does. */
export function actsOfTransaction(tx: EthereumTransaction, context: Context): readonly Act[] {
  const { chainId, to, value, data } = tx;
  const call = { chainId, from: context.account, ...(to === undefined ? {} : { to }), value, data, depth: 0 };
  return [
    ...tx.authorizations.map((one) => actOfAuthorization(one, tx, context)),
    ...(to === undefined ? [actOfCreation(call, tx.nonce)] : actsOfRecipient({ ...call, to }, context)),
  ];
}

type SendToRead = CallToRead & { readonly to: Address };

function actsOfRecipient(call: SendToRead, context: Context): readonly Act[] {
  if (call.data.length === 0) return [actOfSend(call, context)];
  const acts = context.readCall(call);
  const coin = coinOf(call.chainId);
  const taken = acts.flatMap(({ takes }) => takes).filter(({ asset }) => asset === coin);
  // The coin leaves the account whatever the call is: acts that tell of less of it would show less than is signed.
  if (taken.reduce((sum, { units }) => sum + units, 0n) < call.value)
    refuse("ethereum.readers-disagree", "value: the acts tell of less");
  return acts;
}

// ---------------------------------------------------------------- the coin alone

/** Of the chain's coin, without data; depth and sender as in the call. */
export function actOfSend(call: SendToRead, context: Context): Act {
  const { chainId, from, to, value, depth } = call;
  const amount = { asset: coinOf(chainId), units: value };
  const said = saysOfSend(call, context);
  return {
    ...NOTHING,
    title: "Send",
    tone: said.lost ? "danger" : said.says.length > 0 ? "caution" : "calm",
    says: said.says,
    facts: [
      { label: "Amount", value: { kind: "amount", amount } },
      { label: "To", value: addressValue(to, chainId, context) },
    ],
    takes: taken(amount),
    // Nothing sent to oneself takes another transaction's place, and goes nowhere.
    destinations: value === 0n && to === from ? [] : [{ to, amount }],
    depth,
  };
}

function taken(amount: Amount): readonly Amount[] {
  return amount.units === 0n ? [] : [amount];
}

/** No key leads to so low an address: the chain's own programs, and graves such as 0x…dEaD, have them. */
const LOW = 1n << 16n;

function saysOfSend({ chainId, from, to, value }: SendToRead, context: Context) {
  const low = numberOf(to) < LOW;
  const token = factsOf(tokenOf(chainId, to));
  const says = [
    ...(numberOf(to) === 0n ? ["Nobody holds the zero address: what is sent there is lost."] : []),
    ...(low && numberOf(to) > 0n ? ["Nobody holds this address: what is sent there is lost."] : []),
    ...(token?.listed
      ? [
          `This is the contract of ${token.symbol}: coin that is sent to it may be lost, or changed into its tokens.`,
        ]
      : []),
    ...(to === from ? [`It goes back to the account that it comes from${whose(from, context)}.`] : []),
    ...(value === 0n ? ["It sends nothing; only the fee is spent."] : []),
  ];
  return { says, lost: low };
}

function whose(from: Address, { account }: Context): string {
  return from === account ? ": only the fee is spent" : "";
}

function numberOf(address: Address): bigint {
  return BigInt(address);
}

// ---------------------------------------------------------------- a new contract

/** nonce: the creator's, which its address comes from. */
export function actOfCreation({ chainId, from, value, data, depth }: CallToRead, nonce: bigint): Act {
  const amount = { asset: coinOf(chainId), units: value };
  const created = readAddress(addr.getCreateAddress(from, nonce));
  if (created === undefined || created === "checksum") throw new Error("a contract without an address");
  return {
    ...NOTHING,
    title: "Create a contract",
    tone: "danger",
    says: [
      "New code is put on the chain and runs at once. Firn cannot tell what it does.",
      ...(value > 0n
        ? ["The new contract gets the coin that is sent with it; only its code can give it back."]
        : []),
      ...(data.length === 0 ? ["It has no code: what is sent there is lost."] : []),
    ],
    facts: [
      { label: "Amount", value: { kind: "amount", amount } },
      { label: "New contract", value: { kind: "address", address: created } },
      { label: "Length of its code", value: { kind: "words", text: `${data.length} bytes` } },
      { label: "Hash of its code", value: { kind: "bytes", bytes: keccak_256(data) } },
    ],
    oddities: ["contract creation"],
    takes: taken(amount),
    destinations: value === 0n ? [] : [{ to: created, amount }],
    depth,
  };
}

// ---------------------------------------------------------------- handovers

function actOfAuthorization(one: Authorization, tx: EthereumTransaction, context: Context): Act {
  const { delegate, authority, chainId, nonce } = one;
  const back = numberOf(delegate) === 0n;
  const own = authority === context.account;
  const facts: readonly ActFact[] = [
    { label: "Account", value: addressValue(authority, tx.chainId, context) },
    ...(back ? [] : [{ label: "Code at", value: addressValue(delegate, tx.chainId, context) }]),
    { label: "Where", value: { kind: "words", text: chainId === 0n ? "on every chain" : "on this chain" } },
    { label: "Nonce of that account", value: { kind: "number", value: nonce } },
  ];
  return {
    ...NOTHING,
    title: back ? "Take a handover back" : "Hand an account over",
    tone: back ? "caution" : "danger",
    says: [...(back ? BACK : handedOver(delegate)), own ? OWN : OTHER],
    facts,
    oddities: back ? [] : ["account delegation"],
    delegates: back ? [] : [delegate],
    depth: 0,
  };
}

const BACK = ["The account runs no code of others any more, if this is carried out."];
const OWN = "This is your account. The handover is signed already: whoever holds this request can use it.";
const OTHER = "This is not the account that signs here. Its holder signed the handover; you pay for it.";

function handedOver(delegate: Address): readonly string[] {
  return [
    `It hands the account over to the code at ${delegate}.`,
    "That code can take everything in the account, now and later, until the handover is taken back.",
  ];
}
