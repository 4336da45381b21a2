// A drill: each cosigner signs one text with a key of the wallet, and what comes back is verified.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import type { DiskState } from "../../device/sim/recording.ts";
import { checksum, readWallet, writeKey } from "../../src/bitcoin/index.ts";
import { drillKey } from "../../src/flows/wallets/drill-path.ts";
import { curve, heldBy, masterOf, nodeAt, PHRASES, purse } from "../bitcoin/build.ts";
import {
  codesIn,
  folder,
  holds,
  homeOf,
  journalOf,
  PIN,
  papers,
  registered,
  script,
  UNLOCK,
  walletTexts,
} from "./stage.ts";
import { stateOn } from "./wallet-life-stage.ts";

const own = purse("p2wsh");
const { fingerprint, keys } = own.wallet;
const NAME = `2 of 3 ${fingerprint}`;
const DRILL = `${UNLOCK}pick Wallets\npick ${NAME}\npick Health and drill\npick Drill\n`;

async function withWallet(t: TestContext, words: string = PHRASES[0]): Promise<DiskState> {
  const disk = await homeOf("regtest", words);
  return registered(disk, join(folder(t), "vault"), walletTexts(own.wallet.descriptor));
}

/** The text that each signs, as the codes ask for it, and with which key. */
async function asked(t: TestContext, disk: DiskState, place: number) {
  const at = folder(t);
  const key = keys[place]!.fingerprint;
  const steps = `${DRILL}pick key ${key}\ncodes ${at}\npress ok\nsee Take an answer\npress back\nsee Drill:\n`;
  const result = await holds(steps, { disk });
  const [, path, text] = /^signmessage (m\S+) ascii:(.*)$/.exec(codesIn(at)[0]!)!;
  return { disk: result.disk, path: path!, text: text! };
}

function varint(length: number): Buffer {
  return Buffer.from([length]);
}

/** As any wallet program signs a message, with noble's curve: header 39 is BIP 137's for P2WPKH. */
function answer(place: number, text: string, header = 39): string {
  const mark = "Bitcoin Signed Message:\n";
  const parts = [mark, text].flatMap((part) => [varint(part.length), Buffer.from(part)]);
  const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest();
  const digest = sha256(sha256(Buffer.concat(parts)));
  const node = nodeAt(masterOf(PHRASES[place]!), [...keys[place]!.path, 0, 0]);
  const signed = secp256k1.sign(digest, node.privateKey!, { prehash: false, format: "recovered" });
  return Buffer.concat([Buffer.from([header + signed[0]!]), signed.subarray(1)]).toString("base64");
}

function take(t: TestContext, text: string): string {
  return `pick Take an answer\ncamera ${papers(join(folder(t), "answer"), [text])}\n`;
}

test("a drill names a new text, and shows each cosigner's path; one who signs it is alive, and it is written down", async (t) => {
  const one = await asked(t, await withWallet(t), 1);
  assert.equal(one.path, "m/48h/1h/0h/2h/0/0");
  assert.match(
    one.text,
    new RegExp(`^Firn drill 20\\d\\d-\\d\\d-\\d\\d wallet ${fingerprint} [0-9a-f]{16}$`),
  );
  const steps = `${DRILL}see 0 of 3 have answered\n${take(t, answer(1, one.text))}see The signature is right\nsee ${keys[1]!.fingerprint}\nsee 2 still to answer\npress ok\nsee 1 of 3 have answered\npress back\npick Report\nsee key ${keys[1]!.fingerprint}\nsee never answered a drill\n`;
  const { disk } = await holds(steps, { disk: one.disk });
  const [kept] = (await stateOn(disk)).wallets;
  assert.deepEqual(
    kept!.aliveMs!.map((ms) => ms > 0),
    [false, true, false],
  );
  assert.equal(kept!.aliveMs![1], kept!.drill!.madeMs);
  const lines = (await journalOf(disk)).filter(({ kind }) => kind === "cosigner-alive");
  assert.deepEqual(
    lines.map((line) => line.kind === "cosigner-alive" && line.key),
    [keys[1]!.fingerprint],
  );
});

test("the own key answers here, judged and held for as any message; when all answered the drill is done", async (t) => {
  const { disk, text } = await asked(t, await withWallet(t), 1);
  const steps = `${DRILL}pick your key\nsee Your answer to the drill\nsee ${text}\npage\nhold ok\nsee The signature is right\nsee your key\npress ok\n${take(t, answer(1, text))}press ok\n${take(t, answer(2, text, 31))}see All have answered: the drill is done\npress ok\nsee 3 of 3 have answered\n`;
  const after = await holds(steps, { disk });
  const [kept] = (await stateOn(after.disk)).wallets;
  assert.ok(kept!.aliveMs!.every((ms) => ms === kept!.drill!.madeMs));
});

test("whoever holds the answer to an earlier drill, or to none, proves nothing", async (t) => {
  const { disk, text } = await asked(t, await withWallet(t), 1);
  const wrong = [
    answer(
      1,
      text.replace(/.$/, (last) => (last === "0" ? "1" : "0")),
    ),
    answer(1, text).replace(/^.{8}/, "IAAAAAAA"),
  ];
  for (const one of wrong) {
    const steps = `${DRILL}${take(t, one)}see wallet.drill-not-answered\npress ok\nsee 0 of 3 have answered\n`;
    const after = await holds(steps, { disk });
    assert.equal((await stateOn(after.disk)).wallets[0]!.aliveMs, undefined);
  }
  const anew = `${DRILL}pick Begin anew\nunseen ${text}\n${take(t, answer(1, text))}see wallet.drill-not-answered\n`;
  await holds(anew, { disk });
});

