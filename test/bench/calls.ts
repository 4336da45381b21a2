// What it costs to understand calldata, by its size and its shape: from bytes to acts.

import { fromHex } from "../../src/bytes.ts";
import { SIZED } from "../ethereum/call-sizes.ts";
import { actsOf } from "../ethereum/call-world.ts";

const SIZES = [25_000, 50_000, 100_000, 200_000, 400_000];

function median(work: () => void): number {
  const rounds = Array.from({ length: 7 }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return rounds.sort((a, b) => a - b)[3]!;
}

console.log(`milliseconds, by bytes of calldata${SIZES.map((size) => String(size).padStart(10)).join("")}`);
for (const { name, to, make, value } of SIZED) {
  const times = SIZES.map((size) => {
    const data = fromHex(make(size).slice(2))!;
    return median(() => actsOf(to, data, value === undefined ? {} : { value }));
  });
  console.log(`${name.padEnd(44)}${times.map((time) => time.toFixed(1).padStart(10)).join("")}`);
}
