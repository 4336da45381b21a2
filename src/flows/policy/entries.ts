// Entries of a list of destinations: addresses, own wallets by name, and whatever descriptors of others lead to.

import { readWallet, scriptOf } from "../../bitcoin/index.ts";
import { fromHex } from "../../bytes.ts";
import { readAddress } from "../../eip55.ts";
import { readAddressText } from "../../ethereum/index.ts";
import type { Curve, Network } from "../../model.ts";
import { writeEntry } from "../../policy/index.ts";
import { Refusal, refuse } from "../../refusal.ts";
import type { Entry, WalletRef } from "../../rules.ts";
import { DIGITS } from "../../screens/field.ts";
import type { Item } from "../../screens/menu.ts";
import { heldQuestion, question } from "../../screens/notice.ts";
import { grouped, shown } from "../../text.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { orRefused } from "../or-refused.ts";
import { bring } from "../stick.ts";
import { askContract } from "./ask-contract.ts";
import { askName, askText, choose, TITLE } from "./asks.ts";

/** Where an entry may lead. */
export interface Places {
  readonly desk: Desk;
  readonly network: Network;
  readonly curve: Curve;
  /** Own wallets, by name. */
  readonly wallets: readonly WalletRef[];
}

/** What stands below the entries, beside adding one: "Done", "Remove the whole list". */
export interface Last<Answer> {
  readonly item: Item<Answer>;
  /** Offered only with so many entries. */
  readonly least: number;
  /** Said where there are fewer. */
  readonly missing?: string;
}

/** The entries after the person looked at them, and how that ended: with back, or with what stands below. */
export async function editEntries<Answer extends string>(
  places: Places,
  title: string,
  start: readonly Entry[],
  last: Last<Answer>,
): Promise<{ readonly entries: readonly Entry[]; readonly end: Answer | "back" }> {
  const { desk, wallets } = places;
  let entries = start;
  for (;;) {
    const items: Item<Way | "end" | { readonly entry: Entry }>[] = [
      ...entries.map((entry) => ({ label: wordsOf(entry), answer: { entry } })),
      { label: "Add an address from a code", answer: "scan" },
      { label: "Type an address in", answer: "type" },
      { label: "Add a contract of Ethereum", answer: "contract" },
      ...(wallets.length > 0 ? [{ label: "Add a wallet of this device", answer: "wallet" } as const] : []),
      { label: "Add somebody's descriptor", answer: "party" },
      ...(entries.length >= last.least ? [{ label: last.item.label, answer: "end" } as const] : []),
    ];
    const missing = entries.length < last.least ? last.missing : undefined;
    const picked = await choose(desk, title, items, missing);
    if (picked === "back") return { entries, end: "back" };
    if (picked === "end") return { entries, end: last.item.answer };
    if (typeof picked === "object") {
      if (await removes(places, picked.entry)) entries = entries.filter((one) => one !== picked.entry);
      continue;
    }
    const present = entries;
    const entry = await orRefused(desk, () => ADDS[picked](places, present));
    if (entry !== "back") entries = [...entries, entry];
  }
}

type Way = keyof typeof ADDS;

/** As a line of the policy says it. */
function wordsOf(entry: Entry): string {
  if (entry.kind === "address") return entry.to;
  if (entry.kind === "wallet") return `wallet ${entry.fingerprint} ${entry.name}`;
  if (entry.kind === "contract") return writeEntry(entry);
  return `party ${entry.name}`;
}

async function removes({ desk }: Places, entry: Entry): Promise<boolean> {
  const value =
    entry.kind === "party" ? `${wordsOf(entry)} ${shown(entry.descriptor, 4096)}` : wordsOf(entry);
  const sheet = {
    title: "Remove it from the list?",
    blocks: [{ kind: "fact", label: "Entry", value }],
  } as const;
  return (await ask(desk, question([sheet], "remove", "keep it"))) === "yes";
}

const ADDS = {
  scan: scanAddress,
  type: typeAddress,
  contract: (places, entries) => askContract(places.desk, entries),
  wallet: addWallet,
  party: addParty,
} as const satisfies Record<string, (places: Places, entries: readonly Entry[]) => Promise<Entry | "back">>;

const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const ADDRESS_CHARS = 128;

