import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileOperations } from "../../device/disk/files.ts";
import { type Draft, openJournal, sentenceOf, spentLine } from "../../src/journal/index.ts";
import { LIMITS } from "../../src/limits.ts";
import { Refusal } from "../../src/refusal.ts";
import type { Spend, Verdict } from "../../src/rules.ts";
import { ALL } from "./kinds.ts";
import { copy, counting, KEY, NOON, SEED, setting, spent } from "./setting.ts";

const HOUR = 3_600_000;
async function filled(lines: number, key?: Uint8Array) {
  const place = setting(new Map(), key);
  const journal = await place.open();
  for (let i = 1; i <= lines; i++) {
    place.clock.ms += 1000;
    await journal.append(spent(i));
  }
  return { ...place, journal };
}

test("every kind of line comes back as it was written, with the time of the machine's clock", async () => {
  const { open, clock, disk } = setting();
  const journal = await open();
  for (const draft of ALL) {
    clock.ms += HOUR;
    await journal.append(draft);
  }
  const expected = ALL.map((draft, i) => {
    const passed = (i + 1) * HOUR;
    return { ...draft, at: NOON + passed, clock: { boot: "one", onMs: passed, wallMs: NOON + passed } };
  });
  assert.deepEqual(await journal.entries(), expected);
  const again = await setting(disk.present()).open(journal.head());
  assert.deepEqual(await again.entries(), expected);
  assert.deepEqual(await again.entries(2), expected.slice(-2));
  assert.deepEqual(again.head(), journal.head());
  assert.equal(again.newestMs(), expected.at(-1)!.at);
});

test("docs/formats.md names every kind of line, with its fields in their order", () => {
  const text = readFileSync(new URL("../../docs/formats.md", import.meta.url), "utf8");
  const table = text.slice(text.indexOf("| kind | fields | when |")).split("\n\n")[0]!;
  const documented = new Map<string, string[]>();
  for (const line of table.split("\n").slice(2)) {
    const [, kinds = "", fields = ""] = line.split("|");
    const names = (cell: string) => [...cell.matchAll(/(?<![\w(])`([a-zA-Z-]+)`/g)].map(([, name]) => name!);
    for (const kind of names(kinds)) documented.set(kind, names(fields.replaceAll(/\([^)]*\)/g, "")));
  }
  // Later ones of a kind have every field that it can have.
  const written = new Map<string, string[]>(
    ALL.map(({ kind, ...rest }) => [kind, Object.keys(rest)] as [string, string[]]),
  );
  assert.deepEqual(Object.fromEntries(documented), Object.fromEntries(written));
});

test("a journal that was never written is empty, and opening it writes nothing", async () => {
  const { open, disk } = setting();
  const journal = await open();
  assert.deepEqual([await journal.entries(), journal.ledger().since(0), journal.head().count], [[], [], 0]);
  await journal.verify();
  assert.equal(disk.count(), 0);
});

test("every line has a sentence in which foreign text is harmless", () => {
  for (const draft of ALL)
    assert.match(sentenceOf({ ...draft, at: NOON }), /^2026-03-01 12:00 UTC {2}[ -~]+\.$/);
  assert.match(sentenceOf({ kind: "unlocked", failedTries: 2, at: NOON }), /after 2 tries without/);
  assert.match(sentenceOf({ kind: "unlocked", failedTries: 1, at: NOON }), /after 1 try without/);
  const wrong = { kind: "refused", txid: "ab".repeat(32), reasons: ["people.wrong-proof"] } as const;
  assert.match(sentenceOf({ ...wrong, at: NOON }), /A wrong proof for transaction abababab/);
  assert.match(sentenceOf({ ...wrong, person: "anna", at: NOON }), /A wrong proof of anna for transaction/);
  const typed = { kind: "proof", txid: "ab".repeat(32), person: "the code", factor: "code" } as const;
  assert.match(sentenceOf({ ...typed, at: NOON }), /The code of transaction .* was typed/);
  assert.match(sentenceOf({ kind: "unlocked", failedTries: 0, at: Number.MAX_SAFE_INTEGER }), /Unlocked/);
});

test("nothing that is written can be read without the key, not even a name", async () => {
  const { open, disk } = setting();
  const journal = await open();
  for (let i = 0; i < 6; i++) for (const draft of ALL) await journal.append(draft);
  const text = [...disk.present()].map(([, bytes]) => Buffer.from(bytes).toString("latin1")).join();
  for (const word of ["Savings", "idle", "unlocked", "policy", "abababab"])
    assert.ok(!text.includes(word), word);
  assert.ok(disk.present().has("checkpoint"));
});

