// How many must sign, and whether fewer are enough after a long time.

import type { SharedForm } from "../../bitcoin/index.ts";
import { type Item, menu } from "../../screens/menu.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";

export interface Quorum {
  readonly threshold: number;
  readonly later?: { readonly threshold: number; readonly blocks: number };
}

/** Blocks come every ten minutes or so; BIP 68 counts up to 65,535. */
const LATER = [
  { blocks: 26_280, words: "about 6 months" },
  { blocks: 52_560, words: "about a year" },
] as const;

export async function askQuorum(desk: Desk, form: SharedForm, keys: number): Promise<Quorum | "back"> {
  const back = { label: "back", answer: "back" } as const;
  const items = Array.from({ length: keys }, (_, i) => ({
    label: `${i + 1} of ${keys}: ${loss(i + 1, keys)}`,
    answer: i + 1,
  }));
  const usual = Math.floor(keys / 2);
  const title = "How many must sign?";
  const threshold = await ask(desk, menu<number | "back">({ title, items, back }, usual));
  if (threshold === "back") return "back";
  if (form === "p2sh" || threshold === 1) return { threshold };
  return askLater(desk, threshold, keys);
}

/** What it means to lose keys. */
function loss(threshold: number, keys: number): string {
  const spare = keys - threshold;
  if (spare === 0) return "no key may be lost";
  return spare === 1 ? "1 key may be lost" : `${spare} keys may be lost`;
}

/** With the wallet's age: coins that lie still for so long need one key alone. Moving them begins the time anew. */
async function askLater(desk: Desk, threshold: number, keys: number): Promise<Quorum | "back"> {
  const back = { label: "back", answer: "back" } as const;
  const items: Item<Quorum>[] = [
    { label: "No: always as many", answer: { threshold } },
    ...LATER.map(({ blocks, words }) => ({
      label: `Yes: 1 of ${keys} for coins not moved in ${words}`,
      answer: { threshold, later: { threshold: 1, blocks } },
    })),
  ];
  const above = [
    {
      kind: "text",
      text: "Should fewer keys be enough for coins that lay still for long? Programs that only know quorums cannot watch such a wallet.",
    },
  ] as const;
  const title = "When keys are lost";
  return ask(desk, menu<Quorum | "back">({ title, above, items, back }));
}
