// What is no call with data: coin that is sent, and contracts that are created.

import { keccak_256 } from "@noble/hashes/sha3.js";
import type { Act } from "../../act.ts";
import type { Address } from "../../eip55.ts";
import type { CallToRead, Context } from "../context.ts";
import { kindOf, wrappedCoin } from "./lists.ts";
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
  recipientSaid,
  type Said,
} from "./making.ts";

export function sendCoin(call: CallToRead, to: Address, context: Context): Act {
  const amount = coin(call, call.value);
  return actOf(call.depth, {
    title: "Send",
    facts: [amountFact("Amount", amount), addressFact("To", to, call, context)],
    said: [...(call.value === 0n ? [caution("It moves nothing.")] : []), ...coinSaid(to, call, context)],
    takes: [amount],
    destinations: [{ to, amount }],
  });
}

function coinSaid(to: Address, call: CallToRead, context: Context): readonly Said[] {
  if (to === wrappedCoin(call.chainId))
    return [calm("This contract wraps what it is sent: the account gets it as a token.")];
  if (kindOf(call.chainId, to) === "lido") return [calm("This contract stakes what it is sent.")];
  return recipientSaid(to, undefined, call, context);
}

export function createContract(call: CallToRead): Act {
  const amount = coin(call, call.value);
  return actOf(call.depth, {
    title: "Create a contract",
    facts: [
      numberFact("Bytes of code", BigInt(call.data.length)),
      fact("Keccak-256 of the code", { kind: "bytes", bytes: keccak_256(call.data) }),
      ...(call.value === 0n ? [] : [amountFact("Coin sent with it", amount)]),
    ],
    said: [
      danger(
        "Firn cannot tell what the code does. What is sent with it belongs to the new contract.",
        "contract creation",
      ),
    ],
    takes: [amount],
  });
}
