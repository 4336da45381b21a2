// A signed message is verified: framed in one text, or its parts one after another.

import {
  locate,
  readMessageText,
  readSignedMessage,
  type SignedMessage,
  scriptOf,
  verifySigned,
} from "../../bitcoin/index.ts";
import type { VerifiedMessage } from "../../message.ts";
import { refuse } from "../../refusal.ts";
import { field, PRINTABLE } from "../../screens/field.ts";
import { menu } from "../../screens/menu.ts";
import { verifiedMessage } from "../../screens/message-verified.ts";
import type { Desk } from "../../ui.ts";
import { ask, perform } from "../../ui.ts";
import type { Session } from "../session.ts";
import { bring } from "../stick.ts";

export async function verifyScanned(desk: Desk, session: Session): Promise<void> {
  const brought = await bring(desk, "message", {
    title: "Verify a message",
    ask: "Show the signed message, as one text or its signature alone, to the camera.",
  });
  if (brought === "back") return;
  await verifyRead(desk, session, readSignedMessage(brought.message.text));
}

/** What the text did not say is asked for. */
export async function verifyRead(desk: Desk, session: Session, signed: SignedMessage): Promise<void> {
  const message = signed.text ?? (await bringMessage(desk));
  if (message === undefined) return;
  const address = signed.address ?? (await bringAddress(desk));
  if (address === "back") return;
  const { network, check } = session;
  const work = verifySigned({ message, signature: signed.signature, address }, network, check);
  const found = await perform(desk, "Verifying the signature", work);
  await ask(desk, verifiedMessage(found, await whoseIs(desk, session, found)));
}

async function bringAddress(desk: Desk): Promise<string> {
  const brought = await bring(desk, "address", {
    title: "Verify a message",
    ask: "Show the address that is said to have signed it.",
  });
  return brought === "back" ? "back" : brought.message.text;
}

const MOST_TYPED = 200;

/** Undefined where whoever was asked left. */
async function bringMessage(desk: Desk): Promise<string | undefined> {
  const items = [
    { label: "Show the message to the camera", answer: "scan" },
    { label: "Type the message", answer: "type" },
  ] as const;
  const above = [{ kind: "text", text: "The signature is read. What was signed?" }] as const;
  const back = { label: "back", answer: "back" } as const;
  const way = await ask(
    desk,
    menu<"scan" | "type" | "back">({ title: "Verify a message", above, items, back }),
  );
  if (way === "back") return undefined;
  if (way === "type") {
    const typed = await ask(
      desk,
      field({
        title: "Verify a message",
        label: "Message",
        allowed: PRINTABLE,
        longest: MOST_TYPED,
        check: () => undefined,
      }),
    );
    return typed === "back" ? undefined : typed.value;
  }
  const brought = await bring(desk, "message", {
    title: "Verify a message",
    ask: "Show the message: its text alone, or the request with which it was signed.",
  });
  return brought === "back" ? undefined : messageIn(brought.message.text);
}

/** A request says what was to be signed; any other text is the message itself. */
function messageIn(text: string): string {
  if (!/^signmessage |^\s*\{.*"msg"/s.test(text)) return text;
  const read = readMessageText(text);
  return read.kind === "asked" ? read.message : refuse("message.unread");
}

async function whoseIs(
  desk: Desk,
  session: Session,
  { address }: VerifiedMessage,
): Promise<string | undefined> {
  const script = scriptOf(address, session.network);
  const place = await perform(desk, "Looking through your wallets", locate(session.templates, script));
  return place && `yours: ${place.template.wallet.name}, address ${place.branch}/${place.index}`;
}
