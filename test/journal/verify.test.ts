// Exports made by the journal, and what scripts/verify-journal.ts says of them after somebody was at them.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { mnemonicToEntropy, mnemonicToSeedSync } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import fc from "fast-check";
import { openStore } from "../../device/disk/store.ts";
import { recordingDisk } from "../../device/sim/recording.ts";
import { type Checked, check, compare } from "../../scripts/verify/check.ts";
import { headOf, readExport } from "../../scripts/verify/read.ts";
import { type Journal, openJournal } from "../../src/journal/index.ts";
import { JournalKey } from "../../src/journal/signing.ts";
import { utf8 } from "../../src/text.ts";
import { PHRASES } from "../bitcoin/build.ts";
import { homeOf, PIN, quickStretch } from "../flows/stage.ts";
import { openVault } from "../keys/open.ts";
import { ALL } from "./kinds.ts";
import { KEY, SEED, STILL, setting, spent } from "./setting.ts";

const SCRIPT = join(import.meta.dirname, "../../scripts/verify-journal.ts");
const folder = mkdtempSync(join(tmpdir(), "firn-verify-"));
after(() => rmSync(folder, { recursive: true }));

/** Its lines are of every kind, and it signs itself twice. */
let journal: Journal;
let key: string;
let text: string;
/** The file's lines without their ends: five of header, then entries, then the signature. */
let rows: string[];
const HEADER = 5;

before(async () => {
  journal = await setting().open();
  for (const draft of ALL) if (!["attested", "resumed"].includes(draft.kind)) await journal.append(draft);
  while (journal.head().count < 150) await journal.append(spent(journal.head().count));
  key = journal.publicKey();
  text = await textOf(journal, 1, 150);
  rows = text.split("\n").slice(0, -1);
});

async function textOf(from: Journal, first: number, last: number): Promise<string> {
  let out = "";
  for await (const chunk of from.exportText(first, last)) out += chunk;
  return out;
}

const bytes = (one: string) => new Uint8Array(Buffer.from(one));
const verify = (...parts: (string | Uint8Array)[]): Checked =>
  check(
    parts.map((one, i) => readExport(`part ${i + 1}`, typeof one === "string" ? bytes(one) : one)),
    key,
  );
const file = (lines: readonly string[]) => `${lines.join("\n")}\n`;
const what = (...parts: (string | Uint8Array)[]) => {
  const { finding } = verify(...parts);
  return `${finding?.what} ${finding?.line}`;
};

/** Index in `rows` of a line of the journal. */
const at = (line: number) => HEADER + line - 1;
const numbered = (row: string, line: number) => row.replace(/^\d+/, String(line));

/** As somebody without the key would write the lines from here on: every head is right, no signature is. */
function rechained(lines: readonly string[], from: number): string[] {
  let head = lines[at(from) - 1]!.split(" ")[1]!;
  if (from === 1) head = "0".repeat(64);
  return lines.map((row, i) => {
    if (i < at(from)) return row;
    const [, number, , entry] = /^(\d+) ([0-9a-f]{64}) (.*)$/.exec(row) ?? [];
    if (entry === undefined) return row.replace(/^attested \S+/, `attested ${head}`);
    const name = Buffer.alloc(4);
    name.writeUInt32BE(Number(number));
    const digest = createHash("sha256")
      .update("firn journal 1")
      .update(name)
      .update(Buffer.from(head, "hex"));
    head = digest.update(entry).digest("hex");
    return `${number} ${head} ${entry}`;
  });
}

test("an export holds whole, in parts that join, and from any line on", async () => {
  const whole = verify(text);
  assert.equal(whole.finding, undefined);
  assert.deepEqual([whole.from, whole.to, whole.signedTo, whole.head], [1, 150, 150, journal.head().head]);
  for (const cut of [1, 64, 65, 66, 149]) {
    const parts = [await textOf(journal, 1, cut), await textOf(journal, cut + 1, 150)];
    assert.deepEqual(verify(...parts), whole, `cut after ${cut}`);
    assert.equal(what(parts[1]!, parts[0]!), "misplaced 151");
    assert.equal(what(parts[0]!, parts[0]!), `misplaced ${cut + 1}`);
  }
  const [first, , third] = [await textOf(journal, 1, 50), "", await textOf(journal, 101, 150)];
  assert.equal(what(first, third), "dropped 51");
  const later = verify(third);
  assert.deepEqual([later.finding, later.from, later.signedTo], [undefined, 101, 150]);
});

