// npm start -- --stick DIR, with three real processes, a real home and the script that needs none of them.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import {
  CODE,
  DONE,
  FROM_STICK,
  MAKE,
  PASSPHRASE,
  RESTORE,
  TAKE,
  TO_STICK,
  TYPE_CODE,
} from "../flows/backup-file-stage.ts";
import { PIN, script, UNLOCK, WORDS } from "../flows/stage.ts";

const ROOT = join(import.meta.dirname, "../..");
const AT = mkdtempSync(join(tmpdir(), "firn-stick-"));
after(() => rmSync(AT, { recursive: true, force: true }));
const STICK = join(AT, "stick");
mkdirSync(STICK);

function node(args: readonly string[], input = ""): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: ROOT,
    input,
    encoding: "utf8",
  });
  assert.deepEqual([status, stderr], [0, ""], stdout.slice(-2000));
  return stdout;
}

function plays(home: string, text: string): string {
  const file = join(AT, "script.txt");
  writeFileSync(file, text);
  const set = { PIN, WORDS, NETWORK: "regtest" };
  const values = Object.entries(set).flatMap(([name, value]) => ["--set", `${name}=${value}`]);
  const options = ["--home", join(AT, home), "--stick", STICK, "--play", file];
  return node(["scripts/start.ts", ...options, ...values]);
}

test("a home goes onto a stick, and comes from it to another machine and to the script", () => {
  plays("first", `${script("setup")}\npick Lock\n${MAKE}${PASSPHRASE}${TO_STICK}${DONE}`);
  const names = readdirSync(STICK);
  assert.equal(names.length, 1);
  assert.match(names[0]!, /^firn-73c5da0a-\d{8}\.backup$/);
  const printed = plays("second", `${RESTORE}${FROM_STICK}${TYPE_CODE}${TAKE}${UNLOCK}`);
  assert.match(printed, /Key 73c5da0a, 4 wallets/);
  assert.match(
    node(["scripts/recover.mjs", join(STICK, names[0]!)], `${CODE}\n`),
    /^Key 73c5da0a, named Key 1$/m,
  );
  // The home itself, which a file seals, gives the same keys.
  assert.match(
    node(["scripts/recover.mjs", "--home", join(AT, "second")], `${PIN}\n`),
    /11 abandon +12 about/,
  );
});
