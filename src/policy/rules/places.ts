// Where money may go, and from where: listed destinations, new ones, and the wallets that sign at all.

import { inShort } from "../../assets.ts";
import { shown } from "../../text.ts";
import { amountsOf, fits, inAsset, takenAtOnce } from "../assets.ts";
import { allOf, beside, broken, fine, firstOf, isMessage, type Question } from "../rule.ts";

export const destinations: Question<"destinations"> = ({ to, above }, { isListed, spend }) => {
  if (isMessage(spend)) return undefined;
  if (to === "any") return fine("Any destination is allowed.");
  if (above) {
    const takes = amountsOf(takenAtOnce(spend), above.asset);
    if (takes.every((one) => fits(one, inAsset(above, one.asset))))
      return fine(`Any destination is allowed up to ${inShort(above)}.`);
  }
  const isOn = isListed(to);
  const others = spend.destinations.filter((one) => !isOn(one));
  if (others.length === 0) return fine(`Every destination is on ${to.join(", ")}.`);
  return broken("policy.destination", `Not on ${to.join(", ")}: ${firstOf(others)}.`);
};

export const newDestination: Question<"new-destination"> = ({ most }, { fresh, ledger, spend }) => {
  const found = fresh();
  if (found.length === 0) return fine("Every destination is known.");
  // All of them have waited when the last one has.
  const asked = found.map(({ to }) => ledger.known(to).askedAt ?? Number.NaN);
  const latest = asked.reduce((one, at) => Math.max(one, at), Number.NEGATIVE_INFINITY);
  const askedAt = Number.isFinite(latest) ? latest : undefined;
  const goes = amountsOf(
    found.map(({ amount }) => amount),
    most.asset,
  );
  const none = spend.ethereum ? [] : [{ asset: most.asset, units: 0n }];
  const findings = (goes.length === 0 ? none : goes).map((one) => {
    const sentence = `${beside(one, most)} of at most ${inShort(most)} to a new destination: ${firstOf(found)}.`;
    if (fits(one, inAsset(most, one.asset))) return fine(sentence);
    return { ...broken("policy.new-destination", sentence), askedAt };
  });
  return allOf(findings);
};

export const wallets: Question<"wallets"> = ({ only }, { spend }) => {
  const may = new Set(only.map(({ fingerprint }) => fingerprint));
  const others = spend.wallets.filter(({ fingerprint }) => !may.has(fingerprint));
  if (spend.wallets.length > 0 && others.length === 0) return fine("Every wallet it spends from may sign.");
  const names = others.map(({ name }) => shown(name)).join(", ");
  return broken("policy.wallet", names === "" ? "It names no wallet." : `May not sign: ${names}.`);
};
