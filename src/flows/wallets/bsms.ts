// A wallet set up with records, as BIP 129 (Bitcoin Secure Multisig Setup) has it: for cosigners whose devices are no
// Firns, or who cannot meet.

import { menu } from "../../screens/menu.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { orRefused } from "../or-refused.ts";
import type { Session } from "../session.ts";
import { coordinate } from "./bsms-coordinator.ts";
import { joinWithKey, readWalletRecord } from "./bsms-signer.ts";

const ACTS = { key: joinWithKey, wallet: readWalletRecord, coordinate } as const;

export async function bsms(desk: Desk, session: Session): Promise<void> {
  for (;;) {
    const choice = await ask(
      desk,
      menu<keyof typeof ACTS | "back">({
        title: "Set up with BSMS",
        above: [
          { kind: "text", text: "Records between a coordinator and the cosigners, sealed with a token." },
        ],
        items: [
          { label: "Join: make your key record", answer: "key" },
          { label: "Join: read the wallet's record", answer: "wallet" },
          { label: "Coordinate: gather keys, make the wallet", answer: "coordinate" },
        ],
        back: { label: "back", answer: "back" },
      }),
    );
    if (choice === "back") return;
    await orRefused(desk, () => ACTS[choice](desk, session));
  }
}
