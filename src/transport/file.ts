// A file on a stick: the same contents as a code has, read by the same readers, and a reply as such a file.

import { toHex } from "../bytes.ts";
import { LIMITS } from "../limits.ts";
import type { Kind, Message, PsbtMessage } from "../model.ts";
import { refuse } from "../refusal.ts";
import { fromUtf8, utf8 } from "../text.ts";
import { encodeBase64 } from "./digits.ts";
import { begin, type Gathering, take, whole } from "./gather.ts";
import { documentIn, headersIn } from "./marked.ts";
import { anyMessage } from "./message-text.ts";
import { backupIn } from "./seeds.ts";
import { contentOfText, isPsbt, isPsbtText, MOST_TEXT_BYTES, type Sniffed } from "./sniff.ts";
import { readUr } from "./ur.ts";

/**
 * A PSBT as bytes, base64 or hex; a wallet's text; Firn's encrypted backup; one of Firn's texts; block headers; a UR,
 * a line a part. Throws Refusal transport.* as a code of the
 * same content does, stick.unknown, and stick.seed: no key is taken from a file in which anybody could read it.
 */
export function messageOfFile(bytes: Uint8Array, wanted: readonly Kind[] = []): Message {
  const words = wanted.length > 0 && wanted.every((kind) => kind === "message") ? wordsIn(bytes) : undefined;
  const { dialect, content } = words ?? contentOfFile(bytes);
  if (content.kind !== "seed") return { dialect, ...content };
  const { form } = content.seed;
  if (form === "backup") return content;
  return form === "kef" ? refuse("stick.unknown") : refuse("stick.seed");
}

/** Where nothing but messages is looked for; the line end with which editors end a file is none of the message's. */
function wordsIn(bytes: Uint8Array): Sniffed | undefined {
  const text = bytes.length > LIMITS.messageTextBytes ? undefined : fromUtf8(bytes);
  const content = text && anyMessage(text.replace(/^\uFEFF/, "").replace(/\r?\n$/, ""));
  return content ? { dialect: "plain", content } : undefined;
}

function contentOfFile(bytes: Uint8Array): Sniffed {
  if (isPsbt(bytes)) {
    if (bytes.length > LIMITS.messageBytes) refuse("transport.too-large");
    return { dialect: "plain", content: { kind: "psbt", bytes: bytes.slice() } };
  }
  const backup = backupIn(bytes);
  if (backup) return { dialect: "plain", content: { kind: "seed", seed: backup } };
  const marked = documentIn(bytes) ?? headersIn(bytes);
  if (marked) return { dialect: "plain", content: marked };
  const text = textOf(bytes)
    ?.replace(/^\uFEFF/, "")
    .trim();
  if (text === undefined) return refuse("stick.unknown");
  return isUr(text) ? urIn(text) : (contentOfText(text) ?? refuse("stick.unknown"));
}

const isUr = (text: string): boolean => /^ur:/i.test(text);

/** All the parts in one file, as a program shows them one after the other. */
function urIn(text: string): Sniffed {
  const lines = text.split("\n").map((line) => line.trim());
  if (lines.length > 2 * LIMITS.parts) return refuse("transport.too-large", "a UR's parts");
  let gathering: Gathering | undefined;
  for (const line of lines.filter((one) => one !== "")) {
    const part = isUr(line) ? readUr(line) : refuse("stick.unknown");
    if (part.form === "whole") return lines.length === 1 ? part : refuse("transport.mixed");
    gathering ??= begin(part);
    if (gathering.first.key !== part.key) return refuse("transport.mixed");
    take(gathering, part);
  }
  const content = gathering && whole(gathering);
  return content ? { dialect: "ur", content } : refuse("transport.damaged", "parts are missing");
}

/** Only the text of a PSBT or of a UR may be long: its letters are ASCII's, and decoded without a detour. */
function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.length <= MOST_TEXT_BYTES) return fromUtf8(bytes);
  const piece = (at: number) => String.fromCharCode(...bytes.subarray(at, at + PIECE));
  const start = piece(0).trim();
  if (!isPsbtText(start) && !isUr(start)) return undefined;
  return Array.from({ length: Math.ceil(bytes.length / PIECE) }, (_, i) => piece(i * PIECE)).join("");
}

const PIECE = 4096;

/** The reply as a file, in the form in which the request's file came: text where that was text, else bytes. */
export function fileOfReply({ dialect, bytes }: PsbtMessage): Uint8Array {
  if (dialect === "base64") return utf8(`${encodeBase64(bytes)}\n`);
  return dialect === "hex" ? utf8(`${toHex(bytes)}\n`) : bytes;
}
