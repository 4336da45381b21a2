// A stick is let in or not: off until the owner switches it on, and asking for more than a payment does.

import type { Desk } from "../../ui.ts";
import { deliberately } from "../deliberate.ts";
import type { Session } from "../session.ts";
import { keepLock } from "../session.ts";
import { stickFor } from "../stick.ts";

const ON = {
  title: "Let a stick in?",
  tone: "caution",
  blocks: [
    {
      kind: "text",
      text: "Transactions, wallets and backups then come and go on a USB stick too, with the same checks as by code. A stick is more than a picture: it has a chip of its own that talks to this machine's kernel.",
    },
    {
      kind: "text",
      text: "Only a plain stick is let in, and only while one of its screens asks for it: to be read, or to take one new file. Use one that you use for nothing else.",
    },
  ],
} as const;

export async function stick(desk: Desk, session: Session): Promise<void> {
  const { stick: on, ...off } = session.state;
  const line = { kind: "lock-changed", what: on ? "stick-off" : "stick-on" } as const;
  if (!on && (await deliberately(desk, [ON], "to let a stick in")) === "no") return;
  await keepLock(desk, session, on ? off : { ...off, stick: true }, line);
  desk.stick = stickFor(desk, session.state);
}
