import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";

const ENGINE = JSON.stringify(new URL("../../device/host/engine.ts", import.meta.url).href);

test("this Node knows every setting that its engine is told", () => {
  // V8 names a flag that it does not know on its error output, and goes on.
  const tune = `import(${ENGINE}).then(({ tuneEngine }) => tuneEngine())`;
  const { status, stderr } = spawnSync(process.execPath, ["-e", tune], { encoding: "utf8" });
  assert.equal(status, 0);
  assert.doesNotMatch(stderr, /flag|option/i);
  const wrong = `require("node:v8").setFlagsFromString("--wasm-no-such-thing=1")`;
  assert.match(spawnSync(process.execPath, ["-e", wrong], { encoding: "utf8" }).stderr, /flag/i);
});
