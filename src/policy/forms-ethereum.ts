// How limits of Ethereum are written: see forms.ts.

import { chainName, readChainName } from "../assets.ts";
import { amountProblem, type Form, type Of } from "./form.ts";
import { readAmount, writeAmount } from "./units.ts";

type Kind = "chains" | "calls" | "blind" | "spenders" | "allowance" | "typed" | "delegates" | "sites";

export const ETHEREUM_FORMS: { readonly [K in Kind]: Form<K> } = {
  chains: {
    example: "On Ethereum, Base only",
    pattern: /^On (any listed chain|.+ only)$/,
    read: ([what = ""]) => {
      if (what === "any listed chain") return { kind: "chains", only: "any" };
      const only = namesIn(what).map(readChainName);
      return only.every((id) => id !== undefined)
        ? { kind: "chains", only }
        : 'a chain is named as in Firn\'s list, like "Ethereum"; one that is not listed by its number, like "chain 1234"';
    },
    write: ({ only }) => `On ${only === "any" ? "any listed chain" : `${list(only.map(chainName))} only`}`,
  },
  calls: {
    example: "Calls to routers, tokens only",
    pattern: /^Calls to (any contract|.+ only)$/,
    read: ([what = ""]) => ({ kind: "calls", to: what === "any contract" ? "any" : namesIn(what) }),
    write: ({ to }) => `Calls to ${to === "any" ? "any contract" : `${list(to)} only`}`,
  },
  blind: {
    example: "Unknown calls to blind only",
    pattern: /^Unknown calls to (.+ only)$/,
    read: ([what = ""]) => ({ kind: "blind", to: namesIn(what) }),
    write: ({ to }) => `Unknown calls to ${list(to)} only`,
  },
  spenders: {
    example: "Spenders routers only",
    pattern: /^Spenders (any|.+ only)$/,
    read: ([what = ""]) => ({ kind: "spenders", to: what === "any" ? "any" : namesIn(what) }),
    write: ({ to }) => `Spenders ${to === "any" ? "any" : `${list(to)} only`}`,
  },
  allowance: {
    example: "Allowance at most 500 USDC on Ethereum",
    pattern: /^Allowance at most (.+)$/,
    read: ([text = ""]) => {
      const most = readAmount(text);
      return most ? { kind: "allowance", most } : amountProblem(text);
    },
    write: ({ most }) => `Allowance at most ${writeAmount(most)}`,
  },
  typed: {
    example: "Typed data for permits, apps only",
    pattern: /^Typed data for (any contract|.+ only)$/,
    read: ([what = ""]) => ({ kind: "typed", to: what === "any contract" ? "any" : namesIn(what) }),
    write: ({ to }) => `Typed data for ${to === "any" ? "any contract" : `${list(to)} only`}`,
  },
  delegates: {
    example: "Delegation to modules only",
    pattern: /^Delegation to (.+ only)$/,
    read: ([what = ""]) => ({ kind: "delegates", to: namesIn(what) }),
    write: ({ to }) => `Delegation to ${list(to)} only`,
  },
  sites: {
    example: "Sign-in to example.com only",
    pattern: /^Sign-in to (any site|.+ only)$/,
    read: ([what = ""]) => ({ kind: "sites", only: what === "any site" ? "any" : namesIn(what) }),
    write: ({ only }) => `Sign-in to ${only === "any" ? "any site" : `${list(only)} only`}`,
  },
} satisfies { readonly [K in Kind]: Form<K> };

/** "routers, tokens only" */
function namesIn(what: string): readonly string[] {
  return what.replace(/ only$/, "").split(", ");
}

function list(names: readonly string[]): string {
  return names.join(", ");
}

export type EthereumLimit = Of<Kind>;
