// What a text says that asks for a message to be signed, or shows one that was.

import { LIMITS } from "../../limits.ts";
import type { Path } from "../../model.ts";
import { refuse } from "../../refusal.ts";
import { utf8 } from "../../text.ts";
import { readPath } from "../descriptor/origin.ts";

/** Kinds of address that a request can name. */
export type AskedForm = "p2pkh" | "p2sh-p2wpkh" | "p2wpkh" | "p2tr";

/** A request of which the key is named. */
export interface AskedMessage {
  readonly message: string;
  /** From the master. */
  readonly path: Path;
  /** Where the request says it; else what the path's purpose stands for. */
  readonly form?: AskedForm;
}

/** What was signed, as far as the text says. */
export interface SignedMessage {
  readonly signature: string;
  readonly text?: string;
  readonly address?: string;
}

export type MessageText =
  | ({ readonly kind: "asked" } & AskedMessage)
  | ({ readonly kind: "signed" } & SignedMessage);

/** Throws Refusal message.unread, message.path, message.too-long. */
export function readMessageText(text: string): MessageText {
  const asked = specter(text) ?? coldcard(text);
  return asked ? { kind: "asked", ...bounded(asked) } : { kind: "signed", ...readSignedMessage(text) };
}

/** An armoured text, or a signature alone. Throws Refusal message.unread, message.too-long. */
export function readSignedMessage(text: string): SignedMessage {
  const armoured = armour(text);
  if (armoured) return armoured;
  const bare = text.trim().replace(/\s+/g, "");
  if (!isSignature(bare)) return refuse("message.unread");
  return { signature: bare };
}

/** Base64 of 65 bytes, or what BIP 322 writes; without a prefix too, as it was written before 2026. */
export function isSignature(text: string): boolean {
  return /^(?:(?:smp|ful|pof)[A-Za-z0-9+/]{4,}|[A-Za-z0-9+/]{80,})={0,2}$/.test(text);
}

function bounded<T extends { readonly message: string }>(asked: T): T {
  boundMessage(asked.message);
  return asked;
}

export function boundMessage(message: string): void {
  const { length } = utf8(message);
  if (length > LIMITS.signedBytes)
    refuse("message.too-long", `${length} bytes; Firn takes ${LIMITS.signedBytes}`);
}

/** "signmessage m/84h/0h/0h/0/0 ascii:…": up to the first mark, and from there every letter. */
function specter(text: string): AskedMessage | undefined {
  const [, path, message] = /^signmessage ([^ ]*) ascii:([\s\S]*)$/.exec(text) ?? [];
  if (message !== undefined) return { message, path: pathOf(path!) };
  return text.startsWith("signmessage ") ? refuse("message.unread", "it has no ascii:") : undefined;
}

const FORMS: ReadonlyMap<string, AskedForm> = new Map([
  ["p2pkh", "p2pkh"],
  ["p2sh-p2wpkh", "p2sh-p2wpkh"],
  ["p2wpkh-p2sh", "p2sh-p2wpkh"],
  ["p2wpkh", "p2wpkh"],
  ["p2tr", "p2tr"],
]);

/** Coldcard's JSON; what it names by its path alone, or not at all, is for its own first address. */
function coldcard(text: string): AskedMessage | undefined {
  const value = json(text);
  if (value === undefined || typeof value.msg !== "string") return undefined;
  const { msg: message, subpath, addr_fmt: name = "p2pkh" } = value;
  const form = typeof name === "string" ? FORMS.get(name.toLowerCase()) : undefined;
  if (form === undefined) return refuse("message.unread", `the kind of address "${String(name)}"`);
  if (typeof subpath !== "string") return refuse("message.path", "there is no subpath");
  return { message, path: pathOf(subpath), form };
}

function json(text: string): Record<string, unknown> | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function pathOf(text: string): Path {
  const path = readPath(text.replace(/^[mM](?=\/|$)/, "").replace(/^(?=[0-9])/, "/"));
  if (path === undefined) return refuse("message.path", `"${text}"`);
  if (path.length > LIMITS.pathDepth) return refuse("message.path", "it is too deep");
  return path;
}

const BEGIN = /^\s*-----BEGIN (?:BITCOIN )?SIGNED MESSAGE-----\r?\n/;
const MIDDLE = /\r?\n-----BEGIN (?:BITCOIN )?SIGNATURE-----\r?\n/;
const END = /\r?\n-----END (?:BITCOIN )?(?:SIGNATURE|SIGNED MESSAGE)-----\s*$/;

/**
 * As RFC 2440 frames it: the message, a line, the address, the signature. Line ends are LF in what was signed. In
 * between may stand header lines ("Version: …") and empty ones.
 */
function armour(text: string): SignedMessage | undefined {
  if (!BEGIN.test(text)) return undefined;
  const body = text.replace(BEGIN, "");
  // The last of them is the frame's: the message may hold the like.
  const starts = [...body.matchAll(new RegExp(MIDDLE, "g"))];
  const middle = starts.at(-1);
  if (middle === undefined || !END.test(body)) return refuse("message.unread", "its frame is not whole");
  const message = body.slice(0, middle.index).replaceAll("\r\n", "\n");
  const lines = body
    .slice(middle.index + middle[0].length)
    .replace(END, "")
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const named = lines.find((line) => /^address: */i.test(line))?.replace(/^address: */i, "");
  const plain = lines.filter((line) => !line.includes(": "));
  const address = named ?? (plain.length > 1 ? plain[0] : undefined);
  const signature = plain.slice(named === undefined && plain.length > 1 ? 1 : 0).join("");
  if (!isSignature(signature)) return refuse("message.unread", "there is no signature in it");
  boundMessage(message);
  return { signature, text: message, ...(address === undefined ? {} : { address }) };
}

/** The same frame, written. */
export function writeArmour({ message, address, signature }: Armoured): string {
  return [
    "-----BEGIN BITCOIN SIGNED MESSAGE-----",
    message,
    "-----BEGIN BITCOIN SIGNATURE-----",
    ...(address === undefined ? [] : [address]),
    "",
    signature,
    "-----END BITCOIN SIGNATURE-----",
    "",
  ].join("\n");
}

export interface Armoured {
  readonly message: string;
  readonly address?: string | undefined;
  readonly signature: string;
}
