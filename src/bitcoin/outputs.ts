// The outputs: whose each one is, by deriving its script and by nothing else.

import { toHex } from "../bytes.ts";
import { LIMITS, MAX_MONEY_SATS } from "../limits.ts";
import type { Network, Owner, ReviewOutput } from "../model.ts";
import { refuse } from "../refusal.ts";
import type { Work } from "../request.ts";
import { addressOf } from "./address.ts";
import { checkClaims, OUTPUT_CLAIMS } from "./claims.ts";
import type { Coin } from "./coins.ts";
import type { Found } from "./derive.ts";
import { type Atom, isMet } from "./miniscript/index.ts";
import { type Groups, groupsAt } from "./musig/places.ts";
import { checkParticipants } from "./musig/standing.ts";
import type { Ownership } from "./ownership.ts";
import { namesOf, type Party } from "./parties.ts";
import { OUTPUT } from "./psbt/fields.ts";
import type { Psbt } from "./psbt/psbt.ts";
import { type Rows, rowOf } from "./psbt/rows.ts";
import { lookFor } from "./replaced.ts";
import type { Spending } from "./spending/spending.ts";
import { scaled } from "./steps.ts";
import type { TxOutput } from "./transaction.ts";
import type { Template, Wallet } from "./wallet.ts";

export interface Outputs {
  readonly shown: readonly ReviewOutput[];
  /** By output: the wallet that makes it. */
  readonly wallets: readonly (Wallet | undefined)[];
  /** By output: how much of it leaves our hands; 0n where all of it stays. */
  readonly leaving: readonly bigint[];
  /** Of all outputs together, what stays. */
  readonly staysSats: bigint;
  /** Something of ours lies past LIMITS.addressIndex: it counts as foreign, since it might never be found again. */
  readonly farIndex: boolean;
}

/** What each wallet that is spent from brings in: only its change branch makes change. */
export type Spenders = ReadonlyMap<Template, bigint>;

export function broughtBy({ inputs }: Spending, coins: readonly Coin[]): Spenders {
  const sums = new Map<Template, bigint>();
  for (const [i, own] of inputs.entries())
    if (own) sums.set(own.template, (sums.get(own.template) ?? 0n) + coins[i]!.amountSats);
  return sums;
}

/** Whatever leaves is looked for at the parties that policy lists name. */
export function* withParties(outputs: Outputs, parties: readonly Party[]): Work<Outputs> {
  if (parties.length === 0) return outputs;
  const leaves = ({ owner, shared }: ReviewOutput) => owner === "foreign" || shared;
  const scripts = outputs.shown.filter(leaves).map(({ scriptHex }) => scriptHex);
  const names = yield* namesOf(scripts, parties);
  const named = (output: ReviewOutput): ReviewOutput => {
    const its = leaves(output) ? names.get(output.scriptHex) : undefined;
    return its ? { ...output, parties: its } : output;
  };
  return { ...outputs, shown: outputs.shown.map(named) };
}

/** What outputs are read with. */
export interface OutputReading {
  readonly owners: Ownership;
  readonly spenders: Spenders;
  readonly network: Network;
  readonly groupsOf: Groups;
  /** Wallets whose receive addresses are known without a hint. */
  readonly sought: readonly Template[];
}

export function* readOutputs(psbt: Psbt, reading: OutputReading): Work<Outputs> {
  const { outputs } = psbt.tx;
  const { spenders, network } = reading;
  const found = yield* scaled(ownersOf(psbt, reading), 0, 0.5);
  const comesTo = received(outputs, found);
  const excess = new Map(
    [...comesTo].map(([template, sats]) => [
      template,
      excessOf(template, sats, spenders.get(template) ?? 0n),
    ]),
  );
  const shown: ReviewOutput[] = [];
  for (const [i, output] of outputs.entries()) {
    shown.push(reviewOf(output, found[i], spenders, excess, network));
    yield 0.5 + (0.5 * i) / outputs.length;
  }
  return {
    shown,
    wallets: found.map((owner) => owner?.template.wallet),
    leaving: shown.map(({ owner, shared, amountSats }, i) =>
      owner === "foreign" ? amountSats : shared ? least(amountSats, excess.get(found[i]!.template)!) : 0n,
    ),
    staysSats: [...comesTo].reduce((sum, [template, sats]) => sum + sats - excess.get(template)!, 0n),
    farIndex: found.some((owner) => owner && isFar(owner)),
  };
}

