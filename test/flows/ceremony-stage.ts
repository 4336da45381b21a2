// A ceremony as its people see it: each Firn has a home of its own, and all that passes between them are codes, and
// digits read aloud.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { DiskState } from "../../device/sim/recording.ts";
import type { SingleResult } from "../../device/sim/single.ts";
import type { Network } from "../../src/model.ts";
import { PHRASES } from "../bitcoin/build.ts";
import { codesIn, holds, homeOf, PIN, type Play, papers } from "./stage.ts";

export function shipped(name: string): string {
  return readFileSync(join(import.meta.dirname, "../../docs/sessions", `${name}.txt`), "utf8");
}

/** The code on the glass, as its owner reads it aloud. */
export function codeIn(printed: string, groups: number): string {
  const found = new RegExp(`\\b[0-9]{5}(?: [0-9]{5}){${groups - 1}}\\b`).exec(
    printed.replace(/[|\s]+/g, " "),
  );
  assert.ok(found, "a code is on the glass");
  return found[0];
}

export interface Shown {
  /** What the owner reads aloud. */
  readonly code: string;
  /** A folder for the camera of whoever takes it. */
  readonly camera: string;
  readonly texts: readonly string[];
}

/** "pictures": what is drawn and photographed; papers else. */
type How = Play["eye"];

const passed = (folder: string, how: How): string =>
  how === "pictures" ? folder : papers(`${folder}-paper`, codesIn(folder));

/** A cosigner's device shows its key. */
export async function showsKey(at: string, which: 0 | 1 | 2, network: Network = "regtest", how?: How) {
  const OUT = join(at, `key-${which}-${network}`);
  const disk = await homeOf(network, PHRASES[which]);
  const { printed } = await holds(shipped("cosigner-key"), { disk, set: { PIN, OUT } });
  return { code: codeIn(printed, 5), camera: passed(OUT, how), texts: codesIn(OUT) } satisfies Shown;
}

export interface Made extends Shown {
  readonly disk: DiskState;
  readonly printed: string;
}

/** The first cosigner's device gathers the two keys, and shows the wallet. */
export async function gathers(at: string, first: Shown, second: Shown, options: Play = {}): Promise<Made> {
  const set = {
    ...{ PIN, NAME: "Family", OUT: join(at, "wallet") },
    ...{ FIRST: first.camera, FIRST_CODE: first.code, SECOND: second.camera, SECOND_CODE: second.code },
  };
  const disk = await homeOf();
  const { printed, ...rest } = await holds(shipped("ceremony"), { disk, set, ...options });
  const camera = passed(set.OUT, options.eye);
  return { disk: rest.disk, printed, code: codeIn(printed, 8), camera, texts: codesIn(set.OUT) };
}

/** Another cosigner's device registers it. */
export async function registers(which: 1 | 2, wallet: Shown, options: Play = {}): Promise<SingleResult> {
  const disk = await homeOf("regtest", PHRASES[which]);
  return holds(shipped("register"), { disk, set: { PIN, CAMERA: wallet.camera }, ...options });
}
