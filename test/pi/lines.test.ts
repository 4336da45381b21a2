// The process that has the chip where the kernel gives no value files: its programs are played, the rest is real.

import assert from "node:assert/strict";
import { appendFileSync, chmodSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Buttons } from "../../device/boards/board.ts";
import { openHold } from "../../device/pi/hold.ts";
import { chipIn, edgeIn, monitorArguments } from "../../device/pi/lines.ts";
import { board, put, start } from "./rig.ts";

const PINS = { up: 6, down: 19, left: 5, right: 26, ok: 21, back: 16 };
const LOW: Buttons = { chips: ["pinctrl-bcm2711", "pinctrl-rp1"], pins: PINS };

test("the chip is found by its label, the first that the board names", () => {
  const printed = "gpiochip0 [raspberrypi-exp-gpio] (8 lines)\ngpiochip4 [pinctrl-rp1] (54 lines)\n";
  assert.equal(chipIn(printed, LOW.chips), "gpiochip4");
  assert.equal(chipIn(`${printed}gpiochip10 [pinctrl-bcm2711] (58 lines)\n`, LOW.chips), "gpiochip10");
  assert.equal(chipIn("gpiochip0 [pinctrl] (1 line)\n", ["pinctrl"]), "gpiochip0");
  for (const other of [
    "",
    "gpiochip0 [xpinctrl-rp1] (54 lines)",
    "gpiochip0 [pinctrl-rp1] (54 lines) more",
    "; rm [pinctrl-rp1] (1 line)",
  ])
    assert.equal(chipIn(other, LOW.chips), undefined, other);
});

test("gpiomon is asked for every button's edges, so that a rising one is a press", () => {
  const low = monitorArguments("gpiochip0", LOW).join(" ");
  assert.match(
    low,
    /^--chip gpiochip0 --edges both --debounce-period 10ms --bias pull-up --active-low --format %o %E 6 19 5 26 21 16$/,
  );
  const high = monitorArguments("gpiochip0", { ...LOW, pressedHigh: true }).join(" ");
  assert.match(high, /--bias pull-down --format/);
  assert.ok(!high.includes("active-low"));
});

test("an edge is a button pressed or let go, and nothing else is one", () => {
  assert.deepEqual(edgeIn("21 rising", LOW), { button: "ok", pressed: true });
  assert.deepEqual(edgeIn("16 falling", LOW), { button: "back", pressed: false });
  for (const other of ["", "21", "22 rising", "21 rising ", "021 rising", "21 up", "21 1", " 21 rising"])
    assert.equal(edgeIn(other, LOW), undefined, other);
});

/** gpiomon tells whatever stands in a file, as it grows; "end" ends it. */
const GPIOMON = `#!/bin/sh
here=$(dirname "$0")
echo "$@" > "$here/asked"
exec tail -n +1 -f "$here/edges"
`;

async function made(t: TestContext, printed = "gpiochip7 [9030000.pl061] (8 lines)\n") {
  const at = board(t);
  const program = (name: string, text: string) => {
    put(at, `/usr/bin/${name}`, text);
    chmodSync(join(at, "usr/bin", name), 0o755);
  };
  program("gpiodetect", `#!/bin/sh\nprintf '${printed.replace(/\n/g, "\\n")}'\n`);
  program("gpiomon", GPIOMON);
  put(at, "/usr/bin/edges", "");
  put(at, "/run/firn-lines/.keep", "");
  const started = await start(t, at, "device/pi/lines.ts", ["edges"]);
  const tell = (line: string) => appendFileSync(join(at, "usr/bin/edges"), `${line}\n`);
  return { ...started, at, tell };
}

async function until(holds: () => boolean, what: string): Promise<void> {
  for (let i = 0; i < 500; i++) {
    if (holds()) return;
    await sleep(20);
  }
  assert.fail(what);
}

test("edges reach the glass as lines of text, and the levels of ok and back stand where Firn reads them", async (t) => {
  const { at, tell, path, ended } = await made(t);
  const level = (name: string) => readFileSync(join(at, "run/firn-lines", name), "utf8");
  const glass = connect(path("edges"));
  let said = "";
  glass.on("data", (chunk) => {
    said += chunk;
  });
  await until(
    () => readFileSync(join(at, "usr/bin/asked"), { flag: "a+" }).length > 0,
    "gpiomon was started",
  );
  assert.equal(level("ok") + level("back"), "00", "nothing is pressed before an edge says so");
  assert.match(
    readFileSync(join(at, "usr/bin/asked"), "utf8"),
    /^--chip gpiochip7 .*--bias pull-down .* 0 1 2 4 5 6\n$/,
  );
  put(at, "/run/firn-machine/lines.json", { lines: {}, edges: "/edges", levels: join(at, "run/firn-lines") });
  const hold = openHold(join(at, "run/firn-machine/lines.json"), process.getuid!());
  tell("5 rising");
  await until(() => hold.levels().ok, "ok is pressed");
  tell("6 rising\n0 rising\n5 falling\n0 falling");
  await until(() => said.endsWith("up 0\n"), "all was said");
  assert.equal(said, "ok 1\nback 1\nup 1\nok 0\nup 0\n");
  assert.deepEqual(hold.levels(), { ok: false, back: true });
  glass.destroy();
  assert.deepEqual(await ended, { code: 0, said: "" });
  assert.equal(level("back"), "0", "what it kept says nothing any more");
});

test("whatever else gpiomon says, its end, or no chip at all ends the process with 1 and a reason", async (t) => {
  const strange = await made(t);
  connect(strange.path("edges")).on("error", () => undefined);
  strange.tell("5 rising 12.5");
  assert.deepEqual(await strange.ended, {
    code: 1,
    said: "Firn's lines stopped: gpiomon says what it never says",
  });
  const none = await made(t, "gpiochip0 [pinctrl-bcm2711] (58 lines)\n");
  assert.deepEqual(await none.ended, {
    code: 1,
    said: "Firn's lines stopped: there is no chip 9030000.pl061",
  });
  const at = board(t);
  for (const name of ["gpiodetect", "gpiomon"]) {
    put(
      at,
      `/usr/bin/${name}`,
      name === "gpiomon" ? "#!/bin/sh\nexit 1\n" : "#!/bin/sh\necho 'gpiochip7 [9030000.pl061] (8 lines)'\n",
    );
    chmodSync(join(at, "usr/bin", name), 0o755);
  }
  put(at, "/run/firn-lines/.keep", "");
  const ends = await start(t, at, "device/pi/lines.ts", ["edges"]);
  assert.deepEqual(await ends.ended, { code: 1, said: "Firn's lines stopped: gpiomon ended" });
  writeFileSync(join(at, "etc/firn/device.json"), "{}");
  const unknown = await start(t, at, "device/pi/lines.ts", ["edges"]);
  assert.equal((await unknown.ended).code, 1);
});
