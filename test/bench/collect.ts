// Figures of the transport: frames until complete, CPU, the slowest part, and what hostile parts cost.
// Where the peer can be run in reasonable time its figure stands beside ours, from the same run.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { URDecoder } from "@ngraveio/bc-ur";
import { Refusal } from "../../src/refusal.ts";
import { utf8 } from "../../src/text.ts";
import { xoshiro } from "../../src/transport/fountain.ts";
import { openAssembly, push } from "../../src/transport/index.ts";
import { urBody, urParts } from "../../src/transport/write-ur.ts";
import { hostileParts, junkParts } from "../transport/hostile-parts.ts";
import { inflate, psbtOf, read } from "../transport/support.ts";

const FRAGMENT_BYTES = 200;
/** 103 parts: 103 × 200 bytes less the three of the CBOR head. */
const BYTES_103 = 103 * FRAGMENT_BYTES - 3;

interface Run {
  /** Frames that the sender showed until the reader had all. */
  readonly shown: number;
  readonly cpuMs: number;
  readonly slowestMs: number;
}

/** Shows parts from `first` on, of which the camera loses a share, until `take` says that all is there. */
function play(
  part: (n: number) => string,
  first: number,
  loss: number,
  seed: string,
  take: (text: string) => boolean,
): Run {
  const dice = xoshiro(utf8(`camera ${seed}`));
  let cpuMs = 0;
  let slowestMs = 0;
  for (let shown = 1; ; shown++) {
    if (dice() < loss) continue;
    const text = part(first + shown - 1);
    const start = performance.now();
    const done = take(text);
    const spent = performance.now() - start;
    cpuMs += spent;
    slowestMs = Math.max(slowestMs, spent);
    if (done) return { shown, cpuMs, slowestMs };
  }
}

function ours(): (text: string) => boolean {
  const assembly = openAssembly(["psbt"], inflate);
  return (text) => push(assembly, read(text)).kind === "message";
}

function peers(): (text: string) => boolean {
  const decoder = new URDecoder();
  return (text) => {
    decoder.receivePart(text);
    return decoder.isComplete();
  };
}

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, n) => sum + n, 0) / numbers.length;

function frames(reader: () => (text: string) => boolean, seeds: number, late: boolean, loss: number): Run[] {
  return Array.from({ length: seeds }, (_, seed) => {
    const part = urParts(urBody(psbtOf(BYTES_103, `seed ${seed}`)), FRAGMENT_BYTES);
    return play(part, late ? 104 : 1, loss, `${seed}`, reader());
  });
}

function line(name: string, value: string, bound = ""): void {
  console.log(`  ${name.padEnd(52)} ${value.padStart(12)}  ${bound}`);
}

function benchFrames(): void {
  console.log("collect: frames shown / 103, mean of 50 seeds (peer: mean of 2)");
  for (const [late, loss, bound] of [
    [true, 0, 1.06],
    [true, 0.1, 1.2],
    [true, 0.3, 1.55],
    [false, 0.1, undefined],
  ] as const) {
    const mine = frames(ours, 50, late, loss);
    const theirs = frames(peers, 2, late, loss);
    const name = `${late ? "joining late" : "from the start"}, ${loss * 100} % loss`;
    const ratio = (runs: readonly Run[]): number => mean(runs.map((run) => run.shown)) / 103;
    line(name, ratio(mine).toFixed(3), bound === undefined ? "" : `≤ ${bound}`);
    line("  @ngraveio/bc-ur", ratio(theirs).toFixed(3));
    const cpu = mean(mine.map((run) => run.cpuMs));
    const peerCpu = mean(theirs.map((run) => run.cpuMs));
    line(
      "  CPU ms, ours : peer",
      `${cpu.toFixed(1)} : ${peerCpu.toFixed(0)}`,
      `${(peerCpu / cpu).toFixed(0)}× faster`,
    );
  }
}

function benchLarge(): void {
  console.log("collect: 200 KB in parts of 200 bytes");
  const part = urParts(urBody(psbtOf(204_800)), FRAGMENT_BYTES);
  const count = Math.ceil(204_803 / FRAGMENT_BYTES);
  for (const [name, first, loss] of [
    ["from the start, 30 % loss", 1, 0.3],
    ["joining late, 30 % loss", count + 1, 0.3],
  ] as const) {
    const run = play(part, first, loss, "large", ours());
    line(`${name}: CPU ms`, run.cpuMs.toFixed(0), "< 600");
    line("  slowest part, ms", run.slowestMs.toFixed(1), "< 50");
  }
  const mine = play(part, 1, 0, "large", ours());
  const theirs = play(part, 1, 0, "large", peers());
  line("no loss, CPU ms, ours : peer", `${mine.cpuMs.toFixed(0)} : ${theirs.cpuMs.toFixed(0)}`);
}

interface Cost {
  readonly slowestMs: number;
  /** Resident memory at its highest, above what it was before the first part. */
  readonly aboveRestMB: number;
}

function cost(texts: readonly string[]): Cost {
  const assembly = openAssembly(["psbt"], inflate);
  const atRest = process.memoryUsage.rss();
  let slowestMs = 0;
  let highest = atRest;
  for (const text of texts) {
    const start = performance.now();
    try {
      push(assembly, read(text));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
    slowestMs = Math.max(slowestMs, performance.now() - start);
    highest = Math.max(highest, process.memoryUsage.rss());
  }
  return { slowestMs, aboveRestMB: (highest - atRest) / 2 ** 20 };
}

/** In a process of its own, which reads the parts from a file: making them leaves memory behind. */
function costApart(file: string, texts: readonly string[]): Cost {
  writeFileSync(file, texts.join("\n"));
  const child = spawnSync(process.execPath, [import.meta.filename, "--cost", file], { encoding: "utf8" });
  if (child.status !== 0) throw new Error(`the measuring process failed: ${child.stderr}`);
  return JSON.parse(child.stdout) as Cost;
}

function benchHostile(): void {
  console.log("collect: hostile parts (each < 50 ms, a case within 20 MB above rest)");
  const folder = mkdtempSync(join(tmpdir(), "firn-bench-"));
  try {
    for (const [name, texts] of [
      ...hostileParts(),
      ["3000 junk sums, n = 500", [...junkParts(3000, 500)]] as const,
    ]) {
      const { slowestMs, aboveRestMB } = costApart(join(folder, "parts.txt"), texts);
      line(name, `${slowestMs.toFixed(1)} ms`, `${aboveRestMB.toFixed(1)} MB`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export async function run(): Promise<void> {
  benchFrames();
  benchLarge();
  benchHostile();
}

if (import.meta.main) {
  const [flag, file] = process.argv.slice(2);
  if (flag === "--cost" && file !== undefined)
    console.log(JSON.stringify(cost(readFileSync(file, "utf8").split("\n"))));
  else await run();
}
