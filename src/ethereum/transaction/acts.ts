// What a transaction does: it calls somebody, or puts a new contract on the chain; and it may carry handovers of
// accounts that were signed before (EIP 7702).

import { keccak_256 } from "@noble/hashes/sha3.js";
import { addr } from "micro-eth-signer";
import type { Act } from "../../act.ts";
import { type Address, readAddress } from "../../eip55.ts";
import { refuse } from "../../refusal.ts";
import {
  actOf,
  addressFact,
  amountFact,
  calm,
  caution,
  coin,
  danger,
  fact,
  numberFact,
  type Said,
  wordsFact,
  ZERO,
} from "../calls/making.ts";
import type { CallToRead, Context } from "../context.ts";
import type { Authorization, EthereumTransaction } from "./transaction.ts";

/** Handovers first: they outlast whatever else it does. */
export function actsOfTransaction(tx: EthereumTransaction, context: Context): readonly Act[] {
  const { chainId, to, value, data } = tx;
  const call = { chainId, from: context.account, value, data, depth: 0 };
  return [
    ...tx.authorizations.map((one) => actOfAuthorization(one, tx, context)),
    ...(to === undefined ? [actOfCreation(call, tx.nonce, context)] : actsOfCall({ ...call, to }, context)),
  ];
}

function actsOfCall(call: CallToRead, context: Context): readonly Act[] {
  const acts = context.readCall(call);
  const { asset } = coin(call, 0n);
  const taken = acts.flatMap(({ takes }) => takes).filter((amount) => amount.asset === asset);
  // The coin leaves the account whatever the call is: acts that tell of less of it would show less than is signed.
  if (taken.reduce((sum, { units }) => sum + units, 0n) < call.value)
    refuse("ethereum.readers-disagree", "value: the acts tell of less");
  return acts;
}

// ---------------------------------------------------------------- a new contract

function actOfCreation(call: CallToRead, nonce: bigint, context: Context): Act {
  const { value, data, depth } = call;
  const amount = coin(call, value);
  const created = createdBy(call.from, nonce);
  return actOf(depth, {
    title: "Create a contract",
    facts: [
      ...(value > 0n ? [amountFact("Amount", amount)] : []),
      addressFact("New contract", created, call, context),
      wordsFact("Length of its code", `${data.length} bytes`),
      fact("Hash of its code", { kind: "bytes", bytes: keccak_256(data) }),
    ],
    said: [
      danger(
        "New code is put on the chain and runs at once. Firn cannot tell what it does.",
        "contract creation",
      ),
      ...(value > 0n ? [caution("The coin goes to the new contract: only its code can give it back.")] : []),
      ...(data.length === 0 ? [danger("There is no code: whatever is sent there is lost.")] : []),
    ],
    takes: [amount],
    destinations: value > 0n ? [{ to: created, amount }] : [],
  });
}

function createdBy(account: Address, nonce: bigint): Address {
  const address = readAddress(addr.getCreateAddress(account, nonce));
  if (address === undefined || address === "checksum") throw new Error("a contract without an address");
  return address;
}

// ---------------------------------------------------------------- handovers

function actOfAuthorization(one: Authorization, { chainId }: EthereumTransaction, context: Context): Act {
  const { delegate, authority } = one;
  const at = { chainId, from: context.account };
  const back = delegate === ZERO;
  const act = actOf(0, {
    title: back ? "Take a handover back" : "Hand an account over",
    facts: [
      addressFact("Account", authority, at, context),
      ...(back ? [] : [addressFact("Code at", delegate, at, context)]),
      wordsFact("Where", one.chainId === 0n ? "on every chain" : "on this chain"),
      numberFact("Nonce of that account", one.nonce),
    ],
    said: [...(back ? BACK : handedOver(delegate)), authority === context.account ? OWN : OTHERS],
  });
  return { ...act, delegates: back ? [] : [delegate] };
}

const BACK: readonly Said[] = [caution("If it is carried out, the account runs no code of others any more.")];
const OWN = caution(
  "This is your account. The handover is signed already: whoever has this request can use it without you.",
);
const OTHERS = calm("It is not the account that signs here. Its holder signed the handover before.");

function handedOver(delegate: Address): readonly Said[] {
  return [
    danger(`It hands the account over to the code at ${delegate}.`, "account delegation"),
    danger("That code can take everything in the account, now and later, until it is taken back."),
  ];
}
