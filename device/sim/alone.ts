// Firn in a process of its own. 3: the eye's pipe, 4: the glass's, 5: the launcher's in a played session.
// Exit codes: 0 locked, 1 a bug, 3 a cage ended or broke the rules, 4 the home is in use or cannot be had.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { NETWORKS } from "../../src/model.ts";
import { REFUSALS, Refusal } from "../../src/refusal.ts";
import { openHome } from "../disk/home.ts";
import { tuneEngine } from "../host/engine.ts";
import { nodeStretch } from "../host/stretch.ts";
import { openNoise, openSeals } from "../seal/open.ts";
import { folderStick } from "../stick/folder.ts";
import { descriptorChannel } from "../wire/channel.ts";
import { readFromEye, readFromGlass } from "../wire/lines.ts";
import { CageEnded } from "../wire/panel.ts";
import { type BootParts, bootLive, bootPlayed, type Main } from "./boot.ts";
import { CONTROL_BOUNDS, readToFirn } from "./control.ts";

/** Runs the program until it locks, then ends this process. */
export function standAlone(main: Main): void {
  tuneEngine();
  process.on("uncaughtException", stop);
  process.on("unhandledRejection", stop);
  run(main).then(() => process.exit(0), stop);
}

async function run(main: Main): Promise<void> {
  const { values } = parseArgs({
    options: {
      home: { type: "string" },
      network: { type: "string" },
      seal: { type: "string" },
      tpm: { type: "string" },
      stick: { type: "string" },
    },
  });
  if (process.env.FIRN_CONTROL === "1") {
    await bootPlayed(await partsOf(values), descriptorChannel(5, readToFirn, CONTROL_BOUNDS), main);
    return;
  }
  if (values.home === undefined) throw new Error("no home was named");
  // The seal's file lies in the home's folder: nobody else may make one at the same time.
  const home = await openHome(values.home);
  try {
    await bootLive(await partsOf(values), home.store, main);
  } finally {
    await home.release();
  }
}

type Values = Partial<Readonly<Record<"network" | "seal" | "tpm" | "stick", string>>>;

async function partsOf(values: Values): Promise<BootParts> {
  const tpm = values.tpm === undefined ? {} : { tpm: values.tpm, ownsTpm: true };
  if (values.seal === undefined) throw new Error("no seal was named");
  const network = NETWORKS.find((known) => known === values.network);
  return {
    eye: descriptorChannel(3, readFromEye),
    glass: descriptorChannel(4, readFromGlass),
    stretch: nodeStretch(),
    seals: await openSeals({ file: values.seal, ...tpm }),
    noise: openNoise(tpm),
    ...(values.stick === undefined ? {} : { stick: folderStick(values.stick) }),
    version: version(),
    ...(network ? { network } : {}),
  };
}

function version(): string {
  const stated: unknown = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  return String((stated as { readonly version?: unknown }).version);
}

function stop(problem: unknown): never {
  if (problem instanceof CageEnded) end(3, `Firn stopped: ${problem.message}`);
  if (problem instanceof Refusal) end(4, refused(problem));
  end(1, `Firn stopped: code ${codeOf(problem)}`);
}

/** Only opening the home can come to this: all later refusals are shown on the glass. */
function refused(refusal: Refusal): string {
  const { title, remedy } = REFUSALS[refusal.reason];
  return `Firn stopped: ${title} (${refusal.message}). ${remedy}`;
}

function end(code: number, line: string): never {
  process.stderr.write(`${line}\n`);
  process.exit(code);
}

/**
 * The same bug has the same code everywhere. A message may hold anything: only the places are used.
 * FIRN_PLACES=1 has them said as well.
 */
function codeOf(problem: unknown): string {
  const frames = problem instanceof Error ? (problem.stack ?? "").split("\n") : [];
  const places = frames.flatMap((frame) => /([\w.-]+\.[cm]?[jt]s:\d+:\d+)\)?$/.exec(frame)?.[1] ?? []);
  if (process.env.FIRN_PLACES === "1") process.stderr.write(`${places.join("\n")}\n`);
  return createHash("sha256").update(places.join("\n")).digest("hex").slice(0, 8);
}
