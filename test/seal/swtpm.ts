// A software TPM in a folder of its own: swtpm stands in for the chip, byte for byte the same commands.

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { openTransport, type Transport } from "../../device/seal/tpm/transport.ts";

const run = promisify(execFile);
const installed = (program: string) =>
  run(program, ["--version"]).then(
    () => true,
    () => false,
  );

export const hasSwtpm = await installed("swtpm");
export const hasTools = hasSwtpm && (await installed("tpm2_getcap"));

export interface SoftTpm {
  readonly folder: string;
  readonly socket: string;
  /** One transport after the other; what passes is written down. */
  readonly open: () => Promise<Transport>;
  /** All bytes that passed on the bus, both ways. */
  readonly bus: Uint8Array[];
  /** Power goes at once. */
  cut(): Promise<void>;
  /** Power comes. */
  start(): Promise<void>;
  /** Runs one of tpm2-tools on it; rejects where the tool does not end with 0. */
  tool(name: string, ...args: readonly string[]): Promise<string>;
}

/** Whoever says when it is over: a test's context. */
interface Until {
  after(end: () => Promise<void>): void;
}

/** Running; gone with the test. */
export async function softTpm(t: Until): Promise<SoftTpm> {
  const folder = await mkdtemp(join(tmpdir(), "firn-tpm-"));
  const socket = join(folder, "socket");
  const bus: Uint8Array[] = [];
  let child: ChildProcess | undefined;
  const tpm: SoftTpm = {
    folder,
    socket,
    bus,
    open: async () => recorded(await openTransport(socket), bus),
    async cut() {
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    },
    async start() {
      await rm(socket, { force: true });
      child = spawn(
        "swtpm",
        [
          "socket",
          "--tpm2",
          ...["--tpmstate", `dir=${folder}`],
          ...["--server", `type=unixio,path=${socket}`],
          ...["--flags", "not-need-init,startup-clear"],
          ...["--log", `file=${join(folder, "log")}`],
        ],
        { stdio: "ignore" },
      );
      while (!(await listens(socket))) {
        if (child.exitCode !== null) throw new Error("swtpm ended");
        await sleep(5);
      }
    },
    async tool(name, ...args) {
      const relay = join(import.meta.dirname, "relay.ts");
      const { stdout } = await run(
        name,
        ["-T", `cmd:exec '${process.execPath}' '${relay}' '${socket}'`, ...args],
        {
          cwd: folder,
        },
      );
      return stdout;
    },
  };
  t.after(async () => {
    await tpm.cut();
    await rm(folder, { recursive: true, force: true });
  });
  await tpm.start();
  return tpm;
}

/** It takes one after the other: the next waits until this one is gone. */
async function listens(path: string): Promise<boolean> {
  const socket = connect(path);
  return once(socket, "connect")
    .then(
      () => true,
      () => false,
    )
    .finally(() => socket.destroy());
}

function recorded(io: Transport, bus: Uint8Array[]): Transport {
  return {
    async send(command) {
      bus.push(command.slice());
      const answer = await io.send(command);
      bus.push(answer.slice());
      return answer;
    },
    close: () => io.close(),
  };
}
