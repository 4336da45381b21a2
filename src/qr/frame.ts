// A frame is what a camera saw, as brightness only; a look is one way of seeing it.

/** `luma` holds width × height bytes, row by row, 0 black to 255 white. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly luma: Uint8Array;
}

export type Look = "plain" | "inverted" | "mean";

/** The frame as the look sees it; "plain" is the frame itself. */
export function seen(frame: Frame, look: Look): Frame {
  if (look === "inverted") return inverted(frame);
  return look === "mean" ? mean3(frame) : frame;
}

/** Dark for light: for codes on dark themes. */
export function inverted({ width, height, luma }: Frame): Frame {
  const out = new Uint8Array(luma.length);
  for (let i = 0; i < luma.length; i++) out[i] = 255 - luma[i]!;
  return { width, height, luma: out };
}

/** Each pixel the mean of its 3×3 neighbourhood (edges repeat): takes noise out that hides small modules. */
export function mean3({ width, height, luma }: Frame): Frame {
  const out = new Uint8Array(luma.length);
  const columns = new Uint16Array(width);
  for (let y = 0; y < height; y++) {
    const above = Math.max(y - 1, 0) * width;
    const here = y * width;
    const below = Math.min(y + 1, height - 1) * width;
    for (let x = 0; x < width; x++) columns[x] = luma[above + x]! + luma[here + x]! + luma[below + x]!;
    let left = columns[0]!;
    let middle = left;
    for (let x = 0; x < width; x++) {
      const right = x + 1 < width ? columns[x + 1]! : middle;
      out[here + x] = ((left + middle + right) * 7282) >>> 16; // a ninth
      left = middle;
      middle = right;
    }
  }
  return { width, height, luma: out };
}

/** The frame made smaller by whole steps, each pixel a mean, until it has at most `most` pixels. */
export function reduced(frame: Frame, most: number): Frame {
  const step = Math.ceil(Math.sqrt((frame.width * frame.height) / most));
  if (step <= 1) return frame;
  const width = Math.max(1, Math.floor(frame.width / step));
  const height = Math.max(1, Math.floor(frame.height / step));
  const stepX = Math.min(step, frame.width);
  const stepY = Math.min(step, frame.height);
  const luma = new Uint8Array(width * height);
  const sums = new Uint32Array(width);
  for (let y = 0; y < height; y++) {
    sums.fill(0);
    for (let dy = 0; dy < stepY; dy++) {
      const row = (y * step + dy) * frame.width;
      for (let x = 0; x < width; x++)
        for (let dx = 0; dx < stepX; dx++) sums[x] = sums[x]! + frame.luma[row + x * step + dx]!;
    }
    for (let x = 0; x < width; x++) luma[y * width + x] = sums[x]! / (stepX * stepY);
  }
  return { width, height, luma };
}

/** For people: at most width × height, every so many pixels one, so that it costs next to nothing. */
export function thumbnail(frame: Frame, width: number, height: number): Frame {
  const step = Math.max(1, Math.ceil(frame.width / width), Math.ceil(frame.height / height));
  const small = {
    width: Math.max(1, Math.floor(frame.width / step)),
    height: Math.max(1, Math.floor(frame.height / step)),
  };
  const luma = new Uint8Array(small.width * small.height);
  for (let y = 0, at = 0; y < small.height; y++)
    for (let x = 0; x < small.width; x++) luma[at++] = frame.luma[y * step * frame.width + x * step]!;
  return { ...small, luma };
}
