// A cosigner's key comes: by camera or stick, checked beside the others, proven by its spoken code, named.

import {
  type CosignerKey,
  checkJoining,
  purposeFits,
  readKeys,
  type SharedForm,
  type WalletKey,
} from "../../bitcoin/index.ts";
import { LIMITS } from "../../limits.ts";
import { refuse } from "../../refusal.ts";
import { foreignKeySheets } from "../../screens/cosigner.ts";
import { field, PRINTABLE } from "../../screens/field.ts";
import { menu } from "../../screens/menu.ts";
import { heldQuestion, question } from "../../screens/notice.ts";
import { pathText } from "../../screens/wallet.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import type { Session } from "../session.ts";
import { bring } from "../stick.ts";
import { codeOfKey } from "./cosigner-code.ts";
import { purposeWords } from "./cosigner-words.ts";

export interface Gathered {
  /** With the name of its holder. */
  readonly key: WalletKey;
  readonly name: string;
}

export interface Wanted {
  readonly title: string;
  /** Those that are there already. */
  readonly gathered: readonly WalletKey[];
  /** The wallet's script; absent where it is none that has a usual place for its keys. */
  readonly form?: SharedForm;
}

/** Throws Refusal cosigner.*, bitcoin.wallet-*: then nothing was taken. */
export async function bringKey(desk: Desk, session: Session, wanted: Wanted): Promise<Gathered | "back"> {
  const { network, curve, keyring } = session;
  const brought = await bring(desk, "key", {
    title: wanted.title,
    ask: "Show the key on the cosigner's own screen to the camera.",
  });
  if (brought === "back") return "back";
  const found = await pick(desk, readKeys(brought.message.text, network, curve), wanted.form);
  if (found === "back") return "back";
  const { gathered, form } = wanted;
  checkJoining(found.key, gathered, keyring.fingerprint, form);
  const fits = form === undefined || purposeFits(found.purpose, form);
  if (!fits && (await takeAnyway(desk, found)) === "no") return "back";
  if ((await isProven(desk, session, found)) === "back") return "back";
  const name = await askHolder(desk, gathered, found.name ?? "");
  return name === "back" ? "back" : { key: { ...found.key, name }, name };
}

/** Of several the one for this wallet, where there is exactly one. */
async function pick(
  desk: Desk,
  all: readonly CosignerKey[],
  form: SharedForm | undefined,
): Promise<CosignerKey | "back"> {
  if (all.length === 1) return all[0]!;
  const exact = all.filter(({ purpose }) => purpose !== undefined && purpose === form);
  const fits = ({ purpose }: CosignerKey) => form !== undefined && purposeFits(purpose, form);
  const fitting = exact.length > 0 ? exact : all.filter(fits);
  if (fitting.length === 1) return fitting[0]!;
  const items = (fitting.length > 0 ? fitting : all).map((found) => ({
    label: `${pathText(found.key.path)}: ${purposeWords(found.purpose)}`,
    answer: found,
  }));
  const back = { label: "back", answer: "back" } as const;
  return ask(desk, menu<CosignerKey | "back">({ title: "Which of the keys?", items, back }));
}

async function takeAnyway(desk: Desk, { key, purpose }: CosignerKey): Promise<"yes" | "no"> {
  const text =
    "Its path is another than the one that is usual for this wallet's script. The wallet works, but a program that looks for the key at the usual place will not find it: keep the wallet's descriptor well.";
  const blocks = [
    { kind: "fact", label: "The key is for", value: purposeWords(purpose) },
    { kind: "fact", label: "Fingerprint and path", value: `${key.fingerprint} ${pathText(key.path)}` },
    { kind: "text", text },
  ] as const;
  const sheets = [{ title: "A key for something else", tone: "caution", blocks }] as const;
  return ask(desk, heldQuestion(sheets, "hold ok to take it", "leave it"));
}

/** Throws Refusal cosigner.code-differs where the cosigner reads another code. */
async function isProven(
  desk: Desk,
  { network }: Session,
  { key, purpose }: CosignerKey,
): Promise<"same" | "back"> {
  const code = await codeOfKey(desk, key, network);
  const sheets = foreignKeySheets({ ...key, purpose: purposeWords(purpose), code });
  if ((await ask(desk, question(sheets, "go on", "back"))) === "no") return "back";
  const answer = await ask(
    desk,
    menu<"same" | "differs" | "back">({
      title: "What the cosigner read",
      above: [{ kind: "fact", label: "Code here", value: code }],
      // Whoever presses ok without looking takes nothing.
      items: [
        { label: "It differs", answer: "differs" },
        { label: "All of it is the same", answer: "same" },
      ],
      back: { label: "back", answer: "back" },
    }),
  );
  return answer === "differs" ? refuse("cosigner.code-differs", key.fingerprint) : answer;
}

async function askHolder(
  desk: Desk,
  gathered: readonly WalletKey[],
  start: string,
): Promise<string | "back"> {
  const taken = (value: string) => gathered.some(({ name }) => name?.toLowerCase() === value.toLowerCase());
  const answer = await ask(
    desk,
    field({
      title: "Whose key is it?",
      label: "Name",
      allowed: PRINTABLE,
      longest: LIMITS.keyNameChars,
      start,
      check: (value) =>
        value.trim() === ""
          ? "Name who holds this key."
          : taken(value.trim())
            ? "Another cosigner is called so."
            : undefined,
    }),
  );
  return answer === "back" ? "back" : answer.value.trim();
}
