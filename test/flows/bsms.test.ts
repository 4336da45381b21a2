// A wallet set up by BIP 129: one Firn coordinates and holds a key, two more are signers; and who stands between them.

import assert from "node:assert/strict";
import { pbkdf2Sync } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { DiskState } from "../../device/sim/recording.ts";
import { folderStick } from "../../device/stick/folder.ts";
import {
  isKeyRecord,
  keyRecordToSign,
  messageDigest,
  openRecord,
  readKeyRecord,
  readWallet,
  recoverableToBase64,
  sealRecord,
  stretchOf,
  writeKeyRecord,
} from "../../src/bitcoin/index.ts";
import { toHex, u32be } from "../../src/bytes.ts";
import { masterOf, PHRASES } from "../bitcoin/build.ts";
import { accountPath, curve, nodeAt } from "../bitcoin/wallet-cast.ts";
import { stateOf } from "./policy-stage.ts";
import { codesIn, collect, folder, holds, homeOf, PIN, papers } from "./stage.ts";

const SIZES = [
  { columns: 80, rows: 24 },
  { columns: 40, rows: 15 },
];

const STRANGER = "letter advice cage absurd amount doctor acoustic avoid letter advice cage above";

const ENTER = `see PIN
type ${PIN}
press ok
pick Wallets and addresses
pick Set up with BSMS
`;
const LEAVE = "press back\npress back\nsee Sign a transaction\n";

/** Chance is fixed, so that the same coordinator makes the same tokens when it begins again. */
const COORDINATE = `entropy 0123456789abcdef
${ENTER}pick Coordinate
pick Native segwit (P2WSH)
pick This device holds
see Which account?
press ok
see How many others?
pick 2
see Tokens
pick One for each, 64 bits
see Cosigners
`;

/** What is in codes: a record, plain or sealed. */
function recordIn(texts: readonly string[]): string {
  const message = collect(texts, ["wallet", "key"]);
  assert.ok(message.kind === "wallet" || message.kind === "key");
  return message.text;
}

function keyOf(token: string): Uint8Array {
  const { secret, salt, rounds, length } = stretchOf(token);
  return new Uint8Array(pbkdf2Sync(secret, salt, rounds, length, "sha512"));
}

/** What the coordinator reads to its two cosigners. */
async function tokens(size = SIZES[0]!): Promise<readonly [string, string]> {
  const text = `${COORDINATE}pick Cosigner 2\npick Show the token\nsee Hexadecimal\npress back\npress back
pick Cosigner 3\npick Show the token\nsee Hexadecimal\npress back\npress back\npress back\npress ok\n${LEAVE}`;
  const { printed } = await holds(text, { disk: await homeOf(), size });
  const found = [...printed.matchAll(/Hexadecimal\s*\|?\s*\|?\s*((?:[0-9a-f]{4} ){3}[0-9a-f]{4})/g)].map(
    ([, token]) => token!.replaceAll(" ", ""),
  );
  const [one, two] = [...new Set(found)];
  assert.ok(one && two, "two tokens are on the glass");
  return [one, two];
}

interface Leaves {
  readonly disk: DiskState;
  readonly camera: string;
  readonly texts: readonly string[];
}

const TYPED = (token: string) => `see The coordinator's token\npick hexadecimal\ntype ${token}\npress ok\n`;

/** Round 1 at a cosigner's device. */
async function makesKey(at: string, which: 1 | 2, token: string, size = SIZES[0]!): Promise<Leaves> {
  const OUT = join(at, `key-${which}`);
  const text = `${ENTER}pick make your key record\n${token === "00" ? "pick There is none\n" : TYPED(token)}see Your key for
pick native segwit
see Which account?
press ok
see What is your key called?
press ok
see A message to sign
see Your key record for a shared wallet
page
hold ok
see Your key record
pick As codes: text
codes ${OUT}
press ok
press back
see Then the wallet comes back
press back
${LEAVE}`;
  const { disk } = await holds(text, { disk: await homeOf("regtest", PHRASES[which]), size });
  return { disk, camera: papers(`${OUT}-paper`, codesIn(OUT)), texts: codesIn(OUT) };
}

const TAKE = (whose: number, camera: string) => `pick Cosigner ${whose}
pick Read the key record
camera ${camera} loop
see Key of cosigner ${whose}
page
see whoever made it holds it
press ok
see Cosigners
`;

