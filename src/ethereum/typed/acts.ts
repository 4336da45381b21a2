// What typed data does or allows. A type is known by all of its members, never by its name; what nobody knows is said to be unknown.

import type { Act } from "../../act.ts";
import type { Address } from "../../eip55.ts";
import { LIMITS } from "../../limits.ts";
import { refuse } from "../../refusal.ts";
import { actOf, addressFact, caution, danger, fact, type Said } from "../calls/making.ts";
import type { Context } from "../context.ts";
import { actsOfSafeTx } from "../safe/index.ts";
import { CALLS } from "./calls.ts";
import { Members } from "./members.ts";
import { PERMIT_BATCH, PERMIT_SINGLE, PERMIT2, permit2Reader } from "./permit2.ts";
import { DAI_PERMIT, PERMIT, PERMITS } from "./permits.ts";
import { chainOf, type TypedData } from "./read.ts";
import { type ReadMessage, siteOf } from "./reading.ts";
import { DOMAIN } from "./schema.ts";
import { seaportReader } from "./seaport.ts";
import { TRADES } from "./trades.ts";

/** Never none. Throws Refusal typed.nowhere, typed.too-large, and those of what is inside. */
export function actsOfTyped(typed: TypedData, context: Context): readonly Act[] {
  const ofSafe = actsOfSafeTx(typed, context);
  if (ofSafe) return ofSafe;
  const site = siteOf(typed, context);
  const read = readerOf(typed);
  // What it moves could be counted nowhere, and would move wherever somebody hands it in.
  if (read && !site) return refuse("typed.nowhere", typed.primaryType);
  const acts = site && read?.(site, context);
  if (acts === undefined || acts.length === 0) return [unknownAct(typed, context)];
  return acts.length > LIMITS.acts ? refuse("typed.too-large", `${acts.length} orders or permits`) : acts;
}

function readerOf(typed: TypedData): ReadMessage | undefined {
  return (
    PERMITS.get(typed.type) ??
    CALLS.get(typed.type) ??
    TRADES.get(typed.type) ??
    permit2Reader(typed) ??
    seaportReader(typed)
  );
}

function unknownAct(typed: TypedData, context: Context): Act {
  const { contract } = typed.domain;
  const chainId = chainOf(typed);
  const at = { chainId: chainId ?? 0n, from: context.account };
  return actOf(0, {
    title: "Typed data that Firn cannot read",
    facts: [
      fact("Type", { kind: "text", text: typed.primaryType }),
      ...(contract === undefined ? [] : [addressFact("For the contract", contract, at, context)]),
    ],
    said: [
      caution(
        "Every field is shown, and Firn cannot tell what they do: it may give away what the account has.",
        "unknown typed data",
      ),
      ...likenessSaid(typed),
    ],
  });
}

/** What looks like something known, and is not that: a name is no proof, but it is a reason to stop. */
function likenessSaid(typed: TypedData): readonly Said[] {
  const { primaryType: name } = typed;
  if (name === DOMAIN) return [caution("It signs a domain alone, and nothing for it.")];
  if (/UserOperation/.test(name))
    return [danger("It reads as an operation of a contract account (ERC 4337): it can do anything with it.")];
  if (!/permit|authoriz|order|delegat|forward|transaction|safetx|transfer|approv/i.test(name)) return [];
  return [
    danger(
      "It reads as something that moves or allows money, and its members are others than the standard's.",
    ),
  ];
}

// ---------------------------------------------------------------- what excludes each other

/** "<chain>/<token>/<owner>/permit/<nonce>": of two permits with the same only one can be handed in. */
export function outpointsOf(typed: TypedData, account: Address): readonly string[] {
  const { contract } = typed.domain;
  const chainId = chainOf(typed);
  if (contract === undefined || chainId === undefined) return [];
  const message = new Members(typed.message);
  const owned = (token: Address, nonce: bigint) =>
    `${chainId}/${token.toLowerCase()}/${account.toLowerCase()}/permit/${nonce}`;
  switch (typed.type) {
    case PERMIT:
      return message.address("owner") === account ? [owned(contract, message.number("nonce"))] : [];
    case DAI_PERMIT:
      return message.address("holder") === account ? [owned(contract, message.number("nonce"))] : [];
    case PERMIT_SINGLE:
    case PERMIT_BATCH:
      return contract === PERMIT2 ? permit2Outpoints(typed.type, message, owned) : [];
    default:
      return [];
  }
}

/** A nonce counts for one token and one spender. Of a batch any of its nonces, once used, spoils all. */
function permit2Outpoints(
  type: string,
  message: Members,
  owned: (token: Address, nonce: bigint) => string,
): readonly string[] {
  const single = type === PERMIT_SINGLE ? message.struct("details") : undefined;
  const details = type === PERMIT_BATCH ? message.structs("details") : single ? [single] : [];
  const spender = message.address("spender").toLowerCase();
  return details.map((one) => `${owned(one.address("token"), one.number("nonce"))}/${spender}`);
}
