import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { type HidBus, KeyPort, nodeHid } from "../../device/glass/hid.ts";
import type { FromGlass } from "../../device/wire/lines.ts";

/** A bus whose plugs, reports and faults the test makes; it is looked at whenever the test says so. */
function bus() {
  const lines: FromGlass[] = [];
  const written: string[] = [];
  const opened: string[] = [];
  const closed: string[] = [];
  const listeners = new Map<string, { data?: (report: Uint8Array) => void; error?: () => void }>();
  let plugged: string[] = [];
  let [listing, opening, writing] = [true, true, true];
  let wake: (() => void)[] = [];
  const fake: HidBus = {
    list: async () => (listing ? [...plugged] : Promise.reject(new Error("no bus"))),
    async open(path) {
      await turn();
      if (!opening) throw new Error("not allowed");
      opened.push(path);
      const on: { data?: (report: Uint8Array) => void; error?: () => void } = {};
      listeners.set(path, on);
      return {
        on(event: "data" | "error", take: (report: Uint8Array) => void) {
          on[event] = take as () => void;
        },
        async write(report) {
          if (!writing) throw new Error("pulled");
          written.push(`${path} ${report.length} ${report[0]} ${report[1]}`);
        },
        async close() {
          closed.push(path);
        },
      };
    },
  };
  const port = new KeyPort({
    line: (line) => lines.push(line),
    bus: fake,
    pause: () => new Promise((resolve) => wake.push(resolve)),
  });
  const settle = async () => {
    for (let i = 0; i < 10; i++) await turn();
  };
  return {
    ...{ port, lines, written, opened, closed, listeners, settle },
    plug: (...paths: string[]) => {
      plugged = paths;
    },
    fail(what: { listing?: boolean; opening?: boolean; writing?: boolean }) {
      listing = what.listing ?? listing;
      opening = what.opening ?? opening;
      writing = what.writing ?? writing;
    },
    /** The next look at the bus. */
    async look() {
      const now = wake;
      wake = [];
      for (const resolve of now) resolve();
      await settle();
    },
  };
}

const PACKET = new Uint8Array(64).fill(9);
const THERE = { t: "key", present: true };
const GONE = { t: "key", present: false };

test("while a key is wanted the first one is opened, told of, and relayed byte for byte", async () => {
  const { port, lines, written, opened, listeners, settle, plug } = bus();
  plug("/dev/hidraw3", "/dev/hidraw4");
  await settle();
  assert.deepEqual(opened, []);
  port.want(true);
  await settle();
  port.send(PACKET);
  listeners.get("/dev/hidraw3")!.data!(PACKET);
  await settle();
  assert.deepEqual(lines, [THERE, { t: "packet", bytes: PACKET }]);
  assert.deepEqual(opened, ["/dev/hidraw3"]);
  assert.deepEqual(written, ["/dev/hidraw3 65 0 9"]);
});

test("a key that comes later is found at the next look, and one that is pulled is missed", async () => {
  const { port, lines, settle, plug, look } = bus();
  port.want(true);
  await settle();
  assert.deepEqual(lines, []);
  plug("/dev/hidraw0");
  await look();
  assert.deepEqual(lines, [THERE]);
  await look();
  assert.deepEqual(lines, [THERE]);
  plug();
  await look();
  assert.deepEqual(lines, [THERE, GONE]);
  plug("/dev/hidraw1");
  await look();
  assert.deepEqual(lines, [THERE, GONE, THERE]);
});

test("a key that fails while it is read or written is gone, once, and tried again", async () => {
  const { port, lines, listeners, settle, plug, look, fail } = bus();
  plug("/dev/hidraw0");
  port.want(true);
  await settle();
  listeners.get("/dev/hidraw0")!.error!();
  listeners.get("/dev/hidraw0")!.error!();
  assert.deepEqual(lines, [THERE, GONE]);
  await look();
  assert.deepEqual(lines, [THERE, GONE, THERE]);
  fail({ writing: false });
  port.send(PACKET);
  port.send(PACKET);
  await settle();
  assert.deepEqual(lines, [THERE, GONE, THERE, GONE]);
});

test("when it is no longer wanted the key is closed, nothing is relayed, and nobody looks any more", async () => {
  const { port, lines, written, closed, opened, listeners, settle, plug, look } = bus();
  plug("/dev/hidraw0");
  port.want(true);
  await settle();
  const { data } = listeners.get("/dev/hidraw0")!;
  port.want(false);
  data!(PACKET);
  port.send(PACKET);
  await look();
  await look();
  assert.deepEqual([lines, written, closed, opened.length], [[THERE], [], ["/dev/hidraw0"], 1]);
  port.want(true);
  await settle();
  assert.deepEqual([lines.length, opened.length], [2, 2]);
});

test("a key that opens too late, when it is wanted no more, is closed at once", async () => {
  const { port, lines, closed, settle, plug } = bus();
  plug("/dev/hidraw0");
  port.want(true);
  port.want(false);
  await settle();
  assert.deepEqual(lines, []);
  assert.equal(closed.length, 0);
  port.want(true);
  await turn();
  port.want(false);
  await settle();
  assert.deepEqual([lines, closed], [[], ["/dev/hidraw0"]]);
});

test("a bus that cannot be read, a key that cannot be opened, and reports of another length are no key and no words", async () => {
  const { port, lines, listeners, settle, plug, look, fail } = bus();
  plug("/dev/hidraw0");
  fail({ listing: false });
  port.want(true);
  await settle();
  fail({ listing: true, opening: false });
  await look();
  assert.deepEqual(lines, []);
  fail({ opening: true });
  await look();
  for (const length of [0, 63, 65, 8]) listeners.get("/dev/hidraw0")!.data!(new Uint8Array(length));
  assert.deepEqual(lines, [THERE]);
});

test("this machine's own bus is node-hid's, and where its native part is missing that is only an error", async () => {
  const { default: hid } = await import("node-hid");
  assert.deepEqual([typeof hid.devicesAsync, typeof hid.HIDAsync.open], ["function", "function"]);
  const paths = await nodeHid()
    .list()
    .catch((error: unknown) => error as Error);
  assert.ok(paths instanceof Error || paths.every((path) => typeof path === "string"));
  await assert.rejects(nodeHid().open("/dev/there-is-none"));
});
