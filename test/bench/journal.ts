// What a long journal adds to the start: opening one of 100,000 lines from files, beside opening one of a few lines,
// each in a process of its own, as at a start. Then what writing, reading, searching, exporting and proving it cost.

import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileOperations } from "../../device/disk/files.ts";
import { openStore } from "../../device/disk/store.ts";
import { type Draft, openJournal } from "../../src/journal/index.ts";
import type { Store } from "../../src/ports.ts";

const LINES = 100_000;
const FEW = 20;
const ROUNDS = 7;
const TARGET_MS = 200;
/** So that all spends lie within the longest window. */
const EVERY_MS = 25_000;

const SEED = new Uint8Array(32).fill(7);
const clock = {
  ms: Date.UTC(2026, 2, 1),
  boot: "bench",
  wallMs: () => clock.ms,
  monotonicMs: () => clock.ms,
};
const parts = (store: Store) => ({
  ...{ store, key: SEED, signing: SEED, clock },
  random: { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) },
});
const ms = (from: number) => performance.now() - from;
const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;

/** Of three lines one is a spend. */
function draftOf(i: number): Draft {
  const txid = i.toString(16).padStart(64, "0");
  if (i % 3 === 1) return { kind: "kept", serial: i };
  if (i % 3 === 2) return { kind: "signed", txid };
  return {
    ...{ kind: "spent", txid, key: "73c5da0a", wallets: ["0badcafe"], lockTime: 0, policy: "12345678" },
    ...{ outpoints: [`${txid}:0`, `${txid}:1`], amounts: txid, takes: [`btc ${1_000 + i}`], fee: "btc 500" },
    destinations: [`${i.toString(16).padStart(16, "0")}`],
    verdict: ["allow", "0.21000000 of 0.5 BTC left for the next 24 hours"],
  };
}

/** Without syncs: only what is written matters here. */
function memory(): { readonly store: Store; readonly blobs: Map<string, Uint8Array> } {
  const blobs = new Map<string, Uint8Array>();
  const store: Store = {
    names: async () => [...blobs.keys()],
    read: async (name) => blobs.get(name),
    replace: async (name, bytes) => void blobs.set(name, bytes),
    append: async (name, bytes) =>
      void blobs.set(name, Buffer.concat([blobs.get(name) ?? new Uint8Array(), bytes])),
    truncate: async (name, length) => void blobs.set(name, blobs.get(name)!.subarray(0, length)),
    remove: async (name) => void blobs.delete(name),
  };
  return { store, blobs };
}

/** Ends as far behind its checkpoint as one ever can. */
async function write(folder: string, lines: number): Promise<void> {
  const { store, blobs } = memory();
  const journal = await openJournal(parts(store));
  const slowest = { ms: 0 };
  let renewed = 0;
  let last = 0;
  const { replace } = store;
  store.replace = async (name, bytes) => {
    renewed++;
    last = journal.head().count;
    await replace(name, bytes);
  };
  const begun = performance.now();
  const add = async () => {
    const from = performance.now();
    clock.ms += EVERY_MS;
    await journal.append(draftOf(journal.head().count));
    slowest.ms = Math.max(slowest.ms, ms(from));
  };
  while (journal.head().count < lines) await add();
  if (lines > FEW) {
    const gap = Math.max(64, Math.ceil(blobs.get("checkpoint")!.length / 8192));
    while (journal.head().count - last < gap - 2) await add();
  }
  const each = ms(begun) / journal.head().count;
  mkdirSync(folder);
  for (const [name, bytes] of blobs) writeFileSync(join(folder, name), bytes);
  if (lines === FEW) return;
  const size = (blobs.get("checkpoint")!.length / 1024).toFixed(0);
  console.log(
    `  written ${each.toFixed(2)} ms a line without the medium, slowest ${slowest.ms.toFixed(0)} ms`,
  );
  console.log(
    `  ${renewed} checkpoints, the last ${size} KB, ${journal.head().count - last} lines before the end`,
  );
}

/** What it costs, whatever else runs on this machine. */
async function opened(folder: string): Promise<number> {
  const store = openStore(fileOperations(folder));
  const begun = process.cpuUsage();
  await openJournal(parts(store));
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1000;
}

/** In a process of its own: nothing is warm. */
function openedCold(folder: string): number {
  return Number(execFileSync(process.execPath, [import.meta.filename, folder], { encoding: "utf8" }));
}

async function rest(folder: string): Promise<void> {
  const journal = await openJournal(parts(openStore(fileOperations(folder))));
  const { count, head } = journal.head();
  let begun = performance.now();
  await journal.entries(200);
  console.log(`  the latest 200 lines read in ${ms(begun).toFixed(0)} ms`);
  begun = performance.now();
  for await (const _ of journal.search(({ at }) => at < 0));
  console.log(`  all of it searched in ${(ms(begun) / 1000).toFixed(1)} s`);
  begun = performance.now();
  const steps: number[] = [];
  for (const verifying = journal.verifying(); ; ) {
    const from = performance.now();
    if ((await verifying.next()).done) break;
    steps.push(ms(from));
  }
  const most = Math.max(...steps).toFixed(0);
  console.log(`  all of it verified in ${(ms(begun) / 1000).toFixed(1)} s, a step at most ${most} ms`);
  begun = performance.now();
  const file = join(folder, "..", "export.txt");
  const chunks: string[] = [];
  for await (const chunk of journal.exportText(1, count)) chunks.push(chunk);
  writeFileSync(file, chunks.join(""));
  console.log(
    `  exported in ${(ms(begun) / 1000).toFixed(1)} s: ${(chunks.join("").length / 1e6).toFixed(0)} MB`,
  );
  begun = performance.now();
  const script = join(import.meta.dirname, "../../scripts/verify-journal.ts");
  const { stdout, status } = spawnSync(process.execPath, [script, file, "--json"], { encoding: "utf8" });
  const { holds, head: proven } = JSON.parse(stdout);
  if (status !== 0 || !holds || proven !== head) throw new Error(stdout);
  console.log(`  proven by scripts/verify-journal.ts in ${(ms(begun) / 1000).toFixed(1)} s`);
}

async function bench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "firn-journal-"));
  try {
    console.log(`journal: ${LINES.toLocaleString("en")} lines`);
    const [few, many] = [join(folder, "few"), join(folder, "many")];
    await write(few, FEW);
    await write(many, LINES);
    const times = { few: [] as number[], many: [] as number[] };
    for (let round = 0; round < ROUNDS; round++) {
      times.few.push(openedCold(few));
      times.many.push(openedCold(many));
    }
    const [most, least] = [median(times.many), median(times.few)];
    console.log(`  opened in ${most.toFixed(0)} ms of CPU, of ${FEW} lines in ${least.toFixed(0)} ms`);
    console.log(`  adds ${(most - least).toFixed(0)} ms to a start (target ${TARGET_MS})`);
    rmSync(join(many, "checkpoint"));
    console.log(`  without its checkpoint opened in ${(openedCold(many) / 1000).toFixed(1)} s of CPU`);
    await rest(many);
    if (most - least > TARGET_MS) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const [given] = process.argv.slice(2);
if (given !== undefined && existsSync(given)) console.log(await opened(given));
else await bench();
