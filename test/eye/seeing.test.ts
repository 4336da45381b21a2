// What an eye says of pictures that no code can be read from: drawn as a camera would see them, and judged over time.

import assert from "node:assert/strict";
import { test } from "node:test";
import { measured, Seeing } from "../../device/eye/seeing.ts";
import { drawCode, type Matrix } from "../../src/qr/draw.ts";
import type { Frame } from "../../src/qr/frame.ts";
import { capacity } from "../../src/transport/capacity.ts";
import { chance, type Shot, shoot } from "../pictures.ts";

const BETWEEN_MS = 100;

function code(version: number): Matrix {
  const next = chance(version);
  const digits = Array.from({ length: capacity(version, "alphanumeric") }, () => (next() * 36) | 0);
  const text = digits.map((digit) => digit.toString(36).toUpperCase()).join("");
  return drawCode(text, { version, level: "L", mode: "alphanumeric" });
}

/** A camera's frames of one thing: no two have the same noise. */
const camera = (version: number, shot: Partial<Shot>) => {
  const matrix = code(version);
  const { width = 640 } = shot;
  const modulePixels = (width * 0.47) / matrix.size;
  const frames = [0, 1, 2].map((seed) => shoot(matrix, { modulePixels, noise: 4, ...shot, seed }));
  return (at: number) => frames[at % 3]!;
};

/** Brightness by place, from -0.5 to 0.5, with noise; whole frames differ. */
function scene(
  of: (x: number, y: number) => number,
  noise: number,
  width = 640,
  height = 480,
): (at: number) => Frame {
  const frames = [1, 2, 3].map((seed) => {
    const next = chance(seed);
    const luma = Uint8Array.from({ length: width * height }, (_, i) => {
      const bright = of((i % width) / width - 0.5, Math.floor(i / width) / height - 0.5);
      const grain = noise * (next() + next() + next() + next() - 2) * 1.732;
      return Math.min(255, Math.max(0, Math.round(bright + grain)));
    });
    return { width, height, luma };
  });
  return (at) => frames[at % 3]!;
}

/** The same with a fraction of the light. */
const dimmed = (frames: (at: number) => Frame, share: number) => (at: number) => {
  const frame = frames(at);
  return { ...frame, luma: frame.luma.map((pixel) => 12 + share * pixel) };
};

/** What was said, with the time at which it began: ten frames a second for so long. */
function told(seeing: Seeing, frames: (at: number) => Frame, forMs = 8000, fromMs = 0): [number, string][] {
  const all: [number, string][] = [];
  for (let ms = fromMs; ms < fromMs + forMs; ms += BETWEEN_MS) {
    const what = seeing.see(frames(ms / BETWEEN_MS), ms)?.replace("transport.camera-", "") ?? "well";
    if (what !== all.at(-1)?.[1]) all.push([ms, what]);
  }
  return all;
}

const saysAtOnce = (frames: (at: number) => Frame) => told(new Seeing(), frames).map(([, what]) => what);

// ---------------------------------------------------------------- light

const COVERED: Record<string, (at: number) => Frame> = {
  "a covered lens": scene(() => 16, 3),
  "a covered lens, with all the gain that there is": scene(() => 18, 8),
  "a dark room": scene((x, y) => 18 + 8 * (x + y), 4),
  "a code in the dark": dimmed(camera(6, { noise: 20 }), 0.1),
};
for (const [name, frames] of Object.entries(COVERED))
  test(`no light: ${name} is said to be dark, after two seconds`, () => {
    const [first, second, ...more] = told(new Seeing(), frames);
    assert.deepEqual(first, [0, "well"]);
    assert.ok(second?.[1] === "dark" && second[0] >= 2000 && second[0] <= 2500, String(second));
    assert.deepEqual(more, []);
  });

