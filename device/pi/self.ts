// What Firn finds of its own process: what it can do beside what it needs. Looked at anew each time.
// What cannot be tried from here is said to be so, with what it rests on instead.

import { spawnSync } from "node:child_process";
import { closeSync, constants, existsSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { url } from "node:inspector";
import { join } from "node:path";
import type { Fact } from "../../src/ports.ts";
import { socketFacts } from "./sockets.ts";

export interface SelfPlaces {
  /** /proc/self */
  readonly process: string;
  /** /sys */
  readonly system: string;
  /** Folders in which nothing can be written. */
  readonly shut: readonly string[];
  /** Programs that could be there, and cannot be started. */
  readonly programs: readonly string[];
}

export const SELF: SelfPlaces = {
  process: "/proc/self",
  system: "/sys",
  shut: [
    ...["/", "/boot", "/dev", "/dev/shm", "/etc", "/home", "/mnt", "/root"],
    ...["/run", "/tmp", "/usr", "/usr/lib/firn", "/var", "/var/lib", "/var/tmp"],
  ],
  programs: ["/bin/sh", "/usr/bin/env", "/usr/lib/systemd/systemd", "/usr/bin/gpiomon", "/usr/bin/v4l2-ctl"],
};

export async function selfFacts(places: SelfPlaces = SELF): Promise<Fact[]> {
  const status = fieldsOf(join(places.process, "status"));
  return [
    ...(await socketFacts()),
    packetFact(status),
    bluetoothFact(places.system),
    interfacesFact(places.system),
    ...processFacts(status),
    coreFact(join(places.process, "limits")),
    programsFact(places.programs),
    foldersFact(places.shut),
    debuggerFact(status),
  ];
}

type Status = ReadonlyMap<string, string> | undefined;

// ---------------------------------------------------------------- network

const CAP_NET_RAW = 1n << 13n;

/** Node has no way to ask for one. The kernel gives none without this capability. */
function packetFact(status: Status): Fact {
  const about = { about: "network", label: "PACKET sockets" } as const;
  const held = capability(status, "CapEff");
  const could = capability(status, "CapBnd");
  if (held === undefined || could === undefined)
    return { ...about, found: "cannot be looked at", state: "unknown" };
  if (((held | could) & CAP_NET_RAW) !== 0n)
    return { ...about, found: "this process has, or could get, the right to open them", state: "open" };
  return { ...about, found: "not tried: this process has not the right, and cannot get it", state: "well" };
}

/** Node has no way to ask for one either, and no capability is needed: it rests on the kernel having none to give. */
function bluetoothFact(system: string): Fact {
  const about = { about: "network", label: "BLUETOOTH sockets" } as const;
  const modules = namesIn(join(system, "module"));
  if (modules === undefined) return { ...about, found: "cannot be looked at", state: "unknown" };
  if (modules.includes("bluetooth"))
    return { ...about, found: "not tried, and the kernel has them", state: "unknown" };
  return { ...about, found: "not tried: the kernel has none", state: "well" };
}

function interfacesFact(system: string): Fact {
  const about = { about: "network", label: "Interfaces that Firn sees" } as const;
  const names = namesIn(join(system, "class/net"));
  if (names === undefined) return { ...about, found: "cannot be looked at", state: "unknown" };
  const others = names.filter((name) => name !== "lo");
  if (others.length > 0) return { ...about, found: `${named(others)} beside lo`, state: "open" };
  return { ...about, found: names.length === 0 ? "none" : "only lo", state: "well" };
}

/** The first few; whoever makes an interface may call it anything. */
function named(interfaces: readonly string[]): string {
  const names = interfaces.slice(0, 4).map((name) => (/^[\w.:-]{1,15}$/.test(name) ? name : "one"));
  return names.join(", ") + (interfaces.length > 4 ? " and more" : "");
}

// ---------------------------------------------------------------- process

function processFacts(status: Status): Fact[] {
  const sets = ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"].map((name) => capability(status, name));
  return [
    processFact("System calls", status?.get("Seccomp"), (value) => value === "2", "filtered", "not filtered"),
    processFact(
      "New privileges",
      status?.get("NoNewPrivs"),
      (value) => value === "1",
      "cannot be had",
      "can be had",
    ),
    processFact(
      "Capabilities",
      sets.includes(undefined) ? undefined : sets,
      (value) => value.every((set) => set === 0n),
      "none, and none to be had",
      "some",
    ),
  ];
}

function coreFact(limits: string): Fact {
  const line = textOf(limits)
    ?.split("\n")
    .find((one) => one.startsWith("Max core file size"));
  const [soft, hard] = line?.replace("Max core file size", "").trim().split(/\s+/) ?? [];
  const isOff = () => soft === "0" && hard === "0";
  return processFact("Core dumps", hard, isOff, "off", "on");
}

/** Each is asked for its version alone. A program that is not there proves nothing, and is not counted. */
function programsFact(programs: readonly string[]): Fact {
  const there = programs.filter((path) => existsSync(path));
  const codes = there.map(startCode);
  const started = codes.some((code) => code === undefined || !NOT_STARTED.includes(code));
  const found = there.length === 0 ? "none of those looked for is there" : "cannot be started";
  return processFact("Other programs", started, (value) => !value, found, "can be started");
}

/** No right to it, no call for it, no room for one more process; or Node's own word. */
const NOT_STARTED = ["EACCES", "EPERM", "EAGAIN", "ERR_ACCESS_DENIED"];

function startCode(path: string): string | undefined {
  try {
    const options = { stdio: "ignore", timeout: 200, killSignal: "SIGKILL" } as const;
    return (spawnSync(path, ["--version"], options).error as NodeJS.ErrnoException | undefined)?.code;
  } catch (problem) {
    return (problem as NodeJS.ErrnoException).code;
  }
}

function foldersFact(folders: readonly string[]): Fact {
  const open = folders.filter(isWritable);
  const found = open.length === 0 ? "none of those tried can be written" : "";
  return processFact("Folders beside the home", open, (value) => value.length === 0, found, open.join(", "));
}

function isWritable(folder: string): boolean {
  const path = join(folder, `.firn-${process.pid}`);
  try {
    closeSync(openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600));
  } catch {
    return false;
  }
  rmSync(path, { force: true });
  return true;
}

