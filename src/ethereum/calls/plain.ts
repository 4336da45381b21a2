// What is no call with data: coin that is sent.

import type { Act } from "../../act.ts";
import type { Address } from "../../eip55.ts";
import type { CallToRead, Context } from "../context.ts";
import { kindOf, wrappedCoin } from "./lists.ts";
import {
  actOf,
  addressFact,
  amountFact,
  bareSaid,
  calm,
  caution,
  coin,
  recipientSaid,
  type Said,
} from "./making.ts";

export function sendCoin(call: CallToRead, to: Address, context: Context): Act {
  const amount = coin(call, call.value);
  return actOf(call.depth, {
    title: "Send",
    facts: [amountFact("Amount", amount), addressFact("To", to, call, context)],
    said: [
      ...(call.value === 0n ? [caution("It sends nothing; only the fee is spent.")] : []),
      ...(call.value === 0n && to === call.from ? [] : coinSaid(to, call, context)),
    ],
    takes: [amount],
    // So are transactions replaced that are stuck.
    destinations: call.value === 0n && to === call.from ? [] : [{ to, amount }],
  });
}

function coinSaid(to: Address, call: CallToRead, context: Context): readonly Said[] {
  if (to === wrappedCoin(call.chainId))
    return [calm("This contract wraps what it is sent: the account gets it as a token.")];
  if (kindOf(call.chainId, to) === "lido") return [calm("This contract stakes what it is sent.")];
  return [...recipientSaid(to, undefined, call, context), ...bareSaid(to, call)];
}
