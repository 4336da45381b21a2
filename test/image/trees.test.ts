// Device trees: what could carry a word away is found by whatever name it has, switched off, and looked for again.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { carriers, isOn, readTree, silence } from "../../scripts/image/trees.ts";
import { isHere } from "../peers/peer.ts";

interface Given {
  readonly [name: string]: string | Given;
}

/** A flattened tree of text properties and nodes. */
function flattened(root: Given): Buffer {
  const names: string[] = [];
  const number = (value: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value >>> 0);
    return bytes;
  };
  const padded = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
  const offset = (name: string) => {
    if (!names.includes(name)) names.push(name);
    return names.slice(0, names.indexOf(name)).reduce((sum, one) => sum + one.length + 1, 0);
  };
  const node = (name: string, given: Given): Buffer[] => [
    number(1),
    padded(Buffer.from(`${name}\0`)),
    ...Object.entries(given).flatMap(([key, value]) => {
      if (typeof value !== "string") return [];
      const text = Buffer.from(`${value}\0`);
      return [number(3), number(text.length), number(offset(key)), padded(text)];
    }),
    ...Object.entries(given).flatMap(([key, value]) => (typeof value === "string" ? [] : node(key, value))),
    number(2),
  ];
  const structure = Buffer.concat([...node("", root), number(9)]);
  const strings = Buffer.from(`${names.join("\0")}\0`);
  const head = 40 + 16;
  const whole = head + structure.length + strings.length;
  const fields = [
    0xd00dfeed,
    whole,
    head,
    head + structure.length,
    40,
    17,
    16,
    0,
    strings.length,
    structure.length,
  ];
  return Buffer.concat([...fields.map(number), Buffer.alloc(16), structure, strings]);
}

const BOARD: Given = {
  compatible: "raspberrypi,4-model-b",
  soc: {
    "serial@7e201000": { status: "okay", bluetooth: { compatible: "brcm,bcm43438-bt" } },
    "mmcnr@7e300000": { status: "okay", "wifi@1": { compatible: "brcm,bcm4329-fmac" } },
    "mmc@7e202000": { status: "okay" },
    "usb@7e980000": { dr_mode: "otg" },
  },
  scb: {
    "ethernet@7d580000": { compatible: "brcm,bcm2711-genet-v5", status: "okay", "ethernet-phy@1": {} },
    "unnamed@1": { compatible: "other\0cdns,macb" },
  },
};

test("a tree is read node by node, with every property", () => {
  const tree = readTree(flattened(BOARD));
  assert.deepEqual(
    tree.map((one) => one.path),
    [
      "/",
      "/soc",
      "/soc/serial@7e201000",
      "/soc/serial@7e201000/bluetooth",
      "/soc/mmcnr@7e300000",
      "/soc/mmcnr@7e300000/wifi@1",
      "/soc/mmc@7e202000",
      "/soc/usb@7e980000",
      "/scb",
      "/scb/ethernet@7d580000",
      "/scb/ethernet@7d580000/ethernet-phy@1",
      "/scb/unnamed@1",
    ],
  );
  assert.equal(tree[9]!.properties.get("compatible")?.toString(), "brcm,bcm2711-genet-v5\0");
  assert.throws(() => readTree(Buffer.alloc(64)), /no device tree/);
});

test("what carries is found by its name or by its driver's, and a radio's bus with it", () => {
  const found = carriers(readTree(flattened(BOARD)));
  assert.deepEqual([...new Set(found.map(({ path, carrier }) => `${carrier} ${path}`))].sort(), [
    "bluetooth /soc/serial@7e201000/bluetooth",
    "ethernet /scb/ethernet@7d580000",
    "ethernet /scb/unnamed@1",
    "wifi /soc/mmcnr@7e300000",
    "wifi /soc/mmcnr@7e300000/wifi@1",
  ]);
});

test("a node is on unless it or one that it stands in is switched off", () => {
  const tree = readTree(
    flattened({ a: { status: "disabled", b: { status: "okay" } }, ab: { c: {} }, d: { status: "fail" } }),
  );
  assert.deepEqual(
    ["/a", "/a/b", "/ab", "/ab/c", "/d"].map((path) => isOn(tree, path)),
    [false, false, true, true, false],
  );
});

function withTree(given: Given, work: (file: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "firn-tree-"));
  try {
    const file = join(folder, "board.dtb");
    writeFileSync(file, flattened(given));
    work(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const editorIsHere = () => spawnSync("fdtput", ["--version"]).error === undefined;

test("silenced, nothing that carries is on, the card's own bus is, and no port makes it a device", (t) => {
  if (!isHere(t, "fdtput", editorIsHere())) return;
  withTree(BOARD, (file) => {
    silence(file, "a board", ["ethernet", "wifi", "bluetooth"]);
    const tree = readTree(readFileSync(file));
    assert.deepEqual(
      carriers(tree).filter(({ path }) => isOn(tree, path)),
      [],
    );
    assert.ok(isOn(tree, "/soc/mmc@7e202000"));
    assert.ok(isOn(tree, "/soc/usb@7e980000"));
    const usb = tree.find((one) => one.path === "/soc/usb@7e980000")!;
    assert.equal(usb.properties.get("dr_mode")?.toString(), "host\0");
  });
});

test("a tree in which what is soldered on has another name is refused, not passed over", (t) => {
  if (!isHere(t, "fdtput", editorIsHere())) return;
  withTree({ soc: { "mmcnr@7e300000": {} } }, (file) =>
    assert.throws(
      () => silence(file, "a board", ["ethernet", "wifi", "bluetooth"]),
      /no ethernet and no bluetooth/,
    ),
  );
});
