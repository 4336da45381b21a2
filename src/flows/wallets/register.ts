// Registering a wallet: read, walked through, compared with the other cosigners, sealed.

import {
  addressOf,
  checkRegistration,
  compile,
  markOurs,
  readWallet,
  type Wallet,
} from "../../bitcoin/index.ts";
import { LIMITS } from "../../limits.ts";
import { field, PRINTABLE } from "../../screens/field.ts";
import { heldQuestion, notice } from "../../screens/notice.ts";
import { walletSheets } from "../../screens/wallet.ts";
import { grouped } from "../../text.ts";
import type { Desk } from "../../ui.ts";
import { ask, drain } from "../../ui.ts";
import type { Session } from "../session.ts";
import { addWallet } from "../session.ts";
import { bring } from "../stick.ts";
import { factsOf } from "./facts.ts";

export async function register(desk: Desk, session: Session): Promise<void> {
  const brought = await bring(desk, "wallet", {
    title: "Register a wallet",
    ask: "Show the wallet's descriptor, or its Coldcard multisig text, to the camera.",
  });
  if (brought === "back") return;
  const { keyring, network, curve } = session;
  const found = markOurs(readWallet(brought.message, network, curve), (fingerprint, path) =>
    fingerprint === keyring.fingerprint ? keyring.account(path) : undefined,
  );
  await walkAndRegister(desk, session, found);
}

/**
 * A wallet whose own keys are marked: named, walked through, held for, sealed. `replaces`: whose place it takes.
 * "back": it is not registered.
 */
export async function walkAndRegister(
  desk: Desk,
  session: Session,
  found: Wallet,
  replaces?: Wallet,
): Promise<Wallet | "back"> {
  const { network, curve } = session;
  const name = await askName(desk, found.name);
  if (name === "back") return "back";
  const wallet = { ...found, name };
  checkRegistration(wallet, session.wallets);
  const first = addressOf(compile(wallet, curve).derive(wallet.receive, 0).scriptPubKey, network) ?? "";
  const answer = await ask(
    desk,
    heldQuestion(walletSheets(factsOf(wallet), first), "hold ok to register", "do not register"),
  );
  if (answer === "no") return "back";
  await addWallet(session, wallet, replaces);
  // The card may have been slow: a key still held must not close what comes now.
  drain(desk);
  await ask(
    desk,
    notice("Registered", [
      { kind: "fact", label: "Wallet", value: name },
      { kind: "fact", label: "Its fingerprint", value: wallet.fingerprint },
      { kind: "fact", label: "First address", value: grouped(first) },
      {
        kind: "text",
        text: "Compare the first address, all of it, with the other cosigners, by voice. The fingerprint is short: it tells your wallets apart and proves nothing.",
      },
    ]),
  );
  return wallet;
}

async function askName(desk: Desk, start: string): Promise<string> {
  const answer = await ask(
    desk,
    field({
      title: "Name the wallet",
      label: "Name",
      allowed: PRINTABLE,
      longest: LIMITS.walletNameChars,
      start,
      check: (value) => (value.trim() === "" ? "A wallet needs a name." : undefined),
    }),
  );
  return answer === "back" ? "back" : answer.value.trim();
}
