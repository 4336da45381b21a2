// Wallets and addresses, for the goldens.

import { addresses } from "../../src/screens/addresses.ts";
import { field, PRINTABLE } from "../../src/screens/field.ts";
import { question } from "../../src/screens/notice.ts";
import type { Screen } from "../../src/screens/screen.ts";
import { alikeSheet, notFoundSheets, type OwnFacts, ownSheets } from "../../src/screens/verified.ts";
import { type KeyFacts, type WalletFacts, walletSheets } from "../../src/screens/wallet.ts";
import type { Condition } from "../../src/ways.ts";

const ADDRESS = "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7";
const OWN: OwnFacts = {
  wallet: "Family 2-of-3",
  fingerprint: "0a1b2c3d",
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
const XPUB =
  "xpub6CatWdiZiodmUeTDp8LT5or8nmbKNcuyvz7WyksVFkKB4RHwCD3XyuvPEbvqAQY3rAPshWcMLoP2fMFMKHPJ4ZeZXYVUhLv1VMrjPC7PW6V";
const H = 0x80000000;
const key = (fingerprint: string, more: Partial<KeyFacts> = {}): KeyFacts => ({
  ...{ fingerprint, path: [H + 48, H, H, H + 2], extended: XPUB, ours: false },
  ...more,
});
const of = (...places: number[]): Condition[] => places.map((place) => ({ kind: "key", key: place }));
const some = (threshold: number, ...all: Condition[]): Condition => ({
  kind: "threshold",
  threshold,
  of: all,
});
const older = (value: number): Condition => ({ kind: "older", value });
const after = (value: number): Condition => ({ kind: "after", value });

/** Decaying, with a wait that is none and a date that is near. */
const DECAYING: WalletFacts = {
  name: "Family savings",
  fingerprint: "0a1b2c3d",
  form: "p2wsh",
  keys: [
    key("73c5da0a", { ours: true }),
    key("00000001", { name: "Anna" }),
    key("00000001", { path: [H + 48, H, H + 1, H + 2] }),
  ],
  ways: [
    { condition: some(2, ...of(0, 1, 2)) },
    { condition: some(2, older(26_000), some(1, ...of(1, 2))) },
    { condition: some(2, older(65_536), ...of(0)) },
    { condition: some(2, after(1_798_761_600), ...of(2)) },
  ],
  version: 2,
  replacedBy: "4d5e6f70",
};
const TREE: WalletFacts = {
  name: "Company",
  fingerprint: "0a1b2c3d",
  form: "p2tr",
  closed: true,
  keys: [
    key("", { nobodys: true, path: [] }),
    key("73c5da0a", { ours: true }),
    key("00000001", { name: "Anna" }),
    key("00000002", { name: "Ben" }),
  ],
  ways: [
    { condition: { kind: "musig", of: of(1, 2, 3) }, leaf: 0 },
    { condition: some(3, some(1, ...of(2, 3)), after(850_000), ...of(1)), leaf: 1 },
  ],
};
/** 2026-11-22. */
const DATED = { network: "mainnet", dateMs: 1_795_305_600_000 } as const;
const close = (sheets: Parameters<typeof question>[0]) => question(sheets, "close", "close");

export const WALLET_SCREENS: Readonly<Record<string, Screen<unknown>>> = {
  "wallet-ways": close(walletSheets(DECAYING, ADDRESS, DATED)),
  "wallet-leaves": close(walletSheets(TREE, ADDRESS, DATED)),
  "addresses-later": addresses({ title: "Family 2-of-3: receive", address: () => ADDRESS }, 99_990),
  "field-long": field({
    ...{ title: "Type a descriptor in", label: "Descriptor, with its checksum", allowed: PRINTABLE },
    ...{ longest: 4096, start: `wsh(sortedmulti(2,${XPUB}/<0;1>/*,${XPUB}/<0;1>/*,${XPUB}/<0;1>/*))#qc24` },
    check: () => undefined,
  }),
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
