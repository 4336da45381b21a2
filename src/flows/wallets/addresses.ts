// A wallet's addresses, one at a time, each as a code.

import { addressOf, type Wallet } from "../../bitcoin/index.ts";
import { addresses } from "../../screens/addresses.ts";
import { codes } from "../../screens/codes.ts";
import { grouped } from "../../text.ts";
import { splitText } from "../../transport/index.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import type { Session } from "../session.ts";

export async function explore(
  desk: Desk,
  session: Session,
  wallet: Wallet,
  which: "receive" | "change",
): Promise<void> {
  const template = session.templates.find((one) => one.wallet === wallet)!;
  const branch = wallet[which];
  const at = (index: number) => addressOf(template.derive(branch, index).scriptPubKey, session.network) ?? "";
  let index = 0;
  for (;;) {
    const title = `${wallet.name}: ${which}`;
    const picked = await ask(desk, addresses({ title, branch, address: at }, index));
    if (picked === "back") return;
    index = picked.index;
    const text = at(index);
    await ask(
      desk,
      codes(
        {
          title: `Address ${branch}/${index}`,
          caption: grouped(text),
          loop: (density) => splitText(text, density),
        },
        desk.ports.panel.size(),
      ),
    );
  }
}
