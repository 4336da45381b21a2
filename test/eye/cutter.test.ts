import assert from "node:assert/strict";
import { test } from "node:test";
import type { FrameShape } from "../../device/boards/board.ts";
import { Cutter } from "../../device/eye/cutter.ts";
import type { Frame } from "../../src/qr/frame.ts";

/** Brightness 1, 2, 3 … from `first`; whatever else is in a frame is 255. */
function stream(shape: FrameShape, frames: number): Uint8Array {
  const { width, height, frameBytes, layout } = shape;
  const bytes = new Uint8Array(frames * frameBytes).fill(255);
  for (let frame = 0; frame < frames; frame++)
    for (let at = 0; at < width * height; at++)
      bytes[frame * frameBytes + (layout === "planar" ? at : 2 * at)] = frame * 20 + at;
  return bytes;
}

const SHAPES: Record<string, FrameShape> = {
  "grey alone": { width: 4, height: 3, frameBytes: 12, layout: "planar" },
  "planar with colour after it": { width: 4, height: 3, frameBytes: 18, layout: "planar" },
  interleaved: { width: 4, height: 3, frameBytes: 24, layout: "interleaved" },
  "interleaved with a rest": { width: 4, height: 3, frameBytes: 31, layout: "interleaved" },
};

for (const [name, shape] of Object.entries(SHAPES))
  test(`${name}: however the stream is cut, each frame is its brightness and nothing else`, () => {
    const bytes = stream(shape, 3);
    for (let chunk = 1; chunk <= bytes.length; chunk++) {
      const cutter = new Cutter(shape, () => false);
      const frames: number[][] = [];
      for (let from = 0; from < bytes.length; from += chunk)
        cutter.push(bytes.subarray(from, from + chunk), ({ luma }) => frames.push([...luma]));
      assert.deepEqual(
        frames,
        [0, 20, 40].map((first) => Array.from({ length: 12 }, (_, at) => first + at)),
      );
    }
  });

test("a frame that is cut short is dropped when another stream begins, and never mixed with it", () => {
  const shape = SHAPES["grey alone"]!;
  const cutter = new Cutter(shape, () => false);
  const frames: number[] = [];
  const take = ({ luma }: Frame) => frames.push(luma[0]!);
  cutter.push(new Uint8Array(11).fill(7), take);
  cutter.restart();
  cutter.push(stream(shape, 2), take);
  assert.deepEqual(frames, [0, 20]);
});

test("frames in use are left as they are, all others are filled again: no more than four places ever", () => {
  const shape = SHAPES["grey alone"]!;
  const held = new Map<Frame, number>();
  const places = new Set<unknown>();
  const cutter = new Cutter(shape, (frame) => held.has(frame));
  let count = 0;
  cutter.push(
    Uint8Array.from({ length: 12 * 200 }, (_, at) => Math.floor(at / 12)),
    (frame) => {
      places.add(frame.luma.buffer);
      for (const [kept, number] of held) assert.ok(kept.luma.every((pixel) => pixel === number));
      assert.ok(frame.luma.every((pixel) => pixel === count));
      // The newest is held, and two older ones.
      held.set(frame, count++);
      if (held.size > 3) held.delete([...held.keys()][count % 3]!);
    },
  );
  assert.equal(count, 200);
  assert.equal(places.size, 4);
});

test("a shape without room for its own pixels is no shape", () => {
  for (const layout of ["planar", "interleaved"] as const) {
    const frameBytes = layout === "planar" ? 11 : 23;
    assert.throws(() => new Cutter({ width: 4, height: 3, frameBytes, layout }, () => false), /without room/);
  }
});
