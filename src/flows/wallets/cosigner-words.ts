// What a cosigner's key is for, in words.

import type { Purpose, SharedForm } from "../../bitcoin/index.ts";

export const PURPOSES: readonly {
  readonly purpose: Purpose;
  readonly label: string;
  readonly words: string;
}[] = [
  {
    purpose: "p2wsh",
    label: "A shared wallet, native segwit (P2WSH)",
    words: "a shared wallet, native segwit (P2WSH)",
  },
  {
    purpose: "any",
    label: "A shared wallet of any script, taproot too",
    words: "a shared wallet of any script (BIP 87)",
  },
  {
    purpose: "p2sh-p2wsh",
    label: "A shared wallet, nested segwit (P2SH-P2WSH)",
    words: "a shared wallet, nested segwit (P2SH-P2WSH)",
  },
  { purpose: "p2sh", label: "A shared wallet, legacy (P2SH)", words: "a shared wallet, legacy (P2SH)" },
];

export function purposeWords(purpose: Purpose | undefined): string {
  return PURPOSES.find((one) => one.purpose === purpose)?.words ?? "nothing that its path says";
}

export const SHARED_FORMS: readonly { readonly form: SharedForm; readonly label: string }[] = [
  { form: "p2wsh", label: "Native segwit (P2WSH)" },
  { form: "p2tr", label: "Taproot (P2TR)" },
  { form: "p2sh-p2wsh", label: "Nested segwit (P2SH-P2WSH)" },
  { form: "p2sh", label: "Legacy (P2SH)" },
];
