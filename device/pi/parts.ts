// The parts that this device was chosen to have, as far as they are there: one that is missing is no port, and a fact.

import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Fact, Ports } from "../../src/ports.ts";
import { BOARD_CREDENTIAL } from "../seal/board.ts";
import { openNoise, openSeals, SEAL_FILE } from "../seal/open.ts";
import type { Device } from "./chosen.ts";
import { openHold } from "./hold.ts";
import type { Places } from "./places.ts";

export interface Parts {
  readonly ports: Pick<Ports, "seals" | "noise" | "hold">;
  /** As they are now. */
  facts(): Fact[];
}

/** `credentials`: where systemd puts what it hands over. Throws Refusal seal.failed. */
export async function openParts(
  device: Device,
  places: Places,
  credentials: string | undefined,
): Promise<Parts> {
  const tpm = tpmOf(device, places);
  const burnt = credentials !== undefined && existsSync(join(credentials, BOARD_CREDENTIAL));
  const board = hasGenerator(places) ? { board: places.generator } : {};
  const seals = await openSeals({
    file: join(places.home, SEAL_FILE),
    ...(tpm === undefined ? {} : { tpm, ownsTpm: true }),
    ...(burnt ? { credentials } : {}),
  });
  const hold = hasButtons(device) ? openHold(places.lines, places.owner) : undefined;
  return {
    ports: {
      seals,
      noise: openNoise({ ...(tpm === undefined ? {} : { tpm }), ...board }),
      ...(hold ? { hold } : {}),
    },
    facts: () => [
      tpmFact(device, tpm !== undefined && isUsable(tpm)),
      part("Board secret", burnt ? "handed over" : "none: it is not part of the seal"),
      hold?.fact() ?? part("Buttons", "none: holds are counted on the keyboard"),
      part("Random", hasGenerator(places) ? "the board's generator is there" : "the kernel's alone"),
    ],
  };
}

function hasButtons({ board, chosen }: Device): boolean {
  return chosen.buttons && board.buttons !== undefined;
}

/** Its node, where one was chosen and is there. */
function tpmOf({ board, chosen }: Device, places: Places): string | undefined {
  if (!chosen.tpm || board.tpm === undefined) return undefined;
  const path = places.at(board.tpm);
  return isUsable(path) ? path : undefined;
}

function tpmFact({ chosen }: Device, there: boolean): Fact {
  if (!chosen.tpm) return part("TPM", "none was chosen");
  return there ? part("TPM", "there") : part("TPM", "not there", "open");
}

/** The node is there whether or not there is a generator behind it. */
function hasGenerator({ generator, generatorName }: Places): boolean {
  return isThere(generator, constants.R_OK) && nameIn(generatorName) !== "none";
}

function nameIn(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return undefined;
  }
}

function isUsable(path: string): boolean {
  return isThere(path, constants.R_OK | constants.W_OK);
}

function isThere(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

function part(label: string, found: string, state: Fact["state"] = "well"): Fact {
  return { about: "part", label, found, state };
}
