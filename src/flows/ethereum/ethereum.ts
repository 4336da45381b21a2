// Ethereum: the accounts of the key that answers, and what can be done beside signing.

import { KNOWN_DATE, KNOWN_VERSION } from "../../ethereum/known/version.ts";
import { type Item, menu } from "../../screens/menu.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { orRefused } from "../or-refused.ts";
import type { Session } from "../session.ts";
import { bannerOfAccounts } from "./banner.ts";

type Flow = (desk: Desk, session: Session) => Promise<void>;

const ITEMS: readonly Item<Flow>[] = [
  { label: "Accounts", answer: async (...all) => (await import("./accounts.ts")).accounts(...all) },
  {
    label: "Connect a wallet program",
    answer: async (...all) => (await import("./connect.ts")).connect(...all),
  },
  { label: "Check an address", answer: async (...all) => (await import("./verify.ts")).verify(...all) },
  { label: "Safes", answer: async (...all) => (await import("./safe.ts")).safes(...all) },
];

const LISTS = `Chains, tokens and contracts as of ${KNOWN_DATE}: list ${KNOWN_VERSION}.`;

export async function ethereum(desk: Desk, session: Session): Promise<void> {
  const home = desk.banner;
  desk.banner = bannerOfAccounts(desk, session);
  try {
    await choose(desk, session);
  } finally {
    desk.banner = home;
  }
}

async function choose(desk: Desk, session: Session): Promise<void> {
  let cursor = 0;
  for (;;) {
    const back = { label: "back", answer: "back" } as const;
    const above = [{ kind: "text", text: LISTS }] as const;
    const flow = await ask(
      desk,
      menu<Flow | "back">({ title: "Ethereum", above, items: ITEMS, back }, cursor),
    );
    if (flow === "back") return;
    cursor = ITEMS.findIndex(({ answer }) => answer === flow);
    await orRefused(desk, () => flow(desk, session));
  }
}
