// Text: UTF-8 both ways, what may reach a screen, amounts in words, and line breaking.
// Rule: foreign text reaches a screen only as Shown, and only this file makes one.

import type { Size } from "./model.ts";

declare const shownBrand: unique symbol;
/** Printable, bounded, without control or direction marks: safe to draw anywhere. */
export type Shown = string & { readonly [shownBrand]: true };

/** UTF-8 of a string; lone surrogates become U+FFFD. */
export function utf8(text: string): Uint8Array {
  if (isAscii(text)) return asciiBytes(text);
  const out: number[] = [];
  for (const char of text) {
    let code = char.codePointAt(0)!;
    if (code >= 0xd800 && code <= 0xdfff) code = 0xfffd;
    if (code < 0x80) out.push(code);
    else if (code < 0x800) out.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) out.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else
      out.push(
        0xf0 | (code >> 18),
        0x80 | ((code >> 12) & 63),
        0x80 | ((code >> 6) & 63),
        0x80 | (code & 63),
      );
  }
  return Uint8Array.from(out);
}

/** Strict UTF-8 (RFC 3629: no overlong forms, no surrogates); undefined where it is not. */
export function fromUtf8(bytes: Uint8Array): string | undefined {
  const ascii = fromAscii(bytes);
  if (ascii !== undefined) return ascii;
  const pieces: string[] = [];
  let at = 0;
  while (at < bytes.length) {
    const first = bytes[at]!;
    const extra =
      first < 0x80 ? 0 : first >> 5 === 6 ? 1 : first >> 4 === 14 ? 2 : first >> 3 === 30 ? 3 : -1;
    if (extra < 0 || at + extra >= bytes.length) return undefined;
    let code = extra === 0 ? first : first & (0x3f >> extra);
    for (let i = 1; i <= extra; i++) {
      const next = bytes[at + i]!;
      if (next >> 6 !== 2) return undefined;
      code = (code << 6) | (next & 63);
    }
    if (code < [0, 0x80, 0x800, 0x10000][extra]! || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
      return undefined;
    pieces.push(String.fromCodePoint(code));
    at += extra + 1;
  }
  return pieces.join("");
}

// Nearly all text is ASCII, and what a long journal adds up to is long.
function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}

function asciiBytes(text: string): Uint8Array {
  const out = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) out[i] = text.charCodeAt(i);
  return out;
}

function fromAscii(bytes: Uint8Array): string | undefined {
  for (let i = 0; i < bytes.length; i++) if (bytes[i]! > 0x7f) return undefined;
  const pieces: string[] = [];
  // A call takes only so many arguments; spreading them would take ten times as long.
  for (let at = 0; at < bytes.length; at += 4096)
    pieces.push(String.fromCharCode.apply(null, bytes.subarray(at, at + 4096) as unknown as number[]));
  return pieces.join("");
}

/** Foreign text made safe: ASCII stays, all else is written as its code point; cut at `most` characters. */
export function shown(text: string, most = 80): Shown {
  let out = "";
  for (const char of text) {
    const code = char.codePointAt(0)!;
    out += code >= 0x20 && code < 0x7f ? char : `<U+${code.toString(16).toUpperCase().padStart(4, "0")}>`;
    if (out.length > most) return `${out.slice(0, most - 3)}...` as Shown;
  }
  return out as Shown;
}

/** "0.00012345 BTC": eight places, always; sats are exact. */
export function btc(sats: bigint): string {
  const sign = sats < 0n ? "-" : "";
  const digits = (sats < 0n ? -sats : sats).toString().padStart(9, "0");
  return `${sign}${digits.slice(0, -8)}.${digits.slice(-8)} BTC`;
}

/** "12 345 sats" with thin groups of three. */
export function sats(amount: bigint): string {
  return `${amount.toString().replace(/\B(?=(\d{3})+(?!\d))/g, " ")} sats`;
}

/** Amount typed by a person in BTC ("1", "0.5", "21000000"): sats, or undefined where it is no such number. */
export function parseBtc(text: string): bigint | undefined {
  const match = /^(\d{1,8})(?:\.(\d{1,8}))?$/.exec(text.trim());
  if (!match) return undefined;
  return BigInt(match[1]!) * 100_000_000n + BigInt((match[2] ?? "").padEnd(8, "0"));
}

/** In groups of four, parted by spaces, as addresses are read aloud; what 0x begins has it before its first group. */
export function grouped(text: string): string {
  return text.match(/(?:^0x)?.{1,4}/gs)?.join(" ") ?? "";
}

/** Breaks at spaces where it can, inside words where it must. At least one line. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split("\n")) {
    let line = "";
    for (let word of paragraph.split(" ")) {
      while (word.length > columns) {
        if (line !== "") {
          lines.push(line);
          line = "";
        }
        lines.push(word.slice(0, columns));
        word = word.slice(columns);
      }
      if (line === "") line = word;
      else if (line.length + 1 + word.length <= columns) line += ` ${word}`;
      else {
        lines.push(line);
        line = word;
      }
    }
    lines.push(line);
  }
  return lines;
}

/**
 * What a picture's blocks may fill on a screen of this size (40 × 15 at least), one column free on each side.
 * A text takes the rows of wrap(text, columns); a fact one for its label and those of wrap(value, columns - 2);
 * a field the same; a meter two and those of its map; a list one an item or more; a title too long for its row
 * takes some too. Empty rows between blocks come only where there is room. Screens with a code have more.
 */
export function bodySize(size: Size): Size {
  return { columns: size.columns - 2, rows: size.rows - 5 };
}

/** "2026-03-01 12:00 UTC" of Unix ms; beyond what a date can say (year 275760) the number itself. */
export function utcDate(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime())
    ? String(ms)
    : `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** "5 seconds", "15 minutes", "2 hours", "3 days": rounded up, and never two units. */
export function spokenDuration(ms: number): string {
  const units = [
    ["day", 86_400_000],
    ["hour", 3_600_000],
    ["minute", 60_000],
  ] as const;
  const [name, unitMs] = units.find(([, unit]) => ms >= unit) ?? (["second", 1000] as const);
  const count = Math.ceil(ms / unitMs);
  return `${count} ${name}${count === 1 ? "" : "s"}`;
}
