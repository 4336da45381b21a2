// What root makes ready before Firn: the lines of a board, on a made-up kernel; that what fails keeps nothing else back.

import assert from "node:assert/strict";
import { chmodSync, statSync } from "node:fs";
import { test } from "node:test";
import type { Buttons } from "../../device/boards/board.ts";
import { boards } from "../../device/boards/index.ts";
import { readFactsJson } from "../../device/pi/facts.ts";
import { readLinesJson } from "../../device/pi/lines-file.ts";
import { setFont } from "../../device/pi/root/console.ts";
import { setUpLines, shareWith } from "../../device/pi/root/pins.ts";
import { prepare, type Steps } from "../../device/pi/root/prepare.ts";
import { folded, lastWords } from "../../device/pi/root/stopped.ts";
import { type Files, type MadeUp, madeUp } from "./root-machine.ts";

const GPIO = "/sys/class/gpio";
const BUTTONS: Buttons = {
  chips: ["pinctrl-bcm2711", "pinctrl-bcm2835"],
  pins: { up: 6, down: 19, left: 5, right: 26, ok: 21, back: 16, led: 17, buzzer: 12 },
};
const NAMES = ["up", "down", "left", "right", "ok", "back", "led", "buzzer"] as const;

/** Two chips, of which the board's is the one that was found later, and so has the lower numbers. */
const CHIPS: Files = {
  [`${GPIO}/export`]: "",
  [`${GPIO}/gpiochip570/label`]: "raspberrypi-exp-gpio\n",
  [`${GPIO}/gpiochip570/base`]: "570\n",
  [`${GPIO}/gpiochip570/ngpio`]: "8\n",
  [`${GPIO}/gpiochip512/label`]: "pinctrl-bcm2835\n",
  [`${GPIO}/gpiochip512/base`]: "512\n",
  [`${GPIO}/gpiochip512/ngpio`]: "54\n",
};

/** A line appears when it is exported, once; "low" makes it an output that is off. */
function kernel(machine: MadeUp, path: string, text: string): boolean | undefined {
  if (path !== `${GPIO}/export`) return undefined;
  const folder = `${GPIO}/gpio${text}`;
  if (machine.names(folder) !== undefined) throw Object.assign(new Error("busy"), { code: "EBUSY" });
  for (const [file, at] of Object.entries({ active_low: "1", direction: "out", edge: "none", value: "1" }))
    machine.file(`${folder}/${file}`, at);
  return true;
}

test("the board's lines are found by their chip's label, and set up one as the other wherever their numbers begin", (t) => {
  const machine = madeUp(t, CHIPS, kernel);
  const shared: string[] = [];
  const { file, missing } = setUpLines(machine, BUTTONS, (path) => shared.push(path));
  assert.deepEqual(missing, []);
  assert.deepEqual(readLinesJson(JSON.parse(JSON.stringify(file)), ""), file);
  for (const name of NAMES) {
    const number = 512 + BUTTONS.pins[name]!;
    assert.deepEqual(file.lines[name], { number, value: `${GPIO}/gpio${number}/value` });
    const out = name === "led" || name === "buzzer";
    assert.equal(machine.text(`${GPIO}/gpio${number}/direction`), out ? "low" : "in", name);
    assert.equal(machine.text(`${GPIO}/gpio${number}/edge`), out ? "none" : "both", name);
    assert.equal(machine.text(`${GPIO}/gpio${number}/active_low`), "0", name);
  }
  assert.deepEqual(
    shared,
    NAMES.map((name) => machine.at(`${GPIO}/gpio${512 + BUTTONS.pins[name]!}/value`)),
  );
});

test("a line that another start left exported is set up anew", (t) => {
  const machine = madeUp(t, CHIPS, kernel);
  kernel(machine, `${GPIO}/export`, String(512 + BUTTONS.pins.ok));
  assert.deepEqual(setUpLines(machine, BUTTONS, () => undefined).missing, []);
  assert.equal(machine.text(`${GPIO}/gpio533/direction`), "in");
});