/** Nobody looks in now, and the signal that would let a debugger in is off: it says no more than that. */
function debuggerFact(status: Status): Fact {
  const shut = status?.get("TracerPid") === "0" && url() === undefined;
  const signal = process.execArgv.includes("--disable-sigusr1");
  return processFact(
    "Debuggers",
    status && { shut, signal },
    (value) => value.shut && value.signal,
    "none is there, and no signal lets one in",
    shut ? "a signal lets one in" : "one is there",
  );
}

function processFact<T>(
  label: string,
  value: T | undefined,
  isWell: (value: T) => boolean,
  well: string,
  open: string,
): Fact {
  const about = { about: "process", label } as const;
  if (value === undefined) return { ...about, found: "cannot be looked at", state: "unknown" };
  return isWell(value) ? { ...about, found: well, state: "well" } : { ...about, found: open, state: "open" };
}

// ---------------------------------------------------------------- what the kernel says

/** "Name:\tvalue", a line each. */
function fieldsOf(path: string): Status {
  const pairs = textOf(path)
    ?.split("\n")
    .map((line) => line.split(":\t", 2) as [string, string]);
  return pairs && new Map(pairs);
}

function capability(status: Status, name: string): bigint | undefined {
  const text = status?.get(name);
  return text !== undefined && /^[0-9a-f]{1,16}$/.test(text) ? BigInt(`0x${text}`) : undefined;
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function namesIn(folder: string): string[] | undefined {
  try {
    return readdirSync(folder);
  } catch {
    return undefined;
  }
}
