// One emulated machine: started from an image's files with copies of its own of all that it can write, driven and
// looked at from outside, ended with the test. Never KVM: what a host claims to offer is not always there.

import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:fs";
import { copyFile, cp, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Camera, openCamera } from "./camera.ts";
import { commandOf, QEMU, TPM_WAY } from "./command.ts";
import { type Font, readFont } from "./font.ts";
import type { Image } from "./image.ts";
import { type Lines, openLines } from "./lines.ts";
import { expectOne } from "./links.ts";
import { openQmp, type Qmp } from "./qmp.ts";
import { type Pixels, readPpm, textOf } from "./screen.ts";
import { DIES_WITH_ME, startTpm, type Tpm } from "./tpm.ts";

/** What a machine remembers without power; and, while it is saved, with it. */
export interface Kept {
  /** A card's image. */
  readonly data?: string;
  /** A folder. */
  readonly tpm?: string;
  /** Memory and devices as they were. */
  readonly state?: string;
}

export interface MachineOptions {
  readonly image: Image;
  /** What it begins with; never changed. Default: the image's empty data, a TPM from the factory. */
  readonly kept?: Kept;
  readonly without?: readonly ("camera" | "tpm" | "data" | "display" | "keyboard")[];
  readonly dataReadOnly?: boolean;
  /** Another root than the image's. */
  readonly root?: string;
  /** A port by which a probe tells what it found. */
  readonly report?: boolean;
  /** Further words of the kernel's command line. */
  readonly words?: readonly string[];
}

export interface Ended {
  /** As QEMU says it: "guest-shutdown", "guest-reset", "guest-panic", "host-qmp-quit"; absent where it was killed. */
  readonly reason?: string;
}

export interface Machine {
  readonly image: Image;
  readonly qmp: Qmp;
  readonly camera: Camera;
  readonly lines: Lines;
  /** What the kernel said on the serial line so far. */
  serial(): string;
  /** What a probe reported so far. */
  reported(): string;
  /** Something for a probe. */
  tell(words: string): void;
  look(): Promise<Pixels>;
  text(): Promise<readonly string[]>;
  /** When it is off, however that came. */
  readonly ended: Promise<Ended>;
  readonly on: () => boolean;
  /** Power goes at once. What it remembers is `kept` from then on. */
  cut(): Promise<Kept>;
  /** Stops it, and keeps everything under `folder`: machines that go on from there are quickly started. */
  save(folder: string): Promise<Kept>;
  /** CPU seconds that the emulator has used. */
  cpuSeconds(): Promise<number>;
}

/** Whoever says when it is over: a test's context. */
export interface Until {
  after(end: () => Promise<void>): void;
}

