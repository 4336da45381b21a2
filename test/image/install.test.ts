// The installer, on a folder like Raspberry Pi OS Lite: what it writes, what it keeps, and that all of it goes away again.

import assert from "node:assert/strict";
import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { type TestContext, test } from "node:test";
import { carriers, isOn, readTree } from "../../scripts/image/trees.ts";
import { isHere } from "../peers/peer.ts";
import { COMMAND_LINE, contents, type How, run, system } from "./install-system.ts";

const REPOSITORY = resolve(import.meta.dirname, "../..");
const PI_4 = ["--board", "pi-4", "--camera", "csi"];
const STATE = /^var\/lib\/firn-install(\/|$)/;
const here = (t: TestContext) => isHere(t, "device-tree-compiler", existsSync("/usr/bin/fdtput"));

/** Paths that are not what they were; the installer's own record is not among them. */
function changed(before: Map<string, string>, after: Map<string, string>): string[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((path) => before.get(path) !== after.get(path) && !STATE.test(path))
    .sort();
}

async function installed(root: string, args = PI_4, how: How = {}): Promise<void> {
  const { code, complaint } = await run(root, args, how);
  assert.equal(code, 0, complaint);
}

async function removed(root: string): Promise<readonly string[]> {
  const { code, complaint, said } = await run(root, ["--remove"]);
  assert.equal(code, 0, complaint);
  return said;
}

const textIn = (root: string, path: string) => readFileSync(join(root, path), "utf8");

test("a plan changes nothing, and names exactly the files that are then written", async (t) => {
  if (!here(t)) return;
  const root = system(t);
  const before = contents(root);
  const { code, said } = await run(root, [...PI_4, "--plan"]);
  assert.equal(code, 0);
  assert.deepEqual(contents(root), before);
  const planned = said.flatMap((line) => /^(?:new|edited|replaced) +\/(\S+)$/.exec(line)?.[1] ?? []);
  await installed(root);
  const after = contents(root);
  const written = changed(before, after).filter((path) => after.get(path) !== "folder");
  assert.deepEqual(written, planned.sort());
});

