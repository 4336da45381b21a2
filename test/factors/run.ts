// Runs a conversation against a simulated key in this process: a hand that touches whenever it is asked to.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { HidKey } from "../../device/sim/authenticator/hid.ts";
import { freshState, type KeyMake, type KeyState } from "../../device/sim/authenticator/state.ts";
import type { Conversation } from "../../src/factors/index.ts";
import { Refusal } from "../../src/refusal.ts";

export const random = { bytes: (length: number) => new Uint8Array(randomBytes(length)) };

export interface Setting {
  readonly make?: KeyMake;
  /** What the key remembers; a fresh one without. */
  readonly state?: KeyState;
  /** Typed when the key's PIN is asked for, in order. */
  readonly pins?: readonly string[];
  /** Fingers, in order; then the right one. */
  readonly fingers?: readonly ("right" | "wrong")[];
  /** Stands between: what becomes of a frame from the key, and to it. `index` counts from 0. */
  readonly fromKey?: (frame: Uint8Array, index: number) => readonly Uint8Array[];
  readonly toKey?: (frame: Uint8Array, index: number) => readonly Uint8Array[];
}

export interface Ran<T> {
  /** Undefined where it was refused. */
  readonly value: T | undefined;
  readonly refusal: Refusal | undefined;
  /** What was asked of the person, in order: "touch", "pin 8", "pin 7 wrong". */
  readonly asked: readonly string[];
  readonly fromKey: readonly Uint8Array[];
  readonly toKey: readonly Uint8Array[];
  readonly state: KeyState;
}

const pass = (frame: Uint8Array) => [frame];

/** Until it ends; a key that says nothing more is a timeout. Anything but a Refusal is thrown. */
export function run<T>(conversation: Conversation<T>, setting: Setting = {}): Ran<T> {
  const state = setting.state ?? freshState(setting.make);
  const [fromKey, toKey]: [Uint8Array[], Uint8Array[]] = [[], []];
  const asked: string[] = [];
  const heard: Uint8Array[] = [];
  const [pins, fingers] = [[...(setting.pins ?? [])], [...(setting.fingers ?? [])]];
  const key = new HidKey({
    state,
    keep: () => undefined,
    emit(frame) {
      const bytes = new Uint8Array(frame);
      heard.push(...(setting.fromKey ?? pass)(bytes, fromKey.length));
      fromKey.push(bytes);
    },
  });
  const ran = { asked, fromKey, toKey, state };
  try {
    let step = conversation.next();
    while (!step.done) {
      const wish = step.value;
      if ("send" in wish) {
        for (const packet of wish.send) {
          for (const one of (setting.toKey ?? pass)(packet, toKey.length)) key.frame(Buffer.from(one));
          toKey.push(packet);
        }
        step = conversation.next("sent");
      } else if ("ask" in wish) {
        asked.push(`pin ${wish.retries}${wish.wrong ? " wrong" : ""}`);
        const pin = pins.shift();
        assert.ok(pin !== undefined, "a PIN was asked for");
        const typed = new Uint8Array(Buffer.from(pin));
        step = conversation.next({ pin: typed });
        assert.ok(
          typed.every((byte) => byte === 0),
          "the PIN is wiped",
        );
      } else if (heard.length > 0) step = conversation.next(heard.shift()!);
      else if (key.asksTouch) {
        asked.push(wish.wait === "touch" ? "touch" : "touch unseen");
        key.touch(fingers.shift() ?? "right");
      } else step = conversation.next("timeout");
    }
    return { ...ran, value: step.value, refusal: undefined };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { ...ran, value: undefined, refusal: error };
  }
}

/** The value of a talk that must come to its end. */
export function ends<T>(conversation: Conversation<T>, setting: Setting = {}): T {
  const { value, refusal } = run(conversation, setting);
  assert.ok(value !== undefined, String(refusal));
  return value;
}

export function reasonOf<T>(conversation: Conversation<T>, setting: Setting = {}): string | undefined {
  return run(conversation, setting).refusal?.reason;
}

/** The whole messages that the key was sent: packets of the same channel put together again. */
export function messagesIn(packets: readonly Uint8Array[]): Buffer[] {
  const messages: Buffer[] = [];
  for (const packet of packets) {
    if (packet[4]! & 0x80) messages.push(Buffer.from(packet.subarray(7)));
    else messages.push(Buffer.concat([messages.pop()!, packet.subarray(5)]));
  }
  return messages;
}
