// The card: where its partitions are, to the sector, and what stands in its first.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { DISK_ID, layout, mbr, writeCard } from "../../scripts/image/card.ts";
import { DATA_SIZE, fatSize } from "../../scripts/image/partitions.ts";

const MIB = 1024 * 1024;
const size = fc.integer({ min: 1, max: 2 ** 31 });

test("partitions hold what they are for, begin at whole MiB, in order, and never touch each other or the first sector", () => {
  fc.assert(
    fc.property(size, size, size, (...sizes) => {
      const { partitions, size: whole } = layout(...sizes);
      let end = MIB;
      for (const [index, one] of partitions.entries()) {
        assert.equal(one.start, end);
        assert.equal(one.start % MIB, 0);
        assert.ok(one.size >= sizes[index]! && one.size < sizes[index]! + MIB);
        end = one.start + one.size;
      }
      assert.equal(whole, end);
    }),
  );
});

test("the first sector says the same partitions, and who it is", () => {
  const made = layout(40 * MIB, 61 * MIB - 5, 32 * MIB);
  const sector = mbr(made);
  assert.equal(sector.length, 512);
  assert.equal(sector.readUInt16LE(510), 0xaa55);
  assert.equal(sector.readUInt32LE(440), DISK_ID);
  const read = [446, 462, 478].map((at) => ({
    bootable: sector[at] === 0x80,
    type: sector[at + 4],
    start: sector.readUInt32LE(at + 8) * 512,
    size: sector.readUInt32LE(at + 12) * 512,
  }));
  assert.deepEqual(read, made.partitions);
  assert.deepEqual([...sector.subarray(494, 510)], new Array(16).fill(0));
});

test("a card larger than its table can say is refused", () => {
  assert.throws(() => layout(MIB, 2 ** 41, MIB), /larger/);
});

test("a card is its first sector and the three files, each where the table says", () => {
  const folder = mkdtempSync(join(tmpdir(), "firn-card-"));
  try {
    const contents = [Buffer.alloc(3 * MIB, "b"), Buffer.alloc(9 * MIB + 7, "r"), Buffer.alloc(MIB, "d")];
    const files = contents.map((bytes, index) => {
      const file = join(folder, String(index));
      writeFileSync(file, bytes);
      return file;
    });
    const card = join(folder, "card");
    const made = writeCard(card, files[0]!, files[1]!, files[2]!);
    const bytes = readFileSync(card);
    assert.equal(bytes.length, made.size);
    assert.deepEqual(bytes.subarray(0, 512), mbr(made));
    for (const [index, { start, size: room }] of made.partitions.entries()) {
      const held = contents[index]!;
      assert.ok(bytes.subarray(start, start + held.length).equals(held));
      assert.ok(bytes.subarray(start + held.length, start + room).every((byte) => byte === 0));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a FAT partition has the clusters that make it a FAT32, and room for what is in it", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 30 }), (contents) => {
      const bytes = fatSize(contents);
      assert.equal(bytes % MIB, 0);
      // One sector a cluster; each has 4 bytes in each of two tables, and 32 sectors are reserved.
      const clusters = Math.floor((bytes / 512 - 32) / (1 + 8 / 512));
      assert.ok(clusters >= 65_525);
      assert.ok(clusters * 512 >= contents);
    }),
  );
});

test("the data partition is at most 64 MiB", () => {
  assert.ok(DATA_SIZE <= 64 * MIB);
});
