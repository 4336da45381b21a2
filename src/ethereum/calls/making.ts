// How acts of calls are made, and the sentences that many of them share.

import { keccak_256 } from "@noble/hashes/sha3.js";
import type { Act, ActFact, Allowance, Oddity, Value } from "../../act.ts";
import { coinOf, MOST_UNITS, tokenOf, UNLIMITED } from "../../assets.ts";
import type { Address } from "../../eip55.ts";
import { LIMITS } from "../../limits.ts";
import type { Tone } from "../../model.ts";
import type { Amount, Destination } from "../../rules.ts";
import type { Context } from "../context.ts";
import type { Site } from "./entry.ts";
import { isAnybodys, isListedContract, isListedToken, isOpen, listedLike } from "./lists.ts";
import { looksLike } from "./look-alike.ts";

export interface Said {
  readonly tone: Tone;
  readonly text: string;
  /** What policies call it. */
  readonly oddity?: Oddity;
}

export const calm = (text: string): Said => ({ tone: "calm", text });
export const caution = (text: string, oddity?: Oddity): Said => said("caution", text, oddity);
export const danger = (text: string, oddity?: Oddity): Said => said("danger", text, oddity);

function said(tone: Tone, text: string, oddity?: Oddity): Said {
  return oddity === undefined ? { tone, text } : { tone, text, oddity };
}

export interface Parts {
  readonly title: string;
  readonly facts: readonly ActFact[];
  readonly said?: readonly Said[];
  readonly takes?: readonly Amount[];
  readonly destinations?: readonly Destination[];
  readonly allowances?: readonly Allowance[];
}

/** Its tone is the highest of what it says and shows. */
export function actOf(depth: number, parts: Parts): Act {
  const { title, facts, said = [], takes = [], destinations = [], allowances = [] } = parts;
  const oddities = [...new Set(said.flatMap(({ oddity }) => oddity ?? []))];
  const says = [...new Set([...said].sort(worstFirst).map(({ text }) => text))];
  const tone = worst([...said.map((one) => one.tone), ...facts.map((fact) => fact.tone ?? "calm")]);
  const full = takes.filter(({ units }) => units > 0n);
  return {
    title,
    tone,
    facts,
    says,
    oddities,
    takes: full,
    destinations,
    allowances,
    calls: [],
    delegates: [],
    depth,
  };
}

const TONES: readonly Tone[] = ["calm", "caution", "danger"];

export function worst(tones: readonly Tone[]): Tone {
  return TONES[Math.max(0, ...tones.map((tone) => TONES.indexOf(tone)))]!;
}

function worstFirst(a: Said, b: Said): number {
  return TONES.indexOf(b.tone) - TONES.indexOf(a.tone);
}

// ---------------------------------------------------------------- facts

export function fact(label: string, value: Value, tone?: Tone): ActFact {
  return tone === undefined ? { label, value } : { label, value, tone };
}

export function amountFact(label: string, amount: Amount, tone?: Tone): ActFact {
  return fact(label, { kind: "amount", amount }, tone);
}

export function addressFact(
  label: string,
  address: Address,
  site: At,
  context: Context,
  tone?: Tone,
): ActFact {
  const name = address === ZERO ? "the zero address" : context.nameOf(site.chainId, address);
  return fact(label, { kind: "address", address, ...(name === undefined ? {} : { name }) }, tone);
}

export function numberFact(label: string, value: bigint, tone?: Tone): ActFact {
  return fact(label, { kind: "number", value }, tone);
}

export function timeFact(label: string, seconds: bigint): ActFact {
  return fact(label, { kind: "time", seconds });
}

const BYTES_SHOWN = 2048;

/** Of what is longer than anybody reads: its beginning, its length, and the hash of all of it. */
export function bytesFacts(label: string, bytes: Uint8Array, tone?: Tone): readonly ActFact[] {
  if (bytes.length <= BYTES_SHOWN) return [fact(label, { kind: "bytes", bytes }, tone)];
  return [
    fact(`${label}, beginning`, { kind: "bytes", bytes: bytes.subarray(0, BYTES_SHOWN) }, tone),
    numberFact(`${label}, bytes`, BigInt(bytes.length)),
    fact(`${label}, Keccak-256`, { kind: "bytes", bytes: keccak_256(bytes) }),
  ];
}

