// Krux's encrypted code (KEF): what everyone can read of it, its key, and then the words in it as if scanned plain.

import { toHex, wipe } from "../../bytes.ts";
import { type KefHeader, openKef, readKefHeader, seedOfKef } from "../../keys/index.ts";
import type { Block } from "../../model.ts";
import { Refusal } from "../../refusal.ts";
import { refused } from "../../screens/notice.ts";
import { scan } from "../../screens/scan.ts";
import { fromUtf8, shown } from "../../text.ts";
import type { Desk } from "../../ui.ts";
import { ask, wait } from "../../ui.ts";
import { type Brought, isForm } from "./brought.ts";
import { askSecret, confirmWords } from "./words.ts";

export async function scanKef(desk: Desk): Promise<Brought | "back"> {
  const message = await ask(
    desk,
    scan({ title: "Krux's encrypted code", ask: "Show the encrypted code to the camera.", kinds: ["seed"] }),
  );
  if (message === "back") return "back";
  if (message.kind !== "seed" || !isForm(message, "kef"))
    throw new Refusal("transport.wrong-kind", "an encrypted code of Krux is asked for");
  return bringKef(desk, message.seed.bytes);
}

/** The key is asked for until it opens the envelope, or the person leaves. Throws Refusal forms.kef-*. */
export async function bringKef(desk: Desk, envelope: Uint8Array): Promise<Brought | "back"> {
  const above = factsOf(readKefHeader(envelope));
  for (;;) {
    const key = await askSecret(desk, { title: "Krux's encrypted code", label: "Its key", above });
    if (key === "back") return "back";
    const plain = await opened(desk, envelope, key);
    if (plain === "wrong") continue;
    try {
      const message = seedOfKef(plain);
      return isForm(message, "compact", "seedqr", "words")
        ? await confirmWords(desk, message, "kef")
        : "back";
    } finally {
      wipe(plain);
    }
  }
}

async function opened(desk: Desk, envelope: Uint8Array, key: Uint8Array): Promise<Uint8Array | "wrong"> {
  try {
    return await wait(desk, "Opening the code", openKef(envelope, key, desk.ports.stretch));
  } catch (problem) {
    if (!(problem instanceof Refusal && problem.reason === "forms.kef-wrong-key")) throw problem;
    await ask(desk, refused(problem));
    return "wrong";
  } finally {
    wipe(key);
  }
}

function factsOf({ id, name, iterations, weak }: KefHeader): Block[] {
  const label = shown(fromUtf8(id) ?? toHex(id), 40);
  const guess = weak ? ", quick to guess" : "";
  return [{ kind: "text", text: `${label}: ${name}, ${iterations} rounds${guess}.` }];
}
