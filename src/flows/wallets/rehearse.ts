// A backup of a wallet is read again and compared with what is registered: every key, path and rule.

import { readWallet, type Wallet, writePath } from "../../bitcoin/index.ts";
import type { Block } from "../../model.ts";
import { notice, question } from "../../screens/notice.ts";
import { type Difference, differsSheets } from "../../screens/wallet-life.ts";
import { wayWords } from "../../screens/ways.ts";
import { grouped } from "../../text.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { nowOf, type Session } from "../session.ts";
import { bring } from "../stick.ts";
import { changeKept, keptOf } from "./kept.ts";

export async function rehearse(desk: Desk, session: Session, wallet: Wallet): Promise<void> {
  const { network, curve } = session;
  const brought = await bring(desk, "wallet", {
    title: "Rehearse the backup",
    ask: `Show the backup of ${wallet.name} to the camera: the code on its page, or a file with its descriptor.`,
  });
  if (brought === "back") return;
  // Not one that was made on the way here: the very reader that restoring would use, and nothing that is kept.
  const read = readWallet(brought.message, network, curve);
  const differs = differences(wallet, read);
  if (differs.length > 0) {
    await ask(desk, question(differsSheets(wallet.name, differs), "close", "close"));
    return;
  }
  const { name, fingerprint } = wallet;
  const lines = [{ kind: "wallet-rehearsed", name, fingerprint } as const];
  await changeKept(session, wallet, { rehearsedMs: nowOf(session).ms }, lines);
  const kept = keptOf(session, wallet)
    ? "It is written down."
    : "An account of this device's own: nothing is kept.";
  await ask(
    desk,
    notice("The backup is right", [
      { kind: "text", text: `It says all that is registered of ${name}, key by key. ${kept}` },
      ...wallet.keys.map((key, place): Block => {
        const value = `${key.fingerprint} m${writePath(key.path)}`;
        return { kind: "fact", label: `Key ${place + 1}: equal`, value };
      }),
    ]),
  );
}

/** Nothing where both are the same wallet, whatever it is called in the file. */
function differences(kept: Wallet, read: Wallet): readonly Difference[] {
  if (kept.descriptor === read.descriptor) return [];
  const pair = (label: string, registered: string, found: string): Difference[] =>
    registered === found ? [] : [{ label, registered, read: found }];
  const most = Math.max(kept.keys.length, read.keys.length);
  const keys = Array.from({ length: most }, (_, place) =>
    pair(`Key ${place + 1}`, keyText(kept, place), keyText(read, place)),
  );
  const found = [
    ...pair("Script", kept.form, read.form),
    ...pair("To spend", waysText(kept), waysText(read)),
    ...keys.flat(),
  ];
  // The same keys and ways in another order, or on other branches.
  return found.length > 0 ? found : pair("Descriptor", kept.descriptor, read.descriptor);
}

function keyText({ keys }: Wallet, place: number): string {
  const key = keys[place];
  if (!key) return "none";
  return `${key.fingerprint} m${writePath(key.path)} ${grouped(key.extended)}`;
}

function waysText({ ways }: Wallet): string {
  return ways.map(({ condition }) => wayWords(condition)).join("; or ");
}
