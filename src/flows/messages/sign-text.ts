// A text of Firn's own making, signed by one of the session's keys for itself: the answer to a drill, a record of a key.
// The same journey as of every message, and the only way to such a signature.

import { keyMessage } from "../../bitcoin/index.ts";
import type { Path } from "../../model.ts";
import type { Desk } from "../../ui.ts";
import type { Session } from "../session.ts";
import { answer } from "./answer.ts";
import { knownToMessages } from "./known.ts";

export interface TextToSign {
  readonly text: string;
  /** From the master. */
  readonly path: Path;
  /** Who asks, in Firn's own words: "Your answer to the drill of Family". */
  readonly purpose?: string;
}

/**
 * Base64 of 65 bytes (BIP 137), and the key of which they are. "declined": the policy said no, which was shown. Throws
 * Refusal user.declined, message.*, policy.time-passed, people.*, journal.*.
 */
export async function signText(
  desk: Desk,
  session: Session,
  { text, path, purpose }: TextToSign,
): Promise<{ readonly signature: string; readonly publicKey: Uint8Array } | "declined"> {
  const asked = { message: text, path, form: "key" as const, ...(purpose === undefined ? {} : { purpose }) };
  const request = keyMessage(asked, knownToMessages(session));
  const reply = await answer(desk, session, request);
  if (reply === "refused") return "declined";
  return { signature: reply.written[0]!.signature, publicKey: request.review.keys[0]!.publicKey };
}
