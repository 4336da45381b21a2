// What a machine must have to emulate another: what it lacks is named, and the tests that need it are left out.

import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { TestContext } from "node:test";
import { BuildError, checkTools } from "../../scripts/image/run.ts";
import { isHere } from "../peers/peer.ts";
import { type Arch, QEMU } from "./command.ts";

const FOLDERS = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/sbin"];

function found(program: string): boolean {
  return FOLDERS.some((folder) => existsSync(join(folder, program)));
}

/** Whether to go on. Where peers are required, what is missing is a failure. */
export function canEmulate(t: TestContext, arch: Arch, ...further: readonly string[]): boolean {
  const programs = [QEMU[arch], "swtpm", "zstd", "unsquashfs", ...further];
  if (!isHere(t, "root, who alone builds an image,", process.getuid?.() === 0)) return false;
  const lacking = builderLacks(arch);
  if (!isHere(t, `what builds an image (${lacking})`, lacking === undefined)) return false;
  return programs.every((program) => isHere(t, program, found(program)));
}

function builderLacks(arch: Arch): string | undefined {
  try {
    checkTools(arch);
    return undefined;
  } catch (problem) {
    if (problem instanceof BuildError) return problem.message;
    throw problem;
  }
}
