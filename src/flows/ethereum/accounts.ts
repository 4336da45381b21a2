// The list of accounts with their addresses, and one of them large, as a code.

import { isFar, type Layout, type OwnAccount, ownAccount, writeAccountPath } from "../../ethereum/index.ts";
import { codes } from "../../screens/codes.ts";
import { ownAccountBlocks } from "../../screens/ethereum-address.ts";
import { menu } from "../../screens/menu.ts";
import { grouped } from "../../text.ts";
import { splitText } from "../../transport/index.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { choose } from "../policy/asks.ts";
import type { Session } from "../session.ts";
import { pickIndex } from "../wallets/addresses.ts";
import { accountOf, LAYOUT_ITEMS, LAYOUT_PATHS, nodesOf } from "./own.ts";

export async function accounts(desk: Desk, session: Session): Promise<void> {
  let cursor = 0;
  for (;;) {
    const layout = await choose<Layout>(desk, "Accounts", LAYOUT_ITEMS, undefined, cursor);
    if (layout === "back") return;
    cursor = LAYOUT_ITEMS.findIndex(({ answer }) => answer === layout);
    await listed(desk, session, layout);
  }
}

async function listed(desk: Desk, session: Session, layout: Layout): Promise<void> {
  // A page is drawn again and again: each address is derived once.
  const known = new Map<number, string>();
  const address = (index: number): string => {
    const found = known.get(index) ?? ownAccount({ layout, index }, nodesOf(session), session.curve).address;
    known.set(index, found);
    return found;
  };
  let index = 0;
  for (;;) {
    const picked = await pickIndex(desk, { title: `Accounts ${LAYOUT_PATHS[layout]}`, address }, index);
    if (picked === "back") return;
    index = picked;
    await lookAt(desk, accountOf(session, { layout, index }));
  }
}

async function lookAt(desk: Desk, own: OwnAccount): Promise<void> {
  const items = [{ label: "Show its code", answer: "code" }] as const;
  const back = { label: "back", answer: "back" } as const;
  const above = ownAccountBlocks({ ...own, path: writeAccountPath(own.path), far: isFar(own) });
  for (;;) {
    const title = `Ethereum: ${own.name}`;
    if ((await ask(desk, menu<"code" | "back">({ title, above, items, back }))) === "back") return;
    await showCode(desk, own);
  }
}

/** Bare, as every program reads it; or as a link (EIP 681), which names no chain: the address is the same on all. */
async function showCode(desk: Desk, { address, name }: OwnAccount): Promise<void> {
  let form: "plain" | "link" = "plain";
  for (;;) {
    const text = form === "plain" ? address : `ethereum:${address}`;
    const options = {
      title: `Ethereum: ${name}`,
      caption: grouped(address),
      loop: (density: Parameters<typeof splitText>[1]) => splitText(text, density),
      other: form === "plain" ? "as an ethereum: link" : "the address alone",
    };
    if ((await ask(desk, codes(options, desk.ports.panel.size()))) === "done") return;
    form = form === "plain" ? "link" : "plain";
  }
}
