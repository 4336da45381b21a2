// Accounts of Ethereum on the screen, and whose an address is.

import { inSymbol } from "../assets.ts";
import type { Address } from "../eip55.ts";
import type { Block } from "../model.ts";
import type { Asset } from "../rules.ts";
import { grouped, shown } from "../text.ts";
import { addressWords } from "./ethereum-values.ts";
import type { Sheet } from "./pages.ts";
import { numberWords } from "./ways.ts";

/** All of it in groups of four, and its ends once more: they are what people compare first. */
export function accountBlocks(address: Address, label = "Address"): Block[] {
  const groups = grouped(address).split(" ");
  const ends = `${groups.slice(0, 2).join(" ")} ... ${groups.slice(-2).join(" ")}`;
  return [
    { kind: "fact", label, value: addressWords(address) },
    { kind: "fact", label: "Begins and ends", value: ends },
  ];
}

export const FAR = "No program finds so high a number by itself: note it beside your backup.";

export interface OwnAccountFacts {
  readonly name: string;
  /** "m/44'/60'/0'/0/0" */
  readonly path: string;
  readonly address: Address;
  readonly far: boolean;
}

export function ownAccountBlocks({ path, address, far }: OwnAccountFacts): Block[] {
  return [
    ...accountBlocks(address),
    { kind: "fact", label: "Path", value: path },
    ...(far ? [{ kind: "text", text: FAR } as const] : []),
  ];
}

/** What the code says beside the address; nothing of it is proven. */
export interface SaidBeside {
  /** In Firn's words: "Ethereum", "chain 1234". */
  readonly chain?: string;
  /** Foreign. */
  readonly chainSaid?: string;
  /** Of which this is paid: "USDC on Ethereum", or what Firn knows no name of. */
  readonly token?: { readonly address: Address; readonly name?: string };
  /** The coin of the chain, where one is named. */
  readonly coin?: Asset;
  readonly added: readonly { readonly name: string; readonly value: string }[];
  readonly checked: boolean;
}

export function ownAccountSheets(own: OwnAccountFacts, said: SaidBeside): Sheet[] {
  return [
    {
      title: `Yours: ${own.name}`,
      tone: own.far ? "caution" : "calm",
      blocks: [...ownAccountBlocks(own), { kind: "text", text: EVERYWHERE }],
    },
    ...besideSheets(said),
  ];
}

const EVERYWHERE = "It is the same account on every chain of Ethereum's kind.";

export interface OwnSafeFacts {
  readonly name: string;
  readonly fingerprint: string;
  readonly chain: string;
  readonly address: Address;
}

/** A Safe is a contract: the same address on another chain may be somebody else's, or nobody's. */
export function ownSafeSheets(safe: OwnSafeFacts, said: SaidBeside): Sheet[] {
  const elsewhere = said.chain !== undefined && said.chain !== safe.chain;
  const text = elsewhere
    ? `The code says ${said.chain}: there it need not be yours. What is paid to a Safe on a chain where it does not stand may be lost.`
    : `It is yours on ${safe.chain} alone. On another chain the same address may be somebody else's.`;
  return [
    {
      title: elsewhere ? "Your Safe, on another chain" : `Your Safe: ${shown(safe.name, 40)}`,
      tone: elsewhere ? "danger" : "calm",
      blocks: [
        { kind: "text", text },
        { kind: "fact", label: "Safe", value: `${shown(safe.name, 40)} (${safe.fingerprint})` },
        { kind: "fact", label: "Chain", value: safe.chain },
        ...accountBlocks(safe.address),
      ],
    },
    ...besideSheets(said),
  ];
}

/** `names`: what the shipped lists call it, with the chain. */
export function listedSheets(address: Address, names: readonly string[], said: SaidBeside): Sheet[] {
  return [
    {
      title: "A known contract: not yours",
      tone: "danger",
      blocks: [
        {
          kind: "text",
          text: "What is sent to a contract as to a person is often lost: it gives back only what its code gives back.",
        },
        ...names.map((name): Block => ({ kind: "fact", label: "Firn knows it as", value: name })),
        ...accountBlocks(address),
      ],
    },
    ...besideSheets(said),
  ];
}

