// A made-up board: its folders, its listening sockets handed over as systemd hands them, and a Firn process between
// an eye and a glass that the test plays.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { says, wordsOf } from "../../device/sim/words.ts";
import { type Channel, streamChannel } from "../../device/wire/channel.ts";
import {
  type FromEye,
  type FromGlass,
  readToEye,
  readToGlass,
  type ToEye,
  type ToGlass,
} from "../../device/wire/lines.ts";
import type { Button, Picture } from "../../src/model.ts";

const ROOT = join(import.meta.dirname, "../..");
export const CAGE = join(import.meta.dirname, "cage.py");
const PATIENCE_MS = 30_000;

/** What a made-up board's files say, by their paths. */
export type Files = Readonly<Record<string, unknown>>;

const WELL: Files = {
  "/etc/firn/device.json": {
    board: "virt-arm64",
    camera: "port",
    screen: "virtio",
    buttons: false,
    tpm: false,
  },
  "/run/firn-machine/facts.json": {
    board: "A made-up board",
    findings: [
      { about: "network", label: "Network interfaces", found: "only lo", state: "well" },
      { about: "root", label: "Root", found: "verified", state: "well" },
    ],
  },
  "/sys/class/net/lo/flags": "0x9\n",
  "/sys/module/kernel/version": "0\n",
  "/run/firn-reply/.keep": "",
  "/run/firn-stick/.keep": "",
  "/run/firn/.keep": "",
  "/var/lib/.keep": "",
};

/** Lays files below a new folder; undefined takes one of the usual ones away. */
export function board(t: TestContext, files: Files = {}): string {
  const at = mkdtempSync(join(tmpdir(), "firn-board-"));
  t.after(() => rmSync(at, { recursive: true, force: true }));
  for (const [path, content] of Object.entries({ ...WELL, ...files }))
    if (content !== undefined) put(at, path, content);
  return at;
}

export function put(at: string, path: string, content: unknown): void {
  mkdirSync(join(at, path, ".."), { recursive: true, mode: 0o755 });
  writeFileSync(join(at, path), typeof content === "string" ? content : JSON.stringify(content), {
    mode: 0o644,
  });
}

/** Where the kernel and this machine can shut a process in as its unit does. */
export function hasCage(): boolean {
  return spawnSync("python3", [CAGE, "true"]).status === 0;
}

/** A socket that listens and that nobody here accepts from. */
async function listening(path: string): Promise<{ readonly fd: number; done(): void }> {
  const server: Server = createServer();
  server.listen(`${path}.made`);
  await once(server, "listening");
  renameSync(`${path}.made`, path);
  const { fd } = (server as unknown as { readonly _handle: { readonly fd: number } })._handle;
  return { fd, done: () => server.close() };
}

export interface Started {
  readonly child: ChildProcess;
  /** Its exit code, or the signal's name, and the last line that it said. */
  readonly ended: Promise<{ readonly code: number | string; readonly said: string }>;
  path(name: string): string;
}

