import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { copyFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import type { Socket } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { type EyeControl, type EyeReport, readEyeControl, readEyeReport } from "../../device/eye/control.ts";
import { picturesAt } from "../../device/eye/files.ts";
import { joinCamera, joinEye } from "../../device/eye/join.ts";
import { openDecoders } from "../../device/eye/open.ts";
import { encodeLine } from "../../device/wire/channel.ts";
import { memoryPair } from "../../device/wire/memory.ts";
import { toHex } from "../../src/bytes.ts";
import type { Message, PsbtMessage, Sight } from "../../src/model.ts";
import type { Frame } from "../../src/qr/frame.ts";
import { split } from "../../src/transport/index.ts";
import { fakeDecoders, folder, pictureFolder, pipe, psbt } from "./support.ts";

/** A played eye: `give` sends a control line and resolves with its answer. */
function played(kinds: readonly Sight[] = ["psbt"], decoders = openDecoders()) {
  const firn = pipe(kinds);
  const { first, second } = memoryPair<EyeControl, EyeReport>(readEyeReport, readEyeControl);
  const complaints: string[] = [];
  const eye = joinEye(firn.eye, second, (text) => complaints.push(text), decoders);
  const waiting: ((sent: number) => void)[] = [];
  first.onMessage(({ sent }) => waiting.shift()?.(sent));
  const give = (line: EyeControl) =>
    new Promise<number>((done) => {
      waiting.push(done);
      first.send(line);
    });
  return { ...firn, complaints, give, close: () => eye.close() };
}

/** No thread is needed where no picture is shown. */
const blind = () =>
  fakeDecoders(() => {
    throw new Error("a decoder was asked");
  });

test("what comes while the eye rests is answered at once and ignored", async () => {
  const eye = played(["psbt"], blind());
  assert.equal(await eye.give({ t: "picture", path: "/nowhere.png" }), 0);
  assert.equal(await eye.give({ t: "read", text: "anything" }), 0);
  eye.watch();
  eye.rest();
  assert.equal(await eye.give({ t: "read", text: "anything" }), 0);
  assert.deepEqual(eye.lines, []);
});

test("a watch that was sent before a read is taken before it", async () => {
  const eye = played(["psbt"], blind());
  eye.watch();
  assert.equal(await eye.give({ t: "read", text: "anything" }), 1);
  assert.deepEqual(eye.lines, [{ t: "unread", reason: "transport.unknown" }]);
});

test("reads add up to progress and one message, and then nothing more until the next watch", async () => {
  const message = psbt(2500);
  const { texts } = split(message, { dialect: "bbqr", density: "medium" });
  const eye = played(["psbt"], blind());
  eye.watch();
  for (const [at, text] of texts.entries()) assert.equal(await eye.give({ t: "read", text }), at + 1);
  const last = eye.lines.at(-1)!;
  assert.ok(last.t === "message" && last.message.kind === "psbt");
  assert.deepEqual(last.message.bytes, message.bytes);
  assert.ok(eye.lines.slice(0, -1).every(({ t }) => t === "progress"));
  for (const text of texts) assert.equal(await eye.give({ t: "read", text }), texts.length);
  eye.watch();
  assert.equal(await eye.give({ t: "read", text: texts[0]! }), texts.length + 1);
  assert.equal(eye.lines.at(-1)!.t, "progress");
});

test("a part seen again says nothing new, a refused one says its reason each time it is given", async () => {
  const { texts } = split(psbt(2500), { dialect: "bbqr", density: "medium" });
  const eye = played(["psbt"], blind());
  eye.watch();
  assert.equal(await eye.give({ t: "read", text: texts[0]! }), 1);
  assert.equal(await eye.give({ t: "read", text: texts[0]! }), 1);
  assert.equal(await eye.give({ t: "read", text: "B$broken" }), 2);
  assert.equal(await eye.give({ t: "read", text: "B$broken" }), 3);
  assert.deepEqual(eye.lines.at(-1), { t: "unread", reason: "transport.damaged" });
});

test("bytes given as hex arrive as they are: a CompactSeedQR with zeros is a seed, where a seed is wanted", async () => {
  const hex = "0074b64107f94cc0ccfae6a13dcbec36";
  const eye = played(["seed"], blind());
  eye.watch();
  await eye.give({ t: "read", hex });
  const [line] = eye.lines;
  assert.ok(line?.t === "message" && line.message.kind === "seed" && line.message.seed.form === "compact");
  assert.equal(toHex(line.message.seed.entropy), hex);
  const other = played(["psbt"], blind());
  other.watch();
  await other.give({ t: "read", hex });
  assert.deepEqual(other.lines, [{ t: "unread", reason: "transport.wrong-kind" }]);
});

for (const dialect of ["ur", "bbqr"] as const)
  test(`pictures of a ${dialect} code, one hard to read, become the message, the same each time`, async () => {
    const message = psbt(1500);
    const path = pictureFolder(message, dialect, { tiltX: 0.12, blur: 0.6, noise: 8, inverted: true });
    const plays: unknown[] = [];
    for (let i = 0; i < 2; i++) {
      const eye = played();
      try {
        eye.watch();
        for (const file of await picturesAt(path)) await eye.give({ t: "picture", path: file });
        const last = eye.lines.at(-1)!;
        assert.ok(last.t === "message" && last.message.kind === "psbt");
        assert.deepEqual(last.message.bytes, message.bytes);
        plays.push(eye.lines);
      } finally {
        await eye.close();
      }
    }
    assert.deepEqual(plays[0], plays[1]);
  });

/** Opens pictures as frames that a test made; nothing is ever decoded. */
const opening = (frames: readonly Frame[]) => {
  let at = 0;
  return fakeDecoders((task) => {
    assert.equal(task.t, "open");
    return { t: "frame", frame: frames[at++ % frames.length]! };
  });
};

/** Every pixel says where it is. */
const placed = (width: number, height: number): Frame => ({
  width,
  height,
  luma: Uint8Array.from({ length: width * height }, (_, i) => (i % width) * 7 + ((i / width) | 0) * 31),
});

test("where chance is wanted each frame comes whole or as its middle, pixel for pixel, and nothing is decoded", async () => {
  const [small, large] = [placed(40, 30), placed(301, 200)];
  const eye = played(["chance"], opening([small, large]));
  assert.equal(await eye.give({ t: "picture", path: "/before.png" }), 0);
  eye.watch();
  for (let sent = 1; sent <= 2; sent++)
    assert.equal(await eye.give({ t: "picture", path: "/any.png" }), sent);
  assert.equal(await eye.give({ t: "read", text: "a text" }), 2);
  const [first, second] = eye.lines;
  assert.deepEqual(first, { t: "preview", ...small });
  assert.ok(second?.t === "preview");
  assert.deepEqual([second.width, second.height], [128, 128]);
  for (const [x, y] of [
    [0, 0],
    [127, 0],
    [5, 127],
    [127, 127],
  ] as const)
    assert.equal(second.luma[y * 128 + x], large.luma[(36 + y) * 301 + 86 + x]);
  eye.rest();
  assert.equal(await eye.give({ t: "picture", path: "/after.png" }), 2);
});

test("where the pace is wanted each picture is looked at, counted, and nothing of its code is said", async () => {
  const path = pictureFolder(psbt(300), "bbqr");
  const eye = played(["pace"]);
  try {
    eye.watch();
    const [file] = await picturesAt(path);
    for (let sent = 1; sent <= 3; sent++) assert.equal(await eye.give({ t: "picture", path: file! }), sent);
    assert.deepEqual(
      eye.lines.map((line) => line.t === "pace" && [line.frames, line.looked, line.ms >= 0]),
      [1, 2, 3].map((count) => [count, count, true]),
    );
    assert.equal(await eye.give({ t: "read", text: "a text" }), 3);
  } finally {
    await eye.close();
  }
});

test("a live camera gives raw frames as often as it has them, and none of them to a decoder", async () => {
  const firn = pipe(["chance"]);
  const files = ["/1.pgm", "/2.pgm", "/3.pgm"];
  const eye = joinCamera(
    firn.eye,
    async () => files,
    undefined,
    opening(files.map((_, i) => placed(130 + i, 128))),
  );
  firn.watch();
  for (let i = 0; i < 3; i++) await firn.until("preview");
  firn.rest();
  assert.equal(firn.lines.length, 3);
  for (const line of firn.lines) assert.ok(line.t === "preview" && line.luma.length === 128 * 128);
  await eye.close();
});

test("a damaged picture and a missing one are named, skipped and answered", async () => {
  const path = folder();
  writeFileSync(join(path, "bad.png"), "no picture");
  const eye = played();
  try {
    eye.watch();
    assert.equal(await eye.give({ t: "picture", path: join(path, "bad.png") }), 0);
    assert.equal(await eye.give({ t: "picture", path: join(path, "gone.png") }), 0);
    assert.equal(eye.complaints.length, 2);
    assert.match(eye.complaints[0]!, /bad\.png: neither PNG nor JPEG nor PGM$/);
    assert.match(eye.complaints[1]!, /gone\.png: a file that cannot be read$/);
  } finally {
    await eye.close();
  }
});

test("a camera of picture files plays them in a loop while Firn watches, and shows what it sees", async () => {
  const message = psbt(1500);
  const path = pictureFolder(message, "bbqr");
  writeFileSync(join(path, "3a.png"), "damaged");
  const firn = pipe();
  const complaints: string[] = [];
  const eye = joinCamera(
    firn.eye,
    () => picturesAt(path),
    (text) => complaints.push(text),
  );
  try {
    for (let round = 0; round < 2; round++) {
      const message = firn.until("message");
      firn.watch();
      await message;
    }
    const found = firn.lines.flatMap((line): Message[] => (line.t === "message" ? [line.message] : []));
    for (const one of found) assert.deepEqual(one.kind === "psbt" && one.bytes, message.bytes);
    assert.equal(complaints.length, 1);
    const preview = firn.lines.find((line) => line.t === "preview");
    assert.ok(preview?.t === "preview" && preview.width <= 160 && preview.height <= 120);
    const told = firn.lines.length;
    // At rest no timer of the eye keeps this process alive, and nothing more is said.
    assert.equal(process.getActiveResourcesInfo().filter((name) => name === "Timeout").length, 0);
    assert.equal(firn.lines.length, told);
  } finally {
    await eye.close();
  }
});

test("pictures that were exchanged under the same names are seen when Firn watches again, and none of the old", async () => {
  const path = folder();
  const put = (message: PsbtMessage) => {
    for (const name of readdirSync(path)) rmSync(join(path, name));
    const from = pictureFolder(message, "bbqr");
    for (const name of readdirSync(from)) copyFileSync(join(from, name), join(path, name));
  };
  const firn = pipe();
  const eye = joinCamera(firn.eye, () => picturesAt(path));
  try {
    const asked = [psbt(900), psbt(300), psbt(700)];
    for (const message of asked) {
      put(message);
      const told = firn.until("message");
      firn.watch();
      await told;
      firn.rest();
    }
    const found = firn.lines.flatMap((line): Message[] => (line.t === "message" ? [line.message] : []));
    assert.deepEqual(
      found.map((one) => one.kind === "psbt" && one.bytes),
      asked.map(({ bytes }) => bytes),
    );
    for (const name of readdirSync(path)) rmSync(join(path, name));
    const told = firn.until("camera");
    firn.watch();
    await told;
  } finally {
    await eye.close();
  }
});

test("an eye without a camera says so once each time that Firn begins to watch", async () => {
  const firn = pipe();
  const eye = joinCamera(firn.eye, async () => [], undefined, blind());
  for (let times = 1; times <= 2; times++) {
    const told = firn.until("camera");
    firn.watch();
    await told;
    firn.rest();
    assert.deepEqual(
      firn.lines,
      Array.from({ length: times }, () => ({ t: "camera", trouble: "transport.no-camera" })),
    );
  }
  await eye.close();
});

test("a camera of damaged pictures alone says that nothing can be decoded", async () => {
  const path = folder();
  writeFileSync(join(path, "1.png"), "damaged");
  const firn = pipe();
  const complaints: string[] = [];
  const eye = joinCamera(
    firn.eye,
    () => picturesAt(path),
    (text) => complaints.push(text),
  );
  try {
    const told = firn.until("unread");
    firn.watch();
    await told;
    assert.deepEqual(firn.lines, [{ t: "unread", reason: "transport.unreadable" }]);
    assert.equal(complaints.length, 1);
  } finally {
    await eye.close();
  }
});

// ---------------------------------------------------------------- the process itself

const MAIN = fileURLToPath(new URL("../../device/eye/main.ts", import.meta.url));

function start(args: readonly string[], env: Record<string, string>) {
  const stdio = ["ignore", "ignore", "pipe", "pipe", "pipe"] as const;
  const child: ChildProcess = spawn(process.execPath, [MAIN, ...args], {
    stdio: [...stdio],
    env: { ...process.env, ...env },
  });
  const ended = new Promise<number | null>((done) => child.on("close", (code) => done(code)));
  const end = (at: number) => child.stdio[at] as Socket;
  const lines = (at: number) => createInterface({ input: end(at) })[Symbol.asyncIterator]();
  const send = (at: number, line: object) => end(at).write(`${encodeLine(line)}\n`);
  return { child, ended, end, lines, send };
}

test("the eye's process plays a folder over real pipes, sends the message, and ends with its pipe", async () => {
  const message = psbt(1200);
  const files = await picturesAt(pictureFolder(message, "ur"));
  const { ended, end, lines, send } = start([], { FIRN_CONTROL: "1" });
  const fromEye = lines(3);
  const answers = lines(4);
  send(3, { t: "watch", kinds: ["psbt"] });
  let sent = 0;
  for (const path of files) {
    send(4, { t: "picture", path });
    sent = JSON.parse((await answers.next()).value!).sent;
  }
  const all: { t: string; message?: { bytes: string } }[] = [];
  while (all.length < sent) all.push(JSON.parse((await fromEye.next()).value!));
  assert.equal(all.at(-1)!.t, "message");
  assert.equal(all.at(-1)!.message!.bytes, Buffer.from(message.bytes).toString("base64"));
  end(3).end();
  assert.equal(await ended, 0);
});

test("a line that Firn would never send ends the eye's process with a word, exit code 1", async () => {
  const { child, ended, end } = start([], {});
  let said = "";
  child.stderr!.on("data", (chunk) => (said += chunk));
  end(3).on("error", () => {});
  end(3).write('{"t":"watch","kinds":["everything"]}\n');
  assert.equal(await ended, 1);
  assert.match(said, /^The eye stopped: kinds\[0\]: expected one of psbt, [a-z, ]+\n$/);
});

test("a camera that is not there is said so, exit code 2", async () => {
  const { child, ended } = start(["--camera", "/nowhere/at/all"], {});
  let said = "";
  child.stderr!.on("data", (chunk) => (said += chunk));
  assert.equal(await ended, 2);
  assert.match(said, /no picture at \/nowhere\/at\/all/);
});
