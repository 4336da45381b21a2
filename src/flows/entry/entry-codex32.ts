// codex32 (BIP 93): strings that can be checked by hand, typed letter by letter or scanned.

import { wipe } from "../../bytes.ts";
import {
  addCodexShare,
  type Codex32,
  type CodexSet,
  isCodexComplete,
  mendedCodex32,
  parseCodex32,
  recoverCodex32,
} from "../../keys/index.ts";
import type { SeedMessage } from "../../model.ts";
import { Refusal } from "../../refusal.ts";
import { question } from "../../screens/notice.ts";
import { groupLines, shareText } from "../../screens/share-text.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { type Brought, isForm } from "./brought.ts";
import { type Collecting, collect } from "./entry-collect.ts";
import { codex32ShareName } from "./share-names.ts";
import { fingerprintFor, refusalLine } from "./words.ts";

export async function bringCodex32(desk: Desk, first?: Codex32): Promise<Brought | "back"> {
  const shares = await collect(desk, STRINGS, first);
  if (shares === "back") return "back";
  const set = setOf(shares);
  const each = shares.map((share) => ({ name: codex32ShareName(share) }));
  return {
    origin: "entered",
    from: "codex32",
    ...(isSecret(shares) ? {} : { shares: { needed: set.needed, each } }),
    material: async () => ({ kind: "seed", seed: recoverCodex32(set) }),
    wipe: () => shares.forEach(STRINGS.wipe),
  };
}

export function codex32Of(message: SeedMessage): Codex32 {
  if (!isForm(message, "codex32")) throw new Refusal("transport.wrong-kind", "a codex32 string is asked for");
  return parseCodex32(message.seed.text);
}

const SECRET = "s";
const isSecret = (shares: readonly Codex32[]) => shares[0]?.index === SECRET;

function setOf(shares: readonly Codex32[]): CodexSet {
  return { needed: isSecret(shares) ? 1 : (shares[0]?.threshold ?? 1), shares };
}

const STRINGS: Collecting<Codex32> = {
  title: "codex32",
  one: "share",
  async told(desk, shares) {
    const [first] = shares;
    if (first === undefined) return ["One share after the other, or the secret itself (S in place nine)."];
    const set = setOf(shares);
    const names = shares.map(({ index }) => index.toUpperCase()).join(", ");
    const many = `${first.identifier.toUpperCase()}: ${shares.length} of ${set.needed} shares, ${names}.`;
    if (isSecret(shares) || !isCodexComplete(set)) return [many];
    return [
      many,
      await madeOf(desk, set),
      "A share more, if you have one, proves that they belong together.",
    ];
  },
  name: codex32ShareName,
  type: typeString,
  read: codex32Of,
  add: (shares, share) => addCodexShare(shares.length === 0 ? undefined : setOf(shares), share).shares,
  state(shares) {
    if (isSecret(shares)) return "all";
    return shares.length > 0 && isCodexComplete(setOf(shares)) ? "enough" : "more";
  },
  prove: async () => undefined,
  wipe: ({ payload }) => wipe(payload),
};

async function madeOf(desk: Desk, set: CodexSet): Promise<string> {
  const material = { kind: "seed", seed: recoverCodex32(set) } as const;
  try {
    return `As they are: key ${await fingerprintFor(desk, material)}.`;
  } finally {
    wipe(material.seed);
  }
}

const TYPING = {
  title: "A codex32 string",
  ask: "Type it, or turn the dial: groups of four, as on paper.",
  begins: "MS1",
  letters: "023456789ACDEFGHJKLMNPQRSTUVWXYZ",
  foreign: "B, I, O and 1 never occur.",
  longest: 127,
} as const;

/** Threshold and identifier behind "MS1": the same on all of a set. */
const SAME = 8;

async function typeString(desk: Desk, shares: readonly Codex32[]): Promise<Codex32 | "back"> {
  const [first] = shares;
  const begins = first && `MS1${first.threshold}${first.identifier}`.toUpperCase();
  const watch = (text: string) =>
    begins && text.length >= SAME && !text.startsWith(begins)
      ? `The shares before begin with ${begins.slice(0, 4)} ${begins.slice(4)}: this is one of another set.`
      : undefined;
  let before: { readonly text: string; readonly wrong: string } | undefined;
  for (;;) {
    const typed = await ask(desk, shareText({ ...TYPING, watch }, before));
    if (typed === "back") return "back";
    try {
      return parseCodex32(typed.text);
    } catch (problem) {
      if (!(problem instanceof Refusal)) throw problem;
      const mended = await offerMended(desk, problem, typed.text);
      if (mended !== undefined) return parseCodex32(mended);
      before = { text: typed.text, wrong: refusalLine(problem) };
    }
  }
}

/** One or two slips can be found; whether they were made there only the paper says (BIP 93, Error Correction). */
async function offerMended(desk: Desk, { reason }: Refusal, typed: string): Promise<string | undefined> {
  const mended = reason === "forms.codex32-checksum" ? mendedCodex32(typed) : undefined;
  if (mended === undefined) return undefined;
  const { columns } = desk.ports.panel.size();
  const slips = Array.from(typed, (letter, at) =>
    letter === mended[at]
      ? []
      : [`Letter ${at + 1}, group ${Math.ceil((at + 1) / 4)}: ${letter}, or ${mended[at]}?`],
  ).flat();
  const sheet = {
    title: "A slip of the pen?",
    tone: "caution",
    blocks: [
      { kind: "text", text: "What you typed does not add up; this would. Compare it with your paper:" },
      { kind: "text", text: slips.join("\n") },
      { kind: "text", text: groupLines(mended, columns - 2).join("\n") },
    ],
  } as const;
  return (await ask(desk, question([sheet], "it says so", "edit"))) === "yes" ? mended : undefined;
}
