// Settings → Measure: the real figures of the machine, shown and not kept.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Main } from "../../device/host/program.ts";
import { main } from "../../src/main.ts";
import type { Event } from "../../src/model.ts";
import { pace } from "../../src/screens/pace.ts";
import type { Screen } from "../../src/screens/screen.ts";
import { psbt, purse } from "../bitcoin/build.ts";
import { picturePsbt } from "./pictures.ts";
import { folder, holds, homeOf, journalOf, quickStretch, UNLOCK } from "./stage.ts";

const MEASURE = `${UNLOCK}pick Settings\npick Measure\nsee shown and not kept\npage\npress ok\nsee The camera\n`;

/** The same machine, whose clock runs as work is done: each look at it is so much later. */
function running(stepMs: number, startedMs?: number): Main {
  let extra = 0;
  return (ports) => {
    const clock = {
      ...ports.clock,
      wallMs: () => ports.clock.wallMs(),
      breathe: () => ports.clock.breathe(),
      monotonicMs() {
        extra += stepMs;
        return ports.clock.monotonicMs() + extra;
      },
    };
    const { machine } = ports;
    const told = Object.defineProperties({ ...machine }, Object.getOwnPropertyDescriptors(machine));
    return main({ ...ports, clock, machine: startedMs === undefined ? told : { ...told, startedMs } });
  };
}

test("frames, a PIN, signatures and the start are measured and shown, each with what it means, and nothing is written", async () => {
  const before = await homeOf();
  const shown =
    "see Measured\nsee Frames of the camera\nsee no frame came\nsee A PIN\nsee seconds\nsee ECDSA:\nsee a second. Schnorr:\nsee Start\nsee 11.2 seconds\npage\npress ok\nsee Settings";
  const { disk, printed } = await holds(`${MEASURE}press ok\n${shown}`, {
    ...{ disk: before, main: running(20, 11_240) },
  });
  // A signature takes two looks at the clock, or a few more.
  const [, ecdsa, schnorr] = /ECDSA: ([\d.]+) a second\. Schnorr: ([\d.]+) a second/.exec(printed)!;
  for (const rate of [ecdsa, schnorr]) assert.ok(Number(rate) > 10 && Number(rate) <= 50, `${rate}`);
  const kinds = (await journalOf(disk)).map(({ kind }) => kind);
  assert.deepEqual(kinds.slice(-2), ["unlocked", "kept"]);
});

test("in the simulator it works too: a clock that stands still measured nothing, and says so", async () => {
  const shown = "see Measured\nsee not known here\nunseen NaN\nunseen Infinity\npage\npress ok\nsee Settings";
  await holds(`${MEASURE}press ok\n${shown}`, { disk: await homeOf(), size: { columns: 40, rows: 15 } });
});

test("it can be left before anything is measured, and the PIN is stretched as this home asks for it", async () => {
  const disk = await homeOf();
  await holds(`${MEASURE}press back\nsee Settings`, { disk });
  const costs: unknown[] = [];
  const stretch = {
    ...quickStretch,
    argon2id(...all: Parameters<typeof quickStretch.argon2id>) {
      costs.push(all[2]);
      return quickStretch.argon2id(...all);
    },
  };
  await holds(`${MEASURE}press ok\nsee Measured`, { disk, stretch });
  assert.equal(costs.length, 2);
  assert.deepEqual(costs[0], costs[1]);
});

test("the frames of a camera are counted by the very eye that reads codes", async (t) => {
  const CAMERA = await picturePsbt(folder(t), psbt(purse("p2wpkh")));
  const counts =
    "camera $CAMERA\nsee frames a second come; a decoder looks at\npress ok\nsee come, a decoder looks at";
  await holds(`${MEASURE}${counts}`, { disk: await homeOf(), eye: "pictures", set: { CAMERA } });
});

// ---------------------------------------------------------------- the camera's page

const SIZE = { columns: 80, rows: 24 };
type Pace = ReturnType<typeof pace>;

function after(...events: readonly Event[]): Pace {
  let now: Pace = pace("The camera");
  for (const event of events) now = now.on(event, SIZE) as Screen<never> as Pace;
  return now;
}

function rates(screen: Pace) {
  const answer = screen.on({ kind: "press", button: "ok" }, SIZE);
  assert.ok("done" in answer && answer.done !== "back");
  return answer.done.frames;
}

const counted = (frames: number, looked: number, ms: number): Event => ({ kind: "pace", frames, looked, ms });

test("a rate is what lies between two counts, of the last three seconds; one count alone is none", () => {
  assert.equal(rates(after()), undefined);
  assert.equal(rates(after(counted(3, 2, 900))), undefined);
  assert.deepEqual(rates(after(counted(3, 2, 900), counted(33, 12, 2900))), { came: 15, looked: 5 });
  const slowStart = [0, 1, 2, 3, 4, 5].map((s) => counted(s < 2 ? s : 2 + 20 * (s - 2), s, s * 1000));
  assert.deepEqual(rates(after(...slowStart))?.came, 20);
});

test("counts that go back, or stand still, and a camera that goes away give no nonsense", () => {
  assert.equal(rates(after(counted(30, 10, 2000), counted(30, 10, 2000))), undefined);
  const back = rates(after(counted(30, 10, 2000), counted(1, 0, 10), counted(11, 5, 510)));
  assert.deepEqual(back, { came: 20, looked: 10 });
  const gone = after(counted(1, 1, 100), counted(9, 9, 900), {
    kind: "camera",
    trouble: "transport.no-camera",
  });
  assert.equal(rates(gone), undefined);
  assert.match(JSON.stringify(gone.draw(SIZE)), /No camera \(transport\.no-camera\)/);
});
