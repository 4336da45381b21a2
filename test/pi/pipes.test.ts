// One pipe that is handed over, and nobody who comes, or no pipe at all.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { connect } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { board, start } from "./rig.ts";

test("whoever comes in time is taken; where nobody does, that is the answer, and the socket is let go", async (t) => {
  const at = board(t);
  const taken = await start(t, at, "test/pi/one-pipe.ts", ["only"]);
  connect(taken.path("only")).on("error", () => undefined);
  assert.deepEqual(await taken.ended, { code: 0, said: "came" });
  const { ended } = await start(t, at, "test/pi/one-pipe.ts", ["only"]);
  assert.deepEqual(await ended, { code: 0, said: "undefined" });
});

test("what is handed over and is no listening socket is refused by name", () => {
  const program = join(import.meta.dirname, "one-pipe.ts");
  for (const fd of ["/dev/null", "/dev/zero", import.meta.filename]) {
    const shell = `export LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES=only; exec "$0" "$1" 3<"$2"`;
    const { stderr } = spawnSync("sh", ["-c", shell, process.execPath, program, fd], { encoding: "utf8" });
    assert.match(stderr, /machine\.pipes: descriptor 3 is no listening socket/, fd);
  }
});
