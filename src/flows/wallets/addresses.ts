// A wallet's addresses: by pages and by index, and one of them large, as a code.

import { addressOf, type Template, type Wallet } from "../../bitcoin/index.ts";
import { LIMITS } from "../../limits.ts";
import { type AddressesOptions, addresses } from "../../screens/addresses.ts";
import { codes } from "../../screens/codes.ts";
import { DIGITS } from "../../screens/field.ts";
import { type Item, menu } from "../../screens/menu.ts";
import { addressFacts } from "../../screens/verified.ts";
import { numberWords } from "../../screens/ways.ts";
import { grouped } from "../../text.ts";
import { splitText } from "../../transport/index.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { orRefused } from "../or-refused.ts";
import { askText } from "../policy/asks.ts";
import type { Session } from "../session.ts";
import { addressAt } from "./facts.ts";
import { isReplaced } from "./kept.ts";

/** Said wherever an address of such a wallet is shown. */
const REPLACED = "replaced: do not receive here";

type Side = "receive" | "change";

/** One address of a wallet that is looked at. */
export interface Shown {
  readonly template: Template;
  readonly side: Side;
  readonly index: number;
  readonly address: string;
}

type Act = (desk: Desk, session: Session, shown: Shown) => Promise<unknown>;

/** What can be done with one address. */
const ACTIONS: readonly { readonly label: string; readonly act: Act }[] = [
  { label: "Show its code", act: showCode },
  { label: "Sign a message", act: signHere },
];

async function signHere(desk: Desk, session: Session, { template: { wallet }, side, index }: Shown) {
  const { signHere: sign } = await import("../messages/messages.ts");
  await sign(desk, session, { wallet, branch: wallet[side], index });
}

export async function explore(desk: Desk, session: Session, wallet: Wallet, side: Side): Promise<void> {
  const template = session.templates.find((one) => one.wallet === wallet)!;
  const at = (index: number): string =>
    addressOf(template.derive(wallet[side], index).scriptPubKey, session.network) ?? "";
  const mark = isReplaced(session, wallet) ? `, ${REPLACED}` : "";
  let index = 0;
  for (;;) {
    const picked = await pickIndex(desk, { title: `${wallet.name}: ${side}${mark}`, address: at }, index);
    if (picked === "back") return;
    index = picked;
    await lookAt(desk, session, {
      template,
      side,
      index,
      address: addressAt(session, wallet, wallet[side], index),
    });
  }
}

/** One of a wallet's addresses, by its index: from the pages, or typed. */
export async function pickIndex(
  desk: Desk,
  options: AddressesOptions,
  start: number,
): Promise<number | "back"> {
  let index = start;
  for (;;) {
    const picked = await ask(desk, addresses(options, index));
    if (picked === "back") return "back";
    if ("index" in picked) return picked.index;
    const wanted = await askIndex(desk, picked.typed);
    if (wanted !== "back") index = wanted;
  }
}

async function askIndex(desk: Desk, start: string): Promise<number | "back"> {
  const last = LIMITS.addressIndex;
  const typed = await askText(desk, "Go to an index", {
    ...{ label: "Index", allowed: DIGITS, longest: String(last).length, start },
    check: (value) =>
      value !== "" && Number(value) <= last ? undefined : `A number from 0 to ${numberWords(last)}.`,
  });
  return typed === "back" ? "back" : Number(typed);
}

async function lookAt(desk: Desk, session: Session, shown: Shown): Promise<void> {
  const { template, side, index, address } = shown;
  const items: Item<Act>[] = ACTIONS.map(({ label, act }) => ({ label, answer: act }));
  let cursor = 0;
  for (;;) {
    const title = `${template.wallet.name}: ${side} ${index}`;
    const back = { label: "back", answer: "back" } as const;
    const mark = isReplaced(session, template.wallet)
      ? [{ kind: "text", text: `It is ${REPLACED}.` } as const]
      : [];
    const above = [...mark, ...addressFacts(address)];
    const choice = await ask(desk, menu<Act | "back">({ title, above, items, back }, cursor));
    if (choice === "back") return;
    cursor = items.findIndex(({ answer }) => answer === choice);
    await orRefused(desk, () => choice(desk, session, shown));
  }
}

/** As it is, or as a link (BIP 21): in capitals, where the address allows it, the code has fewer modules. */
async function showCode(desk: Desk, session: Session, { template, side, index, address }: Shown) {
  const link = /^[a-z]+1[0-9a-z]+$/.test(address) ? `BITCOIN:${address.toUpperCase()}` : `bitcoin:${address}`;
  const mark = isReplaced(session, template.wallet) ? `It is ${REPLACED}. ` : "";
  let form: "plain" | "link" = "plain";
  for (;;) {
    const text = form === "plain" ? address : link;
    const answer = await ask(
      desk,
      codes(
        {
          title: `Address ${template.wallet[side]}/${index}`,
          caption: `${mark}${grouped(address)}`,
          loop: (density) => splitText(text, density),
          other: form === "plain" ? "as a bitcoin: link" : "the address alone",
        },
        desk.ports.panel.size(),
      ),
    );
    if (answer === "done") return;
    form = form === "plain" ? "link" : "plain";
  }
}
