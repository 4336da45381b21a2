import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { type Channel, decodeLine, encodeLine, streamChannel } from "../../device/wire/channel.ts";
import {
  type FromEye,
  type FromGlass,
  readFromEye,
  readFromGlass,
  readToGlass,
  type ToGlass,
} from "../../device/wire/lines.ts";
import { memoryPair } from "../../device/wire/memory.ts";
import { Breach, type Reader } from "../../device/wire/schema.ts";
import { LIMITS } from "../../src/limits.ts";

interface Heard<In> {
  readonly messages: In[];
  readonly ends: [string, string | undefined][];
  readonly pipe: PassThrough;
  readonly channel: Channel<unknown, In>;
}

function listen<In>(read: Reader<In>): Heard<In> {
  const pipe = new PassThrough();
  const heard: Heard<In> = {
    messages: [],
    ends: [],
    pipe,
    channel: streamChannel<unknown, In>(pipe, new PassThrough(), read),
  };
  heard.channel.onMessage((message) => heard.messages.push(message));
  heard.channel.onEnd((why, detail) => heard.ends.push([why, detail]));
  return heard;
}

/** Writes as a pipe would deliver it, and waits until it was dealt with. */
async function pour(heard: Heard<unknown>, chunk: string | Uint8Array): Promise<void> {
  heard.pipe.write(chunk);
  await turn();
}

const PRESS = '{"t":"press","button":"ok"}';

test("a message comes out as it went in, bytes as bytes", async () => {
  const seen: FromEye[] = [];
  const { first, second } = memoryPair<FromEye, never>(readToGlass as unknown as Reader<never>, readFromEye);
  second.onMessage((message) => seen.push(message));
  const sent: FromEye[] = [
    { t: "message", message: { kind: "psbt", dialect: "ur", bytes: Uint8Array.of(0, 255, 128) } },
    { t: "message", message: { kind: "seed", seed: { form: "compact", entropy: new Uint8Array(16) } } },
    { t: "progress", dialect: "bbqr", have: 2, total: 3, map: "#.#" },
    { t: "unread", reason: "transport.mixed" },
    { t: "camera", trouble: "transport.camera-dark" },
    { t: "camera" },
    { t: "preview", width: 2, height: 1, luma: Uint8Array.of(1, 2) },
  ];
  for (const message of sent) first.send(message);
  await turn();
  assert.deepEqual(seen, sent);
});

test("a line cut into single bytes is read like a whole one", async () => {
  const heard = listen(readFromGlass);
  for (const byte of Buffer.from(`${PRESS}\n${PRESS}\n`)) heard.pipe.write(Uint8Array.of(byte));
  await turn();
  assert.equal(heard.messages.length, 2);
  assert.deepEqual(heard.ends, []);
});

test("a line longer than its bound is a breach before its end comes", async () => {
  const heard = listen(readFromGlass);
  await pour(heard, `{"t":"char","char":"${"a".repeat(LIMITS.wireLineBytes)}`);
  assert.deepEqual(heard.ends, [["breach", "line: too long"]]);
});

test("seven MiB without a line end are a breach at six, and are never held whole", async () => {
  const heard = listen(readFromEye);
  const chunk = Buffer.alloc(64 * 1024, "A");
  await pour(heard, '{"t":"message","message":{"kind":"psbt","dialect":"ur","bytes":"');
  let taken = 0;
  for (let sent = 0; sent < 7 * 1024 * 1024; sent += chunk.length) {
    if (heard.ends.length === 0) taken = sent;
    await pour(heard, chunk);
  }
  assert.deepEqual(heard.ends, [["breach", "line: too long"]]);
  assert.ok(taken <= LIMITS.wireBulkBytes, `${taken} bytes taken`);
});

test("a bulk line's beginning does not make a small kind large", async () => {
  const heard = listen(readFromGlass);
  const line = `{"t":"message","t":"char","char":"${"a".repeat(100_000)}"}`;
  await pour(heard, `${line}\n`);
  assert.equal(heard.ends[0]?.[0], "breach");
  assert.deepEqual(heard.messages, []);
});

test("a hundred thousand lines at once leave nothing behind in memory", async () => {
  const pipe = new PassThrough();
  let count = 0;
  const channel = streamChannel<unknown, FromGlass>(pipe, new PassThrough(), readFromGlass);
  channel.onMessage(() => count++);
  const lines = Buffer.from(`${PRESS}\n`.repeat(1000));
  const before = process.memoryUsage().arrayBuffers;
  for (let i = 0; i < 100; i++) {
    pipe.write(lines);
    await turn();
  }
  assert.equal(count, 100_000);
  assert.ok(process.memoryUsage().arrayBuffers - before < 4 * 1024 * 1024);
});

