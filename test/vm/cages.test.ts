// What an attacker who has taken over a whole program of the three could do from there: a program of ours stands in
// its place, under the very unit, and tries. Every success is listed here; there must be no other.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Machine } from "./machine.ts";
import { startMachine } from "./machine.ts";
import { canEmulate } from "./need.ts";
import { PATIENCE_MS } from "./person.ts";
import { probeFor } from "./probe/image.ts";
import { COMPILER, wordFor } from "./probe/overlay.ts";

/** Those who stand behind a port of the emulator, by the port's place: camera, report, TPM. */
const PORT = { camera: "/dev/vport3p1", tpm: "/dev/vport3p3" } as const;
const GPIO = "/sys/devices/platform/9030000.pl061/gpiochip0/gpio";
/** The kernel's numbers of the lines that device/boards names. */
const LINES = [512, 513, 514, 516, 517, 518];

/** Of no harm: without content, made of chance, or a fresh terminal that nobody reads. */
const PLAIN_DEVICES = ["null", "zero", "full", "random", "urandom", "ptmx"].map(
  (name) => `device /dev/${name} rw`,
);
const PLAIN_FILES = ["firn/device.json", "group", "hostname", "machine-id", "nsswitch.conf", "passwd"].map(
  (name) => `read /etc/${name}`,
);
const MACHINE = ["facts", "lines"].map((name) => `read /run/firn-machine/${name}.json`);
/** Itself, once more, in the same cage; and the loader by which it was started. */
const ITSELF = ["exec /usr/bin/node", "exec /usr/lib/ld-linux-aarch64.so.1", "proc self", "proc thread-self"];
const UNIX = ["socket 1/1", "socket 1/2", "socket 1/3", "socket 1/5", "socketpair"];

const common = (unit: string) => [
  ...PLAIN_DEVICES,
  ...PLAIN_FILES,
  ...ITSELF,
  `write /sys/fs/cgroup/system.slice/${unit}/memory.pressure`,
  // Its own alone: no other sees what lies in it.
  "create /dev/mqueue",
];

const WORKS: Readonly<Record<string, readonly string[]>> = {
  firn: [
    ...common("firn.service"),
    ...MACHINE,
    ...["firn-boot/data", "firn-boot/root"].map((name) => `read /run/${name}`),
    ...["systemd-units-load", "propagate/.os-release-stage/os-release"].map(
      (name) => `read /run/systemd/${name}`,
    ),
    ...["create /run/firn", "create /var/lib/firn"],
    ...["device /dev/hwrng r", `device ${PORT.tpm} rw`],
  ],
  eye: [
    ...common("firn-eye.service"),
    ...UNIX,
    "connect /run/firn-wire/eye.sock",
    `device ${PORT.camera} rw`,
  ],
  glass: [
    ...common("firn-glass.service"),
    ...MACHINE,
    ...UNIX,
    "connect /run/firn-wire/glass.sock",
    ...["device /dev/fb0 rw", "device /dev/tty rw", "device /dev/tty1 rw"],
    // It may open the lines' values, which onoff asks for; the kernel lets nobody drive an input (see "drive").
    ...LINES.map((line) => `write ${GPIO}/gpio${line}/value`),
  ],
};

/** What the kernel answers where it is not the filter that answers. */
const ANSWERS: Readonly<Record<string, string>> = {
  "exec-from-memory": "EACCES",
  mknodat: "EACCES",
  // V8 writes code as it runs; SECURITY.md says why that is left to it.
  "map-and-run": "ok",
  // Harmless: a name for a file, which open_by_handle_at would take.
  name_to_handle_at: "EOVERFLOW",
};

interface Report {
  readonly works: readonly string[];
  readonly calls: ReadonlyMap<string, string>;
  readonly status: ReadonlyMap<string, string>;
  readonly drives: readonly string[];
  /** How much was tried in vain: a probe that tried nothing would find nothing. */
  readonly refused: ReadonlyMap<string, number>;
}

async function reports(machine: Machine): Promise<Map<string, Report>> {
  const whole =
    /^program firn\n([\s\S]*?\nend\n)program eye\n([\s\S]*?\nend\n)program glass\n([\s\S]*?\nend\n)/m;
  for (const from = performance.now(); performance.now() - from < PATIENCE_MS; await sleep(200)) {
    const found = whole.exec(machine.reported());
    if (found) return new Map(["firn", "eye", "glass"].map((name, at) => [name, read(found[at + 1]!)]));
  }
  throw new Error(
    `the probes have not ended\n${machine.reported().slice(-500)}\n${(await machine.text()).join("\n")}`,
  );
}

function read(text: string): Report {
  const lines = text.split("\n").filter((line) => line !== "" && line !== "end");
  const after = (word: string) =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
  const pairs = (word: string) =>
    after(word).map((rest): [string, string] => [
      rest.split(/[ :]/)[0]!,
      rest.split(/\s+/).slice(1).join(" "),
    ]);
  // Libraries, which Node maps: as programs they come to nothing. And what udev knows of devices, for node-hid.
  const noise =
    /^(call|status|drive|refused|read below) |^exec \/usr\/lib\/aarch64-linux-gnu\/|^read \/run\/udev\//;
  return {
    works: lines.filter((line) => !noise.test(line)),
    calls: new Map(pairs("call")),
    status: new Map(pairs("status")),
    drives: after("drive"),
    refused: new Map(pairs("refused").map(([name, count]) => [name, Number(count)])),
  };
}

test("a program in the place of Firn, eye or glass reaches what is its own and nothing else", async (t) => {
  if (!canEmulate(t, "arm64", COMPILER.arm64)) return;
  const image = await probeFor("arm64");
  const machine = await startMachine(t, { image, report: true, words: [wordFor("cages")] });
  for (const [name, report] of await reports(machine)) {
    await t.test(`${name}: files, devices, sockets, programs`, () => {
      assert.deepEqual(report.works.toSorted(), WORKS[name]!.toSorted());
    });
    await t.test(`${name}: no call reaches the kernel's own, another process or another right`, () => {
      const others = name === "firn" ? { listen: "ENOTSOCK" } : {};
      const terminal = name === "glass" ? "EIO" : "ENOTTY";
      const expected = { ...ANSWERS, ...others, "push-to-terminal": terminal };
      assert.ok(report.calls.size > 50);
      for (const [call, answer] of report.calls)
        assert.equal(answer, (expected as Record<string, string>)[call] ?? "EPERM", call);
    });
    await t.test(`${name}: no rights, and none to be had`, () => {
      for (const set of ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"])
        assert.equal(report.status.get(set), "0000000000000000", set);
      assert.equal(report.status.get("NoNewPrivs"), "1");
      assert.equal(report.status.get("Seccomp"), "2");
    });
    await t.test(`${name}: no line of a button is driven or turned round`, () => {
      const lines = name === "glass" ? LINES.map((line) => `gpio${line}/value EPERM`) : [];
      assert.deepEqual(report.drives.toSorted(), lines);
    });
    await t.test(`${name}: much was tried`, () => {
      for (const [what, least] of [
        ["sockets", 200],
        ["reads", 5000],
        ["writes", 5000],
        ["places", 1000],
        ["programs", 5],
      ] as const)
        assert.ok(report.refused.get(what)! > least, `${what}: ${report.refused.get(what)}`);
    });
  }
});