test("a signature by another key of the same cosigner is none of this wallet's", async (t) => {
  const { disk, text } = await asked(t, await withWallet(t), 1);
  const other = nodeAt(masterOf(PHRASES[1]), [...keys[1]!.path, 0, 1]);
  assert.ok(other.publicKey);
  const signed = secp256k1.sign(createHash("sha256").update(text).digest(), other.privateKey!, {
    prehash: false,
    format: "recovered",
  });
  const bytes = Buffer.concat([Buffer.from([31 + signed[0]!]), signed.subarray(1)]);
  await holds(`${DRILL}${take(t, bytes.toString("base64"))}see wallet.drill-not-answered\n`, { disk });
});

const YEAR = "clock +366d\n";

test("what nobody looked after for a year is said at home, until somebody does", async (t) => {
  const disk = await withWallet(t);
  const home = `see PIN\ntype 314159\npress ok\nsee Sign a transaction\n`;
  const first = await holds(
    `${home}unseen Overdue\npick Lock\n${YEAR}${home}see Overdue: health of ${NAME}\npick Wallets\npick ${NAME}\npick Health\nsee Overdue for a year: drill, rehearsal of the backup\n`,
    { disk },
  );
  const camera = papers(join(folder(t), "page"), walletTexts(own.wallet.descriptor));
  const after = await holds(
    `${home}pick Wallets\npick ${NAME}\npick Backup\npick Rehearse\ncamera ${camera}\nsee The backup is right\npress ok\npress back\npick Health\nsee Overdue for a year: drill.\npress back\npress back\npress back\nsee Overdue: health`,
    { disk: first.disk },
  );
  assert.ok((await stateOn(after.disk)).wallets[0]!.rehearsedMs! > 0);
});

test("on another cosigner's device the first key is one that is asked", async (t) => {
  const held = heldBy(own, 1).wallet.keys;
  assert.ok(held[1]!.ours);
  const { text } = await asked(t, await withWallet(t, PHRASES[1]), 0);
  assert.match(text, /^Firn drill/);
});

test("the other cosigner's Firn answers the drill by codes alone", async (t) => {
  const { disk } = await asked(t, await withWallet(t), 1);
  const at = folder(t);
  const key = keys[1]!.fingerprint;
  await holds(`${DRILL}pick key ${key}\ncodes ${at}/ask\n`, { disk });
  const theirs = { PIN, CAMERA: papers(join(at, "in"), codesIn(join(at, "ask"))), OUT: join(at, "out") };
  await holds(script("message"), { disk: await withWallet(t, PHRASES[1]), set: theirs });
  const camera = papers(join(at, "back"), codesIn(join(at, "out")));
  const steps = `${DRILL}pick Take an answer\ncamera ${camera} loop\nsee The signature is right\nsee key ${key}\n`;
  const after = await holds(steps, { disk });
  assert.deepEqual(
    (await stateOn(after.disk)).wallets[0]!.aliveMs!.map((ms) => ms > 0),
    [false, true, false],
  );
});

test("a wallet of the own key alone has no drill; its backup can be overdue all the same", async (t) => {
  const alone = purse("p2wpkh", { account: 5 }).wallet;
  const at = join(folder(t), "alone");
  const disk = await registered(await homeOf(), at, walletTexts(alone.descriptor));
  const steps = `${UNLOCK}pick Lock\n${YEAR}${UNLOCK}see Overdue\npick Wallets\npick ${alone.fingerprint}\nunseen Replace a cosigner\npick Health\nsee Overdue for a year: rehearsal of the backup.\nunseen Drill\n`;
  await holds(steps, { disk });
});

test("an armoured answer is taken where it is this drill's text, and refused by name where it is another's", async (t) => {
  const { disk, text } = await asked(t, await withWallet(t), 1);
  const address = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080";
  const armoured = (message: string) =>
    `-----BEGIN BITCOIN SIGNED MESSAGE-----\n${message}\n-----BEGIN BITCOIN SIGNATURE-----\n${address}\n${answer(1, message)}\n-----END BITCOIN SIGNATURE-----`;
  const other = armoured("Firn drill of long ago");
  await holds(`${DRILL}${take(t, other)}see wallet.drill-other-text\n`, { disk });
  await holds(`${DRILL}${take(t, armoured(text))}see The signature is right\n`, { disk });
});

test("the key that is asked is the one at the path that is said, whatever the wallet", () => {
  const [a, b, c] = keys.map(writeKey) as [string, string, string];
  const bodies = [
    `wsh(or_d(multi(2,${a}/<0;1>/*,${b}/<0;1>/*),and_v(v:pkh(${c}/<6;7>/*),older(26000))))`,
    `tr(${a}/<0;1>/*,{pk(${b}/<0;1>/*),pk(${c}/<0;1>/*)})`,
    `tr(musig(${a},${b},${c})/<0;1>/*)`,
    `wsh(multi(2,${a}/<4;5>/*,${b}/<4;5>/*,${c}/<4;5>/*))`,
  ];
  const steps = [[0, 0], [0, 0], [], [4, 0]];
  for (const [i, body] of bodies.entries()) {
    const wallet = readWallet(`${body}#${checksum(body)}`, "regtest", curve);
    for (const place of [0, 1, 2]) {
      const asks = drillKey(wallet, place, curve);
      const branch = i === 0 && place === 2 ? [6, 0] : steps[i]!;
      assert.deepEqual(asks.path, [...keys[place]!.path, ...branch]);
      assert.deepEqual(asks.publicKey, nodeAt(masterOf(PHRASES[place]!), asks.path).publicKey);
    }
  }
});
