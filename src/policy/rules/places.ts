// Where money may go: anywhere, or only to listed destinations.

import type { Destination, Entry, Policy } from "../../rules.ts";
import { inShort, shown } from "../../text.ts";
import { broken, fine, type Question } from "../rule.ts";

export const destinations: Question<"destinations"> = ({ to, above }, { policy, spend }) => {
  if (to === "any") return fine("Any destination is allowed.");
  const takes = above && spend.takes.find(({ asset }) => asset === above.asset);
  if (above && !(takes && takes.units > above.units))
    return fine(`Any destination is allowed up to ${inShort(above)}.`);
  const isListed = listedIn(policy, to);
  const [first, ...more] = spend.destinations.filter((one) => !isListed(one));
  if (first === undefined) return fine(`Every destination is on ${to.join(", ")}.`);
  const others = more.length === 0 ? "" : `, nor are ${more.length} more`;
  return broken("policy.destination", `${shown(first.to)} is not on ${to.join(", ")}${others}.`);
};

/** Whether a destination is on one of these lists. */
export function listedIn({ lists }: Policy, names: readonly string[]): (destination: Destination) => boolean {
  const entries = lists.flatMap((list) => (names.includes(list.name) ? list.entries : []));
  const of = <K extends Entry["kind"], T>(kind: K, take: (entry: Extract<Entry, { kind: K }>) => T) =>
    new Set(entries.flatMap((one) => (one.kind === kind ? [take(one as Extract<Entry, { kind: K }>)] : [])));
  const addresses = of("address", (entry) => entry.to);
  const wallets = of("wallet", (entry) => entry.fingerprint);
  const parties = of("party", (entry) => entry.name);
  return ({ to, wallet, parties: derived }) =>
    addresses.has(to) ||
    (wallet !== undefined && wallets.has(wallet)) ||
    (derived?.some((name) => parties.has(name)) ?? false);
}
