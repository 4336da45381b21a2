// What Firn finds of itself: in a process of this test's own, in one that is shut in, and in made-up folders.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { machineFacts } from "../../device/pi/facts.ts";
import { SELF, type SelfPlaces, selfFacts } from "../../device/pi/self.ts";
import { socketFacts } from "../../device/pi/sockets.ts";
import type { Fact } from "../../src/ports.ts";
import { isHere } from "../peers/peer.ts";
import { board, CAGE, hasCage, put } from "./rig.ts";

const SHUT_STATUS =
  "TracerPid:\t0\nCapInh:\t0000000000000000\nCapPrm:\t0000000000000000\nCapEff:\t0000000000000000\nCapBnd:\t0000000000000000\nCapAmb:\t0000000000000000\nNoNewPrivs:\t1\nSeccomp:\t2\n";
const SHUT_LIMITS =
  "Limit Soft Hard Units\nMax core file size        0                    0                    bytes\n";

/** A process and a machine as they must be. */
function well(t: TestContext, files: Readonly<Record<string, string | undefined>> = {}): SelfPlaces {
  const at = board(t, { "/proc/self/status": SHUT_STATUS, "/proc/self/limits": SHUT_LIMITS, ...files });
  return {
    process: join(at, "proc/self"),
    system: join(at, "sys"),
    shut: [join(at, "nowhere")],
    programs: [join(at, "none")],
  };
}

async function factOf(places: SelfPlaces, label: string): Promise<Fact> {
  const fact = (await selfFacts(places)).find((one) => one.label === label);
  assert.ok(fact, label);
  return fact;
}

test("this process, which is not shut in, can open what it tries", async () => {
  const facts = new Map((await socketFacts()).map(({ label, state }) => [label, state]));
  for (const name of ["INET", "UNIX", "NETLINK"]) assert.equal(facts.get(`${name} sockets`), "open", name);
  // A kernel may have none of this family, even for a test.
  assert.notEqual(facts.get("INET6 sockets"), "unknown");
  assert.equal(facts.size, 4);
});

test("a process that is shut in can open none, and finds itself as it must be", async (t) => {
  if (!isHere(t, "a cage of python3 and seccomp", hasCage())) return;
  const source = `
    import { selfFacts, SELF } from ${JSON.stringify(join(import.meta.dirname, "../../device/pi/self.ts"))};
    console.log(JSON.stringify(await selfFacts({ ...SELF, system: process.argv[1], shut: [], programs: [] })));`;
  const at = board(t);
  const node = [process.execPath, "--disable-sigusr1", "--input-type=module", "-e", source, join(at, "sys")];
  const facts = JSON.parse(execFileSync("python3", [CAGE, ...node], { encoding: "utf8" })) as Fact[];
  assert.deepEqual(
    facts.filter(({ state }) => state !== "well"),
    [],
  );
  const labels = facts.map(({ about, label }) => `${about}: ${label}`);
  for (const label of [
    "network: INET sockets",
    "network: NETLINK sockets",
    "process: System calls",
    "process: Core dumps",
  ])
    assert.ok(labels.includes(label), label);
});

test("what rests on no try says so, and stands with what it rests on", async (t) => {
  const places = well(t);
  const packet = await factOf(places, "PACKET sockets");
  assert.deepEqual([packet.about, packet.state], ["network", "well"]);
  assert.match(packet.found, /^not tried: /);
  for (const set of ["CapEff", "CapBnd"]) {
    const raw = SHUT_STATUS.replace(`${set}:\t0000000000000000`, `${set}:\t0000000000002000`);
    assert.equal((await factOf(well(t, { "/proc/self/status": raw }), "PACKET sockets")).state, "open", set);
  }
  const bluetooth = await factOf(places, "BLUETOOTH sockets");
  assert.match(bluetooth.found, /^not tried: the kernel has none/);
  assert.equal(bluetooth.state, "well");
  const known = await factOf(well(t, { "/sys/module/bluetooth/refcnt": "0\n" }), "BLUETOOTH sockets");
  assert.deepEqual([known.about, known.state], ["network", "unknown"]);
});

test("an interface beside lo is open; what cannot be looked at is unknown, never well", async (t) => {
  assert.equal((await factOf(well(t), "Interfaces that Firn sees")).found, "only lo");
  const more = await factOf(well(t, { "/sys/class/net/wlan0/flags": "0\n" }), "Interfaces that Firn sees");
  assert.deepEqual([more.state, more.found], ["open", "wlan0 beside lo"]);
  const nothing = { process: "/nowhere", system: "/nowhere", shut: [], programs: [] };
  const looked = (await selfFacts(nothing)).filter(({ label }) => !/INET|UNIX|NETLINK/.test(label));
  const unknown = looked.filter(({ state }) => state === "unknown").map(({ label }) => label);
  assert.deepEqual(unknown, [
    "PACKET sockets",
    "BLUETOOTH sockets",
    "Interfaces that Firn sees",
    "System calls",
    "New privileges",
    "Capabilities",
    "Core dumps",
    "Debuggers",
  ]);
});

