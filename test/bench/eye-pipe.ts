// What the whole eye's process keeps up with at its camera's pipe: a program that writes as fast as it can, and one
// that gives thirty frames a second; against wc, which reads and does nothing. And whether its memory grows.

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { CameraSource, FrameShape } from "../../device/boards/board.ts";
import type { FromEye } from "../../device/wire/lines.ts";
import { drawCode } from "../../src/qr/draw.ts";
import { camera } from "../eye/fake-camera.ts";
import { folder } from "../eye/support.ts";
import { startEye } from "../pi/eye-process.ts";
import { shoot } from "../pictures.ts";

const SHAPES: Record<string, FrameShape> = {
  "640×480 grey": { width: 640, height: 480, frameBytes: 640 * 480, layout: "planar" },
  "640×480 YUV420": { width: 640, height: 480, frameBytes: 640 * 480 * 1.5, layout: "planar" },
  "640×480 YUYV": { width: 640, height: 480, frameBytes: 640 * 480 * 2, layout: "interleaved" },
  "320×240 grey": { width: 320, height: 240, frameBytes: 320 * 240, layout: "planar" },
};
/** Until its threads have loaded and its heaps have their size; and from then on. */
const WARM_MS = 6000;
const FOR_MS = 8000;
const PEER_S = 3;
const TICKS_A_SECOND = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));
/** Twice what cameras give, and what heaps breathe. */
const LEAST_A_SECOND = 60;
const MOST_GROWTH_MB = 8;

/** Ten pictures of a code that is just too blurred to be read: each is looked at for as long as can be. */
function film(frame: FrameShape): string {
  const { width, height, frameBytes, layout } = frame;
  const code = drawCode("FIRN".repeat(20), { version: 8, level: "L", mode: "alphanumeric" });
  const frames = Array.from({ length: 10 }, (_, seed) => {
    const bytes = new Uint8Array(frameBytes).fill(128);
    const shot = {
      width,
      height,
      modulePixels: (0.6 * height) / code.size,
      blur: height / 100,
      noise: 8,
      seed,
    };
    const { luma } = shoot(code, shot);
    if (layout === "planar") bytes.set(luma);
    else for (const [at, value] of luma.entries()) bytes[2 * at] = value;
    return bytes;
  });
  const path = join(folder(), "film");
  writeFileSync(path, Buffer.concat(frames));
  return path;
}

/** The very file in a loop, by a program that does nothing else. */
const endless = (path: string) => `while :; do cat '${path}'; done`;

function peer(path: string, { frameBytes }: FrameShape): number {
  const drained = execFileSync("sh", ["-c", `timeout ${PEER_S} sh -c "${endless(path)}" | wc -c`]);
  return Number(drained.toString()) / frameBytes / PEER_S;
}

interface Figure {
  readonly cameASecond: number;
  readonly lookedASecond: number;
  /** Of one processor. */
  readonly cpuShare: number;
  readonly rssMb: number;
  readonly grownMb: number;
}

async function eye(source: CameraSource): Promise<Figure> {
  // As the unit has it.
  const process = startEye({ camera: source }, { MALLOC_ARENA_MAX: "1" });
  const { channel, socket } = await process.firn;
  const paces: (FromEye & { t: "pace" })[] = [];
  channel.onMessage((line) => line.t === "pace" && paces.push(line));
  channel.send({ t: "watch", kinds: ["pace"] });
  while (paces.length === 0 || paces.at(-1)!.ms < WARM_MS) await pause(50);
  const pid = process.child.pid!;
  const [first, before, rssMb] = [paces.at(-1)!, cpuSeconds(pid), residentMb(pid)];
  const began = performance.now();
  await pause(FOR_MS);
  const [last, after, rssAfterMb] = [paces.at(-1)!, cpuSeconds(pid), residentMb(pid)];
  const seconds = (last.ms - first.ms) / 1000;
  socket.destroy();
  await process.ended;
  return {
    cameASecond: (last.frames - first.frames) / seconds,
    lookedASecond: (last.looked - first.looked) / seconds,
    cpuShare: (after - before) / ((performance.now() - began) / 1000),
    rssMb: rssAfterMb,
    grownMb: rssAfterMb - rssMb,
  };
}

/** User and system time of all threads: proc_pid_stat(5). */
function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
}

function residentMb(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1]) / 1024;
}

export async function run(): Promise<void> {
  console.log("the eye at its camera's pipe, frames a second");
  console.log("                            wc reads   eye takes   looks at    CPU   memory   growth");
  console.log(`  as fast as it comes (at least ${LEAST_A_SECOND} taken)`);
  for (const [name, frame] of Object.entries(SHAPES)) {
    const path = film(frame);
    const reads = peer(path, frame);
    const figure = await eye({ kind: "command", command: ["/bin/sh", "-c", endless(path)], frame });
    console.log(`    ${name.padEnd(22)} ${reads.toFixed(0).padStart(9)} ${words(figure)}`);
  }
  console.log(`  thirty, from a program that keeps time (growth at most ${MOST_GROWTH_MB} MB)`);
  for (const [name, frame] of Object.entries(SHAPES)) {
    const figure = await eye(camera({ frame, plays: film(frame), perSecond: 30 }));
    console.log(`    ${name.padEnd(22)} ${"".padStart(9)} ${words(figure)}`);
  }
}

function words({ cameASecond, lookedASecond, cpuShare, rssMb, grownMb }: Figure): string {
  const rates = `${cameASecond.toFixed(0).padStart(11)} ${lookedASecond.toFixed(0).padStart(10)}`;
  const cpu = `${(100 * cpuShare).toFixed(0).padStart(4)} %`;
  return `${rates} ${cpu} ${rssMb.toFixed(0).padStart(5)} MB ${grownMb.toFixed(1).padStart(5)} MB`;
}

if (import.meta.main) await run();
