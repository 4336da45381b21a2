// Machines that were brought to a point once and go on from there in every test that begins at it: kept with the
// images, for as long as image and command line are the same.

import { createHash } from "node:crypto";
import { join } from "node:path";
import { commandOf } from "./command.ts";
import { CACHE, type Image } from "./image.ts";
import { type Kept, type Machine, type MachineOptions, startMachine, type Until } from "./machine.ts";
import { makeOnce } from "./once.ts";

/** `make` brings it there; it is saved, ended, and started again from what was saved, as it will be from now on. */
export async function goOn(
  t: Until,
  options: Omit<MachineOptions, "kept">,
  name: string,
  make: (t: Until) => Promise<Machine>,
): Promise<Machine> {
  return startMachine(t, { ...options, kept: await savedOnce(t, options.image, name, make) });
}

export async function savedOnce(
  t: Until,
  image: Image,
  name: string,
  make: (t: Until) => Promise<Machine>,
): Promise<Kept> {
  const folder = join(CACHE, "vm", `saved-${image.arch}-${name}-${keyOf(image)}`);
  await makeOnce(folder, async (beside) => void (await (await make(t)).save(beside)));
  return { state: join(folder, "state"), data: join(folder, "data.img"), tpm: join(folder, "tpm") };
}

/** The same devices in the same places, and the same programs in memory. */
function keyOf(image: Image): string {
  const command = commandOf({
    ...{
      arch: image.arch,
      folder: "",
      kernel: "",
      initrd: "",
      words: image.words,
      root: "",
      data: "",
      tpm: "",
    },
    ...{ camera: true, display: true, keyboard: true, report: false },
  });
  return createHash("sha256").update(command.join("\n")).digest("hex").slice(0, 16);
}
