// Contents with a mark of their own: Firn's texts, and block headers.

import { sha256 } from "@noble/hashes/sha2.js";
import { equal, fromHex } from "../bytes.ts";
import { LIMITS } from "../limits.ts";
import { refuse } from "../refusal.ts";
import { fromUtf8, utf8 } from "../text.ts";
import { decodeBase64 } from "./digits.ts";
import type { Content } from "./parts.ts";

const FIRST = "Firn ";
const FIRST_BYTES = utf8(FIRST);
const BYTE_ORDER = [0xef, 0xbb, 0xbf];

const begins = (bytes: Uint8Array, mark: ArrayLike<number>, from = 0): boolean =>
  Array.from(mark).every((byte, i) => bytes[from + i] === byte);

/** A file of ERC 7730 names its schema; anything that is JSON might do so in another place, and then is refused as one. */
const SCHEMA = /"\$schema"\s*:\s*"[^"]{0,200}erc7730-[^"]{0,40}"/;

function isDescriptor(bytes: Uint8Array, from: number): boolean {
  if (bytes[from] !== 0x7b || bytes.length - from > LIMITS.descriptorChars) return false;
  const text = fromUtf8(bytes.subarray(from));
  return text !== undefined && SCHEMA.test(text);
}

/** A text that begins with "Firn ", or a file of ERC 7730. Its exact bytes, so that no decoder has to guess letters. Throws Refusal. */
export function documentIn(bytes: Uint8Array): Content | undefined {
  const from = begins(bytes, BYTE_ORDER) ? BYTE_ORDER.length : 0;
  if (!begins(bytes, FIRST_BYTES, from) && !isDescriptor(bytes, from)) return undefined;
  if (bytes.length - from > LIMITS.documentBytes) return refuse("transport.too-large", "a document");
  const text = fromUtf8(bytes.subarray(from));
  if (text === undefined) return refuse("transport.damaged", "a document that is no whole UTF-8");
  return { kind: "document", text: text.replaceAll("\r\n", "\n") };
}

/** The same where there is only the text. */
export function documentText(text: string): Content | undefined {
  return text.startsWith(FIRST) || text.startsWith("{") ? documentIn(utf8(text)) : undefined;
}

// ---------------------------------------------------------------- block headers

const HEADER_BYTES = 80;
/** Letters of the most headers in hex, with a line's end of two after each. */
const MOST_HEX = (2 * HEADER_BYTES + 2) * LIMITS.headers;

/**
 * Known by what no other content has by chance: the first one's hash ends in four zero bytes, as all of mainnet do, or
 * the second one names it. Throws Refusal transport.too-large.
 */
export function headersIn(bytes: Uint8Array): Content | undefined {
  if (bytes.length < HEADER_BYTES || bytes.length % HEADER_BYTES !== 0) return undefined;
  const hash = sha256(sha256(bytes.subarray(0, HEADER_BYTES)));
  const named = bytes.subarray(HEADER_BYTES + 4, HEADER_BYTES + 36);
  if (hash.subarray(28).some((byte) => byte !== 0) && !equal(hash, named)) return undefined;
  if (bytes.length > HEADER_BYTES * LIMITS.headers)
    return refuse("transport.too-large", `more than ${LIMITS.headers} block headers`);
  return { kind: "headers", bytes: bytes.slice() };
}

/** The same in hex, one a line or without line ends, or in base64. */
export function headersText(text: string): { dialect: "hex" | "base64"; content: Content } | undefined {
  if (text.length < 100 || text.length > 2 * MOST_HEX || !/^[0-9A-Za-z+/=\s]+$/.test(text)) return undefined;
  const hex = fromHex(text.replace(/\s+/g, ""));
  const bytes = hex ?? decodeBase64(text);
  const content = bytes && headersIn(bytes);
  return content && { dialect: hex ? "hex" : "base64", content };
}
