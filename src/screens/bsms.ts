// A setup by BIP 129: the token that a cosigner is given, a cosigner's key that came, the wallet's record that came.

import type { Block } from "../model.ts";
import { grouped, shown } from "../text.ts";
import { type MenuOptions, menu } from "./menu.ts";
import type { Sheet } from "./pages.ts";
import type { Screen } from "./screen.ts";
import { pathText } from "./wallet.ts";

export interface TokenFacts {
  /** "cosigner 2" */
  readonly whose: string;
  readonly decimal: string;
  readonly hex: string;
}

/** As it is read aloud, or as a code. */
export function tokenScreen({ whose, decimal, hex }: TokenFacts): Screen<"code" | "back"> {
  const above: readonly Block[] = [
    { kind: "fact", label: "Decimal", value: grouped(decimal) },
    { kind: "fact", label: "Hexadecimal", value: grouped(hex) },
    {
      kind: "text",
      text: "Give it to this cosigner on another way than the records: by voice, or on paper. Who has it can read them.",
    },
  ];
  const options: MenuOptions<"code" | "back"> = {
    title: `Token for ${whose}`,
    above,
    items: [{ label: "Show it as a code", answer: "code" }],
    back: { label: "done", answer: "back" },
  };
  return menu(options);
}

export interface KeyRecordFacts {
  readonly whose: string;
  /** What the record calls the key: foreign text. */
  readonly description: string;
  readonly fingerprint: string;
  readonly path: readonly number[];
  readonly extended: string;
}

/** Its signature was verified. */
export function keyRecordSheet(facts: KeyRecordFacts): Sheet {
  const { whose, description, fingerprint, path, extended } = facts;
  return {
    title: `Key of ${whose}`,
    blocks: [
      { kind: "fact", label: "It calls itself", value: shown(description) },
      { kind: "fact", label: "Fingerprint and path", value: `${fingerprint} ${pathText(path)}` },
      { kind: "fact", label: "Key", value: grouped(extended) },
      { kind: "text", text: "The record is signed by this key: whoever made it holds it." },
    ],
  };
}

export interface WalletRecordFacts {
  readonly keys: number;
  /** Places of this device's keys, from 1. */
  readonly own: readonly number[];
  /** Line 3 of the record: foreign text. */
  readonly paths: string;
  /** The same in the record and as it was derived here. */
  readonly firstAddress: string;
}

/** What BIP 129 wants a signer to show beside what every registration shows. */
export function walletRecordSheet({ keys, own, paths, firstAddress }: WalletRecordFacts): Sheet {
  return {
    title: "The wallet's record",
    blocks: [
      { kind: "fact", label: "Keys in it", value: String(keys) },
      { kind: "fact", label: "Yours", value: own.length === 0 ? "none" : `number ${own.join(", ")}` },
      { kind: "fact", label: "Path restrictions", value: shown(paths) },
      {
        kind: "fact",
        label: "First address, as it says and as Firn derives it",
        value: grouped(firstAddress),
      },
    ],
  };
}
