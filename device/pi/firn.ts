// Firn's process on a board: the pipes that systemd hands over, and every port, opened from what this device is.
// node firn.ts [--under FOLDER], a made-up board for tests. Its exit codes: device/host/process.ts.

import { parseArgs } from "node:util";
import { main } from "../../src/main.ts";
import type { Facts, Machine } from "../../src/ports.ts";
import { refuse } from "../../src/refusal.ts";
import { openHome } from "../disk/home.ts";
import { untilLocked, version } from "../host/process.ts";
import { type Cages, runProgram } from "../host/program.ts";
import { kernelRandom } from "../host/random.ts";
import { nodeStretch } from "../host/stretch.ts";
import { type Channel, streamChannel } from "../wire/channel.ts";
import {
  type FromEye,
  type FromGlass,
  readFromEye,
  readFromGlass,
  type ToEye,
  type ToGlass,
} from "../wire/lines.ts";
import { CageEnded } from "../wire/panel.ts";
import { Breach, type Reader } from "../wire/schema.ts";
import { type Device, readDevice } from "./chosen.ts";
import { type BoardTime, boardTime, clockFact, readChip } from "./clock.ts";
import { machineFacts } from "./facts.ts";
import { openParts, type Parts } from "./parts.ts";
import { acceptOne, handedOver } from "./pipes.ts";
import { type Places, placesUnder } from "./places.ts";
import { wishedPower } from "./power.ts";
import { SELF, selfFacts } from "./self.ts";
import { type Started, startTime } from "./started.ts";
import { wishedStick } from "./stick.ts";
import { Wishes } from "./wishes.ts";

/** A cage that has not come so long after Firn never will. */
const CAGE_PATIENCE_MS = 120_000;
/**
 * What a person bears at each unlock: a board makes as many passes as fit into it, so that whoever copied a card that
 * is sealed by a file alone pays for each PIN as much as this board can ask. The floor holds where it takes longer.
 */
const STRETCH_MS = 1500;

async function run(): Promise<void> {
  const { values } = parseArgs({ options: { under: { type: "string", default: "/" } } });
  const places = placesUnder(values.under);
  const pipes = handedOver(["eye", "glass"]);
  const [cages, device] = await Promise.all([joined(pipes), deviceAt(places)]);
  const time = boardTime(places.clock, readChip(device.board.clock, places.clockChips));
  const home = await openHome(places.home);
  try {
    const started = startTime(places.started, time.clock.monotonicMs);
    const parts = await openParts(device, places, process.env.CREDENTIALS_DIRECTORY);
    const wishes = new Wishes(places);
    await wishes.forget();
    const own = {
      store: home.store,
      stretch: nodeStretch(),
      random: kernelRandom(),
      ...parts.ports,
      stick: wishedStick(wishes, places.stick),
      power: wishedPower(wishes),
      machine: machineOf(device, places, parts, time, started),
    };
    await runProgram(main, cages, time, own, started.noted);
  } finally {
    await home.release();
  }
}

async function joined(pipes: Readonly<Record<"eye" | "glass", number>>): Promise<Cages> {
  const [eye, glass] = await Promise.all([
    arriving<ToEye, FromEye>("eye", pipes.eye, readFromEye),
    arriving<ToGlass, FromGlass>("glass", pipes.glass, readFromGlass),
  ]);
  return { eye, glass };
}

async function arriving<Out, In>(
  cage: "eye" | "glass",
  fd: number,
  read: Reader<In>,
): Promise<Channel<Out, In>> {
  const channel = await acceptOne(
    fd,
    (socket) => streamChannel<Out, In>(socket, socket, read),
    CAGE_PATIENCE_MS,
  );
  if (channel === undefined) throw new CageEnded(cage, "closed", "it did not come");
  return channel;
}

/** Throws Refusal machine.unknown. */
async function deviceAt({ device, owner }: Places): Promise<Device> {
  try {
    return readDevice(device, owner) ?? refuse("machine.unknown", "it names no board that is known");
  } catch (problem) {
    if (!(problem instanceof Breach)) throw problem;
    return refuse("machine.unknown", problem.message);
  }
}

function machineOf(device: Device, places: Places, parts: Parts, time: BoardTime, started: Started): Machine {
  const { board } = device;
  const self = { ...SELF, system: places.system };
  return {
    kind: "board",
    practice: false,
    version: version(),
    stretchMs: STRETCH_MS,
    get startedMs() {
      return started.ms();
    },
    async facts(): Promise<Facts> {
      const machine = machineFacts(places.facts, board.title, places.owner);
      const clock = clockFact(board.clock, places.clockChips, time.behind());
      const findings = [...machine.findings, ...(await selfFacts(self)), ...parts.facts(), clock];
      return { ...machine, findings };
    },
  };
}

untilLocked(run);
