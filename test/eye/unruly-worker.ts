// A thread that does what a picture's path tells it to: for the tests of what happens to such threads.

import { parentPort } from "node:worker_threads";
import type { Task } from "../../device/eye/worker.ts";

const { WebAssembly } = globalThis as unknown as {
  WebAssembly: { Module: new (bytes: Uint8Array) => object; Instance: new (module: object) => object };
};

parentPort!.on("message", (task: Task) => {
  const act = task.t === "open" ? task.path : "answer";
  if (act === "exit") process.exit(3);
  if (act === "throw") throw new TypeError("out of its mind");
  if (act === "trap") {
    const unreachable = Uint8Array.of(
      0,
      97,
      115,
      109,
      1,
      0,
      0,
      0,
      1,
      4,
      1,
      96,
      0,
      0,
      3,
      2,
      1,
      0,
      8,
      1,
      0,
      10,
      5,
      1,
      3,
      0,
      0,
      11,
    );
    new WebAssembly.Instance(new WebAssembly.Module(unreachable));
  }
  if (act === "memory") {
    const held: unknown[] = [];
    for (;;) held.push(Array.from({ length: 1000 }, (_, i) => ({ i })));
  }
  while (act === "hang");
  parentPort!.postMessage({ t: "missed", cpuMs: 1 });
  if (act === "answer, then exit") process.exit(0);
});
