// A lane is one worker thread, as its user sees it: a task goes in, its answer comes out, or it is lost.
// A thread that dies, traps or overruns its time is replaced; the next task finds a fresh one.

import { Worker } from "node:worker_threads";
import type { Answer, Handed, Task } from "./worker.ts";

export interface Lane {
  /**
   * Tasks wait for each other. "lost": the thread died, or needed more than `mostMs` beside its own start. Never rejects.
   */
  ask(task: Task, mostMs: number): Promise<Answer | "lost">;
  close(): Promise<void>;
}

/** Bounds what a picture can make a thread's JavaScript hold; wasm and pixels have bounds of their own. */
const MOST_HEAP_MB = 512;
/** From a thread's start to its first answer, beside the task's own time: on a slow board it loads for seconds. */
const START_MS = 20_000;
/** jsqr makes much that dies at once: a small nursery keeps fifty megabytes of it from piling up. */
const YOUNG_HEAP_MB = 4;

class WorkerLane implements Lane {
  readonly #handed: Handed;
  readonly #file: URL;
  #worker: Worker | undefined;
  /** The thread has answered once. */
  #warm = false;
  #waiting: ((answer: Answer | "lost") => void) | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(handed: Handed, file: URL) {
    this.#handed = handed;
    this.#file = file;
  }

  ask(task: Task, mostMs: number): Promise<Answer | "lost"> {
    const answer = this.#last.then(() => this.#run(task, mostMs));
    this.#last = answer;
    return answer;
  }

  async close(): Promise<void> {
    this.#closed = true;
    const worker = this.#worker;
    if (worker) this.#settle(worker, "lost");
    await worker?.terminate();
  }

  #run(task: Task, mostMs: number): Promise<Answer | "lost"> {
    if (this.#closed) return Promise.resolve("lost");
    const worker = this.#worker ?? this.#start();
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#settle(worker, "lost"), mostMs + (this.#warm ? 0 : START_MS));
      this.#waiting = (answer) => {
        clearTimeout(timer);
        resolve(answer);
      };
      worker.ref();
      worker.postMessage(task);
    });
  }

  #start(): Worker {
    const worker = new Worker(this.#file, {
      workerData: this.#handed,
      resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP_MB, maxYoungGenerationSizeMb: YOUNG_HEAP_MB },
    });
    worker.on("message", (answer: Answer) => this.#settle(worker, answer));
    worker.on("error", () => this.#settle(worker, "lost"));
    worker.on("exit", () => this.#settle(worker, "lost"));
    this.#worker = worker;
    return worker;
  }

  /** What a thread that was given up still says or suffers is nobody's. */
  #settle(worker: Worker, answer: Answer | "lost"): void {
    if (worker !== this.#worker) return;
    this.#warm = answer !== "lost";
    if (answer === "lost") {
      this.#worker = undefined;
      void worker.terminate();
    } else worker.unref();
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.(answer);
  }
}

/** Starts its thread with the first task. */
export function openLane(handed: Handed, file = new URL("./worker.ts", import.meta.url)): Lane {
  return new WorkerLane(handed, file);
}
