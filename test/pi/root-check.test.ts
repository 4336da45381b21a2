// What root finds of the machine itself, on made-up machines that lack one thing each.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { test } from "node:test";
import { readFactsJson } from "../../device/pi/facts.ts";
import { lookAt } from "../../device/pi/root/check.ts";
import { tellAgain, tellFacts } from "../../device/pi/root/facts.ts";
import type { Machine } from "../../device/pi/root/machine.ts";
import { type Files, madeUp } from "./root-machine.ts";

const HASH = "3f".repeat(32);
const ID = "a1".repeat(32);

/** An image that runs as it was built. */
const WELL: Files = {
  "/sys/class/net/lo/address": "00:00:00:00:00:00\n",
  "/sys/bus/usb/devices/usb1/authorized": "1\n",
  "/sys/module/usbcore/parameters/authorized_default": "0\n",
  "/proc/sys/kernel/modules_disabled": "1\n",
  "/proc/swaps": "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n",
  "/proc/cmdline": `console=tty1 quiet systemd.show_status=0 systemd.log_target=null usbcore.authorized_default=0 firn.image=${ID}\n`,
  "/proc/self/mountinfo":
    "22 27 0:21 / /proc rw,relatime - proc proc rw\n27 1 254:0 / / ro,relatime - squashfs /dev/mapper/root ro\n",
  "/sys/dev/block/254:0/dm/name": "root\n",
  "/sys/dev/block/254:0/ro": "1\n",
  "/run/firn-boot/root": `${HASH}\n`,
};

function states(machine: Machine) {
  const { findings } = lookAt(machine, "a board");
  return findings
    .filter(({ state }) => state !== "well")
    .map(({ about, label, state }) => [about, label, state]);
}

test("a machine that is as it was built has nothing open, and says which image it runs", (t) => {
  const facts = lookAt(madeUp(t, WELL), "a board");
  assert.deepEqual(
    facts.findings.filter(({ state }) => state !== "well"),
    [],
  );
  assert.deepEqual(facts.image, { rootHash: HASH, imageId: ID });
  assert.equal(facts.board, "a board");
  assert.ok(facts.findings.filter(({ about }) => about === "network").length >= 5);
  assert.ok(facts.findings.some(({ about, label }) => about === "root" && label === "Root file system"));
});

const OPEN: readonly (readonly [string, string, string, string])[] = [
  ["an Ethernet interface", "/sys/class/net/eth0/address", "dc:a6:32:00:00:01", "Network interfaces"],
  [
    "an interface that is down and has another name",
    "/sys/class/net/wwan0/operstate",
    "down",
    "Network interfaces",
  ],
  ["a radio whose interface has gone", "/sys/class/ieee80211/phy0/name", "phy0", "Wireless"],
  ["a radio's switch", "/sys/class/rfkill/rfkill0/type", "bluetooth", "Wireless"],
  ["a mobile modem without an interface", "/sys/class/wwan/wwan0/uevent", "", "Wireless"],
  ["a Bluetooth adapter", "/sys/class/bluetooth/hci0/address", "00", "Bluetooth"],
  ["a port that could be a gadget", "/sys/class/udc/20980000.usb/state", "not attached", "USB gadget"],
  [
    "USB devices that come in unasked",
    "/sys/module/usbcore/parameters/authorized_default",
    "-1",
    "USB devices",
  ],
];
for (const [what, path, content, label] of OPEN)
  test(`${what} is a way to a network`, (t) => {
    assert.deepEqual(states(madeUp(t, { ...WELL, [path]: content })), [["network", label, "open"]]);
  });

test("a wireless interface is found by what it is, and not by its name", (t) => {
  const machine = madeUp(t, { ...WELL, "/sys/class/net/lo/wireless/link": "0" });
  assert.deepEqual(states(machine), [["network", "Wireless", "open"]]);
});

const ROOT: readonly (readonly [string, Files, string])[] = [
  ["modules that can still be loaded", { "/proc/sys/kernel/modules_disabled": "0\n" }, "Kernel modules"],
  ["swap", { "/proc/swaps": "Filename\n/dev/zram0 partition 1024 0 100\n" }, "Swap"],
  ...[
    "init=/bin/sh",
    "rdinit=/x",
    "systemd.unit=rescue.target",
    "systemd.debug_shell=1",
    "systemd.debug-shell",
    "systemd.set_credential=systemd.extra-unit.x.service:x",
    "systemd.mask=firn-prepare.service",
    "single",
    "S",
    "1",
    "emergency",
    "kgdbwait",
    "rd.break",
    // As process 1 unquotes them.
    '"systemd.unit=rescue.target"',
    "'systemd.debug_shell'",
    'system"d.unit"=x',
    "system\\d.unit=x",
    // Unknown to the kernel, which hands them to process 1 as its environment.
    "SYSTEMD_UNIT_PATH=/var/lib/firn:",
    "LD_PRELOAD=/x",
  ].map(
    (word) =>
      [
        `the word ${word} for the kernel`,
        { "/proc/cmdline": `quiet ${word} x=1 firn.image=${ID}` },
        "Command line",
      ] as const,
  ),
];
for (const [what, files, label] of ROOT)
  test(`${what} is a way around what was built`, (t) => {
    assert.deepEqual(states(madeUp(t, { ...WELL, ...files })), [["root", label, "open"]]);
  });

