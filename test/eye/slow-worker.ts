// A thread that is long in loading, as on a slow board, and then answers at once.

import { parentPort } from "node:worker_threads";

Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
parentPort!.on("message", () => parentPort!.postMessage({ t: "missed", cpuMs: 1 }));
