// Lists of destinations and of contracts: made, looked at, taken away.

import type { List, Policy } from "../../rules.ts";
import type { Item } from "../../screens/menu.ts";
import { question } from "../../screens/notice.ts";
import { ask } from "../../ui.ts";
import { ethereumWallets } from "../ethereum/wallet-refs.ts";
import { askName, choose } from "./asks.ts";
import type { Setting } from "./edit-rule.ts";
import { editEntries } from "./entries.ts";

/** The lists as they are after the person looked at them; an empty one is none. */
export async function editLists(setting: Setting): Promise<Policy> {
  let { draft } = setting;
  for (;;) {
    const items: Item<string>[] = draft.lists.map(({ name, entries }) => ({
      label: `${name} (${entries.length})`,
      answer: `list ${name}`,
    }));
    const add = { label: "Add a list", answer: "add" };
    const picked = await choose(setting.desk, "Lists of destinations and contracts", [...items, add]);
    if (picked === "back") return draft;
    const names = draft.lists.map(({ name }) => name);
    const name = picked === "add" ? await askName(setting.desk, "Name of the list", names) : picked.slice(5);
    if (name === "back") continue;
    const list = draft.lists.find((one) => one.name === name) ?? { name, entries: [] };
    draft = put(draft, await editList(setting, list));
  }
}

function put(draft: Policy, list: List): Policy {
  const others = draft.lists.filter(({ name }) => name !== list.name);
  const known = others.length < draft.lists.length;
  const lists = known ? draft.lists.map((one) => (one.name === list.name ? list : one)) : [...others, list];
  return { ...draft, lists: lists.filter(({ entries }) => entries.length > 0) };
}

async function editList({ desk, session }: Setting, list: List): Promise<List> {
  const { network, curve } = session;
  const wallets = [...session.wallets, ...ethereumWallets(session)];
  const remove = { label: "Remove the whole list", answer: "remove" } as const;
  const { entries, end } = await editEntries(
    { desk, network, curve, wallets },
    `List ${list.name}`,
    list.entries,
    {
      item: remove,
      least: 1,
    },
  );
  if (end === "back") return { ...list, entries };
  const text = `${entries.length === 1 ? "Its entry goes" : `Its ${entries.length} entries go`} with it.`;
  const sheet = { title: `Remove list ${list.name}?`, blocks: [{ kind: "text", text }] } as const;
  const goes = (await ask(desk, question([sheet], "remove", "keep it"))) === "yes";
  return goes ? { ...list, entries: [] } : { ...list, entries };
}