export async function startMachine(t: Until, options: MachineOptions): Promise<Machine> {
  const folder = await mkdtemp(join(tmpdir(), "firn-vm-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const { image, kept = {}, without = [] } = options;
  const data = without.includes("data") ? undefined : join(folder, "data.img");
  if (data) await copyFile(kept.data ?? image.data, data, constants.COPYFILE_FICLONE);
  const tpmState = join(folder, "tpm-state");
  if (kept.tpm) await cp(kept.tpm, tpmState, { recursive: true });
  else await mkdir(tpmState);
  const tpm = without.includes("tpm") ? undefined : await startTpm(TPM_WAY[image.arch], tpmState, folder);
  if (tpm) t.after(() => tpm.end());
  const parts = { folder, ...(data ? { data } : {}), ...(tpm ? { tpm: tpm.socket } : {}) };
  const running = await run(t, options, parts);
  return machineOf(running, { ...(data ? { data } : {}), ...(tpm ? { tpm: tpmState } : {}) }, tpm);
}

interface Running {
  readonly options: MachineOptions;
  readonly folder: string;
  readonly child: ChildProcess;
  readonly qmp: Qmp;
  readonly camera: Camera;
  readonly lines: Lines | undefined;
  readonly serial: () => string;
  readonly reported: () => string;
  readonly tell: (words: string) => void;
  readonly ended: Promise<Ended>;
}

async function run(
  t: Until,
  options: MachineOptions,
  parts: { readonly folder: string; readonly data?: string; readonly tpm?: string },
): Promise<Running> {
  const { image, without = [], kept } = options;
  const { folder } = parts;
  const report = options.report === true;
  const names = ["qmp", "qtest", "serial", ...(report ? ["report"] : [])];
  const expected = await Promise.all(names.map((name) => expectOne(join(folder, name))));
  const { arch, kernel, initrd } = image;
  const words = [image.words, ...(options.words ?? [])].join(" ");
  const command = commandOf({
    ...{ arch, kernel, initrd, words, report, ...parts },
    root: options.root ?? image.root,
    dataReadOnly: options.dataReadOnly === true,
    camera: !without.includes("camera"),
    display: !without.includes("display"),
    keyboard: !without.includes("keyboard"),
    ...(kept?.state ? { state: kept.state } : {}),
  });
  const child = spawn("setpriv", [...DIES_WITH_ME, QEMU[arch], ...command], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let complaint = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    complaint += chunk.toString("utf8");
  });
  let reason: string | undefined;
  const ended = new Promise<Ended>((resolve) => {
    child.on("error", (problem) => {
      complaint += problem.message;
    });
    child.on("close", () => {
      for (const one of expected) one.close();
      resolve(reason === undefined ? {} : { reason });
    });
  });
  t.after(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  const sockets = await Promise.all(expected.map(({ socket }) => socket)).catch(() => {
    throw new Error(`QEMU did not start: ${complaint}`);
  });
  const [serial, reported] = [heard(sockets[2]!), report ? heard(sockets[3]!) : () => ""];
  const tell = (words: string) => sockets[3]?.write(words);
  const qmp = await openQmp(sockets[0]!);
  qmp.onEvent(({ event, data }) => {
    if (event === "SHUTDOWN") reason = String(data?.reason);
  });
  const camera = without.includes("camera")
    ? { show: () => undefined, pace: () => undefined, sent: () => 0, close: () => undefined }
    : await openCamera(join(folder, "camera"), qmp, image.camera);
  const lines = arch === "arm64" ? await openLines(sockets[1]!, qmp) : undefined;
  if (kept?.state) await arrived(qmp);
  await qmp.run("cont");
  return { options, folder, child, qmp, camera, lines, serial, reported, tell, ended };
}

function heard(socket: Socket): () => string {
  let all = "";
  socket.setEncoding("utf8");
  socket.on("data", (chunk: string) => {
    all += chunk;
  });
  return () => all;
}

/** The saved state is in. */
async function arrived(qmp: Qmp): Promise<void> {
  for (;;) {
    const { status } = await qmp.run<{ readonly status: string }>("query-status");
    if (status !== "inmigrate") return;
    await sleep(10);
  }
}

function machineOf(running: Running, kept: Kept, tpm: Tpm | undefined): Machine {
  const { options, folder, child, qmp, camera, lines, ended } = running;
  const { image } = options;
  let font: Promise<Font> | undefined;
  let dumps = 0;
  const look = async (): Promise<Pixels> => {
    const file = join(folder, `screen-${++dumps}.ppm`);
    await qmp.run("screendump", { filename: file });
    const pixels = readPpm(await readFile(file));
    await rm(file);
    return pixels;
  };
  const off = async () => {
    camera.close();
    child.kill("SIGKILL");
    await ended;
    await tpm?.end();
  };
  return {
    image,
    qmp,
    camera,
    lines: lines ?? { set: () => Promise.reject(new Error("this machine has no lines")) },
    serial: running.serial,
    reported: running.reported,
    tell: running.tell,
    look,
    async text() {
      font ??= image.font().then(readFont);
      return textOf(await look(), await font);
    },
    ended,
    on: () => child.exitCode === null && child.signalCode === null,
    async cut() {
      await off();
      return kept;
    },
    async save(to) {
      await mkdir(to, { recursive: true });
      const state = join(to, "state");
      await qmp.run("stop");
      await qmp.run("migrate", { uri: `exec:zstd -q -1 -f -o '${state}'` });
      await migrated(qmp);
      const data = join(to, "data.img");
      if (kept.data) await copyFile(kept.data, data, constants.COPYFILE_FICLONE);
      if (kept.tpm) await cp(kept.tpm, join(to, "tpm"), { recursive: true });
      await off();
      return { state, ...(kept.data ? { data } : {}), ...(kept.tpm ? { tpm: join(to, "tpm") } : {}) };
    },
    async cpuSeconds() {
      const fields = (await readFile(`/proc/${child.pid}/stat`, "utf8")).split(") ")[1]!.split(" ");
      return (Number(fields[11]) + Number(fields[12])) / 100;
    },
  };
}

async function migrated(qmp: Qmp): Promise<void> {
  for (;;) {
    const { status } = await qmp.run<{ readonly status?: string }>("query-migrate");
    if (status === "completed") return;
    if (status === "failed") throw new Error("QEMU could not save its state");
    await sleep(20);
  }
}
