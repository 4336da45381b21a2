// From process start to the PIN screen, and memory while scanning: the whole appliance, in a terminal of its
// own, measured from outside in /proc. From TypeScript, as at the first start on a laptop; from the code that is
// kept, as at every later one; and from stripped files, as in an image.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PHRASES } from "../bitcoin/build.ts";

const ROOT = join(import.meta.dirname, "../..");
const PIN = "135791";
const ROUNDS = 3;
const CPU_MS = { typescript: 2000, kept: 2000, stripped: 1200 };
const PSS_MB = 220;
/** Fewer than the code has: the eye scans on for as long as anyone looks. */
const PICTURES = 3;
const SCAN_MS = 8000;
/** What a screen has not shown by then it will not show. */
const LATE_MS = 60_000;
const PARTS = ["firn", "eye", "glass"] as const;
type Part = (typeof PARTS)[number];

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);

// ---------------------------------------------------------------- files

/** The same files, stripped by Node itself: names end in .js, nothing else differs. */
function strip(to: string): void {
  for (const folder of ["src", "device", "scripts"])
    for (const name of readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })) {
      const file = join(folder, name);
      if (!name.endsWith(".ts") || name.endsWith(".d.ts")) continue;
      const code = stripTypeScriptTypes(readFileSync(join(ROOT, file), "utf8"));
      mkdirSync(join(to, file, ".."), { recursive: true });
      writeFileSync(join(to, file.replace(/ts$/, "js")), code.replace(/("\.{1,2}\/[^"\n]*)\.ts"/g, '$1.js"'));
    }
  cpSync(join(ROOT, "package.json"), join(to, "package.json"));
  symlinkSync(join(ROOT, "node_modules"), join(to, "node_modules"));
}

interface Setting {
  /** A copy of Node: pages of it that other programs have in use would be counted as shared with them. */
  readonly node: string;
  /** With keys in it. */
  readonly home: string;
  /** A folder of pictures that never make a whole message. */
  readonly camera: string;
  /** Compiled code is neither read nor kept. */
  readonly bare: boolean;
}

function prepare(folder: string): Setting {
  const node = join(folder, "node");
  cpSync(process.execPath, node);
  const home = join(folder, "home");
  const names = { PIN, WORDS: PHRASES[0], NETWORK: "regtest" };
  const set = Object.entries(names).flatMap(([name, value]) => ["--set", `${name}=${value}`]);
  const script = join(ROOT, "docs/sessions/setup.txt");
  execFileSync(process.execPath, [join(ROOT, "scripts/start.ts"), "--home", home, "--play", script, ...set], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const camera = join(folder, "camera");
  mkdirSync(camera);
  const pictures = join(ROOT, "scripts/demo/transaction");
  for (const name of readdirSync(pictures).toSorted().slice(0, PICTURES))
    cpSync(join(pictures, name), join(camera, name));
  return { node, home, camera, bare: true };
}

/** Node, and what npm start has it do first. */
function command({ node, bare }: Setting, program: string): readonly string[] {
  const first = bare ? [] : ["--require", join(ROOT, "scripts/check-node.cjs")];
  return [...(bare ? ["env", "NODE_DISABLE_COMPILE_CACHE=1"] : []), node, ...first, program];
}

// ---------------------------------------------------------------- processes, from outside

interface Process {
  readonly pid: number;
  readonly parent: number;
  /** User and system time of all its threads. */
  readonly cpuMs: number;
}

const TICKS_A_SECOND = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));

function processes(): Process[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      // After the name, which may hold anything, the fields are numbers: proc_pid_stat(5).
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      const ticks = Number(fields[11]) + Number(fields[12]);
      return [{ pid: Number(name), parent: Number(fields[1]), cpuMs: (ticks * 1000) / TICKS_A_SECOND }];
    } catch {
      return [];
    }
  });
}

/** The three, each by what it was started with; those that run so far. */
function three(launcher: number): Partial<Record<Part, Process>> {
  const found: Partial<Record<Part, Process>> = {};
  for (const one of processes().filter(({ parent }) => parent === launcher)) {
    const words = readFileSync(`/proc/${one.pid}/cmdline`, "utf8");
    const part = PARTS.find((name) => new RegExp(`/(sim/${name}|${name}/main)\\.[jt]s\\0`).test(words));
    if (part) found[part] = one;
  }
  return found;
}

/** Memory that is theirs, and their share of what they have in common. */
function pssMB(pids: readonly number[]): number {
  return sum(
    pids.map((pid) => {
      const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
      return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)![1]) / 1024;
    }),
  );
}

// ---------------------------------------------------------------- one start

interface Terminal {
  readonly child: ChildProcess;
  /** Waits until the screen has shown this text since the last key. */
  seen(text: string): Promise<void>;
  type(keys: string): void;
}