/** Round 2 at the coordinator. */
async function makesWallet(at: string, one: Leaves, two: Leaves, size = SIZES[0]!) {
  const out = [join(at, "wallet-2"), join(at, "wallet-3")];
  const text = `${COORDINATE}${TAKE(2, one.camera)}${TAKE(3, two.camera)}pick set the quorum
pick 2 of 3
pick No: always as many
see Name the wallet
press ok
page
hold ok
see Registered
page
press ok
see The wallet's record for
pick Cosigner 2
pick As codes: UR
codes ${out[0]}
press ok
press back
pick Cosigner 3
pick As codes: text
codes ${out[1]}
press ok
press back
press back
see Code of the whole wallet
page
press ok
${LEAVE}`;
  const { disk } = await holds(text, { disk: await homeOf(), size });
  const records = out.map((path) => ({
    camera: papers(`${path}-paper`, codesIn(path)),
    texts: codesIn(path),
  }));
  return { disk, records };
}

/** Round 2 at a cosigner's device. */
const READS = (token: string, camera: string) => `${ENTER}pick read the wallet's record
${TYPED(token)}camera ${camera} loop
`;
const REGISTERS = `see The wallet's record
page
see /0/*,/1/*
see First address
press ok
see Name the wallet
press ok
page
hold ok
see Registered
page
press ok
`;

for (const size of SIZES)
  test(`three devices set up a 2-of-3 by BIP 129, tokens for each, and hold the same wallet (${size.columns}×${size.rows})`, async (t) => {
    const at = folder(t);
    const given = await tokens(size);
    const one = await makesKey(at, 1, given[0], size);
    const two = await makesKey(at, 2, given[1], size);
    const made = await makesWallet(at, one, two, size);
    const [wallet] = (await stateOf(made.disk)).wallets;
    for (const [i, { camera, texts }] of made.records.entries()) {
      const record = openRecord(recordIn(texts), given[i]!, keyOf(given[i]!));
      assert.equal(readWallet(record, "regtest", curve).descriptor, wallet!.descriptor);
      const { disk } = await holds(READS(given[i]!, camera) + REGISTERS + LEAVE, {
        disk: (i === 0 ? one : two).disk,
        size,
      });
      const [theirs] = (await stateOf(disk)).wallets;
      assert.equal(theirs!.descriptor, wallet!.descriptor);
    }
  });

test("a cosigner's key record is BIP 129's: sealed with the token, signed by the key at its own path", async (t) => {
  const at = folder(t);
  for (const token of ["a54044308ceac9b7", "108a2360adb302774eb521daebbeda5e", "00"]) {
    const { texts } = await makesKey(join(at, token), 1, token);
    const text = token === "00" ? recordIn(texts) : openRecord(recordIn(texts), token, keyOf(token));
    assert.ok(isKeyRecord(text));
    const { key, description } = readKeyRecord(text, token, curve);
    assert.match(key, /^\[[0-9a-f]{8}\/48'\/1'\/0'\/2'\]tpub/);
    assert.match(description, /^Firn [0-9a-f]{8}$/);
  }
});