test("of two chips with labels of the board's the first that the board names is taken", (t) => {
  const other = { [`${GPIO}/gpiochip600/label`]: "pinctrl-bcm2711", [`${GPIO}/gpiochip600/base`]: "600" };
  const machine = madeUp(t, { ...CHIPS, ...other, [`${GPIO}/gpiochip600/ngpio`]: "58" }, kernel);
  assert.equal(setUpLines(machine, BUTTONS, () => undefined).file.lines.ok?.number, 621);
});

test("pressed is high only where the board says so", (t) => {
  const high = setUpLines(madeUp(t, CHIPS, kernel), { ...BUTTONS, pressedHigh: true }, () => undefined);
  assert.equal(high.file.pressedHigh, true);
  assert.ok(!("pressedHigh" in setUpLines(madeUp(t, CHIPS, kernel), BUTTONS, () => undefined).file));
});

test("a line that cannot be set up or given away is left out and named; the others are there", (t) => {
  const machine = madeUp(t, CHIPS, (made, path, text) => {
    if (text === "533") throw Object.assign(new Error("busy"), { code: "EBUSY" });
    return kernel(made, path, text);
  });
  const { file, missing } = setUpLines(
    machine,
    { ...BUTTONS, pins: { ...BUTTONS.pins, back: 54 } },
    (path) => {
      if (path.includes("gpio518/")) throw Object.assign(new Error(), { code: "EPERM" });
    },
  );
  assert.deepEqual(missing, ["up (EPERM)", "ok (EBUSY)", "back (no such line)"]);
  assert.deepEqual(Object.keys(file.lines), ["down", "left", "right", "led", "buzzer"]);
});

test("without the board's chip no line is touched; without the kernel's files the lines are another process's", (t) => {
  const strange = madeUp(t, CHIPS, kernel);
  const none = setUpLines(strange, { ...BUTTONS, chips: ["pinctrl-rp1"] }, () => undefined);
  assert.deepEqual([none.file, none.missing, strange.puts], [{ lines: {} }, ["no chip pinctrl-rp1"], []]);
  const { file } = setUpLines(madeUp(t, {}), BUTTONS, () => undefined);
  assert.deepEqual(readLinesJson(file, ""), file);
  assert.equal(file.edges, "/run/firn-wire/lines.sock");
});

test("only the value file is shared, with the one group, and without that group with nobody", (t) => {
  const files = { "/etc/group": `root:x:0:\nfirn-lines:x:${process.getgid!()}:firn-glass\n`, "/value": "1" };
  const machine = madeUp(t, files);
  chmodSync(machine.at("/value"), 0o600);
  if (process.getuid!() === 0) {
    shareWith(machine, "firn-lines")(machine.at("/value"));
    assert.equal(statSync(machine.at("/value")).mode & 0o777, 0o664);
    assert.equal(statSync(machine.at("/value")).gid, process.getgid!());
  } else t.diagnostic("left out: giving a file away, which only root can");
  chmodSync(machine.at("/value"), 0o600);
  assert.throws(() => shareWith(machine, "firn")(machine.at("/value")), /no group firn$/);
  assert.equal(statSync(machine.at("/value")).mode & 0o777, 0o600);
});

// ---------------------------------------------------------------- all of it

const MODULES = "/proc/sys/kernel/modules_disabled";
const device = () => {
  const board = { ...boards[0]!, buttons: BUTTONS, title: "a board" };
  const chosen = { board: board.name, camera: "x", screen: "x", buttons: true, tpm: false };
  return { board, chosen };
};
const STEPS: Steps = { device, font: () => undefined, share: () => undefined };

function prepared(t: Parameters<typeof madeUp>[0], steps: Partial<Steps>, files: Files = CHIPS) {
  const machine = madeUp(t, { ...files, [MODULES]: "0\n", "/run/firn-machine/.keep": "" }, kernel);
  prepare(machine, { ...STEPS, ...steps });
  const facts = readFactsJson(JSON.parse(machine.text("/run/firn-machine/facts.json")!), "");
  return {
    machine,
    facts,
    parts: facts.findings.filter(({ about, state }) => about === "part" && state !== "well"),
  };
}