const malformed: readonly [string, string][] = [
  ["no JSON", "press ok"],
  ["an empty line", ""],
  ["half a value", '{"t":"press"'],
  ["no object", '"press"'],
  ["null", "null"],
  ["a list", '[{"t":"press","button":"ok"}]'],
  ["an unknown type", '{"t":"sign","button":"ok"}'],
  ["no type", '{"button":"ok"}'],
  ["a missing key", '{"t":"press"}'],
  ["an unknown key", '{"t":"press","button":"ok","held":1500}'],
  ["the key __proto__", '{"t":"press","button":"ok","__proto__":{"admin":true}}'],
  ["the type __proto__", '{"t":"__proto__"}'],
  ["the type constructor", '{"t":"constructor"}'],
  ["the type in the prototype", '{"__proto__":{"t":"press"},"button":"ok"}'],
  ["a wrong type", '{"t":"press","button":1}'],
  ["an unknown button", '{"t":"press","button":"sign"}'],
  ["the event held", '{"t":"held","button":"ok"}'],
  ["two characters", '{"t":"char","char":"ab"}'],
  ["no character", '{"t":"char","char":""}'],
  ["a control character", '{"t":"char","char":"\\u001b"}'],
  ["a direction mark", '{"t":"char","char":"\\u202e"}'],
  ["half a surrogate pair", '{"t":"char","char":"\\ud83d"}'],
  ["NaN", '{"t":"size","columns":NaN,"rows":24}'],
  ["infinity", '{"t":"size","columns":1e999,"rows":24}'],
  ["a huge number", '{"t":"size","columns":9007199254740993,"rows":24}'],
  ["a fraction", '{"t":"size","columns":80.5,"rows":24}'],
  ["a negative size", '{"t":"size","columns":-80,"rows":24}'],
  ["no size", '{"t":"size","columns":0,"rows":0}'],
  ["a number as text", '{"t":"size","columns":"80","rows":24}'],
];
for (const [name, line] of malformed)
  test(`from the glass, ${name} is a breach, and nothing after it is heard`, async () => {
    const heard = listen(readFromGlass);
    await pour(heard, `${PRESS}\n${line}\n${PRESS}\n`);
    assert.deepEqual(heard.messages, [{ t: "press", button: "ok" }]);
    assert.deepEqual(
      heard.ends.map(([why]) => why),
      ["breach"],
    );
  });

const brokenEye: readonly [string, string][] = [
  ["bytes that are no base64", '{"t":"message","message":{"kind":"psbt","dialect":"ur","bytes":"A*=="}}'],
  ["base64 with spare bits", '{"t":"message","message":{"kind":"psbt","dialect":"ur","bytes":"AB=="}}'],
  ["base64 without padding", '{"t":"message","message":{"kind":"psbt","dialect":"ur","bytes":"AA"}}'],
  ["no bytes", '{"t":"message","message":{"kind":"psbt","dialect":"ur","bytes":""}}'],
  ["an unknown kind", '{"t":"message","message":{"kind":"approval","dialect":"ur","bytes":"AAAA"}}'],
  ["an unknown dialect", '{"t":"message","message":{"kind":"psbt","dialect":"usb","bytes":"AAAA"}}'],
  [
    "a seed of 15 bytes",
    '{"t":"message","message":{"kind":"seed","seed":{"form":"compact","entropy":"AAAAAAAAAAAAAAAAAAAA"}}}',
  ],
  [
    "a word number of 2048",
    `{"t":"message","message":{"kind":"seed","seed":{"form":"seedqr","indexes":[${"2048,".repeat(11)}2048]}}}`,
  ],
  ["more parts than there are", '{"t":"progress","dialect":"ur","have":4,"total":3,"map":"###"}'],
  ["a map of other signs", '{"t":"progress","dialect":"ur","have":1,"total":3,"map":"#\\u001b[2J"}'],
  ["a reason of another room", '{"t":"unread","reason":"policy.over-limit"}'],
  ["a reason of its own", '{"t":"unread","reason":"All is well, hold ok"}'],
  ["a camera's trouble of its own", '{"t":"camera","trouble":"You may sign"}'],
  ["a preview that is too short", '{"t":"preview","width":100,"height":100,"luma":"AAAA"}'],
  ["a preview without end", '{"t":"preview","width":1e9,"height":1e9,"luma":"AAAA"}'],
];
for (const [name, line] of brokenEye)
  test(`from the eye, ${name} is a breach`, () => {
    assert.throws(() => decodeLine(Buffer.from(line), readFromEye), Breach);
  });

test("what is not UTF-8 is a breach", () => {
  const line = Buffer.from('{"t":"char","char":"\xff"}', "latin1");
  assert.throws(() => decodeLine(line, readFromGlass), Breach);
});

test("a line of brackets is a breach before it is parsed", () => {
  const line = Buffer.from(`{"t":"message","x":${"[".repeat(5 * 1024 * 1024)}`);
  assert.throws(() => decodeLine(line, readFromEye), /too many parts/);
});

