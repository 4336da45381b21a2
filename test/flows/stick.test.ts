// Transactions and wallets by stick: the same readers, screens, refusals and lines as by code.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import fc from "fast-check";
import type { Main } from "../../device/host/program.ts";
import { folderStick } from "../../device/stick/folder.ts";
import { toHex } from "../../src/bytes.ts";
import { main } from "../../src/main.ts";
import type { Event } from "../../src/model.ts";
import type { Stick } from "../../src/ports.ts";
import { Refusal } from "../../src/refusal.ts";
import { utf8 } from "../../src/text.ts";
import { messageOfFile } from "../../src/transport/index.ts";
import { psbt, purse, signed } from "../bitcoin/build.ts";
import { FROM_CODES, MAKE, PASSPHRASE, RESTORE, TAKE, TYPE_CODE } from "./backup-file-stage.ts";
import { board } from "./board-stage.ts";
import {
  folder,
  holds,
  homeOf,
  journalOf,
  PIN,
  psbtTexts,
  registered,
  UNLOCK,
  walletTexts,
} from "./stage.ts";

const own = purse("p2wpkh");
const asked = psbt(own);
const reply = (await signed(own, asked)).whole.bytes;
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
const wrapped = (text: string) => `${text.match(/.{1,64}/g)!.join("\r\n")}\r\n`;

/** A folder that stands for a stick, with these files. */
function stickWith(t: TestContext, files: Readonly<Record<string, string | Uint8Array>>) {
  const at = folder(t);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(at, name), content);
  return { at, stick: folderStick(at), read: (name: string) => new Uint8Array(readFileSync(join(at, name))) };
}

const FROM = `${UNLOCK}pick Sign a transaction\nsee from a stick\npress ok\nsee On the stick\n`;
const REVIEW = "see You send\npage\nsee Sign?\nhold ok\nsee Signed: 1 signature added\n";
const WRITE = "see Nothing of it has left\npick Write it to the stick\nsee It is on the stick\n";
const END = "press ok\nsee On the stick:\npress ok\nsee Sign a transaction\n";

const FORMS: readonly (readonly [string, string, string | Uint8Array, string | Uint8Array])[] = [
  ["bytes", "pay.psbt", asked, reply],
  ["base64", "pay.psbt", base64(asked), `${base64(reply)}\n`],
  [
    "base64 in lines, with a mark before it",
    "PAY.PSBT",
    `\uFEFF${wrapped(base64(asked))}`,
    `${base64(reply)}\n`,
  ],
  ["hex in capitals", "pay.txt", `${toHex(asked).toUpperCase()}\n`, `${toHex(reply)}\n`],
];

for (const [what, name, file, back] of FORMS)
  test(`a PSBT on a stick as ${what} is reviewed, held for and signed, and the reply lies beside it in the same form`, async (t) => {
    const { stick, read, at } = stickWith(t, { [name]: file, "other.jpg": "no" });
    const script = `${FROM}unseen other\npick ${name}\n${REVIEW}${WRITE}${END}`;
    const { disk } = await holds(script, { disk: await homeOf(), stick });
    const stem = name.slice(0, 3);
    assert.deepEqual(readdirSync(at).sort(), [`${stem}-signed.psbt`, name, "other.jpg"].sort());
    assert.deepEqual(read(`${stem}-signed.psbt`), typeof back === "string" ? utf8(back) : back);
    assert.deepEqual(read(name), typeof file === "string" ? utf8(file) : file, "the request is as it was");
    const byCode = await holds(`${UNLOCK}pick Sign\nscan $PSBT\n${REVIEW}press ok\nsee Sign a transaction`, {
      ...{ disk: await homeOf(), set: { PSBT: psbtTexts(asked, "base64")[0]! } },
    });
    const told = async (from: typeof disk) => (await journalOf(from)).map(({ at: _, ...line }) => line);
    assert.deepEqual(await told(disk), await told(byCode.disk), "the same lines as by code");
  });

