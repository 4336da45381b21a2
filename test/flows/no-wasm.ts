// Preloaded into every process and thread of a play (NODE_OPTIONS=--import): a machine that runs no WebAssembly.
// Node's own reader of TypeScript has read this file by then, and keeps what it has. Who asked is written down.

import { appendFileSync } from "node:fs";
import { basename } from "node:path";
import { isMainThread } from "node:worker_threads";

const who = `${basename(process.argv[1] ?? "")}${isMainThread ? "" : ", a thread"}`;
/** Also called with `new`. */
function refuse(): never {
  appendFileSync(process.env.WASM_REFUSED!, `${who}\n`);
  throw new Error("this machine runs no WebAssembly");
}

const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: object };
Object.assign(WebAssembly, { Module: refuse, Instance: refuse });
for (const name of ["instantiate", "compile", "instantiateStreaming", "compileStreaming"])
  Object.assign(WebAssembly, { [name]: async () => refuse() });
