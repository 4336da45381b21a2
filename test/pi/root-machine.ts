// A made-up machine for root's steps: files of the kernel's in a folder, and what the kernel does when one is written.

import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { type Machine, machineAt } from "../../device/pi/root/machine.ts";

export interface MadeUp extends Machine {
  /** Every write, in order: "path text". */
  readonly puts: readonly string[];
  file(path: string, content: string | Uint8Array): void;
  folder(path: string): void;
  link(path: string, to: string): void;
  gone(path: string): void;
}

export type Files = Readonly<Record<string, string | Uint8Array>>;

/** `onPut`: what the kernel does instead of keeping what was written; true where it does. */
export function madeUp(
  t: TestContext,
  files: Files,
  onPut: (machine: MadeUp, path: string, text: string) => boolean | undefined = () => undefined,
): MadeUp {
  const root = mkdtempSync(join(tmpdir(), "firn-root-"));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const plain = machineAt(root);
  const puts: string[] = [];
  const machine: MadeUp = {
    ...plain,
    puts,
    put(path, text) {
      puts.push(`${path} ${text}`);
      if (onPut(machine, path, text)) return;
      plain.put(path, text);
      // A file of the kernel's holds what was written last, and nothing of what was there before.
      writeFileSync(join(root, path), text);
    },
    file(path, content) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    },
    folder: (path) => mkdirSync(join(root, path), { recursive: true }),
    link(path, to) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      symlinkSync(join(root, to), join(root, path));
    },
    gone: (path) => rmSync(join(root, path), { recursive: true, force: true }),
  };
  for (const [path, content] of Object.entries(files)) machine.file(path, content);
  return machine;
}

/** As files that nobody may read are, to whoever is not root. */
export function shut(machine: Machine, path: string): void {
  chmodSync(machine.at(path), 0);
}
