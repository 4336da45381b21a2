// Firn's own side of the simulator: opens every port over the pipes that it is given, and runs the
// program. The same for a process of its own (firn.ts) and for a test in one process (single.ts).

import type { Network } from "../../src/model.ts";
import type { Hold, Noise, Panel, Ports, Random, Seal, Stick, Store, Stretch } from "../../src/ports.ts";
import { openStore } from "../disk/store.ts";
import { type Cages, type Main, runProgram } from "../host/program.ts";
import { kernelRandom } from "../host/random.ts";
import { hostTime, type Time } from "../host/time.ts";
import type { Channel } from "../wire/channel.ts";
import type { WirePanel } from "../wire/panel.ts";
import { fixedRandom } from "./chance.ts";
import type { Entropy, FromFirn, Rest, ToFirn } from "./control.ts";
import { remoteDisk } from "./remote.ts";
import { type PlayedTime, playedTime } from "./time.ts";

export interface BootParts extends Cages {
  readonly stretch: Stretch;
  readonly seals: readonly Seal[];
  /** Further generators of the machine's own. */
  readonly noise?: readonly Noise[];
  readonly stick?: Stick;
  /** A played machine has lines for ok and back. */
  readonly buttons?: boolean;
  readonly version: string;
  readonly network?: Network;
}

/** A person at the keyboard. Resolves when Firn has locked; rejects with CageEnded, or with a bug. */
export async function bootLive(parts: BootParts, store: Store, main: Main): Promise<"locked"> {
  return run(parts, store, main, hostTime(), { random: kernelRandom(), practice: false }, () => undefined);
}

/** A script: clock, chance and disk are the launcher's. */
export async function bootPlayed(
  parts: BootParts,
  control: Channel<FromFirn, ToFirn>,
  main: Main,
): Promise<"locked"> {
  const disk = remoteDisk(control);
  const chance = scriptedChance();
  let levels: ReturnType<Hold["levels"]> = { ok: false, back: false };
  let played: PlayedTime | undefined;
  let reporter: Reporter | undefined;
  let taken = 0;
  const started = new Promise<PlayedTime>((resolve) => {
    control.onMessage((line) => {
      taken++;
      if (line.t === "start") {
        if (line.entropy) chance.fix(line.entropy);
        played = playedTime(line);
        resolve(played);
      } else if (line.t === "kept" || line.t === "failed") disk.take(line);
      else if (line.t === "entropy") chance.fix(line.entropy);
      else if (line.t === "wall") played?.setWall(line.wallMs);
      else if (line.t === "levels") levels = line;
      else if (played) {
        const { ms, fired } = played.pass(line.mostMs);
        control.send({ t: "passed", ms });
        // What fired leads to a report of its own, when all that follows from it is done.
        if (fired) return;
      }
      reporter?.again();
    });
  });
  const time = await started;
  const hold = parts.buttons ? { hold: { levels: () => levels } } : {};
  return run({ ...parts, ...hold }, openStore(disk.operations), main, time, chance, (panel, sight) => {
    reporter = reporting(panel, (rest) =>
      control.send({ t: "waiting", ...rest, ...sight, fromControl: taken }),
    );
    return reporter;
  });
}

interface Chance {
  readonly random: Random;
  readonly practice: boolean;
}

function scriptedChance(): Chance & { fix(entropy: Entropy): void } {
  let random = kernelRandom();
  let practice = false;
  return {
    random: { bytes: (length) => random.bytes(length) },
    get practice() {
      return practice;
    },
    fix({ hex, start }) {
      random = fixedRandom(hex, start);
      practice = true;
    },
  };
}

/** What Firn last told the eye. */
interface Sight {
  toEye: number;
  watching: boolean;
}

async function run(
  parts: BootParts & { readonly hold?: Hold },
  store: Store,
  main: Main,
  time: Time,
  chance: Chance,
  report: (panel: WirePanel, sight: Sight) => Reporter | undefined,
): Promise<"locked"> {
  const sight: Sight = { toEye: 0, watching: false };
  const eye: Cages["eye"] = {
    ...delegate(parts.eye),
    send(line) {
      sight.toEye++;
      sight.watching = line.t === "watch";
      parts.eye.send(line);
    },
  };
  const machine: Ports["machine"] = {
    kind: "simulator",
    get practice() {
      return chance.practice;
    },
    version: parts.version,
    ...(parts.network ? { network: parts.network } : {}),
  };
  const { stretch, seals, noise = [], stick, hold, glass } = parts;
  const { random } = chance;
  const perhaps = { ...(stick ? { stick } : {}), ...(hold ? { hold } : {}) };
  const own = { store, stretch, seals, noise, random, machine, ...perhaps };
  return runProgram(main, { eye, glass }, time, own, (wire) => report(wire, sight)?.panel ?? wire);
}

function delegate<Out, In>(channel: Channel<Out, In>): Channel<Out, In> {
  return {
    send: (message) => channel.send(message),
    onMessage: (take) => channel.onMessage(take),
    onEnd: (take) => channel.onEnd(take),
    close: () => channel.close(),
  };
}

interface Reporter {
  readonly panel: Panel;
  /** Says once more that Firn waits, if it does. */
  again(): void;
}

function reporting(
  wire: WirePanel,
  send: (rest: Pick<Rest, "shown" | "fromGlass" | "fromEye" | "toKey">) => void,
): Reporter {
  let waits = false;
  const tell = () => {
    const { shown, fromGlass, fromEye, toKey } = wire.counts();
    send({ shown, fromGlass, fromEye, toKey });
  };
  wire.onWaiting(() => {
    waits = true;
    tell();
  });
  return {
    panel: {
      size: () => wire.size(),
      show: (picture) => wire.show(picture),
      poll: (wants) => wire.poll(wants),
      async next(wants) {
        try {
          return await wire.next(wants);
        } finally {
          waits = false;
        }
      },
    },
    again() {
      if (waits) tell();
    },
  };
}
