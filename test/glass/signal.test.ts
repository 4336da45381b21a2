import assert from "node:assert/strict";
import { test } from "node:test";
import { openSignals, signalsOf } from "../../device/glass/signal.ts";
import type { Picture } from "../../src/model.ts";
import { PICTURES } from "./pictures.ts";

const { text, warning, code, fact } = PICTURES as Record<string, Picture> & typeof PICTURES;

test("the LED burns where a hold is asked for, danger beeps once and a code that leaves twice", () => {
  assert.deepEqual(signalsOf(text!, undefined), { led: false, beeps: 0 });
  assert.deepEqual(signalsOf(warning!, text), { led: true, beeps: 1 });
  assert.deepEqual(signalsOf({ ...warning!, page: { index: 1, count: 7 } }, warning), {
    led: true,
    beeps: 0,
  });
  assert.deepEqual(signalsOf({ ...warning!, title: "Another" }, warning), { led: true, beeps: 1 });
  assert.deepEqual(signalsOf(code!, fact), { led: false, beeps: 2 });
  assert.deepEqual(signalsOf(code!, code), { led: false, beeps: 0 });
});

function stage() {
  let now = 0;
  const due: { at: number; fire: () => void }[] = [];
  const said: string[] = [];
  const timer = {
    after(ms: number, fire: () => void) {
      const one = { at: now + ms, fire };
      due.push(one);
      return () => void due.splice(due.indexOf(one), due.includes(one) ? 1 : 0);
    },
  };
  const pass = (ms: number) => {
    for (const until = now + ms; ; ) {
      const next = due.filter((one) => one.at <= until).sort((one, other) => one.at - other.at)[0];
      now = next?.at ?? until;
      if (!next) return;
      due.splice(due.indexOf(next), 1);
      next.fire();
    }
  };
  const output = (name: string) => ({
    set: (on: boolean) => void said.push(`${now} ${name} ${on ? "on" : "off"}`),
  });
  return { said, pass, timer, led: output("led"), buzzer: output("buzzer") };
}

test("beeps are short, and come to an end by themselves", () => {
  const { said, pass, timer, led, buzzer } = stage();
  const signals = openSignals({ led, buzzer }, timer);
  assert.deepEqual(said.splice(0), ["0 led off", "0 buzzer off"]);
  signals.show(code!);
  pass(2000);
  assert.deepEqual(said.splice(0), ["0 buzzer on", "60 buzzer off", "180 buzzer on", "240 buzzer off"]);
  signals.show(warning!);
  pass(2000);
  assert.deepEqual(said.splice(0), ["2000 led on", "2000 buzzer on", "2060 buzzer off"]);
});

test("at the end, in the middle of a beep too, all is dark and silent", () => {
  const { said, pass, timer, led, buzzer } = stage();
  const signals = openSignals({ led, buzzer }, timer);
  signals.show({ ...warning!, blocks: code!.blocks });
  pass(30);
  signals.close();
  pass(5000);
  const last = (name: string) => said.filter((line) => line.includes(name)).at(-1);
  assert.deepEqual([last("led"), last("buzzer")], ["30 led off", "30 buzzer off"]);
});

test("without pins, or with broken ones, nothing happens", () => {
  const { pass, timer } = stage();
  const broken = {
    set() {
      throw new Error("EIO");
    },
  };
  for (const parts of [{}, { led: broken, buzzer: broken }]) {
    const signals = openSignals(parts, timer);
    signals.show(warning!);
    pass(1000);
    signals.close();
  }
});
