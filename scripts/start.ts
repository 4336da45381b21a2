// npm start: the appliance in this terminal, or a session script in a person's place.

import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { claimHome } from "../device/disk/home.ts";
import { anyPicture, picturesAt } from "../device/eye/files.ts";
import { type LaunchOptions, launch, type Outcome } from "../device/sim/launch.ts";
import { playHome } from "../device/sim/played.ts";
import { parseSession, ScriptError } from "../device/sim/session.ts";
import { NETWORKS } from "../src/model.ts";
import { REFUSALS, Refusal } from "../src/refusal.ts";

const USAGE = `npm start -- [--home DIR] [--camera PATH] [--network NAME] [--size CxR] [--tpm PATH]
                [--stick DIR]
npm start -- [--home DIR] [--network NAME] [--size CxR] [--tpm PATH] [--stick DIR] [--buttons] --play FILE
                [--set NAME=VALUE …]
  --home DIR         where the appliance keeps its state; else FIRN_HOME, else ~/.firn
  --camera PATH      a picture (PNG, JPEG, PGM) or a folder of them, shown to the camera
  --network NAME     ${NETWORKS.join(", ")}: asked for at the first start
  --size CxR         columns and rows of the screen, 40x15 or more
  --tpm PATH         /dev/tpmrm0, or swtpm's socket: gives this TPM to Firn alone, which sets its lockout
                     secret; a wiped home clears it, with all that others keep in it
  --stick DIR        a folder that stands for a stick: transactions, wallets and backups are read from it
                     and written to it
  --play FILE        a session script (docs/session-language.md); exit code 0 if all of it held
  --set NAME=VALUE   what $NAME stands for in it
  --buttons          the played machine has buttons that Firn reads itself, and \`hold\` holds them
  --help             prints this`;

interface Wish {
  readonly launch: LaunchOptions;
  readonly play?: { readonly file: string; readonly names: ReadonlyMap<string, string> };
}

class WrongUse extends Error {}

const outcome = await run(process.argv.slice(2));
if (outcome.line !== "") process.stderr.write(`${outcome.line}\n`);
process.exitCode = outcome.code;

async function run(args: readonly string[]): Promise<Outcome> {
  if (args.includes("--help")) {
    process.stdout.write(`${USAGE}\n`);
    return { code: 0, line: "" };
  }
  try {
    const wish = await read(args);
    return await perform(wish).catch((problem: unknown) => told(problem, wish.launch.home));
  } catch (problem) {
    if (problem instanceof WrongUse) return { code: 2, line: `${problem.message}\n\n${USAGE}` };
    throw problem;
  }
}

/** What stands between a person and the home is said with the home's place. */
function told(problem: unknown, home: string): Outcome {
  if (!(problem instanceof Refusal)) throw problem;
  return { code: 4, line: `${wordsOf(problem)}\nThe home is ${home}` };
}

async function perform(wish: Wish): Promise<Outcome> {
  if (wish.play) return await play(wish.launch, wish.play);
  if (process.stdin.isTTY && process.stdout.isTTY) return await show(wish.launch);
  const { demo } = await import("./demo.ts");
  return { code: (await demo()) ?? 0, line: "" };
}

async function read(args: readonly string[]): Promise<Wish> {
  const values = options(args);
  const network = NETWORKS.find((known) => known === values.network);
  if (values.network !== undefined && network === undefined)
    throw new WrongUse(`--network is one of ${NETWORKS.join(", ")}`);
  const { camera } = values;
  if (camera !== undefined && !(await anyPicture(await picturesAt(camera))))
    throw new WrongUse(`--camera: there is no picture at ${camera}`);
  if (camera !== undefined && values.play !== undefined)
    throw new WrongUse("--camera: a script shows its pictures by `camera PATH`");
  for (const name of ["set", "buttons"] as const)
    if (values[name] && values.play === undefined) throw new WrongUse(`--${name} goes with --play`);
  const launch: LaunchOptions = {
    home: resolve(values.home ?? process.env.FIRN_HOME ?? join(homedir(), ".firn")),
    ...(camera === undefined ? {} : { camera: resolve(camera) }),
    ...(network ? { network } : {}),
    ...(values.size === undefined ? {} : { size: sizeOf(values.size) }),
    ...(values.tpm === undefined ? {} : { tpm: resolve(values.tpm) }),
    ...(values.stick === undefined ? {} : { stick: resolve(values.stick) }),
    ...(values.buttons ? { buttons: true } : {}),
  };
  const names = new Map((values.set ?? []).map(nameAndValue));
  return { launch, ...(values.play === undefined ? {} : { play: { file: values.play, names } }) };
}

function options(args: readonly string[]) {
  const text = { type: "string" } as const;
  const many = { type: "string", multiple: true } as const;
  const where = { home: text, camera: text, tpm: text, stick: text, play: text };
  const known = { ...where, network: text, size: text, set: many, buttons: { type: "boolean" } as const };
  try {
    return parseArgs({ args: [...args], options: known }).values;
  } catch (problem) {
    throw new WrongUse(problem instanceof Error ? problem.message : String(problem));
  }
}

function sizeOf(text: string): { readonly columns: number; readonly rows: number } {
  const [columns = 0, rows = 0] = /^\d{2,3}x\d{2,3}$/.test(text) ? text.split("x").map(Number) : [];
  if (columns < 40 || rows < 15) throw new WrongUse("--size is columns and rows, 40x15 or more: 80x24");
  return { columns, rows };
}

function nameAndValue(text: string): [string, string] {
  const match = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(text);
  if (!match) throw new WrongUse("--set is written NAME=VALUE");
  return [match[1]!, match[2]!];
}

async function show(options: LaunchOptions): Promise<Outcome> {
  // Whether the home is free is better said before the screen is taken; Firn itself then claims it.
  await (await claimHome(options.home))();
  return launch(options);
}

async function play(launch: LaunchOptions, { file, names }: NonNullable<Wish["play"]>): Promise<Outcome> {
  const text = await readFile(file, "utf8").catch(() => {
    throw new WrongUse(`--play: there is no script at ${file}`);
  });
  try {
    const steps = parseSession(text, names);
    return await playHome({ ...launch, steps, print: (screen) => process.stdout.write(`${screen}\n`) });
  } catch (problem) {
    if (!(problem instanceof ScriptError)) throw problem;
    return { code: 1, line: `${file}, ${problem.message}` };
  }
}

function wordsOf(refusal: Refusal): string {
  const { title, meaning, remedy } = REFUSALS[refusal.reason];
  return `${title} (${refusal.message}). ${meaning} ${remedy}`;
}
