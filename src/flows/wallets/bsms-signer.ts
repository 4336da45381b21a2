// The signer's part of BIP 129: this device's key leaves, signed by itself and sealed with the coordinator's token; the
// wallet comes back, is checked as the BIP says, and is registered like any other.

import {
  DESCRIPTION_CHARS,
  isKeyRecord,
  keyRecordToSign,
  type Purpose,
  readWallet,
  type Token,
  type WalletKey,
  writeKey,
  writeKeyRecord,
} from "../../bitcoin/index.ts";
import { refuse } from "../../refusal.ts";
import { walletRecordSheet } from "../../screens/bsms.ts";
import { field, PRINTABLE } from "../../screens/field.ts";
import { menu } from "../../screens/menu.ts";
import { question } from "../../screens/notice.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { signText } from "../messages/sign-text.ts";
import type { Session } from "../session.ts";
import { bringRecord, leaveRecord } from "./bsms-record.ts";
import { askToken, opened, sealed } from "./bsms-token.ts";
import { ownKeyFor } from "./cosigner-show.ts";
import { PURPOSES } from "./cosigner-words.ts";
import { askAccount } from "./export-forms.ts";
import { firstAddress } from "./facts.ts";
import { markSession, walkAndRegister } from "./register.ts";

/** Round 1; round 2 follows with the same token, now or another day. */
export async function joinWithKey(desk: Desk, session: Session): Promise<void> {
  const token = await askToken(desk);
  if (token === "back") return;
  const back = { label: "back", answer: "back" } as const;
  const items = PURPOSES.map(({ label, purpose }) => ({ label, answer: purpose }));
  const purpose = await ask(desk, menu<Purpose | "back">({ title: "Your key for", items, back }));
  if (purpose === "back") return;
  const account = purpose === "p2sh" ? 0 : await askAccount(desk);
  if (account === "back") return;
  const description = await askDescription(desk, session);
  if (description === "back") return;
  const key = ownKeyFor(session, purpose, account);
  const unsigned = { token, key: keyText(key), description };
  const text = keyRecordToSign(unsigned);
  const signed = await signText(desk, session, {
    text,
    path: key.path,
    purpose: "Your key record for a shared wallet (BIP 129)",
  });
  if (signed === "declined") return;
  const record = writeKeyRecord({ ...unsigned, signature: signed.signature });
  const leaves = await sealed(desk, record, token);
  await leaveRecord(desk, "Your key record", leaves, `firn-${key.fingerprint}-key`);
  const next = await ask(
    desk,
    menu<"now" | "later">({
      title: "Then the wallet comes back",
      above: [
        {
          kind: "text",
          text: "The coordinator makes the wallet of all key records and sends it to every cosigner. Keep the token until then.",
        },
      ],
      items: [{ label: "Read the wallet's record now", answer: "now" }],
      back: { label: "later", answer: "later" },
    }),
  );
  if (next === "now") await readWith(desk, session, token);
}

/** With ' for hardened steps, as BIP 129 writes them: not every coordinator knows h. */
function keyText(key: WalletKey): string {
  return writeKey(key).replace(/^\[[^\]]*\]/, (origin) => origin.replaceAll("h", "'"));
}

async function askDescription(desk: Desk, { keyring }: Session): Promise<string | "back"> {
  const answer = await ask(
    desk,
    field({
      title: "What is your key called?",
      label: "Description",
      above: [{ kind: "text", text: "The coordinator and all cosigners will see it." }],
      allowed: PRINTABLE,
      longest: DESCRIPTION_CHARS,
      start: `Firn ${keyring.fingerprint}`,
      check: (value) => (value.trim() === "" ? "Say whose key it is." : undefined),
    }),
  );
  return answer === "back" ? "back" : answer.value.trim();
}

/** Round 2. */
export async function readWalletRecord(desk: Desk, session: Session): Promise<void> {
  const token = await askToken(desk);
  if (token !== "back") await readWith(desk, session, token);
}

async function readWith(desk: Desk, session: Session, token: Token): Promise<void> {
  const text = await bringRecord(desk, {
    title: "The wallet's record",
    ask: "Show the wallet's record, as the coordinator has it, to the camera.",
  });
  if (text === "back") return;
  const record = await opened(desk, text, token);
  if (isKeyRecord(record))
    return refuse("bsms.unreadable", "it is a cosigner's key record, not the wallet's");
  if (!record.startsWith("BSMS ")) return refuse("bsms.unreadable", "it is no wallet's record");
  // The first address and the path restrictions are compared in reading.
  const wallet = markSession(session, readWallet(record, session.network, session.curve));
  const [, , paths = ""] = record.split(/\r\n|\n/);
  const own = wallet.keys.flatMap(({ ours }, i) => (ours ? [i + 1] : []));
  const facts = { keys: wallet.keys.length, own, paths, firstAddress: firstAddress(session, wallet) };
  if ((await ask(desk, question([walletRecordSheet(facts)], "go on", "leave it"))) === "no") return;
  await walkAndRegister(desk, session, wallet);
}
