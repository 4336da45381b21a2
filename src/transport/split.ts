// A message as the texts of the codes that carry it, in one QR version for the whole loop.

import { toHex } from "../bytes.ts";
import { LIMITS } from "../limits.ts";
import type { CodeLoop, Density, Dialect, PsbtMessage } from "../model.ts";
import { refuse } from "../refusal.ts";
import { utf8 } from "../text.ts";
import { encodeBase43 } from "./base43.ts";
import { capacity, LARGEST, type Mode, versionFor, versionsFrom } from "./capacity.ts";
import { BASE32, encodeBase64, encodeDigits } from "./digits.ts";
import { UR_OVERHEAD, urBody, urLength, urLoop } from "./write-ur.ts";

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
  least: { version: 5, urBytes: Number.POSITIVE_INFINITY },
  low: { version: 10, urBytes: 100 },
  medium: { version: 20, urBytes: Number.POSITIVE_INFINITY },
  high: { version: 27, urBytes: Number.POSITIVE_INFINITY },
};

/** "B$2P0100" and "p512of512 ". */
const BBQR_HEADER = 8;
const PMOFN_HEADER = 10;
/** Letters a byte: log 256 / log 43, rounded up. */
const BASE43_LETTERS = 1.4744;

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

/** The cut with the fewest codes within the density; a larger version where it takes more than `most`. */
function cut(
  units: number,
  most: number,
  density: Density,
  unitsIn: (version: number) => number,
): Cut | undefined {
  for (const version of versionsFrom(DENSITIES[density].version)) {
    const size = Math.ceil(units / Math.ceil(units / unitsIn(version)));
    const count = Math.ceil(units / size);
    if (count <= most) return { count, size };
  }
  return undefined;
}

export function cutUr(bodyBytes: number, density: Density): Cut | undefined {
  const { version: dense, urBytes } = DENSITIES[density];
  return cut(bodyBytes, LIMITS.parts, density, (version) => {
    const bytes = Math.floor((capacity(version, "alphanumeric") - UR_OVERHEAD) / 2);
    return version <= dense ? Math.min(bytes, urBytes) : bytes;
  });
}

/** In groups: every part but the last holds a whole number of bytes, 5 in eight letters or 1 in two digits. */
const BBQR_GROUPS = { "2": { bytes: 5, letters: 8 }, H: { bytes: 1, letters: 2 } } as const;

function cutBbqr(length: number, { density, encoding = "2" }: Want): Cut | undefined {
  const { bytes, letters } = BBQR_GROUPS[encoding];
  return cut(Math.ceil(length / bytes), LIMITS.bbqrParts, density, (version) =>
    Math.floor((capacity(version, "alphanumeric") - BBQR_HEADER) / letters),
  );
}

const base64Chars = (bytes: number): number => Math.ceil(bytes / 3) * 4;

function cutPmofn(length: number, density: Density): Cut | undefined {
  const unitsIn = (version: number): number => capacity(version, "byte") - PMOFN_HEADER;
  return cut(base64Chars(length), LIMITS.pmofnParts, density, unitsIn);
}

/** One code or none. */
function cutStatic(chars: number, mode: Mode): Cut | undefined {
  return chars <= capacity(LARGEST, mode) ? { count: 1, size: chars } : undefined;
}

function cutFor(length: number, dialect: Writable, want: Want): Cut | undefined {
  switch (dialect) {
    case "ur":
      return cutUr(urLength(length), want.density);
    case "bbqr":
      return cutBbqr(length, want);
    case "pmofn":
      return cutPmofn(length, want.density);
    case "base43":
      return cutStatic(Math.ceil(length * BASE43_LETTERS), "alphanumeric");
    case "hex":
      return cutStatic(2 * length, "alphanumeric");
    case "base64":
      return cutStatic(base64Chars(length), "byte");
  }
}

/**
 * How many codes must be seen to have all of it (a UR loop shows as many again, as sums);
 * Infinity where the dialect has no room for the message.
 */
