// What waits for Firn: bounded by kind, so that a flood of one keeps no other out and costs no more than its lines.

import type { Event } from "../../src/model.ts";
import type { FromEye } from "./lines.ts";

/** Keys that may wait: more than anything that a person pastes. Whatever is faster loses them. */
const MOST_KEYS = 1024;
/** What of a security key may wait: its longest message is 129 packets, and it says no two at once. */
const MOST_PACKETS = 256;

export class EventQueue {
  readonly #events: Event[] = [];
  /** Of those that wait: counted, so that a flood costs no more than its own lines. */
  readonly #waiting = { keys: 0, packets: 0 };

  get empty(): boolean {
    return this.#events.length === 0;
  }

  get message() {
    return this.#events.find((event) => event.kind === "message");
  }

  /** False where too many of its kind wait already: it is lost. */
  push(event: Event): boolean {
    const kind = countedAs(event);
    if (kind) {
      if (this.#waiting[kind] >= (kind === "keys" ? MOST_KEYS : MOST_PACKETS)) return false;
      this.#waiting[kind]++;
    }
    this.#events.push(event);
    return true;
  }

  /** Of these only the newest waits, at the place of the one that it replaces. */
  pushNewest(event: Event): void {
    const at = this.#events.findIndex((older) => older.kind === event.kind);
    if (at < 0) this.#events.push(event);
    else this.#events[at] = event;
  }

  shift(): Event | undefined {
    const event = this.#events.shift();
    const kind = event && countedAs(event);
    if (kind) this.#waiting[kind]--;
    return event;
  }

  /** Drops what the camera saw, or what a security key said. How many that were. */
  forget(what: "sights" | "packets"): number {
    const before = this.#events.length;
    const kept = this.#events.filter((event) => belongsTo(event) !== what);
    this.#events.splice(0, before, ...kept);
    if (what === "packets") this.#waiting.packets = 0;
    return before - kept.length;
  }
}

function countedAs(event: Event): "keys" | "packets" | undefined {
  const kind = belongsTo(event);
  return kind === "keys" || kind === "packets" ? kind : undefined;
}

function belongsTo(event: Event): "keys" | "packets" | "sights" | "glass" {
  if (event.kind === "press" || event.kind === "char") return "keys";
  if (event.kind === "key" || event.kind === "packet") return "packets";
  return event.kind === "resize" ? "glass" : "sights";
}

/** What the eye says besides messages, as it is delivered: all but the progress of a code has the line's own shape. */
export function sightOf(line: Exclude<FromEye, { readonly t: "message" }>): Event {
  const { t: kind, ...rest } = line;
  return (kind === "progress" ? { kind, progress: rest } : { kind, ...rest }) as Event;
}
