// The eye and the glass, written wholly by an attacker, against the wire and the panel.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Duplex } from "node:stream";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { streamChannel } from "../../device/wire/channel.ts";
import { type FromEye, type FromGlass, readFromEye, readFromGlass } from "../../device/wire/lines.ts";
import { CageEnded, joinPanel, type WirePanel } from "../../device/wire/panel.ts";
import type { Event, Kind, Wants } from "../../src/model.ts";
import { bench, drain } from "../wire/bench.ts";

const STILL = { clock: { monotonicMs: () => 0 }, timer: { after: () => () => undefined }, idleMs: 60_000 };

/** A panel whose cages are child processes that run these lines of JavaScript; descriptor 3 is the pipe. */
function hostile(eyeSource: string, glassSource: string): { panel: WirePanel; gone: Promise<unknown> } {
  const start = (source: string) =>
    spawn(process.execPath, ["-e", `const pipe = new (require("net").Socket)({ fd: 3 });${source}`], {
      stdio: ["ignore", "ignore", "ignore", "pipe"],
    });
  const [eye, glass] = [start(eyeSource), start(glassSource)];
  const [eyePipe, glassPipe] = [eye.stdio[3] as Duplex, glass.stdio[3] as Duplex];
  const panel = joinPanel({
    eye: streamChannel(eyePipe, eyePipe, readFromEye),
    glass: streamChannel(glassPipe, glassPipe, readFromGlass),
    ...STILL,
  });
  return { panel, gone: Promise.all([once(eye, "exit"), once(glass, "exit")]) };
}

const QUIET = 'pipe.resume().on("close", () => process.exit(0)).on("error", () => process.exit(0));';

async function ended(panel: WirePanel, wants: Wants = {}): Promise<CageEnded> {
  for (;;) {
    try {
      await panel.next(wants);
    } catch (error) {
      assert.ok(error instanceof CageEnded, String(error));
      return error;
    }
  }
}

test("a glass that floods keys gets 1024 of them in, and memory does not grow", async () => {
  const { panel, fromGlass } = bench();
  for (let i = 0; i < 20_000; i++) void fromGlass({ t: "press", button: "ok" });
  await turn();
  assert.equal(panel.counts().fromGlass, 20_000);
  assert.equal(panel.counts().droppedKeys, 20_000 - 1024);
  assert.equal((await drain(panel, {})).length, 1024);
});

test("a flood of keys does not keep a message of the eye out", async () => {
  const { panel, fromGlass, fromEye } = bench();
  panel.poll({ scan: ["psbt"] });
  for (let i = 0; i < 5000; i++) void fromGlass({ t: "char", char: "x" });
  await fromEye({ t: "message", message: { kind: "psbt", dialect: "hex", bytes: Uint8Array.of(7) } });
  const events = await drain(panel, { scan: ["psbt"] });
  assert.equal(events.filter((event) => event.kind === "message").length, 1);
});

test("no line of the glass becomes a hold, a message, a tick or an idle event", async () => {
  for (const kind of ["held", "holding", "message", "tick", "idle", "progress", "resize"]) {
    const line = `{"t":"${kind}","kind":"${kind}","button":"ok","share":1}\\n`;
    const { panel, gone } = hostile(QUIET, `pipe.write('${line}');${QUIET}`);
    const end = await ended(panel);
    assert.deepEqual([end.cage, end.why], ["glass", "breach"]);
    await gone;
  }
});

test("an eye that speaks unasked is not heard", async () => {
  const { panel, fromEye } = bench();
  panel.poll({});
  for (let i = 0; i < 100; i++) {
    await fromEye({ t: "message", message: { kind: "psbt", dialect: "ur", bytes: Uint8Array.of(1) } });
    await fromEye({ t: "progress", dialect: "ur", have: 1, total: 1, map: "#" });
    await fromEye({ t: "preview", width: 1, height: 1, luma: Uint8Array.of(1) });
    await fromEye({ t: "unread", reason: "transport.damaged" });
  }
  assert.deepEqual(await drain(panel, {}), []);
  assert.equal(panel.counts().unasked, 400);
});

test("an eye that answers a wish for a transaction with a seed is not heard", async () => {
  const { panel, fromEye } = bench();
  panel.poll({ scan: ["psbt", "wallet"] });
  await fromEye({
    t: "message",
    message: { kind: "seed", seed: { form: "compact", entropy: new Uint8Array(16).fill(7) } },
  });
  assert.deepEqual(await drain(panel, { scan: ["psbt", "wallet"] }), []);
  assert.equal(panel.poll({ scan: ["seed"] }), undefined);
});

