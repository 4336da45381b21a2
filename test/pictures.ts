// A maker of camera-like pictures of QR codes: the same seed always gives the same picture.

import jpeg from "jpeg-js";
import { PNG } from "pngjs";
import type { Matrix } from "../src/qr/draw.ts";
import type { Frame } from "../src/qr/frame.ts";

export interface Shot {
  readonly width: number;
  readonly height: number;
  /** Pixels a module, in the middle of the picture. */
  readonly modulePixels: number;
  readonly rotationDegrees: number;
  /** 0 straight on; 0.3 is a phone held quite askew. Sideways and up-down. */
  readonly tiltX: number;
  readonly tiltY: number;
  /** Standard deviation of the blur, pixels. */
  readonly blur: number;
  /** Standard deviation of the noise, of 255. */
  readonly noise: number;
  /** Brightness added by a lamp's reflection in its middle, of 255. */
  readonly glare: number;
  readonly dark: number;
  readonly light: number;
  readonly inverted: boolean;
  readonly quiet: number;
  readonly seed: number;
}

const STRAIGHT: Shot = {
  width: 640,
  height: 480,
  modulePixels: 6,
  rotationDegrees: 0,
  tiltX: 0,
  tiltY: 0,
  blur: 0,
  noise: 0,
  glare: 0,
  dark: 20,
  light: 230,
  inverted: false,
  quiet: 4,
  seed: 1,
};

/** Numbers in [0, 1), the same for the same seed. */
export function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** What a camera would see of this code. */
export function shoot(code: Matrix, how: Partial<Shot> = {}): Frame {
  const shot = { ...STRAIGHT, ...how };
  let plane = project(code, shot);
  if (shot.blur > 0) plane = blurred(plane, shot.width, shot.height, shot.blur);
  return { width: shot.width, height: shot.height, luma: developed(plane, shot) };
}

/** Four samples a pixel, each looked up where the camera's ray meets the code's plane. */
function project(code: Matrix, shot: Shot): Float32Array {
  const { width, height, modulePixels } = shot;
  const angle = (shot.rotationDegrees * Math.PI) / 180;
  const cos = Math.cos(angle) / modulePixels;
  const sin = Math.sin(angle) / modulePixels;
  const middle = code.size / 2;
  const plane = new Float32Array(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let sample = 0; sample < 4; sample++) {
        const dx = x + 0.25 + 0.5 * (sample & 1) - width / 2;
        const dy = y + 0.25 + 0.5 * (sample >> 1) - height / 2;
        const far = 1 + (shot.tiltX * 2 * dx) / width + (shot.tiltY * 2 * dy) / height;
        const u = Math.floor((dx * cos + dy * sin) / far + middle);
        const v = Math.floor((dy * cos - dx * sin) / far + middle);
        sum += far > 0.05 ? brightness(code, shot, u, v) : 90;
      }
      plane[y * width + x] = sum / 4;
    }
  return plane;
}

function brightness(code: Matrix, shot: Shot, u: number, v: number): number {
  const { quiet } = shot;
  if (u < -quiet || v < -quiet || u >= code.size + quiet || v >= code.size + quiet)
    return 70 + 40 * ((u >> 3) & 1) + 20 * ((v >> 4) & 1); // a desk with a pattern
  const inside = u >= 0 && v >= 0 && u < code.size && v < code.size;
  const dark = inside && code.modules[v * code.size + u] === 1;
  return dark !== shot.inverted ? shot.dark : shot.light;
}

function blurred(plane: Float32Array, width: number, height: number, sigma: number): Float32Array {
  const reach = Math.ceil(3 * sigma);
  const weights = Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-((i - reach) ** 2) / (2 * sigma ** 2)),
  );
  const total = weights.reduce((sum, weight) => sum + weight);
  const across = new Float32Array(plane.length);
  const both = new Float32Array(plane.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let i = -reach; i <= reach; i++)
        sum += weights[i + reach]! * plane[y * width + Math.min(Math.max(x + i, 0), width - 1)]!;
      across[y * width + x] = sum / total;
    }
  for (let y = 0; y < height; y++)
    for (let i = -reach; i <= reach; i++) {
      const row = Math.min(Math.max(y + i, 0), height - 1) * width;
      const weight = weights[i + reach]! / total;
      for (let x = 0; x < width; x++) both[y * width + x]! += weight * across[row + x]!;
    }
  return both;
}

/** Glare, noise, and the sensor's eight bits. */
function developed(plane: Float32Array, shot: Shot): Uint8Array {
  const next = chance(shot.seed);
  const lampX = shot.width * (0.3 + 0.4 * next());
  const lampY = shot.height * (0.3 + 0.4 * next());
  const luma = new Uint8Array(plane.length);
  for (let i = 0; i < plane.length; i++) {
    const away = ((i % shot.width) - lampX) ** 2 + (Math.floor(i / shot.width) - lampY) ** 2;
    const lamp = shot.glare * Math.exp(-away / (2 * (shot.height / 6) ** 2));
    const grain = shot.noise * (next() + next() + next() + next() - 2) * 1.732;
    luma[i] = Math.min(255, Math.max(0, Math.round(plane[i]! + lamp + grain)));
  }
  return luma;
}

// ---------------------------------------------------------------- files

export function toPng({ width, height, luma }: Frame): Uint8Array {
  const png = new PNG({ width, height });
  for (let i = 0; i < luma.length; i++) {
    png.data.fill(luma[i]!, 4 * i, 4 * i + 3);
    png.data[4 * i + 3] = 255;
  }
  return PNG.sync.write(png, { colorType: 0, inputColorType: 6 });
}

export function toJpeg({ width, height, luma }: Frame, quality = 90): Uint8Array {
  const data = new Uint8Array(4 * luma.length);
  for (let i = 0; i < luma.length; i++) data.fill(luma[i]!, 4 * i, 4 * i + 3);
  return jpeg.encode({ width, height, data }, quality).data;
}

export function toPgm({ width, height, luma }: Frame): Uint8Array {
  return Buffer.concat([Buffer.from(`P5\n# firn\n${width} ${height}\n255\n`), luma]);
}