/** A terminal of 80×24 by script(1), so that the glass draws as it does for a person. */
function openTerminal(...command: readonly string[]): Terminal {
  const line = `stty rows 24 cols 80; exec ${command.join(" ")}`;
  const child = spawn("script", ["-qfec", line, "/dev/null"], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, TERM: "xterm-256color" },
  });
  let shown = "";
  let check = () => {};
  child.stdout!.on("data", (chunk: Buffer) => {
    shown += chunk.toString("utf8");
    check();
  });
  return {
    child,
    seen: (text) =>
      new Promise((resolve, reject) => {
        const never = () => reject(new Error(`"${text}" was not shown:\n${shown}`));
        const late = setTimeout(never, LATE_MS);
        child.once("exit", never);
        check = () => {
          if (!shown.includes(text)) return;
          clearTimeout(late);
          resolve();
        };
        check();
      }),
    type(keys) {
      shown = "";
      child.stdin!.write(keys);
    },
  };
}

function launcherOf(terminal: ChildProcess): number {
  return processes().find(({ parent }) => parent === terminal.pid)!.pid;
}

type Started = Record<Part | "launcher", number>;

/** CPU ms until all is quiet behind the PIN screen. */
async function startUp(program: string, setting: Setting): Promise<Started> {
  const terminal = openTerminal(...command(setting, program), "--home", setting.home);
  try {
    await terminal.seen("Unlock");
    const launcher = launcherOf(terminal.child);
    let before = -1;
    for (;;) {
      const parts = three(launcher);
      const total = sum(Object.values(parts).map(({ cpuMs }) => cpuMs));
      if (total === before && Object.keys(parts).length === PARTS.length) {
        const own = processes().find(({ pid }) => pid === launcher)!;
        const of = (part: Part) => parts[part]!.cpuMs;
        return { firn: of("firn"), eye: of("eye"), glass: of("glass"), launcher: own.cpuMs };
      }
      before = total;
      await pause(400);
    }
  } finally {
    await ended(terminal);
  }
}

async function ended({ child, type }: Terminal): Promise<void> {
  if (child.exitCode !== null) return;
  const over = new Promise((resolve) => child.once("exit", resolve));
  type("\u0003");
  await over;
}

interface Memory {
  /** The highest, of the three together. */
  readonly mb: number;
  readonly launcherMB: number;
  readonly parts: Record<Part, number>;
}

/** Unlocked, and looking for a transaction in the pictures. */
async function scanning(program: string, setting: Setting): Promise<Memory> {
  const { home, camera } = setting;
  const terminal = openTerminal(...command(setting, program), "--home", home, "--camera", camera);
  try {
    await terminal.seen("Unlock");
    terminal.type(`${PIN}\r`);
    await terminal.seen("Journal");
    terminal.type("\r");
    await terminal.seen(" parts (");
    const launcher = launcherOf(terminal.child);
    const parts = three(launcher);
    const pids = PARTS.map((part) => parts[part]!.pid);
    let most: Memory | undefined;
    for (const until = performance.now() + SCAN_MS; performance.now() < until; await pause(100)) {
      const mb = pssMB(pids);
      if (most !== undefined && mb <= most.mb) continue;
      const [firn, eye, glass] = pids.map((pid) => pssMB([pid]));
      most = { mb, launcherMB: pssMB([launcher]), parts: { firn: firn!, eye: eye!, glass: glass! } };
    }
    return most!;
  } finally {
    await ended(terminal);
  }
}

// ---------------------------------------------------------------- figures

const met = (value: number, most: number): string => `${value < most ? "ok" : "MISSED"} (< ${most})`;

async function measure(name: keyof typeof CPU_MS, program: string, setting: Setting): Promise<void> {
  const rounds: Started[] = [];
  for (let i = 0; i < ROUNDS; i++) rounds.push(await startUp(program, setting));
  const total = ({ firn, eye, glass }: Started): number => firn + eye + glass;
  const best = rounds.reduce((least, one) => (total(one) < total(least) ? one : least));
  const parts = PARTS.map((part) => `${part} ${best[part].toFixed(0)}`).join(" + ");
  const cpu = `${total(best).toFixed(0)} ms of CPU (${parts}; launcher ${best.launcher.toFixed(0)})`;
  console.log(`  ${name.padEnd(10)} to the PIN screen: ${cpu}  ${met(total(best), CPU_MS[name])}`);
  const { mb, launcherMB, parts: of } = await scanning(program, setting);
  const shares = PARTS.map((part) => `${part} ${of[part].toFixed(0)}`).join(" + ");
  const all = `${mb.toFixed(0)} MB (${shares}; launcher ${launcherMB.toFixed(0)})`;
  console.log(`  ${name.padEnd(10)} scanning, PSS at most: ${all}  ${met(mb, PSS_MB)}`);
}

export async function run(): Promise<void> {
  console.log(`start: all three processes, best of ${ROUNDS}`);
  const folder = mkdtempSync(join(tmpdir(), "firn-bench-"));
  try {
    const setting = prepare(folder);
    await measure("typescript", join(ROOT, "scripts/start.ts"), setting);
    await measure("kept", join(ROOT, "scripts/start.ts"), { ...setting, bare: false });
    const stripped = join(folder, "stripped");
    strip(stripped);
    await measure("stripped", join(stripped, "scripts/start.js"), setting);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (import.meta.main) await run();
