// An administrator makes or signs a document: he reads all of it, and his signature goes under it.

import { wipe } from "../../bytes.ts";
import { signText } from "../../keys/index.ts";
import type { FleetDocument } from "../../policy/index.ts";
import {
  isDescriptorsText,
  parsePolicy,
  readFleet,
  textFingerprint,
  withSignature,
  writeFleet,
  writePolicy,
} from "../../policy/index.ts";
import { refuse } from "../../refusal.ts";
import { DIGITS } from "../../screens/field.ts";
import type { Desk } from "../../ui.ts";
import { deliberately } from "../deliberate.ts";
import { signDescriptors } from "../ethereum/sign-descriptors.ts";
import { showText } from "../leave-text.ts";
import { askText, choose, chooseSome } from "../policy/asks.ts";
import { bringPolicy } from "../policy/policy.ts";
import type { Session } from "../session.ts";
import { askOwnName, ownKey } from "./fleet.ts";
import { askFleetName } from "./names.ts";
import { bringText, documentOf, documentSheets, signersOf } from "./read-document.ts";

export async function signDocument(desk: Desk, session: Session): Promise<void> {
  const given = await bringText(desk);
  if (given === "back") return;
  if (isDescriptorsText(given)) return signDescriptors(desk, session, given);
  const signed = documentOf(session, given);
  const { document, body, signatures } = signed;
  const { fleet } = session.state;
  if (fleet && fleet.name === document.fleet) signersOf(fleet, signed);
  const text = signatures.reduce((all, { name, signature }) => withSignature(all, name, signature), body);
  await sign(desk, session, document, text);
}

export async function makeDocument(desk: Desk, session: Session): Promise<void> {
  const policy = await choosePolicy(desk, session);
  if (policy === "back") return;
  const number = await askText(desk, "Number", {
    label: "Higher than what any device of the fleet has",
    allowed: DIGITS,
    longest: 9,
    start: String(Math.max(policy.number, session.state.policy.number) + 1),
    check: (value) => (/^[1-9]\d{0,8}$/.test(value) ? undefined : "A whole number from 1 on."),
  });
  if (number === "back") return;
  const fleet = session.state.fleet?.name ?? (await askFleetName(desk, "Fleet", "What this fleet is called"));
  if (fleet === "back") return;
  const wallets = await chooseWallets(desk, session);
  if (wallets === "back") return;
  const { network } = session;
  const numbered = { ...policy, number: Number(number), network };
  const text = writeFleet({ fleet, number: Number(number), network, wallets, policy: numbered });
  await sign(desk, session, readFleet(text).document, text);
}

async function choosePolicy(desk: Desk, session: Session) {
  const how = await choose<"own" | "text">(desk, "Whose rules", [
    { label: "Those of this device", answer: "own" },
    { label: "A policy's text", answer: "text" },
  ]);
  if (how === "back") return "back";
  return how === "own" ? parsePolicy(writePolicy(session.state.policy)) : bringPolicy(desk, session);
}

async function chooseWallets(desk: Desk, { state }: Session): Promise<FleetDocument["wallets"] | "back"> {
  if (state.wallets.length === 0) return [];
  const items = state.wallets.map((wallet, answer) => ({ label: wallet.name, answer }));
  const how = await choose<"none" | "some">(desk, "Wallets", [
    { label: "No wallets", answer: "none" },
    { label: "Some of the registered ones", answer: "some" },
  ]);
  if (how === "back") return "back";
  if (how === "none") return [];
  const picked = await chooseSome(desk, "Wallets", items, []);
  if (picked === "back") return "back";
  return picked.map((index) => {
    const { name, descriptor } = state.wallets[index]!;
    return { name, descriptor };
  });
}

/** `text`: the document with the signatures that it has. All of it is read, and what the gesture asks is signed. */
async function sign(desk: Desk, session: Session, document: FleetDocument, text: string): Promise<void> {
  const name = await askOwnName(desk, session);
  if (name === "back") return;
  const { body, signatures } = readFleet(text);
  checkSigner(session, document, name);
  if (signatures.some((one) => one.name === name)) refuse("fleet.malformed", `${name} signed it already`);
  const before = signatures.map((one) => one.name).join(", ") || "nobody yet";
  const sheets = documentSheets(desk, document, before);
  if ((await deliberately(desk, sheets, "to sign it")) === "no") return;
  const signed = withSignature(text, name, signatureOf(session, body));
  const fingerprint = textFingerprint(body);
  const { fleet, number } = document;
  await session.journal.append({ kind: "fleet-signed", name: fleet, number, fingerprint });
  await showText(desk, {
    ...{ title: `Fleet ${fleet}, document ${number}`, text: signed },
    ...{
      caption: "Scan it with the next administrator's Firn, or with the devices.",
      file: `firn-fleet-${number}`,
    },
  });
}

/** Where this device belongs to the same fleet, its card must be among those that the fleet knows. */
export function checkSigner(session: Session, document: { readonly fleet: string }, name: string): void {
  const { fleet } = session.state;
  if (!fleet || fleet.name !== document.fleet) return;
  const publicKey = ownKey(session);
  if (!fleet.admins.some((admin) => admin.name === name && admin.publicKey === publicKey))
    refuse("fleet.not-administrator", name);
}

export function signatureOf({ vault }: Session, body: string): string {
  const secret = vault.derive("fleet");
  try {
    return signText(secret, body);
  } finally {
    wipe(secret);
  }
}
