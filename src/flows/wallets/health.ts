// How well a wallet is looked after: when each cosigner was last known to be able to sign, and when its backup was read.

import type { Wallet } from "../../bitcoin/index.ts";
import { menu } from "../../screens/menu.ts";
import { question } from "../../screens/notice.ts";
import { type Health, healthSheets, type Seen } from "../../screens/wallet-life.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { isRehearsed } from "../backups/records.ts";
import { dateOf, nowOf, type Session } from "../session.ts";
import { backup } from "./backup.ts";
import { drill } from "./drill.ts";
import { hasCosigners, heldKeys, holderLabel, keptOf } from "./kept.ts";
import { isOverdue, overdueOf } from "./overdue.ts";

export async function health(desk: Desk, session: Session, wallet: Wallet): Promise<void> {
  let cursor = 0;
  for (;;) {
    const overdue = overdueOf(session, wallet);
    const text = overdue.length === 0 ? "Nothing is overdue." : `Overdue for a year: ${overdue.join(", ")}.`;
    const items = [
      { label: "Report", answer: "report" },
      ...(hasCosigners(session, wallet)
        ? [{ label: "Drill: can all still sign?", answer: "drill" } as const]
        : []),
      { label: "Backup of the wallet", answer: "backup" },
    ] as const;
    const back = { label: "back", answer: "back" } as const;
    const options = {
      title: `Health: ${wallet.name}`,
      above: [{ kind: "text", text } as const],
      items,
      back,
    };
    const choice = await ask(desk, menu<(typeof items)[number]["answer"] | "back">(options, cursor));
    if (choice === "back") return;
    cursor = items.findIndex(({ answer }) => answer === choice);
    if (choice === "report")
      await ask(desk, question(healthSheets(healthOf(session, wallet)), "close", "close"));
    else if (choice === "drill") await drill(desk, session, wallet);
    else await backup(desk, session, wallet);
  }
}

function healthOf(session: Session, wallet: Wallet): Health {
  const kept = keptOf(session, wallet);
  const seen = (ms: number | undefined): Seen | undefined =>
    ms ? { date: dateOf(session, ms), late: isOverdue(nowOf(session).ms, ms) } : undefined;
  const rehearsed = seen(kept?.rehearsedMs);
  return {
    cosigners: heldKeys(wallet).map((place) => {
      const alive = seen(kept?.aliveMs?.[place]);
      return { name: holderLabel(wallet, place), ...(alive ? { alive } : {}) };
    }),
    ...(rehearsed ? { rehearsed } : {}),
    key: { fingerprint: session.key.fingerprint, rehearsed: isRehearsed(session.key) },
  };
}
