// A TPM in software that an emulated machine has soldered on. What it remembers is a folder, so that it can be kept,
// copied and put back beside the card.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** chip: QEMU's own emulation of one, with swtpm behind it. stream: commands and answers through a port. */
export type TpmWay = "chip" | "stream";

export interface Tpm {
  /** Where QEMU finds it. */
  readonly socket: string;
  /** Power goes; also where it has ended by itself. */
  end(): Promise<void>;
}

const READY_MS = 10_000;
/** For setpriv: a test that is killed leaves no machine behind. */
export const DIES_WITH_ME = ["--pdeathsig", "KILL", "--"] as const;

export async function startTpm(way: TpmWay, state: string, folder: string): Promise<Tpm> {
  const [control, server] = [join(folder, "tpm-control"), join(folder, "tpm")];
  const stream = ["--server", `type=unixio,path=${server}`, "--flags", "not-need-init,startup-clear"];
  const child = spawn(
    "setpriv",
    [
      ...DIES_WITH_ME,
      "swtpm",
      ...["socket", "--tpm2", "--tpmstate", `dir=${state}`],
      ...["--ctrl", `type=unixio,path=${control}`],
      ...(way === "stream" ? stream : []),
    ],
    { stdio: "ignore" },
  );
  const socket = way === "stream" ? server : control;
  for (const from = performance.now(); !existsSync(socket); await sleep(5))
    if (child.exitCode !== null || performance.now() - from > READY_MS)
      throw new Error("swtpm did not start");
  return { socket, end: () => ended(child) };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}
