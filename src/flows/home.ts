// Home: what the owner can do while unlocked. Refusals end here, as notices; the session goes on.

import { Refusal } from "../refusal.ts";
import { menu } from "../screens/menu.ts";
import { refused } from "../screens/notice.ts";
import type { Desk } from "../ui.ts";
import { ask, Locked } from "../ui.ts";
import { orRefused } from "./or-refused.ts";
import { applyDue } from "./policy/pending.ts";
import type { Session } from "./session.ts";
import { sign } from "./sign.ts";
import { shutsKeys } from "./this-machine.ts";
import { overdueNote } from "./wallets/overdue.ts";

const ITEMS = [
  { label: "Sign a transaction", answer: "sign" },
  { label: "Wallets and addresses", answer: "wallets" },
  { label: "Ethereum", answer: "ethereum" },
  { label: "Policy", answer: "policy" },
  { label: "Journal", answer: "journal" },
  { label: "Emergency", answer: "emergency" },
  { label: "Keys and backups", answer: "keys" },
  { label: "Settings", answer: "settings" },
  { label: "Lock", answer: "lock" },
] as const;

const OFF = { label: "Turn off", answer: "off" } as const;
type Choice = (typeof ITEMS)[number]["answer"] | "off";

export async function home(desk: Desk, session: Session): Promise<never> {
  let cursor = 0;
  const items = desk.ports.power ? [...ITEMS, OFF] : ITEMS;
  for (;;) {
    // What cannot be kept now is tried again; the menu is there meanwhile.
    await orRefused(desk, () => applyDue(desk, session));
    const above = [{ kind: "text", text: headOf(session) }] as const;
    const choice = await ask(desk, menu<Choice>({ title: "Firn", above, items }, cursor));
    // Whoever comes back finds the cursor where it was.
    cursor = items.findIndex(({ answer }) => answer === choice);
    try {
      if (choice === "lock") throw new Locked("asked");
      if (choice === "off") throw new Locked("off");
      await FLOWS[choice](desk, session);
    } catch (problem) {
      if (!(problem instanceof Refusal)) throw problem;
      await ask(desk, refused(problem));
      // The next start looks again, and keeps them shut.
      if (shutsKeys(problem)) throw new Locked("asked");
    }
  }
}

/** The key by its name where there could be a doubt which one answers. */
function headOf(session: Session): string {
  const { key, keyring, state, temporary, wallets } = session;
  const { fingerprint } = keyring;
  const which = temporary
    ? `${fingerprint}, for this session only`
    : state.keys.length > 1
      ? `${fingerprint}, ${key.name}`
      : fingerprint;
  const only = state.sweep ? " Only a sweep to the successor is signed." : "";
  return `Key ${which}, ${wallets.length} wallets.${only}${overdueNote(session)}`;
}

type Flow = (desk: Desk, session: Session) => Promise<void>;

/** Signing is there at once; what else there is is loaded when it is asked for, so that a home opens as soon as before there were rules. */
const FLOWS: Readonly<Record<Exclude<Choice, "lock" | "off">, Flow>> = {
  sign,
  wallets: async (...all) => (await import("./wallets/wallets.ts")).wallets(...all),
  ethereum: async (...all) => (await import("./ethereum/ethereum.ts")).ethereum(...all),
  policy: async (...all) => (await import("./policy/policy.ts")).policy(...all),
  journal: async (...all) => (await import("./journal/journal.ts")).journal(...all),
  emergency: async (...all) => (await import("./emergency/emergency.ts")).emergency(...all),
  keys: async (...all) => (await import("./keys/keys.ts")).keys(...all),
  settings: async (...all) => (await import("./settings/settings.ts")).settings(...all),
};
