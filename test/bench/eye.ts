// Figures of the eye on camera-like pictures at 640×480, against zxing-wasm alone, in one run:
// how many are decoded, CPU a frame (of the whole process, threads and all), and how long a frame blocks.

import { monitorEventLoopDelay } from "node:perf_hooks";
import { Live } from "../../device/eye/live.ts";
import { openDecoders } from "../../device/eye/open.ts";
import { drawCode } from "../../src/qr/draw.ts";
import type { Frame } from "../../src/qr/frame.ts";
import { capacity } from "../../src/transport/capacity.ts";
import { chance, type Shot, shoot } from "../pictures.ts";

/** How a code can be hard to read, from easy to just too hard. */
const WAYS: Record<string, readonly Partial<Shot>[]> = {
  straight: [{}, { rotationDegrees: 12, noise: 8 }],
  perspective: [
    { tiltX: 0.2, tiltY: 0.1, noise: 8 },
    { tiltX: 0.35, tiltY: 0.2, blur: 0.7, noise: 8 },
    { tiltX: 0.45, tiltY: -0.3, rotationDegrees: 20, blur: 0.7, noise: 8 },
  ],
  blur: [1, 1.4, 1.7, 1.9, 2.1].map((blur) => ({ blur, noise: 4 })),
  noise: [25, 40, 60, 80].map((noise) => ({ noise, blur: 0.5 })),
  glare: [120, 180, 240].map((glare) => ({ glare, noise: 10, blur: 0.6 })),
  "low contrast": [{ dark: 100, light: 140, noise: 6 }],
  "small modules": [2.6, 2.2, 1.9, 1.7].map((modulePixels) => ({ modulePixels, blur: 0.5, noise: 8 })),
  inverted: [{ inverted: true, noise: 8 }],
};
const VERSIONS = [4, 8, 12];
/** How many frames a person holds each code before the camera. */
const HELD = 8;

function pictures(): { way: string; frame: Frame }[] {
  return Object.entries(WAYS).flatMap(([way, shots]) =>
    shots.flatMap((shot, at) =>
      VERSIONS.flatMap((version) => [version, version + 40]).map((seed) => {
        const version = seed % 40;
        const next = chance(seed * 100 + at);
        const chars = Array.from({ length: capacity(version, "alphanumeric") }, () => (next() * 36) | 0);
        const text = chars.map((digit) => digit.toString(36).toUpperCase()).join("");
        const code = drawCode(text, { version, level: "L", mode: "alphanumeric" });
        const taken = shoot(code, { modulePixels: 300 / code.size, seed: seed + at, ...shot });
        const luma = new Uint8Array(new SharedArrayBuffer(taken.luma.length));
        luma.set(taken.luma);
        return { way, frame: { ...taken, luma } };
      }),
    ),
  );
}

/** The same order for everybody: the pictures shuffled, each held for some frames. */
function order(count: number): number[] {
  const next = chance(7);
  return Array.from({ length: count }, (_, i) => ({ i, at: next() }))
    .sort((a, b) => a.at - b.at)
    .flatMap(({ i }) => Array.from({ length: HELD }, () => i));
}

interface Figure {
  readonly decoded: ReadonlySet<number>;
  readonly reads: number;
  readonly cpuMs: number;
}

/** `show` answers whether the frame was read; its thread is warm when counting begins. */
async function measured(frames: readonly Frame[], show: (frame: Frame) => Promise<boolean>): Promise<Figure> {
  for (const frame of frames.slice(0, 30)) await show(frame);
  const before = process.cpuUsage();
  const decoded = new Set<number>();
  let reads = 0;
  for (const at of order(frames.length))
    if (await show(frames[at]!)) {
      decoded.add(at);
      reads++;
    }
  const { user, system } = process.cpuUsage(before);
  return { decoded, reads, cpuMs: (user + system) / 1000 };
}

async function zxingAlone(frames: readonly Frame[]): Promise<Figure> {
  const decoders = openDecoders();
  const figure = await measured(frames, async (frame) => {
    const { read } = await decoders.look({ decoder: "zxing", look: "plain" }, frame, 10_000);
    return read !== undefined;
  });
  await decoders.close();
  return figure;
}

async function liveEye(frames: readonly Frame[]): Promise<Figure> {
  const decoders = openDecoders();
  let reads = 0;
  const live = new Live(decoders, { read: () => reads++, frame: () => {} });
  const figure = await measured(frames, async (frame) => {
    reads = 0;
    live.offer(frame);
    await live.idle();
    return reads > 0;
  });
  await decoders.close();
  return figure;
}

async function wholeLadder(frames: readonly Frame[]): Promise<ReadonlySet<number>> {
  const decoders = openDecoders();
  const decoded = new Set<number>();
  for (const [at, frame] of frames.entries()) if ((await decoders.climb(frame)).read) decoded.add(at);
  await decoders.close();
  return decoded;
}

/** The longest that this thread was away while frames, large ones too, went through the eye. */
async function worstBlockMs(frames: readonly Frame[]): Promise<number> {
  const decoders = openDecoders();
  const live = new Live(decoders, { read: () => {}, frame: () => {} });
  const large = { width: 4000, height: 3000, luma: new Uint8Array(new SharedArrayBuffer(12_000_000)) };
  live.offer(large);
  await live.idle();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  for (const frame of [...frames.slice(0, 60), large, large]) {
    live.offer(frame);
    await live.idle();
  }
  delay.disable();
  await decoders.close();
  return delay.max / 1e6;
}

const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1)} %`;

export async function run(): Promise<void> {
  const all = pictures();
  const frames = all.map(({ frame }) => frame);
  const shown = HELD * frames.length;
  const alone = await zxingAlone(frames);
  const eye = await liveEye(frames);
  const ladder = await wholeLadder(frames);
  console.log(`eye: ${frames.length} pictures at 640×480, each held for ${HELD} frames`);
  console.log("  pictures read      zxing   live eye   whole ladder");
  for (const way of Object.keys(WAYS)) {
    const at = all.flatMap((one, i) => (one.way === way ? [i] : []));
    const [first, second, third] = [alone.decoded, eye.decoded, ladder].map(
      (decoded) => `${at.filter((i) => decoded.has(i)).length} of ${at.length}`,
    );
    console.log(`  ${way.padEnd(16)} ${first!.padStart(8)} ${second!.padStart(10)} ${third!.padStart(14)}`);
  }
  const total = frames.length;
  console.log(
    `  decoded: zxing alone ${percent(alone.decoded.size, total)}, live eye ${percent(eye.decoded.size, total)}` +
      ` (at least as many), whole ladder ${percent(ladder.size, total)}`,
  );
  console.log(
    `  of all frames: zxing alone ${percent(alone.reads, shown)}, live eye ${percent(eye.reads, shown)}`,
  );
  const perFrame = ({ cpuMs }: Figure) => `${(cpuMs / shown).toFixed(2)} ms`;
  const ratio = (eye.cpuMs / alone.cpuMs).toFixed(2);
  console.log(
    `  CPU a frame: zxing alone ${perFrame(alone)}, live eye ${perFrame(eye)}: ${ratio}× (at most 1.35×)`,
  );
  console.log(`  worst block of the main thread: ${(await worstBlockMs(frames)).toFixed(1)} ms (at most 20)`);
}

if (import.meta.main) await run();