test("the journal signs itself after 64 lines, and when it is told to, never two in a row", async () => {
  const kinds = (await journal.entries(1_000)).map((entry) => entry.kind);
  const signed = kinds.flatMap((kind, i) => (kind === "attested" ? [i + 1] : []));
  assert.deepEqual(signed, [65, 130]);
  const own = await setting().open();
  await own.attest();
  assert.equal(own.head().count, 0);
  await own.append(spent(1));
  await own.attest();
  await own.attest();
  assert.deepEqual(
    (await own.entries()).map(({ kind }) => kind),
    ["spent", "attested"],
  );
  await own.verify();
});

test("any byte changed, anywhere, is named; in an entry it is named by its line", () => {
  const whole = bytes(text);
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (place, flip) => {
      const spoiled = whole.slice();
      spoiled[place]! ^= flip;
      const { finding, signedTo } = verify(spoiled);
      assert.ok(finding);
      const row = whole.subarray(0, place).filter((byte) => byte === 10).length;
      const line = row - HEADER + 1;
      if (row < HEADER || row === rows.length - 1) return;
      // What its number or its end was made into may look like more lines, or fewer.
      assert.ok(finding.line === line || finding.line === line + 1, `${place}: ${finding.line}, not ${line}`);
      assert.ok(signedTo < line);
    }),
    { numRuns: 1_000, seed: 5 },
  );
});

test("bytes taken out or put in, anywhere, are noticed", () => {
  const whole = Buffer.from(text);
  const noise = fc.oneof(
    fc.uint8Array({ maxLength: 5 }),
    fc.constantFrom("\n", " ", "0", "\r").map((one) => Buffer.from(one)),
  );
  fc.assert(
    fc.property(fc.nat(whole.length), fc.nat(9), noise, (place, out, put) => {
      const spoiled = Buffer.concat([whole.subarray(0, place), put, whole.subarray(place + out)]);
      fc.pre(!spoiled.equals(whole));
      assert.ok(verify(new Uint8Array(spoiled)).finding);
    }),
    { numRuns: 500 },
  );
});

test("whoever cuts an export back to a signature of its own is noticed by its head alone, or by an earlier export", () => {
  const old = rows[at(65)]!.match(/"signature":"([0-9a-f]+)"/)![1]!;
  const head = rows[at(64)]!.split(" ")[1]!;
  const cut = verify(file([...rows.slice(0, at(65)).with(4, "to 64"), `attested ${head} ${old}`]));
  assert.deepEqual([cut.finding, cut.to, cut.head], [undefined, 64, head]);
  assert.equal(compare("earlier", verify(text), cut)?.what, "rewound");
});

test("each byte of the header and of the last line is covered", () => {
  const whole = bytes(text);
  const head = rows.slice(0, HEADER).join("\n").length + 1;
  const places = [
    ...Array(head).keys(),
    ...Array.from({ length: rows.at(-1)!.length + 1 }, (_, i) => whole.length - 1 - i),
  ];
  for (const place of places)
    for (const flip of [1, 0x20, 0x80]) {
      const spoiled = whole.slice();
      spoiled[place]! ^= flip;
      assert.ok(verify(spoiled).finding, `byte ${place}`);
    }
});

test("lines dropped, added, swapped and truncated are named for what was done", () => {
  const anyLine = fc.integer({ min: 2, max: 148 });
  fc.assert(
    fc.property(anyLine, fc.integer({ min: 1, max: 20 }), (line, many) => {
      const last = Math.min(line + many - 1, 149);
      assert.equal(what(file(rows.toSpliced(at(line), last - line + 1))), `dropped ${line}`);
      assert.equal(what(file(rows.toSpliced(at(line), 0, rows[at(line - 1)]!))), `added ${line}`);
      const swapped = rows.with(at(line), rows[at(line + 1)]!).with(at(line + 1), rows[at(line)]!);
      assert.equal(what(file(swapped)), `swapped ${line}`);
      assert.equal(what(file(rows.slice(0, at(line)))), `truncated ${line}`);
      assert.equal(what(file([...rows.slice(0, at(line)), rows.at(-1)!])), `truncated ${line}`);
    }),
    { numRuns: 150 },
  );
});

