// Firn, eye and glass as processes that live and die together. Their pipes run through the launcher:
// when it is gone, however that came, the pipes are closed and the three end by themselves.

import { type ChildProcess, spawn } from "node:child_process";
import type { Socket } from "node:net";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

export interface ThreeOptions {
  /** A script holds the machine: control pipes, and no terminal. */
  readonly played: boolean;
  readonly firn: readonly string[];
  readonly eye: readonly string[];
  readonly glass: readonly string[];
  /** Another program in a part's place: for tests. */
  readonly files?: Partial<Readonly<Record<Part, string>>>;
}

export type Part = "firn" | "eye" | "glass";

export interface Ended {
  /** The part whose pipe closed first: what the others did followed from it. */
  readonly first: Part;
  /** Exit codes; 128 and the signal's number where a part was killed. */
  readonly codes: Readonly<Record<Part, number>>;
  /** The last line that each said. */
  readonly said: Readonly<Record<Part, string>>;
}

export interface Three {
  readonly ended: Promise<Ended>;
  /** Played: the control pipe of a part. */
  control(part: Part): Socket;
  /** Lines that Firn has sent to the eye and that stand in the eye's pipe; `moved` is called as they grow. */
  carried(): number;
  onCarried(moved: () => void): void;
  /** Closes the pipes: all three end by themselves, or are ended. */
  stop(): void;
  /** At once, as power does. */
  kill(): void;
}

/** Who has not ended so long after the first has, is ended. */
const GRACE_MS = 3000;
/** Of this checkout, as trusted as the packages are. The same in scripts/check-node.cjs. */
const CODE_CACHE = fileURLToPath(new URL("../../node_modules/.cache/firn", import.meta.url));
const FILES: Readonly<Record<Part, string>> = {
  firn: fileURLToPath(new URL("./firn.ts", import.meta.url)),
  eye: fileURLToPath(new URL("../eye/main.ts", import.meta.url)),
  glass: fileURLToPath(new URL("../glass/main.ts", import.meta.url)),
};

export function startThree(options: ThreeOptions): Three {
  const { played } = options;
  const firn = startPart("firn", options, played ? 3 : 2);
  const eye = startPart("eye", options, played ? 2 : 1);
  const glass = startPart("glass", options, played ? 2 : 1);
  const children = { firn, eye, glass };
  let carried = 0;
  let moved: (() => void) | undefined;
  let first: Part | undefined;
  const pipes = [pipe(firn, 3), pipe(firn, 4), pipe(eye, 3), pipe(glass, 3)];
  const stop = () => {
    for (const one of pipes) one.destroy();
    setTimeout(kill, GRACE_MS).unref();
  };
  const kill = () => {
    for (const child of Object.values(children)) child.kill("SIGKILL");
  };
  const over = (part: Part) => {
    if (first) return;
    first = part;
    setTimeout(kill, GRACE_MS).unref();
  };
  pipe(firn, 3).on("data", (chunk: Buffer) => {
    carried += linesIn(chunk);
    // The pipe itself is written in this same turn.
    if (played) setImmediate(() => moved?.());
  });
  join(pipe(firn, 3), pipe(eye, 3), (side) => over(side === "left" ? "firn" : "eye"));
  join(pipe(firn, 4), pipe(glass, 3), (side) => over(side === "left" ? "firn" : "glass"));
  return {
    ended: ending(children, () => first ?? "firn"),
    control: (part) => pipe(children[part], part === "firn" ? 5 : 4),
    carried: () => carried,
    onCarried(take) {
      moved = take;
    },
    stop,
    kill,
  };
}

function startPart(part: Part, options: ThreeOptions, pipes: number): ChildProcess {
  const { played, files } = options;
  const terminal = part === "glass" && !played ? "inherit" : "ignore";
  const { FIRN_CONTROL: _, ...given } = process.env;
  // One arena a process, so that the eye's threads give back what a picture took. Stripped and compiled code is
  // kept beside the packages: a start, and so every lock, costs a third of the time and two thirds of the memory.
  const env = { NODE_COMPILE_CACHE: CODE_CACHE, ...given, MALLOC_ARENA_MAX: "1" };
  return spawn(process.execPath, [files?.[part] ?? FILES[part], ...options[part]], {
    stdio: [terminal, terminal, "pipe", ...Array.from({ length: pipes }, () => "pipe" as const)],
    env: played ? { ...env, FIRN_CONTROL: "1" } : env,
  });
}

function pipe(child: ChildProcess, at: number): Socket {
  return child.stdio[at] as Socket;
}

function linesIn(chunk: Buffer): number {
  let lines = 0;
  for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines++;
  return lines;
}

/** Everything that one says reaches the other, no faster than it reads; one's end is the other's. */
function join(left: Socket, right: Socket, over: (side: "left" | "right") => void): void {
  for (const [side, from, to] of [
    ["left", left, right],
    ["right", right, left],
  ] as const) {
    from.on("error", () => from.destroy());
    from.on("end", () => over(side));
    from.on("close", () => {
      over(side);
      to.end();
    });
    from.pipe(to);
  }
}

async function ending(children: Readonly<Record<Part, ChildProcess>>, first: () => Part): Promise<Ended> {
  const parts = ["firn", "eye", "glass"] as const;
  const each = await Promise.all(parts.map((part) => one(children[part])));
  const pick = <T>(of: (index: number) => T) => ({ firn: of(0), eye: of(1), glass: of(2) });
  return { first: first(), codes: pick((at) => each[at]!.code), said: pick((at) => each[at]!.said) };
}

const MOST_SAID = 2000;

function one(child: ChildProcess): Promise<{ readonly code: number; readonly said: string }> {
  return new Promise((resolve) => {
    let said = "";
    (child.stdio[2] as Readable).on("data", (chunk: Buffer) => {
      said = (said + chunk.toString("utf8")).slice(-MOST_SAID);
    });
    child.on("error", () => resolve({ code: 1, said: "a part could not be started" }));
    child.on("close", (code, signal) => {
      const lines = said.split("\n").filter((line) => line.trim() !== "");
      // Whoever looks for a bug has asked for the places as well (alone.ts).
      const kept = process.env.FIRN_PLACES === "1" ? lines.join("\n") : (lines.at(-1) ?? "");
      resolve({ code: code ?? 128 + (signal === "SIGKILL" ? 9 : 15), said: kept });
    });
  });
}