async function typeAddress({ desk, network }: Places, entries: readonly Entry[]): Promise<Entry | "back"> {
  const typed = await askText(desk, TITLE, {
    ...{ label: "Address", allowed: `${DIGITS}${LETTERS}`, longest: ADDRESS_CHARS },
    check: (value) => whatIsWrong(plain(value), network, entries),
  });
  return typed === "back" ? "back" : compared(desk, plain(typed));
}

async function scanAddress({ desk, network }: Places, entries: readonly Entry[]): Promise<Entry | "back"> {
  const brought = await bring(desk, "address", { title: "An address", ask: "Show its code to the camera." });
  if (brought === "back") return "back";
  const { text, query } = brought.message;
  const to = /0x[0-9a-f]{40}/i.test(text) ? readAddressText(text, query).address : plain(text);
  const wrong = whatIsWrong(to, network, entries);
  return wrong === undefined ? compared(desk, to) : refuse("bitcoin.address", wrong);
}

async function compared(desk: Desk, to: string): Promise<Entry | "back"> {
  const blocks = [{ kind: "fact", label: "Address", value: grouped(to) }] as const;
  const sheet = { title: "Compare all of it", blocks };
  return (await ask(desk, heldQuestion([sheet], "hold ok: it is right", "leave"))) === "yes"
    ? { kind: "address", to }
    : "back";
}

function whatIsWrong(to: string, network: Network, entries: readonly Entry[]): string | undefined {
  if (/^0x/i.test(to) && readAddress(to) === "checksum")
    return "Its capitals are not those of its checksum: a character is wrong.";
  if (!leads(to, network)) return `No address on ${network}, and no script in hex.`;
  const listed = entries.some((entry) => entry.kind === "address" && entry.to === to);
  return listed ? "It stands on the list already." : undefined;
}

/** BIP 173: upper case is the same address. Of Ethereum the one spelling of each (EIP 55). */
function plain(typed: string): string {
  const address = readAddress(typed);
  if (address !== undefined && address !== "checksum") return address;
  return /^(BC|TB|BCRT)1[0-9A-Z]+$/.test(typed) ? typed.toLowerCase() : typed;
}

function leads(to: string, network: Network): boolean {
  if (readAddress(to) === to) return true;
  if (fromHex(to) !== undefined && to === to.toLowerCase()) return true;
  try {
    return scriptOf(to, network).length > 0;
  } catch (problem) {
    if (problem instanceof Refusal) return false;
    throw problem;
  }
}

async function addWallet({ desk, wallets }: Places, entries: readonly Entry[]): Promise<Entry | "back"> {
  const listed = new Set(entries.flatMap((one) => (one.kind === "wallet" ? [one.fingerprint] : [])));
  const items = wallets
    .filter(({ fingerprint }) => !listed.has(fingerprint))
    .map(
      ({ name, fingerprint }): Item<Entry> => ({
        label: `${name} (${fingerprint})`,
        answer: { kind: "wallet", name, fingerprint },
      }),
    );
  const none = items.length === 0 ? "All of them stand on the list." : undefined;
  return choose(desk, "Which wallet", items, none);
}

async function addParty(
  { desk, network, curve }: Places,
  entries: readonly Entry[],
): Promise<Entry | "back"> {
  const brought = await bring(desk, "wallet", {
    title: "Somebody's descriptor",
    ask: "Show the descriptor of whoever is to be paid, with public keys, to the camera.",
  });
  if (brought === "back") return "back";
  const { descriptor, fingerprint } = readWallet(brought.message, network, curve);
  const taken = entries.flatMap((one) => (one.kind === "party" ? [one.name] : []));
  const name = await askName(desk, "What to call them", taken);
  if (name === "back") return "back";
  const sheet = {
    title: "Compare it with them",
    blocks: [
      { kind: "fact", label: "Called", value: name },
      { kind: "fact", label: "Fingerprint", value: fingerprint },
      { kind: "fact", label: "Descriptor", value: shown(descriptor, 4096) },
    ],
  } as const;
  return (await ask(desk, heldQuestion([sheet], "hold ok: it is right", "leave"))) === "yes"
    ? { kind: "party", name, descriptor }
    : "back";
}
