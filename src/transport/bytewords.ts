// Bytewords, minimal style (BCR-2020-012): two letters a byte, the message's CRC-32 behind it.

import { concat, readU32be, u32be } from "../bytes.ts";
import { crc32 } from "./crc32.ts";

/** First and last letter of each of the 256 words, "able" to "zoom". */
const PAIRS =
  "aeadaoaxaaahamatayasbkbdbnbtbabsbebybgbwbbbzcmchcscfcycwcecackctcxclcpcndkdadsdidedtdrdndwdpdmdl" +
  "dyeheyeoeeecenemetesftfrfnfsfmfhfzfpfwfxfyfefgflfdgagegrgsgtglgwgdgygmgughgohfhghdhkhthphhhlhyhe" +
  "hnhsidiaieihiyioisinimjejzjnjtjljojsjpjkjykpkoktkskkknkgkekikblblalylflslrlplnltloldlelulklgmnmy" +
  "mhmemomumwmdmtmsmknlnyndnsntnnnenboyoeotoxonolospdptpkpypspmplpepfpaprqdqzrerprlrorhrdrkrfryrnrs" +
  "rtsesasrssskswstspsosgsbsfsntotktitttdtetytltbtstptatnuyuoutueurvtvyvovlvevwvavdvswlwdwmwpwewywsw" +
  "twnwzwfwkykynylyaytzszoztzczezm";

const A = 97;

/** Byte by (first letter × 26 + last letter); -1 where there is no such word. */
const BYTES: Readonly<Int16Array> = (() => {
  const bytes = new Int16Array(26 * 26).fill(-1);
  for (let byte = 0; byte < 256; byte++)
    bytes[(PAIRS.charCodeAt(2 * byte) - A) * 26 + PAIRS.charCodeAt(2 * byte + 1) - A] = byte;
  return bytes;
})();

/** Undefined where a pair is no word or the checksum differs. Lower case only. */
export function readBytewords(text: string): Uint8Array | undefined {
  if (text.length < 10 || text.length % 2 !== 0) return undefined;
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) {
    const first = text.charCodeAt(2 * i) - A;
    const last = text.charCodeAt(2 * i + 1) - A;
    const byte = first >= 0 && first < 26 && last >= 0 && last < 26 ? BYTES[first * 26 + last]! : -1;
    if (byte < 0) return undefined;
    bytes[i] = byte;
  }
  const body = bytes.subarray(0, -4);
  return crc32(body) === readU32be(bytes, body.length) ? body : undefined;
}

/** Body with its checksum, lower case. */
export function writeBytewords(body: Uint8Array): string {
  let text = "";
  for (const byte of concat(body, u32be(crc32(body)))) text += PAIRS.slice(2 * byte, 2 * byte + 2);
  return text;
}
