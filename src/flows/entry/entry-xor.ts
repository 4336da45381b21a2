// Seed XOR: two to four phrases that are one key together. Nothing but the fingerprint tells whether they belong.

import { wipe } from "../../bytes.ts";
import { joinSeedXor } from "../../keys/index.ts";
import type { Desk } from "../../ui.ts";
import type { Brought } from "./brought.ts";
import { type Collecting, collect } from "./entry-collect.ts";
import { broughtWords, entropyOfScanned, fingerprintFor, sentenceIn, typePhrase } from "./words.ts";

export async function bringXor(desk: Desk): Promise<Brought | "back"> {
  const parts = await collect(desk, PARTS);
  if (parts === "back") return "back";
  try {
    return broughtWords(joinSeedXor(parts), "seed-xor");
  } finally {
    wipe(...parts);
  }
}

const MOST_PARTS = 4;

export const PARTS: Collecting<Uint8Array> = {
  title: "Seed XOR",
  one: "part",
  async told(desk, parts) {
    const [first] = parts;
    if (first === undefined) return ["Two to four phrases, all of them, in any order."];
    const entered = `${parts.length} ${parts.length === 1 ? "part" : "parts"} of ${(first.length / 4) * 3} words.`;
    if (parts.length === 1) return [entered];
    return [entered, await madeOf(desk, parts), "Any parts make some key: only the fingerprint tells."];
  },
  name: (_, place) => `part ${place + 1}`,
  type: (desk, parts) => typePhrase(desk, `Part ${parts.length + 1}`),
  read: entropyOfScanned,
  add(parts, part) {
    const longer = [...parts, part];
    // The sum so far is nobody's key, but parts that are equal, or of other lengths, are found at once.
    if (longer.length > 1) wipe(joinSeedXor(longer));
    return longer;
  },
  state: (parts) => (parts.length < 2 ? "more" : parts.length < MOST_PARTS ? "enough" : "full"),
  prove: async (parts) => wipe(joinSeedXor(parts)),
  wipe: (part) => wipe(part),
};

async function madeOf(desk: Desk, parts: readonly Uint8Array[]): Promise<string> {
  // Those that are left when one was taken out may cancel each other out.
  const problem = sentenceIn(() => wipe(joinSeedXor(parts)));
  if (problem !== undefined) return problem;
  const entropy = joinSeedXor(parts);
  try {
    const material = { kind: "words", entropy, passphrase: new Uint8Array(0) } as const;
    return `As they are, without a passphrase: key ${await fingerprintFor(desk, material)}.`;
  } finally {
    wipe(entropy);
  }
}