test("on the smallest screen too; and what came on a stick leaves as codes as well", async (t) => {
  const OUT = folder(t);
  const { stick, at } = stickWith(t, { "pay.psbt": asked });
  const codes = "pick Show it as codes\ncodes $OUT\npress ok\npick Done\nsee Sign a transaction";
  await holds(`${FROM}pick pay.psbt\n${REVIEW}${codes}`, {
    ...{ disk: await homeOf(), stick, set: { OUT }, size: { columns: 40, rows: 15 } },
  });
  assert.deepEqual(readdirSync(at), ["pay.psbt"]);
  assert.ok(existsSync(join(OUT, "codes.txt")));
});

test("what came as a code is written to the stick by its form, named by the transaction, as bytes", async (t) => {
  const { stick, at, read } = stickWith(t, {});
  const set = { PSBT: psbtTexts(asked, "base64")[0]! };
  const script = `${UNLOCK}pick Sign\nscan $PSBT\n${REVIEW}press back\npick Write it to the stick\nsee firn-\npress ok\nsee Signed\npress ok\nsee Sign a transaction`;
  await holds(script, { disk: await homeOf(), stick, set });
  const [name] = readdirSync(at);
  assert.match(name!, /^firn-[0-9a-f]{8}-signed\.psbt$/);
  assert.deepEqual(read(name!), reply);
});

test("nothing on the stick is ever replaced: a second reply has a number, and a cosigner's reply no second -signed", async (t) => {
  const { stick, at, read } = stickWith(t, { "pay-signed.psbt": asked, "PAY-SIGNED-2.psbt": "kept" });
  await holds(`${FROM}pick pay-signed.psbt\n${REVIEW}${WRITE}${END}`, { disk: await homeOf(), stick });
  assert.deepEqual(
    readdirSync(at).sort(),
    ["PAY-SIGNED-2.psbt", "pay-signed-3.psbt", "pay-signed.psbt"].sort(),
  );
  assert.deepEqual(read("pay-signed.psbt"), asked);
});

test("a name of 64 characters gets a reply whose name a stick still takes", async (t) => {
  const name = `${"x".repeat(59)}.psbt`;
  const { stick, at } = stickWith(t, { [name]: asked });
  await holds(`${FROM}pick ${name}\n${REVIEW}${WRITE}${END}`, { disk: await homeOf(), stick });
  const made = readdirSync(at).find((one) => one !== name)!;
  assert.ok(made.length <= 64 && made.endsWith("-signed.psbt"));
});

test("a stick that cannot be written is named, and the signature is still there to be shown as codes", async (t) => {
  const { stick } = stickWith(t, { "pay.psbt": asked });
  const full: Stick = {
    ...stick,
    write: async () => {
      throw new Refusal("stick.full");
    },
  };
  const failing = "pick Write it to the stick\nsee stick.full\npage\npress ok\nsee Nothing of it has left\n";
  const { disk } = await holds(
    `${FROM}pick pay.psbt\n${REVIEW}${failing}pick Show it as codes\nsee Scan this`,
    {
      ...{ disk: await homeOf(), stick: full },
    },
  );
  assert.equal((await journalOf(disk)).filter(({ kind }) => kind === "signed").length, 1);
});

// ---------------------------------------------------------------- wallets

const vault = purse("p2wsh");
const REGISTER = `${UNLOCK}pick Wallets\npick Register a wallet\nsee from a stick\npress ok\nsee On the stick\n`;
const NAMED = "see Name the wallet\npress ok\nsee Quorum\npage\nhold ok\nsee Registered\n";

