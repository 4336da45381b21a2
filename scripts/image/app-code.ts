// Code that V8 compiled when the tree was built, so that no start compiles it again: Node's own compile cache, made by
// the machine's very Node, for each program whose unit names a folder for it.
//
// The same sources give the same bytes. Three things would spoil that: V8 seeds its hashes with chance, and they stand
// in the code; padding that nothing reads holds whatever was in memory before, unless that memory is fresh; and the
// names of files stand in the code. So a fixed seed is given, and a heap so large that nothing in it is used twice; and
// the files are reached by /proc/self/cwd, wherever the tree lies.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import { basename, join } from "node:path";
import { type Arch, NODE_ARCH } from "./app-node.ts";
import type { Start } from "./app-units.ts";

/** Options of V8 while it compiles, and what they are where nobody names them. */
const SETTINGS: Readonly<Record<string, readonly [number, number]>> = {
  "hash-seed": [1, 0],
  "min-semi-space-size": [128, 0],
  "max-semi-space-size": [256, 0],
  "initial-old-space-size": [1024, 0],
};
const WHILE = Object.entries(SETTINGS).map(([name, [fixed]]) => `--${name}=${fixed}`);
const AFTER = Object.entries(SETTINGS).map(([name, [, usual]]) => `--${name}=${usual}`);

/**
 * What a Node runs to fill the folder. The cache is opened only when the options are back where the units leave them:
 * V8 takes no code that was compiled with others. portable: a module is known by how it lies to the folder.
 */
const script = (folder: string, modules: readonly string[]) => `
  import { enableCompileCache } from "node:module";
  import { setFlagsFromString } from "node:v8";
  for (const option of ${JSON.stringify(AFTER)}) setFlagsFromString(option);
  enableCompileCache({ directory: "/proc/self/cwd/${folder}", portable: true });
  for (const path of ${JSON.stringify(modules)}) await import("/proc/self/cwd/" + path);
`;

const MACHINE: Readonly<Record<Arch, string>> = { arm64: "aarch64", amd64: "x86_64" };

/** Node of that kind of machine on this one: itself, or in QEMU's user mode with the cross compiler's libraries. */
export function commandFor(arch: Arch, node: string): readonly [string, ...string[]] {
  if (NODE_ARCH[arch] === process.arch) return [node];
  const machine = MACHINE[arch];
  return [`qemu-${machine}-static`, "-L", `/usr/${machine}-linux-gnu`, node];
}

export interface CompileOptions {
  readonly arch: Arch;
  /** The machine's Node and its app, as they stand here. */
  readonly node: string;
  readonly app: string;
  /** How the unit starts the program. */
  readonly start: Start;
  /** What the program loads, as far as it can be loaded without beginning anything. */
  readonly modules: readonly string[];
  readonly uid: number;
  /** What was compiled stays here for the next build. */
  readonly cache: string;
}

/** Path below the app → bytes. Node looks for what belongs to its version, its options and its user. */
export function compiledCode(options: CompileOptions): ReadonlyMap<string, Uint8Array> {
  const { start, uid, cache } = options;
  const kept = join(cache, `compiled-${digestOf(options)}`);
  if (!existsSync(kept)) keep(options, kept);
  const made = readdirSync(kept)[0]!;
  const folder = join(start.compiled!, made.replace(/-\d+$/, `-${uid}`));
  const names = readdirSync(join(kept, made));
  return new Map(names.map((name) => [join(folder, name), readFileSync(join(kept, made, name))]));
}

/** All that the compiled code depends on. */
function digestOf({ node, app, start, modules }: CompileOptions): string {
  const digest = createHash("sha256").update(JSON.stringify([WHILE, start.options, modules]));
  for (const file of [node, ...modules.map((path) => join(app, path))])
    digest.update(createHash("sha256").update(readFileSync(file)).digest());
  return digest.update(script("", [])).digest("hex").slice(0, 32);
}

function keep({ arch, node, app, start, modules, cache }: CompileOptions, kept: string): void {
  // As deep in the app as the folder will be that the units name.
  const within = mkdtempSync(join(app, "compiled-"));
  try {
    const [command, ...before] = commandFor(arch, node);
    const rest = ["--input-type=module", "--eval", script(basename(within), modules)];
    execFileSync(command, [...before, ...WHILE, ...start.options, ...rest], {
      cwd: app,
      env: {},
      stdio: ["ignore", "ignore", "pipe"],
    });
    mkdirSync(cache, { recursive: true });
    const part = mkdtempSync(`${kept}.part-`);
    cpSync(within, part, { recursive: true });
    // Another build may have been faster: what it kept is the same.
    if (existsSync(kept)) rmSync(part, { recursive: true });
    else renameSync(part, kept);
  } finally {
    rmSync(within, { recursive: true });
  }
}
