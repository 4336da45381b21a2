// Wallets and addresses, for the goldens.

import { addresses } from "../../src/screens/addresses.ts";
import { question } from "../../src/screens/notice.ts";
import type { Screen } from "../../src/screens/screen.ts";
import { alikeSheet, notFoundSheets, type OwnFacts, ownSheets } from "../../src/screens/verified.ts";

const ADDRESS = "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7";
const OWN: OwnFacts = {
  wallet: "Family 2-of-3",
  side: "receive",
  branch: 0,
  index: 17,
  address: ADDRESS,
  replaced: false,
};
const SAID = {
  wallet: "Famliy",
  index: 16,
  added: [
    { name: "amount", value: "0.015" },
    { name: "label", value: "Luke\u202e" },
    { name: "pj", value: "https://example.com/pay" },
  ],
};
const close = (sheets: Parameters<typeof question>[0]) => question(sheets, "close", "close");

export const WALLET_SCREENS: Readonly<Record<string, Screen<unknown>>> = {
  "addresses-later": addresses({ title: "Family 2-of-3: receive", address: () => ADDRESS }, 99_990),
  "verified-own": close(ownSheets(OWN, { added: [] })),
  "verified-doubts": close(
    ownSheets({ ...OWN, side: "change", branch: 1, index: 2017, replaced: true }, SAID),
  ),
  "verified-not": question(
    notFoundSheets(ADDRESS, { wallets: ["Family 2-of-3", "Savings"], count: 1000 }, SAID),
    "search far past these",
    "back",
  ),
  "verified-alike": question([alikeSheet(ADDRESS.replace("c5txsp9a", "x7qsp0tl"), OWN)], "go on", "back"),
};
