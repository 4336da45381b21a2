// Home: what the owner can do while unlocked. Refusals end here, as notices; the session goes on.

import { Refusal } from "../refusal.ts";
import { menu } from "../screens/menu.ts";
import { refused } from "../screens/notice.ts";
import type { Desk } from "../ui.ts";
import { ask, Locked } from "../ui.ts";
import { emergency } from "./emergency/emergency.ts";
import { orRefused } from "./entry/chance.ts";
import { journal } from "./journal/journal.ts";
import { keys } from "./keys/keys.ts";
import { applyDue } from "./policy/pending.ts";
import { policy } from "./policy/policy.ts";
import type { Session } from "./session.ts";
import { settings } from "./settings/settings.ts";
import { sign } from "./sign.ts";
import { shutsKeys } from "./this-machine.ts";
import { wallets } from "./wallets.ts";

const ITEMS = [
  { label: "Sign a transaction", answer: "sign" },
  { label: "Wallets and addresses", answer: "wallets" },
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
function headOf({ key, keyring, state, temporary, wallets }: Session): string {
  const { fingerprint } = keyring;
  const which = temporary
    ? `${fingerprint}, for this session only`
    : state.keys.length > 1
      ? `${fingerprint}, ${key.name}`
      : fingerprint;
  const only = state.sweep ? " Only a sweep to the successor is signed." : "";
  return `Key ${which}, ${wallets.length} wallets.${only}`;
}

const FLOWS = { sign, wallets, policy, journal, emergency, keys, settings } as const;