const LIT: Record<string, (at: number) => Frame> = {
  "a dim code": dimmed(camera(6, { noise: 10 }), 0.3),
  "a telephone's screen in a dark room": scene((x, y) => (x ** 2 + y ** 2 < 0.01 ? 200 : 16), 4),
  "a white wall": scene(() => 220, 4),
};
for (const [name, frames] of Object.entries(LIT))
  test(`light enough: ${name} is not said to be dark`, () => {
    assert.ok(!saysAtOnce(frames).includes("dark"));
  });

test("a camera that finds its exposure within a second and a half is not said to be dark", () => {
  const [dark, light] = [scene(() => 16, 3), camera(6, {})];
  assert.deepEqual(
    told(new Seeing(), (at) => (at < 15 ? dark(at) : light(at))),
    [[0, "well"]],
  );
});

// ---------------------------------------------------------------- focus

for (const [width, height] of [
  [640, 480],
  [320, 240],
] as const)
  for (const version of [2, 6, 12])
    for (const [kind, shot] of Object.entries({
      straight: { blur: 4 },
      "far out of focus": { blur: 7 },
      noisy: { blur: 4, noise: 12 },
      "hardly lit": { blur: 4, dark: 20, light: 90, noise: 3 },
      "turned and tilted": { blur: 4, rotationDegrees: 40, tiltX: 0.2 },
    }))
      test(`no focus: version ${version}, ${kind}, at ${width}×${height} is said to be blurred, after three seconds`, () => {
        const [first, second, ...more] = told(new Seeing(), camera(version, { width, height, ...shot }));
        assert.deepEqual(first, [0, "well"]);
        assert.ok(second?.[1] === "blurred" && second[0] >= 3000 && second[0] <= 3500, String(second));
        assert.deepEqual(more, []);
      });

const SHARP: Record<string, (at: number) => Frame> = {
  "a code in focus": camera(6, {}),
  "a code as a good lens gives it": camera(6, { blur: 1.2 }),
  "a small one, noisy": camera(12, { blur: 0.8, noise: 20 }),
  "one with little contrast": camera(6, { blur: 0.8, dark: 90, light: 140, noise: 6 }),
  "one at an angle": camera(6, { blur: 1, rotationDegrees: 45, noise: 8 }),
  "one at 320×240": camera(2, { width: 320, height: 240, blur: 1 }),
};
const NOTHING: Record<string, (at: number) => Frame> = {
  "a blank white wall": scene(() => 220, 3),
  "a wall, darker to the corners": scene((x, y) => 200 - 180 * (x ** 2 + y ** 2), 4),
  "a wall with a lamp at one side": scene((x) => 140 + 80 * x, 6),
  "a wall in bad light": scene((x, y) => 90 - 60 * (x ** 2 + y ** 2), 14),
  "a sheet that is all white": scene(() => 255, 2),
  "noise alone": scene(() => 128, 40),
  "the sky, at 320×240": scene((_, y) => 200 - 60 * y, 4, 320, 240),
};
for (const [name, frames] of Object.entries({ ...SHARP, ...NOTHING }))
  test(`not blurred: ${name}`, () => {
    assert.deepEqual(saysAtOnce(frames), ["well"]);
  });

test("the more a code is blurred, the less of its contrast is detail, whatever its noise", () => {
  for (const noise of [2, 10]) {
    const blurs = [0, 0.8, 1.5, 2.5, 4, 6];
    const ratios = blurs.map((blur) => {
      const { detail, contrast } = measured(camera(6, { blur, noise })(0));
      return detail / contrast;
    });
    for (const [at, ratio] of ratios.entries()) assert.ok(at === 0 || ratio < ratios[at - 1]!);
    assert.ok(ratios[0]! > 0.85 && ratios[5]! < 0.2, String(ratios));
  }
});

// ---------------------------------------------------------------- a picture that stands still

