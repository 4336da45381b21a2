// A camera that is a program: it runs while frames are wanted, and writes them to its standard output.
// Rule: never two at once, its output is always drained, and what it says of itself is kept short and never trusted.

import { type ChildProcess, spawn } from "node:child_process";
import type { Reason } from "../../src/refusal.ts";
import { PATIENCE, type Patience, type Source, type SourceSteps } from "./source.ts";

/** Of what a program says on its error output. */
const MOST_SAID = 300;

/** One run of the program. */
interface Run {
  readonly child: ChildProcess;
  /** The time of its start, or of its last frame. */
  heardMs: number;
  gave: boolean;
  /** Something came. */
  begun: boolean;
  /** It was told to end: frames are not wanted, it hangs, or what it sends are no frames. */
  ending?: "rest" | "hung" | "format";
  /** It could not be started at all. */
  absent: boolean;
  said: string;
}

export class Program implements Source {
  readonly #command: readonly [string, ...string[]];
  readonly #steps: SourceSteps;
  readonly #patience: Patience;
  readonly #atExit = () => this.#run?.child.kill("SIGKILL");
  #wanted = false;
  #run: Run | undefined;
  #again: NodeJS.Timeout | undefined;
  #check: NodeJS.Timeout | undefined;

  constructor(command: readonly [string, ...string[]], steps: SourceSteps, patience = PATIENCE) {
    this.#command = command;
    this.#steps = steps;
    this.#patience = patience;
    process.on("exit", this.#atExit);
  }

  start(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    this.#check = setInterval(() => this.#listen(), this.#patience.silentMs / 6);
    // One that still ends is waited for: the camera is its own until then.
    if (!this.#run) this.#begin();
  }

  stop(): void {
    this.#wanted = false;
    clearInterval(this.#check);
    clearTimeout(this.#again);
    this.#end("rest");
  }

  close(): void {
    this.stop();
    this.#atExit();
    process.off("exit", this.#atExit);
  }

  #begin(): void {
    const [program, ...args] = this.#command;
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
    const fresh = { gave: false, begun: false, absent: false, said: "" };
    const run: Run = { child, heardMs: performance.now(), ...fresh };
    this.#run = run;
    this.#steps.begin();
    child.stdout?.on("data", (chunk: Uint8Array) => this.#took(run, chunk));
    child.stderr?.on("data", (chunk: Buffer) => {
      run.said = (run.said + chunk.toString("latin1")).slice(-MOST_SAID);
    });
    child.on("error", (problem) => {
      if (child.pid !== undefined) return;
      run.absent = true;
      run.said = "code" in problem ? String(problem.code) : "";
      this.#ended(run, "could not be started");
    });
    // What still holds its pipe is not waited for.
    const letGo = () => [child.stdout, child.stderr].map((pipe) => pipe?.destroy());
    child.on("exit", () => setTimeout(letGo, this.#patience.graceMs).unref());
    child.on("close", (code, signal) => this.#ended(run, `ended (${signal ?? `exit code ${code}`})`));
  }

  #took(run: Run, chunk: Uint8Array): void {
    if (!run.begun && isJpeg(chunk)) this.#end("format");
    run.begun = true;
    if (!this.#wanted || run.ending || !this.#steps.bytes(chunk)) return;
    run.heardMs = performance.now();
    run.gave = true;
  }

  /** Is it there, and does it say something? */
  #listen(): void {
    const run = this.#run;
    if (!run || run.ending) return;
    const quietMs = performance.now() - run.heardMs;
    if (quietMs < this.#patience.silentMs) return;
    this.#steps.trouble("transport.camera-silent");
    if (quietMs >= this.#patience.hungMs) this.#end("hung");
  }

  #end(why: NonNullable<Run["ending"]>): void {
    const run = this.#run;
    if (!run || run.ending) return;
    run.ending = why;
    run.child.kill("SIGTERM");
    const kill = setTimeout(() => run.child.kill("SIGKILL"), this.#patience.graceMs);
    run.child.on("exit", () => clearTimeout(kill));
  }

  #ended(run: Run, how: string): void {
    if (run !== this.#run) return;
    this.#run = undefined;
    if (!this.#wanted) return;
    if (run.ending === "rest") {
      this.#begin();
      return;
    }
    this.#steps.trouble(troubleOf(run));
    this.#steps.complain(`${this.#command[0]} ${how}: ${lastLine(run.said)}`);
    this.#again = setTimeout(() => this.#begin(), this.#patience.againMs);
  }
}

function troubleOf(run: Run): Reason {
  if (run.absent) return "transport.camera-program";
  if (run.ending === "format") return "transport.camera-format";
  if (run.ending === "hung") return "transport.camera-silent";
  return run.gave ? "transport.camera-stopped" : "transport.no-camera";
}

/** A camera at USB that has nothing else sends it whatever was asked for. No pixel has these four values. */
function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff && bytes[3]! >= 0xc0;
}

function lastLine(said: string): string {
  const lines = said.split("\n").map((line) => line.replace(/[^ -~]/g, "").trim());
  return lines.findLast((line) => line !== "") ?? "it said nothing";
}
