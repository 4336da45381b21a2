// A cosigner key of this device leaves: for a coordinator, or for the Firn that gathers.

import {
  coldcardJson,
  cosignerJson,
  cosignerPath,
  ownKey,
  type Purpose,
  type ScriptForm,
  type WalletKey,
  writeKey,
} from "../../bitcoin/index.ts";
import type { Network } from "../../model.ts";
import { ownKeySheets } from "../../screens/cosigner.ts";
import { type Item, menu } from "../../screens/menu.ts";
import { question } from "../../screens/notice.ts";
import { splitAccountUr, splitHdKeyUr, splitText } from "../../transport/index.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import type { Session } from "../session.ts";
import { codeOfKey } from "./cosigner-code.ts";
import { PURPOSES, purposeWords } from "./cosigner-words.ts";
import { askAccount, letOut, type Outgoing, oneCode, urForm, urKey } from "./export-forms.ts";

export async function showCosignerKey(desk: Desk, session: Session): Promise<void> {
  const back = { label: "back", answer: "back" } as const;
  const items = PURPOSES.map(({ label, purpose }) => ({ label, answer: purpose }));
  const purpose = await ask(desk, menu<Purpose | "back">({ title: "Your key for", items, back }));
  if (purpose === "back") return;
  const account = purpose === "p2sh" ? 0 : await askAccount(desk);
  if (account === "back") return;
  await showKey(desk, session, ownKeyFor(session, purpose, account), purpose, account);
}

export function ownKeyFor({ keyring, network }: Session, purpose: Purpose, account: number): WalletKey {
  return ownKey(keyring.account(cosignerPath(purpose, network, account)), network);
}

/** The code to read aloud first; then the key, in the form that the other side reads. */
async function showKey(
  desk: Desk,
  { network }: Session,
  key: WalletKey,
  purpose: Purpose,
  account: number,
): Promise<void> {
  const code = await codeOfKey(desk, key, network);
  const facts = { ...key, purpose: purposeWords(purpose), code };
  if ((await ask(desk, question(ownKeySheets(facts), "go on", "back"))) === "no") return;
  const forms = formsOf(key, purpose, account, network);
  let cursor = 0;
  for (;;) {
    const items: Item<Outgoing | "code">[] = [
      ...forms.map(({ label, out }) => ({ label, answer: out })),
      { label: "The key and its code once more", answer: "code" },
    ];
    const back = { label: "back", answer: "back" } as const;
    const above = [
      { kind: "fact", label: "Your key for", value: facts.purpose },
      { kind: "fact", label: "Code", value: code },
    ] as const;
    const choice = await ask(
      desk,
      menu<Outgoing | "code" | "back">({ title: "Show it to", above, items, back }, cursor),
    );
    if (choice === "back") return;
    cursor = items.findIndex(({ answer }) => answer === choice);
    if (choice === "code") await ask(desk, question(ownKeySheets(facts), "close", "close"));
    else await letOut(desk, choice);
  }
}

/** A key for any script is wrapped as the usual one: programs want some script around a key. */
function formOf(purpose: Purpose): ScriptForm {
  return purpose === "any" ? "p2wsh" : purpose;
}

function formsOf(key: WalletKey, purpose: Purpose, account: number, network: Network) {
  const form = formOf(purpose);
  const ur = urKey(key, network);
  const plain = writeKey(key);
  // SLIP-132 has no letter for a key of any script.
  const json = cosignerJson(key, purpose === "any" ? "p2tr" : form, network);
  const file = { text: `${plain}\n`, file: `firn-key-${key.fingerprint}-${purpose}` };
  const files = { text: json, file: `${file.file}-cosigner`, ending: ".json" } as const;
  const whole = coldcardJson([{ key, form }], network, account);
  const as = (label: string, out: Omit<Outgoing, "title">) => ({
    label,
    out: { title: "Your cosigner key", ...out },
  });
  return [
    as("Another Firn, Sparrow, Nunchuk, Keeper", {
      caption: "crypto-account: scan it on the other side.",
      loop: (density) => splitAccountUr(ur, urForm(form), density),
      file,
    }),
    as("Specter, and as plain text", {
      caption: "The key with its origin, as text.",
      loop: oneCode(plain),
      file,
    }),
    as("BlueWallet, Nunchuk (cosigner JSON)", {
      caption: "A cosigner's JSON: xfp, path, xpub.",
      loop: oneCode(json),
      file: files,
    }),
    as("Caravan (crypto-hdkey)", {
      caption: "crypto-hdkey: scan it in Caravan.",
      loop: (density) => splitHdKeyUr(ur, density),
      file,
    }),
    ...(purpose === "any"
      ? []
      : [
          as("As a Coldcard shows it (JSON)", {
            caption: "Coldcard's generic JSON.",
            loop: (density) => splitText(whole, density, "J"),
            file: { text: whole, file: `${file.file}-coldcard`, ending: ".json" },
          }),
        ]),
  ];
}
