// One wallet: its keys and ways to spend, its addresses, what can be done with it.

import type { Wallet } from "../../bitcoin/index.ts";
import type { Block, Density } from "../../model.ts";
import { codes } from "../../screens/codes.ts";
import { type Item, menu } from "../../screens/menu.ts";
import { heldQuestion, question } from "../../screens/notice.ts";
import { splitText } from "../../transport/index.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { orRefused } from "../or-refused.ts";
import { refuseNamed } from "../policy/named.ts";
import type { Session } from "../session.ts";
import { isRegistered, removeWallet } from "../session.ts";
import { explore } from "./addresses.ts";
import { sheetsOfWallet } from "./facts.ts";
import { hasCosigners, keptOf, refuseLedTo } from "./kept.ts";
import { verify } from "./verify.ts";

type Act = (desk: Desk, session: Session, wallet: Wallet) => Promise<unknown>;

interface Action {
  readonly label: string;
  readonly act: Act;
  /** Absent: for every wallet. */
  readonly fits?: (session: Session, wallet: Wallet) => boolean;
}

/** What can be done with a wallet; after one that takes it away its menu is over. */
const ACTIONS: readonly Action[] = [
  { label: "Keys and quorum", act: showFacts },
  {
    label: "Compare with the cosigners",
    act: async (...all) => (await import("./cosigner-compare.ts")).compare(...all),
    fits: hasCosigners,
  },
  { label: "Receive addresses", act: (...all) => explore(...all, "receive") },
  { label: "Change addresses", act: (...all) => explore(...all, "change") },
  { label: "Verify an address", act: verify },
  {
    label: "Who holds which key",
    act: async (...all) => (await import("./holders.ts")).nameHolders(...all),
    fits: (...all) => isRegistered(...all) && hasCosigners(...all),
  },
  { label: "Descriptor as a code", act: showDescriptor },
  {
    label: "For other devices and programs",
    act: async (...all) => (await import("./export-wallet.ts")).exportWallet(...all),
  },
  {
    label: "Backup and recovery",
    act: async (...all) => (await import("./backup.ts")).backup(...all),
  },
  {
    label: "Health and drill",
    act: async (...all) => (await import("./health.ts")).health(...all),
    fits: isRegistered,
  },
  {
    label: "Replace a cosigner",
    act: async (...all) => (await import("./replace.ts")).replace(...all),
    fits: (...all) => isRegistered(...all) && hasCosigners(...all),
  },
  { label: "Remove this wallet", act: remove, fits: isRegistered },
];

export async function look(desk: Desk, session: Session, { fingerprint }: Wallet): Promise<void> {
  let cursor = 0;
  for (;;) {
    const wallet = session.wallets.find((one) => one.fingerprint === fingerprint);
    if (wallet === undefined) return;
    const items: Item<Act>[] = ACTIONS.filter(({ fits }) => fits?.(session, wallet) ?? true).map(
      ({ label, act }) => ({ label, answer: act }),
    );
    const back = { label: "back", answer: "back" } as const;
    const above = replacedNote(session, wallet);
    const choice = await ask(desk, menu<Act | "back">({ title: wallet.name, above, items, back }, cursor));
    if (choice === "back") return;
    cursor = items.findIndex(({ answer }) => answer === choice);
    await orRefused(desk, () => choice(desk, session, wallet));
  }
}

async function showFacts(desk: Desk, session: Session, wallet: Wallet): Promise<void> {
  await ask(desk, question(sheetsOfWallet(session, wallet), "close", "close"));
}

async function showDescriptor(desk: Desk, _session: Session, wallet: Wallet): Promise<void> {
  const shown = {
    title: wallet.name,
    caption: "The descriptor (public keys only): scan it with your wallet program.",
    loop: (density: Density) => splitText(wallet.descriptor, density),
  };
  await ask(desk, codes(shown, desk.ports.panel.size()));
}

/** Takes away what this device knows of the wallet: its money is where it was, its addresses are foreign here. */
async function remove(desk: Desk, session: Session, wallet: Wallet): Promise<void> {
  refuseNamed(session.state, [wallet]);
  refuseLedTo(session, wallet);
  const text = `${wallet.name} is then unknown here: nothing of it is signed, its addresses count as foreign. The money stays where it is. Register it again to use it.`;
  const sheets = [
    { title: "Remove this wallet?", tone: "caution", blocks: [{ kind: "text", text }] },
  ] as const;
  if ((await ask(desk, heldQuestion(sheets, "hold ok to remove", "keep it"))) === "yes")
    await removeWallet(session, wallet);
}

function replacedNote(session: Session, wallet: Wallet): readonly Block[] {
  const by = keptOf(session, wallet)?.replacedBy;
  if (by === undefined) return [];
  const name = session.wallets.find(({ fingerprint }) => fingerprint === by)?.name ?? by;
  return [{ kind: "text", text: `${name} took its place: it is kept for watching. Receive nothing here.` }];
}
