// Wallets: what is registered, registering one more, and looking at addresses and keys.

import type { Wallet } from "../bitcoin/index.ts";
import { addressOf, checkRegistration, compile, markOurs, readWallet } from "../bitcoin/index.ts";
import { LIMITS } from "../limits.ts";
import type { Density } from "../model.ts";
import { Refusal } from "../refusal.ts";
import { addresses } from "../screens/addresses.ts";
import { codes } from "../screens/codes.ts";
import { field, PRINTABLE } from "../screens/field.ts";
import { type Item, menu } from "../screens/menu.ts";
import { heldQuestion, notice, question, refused } from "../screens/notice.ts";
import { walletSheets } from "../screens/wallet.ts";
import { grouped } from "../text.ts";
import { splitText } from "../transport/index.ts";
import type { Desk } from "../ui.ts";
import { ask, drain } from "../ui.ts";
import { refuseNamed } from "./policy/named.ts";
import type { Session } from "./session.ts";
import { addWallet, isRegistered, removeWallet } from "./session.ts";
import { bring } from "./stick.ts";

export async function wallets(desk: Desk, session: Session): Promise<void> {
  let cursor = 0;
  for (;;) {
    const items: Item<Wallet | "register">[] = [
      { label: "Register a wallet", answer: "register" },
      ...session.wallets.map((wallet) => ({ label: wallet.name, answer: wallet })),
    ];
    const back = { label: "back", answer: "back" } as const;
    const start = Math.min(cursor, items.length - 1);
    const choice = await ask(
      desk,
      menu<Wallet | "register" | "back">({ title: "Wallets", items, back }, start),
    );
    if (choice === "back") return;
    cursor = items.findIndex(({ answer }) => answer === choice);
    if (choice === "register") await register(desk, session).catch((problem: unknown) => tell(desk, problem));
    else await look(desk, session, choice);
  }
}

/** A wallet that was refused: said, and the list is there again. */
async function tell(desk: Desk, problem: unknown): Promise<void> {
  if (!(problem instanceof Refusal)) throw problem;
  await ask(desk, refused(problem));
}

export async function register(desk: Desk, session: Session): Promise<void> {
  const brought = await bring(desk, "wallet", {
    title: "Register a wallet",
    ask: "Show the wallet's descriptor, or its Coldcard multisig text, to the camera.",
  });
  if (brought === "back") return;
  const { keyring, network, curve } = session;
  const found = markOurs(readWallet(brought.message, network, curve), (fingerprint, path) =>
    fingerprint === keyring.fingerprint ? keyring.account(path) : undefined,
  );
  const name = await askName(desk, found.name);
  if (name === "back") return;
  const wallet = { ...found, name };
  checkRegistration(wallet, session.wallets);
  const first = addressOf(compile(wallet, curve).derive(wallet.receive, 0).scriptPubKey, network) ?? "";
  const answer = await ask(
    desk,
    heldQuestion(walletSheets(wallet, first), "hold ok to register", "do not register"),
  );
  if (answer === "no") return;
  await addWallet(session, wallet);
  // The card may have been slow: a key still held must not close what comes now.
  drain(desk);
  await ask(
    desk,
    notice("Registered", [
      { kind: "fact", label: "Wallet", value: name },
      { kind: "fact", label: "Its fingerprint", value: wallet.fingerprint },
      { kind: "fact", label: "First address", value: grouped(first) },
      {
        kind: "text",
        text: "Compare the first address, all of it, with the other cosigners, by voice. The fingerprint is short: it tells your wallets apart and proves nothing.",
      },
    ]),
  );
}

async function askName(desk: Desk, start: string): Promise<string> {
  const answer = await ask(
    desk,
    field({
      title: "Name the wallet",
      label: "Name",
      allowed: PRINTABLE,
      longest: LIMITS.walletNameChars,
      start,
      check: (value) => (value.trim() === "" ? "A wallet needs a name." : undefined),
    }),
  );
  return answer === "back" ? "back" : answer.value.trim();
}

async function look(desk: Desk, session: Session, wallet: Wallet): Promise<void> {
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
        if (await remove(desk, session, wallet).catch((problem: unknown) => tell(desk, problem))) return;
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
