// A worker thread: opens picture files and decodes frames, one task at a time.
// Rule: it answers, or it is thrown away. Whatever it throws ends it, and the eye makes another.

import { readFile, stat } from "node:fs/promises";
import { parentPort, workerData } from "node:worker_threads";
import { LIMITS } from "../../src/limits.ts";
import type { Read } from "../../src/model.ts";
import type { Decode } from "../../src/qr/decode.ts";
import { type Frame, seen } from "../../src/qr/frame.ts";
import type { Rung } from "../../src/qr/ladder.ts";
import { DamagedPicture } from "./size.ts";

export type Task =
  /** `into`: where the pixels go if they fit, instead of into new memory. */
  | { readonly t: "open"; readonly path: string; readonly into?: SharedArrayBuffer }
  | { readonly t: "decode"; readonly rung: Rung; readonly frame: Frame };

export type Answer =
  | { readonly t: "frame"; readonly frame: Frame }
  /** The file is none that is taken. */
  | { readonly t: "damaged"; readonly why: string }
  | { readonly t: "read"; readonly read: Read; readonly cpuMs: number }
  | { readonly t: "missed"; readonly cpuMs: number }
  /** This machine runs no wasm. */
  | { readonly t: "refused" };

/** What a worker is handed: zxing's checked bytes, or nothing where it is to do without. */
export interface Handed {
  readonly wasm?: Uint8Array;
}

type Opened = Map<Rung["decoder"], Decode | "refused">;

async function open(path: string, into?: SharedArrayBuffer): Promise<Answer> {
  try {
    if ((await stat(path)).size > LIMITS.pictureBytes)
      throw new DamagedPicture("a larger file than is taken");
    const { readPicture } = await import("./picture.ts"); // a board's camera never needs it
    const { width, height, luma } = readPicture(await readFile(path));
    // Shared with every decoder's thread instead of copied to each.
    const room = into && into.byteLength >= luma.length ? into : new SharedArrayBuffer(luma.length);
    const shared = new Uint8Array(room, 0, luma.length);
    shared.set(luma);
    return { t: "frame", frame: { width, height, luma: shared } };
  } catch (error) {
    if (error instanceof DamagedPicture) return { t: "damaged", why: error.message };
    if (error instanceof Error && "code" in error) return { t: "damaged", why: "a file that cannot be read" };
    throw error;
  }
}

async function decoderOf(name: Rung["decoder"]): Promise<Decode | "refused"> {
  if (name === "jsqr") return (await import("../../src/qr/jsqr.ts")).openJsqr();
  const { wasm } = workerData as Handed;
  if (!wasm) return "refused";
  const { openZxing } = await import("../../src/qr/zxing.ts");
  return openZxing(wasm).catch(() => "refused" as const);
}

async function decode(opened: Opened, { decoder, look }: Rung, frame: Frame): Promise<Answer> {
  const known = opened.get(decoder) ?? (await decoderOf(decoder));
  opened.set(decoder, known);
  if (known === "refused") return { t: "refused" };
  const before = process.threadCpuUsage();
  const read = known(seen(frame, look));
  const { user, system } = process.threadCpuUsage(before);
  const cpuMs = (user + system) / 1000;
  return read ? { t: "read", read, cpuMs } : { t: "missed", cpuMs };
}

function work(port: NonNullable<typeof parentPort>): void {
  const opened: Opened = new Map();
  port.on("message", async (task: Task) => {
    port.postMessage(
      task.t === "open" ? await open(task.path, task.into) : await decode(opened, task.rung, task.frame),
    );
  });
}

if (parentPort) work(parentPort);
