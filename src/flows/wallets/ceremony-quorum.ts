// How many must sign, and whether fewer are enough after a long time.

import type { SharedForm } from "../../bitcoin/index.ts";
import { type Item, menu } from "../../screens/menu.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";

export interface Quorum {
  readonly threshold: number;
  readonly asOne?: true;
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
  const asOne = form === "p2tr" && threshold === keys ? await askAsOne(desk) : {};
  if (asOne === "back") return "back";
  if (form === "p2sh" || threshold === 1) return { threshold };
  const later = await askLater(desk, keys);
  return later === "back" ? "back" : { threshold, ...asOne, ...later };
}

/** What it means to lose keys. */
function loss(threshold: number, keys: number): string {
  const spare = keys - threshold;
  if (spare === 0) return "no key may be lost";
  return spare === 1 ? "1 key may be lost" : `${spare} keys may be lost`;
}

/** All of them: each for itself, or as one key that nobody can tell from a single one. */
async function askAsOne(desk: Desk): Promise<{ readonly asOne?: true } | "back"> {
  const back = { label: "back", answer: "back" } as const;
  const items: Item<{ readonly asOne?: true }>[] = [
    { label: "Each signs for itself", answer: {} },
    { label: "All as one key (MuSig2)", answer: { asOne: true } },
  ];
  const text =
    "As one key a payment is small and looks like anybody's; but every device signs in two rounds, and few programs know such wallets.";
  const title = "How do all sign?";
  return ask(
    desk,
    menu<{ readonly asOne?: true } | "back">({ title, above: [{ kind: "text", text }], items, back }),
  );
}

/** By the age of the coins: what lay still for so long needs one key alone. Moving it begins the time anew. */
async function askLater(desk: Desk, keys: number): Promise<Pick<Quorum, "later"> | "back"> {
  const back = { label: "back", answer: "back" } as const;
  const items: Item<Pick<Quorum, "later">>[] = [
    { label: "No: always as many", answer: {} },
    ...LATER.map(({ blocks, words }) => ({
      label: `Yes: 1 of ${keys} for coins not moved in ${words}`,
      answer: { later: { threshold: 1, blocks } },
    })),
  ];
  const text =
    "Should fewer keys be enough for coins that lay still for long? Programs that only know quorums cannot watch such a wallet.";
  const title = "When keys are lost";
  return ask(
    desk,
    menu<Pick<Quorum, "later"> | "back">({ title, above: [{ kind: "text", text }], items, back }),
  );
}
