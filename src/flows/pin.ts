// The PIN: asked, and chosen.

import { wipe } from "../bytes.ts";
import { LIMITS } from "../limits.ts";
import type { Block } from "../model.ts";
import { DIGITS, field } from "../screens/field.ts";
import { notice } from "../screens/notice.ts";
import { utf8 } from "../text.ts";
import type { Desk } from "../ui.ts";
import { ask } from "../ui.ts";

export async function askPin(desk: Desk, above: readonly Block[]): Promise<Uint8Array> {
  for (;;) {
    const answer = await ask(desk, field({ ...PIN, title: "Unlock", above, backs: false }));
    if (answer !== "back") return utf8(answer.value);
  }
}

const PIN = {
  label: "PIN",
  allowed: DIGITS,
  longest: LIMITS.pinDigitsMax,
  masked: true,
  check: (value: string) =>
    value.length < LIMITS.pinDigitsMin ? `At least ${LIMITS.pinDigitsMin} digits.` : undefined,
} as const;

export async function askNewPin(desk: Desk): Promise<Uint8Array | "back"> {
  for (;;) {
    const answer = await ask(desk, field({ ...PIN, title: "Choose a PIN", above: CHOOSE }));
    if (answer === "back") return "back";
    const again = await ask(desk, field({ ...PIN, title: "The PIN again" }));
    if (again === "back") continue;
    const [first, second] = [utf8(answer.value), utf8(again.value)];
    const same = first.length === second.length && first.every((digit, index) => digit === second[index]);
    wipe(second);
    if (same) return first;
    wipe(first);
    await ask(desk, notice("The two PINs differ", [{ kind: "text", text: "Choose the PIN again." }]));
  }
}

const CHOOSE = [
  {
    kind: "text",
    text: `${LIMITS.pinDigitsMin} to ${LIMITS.pinDigitsMax} digits, better eight or more. Whoever has this machine and the PIN has the keys.`,
  },
] as const;
