// UR version 2 (BCR-2020-005, BCR-2024-001): ur:type/words, or ur:type/n-of-m as sums of fragments.

import { LIMITS } from "../limits.ts";
import { refuse } from "../refusal.ts";
import { readBytewords } from "./bytewords.ts";
import { readCbor } from "./cbor.ts";
import type { FountainPart, Part, Whole } from "./parts.ts";
import { contentOfUr, kindOfUr } from "./registry.ts";
import { readUr1 } from "./ur1.ts";

const MOST_U32 = 0xffffffff;

const damaged = (detail: string): never => refuse("transport.damaged", detail);

/** Any text that begins with "ur:", of either version and either case. Throws Refusal transport.*. */
export function readUr(text: string): Part | Whole {
  const [type = "", ...rest] = text.toLowerCase().slice(3).split("/");
  if (!/^[a-z0-9-]{1,64}$/.test(type)) return damaged("its UR type is malformed");
  const claims = kindOfUr(type);
  if (rest.length === 1) {
    const body = readBytewords(rest[0]!);
    if (body !== undefined) return { form: "whole", dialect: "ur", content: contentOfUr(type, body) };
  }
  const sequence = rest.length === 2 ? /^(\d{1,10})-(\d{1,10})$/.exec(rest[0]!) : null;
  if (sequence !== null) {
    const part = readPart(type, Number(sequence[1]), Number(sequence[2]), rest[1]!);
    return { ...part, claims };
  }
  // Both versions prove themselves by their checksums, so that trying one after the other is safe.
  if (type === "bytes") return readUr1(rest);
  return damaged("the checksum of the code is wrong");
}

/** The CBOR array [seqNum, seqLen, messageLen, crc, fragment], checked before anything is allocated. */
function readPart(type: string, seqNum: number, total: number, words: string): FountainPart {
  const body = readBytewords(words) ?? damaged("the checksum of a part is wrong");
  const part = readCbor(body);
  if (part.type !== "array" || part.items.length !== 5) return damaged("a part is malformed");
  const [number, count, length, crc, fragment] = part.items;
  if (
    number?.type !== "uint" ||
    count?.type !== "uint" ||
    length?.type !== "uint" ||
    crc?.type !== "uint" ||
    fragment?.type !== "bytes"
  )
    return damaged("a part is malformed");
  if (number.value !== seqNum || count.value !== total)
    return damaged("a part's number differs from what it says itself");
  if (seqNum < 1 || seqNum > MOST_U32 || total < 1 || crc.value > MOST_U32)
    return damaged("a part is malformed");
  if (total > LIMITS.parts || length.value > LIMITS.messageBytes) return refuse("transport.too-large");
  const most = fragment.bytes.length * total;
  if (length.value > most || length.value <= most - fragment.bytes.length)
    return damaged("a part's lengths do not add up");
  return {
    form: "fountain",
    dialect: "ur",
    key: `ur/${type}/${total}/${length.value}/${crc.value}/${fragment.bytes.length}`,
    total,
    claims: undefined,
    seqNum,
    fragment: fragment.bytes,
    messageLength: length.value,
    crc: crc.value,
    read: (message) => contentOfUr(type, message),
  };
}
