// A call, told as acts: what it does, what it takes, whom it lets do what. Whatever is not exactly what its selector
// promises stays a call that Firn cannot read.

import type { Act } from "../../act.ts";
import { LIMITS } from "../../limits.ts";
import { refuse } from "../../refusal.ts";
import { decodeAbi, readSignature } from "../abi.ts";
import type { CallToRead, Context } from "../context.ts";
import { safeCalls } from "../safe/calls.ts";
import { actsOfDelegateCall } from "../safe/delegate.ts";
import { Args, type Doubt, type Entry, type Site } from "./entry.ts";
import { addressFact, alikeSaid, amountFact, bytesFacts, coin, wordsFact, worst } from "./making.ts";
import { sendCoin } from "./plain.ts";
import { ENTRIES } from "./table.ts";
import { selectorOf, unknownAct } from "./unknown.ts";

export { looksLike } from "./look-alike.ts";

export function actsOfCall(call: CallToRead, context: Context): readonly Act[] {
  if (call.depth >= LIMITS.ethereumDepth)
    return refuse("ethereum.too-deep", `data: calls inside calls, more than ${LIMITS.ethereumDepth} deep`);
  const acts = read(call, context);
  if (acts.length > LIMITS.acts)
    return refuse("ethereum.too-many-acts", `data: more than ${LIMITS.acts} things that it does`);
  return acts;
}

function read(call: CallToRead, context: Context): readonly Act[] {
  const { to } = call;
  if (to === undefined) throw new Error("what creates a contract is no call");
  // What its selector is called says nothing of what the code does.
  if (call.delegate) return actsOfDelegateCall(call, context);
  if (call.data.length === 0) return [sendCoin(call, to, context)];
  const site: Site = { ...call, to, selector: selectorOf(call.data) };
  const safe = safeCalls.get(site.selector)?.(call, context);
  return safe ?? readEntry(ENTRIES.get(site.selector), site, context);
}

function readEntry(entry: Entry | undefined, site: Site, context: Context): readonly Act[] {
  const signature = entry && readSignature(entry.signature);
  const decoded = signature && decodeAbi(signature.fields, site.data.subarray(4));
  if (!entry || !decoded) return [unknownAct(site, context)];
  const found = entry.read(new Args(signature.fields, decoded.values), site, context);
  if (found === undefined) return [unknownAct(site, context)];
  if (isDoubt(found)) return [unknownAct(site, context, found.looks), ...found.inside];
  const name = signature.name;
  return found.map((act, i) =>
    act.depth === site.depth ? called(act, i === 0, { entry, name, site, context, rest: decoded.rest }) : act,
  );
}

function isDoubt(found: readonly Act[] | Doubt): found is Doubt {
  return "looks" in found;
}

interface Made {
  readonly entry: Entry;
  readonly name: string;
  readonly site: Site;
  readonly context: Context;
  readonly rest: Uint8Array;
}

/** What every act of a call says: which contract is called, and how; of its first act also what is odd about the call. */
function called(act: Act, first: boolean, { entry, name, site, context, rest }: Made): Act {
  const { chainId, to, selector } = site;
  const alike = alikeSaid(to, site, context);
  const sent = first && !entry.payable && site.value > 0n ? coin(site, site.value) : undefined;
  const more = first && rest.length > 0;
  return {
    ...act,
    tone: worst([act.tone, ...alike.map(({ tone }) => tone), sent || more ? "danger" : "calm"]),
    says: [
      ...alike.map(({ text }) => text),
      ...(sent ? ["Coin is sent with it, which this call has no use for: it may be lost."] : []),
      ...(more
        ? [`${rest.length} more bytes stand behind the call. Nothing that Firn knows reads them.`]
        : []),
      ...act.says,
    ],
    facts: [
      ...act.facts,
      ...(sent ? [amountFact("Coin sent with it", sent, "danger")] : []),
      addressFact("Contract", to, site, context),
      wordsFact("Function", name),
      ...(more ? bytesFacts("Bytes behind the call", rest, "danger") : []),
    ],
    takes: sent ? [...act.takes, sent] : act.takes,
    destinations: sent ? [...act.destinations, { to, amount: sent }] : act.destinations,
    calls: first ? [{ chainId, contract: to, selector, known: true }] : [],
  };
}
