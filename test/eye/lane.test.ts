import assert from "node:assert/strict";
import { test } from "node:test";
import { Decoders } from "../../device/eye/decoders.ts";
import { type Lane, openLane } from "../../device/eye/lane.ts";
import { openDecoders } from "../../device/eye/open.ts";
import { DamagedPicture } from "../../device/eye/size.ts";
import { checkedWasm, packagedWasm } from "../../device/eye/wasm.ts";
import { Watch } from "../../device/eye/watch.ts";
import { drawCode, paint } from "../../src/qr/draw.ts";
import { inverted } from "../../src/qr/frame.ts";
import { pipe } from "./support.ts";

const UNRULY = new URL("./unruly-worker.ts", import.meta.url);
const CODE = paint(drawCode("STILL HERE", { version: 2, level: "M", mode: "alphanumeric" }), 5);

async function unruly(use: (lane: Lane) => Promise<void>): Promise<void> {
  const lane = openLane({}, UNRULY);
  try {
    await use(lane);
  } finally {
    await lane.close();
  }
}

for (const act of ["exit", "throw", "trap", "memory"])
  test(`a thread that ends by ${act} is replaced, and the next task finds a fresh one`, () =>
    unruly(async (lane) => {
      assert.equal(await lane.ask({ t: "open", path: act }, 60_000), "lost");
      assert.deepEqual(await lane.ask({ t: "open", path: "answer" }, 60_000), { t: "missed", cpuMs: 1 });
    }));

test("a thread that hangs is ended when its time is up, and replaced", () =>
  unruly(async (lane) => {
    assert.deepEqual(await lane.ask({ t: "open", path: "answer" }, 60_000), { t: "missed", cpuMs: 1 });
    assert.equal(await lane.ask({ t: "open", path: "hang" }, 300), "lost");
    assert.deepEqual(await lane.ask({ t: "open", path: "answer" }, 60_000), { t: "missed", cpuMs: 1 });
  }));

test("a thread's own loading is not counted as its task's time, so that a slow board ever gets a frame read", async () => {
  const lane = openLane({}, new URL("./slow-worker.ts", import.meta.url));
  try {
    assert.deepEqual(await lane.ask({ t: "open", path: "any" }, 300), { t: "missed", cpuMs: 1 });
  } finally {
    await lane.close();
  }
});

test("a thread that dies between two tasks costs at most the next one", () =>
  unruly(async (lane) => {
    assert.deepEqual(await lane.ask({ t: "open", path: "answer, then exit" }, 60_000), {
      t: "missed",
      cpuMs: 1,
    });
    await lane.ask({ t: "open", path: "answer" }, 60_000);
    assert.deepEqual(await lane.ask({ t: "open", path: "answer" }, 60_000), { t: "missed", cpuMs: 1 });
  }));

test("a closed lane loses every task and starts no thread", async () => {
  const lane = openLane({}, UNRULY);
  const asked = lane.ask({ t: "open", path: "hang" }, 60_000);
  await lane.close();
  assert.equal(await asked, "lost");
  assert.equal(await lane.ask({ t: "open", path: "answer" }, 60_000), "lost");
});

test("when zxing's thread dies over a frame jsqr still reads it, and the next frame is zxing's again", async () => {
  let deaths = 0;
  const broken = openLane({}, UNRULY);
  const healthy = openLane({ wasm: packagedWasm()! });
  const dying: Lane = {
    ask(task, mostMs) {
      const dies = task.t === "decode" && deaths++ < 2;
      return dies ? broken.ask({ t: "open", path: "exit" }, mostMs) : healthy.ask(task, mostMs);
    },
    close: async () => {},
  };
  const second = openLane({});
  const decoders = new Decoders(dying, second, true);
  try {
    const first = await decoders.climb(CODE);
    assert.deepEqual([first.read?.text, first.decoder, first.lost], ["STILL HERE", "jsqr", true]);
    const next = await decoders.climb(CODE);
    assert.deepEqual([next.read?.text, next.decoder, next.lost], ["STILL HERE", "zxing", false]);
  } finally {
    await Promise.all([broken, healthy, second].map((one) => one.close()));
  }
});

test("after three frames in a row over which a thread was lost Firn is told, and not before", async () => {
  const { eye, lines, watch: begin, until } = pipe();
  const watch = new Watch(eye, () => {});
  begin();
  await Promise.resolve().then(() => {});
  for (const lost of [true, true, false, true, true]) watch.frame(lost);
  assert.equal(watch.sent, 0);
  const told = until("unread");
  watch.frame(true);
  assert.deepEqual(await told, { t: "unread", reason: "transport.unreadable" });
  assert.equal(lines.length, 1);
});

test("wasm with another hash is not taken, and jsqr then works alone, inverted codes included", async () => {
  const wasm = packagedWasm()!;
  assert.equal(checkedWasm(wasm), wasm);
  const other = wasm.slice();
  other[other.length - 1]! ^= 1;
  assert.equal(checkedWasm(other), undefined);
  const alone = new Decoders(openLane({}), openLane({}), false);
  try {
    for (const frame of [CODE, inverted(CODE)]) {
      const { read, decoder } = await alone.climb(frame);
      assert.deepEqual([read?.text, decoder], ["STILL HERE", "jsqr"]);
    }
  } finally {
    await alone.close();
  }
});

test("where the machine refuses wasm jsqr works alone from the first frame on", async () => {
  const refused = openDecoders(new Uint8Array(100));
  try {
    assert.equal(refused.withZxing, true);
    const { read, decoder, lost } = await refused.climb(inverted(CODE));
    assert.deepEqual([read?.text, decoder, lost], ["STILL HERE", "jsqr", false]);
    assert.equal(refused.withZxing, false);
  } finally {
    await refused.close();
  }
});

test("a picture over which its thread dies is damaged, not a crash", async () => {
  const decoders = new Decoders(openLane({}, UNRULY), openLane({}, UNRULY), true);
  try {
    await assert.rejects(decoders.open("throw"), DamagedPicture);
  } finally {
    await decoders.close();
  }
});
