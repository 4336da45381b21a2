// What this device is: /etc/firn/device.json, written when its image was built or Firn was installed.

import type { Board, Chosen } from "../boards/board.ts";
import { boards } from "../boards/index.ts";
import { exact, flag, matching, type Reader } from "../wire/schema.ts";
import { readRooted } from "./rooted.ts";

export const DEVICE_FILE = "/etc/firn/device.json";

const name = matching(/^[A-Za-z0-9][\w .×-]*$/, 64);

export const readChosenJson: Reader<Chosen> = exact<Chosen>(
  { board: name, camera: name, screen: name, buttons: flag, tpm: flag },
  {},
);

export interface Device {
  readonly board: Board;
  readonly chosen: Chosen;
}

/** Undefined where there is no such file, or no such board. Throws Breach where it is another's, or malformed. */
export function readDevice(path: string = DEVICE_FILE, owner?: number): Device | undefined {
  const chosen = readRooted(path, readChosenJson, 4096, owner);
  const board = boards.find((one) => one.name === chosen?.board);
  return chosen && board && { board, chosen };
}
