// The shipped ceremony on real processes: three homes in three folders, and pictures that go from one to the next.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { PHRASES } from "../bitcoin/build.ts";
import { codeIn } from "./ceremony-stage.ts";

const ROOT = join(import.meta.dirname, "../..");
const AT = mkdtempSync(join(tmpdir(), "firn-ceremony-"));
after(() => rmSync(AT, { recursive: true, force: true }));

const PIN = "27182818";
const at = (name: string) => join(AT, name);

/** What `npm start` prints when it plays a shipped session in this home. */
async function plays(home: string, session: string, set: Readonly<Record<string, string>>): Promise<string> {
  const values = Object.entries({ PIN, ...set }).flatMap(([name, value]) => ["--set", `${name}=${value}`]);
  const file = `docs/sessions/${session}.txt`;
  const args = ["scripts/start.ts", "--home", at(home), "--network", "signet", "--play", file, ...values];
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    err += chunk;
  });
  const code = await new Promise((resolve) => child.on("close", resolve));
  assert.deepEqual([code, err], [0, ""], out.slice(-3000));
  return out;
}

test("three appliances make a wallet: every code a picture, every spoken code the same on both sides", async () => {
  for (const [i, WORDS] of PHRASES.entries()) await plays(`firn-${i}`, "setup", { WORDS, NETWORK: "signet" });
  const [FIRST, SECOND, OUT] = [at("first"), at("second"), at("wallet")];
  const FIRST_CODE = codeIn(await plays("firn-1", "cosigner-key", { OUT: FIRST }), 5);
  const SECOND_CODE = codeIn(await plays("firn-2", "cosigner-key", { OUT: SECOND }), 5);
  const set = { NAME: "Family", FIRST, FIRST_CODE, SECOND, SECOND_CODE, OUT };
  const CODE = codeIn(await plays("firn-0", "ceremony", set), 8);
  for (const home of ["firn-1", "firn-2"]) {
    const registered = await plays(home, "register", { CAMERA: OUT });
    const [NAME] = /2 of 3 [0-9a-f]{8}/.exec(registered)!;
    await plays(home, "compare", { NAME: NAME!, CODE });
  }
  assert.match(readFileSync(join(OUT, "codes.txt"), "utf8"), /^B\$2U/);
});
