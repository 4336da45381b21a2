// What new words were made of, page by page: so that whoever has written down what went in can make them again.

import { toHex } from "../bytes.ts";
import type { Block } from "../model.ts";
import { fromUtf8 } from "../text.ts";
import type { Sheet } from "./pages.ts";

export interface MixedSource {
  readonly name: string;
  /** Bytes. */
  readonly length: number;
  /** Min-entropy that it is counted for. */
  readonly bits: number;
  readonly health: "passed" | "short" | "none";
  /** Of its bytes, hex. */
  readonly sha256: string;
}

const KNOWN: Readonly<Record<string, string>> = {
  random: "The kernel's generator",
  camera: "Camera frames, as the digest of all",
  dice: "Dice, as they fell",
  coins: "Coins, as they fell",
  typed: "What you typed",
  timing: "When each key came",
};

const HEALTH = {
  passed: "health tests passed",
  short: "too few to be tested",
  none: "not tested",
} as const;

/** `lengthBytes`: of the entropy that came out. */
export function mixedSheets(sources: readonly MixedSource[], lengthBytes: number): Sheet[] {
  const sum = sources.reduce((bits, source) => bits + source.bits, 0);
  const order = sources.map(({ name, bits }, place) => `${place + 1}. ${name}: ${bits} bits`);
  return [
    {
      title: "What was mixed",
      blocks: [
        { kind: "text", text: order.join("\n") },
        { kind: "fact", label: "Together", value: `${sum} bits; ${8 * lengthBytes} are needed` },
      ],
    },
    ...sources.map(({ name, length, bits, health, sha256 }, place) => ({
      title: `${place + 1}. ${name}`,
      blocks: [
        text(`${KNOWN[name] ?? "A generator of this machine"}: ${length} bytes.`),
        { kind: "fact", label: "Counted for", value: `${bits} bits, ${HEALTH[health]}` } as const,
        { kind: "fact", label: "SHA-256 of its bytes", value: sha256 } as const,
      ],
    })),
    {
      title: "How the words came",
      blocks: [
        text(
          `HKDF-SHA512 of all these in this order, each behind its name and length; salt "firn entropy 1", info "words", ${lengthBytes} bytes: ${(lengthBytes / 4) * 3} words.`,
        ),
        text("The recipe, to the byte: docs/formats.md, New words."),
      ],
    },
  ];
}

/** `line`: for a shell, with ROLLS for what was typed. */
export function recipeSheets(name: "dice" | "coins", count: number, line: string): Sheet[] {
  const what = name === "dice" ? "rolls" : "flips, 1 for heads and 0 for tails";
  return [
    {
      title: "Check it yourself",
      blocks: [
        text(
          "Only what you typed is in these words. Any computer that is never online again makes them too:",
        ),
        { kind: "fact", label: "In a shell", value: line },
        text(
          `ROLLS: your ${count} ${what}, without spaces. It prints the entropy of your words: after them, "See the bytes" shows yours.`,
        ),
      ],
    },
  ];
}

export function hatSheets(words: number, last: "chance" | "owner"): Sheet[] {
  const free = 11 - words / 3;
  const who = last === "chance" ? "the kernel's generator" : "you";
  return [
    {
      title: "How the words came",
      blocks: [
        text(`${words - 1} words are yours, as you drew them: ${11 * (words - 1)} bits.`),
        text(
          `Of the last word ${free} bits were chosen by ${who}; ${words / 3} are the checksum of all (BIP 39).`,
        ),
      ],
    },
  ];
}

/** What the words can be made from again: whoever sees it has them. */
export function secretSheets(
  sources: readonly { readonly name: string; readonly bytes: Uint8Array }[],
  entropy: Uint8Array,
): Sheet[] {
  return [
    ...sources.map(({ name, bytes }, place) => ({
      title: `${place + 1}. ${name}`,
      blocks: [text(printable(bytes) ?? toHex(bytes))],
    })),
    { title: "The entropy", blocks: [{ kind: "fact", label: "In hex", value: toHex(entropy) }] },
  ];
}

/** Where nothing of it can be misread: a space could. */
function printable(bytes: Uint8Array): string | undefined {
  return bytes.length > 0 && bytes.every((byte) => byte > 0x20 && byte < 0x7f) ? fromUtf8(bytes) : undefined;
}

function text(words: string): Block {
  return { kind: "text", text: words };
}
