// What a program needs of libraries, read from the file itself.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { closure, type FindLibrary, readElf } from "../../scripts/image/elf.ts";

interface Made {
  readonly needed?: readonly string[];
  readonly runpath?: string;
  readonly interpreter?: string;
}

/** The least that a loader would take: a header, segments, a dynamic table, and its names at an address of their own. */
function elf({ needed = [], runpath, interpreter }: Made): Buffer {
  const ADDRESS = 0x400000;
  const names = Buffer.from(`\0${[...needed, runpath ?? "", interpreter ?? ""].join("\0")}\0`);
  const at = (name: string) => names.indexOf(`\0${name}\0`) + 1;
  const entries: [number, number][] = [
    ...needed.map((name): [number, number] => [1, at(name)]),
    ...(runpath === undefined ? [] : ([[29, at(runpath)]] as [number, number][])),
    [5, ADDRESS + 512],
    [0, 0],
  ];
  const bytes = Buffer.alloc(2048);
  bytes.write("7f454c460201", 0, "hex");
  bytes.writeUInt16LE(183, 18);
  bytes.writeBigUInt64LE(64n, 32);
  bytes.writeUInt16LE(56, 54);
  const segments = [
    [1, 512, ADDRESS + 512, 1024],
    [2, 1536, ADDRESS + 1536, entries.length * 16],
    ...(interpreter === undefined ? [] : [[3, 512 + at(interpreter), 0, interpreter.length + 1]]),
  ];
  bytes.writeUInt16LE(segments.length, 56);
  for (const [index, [kind, offset, address, size]] of segments.entries()) {
    const head = 64 + index * 56;
    bytes.writeUInt32LE(kind!, head);
    bytes.writeBigUInt64LE(BigInt(offset!), head + 8);
    bytes.writeBigUInt64LE(BigInt(address!), head + 16);
    bytes.writeBigUInt64LE(BigInt(size!), head + 32);
  }
  names.copy(bytes, 512);
  for (const [index, [tag, value]] of entries.entries()) {
    bytes.writeBigInt64LE(BigInt(tag), 1536 + index * 16);
    bytes.writeBigUInt64LE(BigInt(value), 1536 + index * 16 + 8);
  }
  return bytes;
}

test("needed libraries, where they are looked for, and the loader are read from the file", () => {
  const made = elf({ needed: ["libc.so.6", "libm.so.6"], runpath: "/a:/b", interpreter: "/lib/ld.so.1" });
  assert.deepEqual(readElf(made), {
    machine: 183,
    interpreter: "/lib/ld.so.1",
    needed: ["libc.so.6", "libm.so.6"],
    runpath: ["/a", "/b"],
  });
});

test("a file that is no program is none, and one of another kind is refused", () => {
  assert.equal(readElf(Buffer.from("#!/bin/sh\n".padEnd(100))), undefined);
  assert.equal(readElf(Buffer.from([0x7f, 0x45])), undefined);
  const other = elf({});
  other[4] = 1;
  assert.throws(() => readElf(other), /64 bits/);
  const far = elf({ needed: ["libc.so.6"] });
  far.writeBigUInt64LE(5000n, 1536 + 8);
  assert.throws(() => readElf(far), /ends within a name/);
  const nowhere = elf({ needed: ["libc.so.6"] });
  nowhere.writeBigUInt64LE(5n, 1536 + 16 + 8);
  assert.throws(() => readElf(nowhere), /none of its segments/);
});

test("the running Node's own libraries are read", () => {
  if (process.platform !== "linux") return;
  const { needed, interpreter } = readElf(readFileSync(process.execPath))!;
  assert.ok(needed.includes("libc.so.6"));
  assert.match(interpreter!, /ld-linux/);
});

/** Libraries by their whole path. */
function among(files: Readonly<Record<string, Buffer>>): FindLibrary {
  return (name, folders) => {
    const path = folders.map((folder) => `${folder}/${name}`).find((one) => one in files);
    return path === undefined ? undefined : { path, bytes: files[path]! };
  };
}

test("libraries of libraries come along, once each, even where they need each other", () => {
  const files = {
    "/lib/a.so": elf({ needed: ["b.so", "c.so"] }),
    "/lib/b.so": elf({ needed: ["a.so", "c.so"] }),
    "/lib/c.so": elf({}),
    "/lib/unneeded.so": elf({}),
  };
  const found = closure([{ path: "/bin/p", bytes: elf({ needed: ["a.so"] }) }], among(files), ["/lib"]);
  assert.deepEqual([...found.keys()].sort(), ["/lib/a.so", "/lib/b.so", "/lib/c.so"]);
});

test("a library stands where the program says before where all stand", () => {
  const files = {
    "/opt/p/lib/a.so": elf({ needed: ["b.so"] }),
    "/opt/p/lib/b.so": elf({}),
    "/lib/a.so": elf({}),
    "/lib/b.so": elf({}),
  };
  const program = {
    path: "/opt/p/bin/p",
    bytes: elf({ needed: ["a.so"], runpath: "$" + "ORIGIN/../lib" }),
  };
  const spelled: FindLibrary = (name, folders) =>
    among(files)(
      name,
      folders.map((one) => one.replace("/bin/../", "/")),
    );
  const found = closure([program], spelled, ["/lib"]);
  assert.deepEqual([...found.keys()], ["/opt/p/lib/a.so", "/lib/b.so"]);
});

test("a library that is nowhere ends the build, by its name and whose need it is", () => {
  const program = { path: "/usr/bin/p", bytes: elf({ needed: ["libgone.so.1"] }) };
  assert.throws(() => closure([program], () => undefined, ["/lib"]), /\/usr\/bin\/p needs libgone\.so\.1/);
});
