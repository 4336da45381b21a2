// What a camera is worth, frame by frame.

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import {
  addFrame,
  type CameraChance,
  cameraProblem,
  type Frame,
  LEAST_CAMERA_BITS,
  NO_FRAMES,
} from "../../../src/keys/chance/camera.ts";
import { chance } from "../../pictures.ts";

const SIDE = 128;

/** A still scene, and noise of so many levels (standard deviation) on top, new in every frame. */
function scene(seed: number, noise: number, level = 90, side = SIDE): Frame {
  const next = chance(seed);
  const gauss = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const luma = Uint8Array.from({ length: side * side }, (_, i) => {
    const still = level + 40 * Math.sin((i % side) / 9) + 30 * Math.cos(i / side / 13);
    return Math.max(0, Math.min(255, Math.round(still + noise * gauss())));
  });
  return { width: side, height: side, luma };
}

function look(frames: Iterable<Frame>): CameraChance {
  let state = NO_FRAMES;
  for (const frame of frames) {
    state = addFrame(state, frame);
    if (cameraProblem(state) || state.bits >= LEAST_CAMERA_BITS) break;
  }
  return state;
}

const many = (make: (i: number) => Frame, count = 700) => Array.from({ length: count }, (_, i) => make(i));

test("a noisy camera is enough after five frames and never sooner, a quieter one later", () => {
  assert.deepEqual([look(many((i) => scene(i, 3), 40)).frames], [5]);
  const quiet = look(many((i) => scene(i, 0.4), 60));
  assert.ok(quiet.bits >= LEAST_CAMERA_BITS && quiet.frames > 5, `${quiet.frames} frames`);
  // Whatever it is that comes, a frame is worth one bit for 256 pixels at most.
  const pure = look(many(() => ({ width: SIDE, height: SIDE, luma: randomBytes(SIDE * SIDE) }), 9));
  assert.equal(pure.bits, 4 * ((SIDE * SIDE) / 256));
});

test("a frame larger than an eye hands over is worth no more than others", () => {
  const large = many(() => ({ width: 512, height: 512, luma: randomBytes(512 * 512) }), 2);
  assert.equal(look(large).bits, 64);
});

test("whatever an eye sends, a state comes out whose bits are bounded by its frames", () => {
  const frame = fc
    .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), fc.nat(), fc.nat(255))
    .map(([width, height, seed, spread]): Frame => {
      const next = chance(seed);
      const luma = Uint8Array.from({ length: width * height }, () => Math.floor(next() * spread));
      return { width, height, luma };
    });
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 12 }), (frames) => {
      const { bits } = look(frames);
      assert.ok(bits >= 0 && bits <= (frames.length * 40 * 40) / 256);
    }),
    { numRuns: 60 },
  );
});

test("the first frame is worth nothing: there is none to differ from", () => {
  assert.deepEqual([addFrame(NO_FRAMES, scene(1, 9)).bits, NO_FRAMES.frames], [0, 0]);
});

test("a picture that stands still is refused as frozen, at once or late", () => {
  const still = scene(1, 3);
  for (const before of [0, 1, 3]) {
    const state = look([...many((i) => scene(100 + i, 1), before), ...many(() => still, 30)]);
    assert.equal(cameraProblem(state), "birth.camera-frozen");
    assert.ok(state.frames <= before + 9);
  }
});

test("a few pictures in a loop give what each gives once, and are then refused as frozen", () => {
  const loop = many((i) => scene(i, 0.3), 3);
  const state = look(many((i) => loop[i % 3]!, 60));
  assert.equal(cameraProblem(state), "birth.camera-frozen");
  const once = look(loop);
  assert.equal(state.bits, once.bits);
});

test("a camera without light is refused as dark, and one whose dark is noisy is not", () => {
  const black = { width: SIDE, height: SIDE, luma: new Uint8Array(SIDE * SIDE) };
  assert.equal(cameraProblem(look(many(() => black, 30))), "birth.camera-dark");
  // One pixel that flickers is no noise.
  const flicker = many((i) => ({ ...black, luma: black.luma.slice().fill(i & 15, i, i + 1) }), 30);
  assert.equal(cameraProblem(look(flicker)), "birth.camera-dark");
  const noisy = look(many((i) => scene(i, 2, -10), 40));
  assert.equal(cameraProblem(noisy), undefined);
  assert.ok(noisy.bits >= LEAST_CAMERA_BITS);
});

test("a picture made by a machine, clean and moving, holds no noise and is refused as quiet", () => {
  const flat = many(
    (i) => ({ width: SIDE, height: SIDE, luma: new Uint8Array(SIDE * SIDE).fill(60 + i) }),
    30,
  );
  assert.equal(cameraProblem(look(flat)), "birth.camera-quiet");
  // Half of it clipped to white: the part that is left is not judged apart.
  const clipped = many((i) => {
    const { luma, ...size } = scene(i, 3);
    return { ...size, luma: luma.map((pixel, at) => (at < luma.length / 2 ? 255 : pixel)) };
  }, 30);
  assert.equal(cameraProblem(look(clipped)), "birth.camera-quiet");
});

test("a camera that gives a little now and then ends after 600 frames", () => {
  const still = many((i) => scene(i, 0.05, 90, 32), 700);
  const state = look(still);
  assert.ok(state.bits > 0 && state.bits < LEAST_CAMERA_BITS, `${state.bits} bits`);
  assert.deepEqual([state.frames, cameraProblem(state)], [600, "birth.camera-quiet"]);
});

test("frames of another size, and too small ones, are worth nothing", () => {
  const sizes = many((i) => scene(i, 3, 90, i % 2 === 0 ? 128 : 64), 12);
  assert.equal(look(sizes).bits, 0);
  assert.equal(look(many((i) => scene(i, 3, 90, 20), 12)).bits, 0);
});

test("the digest is SHA-256 over all frames in their order, as docs/formats.md has it", () => {
  const frames = many((i) => scene(i, 1, 90, 16), 3);
  let expected = Buffer.alloc(32);
  for (const { width, height, luma } of frames) {
    const size = Buffer.alloc(8);
    size.writeUInt32BE(width);
    size.writeUInt32BE(height, 4);
    const own = createHash("sha256").update(size).update(luma).digest();
    expected = createHash("sha256").update(expected).update(own).digest();
  }
  assert.equal(Buffer.from(look(frames).digest).toString("hex"), expected.toString("hex"));
  assert.notDeepEqual(look([...frames].reverse()).digest, look(frames).digest);
  assert.deepEqual(NO_FRAMES.digest, new Uint8Array(32));
});

test("one changed pixel of one frame changes the digest", () => {
  const frames = many((i) => scene(i, 1), 3);
  const changed = frames.map((frame, i) => (i === 1 ? { ...frame, luma: frame.luma.slice() } : frame));
  changed[1]!.luma[77]! ^= 1;
  assert.notDeepEqual(look(changed).digest, look(frames).digest);
});
