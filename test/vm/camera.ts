// What stands in front of the emulated camera: a page with a code, or several in turn. Frames go through the port as
// long as the guest has it open, whole ones, always what is there now.

import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { CodeLoop } from "../../src/model.ts";
import { drawCode, paint } from "../../src/qr/draw.ts";
import type { Frame } from "../../src/qr/frame.ts";
import { later } from "./links.ts";
import type { Qmp } from "./qmp.ts";

export interface Camera {
  /** From now on these pictures, one after the other and again; none: a wall. */
  show(frames: readonly Frame[]): void;
  /** So many frames a second from now on, or as many as are taken. */
  pace(perSecond: number): void;
  /** Frames that were taken since the machine ran. */
  sent(): number;
  close(): void;
}

export const CAMERA_NAME = "camera";

interface Size {
  readonly width: number;
  readonly height: number;
}

const BRIGHT = 200;
const SILENCE_MS = 250;
const USUAL_A_SECOND = 4;

/** A code in the middle of what the camera sees, as large as it fits. Throws where a module would be under a point. */
export function framesOf({ texts, version, level, mode }: CodeLoop, size: Size): Frame[] {
  return texts.map((text) => {
    const code = drawCode(text, { version, level, mode });
    const scale = Math.floor(Math.min(size.width, size.height) / (code.size + 8));
    if (scale < 1) throw new Error("this camera is too coarse for the code");
    return placed(paint(code, scale), size);
  });
}

function placed(code: Frame, { width, height }: Size): Frame {
  const luma = new Uint8Array(width * height).fill(BRIGHT);
  const [left, top] = [(width - code.width) >> 1, (height - code.height) >> 1];
  for (let y = 0; y < code.height; y++)
    luma.set(code.luma.subarray(y * code.width, (y + 1) * code.width), (top + y) * width + left);
  return { width, height, luma };
}

/** The port is a socket at `path` on which QEMU listens. */
export async function openCamera(path: string, qmp: Qmp, size: Size): Promise<Camera> {
  const wall = new Uint8Array(size.width * size.height).fill(BRIGHT);
  let frames: readonly Frame[] = [];
  let count = 0;
  let perSecond = USUAL_A_SECOND;
  let socket = await called(path);
  let watching: AbortController | undefined;
  const newest = () => frames[count % frames.length]?.luma ?? wall;
  const play = async (to: Socket, { signal }: AbortController) => {
    // After silence the next byte begins a frame (device/eye), whatever of an older one was still under way.
    await sleep(SILENCE_MS);
    while (!signal.aborted && !to.destroyed) {
      const pause = sleep(1000 / perSecond);
      // Also called, with a fault, where the socket is closed first.
      await new Promise<unknown>((taken) => to.write(newest(), taken));
      count++;
      await pause;
    }
  };
  qmp.onEvent(({ event, data }) => {
    if (event !== "VSERPORT_CHANGE" || data?.id !== CAMERA_NAME) return;
    watching?.abort();
    watching = undefined;
    if (data.open === true) {
      watching = new AbortController();
      void play(socket, watching);
      return;
    }
    // What was under way when the guest closed it is of no use to whoever opens it next.
    socket.destroy();
    void called(path).then(
      (next) => {
        socket = next;
      },
      () => undefined,
    );
  });
  return {
    show(next) {
      frames = next;
    },
    pace(next) {
      perSecond = next;
    },
    sent: () => count,
    close() {
      watching?.abort();
      socket.destroy();
    },
  };
}

function called(path: string): Promise<Socket> {
  const { promise, resolve, reject } = later<Socket>();
  const socket = connect(path, () => resolve(socket));
  socket.on("error", (problem) => {
    reject(problem);
    socket.destroy();
  });
  return promise;
}
