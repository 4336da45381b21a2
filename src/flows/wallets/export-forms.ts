// One thing in the form that one reader takes: as codes, and as a file on the stick.

import { keyFacts, type ScriptForm, type WalletKey } from "../../bitcoin/index.ts";
import type { CodeLoop, Density, Network } from "../../model.ts";
import { codes } from "../../screens/codes.ts";
import { DIGITS, field } from "../../screens/field.ts";
import { splitText, type UrForm, type UrKey } from "../../transport/index.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { type TextOut, writeText } from "../leave-text.ts";
import { orRefused } from "../or-refused.ts";

export interface Outgoing {
  readonly title: string;
  /** What to do with the code. */
  readonly caption: string;
  readonly loop: (density: Density) => CodeLoop;
  /** On a stick there are no codes: what stands in the file. */
  readonly file: Pick<TextOut, "text" | "file" | "ending">;
}

/** Until the person is done; the stick has it as a file. */
export async function letOut(desk: Desk, out: Outgoing): Promise<void> {
  const { stick } = desk;
  const { title, caption, loop } = out;
  for (;;) {
    const shown = { title, caption, loop, ...(stick ? { other: "to the stick" } : {}) };
    if ((await ask(desk, codes(shown, desk.ports.panel.size()))) === "done") return;
    await orRefused(desk, () => writeText(desk, stick!, out.file));
  }
}

/** For programs that know no parts: one code, however large; the glass says where it has no room for it. */
export function oneCode(text: string): Outgoing["loop"] {
  return () => splitText(text, "high");
}

const UR_FORMS: Readonly<Record<ScriptForm, UrForm>> = {
  p2pkh: "pkh",
  "p2sh-p2wpkh": "sh-wpkh",
  p2wpkh: "wpkh",
  p2tr: "tr",
  p2sh: "sh",
  "p2sh-p2wsh": "sh-wsh",
  p2wsh: "wsh",
};

export function urForm(form: ScriptForm): UrForm {
  return UR_FORMS[form];
}

export function urKey(key: WalletKey, network: Network): UrKey {
  const { fingerprint, path, publicKey, chainCode } = key;
  return { fingerprint, path, publicKey, chainCode, ...keyFacts(key, network) };
}

/** BIP 44 and those after it: a hardened child number. More digits than a person types by mistake are none. */
const MOST_ACCOUNT = 9999;

export async function askAccount(desk: Desk): Promise<number | "back"> {
  const answer = await ask(
    desk,
    field({
      title: "Which account?",
      label: "Account number",
      above: [{ kind: "text", text: "0 is the first, and right unless you know better." }],
      allowed: DIGITS,
      longest: String(MOST_ACCOUNT).length,
      start: "0",
      check: (value) => (value === "" ? `A number from 0 to ${MOST_ACCOUNT}.` : undefined),
    }),
  );
  return answer === "back" ? "back" : Number(answer.value);
}
