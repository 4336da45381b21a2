import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { claimHome } from "../../device/disk/home.ts";
import { type LaunchOptions, launch } from "../../device/sim/launch.ts";

const here = (name: string) => join(import.meta.dirname, name);
const FIRN = here("firn-program.ts");
const GLASS = here("stray-glass.ts");
const REMEDY = "Nothing that was stored is lost. Start Firn again with npm start.";
/** To the menu's entries of test/sim/program.ts. */
const LOCK = "ok up up ok";
const BREAK = "ok up ok";

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "firn-launch-"));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** What the launcher ends with when each start's glass does one line, and how many lines were not begun. */
async function live(t: TestContext, lines: readonly string[], files: LaunchOptions["files"] = {}) {
  const at = folder(t);
  const file = join(at, "glass");
  writeFileSync(file, lines.join("\n"));
  process.env.STRAY_GLASS = file;
  const outcome = await launch({ home: join(at, "home"), files: { firn: FIRN, glass: GLASS, ...files } });
  return {
    ...outcome,
    left: readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => line !== "").length,
  };
}

/** Children of this process that still run. */
function children(of = process.pid): string[] {
  return execFileSync("ps", ["-A", "-o", "ppid=,pid=,args="], { encoding: "utf8" })
    .split("\n")
    .filter((line) => line.trim().startsWith(`${of} `) && !line.includes("ps -A"));
}

test("a lock starts three fresh parts, and the person's quitting ends everything", async (t) => {
  assert.deepEqual(await live(t, [LOCK, LOCK, "quit", "quit"]), { code: 0, line: "", left: 1 });
  assert.deepEqual(children(), []);
});

test("a bug is a code without its message, and nothing starts after it", async (t) => {
  const { code, line, left } = await live(t, [BREAK, "quit"]);
  assert.equal(code, 1);
  assert.match(
    line,
    /^Firn stopped: code [0-9a-f]{8}\. Nothing that was stored is lost\. Start Firn again with npm start\.$/,
  );
  assert.equal(left, 1);
  assert.deepEqual(children(), []);
});

test("a glass that crashes or lies ends everything, and nothing starts after it", async (t) => {
  const fallen = await live(t, ["ok fall", "quit"]);
  assert.deepEqual([fallen.code, fallen.left], [3, 1]);
  assert.match(fallen.line, /glass/);
  const lied = await live(t, ["ok lie", "quit"]);
  assert.deepEqual([lied.code, lied.left], [3, 1]);
  assert.match(lied.line, /glass ended: breach/);
  assert.deepEqual(children(), []);
});

test("an eye that crashes ends everything, and nothing starts after it", async (t) => {
  const eye = join(folder(t), "eye.ts");
  writeFileSync(eye, 'process.stderr.write("The eye broke\\n");\nprocess.exit(9);\n');
  const { code, line, left } = await live(t, ["ok", "quit"], { eye });
  assert.deepEqual({ code, line, left }, { code: 3, line: `The eye broke. ${REMEDY}`, left: 1 });
  assert.deepEqual(children(), []);
});

test("a program that locks at once is not started for ever", async (t) => {
  const firn = join(folder(t), "firn.ts");
  writeFileSync(firn, "process.exit(0);\n");
  const { code, line } = await live(t, [], { firn });
  assert.deepEqual(
    { code, line },
    {
      code: 1,
      line: `Firn stopped: it locks as soon as it starts. ${REMEDY}`,
    },
  );
});

test("a part that is killed is named, with what that means and what to do", async (t) => {
  const at = folder(t);
  const die = 'process.kill(process.pid, "SIGKILL");\n';
  writeFileSync(join(at, "dies.ts"), die);
  const eye = await live(t, ["ok", "quit"], { eye: join(at, "dies.ts") });
  assert.deepEqual([eye.code, eye.line], [3, `The eye stopped. ${REMEDY}`]);
  const firn = await live(t, ["ok", "quit"], { firn: join(at, "dies.ts") });
  assert.deepEqual([firn.code, firn.line], [137, `Firn stopped with exit code 137. ${REMEDY}`]);
});

test("a home that another appliance uses is left alone", async (t) => {
  const at = folder(t);
  const release = await claimHome(at);
  process.env.STRAY_GLASS = join(at, "glass");
  writeFileSync(process.env.STRAY_GLASS, "quit");
  const { code, line } = await launch({ home: at, files: { firn: FIRN, glass: GLASS } });
  await release();
  assert.equal(code, 4);
  assert.match(line, /store\.in-use/);
});

/** Everything that a process writes to its output, until nobody is left who could. */
function output(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    child.stdout!.on("data", (chunk) => {
      text += chunk;
    });
    child.on("close", () => resolve(text));
  });
}

for (const signal of ["SIGKILL", "SIGTERM"] as const)
  test(`when the launcher is ended by ${signal} nothing of it stays`, async (t) => {
    const at = folder(t);
    writeFileSync(join(at, "glass"), "pids");
    writeFileSync(
      join(at, "run.ts"),
      `import { launch } from ${JSON.stringify(here("../../device/sim/launch.ts"))};
       const files = ${JSON.stringify({ firn: FIRN, glass: GLASS })};
       process.exitCode = (await launch({ home: ${JSON.stringify(join(at, "home"))}, files })).code;`,
    );
    const child = spawn(process.execPath, [join(at, "run.ts")], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, STRAY_GLASS: join(at, "glass") },
    });
    const ended = output(child);
    await new Promise((resolve) => child.stdout.once("data", resolve));
    const pids = children(child.pid).map((line) => line.trim().split(/\s+/)[1]!);
    assert.equal(pids.length, 3);
    child.kill(signal);
    await ended;
    const runs = () => execFileSync("ps", ["-A", "-o", "pid="], { encoding: "utf8" }).split(/\s+/);
    const patience = performance.now() + 10_000;
    while (pids.some((pid) => runs().includes(pid))) assert.ok(performance.now() < patience, "a part stayed");
    if (signal === "SIGTERM") assert.equal(child.exitCode, 143);
  });