test("a second run changes nothing, not even its own record", async (t) => {
  if (!here(t)) return;
  const root = system(t);
  await installed(root);
  const after = contents(root);
  const time = () => statSync(join(root, "var/lib/firn-install/record.json")).mtimeMs;
  const first = time();
  const { said } = await run(root, PI_4);
  assert.deepEqual(contents(root), after);
  assert.equal(time(), first);
  assert.ok(said.filter((line) => /^same +\//.test(line)).length > 30);
  assert.deepEqual(
    said.filter((line) => /^(new|edited|replaced|renewed|taken back) /.test(line)),
    [],
  );
});

test("taking Firn away restores every byte, link and right, and leaves nothing but a home with something in it", async (t) => {
  if (!here(t)) return;
  const root = system(t);
  const before = contents(root);
  await installed(root);
  await removed(root);
  assert.deepEqual(contents(root), before);
  await installed(root);
  writeFileSync(join(root, "var/lib/firn/home"), "keys");
  const said = await removed(root);
  assert.equal(textIn(root, "var/lib/firn/home"), "keys");
  assert.ok(said.some((line) => line.includes("/var/lib/firn has keys")));
});

test("another choice replaces the first, and the system's own files are still restored", async (t) => {
  if (!here(t)) return;
  const root = system(t);
  const before = contents(root);
  await installed(root, PI_4, { app: { "usr/lib/firn/device/pi/older.js": "// of another version\n" } });
  await installed(root, ["--board", "pi-4", "--camera", "usb", "--screen", "panel"]);
  assert.equal(existsSync(join(root, "usr/lib/firn/device/pi/older.js")), false);
  const config = textIn(root, "boot/firmware/config.txt");
  assert.equal(config.match(/^# Firn$/gm)?.length, 1);
  assert.match(config, /^dtoverlay=fbtft/m);
  assert.doesNotMatch(config, /^dtoverlay=vc4|^camera_auto_detect=1/m);
  await removed(root);
  assert.deepEqual(contents(root), before);
});

test("a run that was cut off is mended by the next, and can be taken away", async (t) => {
  if (!here(t)) return;
  const root = system(t);
  const before = contents(root);
  // A folder stands where the last link is to be made: all that comes before is done, and the record is the first one.
  rmSync(join(root, "etc/systemd/system/default.target"));
  const cut = await cutAt(root, "etc/systemd/system/default.target.firn-new");
  assert.ok(cut);
  assert.equal(textIn(root, "etc/firn/installed"), "");
  await installed(root, ["--board", "pi-4", "--camera", "usb"]);
  assert.match(textIn(root, "etc/firn/device.json"), /"usb"/);
  await removed(root);
  before.delete("etc/systemd/system/default.target");
  assert.deepEqual(contents(root), before);
});

async function cutAt(root: string, path: string): Promise<boolean> {
  const { mkdirSync } = await import("node:fs");
  mkdirSync(join(root, path, "in-the-way"), { recursive: true });
  try {
    await run(root, PI_4);
    return false;
  } catch {
    return true;
  } finally {
    rmSync(join(root, path), { recursive: true });
  }
}

test("units and system files are the image's, but for the place of Node and what would silence the system", async (t) => {
  if (!here(t)) return;
  const root = system(t);
  await installed(root);
  const units = readdirSync(join(REPOSITORY, "systemd")).filter((name) => name.includes("."));
  assert.ok(units.length > 10);
  for (const name of units) {
    const path = join(root, "usr/lib/systemd/system", name);
    const text = readFileSync(path, "utf8");
    assert.doesNotMatch(text, /\/usr\/bin\/node/);
    assert.equal(
      text.replaceAll("/usr/lib/firn/bin/node", "/usr/bin/node"),
      readFileSync(join(REPOSITORY, "systemd", name), "utf8"),
    );
    assert.equal(statSync(path).mode & 0o777, 0o644);
  }
  for (const path of ["usr/lib/udev/rules.d/90-firn.rules", "usr/lib/sysctl.d/90-firn.conf"])
    assert.equal(textIn(root, path), readFileSync(join(REPOSITORY, "device/files", path), "utf8"));
  const manager = textIn(root, "usr/lib/systemd/system.conf.d/90-firn.conf");
  assert.match(manager, /^\[Manager\]\n(.*\n)*DumpCore=no$/m);
  assert.doesNotMatch(manager, /LogTarget|DefaultStandard/);
  assert.match(textIn(root, "usr/lib/os-release"), /ID=debian/);
  assert.equal(statSync(join(root, "usr/lib/firn/bin/node")).mode & 0o777, 0o755);
  assert.equal(statSync(join(root, "var/lib/firn")).mode & 0o777, 0o700);
  assert.equal(textIn(root, "usr/bin/node"), "another Node, which the owner has");
});

test("nothing that carries is on in the tree, no driver of it loads, no service of it starts, and USB waits", async (t) => {
  if (!here(t)) return;
  const root = system(t);
  await installed(root);
  const tree = readTree(readFileSync(join(root, "boot/firmware/bcm2711-rpi-4-b.dtb")));
  const found = carriers(tree);
  assert.deepEqual([...new Set(found.map((one) => one.carrier))].sort(), ["bluetooth", "ethernet", "wifi"]);
  for (const { path } of found) assert.equal(isOn(tree, path), false, path);
  assert.equal(
    textIn(root, "usr/lib/modprobe.d/firn.conf").split("\n").slice(1).join("\n"),
    ["brcmfmac", "cfg80211", "hci_uart"].map((name) => `install ${name} /bin/false\n`).join(""),
  );
  const all = contents(root);
  for (const name of ["NetworkManager.service", "ssh.service", "swap.target", "getty@tty1.service"])
    assert.equal(all.get(`etc/systemd/system/${name}`), "link /dev/null");
  assert.equal(all.get("etc/systemd/system/default.target"), "link /usr/lib/systemd/system/firn.target");
  const words = textIn(root, "boot/firmware/cmdline.txt").trim().split(" ");
  assert.deepEqual(words.slice(0, 4), [
    "root=PARTUUID=1234-02",
    "rootfstype=ext4",
    "fsck.repair=yes",
    "rootwait",
  ]);
  assert.ok(words.includes("usbcore.authorized_default=0"));
  assert.deepEqual(
    words.filter((word) => word.startsWith("console=") || word === "splash"),
    ["console=tty1"],
  );
  const config = textIn(root, "boot/firmware/config.txt");
  assert.match(config, /^#firn# enable_uart=1$/m);
  for (const line of ["enable_uart=0", "otg_mode=0", "dtoverlay=disable-wifi", "dtoverlay=disable-bt"])
    assert.equal(config.split("\n").filter((one) => one === line).length, 1, line);
  assert.match(config, /^gpio=5,6,16,19,21,26=ip,pu$/m);
});

test("users that the system has keep their numbers, and Firn's are others", async (t) => {
  if (!here(t)) return;
  const root = system(t);
  await installed(root);
  const lines = textIn(root, "etc/passwd").trim().split("\n");
  assert.equal(new Set(lines.map((line) => line.split(":")[2])).size, lines.length);
  assert.ok(lines.includes("polkitd:x:991:991::/:/usr/sbin/nologin"));
  assert.ok(lines.includes("firn:x:990:990::/:/usr/sbin/nologin"));
  assert.match(lines.find((line) => line.startsWith("firn-eye:"))!, /^firn-eye:x:999:999:/);
  assert.match(textIn(root, "etc/group"), /^firn-tpm:x:980:firn$/m);
  assert.match(textIn(root, "etc/shadow"), /^firn-glass:!\*:::::::$/m);
  assert.equal(statSync(join(root, "etc/shadow")).mode & 0o777, 0o640);
});

test("what others changed since is kept: their user stays when Firn goes, and their word in a unit has a copy", async (t) => {
  if (!here(t)) return;
  const root = system(t);
  await installed(root);
  appendFileSync(join(root, "etc/passwd"), "guest:x:1001:1001::/home/guest:/bin/bash\n");
  writeFileSync(
    join(root, "boot/firmware/cmdline.txt"),
    `later ${textIn(root, "boot/firmware/cmdline.txt")}`,
  );
  writeFileSync(join(root, "usr/lib/systemd/system/firn.service"), "the owner's own words");
  const { said } = await run(root, PI_4);
  assert.ok(said.includes("replaced   /usr/lib/systemd/system/firn.service"));
  const kept = readdirSync(join(root, "var/lib/firn-install/kept"));
  const keptTexts = () => kept.map((name) => textIn(root, `var/lib/firn-install/kept/${name}`));
  assert.ok(keptTexts().includes("the owner's own words"));
  assert.ok(keptTexts().includes("[Unit]\nDescription=the owner's own ssh\n"));
  await removed(root);
  assert.match(textIn(root, "etc/passwd"), /^guest:x:1001/m);
  assert.doesNotMatch(textIn(root, "etc/passwd"), /firn/);
  assert.deepEqual(
    textIn(root, "boot/firmware/cmdline.txt").trim().split(" ").sort(),
    ["later", ...COMMAND_LINE.trim().split(" ")].sort(),
  );
  assert.ok(keptTexts().includes("the owner's own words"));
});

test("a record that is broken, or copies that are not what was kept, are refused before anything is touched", async (t) => {
  if (!here(t)) return;
  const root = system(t);
  await installed(root);
  const record = "var/lib/firn-install/record.json";
  const whole = textIn(root, record);
  const copy = `var/lib/firn-install/kept/${readdirSync(join(root, "var/lib/firn-install/kept"))[0]}`;
  const breaks: [string, string][] = [
    [record, whole.slice(0, -20)],
    [record, whole.replace("etc/passwd", "../passwd")],
    [record, ""],
    [copy, "another"],
  ];
  for (const [path, text] of breaks) {
    const before = readFileSync(join(root, path));
    writeFileSync(join(root, path), text);
    const state = contents(root);
    for (const args of [PI_4, ["--remove"], [...PI_4, "--plan"]]) {
      const { code, complaint } = await run(root, args);
      assert.equal(code, 1);
      assert.match(complaint, /record\.json is broken, and nothing was touched/);
    }
    assert.deepEqual(contents(root), state);
    writeFileSync(join(root, path), before);
  }
  await removed(root);
});

test("nothing is done without a yes, and nothing is taken away that was never done", async (t) => {
  if (!here(t)) return;
  const root = system(t);
  const before = contents(root);
  assert.match((await run(root, PI_4, { answer: "no" })).complaint, /Nothing was changed/);
  assert.match((await run(root, ["--remove"])).complaint, /no record/);
  assert.deepEqual(contents(root), before);
  assert.equal((await run(root, PI_4, { answer: "yes" })).code, 0);
});

const REFUSED: readonly (readonly [string, (root: string) => void, RegExp])[] = [
  [
    "a camera that its kernel has no driver for",
    (root) => drop(root, "imx708"),
    /no module imx708, which the camera needs/,
  ],
  [
    "a camera whose program is not there",
    (root) => rmSync(join(root, "usr/bin/rpicam-vid")),
    /apt install rpicam-apps-lite/,
  ],
  [
    "a system of 32 bits",
    (root) => rmSync(join(root, "usr/lib/aarch64-linux-gnu"), { recursive: true }),
    /32 bits/,
  ],
  ["another Debian", (root) => release(root, "ID=debian\nVERSION_ID=11\n"), /not Raspberry Pi OS/],
  ["an image of Firn's", (root) => release(root, "ID=firn\n"), /image of Firn's already/],
  [
    "a system that is not set up yet",
    (root) =>
      writeFileSync(
        join(root, "boot/firmware/cmdline.txt"),
        "root=1 init=/usr/lib/raspberrypi-sys-mods/firstboot\n",
      ),
    /start the system until it is set up/,
  ],
  [
    "a user called firn who is another's",
    (root) => appendFileSync(join(root, "etc/passwd"), "firn:x:1001:1001::/home/firn:/bin/bash\n"),
    /a user or a group firn already/,
  ],
  [
    "a firmware that looks elsewhere",
    (root) => appendFileSync(join(root, "boot/firmware/config.txt"), "\nos_prefix=other/\n"),
    /os_prefix/,
  ],
];

function drop(root: string, module: string): void {
  const folder = join(root, "usr/lib/modules");
  const list = join(folder, readdirSync(folder)[0]!, "modules.dep");
  const lines = readFileSync(list, "utf8").split("\n");
  writeFileSync(list, lines.filter((line) => !line.includes(module)).join("\n"));
}

const release = (root: string, text: string) => writeFileSync(join(root, "usr/lib/os-release"), text);

for (const [what, make, words] of REFUSED)
  test(`${what} is refused, and nothing is changed`, async (t) => {
    const root = system(t);
    make(root);
    const before = contents(root);
    const { code, complaint } = await run(root, PI_4);
    assert.equal(code, 1);
    assert.match(complaint, words);
    assert.deepEqual(contents(root), before);
  });

test("a board that is not named, or that no Raspberry Pi OS runs on, is refused", async (t) => {
  const root = system(t);
  for (const board of [[], ["--board", "virt-arm64"], ["--board", "pi-4", "--camera", "port"]])
    assert.equal((await run(root, board)).code, 1);
});
