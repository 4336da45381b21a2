// Content that says itself what it is: raw bytes and plain text, in the order of the most certain mark.
// Rule: the same content is always the same kind, whatever is wanted; the caller compares afterwards.

import { fromHex } from "../bytes.ts";
import { LIMITS } from "../limits.ts";
import type { Dialect, SeedMessage } from "../model.ts";
import { refuse } from "../refusal.ts";
import { fromUtf8 } from "../text.ts";
import { decodeBase43, isBase43 } from "./base43.ts";
import { decodeBase64 } from "./digits.ts";
import { keyText } from "./key-text.ts";
import { documentIn, documentText, headersIn, headersText } from "./marked.ts";
import { messageText } from "./message-text.ts";
import type { Content } from "./parts.ts";
import { backupIn, kefIn, kefText, seedText } from "./seeds.ts";
import { sealedText, walletText } from "./wallet-text.ts";

export interface Sniffed {
  readonly dialect: Dialect;
  readonly content: Content;
}

/** BIP 174: "psbt" and 0xff. */
const PSBT_MAGIC = [0x70, 0x73, 0x62, 0x74, 0xff];

export function isPsbt(bytes: Uint8Array): boolean {
  return PSBT_MAGIC.every((byte, i) => bytes[i] === byte);
}

/** The longest text that is looked at: block headers in hex. A wallet's text has a bound of its own. */
export const MOST_TEXT_BYTES = 164 * LIMITS.headers;

/** A PSBT, an encrypted backup, one of Firn's texts, block headers, or a text of contentOfText; undefined where it is none. Throws Refusal. */
export function contentOfBytes(bytes: Uint8Array): Content | undefined {
  if (isPsbt(bytes)) return { kind: "psbt", bytes: bytes.slice() };
  const backup = backupIn(bytes);
  if (backup !== undefined) return { kind: "seed", seed: backup };
  const marked = documentIn(bytes) ?? headersIn(bytes);
  if (marked !== undefined) return marked;
  if (bytes.length > MOST_TEXT_BYTES) return refuse("transport.too-large", "a text");
  const text = fromUtf8(bytes);
  const found = text === undefined ? undefined : contentOfText(text)?.content;
  return found ?? seedContent(kefIn(bytes));
}

function seedContent(seed: SeedMessage["seed"] | undefined): Content | undefined {
  return seed === undefined ? undefined : { kind: "seed", seed };
}

function seedSniffed(seed: SeedMessage["seed"] | undefined): Sniffed | undefined {
  return seed === undefined ? undefined : { dialect: "plain", content: { kind: "seed", seed } };
}

function keySniffed(text: string): Sniffed | undefined {
  const content = keyText(text);
  return content && { dialect: "plain", content };
}

function documentSniffed(text: string): Sniffed | undefined {
  const content = documentText(text);
  return content && { dialect: "plain", content };
}

function messageSniffed(text: string): Sniffed | undefined {
  const content = messageText(text);
  return content && { dialect: "plain", content };
}

/** Undefined where nothing is recognised. Throws Refusal where something is, and is wrong or never wanted. */
export function contentOfText(text: string): Sniffed | undefined {
  const trimmed = text.trim();
  return (
    psbtText(trimmed) ??
    documentSniffed(text) ??
    headersText(trimmed) ??
    messageSniffed(text) ??
    seedSniffed(seedText(trimmed)) ??
    walletSniffed(walletText(trimmed)) ??
    keySniffed(trimmed) ??
    base43Text(trimmed) ??
    addressText(trimmed) ??
    ethereumAddressText(trimmed) ??
    strangerText(trimmed) ??
    walletSniffed(sealedText(trimmed)) ??
    seedSniffed(kefText(trimmed))
  );
}

/** It begins as a PSBT in base64 or hex does, whatever follows. */
export function isPsbtText(text: string): boolean {
  return psbtDialect(text) !== undefined;
}

function psbtDialect(text: string): "base64" | "hex" | undefined {
  return text.startsWith("cHNidP") ? "base64" : /^70736274ff/i.test(text) ? "hex" : undefined;
}

function psbtText(text: string): Sniffed | undefined {
  const dialect = psbtDialect(text);
  if (dialect === undefined) return undefined;
  const bytes = dialect === "hex" ? fromHex(text) : decodeBase64(text);
  if (bytes === undefined) return refuse("transport.damaged", `it is not whole ${dialect}`);
  if (bytes.length > LIMITS.messageBytes) return refuse("transport.too-large");
  return { dialect, content: { kind: "psbt", bytes } };
}

function walletSniffed(content: Content | undefined): Sniffed | undefined {
  return content && { dialect: "plain", content };
}

function base43Text(text: string): Sniffed | undefined {
  if (text.length < 8 || text.length > LIMITS.base43Chars || !isBase43(text)) return undefined;
  const bytes = decodeBase43(text);
  if (bytes === undefined || !isPsbt(bytes)) return undefined;
  return { dialect: "base43", content: { kind: "psbt", bytes } };
}

/** What no screen asks for yet, named so that a person knows what was shown. */
function strangerText(text: string): undefined {
  if (/^0[12]000000[0-9a-f]{112,}$/i.test(text))
    return refuse("transport.wrong-kind", "a finished transaction");
  if (/^(?:\[[^\]]*\])?[a-z]prv[0-9A-Za-z]{80,}/i.test(text))
    return refuse("transport.wrong-kind", "a private key");
  return undefined;
}

/** An address, or a payment request (BIP 21): what it adds is handed on unread. */
function addressText(text: string): Sniffed | undefined {
  const [, address, query = ""] = /^(?:bitcoin:)?([0-9a-z]{26,90})(?:\?(.*))?$/is.exec(text) ?? [];
  if (address === undefined) return undefined;
  if (!/^(?:(?:bc|tb|bcrt)1[0-9a-z]{11,}|[123mn][1-9A-HJ-NP-Za-km-z]{25,34})$/i.test(address))
    return undefined;
  if (query.length > LIMITS.qrTextChars) return refuse("transport.too-large", "a payment request");
  return {
    dialect: "plain",
    content: { kind: "address", text: address, ...(query === "" ? {} : { query }) },
  };
}

/**
 * An address of Ethereum: bare, with a chain's short name (EIP 3770) or number (CAIP 10), or a payment request (EIP 681).
 * The prefix stays with it: it says the chain.
 */
function ethereumAddressText(text: string): Sniffed | undefined {
  const [, address, query = ""] =
    /^((?:[0-9a-z-]{2,32}:(?:pay-|\d{1,16}:)?)?0x[0-9a-f]{40}(?:@\d{1,16})?(?:\/[a-z]{1,32})?)(?:\?(.*))?$/is.exec(
      text,
    ) ?? [];
  if (address === undefined) return undefined;
  if (query.length > LIMITS.qrTextChars) return refuse("transport.too-large", "a payment request");
  return {
    dialect: "plain",
    content: { kind: "address", text: address, ...(query === "" ? {} : { query }) },
  };
}
