// The lock: what an image is made of, to the byte.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { moved, type Pinned, readLock, readPrinted, writeLock } from "../../scripts/image/lock.ts";
import { type Arch, PACKAGES } from "../../scripts/image/packages.ts";

const FOLDER = resolve(import.meta.dirname, "../../scripts/image");
const ARCHES = Object.keys(PACKAGES) as Arch[];
const lockOf = (arch: Arch) => {
  const file = join(FOLDER, `packages.${arch}.lock`);
  return readLock(readFileSync(file, "utf8"), file);
};

test("every package that files are taken from is pinned, one kernel beside them, and no other", () => {
  for (const arch of ARCHES) {
    const names = lockOf(arch).map((one) => one.name);
    const kernels = names.filter((name) => new RegExp(`^linux-image-\\d.*-${arch}$`).test(name));
    assert.equal(kernels.length, 1, arch);
    assert.deepEqual(
      names.filter((name) => !kernels.includes(name)),
      [...PACKAGES[arch]].sort(),
    );
  }
});

test("a package's place in the archive is that of its very name, version and kind of machine", () => {
  for (const arch of ARCHES)
    for (const { name, version, path } of lockOf(arch)) {
      const file = decodeURIComponent(path.slice(path.lastIndexOf("/") + 1));
      const plain = version.replace(/^\d+:/, "");
      assert.ok([`${name}_${plain}_${arch}.deb`, `${name}_${plain}_all.deb`].includes(file), path);
    }
});

test("no package is pinned by the hash of another", () => {
  for (const arch of ARCHES) {
    const hashes = lockOf(arch).map((one) => one.sha256);
    assert.equal(new Set(hashes).size, hashes.length);
  }
});

test("no shell's, package manager's or network's package is among them", () => {
  const unwanted =
    /^(bash|dash|coreutils|util-linux|perl|python|apt|dpkg|login|passwd|openssh|iproute|ifupdown|dhc|curl|wget|network|wpa)/;
  for (const arch of ARCHES)
    assert.deepEqual(
      lockOf(arch).filter((one) => unwanted.test(one.name)),
      [],
    );
});

const ONE: Pinned = {
  name: "kbd",
  version: "2.7.1-2",
  sha256: "a".repeat(64),
  path: "pool/main/k/kbd/kbd_2.7.1-2_arm64.deb",
};
const OTHER: Pinned = { ...ONE, name: "udev", sha256: "b".repeat(64) };

test("what is written is read again", () => {
  assert.deepEqual(readLock(writeLock([OTHER, ONE], ["said before"]), "lock"), [ONE, OTHER]);
});

test("a lock with a line that is no package, out of order, or with one twice is refused", () => {
  const line = (one: Pinned) => `${one.name} ${one.version} ${one.sha256} ${one.path}\n`;
  const wrong = [
    line({ ...ONE, sha256: "a".repeat(63) }),
    line({ ...ONE, path: "../elsewhere.deb" }),
    line({ ...ONE, path: "http://a/pool/x.deb" }),
    line(ONE).replace("2.7.1-2 ", ""),
    line(OTHER) + line(ONE),
    line(ONE) + line(ONE),
  ];
  for (const text of wrong) assert.throws(() => readLock(text, "packages.lock"), /packages\.lock/, text);
});

test("what apt prints of a package becomes its line; anything else it prints is refused", () => {
  const mirror = "http://archive/debian/";
  const uri = `${mirror}pool/main/s/systemd/systemd_257.13-1%7edeb13u1_arm64.deb`;
  const hash = "c".repeat(64);
  const text = `'${uri}' systemd_257.13-1%3atest~x_arm64.deb 2921364 SHA256:${hash}\n`;
  const [one] = readPrinted(text, mirror);
  assert.deepEqual(one, {
    name: "systemd",
    version: "257.13-1:test~x",
    sha256: hash,
    path: uri.slice(mirror.length),
  });
  for (const wrong of [
    text.replace("SHA256", "MD5Sum"),
    text.replace(mirror, "http://other/"),
    "W: something\n",
  ])
    assert.throws(() => readPrinted(wrong, mirror), /no package/);
});

test("what moved is said by name and both versions", () => {
  const later = { ...ONE, version: "2.8-1", sha256: "d".repeat(64) };
  assert.deepEqual(moved([ONE, OTHER], [later, OTHER]), ["kbd 2.7.1-2 is now 2.8-1"]);
  assert.deepEqual(moved([ONE, OTHER], [ONE]), ["udev 2.7.1-2 is gone"]);
  assert.deepEqual(moved([ONE], [ONE, OTHER]), ["udev 2.7.1-2 is new"]);
  assert.deepEqual(moved([ONE], [{ ...ONE, sha256: "e".repeat(64) }]), ["kbd 2.7.1-2 is now 2.7.1-2"]);
});
