// A call that Firn cannot read: everything of it is shown, and nothing is guessed but by name, as a guess.

import { keccak_256 } from "@noble/hashes/sha3.js";
import type { Act, ActFact } from "../../act.ts";
import { toHex } from "../../bytes.ts";
import type { Context } from "../context.ts";
import type { Site } from "./entry.ts";
import { selectorText } from "./lists.ts";
import {
  actOf,
  addressFact,
  alikeSaid,
  amountFact,
  coin,
  danger,
  fact,
  numberFact,
  wordsFact,
} from "./making.ts";

const WORD = 32;
const WORDS_SHOWN = 64;

/** Names that thieves give to calls which do nothing but keep the coin that is sent. */
const LURES: ReadonlySet<string> = new Set([
  "0x4e71d92d", // claim()
  "0x3158952e", // Claim()
  "0x5fba79f5", // SecurityUpdate()
  "0xaf347b61", // securityUpdate()
  "0x372500ab", // claimRewards()
  "0x12798972", // ClaimRewards()
  "0xb88a802f", // claimReward()
  "0x79372f9a", // ClaimReward()
  "0x5b88349d", // claimAirdrop()
  "0xa06adfa8", // networkMerge()
  "0x948cb719", // connect()
  "0xa16f15c3", // Connect()
]);

/** looks: what it would be, were the contract known. */
export function unknownAct(site: Site, context: Context, looks?: string): Act {
  const amount = coin(site, site.value);
  const act = actOf(site.depth, {
    title: "A call that Firn cannot read",
    facts: [
      addressFact("Contract", site.to, site, context),
      ...(site.value === 0n ? [] : [amountFact("Coin sent with it", amount, "danger")]),
      wordsFact("Selector", site.selector),
      ...guess(site),
      ...wordsOf(site.data),
    ],
    said: [
      danger(
        "Firn cannot tell what this does. It can take whatever this contract was ever allowed to take.",
        "unknown call",
      ),
      ...(looks === undefined
        ? []
        : [danger(`It looks like ${looks}, but Firn does not know this contract as one.`)]),
      ...(site.value === 0n
        ? []
        : [danger("The coin goes to the contract, and nothing says that anything comes back.")]),
      ...(LURES.has(site.selector)
        ? [danger("Thieves give their calls such names, to be sent coin for nothing.")]
        : []),
      ...alikeSaid(site.to, site, context),
    ],
    takes: [amount],
    destinations: [{ to: site.to, amount }],
  });
  return {
    ...act,
    calls: [{ chainId: site.chainId, contract: site.to, selector: site.selector, known: false }],
  };
}

function guess({ selector }: Site): readonly ActFact[] {
  const text = selectorText(selector);
  return text === undefined ? [] : [wordsFact("Only a guess", `looks like ${text}`)];
}

/** Word by word; of what is longer, the rest by its length and the hash of all of it. */
function wordsOf(data: Uint8Array): readonly ActFact[] {
  const rest = data.subarray(4);
  const facts: ActFact[] = [];
  for (let at = 0, word = 1; at < rest.length && word <= WORDS_SHOWN; at += WORD, word++)
    facts.push(fact(`Word ${word}`, { kind: "bytes", bytes: rest.subarray(at, at + WORD) }));
  const left = rest.length - WORDS_SHOWN * WORD;
  if (left <= 0) return facts;
  return [
    ...facts,
    numberFact("Bytes that are not shown", BigInt(left)),
    fact("Keccak-256 of all data", { kind: "bytes", bytes: keccak_256(data) }),
  ];
}

export function selectorOf(data: Uint8Array): string {
  return `0x${toHex(data.subarray(0, 4))}`;
}
