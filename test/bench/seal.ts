// What the TPM's seal costs: time on a software TPM, and commands, from which the time on a chip can be told.
// A chip makes its key, agrees on a session and unseals in some hundred milliseconds each.

import { randomBytes } from "node:crypto";
import { tpmNoise } from "../../device/seal/noise.ts";
import { tpmSeal } from "../../device/seal/tpm.ts";
import { hasSwtpm, type SoftTpm, softTpm } from "../seal/swtpm.ts";

const ROUNDS = 30;

async function figure(tpm: SoftTpm, name: string, work: () => Promise<unknown>): Promise<void> {
  const times: number[] = [];
  let commands = 0;
  for (let i = 0; i < ROUNDS; i++) {
    tpm.bus.length = 0;
    const begun = performance.now();
    await work();
    times.push(performance.now() - begun);
    commands = tpm.bus.length / 2;
  }
  times.sort((a, b) => a - b);
  const median = times[ROUNDS >> 1]!.toFixed(1).padStart(6);
  console.log(`${name.padEnd(24)} ${median} ms (worst ${times.at(-1)!.toFixed(1)}), ${commands} commands`);
}

async function main(tpm: SoftTpm): Promise<void> {
  const seal = tpmSeal(tpm.open);
  const [secret, auth, wrong] = [randomBytes(32), randomBytes(32), randomBytes(32)];
  const blob = await seal.bind(secret, auth);
  const counter = seal.counter!("first");
  await counter.value();
  const fresh = () => tpmSeal(tpm.open).release(blob, auth);
  await fresh();
  await seal.release(blob, auth);
  await figure(tpm, "bind", () => seal.bind(secret, auth));
  await figure(tpm, "release, right PIN", fresh);
  await figure(tpm, "release, wrong PIN", () => seal.release(blob, wrong));
  await fresh();
  await figure(tpm, "mark", () => seal.mark(secret));
  await figure(tpm, "counter: value", () => counter.value());
  await figure(tpm, "counter: raise", () => counter.raise());
  await figure(tpm, "rest", () => seal.rest());
  const noise = tpmNoise(tpm.open);
  await figure(tpm, "64 bytes of chance", () => noise.bytes(64));
}

if (!hasSwtpm) console.log("left out: swtpm is not installed");
else {
  const endings: (() => Promise<void>)[] = [];
  const tpm = await softTpm({ after: (end) => void endings.push(end) });
  try {
    await main(tpm);
  } finally {
    for (const end of endings) await end();
  }
}
