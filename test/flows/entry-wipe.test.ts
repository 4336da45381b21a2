// What was entered piece by piece is overwritten when it is left out, refused, given up, or cut off by a lock.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Collecting, collect } from "../../src/flows/entry/entry-collect.ts";
import { answerWith } from "../../src/flows/keys/keys-choose.ts";
import type { OpenKey, Session } from "../../src/flows/session.ts";
import type { Button, Event } from "../../src/model.ts";
import type { Ports } from "../../src/ports.ts";
import { Refusal } from "../../src/refusal.ts";
import { type Desk, Locked, openDesk } from "../../src/ui.ts";

/** A desk at which these buttons are pressed, and then nobody is there any more. */
function deskOf(...buttons: readonly Button[]): Desk {
  const events: Event[] = buttons.map((button) => ({ kind: "press", button }));
  let nowMs = 0;
  const ports = {
    panel: {
      next: async () => events.shift() ?? { kind: "idle" },
      poll: () => undefined,
      show: () => undefined,
      size: () => ({ columns: 80, rows: 24 }),
    },
    clock: {
      monotonicMs: () => {
        nowMs += 2000;
        return nowMs;
      },
      breathe: async () => undefined,
    },
    machine: { practice: false },
  } as unknown as Ports;
  return openDesk(ports);
}

/** Pieces of one byte each, three of them needed; every one that was given is remembered. */
function form(given: Uint8Array[], refuses = false): Collecting<Uint8Array> {
  return {
    title: "Pieces",
    one: "piece",
    told: async () => [],
    name: (_, place) => `piece ${place}`,
    type: async () => {
      const piece = Uint8Array.of(given.length + 1);
      given.push(piece);
      return piece;
    },
    read: () => Uint8Array.of(1),
    add: (pieces, piece) => {
      if (refuses && pieces.length === 1) throw new Refusal("shares.other-set");
      return [...pieces, piece];
    },
    state: (pieces) => (pieces.length < 3 ? "more" : "all"),
    prove: async () => undefined,
    wipe: (piece) => void piece.fill(0),
  };
}

const values = (pieces: readonly Uint8Array[]) => pieces.map(([byte]) => byte);

test("all that is needed is handed over as it is", async () => {
  const given: Uint8Array[] = [];
  const pieces = await collect(deskOf("ok", "ok", "ok"), form(given));
  assert.notEqual(pieces, "back");
  assert.deepEqual(values(pieces as Uint8Array[]), [1, 2, 3]);
});

test("whoever leaves leaves nothing behind", async () => {
  const given: Uint8Array[] = [];
  assert.equal(await collect(deskOf("ok", "ok", "back", "ok"), form(given)), "back");
  assert.deepEqual(values(given), [0, 0]);
});

test("a piece that is left out is overwritten at once, and the others are not", async () => {
  const given: Uint8Array[] = [];
  // Two pieces; then "Leave out", the first; then two more.
  const pieces = await collect(
    deskOf("ok", "ok", "down", "down", "ok", "ok", "down", "ok", "ok"),
    form(given),
  );
  assert.deepEqual(values(given), [0, 2, 3, 4]);
  assert.deepEqual(values(pieces as Uint8Array[]), [2, 3, 4]);
});

test("a piece that is refused is overwritten, and the one before stays", async () => {
  const given: Uint8Array[] = [];
  await assert.rejects(collect(deskOf("ok", "ok", "ok"), form(given, true)), Locked);
  assert.deepEqual(values(given), [0, 0], "the first one goes with the lock");
  const again: Uint8Array[] = [];
  let atNotice: readonly (number | undefined)[] = [];
  const desk = deskOf("ok", "ok");
  desk.ports.panel.show = ({ title }) => {
    if (title === "A share of another set") atNotice = values(again);
  };
  await assert.rejects(collect(desk, form(again, true)), Locked);
  assert.deepEqual(atNotice, [1, 0]);
});

test("a lock in the middle overwrites what was entered", async () => {
  const given: Uint8Array[] = [];
  await assert.rejects(collect(deskOf("ok", "ok"), form(given)), Locked);
  assert.deepEqual(values(given), [0, 0]);
});

test("the keyring of the key that answered before is wiped when another one answers", () => {
  const wiped: string[] = [];
  const ring = (name: string) => ({ wipe: () => wiped.push(name) }) as unknown as OpenKey["keyring"];
  const open = (name: string) => ({ keyring: ring(name), temporary: true }) as unknown as OpenKey;
  const session = { ...open("first"), network: "signet", state: {} } as unknown as Session;
  answerWith(deskOf(), session, open("second"));
  assert.deepEqual(wiped, ["first"]);
  answerWith(deskOf(), session, open("third"));
  assert.deepEqual(wiped, ["first", "second"]);
});
