// npm run install-firn: sets Firn up on an existing Raspberry Pi OS Lite, or takes it away again. It writes files and
// nothing else: what they say holds from the next start.

import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { buildApp } from "./image/app.ts";
import { BuildError, checkTools, say, toolsFor } from "./image/run.ts";
import { type Numbers, numbersFor } from "./install/accounts.ts";
import { apply, foldersFor, plan, type Todo, undo } from "./install/changes.ts";
import { takeBack } from "./install/edits.ts";
import { changesFor } from "./install/list.ts";
import { networkDrivers, unitsToMask } from "./install/network.ts";
import { type Asked, readOptions, USAGE } from "./install/options.ts";
import { erase, give } from "./install/place.ts";
import { EMPTY, RECORD, type Record, readRecord, STATE } from "./install/record.ts";
import { checkSystem, notes } from "./install/system.ts";

const HOME = "var/lib/firn";

/** What the installer meets besides files. */
export interface World {
  readonly say: (text: string) => void;
  readonly ask: (question: string) => Promise<string>;
  /** Lays the app and its Node below a folder. */
  readonly build: (out: string) => Promise<void>;
}

/** Resolves with the exit code. */
export async function install(args: readonly string[], world: World): Promise<number> {
  try {
    const asked = readOptions(args);
    if (asked === "help") world.say(USAGE);
    else if (asked.act === "remove") await remove(asked, world);
    else await setUp(asked, world);
    return 0;
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

async function setUp(asked: Asked & { act: "plan" | "apply" }, world: World): Promise<void> {
  const { root, board, chosen, kernel } = asked;
  const record = readRecord(root);
  checkSystem(root, board, chosen, kernel);
  const work = mkdtempSync(join("/var/tmp", "firn-install-"));
  try {
    const numbers = numbersOf(root, record);
    const app = join(work, "app");
    await world.build(app);
    const changes = changesFor({ root, board, chosen, kernel, numbers, app, work });
    const todos = plan(root, record, changes);
    tell(asked, todos, world);
    if (asked.act === "plan") return;
    await agree(asked, "From the next start on there is no network, no ssh and no login.", world);
    const folders = foldersFor(root, [...changes.map(({ path }) => path), `${HOME}/.`]);
    apply(root, record, todos, folders);
    makeHome(root, numbers.firn!);
    world.say("Done. At its next start this machine is Firn; docs/install.md says how to get back.");
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function numbersOf(root: string, record: Record): Numbers {
  const files = ["passwd", "group"].map((name) => {
    const text = readFileSync(join(root, "etc", name), "latin1");
    const steps = record.entries[`etc/${name}`]?.ours.at(-1)?.steps ?? [];
    return { known: steps.length === 0 ? "" : text, own: takeBack(text, steps, "\n") };
  });
  const [passwd, group] = files as [(typeof files)[0], (typeof files)[0]];
  return numbersFor({ passwd: passwd.own, group: group.own }, { passwd: passwd.known, group: group.known });
}

function makeHome(root: string, firn: number): void {
  const home = join(root, HOME);
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const { uid, gid } = lstatSync(home);
  give(home, { mode: 0o700, ...(process.getuid?.() === 0 ? { uid: firn, gid: firn } : { uid, gid }) });
}

function tell({ root }: Asked, todos: readonly Todo[], { say }: World): void {
  for (const { verb, path } of todos) say(`${verb.padEnd(10)} /${path}`);
  say(`\nNo longer started: ${unitsToMask(root).join(" ")}`);
  say(`No longer loaded: ${networkDrivers(root).length} drivers (/usr/lib/modprobe.d/firn.conf lists them)`);
  say("Switched off in the device trees: what is soldered on and could carry a word away. Swap is off.");
  say("What stays: the system's programs and files, its package manager, its users; none is started.");
  for (const note of notes(root)) say(note);
}

async function agree({ yes }: Asked, question: string, { ask }: World): Promise<void> {
  if (yes) return;
  const answer = await ask(`${question} Type yes: `);
  if (answer.trim() !== "yes") throw new BuildError("Nothing was changed.");
}

async function remove(asked: Asked, world: World): Promise<void> {
  const { root } = asked;
  const record = readRecord(root);
  if (record === EMPTY) throw new BuildError("Firn's installer has no record of anything here.");
  const paths = Object.keys(record.entries).reverse();
  for (const path of paths) world.say(`${"taken back".padEnd(10)} /${path}`);
  await agree(asked, "All of this is put back as it was.", world);
  const left = paths.flatMap((path) => undo(root, path, record.entries[path]!) ?? []);
  const copies = Object.values(record.entries).some((entry) => entry.copies.length > 0);
  for (const folder of [...record.folders].reverse()) removeIfEmpty(join(root, folder));
  erase(root, RECORD);
  if (left.length === 0 && !copies) rmSync(join(root, STATE), { recursive: true, force: true });
  else left.push(`/${STATE}/kept has copies of files as they were`);
  if (lstatSync(join(root, HOME), { throwIfNoEntry: false }) !== undefined)
    left.push(`/${HOME} has keys, wallets and journal: erase it yourself when they are not needed`);
  for (const one of left) world.say(one);
  world.say("Firn is taken away. The next start is the system's own.");
}

function removeIfEmpty(folder: string): void {
  const kind = lstatSync(folder, { throwIfNoEntry: false });
  if (kind?.isDirectory() && readdirSync(folder).length === 0) rmdirSync(folder);
}

/** Compilers, and the editor of device trees. */
const TOOLS = /(g\+\+|strip)$|^fdtput$/;

async function build(out: string): Promise<void> {
  const tools = Object.entries(toolsFor("arm64")).filter(([name]) => TOOLS.test(name));
  checkTools("arm64", Object.fromEntries(tools));
  say("building Firn for this machine");
  await buildApp({ arch: "arm64", out, cache: join(out, "../cache") });
}

async function ask(question: string): Promise<string> {
  if (!process.stdin.isTTY) throw new BuildError("Nobody can be asked here: --yes says that you agree.");
  const line = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await line.question(question);
  } finally {
    line.close();
  }
}

if (process.argv[1] === import.meta.filename)
  process.exitCode = await install(process.argv.slice(2), { say, ask, build });
