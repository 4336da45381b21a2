// A message that somebody asks to be signed, whatever form the request has; or that is typed here for an address.

import {
  addressOf,
  formOfPath,
  keyAddress,
  keyMessage,
  type MessageRequest,
  messagePsbt,
  psbtMessage,
  readMessageText,
  type Wallet,
} from "../../bitcoin/index.ts";
import type { PsbtMessage, SignableMessage } from "../../model.ts";
import { Refusal, refuse } from "../../refusal.ts";
import { field, PRINTABLE } from "../../screens/field.ts";
import { menu } from "../../screens/menu.ts";
import { roundWait } from "../../screens/rounds.ts";
import { grouped } from "../../text.ts";
import type { Desk } from "../../ui.ts";
import { ask, perform } from "../../ui.ts";
import { knownTo } from "../judging.ts";
import type { Session } from "../session.ts";
import { bring } from "../stick.ts";
import { answer } from "./answer.ts";
import { knownToMessages } from "./known.ts";
import { leaveMessage } from "./leave-message.ts";
import { verifyRead } from "./verify-message.ts";

/** What was shown under "Sign", and is no payment. */
export async function signBrought(
  desk: Desk,
  session: Session,
  message: PsbtMessage | SignableMessage,
  file?: string,
): Promise<void> {
  if (message.kind === "message") {
    const read = await refusedIsWritten(session, async () => readMessageText(message.text));
    if (read.kind === "signed") return verifyRead(desk, session, read);
    const request = await refusedIsWritten(session, () => requestOf(desk, session, read));
    return give(desk, session, request, file);
  }
  const understood = () => understandPsbt(desk, session, message, "psbt");
  await give(desk, session, await refusedIsWritten(session, understood), file);
}

/** From the menu of messages: nothing but a message is taken. */
export async function signScanned(desk: Desk, session: Session): Promise<void> {
  const title = "Sign a message";
  const words = "Show the message from your wallet program to the camera: its code, or a PSBT by BIP 322.";
  const brought = await bring(desk, ["message", "psbt"], { title, ask: words });
  if (brought === "back") return;
  await signBrought(desk, session, brought.message as PsbtMessage | SignableMessage, brought.file);
}

async function give(desk: Desk, session: Session, request: MessageRequest, file?: string): Promise<void> {
  const reply = await answer(desk, session, request);
  if (reply === "refused") return;
  await leaveMessage(desk, reply, { file, txid: request.spend.txid });
  // Keys that sign together: nonces live as long as the session does.
  if (reply.signed === 0 && (await ask(desk, roundWait())) === "bring") await signScanned(desk, session);
}

type Asked = Extract<ReturnType<typeof readMessageText>, { readonly kind: "asked" }>;

/** By its path, and the form of address where it says one; taproot knows BIP 322 alone. */
async function requestOf(desk: Desk, session: Session, asked: Asked): Promise<MessageRequest> {
  const { message, path } = asked;
  const known = knownToMessages(session);
  const form = asked.form ?? formOfPath(path);
  if (form !== "p2tr")
    return keyMessage({ message, path, form, header: asked.form ? "BIP 137" : "old" }, known);
  const place = keyAddress(known.templates, known.fingerprint, path);
  if (place?.template.wallet.form !== "p2tr") return refuse("message.other-address");
  const bytes = messagePsbt(message, place.template.wallet, place.derived);
  return understandPsbt(desk, session, { kind: "psbt", dialect: "ur", bytes }, "text");
}

function understandPsbt(
  desk: Desk,
  session: Session,
  message: PsbtMessage,
  cameAs: "psbt" | "text",
): Promise<MessageRequest> {
  const { checkNonce } = knownTo(session);
  const known = { ...knownToMessages(session), ...(checkNonce ? { checkNonce } : {}) };
  return perform(desk, "Reading the message", psbtMessage(message, known, cameAs));
}

/** A request that was not understood leaves its reason in the journal. */
async function refusedIsWritten<T>(session: Session, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (problem) {
    if (problem instanceof Refusal) {
      const reasons = [problem.reason, ...problem.also];
      await session.journal.append({ kind: "refused", txid: "", what: "message", reasons });
    }
    throw problem;
  }
}

// ---------------------------------------------------------------- typed here

/** As a person types it with four buttons: a line, and no more. */
const MOST_TYPED = 200;

/** A message of one's own, for an address of one of the session's wallets. */
export async function signAt(
  desk: Desk,
  session: Session,
  wallet: Wallet,
  branch: number,
  index: number,
): Promise<void> {
  const template = session.templates.find((one) => one.wallet === wallet)!;
  const derived = template.derive(branch, index);
  const address = addressOf(derived.scriptPubKey, session.network) ?? "";
  const typed = await ask(
    desk,
    field({
      title: "Sign a message",
      label: "Message",
      above: [{ kind: "fact", label: "For the address", value: grouped(address) }],
      allowed: PRINTABLE,
      longest: MOST_TYPED,
      check: (value) => (value === "" ? "A message has a letter at least." : undefined),
    }),
  );
  if (typed === "back") return;
  const how = await formFor(desk, wallet);
  if (how === "back") return;
  const request =
    how === "BIP 322"
      ? await understandPsbt(desk, session, ownPsbt(typed.value, wallet, derived), "text")
      : keyMessage({ message: typed.value, ...how(branch, index) }, knownToMessages(session));
  await give(desk, session, request);
}

function ownPsbt(message: string, wallet: Wallet, derived: Parameters<typeof messagePsbt>[2]): PsbtMessage {
  return { kind: "psbt", dialect: "ur", bytes: messagePsbt(message, wallet, derived) };
}

type OldForm = "p2pkh" | "p2sh-p2wpkh" | "p2wpkh";
type PathAt = (branch: number, index: number) => { readonly path: readonly number[]; readonly form: OldForm };

/** A choice only where there is one: keys that make an address alone can be recovered from a signature. */
async function formFor(desk: Desk, wallet: Wallet): Promise<"BIP 322" | PathAt | "back"> {
  const { body, form, keys } = wallet;
  if (body.kind !== "key" || (form !== "p2pkh" && form !== "p2sh-p2wpkh" && form !== "p2wpkh"))
    return "BIP 322";
  const text = "Most programs read BIP 137. BIP 322 is newer, and binds the address too.";
  const picked = await ask(
    desk,
    menu<"old" | "new" | "back">({
      title: "How to sign it",
      above: [{ kind: "text", text }],
      items: [
        { label: "BIP 137", answer: "old" },
        { label: "BIP 322", answer: "new" },
      ],
      back: { label: "back", answer: "back" },
    }),
  );
  if (picked === "new") return "BIP 322";
  if (picked === "back") return "back";
  return (branch, index) => ({ path: [...keys[0]!.path, branch, index], form });
}
