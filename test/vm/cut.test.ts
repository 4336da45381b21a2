// Power that goes while a transaction is being signed, at many moments; and power that is switched off as it should be.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { toHex } from "../../src/bytes.ts";
import type { Entry } from "../../src/journal/index.ts";
import { psbt, signed } from "../bitcoin/build.ts";
import { readCodes } from "./codes.ts";
import { open, own, PIN, powered, reviewed, unlock } from "./home.ts";
import { type Image, imageFor } from "./image.ts";
import type { Kept, Machine, Until } from "./machine.ts";
import { canEmulate } from "./need.ts";
import { PATIENCE_MS, personAt } from "./person.ts";
import { goOn } from "./saved.ts";
import { workbench } from "./workbench.ts";

const asked = psbt(own, { inputs: 2 });

/** At the review's last page. */
function atSign(t: Until, image: Image): Promise<Machine> {
  return goOn(t, { image }, "at-sign", async (until) => {
    const person = await open(until, image);
    await reviewed(person, asked);
    return person.machine;
  });
}

/** So many writes and flushes of the card after the finger came, power goes: a signing makes about two dozen. */
const MOMENTS = [0, 1, 6, 16, 24];
const SILENCE_MS = 900;

interface Disk {
  readonly device: string;
  readonly stats: { readonly wr_operations: number; readonly flush_operations: number };
}

async function writes({ qmp }: Machine): Promise<number> {
  const disks = await qmp.run<readonly Disk[]>("query-blockstats");
  const { stats } = disks.find(({ device }) => device === "data")!;
  return stats.wr_operations + stats.flush_operations;
}

/** Power goes as soon as the card was written to so often; "shown": when the codes are on the screen. */
async function cutAt(machine: Machine, moment: number | "shown"): Promise<Whole> {
  await sleep(SILENCE_MS);
  const before = await writes(machine);
  await machine.lines.set(machine.image.pins!.ok, true);
  if (moment === "shown") await personAt(machine).see("Signed: 2 signatures added");
  else
    for (const from = performance.now(); (await writes(machine)) < before + moment; )
      assert.ok(performance.now() - from < PATIENCE_MS, `${moment} writes`);
  return (await machine.cut()) as Whole;
}

/** What the signing added. */
const added = (entries: readonly Entry[]) => {
  const kinds = entries.map(({ kind }) => kind);
  return kinds.slice(kinds.lastIndexOf("wallet-registered") + 1).join(" ");
};

type Whole = Required<Pick<Kept, "data" | "tpm">>;

test("power cut at any moment of a signing leaves the old state or the new, and the next start goes on from it", async (t) => {
  if (!canEmulate(t, "arm64", "e2fsck", "debugfs")) return;
  const image = await imageFor("arm64");
  const seen = new Set<string>();
  let middle: Whole | undefined;
  for (const moment of [...MOMENTS, "shown"] as const) {
    const kept = await cutAt(await atSign(t, image), moment);
    const bench = await workbench(t, kept);
    const lines = added(await bench.journal(PIN));
    await bench.take();
    seen.add(lines);
    t.diagnostic(`cut at ${moment === "shown" ? "the codes" : `write ${moment}`}: ${lines || "nothing"}`);
    // A spend is recorded before it is signed; that it left, or failed, never without it.
    assert.match(lines, /^(kept )*(spent( kept)*( signed)?( kept)*)?$/);
    if (lines.includes("spent")) middle ??= kept;
  }
  assert.ok(seen.has(""), "some cut came before the record");
  assert.ok(
    [...seen].some((lines) => lines.includes("signed")),
    "and some after all of it",
  );

  const person = await powered(t, { image, kept: middle! }, "PIN");
  await unlock(person);
  await reviewed(person, asked);
  await person.hold("ok");
  await person.see("Signed: 2 signatures added");
  const reply = await readCodes(person.machine);
  assert.ok(reply.kind === "psbt");
  assert.equal(toHex(reply.bytes), toHex((await signed(own, asked)).whole.bytes));
});

test("switched off from the menu the machine goes off by itself, and the card needs no mending", async (t) => {
  if (!canEmulate(t, "arm64", "e2fsck", "debugfs")) return;
  const { machine, pick } = await open(t, await imageFor("arm64"));
  await Promise.race([pick("Turn off"), machine.ended]).catch(() => undefined);
  assert.deepEqual(await machine.ended, { reason: "guest-shutdown" });
  const kept = (await machine.cut()) as Whole;
  // Looks only, and ends with 0 where there is nothing to say.
  await promisify(execFile)("e2fsck", ["-n", kept.data]);
});
