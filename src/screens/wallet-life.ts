// What happens to a wallet over the years, in words: backup and losses, health, and another wallet in its place.

import type { Block } from "../model.ts";
import type { Way } from "../ways.ts";
import type { Sheet } from "./pages.ts";
import { lossWords } from "./recovery.ts";
import { type KeyName, wayFacts, wayWords } from "./ways.ts";

/** What of a wallet is told here. */
export interface LifeFacts {
  readonly name: string;
  readonly ways: readonly Way[];
  /** Places of the keys that somebody holds. */
  readonly held: readonly number[];
  readonly nameOf: KeyName;
}

function text(words: string): Block {
  return { kind: "text", text: words };
}

function fact(label: string, all: readonly string[], tone?: "caution"): Block {
  const value = all.length === 0 ? "none" : all.join("\n");
  return { kind: "fact", label, value, ...(tone ? { tone } : {}) };
}

export function lossSheets({ ways, held, nameOf }: LifeFacts): Sheet[] {
  return [
    { title: "To spend", blocks: wayFacts(ways, nameOf) },
    {
      title: "If keys are lost",
      blocks: [
        ...lossWords(ways, held, nameOf).map(text),
        text("Whatever is left: without a backup of the descriptor nothing is found."),
      ],
    },
  ];
}

// ---------------------------------------------------------------- the backup is read again

/** What both say of one thing. */
export interface Difference {
  readonly label: string;
  readonly registered: string;
  readonly read: string;
}

export function differsSheets(name: string, differs: readonly Difference[]): Sheet[] {
  return [
    {
      title: "This is another wallet",
      tone: "danger",
      blocks: [
        text(
          `What was read is no backup of ${name}: it would lead to other addresses. Nothing was changed here. Make a new backup, and put this one away as what it is.`,
        ),
      ],
    },
    {
      title: "What differs",
      tone: "danger",
      blocks: differs.flatMap(({ label, registered, read }) => [
        fact(`${label}: registered`, [registered]),
        fact(`${label}: read`, [read]),
      ]),
    },
  ];
}

// ---------------------------------------------------------------- health

/** When; late: longer ago than a year. Absent: never. */
export interface Seen {
  readonly date: string;
  readonly late: boolean;
}

export interface Health {
  readonly cosigners: readonly { readonly name: string; readonly alive?: Seen }[];
  readonly rehearsed?: Seen;
  readonly key: { readonly fingerprint: string; readonly rehearsed: boolean };
}

export function healthSheets({ cosigners, rehearsed, key }: Health): Sheet[] {
  return [
    {
      title: "Last known to sign",
      blocks: cosigners.map(({ name, alive }) => seenFact(name, alive, "never answered a drill")),
    },
    {
      title: "Backups",
      blocks: [
        seenFact("The wallet's backup was read again", rehearsed, "never"),
        fact(
          `The backup of your key, ${key.fingerprint}`,
          [key.rehearsed ? "was rehearsed" : "was never rehearsed"],
          key.rehearsed ? undefined : "caution",
        ),
      ],
    },
  ];
}

function seenFact(label: string, seen: Seen | undefined, never: string): Block {
  if (!seen) return fact(label, [never], "caution");
  const late = seen.late ? "caution" : undefined;
  return fact(label, [late ? `${seen.date}, more than a year ago` : seen.date], late);
}

// ---------------------------------------------------------------- another wallet in its place

export function replaceSheets({ name, ways, held, nameOf }: LifeFacts): Sheet[] {
  return [
    {
      title: "A wallet in this one's place",
      blocks: [
        text(
          `A wallet is never changed: another one takes the place of ${name}, with a new key for the one that is lost or leaves. All other keys stay.`,
        ),
        text(
          "Then the money moves there in one transaction, which those who still have their keys sign. Until it is in a block, whoever has the old key still counts as one of you.",
        ),
      ],
    },
    {
      title: "As it is now",
      blocks: [...wayFacts(ways, nameOf), ...lossWords(ways, held, nameOf).slice(0, 2).map(text)],
    },
  ];
}

export interface Change {
  readonly name: string;
  readonly stays: readonly string[];
  readonly goes: readonly string[];
  readonly comes: readonly string[];
  readonly before: readonly Way[];
  readonly after: readonly Way[];
  readonly nameBefore: KeyName;
  readonly nameAfter: KeyName;
}

export function changeSheets(change: Change): Sheet[] {
  const said = (ways: readonly Way[], name: KeyName) =>
    ways.map(({ condition }) => wayWords(condition, name));
  // More than one at once is rare: whoever planned it knows; whoever did not should look twice.
  const many = change.goes.length > 1 || change.comes.length > 1;
  return [
    {
      title: "What changes",
      tone: many ? "caution" : "calm",
      blocks: [
        fact("Stays", change.stays),
        fact("Goes", change.goes, many ? "caution" : undefined),
        fact("Comes", change.comes, many ? "caution" : undefined),
      ],
    },
    {
      title: "To spend",
      blocks: [
        fact(`From ${change.name}`, said(change.before, change.nameBefore)),
        fact("From the new wallet", said(change.after, change.nameAfter)),
      ],
    },
  ];
}

export function sweepBlocks(old: string, fresh: string): Block[] {
  return [
    text(
      `1. In your wallet program, with ${old}: send everything to a receive address of ${fresh}, all coins at once.`,
    ),
    text(
      `2. Let enough of you sign it. The review says "To ${fresh}, which takes its place"; a payment from ${old} to anywhere else is warned of.`,
    ),
    text(
      "3. The policy judges it like any payment: a wallet that others share counts as a destination, so a rule must let the new one be paid.",
    ),
    text(`4. ${old} stays here for watching: receive nothing there any more. Drill and back up ${fresh}.`),
  ];
}