test("a wallet's text on a stick is registered as from a code: a descriptor, Sparrow's file with comments, JSON", async (t) => {
  const { descriptor } = vault.wallet;
  const bare = descriptor.slice(0, descriptor.indexOf("#"));
  const sparrow = `# Receive and change descriptor (BIP389):\n${descriptor}\n\n# Receive descriptor (Bitcoin Core):\n${bare.replaceAll("<0;1>", "0")}\n`;
  const { stick } = stickWith(t, {
    "plain.txt": `${descriptor}\r\n`,
    "sparrow.txt": sparrow,
    "specter.json": JSON.stringify({ label: "Vault", descriptor }),
  });
  const byCode = await registered(await homeOf(), folder(t), walletTexts(descriptor));
  const registeredLine = async (disk: typeof byCode) =>
    (await journalOf(disk)).find(({ kind }) => kind === "wallet-registered");
  const known = await registeredLine(byCode);
  for (const name of ["plain.txt", "sparrow.txt", "specter.json"]) {
    const { disk } = await holds(`${REGISTER}pick ${name}\n${NAMED}`, { disk: await homeOf(), stick });
    const line = await registeredLine(disk);
    assert.ok(line?.kind === "wallet-registered" && known?.kind === "wallet-registered");
    assert.equal(line.fingerprint, known.fingerprint, name);
  }
});

// ---------------------------------------------------------------- what bad files get

const BAD: readonly (readonly [string, string, string | Uint8Array, string])[] = [
  ["a wallet where a transaction is asked for", "a.txt", vault.wallet.descriptor, "transport.wrong-kind"],
  ["a PSBT whose base64 is cut", "a.psbt", `${base64(asked).slice(0, 101)}!`, "transport.damaged"],
  ["a PSBT whose hex is cut", "a.psbt", toHex(asked).slice(0, 101), "transport.damaged"],
  ["a picture", "a.psbt", Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]), "stick.unknown"],
  ["nothing", "a.psbt", "", "stick.unknown"],
  ["a long text", "a.txt", "Lorem ipsum ".repeat(9000), "stick.unknown"],
  ["four mebibytes of letters", "a.psbt", "A".repeat(4 * 1024 * 1024), "stick.unknown"],
  ["more than four mebibytes", "a.psbt", "A".repeat(4 * 1024 * 1024 + 1), "stick.too-large"],
  ["a finished transaction", "a.txt", `0200000001${"ab".repeat(100)}`, "transport.wrong-kind"],
  ["an extended key", "a.txt", `xpub${"A".repeat(107)}`, "transport.wrong-kind"],
  ["twelve words", "a.txt", `${"abandon ".repeat(11)}about\n`, "stick.seed"],
  ["word numbers", "a.txt", `${"0000".repeat(11)}0003`, "stick.seed"],
  ["a codex32 secret", "a.txt", "ms10testsxxxxxxxxxxxxxxxxxxxxxxxxxx4nzvca9cmczlw", "stick.seed"],
];

for (const [what, name, content, reason] of BAD)
  test(`${what} on the stick is refused as ${reason}, the camera is there again, and nothing is written`, async (t) => {
    const { stick, at } = stickWith(t, { [name]: content });
    const before = await homeOf();
    const script = `${FROM}pick ${name}\nsee ${reason}\npage\npress ok\nsee from a stick\npress back\nsee Sign a transaction`;
    const { disk, printed } = await holds(script, { disk: before, stick });
    assert.deepEqual(readdirSync(at), [name]);
    assert.ok(!(await journalOf(disk)).some(({ kind }) => kind === "spent"));
    assert.ok(!printed.includes("abandon abandon"), "no word stands on the screen");
  });

test("a transaction that is understood and refused leaves the same line as by code", async (t) => {
  const { stick } = stickWith(t, { "evil.psbt": psbt(own, { sighash: 0x82 }) });
  const script = `${FROM}pick evil.psbt\nsee bitcoin.sighash\npage\npress ok\nsee Sign a transaction`;
  const { disk } = await holds(script, { disk: await homeOf(), stick });
  const line = (await journalOf(disk)).at(-1)!;
  assert.ok(line.kind === "refused" && line.reasons.includes("bitcoin.sighash"));
});

