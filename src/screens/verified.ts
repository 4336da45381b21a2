// Whose an address is: what was found of it, and what the code that showed it says beside.

import { LIMITS } from "../limits.ts";
import type { Block } from "../model.ts";
import { grouped, parseBtc, shown } from "../text.ts";
import type { Sheet } from "./pages.ts";
import { numberWords } from "./ways.ts";

/** An address of ours: where it stands. */
export interface OwnFacts {
  readonly wallet: string;
  /** Of the wallet. */
  readonly fingerprint: string;
  readonly side: "receive" | "change";
  readonly branch: number;
  readonly index: number;
  readonly address: string;
  /** The wallet was replaced by another one. */
  readonly replaced: boolean;
}

/** What somebody else says of it: a payment request's words. */
export interface SaidFacts {
  readonly wallet?: string;
  readonly index?: number;
  readonly added: readonly { readonly name: string; readonly value: string }[];
}

/** All of it in groups of four, and its ends once more: they are what people compare first. */
export function addressFacts(address: string): Block[] {
  const groups = grouped(address).split(" ");
  const ends = `${groups.slice(0, 2).join(" ")} ... ${groups.slice(-2).join(" ")}`;
  return [
    { kind: "fact", label: "Address", value: grouped(address) },
    { kind: "fact", label: "Begins and ends", value: ends },
  ];
}

export function ownSheets(own: OwnFacts, said: SaidFacts): Sheet[] {
  const warnings = ownWarnings(own, said);
  return [
    {
      title: `Yours: ${own.side} address ${own.index}`,
      tone: warnings.length > 0 ? "caution" : "calm",
      blocks: [
        { kind: "fact", label: "Wallet", value: own.wallet },
        { kind: "fact", label: "Index", value: `${own.index} (${own.side}, ${own.branch}/${own.index})` },
        ...warnings.map((text): Block => ({ kind: "text", text })),
        ...addressFacts(own.address),
      ],
    },
    ...addedSheets(said),
  ];
}

function ownWarnings(own: OwnFacts, said: SaidFacts): string[] {
  const otherIndex = said.index !== undefined && said.index !== own.index;
  const names = [own.wallet.toLowerCase(), own.fingerprint];
  const otherWallet = said.wallet !== undefined && !names.includes(said.wallet.toLowerCase());
  return [
    ...(own.replaced ? ["This wallet was replaced by another one: receive there, not here."] : []),
    ...(own.side === "change" ? ["It is for change. Give others receive addresses."] : []),
    ...(own.index >= LIMITS.searchedAddresses
      ? ["Its index is so far away that wallet programs may not see what is paid there."]
      : []),
    ...(otherIndex ? [`The code says that it is index ${numberWords(said.index)}: that is wrong.`] : []),
    ...(otherWallet ? [`The code calls the wallet "${shown(said.wallet, 40)}".`] : []),
  ];
}

export interface LookedIn {
  /** Names of the wallets that have addresses of this kind. */
  readonly wallets: readonly string[];
  /** How many addresses of each branch were compared. */
  readonly count: number;
}

export function notFoundSheets(address: string, looked: LookedIn, said: SaidFacts): Sheet[] {
  const count = numberWords(looked.count);
  const text =
    looked.wallets.length === 0
      ? "No wallet of this key has addresses of this kind: what is paid there is not yours."
      : `None of the first ${count} receive and ${count} change addresses is this one. As far as was looked, what is paid there is not yours.`;
  return [
    {
      title: "Not found",
      tone: "danger",
      blocks: [
        { kind: "text", text },
        ...addressFacts(address),
        ...(looked.wallets.length === 0
          ? []
          : [{ kind: "fact", label: "Looked in", value: looked.wallets.join(", ") } as const]),
      ],
    },
    ...addedSheets({ ...said, added: [...hintsOf(said), ...said.added] }),
  ];
}

/** Where the code says that it comes from: of an address that was found it is compared, else shown. */
function hintsOf({ wallet, index }: SaidFacts): SaidFacts["added"] {
  return [
    ...(wallet === undefined ? [] : [{ name: "wallet", value: wallet }]),
    ...(index === undefined ? [] : [{ name: "index", value: String(index) }]),
  ];
}

/** A foreign address that was made to be taken for an own one. */
export function alikeSheet(address: string, own: OwnFacts): Sheet {
  return {
    title: "A look-alike: not yours",
    tone: "danger",
    blocks: [
      {
        kind: "text",
        text: `It begins and ends like ${own.side} address ${own.index} of ${own.wallet}, and is another one. Somebody may have made it to deceive you. Compare the middle.`,
      },
      { kind: "fact", label: "This address", value: grouped(address), tone: "danger" },
      { kind: "fact", label: "Your address", value: grouped(own.address) },
    ],
  };
}

/** More of it is counted, not shown. */
const MOST_ADDED = 8;
const MOST_CHARS = 200;

const LABELS: ReadonlyMap<string, string> = new Map([
  ["amount", "Amount asked for"],
  ["label", "Label"],
  ["message", "Message"],
]);

function addedSheets({ added }: SaidFacts): Sheet[] {
  if (added.length === 0) return [];
  const more = added.length - MOST_ADDED;
  return [
    {
      title: "What the code says beside",
      tone: "caution",
      blocks: [
        { kind: "text", text: "Others wrote this, and nothing proves it." },
        ...added.slice(0, MOST_ADDED).map(addedFact),
        ...(more > 0 ? [{ kind: "text", text: `${more} more are not shown.` } as const] : []),
      ],
    },
  ];
}

function addedFact({ name, value }: { readonly name: string; readonly value: string }): Block {
  const label = LABELS.get(name) ?? shown(name, 24);
  const amount = name === "amount" && parseBtc(value) !== undefined ? `${value} BTC` : undefined;
  return { kind: "fact", label: label === "" ? "No name" : label, value: amount ?? shown(value, MOST_CHARS) };
}
