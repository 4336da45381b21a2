// The board's generator; the TPM's is with the TPM.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { boardNoise } from "../../device/seal/noise.ts";
import { refused, some } from "./stage.ts";

test("a board's generator gives as many bytes as are asked for", async () => {
  const noise = boardNoise("/dev/urandom");
  assert.equal(noise.name, "board");
  for (const length of [1, 32, 16_384]) assert.equal((await noise.bytes(length)).length, length);
  assert.notDeepEqual(await noise.bytes(32), await noise.bytes(32));
  await assert.rejects(noise.bytes(0), { name: "Error" });
  await assert.rejects(noise.bytes(16_385), { name: "Error" });
});

test("one that is not there, gives too little, or nothing, is a source that fails, and nobody hangs", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "firn-noise-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await refused(boardNoise(join(folder, "none")).bytes(8), "birth.source-failed", /^board: ENOENT$/);
  await writeFile(join(folder, "short"), some(7));
  await refused(boardNoise(join(folder, "short")).bytes(8), "birth.source-failed", /gives no more/);
  await refused(boardNoise("/dev/null").bytes(8), "birth.source-failed", /gives no more/);
  const pipe = join(folder, "pipe");
  execFileSync("mkfifo", [pipe]);
  await refused(boardNoise(pipe, 50).bytes(8), "birth.source-failed", /in time/);
  // Whoever waits there is let go.
  await writeFile(pipe, some(1));
});