test("the very same picture for five seconds stands still; the first that differs takes that back", () => {
  const one = camera(6, {})(0);
  const seeing = new Seeing();
  const [first, second, ...more] = told(seeing, () => one, 8000);
  assert.deepEqual([first, second?.[1], more], [[0, "well"], "frozen", []]);
  assert.ok(second![0] >= 5000 && second![0] <= 6000);
  const [next] = told(seeing, camera(6, {}), 2000, 8000);
  assert.deepEqual(next, [8000, "well"]);
});

test("a still scene before a camera whose pixels have noise does not stand still, however little it is", () => {
  const before = camera(6, {})(0);
  const flicker = (at: number): Frame => {
    const luma = before.luma.slice();
    luma[640 * 4 * (at % 119) + 5]! ^= 1;
    return { ...before, luma };
  };
  assert.deepEqual(saysAtOnce(flicker), ["well"]);
});

test("a picture of another size is another picture", () => {
  const grey = (width: number) => ({ width, height: 480, luma: new Uint8Array(width * 480).fill(99) });
  const [small, large] = [grey(320), grey(640)];
  assert.deepEqual(
    saysAtOnce((at) => (Math.floor(at / 20) % 2 === 0 ? small : large)),
    ["well"],
  );
});

// ---------------------------------------------------------------- said, and taken back

test("what is better is taken back at once, and what comes back must last again", () => {
  const seeing = new Seeing();
  const [blurred, sharp] = [camera(6, { blur: 5 }), camera(6, {})];
  told(seeing, blurred, 4000);
  assert.deepEqual(told(seeing, sharp, 1000, 4000), [[4000, "well"]]);
  const again = told(seeing, blurred, 4000, 5000);
  assert.deepEqual(again[0], [5000, "well"]);
  assert.ok(again[1]?.[1] === "blurred" && again[1][0] >= 8000);
});

test("a code that is read proves a hint wrong, and while codes are read none is given", () => {
  const seeing = new Seeing();
  const blurred = camera(2, { blur: 4 });
  told(seeing, blurred, 4000);
  assert.equal(seeing.see(blurred(0), 4000), "transport.camera-blurred");
  seeing.read();
  assert.equal(seeing.see(blurred(0), 4010), undefined);
  for (let ms = 4010; ms < 20_000; ms += 100) {
    if (ms % 2000 < 100) seeing.read();
    assert.equal(seeing.see(blurred(ms), ms), undefined);
  }
});

test("at the edge of what is said it does not flicker", () => {
  // Between what begins a hint and what ends it.
  const edges: [string, (at: number) => Frame][] = [
    ["dark", (at) => scene(() => (at % 2 ? 36 : 44), 0.6, 64, 48)(at)],
    ["blurred", (at) => camera(6, { width: 320, height: 240, blur: at % 2 ? 3.2 : 2.75 })(at)],
  ];
  for (const [what, frames] of edges) {
    const seeing = new Seeing();
    told(
      seeing,
      what === "dark" ? scene(() => 20, 2, 64, 48) : camera(6, { width: 320, height: 240, blur: 5 }),
      4000,
    );
    const kept = [frames(0), frames(1)];
    const said = told(seeing, (at) => kept[Math.floor(at / 4) % 2]!, 4000, 4000).map(([, one]) => one);
    assert.deepEqual(said, [what], what);
  }
});

test("dark comes first: of a frozen black picture the darkness is said", () => {
  const black = { width: 64, height: 48, luma: new Uint8Array(64 * 48) };
  assert.deepEqual(
    saysAtOnce(() => black),
    ["well", "dark"],
  );
});

test("judging costs little: under five milliseconds of CPU a second, at fifteen frames", () => {
  const frames = camera(6, {});
  const seeing = new Seeing();
  told(seeing, frames, 20_000);
  const before = process.cpuUsage();
  for (let ms = 20_000; ms < 80_000; ms += 66) seeing.see(frames(ms), ms);
  const { user, system } = process.cpuUsage(before);
  assert.ok((user + system) / 1000 / 60 < 5, `${(user + system) / 1000 / 60} ms a second`);
});
