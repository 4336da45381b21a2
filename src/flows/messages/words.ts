// What the journal calls a message's form and its keys.

import { writePath } from "../../bitcoin/index.ts";
import type { MessageForm } from "../../message.ts";
import type { Path } from "../../model.ts";

const FORMS: Readonly<Record<MessageForm, string>> = {
  recoverable: "BIP 137",
  bip322: "BIP 322",
  proof: "BIP 322 with coins",
};

export function formWords(form: MessageForm): string {
  return FORMS[form];
}

/** "m/84h/1h/0h/0/5", "m/84h/1h/0h/0/5 and 3 more" */
export function pathWords([first = [], ...more]: readonly Path[]): string {
  return `m${writePath(first)}${more.length === 0 ? "" : ` and ${more.length} more`}`;
}
