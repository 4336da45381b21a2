// Alphabets whose size is a power of two: base64, base32, and the 32 letters of bech32.

export interface Alphabet {
  readonly letters: string;
  readonly bits: number;
  /** Value by ASCII code; -1 where the character is none of ours. */
  readonly values: Readonly<Int8Array>;
}

function alphabet(letters: string, bits: number): Alphabet {
  const values = new Int8Array(128).fill(-1);
  for (let i = 0; i < letters.length; i++) values[letters.charCodeAt(i)] = i;
  return { letters, bits, values };
}

/** RFC 4648 section 4. */
export const BASE64 = alphabet("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", 6);
/** RFC 4648 section 6. */
export const BASE32 = alphabet("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 5);
/** BIP 173; BC32 of UR version 1 uses the same letters. */
export const BECH32 = alphabet("qpzry9x8gf2tvdw0s3jn54khce6mua7l", 5);

/** Bytes of unpadded digits; undefined where a letter is foreign, or what is left over is not zero bits. */
export function decodeDigits(text: string, { bits, values }: Alphabet): Uint8Array | undefined {
  const out = new Uint8Array(Math.floor((text.length * bits) / 8));
  let held = 0;
  let heldBits = 0;
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const value = values[text.charCodeAt(i)] ?? -1;
    if (value < 0) return undefined;
    held = ((held << bits) | value) & 0xffff;
    heldBits += bits;
    if (heldBits >= 8) {
      heldBits -= 8;
      out[at++] = held >> heldBits;
    }
  }
  const rest = held & ((1 << heldBits) - 1);
  return heldBits >= bits || rest !== 0 ? undefined : out;
}

/** Digits without padding; the last one is filled with zero bits. */
export function encodeDigits(bytes: Uint8Array, { bits, letters }: Alphabet): string {
  const out: string[] = [];
  let held = 0;
  let heldBits = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xffff;
    heldBits += 8;
    while (heldBits >= bits) {
      heldBits -= bits;
      out.push(letters[(held >> heldBits) & ((1 << bits) - 1)]!);
    }
  }
  if (heldBits > 0) out.push(letters[(held << (bits - heldBits)) & ((1 << bits) - 1)]!);
  return out.join("");
}

/** Padded or not, white space within is skipped; undefined where it is no base64. */
export function decodeBase64(text: string): Uint8Array | undefined {
  const compact = text.replace(/\s+/g, "");
  const bare = compact.replace(/={1,2}$/, "");
  if (bare.length !== compact.length && compact.length % 4 !== 0) return undefined;
  return decodeDigits(bare, BASE64);
}

export function encodeBase64(bytes: Uint8Array): string {
  const bare = encodeDigits(bytes, BASE64);
  return bare.padEnd(Math.ceil(bare.length / 4) * 4, "=");
}
