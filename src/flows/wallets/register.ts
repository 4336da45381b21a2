// Registering a wallet: read, walked through, compared with the other cosigners, sealed.

import {
  checkRegistration,
  checkUnnamed,
  markOurs,
  nameKeys,
  readWallet,
  type Wallet,
} from "../../bitcoin/index.ts";
import { LIMITS } from "../../limits.ts";
import type { WalletMessage } from "../../model.ts";
import { REFUSALS, Refusal } from "../../refusal.ts";
import { field, PRINTABLE } from "../../screens/field.ts";
import { heldQuestion, notice } from "../../screens/notice.ts";
import { grouped } from "../../text.ts";
import type { Desk } from "../../ui.ts";
import { ask, drain } from "../../ui.ts";
import { askText } from "../policy/asks.ts";
import type { Session } from "../session.ts";
import { addWallet } from "../session.ts";
import { bring } from "../stick.ts";
import { firstAddress, sheetsOfWallet } from "./facts.ts";
import { askHolders } from "./holders.ts";

const SHORT = "The fingerprint is short: it tells your wallets apart and proves nothing.";
const COMPARE = `The first address must be the one in your wallet program, all of it. ${SHORT}`;
const COMPARE_ALL = `Before any money comes compare with the other cosigners, by voice: the first address, all of it, or, surer, the code under Compare with the cosigners in this wallet's menu. ${SHORT}`;

export async function register(desk: Desk, session: Session): Promise<void> {
  const brought = await bring(desk, "wallet", {
    title: "Register a wallet",
    ask: "Show the wallet to the camera: its descriptor, or the file that your wallet program makes for cosigners.",
  });
  if (brought === "back") return;
  await registerText(desk, session, brought.message);
}

/** By hand: a descriptor's checksum finds what was typed wrong. */
export async function registerTyped(desk: Desk, session: Session): Promise<void> {
  const text = await askText(desk, "Type a descriptor in", {
    ...{ label: "Descriptor, with its checksum", allowed: PRINTABLE, longest: LIMITS.walletTextChars },
    check: (value) =>
      problemOf(() => markSession(session, readWallet(value, session.network, session.curve))),
  });
  if (text !== "back") await registerText(desk, session, text);
}

/** What was typed stays, and is mended. */
function problemOf(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (problem) {
    if (!(problem instanceof Refusal)) throw problem;
    const { reason, detail } = problem;
    return `${REFUSALS[reason].title} (${reason}${detail === "" ? "" : `: ${detail}`}).`;
  }
}

async function registerText(desk: Desk, session: Session, wallet: WalletMessage | string): Promise<void> {
  const found = markSession(session, readWallet(wallet, session.network, session.curve));
  const names = found.keys.some(({ name }) => name) ? await askHolders(desk, found, "Keep these names") : [];
  if (names === "back") return;
  await walkAndRegister(desk, session, { ...found, keys: nameKeys(found.keys, names) });
}

/** The keys that this device derives itself are marked. Throws Refusal bitcoin.key-not-ours, bitcoin.wallet-coin-type. */
export function markSession({ keyring }: Session, wallet: Wallet): Wallet {
  return markOurs(wallet, (fingerprint, path) =>
    fingerprint === keyring.fingerprint ? keyring.account(path) : undefined,
  );
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
  // Nobody names what is refused.
  checkUnnamed(found, session.wallets);
  const name = await askName(desk, session, found);
  if (name === "back") return "back";
  const wallet = { ...found, name };
  const answer = await ask(
    desk,
    heldQuestion(sheetsOfWallet(session, wallet), "hold ok to register", "do not register"),
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
      { kind: "fact", label: "First address", value: grouped(firstAddress(session, wallet)) },
      { kind: "text", text: wallet.keys.length > 1 ? COMPARE_ALL : COMPARE },
    ]),
  );
  return wallet;
}

async function askName(desk: Desk, session: Session, found: Wallet): Promise<string> {
  const answer = await ask(
    desk,
    field({
      title: "Name the wallet",
      label: "Name",
      allowed: PRINTABLE,
      longest: LIMITS.walletNameChars,
      start: found.name,
      check: (value) =>
        value.trim() === ""
          ? "A wallet needs a name."
          : problemOf(() => checkRegistration({ ...found, name: value.trim() }, session.wallets)),
    }),
  );
  return answer === "back" ? "back" : answer.value.trim();
}
