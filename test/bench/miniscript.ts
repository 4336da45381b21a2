// What a script of miniscript costs: once for a wallet, and again for every address; beside two other programs.

import { compileMiniscript } from "@bitcoinerlab/miniscript";
import { Miniscript } from "@bitgo/wasm-miniscript";
import type { Node, Use } from "../../src/bitcoin/expression.ts";
import { checkNode, compileNode, readNode, waysOf } from "../../src/bitcoin/miniscript/index.ts";
import { toHex } from "../../src/bytes.ts";
import { textFor } from "../bitcoin/miniscript-cast.ts";
import { KEYS } from "../bitcoin/miniscript-generate.ts";

const RUNS = 2000;

/** Microseconds that one call takes, the median of ten rounds. */
function micros(work: () => void): string {
  const rounds = Array.from({ length: 10 }, () => {
    const start = performance.now();
    for (let i = 0; i < RUNS / 10; i++) work();
    return ((performance.now() - start) * 1000) / (RUNS / 10);
  });
  return rounds
    .sort((a, b) => a - b)[5]!
    .toFixed(1)
    .padStart(8);
}

/** A quorum of three, two others after a year, one after two: what careful families use. */
const TEXT = "or_d(multi(2,@,@,@),or_d(and_n(multi(2,@,@),n:older(52560)),and_v(v:pkh(@),older(65535))))";

const keys = KEYS.slice(0, 6).map((key) => Uint8Array.from(Buffer.from(key, "hex")));
const uses: Use[] = keys.map((_, key) => ({ kind: "child", key, steps: [[0, 1], "*"] }));

function read(): Node {
  let next = 0;
  return readNode(TEXT, "p2wsh", () => next++);
}
const node = read();
const script = compileNode(node, "p2wsh");
const text = textFor({ node, uses, keys }, "p2wsh");
if (toHex(script(keys)) !== toHex(Miniscript.fromString(text, "segwitv0").encode()))
  throw new Error("the two scripts differ");

console.log(`${TEXT.length} characters, ${script(keys).length} bytes of script; microseconds each`);
console.log(`read and check                      ${micros(() => checkNode(read(), "p2wsh", uses))}`);
console.log(
  `ways                                ${micros(() => waysOf({ kind: "script", node }, uses, () => false))}`,
);
console.log(`made ready                          ${micros(() => compileNode(node, "p2wsh"))}`);
console.log(`the script of one more address      ${micros(() => script(keys))}`);
console.log(
  `rust-miniscript, from the text      ${micros(() => Miniscript.fromString(text, "segwitv0").encode())}`,
);
console.log(`@bitcoinerlab/miniscript, the text  ${micros(() => compileMiniscript(text))}`);
