import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { claimHome } from "../../device/disk/home.ts";

const ROOT = join(import.meta.dirname, "../..");

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "firn-start-"));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function start(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/start.ts", ...args], {
    cwd: ROOT,
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  return { status, stdout, stderr };
}

/** Plays a script on a fresh home, or on one that is given. */
function play(t: TestContext, script: string, more: readonly string[] = [], home = join(folder(t), "home")) {
  const file = join(folder(t), "script.txt");
  writeFileSync(file, script);
  return start(["--home", home, "--play", file, ...more]);
}

test("wrong use is explained on the error output with exit code 2, and nothing is touched", (t) => {
  const home = join(folder(t), "home");
  const cases: [string[], RegExp][] = [
    [["--hom", "x"], /--hom/],
    [["stray"], /stray/],
    [["--network", "testnet"], /--network is one of mainnet, testnet3/],
    [["--size", "80"], /--size/],
    [["--size", "39x15"], /40x15 or more/],
    [["--camera", "/no/such"], /no picture at \/no\/such/],
    [["--camera", "package.json"], /no picture at package\.json/],
    [["--camera", "docs"], /no picture at docs/],
    [["--camera", "/dev/zero"], /no picture at \/dev\/zero/],
    [["--set", "A=1"], /--set goes with --play/],
    [["--play", "/no/such"], /no script at \/no\/such/],
    [["--play", "package.json", "--set", "1=2"], /NAME=VALUE/],
    [["--play", "package.json", "--camera", "package.json"], /--camera/],
  ];
  for (const [args, message] of cases) {
    const { status, stdout, stderr } = start(["--home", home, ...args]);
    assert.deepEqual([status, stdout], [2, ""], args.join(" "));
    assert.match(stderr, message);
    assert.match(stderr, /--home DIR {2}/);
  }
  assert.throws(() => readdirSync(home));
});

test("a mistake in a script is named with file and line, before anything starts", (t) => {
  const { status, stdout, stderr } = play(t, "press ok\njump");
  assert.deepEqual([status, stdout], [1, ""]);
  assert.match(stderr, /script\.txt, line 2: there is no step `jump`/);
});

test("a play that holds ends with 0 and prints its screens; one that does not ends with 1, line and screen", (t) => {
  const good = play(t, "see $WHAT", ["--set", "WHAT=Welcome to Firn"]);
  assert.deepEqual([good.status, good.stderr], [0, ""]);
  assert.match(good.stdout, /\| Welcome to Firn .*\|\n/);
  const bad = play(t, "\nsee Farewell", ["--size", "40x15"]);
  assert.equal(bad.status, 1);
  assert.match(
    bad.stderr,
    /^line 2: see Farewell\nexpected: some page shows "Farewell"\nthe screen:\n\+-{40}\+\n\| Welcome/,
  );
});

test("a play in which power is cut starts three new processes and goes on", (t) => {
  const { status, stderr, stdout } = play(
    t,
    "see Welcome\ncut\nsee Welcome\npress ok\nunseen Welcome\nhold back\nsee Welcome",
  );
  assert.deepEqual([status, stderr], [0, ""]);
  assert.ok(stdout.includes("> cut"));
});

test("a session starts where the last play of its home ended, if that is later than now", (t) => {
  const home = folder(t);
  const before = Date.now();
  assert.equal(play(t, "clock +2s\nclock 2040-01-01T00:00Z\nclock +1s", [], home).status, 0);
  assert.equal(readFileSync(join(home, ".played-until"), "utf8"), String(Date.UTC(2040, 0, 1, 0, 0, 1)));
  assert.equal(play(t, "clock +1s", [], home).status, 0);
  assert.equal(readFileSync(join(home, ".played-until"), "utf8"), String(Date.UTC(2040, 0, 1, 0, 0, 2)));
  // What was set is not what passed: the clock that runs on while the machine is off never saw it.
  const chip = () => Number(readFileSync(join(home, ".played-chip"), "utf8"));
  assert.ok(chip() >= before + 4000 && chip() < before + 600_000);
  writeFileSync(join(home, ".played-chip"), String(Date.UTC(2039, 0, 1)));
  assert.equal(play(t, "clock +1s", [], home).status, 0);
  assert.equal(chip(), Date.UTC(2039, 0, 1, 0, 0, 1));
  writeFileSync(join(home, ".played-until"), "5");
  assert.equal(play(t, "clock +1s", [], home).status, 0);
  assert.ok(Number(readFileSync(join(home, ".played-until"), "utf8")) >= before + 1000);
});