export function wordsFact(label: string, text: string, tone?: Tone): ActFact {
  return fact(label, { kind: "words", text }, tone);
}

// ---------------------------------------------------------------- amounts and addresses

/** On which chain; and who acts, where that matters. */
export type At = Pick<Site, "chainId" | "from">;

export const ZERO: Address = "0x0000000000000000000000000000000000000000";
/** Below this lie contracts of the chain's own, and 0x…dEaD: they keep what they are sent. */
const NOBODYS = 0x10000n;
/** How routers write the chain's coin where a token's contract is asked for. */
const COIN_MARK: Address = "0xEeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE";

export function isCoin(token: Address): boolean {
  return token === ZERO || token === COIN_MARK;
}

export function coin(at: Pick<Site, "chainId">, units: bigint): Amount {
  return { asset: coinOf(at.chainId), units };
}

export function units(at: Pick<Site, "chainId">, token: Address, amount: bigint): Amount {
  return { asset: isCoin(token) ? coinOf(at.chainId) : tokenOf(at.chainId, token), units: amount };
}

/** The account, another one of the same seed, or a registered Safe: what is theirs is ours. */
export function isOurs(address: Address, at: At, context: Context): boolean {
  return (
    address === at.from ||
    address === context.account ||
    context.isOwn?.(address) === true ||
    context.safes.some((safe) => safe.chainId === at.chainId && safe.address === address)
  );
}

// ---------------------------------------------------------------- sentences

export function unlistedToken(token: Address, at: Pick<Site, "chainId">): readonly Said[] {
  if (isCoin(token) || isListedToken(at.chainId, token)) return [];
  return [
    caution(
      "This token is on no shipped list. Firn does not know its decimals: the number counts its smallest units.",
      "unlisted token",
    ),
  ];
}

/** Of items: anybody can make a collection that looks like another one. */
export function unlistedItems(collection: Address, at: Pick<Site, "chainId">): readonly Said[] {
  if (isListedToken(at.chainId, collection)) return [];
  const text = "This collection is on no shipped list: anybody can make one that looks like another.";
  return [caution(text, "unlisted token")];
}

/** Of whoever comes to have a token, or the coin. */
export function recipientSaid(
  to: Address,
  token: Address | undefined,
  at: At,
  context: Context,
): readonly Said[] {
  if (to === ZERO) return [danger("It goes to the zero address: nobody can ever get it back.")];
  if (BigInt(to) < NOBODYS) return [danger("Nobody holds this address: what is sent there is lost.")];
  if (to === token) return [danger("It goes to the token's own contract: nobody can ever get it back.")];
  if (to === at.from) return [caution("It goes back to where it comes from.")];
  return [...alikeSaid(to, at, context), ...tokenSaid(to, at)];
}

function tokenSaid(to: Address, at: At): readonly Said[] {
  if (!isListedToken(at.chainId, to)) return [];
  return [
    danger("It goes to the contract of a token: most such contracts keep what they are sent for ever."),
  ];
}

/** Of what is only sent, to a contract that is no token's. */
export function bareSaid(to: Address, at: At): readonly Said[] {
  if (!isListedContract(at.chainId, to) || isListedToken(at.chainId, to)) return [];
  if (isOpen(at.chainId, to)) return [danger("What lies in this contract anybody can take, at once.")];
  return [caution("It goes to a contract by itself, without a call that tells the contract what it is for.")];
}

