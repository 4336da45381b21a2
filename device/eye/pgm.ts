// Portable graymap, plain (P2) and raw (P5): https://netpbm.sourceforge.net/doc/pgm.html

import type { Frame } from "../../src/qr/frame.ts";
import { checkedSize, DamagedPicture } from "./size.ts";

/** One picture; bytes after it are ignored. Throws DamagedPicture. */
export function readPgm(bytes: Uint8Array): Frame {
  const plain = bytes[1] === 0x32;
  const words = new Words(bytes);
  const width = words.number();
  const height = words.number();
  const most = words.number();
  checkedSize(width, height);
  if (most < 1 || most > 65_535) throw new DamagedPicture("a PGM with an unknown depth");
  const luma = new Uint8Array(width * height);
  const wide = most > 255;
  const at = words.at + 1; // one white space ends the header
  if (!plain && bytes.length - at < luma.length * (wide ? 2 : 1)) throw new DamagedPicture("a PGM cut short");
  for (let i = 0; i < luma.length; i++) {
    const value = plain
      ? words.number()
      : wide
        ? bytes[at + 2 * i]! * 256 + bytes[at + 2 * i + 1]!
        : bytes[at + i]!;
    luma[i] = Math.min(255, Math.round((value * 255) / most));
  }
  return { width, height, luma };
}

/** Decimal numbers parted by white space and comments. */
class Words {
  readonly #bytes: Uint8Array;
  at = 2;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  number(): number {
    this.#skip();
    let value = 0;
    const from = this.at;
    for (; isDigit(this.#bytes[this.at]); this.at++) {
      value = value * 10 + this.#bytes[this.at]! - 48;
      if (value > 0xffffffff) throw new DamagedPicture("a PGM with an impossible number");
    }
    if (this.at === from) throw new DamagedPicture("a PGM cut short");
    return value;
  }

  #skip(): void {
    for (;;) {
      const byte = this.#bytes[this.at];
      if (byte === 0x23) {
        while (this.at < this.#bytes.length && this.#bytes[this.at] !== 0x0a) this.at++;
      } else if (byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d)) this.at++;
      else return;
    }
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 48 && byte <= 57;
}
