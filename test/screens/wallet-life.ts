// What happens to wallets over the years, for the goldens.

import { notice, question } from "../../src/screens/notice.ts";
import type { Screen } from "../../src/screens/screen.ts";
import {
  changeSheets,
  differsSheets,
  healthSheets,
  lossSheets,
  replaceSheets,
  sweepBlocks,
} from "../../src/screens/wallet-life.ts";
import type { Condition, Way } from "../../src/ways.ts";

const of = (threshold: number, ...all: Condition[]): Condition => ({ kind: "threshold", threshold, of: all });
const keys = (...places: number[]): Condition[] => places.map((key) => ({ kind: "key", key }));
const plain: readonly Way[] = [{ condition: of(2, ...keys(0, 1, 2)) }];
const liana: readonly Way[] = [
  { condition: of(2, ...keys(0, 1, 2)) },
  { condition: of(2, of(1, ...keys(0, 3)), { kind: "older", value: 26_000 }) },
];
const name = (key: number) => ["your key", "Anna", "Berta", "Carla the notary"][key]!;
const facts = (ways: readonly Way[], held: readonly number[]) => ({
  ...{ name: "Family savings 2026", ways, held, nameOf: name },
});
const read = (sheets: Parameters<typeof question>[0]) => question(sheets, "close", "close");

export const WALLET_LIFE_SCREENS: Record<string, Screen<unknown>> = {
  "wallet-losses": read(lossSheets(facts(plain, [0, 1, 2]))),
  "wallet-losses-ways": read(lossSheets(facts(liana, [0, 1, 2, 3]))),
  "wallet-differs": read(
    differsSheets("Family savings 2026", [
      { label: "To spend", registered: "2 of 3 now", read: "1 of 3 now" },
      {
        label: "Key 3",
        registered: "3f635a63 m/48h/0h/0h/2h xpub 6CatWdiZiodmUeTDp8LT5or8nmbKNcuyvz7WyksVFkKB4",
        read: "none",
      },
    ]),
  ),
  "wallet-health": read(
    healthSheets({
      cosigners: [
        { name: "your key, 73c5da0a", alive: { date: "2026-11-22 12:00 UTC", late: false } },
        { name: "Anna, 3f635a63", alive: { date: "2025-03-01 09:30 UTC", late: true } },
        { name: "Carla the notary, 28645006" },
      ],
      rehearsed: { date: "2026-11-22 12:10 UTC", late: false },
      key: { fingerprint: "73c5da0a", rehearsed: false },
    }),
  ),
  "wallet-replace": question(replaceSheets(facts(plain, [0, 1, 2])), "go on", "leave"),
  "wallet-change": question(
    changeSheets({
      name: "Family savings 2026",
      stays: ["your key, 73c5da0a", "Anna, 3f635a63"],
      goes: ["Berta, 0badcafe"],
      comes: ["Carla the notary, 28645006"],
      ...{ before: plain, after: plain, nameBefore: name, nameAfter: name },
    }),
    "go on",
    "leave",
  ),
  "wallet-change-much": question(
    changeSheets({
      name: "Family savings 2026",
      stays: ["your key, 73c5da0a"],
      goes: ["Anna, 3f635a63", "Berta, 0badcafe"],
      comes: [],
      before: plain,
      after: [{ condition: keys(0)[0]! }],
      ...{ nameBefore: name, nameAfter: name },
    }),
    "go on",
    "leave",
  ),
  "wallet-sweep": notice("Now move the money", sweepBlocks("Family savings 2026", "Family savings 2026 2")),
};