test("an eye that pours seven MiB without a line end is ended with the others", async () => {
  const flood = `const piece = Buffer.alloc(65536, 65);
    pipe.write('{"t":"message","message":{"kind":"psbt","dialect":"ur","bytes":"');
    for (let i = 0; i < 112; i++) pipe.write(piece);${QUIET}`;
  const { panel, gone } = hostile(flood, QUIET);
  const end = await ended(panel, { scan: ["psbt"] });
  assert.deepEqual([end.cage, end.why], ["eye", "breach"]);
  await gone;
});

test("a hundred thousand lines of an eye leave Firn with one event and no more memory", async () => {
  const flood = `const line = '{"t":"unread","reason":"transport.unknown"}\\n'.repeat(1000);
    for (let i = 0; i < 100; i++) pipe.write(line); pipe.end();${QUIET}`;
  const { panel, gone } = hostile(flood, QUIET);
  const before = process.memoryUsage().arrayBuffers;
  panel.poll({ scan: ["psbt"] });
  // Nobody asks for events while the flood comes.
  while (panel.counts().fromEye < 100_000) await turn();
  assert.ok(process.memoryUsage().arrayBuffers - before < 8 * 1024 * 1024);
  assert.equal((await ended(panel, { scan: ["psbt"] })).why, "closed");
  await gone;
});

test("a cage that dies in the middle of a line ends the journey, and the half line is not heard", async () => {
  const half = `pipe.end('{"t":"message","message":{"kind":"psbt","dialect":"ur","bytes":"AAAA"}}');${QUIET}`;
  const { panel, gone } = hostile(half, QUIET);
  const end = await ended(panel, { scan: ["psbt"] });
  assert.deepEqual([end.cage, end.why], ["eye", "closed"]);
  await gone;
});

test("a cage that crashes ends the other one", async () => {
  const { panel, gone } = hostile(QUIET, "process.kill(process.pid, 'SIGKILL');");
  assert.equal((await ended(panel)).cage, "glass");
  await gone;
});

const kinds = fc.subarray<Kind>(["psbt", "wallet", "seed", "document", "headers", "address"], {
  minLength: 0,
});
const eyeLine: fc.Arbitrary<FromEye> = fc.oneof(
  fc.constantFrom<FromEye>(
    { t: "message", message: { kind: "psbt", dialect: "ur", bytes: Uint8Array.of(1) } },
    { t: "message", message: { kind: "wallet", dialect: "plain", text: "x" } },
    { t: "message", message: { kind: "seed", seed: { form: "compact", entropy: new Uint8Array(16) } } },
    { t: "message", message: { kind: "document", dialect: "plain", text: "Firn x" } },
    { t: "message", message: { kind: "headers", dialect: "hex", bytes: new Uint8Array(80) } },
    { t: "unread", reason: "transport.mixed" },
    { t: "progress", dialect: "ur", have: 1, total: 2, map: "#." },
  ),
);
const glassLine: fc.Arbitrary<FromGlass> = fc.constantFrom<FromGlass>(
  { t: "press", button: "ok" },
  { t: "char", char: "a" },
  { t: "size", columns: 50, rows: 20 },
);

test("whatever both cages say and whenever, each event is one that the present screen wants", async () => {
  const step = fc.oneof(
    fc.record({ eye: eyeLine }),
    fc.record({ glass: glassLine }),
    fc.record({ wants: kinds }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const { panel, fromEye, fromGlass } = bench();
      for (const now of steps) {
        if ("eye" in now) await fromEye(now.eye);
        else if ("glass" in now) await fromGlass(now.glass);
        else assertWanted(panel.poll({ scan: now.wants }), now.wants);
      }
    }),
    { numRuns: 100 },
  );
});

function assertWanted(event: Event | undefined, kinds: readonly Kind[]): void {
  if (event === undefined || event.kind === "press" || event.kind === "char" || event.kind === "resize")
    return;
  assert.ok(kinds.length > 0, event.kind);
  assert.ok(
    event.kind !== "held" && event.kind !== "holding" && event.kind !== "tick" && event.kind !== "idle",
  );
  if (event.kind === "message") assert.ok(kinds.includes(event.message.kind));
}

test("the glass itself ends with exit code 1 when Firn sends what is no picture, and 0 when Firn goes", async () => {
  const main = fileURLToPath(new URL("../../device/glass/main.ts", import.meta.url));
  for (const [line, code] of [
    ['{"t":"show","seq":1,"picture":{"title":"A"}}\n', 1],
    ["", 0],
  ] as const) {
    const glass = spawn(process.execPath, [main], {
      stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
      env: { ...process.env, FIRN_CONTROL: "1" },
    });
    const pipe = glass.stdio[3] as Duplex;
    pipe.on("error", () => undefined).resume();
    (glass.stdio[4] as Duplex).on("error", () => undefined).resume();
    const gone = once(glass, "exit");
    pipe.end(line);
    assert.deepEqual(await gone, [code, null]);
  }
});
