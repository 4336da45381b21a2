// Electrum, as a process that is asked in lines of JSON (electrum_peer.py).

import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after } from "node:test";

// Debian's: another Python on the PATH would not find it.
const PYTHON = "/usr/bin/python3";
export const installed = spawnSync(PYTHON, ["-c", "import electrum"]).status === 0;

const folder = mkdtempSync(join(tmpdir(), "firn-electrum-"));
const started: ChildProcess[] = [];
after(() => {
  for (const child of started) child.kill();
  rmSync(folder, { recursive: true });
});

/** One process for all questions; each line is answered by one line. */
export function electrum(): (question: object) => Promise<unknown> {
  const program = join(import.meta.dirname, "electrum_peer.py");
  const child = spawn(PYTHON, [program, folder], { stdio: ["pipe", "pipe", "inherit"] });
  started.push(child);
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return async (question) => {
    child.stdin.write(`${JSON.stringify(question)}\n`);
    const { value, done } = await answers.next();
    assert.ok(!done, "Electrum ended");
    return JSON.parse(value);
  };
}
