// The board's secret is read by a step of its own; only the program that asks the firmware is played here.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type TestContext, test } from "node:test";
import { keyOfAnswer } from "../../device/pi/board-secret.ts";
import { toHex } from "../../src/bytes.ts";

const ROOT = resolve(import.meta.dirname, "../..");
/** As Raspberry Pi's documentation prints it ("vcmailbox support"). */
const PRINTED =
  "0x00000040 0x80000000 0x00030081 0x00000028 0x80000028 0x00000000 0x00000008 0xf8dbc7b0 0xa4fcfb1d 0x706e298a 0xc9d0485c 0x2226ce8d 0xf7f7596a 0xc77337bd 0x09fbe160 0x00000000";
const KEY = "f8dbc7b0a4fcfb1d706e298ac9d0485c2226ce8df7f7596ac77337bd09fbe160";

function withMailbox(t: TestContext, script: string) {
  const folder = mkdtempSync(join(tmpdir(), "firn-board-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "vcmailbox"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const file = join(folder, "secret");
  const run = () =>
    spawnSync(process.execPath, [join(ROOT, "device/pi/board-secret.ts"), file], {
      env: { ...process.env, PATH: `${folder}:${process.env.PATH}` },
      encoding: "utf8",
    });
  return { file, run };
}

test("the published answer of the firmware gives the published key", () => {
  assert.equal(toHex(keyOfAnswer(PRINTED, 8)!), KEY);
});

test("an answer that is none, to another question, or too short gives no key", () => {
  for (const line of [
    "",
    "VC_MAILBOX: ioctl failed",
    PRINTED.replace("0x80000000", "0x80000001"),
    PRINTED.replace("0x00030081", "0x00030021"),
    PRINTED.split(" ").slice(0, 14).join(" "),
  ])
    assert.equal(keyOfAnswer(line, 8), undefined, line);
  assert.equal(keyOfAnswer(PRINTED, 16), undefined);
});

test("what was burnt into the board is written for its owner alone, once", (t) => {
  const { file, run } = withMailbox(t, `[ "$5" = 8 ] && echo "${PRINTED}" || exit 255`);
  assert.equal(run().status, 0);
  assert.equal(readFileSync(file).toString("hex"), KEY);
  assert.equal(statSync(file).mode & 0o777, 0o400);
  assert.notEqual(run().status, 0);
  assert.equal(readFileSync(file).toString("hex"), KEY);
});

test("a board into which nothing was burnt hands over nothing, and says so", (t) => {
  const zeros = PRINTED.replace(/0x(?:f8db|a4fc|706e|c9d0|2226|f7f7|c773|09fb)\w{4}/g, "0x00000000");
  const { file, run } = withMailbox(t, `[ "$5" = 8 ] && echo "${zeros}" || exit 255`);
  const ended = run();
  assert.equal(ended.status, 0);
  assert.match(ended.stderr, /ever burnt/);
  assert.equal(existsSync(file), false);
});

test("a firmware that refuses is an error that names no secret", (t) => {
  const { file, run } = withMailbox(t, "exit 255");
  const ended = run();
  assert.equal(ended.status, 1);
  assert.match(ended.stderr, /cannot be read/);
  assert.equal(existsSync(file), false);
});

test("the unit that runs it is one that systemd takes", (t) => {
  const there = spawnSync("systemd-analyze", ["--version"]).status === 0;
  if (!there) {
    t.diagnostic("left out: systemd-analyze is not installed");
    return;
  }
  const checked = spawnSync("systemd-analyze", ["verify", join(ROOT, "systemd/firn-board-secret.service")], {
    encoding: "utf8",
  });
  const about = checked.stderr.split("\n").filter((line) => /firn-board-secret/.test(line));
  // The program's own place exists on the image alone.
  assert.deepEqual(
    about.filter((line) => !/is not executable|No such file/.test(line)),
    [],
  );
});
