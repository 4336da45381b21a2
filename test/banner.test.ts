// The network stands on every picture that is not mainnet's: there is no way to the glass but these three.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Picture } from "../src/model.ts";
import type { Ports } from "../src/ports.ts";
import type { Work } from "../src/request.ts";
import { notice } from "../src/screens/notice.ts";
import { ask, openDesk, perform, wait } from "../src/ui.ts";

/** A machine whose clock goes on by 50 ms at each look, and on which ok is pressed whenever somebody waits. */
function machine(practice = false) {
  const pictures: Picture[] = [];
  let nowMs = 0;
  const ports = {
    panel: {
      next: async () => ({ kind: "press", button: "ok" }),
      poll: () => undefined,
      show: (picture: Picture) => pictures.push(picture),
      size: () => ({ columns: 80, rows: 24 }),
    },
    clock: {
      monotonicMs: () => {
        nowMs += 50;
        return nowMs;
      },
      breathe: async () => {},
    },
    machine: { practice },
  } as unknown as Ports;
  return { desk: openDesk(ports), pictures };
}

function* work(): Work<void> {
  for (let step = 0; step < 20; step++) yield step / 20;
}

test("the banner is on every screen, on the progress of work, and while the machine is waited for", async () => {
  for (const banner of ["TESTNET4", undefined]) {
    const { desk, pictures } = machine();
    desk.banner = banner;
    await ask(desk, notice("Something", [{ kind: "text", text: "to read" }]));
    await perform(desk, "Signing", work());
    await wait(desk, "Checking the PIN", Promise.resolve());
    const titles = pictures.map(({ title }) => title);
    for (const title of ["Something", "Signing", "Checking the PIN"])
      assert.ok(titles.includes(title), title);
    for (const picture of pictures) assert.equal(picture.banner, banner, picture.title);
  }
});

test("practice keys are named before any network is known", async () => {
  const { desk, pictures } = machine(true);
  await ask(desk, notice("Welcome", []));
  assert.equal(pictures[0]!.banner, "PRACTICE KEYS");
});
