// Lists of destinations: addresses, own wallets by name, and whatever descriptors of others lead to.

import { readWallet, scriptOf } from "../../bitcoin/index.ts";
import { fromHex } from "../../bytes.ts";
import type { Network } from "../../model.ts";
import { Refusal, refuse } from "../../refusal.ts";
import type { Entry, List, Policy } from "../../rules.ts";
import { DIGITS } from "../../screens/field.ts";
import type { Item } from "../../screens/menu.ts";
import { heldQuestion, question } from "../../screens/notice.ts";
import { grouped, shown } from "../../text.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { orRefused } from "../entry/chance.ts";
import { bring } from "../stick.ts";
import { askName, askText, choose, TITLE } from "./asks.ts";
import type { Setting } from "./edit-rule.ts";

/** The lists as they are after the person looked at them; an empty one is none. */
export async function editLists(setting: Setting): Promise<Policy> {
  let { draft } = setting;
  for (;;) {
    const items: Item<string>[] = draft.lists.map(({ name, entries }) => ({
      label: `${name} (${entries.length})`,
      answer: `list ${name}`,
    }));
    const add = { label: "Add a list", answer: "add" };
    const picked = await choose(setting.desk, "Lists of destinations", [...items, add]);
    if (picked === "back") return draft;
    const names = draft.lists.map(({ name }) => name);
    const name = picked === "add" ? await askName(setting.desk, "Name of the list", names) : picked.slice(5);
    if (name === "back") continue;
    const list = draft.lists.find((one) => one.name === name) ?? { name, entries: [] };
    draft = put(draft, await editList({ ...setting, draft }, list));
  }
}

function put(draft: Policy, list: List): Policy {
  const others = draft.lists.filter(({ name }) => name !== list.name);
  const known = others.length < draft.lists.length;
  const lists = known ? draft.lists.map((one) => (one.name === list.name ? list : one)) : [...others, list];
  return { ...draft, lists: lists.filter(({ entries }) => entries.length > 0) };
}

type Choice = keyof typeof ADDS | "remove";

async function editList(setting: Setting, start: List): Promise<List> {
  const { desk } = setting;
  let list = start;
  for (;;) {
    const items: Item<Choice | { readonly entry: Entry }>[] = [
      ...list.entries.map((entry) => ({ label: wordsOf(entry), answer: { entry } })),
      { label: "Add an address from a code", answer: "scan" },
      { label: "Type an address in", answer: "type" },
      { label: "Add a wallet of this device", answer: "wallet" },
      { label: "Add somebody's descriptor", answer: "party" },
      { label: "Remove the whole list", answer: "remove" },
    ];
    const picked = await choose(desk, `List ${list.name}`, items);
    if (picked === "back") return list;
    if (picked === "remove") return { ...list, entries: [] };
    if (typeof picked === "object") {
      if (await removes(setting, picked.entry))
        list = { ...list, entries: list.entries.filter((one) => one !== picked.entry) };
      continue;
    }
    const entry = await orRefused(desk, () => ADDS[picked](setting, list));
    if (entry !== "back") list = { ...list, entries: [...list.entries, entry] };
  }
}

/** As a line of the policy says it. */
function wordsOf(entry: Entry): string {
  if (entry.kind === "address") return entry.to;
  if (entry.kind === "wallet") return `wallet ${entry.fingerprint} ${entry.name}`;
  return `party ${entry.name}`;
}

async function removes({ desk }: Setting, entry: Entry): Promise<boolean> {
  const value =
    entry.kind === "party" ? `${wordsOf(entry)} ${shown(entry.descriptor, 4096)}` : wordsOf(entry);
  const sheet = {
    title: "Remove it from the list?",
    blocks: [{ kind: "fact", label: "Entry", value }],
  } as const;
  return (await ask(desk, question([sheet], "remove", "keep it"))) === "yes";
}

const ADDS = { scan: scanAddress, type: typeAddress, wallet: addWallet, party: addParty } as const;

const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const ADDRESS_CHARS = 128;

async function typeAddress({ desk, session }: Setting, list: List): Promise<Entry | "back"> {
  const typed = await askText(desk, TITLE, {
    ...{ label: "Address", allowed: `${DIGITS}${LETTERS}`, longest: ADDRESS_CHARS },
    check: (value) => whatIsWrong(plain(value), session.network, list),
  });
  return typed === "back" ? "back" : compared(desk, plain(typed));
}

async function scanAddress({ desk, session }: Setting, list: List): Promise<Entry | "back"> {
  const brought = await bring(desk, "address", { title: "An address", ask: "Show its code to the camera." });
  if (brought === "back") return "back";
  const to = plain(brought.message.text);
  const wrong = whatIsWrong(to, session.network, list);
  return wrong === undefined ? compared(desk, to) : refuse("bitcoin.address", wrong);
}

async function compared(desk: Desk, to: string): Promise<Entry | "back"> {
  const blocks = [{ kind: "fact", label: "Address", value: grouped(to) }] as const;
  const sheet = { title: "Compare all of it", blocks };
  return (await ask(desk, heldQuestion([sheet], "hold ok: it is right", "leave"))) === "yes"
    ? { kind: "address", to }
    : "back";
}

function whatIsWrong(to: string, network: Network, { entries }: List): string | undefined {
  if (!leads(to, network)) return `No address on ${network}, and no script in hex.`;
  const listed = entries.some((entry) => entry.kind === "address" && entry.to === to);
  return listed ? "It stands on the list already." : undefined;
}

/** BIP 173: upper case is the same address. */
function plain(typed: string): string {
  return /^(BC|TB|BCRT)1[0-9A-Z]+$/.test(typed) ? typed.toLowerCase() : typed;
}

function leads(to: string, network: Network): boolean {
  if (fromHex(to) !== undefined && to === to.toLowerCase()) return true;
  try {
    return scriptOf(to, network).length > 0;
  } catch (problem) {
    if (problem instanceof Refusal) return false;
    throw problem;
  }
}

async function addWallet({ desk, session }: Setting, { entries }: List): Promise<Entry | "back"> {
  const listed = new Set(entries.flatMap((one) => (one.kind === "wallet" ? [one.fingerprint] : [])));
  const items = session.wallets
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

async function addParty({ desk, session }: Setting, { entries }: List): Promise<Entry | "back"> {
  const brought = await bring(desk, "wallet", {
    title: "Somebody's descriptor",
    ask: "Show the descriptor of whoever is to be paid, with public keys, to the camera.",
  });
  if (brought === "back") return "back";
  const { descriptor, fingerprint } = readWallet(brought.message, session.network, session.curve);
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
