// Two simulated Firns sign together, each in one session with both rounds, and hand the codes to each other.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { Decoders } from "../../device/eye/decoders.ts";
import { joinEye } from "../../device/eye/join.ts";
import type { Lane } from "../../device/eye/lane.ts";
import type { DiskState } from "../../device/sim/recording.ts";
import type { JoinEye } from "../../device/sim/single.ts";
import { folderStick } from "../../device/stick/folder.ts";
import { equal } from "../../src/bytes.ts";
import { SpendLedger } from "../../src/journal/ledger.ts";
import { readOf } from "../../src/qr/decode.ts";
import { utf8 } from "../../src/text.ts";
import { anyPurse } from "../bitcoin/any-wallet.ts";
import { PHRASES } from "../bitcoin/build.ts";
import { filledPsbt, partsOf, verifyKeyPath } from "../bitcoin/musig-stage.ts";
import {
  codesIn,
  folder,
  holds,
  homeOf,
  journalOf,
  PIN,
  paperEye,
  papers,
  play,
  psbtTexts,
  registered,
  replyIn,
  script,
  UNLOCK,
  walletTexts,
} from "./stage.ts";

const TWO = "tr(musig(@0,@1)/<0;1>/*)";
const own = anyPurse(TWO, { name: "Two of us" });
const asked = filledPsbt(own, [{ use: 0, of: [0, 1], below: true }]);
const LARGE = { columns: 130, rows: 60 };

/** A folder of pictures that show, as long as somebody looks, the codes that another Firn writes to that folder. */
function shownFrom(path: string, written: string): string {
  mkdirSync(path);
  for (let number = 1; number <= 40; number++) writeFileSync(join(path, `${number}.png`), `from:${written}`);
  return path;
}

async function codesOf(written: string): Promise<string[]> {
  while (!existsSync(join(written, "001.png"))) await pause(10);
  return codesIn(written);
}

const lane: Lane = {
  async ask(task) {
    if (task.t === "decode") return { t: "read", read: readOf(new Uint8Array(task.frame.luma)), cpuMs: 0 };
    let content = await readFile(task.path, "utf8");
    if (content.startsWith("from:")) {
      const all = await codesOf(content.slice(5));
      content = all[Number.parseInt(basename(task.path), 10) % all.length]!;
    }
    const luma = utf8(content);
    return { t: "frame", frame: { width: luma.length, height: 1, luma } };
  },
  close: async () => undefined,
};

const eye: JoinEye = (firn, control) => {
  joinEye(firn, control, undefined, new Decoders(lane, lane, false));
  return { close: () => undefined };
};

async function homes(t: TestContext): Promise<DiskState[]> {
  const texts = walletTexts(own.wallet.descriptor);
  const all = PHRASES.slice(0, 2).map(async (phrase) =>
    registered(await homeOf("regtest", phrase), folder(t), texts),
  );
  return Promise.all(all);
}

test("two simulated Firns sign together, by the shipped script, and the transaction is complete", async (t) => {
  const [one, two] = await homes(t);
  const at = folder(t);
  const path = (name: string) => join(at, name);
  const plays = [
    {
      disk: one!,
      set: {
        ROUND1: papers(path("asked"), psbtTexts(asked)),
        OUT1: path("one-1"),
        ROUND2: shownFrom(path("to-one"), path("two-1")),
        OUT2: path("one-2"),
      },
    },
    {
      disk: two!,
      set: {
        ROUND1: shownFrom(path("to-two"), path("one-1")),
        OUT1: path("two-1"),
        ROUND2: shownFrom(path("to-two-again"), path("one-2")),
        OUT2: path("two-2"),
      },
    },
  ];
  const [first] = await Promise.all(
    plays.map(({ disk, set }) => holds(script("musig"), { disk, size: LARGE, eye, set: { PIN, ...set } })),
  );
  for (const words of ["1 nonce with key 73c5da0a", "1 part of a signature with key 73c5da0a"])
    assert.ok(first!.printed.includes(words), words);
  verifyKeyPath(replyIn(path("two-2")).bytes);
  // Both rounds are in the journal; the money counts once.
  const lines = await journalOf(first!.disk);
  const kinds = lines.map(({ kind }) => kind).filter((kind) => /^(spent|signed|nonces-given)$/.test(kind));
  assert.deepEqual(kinds, ["spent", "nonces-given", "spent", "signed"]);
  const txids = lines.flatMap((line) => (line.kind === "spent" ? [line.txid] : []));
  assert.equal(new Set(txids).size, 1);
  const ledger = new SpendLedger();
  for (const line of lines) ledger.add(line);
  const [spend, ...others] = ledger.since(0);
  assert.deepEqual(others, []);
  assert.equal(ledger.taken("btc", { of: "all" }, 0), spend!.takes[0]!.units);
});

