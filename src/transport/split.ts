// A message as the texts of the codes that carry it, in one QR version for the whole loop.

import { toHex } from "../bytes.ts";
import { LIMITS } from "../limits.ts";
import type { CodeLoop, Density, Dialect, PsbtMessage } from "../model.ts";
import { Refusal, refuse } from "../refusal.ts";
import { encodeBase43 } from "./base43.ts";
import { capacity, type Mode, versionFor, versionsFrom } from "./capacity.ts";
import { BASE32, encodeBase64, encodeDigits } from "./digits.ts";
import { UR_OVERHEAD, urBody, urLength, writeUr } from "./write-ur.ts";

/** The dialects that Firn writes. UR version 1 is only read: it is answered in version 2. */
export type Writable = "ur" | "bbqr" | "pmofn" | "base64" | "base43" | "hex";

export interface Want {
  /** The one in which the message came, where absent. */
  readonly dialect?: Dialect;
  readonly density: Density;
  /** BBQr only: base32 where absent, hex for the sake of old readers. */
  readonly encoding?: "2" | "H";
}

/** The largest QR version of an animated code, and for UR the largest fragment. */
const DENSITIES: Readonly<Record<Density, { readonly version: number; readonly urBytes: number }>> = {
  low: { version: 10, urBytes: 100 },
  medium: { version: 20, urBytes: Number.POSITIVE_INFINITY },
  high: { version: 27, urBytes: Number.POSITIVE_INFINITY },
};

/** "B$2P0100" and "p512of512 ". */
const BBQR_HEADER = 8;
const PMOFN_HEADER = 10;

/** `size` units (bytes, groups of bytes, characters) in each of `count` codes, the last with what is left. */
interface Cut {
  readonly count: number;
  readonly size: number;
}

function writable(message: PsbtMessage, want: Want): Writable {
  const dialect = want.dialect ?? message.dialect;
  if (dialect === "ur1") return "ur";
  return dialect === "plain" ? "base64" : dialect;
}

/** The cut with the fewest codes within the density; beyond `most` codes a larger version is taken. */
function cut(units: number, most: number, density: Density, unitsIn: (version: number) => number): Cut {
  for (const version of versionsFrom(DENSITIES[density].version)) {
    const size = Math.ceil(units / Math.ceil(units / unitsIn(version)));
    const count = Math.ceil(units / size);
    if (count <= most) return { count, size };
  }
  return refuse("transport.no-room", "more parts than the format can count");
}

function cutUr(bodyBytes: number, density: Density): Cut {
  const { version: dense, urBytes } = DENSITIES[density];
  return cut(bodyBytes, LIMITS.parts, density, (version) => {
    const bytes = Math.floor((capacity(version, "alphanumeric") - UR_OVERHEAD) / 2);
    return version <= dense ? Math.min(bytes, urBytes) : bytes;
  });
}

/** In groups: every part but the last holds a whole number of bytes, 5 in eight letters or 1 in two digits. */
const BBQR_GROUPS = { "2": { bytes: 5, letters: 8 }, H: { bytes: 1, letters: 2 } } as const;

function cutBbqr(length: number, density: Density, encoding: "2" | "H"): Cut {
  const { bytes, letters } = BBQR_GROUPS[encoding];
  return cut(Math.ceil(length / bytes), LIMITS.bbqrParts, density, (version) =>
    Math.floor((capacity(version, "alphanumeric") - BBQR_HEADER) / letters),
  );
}

const base64Chars = (bytes: number): number => Math.ceil(bytes / 3) * 4;

function cutPmofn(length: number, density: Density): Cut {
  const unitsIn = (version: number): number => capacity(version, "byte") - PMOFN_HEADER;
  return cut(base64Chars(length), LIMITS.pmofnParts, density, unitsIn);
}

/**
 * How many codes must be seen to have all of it (a UR loop shows each twice, in sums the second time).
 * Throws Refusal transport.no-room where the dialect has no room for the message.
 */
