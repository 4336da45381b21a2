// What goes onto a machine: the same program as the sources, whole, nothing beside it, and the same each time.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, type TestContext, test } from "node:test";
import { APP, buildApp, NODE } from "../../scripts/image/app.ts";
import { buildEpoll } from "../../scripts/image/app-native.ts";
import { type Arch, NODE_ARCH, nodePackage, toolFor } from "../../scripts/image/app-node.ts";
import { reach, Unreachable } from "../../scripts/image/app-reach.ts";
import { loadsOf, toJavaScript } from "../../scripts/image/app-source.ts";
import { programsIn, programsOf } from "../../scripts/image/app-units.ts";
import { readElf } from "../../scripts/image/elf.ts";
import { isHere } from "../peers/peer.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const OWN = (Object.keys(NODE_ARCH) as Arch[]).find((arch) => NODE_ARCH[arch] === process.arch);
const folder = mkdtempSync(join(tmpdir(), "firn-app-"));
after(() => rmSync(folder, { recursive: true }));

const runs = (tool: string) => spawnSync(tool, ["--version"]).status === 0;
const builds = new Map<string, Promise<string>>();

/** This machine's own kind; each name is built once, with a cache of its own. Undefined where it cannot be built. */
async function treeOf(t: TestContext, name: string): Promise<string | undefined> {
  if (!isHere(t, "a compiler (g++, strip)", runs("g++") && runs("strip"))) return undefined;
  if (OWN === undefined) return undefined;
  const out = join(folder, name);
  const begun =
    builds.get(name) ?? buildApp({ arch: OWN, out, cache: join(folder, `${name}-cache`) }).then(() => out);
  builds.set(name, begun);
  return begun;
}

function filesIn(out: string): string[] {
  return readdirSync(out, { recursive: true, encoding: "utf8" }).sort();
}

/** The tree's own Node, in the app's folder, with nothing of this environment. */
function runIn(out: string, args: readonly string[], input = "") {
  return spawnSync(join(out, NODE), [...args], { cwd: join(out, APP), env: {}, input, encoding: "utf8" });
}

const reached = reach(ROOT, programsOf(ROOT));
const ours = [...reached.keys()].filter((path) => /^(src|device)\/.*\.js$/.test(path));

test("of a source only types are gone: every line stands where it stood and is as long as it was", () => {
  assert.ok(ours.length > 200, `${ours.length}`);
  for (const path of ours) {
    const before = readFileSync(join(ROOT, path.replace(/js$/, "ts")), "utf8").split("\n");
    const now = Buffer.from(reached.get(path)!).toString("utf8").split("\n");
    assert.deepEqual(
      now.map((line) => line.length),
      before.map((line) => line.length),
      path,
    );
    for (const [at, line] of now.entries()) {
      // What is not blank is what stood there, but for the one letter of a name: .ts" becomes .js"
      const strange = [...line.matchAll(/\S/g)].filter(
        ({ 0: here, index }) =>
          here !== before[at]![index] && `${before[at]!.slice(index - 1, index + 3)}→${here}` !== '.ts"→j',
      );
      assert.deepEqual(strange, [], `${path}:${at + 1}`);
    }
  }
});

test("names of our own files change with them, also a worker's and what is loaded later; texts do not", () => {
  const text = [
    'import type { A } from "./a.ts";',
    'import { b } from "../b.ts";',
    'export { c } from "./c.ts";',
    'const d = await import("./d.ts");',
    'new Worker(new URL("./e.ts", import.meta.url));',
    'const f: string = "./f.ts";',
    "// and here: ./g.ts",
  ];
  assert.deepEqual(toJavaScript(text.join("\n")).split("\n"), [
    " ".repeat(text[0]!.length),
    'import { b } from "../b.js";',
    'export { c } from "./c.js";',
    'const d = await import("./d.js");',
    'new Worker(new URL("./e.js", import.meta.url));',
    'const f         = "./f.ts";',
    "// and here: ./g.ts",
  ]);
});

