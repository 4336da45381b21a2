// Lines read back, searched, and their times; journals and checkpoints of before.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { check } from "../../scripts/verify/check.ts";
import { readExport } from "../../scripts/verify/read.ts";
import { type Journal, openJournal } from "../../src/journal/index.ts";
import { GENESIS, sealLine } from "../../src/journal/line.ts";
import { seal, unseal } from "../../src/journal/seal.ts";
import { Refusal } from "../../src/refusal.ts";
import { fromUtf8, utf8 } from "../../src/text.ts";
import { counting, KEY, NOON, SEED, SetClock, STILL, setting, spent } from "./setting.ts";

const isPromised = ({ kind }: { readonly kind: string }) => kind !== "attested";

test("a search goes from the newest line to the first, a segment a step, and reads no further than is asked for", async () => {
  const place = setting();
  const journal = await place.open();
  while (journal.head().count < 700) await journal.append(spent(journal.head().count + 1));
  const steps = [];
  for await (const { from, found } of journal.search(
    (entry) => entry.kind === "spent" && entry.txid.endsWith("1"),
  ))
    steps.push([from, found.length]);
  assert.deepEqual(
    steps.map(([from]) => from),
    [513, 257, 1],
  );
  const all: number[] = [];
  for await (const { found } of journal.search(isPromised)) all.push(...found.map(({ number }) => number));
  assert.deepEqual(
    all,
    all.toSorted((a, b) => b - a),
  );
  assert.deepEqual(
    all.toReversed(),
    (await journal.lines(1, 700)).filter(({ entry }) => isPromised(entry)).map(({ number }) => number),
  );
  const read: string[] = [];
  const { read: reading } = place.store;
  place.store.read = (name) => {
    read.push(name);
    return reading(name);
  };
  const some = journal.search(isPromised, 600);
  const first = (await some.next()).value!;
  assert.deepEqual([read, first.from, first.found[0].number], [["journal-00000513"], 513, 599]);
  assert.equal((await journal.search(isPromised, 1).next()).done, true);
});

test("lines come with their numbers and heads, as far as there are any", async () => {
  const journal = await setting().open();
  for (let i = 1; i <= 9; i++) await journal.append(spent(i));
  const lines = await journal.lines(4, 99);
  assert.deepEqual(
    lines.map(({ number }) => number),
    [4, 5, 6, 7, 8, 9],
  );
  assert.equal(lines.at(-1)!.head, journal.head().head);
  assert.ok(lines.every(({ text, entry }) => JSON.parse(text).txid === (entry as { txid: string }).txid));
  assert.deepEqual(await journal.lines(10, 20), []);
  assert.deepEqual(await journal.lines(-5, 1), [(await journal.lines(1, 1))[0]]);
});

test("the time of a line is never before that of an earlier one, whatever the clock, the chip and the power do", async () => {
  const hour = 3_600_000;
  const step = fc.record({
    what: fc.constantFrom("pass", "set", "boot", "odd", "proven"),
    by: fc.integer({ min: -40 * 24 * hour, max: 40 * 24 * hour }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), fc.boolean(), async (steps, chip) => {
      const { store } = setting();
      let [wallMs, monotonicMs, boot] = [NOON, 5_000, 1];
      const clock = () => ({
        ...{ wallMs: () => wallMs, monotonicMs: () => monotonicMs, boot: String(boot) },
        ...(chip ? {} : { reached: () => undefined }),
      });
      const open = (): Promise<Journal> =>
        openJournal({ store, key: KEY, signing: SEED, random: counting(), clock: clock() });
      let journal = await open();
      for (const { what, by } of steps) {
        if (what === "pass") monotonicMs += Math.abs(by);
        if (what === "pass" || what === "set") wallMs += what === "pass" ? Math.abs(by) : by;
        if (what === "odd") wallMs = [Number.NaN, -1, 0.5, 2 ** 60, NOON][Math.abs(by) % 5]!;
        if (what === "boot") {
          [boot, monotonicMs] = [boot + 1, 0];
          journal = await open();
        }
        const before = journal.nowMs();
        if (what === "proven")
          await journal.append({ kind: "time-proven", notBefore: NOON + Math.abs(by), headers: 6 });
        else await journal.append(spent(1));
        assert.ok((await journal.entries(1))[0]!.at >= before);
        assert.ok(journal.nowMs() >= journal.newestMs());
      }
      const times = (await (await open()).entries(1_000)).map(({ at }) => at);
      assert.deepEqual(
        times,
        times.toSorted((a, b) => a - b),
      );
    }),
    { numRuns: 60 },
  );
});

test("within one time of power a date that is set moves no line; what headers prove moves all that follow", async () => {
  const { open, clock } = setting();
  const journal = await open();
  await journal.append(spent(1));
  const on = { wallMs: () => NOON + 10 ** 12, monotonicMs: () => 7, boot: "one" };
  clock.wallMs = on.wallMs;
  await journal.append(spent(2));
  assert.deepEqual(
    (await journal.entries()).map(({ at }) => at),
    [NOON, NOON],
  );
  await journal.append({ kind: "time-proven", notBefore: NOON + 900, headers: 6 });
  await journal.append(spent(3));
  assert.deepEqual(
    (await journal.entries(2)).map(({ at }) => at),
    [NOON + 900, NOON + 900],
  );
});

/** As journals were written before there were signatures and stamps. */
function before(lines: number): Map<string, Uint8Array> {
  const frames: Uint8Array[] = [];
  let head = GENESIS;
  for (let line = 1; line <= lines; line++) {
    const text = JSON.stringify({ kind: "signed", at: NOON + line, txid: String(line) });
    const sealed = sealLine(KEY, line, head, text, counting());
    frames.push(sealed.frame);
    head = sealed.head;
  }
  return new Map([["journal-00000001", new Uint8Array(Buffer.concat(frames))]]);
}

