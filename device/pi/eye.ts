// The eye's process on a board.
// Exit codes: 0 ended with Firn, 1 a bug or a broken pipe, 2 no camera is described here.

import type { CameraSource } from "../boards/board.ts";
import { Feed } from "../eye/feed.ts";
import { endEye, serveEye } from "../eye/serve.ts";
import { readDevice } from "./chosen.ts";

const WIRE = "/run/firn-wire/eye.sock";

/** For tests: where the pipe is, and what describes the device. */
function option(name: "--wire" | "--device"): string | undefined {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
}

/** A file that is named may be its starter's own; the one that is not is root's. */
function describedCamera(file: string | undefined): CameraSource {
  try {
    const device = readDevice(file, file === undefined ? undefined : process.geteuid?.());
    const { cameras = {} } = device?.board ?? {};
    const name = device?.chosen.camera ?? "";
    const camera = Object.hasOwn(cameras, name) ? cameras[name] : undefined;
    return camera ?? endEye(2, "no such device, board or camera");
  } catch (error) {
    return endEye(2, `what describes the device: ${error instanceof Error ? error.message : "unknown"}`);
  }
}

const camera = describedCamera(option("--device"));
const feed = new Feed(camera, (text) => process.stderr.write(`The camera: ${text}\n`));
serveEye(feed, option("--wire") ?? WIRE);
