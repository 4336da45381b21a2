// A device takes what enough administrators signed: wallets first, then the policy, as any other policy is taken.

import type { Wallet } from "../../bitcoin/index.ts";
import { checkRegistration, markOurs, readWallet } from "../../bitcoin/index.ts";
import { type FleetWallet, isDescriptorsText, type SignedDocument } from "../../policy/index.ts";
import { refuse } from "../../refusal.ts";
import { heldQuestion, question } from "../../screens/notice.ts";
import type { Desk } from "../../ui.ts";
import { ask, drain } from "../../ui.ts";
import { takeDescriptors } from "../ethereum/take-descriptors.ts";
import { take } from "../policy/take.ts";
import { addWallet, type Session } from "../session.ts";
import { sheetsOfWallet } from "../wallets/facts.ts";
import { bringText, documentOf, documentSheets, signersOf } from "./read-document.ts";

/**
 * Its number is its policy's, and only grows: an older document brings nothing back. What it allows that is not allowed
 * now waits, as whatever anybody else asks for.
 */
export async function takeDocument(desk: Desk, session: Session): Promise<void> {
  if (!session.state.fleet) refuse("fleet.none");
  const text = await bringText(desk);
  if (text === "back") return;
  if (isDescriptorsText(text)) return takeDescriptors(desk, session, text);
  const signed = documentOf(session, text);
  const signers = checkSigned(session, signed);
  const { document } = signed;
  const sheets = documentSheets(desk, document, signers.join(", "));
  if ((await ask(desk, question(sheets, "go on", "leave"))) === "no") return;
  for (const kept of document.wallets) if ((await takeWallet(desk, session, kept)) === "left") return;
  await take(desk, session, document.policy, "fleet");
}

function checkSigned({ state }: Session, signed: SignedDocument): readonly string[] {
  const fleet = state.fleet!;
  const { document } = signed;
  if (document.fleet !== fleet.name) refuse("fleet.other", document.fleet);
  if (document.number <= state.policy.number)
    refuse("fleet.older", `number ${document.number}; ${state.policy.number} holds`);
  const signers = signersOf(fleet, signed);
  if (signers.length < fleet.need)
    refuse("fleet.signatures", `${signers.length} of the ${fleet.need} that are needed`);
  return signers;
}

/** Known ones are passed over; one without a key of ours is no matter of this device. */
async function takeWallet(desk: Desk, session: Session, kept: FleetWallet): Promise<"taken" | "left"> {
  const { keyring, network, curve } = session;
  const wallet: Wallet = markOurs(
    readWallet(kept.descriptor, network, curve, kept.name),
    (fingerprint, path) => (fingerprint === keyring.fingerprint ? keyring.account(path) : undefined),
  );
  const isKnown = session.wallets.some(
    ({ descriptor, name }) => descriptor === wallet.descriptor && name === wallet.name,
  );
  if (isKnown || !wallet.keys.some(({ ours }) => ours)) return "taken";
  checkRegistration(wallet, session.wallets);
  const answer = await ask(
    desk,
    heldQuestion(sheetsOfWallet(session, wallet), "hold ok to register", "leave"),
  );
  if (answer === "no") return "left";
  await addWallet(session, wallet);
  drain(desk);
  return "taken";
}
