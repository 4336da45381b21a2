// The eye's process on a board: a real socket, real programs, real threads.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { boards } from "../../device/boards/index.ts";
import type { FromEye } from "../../device/wire/lines.ts";
import { drawCode } from "../../src/qr/draw.ts";
import { split } from "../../src/transport/index.ts";
import { camera, journal } from "../eye/fake-camera.ts";
import { folder, psbt } from "../eye/support.ts";
import { shoot } from "../pictures.ts";
import { type EyeProcess, startEye } from "./eye-process.ts";

const CHOSEN = { board: "virt-arm64", camera: "port", screen: "virtio", buttons: true, tpm: false };

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await pause(10);
}

/** Firn's end, with every line that came. */
async function heard(eye: EyeProcess) {
  const { channel, socket } = await eye.firn;
  const lines: FromEye[] = [];
  channel.onMessage((line) => lines.push(line));
  return { lines, socket, send: channel.send.bind(channel) };
}

const threads = (pid: number) =>
  Number(/^Threads:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1]);

test("an animated code before a real camera program, read by a real eye over a real socket, is the message", async () => {
  const message = psbt(900);
  const loop = split(message, { dialect: "ur", density: "medium" });
  const frame = { width: 640, height: 480, frameBytes: 460_800, layout: "planar" } as const;
  const frames = loop.texts.map((text, seed) => {
    const bytes = new Uint8Array(frame.frameBytes).fill(128);
    const code = drawCode(text, loop);
    bytes.set(shoot(code, { modulePixels: 340 / code.size, blur: 0.6, noise: 6, seed }).luma);
    return bytes;
  });
  const plays = join(folder(), "film");
  writeFileSync(plays, Buffer.concat(frames));
  const runs = journal();
  const eye = startEye({ camera: camera({ frame, plays, perSecond: 15, journal: runs.path }) });
  const firn = await heard(eye);
  await pause(300);
  // Nothing was wanted: no camera, no decoder's thread.
  assert.deepEqual([firn.lines, runs.lines()], [[], []]);
  const resting = threads(eye.child.pid!);
  firn.send({ t: "watch", kinds: ["psbt"] });
  await until(() => firn.lines.some(({ t }) => t === "message"));
  assert.ok(threads(eye.child.pid!) > resting);
  const last = firn.lines.at(-1)!;
  assert.ok(last.t === "message" && last.message.kind === "psbt");
  assert.deepEqual(last.message.bytes, message.bytes);
  const program = runs.pid();
  firn.socket.end();
  assert.deepEqual(await eye.ended, { code: 0, said: "" });
  await until(() => !isRunning(program));
});