test("whoever numbers the lines anew is found out, and what was done is still named", () => {
  const renumbered = (lines: readonly string[]) =>
    lines.map((row, i) => (i < HEADER || i === lines.length - 1 ? row : numbered(row, i - HEADER + 1)));
  const to = (lines: readonly string[], last: number) => lines.with(4, `to ${last}`);
  assert.equal(what(file(to(renumbered(rows.toSpliced(at(40), 1)), 149))), "dropped 40");
  const added = numbered(rows[at(7)]!, 40);
  assert.equal(what(file(to(renumbered(rows.toSpliced(at(40), 0, added)), 151))), "added 40");
  const swapped = rows.with(at(40), numbered(rows[at(41)]!, 40)).with(at(41), numbered(rows[at(40)]!, 41));
  assert.equal(what(file(swapped)), "swapped 40");
});

test("a chain that was computed anew without the key is caught at the first signature after it", () => {
  for (const [line, proven] of [
    [1, 0],
    [20, 0],
    [64, 0],
    [66, 64],
    [100, 64],
    [131, 129],
    [150, 129],
  ] as const) {
    const changed = rows.with(
      at(line),
      rows[at(line)]!.replace(/"at":(\d+)/, (_, n) => `"at":${Number(n) + 1}`),
    );
    const forged = verify(file(rechained(changed, line)));
    assert.deepEqual(
      [forged.finding?.what, forged.finding?.line, forged.signedTo],
      ["forged", proven + 1, proven],
    );
    const dropped = rows.toSpliced(at(line), 1).map((row, i) => {
      return i < at(line) || row.startsWith("attested") ? row : numbered(row, i - HEADER + 1);
    });
    const fewer = verify(file(rechained(dropped.with(4, "to 149"), line)));
    assert.equal(fewer.finding?.what, "forged", `dropped ${line}`);
    assert.equal(fewer.signedTo, proven);
  }
});

test("a signature of an earlier line, or by another key, does not stand for the last one", async () => {
  const old = rows[at(65)]!.match(/"signature":"([0-9a-f]+)"/)![1]!;
  const last = rows.at(-1)!.replace(/\S+$/, old);
  assert.equal(what(file(rows.with(-1, last))), "forged 130");
  const other = await setting(new Map(), KEY).open();
  await other.append(spent(1));
  const good = await textOf(other, 1, 1);
  assert.equal(verify(good).finding, undefined);
  assert.equal(check([readExport("x", bytes(good))], "11".repeat(32)).finding?.what, "foreign");
  assert.equal(
    check([readExport("x", bytes(good.replace(key, "11".repeat(32))))], "11".repeat(32)).finding?.what,
    "forged",
  );
});

test("what the device would not write is named: other line ends, more bytes, a second header, numbers out of range", () => {
  assert.equal(what(text.replaceAll("\n", "\r\n")), "changed undefined");
  assert.match(verify(text.replaceAll("\n", "\r\n")).finding!.words, /carriage returns/);
  assert.equal(what(`${text} `), "added 151");
  assert.equal(what(`${text}\n`), "added 151");
  assert.equal(what(text + text), "added 151");
  assert.match(verify(text + text).finding!.words, /another export begins/);
  assert.equal(what(text.slice(0, -1)), "truncated 151");
  assert.equal(what(`\ufeff${text}`), "changed undefined");
  assert.equal(what(file(rows.toSpliced(HEADER, 0, ...rows.slice(0, HEADER)))), "changed 1");
  assert.equal(what(file(rows.toSpliced(at(9), 0, ""))), "changed 9");
  for (const number of ["0", "00009", "4294967305", "9e0", "-9", "9.0", " 9"])
    assert.equal(what(file(rows.with(at(9), rows[at(9)]!.replace(/^9/, number)))), "changed 9", number);
  assert.equal(what(file(rows.with(4, "to 149"))), "changed undefined");
  assert.equal(what(file(rows.with(4, "to 151"))), "truncated 151");
  assert.equal(what(file(rows.with(2, "from 2"))), "changed 1");
  assert.equal(what(""), "truncated undefined");
});

