// A wallet program is connected: it learns the addresses of one layout, and no key that signs.

import { ethereumPairing, type Layout } from "../../ethereum/index.ts";
import { connectSheets } from "../../screens/ethereum-address.ts";
import { question } from "../../screens/notice.ts";
import { splitEthereumPairing } from "../../transport/index.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { choose } from "../policy/asks.ts";
import type { Session } from "../session.ts";
import { letOut } from "../wallets/export-forms.ts";
import { LAYOUT_ITEMS, LAYOUT_PATHS } from "./own.ts";

interface Program {
  readonly name: string;
  /** What to press there, as far as its makers say. */
  readonly steps: string;
  readonly note?: string;
}

const ONE_DEVICE = "It takes one device that signs by codes at a time: remove another one there first.";

const PROGRAMS: readonly Program[] = [
  {
    name: "MetaMask",
    steps: "In MetaMask: add a hardware wallet, QR-based, continue, and scan.",
    note: ONE_DEVICE,
  },
  {
    name: "Rabby",
    steps: "In Rabby: connect hardware wallets, AirGap Vault (or Keystone, QR code), and scan.",
    note: ONE_DEVICE,
  },
  {
    name: "imToken",
    steps: "In imToken: add a wallet that is watched, and scan.",
    note: "This was not tried with imToken. If it asks for an address alone, show that: Accounts, Show its code.",
  },
  {
    name: "Safe{Wallet}",
    steps:
      "Safe has no codes of its own: connect MetaMask or Rabby to Firn, and open Safe in the same browser.",
  },
  {
    name: "Another program",
    steps: "There: add a hardware wallet that signs by QR codes (ERC 4527), and scan.",
    note: "OKX Wallet reads only a form of code that Firn does not show: use MetaMask or Rabby.",
  },
];

export async function connect(desk: Desk, session: Session): Promise<void> {
  let cursor = 0;
  for (;;) {
    const items = PROGRAMS.map((program) => ({ label: program.name, answer: program }));
    const program = await choose<Program>(desk, "Connect a wallet program", items, undefined, cursor);
    if (program === "back") return;
    cursor = PROGRAMS.indexOf(program);
    await withLayout(desk, session, program);
  }
}

async function withLayout(desk: Desk, session: Session, program: Program): Promise<void> {
  const layout = await choose<Layout>(desk, "Which accounts?", LAYOUT_ITEMS, WHICH);
  if (layout === "back") return;
  if (
    (await ask(
      desk,
      question(connectSheets({ ...program, layout, path: LAYOUT_PATHS[layout] }), "show the code", "back"),
    )) === "no"
  )
    return;
  const { keyring, curve } = session;
  const pairing = ethereumPairing(layout, (path) => keyring.account(path), curve);
  const loop = (density: Parameters<typeof splitEthereumPairing>[1]) =>
    splitEthereumPairing(pairing, density);
  await letOut(desk, {
    title: `Connect ${program.name}`,
    caption: program.steps,
    loop,
    file: { text: `${loop("high").texts.join("\n")}\n`, file: `firn-ethereum-${layout}` },
  });
}

const WHICH = "Take the first, unless the coins were kept on a Ledger before.";
