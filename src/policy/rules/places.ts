// Where money may go, and from where: listed destinations, new ones, and the wallets that sign at all.

import { inShort } from "../../assets.ts";
import { shown } from "../../text.ts";
import { bare, broken, fine, firstOf, type Question } from "../rule.ts";

export const destinations: Question<"destinations"> = ({ to, above }, { isListed, spend }) => {
  if (to === "any") return fine("Any destination is allowed.");
  if (above) {
    const takes = spend.takes.filter(({ asset }) => asset === above.asset);
    if (takes.reduce((sum, { units }) => sum + units, 0n) <= above.units)
      return fine(`Any destination is allowed up to ${inShort(above)}.`);
  }
  const isOn = isListed(to);
  const others = spend.destinations.filter((one) => !isOn(one));
  if (others.length === 0) return fine(`Every destination is on ${to.join(", ")}.`);
  return broken("policy.destination", `Not on ${to.join(", ")}: ${firstOf(others)}.`);
};

export const newDestination: Question<"new-destination"> = ({ most }, { fresh, ledger }) => {
  const found = fresh();
  if (found.length === 0) return fine("Every destination is known.");
  const amounts = found.filter(({ amount }) => amount.asset === most.asset);
  const units = amounts.reduce((sum, { amount }) => sum + amount.units, 0n);
  const sentence = `${bare({ ...most, units })} of at most ${inShort(most)} to a new destination: ${firstOf(found)}.`;
  if (units <= most.units) return fine(sentence);
  // All of them have waited when the last one has.
  const asked = found.map(({ to }) => ledger.known(to).askedAt ?? Number.NaN);
  const askedAt = asked.reduce((latest, at) => Math.max(latest, at), Number.NEGATIVE_INFINITY);
  return {
    ...broken("policy.new-destination", sentence),
    askedAt: Number.isFinite(askedAt) ? askedAt : undefined,
  };
};

export const wallets: Question<"wallets"> = ({ only }, { spend }) => {
  const may = new Set(only.map(({ fingerprint }) => fingerprint));
  const others = spend.wallets.filter(({ fingerprint }) => !may.has(fingerprint));
  if (spend.wallets.length > 0 && others.length === 0) return fine("Every wallet it spends from may sign.");
  const names = others.map(({ name }) => shown(name)).join(", ");
  return broken("policy.wallet", names === "" ? "It names no wallet." : `May not sign: ${names}.`);
};
