// One policy, and wallets, for several devices: administrators sign a document on Firns of their own, the devices take it.

import { wipe } from "../../bytes.ts";
import { textKeyOf } from "../../keys/index.ts";
import type { Block } from "../../model.ts";
import { writeCard } from "../../policy/index.ts";
import { menu } from "../../screens/menu.ts";
import { notice } from "../../screens/notice.ts";
import { grouped, shown } from "../../text.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { keptDescriptors } from "../ethereum/descriptors.ts";
import { makeDescriptors } from "../ethereum/sign-descriptors.ts";
import { showText } from "../leave-text.ts";
import { orRefused } from "../or-refused.ts";
import type { Session } from "../session.ts";
import { administrators } from "./administrators.ts";
import { askFleetName } from "./names.ts";
import { makeDocument, signDocument } from "./sign-document.ts";
import { takeDocument } from "./take-document.ts";

const ITEMS = [
  { label: "Take a document", answer: "take" },
  { label: "Administrators", answer: "administrators" },
  { label: "Sign a document, as administrator", answer: "sign" },
  { label: "Make a document, as administrator", answer: "make" },
  { label: "Make descriptors, as administrator", answer: "describe" },
  { label: "Descriptors that are here", answer: "descriptors" },
  { label: "This device's card", answer: "card" },
] as const;
type Choice = (typeof ITEMS)[number]["answer"];

export async function fleet(desk: Desk, session: Session): Promise<void> {
  let cursor = 0;
  for (;;) {
    const above = [{ kind: "text", text: tellOf(session) }] as const;
    const back = { label: "back", answer: "back" } as const;
    const choice = await ask(
      desk,
      menu<Choice | "back">({ title: "Fleet", above, items: ITEMS, back }, cursor),
    );
    if (choice === "back") return;
    cursor = ITEMS.findIndex(({ answer }) => answer === choice);
    await orRefused(desk, () => FLOWS[choice](desk, session));
  }
}

const FLOWS: Readonly<Record<Choice, (desk: Desk, session: Session) => Promise<unknown>>> = {
  take: takeDocument,
  administrators,
  sign: signDocument,
  make: makeDocument,
  describe: makeDescriptors,
  descriptors: keptDescriptors,
  card,
};

function tellOf({ state: { fleet: known } }: Session): string {
  if (!known) return "This device takes documents from nobody: it has no administrators.";
  return `Fleet ${shown(known.name)}: what ${known.need} of its ${known.admins.length} administrators signed is taken.`;
}

/** The administrator's key is this home's: 64 hex digits. */
export function ownKey({ vault }: Session): string {
  const secret = vault.derive("fleet");
  try {
    return textKeyOf(secret);
  } finally {
    wipe(secret);
  }
}

/** As the fleet calls him, or as he types. */
export async function askOwnName(desk: Desk, session: Session): Promise<string | "back"> {
  const publicKey = ownKey(session);
  const known = session.state.fleet?.admins.find((admin) => admin.publicKey === publicKey);
  if (known) return known.name;
  return askFleetName(desk, "Your name", "As the fleet calls you");
}

async function card(desk: Desk, session: Session): Promise<void> {
  const name = await askOwnName(desk, session);
  if (name === "back") return;
  const publicKey = ownKey(session);
  const text =
    "Compare the key by voice with what the other device shows: who is on the card can sign rules.";
  const blocks: Block[] = [
    { kind: "fact", label: "Name", value: name },
    { kind: "fact", label: "Key", value: grouped(publicKey) },
    { kind: "text", text },
  ];
  await ask(desk, notice("Administrator's card", blocks));
  await showText(desk, {
    ...{ title: "Administrator's card", text: writeCard({ name, publicKey }) },
    ...{
      caption: "Scan it with the devices that shall know you.",
      file: `firn-card-${name.replaceAll(" ", "-")}`,
    },
  });
}