test("before Firn nothing more can be loaded, and what was found and set up stands where Firn reads it", (t) => {
  const { machine, facts, parts } = prepared(t, {});
  assert.equal(machine.text(MODULES), "1");
  assert.equal(facts.findings.find(({ label }) => label === "Kernel modules")?.state, "well");
  assert.deepEqual(parts, []);
  const lines = readLinesJson(JSON.parse(machine.text("/run/firn-machine/lines.json")!), "");
  assert.equal(lines.lines.ok?.number, 533);
  assert.equal(facts.board, "a board");
  // Set up first, shut then, looked at last.
  assert.equal(machine.puts.at(-1), `${MODULES} 1`);
});

test("a font that is not there is named, and everything else is made ready all the same", (t) => {
  const { machine, parts } = prepared(t, {
    font: () => {
      throw new Error("no font x");
    },
  });
  assert.deepEqual(parts, [{ about: "part", label: "Console font", found: "no font x", state: "open" }]);
  assert.equal(machine.text(MODULES), "1");
  assert.ok(machine.text("/run/firn-machine/lines.json"));
});

test("a board without buttons has no file of lines", (t) => {
  const { machine, parts } = prepared(t, {
    device: () => ({ ...device(), chosen: { ...device().chosen, buttons: false } }),
  });
  assert.equal(machine.text("/run/firn-machine/lines.json"), undefined);
  assert.deepEqual(parts, []);
});

test("without a description nothing is set up, modules are shut all the same, and it is said", (t) => {
  const { machine, parts, facts } = prepared(t, { device: () => undefined });
  assert.deepEqual(
    parts.map(({ label }) => label),
    ["Description"],
  );
  assert.deepEqual(machine.puts, [`${MODULES} 1`]);
  assert.equal(facts.board, "an unknown board");
});

test("lines that are missing are named in as many words as a screen takes", (t) => {
  const { parts } = prepared(t, {
    share: () => {
      throw new Error("x".repeat(500));
    },
  });
  assert.equal(parts[0]?.label, "Lines");
  assert.ok(parts[0]!.found.length <= 120);
});

test("a font that cannot be unpacked is not set, and nothing of it is kept", (t) => {
  const machine = madeUp(t, { "/dev/tty1": "" });
  assert.throws(() => setFont(machine, { font: "x.psf.gz" }, machine.at("/font")), /no font x\.psf\.gz/);
  machine.file("/usr/share/consolefonts/x.psf.gz", "not packed");
  assert.throws(() => setFont(machine, { font: "x.psf.gz" }, machine.at("/font")), /incorrect header/);
  assert.deepEqual(machine.puts, []);
  assert.equal(machine.text("/font"), undefined);
});

// ---------------------------------------------------------------- its last words

test("what the three said last is shown, Firn's first, as printable text of one line each, a cage's as its own", () => {
  const said: Record<string, string> = {
    firn: "Firn stopped: the glass broke the rules\n",
    glass: "The glass stopped: line: too long\n\u001b[2J\n",
    eye: "",
  };
  assert.equal(
    lastWords((part) => said[part] ?? ""),
    'Firn stopped: the glass broke the rules\n\nThe glass said: "?[2J"',
  );
  assert.equal(
    lastWords(() => ""),
    "Firn stopped, and could not say why.",
  );
});

test("of a crash the error is shown, and not where it came from", () => {
  const crash =
    "file:///usr/lib/firn/x.js:1\nthrow\n^\n\nError: EIO: i/o error\n    at write (x:1:2)\n\nNode.js v24.21.0\n";
  assert.equal(
    lastWords((part) => (part === "eye" ? crash : "")),
    'The eye said: "Error: EIO: i/o error"',
  );
});

test("on a screen of 20 columns no line is longer, whatever the words are", () => {
  const text = folded(`Firn stopped: ${"x".repeat(50)} nothing is lost.`, 20);
  assert.ok(text.split("\n").every((line) => line.length <= 20));
  assert.equal(text.replaceAll("\n", "").replaceAll(" ", ""), `Firnstopped:${"x".repeat(50)}nothingislost.`);
});
