import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { decodeLine, encodeLine } from "../../device/wire/channel.ts";
import { type FromGlass, readFromGlass, readGlassReport, readToGlass } from "../../device/wire/lines.ts";
import { Breach } from "../../device/wire/schema.ts";
import { bench, drain } from "./bench.ts";

const KEY = { key: true } as const;

function packet(fill: number): FromGlass & { readonly t: "packet" } {
  return { t: "packet", bytes: new Uint8Array(64).fill(fill) };
}

test("a security key is open exactly while a screen wants it", async () => {
  const { panel, toGlass } = bench();
  for (const wants of [{}, KEY, { ...KEY, tickMs: 5 }, {}, {}, KEY]) panel.poll(wants);
  await turn();
  assert.deepEqual(toGlass, [
    { t: "key", open: true },
    { t: "key", open: false },
    { t: "key", open: true },
  ]);
  assert.equal(panel.counts().toKey, 3);
});

test("packets for a key go to the glass as they are, and nowhere while none is wanted", async () => {
  const { panel, toGlass } = bench();
  const bytes = Uint8Array.from({ length: 64 }, (_, index) => index);
  panel.securityKey.send(bytes);
  panel.poll(KEY);
  panel.securityKey.send(bytes);
  panel.poll({});
  panel.securityKey.send(bytes);
  await turn();
  assert.deepEqual(toGlass, [
    { t: "key", open: true },
    { t: "packet", bytes },
    { t: "key", open: false },
  ]);
});

test("what a key says comes to the screen that wants it, in order, and to no other", async () => {
  const { panel, fromGlass } = bench();
  await fromGlass({ t: "key", present: true });
  await fromGlass(packet(1));
  assert.deepEqual(await drain(panel, {}), []);
  assert.deepEqual(await drain(panel, KEY), []);
  assert.equal(panel.counts().unasked, 2);
  for (const line of [
    { t: "key", present: true } as const,
    packet(2),
    { t: "press", button: "ok" } as const,
    packet(3),
  ])
    await fromGlass(line);
  await fromGlass({ t: "key", present: false });
  assert.deepEqual(
    (await drain(panel, KEY)).map((event) => (event.kind === "packet" ? event.bytes[0] : event.kind)),
    ["key", 2, "press", 3, "key"],
  );
});

test("what waits of a key is dropped and counted when it is no longer wanted, and keys that were pressed stay", async () => {
  const { panel, fromGlass } = bench();
  panel.poll(KEY);
  await fromGlass(packet(1));
  await fromGlass({ t: "press", button: "ok" });
  await fromGlass({ t: "key", present: false });
  assert.deepEqual(await drain(panel, {}), [{ kind: "press", button: "ok" }]);
  assert.equal(panel.counts().unasked, 2);
  assert.deepEqual(await drain(panel, KEY), []);
  // What was dropped takes no room from what comes later.
  for (let i = 0; i < 300; i++) {
    panel.poll(KEY);
    await fromGlass(packet(i));
    panel.poll({});
  }
  panel.poll(KEY);
  await fromGlass(packet(9));
  assert.equal((await drain(panel, KEY)).length, 1);
});

test("a camera that is wanted or not changes nothing about packets that wait", async () => {
  const { panel, fromGlass } = bench();
  panel.poll(KEY);
  await fromGlass(packet(7));
  assert.equal(panel.poll({ ...KEY, scan: ["psbt"] })?.kind, "packet");
});

test("a key that says anything keeps no screen from becoming idle", async () => {
  const { panel, fromGlass, pass } = bench(60_000);
  panel.poll(KEY);
  const kinds: string[] = [];
  for (let i = 0; i < 7; i++) {
    await pass(10_000);
    await fromGlass(packet(i));
    kinds.push(...(await drain(panel, KEY)).map(({ kind }) => kind));
  }
  assert.equal(kinds.filter((kind) => kind === "idle").length, 1);
});

test("a packet of another length, and words of another kind, end the pipe", () => {
  const lines: readonly unknown[] = [
    { t: "packet", bytes: new Uint8Array(63) },
    { t: "packet", bytes: new Uint8Array(65) },
    { t: "packet", bytes: new Uint8Array(0) },
    { t: "packet" },
    { t: "packet", bytes: new Uint8Array(64), channel: 1 },
    { t: "key" },
    { t: "key", present: "yes", open: "yes" },
    { t: "key", present: true, open: true },
  ];
  for (const read of [readFromGlass, readToGlass, readGlassReport])
    for (const line of lines)
      assert.throws(() => decodeLine<unknown>(Buffer.from(encodeLine(line)), read), Breach, encodeLine(line));
  const good = packet(5);
  for (const read of [readFromGlass, readToGlass, readGlassReport])
    assert.deepEqual(decodeLine<unknown>(Buffer.from(encodeLine(good)), read), good);
});
