// The seal by a secret that is burnt into the board and can be written once. A small unit reads it before Firn
// starts and hands it over as a systemd credential. It cannot be destroyed, so a secret in a file is mixed in
// that can; but whoever copied the card before has that file too.

import { createHmac } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { wipe } from "../../src/bytes.ts";
import type { Seal } from "../../src/ports.ts";
import { refuse } from "../../src/refusal.ts";
import { fileSecret, renewed } from "./file.ts";
import { secretSeal } from "./secret.ts";

export const BOARD_CREDENTIAL = "firn-board-secret";

const LEAST_BYTES = 32;
const MOST_BYTES = 64;

export interface BoardPlaces {
  /** Where systemd puts credentials: $CREDENTIALS_DIRECTORY. */
  readonly credentials: string;
  /** The file whose secret is mixed in; made where there is none. */
  readonly beside: string;
}

/** Throws Refusal seal.failed where the board's secret is not there, or was never written. */
export async function boardSeal({ credentials, beside }: BoardPlaces): Promise<Seal> {
  const burnt = await burntSecret(join(credentials, BOARD_CREDENTIAL));
  const mixed = (secret: Uint8Array) =>
    new Uint8Array(createHmac("sha256", burnt).update("firn/seal/board").update(secret).digest());
  return secretSeal({
    kind: "board",
    secret: mixed(await fileSecret(beside)),
    destroy: async () => mixed(await renewed(beside)),
  });
}

async function burntSecret(path: string): Promise<Uint8Array> {
  const bytes = await readFile(path).catch(() =>
    refuse("seal.failed", "the board's secret was not handed over"),
  );
  if (bytes.length < LEAST_BYTES || bytes.length > MOST_BYTES)
    refuse("seal.failed", `the board's secret has ${bytes.length} bytes`);
  if (bytes.every((byte) => byte === bytes[0])) refuse("seal.failed", "the board's secret was never written");
  const secret = new Uint8Array(bytes);
  wipe(bytes);
  return secret;
}
