// A cosigner's key, and a whole wallet, for comparing by voice.

import type { Block, Fingerprint } from "../model.ts";
import { grouped } from "../text.ts";
import type { Sheet } from "./pages.ts";
import { pathText } from "./wallet.ts";

export interface KeyFacts {
  readonly fingerprint: Fingerprint;
  readonly path: readonly number[];
  readonly extended: string;
  /** In words: "native segwit (P2WSH)". */
  readonly purpose: string;
  /** Digits in groups, to be read aloud. */
  readonly code: string;
}

/** Of this device's own key: what is read aloud while another device takes it. */
export function ownKeySheets(facts: KeyFacts): Sheet[] {
  return [
    keySheet("Your cosigner key", facts),
    codeSheet(
      "Read this code aloud",
      facts.code,
      "Whoever takes your key sees the same code. Read it to them in person or on a call where you know the voice: all of it, digit by digit.",
    ),
  ];
}

/** Of a key that came: the code is compared with what its holder reads aloud. */
export function foreignKeySheets(facts: KeyFacts): Sheet[] {
  return [
    keySheet("A cosigner's key", facts),
    codeSheet(
      "Is this the cosigner's code?",
      facts.code,
      "Let the cosigner read it from their own screen, all of it. If one digit differs this is another key than theirs.",
    ),
  ];
}

function keySheet(title: string, { fingerprint, path, extended, purpose }: KeyFacts): Sheet {
  return {
    title,
    blocks: [
      { kind: "fact", label: "For", value: purpose },
      { kind: "fact", label: "Fingerprint and path", value: `${fingerprint} ${pathText(path)}` },
      { kind: "fact", label: "Key", value: grouped(extended) },
    ],
  };
}

function codeSheet(title: string, code: string, text: string): Sheet {
  return {
    title,
    blocks: [
      { kind: "fact", label: "Code", value: code },
      { kind: "text", text },
    ],
  };
}

export interface Comparison {
  readonly name: string;
  readonly fingerprint: string;
  readonly code: string;
  readonly firstAddress: string;
}

/** The last step of a ceremony: that everybody holds the same wallet. */
export function comparisonSheets({ name, fingerprint, code, firstAddress }: Comparison): Sheet[] {
  const same: Block = {
    kind: "text",
    text: "Every cosigner's device must show the same. One reads it aloud, all of it, the others follow on their own screens. No money before that.",
  };
  return [
    {
      title: `${name}: compare`,
      blocks: [
        { kind: "fact", label: "Code of the whole wallet", value: code },
        { kind: "fact", label: "Its fingerprint", value: fingerprint },
        same,
      ],
    },
    {
      title: "First address",
      blocks: [
        { kind: "fact", label: "Receive 0", value: grouped(firstAddress) },
        {
          kind: "text",
          text: "Compare it too, also with a wallet program that watches this wallet. If anything differs, remove the wallet and begin again: somebody has another one.",
        },
      ],
    },
  ];
}
