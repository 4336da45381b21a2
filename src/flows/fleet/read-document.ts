// A fleet's document as it is read before anybody takes or signs it: all of it.

import { readWallet } from "../../bitcoin/index.ts";
import { isTextSignedBy } from "../../keys/index.ts";
import type { FleetDocument, Signed, SignedDocument } from "../../policy/index.ts";
import { readFleet } from "../../policy/index.ts";
import { refuse } from "../../refusal.ts";
import type { Sheet } from "../../screens/pages.ts";
import { grouped, shown } from "../../text.ts";
import type { Desk } from "../../ui.ts";
import { policySheets } from "../policy/read.ts";
import type { Session } from "../session.ts";
import type { Fleet } from "../state-parts.ts";
import { bring } from "../stick.ts";

/** Rules and wallets, or descriptors: its first line says which. */
export async function bringText(desk: Desk): Promise<string | "back"> {
  const brought = await bring(desk, "document", {
    title: "A fleet's document",
    ask: "Show the document, as codes, to the camera.",
  });
  return brought === "back" ? "back" : brought.message.text;
}

/** Throws Refusal fleet.malformed, policy.malformed, bitcoin.* for a wallet that is none. */
export function documentOf(session: Session, text: string): SignedDocument {
  const signed = readFleet(text);
  const { document } = signed;
  if (document.network !== session.network) refuse("fleet.other", document.network);
  for (const { name, descriptor } of document.wallets)
    readWallet(descriptor, session.network, session.curve, name);
  return signed;
}

/** Names of the administrators whose signatures hold. One that does not hold is no accident. */
export function signersOf({ admins }: Fleet, { body, signatures }: Signed): readonly string[] {
  return signatures.flatMap(({ name, signature }) => {
    const admin = admins.find((one) => one.name === name);
    if (!admin) return [];
    if (!isTextSignedBy(admin.publicKey, body, signature)) return refuse("fleet.signature-wrong", name);
    return [name];
  });
}

/** Who signed, then every wallet and every line of its policy. */
export function documentSheets(desk: Desk, document: FleetDocument, signers: string): Sheet[] {
  const { fleet, number, wallets, policy } = document;
  return [
    {
      title: `Fleet ${fleet}, document ${number}`,
      blocks: [
        { kind: "fact", label: "Signed by", value: signers },
        { kind: "fact", label: "Wallets", value: wallets.length === 0 ? "none" : String(wallets.length) },
      ],
    },
    ...wallets.map(
      ({ name, descriptor }): Sheet => ({
        title: "A wallet of the fleet",
        blocks: [{ kind: "fact", label: shown(name), value: grouped(descriptor) }],
      }),
    ),
    ...policySheets(desk, policy),
  ];
}