test("a random source that always says the same does not make two lines share a nonce", async () => {
  const { store, clock, disk } = setting();
  const stuck = { bytes: (length: number) => new Uint8Array(length) };
  const journal = await openJournal({ store, key: KEY, signing: SEED, random: stuck, clock });
  const nonces = new Set<string>();
  for (let i = 0; i < 10; i++) {
    const from = disk.present().get("journal-00000001")?.length ?? 0;
    await journal.append({ kind: "locked", why: "idle" });
    nonces.add(
      Buffer.from(
        disk
          .present()
          .get("journal-00000001")!
          .subarray(from + 8, from + 32),
      ).toString("hex"),
    );
  }
  assert.equal(nonces.size, 10);
});

test("a spend's line keeps what a policy must know of it, and the largest one fits", async () => {
  const { open, disk } = setting();
  const outpoints = Array.from(
    { length: LIMITS.inputs },
    (_, i) => `${"ab".repeat(32)}:${4_294_966_000 + i}`,
  );
  const amount = { asset: "btc", units: 123n } as const;
  const destinations = Array.from({ length: LIMITS.outputs }, (_, i) => ({ to: `bc1q${i}`, amount }));
  const spend: Spend = {
    ...{ network: "signet", key: "73c5da0a", wallets: [{ name: "Savings", fingerprint: "0badcafe" }] },
    ...{ txid: "aa", outpoints, amounts: "00", takes: [amount], fee: amount, feeRate: 5, feePercent: 0.1 },
    ...{ feeProven: true, destinations, unusual: [] },
  };
  const rule = {
    rule: "r",
    outcome: "allow",
    sentence: "0.21000000 of 0.5 BTC left for the next 24 hours. ".repeat(5),
  };
  const verdict: Verdict = {
    ...{ txid: "aa", outcome: "allow" },
    rules: Array.from({ length: 300 }, () => ({ ...rule, outcome: "allow" as const })),
  };
  const journal = await open();
  await journal.append(spentLine(spend, { policy: "12345678", verdict }));
  const [past] = (await setting(disk.present()).open()).ledger().since(0);
  const expected = {
    txid: "aa",
    at: NOON,
    key: "73c5da0a",
    wallets: ["0badcafe"],
    outpoints,
    takes: [amount],
  };
  assert.deepEqual({ ...past, amounts: undefined }, { ...past, ...expected, amounts: undefined });
});

test("opening reads only what follows the checkpoint, however long the journal is", async () => {
  const { disk, journal } = await filled(1_000);
  const place = setting(disk.present());
  const read: string[] = [];
  const { read: reading } = place.store;
  place.store.read = (name) => {
    read.push(name);
    return reading(name);
  };
  const again = await place.open();
  assert.deepEqual(read, ["checkpoint", "journal-00000769"]);
  assert.deepEqual(again.head(), journal.head());
  assert.deepEqual(again.ledger().since(0), journal.ledger().since(0));
});

test("without its checkpoint, or with a spoiled, foreign or older one, the journal opens the same", async () => {
  const { disk, journal } = await filled(300);
  const early = (await filled(64)).disk.present().get("checkpoint")!;
  const foreign = (await filled(64, KEY.slice().reverse())).disk.present().get("checkpoint")!;
  const good = disk.present().get("checkpoint")!;
  const spoiled = good.slice();
  spoiled[40]! ^= 1;
  for (const checkpoint of [undefined, new Uint8Array(), good.slice(0, 30), spoiled, foreign, early]) {
    const state = copy(disk.present());
    if (checkpoint) state.set("checkpoint", checkpoint);
    else state.delete("checkpoint");
    const again = await setting(state).open(journal.head());
    assert.deepEqual(again.head(), journal.head());
    assert.deepEqual(again.ledger().since(0), journal.ledger().since(0));
  }
});