export interface How {
  readonly caged?: boolean;
  /** Changes what systemd would have said. */
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Starts a program with these sockets handed over from descriptor 3 on, in this order. As systemd does, another
 * process keeps each socket too.
 */
export async function start(
  t: TestContext,
  at: string,
  program: string,
  names: readonly string[],
  { caged = false, environment = {} }: How = {},
): Promise<Started> {
  const wires = mkdtempSync(join(at, "wire-"));
  const path = (name: string) => join(wires, `${name}.sock`);
  const sockets = await Promise.all(names.map((name) => listening(path(name))));
  const fds = sockets.map(({ fd }) => fd);
  const keeper = spawn("sleep", ["600"], { stdio: ["ignore", "ignore", "ignore", ...fds] });
  const command = [
    ...(caged ? ["python3", CAGE] : []),
    ...[process.execPath, "--disable-sigusr1", join(ROOT, program), "--under", at],
  ];
  // Before the program is there its number is known to nobody but itself.
  const itself = 'test -n "$LISTEN_PID" || export LISTEN_PID=$$; exec "$@"';
  const said = join(wires, "said");
  const child = spawn("sh", ["-c", itself, "sh", ...command], {
    stdio: ["ignore", "ignore", openSync(said, "w"), ...fds],
    env: {
      ...process.env,
      LISTEN_FDS: String(names.length),
      LISTEN_FDNAMES: names.join(":"),
      ...environment,
    },
  });
  for (const socket of sockets) socket.done();
  t.after(() => {
    child.kill("SIGKILL");
    keeper.kill("SIGKILL");
  });
  return { child, ended: endOf(child, said).finally(() => keeper.kill("SIGKILL")), path };
}

async function endOf(child: ChildProcess, said: string): Promise<{ code: number | string; said: string }> {
  const [code, signal] = await once(child, "close");
  // A test that did not wait for it has taken its folder away.
  if (!existsSync(said)) return { code: code ?? signal, said: "" };
  return { code: code ?? signal, said: readFileSync(said, "utf8").trim().split("\n").at(-1) ?? "" };
}

/** A glass that a test plays: the newest picture, keys, and waiting for what a picture says. */
export class Glass {
  readonly socket: Socket;
  readonly channel: Channel<FromGlass, ToGlass>;
  picture: Picture | undefined;
  ended: string | undefined;
  #changed: (() => void) | undefined;

  constructor(path: string) {
    this.socket = connect(path);
    this.channel = streamChannel(this.socket, this.socket, readToGlass);
    this.channel.onMessage((line) => {
      if (line.t === "show") this.picture = line.picture;
      this.#changed?.();
    });
    this.channel.onEnd((why) => {
      this.ended = why;
      this.#changed?.();
    });
    this.channel.send({ t: "size", columns: 80, rows: 24 });
  }

  async see(text: string): Promise<Picture> {
    const picture = await this.until((shown) => shown !== undefined && says(wordsOf(shown), text), text);
    return picture!;
  }

  async until(holds: (picture: Picture | undefined) => boolean, what: string): Promise<Picture | undefined> {
    const late = Date.now() + PATIENCE_MS;
    while (!holds(this.picture)) {
      if (this.ended !== undefined || Date.now() > late)
        throw new Error(
          `expected ${what}; ${this.ended ?? "shown"}: ${this.picture ? wordsOf(this.picture) : "nothing"}`,
        );
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 500);
        this.#changed = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return this.picture;
  }

  press(button: Button): void {
    this.channel.send({ t: "press", button });
  }

  type(text: string): void {
    for (const char of text) this.channel.send({ t: "char", char });
  }

  async pick(label: string): Promise<void> {
    const wanted = (shown: Picture | undefined) => cursorOf(shown, label);
    await this.until((shown) => wanted(shown) !== undefined, `a list with ${label}`);
    for (let steps = wanted(this.picture)!; steps !== 0; steps = wanted(this.picture)!) {
      const before = steps;
      this.press(steps > 0 ? "down" : "up");
      await this.until((shown) => wanted(shown) !== before, "the cursor to move");
    }
    this.press("ok");
  }

  /** Reads on to the last page. */
  async page(): Promise<void> {
    for (;;) {
      const { page } = this.picture!;
      if (!page || page.index + 1 >= page.count) return;
      this.press("down");
      await this.until((shown) => shown?.page?.index === page.index + 1, "the next page");
    }
  }
}

/** How many steps down it is to an item; undefined where there is none that is, or begins with, this. */
function cursorOf(picture: Picture | undefined, label: string): number | undefined {
  const list = picture?.blocks.find((block) => block.kind === "list");
  const at = list?.items.findIndex((item) => item.trim().startsWith(label)) ?? -1;
  return list === undefined || at < 0 ? undefined : at - list.cursor;
}

/** An eye that sees nothing and keeps what it was told. */
export class Eye {
  readonly socket: Socket;
  readonly channel: Channel<FromEye, ToEye>;
  readonly told: ToEye[] = [];
  ended: string | undefined;

  constructor(path: string) {
    this.socket = connect(path);
    this.channel = streamChannel(this.socket, this.socket, readToEye);
    this.channel.onMessage((line) => this.told.push(line));
    this.channel.onEnd((why) => {
      this.ended = why;
    });
  }
}