test("what a unit starts goes onto a machine, however its line begins", () => {
  const unit = [
    "ExecStart=/usr/bin/node --disable-sigusr1 --no-addons /usr/lib/firn/device/pi/eye.js %i",
    "ExecStartPre=-+/usr/bin/node /usr/lib/firn/device/pi/root/a-b.js",
    "ExecStart=/usr/bin/udevadm /usr/lib/firn/device/pi/no.js",
  ];
  assert.deepEqual(programsIn(unit.join("\n")), ["device/pi/eye.ts", "device/pi/root/a-b.ts"]);
  for (const name of ["firn", "eye", "glass", "root/prepare", "root/stick", "root/usb", "root/stopped"])
    assert.ok(programsOf(ROOT).includes(`device/pi/${name}.ts`), name);
});

test("what is missing is named, and what plays a board never goes onto one", () => {
  assert.throws(() => reach(ROOT, ["device/pi/nobody.ts"]), /a unit loads device\/pi\/nobody\.ts/);
  assert.throws(() => reach(ROOT, ["device/sim/firn.ts"]), Unreachable);
});

test("nothing is in the tree but what runs: no source, no test, no simulator, no page, no example", async (t) => {
  const out = await treeOf(t, "one");
  if (out === undefined) return;
  const foreign =
    /\.(ts|md|map|cc|h|gyp|html)$|^(scripts|test|docs|systemd)(\/|$)|^device\/sim(\/|$)|\/(tests?|docs|examples?|src)\//;
  const files = filesIn(join(out, APP)).filter((path) => lstatSync(join(out, APP, path)).isFile());
  assert.deepEqual(
    files.filter(
      (path) => foreign.test(path) && !/^node_modules\/.*\/(licen[cs]e\.md|src\/mjs\/index\.js)$/i.test(path),
    ),
    [],
  );
  assert.deepEqual(
    files.filter((path) => path.endsWith(".node")).map((path) => path.split("/")[1]),
    ["epoll", "node-hid"],
  );
  const dependencies = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).dependencies;
  for (const name of Object.keys(dependencies))
    assert.equal(
      files.includes(`node_modules/${name}/package.json`),
      [...reached.keys()].some((path) => path.startsWith(`node_modules/${name}/`)),
      name,
    );
});

test("it is small: the app under 12 MB, Node under 115", async (t) => {
  const out = await treeOf(t, "one");
  if (out === undefined) return;
  const size = (path: string) => (lstatSync(path).isFile() ? lstatSync(path).size : 0);
  const app = filesIn(join(out, APP)).reduce((sum, path) => sum + size(join(out, APP, path)), 0);
  t.diagnostic(`app ${(app / 1e6).toFixed(1)} MB, Node ${(size(join(out, NODE)) / 1e6).toFixed(1)} MB`);
  assert.ok(app < 12e6 && size(join(out, NODE)) < 115e6);
});

/** Node's own opinion of where each name leads, from each file. */
const RESOLVE = `
  import { readFileSync } from "node:fs";
  import { createRequire } from "node:module";
  import { pathToFileURL, fileURLToPath } from "node:url";
  const told = [];
  for (const [from, name, way] of JSON.parse(readFileSync(0, "utf8"))) {
    const at = pathToFileURL(from);
    try {
      const found = way === "require" ? createRequire(at).resolve(name)
        : fileURLToPath(way === "url" ? new URL(name, at) : import.meta.resolve(name, at));
      told.push([from, name, found]);
    } catch (problem) { told.push([from, name, problem.code ?? String(problem)]); }
  }
  console.log(JSON.stringify(told));
`;

