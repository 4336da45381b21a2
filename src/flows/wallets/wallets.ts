// Wallets: what is registered, and what can be done with all of them.

import type { Wallet } from "../../bitcoin/index.ts";
import { type Item, menu } from "../../screens/menu.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { orRefused } from "../or-refused.ts";
import type { Session } from "../session.ts";
import { isRegistered } from "../session.ts";
import { isReplaced } from "./kept.ts";
import { look } from "./look.ts";
import { register, registerTyped } from "./register.ts";
import { verify } from "./verify.ts";

type Flow = (desk: Desk, session: Session) => Promise<void>;

interface Action {
  readonly label: string;
  readonly flow: Flow;
}

/** What is wanted often stands above the wallets. */
const DAILY: readonly Action[] = [
  { label: "Register a wallet", flow: register },
  { label: "Verify an address", flow: verify },
  {
    label: "Messages: sign, verify",
    flow: async (...all) => (await import("../messages/messages.ts")).messages(...all),
  },
];

/** What is wanted when a wallet begins stands below them. */
const BEGINNINGS: readonly Action[] = [
  {
    label: "Make a wallet together",
    flow: async (...all) => (await import("./ceremony.ts")).makeTogether(...all),
  },
  {
    label: "Show a cosigner key",
    flow: async (...all) => (await import("./cosigner-show.ts")).showCosignerKey(...all),
  },
  {
    label: "An account for a wallet program",
    flow: async (...all) => (await import("./export-account.ts")).showAccount(...all),
  },
  { label: "Type a descriptor in", flow: registerTyped },
  {
    label: "Set up with BSMS (BIP 129)",
    flow: async (...all) => (await import("./bsms.ts")).bsms(...all),
  },
];

const itemsOf = (actions: readonly Action[]) => actions.map(({ label, flow }) => ({ label, answer: flow }));

export async function wallets(desk: Desk, session: Session): Promise<void> {
  let cursor = 0;
  for (;;) {
    const items: Item<Wallet | Flow>[] = [
      ...itemsOf(DAILY),
      ...inOrder(session).map((wallet) => ({ label: labelOf(session, wallet), answer: wallet })),
      ...itemsOf(BEGINNINGS),
    ];
    const back = { label: "back", answer: "back" } as const;
    const start = Math.min(cursor, items.length - 1);
    const choice = await ask(desk, menu<Wallet | Flow | "back">({ title: "Wallets", items, back }, start));
    if (choice === "back") return;
    cursor = items.findIndex(({ answer }) => answer === choice);
    // What was refused is said, and the list is there again.
    if (typeof choice === "function") await orRefused(desk, () => choice(desk, session));
    else await look(desk, session, choice);
  }
}

/** Those that were registered stand before the accounts, which every key has. */
function inOrder(session: Session): readonly Wallet[] {
  const registered = session.wallets.filter((wallet) => isRegistered(session, wallet));
  return [...registered, ...session.wallets.filter((wallet) => !registered.includes(wallet))];
}

function labelOf(session: Session, wallet: Wallet): string {
  return isReplaced(session, wallet) ? `${wallet.name} (replaced)` : wallet.name;
}
