// What follows an extended key in a descriptor: BIP 380 and 389.

import { HARDENED } from "../../limits.ts";
import { refuse } from "../../refusal.ts";
import type { Steps } from "../expression.ts";

const NUMBER = /^(0|[1-9][0-9]{0,9})$/;

function childNumber(text: string, where: string): number {
  if (/^[0-9]+[hH']$/.test(text)) refuse("bitcoin.wallet-hardened", where);
  const number = Number(text);
  if (!NUMBER.test(text) || number >= HARDENED) refuse("bitcoin.wallet-branches", where);
  return number;
}

/** BIP 389: at least two members, none twice. */
function tuple(text: string, where: string): readonly number[] {
  const members = text
    .slice(1, -1)
    .split(";")
    .map((member) => childNumber(member, where));
  if (members.length < 2 || new Set(members).size < members.length)
    refuse("bitcoin.wallet-branches", `${where}: branches ${members.join(" and ")}`);
  return members;
}

/**
 * Any steps of BIP 380: "" or "/0/<0;1>/*". Each child number is below 2^31 and not hardened (nobody derives those
 * from a public key), one tuple at most, a wildcard last or nowhere. Refusals bitcoin.wallet-hardened,
 * bitcoin.wallet-wildcard, bitcoin.wallet-branches.
 */
export function readSteps(text: string, where: string): Steps {
  if (text === "") return [];
  if (text === "/**") return [[0, 1], "*"];
  if (!text.startsWith("/")) return refuse("bitcoin.wallet-branches", where);
  const parts = text.slice(1).split("/");
  const steps = parts.map((part, place) => {
    if (/^\*[hH']$/.test(part)) return refuse("bitcoin.wallet-hardened", where);
    if (part === "*") return place === parts.length - 1 ? part : refuse("bitcoin.wallet-wildcard", where);
    return /^<.*>$/s.test(part) ? tuple(part, where) : childNumber(part, where);
  });
  if (steps.filter((step) => typeof step === "object").length > 1)
    refuse("bitcoin.wallet-branches", `${where}: two tuples`);
  return steps;
}

/**
 * The receive and change branches of a wallet's key.
 * - `/<a;b>/*` (BIP 389): receive a, change b.
 * - nothing (crypto-output, Coldcard): `/<0;1>/*`.
 * - `/0/*`: the receive half of a pair, as Specter, Core and Electrum write it. Every one of them keeps
 *   change at `/1/*` of the same keys, so it is read as `/<0;1>/*`. That is the safe reading: change at
 *   branch 1 needs the very same keys and quorum, and the canonical descriptor, which is shown, says so.
 * Anything else is refused: the change half alone, other single branches, deeper or hardened steps.
 */
export function pairOf(text: string, where: string): Steps {
  if (text === "" || text === "/0/*") return [[0, 1], "*"];
  if (/[hH']/.test(text)) refuse("bitcoin.wallet-hardened", where);
  if (text !== "/**" && (!text.endsWith("/*") || text.split("*").length !== 2))
    refuse("bitcoin.wallet-wildcard", where);
  const steps = readSteps(text, where);
  const [branches] = steps;
  if (steps.length !== 2 || typeof branches !== "object" || branches.length !== 2)
    return refuse("bitcoin.wallet-branches", where);
  return steps;
}

/** "/<0;1>/*" */
export function writeSteps(steps: Steps): string {
  return steps.map((step) => (typeof step === "object" ? `/<${step.join(";")}>` : `/${step}`)).join("");
}
