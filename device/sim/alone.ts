// Firn in a process of its own on the simulator. 3: the eye's pipe, 4: the glass's, 5: the launcher's in a played
// session. Its exit codes: device/host/process.ts.

import { parseArgs } from "node:util";
import { NETWORKS } from "../../src/model.ts";
import { openHome } from "../disk/home.ts";
import { untilLocked, version } from "../host/process.ts";
import type { Main } from "../host/program.ts";
import { nodeStretch } from "../host/stretch.ts";
import { openNoise, openSeals } from "../seal/open.ts";
import { folderStick } from "../stick/folder.ts";
import { descriptorChannel } from "../wire/channel.ts";
import { readFromEye, readFromGlass } from "../wire/lines.ts";
import { type BootParts, bootLive, bootPlayed } from "./boot.ts";
import { CONTROL_BOUNDS, readToFirn } from "./control.ts";

/** Runs the program until it locks, then ends this process. */
export function standAlone(main: Main): void {
  untilLocked(() => run(main));
}

async function run(main: Main): Promise<void> {
  const { values } = parseArgs({
    options: {
      home: { type: "string" },
      network: { type: "string" },
      seal: { type: "string" },
      tpm: { type: "string" },
      stick: { type: "string" },
      buttons: { type: "boolean" },
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

type Values = Partial<Readonly<Record<"network" | "seal" | "tpm" | "stick", string> & { buttons: boolean }>>;

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
    buttons: values.buttons === true,
    version: version(),
    ...(network ? { network } : {}),
  };
}
