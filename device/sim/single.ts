// A whole play in one process: the same eye, glass, panel and program, joined by memory instead of pipes.

import type { Network, Size } from "../../src/model.ts";
import type { Seal, Stick, Stretch } from "../../src/ports.ts";
import type { Operations } from "../disk/operations.ts";
import { type EyeControl, type EyeReport, readEyeControl, readEyeReport } from "../eye/control.ts";
import { joinEye } from "../eye/join.ts";
import { openDecoders } from "../eye/open.ts";
import { joinPlayed } from "../glass/played.ts";
import type { Main } from "../host/program.ts";
import { nodeStretch } from "../host/stretch.ts";
import type { Channel } from "../wire/channel.ts";
import {
  type FromEye,
  type FromGlass,
  readFromEye,
  readFromGlass,
  readGlassControl,
  readGlassReport,
  readToEye,
  readToGlass,
  type ToEye,
  type ToGlass,
} from "../wire/lines.ts";
import { memoryPair } from "../wire/memory.ts";
import { CageEnded } from "../wire/panel.ts";
import { Appliance } from "./appliance.ts";
import { bootPlayed } from "./boot.ts";
import { type Cast, type Ending, Stopped } from "./cast.ts";
import { CONTROL_BOUNDS, readFromFirn, readToFirn } from "./control.ts";
import { harshest, type Keeps, playedDisk } from "./disk.ts";
import { type KeyDrawer, keysIn } from "./keys.ts";
import { sameMachine } from "./machine.ts";
import { framed, type PlayParts, play, Unheld } from "./play.ts";
import type { DiskState } from "./recording.ts";
import { parseSession, type Step } from "./session.ts";

/** Joins an eye to its pipe and to the launcher; closing it ends its threads. */
export type JoinEye = (
  firn: Channel<FromEye, ToEye>,
  control: Channel<EyeReport, EyeControl>,
) => { close(): Promise<void> | void };

export interface SingleOptions {
  readonly main: Main;
  readonly script: string;
  /** What --set would give. */
  readonly set?: Readonly<Record<string, string>>;
  /** What the disk holds when power comes. */
  readonly disk?: DiskState;
  /** Chooses what the disk keeps at a cut. */
  readonly keeps?: Keeps;
  /** Stands between Firn and its disk: a card that fails, or forgets. */
  readonly card?: (operations: Operations) => Operations;
  readonly size?: Size;
  readonly network?: Network;
  readonly stretch?: Stretch;
  /** Another machine's: the usual one is always the same. */
  readonly seals?: readonly Seal[];
  readonly stick?: Stick;
  /** The machine has lines for ok and back. */
  readonly buttons?: boolean;
  readonly eye?: JoinEye;
  /** Another glass than the played one. */
  readonly glass?: typeof joinPlayed;
  /** What security keys of each name remember from earlier plays; left as they are, see the result. */
  readonly keys?: ReadonlyMap<string, string>;
  readonly wallMs?: number;
  readonly patienceMs?: number;
}

export interface SingleResult {
  /** Undefined where every step held; else the line, what was expected, and the screen. */
  readonly failure: string | undefined;
  /** What was thrown, where Firn stopped by a bug. */
  readonly problem: unknown;
  /** All that was printed. */
  readonly printed: string;
  /** The last screen. */
  readonly screen: string;
  readonly disk: DiskState;
  readonly keys: ReadonlyMap<string, string>;
  /** Disk operations that changed or synced something. */
  readonly operations: number;
  /** How many times three parts were started: one more than locks and cuts. */
  readonly starts: number;
  readonly wallMs: number;
}

const SIZE: Size = { columns: 80, rows: 24 };
const PATIENCE_MS = 120_000;
/** Any time will do; always the same one makes the same play. */
const WALL_MS = Date.UTC(2026, 0, 1, 12);

