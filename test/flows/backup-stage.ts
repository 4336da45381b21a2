// Journeys with the backups of a key: the way to its page, and what a person copies from the glass.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import jsqr from "jsqr";
import { PNG } from "pngjs";
import type { DiskState } from "../../device/sim/recording.ts";
import { PHRASES } from "../bitcoin/build.ts";
import { holds, PIN, script, UNLOCK } from "./stage.ts";

export const PHRASE = PHRASES[2];
/** Test vectors of BIP 39 (trezor/python-mnemonic, vectors.json). */
export const LONG =
  "hamster diagram private dutch cause delay private meat slide toddler razor book happy fancy gospel tennis maple dilemma loan word shrug inflict delay length";

export const OPEN = `${UNLOCK}pick Keys and backups\npick Key 1\npick Backups and health\nsee Rehearse a backup\n`;
export const MAKE = `${OPEN}pick Show or make a backup\n`;
/** Everything is read, and then the gesture is made. */
export const YES = "page\npress ok\nhold both\n";

export const SMALL = { columns: 40, rows: 15 };
export const SIZES = [SMALL, { columns: 80, rows: 24 }] as const;

/** A home whose one key was typed in. */
export async function homeWith(phrase: string, passphrase?: string): Promise<DiskState> {
  const asked = passphrase === undefined ? "" : `type ${passphrase}\npress ok\n`;
  const text = script("setup").replace(
    "pick No passphrase",
    asked === "" ? "pick No passphrase" : `pick Type a passphrase\n${asked}${asked}`,
  );
  return (await holds(text, { set: { PIN, WORDS: phrase, NETWORK: "regtest" } })).disk;
}

/** The secret of BIP 93's fourth test vector, and its seed: a key that was never words. */
export const SECRET = "MS10LEETSLLHDMN9M42VCSAMX24ZRXGS3QRL7AHWVHW4FNZRHVE25GVEZZYQQTUM9PGV99YCMA";
export const SECRET_SEED = "ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100";

export async function homeOfSeed(): Promise<DiskState> {
  const text = script("setup").replace(
    /pick Type words in[\s\S]*pick No passphrase/,
    `pick Another form\npick codex32\npick Type\ntype ${SECRET}\npress ok`,
  );
  return (await holds(text, { set: { PIN, NETWORK: "regtest" } })).disk;
}

/** Screens with this title, in order; those that are continued as well. */
export function screensOf(printed: string, title: string): string[] {
  return printed.split(/^\+-+\+$/m).filter((screen) => {
    const first = /^\n\| ([^\n]*?) *\|$/m.exec(screen)?.[1]?.replace(/^!+ /, "");
    return first === title || first === `${title} (continued)`;
  });
}

/** The words on the screens of this title, by their numbers. */
export function wordsOn(printed: string, title: string): string {
  const words: string[] = [];
  for (const screen of screensOf(printed, title))
    for (const [, number, word] of screen.matchAll(/\b(\d+)\. +([a-z]+)/g)) words[Number(number) - 1] = word!;
  assert.ok(words.length > 0 && !words.includes(undefined as unknown as string), `words of ${title}`);
  return words.join(" ");
}

/** The string on the screens of this title, by its groups of four. */
export function stringOn(printed: string, title: string): string {
  const groups: string[] = [];
  for (const screen of screensOf(printed, title))
    for (const [, number, line] of screen.matchAll(/^\| +(\d+) +((?:[0-9A-Z]{1,4} ?)+) *\|$/gm))
      for (const [at, group] of line!.trim().split(" ").entries()) groups[Number(number) - 1 + at] = group;
  return groups.join("");
}

/** What another decoder reads from the picture that `codes` wrote. */
export function decoded(folder: string): Uint8Array {
  const { data, width, height } = PNG.sync.read(readFileSync(join(folder, "001.png")));
  return read(new Uint8ClampedArray(data), width, height);
}

function read(data: Uint8ClampedArray, width: number, height: number): Uint8Array {
  const found = jsqr(data, width, height, { inversionAttempts: "dontInvert" });
  assert.ok(found, "no code was read");
  return Uint8Array.from(found.binaryData);
}

/** Paper on which the zones that were on the glass are filled in, as a decoder reads it. */
export function decodedPaper(printed: string, title: string, side: number): Uint8Array {
  const paper = new Uint8Array(side * side).fill(9);
  for (const screen of printed.split(/^\+-+\+$/m))
    if (screen.includes(`| ${title}: zone`)) copy(screen, paper, side);
  assert.ok(!paper.includes(9), "some zone was never shown");
  const [scale, quiet] = [4, 4];
  const width = (side + 2 * quiet) * scale;
  const data = new Uint8ClampedArray(width * width * 4).fill(255);
  for (let y = 0; y < width; y++)
    for (let x = 0; x < width; x++) {
      const [row, column] = [Math.floor(y / scale) - quiet, Math.floor(x / scale) - quiet];
      if (row >= 0 && column >= 0 && row < side && column < side && paper[row * side + column] === 1)
        data.fill(0, 4 * (y * width + x), 4 * (y * width + x) + 3);
    }
  return read(data, width, width);
}

/** The numbers along the edges say where a module belongs. */
function copy(screen: string, paper: Uint8Array, side: number): void {
  const lines = screen.split("\n");
  const edge = lines.findIndex((line) => /(?: +\d+){4,} *\|$/.test(line));
  const across = [...lines[edge]!.matchAll(/\d+(?= )/g)].filter(
    ({ index }) => index > lines[edge]!.search(/ \d/) - 3,
  );
  for (const line of lines.slice(edge + 1)) {
    const y = Number(/ (\d+) +[│▄.]/.exec(line)?.[1]);
    if (Number.isNaN(y)) continue;
    for (const { 0: x, index } of across)
      paper[(y - 1) * side + Number(x) - 1] = /[█▄]/.test(line.slice(index, index + x.length)) ? 1 : 0;
  }
}
