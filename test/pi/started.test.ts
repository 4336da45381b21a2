// The time from power to the first picture: noted once, and kept over locks.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { startTime } from "../../device/pi/started.ts";
import type { Picture } from "../../src/model.ts";
import type { Panel } from "../../src/ports.ts";

const PICTURE: Picture = { title: "Firn", tone: "calm", blocks: [], buttons: {} };

function panel(shown: Picture[]): Panel {
  return {
    size: () => ({ columns: 40, rows: 15 }),
    show: (picture) => shown.push(picture),
    next: async () => ({ kind: "tick" }),
    poll: () => ({ kind: "idle" }),
  };
}

test("the first picture after power tells the start time, later ones and later processes do not; all else passes through", async (t) => {
  const at = mkdtempSync(join(tmpdir(), "firn-started-"));
  t.after(() => rmSync(at, { recursive: true, force: true }));
  const kept = join(at, "started");
  let nowMs = 11_240.4;
  const shown: Picture[] = [];
  const first = startTime(kept, () => nowMs);
  const noted = first.noted(panel(shown));
  assert.equal(first.ms(), undefined);
  noted.show(PICTURE);
  nowMs = 20_000;
  noted.show(PICTURE);
  assert.deepEqual([first.ms(), shown.length, readFileSync(kept, "utf8")], [11_240, 2, "11240"]);
  assert.deepEqual(
    [noted.size(), noted.poll({}), await noted.next({})],
    [{ columns: 40, rows: 15 }, { kind: "idle" }, { kind: "tick" }],
  );
  const afterLock = startTime(kept, () => 90_000);
  afterLock.noted(panel([])).show(PICTURE);
  assert.equal(afterLock.ms(), 11_240);
});

test("what stands there otherwise is no time, and a folder that is not there keeps nothing", (t) => {
  const at = mkdtempSync(join(tmpdir(), "firn-started-"));
  t.after(() => rmSync(at, { recursive: true, force: true }));
  for (const text of ["", "-1", "1e9", "12 s", "9".repeat(13)]) {
    writeFileSync(join(at, "started"), text);
    assert.equal(startTime(join(at, "started"), () => 1).ms(), undefined, text);
  }
  const gone = startTime(join(at, "gone", "started"), () => 700);
  gone.noted(panel([])).show(PICTURE);
  assert.equal(gone.ms(), 700);
});
