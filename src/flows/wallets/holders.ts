// What the owner calls who holds each key of a wallet: words for people, no part of the wallet itself.

import { compile, nameKeys, type Wallet } from "../../bitcoin/index.ts";
import { LIMITS } from "../../limits.ts";
import { PRINTABLE } from "../../screens/field.ts";
import { type Item, menu } from "../../screens/menu.ts";
import { pathText } from "../../screens/wallet.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { askText } from "../policy/asks.ts";
import type { Session } from "../session.ts";
import { changeKept } from "./kept.ts";

/** In the wallet's own menu: kept at once. */
export async function nameHolders(desk: Desk, session: Session, wallet: Wallet): Promise<void> {
  const names = await askHolders(desk, wallet, "keep these");
  if (names === "back" || names.every((name, place) => name === nameOf(wallet, place))) return;
  await changeKept(session, wallet, { cosigners: names });
  const named = { ...wallet, keys: nameKeys(wallet.keys, names) };
  const at = session.wallets.indexOf(wallet);
  session.wallets[at] = named;
  session.templates[at] = compile(named, session.curve);
}

/** Of every key the name of its holder, "" where there is none; from those that are there. */
export async function askHolders(
  desk: Desk,
  wallet: Wallet,
  done: string,
): Promise<readonly string[] | "back"> {
  let names = wallet.keys.map((_, place) => nameOf(wallet, place));
  let cursor = 0;
  for (;;) {
    const items: Item<number | "done">[] = [
      { label: done, answer: "done" },
      ...others(wallet).map((place) => ({ label: labelOf(wallet, place, names[place]!), answer: place })),
    ];
    const back = { label: "back", answer: "back" } as const;
    const title = "Who holds which key";
    const picked = await ask(desk, menu<number | "done" | "back">({ title, items, back }, cursor));
    if (picked === "back") return "back";
    if (picked === "done") return names;
    cursor = items.findIndex(({ answer }) => answer === picked);
    const name = await askHolder(desk, wallet, picked, names);
    if (name !== "back") names = names.map((before, place) => (place === picked ? name : before));
  }
}

/** Places of the keys that others hold. */
function others({ keys }: Wallet): readonly number[] {
  return [...keys.keys()].filter((place) => !keys[place]!.ours && !keys[place]!.nobodys);
}

function nameOf({ keys }: Wallet, place: number): string {
  return keys[place]!.name ?? "";
}

function labelOf({ keys }: Wallet, place: number, name: string): string {
  const { fingerprint, path } = keys[place]!;
  return `${place + 1}: ${name === "" ? "no name" : name}, ${fingerprint} ${pathText(path)}`;
}

function askHolder(
  desk: Desk,
  wallet: Wallet,
  place: number,
  names: readonly string[],
): Promise<string | "back"> {
  const { fingerprint } = wallet.keys[place]!;
  const taken = names.filter((name, other) => other !== place && name !== "").map(small);
  return askText(desk, `Key ${place + 1}: ${fingerprint}`, {
    ...{ label: "Who holds it", allowed: PRINTABLE, longest: LIMITS.walletNameChars, start: names[place]! },
    check: (value) => {
      if (taken.includes(small(value))) return "Another key has this name.";
      const kept = nameKeys([wallet.keys[place]!], [value])[0]!.name;
      return value.trim() !== "" && kept === undefined
        ? "Firn itself says so of keys: another name."
        : undefined;
    },
  });
}

function small(name: string): string {
  return name.trim().toLowerCase();
}
