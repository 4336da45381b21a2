// Linux's console shows what its font has, and a question mark for all else: whatever Firn draws must be in it.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { boards } from "../../device/boards/index.ts";

const ROOT = join(import.meta.dirname, "../..");
const FONT: { readonly sizes: readonly string[]; readonly characters: readonly string[] } = JSON.parse(
  readFileSync(new URL("console-font.json", import.meta.url), "utf8"),
);

function inFont(char: string): boolean {
  const code = char.codePointAt(0)!;
  return FONT.characters.some((range) => {
    const [first, last = first] = range.split("-").map((hex) => Number.parseInt(hex, 16));
    return code >= first! && code <= last!;
  });
}

/** Of every string in these folders: comments left out, and patterns, which draw nothing. */
function drawnIn(folder: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const name of readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".ts")) continue;
    for (const line of readFileSync(join(ROOT, folder, name), "utf8").split("\n")) {
      if (/^\s*(\/\/|\*|\/\*)/.test(line)) continue;
      for (const char of line.replace(/\s\/\/ .*$/, "")) if (char > "~") found.set(char, join(folder, name));
    }
  }
  return found;
}

test("every character that Firn draws is in the font of its consoles", () => {
  const drawn = new Map(["src", "device/glass", "device/boards"].flatMap((folder) => [...drawnIn(folder)]));
  for (const char of "█▀▄░▒▓─│┌┼┘↑↓←→…■·") assert.ok(drawn.has(char), `${char} is drawn no more`);
  const missing = [...drawn].filter(([char]) => !inFont(char)).map(([char, file]) => `${char} in ${file}`);
  assert.deepEqual(missing, []);
  for (let code = 0x20; code < 0x7f; code++) assert.ok(inFont(String.fromCharCode(code)));
  assert.ok(!inFont("中") && !inFont("\u{1f600}"));
});

test("every board's console has a font of that family, in a size that there is", () => {
  for (const board of boards)
    for (const { font } of Object.values(board.screens)) {
      const size = /^Vietnamese-Terminus([\dx]+)\.psf\.gz$/.exec(font)?.[1];
      assert.ok(size !== undefined && FONT.sizes.includes(size), `${board.name}: ${font}`);
    }
});