/** Throws ScriptError before anything starts; everything later is in the result. */
export async function playSingle(options: SingleOptions): Promise<SingleResult> {
  const steps = parseSession(options.script, new Map(Object.entries(options.set ?? {})));
  const size = options.size ?? SIZE;
  const whole = playedDisk(options.disk ?? new Map(), options.keeps ?? harshest);
  const disk = options.card ? { ...whole, operations: options.card(whole.operations) } : whole;
  const printed: string[] = [];
  const decoders = openDecoders();
  // Threads are dear and hold nothing of a start: one set serves the whole play.
  const usualEye: JoinEye = (firn, control) => {
    joinEye(firn, control, undefined, decoders);
    return { close: () => undefined };
  };
  const keys: KeyDrawer = new Map(options.keys ?? []);
  const appliance = new Appliance({
    start: () => singleCast(options, options.eye ?? usualEye, size),
    disk,
    powerKey: keysIn(keys),
    wallMs: options.wallMs ?? WALL_MS,
    patienceMs: options.patienceMs ?? PATIENCE_MS,
  });
  const scene = { appliance, disk, size, buttons: options.buttons === true };
  const print = (text: string) => printed.push(text);
  let failed: Unheld | undefined;
  try {
    failed = await unheld({ ...scene, print, kept: async () => undefined }, steps);
  } finally {
    await appliance.off();
    await decoders.close();
  }
  return {
    failure: failed?.message,
    problem: failed?.cause instanceof Stopped ? failed.cause.cause : undefined,
    printed: printed.join("\n"),
    screen: framed(appliance.picture, size),
    disk: disk.present(),
    keys,
    operations: disk.count(),
    starts: appliance.starts,
    wallMs: appliance.wallMs,
  };
}

/** The step that did not hold. */
async function unheld(parts: PlayParts, steps: readonly Step[]): Promise<Unheld | undefined> {
  try {
    await play(parts, steps);
    return undefined;
  } catch (error) {
    if (error instanceof Unheld) return error;
    throw error;
  }
}

function singleCast(options: SingleOptions, joinedEye: JoinEye, size: Size): Cast {
  const power = { on: true };
  const eyePipe = memoryPair<ToEye, FromEye>(readFromEye, readToEye);
  const glassPipe = memoryPair<ToGlass, FromGlass>(readFromGlass, readToGlass);
  const eye = memoryPair(readEyeReport, readEyeControl);
  const glass = memoryPair(readGlassReport, readGlassControl);
  const firn = memoryPair(readFromFirn, readToFirn, CONTROL_BOUNDS);
  const eyeEnds = joinedEye(eyePipe.second, eye.second);
  (options.glass ?? joinPlayed)(glassPipe.second, glass.second, size);
  const parts = {
    eye: powered(eyePipe.first, power),
    glass: powered(glassPipe.first, power),
    stretch: options.stretch ?? nodeStretch(),
    seals: options.seals ?? [sameMachine()],
    ...(options.stick ? { stick: options.stick } : {}),
    ...(options.buttons ? { buttons: true } : {}),
    version: "0",
    ...(options.network ? { network: options.network } : {}),
  };
  const booted = bootPlayed(parts, powered(firn.second, power), options.main);
  const close = () => eyeEnds.close();
  return {
    eye: eye.first,
    glass: glass.first,
    firn: firn.first,
    ended: booted.then(() => ({ code: 0, line: "" }), endingOf).finally(close),
    // Memory delivers in order: what Firn told the eye is there before Firn says that it waits.
    carried: () => Number.POSITIVE_INFINITY,
    onCarried: () => undefined,
    async kill() {
      power.on = false;
      await close();
    },
  };
}

function endingOf(problem: unknown): Ending {
  if (problem instanceof CageEnded) return { code: 3, line: `Firn stopped: ${problem.message}`, problem };
  return { code: 1, line: `Firn stopped: ${problem}`, problem };
}

/** Without power nothing is said and nothing is heard, and whoever waits waits for ever. */
function powered<Out, In>(channel: Channel<Out, In>, power: { readonly on: boolean }): Channel<Out, In> {
  return {
    send(message) {
      if (power.on) channel.send(message);
    },
    onMessage: (take) => channel.onMessage((message) => (power.on ? take(message) : undefined)),
    onEnd: (take) => channel.onEnd((why, detail) => (power.on ? take(why, detail) : undefined)),
    close: () => channel.close(),
  };
}
