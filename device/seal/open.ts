// Which seals and which generators this machine has, best first.

import type { Noise, Seal } from "../../src/ports.ts";
import { boardSeal } from "./board.ts";
import { fileSeal } from "./file.ts";
import { boardNoise, tpmNoise } from "./noise.ts";
import { openTransport } from "./tpm/transport.ts";
import { tpmSeal } from "./tpm.ts";

/** In the home's folder, what stands for the machine itself where nothing better does. No blob of Firn's has such a name. */
export const SEAL_FILE = ".machine";

export interface SealPlaces {
  /** Beside the home. */
  readonly file: string;
  /** A TPM's device file (/dev/tpmrm0), or the socket of a program that stands in for one. */
  readonly tpm?: string;
  /** Nothing but Firn needs that TPM: a wiped home clears it. */
  readonly ownsTpm?: boolean;
  /** Where systemd put the board's secret: $CREDENTIALS_DIRECTORY. */
  readonly credentials?: string;
}

/** The file's always, last. Throws Refusal seal.failed where file or board secret cannot be had. */
export async function openSeals({ file, tpm, ownsTpm = false, credentials }: SealPlaces): Promise<Seal[]> {
  return [
    ...(tpm === undefined ? [] : [tpmSeal(() => openTransport(tpm), { ownsTpm })]),
    ...(credentials === undefined ? [] : [await boardSeal({ credentials, beside: `${file}-board` })]),
    await fileSeal(file),
  ];
}

export interface NoisePlaces {
  readonly tpm?: string;
  /** A hardware generator's device file: /dev/hwrng. */
  readonly board?: string;
}

export function openNoise({ tpm, board }: NoisePlaces): readonly Noise[] {
  return [
    ...(tpm === undefined ? [] : [tpmNoise(() => openTransport(tpm))]),
    ...(board === undefined ? [] : [boardNoise(board)]),
  ];
}
