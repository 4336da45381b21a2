import assert from "node:assert/strict";
import { test } from "node:test";
import { parseSession, ScriptError } from "../../device/sim/session.ts";

function acts(text: string, names: Record<string, string> = {}) {
  return parseSession(text, new Map(Object.entries(names))).map(({ line: _, source: __, ...act }) => act);
}

function complaint(text: string): ScriptError {
  try {
    parseSession(text, new Map());
  } catch (error) {
    assert.ok(error instanceof ScriptError);
    return error;
  }
  assert.fail(`no complaint about ${text}`);
}

test("every step of the language is read as it is documented", () => {
  const cases: [string, object][] = [
    ["press ok", { step: "press", button: "ok", times: 1 }],
    ["press left x12", { step: "press", button: "left", times: 12 }],
    ["hold ok", { step: "hold", what: "ok" }],
    ["hold back", { step: "hold", what: "back" }],
    ["hold both", { step: "hold", what: "both" }],
    ["type some  text", { step: "type", text: "some  text" }],
    ["pick Sign a transaction", { step: "pick", label: "Sign a transaction" }],
    ["page", { step: "page" }],
    ["camera a folder/with spaces", { step: "camera", path: "a folder/with spaces", loop: false }],
    ["camera frames loop", { step: "camera", path: "frames", loop: true }],
    ["scan UR:BYTES/HDCXLKAHSSQZWFVSLOFZ", { step: "scan", text: "UR:BYTES/HDCXLKAHSSQZWFVSLOFZ" }],
    ["scan-file codes.txt", { step: "scan-file", path: "codes.txt" }],
    ["scan-hex 00fF", { step: "scan-hex", hex: "00ff" }],
    ["see Total sent", { step: "see", text: "Total sent" }],
    ["unseen policy.over-limit", { step: "unseen", text: "policy.over-limit" }],
    ["codes out", { step: "codes", folder: "out" }],
    ["shot a.txt", { step: "shot", file: "a.txt" }],
    ["shot b.png", { step: "shot", file: "b.png" }],
    ["clock +90m", { step: "pass", ms: 5_400_000 }],
    ["clock +2d", { step: "pass", ms: 172_800_000 }],
    ["clock 2026-03-01T12:00Z", { step: "set-clock", wallMs: Date.UTC(2026, 2, 1, 12) }],
    ["cut", { step: "cut", after: 0 }],
    ["cut 7", { step: "cut", after: 7 }],
    ["entropy 00FF", { step: "entropy", hex: "00ff" }],
    ["idle", { step: "idle" }],
  ];
  for (const [text, act] of cases) assert.deepEqual(acts(text), [act], text);
});

test("comments, blank lines, carriage returns and a byte order mark are passed over", () => {
  const text = "\uFEFF# a script\r\n\r\n  press ok   # now\r\n#nothing\n\tsee #1 of 3\n";
  assert.deepEqual(acts(text), [
    { step: "press", button: "ok", times: 1 },
    { step: "see", text: "#1 of 3" },
  ]);
});

test("names are filled in wherever they stand, and their values are not read again", () => {
  assert.deepEqual(acts("type $WORDS\ncamera $DIR/in loop", { WORDS: "zoo # $DIR zoo", DIR: "/a b" }), [
    { step: "type", text: "zoo # $DIR zoo" },
    { step: "camera", path: "/a b/in", loop: true },
  ]);
});

test("a step keeps the line as it was written: what is printed does not hold what the names stand for", () => {
  const script = "type $PIN # unlock\nif see $NAME\n  pick $NAME\nend";
  const steps = parseSession(script, new Map(Object.entries({ PIN: "271828", NAME: "Savings" })));
  const sources = steps.flatMap((step) => [
    step.source,
    ...(step.step === "if" ? step.steps.map(({ source }) => source) : []),
  ]);
  assert.deepEqual(sources, ["type $PIN", "if see $NAME", "pick $NAME"]);
});

test("an if holds its steps, and ifs nest", () => {
  assert.deepEqual(
    parseSession("if see A\npress ok\nif see B\npage\nend\nend\nidle", new Map()).map((step) => step.step),
    ["if", "idle"],
  );
});

test("each mistake is named with its line before anything starts", () => {
  const cases: [string, number, RegExp][] = [
    ["press ok\n\njump", 3, /no step `jump`/],
    ["constructor", 1, /no step/],
    ["press okay", 1, /is written: press/],
    ["press ok x0", 1, /is written: press/],
    ["hold left", 1, /is written: hold/],
    ["page 2", 1, /is written: page/],
    ["scan-hex 0", 1, /is written: scan-hex/],
    ["entropy", 1, /is written: entropy/],
    ["shot screen.jpg", 1, /is written: shot/],
    ["clock 90m", 1, /is written: clock/],
    ["clock 2026-13-01T12:00Z", 1, /is written: clock/],
    ["cut 0", 1, /is written: cut/],
    ["see", 1, /is written: see/],
    ["# x\ntype $PIN", 2, /\$PIN was not given/],
    ["if see A\npage", 1, /no `end`/],
    ["if A\nend", 1, /if see TEXT/],
    ["page\nend", 2, /closes an `if`/],
    ["plug", 1, /`plug` is written: plug NAME \[fingerprint\] \[pin PIN\]/],
    ["plug Yubi", 1, /`plug` is written/],
    ["plug ../key", 1, /`plug` is written/],
    ["plug key finger", 1, /`plug` is written/],
    ["plug key pin 123", 1, /`plug` is written/],
    ["unplug a b", 1, /`unplug` is written: unplug NAME/],
    ["touch key", 1, /`touch` is written: touch/],
  ];
  for (const [text, line, message] of cases) {
    const error = complaint(text);
    assert.equal(error.line, line, text);
    assert.match(error.message, message, text);
  }
});