function* ownersOf(
  { tx: { outputs }, outputs: maps }: Psbt,
  { owners, groupsOf, sought }: OutputReading,
): Work<readonly (Found | undefined)[]> {
  const marked: (Found | undefined)[] = [];
  for (const [i, { amountSats, script }] of outputs.entries()) {
    if (amountSats > MAX_MONEY_SATS)
      refuse("bitcoin.amounts", `output ${i + 1}: ${amountSats} sats is more than there is`);
    const owner = owners.find(script, maps[i]!, OUTPUT);
    if (owner) checkOwn(maps[i]!, owner, groupsOf, `output ${i + 1}`);
    marked.push(owner);
    yield (0.5 * i) / outputs.length;
  }
  if (sought.length === 0) return marked;
  const others = outputs.filter((_, i) => !marked[i]).map(({ script }) => script);
  const unmarked = yield* scaled(lookFor(others, sought), 0.5, 1);
  return outputs.map(({ script }, i) => {
    const owner = marked[i] ?? unmarked.get(toHex(script));
    if (owner && !marked[i]) checkOwn(maps[i]!, owner, groupsOf, `output ${i + 1}`);
    return owner;
  });
}

function checkOwn(rows: Rows, { template, derived }: Found, groupsOf: Groups, where: string): void {
  checkClaims(rows, derived, OUTPUT_CLAIMS, where);
  const { musigParticipants } = OUTPUT;
  if (!rowOf(rows, musigParticipants)) return;
  checkParticipants(rows, musigParticipants, groupsAt(template.wallet, derived, groupsOf), where);
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

/** By wallet, what comes to it within reach. */
function received(
  outputs: readonly TxOutput[],
  found: readonly (Found | undefined)[],
): Map<Template, bigint> {
  const sums = new Map<Template, bigint>();
  for (const [i, owner] of found.entries())
    if (owner && !isFar(owner))
      sums.set(owner.template, (sums.get(owner.template) ?? 0n) + outputs[i]!.amountSats);
  return sums;
}

/**
 * What comes to a wallet beyond what it brought in itself, where others decide about it too: money of another wallet
 * of ours, or of somebody else, that is not in our hands alone then. It counts as leaving, change or not.
 */
function excessOf({ wallet }: Template, sats: bigint, brought: bigint): bigint {
  return othersDecide(wallet) && sats > brought ? sats - brought : 0n;
}

function isFar({ derived }: Found): boolean {
  return derived.index > LIMITS.addressIndex;
}

function ownerOf(found: Found, spenders: Spenders): Owner {
  if (isFar(found)) return "foreign";
  const { template, derived } = found;
  return spenders.has(template) && derived.branch === template.wallet.change ? "change" : "own";
}

/**
 * Whether keys of others are enough to spend, now or after a wait, or needed: what comes in there is no longer in our
 * hands alone. Where no key at all is ours nothing is held here, and nobody is asked. Of secrets the worst is taken:
 * that others know them, and we do not.
 */
function othersDecide({ keys, ways }: Wallet): boolean {
  const can = (ours: boolean) => {
    const holds = (atom: Atom): boolean => {
      if (atom.kind === "key") return !keys[atom.key]!.nobodys && keys[atom.key]!.ours === ours;
      return atom.kind === "older" || atom.kind === "after" || !ours;
    };
    return ways.some(({ condition }) => isMet(condition, holds));
  };
  return keys.some((key) => key.ours) && (!can(true) || can(false));
}

function isShared({ template }: Found, spenders: Spenders, excess: Spenders): boolean {
  const more = excess.get(template) ?? 0n;
  return more > 0n || (!spenders.has(template) && othersDecide(template.wallet));
}

function reviewOf(
  output: TxOutput,
  found: Found | undefined,
  spenders: Spenders,
  excess: Spenders,
  network: Network,
): ReviewOutput {
  const address = addressOf(output.script, network);
  const owner = found ? ownerOf(found, spenders) : "foreign";
  const shared = found && owner !== "foreign" && isShared(found, spenders, excess);
  return {
    amountSats: output.amountSats,
    ...(address === undefined ? {} : { address }),
    scriptHex: toHex(output.script),
    owner,
    ...(found ? placeOf(found) : {}),
    ...(shared ? { shared: true as const } : {}),
  };
}

/** The wallet's name, and where in it: "1/5". */
export function placeOf({ template, derived }: Found): { wallet: string; path: string } {
  return { wallet: template.wallet.name, path: `${derived.branch}/${derived.index}` };
}
