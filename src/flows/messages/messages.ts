// Messages: signed for an address, or verified. They move no money.

import type { Wallet } from "../../bitcoin/index.ts";
import { menu } from "../../screens/menu.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { orRefused } from "../or-refused.ts";
import type { Session } from "../session.ts";
import { signAt, signScanned } from "./sign-message.ts";
import { verifyScanned } from "./verify-message.ts";

const ITEMS = [
  { label: "Sign a message", answer: signScanned },
  { label: "Verify a signed message", answer: verifyScanned },
] as const;

const WORDS =
  "A signed message shows that somebody holds the keys of an address. One for an address of yours is typed there: Wallets, the wallet, its address.";

export async function messages(desk: Desk, session: Session): Promise<void> {
  let cursor = 0;
  for (;;) {
    const above = [{ kind: "text", text: WORDS }] as const;
    const back = { label: "back", answer: "back" } as const;
    const options = { title: "Messages", above, items: ITEMS, back };
    const picked = await ask(desk, menu<(typeof ITEMS)[number]["answer"] | "back">(options, cursor));
    if (picked === "back") return;
    cursor = ITEMS.findIndex(({ answer }) => answer === picked);
    await orRefused(desk, () => picked(desk, session));
  }
}

/** From an address that is looked at. */
export async function signHere(
  desk: Desk,
  session: Session,
  { wallet, branch, index }: { readonly wallet: Wallet; readonly branch: number; readonly index: number },
): Promise<void> {
  await orRefused(desk, () => signAt(desk, session, wallet, branch, index));
}
