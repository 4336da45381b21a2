// How V8 compiles the curve's wasm.

import { setFlagsFromString } from "node:v8";

/**
 * Before the curve is loaded. V8 inlines little into large wasm functions unless told to; with more, a
 * signature costs a quarter less here, its verification a third (test/bench/sign.ts). What runs does not
 * change, and code that is not hot is not compiled so: starting costs nothing more.
 */
export function tuneEngine(): void {
  setFlagsFromString("--wasm-inlining-factor=50");
  setFlagsFromString("--wasm-inlining-budget=200000");
}
