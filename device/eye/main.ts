// The eye's process. Descriptor 3 is the pipe to Firn; its end is the end of this process.
// FIRN_CONTROL=1: a played session, with the launcher on descriptor 4. Else --camera PATH: pictures in a loop.
// Exit codes: 0 ended with Firn, 1 a bug or a broken pipe, 2 a camera that is not there.

import { descriptorChannel } from "../wire/channel.ts";
import type { FromEye, ToEye } from "../wire/lines.ts";
import { readToEye } from "../wire/lines.ts";
import { type EyeControl, type EyeReport, readEyeControl } from "./control.ts";
import { picturesAt } from "./files.ts";
import { joinCamera, joinEye } from "./join.ts";

function end(why: "closed" | "breach", detail = ""): void {
  if (why === "breach") process.stderr.write(`The eye stopped: ${detail}\n`);
  process.exit(why === "breach" ? 1 : 0);
}

function complain(text: string): void {
  process.stderr.write(`The eye skips ${text}\n`);
}

async function cameraFiles(args: readonly string[]): Promise<() => Promise<readonly string[]>> {
  const at = args.indexOf("--camera");
  if (at < 0) return async () => [];
  const path = args[at + 1] ?? "";
  if ((await picturesAt(path)).length > 0) return () => picturesAt(path);
  process.stderr.write(`The eye finds no picture at ${path}\n`);
  process.exit(2);
}

const firn = descriptorChannel<FromEye, ToEye>(3, readToEye);
firn.onEnd(end);
if (process.env.FIRN_CONTROL === "1") {
  const control = descriptorChannel<EyeReport, EyeControl>(4, readEyeControl);
  control.onEnd(end);
  joinEye(firn, control, complain);
} else joinCamera(firn, await cameraFiles(process.argv.slice(2)), complain);
