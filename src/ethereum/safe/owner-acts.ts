// An owner change in words, with what becomes of the Safe.

import type { Act, ActFact } from "../../act.ts";
import { coinOf } from "../../assets.ts";
import type { Address } from "../../eip55.ts";
import type { Tone } from "../../model.ts";
import type { Safe } from "../../safe.ts";
import { alikeSaid } from "../calls/making.ts";
import type { CallToRead, Context } from "../context.ts";
import { act, callOf, place, quorumText, safeAt, words } from "./acts.ts";
import { type Change, changed } from "./changes.ts";

const TITLES: Readonly<Record<Change["kind"], string>> = {
  add: "Add an owner to the Safe",
  remove: "Remove an owner of the Safe",
  swap: "Replace an owner of the Safe",
  threshold: "Change the threshold of the Safe",
};

/** `safe`: as it is before this call. after: as it is afterwards; as before where the contract would refuse the call. */
export function actsOfChange(
  change: Change,
  call: CallToRead,
  context: Context,
  safe = safeAt(context, call.chainId, call.from),
): { readonly acts: readonly Act[]; readonly after: Safe | undefined } {
  const after = safe && changed(safe, change);
  const told = outcome(change, safe, after, context);
  const alike = alikeSaid(comes(change) ?? call.from, call, context).map(({ text }) => text);
  const said = alike.length === 0 ? told : { tone: "danger" as const, says: [...alike, ...told.says] };
  const one = act({
    title: TITLES[change.kind],
    depth: call.depth,
    tone: said.tone,
    says: said.says,
    facts: [...factsOfChange(change, call, context), ...(isSafe(after) ? ownersFacts(after, context) : [])],
    oddities: ["safe change"],
    calls: [callOf(call, true)],
    ...alongside(call),
  });
  return { acts: [one], after: isSafe(after) ? after : safe };
}

function comes(change: Change): Address | undefined {
  return change.kind === "add" ? change.owner : change.kind === "swap" ? change.by : undefined;
}

function isSafe(after: Safe | string | undefined): after is Safe {
  return typeof after === "object";
}

function factsOfChange(change: Change, { chainId, from }: CallToRead, context: Context): readonly ActFact[] {
  const at = (label: string, address: Address) => place(context, chainId, label, address);
  const need = change.kind === "swap" ? [] : [words("Threshold from then on", String(change.threshold))];
  switch (change.kind) {
    case "add":
      return [at("Safe", from), at("Owner that comes", change.owner), ...need];
    case "remove":
      return [at("Safe", from), at("Owner that goes", change.owner), ...need];
    case "swap":
      return [at("Safe", from), at("Owner that goes", change.owner), at("Owner that comes", change.by)];
    case "threshold":
      return [at("Safe", from), ...need];
  }
}

interface Outcome {
  readonly tone: Tone;
  readonly says: readonly string[];
}

const RENEW = "When it is carried out, renew the Safe here: Ethereum, Safes.";
const BLIND = "This Safe is not registered here: Firn cannot tell who owns it afterwards.";
const ALONE = "One key alone can take everything.";

function outcome(
  change: Change,
  before: Safe | undefined,
  after: Safe | string | undefined,
  context: Context,
): Outcome {
  const lone = change.kind !== "swap" && change.threshold === 1n;
  if (!before || after === undefined) return { tone: "danger", says: [BLIND, ...(lone ? [ALONE] : [])] };
  if (!isSafe(after)) {
    const why = `The Safe as it is registered here would refuse this: ${after}. Compare its owners first.`;
    return { tone: "danger", says: [why, ...(lone ? [ALONE] : [])] };
  }
  const was = quorumText(before.threshold, before.owners.length);
  const becomes = quorumText(after.threshold, after.owners.length);
  const alone = after.threshold === 1;
  const leave = before.owners.includes(context.account) && !after.owners.includes(context.account);
  const same = was === becomes ? `It stays ${was}, with other owners.` : `${was} becomes ${becomes}.`;
  const says = [
    alone ? `${same.slice(0, -1)}: one key alone can take everything.` : same,
    ...(leave ? ["Your account is no owner afterwards."] : []),
    RENEW,
  ];
  const weaker = alone || after.threshold < before.threshold || leave;
  return { tone: weaker ? "danger" : "caution", says };
}

export function ownersFacts(safe: Safe, context: Context): readonly ActFact[] {
  const { owners, chainId, threshold } = safe;
  return [
    words("Afterwards", quorumText(threshold, owners.length)),
    ...owners.map((owner, i) => place(context, chainId, `Owner ${i + 1} afterwards`, owner)),
  ];
}

/** Coin that is sent along. */
export function alongside({ chainId, to, value }: CallToRead): Pick<Act, "takes" | "destinations"> {
  if (value === 0n) return { takes: [], destinations: [] };
  const amount = { asset: coinOf(chainId), units: value };
  return { takes: [amount], destinations: [{ to: to!, amount }] };
}