const isRunning = (pid: number) => {
  try {
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
};

test("a watch that is over before the rest of the eye was loaded leaves no camera running", async () => {
  const runs = journal();
  const eye = startEye({ camera: camera({ journal: runs.path }) });
  const firn = await heard(eye);
  firn.send({ t: "watch", kinds: ["psbt"] });
  firn.send({ t: "rest" });
  await pause(700);
  assert.deepEqual(firn.lines, []);
  assert.ok(runs.lines().length === 0 || !isRunning(runs.pid()));
  // And the next one begins as ever.
  firn.send({ t: "watch", kinds: ["chance"] });
  await until(() => firn.lines.length >= 2);
  assert.ok(firn.lines.every(({ t }) => t === "preview"));
  firn.socket.end();
  assert.equal((await eye.ended).code, 0);
});

type Ends = { readonly eye: EyeProcess; readonly socket: { destroy(): void } };
for (const [why, end] of Object.entries({
  "ends with Firn": ({ socket }: Ends) => socket.destroy(),
  "is killed": ({ eye }: Ends) => eye.child.kill("SIGKILL"),
}))
  test(`an eye that ${why} while its camera runs leaves no program behind`, async () => {
    const runs = journal();
    const eye = startEye({ camera: camera({ journal: runs.path, stubborn: true }) });
    const firn = await heard(eye);
    firn.send({ t: "watch", kinds: ["psbt"] });
    await until(() => firn.lines.length > 0);
    const program = runs.pid();
    assert.ok(isRunning(program));
    end({ eye, socket: firn.socket });
    await eye.ended;
    await until(() => !isRunning(program));
  });

test("a board's own camera is what its file says: where it is not there, that is said, and the eye goes on", async () => {
  const eye = startEye({ device: JSON.stringify(CHOSEN) });
  const firn = await heard(eye);
  firn.send({ t: "watch", kinds: ["psbt"] });
  await until(() => firn.lines.length > 0);
  assert.deepEqual(firn.lines, [{ t: "camera", trouble: "transport.no-camera" }]);
  firn.send({ t: "rest" });
  firn.send({ t: "watch", kinds: ["seed"] });
  await until(() => firn.lines.length > 1);
  firn.socket.end();
  const { code, said } = await eye.ended;
  assert.equal(code, 0);
  assert.equal(said, "The camera: /dev/virtio-ports/camera: ENOENT\n");
});

/** The files of this repository and its packages whose code ran in a process that has ended. */
function ran(coverage: string): string[] {
  return readdirSync(coverage).flatMap((name) => {
    const { result } = JSON.parse(readFileSync(join(coverage, name), "utf8"));
    return (result as { readonly url: string }[]).map(({ url }) => url);
  });
}

test("before it is wanted an eye has loaded no decoder and no reader of formats, afterwards it has", async () => {
  for (const wanted of [false, true]) {
    const coverage = folder();
    const eye = startEye({ device: JSON.stringify(CHOSEN) }, { NODE_V8_COVERAGE: coverage });
    const firn = await heard(eye);
    if (wanted) {
      firn.send({ t: "watch", kinds: ["psbt"] });
      await until(() => firn.lines.length > 0);
    } else await pause(300);
    firn.socket.end();
    await eye.ended;
    const urls = ran(coverage);
    assert.ok(urls.some((url) => url.endsWith("/device/eye/feed.ts")));
    for (const part of ["/src/transport/", "/src/qr/", "/device/eye/decoders.ts"])
      assert.equal(
        urls.some((url) => url.includes(part)),
        wanted,
        part,
      );
  }
});

const UNFIT: Record<string, { readonly device: string; readonly mode?: number }> = {
  "an unknown board": { device: JSON.stringify({ ...CHOSEN, board: "pi-9" }) },
  "an unknown camera": { device: JSON.stringify({ ...CHOSEN, camera: "periscope" }) },
  "a camera by an inherited name": { device: JSON.stringify({ ...CHOSEN, camera: "constructor" }) },
  "a key too many": { device: JSON.stringify({ ...CHOSEN, command: "/bin/sh" }) },
  "a key too few": { device: '{"board":"virt-arm64"}' },
  "no JSON": { device: "board=virt-arm64" },
  "a file that others may write": { device: JSON.stringify(CHOSEN), mode: 0o666 },
};
for (const [what, how] of Object.entries(UNFIT))
  test(`${what} is no description of a device: the eye ends with a word, exit code 2`, async () => {
    const { code, said } = await startEye(how).ended;
    assert.equal(code, 2);
    assert.match(said, /^The eye stopped: [ -~]+\n$/);
  });

test("an eye that finds no Firn ends with a word, exit code 1", async () => {
  const program = fileURLToPath(new URL("./eye-with.ts", import.meta.url));
  const child = spawn(process.execPath, [program, JSON.stringify(camera()), "/nowhere/eye.sock"]);
  let said = "";
  child.stderr.on("data", (chunk) => {
    said += chunk;
  });
  const code = await new Promise((done) => child.on("close", done));
  assert.equal(code, 1);
  assert.match(said, /^The eye stopped: Firn is not there \(.*ENOENT.*\)\n$/);
});

test("a line that Firn would never send ends the eye, exit code 1", async () => {
  const eye = startEye({ camera: camera() });
  const { socket } = await eye.firn;
  socket.on("error", () => {});
  socket.write('{"t":"watch","kinds":["pace","psbt"]}\n');
  const { code, said } = await eye.ended;
  assert.deepEqual([code, said], [1, "The eye stopped: line: expected chance or pace alone, or messages\n"]);
});

test("every board's cameras have room for their own pixels", () => {
  for (const { cameras } of boards)
    for (const { frame } of Object.values(cameras)) {
      const { width, height, frameBytes, layout } = frame;
      assert.ok(frameBytes >= width * height * (layout === "planar" ? 1 : 2));
      // The preview and the statistics are made for such.
      assert.ok(width <= 1280 && height <= 1024);
    }
});
