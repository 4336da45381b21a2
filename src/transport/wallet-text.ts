// The texts in which programs give a wallet, known by their look. What they say is read in the room of Bitcoin.

import { LIMITS } from "../limits.ts";
import { refuse } from "../refusal.ts";
import type { Content } from "./parts.ts";

/** A descriptor with its label, if it has one; or a template of BIP 388, its keys in the lines below. */
const DESCRIPTOR =
  /^[ \t]*(?:(?:receive|change|receive and change|external|internal)[ \t]*:[ \t]*)?(?:sh|wsh|pk|pkh|wpkh|combo|multi|sortedmulti|tr|rawtr|addr|raw)\(/i;
const ADDWALLET = /^addwallet [^&\n]*&/;
const COLDCARD_POLICY = /^[ \t]*policy[ \t]*:[ \t]*\d+[ \t]*(?:of|\/)[ \t]*\d+/im;
const COLDCARD_KEY = /^[ \t]*[0-9a-f]{8}[ \t]*:[ \t]*[a-z]pub/im;
/** BIP 129: a cosigner's record has its token in the second line, a wallet's its descriptor. */
const BSMS = /^BSMS [0-9.]+[ \t]*\r?\n[ \t]*[a-z]+\(/;
/**
 * The same sealed with a token: 32 bytes that authenticate it, then the record; whose it is nobody can tell. A sealed
 * seed (KEF) in hex is shorter than the shortest of them.
 */
const SEALED = /^(?:[0-9a-f]{2}){180,}$/i;

/** What one of these programs' JSON has at its top. */
const FIELDS: readonly string[] = [
  "descriptor",
  "recv_descriptor",
  "desc",
  "descriptors",
  "descriptor_template",
  "descriptorTemplate",
  "template",
  "policy",
  "extendedPublicKeys",
  "wallet_type",
  "accounts",
  "keys_info",
  /** A Safe of Ethereum, as its programs tell of it. */
  "owners",
];

/** Undefined where it is no such text. Throws Refusal transport.too-large. */
export function walletText(text: string): Content | undefined {
  if (!isWallet(text)) return undefined;
  return text.length > LIMITS.walletFileChars
    ? refuse("transport.too-large", "a wallet's text")
    : { kind: "wallet", text };
}

function isWallet(text: string): boolean {
  if (/^[{[]/.test(text)) return isWalletFile(text);
  if (BSMS.test(text) || ADDWALLET.test(text)) return true;
  if (COLDCARD_POLICY.test(text) && COLDCARD_KEY.test(text)) return true;
  return DESCRIPTOR.test(firstLine(text));
}

/** Comments come first where there are any. */
function firstLine(text: string): string {
  const line = text.split("\n", MOST_COMMENTS).find((one) => one.trim() !== "" && !one.startsWith("#"));
  return line ?? "";
}

const MOST_COMMENTS = 64;

function isWalletFile(text: string): boolean {
  if (!/^\[\s*\{|^\{/.test(text)) return false;
  if (text.length > LIMITS.walletFileChars) return refuse("transport.too-large", "a wallet's text");
  try {
    const parsed: unknown = JSON.parse(text);
    const top: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
    return typeof top === "object" && top !== null && FIELDS.some((name) => Object.hasOwn(top, name));
  } catch {
    return false;
  }
}

/** After all that begins with a mark in hex: a record of BIP 129 that a token seals. */
export function sealedText(text: string): Content | undefined {
  if (!SEALED.test(text)) return undefined;
  return text.length > LIMITS.walletFileChars
    ? refuse("transport.too-large", "a sealed record")
    : { kind: "wallet", text };
}