test("each thing that a process must not have is found by itself", async (t) => {
  for (const [label, from, to] of [
    ["System calls", "Seccomp:\t2", "Seccomp:\t0"],
    ["New privileges", "NoNewPrivs:\t1", "NoNewPrivs:\t0"],
    ["Capabilities", "CapInh:\t0000000000000000", "CapInh:\t0000000000000001"],
    ["Capabilities", "CapPrm:\t0000000000000000", "CapPrm:\t0000000000200000"],
    ["Capabilities", "CapEff:\t0000000000000000", "CapEff:\t8000000000000000"],
    ["Capabilities", "CapBnd:\t0000000000000000", "CapBnd:\t000001ffffffffff"],
    ["Capabilities", "CapAmb:\t0000000000000000", "CapAmb:\t0000000000000400"],
    ["Debuggers", "TracerPid:\t0", "TracerPid:\t4"],
  ] as const) {
    const fact = await factOf(well(t, { "/proc/self/status": SHUT_STATUS.replace(from, to) }), label);
    assert.deepEqual([fact.about, fact.state], ["process", "open"], to);
  }
  for (const limit of [
    "unlimited            unlimited",
    "0                    unlimited",
    "unlimited            0",
  ]) {
    const limits = SHUT_LIMITS.replace("0                    0", limit);
    assert.equal((await factOf(well(t, { "/proc/self/limits": limits }), "Core dumps")).state, "open", limit);
  }
});

test("a folder that can be written is found and left as it was; one that cannot is not", async (t) => {
  const places = well(t);
  const folder = join(places.system, "writable");
  mkdirSync(folder);
  assert.equal((await factOf(places, "Folders beside the home")).state, "well");
  const fact = await factOf({ ...places, shut: [folder, join(folder, "gone")] }, "Folders beside the home");
  assert.deepEqual([fact.state, fact.found], ["open", folder]);
  assert.deepEqual(readdirSync(folder), []);
  rmSync(folder, { recursive: true });
});

test("a program that can be started is found; one that is not there or not allowed is not", async (t) => {
  const places = well(t);
  const file = (name: string, mode: number) => {
    const path = join(places.system, name);
    writeFileSync(path, "#!/bin/sh\nexit 0\n");
    chmodSync(path, mode);
    return path;
  };
  const refused = file("refused", 0o644);
  assert.match((await factOf(places, "Other programs")).found, /none of those looked for is there/);
  assert.deepEqual((await factOf({ ...places, programs: [refused] }, "Other programs")).state, "well");
  assert.equal(
    (await factOf({ ...places, programs: [refused, file("runs", 0o755)] }, "Other programs")).state,
    "open",
  );
});

test("looking takes less than a second, also where everything is open", async () => {
  const begun = performance.now();
  await selfFacts(SELF);
  assert.ok(performance.now() - begun < 1000);
});

const FOUND = {
  board: "Raspberry Pi Zero 2 W Rev 1.0",
  image: { rootHash: "ab".repeat(32), imageId: "cd".repeat(32) },
  findings: [{ about: "network", label: "Wireless", found: "none", state: "well" }],
} as const;

test("what root found of the machine is taken whole, or not at all: then the keys stay shut", (t) => {
  const at = board(t, { "/run/firn-machine/facts.json": FOUND });
  const path = join(at, "run/firn-machine/facts.json");
  const read = (owner = process.getuid!()) => machineFacts(path, "Board", owner);
  assert.deepEqual(read(), FOUND);
  const shut = (why: RegExp, owner?: number) => {
    const { board: title, findings, image } = read(owner);
    assert.deepEqual([title, image], ["Board", undefined]);
    assert.deepEqual(
      findings.map(({ about, state }) => [about, state]),
      [
        ["network", "unknown"],
        ["root", "unknown"],
      ],
    );
    assert.match(findings[0]!.found, why);
  };
  shut(/root alone/, process.getuid!() + 1);
  const [fact] = FOUND.findings;
  for (const wrong of [
    { ...FOUND, findings: [{ ...fact, state: "fine" }] },
    { ...FOUND, findings: [{ ...fact, about: "weather" }] },
    { ...FOUND, findings: [{ ...fact, found: "" }] },
    { ...FOUND, findings: [{ ...fact, found: "x".repeat(201) }] },
    { ...FOUND, findings: Array.from({ length: 65 }, () => fact) },
    { ...FOUND, image: { rootHash: "ab" } },
    { ...FOUND, more: 1 },
    { findings: [] },
    "not JSON",
    `"${"x".repeat(70_000)}"`,
  ]) {
    put(at, "/run/firn-machine/facts.json", wrong);
    shut(/cannot be read/);
  }
  chmodSync(path, 0o664);
  shut(/root alone/);
  rmSync(path);
  put(at, "/elsewhere", FOUND);
  symlinkSync(join(at, "elsewhere"), path);
  shut(/ELOOP/);
  rmSync(path);
  shut(/nobody has looked/);
});
