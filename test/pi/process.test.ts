// What a Firn process ends with, whoever started it.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";

const at = (path: string) => JSON.stringify(join(import.meta.dirname, "../../", path));

function ends(t: TestContext, work: string, name = "ends.mts") {
  const folder = mkdtempSync(join(tmpdir(), "firn-ends-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, name);
  writeFileSync(
    file,
    `import { untilLocked } from ${at("device/host/process.ts")};
     import { CageEnded } from ${at("device/wire/panel.ts")};
     import { Refusal } from ${at("src/refusal.ts")};
     untilLocked(async () => { ${work} });\n`,
  );
  const { status, stderr } = spawnSync(process.execPath, [file], { encoding: "utf8" });
  return { status, said: stderr };
}

test("each end has its exit code, and one line that says why and what to do", (t) => {
  assert.deepEqual(ends(t, ""), { status: 0, said: "" });
  assert.deepEqual(ends(t, 'throw new CageEnded("eye", "closed", "");'), {
    status: 3,
    said: "Firn stopped: the eye ended: closed\n",
  });
  assert.deepEqual(ends(t, 'throw new Refusal("store.in-use");').status, 4);
  const unknown = ends(t, 'throw new Refusal("machine.unknown", "why");');
  assert.match(
    unknown.said,
    /^Firn stopped: What this machine is cannot be read \(machine\.unknown: why\)\. Write [^\n]*\n$/,
  );
  for (const late of [
    "setTimeout(() => { throw new Error('no'); }); await new Promise(() => {});",
    "Promise.reject(1); await new Promise(() => {});",
  ])
    assert.equal(ends(t, late).status, 1, late);
});

test("a bug has the same code whether types were stripped from its file or not, another has another, and no message is told", (t) => {
  const secret = 'throw new Error("abandon abandon");';
  const [typed, stripped] = [ends(t, secret, "bug.mts"), ends(t, secret, "bug.mjs")];
  assert.match(typed.said, /^Firn stopped: code [0-9a-f]{8}\n$/);
  assert.deepEqual(typed, { status: 1, said: stripped.said });
  assert.equal(ends(t, 'throw new Error("another message");', "bug.mts").said, typed.said);
  assert.notEqual(ends(t, `  ${secret}`, "bug.mts").said, typed.said);
});

test("errors that come without a place, as the system's do, differ by what failed", (t) => {
  const bare = (fields: string) =>
    ends(t, `throw Object.assign(new Error("x"), { stack: "", ${fields} });`).said;
  assert.notEqual(bare('code: "ENOENT", syscall: "open"'), bare('code: "EACCES", syscall: "open"'));
  assert.notEqual(bare('code: "EIO", syscall: "open"'), bare('code: "EIO", syscall: "read"'));
  assert.equal(bare('code: "abandon abandon"'), bare(""));
});