test("every name that our files load leads Node to a file of the tree", async (t) => {
  const out = await treeOf(t, "one");
  if (out === undefined) return;
  const app = join(out, APP);
  const all = ours.flatMap((path) =>
    loadsOf(readFileSync(join(app, path), "utf8"))
      .filter(({ name }) => !name.startsWith("node:"))
      .map(({ name, way }) => [join(app, path), name, way]),
  );
  assert.ok(all.length > 500, `${all.length}`);
  const options = ["--experimental-import-meta-resolve", "--input-type=module", "--eval", RESOLVE];
  const { stdout, stderr } = runIn(out, options, JSON.stringify(all));
  assert.equal(stderr, "");
  const told = JSON.parse(stdout) as [string, string, string][];
  const astray = told.filter(
    ([, , to]) => !to.startsWith(`${app}/`) || !lstatSync(to, { throwIfNoEntry: false }),
  );
  assert.deepEqual(astray, []);
});

test("all of it loads in the tree's own Node, natives too, and the three begin", async (t) => {
  const out = await treeOf(t, "one");
  if (out === undefined) return;
  const begin = new Set(programsOf(ROOT).map((path) => path.replace(/ts$/, "js")));
  const modules = ours.filter((path) => !begin.has(path) && !path.endsWith("/worker.js"));
  const load = `for (const path of ${JSON.stringify(modules)}) await import(path);`;
  const loaded = runIn(out, [
    "--input-type=module",
    "--eval",
    load.replaceAll('["', '["./').replaceAll(',"', ',"./'),
  ]);
  assert.deepEqual([loaded.status, loaded.stderr], [0, ""]);
  const natives = `require("epoll"); require("onoff"); require("node-hid").devices(); require("blessed/lib/tput.js");`;
  const hid = runIn(out, ["--eval", natives]);
  if (isHere(t, "libusb and libudev", !/libusb|libudev/.test(hid.stderr)))
    assert.deepEqual([hid.status, hid.stderr], [0, ""]);
  // Each says in its own words that nobody handed it a pipe: everything up to there was found.
  for (const [name, code, words] of [
    ["firn", 4, /^Firn stopped: Firn was not started with its pipes/],
    ["eye", 2, /^The eye stopped/],
    ["glass", 1, /^The glass stopped/m],
  ] as const) {
    const { status, stderr } = runIn(out, [`device/pi/${name}.js`]);
    assert.equal(status, code, `${name}: ${stderr}`);
    assert.match(stderr, words);
    assert.doesNotMatch(stderr, /ERR_MODULE|Cannot find/);
  }
});

test("two builds are the same, to the byte, the right and the time", async (t) => {
  const [one, two] = [await treeOf(t, "one"), await treeOf(t, "two")];
  if (one === undefined || two === undefined) return;
  const described = (out: string) =>
    ["", ...filesIn(join(out, APP))]
      .map((path) => join(APP, path))
      .concat(NODE)
      .map((path) => {
        const { mode, mtimeMs } = lstatSync(join(out, path));
        const bytes = lstatSync(join(out, path)).isFile() ? readFileSync(join(out, path)) : "";
        return [path, mode.toString(8), mtimeMs, createHash("sha256").update(bytes).digest("hex")];
      });
  assert.deepEqual(described(one), described(two));
  assert.deepEqual(
    described(one).filter(([, mode]) => !["40755", "100644", "100755"].includes(String(mode))),
    [],
  );
});

test("the native part for another kind of machine is built here for that kind, the same each time", (t) => {
  const other = OWN === "arm64" ? "amd64" : "arm64";
  if (!isHere(t, `a cross compiler for ${other}`, runs(toolFor(other, "g++")))) return;
  // Its headers say nothing of a machine: those of this one's Node serve.
  const node = nodePackage(ROOT, OWN!, folder);
  const built = ["a", "b"].map((cache) => buildEpoll(ROOT, other, node, join(folder, cache)));
  assert.deepEqual(built[0], built[1]);
  const elf = readElf(Buffer.from(built[0]!))!;
  assert.equal(elf.machine, { arm64: 183, amd64: 62 }[other]);
  assert.doesNotMatch(Buffer.from(built[0]!).toString("latin1"), new RegExp(ROOT));
});
