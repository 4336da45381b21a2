// A code's dark modules as rectangles, one for each run in a row.

import type { Mark } from "./layout.ts";

export interface Ink {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function inkRows({ x, y, module, code }: Mark & { readonly kind: "code" }): readonly Ink[] {
  const { side, modules } = code;
  const found: Ink[] = [];
  for (let row = 0; row < side; row++) {
    const line = modules.subarray(row * side, (row + 1) * side);
    for (let from = line.indexOf(1); from >= 0; ) {
      const light = line.indexOf(0, from);
      const to = light < 0 ? side : light;
      found.push({
        ...{ x: x + from * module, width: (to - from) * module },
        ...{ y: y + row * module, height: module },
      });
      from = line.indexOf(1, to);
    }
  }
  return found;
}

/** Thousandths of a point are finer than any printer. */
export function number(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}