test("a line that only claims that lines were lost is believed by nobody", () => {
  const entry = '{"kind":"resumed","at":1,"lost":50,"reason":"journal.damaged","serial":1,"anchor":""}';
  const claimed = [...rows.slice(0, at(70)), `100 ${"0".repeat(64)} ${entry}`, ...rows.slice(at(101))];
  assert.equal(what(file(claimed)), "changed 100");
  assert.equal(verify(file(rechained(claimed, 70))).finding?.what, "forged");
});

test("a line that goes on after a loss may leave out as many numbers as it names, and no more", () => {
  const signing = new JournalKey(SEED);
  const nothing = "0".repeat(64);
  const made = (lost: number) => {
    const first = '{"kind":"thawed","at":1}';
    const second = `{"kind":"resumed","at":2,"lost":${lost},"reason":"journal.damaged","serial":0,"anchor":""}`;
    const one = headOf(1, nothing, first);
    const two = headOf(10, one, second);
    const header = `Firn journal export 1\nkey ${signing.publicKey()}\nfrom 1\nbefore ${nothing}\nto 10\n`;
    const end = `attested ${two} ${signing.attest(10, Buffer.from(two, "hex"))}\n`;
    return `${header}1 ${one} ${first}\n10 ${two} ${second}\n${end}`;
  };
  assert.deepEqual([verify(made(8)).finding, verify(made(8)).lost], [undefined, [[2, 9]]]);
  assert.equal(what(made(9)), "undefined undefined");
  assert.equal(what(made(7)), "dropped 2");
});

test("an earlier export tells what was rewound, forked or never exported", async () => {
  const part = async (first: number, last: number) => verify(await textOf(journal, first, last));
  const now = verify(text);
  const against = async (earlier: Checked, later: Checked) => {
    const finding = compare("earlier", earlier, later);
    return finding && `${finding.what} ${finding.line}`;
  };
  assert.equal(await against(await part(1, 100), now), undefined);
  assert.equal(await against(await part(20, 150), now), undefined);
  assert.equal(await against(now, await part(1, 100)), "rewound 101");
  assert.equal(await against(await part(1, 40), await part(41, 150)), undefined);
  assert.equal(await against(await part(1, 40), await part(50, 150)), "missing 41");
  assert.equal(await against(await part(100, 150), await part(1, 40)), "rewound 41");
  // The same device went on twice from a copy of its card after line 90.
  const place = setting();
  const one = await place.open();
  for (let i = 1; i <= 90; i++) await one.append(spent(i));
  const two = await setting(place.disk.present()).open(one.head());
  for (let i = 1; i <= 9; i++) await one.append(spent(i));
  for (let i = 1; i <= 30; i++) await two.append(spent(100 + i));
  const { count } = one.head();
  const [first, second] = [verify(await textOf(one, 1, count)), verify(await textOf(two, 1, count + 1))];
  assert.deepEqual([first.finding, second.finding], [undefined, undefined]);
  assert.equal(await against(first, second), "forked 92");
  const joins = verify(await textOf(two, count + 1, count + 3));
  assert.equal(await against(first, joins), `forked ${count}`);
  const parts = [await textOf(one, 1, count), await textOf(two, count + 1, count + 3)];
  assert.equal(what(...parts), `foreign ${count + 1}`);
  const signed = (await textOf(two, 1, count)).trimEnd().split("\n").at(-1)!;
  assert.equal(what(parts[0]!.replace(/attested \S+ \S+\n$/, `${signed}\n`)), `changed ${count}`);
});

function run(...words: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, ...words], { encoding: "utf8" });
  return { status, stdout, stderr };
}

