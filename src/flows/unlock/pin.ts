// The PIN: asked, and chosen.

import { equal, wipe } from "../../bytes.ts";
import { wordList } from "../../keys/index.ts";
import { LIMITS } from "../../limits.ts";
import type { Block } from "../../model.ts";
import type { Random, Seal } from "../../ports.ts";
import { DIGITS, field } from "../../screens/field.ts";
import { notice } from "../../screens/notice.ts";
import { fromUtf8, utf8 } from "../../text.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";

const PIN = {
  label: "PIN",
  allowed: DIGITS,
  longest: LIMITS.pinDigitsMax,
  masked: true,
  check: (value: string) =>
    value.length < LIMITS.pinDigitsMin ? `At least ${LIMITS.pinDigitsMin} digits.` : undefined,
} as const;

export interface PinQuestion {
  readonly title: string;
  readonly above: readonly Block[];
  /** The dial's digits in an order of chance, another one each time. */
  readonly shuffled: boolean;
  /** Typed already. */
  readonly start?: string;
  /** The answer comes by itself with so many digits. */
  readonly stopAt?: number;
  /** What back is called on the empty field, where there is something to go back to. */
  readonly back?: string;
}

/** "back" only where the question lets one. */
export async function askPin(desk: Desk, question: PinQuestion): Promise<string> {
  const { shuffled, ...rest } = question;
  const allowed = shuffled ? inAnyOrder(desk.ports.random, DIGITS) : DIGITS;
  const options = { ...PIN, ...rest, allowed };
  const answer = await ask(desk, field(question.back === undefined ? { ...options, backs: false } : options));
  return answer === "back" ? "back" : answer.value;
}

/** Fisher and Yates; a byte that would favour some place is thrown away. */
export function inAnyOrder(random: Random, chars: string): string {
  const list = [...chars];
  for (let last = list.length - 1; last > 0; last--) {
    const most = 256 - (256 % (last + 1));
    let byte = random.bytes(1)[0]!;
    while (byte >= most) byte = random.bytes(1)[0]!;
    const other = byte % (last + 1);
    [list[last], list[other]] = [list[other]!, list[last]!];
  }
  return list.join("");
}

/** Two words that only this machine can make of the digits: another machine that asks for the PIN shows others. */
export async function wordsFor(seal: Seal, digits: string): Promise<string> {
  const mark = await seal.mark(utf8(`firn/2/words/${digits}`));
  const number = (mark[0]! << 16) | (mark[1]! << 8) | mark[2]!;
  return `${wordList[number >> 13]} ${wordList[(number >> 2) & 0x7ff]}`;
}

/** After half of the PIN, rounded down. */
export function wordsAfter(pin: Uint8Array): number {
  return Math.floor(pin.length / 2);
}

export function halfOf(pin: Uint8Array): string {
  return fromUtf8(pin.subarray(0, wordsAfter(pin)))!;
}

export const SEAL_SENTENCES: Record<Seal["kind"], string> = {
  tpm: "Your keys are sealed to this machine's TPM, which counts wrong PINs by itself.",
  board: "Your keys are sealed to this board's own secret: the card alone opens nothing.",
  file: "Your keys are sealed by a file beside them, the weakest seal: whoever copies all of this home needs only the PIN.",
};

/** What the owner has to know of a PIN and a seal that are new together; words undefined where none are shown. */
export function sealedBlocks(kind: Seal["kind"], words: string | undefined): Block[] {
  const sentence = { kind: "text", text: SEAL_SENTENCES[kind] } as const;
  return words === undefined ? [sentence] : [sentence, ...wordsBlocks(words)];
}

export function wordsBlocks(words: string): Block[] {
  const text = "After the first half of your PIN these two words appear. Other words mean another machine.";
  return [
    { kind: "text", text },
    { kind: "fact", label: "This machine's words", value: words },
  ];
}

/** Twice, and the same both times. The caller wipes it. */
export async function askNewPin(
  desk: Desk,
  title = "Choose a PIN",
  what = "better eight or more. Whoever has this machine and the PIN has the keys.",
): Promise<Uint8Array | "back"> {
  const text = `${LIMITS.pinDigitsMin} to ${LIMITS.pinDigitsMax} digits, ${what}`;
  for (;;) {
    const answer = await ask(desk, field({ ...PIN, title, above: [{ kind: "text", text }] }));
    if (answer === "back") return "back";
    const again = await ask(desk, field({ ...PIN, title: "The PIN again" }));
    if (again === "back") continue;
    const [first, second] = [utf8(answer.value), utf8(again.value)];
    const same = equal(first, second);
    wipe(second);
    if (same) return first;
    wipe(first);
    await ask(desk, notice("The two PINs differ", [{ kind: "text", text: "Choose the PIN again." }]));
  }
}
