// Home: what the owner can do while unlocked. Refusals end here, as notices; the session goes on.

import { Refusal } from "../refusal.ts";
import { menu } from "../screens/menu.ts";
import { refused } from "../screens/notice.ts";
import type { Desk } from "../ui.ts";
import { ask, Locked } from "../ui.ts";
import { journal } from "./journal.ts";
import { policy } from "./policy.ts";
import type { Session } from "./session.ts";
import { sign } from "./sign.ts";
import { wallets } from "./wallets.ts";

export async function home(desk: Desk, session: Session): Promise<never> {
  for (;;) {
    const choice = await ask(
      desk,
      menu<"sign" | "wallets" | "policy" | "journal" | "lock">({
        title: "Firn",
        above: [
          { kind: "text", text: `Key ${session.keyring.fingerprint}, ${session.wallets.length} wallets.` },
        ],
        items: [
          { label: "Sign a transaction", answer: "sign" },
          { label: "Wallets and addresses", answer: "wallets" },
          { label: "Policy", answer: "policy" },
          { label: "Journal", answer: "journal" },
          { label: "Lock", answer: "lock" },
        ],
      }),
    );
    try {
      if (choice === "lock") throw new Locked("asked");
      await FLOWS[choice](desk, session);
    } catch (problem) {
      if (!(problem instanceof Refusal)) throw problem;
      await ask(desk, refused(problem));
    }
  }
}

const FLOWS = { sign, wallets, policy, journal } as const;