function kept(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

test("the script says so to people and to programs, and ends with 0, 1 or 2", async () => {
  const good = kept("good.txt", text);
  const early = kept("early.txt", await textOf(journal, 1, 100));
  const one = run(good, "--key", key, "--earlier", early);
  assert.deepEqual([one.status, one.stderr], [0, ""]);
  assert.match(one.stdout, /Lines 1 to 150 follow each other and are signed\./);
  assert.match(one.stdout, new RegExp(`line 150 has the head ${journal.head().head}`));
  assert.doesNotMatch(one.stdout, /ATTENTION/);
  assert.match(run(good).stdout, /ATTENTION: the key was taken from the file itself/);
  const rewound = run(early, "--key", key, "--earlier", good);
  assert.equal(rewound.status, 1);
  assert.match(rewound.stdout, /WRONG \(rewound\): lines 101 to 150 are missing that the earlier export has/);
  const cut = kept("cut.txt", file([...rows.slice(0, at(100)), rows.at(-1)!]));
  const json = JSON.parse(run(cut, "--key", key, "--json").stdout);
  assert.deepEqual([json.holds, json.signedTo, json.to], [false, 64, 99]);
  assert.deepEqual([json.findings[0].what, json.findings[0].line], ["truncated", 100]);
  assert.match(run(cut, "--key", key).stdout, /lines 65 to 99 are in order but not signed/);
  const more = kept("more.txt", await textOf(journal, 101, 150));
  assert.equal(run(early, more, "--key", key.toUpperCase()).status, 0);
  assert.equal(run(more, early, "--key", key).status, 1);
  for (const words of [[], [join(folder, "none")], [good, "--key", "abc"], [good, "--fast"]])
    assert.equal(run(...words).status, 2, words.join(" "));
});

test("a receipt is proven, and held against the export that it names a line of", async () => {
  const { head } = JSON.parse(run(kept("p.txt", await textOf(journal, 1, 99)), "--json").stdout);
  const body = `Firn receipt 1\nkey ${key}\njournal 99 ${head}\namount 0.1 BTC\n`;
  const receipt = journal.signReceipt(body);
  const good = kept("good.txt", text);
  const held = (name: string, content: string) => run(kept(name, content), good, "--key", key).status;
  assert.equal(held("r1", receipt), 0);
  assert.equal(held("r2", `${receipt}\n`), 0);
  assert.equal(run(kept("r1", receipt), "--key", key).status, 0);
  assert.match(run(kept("r1", receipt)).stdout, /ATTENTION/);
  for (const [name, content] of [
    ["amount", receipt.replace("0.1", "0.2")],
    ["more", `${receipt}\n\n`],
    ["line", receipt.replace("signature", "note\nsignature")],
    ["ends", receipt.replaceAll("\n", "\r\n")],
    ["unsigned", body],
    ["another line", journal.signReceipt(body.replace(head, "0".repeat(64)))],
    ["another key", journal.signReceipt(body.replace(key, "0".repeat(64)))],
  ] as const)
    assert.equal(held("bad", content), 1, name);
  for (const no of [
    "",
    "Firn receipt 1\n",
    "Firn receipt 2\na\n",
    `${body}signature no\n`,
    `${body}\u20ac\n`,
    body.slice(0, -1),
  ])
    assert.throws(() => journal.signReceipt(no), /not the text of a receipt/);
});

test("the script needs nothing but Node: it runs from a folder with itself alone", () => {
  const alone = mkdtempSync(join(tmpdir(), "firn-alone-"));
  try {
    execFileSync("cp", ["-r", SCRIPT, join(SCRIPT, "../verify"), alone]);
    const good = kept("good.txt", text);
    const { status } = spawnSync(process.execPath, [join(alone, "verify-journal.ts"), good, "--key", key]);
    assert.equal(status, 0);
    for (const name of ["verify-journal.ts", "verify/read.ts", "verify/check.ts"])
      for (const [, from] of readFileSync(join(alone, name), "utf8").matchAll(/ from "([^"]+)"/g))
        assert.match(from!, /^node:|^\.\/(verify\/)?(read|check)\.ts$/);
  } finally {
    rmSync(alone, { recursive: true });
  }
});

test("no word, PIN, seed or key of a home stands in what its journal exports", async () => {
  const words = PHRASES[2];
  const store = openStore(recordingDisk(await homeOf("regtest", words)));
  const random = { bytes: (length: number) => new Uint8Array(length) };
  const vault = await openVault((await store.read("home"))!, utf8(PIN), quickStretch, random);
  const [secret, signing] = [vault.derive("journal"), vault.derive("journal-signing")];
  const own = await openJournal({ store, key: secret, signing, random, clock: STILL });
  const exported = (await textOf(own, 1, own.head().count)).toLowerCase();
  assert.match(exported, /"setup"/);
  const bare = [secret, signing, mnemonicToSeedSync(words), mnemonicToEntropy(words, wordlist)];
  const written = bare.flatMap((one) =>
    ["hex", "base64"].map((form) => Buffer.from(one).toString(form as "hex")),
  );
  for (const one of [PIN, words, ...words.split(" "), ...written])
    if (!"policy,home,key".includes(one)) assert.ok(!exported.includes(one.toLowerCase()), one);
});