test("a stick without such a file, and one that is not there, are named; a hundred files and more are told of", async (t) => {
  const disk = await homeOf();
  const none = `${UNLOCK}pick Sign\npress ok\nsee stick.no-files\nsee .psbt, .txt\npage\npress ok\nsee from a stick`;
  await holds(none, { disk, stick: stickWith(t, { "a.jpg": "", "b.backup": "" }).stick });
  const gone = folderStick(join(folder(t), "gone"));
  await holds(`${UNLOCK}pick Sign\npress ok\nsee stick.unreadable\npage\npress ok\nsee from a stick`, {
    disk,
    stick: gone,
  });
  const names = Array.from({ length: 120 }, (_, i) => `pay-${String(i).padStart(3, "0")}.psbt`);
  const { stick } = stickWith(t, Object.fromEntries(names.map((name) => [name, asked])));
  await holds(
    `${FROM}see 21 more are there\nsee pay-119.psbt\nunseen pay-020.psbt\npick pay-119.psbt\nsee You send`,
    { disk, stick },
  );
});

test("a stick that lies about names and contents shows nothing but plain characters, and what it holds then counts", async () => {
  let asks = 0;
  const evil: Stick = {
    names: async () => ["ok.psbt", "\u001b[2Jx\u202Efdp.psbt", `${"y".repeat(500)}.psbt`],
    read: async () => (asks++ === 0 ? undefined : utf8("not what it was")),
    write: async () => assert.fail("nothing is to be written"),
  };
  const { printed } = await holds(
    `${FROM}see <U+001B>[2Jx<U+202E>fdp.psbt\npick ok.psbt\nsee stick.unreadable\npage\npress ok\npress ok\npick ok.psbt\nsee stick.unknown`,
    { disk: await homeOf(), stick: evil },
  );
  assert.ok(!printed.includes("\u001b") && !printed.includes("\u202E"));
});

test("what was pressed while a slow stick was looked at presses nothing on the list", async (t) => {
  const { stick } = stickWith(t, { "a.psbt": asked });
  const waiting: Event[] = [];
  const impatient: Main = (ports) => {
    const { panel } = ports;
    return main({
      ...ports,
      panel: {
        size: () => panel.size(),
        show: (picture) => panel.show(picture),
        poll: (wants) => waiting.shift() ?? panel.poll(wants),
        next: async (wants) => waiting.shift() ?? panel.next(wants),
      },
    });
  };
  const slow: Stick = {
    ...stick,
    names: async () => {
      waiting.push({ kind: "press", button: "ok" }, { kind: "press", button: "ok" });
      return stick.names();
    },
  };
  await holds(FROM, { disk: await homeOf(), stick: slow, main: impatient });
  assert.deepEqual(waiting, []);
});

test("whatever bytes a file has, it is a message, or refused by name; a seed is only ever an encrypted backup", () => {
  const texts = [
    base64(asked),
    toHex(asked),
    vault.wallet.descriptor,
    `# x\n${vault.wallet.descriptor}`,
    "{}",
  ];
  const seeds = [asked, ...texts.map(utf8)];
  const mutated = fc
    .tuple(
      fc.constantFrom(...seeds),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }),
      fc.nat(2000),
    )
    .map(([bytes, changes, length]) => {
      const copy = bytes.slice(0, length % (bytes.length + 1));
      for (const [at, value] of changes) if (copy.length > 0) copy[at % copy.length] = value;
      return copy;
    });
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), mutated), (bytes) => {
      try {
        const message = messageOfFile(bytes);
        if (message.kind === "seed") assert.equal(message.seed.form, "backup");
      } catch (problem) {
        assert.ok(problem instanceof Refusal, String(problem));
        assert.match(problem.reason, /^(transport|stick)\./);
      }
    }),
    { numRuns: 1500 },
  );
});

test("the worst files of four mebibytes are answered within two seconds each", () => {
  const most = 4 * 1024 * 1024;
  const begins = ["cHNidP8B", "70736274ff", "# ", "{", "wsh(", "# \nwsh(", "\n".repeat(5000)];
  for (const begin of begins)
    for (const fill of ["A", "0", "\n", "\u00e9", "policy: 2 of 3\n"]) {
      const text = begin + fill.repeat(Math.ceil(most / fill.length));
      const bytes = new Uint8Array(Buffer.from(text).subarray(0, most));
      const begun = performance.now();
      try {
        messageOfFile(bytes);
      } catch (problem) {
        assert.ok(problem instanceof Refusal, String(problem));
      }
      const tookMs = performance.now() - begun;
      assert.ok(
        tookMs < 2000,
        `${JSON.stringify(begin.slice(0, 12))} and ${JSON.stringify(fill)}: ${tookMs} ms`,
      );
    }
});

