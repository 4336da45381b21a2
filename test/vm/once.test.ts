// One maker for all, whoever comes first and whatever becomes of it.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { isHere } from "../peers/peer.ts";
import { makeOnce } from "./once.ts";

const KEY = "0123456789abcdef";

function cache(t: TestContext): string {
  const made = mkdtempSync(join(tmpdir(), "firn-once-"));
  t.after(() => rmSync(made, { recursive: true }));
  return made;
}

const put = (text: string) => async (folder: string) => {
  mkdirSync(folder);
  writeFileSync(join(folder, "it"), text);
  await sleep(50);
};

test("of those who need it at once one makes it, and all have the same", async (t) => {
  if (!isHere(t, "flock", existsSync("/usr/bin/flock"))) return;
  const folder = join(cache(t), `image-${KEY}`);
  let made = 0;
  const make = async (beside: string) => put(String(++made))(beside);
  await Promise.all([1, 2, 3].map(() => makeOnce(folder, make)));
  assert.equal(readFileSync(join(folder, "it"), "utf8"), "1");
  assert.equal(made, 1);
});

test("what a maker that was killed left is not taken for whole, and the next one does not wait for it", async (t) => {
  if (!isHere(t, "flock", existsSync("/usr/bin/flock"))) return;
  const folder = join(cache(t), `image-${KEY}`);
  const program = `import { makeOnce } from ${JSON.stringify(join(import.meta.dirname, "once.ts"))};
    import { mkdirSync } from "node:fs";
    await makeOnce(${JSON.stringify(folder)}, async (beside) => {
      mkdirSync(beside);
      process.stdout.write("begun");
      await new Promise((never) => setInterval(never, 1e9));
    });`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  const next = makeOnce(folder, put("whole"));
  child.kill("SIGKILL");
  await next;
  assert.equal(readFileSync(join(folder, "it"), "utf8"), "whole");
});

test("what fails is not there, and what was made of an older tree goes when the new one is there", async (t) => {
  if (!isHere(t, "flock", existsSync("/usr/bin/flock"))) return;
  const at = cache(t);
  mkdirSync(join(at, "image-aaaaaaaaaaaaaaaa"));
  mkdirSync(join(at, "image-probe-aaaaaaaaaaaaaaaa"));
  const folder = join(at, `image-${KEY}`);
  await assert.rejects(
    makeOnce(folder, () => Promise.reject(new Error("no room"))),
    /no room/,
  );
  assert.ok(!readdirSync(at).includes(`image-${KEY}`));
  await makeOnce(folder, put("whole"));
  const left = readdirSync(at).filter((name) => !name.endsWith(".lock"));
  assert.deepEqual(left.sort(), [`image-${KEY}`, "image-probe-aaaaaaaaaaaaaaaa"]);
});