export function codesNeeded(message: PsbtMessage, want: Want): number {
  return cutFor(message.bytes.length, writable(message, want), want)?.count ?? Number.POSITIVE_INFINITY;
}

/** The texts of the loop in order. Throws Refusal transport.no-room where codesNeeded says Infinity. */
export function split(message: PsbtMessage, want: Want): CodeLoop {
  const { bytes } = message;
  const dialect = writable(message, want);
  const planned = cutFor(bytes.length, dialect, want);
  if (planned === undefined) return refuse("transport.no-room", `${bytes.length} bytes`);
  switch (dialect) {
    case "ur":
      return loop(urLoop(urBody(bytes), planned.size), "alphanumeric");
    case "bbqr":
      return loop(bbqrTexts(bytes, "P", planned, want.encoding), "alphanumeric");
    case "pmofn":
      return loop(pmofnTexts(encodeBase64(bytes), planned), "byte");
    case "base43":
      return loop([encodeBase43(bytes)], "alphanumeric");
    case "hex":
      return loop([toHex(bytes).toUpperCase()], "alphanumeric");
    case "base64":
      return loop([encodeBase64(bytes)], "byte");
  }
}

/** What a code's alphanumeric mode has: it takes five and a half bits each. */
const ALPHANUMERIC = /^[0-9A-Z $%*+\-./:]+$/;

/**
 * A text of ours (an address, a descriptor): itself in one code where the density allows it, else BBQr of
 * type U, or J for JSON. Throws Refusal transport.no-room for what no loop can carry.
 */
export function splitText(text: string, density: Density, type: "U" | "J" = "U"): CodeLoop {
  const bytes = utf8(text);
  const mode = ALPHANUMERIC.test(text) ? "alphanumeric" : "byte";
  if (bytes.length <= capacity(DENSITIES[density].version, mode)) return loop([text], mode, bytes.length);
  const planned = cutBbqr(bytes.length, { density });
  if (planned === undefined) return refuse("transport.no-room", `${bytes.length} bytes`);
  return loop(bbqrTexts(bytes, type, planned), "alphanumeric");
}

function bbqrTexts(
  bytes: Uint8Array,
  type: "P" | "U" | "J" | "B",
  { count, size }: Cut,
  encoding: "2" | "H" = "2",
): string[] {
  const partBytes = size * BBQR_GROUPS[encoding].bytes;
  const base36 = (number: number): string => number.toString(36).toUpperCase().padStart(2, "0");
  return Array.from({ length: count }, (_, i) => {
    const part = bytes.subarray(i * partBytes, (i + 1) * partBytes);
    const body = encoding === "H" ? toHex(part).toUpperCase() : encodeDigits(part, BASE32);
    return `B$${encoding}${type}${base36(count)}${base36(i)}${body}`;
  });
}

/** Bytes of ours (an encrypted backup) as BBQr of type B. Throws Refusal transport.no-room as splitText does. */
export function splitBytes(bytes: Uint8Array, density: Density): CodeLoop {
  const planned = cutBbqr(bytes.length, { density });
  if (planned === undefined) return refuse("transport.no-room", `${bytes.length} bytes`);
  return loop(bbqrTexts(bytes, "B", planned), "alphanumeric");
}

/** One part alone is shown as plain base64, which more programs read. */
function pmofnTexts(text: string, { count, size }: Cut): string[] {
  if (count === 1) return [text];
  return Array.from(
    { length: count },
    (_, i) => `p${i + 1}of${count} ${text.slice(i * size, (i + 1) * size)}`,
  );
}

/** In the smallest version that holds the longest of them. */
export function loop(
  texts: readonly string[],
  mode: Mode,
  longest = Math.max(...texts.map((t) => t.length)),
): CodeLoop {
  const version =
    versionFor(longest, mode) ?? refuse("transport.no-room", `${longest} characters in one code`);
  return { texts, version, level: "L", mode };
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
    .filter((dialect) => codesNeeded(message, { dialect, density: "high" }) !== Number.POSITIVE_INFINITY)
    .map((dialect) => ({ dialect, label: LABELS[dialect] }));
}
