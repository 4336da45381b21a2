// The image id, by the builder and by the recipe that docs/verify.md gives to people.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { test } from "node:test";
import { imageId, sha256 } from "../../scripts/image/manifest.ts";
import { isHere } from "../peers/peer.ts";

const ROOT_HASH = "ab".repeat(32);
const BOOT = new Map<string, Uint8Array>([
  ["kernel8.img", Buffer.from("kernel")],
  ["config.txt", Buffer.from("arm_64bit=1\n")],
  ["overlays/disable-wifi.dtbo", Buffer.from("overlay")],
  ["cmdline.txt", Buffer.from("firn.image=of itself\n")],
]);

test("the recipe in docs/verify.md, run as it stands there, gives the builder's image id", (t) => {
  if (!isHere(t, "sha256sum", spawnSync("sha256sum", ["--version"]).error === undefined)) return;
  const folder = mkdtempSync(join(tmpdir(), "firn-verify-"));
  try {
    for (const [path, bytes] of BOOT) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), bytes);
    }
    const text = readFileSync(resolve(import.meta.dirname, "../../docs/verify.md"), "utf8");
    const recipe = /<!-- recipe -->\n```sh\n([\s\S]+?)```/.exec(text)![1]!;
    const env = { ...process.env, BOOT: folder, ROOT_HASH };
    const said = execFileSync("sh", ["-euc", recipe], { env, encoding: "utf8" });
    assert.equal(said, `${imageId(BOOT, ROOT_HASH)}\n`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("the image id is another for another file, a file more, one less, two that changed places, or another root; not for another command line", () => {
  const id = imageId(BOOT, ROOT_HASH);
  const others = [
    imageId(new Map([...BOOT, ["kernel8.img", Buffer.from("Kernel")]]), ROOT_HASH),
    imageId(new Map([...BOOT, ["start.elf", Buffer.from("firmware")]]), ROOT_HASH),
    imageId(new Map([...BOOT].slice(1)), ROOT_HASH),
    imageId(
      new Map([...BOOT, ["kernel8.img", BOOT.get("config.txt")!], ["config.txt", BOOT.get("kernel8.img")!]]),
      ROOT_HASH,
    ),
    imageId(BOOT, "cd".repeat(32)),
  ];
  assert.equal(new Set([id, ...others]).size, 6);
  assert.equal(imageId(new Map([...BOOT, ["cmdline.txt", Buffer.from("other")]]), ROOT_HASH), id);
  assert.equal(imageId(new Map([...BOOT].reverse()), ROOT_HASH), id);
});

test("an image of no files is still its root's", () => {
  assert.equal(imageId(new Map(), ROOT_HASH), sha256(`${ROOT_HASH}  root\n`));
});
