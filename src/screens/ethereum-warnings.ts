// What is said before everything else of a request on Ethereum: what it can do to the money, a page each.

import { type EthereumReview, ODDITIES, type Oddity } from "../act.ts";
import { chainName } from "../assets.ts";
import type { Tone } from "../model.ts";
import type { Sheet } from "./pages.ts";

const WORDS: Record<Oddity, { readonly title: string; readonly tone: Tone; readonly text: string }> = {
  "unknown call": {
    title: "Firn cannot tell what this does",
    tone: "danger",
    text: "A contract is called in a way that is on no list of Firn's. It may take every token that this contract may move for you, and any coin that is sent along.",
  },
  "unknown typed data": {
    title: "Firn cannot tell what this allows",
    tone: "danger",
    text: "You see every field, long data by its ends, length and hash, and Firn does not know what a contract does with them. A signature alone can give away tokens, without any transaction of yours.",
  },
  "contract creation": {
    title: "A contract is made",
    tone: "caution",
    text: "This pays nobody: it puts new code on the chain. What is sent along stays in that contract, and only its code says who can have it out.",
  },
  "unlimited approval": {
    title: "An allowance without a limit",
    tone: "danger",
    text: "The spender can take all that you have of this token, now and whatever comes later, until you take the allowance back.",
  },
  "approval of all": {
    title: "All of a collection is handed over",
    tone: "danger",
    text: "The operator can take every item that you have in this collection, and every one that you get later, until you take it back.",
  },
  "far deadline": {
    title: "It holds for very long",
    tone: "danger",
    text: "Whoever has this signature can use it for more than 30 days, or for ever. You cannot see when, and you cannot call it back by waiting.",
  },
  "unlisted token": {
    title: "A token that is on no list",
    tone: "caution",
    text: "Its amounts are shown in its smallest units, and by its contract's address: what it calls itself, and how many decimals it has, anyone can make up.",
  },
  "delegate call": {
    title: "Foreign code runs as the account",
    tone: "danger",
    text: "The code of another contract runs as if it were the account itself. It can take everything, and change who owns the account.",
  },
  "safe change": {
    title: "Who controls the Safe changes",
    tone: "danger",
    text: "Owners, threshold, modules, guard or handler of a Safe change. Whoever is put in can take part in, or alone decide on, all that it holds.",
  },
  "control change": {
    title: "Who controls a contract changes",
    tone: "danger",
    text: "From then on somebody else says what this contract does, or other code runs in it. All that lies in it can be taken.",
  },
  "account delegation": {
    title: "An account is handed over",
    tone: "danger",
    text: "From then on somebody else, or somebody else's code, acts as the account that the next pages name. It can take all that the account has, on this chain or on every one, until that is taken back.",
  },
  "unreadable message": {
    title: "Nobody can read this message",
    tone: "danger",
    text: "It is no text. It may be the hash of something that gives your tokens away. Sign it only if you made it yourself.",
  },
};

/** What the flow knows and no request says. */
export interface NonceWord {
  readonly title: string;
  readonly text: string;
  readonly tone: Tone;
}

/** In the order in which they weigh: what the request is about, what it is put on, what is odd in it. */
export function warningSheets(facts: EthereumReview, nonce: readonly NonceWord[] = []): Sheet[] {
  const found = new Set(facts.acts.flatMap(({ oddities }) => oddities));
  return [
    ...saysSheet(facts),
    ...ODDITIES.filter((oddity) => found.has(oddity)).map((oddity) => sheet(WORDS[oddity])),
    ...(facts.chain && !facts.chain.listed ? [unlistedChain(facts.chain.id)] : []),
    ...nonce.map(sheet),
  ];
}

function saysSheet({ says, tone }: EthereumReview): Sheet[] {
  if (says.length === 0) return [];
  return [{ title: "Before you sign", tone, blocks: says.map((text) => ({ kind: "text", text })) }];
}

function sheet({ title, tone, text }: NonceWord): Sheet {
  return { title, tone, blocks: [{ kind: "text", text }] };
}

function unlistedChain(id: bigint): Sheet {
  return sheet({
    title: "A chain that is on no list",
    tone: "caution",
    text: `Firn does not know ${chainName(id)}: what its coin is worth, and whether another chain takes this signature too, it cannot tell.`,
  });
}