test("words that only belong to the image or to the kernel's own drivers are nothing foreign", (t) => {
  const line = `console=ttyAMA0 fbcon=nodefer,rotate:1 panic=30 firn.image=${ID} root=/dev/x BOOT_IMAGE=/vmlinuz 8250.nr_uarts=0 vc_mem.mem_base=0x3ec00000 video=HDMI-A-1:1920x1080M@60 bcm2708_fb.fbwidth=656 x=single`;
  assert.deepEqual(states(madeUp(t, { ...WELL, "/proc/cmdline": line })), []);
});

const UNVERIFIED: readonly (readonly [string, Files])[] = [
  ["is no device of the mapper's", { "/sys/dev/block/254:0/dm/name": "" }],
  ["is another device of the mapper's", { "/sys/dev/block/254:0/dm/name": "data\n" }],
  ["can be written", { "/sys/dev/block/254:0/ro": "0\n" }],
  ["lies on a plain partition", { "/proc/self/mountinfo": "27 1 179:2 / / ro - ext4 /dev/mmcblk0p2 ro\n" }],
  [
    "is covered by another mount",
    {
      "/proc/self/mountinfo":
        "27 1 254:0 / / ro - squashfs /dev/mapper/root ro\n28 27 0:30 / / rw - tmpfs tmpfs rw\n",
    },
  ],
  ["has a hash that nobody left", { "/run/firn-boot/root": "" }],
];
for (const [what, files] of UNVERIFIED)
  test(`a root that ${what} is not verified, and no image is named`, (t) => {
    const machine = madeUp(t, { ...WELL, ...files });
    assert.deepEqual(states(machine), [["root", "Root file system", "open"]]);
    assert.equal(lookAt(machine, "a board").image, undefined);
  });

test("where Firn was installed by its owner that is said, and keeps no keys shut", (t) => {
  const machine = madeUp(t, { ...WELL, "/run/firn-boot/root": "", "/etc/firn/installed": "" });
  assert.deepEqual(states(machine), [["part", "Root file system", "unknown"]]);
});

test("what cannot be looked at is unknown, not well", (t) => {
  const machine = madeUp(t, WELL);
  const blind: Machine = {
    ...machine,
    names(path) {
      if (path.startsWith("/sys/class/")) throw Object.assign(new Error(), { code: "EACCES" });
      return machine.names(path);
    },
  };
  const unknown = states(blind);
  assert.deepEqual(
    unknown.map(([, label, state]) => [label, state]),
    ["Network interfaces", "Wireless", "Bluetooth", "USB gadget"].map((label) => [label, "unknown"]),
  );
});

test("where the kernel says nothing at all nothing is well, also on a machine that its owner installed", (t) => {
  const { findings } = lookAt(madeUp(t, { "/etc/firn/installed": "" }), "a board");
  assert.deepEqual(
    findings.filter(({ state }) => state !== "unknown"),
    [],
  );
});

test("a Raspberry Pi says its own name; a name that is none is not believed", (t) => {
  const model = (text: string) =>
    lookAt(madeUp(t, { ...WELL, "/proc/device-tree/model": text }), "a board").board;
  assert.equal(model("Raspberry Pi Zero 2 W Rev 1.0\0"), "Raspberry Pi Zero 2 W Rev 1.0");
  assert.equal(model("linux,dummy-virt\0"), "a board");
  assert.equal(model("Raspberry Pi \u001b[2J\0"), "a board");
});

test("hostile names on the command line and of interfaces are cut and made plain, and Firn's reader takes them", (t) => {
  const long = `systemd.x=${"\u001b".repeat(500)}`;
  const machine = madeUp(t, { ...WELL, "/proc/cmdline": Array(50).fill(long).join(" ") });
  for (let n = 0; n < 100; n++) machine.folder(`/sys/class/net/${"e".repeat(10)}${n}`);
  const facts = lookAt(machine, "a board");
  const { found } = facts.findings.find(({ label }) => label === "Command line")!;
  assert.doesNotMatch(found, /[^\x20-\x7e]/);
  assert.deepEqual(readFactsJson(JSON.parse(JSON.stringify(facts)), ""), facts);
});

test("what is told is read by Firn as it was found, and a device that is plugged in later is told anew", (t) => {
  const machine = madeUp(t, WELL);
  tellAgain(machine);
  assert.equal(machine.text("/run/firn-machine/facts.json"), undefined);
  mkdirSync(machine.at("/run/firn-machine"));
  const part = { about: "part", label: "Console font", found: "no font x", state: "open" } as const;
  tellFacts(machine, "a board", [part]);
  machine.folder("/sys/class/net/usb0");
  tellAgain(machine);
  const told = readFactsJson(JSON.parse(machine.text("/run/firn-machine/facts.json")!), "");
  assert.deepEqual(
    told.findings.filter(({ state }) => state !== "well"),
    [{ about: "network", label: "Network interfaces", found: "usb0", state: "open" }, part],
  );
  assert.deepEqual(machine.names("/run/firn-machine"), ["facts.json"]);
});
