// How the reply leaves at first: whole where that takes at most ten codes, in the dialect in which it came.

import assert from "node:assert/strict";
import { test } from "node:test";
import { leave } from "../../src/flows/leave.ts";
import type { CodeLoop, Dialect, Picture, PsbtMessage } from "../../src/model.ts";
import type { Ports } from "../../src/ports.ts";
import { codesNeeded } from "../../src/transport/index.ts";
import { openDesk } from "../../src/ui.ts";
import { collect } from "./stage.ts";

function message(length: number, dialect: Dialect): PsbtMessage {
  const bytes = Uint8Array.from({ length }, (_, i) => (i * 197) & 0xff);
  bytes.set([0x70, 0x73, 0x62, 0x74, 0xff]);
  return { kind: "psbt", dialect, bytes };
}

/** The first loop that is shown for a reply whose whole and whose signatures are these. */
async function firstLoop(whole: PsbtMessage, signaturesOnly: PsbtMessage): Promise<CodeLoop> {
  const pictures: Picture[] = [];
  const ports = {
    panel: {
      next: async () => ({ kind: "press", button: "ok" }),
      show: (picture: Picture) => pictures.push(picture),
      size: () => ({ columns: 200, rows: 100 }),
    },
    clock: { monotonicMs: () => 0 },
    machine: { practice: false },
  } as unknown as Ports;
  const reply = { whole, signaturesOnly, signed: 1 };
  await leave(openDesk(ports), { reply, from: { txid: "" }, receipt: async () => undefined });
  const [code] = pictures[0]!.blocks.filter((block) => block.kind === "code");
  return code!.loop;
}

for (const dialect of ["ur", "bbqr", "pmofn"] as const)
  test(`a reply of ten ${dialect} codes leaves whole, one of eleven as signatures only`, async () => {
    const needs = (length: number) => codesNeeded(message(length, dialect), { dialect, density: "medium" });
    let longest = 100;
    while (needs(longest + 1) <= 10) longest++;
    assert.deepEqual([needs(longest), needs(longest + 1)], [10, 11]);
    for (const [length, leaves] of [
      [longest, longest],
      [longest + 1, longest - 99],
    ] as const) {
      const { texts } = await firstLoop(message(length, dialect), message(longest - 99, dialect));
      const got = collect(texts) as PsbtMessage;
      assert.deepEqual([got.bytes.length, got.dialect], [leaves, dialect]);
    }
  });
