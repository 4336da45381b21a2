// What requests of Ethereum may do beside taking amounts: on which chains, with which contracts, for whom.

import type { Call } from "../../act.ts";
import { chainName, inShort, inSymbol } from "../../assets.ts";
import { CHAINS } from "../../ethereum/known/chains.ts";
import type { EthereumSpend } from "../../rules.ts";
import { shown } from "../../text.ts";
import { fits, inAsset, speaksOf } from "../assets.ts";
import { isUnder, writePath } from "../paths.ts";
import { allOf, broken, fine, type Question } from "../rule.ts";

/** What is called with data, or runs as the account itself: whatever it may do. */
export function callsIn({ calls }: EthereumSpend): readonly Call[] {
  return calls.filter(({ selector, delegate }) => selector !== "0x" || delegate);
}

/** Those that nobody here can read. */
export function unknownIn({ calls }: EthereumSpend): readonly Call[] {
  return calls.filter(({ known }) => !known);
}

/** What is allowed from now on; one of nothing takes an allowance back. */
export function allowancesIn({ allowances }: EthereumSpend): EthereumSpend["allowances"] {
  return allowances.filter(({ amount }) => amount.units !== 0n);
}

export const chains: Question<"chains"> = ({ only }, { spend: { ethereum } }) => {
  if (ethereum === undefined) return undefined;
  const { chainId, form } = ethereum;
  if (chainId === undefined) {
    if (form === "message" || form === "sign-in") return undefined;
    // It holds wherever somebody brings it.
    return only === "any"
      ? fine("It names no chain; any listed one is allowed.")
      : broken("policy.chain", "It names no chain, so it holds on every one.");
  }
  const name = chainName(chainId);
  if (only === "any")
    return CHAINS.some(({ id }) => BigInt(id) === chainId)
      ? fine(`On ${name}: a listed chain.`)
      : broken("policy.chain", `On ${name}, which is not listed.`);
  if (only.includes(chainId)) return fine(`On ${name}, which is allowed.`);
  return broken("policy.chain", `On ${name}; allowed are ${only.map(chainName).join(", ")}.`);
};

export const calls: Question<"calls"> = ({ to }, { spend: { ethereum }, isContract }) => {
  const made = ethereum ? callsIn(ethereum) : [];
  if (made.length === 0) return undefined;
  if (to === "any") return fine("Calls to any contract are allowed.");
  const others = made.filter((call) => !isContract(to)(reached(call)));
  if (others.length === 0) return fine(`Every call is on ${to.join(", ")}.`);
  return broken("policy.contract", `Not on ${to.join(", ")}: ${callWords(others)}.`);
};

export const blind: Question<"blind"> = ({ to }, { spend: { ethereum }, isContract }) => {
  if (ethereum === undefined) return undefined;
  const unknown = unknownIn(ethereum);
  if (unknown.length === 0)
    return ethereum.oddities.includes("unknown call")
      ? broken("policy.blind", "Firn cannot tell what it does, nor which contract it calls.")
      : undefined;
  const others = unknown.filter((call) => !isContract(to)(reached(call)));
  if (others.length === 0)
    return fine(`Firn cannot tell what it does; the policy allows that on ${to.join(", ")}.`);
  return broken(
    "policy.blind",
    `Firn cannot tell what it does, and not on ${to.join(", ")} is ${callWords(others)}.`,
  );
};

function reached({ chainId, contract, selector }: Call) {
  return { chainId, address: contract, selector };
}

function callWords(found: readonly Call[]): string {
  return andMore(found.map(({ contract, selector }) => `${shown(contract)} ${shown(selector)}`));
}

function andMore(words: readonly string[]): string {
  const [first = "", ...more] = words;
  return more.length === 0 ? first : `${first} and ${more.length} more`;
}

export const spenders: Question<"spenders"> = ({ to }, { spend: { ethereum }, isListed }) => {
  const allowances = ethereum ? allowancesIn(ethereum) : [];
  if (allowances.length === 0) return undefined;
  if (to === "any") return fine("Any spender is allowed.");
  const others = allowances.filter(({ spender }) => !isListed(to)({ to: spender }));
  if (others.length === 0) return fine(`Every spender is on ${to.join(", ")}.`);
  const words = others.map(({ spender }) => shown(spender));
  return broken("policy.spender", `May not spend, not on ${to.join(", ")}: ${andMore(words)}.`);
};

export const allowance: Question<"allowance"> = ({ most }, { spend: { ethereum } }) => {
  const found = (ethereum ? allowancesIn(ethereum) : []).filter(({ amount }) =>
    speaksOf(most.asset, amount.asset),
  );
  return allOf(
    found.map(({ amount }) => {
      const sentence = `Allows ${inSymbol(amount)}, of at most ${inShort(most)}.`;
      return fits(amount, inAsset(most, amount.asset))
        ? fine(sentence)
        : broken("policy.allowance", sentence);
    }),
  );
};

export const typed: Question<"typed"> = ({ to }, { spend: { ethereum }, isContract }) => {
  if (ethereum?.form !== "typed") return undefined;
  const { chainId, domain } = ethereum;
  if (to === "any") return fine("Typed data for any contract is allowed.");
  const contract = domain?.contract;
  if (contract === undefined)
    return broken("policy.typed-data", `It names no contract; only those on ${to.join(", ")} are allowed.`);
  return isContract(to)({ chainId, address: contract })
    ? fine(`Typed data for a contract on ${to.join(", ")}.`)
    : broken("policy.typed-data", `Not on ${to.join(", ")}: ${shown(contract)}.`);
};

export const delegates: Question<"delegates"> = ({ to }, { spend: { ethereum }, isContract }) => {
  if (ethereum === undefined) return undefined;
  const { chainId, delegates: all, oddities } = ethereum;
  if (all.length === 0)
    return oddities.includes("account delegation")
      ? broken("policy.delegation", "The account would be handed over, and it cannot be told to whom.")
      : undefined;
  const others = all.filter((address) => !isContract(to)({ chainId, address }));
  if (others.length === 0) return fine(`The account is handed over to what is on ${to.join(", ")}.`);
  return broken("policy.delegation", `Not on ${to.join(", ")}: ${andMore(others.map((one) => shown(one)))}.`);
};

export const sites: Question<"sites"> = ({ only }, { spend: { ethereum } }) => {
  if (ethereum?.form !== "sign-in") return undefined;
  const { site } = ethereum;
  if (only === "any") return fine("Signing in to any site is allowed.");
  const words = shown(site ?? "no site");
  return site !== undefined && only.includes(site)
    ? fine(`Signing in to ${words} is allowed.`)
    : broken("policy.site", `Signing in to ${words}; allowed are ${only.join(", ")}.`);
};

/** Messages of Bitcoin are judged by messages.ts; a sign-in by its site. */
export const messages: Question<"messages"> = ({ under }, { spend: { ethereum } }) => {
  if (ethereum?.form !== "message") return undefined;
  const at = writePath(ethereum.path);
  const allowed = under.join(", ");
  return under.some((path) => isUnder(at, path))
    ? fine(`Signs at ${at}: under ${allowed}.`)
    : broken("policy.message-path", `Signs at ${at}; messages are allowed under ${allowed}.`);
};
