import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { fromHex } from "../../src/bytes.ts";
import { drawCode, matrixOfBytes } from "../../src/qr/draw.ts";
import { shoot, toJpeg, toPgm, toPng } from "../pictures.ts";
import { folder } from "./support.ts";

const SCRIPT = fileURLToPath(new URL("../../scripts/read.ts", import.meta.url));

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, ...args], { encoding: "utf8" });
  const lines = stdout.split("\n").filter((line) => line !== "");
  return { status, stderr, lines: lines.map((line) => JSON.parse(line)) };
}

test("read prints one JSON line a picture: text, exact bytes where the text is not them, decoder, CPU", () => {
  const path = folder();
  const compact = fromHex("0e74b64107f94cc0ccfae6a13dcbec3662154fec67e0e00999c07892597d190a")!;
  const text = drawCode("ur:bytes/grün", { version: 3, level: "M", mode: "byte" });
  writeFileSync(join(path, "2 text.jpg"), toJpeg(shoot(text)));
  writeFileSync(join(path, "10 seed.png"), toPng(shoot(matrixOfBytes(compact, { version: 2, level: "L" }))));
  writeFileSync(join(path, "11 inverted.pgm"), toPgm(shoot(text, { inverted: true })));
  writeFileSync(join(path, "12 none.png"), toPng(shoot(text, { dark: 128, light: 128 })));
  writeFileSync(join(path, "13 damaged.png"), toPng(shoot(text)).subarray(0, 200));
  const { status, stderr, lines } = run(path);
  assert.equal(status, 0);
  const rows = lines.map(({ file, texts, bytes, decoder }) => [
    file.slice(path.length + 1),
    texts,
    bytes,
    decoder,
  ]);
  const latin1 = Buffer.from(compact).toString("latin1");
  assert.deepEqual(rows, [
    ["2 text.jpg", ["ur:bytes/grün"], undefined, "zxing"],
    ["10 seed.png", [latin1], Buffer.from(compact).toString("hex"), "zxing"],
    ["11 inverted.pgm", ["ur:bytes/grün"], undefined, "zxing"],
    ["12 none.png", [], undefined, null],
    ["13 damaged.png", [], undefined, null],
  ]);
  for (const line of lines) {
    assert.deepEqual(
      Object.keys(line).filter((key) => key !== "bytes"),
      ["file", "texts", "decoder", "cpuMs"],
    );
    assert.equal(typeof line.cpuMs, "number");
  }
  assert.equal(stderr, `${join(path, "13 damaged.png")}: a damaged PNG\n`);
});

test("read names what is missing and reads nothing, exit code 2", () => {
  const { status, stderr, lines } = run(folder(), "/nowhere/at/all.png");
  assert.deepEqual([status, lines.length], [2, 0]);
  assert.match(stderr, /\/nowhere\/at\/all\.png: no such picture/);
  assert.equal(stderr.split("\n").length, 3);
});

test("read without a path, or with an unknown option, says how it is used, exit code 2", () => {
  for (const args of [[], ["--fast"]]) {
    const { status, stderr } = run(...args);
    assert.equal(status, 2);
    assert.match(stderr, /npm run read -- PATH/);
  }
});