test("a device that only coordinates sees the whole wallet, keeps nothing of it, and hands out plain records", async (t) => {
  const at = folder(t);
  const [one, two] = [await makesKey(at, 1, "00"), await makesKey(at, 2, "00")];
  const OUT = join(at, "wallet");
  const text = `${ENTER}pick Coordinate
pick Native segwit (P2WSH)
pick It only coordinates
see How many others?
pick 2
pick None: nothing is sealed
see Cosigners
${TAKE(1, one.camera)}${TAKE(2, two.camera)}pick set the quorum
pick 1 of 2
see Script
page
hold ok
see The wallet's record for
pick Cosigner 1
pick As codes: text
codes ${OUT}
press ok
press back
press back
${LEAVE}`;
  const { disk } = await holds(text, { disk: await homeOf("regtest", STRANGER) });
  assert.deepEqual((await stateOf(disk)).wallets, []);
  const record = recordIn(codesIn(OUT));
  assert.match(record, /^BSMS 1\.0\nwsh\(sortedmulti\(1,\[/);
  // Plain records are wallet files like others: no token, no journey of their own.
  const wallet = readWallet(record, "regtest", curve);
  assert.equal(wallet.keys.length, 2);
});

test("a token is taken as decimal, by code, and not in other letters", async (t) => {
  const at = folder(t);
  const [one] = JSON.parse(readFileSync("test/vectors/bitcoin-wallet/bip129.json", "utf8")).modes[2].tokens;
  const ways = [
    `pick a decimal number\ntype ${one.decimal}\npress ok\n`,
    `pick a decimal number\npress ok\nsee This is no token\ntype ${one.decimal}\npress ok\n`,
    `pick six words\ntype pipe acquire around border prosper swift\npress ok\n`,
    `pick six words\ntype pipe acquire around border prosper pipe\npress ok\nsee This is no token\npress back x4\ntype swift\npress ok\n`,
    `pick Scan it\ncamera ${papers(join(at, "decimal"), [one.decimal])}\n`,
    `pick Scan it\ncamera ${papers(join(at, "hex"), [one.hex.toUpperCase()])}\n`,
  ];
  for (const way of ways) {
    const text = `${ENTER}pick make your key record\n${way}see Your key for\npress back\nsee Set up with BSMS\n${LEAVE}`;
    await holds(text, { disk: await homeOf() });
  }
  const wrong = `${ENTER}pick make your key record\npick Scan it\ncamera ${papers(join(at, "no"), ["not a token"])}
see bsms.unreadable\npress ok\n${LEAVE}`;
  await holds(wrong, { disk: await homeOf() });
});

test("who stands between coordinator and cosigners gets a refusal by name, and nothing is kept", async (t) => {
  const at = folder(t);
  const [mine, theirs] = await tokens();
  const key = await makesKey(at, 1, mine);
  const sealedText = recordIn(key.texts);
  const plain = openRecord(sealedText, mine, keyOf(mine));
  const lines = plain.split("\n");
  const seal = (text: string, token = mine) => sealRecord(text, token, keyOf(token)).toUpperCase();
  const cases: readonly (readonly [what: string, text: string, reason: string])[] = [
    ["sealed with another cosigner's token", seal(plain, theirs), "bsms.token"],
    [
      "a letter changed",
      `${sealedText.slice(0, 100)}${sealedText[100] === "0" ? "1" : "0"}${sealedText.slice(101)}`,
      "bsms.token",
    ],
    ["not sealed", plain, "bsms.unsealed"],
    ["made for another token", seal([lines[0], theirs, ...lines.slice(2)].join("\n")), "bsms.other-token"],
    ["without a signature", seal(lines.slice(0, 4).join("\n")), "bsms.signature-missing"],
    ["with another description", seal([...lines.slice(0, 3), "Eve", lines[4]].join("\n")), "bsms.signature"],
    [
      "a wallet's record",
      seal(`BSMS 1.0\nwsh(0)\nNo path restrictions\n${"bc1q".repeat(50)}`),
      "bsms.unreadable",
    ],
  ];
  for (const [i, [what, text, reason]] of cases.entries()) {
    const camera = papers(join(at, `bad-${i}`), [text]);
    const script = `${COORDINATE}pick Cosigner 2\npick Read the key record\ncamera ${camera}\nsee ${reason}\npress ok
see Read the key record\npress back\nsee Cosigner 2: no key yet\npress back\npress ok\n${LEAVE}`;
    const { disk } = await holds(script, { disk: await homeOf() });
    assert.deepEqual((await stateOf(disk)).wallets, [], what);
  }
});

test("one key is not taken for two cosigners, nor another's under this device's name", async (t) => {
  const at = folder(t);
  const one = await makesKey(at, 1, "00");
  const plain = COORDINATE.replace("One for each, 64 bits", "None: nothing is sealed");
  const stop = `press ok\nsee Read the key record\npress back\npress back\npress ok\n${LEAVE}`;
  const twice = `${TAKE(2, one.camera)}pick Cosigner 3\npick Read the key record\ncamera ${one.camera} loop\nsee cosigner.twice\n`;
  await holds(plain + twice + stop, { disk: await homeOf() });
  // Signed by a key of its own, but under the coordinator's fingerprint.
  const own = toHex(u32be(masterOf(PHRASES[0]).fingerprint));
  const node = nodeAt(masterOf(PHRASES[1]), accountPath("p2wsh"));
  const unsigned = { token: "00", key: `[${own}/48'/1'/0'/2']${node.publicExtendedKey}`, description: "Eve" };
  const digest = messageDigest(keyRecordToSign(unsigned));
  const signature = recoverableToBase64(
    digest,
    node.publicKey!,
    curve.signEcdsa(digest, node.privateKey!),
    curve,
  );
  const camera = papers(join(at, "eve"), [writeKeyRecord({ ...unsigned, signature })]);
  const claims = `pick Cosigner 2\npick Read the key record\ncamera ${camera}\nsee cosigner.claims-ours\n`;
  await holds(plain + claims + stop, { disk: await homeOf() });
});

test("a wallet's record is not taken where it is another's, is changed, or leaves this device's key out", async (t) => {
  const at = folder(t);
  const [mine, theirs] = await tokens();
  const one = await makesKey(at, 1, mine);
  const two = await makesKey(at, 2, theirs);
  const { records } = await makesWallet(at, one, two);
  const plain = openRecord(recordIn(records[0]!.texts), mine, keyOf(mine));
  const seal = (text: string) => sealRecord(text, mine, keyOf(mine)).toUpperCase();
  const [, descriptor] = plain.split("\n") as [string, string];
  const keys = descriptor
    .slice(descriptor.indexOf("["))
    .split(/,|\)/)
    .filter((one) => one !== "");
  const cases: readonly (readonly [what: string, text: string, reason: string])[] = [
    ["sealed for another cosigner", recordIn(records[1]!.texts), "bsms.token"],
    ["not sealed", plain, "bsms.unsealed"],
    [
      "another quorum, the address as it was",
      seal(plain.replace("(2,", "(1,")),
      "bitcoin.wallet-first-address",
    ],
    [
      "a key left out, the address as it was",
      seal(plain.replace(`,${keys[2]}`, "")),
      "bitcoin.wallet-first-address",
    ],
    ["a cosigner's key record", recordIn(one.texts), "bsms.unreadable"],
    ["a bare descriptor", seal(descriptor), "bsms.unreadable"],
  ];
  for (const [i, [what, text, reason]] of cases.entries()) {
    const camera = papers(join(at, `bad-${i}`), [text]);
    const { disk } = await holds(`${READS(mine, camera)}see ${reason}\npress ok\n${LEAVE}`, {
      disk: one.disk,
    });
    assert.deepEqual((await stateOf(disk)).wallets, [], what);
  }
  // A stranger's device can read it with the token, and is told that none of the keys is its own.
  const script = `${READS(mine, records[0]!.camera)}see The wallet's record\npage\nsee none\npress ok
see bitcoin.wallet-without-our-key\npress ok\n${LEAVE}`;
  const { disk } = await holds(script, { disk: await homeOf("regtest", STRANGER) });
  assert.deepEqual((await stateOf(disk)).wallets, []);
});

test("a sealed record in the place of a wallet's file says where to go with it", async (t) => {
  const camera = papers(folder(t), ["5a".repeat(200)]);
  const script = `see PIN\ntype ${PIN}\npress ok\npick Wallets and addresses\npick Register a wallet\ncamera ${camera}
see bsms.sealed\npress ok\npress back\nsee Sign a transaction\n`;
  await holds(script, { disk: await homeOf() });
});

test("records pass on a stick: .dat where they are sealed, .bsms where they are not", async (t) => {
  const at = folder(t);
  const stick = folderStick(at);
  const [mine] = await tokens();
  for (const token of ["00", mine]) {
    const choice = token === "00" ? "pick There is none\n" : TYPED(token);
    const text = `${ENTER}pick make your key record\n${choice}pick native segwit\npress ok\npress ok\nsee A message to sign
page\nhold ok\nsee Your key record\npick As codes: text\npress back\nsee It is on the stick\npress ok\npress ok\npress back
see Then the wallet comes back\npress back\n${LEAVE}`;
    await holds(text, { disk: await homeOf("regtest", PHRASES[1]), stick });
  }
  const [bsms, dat] = readdirSync(at).sort() as [string, string];
  assert.match(bsms, /^firn-[0-9a-f]{8}-key\.bsms$/);
  assert.match(dat, /^firn-[0-9a-f]{8}-key\.dat$/);
  const take = `${COORDINATE}pick Cosigner 2\npick Read the key record\npress ok\nsee On the stick\n`;
  const leave = "press back\npress ok\n";
  const taken = `pick ${dat}\nsee Key of cosigner 2\npage\npress ok\nsee Cosigners\nunseen Cosigner 2: no key yet\n`;
  await holds(`${take}${taken}${leave}${LEAVE}`, { disk: await homeOf(), stick });
  const refused = `pick ${bsms}\nsee bsms.unsealed\npress ok\npress back\nsee Cosigners\n`;
  await holds(`${take}${refused}${leave}${LEAVE}`, { disk: await homeOf(), stick });
});