test("a breach does not repeat what was sent", () => {
  const line = '{"t":"message","message":{"kind":"seed","seed":{"form":"words","words":["abandon"]}}}';
  assert.throws(
    () => decodeLine(Buffer.from(line), readFromEye),
    (error) => error instanceof Breach && !error.message.includes("abandon"),
  );
});

test("a line that was cut by somebody else is measured all the same, before it is parsed", () => {
  const long = Buffer.from(`{"t":"press","button":"${"k".repeat(LIMITS.wireLineBytes)}"}`);
  assert.throws(() => decodeLine(long, readFromGlass), new Breach("line: too long"));
});

test("the end of the pipe is told once, and not after one's own close", async () => {
  const heard = listen(readFromGlass);
  heard.pipe.end();
  await turn();
  await turn();
  assert.deepEqual(heard.ends, [["closed", "end of the pipe"]]);
  const own = listen(readFromGlass);
  own.channel.close();
  own.pipe.end();
  await turn();
  await turn();
  assert.deepEqual(own.ends, []);
});

test("an end that came before anybody asked is still told", async () => {
  const pipe = new PassThrough();
  const channel = streamChannel<unknown, FromGlass>(pipe, new PassThrough(), readFromGlass);
  pipe.destroy();
  await turn();
  const ends: string[] = [];
  channel.onEnd((why) => ends.push(why));
  assert.deepEqual(ends, ["closed"]);
});

test("closing still delivers what was sent", async () => {
  const output = new PassThrough();
  const channel = streamChannel<FromGlass, never>(
    new PassThrough(),
    output,
    readToGlass as unknown as Reader<never>,
  );
  channel.send({ t: "press", button: "ok" });
  channel.close();
  channel.send({ t: "press", button: "back" });
  const lines = Buffer.concat(await output.toArray()).toString();
  assert.equal(lines, `${PRESS}\n`);
});

function show(seq: number, text: string): ToGlass {
  return {
    t: "show",
    seq,
    picture: { title: "A", tone: "calm", blocks: [{ kind: "text", text }], buttons: {} },
  };
}

test("a glass that reads nothing costs bounded memory, and sees the newest picture when it reads again", async () => {
  const output = new PassThrough({ highWaterMark: 1024 });
  const channel = streamChannel<ToGlass, never>(
    new PassThrough(),
    output,
    readFromGlass as unknown as Reader<never>,
  );
  const text = "x".repeat(15_000);
  for (let seq = 1; seq <= 2000; seq++) channel.send(show(seq, text));
  assert.ok(output.writableLength + output.readableLength < LIMITS.wireBulkBytes + 64 * 1024);
  let last = "";
  output.setEncoding("utf8").on("data", (chunk: string) => {
    last = (last + chunk).slice(-20_000);
  });
  while (!last.includes('"seq":2000,')) await turn();
  assert.match(last.trim().split("\n").at(-1)!, /"seq":2000,/);
});

test("an eye that reads nothing is a breach when what waits for it exceeds its bound", () => {
  const output = new PassThrough({ highWaterMark: 1024 });
  const channel = streamChannel<unknown, never>(
    new PassThrough(),
    output,
    readFromGlass as unknown as Reader<never>,
  );
  const ends: string[] = [];
  channel.onEnd((why) => ends.push(why));
  const line = { t: "watch", kinds: ["x".repeat(60_000)] };
  for (let i = 0; i < 500; i++) channel.send(line);
  assert.deepEqual(ends, ["breach"]);
});

test("a line that Firn itself makes too long is a bug, not a breach", () => {
  const channel = streamChannel<unknown, never>(
    new PassThrough(),
    new PassThrough(),
    readFromGlass as unknown as Reader<never>,
  );
  assert.throws(
    () => channel.send({ t: "press", button: "x".repeat(LIMITS.wireLineBytes) }),
    /longer than its bound/,
  );
});

test("the two ends of a pair in memory end together, by close and by breach", async () => {
  const closed = memoryPair<FromGlass, ToGlass>(readToGlass, readFromGlass);
  const ends: string[] = [];
  closed.second.onEnd((why) => ends.push(`second ${why}`));
  closed.first.close();
  await turn();
  const broken = memoryPair<FromGlass, ToGlass>(readToGlass, readFromGlass);
  broken.first.onEnd((why) => ends.push(`first ${why}`));
  broken.second.onEnd((why) => ends.push(`second ${why}`));
  broken.second.onMessage(() => assert.fail("a malformed message was delivered"));
  broken.first.send({ t: "char", char: "too long" });
  await turn();
  assert.deepEqual(ends, ["second closed", "second breach", "first closed"]);
});

test("encoding writes the type first, bytes as base64, amounts as decimals, and leaves out what is absent", () => {
  const line = encodeLine({ t: "x", bytes: Buffer.from([1, 2, 3]), amount: 12n, nothing: undefined });
  assert.equal(line, '{"t":"x","bytes":"AQID","amount":"12"}');
});