test("a journal of before goes on: its first signature covers all that came before", async () => {
  for (const lines of [10, 64, 200]) {
    const place = setting(before(lines));
    const journal = await place.open();
    await journal.append(spent(1));
    const kinds = (await journal.entries(2)).map(({ kind }) => kind);
    assert.deepEqual(kinds, lines < 64 ? ["signed", "spent"] : ["attested", "spent"]);
    await journal.attest();
    await journal.verify();
    let text = "";
    for await (const chunk of journal.exportText(1, journal.head().count)) text += chunk;
    const checked = check([readExport("x", new Uint8Array(Buffer.from(text)))], journal.publicKey());
    assert.deepEqual([checked.finding, checked.signedTo], [undefined, journal.head().count]);
  }
});

test("a signature that the journal's key did not make is named when the whole chain is read", async () => {
  const place = setting();
  const journal = await place.open();
  for (let i = 0; i < 70; i++) await journal.append(spent(i));
  const other = await openJournal({
    ...{ store: place.store, key: KEY, signing: KEY },
    random: counting(),
    clock: STILL,
  });
  await assert.rejects(other.verify(), { reason: "journal.damaged", detail: "line 65" });
  const shares: number[] = [];
  for await (const share of journal.verifying()) shares.push(share);
  assert.deepEqual(shares, [32 / 71, 64 / 71]);
});

test("lines of another branch, put in before the checkpoint, are never exported as if they followed", async () => {
  const place = setting();
  const one = await place.open();
  while (one.head().count < 200) await one.append(spent(one.head().count));
  const other = setting(place.disk.present());
  const two = await other.open();
  while (one.head().count < 600) await one.append(spent(one.head().count));
  while (two.head().count < 600) await two.append(spent(9_000 + two.head().count));
  const state = new Map(place.disk.present());
  state.set("journal-00000257", other.disk.present().get("journal-00000257")!);
  const mixed = await setting(state).open(one.head());
  const exported = async (from: number, to: number) => {
    let text = "";
    for await (const chunk of mixed.exportText(from, to)) text += chunk;
    return text.split("\n").length;
  };
  await assert.rejects(exported(1, 600), { reason: "journal.damaged", detail: "line 257" });
  await assert.rejects(exported(300, 600), { reason: "journal.damaged", detail: "line 513" });
  await assert.rejects(mixed.verify(), { reason: "journal.damaged", detail: "line 257" });
  assert.equal(await exported(513, 600), 88 + 7);
  await assert.rejects(mixed.exportText(601, 600).next(), /no lines to export/);
});

test("a checkpoint of another version is as good as none", async () => {
  const place = setting();
  const journal = await place.open();
  for (let i = 0; i < 100; i++) await journal.append(spent(i));
  const label = utf8("firn checkpoint 1");
  const now = JSON.parse(fromUtf8(unseal(KEY, label, place.disk.present().get("checkpoint")!)!)!);
  const with77 = async (changed: object) => {
    const state = new Map(place.disk.present());
    state.set(
      "checkpoint",
      seal(KEY, label, utf8(JSON.stringify({ ...now, serial: 77, ...changed })), counting()),
    );
    const again = await setting(state).open(journal.head());
    assert.deepEqual(again.head(), journal.head());
    assert.deepEqual(again.ledger().since(0), journal.ledger().since(0));
    return again.serial();
  };
  assert.equal(await with77({}), 77, "this one is read");
  for (const changed of [{ version: 1 }, { version: 2 }, { version: 4 }, { ledger: undefined }, { head: 5 }])
    assert.equal(await with77(changed), 0);
});

test("renewing the checkpoint costs a line no more when it has grown, and nothing is written twice in a row", async () => {
  const place = setting();
  const journal = await place.open();
  const sizes: [number, number][] = [];
  const { replace } = place.store;
  place.store.replace = async (name, bytes) => {
    if (name === "checkpoint") sizes.push([journal.head().count, bytes.length]);
    await replace(name, bytes);
  };
  const outpoints = Array.from({ length: 40 }, (_, i) => `${"ab".repeat(32)}:${i}`);
  for (let i = 0; i < 900; i++)
    await journal.append({ ...spent(i), outpoints: outpoints.map((one) => `${one}${i}`) });
  assert.ok(sizes.at(-1)![1] > 8192 * 64 * 2, "large enough to tell");
  for (const [i, [line]] of sizes.entries()) {
    const [last, size] = sizes[i - 1] ?? [0, 0];
    const apart = Math.max(64, Math.ceil(size / 8192));
    assert.ok(line - last >= apart && line - last <= apart + 1, `${last}, ${line}`);
  }
});

test("keys that were wiped read and sign nothing, and those handed over are left as they are", async () => {
  const [key, signing] = [KEY.slice(), SEED.slice()];
  const { store } = setting();
  const journal = await openJournal({ store, key, signing, random: counting(), clock: new SetClock() });
  await journal.append(spent(1));
  const { publicKey } = { publicKey: journal.publicKey() };
  journal.close();
  assert.deepEqual([key, signing], [KEY, SEED]);
  await assert.rejects(journal.lines(1, 1), Refusal);
  await assert.rejects(journal.attest(), /closed/);
  const forged = journal.signReceipt("Firn receipt 1\na\n");
  const again = await openJournal({ store, key, signing, random: counting(), clock: STILL });
  assert.equal(again.publicKey(), publicKey);
  assert.notEqual(forged, again.signReceipt("Firn receipt 1\na\n"));
});
