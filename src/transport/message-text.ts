// The texts in which programs ask for a message to be signed, and in which they show one that was. What they say is
// read in the room of Bitcoin.

import { LIMITS } from "../limits.ts";
import { refuse } from "../refusal.ts";
import { utf8 } from "../text.ts";
import type { Content } from "./parts.ts";
import { seedText } from "./seeds.ts";

/** "signmessage m/84h/0h/0h/0/0 ascii:…": SeedSigner, Krux, Specter, Sparrow. */
const ASKED = /^signmessage /;
/** As RFC 2440 frames a text that is signed in the open. */
const ARMOUR = /^\s*-----BEGIN (?:BITCOIN )?SIGNED MESSAGE-----/;
/** BIP 322. */
const SIGNATURE = /^(?:smp|ful|pof)[A-Za-z0-9+/]{8,}={0,2}$/;

/** Undefined where it is no such text. Throws Refusal transport.too-large. The text is left as it is: spaces count. */
export function messageText(text: string): Content | undefined {
  const isOne = ASKED.test(text) || ARMOUR.test(text) || SIGNATURE.test(text.trim()) || isMessageFile(text);
  return isOne ? bounded(text) : undefined;
}

/** Where nothing but messages is looked for any text may be one, or a signature; but for a seed. */
export function anyMessage(text: string): Content | undefined {
  return seedText(text.trim()) === undefined ? bounded(text) : undefined;
}

function bounded(text: string): Content {
  if (text.length > LIMITS.messageTextBytes || utf8(text).length > LIMITS.messageTextBytes)
    return refuse("transport.too-large", "a message");
  return { kind: "message", text };
}

/** Coldcard's JSON: {"msg": …, "subpath": …, "addr_fmt": …}. */
function isMessageFile(text: string): boolean {
  if (!/^\s*\{/.test(text) || !/"msg"/.test(text) || text.length > LIMITS.messageTextBytes) return false;
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof (parsed as { readonly msg?: unknown }).msg === "string";
  } catch {
    return false;
  }
}
