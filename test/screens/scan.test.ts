// The screen that scans, as the camera does well or badly.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Event, Size } from "../../src/model.ts";
import { scan } from "../../src/screens/scan.ts";
import type { Screen } from "../../src/screens/screen.ts";

const LARGE: Size = { columns: 120, rows: 60 };

const says = (screen: Screen<unknown>) => JSON.stringify(screen.draw(LARGE));
const after = (screen: Screen<unknown>, event: Event) => screen.on(event, LARGE) as Screen<unknown>;
const PROGRESS: Event = {
  kind: "progress",
  progress: { dialect: "ur", have: 1, total: 9, map: "#........" },
};

test("what is wrong with the camera stands before what was wrong with a code, until it is taken back", () => {
  const events: readonly Event[] = [
    { kind: "preview", width: 1, height: 1, luma: Uint8Array.of(9) },
    { kind: "unread", reason: "transport.mixed" },
    { kind: "camera", trouble: "transport.camera-stopped" },
    { kind: "unread", reason: "transport.unknown" },
  ];
  const stopped = events.reduce(after, scan({ title: "T", ask: "Show it.", kinds: ["psbt"] }));
  assert.match(says(stopped), /caution.*transport\.camera-stopped/);
  assert.doesNotMatch(says(stopped), /transport\.(mixed|unknown)|image|Show it/);
  const again = after(stopped, { kind: "camera" });
  assert.match(says(again), /Show it.*transport\.unknown.*image/);
  assert.equal(after(again, PROGRESS).draw(LARGE).tone, "calm");
  assert.equal(after(stopped, PROGRESS).draw(LARGE).tone, "caution");
});

test("a camera that sees badly still shows what it sees, with what to show it until that has begun", () => {
  for (const what of ["dark", "blurred", "frozen"]) {
    const events: readonly Event[] = [
      { kind: "camera", trouble: `transport.camera-${what}` },
      { kind: "preview", width: 1, height: 1, luma: Uint8Array.of(9) },
    ];
    const seen = events.reduce(after, scan({ title: "T", ask: "Show it.", kinds: ["psbt"] }));
    assert.match(says(seen), new RegExp(`caution.*Show it.*transport\\.camera-${what}.*image`));
    assert.doesNotMatch(says(after(seen, PROGRESS)), /Show it/);
  }
});