test("a medium that is full leaves the journal as it was, and the next line mends what was torn", async () => {
  const { disk, store, open, journal } = await filled(3);
  const { append } = store;
  for (const part of [0, 1, 9, 100]) {
    const before = journal.head();
    const spends = journal.ledger().since(0);
    store.append = async (name, bytes) => {
      await append(name, bytes.subarray(0, part));
      throw new Refusal("store.full", "ENOSPC");
    };
    await assert.rejects(journal.append(spent(99)), { reason: "store.full" });
    store.append = append;
    assert.deepEqual(journal.head(), before);
    assert.deepEqual(journal.ledger().since(0), spends);
    assert.deepEqual((await open()).head(), before, "another start reads the same");
    await journal.append(spent(100 + part));
    assert.deepEqual((await setting(disk.present()).open()).head(), journal.head());
  }
  await journal.verify();
});

test("a line that was refused by the medium although it is whole there is not counted twice", async () => {
  const { disk, store, journal } = await filled(2);
  const { append } = store;
  store.append = async (name, bytes) => {
    await append(name, bytes);
    throw new Refusal("store.failed", "EIO");
  };
  await assert.rejects(journal.append(spent(9)), { reason: "store.failed" });
  store.append = append;
  await journal.append(spent(9));
  assert.equal((await setting(disk.present()).open()).ledger().since(0).length, 3);
});

test("a checkpoint that cannot be written costs nothing: the line is recorded, and it is tried again", async () => {
  const { disk, store, journal } = await filled(63);
  const { replace } = store;
  store.replace = async () => {
    throw new Refusal("store.full", "ENOSPC");
  };
  await journal.append(spent(64));
  store.replace = replace;
  assert.ok(!disk.present().has("checkpoint"));
  await journal.append(spent(65));
  assert.ok(disk.present().has("checkpoint"));
  assert.equal((await setting(disk.present()).open()).head().count, 66, "the 65th line is a signature");
});

test("two lines at once, and a line after closing, are bugs that are told", async () => {
  const { journal } = await filled(1);
  const first = journal.append(spent(2));
  await assert.rejects(journal.append(spent(3)), /another line is under way/);
  await first;
  journal.close();
  await assert.rejects(journal.append(spent(4)), /closed/);
});

test("the key that was handed over is not changed, and closing wipes only the journal's own copy", async () => {
  const key = KEY.slice();
  const { journal } = await filled(1, key);
  journal.close();
  assert.deepEqual(key, KEY);
  await assert.rejects(journal.entries(), { reason: "journal.damaged" });
});

test("a line of a newer version is named as such and not as damage", async () => {
  const { sealLine, GENESIS } = await import("../../src/journal/line.ts");
  for (const text of [
    '{"kind":"frozen","at":1}',
    '{"kind":"refused","at":1,"txid":"aa","reasons":[],"verdict":"no"}',
    '{"kind":"locked","at":1,"clock":"one 5","why":"idle"}',
    '{"kind":"signed","at":1,"txid":"aa","receipt":"bb"}',
    '{"kind":"signed","at":1,"txid":7}',
    '{"kind":"signed","at":-1,"txid":"aa"}',
    '{"kind":"unlocked","at":1,"failedTries":0.5}',
    '{"kind":"toString","at":1}',
    "null",
    "not json",
  ]) {
    const { frame } = sealLine(KEY, 1, GENESIS, text, counting());
    await assert.rejects(setting(new Map([["journal-00000001", frame]])).open(), {
      reason: "journal.newer",
      detail: "line 1",
    });
  }
});

test("a line with less than its kind needs is never written", async () => {
  const { journal, disk } = await filled(1);
  const before = disk.count();
  await assert.rejects(
    journal.append({ kind: "signed" } as unknown as Draft),
    /journal entry signed without txid/,
  );
  const long = { ...spent(1), destinations: ["0".repeat(LIMITS.journalLineBytes)] };
  await assert.rejects(journal.append(long), /too long/);
  assert.equal(disk.count(), before);
  await journal.append(spent(2));
  assert.equal((await setting(disk.present()).open()).head().count, 2);
});

test("whatever the clock says, the line that is written can be read again", async () => {
  for (const ms of [-1, -86_400_000, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60]) {
    const { journal, clock, disk } = await filled(1);
    clock.ms = ms;
    await journal.append(spent(2));
    const again = await setting(disk.present()).open();
    assert.equal(again.ledger().since(0).length, 2, String(ms));
  }
});

test("a blob's names fit a real disk", () => {
  // Throws for a name that the file operations would not take.
  const operations = fileOperations("/nowhere");
  for (const name of ["journal-00000001", "checkpoint", "checkpoint.new"]) assert.ok(operations.read(name));
});
