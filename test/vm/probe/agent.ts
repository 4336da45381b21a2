// Root inside an emulated machine, for tests alone: reads and writes files, ends processes, plugs a simulated key in.
// One request a line on the port "report", one answer a line.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  createReadStream,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { createInterface } from "node:readline";

export type Order =
  | { readonly act: "read"; readonly path: string }
  | { readonly act: "list"; readonly path: string }
  | { readonly act: "write"; readonly path: string; readonly text: string }
  /** Every process of a unit's. */
  | { readonly act: "kill"; readonly unit: string; readonly signal: string }
  /** Bytes of memory that are a unit's share (PSS). */
  | { readonly act: "memory"; readonly unit: string }
  /** A security key on this machine's own uhid, remembered in a file; it feels a hand all the time. */
  | { readonly act: "plug"; readonly state: string; readonly pin?: string }
  | { readonly act: "unplug" }
  /** A program of the image's; what it said. */
  | { readonly act: "run"; readonly command: readonly [string, ...string[]] };

const PORTS = "/sys/class/virtio-ports";
const AUTHENTICATOR = "/usr/lib/firn-probe/device/sim/authenticator/main.js";

function port(): string | undefined {
  return readdirSync(PORTS).find((name) => readFileSync(`${PORTS}/${name}/name`, "utf8").trim() === "report");
}

function processesOf(unit: string): number[] {
  const file = `/sys/fs/cgroup/system.slice/${unit}/cgroup.procs`;
  return readFileSync(file, "utf8").trim().split("\n").map(Number);
}

function shareOf(pid: number): number {
  const found = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"));
  return Number(found?.[1] ?? 0) * 1024;
}

let key: ChildProcess | undefined;

function obey(order: Order): unknown {
  switch (order.act) {
    case "read":
      return readFileSync(order.path, "utf8");
    case "list":
      return readdirSync(order.path, { withFileTypes: true }).map((entry) =>
        entry.isSymbolicLink()
          ? `${entry.name} -> ${readlinkSync(`${order.path}/${entry.name}`)}`
          : entry.name,
      );
    case "write":
      writeFileSync(order.path, order.text);
      return "";
    case "kill":
      for (const pid of processesOf(order.unit)) process.kill(pid, order.signal);
      return "";
    case "memory":
      return processesOf(order.unit).reduce((sum, pid) => sum + shareOf(pid), 0);
    case "plug":
      key = spawn(
        process.execPath,
        [
          AUTHENTICATOR,
          "--uhid",
          "/dev/uhid",
          "--touched",
          "--state",
          order.state,
          ...(order.pin ? ["--pin", order.pin] : []),
        ],
        { stdio: ["ignore", "ignore", "inherit"] },
      );
      return key.pid;
    case "run": {
      const [program, ...words] = order.command;
      const { stdout, stderr } = spawnSync(program, words, { encoding: "utf8" });
      return stdout + stderr;
    }
    case "unplug":
      key?.kill();
      return "";
  }
}

const name = port();
if (name) {
  // Such a port can be opened once.
  const fd = openSync(`/dev/${name}`, "r+");
  const say = (line: string) => writeSync(fd, `${line}\n`);
  say("ready");
  createInterface({ input: createReadStream("", { fd }) }).on("line", (line) => {
    let answer: unknown;
    try {
      answer = { good: obey(JSON.parse(line) as Order) };
    } catch (problem) {
      answer = { bad: String(problem) };
    }
    say(JSON.stringify(answer));
  });
}
