// The token of a setup by BIP 129: how a cosigner enters it, how it is shown to one, and what it seals.

import {
  decimalOf,
  isSealed,
  NO_TOKEN,
  openRecord,
  sealRecord,
  stretchOf,
  type Token,
  tokenFromDecimal,
  tokenFromHex,
  tokenFromWords,
} from "../../bitcoin/index.ts";
import { wordList } from "../../keys/index.ts";
import { refuse } from "../../refusal.ts";
import { tokenScreen } from "../../screens/bsms.ts";
import { codes } from "../../screens/codes.ts";
import { DIGITS, field } from "../../screens/field.ts";
import { menu } from "../../screens/menu.ts";
import { splitText } from "../../transport/index.ts";
import type { Desk } from "../../ui.ts";
import { ask, drain, wait } from "../../ui.ts";
import { bring } from "../stick.ts";

export async function askToken(desk: Desk): Promise<Token | "back"> {
  const how = await ask(
    desk,
    menu<"decimal" | "hex" | "words" | "scan" | "none" | "back">({
      title: "The coordinator's token",
      above: [{ kind: "text", text: "It seals what passes between you. The coordinator made it." }],
      items: [
        { label: "Type it: a decimal number", answer: "decimal" },
        { label: "Type it: hexadecimal", answer: "hex" },
        { label: "Type it: six words", answer: "words" },
        { label: "Scan it", answer: "scan" },
        { label: "There is none: nothing is sealed", answer: "none" },
      ],
      back: { label: "back", answer: "back" },
    }),
  );
  if (how === "back") return "back";
  if (how === "none") return NO_TOKEN;
  return how === "scan" ? scanToken(desk) : typeToken(desk, how);
}

const TYPED = {
  decimal: { label: "Decimal number", allowed: DIGITS, longest: 39, read: tokenFromDecimal },
  hex: { label: "16 or 32 characters", allowed: `${DIGITS}abcdef`, longest: 32, read: tokenFromHex },
  words: { label: "Six words", allowed: "abcdefghijklmnopqrstuvwxyz ", longest: 53, read: ofWords },
} as const;

function ofWords(text: string): Token | undefined {
  return tokenFromWords(
    text
      .trim()
      .split(/ +/)
      .map((word) => wordList.indexOf(word)),
  );
}

async function typeToken(desk: Desk, how: keyof typeof TYPED): Promise<Token | "back"> {
  const { label, allowed, longest, read } = TYPED[how];
  const check = (value: string) => (read(value) === undefined ? "This is no token." : undefined);
  const answer = await ask(desk, field({ title: "The coordinator's token", label, allowed, longest, check }));
  return answer === "back" ? "back" : read(answer.value)!;
}

/** Codes have it in hex, or as people read it. */
async function scanToken(desk: Desk): Promise<Token | "back"> {
  const brought = await bring(desk, "message", {
    title: "The coordinator's token",
    ask: "Show the token's code to the camera.",
  });
  if (brought === "back") return "back";
  const { text } = brought.message;
  return (
    tokenFromHex(text) ??
    tokenFromDecimal(text) ??
    ofWords(text) ??
    refuse("bsms.unreadable", "this is no token")
  );
}

/** To its cosigner alone, on another way than the records go. */
export async function showToken(desk: Desk, token: Token, whose: string): Promise<void> {
  const answer = await ask(desk, tokenScreen({ whose, decimal: decimalOf(token), hex: token }));
  if (answer === "back") return;
  const loop = () => splitText(token, "high");
  const shown = { title: `Token for ${whose}`, caption: "The token, in hexadecimal.", loop };
  await ask(desk, codes(shown, desk.ports.panel.size()));
}

async function keyOf(desk: Desk, token: Token): Promise<Uint8Array> {
  const { secret, salt, rounds, length } = stretchOf(token);
  const key = await wait(
    desk,
    "Making the token's key",
    desk.ports.stretch.pbkdf2Sha512(secret, salt, rounds, length),
  );
  drain(desk);
  return key;
}

/** As it leaves: sealed where there is a token. */
export async function sealed(desk: Desk, record: string, token: Token): Promise<string> {
  return token === NO_TOKEN ? record : sealRecord(record, token, await keyOf(desk, token));
}

/** What came must be sealed where there is a token, and must not be where there is none. */
export async function opened(desk: Desk, text: string, token: Token): Promise<string> {
  if (token !== NO_TOKEN && !isSealed(text)) return refuse("bsms.unsealed");
  if (token === NO_TOKEN) return isSealed(text) ? refuse("bsms.sealed") : text;
  return openRecord(text, token, await keyOf(desk, token));
}
