// UR version 1 (Cobo Vault, Hermit, old Specter and BlueWallet): read, never written.
// ur:bytes[/<i>of<n>][/<BC32 of SHA-256>]/<BC32, or a slice of it>; BC32 is bech32 without a prefix.

import { sha256 } from "@noble/hashes/sha2.js";
import { equal } from "../bytes.ts";
import { LIMITS } from "../limits.ts";
import { refuse } from "../refusal.ts";
import { BECH32, decodeDigits } from "./digits.ts";
import type { Content, Part, Whole } from "./parts.ts";
import { contentOfUr } from "./registry.ts";

const GENERATORS = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const CHECKSUM_LETTERS = 6;
const DIGEST_LETTERS = 58;

/** BIP 173's checksum over a zero and the letters; BC32 wants 0x3fffffff (the prefix is absent). */
function checks(text: string): boolean {
  let sum = 1 << 5;
  for (let i = 0; i < text.length; i++) {
    const value = BECH32.values[text.charCodeAt(i)] ?? -1;
    if (value < 0) return false;
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    for (let bit = 0; bit < 5; bit++) if ((top >> bit) & 1) sum ^= GENERATORS[bit]!;
  }
  return sum === 0x3fffffff;
}

/** Undefined where a letter is foreign or the checksum is wrong. Lower case only. */
export function decodeBc32(text: string): Uint8Array | undefined {
  if (text.length <= CHECKSUM_LETTERS || !checks(text)) return undefined;
  return decodeDigits(text.slice(0, -CHECKSUM_LETTERS), BECH32);
}

function contentOf(digest: string | undefined, joined: string): Content {
  const body = decodeBc32(joined) ?? refuse("transport.damaged", "the checksum of the code is wrong");
  if (digest !== undefined) {
    const claimed = decodeBc32(digest);
    if (claimed === undefined || !equal(claimed, sha256(body)))
      refuse("transport.damaged", "the digest of the whole is wrong");
  }
  return contentOfUr("bytes", body);
}

/** What follows "ur:bytes/", split at the slashes, lower case. Throws Refusal transport.*. */
export function readUr1(rest: readonly string[]): Part | Whole {
  if (rest.length === 1) return { form: "whole", dialect: "ur1", content: contentOf(undefined, rest[0]!) };
  if (rest.length === 2) return { form: "whole", dialect: "ur1", content: contentOf(rest[0], rest[1]!) };
  const [sequence = "", digest = "", body = ""] = rest;
  const match = /^(\d{1,5})of(\d{1,5})$/.exec(sequence);
  if (rest.length !== 3 || match === null || digest.length !== DIGEST_LETTERS || body === "")
    return refuse("transport.damaged", "a UR part is malformed");
  const number = Number(match[1]);
  const total = Number(match[2]);
  if (number < 1 || number > total) return refuse("transport.damaged", "a UR part's number is out of range");
  if (total > LIMITS.parts) return refuse("transport.too-large");
  return {
    form: "carousel",
    dialect: "ur1",
    key: `ur1/${total}/${digest}`,
    total,
    claims: undefined,
    index: number - 1,
    body,
    read: (bodies) => contentOf(digest, bodies.join("")),
  };
}
