// Pixels over the console's text: what stands in the hole of the present picture. The console draws only where its
// characters change, and a hole's cells do not: so both get on, if whoever leaves a hole blackens it first.

import type { Size } from "../../src/model.ts";
import { drawCode, paint } from "../../src/qr/draw.ts";
import type { Frame } from "../../src/qr/frame.ts";
import type { Framebuffer, Raster } from "./framebuffer.ts";
import { codeModules, enlarged, modulePixels, type Place, QUIET } from "./holes.ts";
import type { CellPixels, Hole } from "./row.ts";

/** Of so many rows one is looked at: whatever the console writes is higher. */
const LOOK_EVERY = 8;
/** Smaller cells are no letters: the console is not on this screen. */
const LEAST_CELL: CellPixels = { wide: 4, high: 6 };

export interface CanvasParts {
  /** Opens this machine's framebuffer as it is now; undefined where there is none that can be drawn on. */
  readonly open: () => Framebuffer | undefined;
  /** The cell of the font that the console should have. */
  readonly font: CellPixels | undefined;
}

export class Canvas {
  readonly #parts: CanvasParts;
  #screen: Framebuffer | undefined;
  #stands: Raster | undefined;

  constructor(parts: CanvasParts) {
    this.#parts = parts;
    this.#screen = parts.open();
  }

  /** The console has another size, and was cleared: the screen may be another, too. */
  renew(): void {
    this.close();
    this.#screen = this.#parts.open();
  }

  /**
   * Pixels of a cell where the console has so many columns and rows; undefined where no pixels can be drawn. A screen
   * that is no whole number of cells has several answers: the font's own counts, if it is one of them.
   */
  cell({ columns, rows }: Size): CellPixels | undefined {
    if (!this.#screen) return undefined;
    const { width, height } = this.#screen.size;
    const shared = { wide: Math.floor(width / columns), high: Math.floor(height / rows) };
    return [this.#parts.font, shared].find(
      (cell) =>
        cell !== undefined &&
        cell.wide >= LEAST_CELL.wide &&
        cell.high >= LEAST_CELL.high &&
        Math.floor(width / cell.wide) === columns &&
        Math.floor(height / cell.high) === rows,
    );
  }

  /** The console's size as Firn is told it. */
  told({ columns, rows }: Size): Size {
    const cell = this.cell({ columns, rows });
    const modules = cell && codeModules({ columns, rows }, cell);
    return { columns, rows, ...(modules === undefined ? {} : { codeModules: modules }) };
  }

  /** What belongs into the hole, in its middle. Throws where a code's text is not of its form: that is a bug. */
  raster(place: Place, cell: CellPixels): Raster | undefined {
    const room = { width: place.columns * cell.wide, height: place.rows * cell.high };
    const frame = drawn(place.hole, place, cell, room);
    const left = place.column * cell.wide + ((room.width - frame.width) >> 1);
    const top = place.row * cell.high + ((room.height - frame.height) >> 1);
    return this.#screen?.raster(frame, left, top);
  }

  /** Before the console's text is written: what stands elsewhere than `next` will is blackened. */
  clearFor(next: Raster | undefined): void {
    const stands = this.#stands;
    if (!stands || (next && isSamePlace(stands, next))) return;
    this.#stands = undefined;
    this.#try((screen) => screen.blacken(stands));
  }

  /** After it was written. */
  put(next: Raster): void {
    const before = this.#stands;
    this.#stands = next;
    this.#try((screen) => screen.write(next, before));
  }

  /** Draws anew what the console wrote over: another console that was shown for a while, a message of the kernel's. */
  mend(): void {
    const stands = this.#stands;
    if (!stands) return;
    this.#try((screen) => {
      for (let row = 0; row < stands.height; row += LOOK_EVERY)
        if (!screen.stands(stands, row)) return screen.write(stands);
    });
  }

  close(): void {
    this.clearFor(undefined);
    this.#screen?.close();
    this.#screen = undefined;
  }

  /** A screen that can no longer be written to is none: characters are left. */
  #try(act: (screen: Framebuffer) => void): void {
    const screen = this.#screen;
    if (!screen) return;
    try {
      act(screen);
    } catch {
      this.#screen = undefined;
      this.#stands = undefined;
      screen.close();
    }
  }
}

function drawn(hole: Hole, area: Size, cell: CellPixels, room: Pick<Frame, "width" | "height">): Frame {
  if (hole.kind === "image") return resized(hole, enlarged(hole, room));
  const { loop, index } = hole;
  return paint(drawCode(loop.texts[index]!, loop), modulePixels(loop.version, area, cell), QUIET);
}

/** Every pixel is one of the image's. */
function resized(image: Frame, { width, height }: Pick<Frame, "width" | "height">): Frame {
  const luma = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const row = Math.floor((y * image.height) / height) * image.width;
    for (let x = 0; x < width; x++)
      luma[y * width + x] = image.luma[row + Math.floor((x * image.width) / width)]!;
  }
  return { width, height, luma };
}

function isSamePlace(one: Raster, other: Raster): boolean {
  return (["left", "top", "width", "height"] as const).every((side) => one[side] === other[side]);
}
