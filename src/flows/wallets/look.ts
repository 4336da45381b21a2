// One wallet: its keys and quorum, its addresses, what can be done with it.

import type { Wallet } from "../../bitcoin/index.ts";
import { addressOf } from "../../bitcoin/index.ts";
import type { Density } from "../../model.ts";
import { addresses } from "../../screens/addresses.ts";
import { codes } from "../../screens/codes.ts";
import { type Item, menu } from "../../screens/menu.ts";
import { heldQuestion, question } from "../../screens/notice.ts";
import { walletSheets } from "../../screens/wallet.ts";
import { grouped } from "../../text.ts";
import { splitText } from "../../transport/index.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { orRefused } from "../or-refused.ts";
import { refuseNamed } from "../policy/named.ts";
import type { Session } from "../session.ts";
import { isRegistered, removeWallet } from "../session.ts";

export async function look(desk: Desk, session: Session, wallet: Wallet): Promise<void> {
  const template = session.templates.find((one) => one.wallet === wallet)!;
  const at = (branch: number, index: number) =>
    addressOf(template.derive(branch, index).scriptPubKey, session.network) ?? "";
  const items: Item<"facts" | "receive" | "change" | "code" | "remove">[] = [
    { label: "Keys and quorum", answer: "facts" },
    { label: "Receive addresses", answer: "receive" },
    { label: "Change addresses", answer: "change" },
    { label: "Descriptor as a code", answer: "code" },
    ...(isRegistered(session, wallet) ? [{ label: "Remove this wallet", answer: "remove" } as const] : []),
  ];
  let cursor = 0;
  for (;;) {
    const choice = await ask(
      desk,
      menu<(typeof items)[number]["answer"] | "back">(
        {
          title: wallet.name,
          items,
          back: { label: "back", answer: "back" },
        },
        cursor,
      ),
    );
    cursor = items.findIndex(({ answer }) => answer === choice);
    switch (choice) {
      case "back":
        return;
      case "facts":
        await ask(desk, question(walletSheets(wallet, at(wallet.receive, 0)), "close", "close"));
        break;
      case "receive":
      case "change":
        await browse(desk, wallet, choice, at);
        break;
      case "remove":
        if ((await orRefused(desk, () => remove(desk, session, wallet))) === true) return;
        break;
      case "code":
        await showDescriptor(desk, wallet);
    }
  }
}

async function showDescriptor(desk: Desk, wallet: Wallet): Promise<void> {
  const shown = {
    title: wallet.name,
    caption: "The descriptor (public keys only): scan it with your wallet program.",
    loop: (density: Density) => splitText(wallet.descriptor, density),
  };
  await ask(desk, codes(shown, desk.ports.panel.size()));
}

async function browse(
  desk: Desk,
  wallet: Wallet,
  which: "receive" | "change",
  at: (branch: number, index: number) => string,
): Promise<void> {
  const branch = wallet[which];
  let index = 0;
  for (;;) {
    const picked = await ask(
      desk,
      addresses({ title: `${wallet.name}: ${which}`, branch, address: (n) => at(branch, n) }, index),
    );
    if (picked === "back") return;
    index = picked.index;
    const text = at(branch, index);
    await ask(
      desk,
      codes(
        {
          title: `Address ${branch}/${index}`,
          caption: grouped(text),
          loop: (density) => splitText(text, density),
        },
        desk.ports.panel.size(),
      ),
    );
  }
}

/** Takes away what this device knows of the wallet: its money is where it was, its addresses are foreign here. */
async function remove(desk: Desk, session: Session, wallet: Wallet): Promise<boolean> {
  refuseNamed(session.state, [wallet]);
  const text = `${wallet.name} is then unknown here: nothing of it is signed, its addresses count as foreign. The money stays where it is. Register it again to use it.`;
  const sheets = [
    { title: "Remove this wallet?", tone: "caution", blocks: [{ kind: "text", text }] },
  ] as const;
  if ((await ask(desk, heldQuestion(sheets, "hold ok to remove", "keep it"))) === "no") return false;
  await removeWallet(session, wallet);
  return true;
}
