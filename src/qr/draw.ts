// Text or bytes → module matrix → picture.

import qrcode from "qrcode/lib/core/qrcode.js";
import type { CodeLoop } from "../model.ts";
import { utf8 } from "../text.ts";
import type { Frame } from "./frame.ts";

/** `modules` holds size × size bytes, row by row, 1 dark and 0 light, without a quiet zone. */
export interface Matrix {
  readonly size: number;
  readonly modules: Uint8Array;
}

type Level = CodeLoop["level"];

/**
 * One segment in exactly this mode, version and level (ISO/IEC 18004).
 * Throws where the text does not fit or is not of the mode: the loop that asked for it is wrong, which is a bug.
 */
export function drawCode(
  text: string,
  { version, level, mode }: Pick<CodeLoop, "version" | "level" | "mode">,
): Matrix {
  if (mode === "byte") return matrixOfBytes(utf8(text), { version, level });
  if (mode === "binary") return matrixOfBytes(bytesOf(text), { version, level });
  const digits = mode === "numeric";
  if (!(digits ? /^[0-9]+$/ : /^[0-9A-Z $%*+\-./:]+$/).test(text))
    throw new Error(`a code's text is not ${mode}`);
  return matrix(text, mode, version, level);
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => {
    const byte = char.charCodeAt(0);
    if (byte > 255) throw new Error("a code's text is not binary");
    return byte;
  });
}

/** The bytes as they are, in byte mode. Throws as drawCode does. */
export function matrixOfBytes(
  bytes: Uint8Array,
  { version, level }: { version: number; level: Level },
): Matrix {
  if (bytes.length === 0) throw new Error("a code without content");
  return matrix(bytes, "byte", version, level);
}

function matrix(
  data: string | Uint8Array,
  mode: "alphanumeric" | "byte" | "numeric",
  version: number,
  level: Level,
): Matrix {
  if (!Number.isInteger(version) || version < 1 || version > 40) throw new Error("no such QR version");
  // jsqr's table has 74 data codewords a block there, the standard 78: it could not read it.
  if (version === 23 && level === "L") throw new Error("version 23-L is never drawn");
  const { modules } = qrcode.create([{ data, mode }], { version, errorCorrectionLevel: level });
  return { size: modules.size, modules: Uint8Array.from(modules.data) };
}

/** Dark on light, `scale` pixels a module, with `quiet` modules of white around it. */
export function paint(code: Matrix, scale: number, quiet = 4): Frame {
  const width = (code.size + 2 * quiet) * scale;
  const luma = new Uint8Array(width * width).fill(255);
  for (let y = 0; y < code.size; y++) {
    const first = (y + quiet) * scale * width;
    for (let x = 0; x < code.size; x++) {
      if (code.modules[y * code.size + x] === 0) continue;
      const at = first + (x + quiet) * scale;
      luma.fill(0, at, at + scale);
    }
    for (let row = 1; row < scale; row++) luma.copyWithin(first + row * width, first, first + width);
  }
  return { width, height: width, luma };
}
