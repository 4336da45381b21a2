// What the eye's tests share: pictures on disk, threads that misbehave, and an eye on memory pipes.

import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Decoders } from "../../device/eye/decoders.ts";
import type { Lane } from "../../device/eye/lane.ts";
import type { Answer, Task } from "../../device/eye/worker.ts";
import { type FromEye, readFromEye, readToEye, type ToEye } from "../../device/wire/lines.ts";
import { memoryPair } from "../../device/wire/memory.ts";
import type { PsbtMessage, Sight } from "../../src/model.ts";
import { drawCode } from "../../src/qr/draw.ts";
import { split } from "../../src/transport/index.ts";
import { type Shot, shoot, toPng } from "../pictures.ts";

export const folder = (): string => mkdtempSync(join(tmpdir(), "firn-eye-"));

/** Begins as a PSBT does: the eye looks no further. */
export function psbtBytes(length: number): Uint8Array {
  const bytes = Uint8Array.from({ length }, (_, i) => (i * 89 + (i >> 3)) & 255);
  bytes.set([0x70, 0x73, 0x62, 0x74, 0xff]);
  return bytes;
}

export const psbt = (length: number): PsbtMessage => ({
  kind: "psbt",
  dialect: "ur",
  bytes: psbtBytes(length),
});

/** The message's codes as camera pictures in a new folder: 1.png, 2.png, … */
export function pictureFolder(
  message: PsbtMessage,
  dialect: "ur" | "bbqr",
  shot: Partial<Shot> = {},
): string {
  const path = folder();
  const loop = split(message, { dialect, density: "medium" });
  for (const [at, text] of loop.texts.entries())
    writeFileSync(
      join(path, `${at + 1}.png`),
      toPng(shoot(drawCode(text, loop), { modulePixels: 4, seed: at, ...shot })),
    );
  return path;
}

/** An eye's pipe with Firn's end: what came, and a promise of the next line that satisfies `is`. */
export function pipe(kinds: readonly Sight[] = ["psbt"]) {
  const { first, second } = memoryPair<ToEye, FromEye>(readFromEye, readToEye);
  const lines: FromEye[] = [];
  let waiting: { is: (line: FromEye) => boolean; done: (line: FromEye) => void } | undefined;
  first.onMessage((line) => {
    lines.push(line);
    if (!waiting?.is(line)) return;
    waiting.done(line);
    waiting = undefined;
  });
  return {
    eye: second,
    lines,
    watch: () => first.send({ t: "watch", kinds }),
    rest: () => first.send({ t: "rest" }),
    until: (t: FromEye["t"]) =>
      new Promise<FromEye>((done) => {
        waiting = { is: (line) => line.t === t, done };
      }),
  };
}

/** A lane that answers as it is told, without a thread. */
export function fakeLane(
  answer: (task: Task, mostMs: number) => Promise<Answer | "lost"> | Answer | "lost",
): Lane {
  return { ask: async (task, mostMs) => answer(task, mostMs), close: async () => {} };
}

export function fakeDecoders(
  first: Parameters<typeof fakeLane>[0],
  second: Parameters<typeof fakeLane>[0] = () => ({ t: "missed", cpuMs: 1 }),
): Decoders {
  return new Decoders(fakeLane(first), fakeLane(second), true);
}
