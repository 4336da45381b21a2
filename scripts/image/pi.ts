// Raspberry Pi's own kernel, firmware and programs: a folder whose every file is named with its SHA-256.
//   SHA256SUMS   as sha256sum writes it; nothing else may be in the folder
//   boot/        the firmware's partition: kernel8.img, *.dtb, overlays/, start4.elf …
//   modules/     VERSION/, with modules.dep and modules.builtin
//   root/        further programs with their libraries, laid out as in a root: usr/bin/rpicam-vid …

import { existsSync, lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathsBelow } from "./files.ts";
import { sha256 } from "./manifest.ts";
import { BuildError } from "./run.ts";

const LIST = "SHA256SUMS";
const LINE = /^([0-9a-f]{64}) [ *](?:\.\/)?(.+)$/;

/** path → hash. */
export function readSums(text: string): Map<string, string> {
  const sums = new Map<string, string>();
  for (const line of text.split("\n").filter((one) => one !== "")) {
    const [, hash, path] = LINE.exec(line) ?? [];
    if (path === undefined || path.split("/").includes("..") || path.startsWith("/"))
      throw new BuildError(`${LIST} has a line that names no file below it: ${line}`);
    sums.set(path, hash!);
  }
  return sums;
}

/** Gives the SHA-256 of the list, which pins the whole folder. */
export function checkPi(folder: string): string {
  if (!existsSync(join(folder, LIST))) throw new BuildError(`${folder} has no ${LIST}`);
  const list = readFileSync(join(folder, LIST));
  const sums = readSums(list.toString("utf8"));
  const there = pathsBelow(folder).filter(
    (path) => !lstatSync(join(folder, path)).isDirectory() && path !== LIST,
  );
  const unnamed = there.filter((path) => !sums.has(path));
  const missing = [...sums.keys()].filter((path) => !there.includes(path));
  const others = [...sums].filter(
    ([path, hash]) => there.includes(path) && hashOf(join(folder, path)) !== hash,
  );
  const wrong = [
    ...unnamed.map((path) => `${path} is not in the list`),
    ...missing.map((path) => `${path} is not there`),
    ...others.map(([path]) => `${path} is another than the list's`),
  ];
  if (wrong.length > 0)
    throw new BuildError(`${folder} is not what its ${LIST} says:\n  ${wrong.join("\n  ")}`);
  return sha256(list);
}

/** Links are not followed: none may be there. */
function hashOf(file: string): string {
  if (!lstatSync(file).isFile()) throw new BuildError(`${file} is not a plain file`);
  return sha256(readFileSync(file));
}