/** Round 1 up to the page that waits. */
const ROUND1 = `${UNLOCK}pick Sign a transaction\ncamera $ROUND1\npage\nhold ok\nsee Round 1 of 2\ncodes $OUT1\npress ok\nsee Round 1 of 2 is done\n`;

test("leaving the waiting page keeps the nonce, and idling on it does not lock; a lock ends it", async (t) => {
  const [one] = await homes(t);
  const at = folder(t);
  const set = { PIN, ROUND1: papers(join(at, "in"), psbtTexts(asked)), OUT1: join(at, "out") };
  const idle = await play(`${ROUND1}idle\n`, { disk: one!, size: LARGE, eye: paperEye, set });
  assert.match(idle.failure ?? "", /the idle lock/, "none comes while the page waits");
  const waits = "press back\nsee Sign a transaction\n";
  const again = "pick Sign a transaction\ncamera $OUT1\nsee bitcoin.musig-waits\nsee missing\npress ok\n";
  const { disk } = await holds(
    `${ROUND1}${waits}${again}`.replace("camera $OUT1", "scan-file $OUT1/codes.txt"),
    {
      disk: one!,
      size: LARGE,
      set,
    },
  );
  // After a lock the same transaction, with our nonce in it, is refused by name.
  await holds(
    `${UNLOCK}pick Sign a transaction\nscan-file $OUT1/codes.txt\nsee bitcoin.musig-nonce-lost\nsee Start round 1 again\n`,
    { disk, size: LARGE, set },
  );
});

test("a cut of power between the rounds loses the nonce and nothing else", async (t) => {
  const [one] = await homes(t);
  const at = folder(t);
  const set = { PIN, ROUND1: papers(join(at, "in"), psbtTexts(asked)), OUT1: join(at, "out") };
  const after = `cut\n${UNLOCK}pick Sign a transaction\nscan-file $OUT1/codes.txt\nsee bitcoin.musig-nonce-lost\npress ok\n`;
  const anew =
    "see Sign a transaction\npick Sign a transaction\ncamera $ROUND1\npage\nhold ok\nsee Round 1 of 2\n";
  await holds(`${ROUND1}${after}${anew}`, { disk: one!, size: LARGE, set });
});

test("nothing of a nonce is written: the disk holds neither the public one nor anything that changed but lines", async (t) => {
  const [one] = await homes(t);
  const at = folder(t);
  const set = { PIN, ROUND1: papers(join(at, "in"), psbtTexts(asked)), OUT1: join(at, "out") };
  const { disk, printed } = await holds(ROUND1, { disk: one!, size: LARGE, set });
  const nonce = partsOf(replyIn(join(at, "out")).bytes).inputs[0]!.find(({ type }) => type === 0x1b)!;
  for (const [name, bytes] of disk)
    for (let from = 0; from + 66 <= bytes.length; from++)
      assert.ok(!equal(bytes.subarray(from, from + 66), nonce.value), name);
  assert.ok(!printed.includes(Buffer.from(nonce.value).toString("hex").slice(0, 16)));
});

test("by stick each round has its own file, and round 1 has no receipt", async (t) => {
  const [one] = await homes(t);
  const at = join(folder(t), "stick");
  mkdirSync(at);
  writeFileSync(join(at, "pay.psbt"), asked);
  const bring = "pick Sign a transaction\nsee from a stick\npress ok\nsee On the stick\npick pay.psbt\n";
  const round1 = `${UNLOCK}${bring}page\nhold ok\nsee Round 1 of 2: 1 nonce added\nunseen receipt\npick Write it to the stick\nsee pay-round1.psbt\npress ok\npick Done\nsee Round 1 of 2 is done\n`;
  await holds(round1, { disk: one!, stick: folderStick(at) });
  const written = new Uint8Array(readFileSync(join(at, "pay-round1.psbt")));
  assert.equal(partsOf(written).inputs[0]!.filter(({ type }) => type === 0x1b).length, 1);
});