test("where there is no terminal to ask on, the main job is played by itself", (t) => {
  const { status, stdout } = start([], { FIRN_HOME: join(folder(t), "home") });
  assert.equal(status, 0);
  const out = /The reply's codes are in (\S+):/.exec(stdout)![1]!;
  t.after(() => rmSync(out, { recursive: true }));
  assert.ok(readdirSync(out).includes("codes.txt"));
});

test("FIRN_HOME names the home where --home does not", (t) => {
  const home = join(folder(t), "a", "home");
  const script = join(folder(t), "script.txt");
  writeFileSync(script, "see Welcome");
  assert.equal(start(["--play", script], { FIRN_HOME: home }).status, 0);
  assert.ok(readdirSync(home).includes(".played-until"));
});

test("a home that is in use is not played on", async (t) => {
  const home = folder(t);
  const release = await claimHome(home);
  const { status, stderr } = play(t, "see Welcome", [], home);
  await release();
  assert.equal(status, 4);
  assert.match(stderr, /store\.in-use/);
  assert.ok(stderr.includes(`The home is ${home}`), stderr);
});

test("a home where no folder can be made is refused at once", (t) => {
  const file = join(folder(t), "file");
  writeFileSync(file, "");
  for (const home of ["/proc/nothing/x", "/proc/nothing", join(file, "home"), file]) {
    const begun = performance.now();
    const { status, stderr } = start(["--home", home, "--play", "docs/sessions/setup.txt"].concat(SETUP));
    assert.equal(status, 4, stderr);
    assert.match(stderr, /store\.failed: E[A-Z]+/);
    assert.ok(performance.now() - begun < 10_000);
  }
});

const SETUP = ["PIN=1234", "WORDS=x", "NETWORK=regtest"].flatMap((set) => ["--set", set]);

test("an older Node is told in words which one is needed, and the pinned one passes", () => {
  const under = (version: string) => {
    const fake = `Object.defineProperty(process, "versions", { value: { node: "${version}" } });`;
    const args = ["-e", `${fake}require("./scripts/check-node.cjs")`];
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" });
    return [status, stderr.split(";")[0]];
  };
  for (const old of ["18.20.1", "22.18.0", "24.11.1"])
    assert.deepEqual(under(old), [2, "Firn needs Node 24.12 or later"]);
  for (const fresh of ["24.12.0", "24.21.0", "26.0.0"]) assert.deepEqual(under(fresh), [0, ""]);
});

test("--help is no wrong use", () => {
  const { status, stdout, stderr } = start(["--help"]);
  assert.deepEqual([status, stderr], [0, ""]);
  assert.match(stdout, /--home DIR {2}/);
});

test("Firn's own process loads no decoder, no drawing, no child process and no network, through a whole set-up", (t) => {
  const loaded = folder(t);
  const home = join(folder(t), "home");
  mkdirSync(home);
  const words = `${"abandon ".repeat(11)}about`;
  const { status, stderr } = start(
    ["--home", home, "--play", "docs/sessions/setup.txt"].concat(
      ...["PIN=1234", `WORDS=${words}`, "NETWORK=regtest"].map((set) => ["--set", set]),
    ),
    { LOADED: loaded, NODE_OPTIONS: `--import=${join(import.meta.dirname, "loaded.ts")}` },
  );
  assert.deepEqual([status, stderr], [0, ""]);
  const lists = readdirSync(loaded);
  const firns = lists.filter((name) => name.startsWith("firn.ts."));
  // One before the lock that follows words, one after.
  assert.equal(firns.length, 2);
  const outside =
    /\/(jsqr|zxing-wasm|qrcode|pngjs|jpeg-js|blessed|node-hid|onoff)\/|\/src\/qr\/|\/device\/(eye|glass)\//;
  const world =
    /^node:(child_process|worker_threads|cluster|http|https|http2|tls|dgram|dns|inspector|vm|repl)/;
  for (const name of firns) {
    const urls = readFileSync(join(loaded, name), "utf8").split("\n");
    assert.ok(urls.some((url) => url.endsWith("/src/main.ts")));
    assert.deepEqual(
      urls.filter((url) => outside.test(url) || world.test(url)),
      [],
    );
  }
  const all = lists.map((name) => readFileSync(join(loaded, name), "utf8")).join("\n");
  assert.match(all, /\/src\/qr\//, "the same list shows the eye's decoders");
});
