// Safes: what is registered, and what can be done with each.

import { chainName } from "../../assets.ts";
import { type Safe, safeText } from "../../safe.ts";
import { type Item, menu } from "../../screens/menu.ts";
import { heldQuestion, question } from "../../screens/notice.ts";
import { safeSheets } from "../../screens/safe.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { showText } from "../leave-text.ts";
import { orRefused } from "../or-refused.ts";
import type { Session } from "../session.ts";
import { ownOf, removeSafe, safesOf } from "./safe-kept.ts";
import {
  compareSafe,
  registerSafe,
  registerSafeByHand,
  renewSafe,
  renewSafeByHand,
} from "./safe-register.ts";

type Flow = (desk: Desk, session: Session) => Promise<void>;
type Act = (desk: Desk, session: Session, safe: Safe) => Promise<void>;

const BACK = { label: "back", answer: "back" } as const;

export async function safes(desk: Desk, session: Session): Promise<void> {
  let cursor = 0;
  for (;;) {
    const items: Item<Safe | Flow>[] = [
      { label: "Register a Safe", answer: registerSafe },
      ...safesOf(session).map((safe) => ({
        label: `${safe.name}, ${chainName(safe.chainId)}`,
        answer: safe,
      })),
      { label: "Register one by hand", answer: registerSafeByHand },
    ];
    const start = Math.min(cursor, items.length - 1);
    const choice = await ask(desk, menu<Safe | Flow | "back">({ title: "Safes", items, back: BACK }, start));
    if (choice === "back") return;
    cursor = items.findIndex(({ answer }) => answer === choice);
    // What was refused is said, and the list is there again.
    if (typeof choice === "function") await orRefused(desk, () => choice(desk, session));
    else await look(desk, session, choice);
  }
}

const ACTIONS: readonly Item<Act>[] = [
  { label: "Owners and threshold", answer: showFacts },
  { label: "Compare with the owners", answer: compareSafe },
  { label: "Show it to the owners", answer: showSafe },
  { label: "Owners changed", answer: renewSafe },
  { label: "Owners changed, by hand", answer: renewSafeByHand },
  { label: "Remove this Safe", answer: remove },
];

async function look(desk: Desk, session: Session, { chainId, address }: Safe): Promise<void> {
  let cursor = 0;
  for (;;) {
    const safe = safesOf(session).find((one) => one.chainId === chainId && one.address === address);
    if (safe === undefined) return;
    const { name } = safe;
    const choice = await ask(desk, menu<Act | "back">({ title: name, items: ACTIONS, back: BACK }, cursor));
    if (choice === "back") return;
    cursor = ACTIONS.findIndex(({ answer }) => answer === choice);
    await orRefused(desk, () => choice(desk, session, safe));
  }
}

async function showFacts(desk: Desk, session: Session, safe: Safe): Promise<void> {
  const own = await ownOf(desk, session, safe.owners);
  await ask(desk, question(safeSheets({ safe, own }), "close", "close"));
}

/** Another Firn registers it from this code, or from the file on the stick; nothing in it is secret. */
async function showSafe(desk: Desk, _session: Session, safe: Safe): Promise<void> {
  await showText(desk, {
    title: safe.name,
    text: safeText(safe),
    caption: "For the other owners' Firns: Ethereum, Safes, Register a Safe.",
    file: `firn-safe-${safe.fingerprint}`,
  });
}

/** Takes away what this device knows of it: what is in the Safe stays where it is. */
async function remove(desk: Desk, session: Session, safe: Safe): Promise<void> {
  const text = `${safe.name} is then unknown here: who owns it is no longer said when you sign for it. What is in it stays where it is.`;
  const sheets = [{ title: "Remove this Safe?", tone: "caution", blocks: [{ kind: "text", text }] }] as const;
  if ((await ask(desk, heldQuestion(sheets, "hold ok to remove", "keep it"))) === "yes")
    await removeSafe(session, safe);
}