// ---------------------------------------------------------------- off, until its owner switches it on

const ON = `pick Settings\npick Stick: off\npage\npress ok\nhold both\nsee Stick: on\npress back\nsee Sign a transaction\n`;

test("on a board no stick is let in until its owner switches it on, by the gesture that no payment asks for, with a line", async (t) => {
  const { stick, at } = stickWith(t, { "pay.psbt": asked });
  const { main } = board();
  const closed = "pick Sign\nunseen from a stick\npress ok\nunseen On the stick\npress back\n";
  const on = await holds(`${UNLOCK}${closed}${ON}`, { disk: await homeOf(), stick, main });
  const line = (await journalOf(on.disk)).at(-1)!;
  assert.ok(line.kind === "lock-changed" && line.what === "stick-on");
  // It is sealed with the home, and outlives the lock.
  await holds(`${FROM}pick pay.psbt\n${REVIEW}${WRITE}${END}`, { disk: on.disk, stick, main });
  assert.deepEqual(readdirSync(at).sort(), ["pay-signed.psbt", "pay.psbt"]);
  const off = await holds(`${UNLOCK}pick Settings\npick Stick: on\nsee Stick: off\npress back\n${closed}`, {
    ...{ disk: on.disk, stick, main },
  });
  const last = (await journalOf(off.disk)).at(-1)!;
  assert.ok(last.kind === "lock-changed" && last.what === "stick-off");
  await holds(`${UNLOCK}${closed}`, { disk: off.disk, stick, main });
});

test("whoever turns back from the gesture has no stick; where there is no place for one nothing speaks of it", async (t) => {
  const { stick } = stickWith(t, {});
  const disk = await homeOf();
  const back = `${UNLOCK}pick Settings\npick Stick: off\npage\npress ok\npress back\nclock +1s\nsee Stick: off`;
  const result = await holds(back, { disk, stick, main: board().main });
  assert.ok(!(await journalOf(result.disk)).some(({ kind }) => kind === "lock-changed"));
  await holds(`${UNLOCK}pick Settings\nunseen Stick`, { disk, main: board().main });
  // In the simulator naming one is the switch.
  await holds(`${UNLOCK}pick Settings\nunseen Stick`, { disk, stick });
});

test("an encrypted backup too leaves by a stick only where it is on; at set-up choosing it is enough", async (t) => {
  const { stick, at } = stickWith(t, {});
  const { main } = board();
  const disk = await homeOf();
  const off = `${MAKE}${PASSPHRASE}pick Write it to a stick (switched off)\nsee Settings, Stick\npress ok\nsee Nothing of it has left`;
  await holds(off, { disk, stick, main });
  assert.deepEqual(readdirSync(at), []);
  const on = await holds(`${UNLOCK}${ON}`, { disk, stick, main });
  const made = `${MAKE}${PASSPHRASE}pick Write it to a stick\npage\npress ok\nsee It was read back`;
  await holds(made, { disk: on.disk, stick, main });
  await holds(`${RESTORE}pick Read it from a stick\npick firn-\nsee Passphrase of the backup`, {
    stick,
    main,
  });
});

test("a home of the backup has its stick switched off", async (t) => {
  const { stick } = stickWith(t, {});
  const { main } = board();
  const on = await holds(`${UNLOCK}${ON}`, { disk: await homeOf(), stick, main });
  const set = { OUT: folder(t) };
  await holds(`${MAKE}${PASSPHRASE}pick Show it as codes\ncodes $OUT\n`, { disk: on.disk, stick, main, set });
  const again = await holds(`${RESTORE}${FROM_CODES}${TYPE_CODE}${TAKE}`, { stick, main, set });
  await holds(`see PIN\ntype ${PIN}\npress ok\npick Settings\nsee Stick: off`, {
    disk: again.disk,
    stick,
    main,
  });
});
