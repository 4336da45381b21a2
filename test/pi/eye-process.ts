// An eye as a process of its own, on a real socket, with a test in Firn's place.

import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { CameraSource } from "../../device/boards/board.ts";
import { type Channel, streamChannel } from "../../device/wire/channel.ts";
import { type FromEye, readFromEye, type ToEye } from "../../device/wire/lines.ts";
import { folder } from "../eye/support.ts";

const PROGRAM = fileURLToPath(new URL("../../device/pi/eye.ts", import.meta.url));
const WITH = fileURLToPath(new URL("./eye-with.ts", import.meta.url));

export interface EyeProcess {
  readonly child: ChildProcess;
  /** Resolves when the eye has come. */
  readonly firn: Promise<{ readonly channel: Channel<ToEye, FromEye>; readonly socket: Socket }>;
  readonly ended: Promise<{ readonly code: number | null; readonly said: string }>;
}

/** `device`: what /etc/firn/device.json would hold, as text; or a camera of the test's own. */
export function startEye(
  how: { readonly device: string; readonly mode?: number } | { readonly camera: CameraSource },
  env: Readonly<Record<string, string>> = {},
): EyeProcess {
  const at = folder();
  const path = join(at, "eye.sock");
  let came: (socket: Socket) => void = () => {};
  const firn = new Promise<Socket>((resolve) => {
    came = resolve;
  }).then((socket) => ({ socket, channel: streamChannel<ToEye, FromEye>(socket, socket, readFromEye) }));
  const server = createServer((socket) => {
    // One eye, as systemd's socket gives it.
    server.close();
    came(socket);
  }).listen(path);
  const child = spawn(process.execPath, argumentsOf(how, at, path), {
    stdio: ["ignore", "inherit", "pipe"],
    env: { ...process.env, ...env },
  });
  let said = "";
  child.stderr!.on("data", (chunk) => {
    said += chunk;
  });
  const ended = new Promise<{ code: number | null; said: string }>((done) => {
    child.on("close", (code) => {
      server.close();
      done({ code, said });
    });
  });
  return { child, firn, ended };
}

function argumentsOf(how: Parameters<typeof startEye>[0], at: string, path: string): string[] {
  if ("camera" in how) return [WITH, JSON.stringify(how.camera), path];
  const device = join(at, "device.json");
  writeFileSync(device, how.device);
  chmodSync(device, how.mode ?? 0o644);
  return [PROGRAM, "--wire", path, "--device", device];
}
