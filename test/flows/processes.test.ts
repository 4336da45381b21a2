// The shipped scripts against three real processes, real pictures and a real folder.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { PHRASES, psbt, purse, signed } from "../bitcoin/build.ts";
import { picturePsbt, pictureText } from "./pictures.ts";
import { replyIn } from "./stage.ts";

const ROOT = join(import.meta.dirname, "../..");
const AT = mkdtempSync(join(tmpdir(), "firn-processes-"));
after(() => rmSync(AT, { recursive: true, force: true }));

const PIN = "27182818";
const own = purse("p2wsh", { network: "signet" });
const asked = psbt(own, { version: 2, inputs: 2 });
const SHOT = { tiltX: 0.1, tiltY: 0.06, rotationDegrees: 3, blur: 0.5, noise: 5, glare: 20 };
const at = (name: string) => join(AT, name);

interface Played {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function npmStart(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Played> {
  const child = spawn(process.execPath, ["scripts/start.ts", ...args], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, stdout, stderr })));
}

async function plays(
  home: string,
  script: string,
  set: Readonly<Record<string, string>>,
  more: { readonly args?: readonly string[]; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Played> {
  const values = Object.entries(set).flatMap(([name, value]) => ["--set", `${name}=${value}`]);
  const file = `docs/sessions/${script}.txt`;
  const played = await npmStart(["--home", home, "--play", file, ...values, ...(more.args ?? [])], more.env);
  assert.deepEqual([played.code, played.stderr], [0, ""], played.stdout.slice(-3000));
  return played;
}

const HOME = at("home");

test("set-up and registration are played on real processes, from --network and a code as a picture", async () => {
  const set = { PIN, WORDS: PHRASES[0], NETWORK: "signet" };
  const { stdout } = await plays(HOME, "setup", set, { args: ["--network", "signet"] });
  assert.match(stdout, /Key 73c5da0a, 4 wallets/);
  const CAMERA = await pictureText(at("vault"), own.wallet.descriptor, { blur: 0.4 });
  const registered = await plays(
    HOME,
    "register",
    { PIN, CAMERA },
    { args: ["--size", "40x15", "--buttons"] },
  );
  assert.match(registered.stdout, /hold the ok button/);
});

test("a transaction as camera pictures is signed, its codes are written as pictures, and Firn loaded no decoder", async () => {
  const loaded = at("loaded");
  mkdirSync(loaded);
  cpSync(HOME, at("home-signed"), { recursive: true });
  const CAMERA = await picturePsbt(at("spend"), asked, { dialect: "ur", density: "medium" }, SHOT);
  const OUT = at("out");
  const env = { LOADED: loaded, NODE_OPTIONS: `--import=${join(ROOT, "test/sim/loaded.ts")}` };
  await plays(at("home-signed"), "sign", { PIN, CAMERA, OUT }, { env });
  const { bytes, dialect } = replyIn(OUT);
  assert.equal(dialect, "ur");
  assert.deepEqual(bytes, (await signed(own, asked)).whole.bytes);
  const texts = readFileSync(join(OUT, "codes.txt"), "utf8").trimEnd().split("\n");
  assert.equal(readdirSync(OUT).filter((name) => name.endsWith(".png")).length, texts.length);
  const outside =
    /\/(jsqr|zxing-wasm|qrcode|pngjs|jpeg-js|blessed|node-hid|onoff)\/|\/src\/qr\/|\/device\/(eye|glass)\//;
  const firns = readdirSync(loaded).filter((name) => name.startsWith("firn.ts."));
  assert.equal(firns.length, 1);
  const urls = readFileSync(join(loaded, firns[0]!), "utf8").split("\n");
  assert.deepEqual(
    urls.filter((url) => outside.test(url)),
    [],
  );
  assert.ok(
    urls.some((url) => url.includes("/tiny-secp256k1/")),
    "the list is that of a signing",
  );
});

test("what the codes' pictures show is what codes.txt says, read by the very eye", async () => {
  const child = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", "scripts/read.ts", at("out")],
    {
      cwd: ROOT,
    },
  );
  let out = "";
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  await new Promise((resolve) => child.on("close", resolve));
  const read = out
    .trimEnd()
    .split("\n")
    .map((line) => (JSON.parse(line) as { texts: string[] }).texts[0]);
  assert.deepEqual(
    read,
    readFileSync(join(at("out"), "codes.txt"), "utf8")
      .trimEnd()
      .split("\n"),
  );
});

test("on a machine that runs no WebAssembly the same transaction gets the same signatures, by jsqr and noble", async () => {
  cpSync(HOME, at("home-no-wasm"), { recursive: true });
  const CAMERA = await picturePsbt(at("plain"), asked, { dialect: "bbqr", density: "low" });
  const WASM_REFUSED = at("refused");
  const env = { WASM_REFUSED, NODE_OPTIONS: `--import=${join(import.meta.dirname, "no-wasm.ts")}` };
  await plays(at("home-no-wasm"), "sign", { PIN, CAMERA, OUT: at("out-no-wasm") }, { env });
  assert.deepEqual(replyIn(at("out-no-wasm")).bytes, (await signed(own, asked)).whole.bytes);
  const asking = new Set(readFileSync(WASM_REFUSED, "utf8").trimEnd().split("\n"));
  assert.deepEqual([...asking].sort(), ["firn.ts", "worker.ts, a thread"]);
});

test("a hostile transaction is refused by name on real processes, on a small screen too", async () => {
  const evil = psbt(own, { sighash: 0x82 });
  const CAMERA = await picturePsbt(at("evil"), evil, { dialect: "ur", density: "medium" }, SHOT);
  await plays(HOME, "refuse", { PIN, CAMERA, SEE: "bitcoin.sighash" }, { args: ["--size", "40x15"] });
});

test("power that goes while the spend's line is written kills three processes, and the next three sign", async () => {
  const file = at("cut.txt");
  const sign = readFileSync(join(ROOT, "docs/sessions/sign.txt"), "utf8");
  const unlocked = sign.indexOf("pick Sign");
  const cut = `${sign.slice(0, unlocked)}cut 1\n${sign.slice(unlocked).replace(/see Signed[\s\S]*/, "see PIN\n")}`;
  writeFileSync(file, cut + sign);
  cpSync(HOME, at("home-cut"), { recursive: true });
  const CAMERA = await picturePsbt(at("again"), asked, { dialect: "bbqr", density: "low" });
  const values = [`PIN=${PIN}`, `CAMERA=${CAMERA}`, `OUT=${at("out-cut")}`].flatMap((value) => [
    "--set",
    value,
  ]);
  const { code, stderr, stdout } = await npmStart(["--home", at("home-cut"), "--play", file, ...values]);
  assert.deepEqual([code, stderr], [0, ""], stdout.slice(-2000));
  assert.deepEqual(replyIn(at("out-cut")).bytes, (await signed(own, asked)).whole.bytes);
});
