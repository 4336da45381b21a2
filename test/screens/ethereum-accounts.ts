// Accounts of Ethereum, connecting, and whose an address is.

import type { Address } from "../../src/eip55.ts";
import { addresses } from "../../src/screens/addresses.ts";
import {
  alikeAccountSheet,
  connectSheets,
  foreignSheets,
  listedSheets,
  ownAccountBlocks,
  ownAccountSheets,
  ownSafeSheets,
} from "../../src/screens/ethereum-address.ts";
import { menu } from "../../src/screens/menu.ts";
import { question } from "../../src/screens/notice.ts";
import type { Sheet } from "../../src/screens/pages.ts";
import type { Screen } from "../../src/screens/screen.ts";

const FIRST: Address = "0x9858EfFD232B4033E47d90003D41EC34EcaEda94";
const POISON: Address = "0x985800000000000000000000000000000000dA94";
const OWN = { name: "account 0", path: "m/44'/60'/0'/0/0", address: FIRST, far: false };
const BARE = { added: [], checked: true };

const shows = (sheets: readonly Sheet[]): Screen<unknown> => question(sheets, "close", "close");

export const ETHEREUM_ACCOUNT_SCREENS: Readonly<Record<string, Screen<unknown>>> = {
  "eth-accounts": addresses({ title: "Accounts m/44'/60'/0'/0/i", address: () => FIRST }),
  "eth-account": menu({
    title: "Ethereum: account 0",
    above: ownAccountBlocks(OWN),
    items: [{ label: "Show its code", answer: "code" }],
    back: { label: "back", answer: "back" },
  }),
  "eth-account-far": menu({
    title: "Ethereum: Ledger Live account 100000",
    above: ownAccountBlocks({ ...OWN, path: "m/44'/60'/100000'/0/0", far: true }),
    items: [{ label: "Show its code", answer: "code" }],
    back: { label: "back", answer: "back" },
  }),
  "eth-connect": shows(
    connectSheets({
      name: "MetaMask",
      steps: "In MetaMask: add a hardware wallet, QR-based, continue, and scan.",
      note: "It takes one device that signs by codes at a time: remove another one there first.",
      layout: "standard",
      path: "m/44'/60'/0'/0/i",
    }),
  ),
  "eth-own-account": shows(ownAccountSheets(OWN, BARE)),
  "eth-own-account-asked": shows(
    ownAccountSheets(
      { ...OWN, name: "old Ledger account 450", path: "m/44'/60'/0'/450", far: true },
      {
        chain: "Polygon",
        coin: "coin/pol",
        checked: false,
        added: [
          { name: "value", value: "2014000000000000000" },
          { name: "la\u202Ebel", value: "rent\n" },
        ],
      },
    ),
  ),
  "eth-own-safe": shows(
    ownSafeSheets({ name: "Treasury", fingerprint: "0a1b2c3d", chain: "Gnosis", address: FIRST }, BARE),
  ),
  "eth-own-safe-elsewhere": shows(
    ownSafeSheets(
      { name: "Treasury", fingerprint: "0a1b2c3d", chain: "Gnosis", address: FIRST },
      { ...BARE, chain: "Ethereum" },
    ),
  ),
  "eth-listed": shows(listedSheets(FIRST, ["USDC, a token (Ethereum)"], BARE)),
  "eth-not-yours": shows(foreignSheets(FIRST, 100, { ...BARE, chainSaid: "xyz" })),
  "eth-alike": shows([alikeAccountSheet(POISON, OWN)]),
};