export function codesNeeded(message: PsbtMessage, want: Want): number {
  const { length } = message.bytes;
  switch (writable(message, want)) {
    case "ur":
      return cutUr(urLength(length), want.density).count;
    case "bbqr":
      return cutBbqr(length, want.density, want.encoding ?? "2").count;
    case "pmofn":
      return cutPmofn(length, want.density).count;
    default:
      return split(message, want).texts.length;
  }
}

/** The texts of the loop in order. Throws Refusal transport.no-room as codesNeeded does. */
export function split(message: PsbtMessage, want: Want): CodeLoop {
  const { bytes } = message;
  switch (writable(message, want)) {
    case "ur":
      return loop(writeUr(urBody(bytes), cutUr(urLength(bytes.length), want.density)), "alphanumeric");
    case "bbqr":
      return loop(bbqrTexts(bytes, want), "alphanumeric");
    case "pmofn":
      return loop(pmofnTexts(bytes, want.density), "byte");
    case "base43":
      // Quadratic to make: what cannot fit is not begun.
      return loop([fits(bytes, 1.475) ? encodeBase43(bytes) : noRoom()], "alphanumeric");
    case "hex":
      return loop([fits(bytes, 2) ? toHex(bytes).toUpperCase() : noRoom()], "alphanumeric");
    case "base64":
      return loop([encodeBase64(bytes)], "byte");
  }
}

const noRoom = (): never => refuse("transport.no-room", "it does not fit one code");

const fits = (bytes: Uint8Array, charsPerByte: number): boolean =>
  bytes.length * charsPerByte <= capacity(40, "alphanumeric");

function bbqrTexts(bytes: Uint8Array, { density, encoding = "2" }: Want): string[] {
  const { count, size } = cutBbqr(bytes.length, density, encoding);
  const partBytes = size * BBQR_GROUPS[encoding].bytes;
  const base36 = (number: number): string => number.toString(36).toUpperCase().padStart(2, "0");
  return Array.from({ length: count }, (_, i) => {
    const part = bytes.subarray(i * partBytes, (i + 1) * partBytes);
    const body = encoding === "H" ? toHex(part).toUpperCase() : encodeDigits(part, BASE32);
    return `B$${encoding}P${base36(count)}${base36(i)}${body}`;
  });
}

/** One part alone is shown as plain base64, which more programs read. */
function pmofnTexts(bytes: Uint8Array, density: Density): string[] {
  const { count, size } = cutPmofn(bytes.length, density);
  const text = encodeBase64(bytes);
  if (count === 1) return [text];
  return Array.from(
    { length: count },
    (_, i) => `p${i + 1}of${count} ${text.slice(i * size, (i + 1) * size)}`,
  );
}

/** One code with any text of printable ASCII: a descriptor, an address. Throws Refusal transport.no-room. */
export function splitText(text: string): CodeLoop {
  return loop([text], /^[0-9A-Z $%*+./:-]*$/.test(text) ? "alphanumeric" : "byte");
}

function loop(texts: readonly string[], mode: Mode): CodeLoop {
  const longest = texts.reduce((most, text) => Math.max(most, text.length), 0);
  return { texts, version: versionFor(longest, mode) ?? noRoom(), level: "L", mode };
}

const LABELS: Readonly<Record<Writable, string>> = {
  ur: "UR (Sparrow, BlueWallet, Nunchuk)",
  bbqr: "BBQr (Sparrow, Coldcard, Nunchuk)",
  pmofn: "Text parts (Specter)",
  base43: "One code, base43 (Electrum)",
  base64: "One code, base64",
  hex: "One code, hex",
};

/** The dialects that have room for this message, the most widely read first, each with words for people. */
export function dialectsFor(message: PsbtMessage): { readonly dialect: Writable; readonly label: string }[] {
  const names = Object.keys(LABELS) as Writable[];
  return names
    .filter((dialect) => hasRoom(message, dialect))
    .map((dialect) => ({ dialect, label: LABELS[dialect] }));
}

function hasRoom(message: PsbtMessage, dialect: Writable): boolean {
  try {
    return codesNeeded(message, { dialect, density: "high" }) > 0;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}