export function foreignSheets(address: Address, count: number, said: SaidBeside): Sheet[] {
  const text = `None of the first ${numberWords(count)} accounts of each kind here has this address, and no Safe that is registered. As far as was looked, what is paid there is not yours.`;
  return [
    {
      title: "Not yours",
      tone: "danger",
      blocks: [{ kind: "text", text }, ...accountBlocks(address)],
    },
    ...besideSheets(said),
  ];
}

/** A foreign address that was made to be taken for an own one. */
export function alikeAccountSheet(address: Address, own: Pick<OwnAccountFacts, "name" | "address">): Sheet {
  return {
    title: "A look-alike: not yours",
    tone: "danger",
    blocks: [
      {
        kind: "text",
        text: `It begins and ends like your ${own.name}, and is another one. Somebody may have made it to deceive you. Compare the middle.`,
      },
      { kind: "fact", label: "This address", value: addressWords(address), tone: "danger" },
      { kind: "fact", label: "Your address", value: addressWords(own.address) },
    ],
  };
}

// ---------------------------------------------------------------- connecting

export interface Connecting {
  /** The program's. */
  readonly name: string;
  readonly steps: string;
  readonly note?: string;
  readonly layout: "standard" | "ledger-live" | "ledger-legacy";
  /** "m/44'/60'/0'/0/i" */
  readonly path: string;
}

/** What a program comes to know, before it does. */
export function connectSheets({ name, steps, note, layout, path }: Connecting): Sheet[] {
  const learns =
    layout === "ledger-live"
      ? "The program learns the addresses of your first ten accounts. It learns no key that signs."
      : "The program learns all addresses under m/44'/60'/0', and so what they hold and do, for ever. It learns no key that signs.";
  return [
    {
      title: `Connect ${name}`,
      blocks: [
        { kind: "text", text: learns },
        { kind: "text", text: steps },
        ...(note === undefined ? [] : [{ kind: "text", text: note } as const]),
        { kind: "fact", label: "Accounts", value: path },
        {
          kind: "text",
          text: "Compare the first address there with the one under Accounts here before anything is paid to it.",
        },
      ],
    },
  ];
}

// ---------------------------------------------------------------- what the code says beside

const MOST_ADDED = 8;
const MOST_CHARS = 200;

function besideSheets(said: SaidBeside): Sheet[] {
  const blocks = [...chainBlocks(said), ...tokenBlocks(said), ...addedBlocks(said)];
  const unchecked: Block[] = said.checked
    ? []
    : [{ kind: "text", text: "Its letters carry no checksum: a wrong one would not have been noticed." }];
  if (blocks.length === 0 && unchecked.length === 0) return [];
  return [
    {
      title: "What the code says beside",
      tone: "caution",
      blocks: [
        ...unchecked,
        ...(blocks.length > 0
          ? [{ kind: "text", text: "Others wrote this, and nothing proves it." } as const]
          : []),
        ...blocks,
      ],
    },
  ];
}

function chainBlocks({ chain, chainSaid }: SaidBeside): Block[] {
  if (chain !== undefined) return [{ kind: "fact", label: "Chain", value: chain }];
  if (chainSaid === undefined) return [];
  return [{ kind: "fact", label: "Chain, which Firn does not know", value: shown(chainSaid, 32) }];
}

function tokenBlocks({ token }: SaidBeside): Block[] {
  if (!token) return [];
  const value = token.name ?? `on no list of Firn's\n${addressWords(token.address)}`;
  return [{ kind: "fact", label: "Token that is asked for", value }];
}

function addedBlocks({ added, coin, token }: SaidBeside): Block[] {
  const more = added.length - MOST_ADDED;
  return [
    ...added.slice(0, MOST_ADDED).map(({ name, value }): Block => {
      const isAmount = name === "value" && coin !== undefined && !token && /^\d{1,30}$/.test(value);
      const text = isAmount ? inSymbol({ asset: coin, units: BigInt(value) }) : shown(value, MOST_CHARS);
      const label = isAmount ? "Amount asked for" : shown(name, 24);
      return { kind: "fact", label: label === "" ? "No name" : label, value: text };
    }),
    ...(more > 0 ? [{ kind: "text", text: `${more} more are not shown.` } as const] : []),
  ];
}