/** Address poisoning: an address that was made to look like another one at its ends. */
export function alikeSaid(address: Address, at: At, context: Context): readonly Said[] {
  const safes = context.safes.filter(({ chainId }) => chainId === at.chainId);
  const near = context.familiar?.() ?? [];
  const own = [context.account, at.from, ...safes.map((safe) => safe.address), ...near];
  const other =
    looksLike(address, own) ?? (own.includes(address) ? undefined : listedLike(at.chainId, address));
  if (other === undefined) return [];
  const name = context.nameOf(at.chainId, other);
  const what = name === undefined ? "an address that is known here" : `that of ${name}`;
  return [
    danger(`This address begins and ends like ${what}, and is another one: this is how people are deceived.`),
  ];
}

/** Of those who may take from now on; who: "spender", "operator". */
export function spenderSaid(spender: Address, at: At, context: Context, who = "spender"): readonly Said[] {
  if (spender === ZERO) return [];
  if (spender === at.from) return [caution(`The ${who} is the account itself: this changes nothing.`)];
  if (isAnybodys(at.chainId, spender))
    return [danger(`Anybody can tell this ${who} what to do: all of this can be taken at once, by anyone.`)];
  if (context.nameOf(at.chainId, spender) !== undefined) return [];
  return [
    ...alikeSaid(spender, at, context),
    danger(`Firn does not know this ${who}; it may be new. If it is a thief's, all of this is gone.`),
  ];
}

export function deadlineSaid(seconds: bigint, context: Context): readonly Said[] {
  if (seconds - context.nowSeconds <= BigInt(LIMITS.farDeadlineSeconds)) return [];
  return [danger("It holds for more than 30 days: whoever has it can wait.", "far deadline")];
}

export interface Allowing {
  readonly token: Address;
  readonly spender: Address;
  readonly units: bigint;
  /** From here on there is no limit: 2^255, less where the contract keeps smaller numbers. */
  readonly unlimited?: bigint;
  readonly untilSeconds?: bigint;
  readonly facts?: readonly ActFact[];
  readonly said?: readonly Said[];
}

/** No token that is known has so many units; whoever asks for more asks for all, past a rule against that. */
const VAST = 1n << 128n;
const BEYOND = "It is more than there can be of any token: in effect there is no limit.";

/** Somebody may spend a token from now on: the same words wherever it is allowed. */
export function allowanceAct(depth: number, of: Allowing, at: At, context: Context): Act {
  const endless = of.units >= (of.unlimited ?? UNLIMITED);
  const amount = units(at, of.token, endless ? MOST_UNITS : of.units);
  if (amount.units === 0n) return noAllowanceAct(depth, of, at, context);
  const until = of.untilSeconds;
  return actOf(depth, {
    title: "Give an allowance",
    facts: [
      amountFact("Allowance", amount, endless ? "danger" : undefined),
      addressFact("Spender", of.spender, at, context),
      ...(until === undefined ? [] : [timeFact("Holds until", until)]),
      ...(of.facts ?? []),
    ],
    said: [
      ...(endless
        ? [
            danger(
              "There is no limit: the spender can take all that is there, now and later.",
              "unlimited approval",
            ),
          ]
        : []),
      ...(!endless && of.units >= VAST ? [danger(BEYOND, "unlimited approval")] : []),
      ...spenderSaid(of.spender, at, context),
      ...(until === undefined ? [] : deadlineSaid(until, context)),
      ...unlistedToken(of.token, at),
      ...(of.said ?? []),
      ...(endless
        ? []
        : [calm("The spender may take so much of this token from the account, without asking again.")]),
    ],
    takes: [amount],
    destinations: [{ to: of.spender, amount }],
    allowances: [{ spender: of.spender, amount, ...(until === undefined ? {} : { untilSeconds: until }) }],
  });
}

function noAllowanceAct(depth: number, of: Allowing, at: At, context: Context): Act {
  return actOf(depth, {
    title: "Take back an allowance",
    facts: [
      addressFact("Spender", of.spender, at, context),
      addressFact("Token", of.token, at, context),
      ...(of.facts ?? []),
    ],
    said: [
      ...(of.said ?? []),
      ...unlistedToken(of.token, at),
      calm("The spender may take nothing of it any more."),
    ],
  });
}
