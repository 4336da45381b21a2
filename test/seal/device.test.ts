// The TPM as a board has it: a device file.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type TestContext, test } from "node:test";
import { openTransport } from "../../device/seal/tpm/transport.ts";
import { tpmSeal } from "../../device/seal/tpm.ts";
import { isHere } from "../peers/peer.ts";
import { refused, some } from "./stage.ts";
import { hasSwtpm, softTpm } from "./swtpm.ts";

const hasPython = spawnSync("python3", ["--version"]).status === 0;

async function device(t: TestContext, ...socket: readonly string[]): Promise<string> {
  const child = spawn("python3", [join(import.meta.dirname, "device.py"), ...socket], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.after(async () => {
    child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  });
  const [path] = await once(createInterface(child.stdout), "line");
  return path;
}

test("a TPM behind a device file seals, releases, marks and counts", async (t) => {
  if (!isHere(t, "swtpm", hasSwtpm) || !isHere(t, "python3", hasPython)) return;
  const path = await device(t, (await softTpm(t)).socket);
  const seal = tpmSeal(() => openTransport(path));
  const [secret, auth] = [some(), some()];
  const blob = await seal.bind(secret, auth);
  assert.deepEqual(await seal.release(blob, auth), secret);
  assert.equal(await seal.release(blob, some()), undefined);
  const begin = await seal.counter!("first").value();
  assert.equal(await seal.counter!("first").raise(), begin + 1);
  assert.deepEqual(await seal.mark(auth), await seal.mark(auth));
  await seal.rest();
});

test("a device file that answers nothing is a TPM that fails, and nobody hangs", async (t) => {
  if (!isHere(t, "python3", hasPython)) return;
  const path = await device(t);
  await refused(tpmSeal(() => openTransport(path, 100)).mark(some()), "seal.failed", /in time/);
});
