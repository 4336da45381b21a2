// Set-up in all its ways, the PIN, and the lock.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { HDKey } from "@scure/bip32";
import { entropyToMnemonic, mnemonicToSeedSync } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import { toHex, u32be } from "../../src/bytes.ts";
import { NETWORKS } from "../../src/model.ts";
import { masterOf, psbt, purse, signed } from "../bitcoin/build.ts";
import {
  folder,
  holds,
  homeOf,
  journalOf,
  PIN,
  papers,
  play,
  psbtTexts,
  replyIn,
  script,
  UNLOCK,
  WORDS,
} from "./stage.ts";

const fingerprintOf = (phrase: string) => toHex(u32be(masterOf(phrase).fingerprint));
const PINS = `see Choose a PIN\ntype ${PIN}\npress ok\nsee The PIN again\ntype ${PIN}\npress ok\n`;
const BEGIN = `see Welcome\npress ok\npick regtest\n${PINS}`;
/** From the fingerprint to the unlocked home, with the policy that is offered. */
const SEAL = `page\npress ok\npick Take these limits\nsee Your keys are sealed\npress ok\n`;
const END = `${SEAL}${UNLOCK}`;

for (const [words, bits] of [
  [12, 128],
  [15, 160],
  [18, 192],
  [21, 224],
  [24, 256],
] as const)
  test(`the shipped set-up takes ${words} words typed at once`, async () => {
    const phrase = entropyToMnemonic(
      Uint8Array.from({ length: bits / 8 }, (_, i) => i * 7 + words),
      wordlist,
    );
    assert.equal(phrase.split(" ").length, words);
    const set = { PIN, WORDS: phrase, NETWORK: "signet" };
    const { printed } = await holds(`${script("setup")}see Key ${fingerprintOf(phrase)}`, { set });
    assert.match(printed, new RegExp(fingerprintOf(phrase)));
  });

test("words that do not add up keep the words screen and say why, and nothing is written", async () => {
  for (const [phrase, why] of [
    [`${"abandon ".repeat(11)}abandon`, "The words do not add up"],
    ["abandon abandon about", "Not the number of words"],
    [`${"abandon ".repeat(11)}abot`, "Nearest: about"],
  ] as const) {
    const result = await holds(
      `${BEGIN}pick Type words in\ntype ${phrase}\npress ok\nsee Your words\nsee ${why}`,
    );
    assert.equal(result.disk.size, 0);
  }
});

interface Seed {
  readonly words: string;
  readonly seedqr: string;
  readonly compactseedqr_hex: string;
}
const { vectors: SEEDS } = JSON.parse(
  readFileSync(join(import.meta.dirname, "../vectors/transport/seedqr.json"), "utf8"),
) as { readonly vectors: readonly Seed[] };

test("every published SeedQR and CompactSeedQR sets up the key of its words, null bytes and all", async () => {
  assert.ok(SEEDS.length >= 9);
  for (const { words, seedqr, compactseedqr_hex } of SEEDS)
    for (const scan of [`scan ${seedqr}`, `scan-hex ${compactseedqr_hex}`]) {
      const first = words.split(" ").slice(0, 3).join(" ");
      await holds(`${BEGIN}pick Scan a SeedQR\n${scan}\nsee Is this your seed?\nsee ${first}\npress ok
        pick No passphrase\nsee ${fingerprintOf(words)}`);
    }
});

test("a scanned seed can be turned away, and nothing of it is kept", async () => {
  const { seedqr } = SEEDS[0]!;
  const result = await holds(`${BEGIN}pick Scan a SeedQR\nscan ${seedqr}\nsee Is this your seed?\npress back
    see Create new words\npick Type words in\ntype ${WORDS}\npress ok\npick No passphrase\nsee 73c5da0a`);
  assert.equal(result.disk.size, 0);
});

test("a transaction or a wallet is no seed: neither is taken where a seed is expected", async () => {
  const own = purse("p2wpkh");
  for (const text of [psbtTexts(psbt(own), "base64")[0]!, own.wallet.descriptor])
    await holds(`${BEGIN}pick Scan a SeedQR\nscan ${text}\nsee transport.wrong-kind\npress back\nsee Words`);
});

/** HKDF over the first 64 bytes of the fixed stream, as docs/formats.md and mixEntropy's contract have it. */
async function wordsOf(entropyHex: string, typed: string, bytes: number): Promise<string> {
  const { createHash, hkdfSync } = await import("node:crypto");
  const stream = (counter: number) =>
    createHash("sha256").update(Buffer.from(entropyHex, "hex")).update(`/1/${counter}`).digest();
  const sized = (part: Buffer) => Buffer.concat([u32be(part.length), part]);
  const sources = [sized(Buffer.from("random")), sized(Buffer.concat([stream(0), stream(1)]))];
  if (typed !== "") {
    // Played time stands still: every key and the closing ok came at 0 ms.
    const times = Buffer.alloc(8 * (typed.length + 1));
    sources.push(sized(Buffer.from("typed")), sized(Buffer.from(typed)));
    sources.push(sized(Buffer.from("timing")), sized(times));
  }
  const mixed = hkdfSync("sha512", Buffer.concat(sources), "firn entropy 1", "words", bytes);
  return entropyToMnemonic(new Uint8Array(mixed), wordlist);
}

for (const [count, bytes, typed] of [
  [12, 16, ""],
  [24, 32, "1 4 6 2 5 3 dice and more"],
] as const)
  test(`${count} created words are those of the recipe, asked for at three places, and make their key`, async () => {
    const entropy = "00112233445566778899aabbccddeeff";
    const phrase = (await wordsOf(entropy, typed, bytes)).split(" ");
    const check = phrase
      .map((word, i) => `if see Type word ${i + 1} of\ntype ${word}\npress ok\nend\n`)
      .join("");
    const shown = phrase.map((word) => `see ${word}\n`).join("");
    const chance = typed === "" ? "" : `pick Typing\ntype ${typed}\npress ok\nsee added\n`;
    const { printed } = await holds(`entropy ${entropy}\n${BEGIN}pick Create new words\npick ${count} words
      pick Mixed\nsee Add chance\n${chance}pick Go on\nsee Write these words down\n${shown}page\npress ok
      see Check\n${check}see Your words are made\npick Go on\npick No passphrase\nsee ${fingerprintOf(phrase.join(" "))}\n${END}
      see Key ${fingerprintOf(phrase.join(" "))}\nsee PRACTICE`);
    assert.equal(new Set(printed.match(/Type word \d+ of/g)).size, 3);
  });

test("a word that was not written down as shown does not pass the check", async () => {
  await holds(`entropy 00ff\n${BEGIN}pick Create new words\npick 12 words\npick Mixed\npick Go on\npage\npress ok
    see Check\ntype zoo\npress ok\nsee That is not word\nsee Check`);
});

test("after a wrong word in the check the same word is asked for, and the right one passes", async () => {
  const phrase = (await wordsOf("00ff", "", 16)).split(" ");
  const right = phrase.map((word, i) => `if see Type word ${i + 1} of\ntype ${word}\npress ok\nend\n`);
  await holds(`entropy 00ff\n${BEGIN}pick Create new words\npick 12 words\npick Mixed\npick Go on
    see 1. ${phrase[0]}\npage\npress ok\nsee Check\ntype zoo\npress ok\nsee That is not word
    ${right.join("")}see Your words are made\npick Go on\nsee Passphrase`);
});

test("an unlikely word has no nearest, and what is wrong with a letter is said", async () => {
  await holds(`${BEGIN}pick Type words in\ntype qqqqqqqq\npress ok\nsee not in the list\nunseen Nearest
    type q\nsee No word has more than 8 letters\ntype 1\nsee letters a to z only`);
});

test("back leads from the PIN to the network and from the key to other words, and nothing is called declined", async () => {
  await holds(`press ok\npick signet\nsee SIGNET\npress back\nsee Network\nunseen SIGNET\npick regtest\nsee REGTEST
    type ${PIN}\npress ok\nsee The PIN again\npress back\nsee Choose a PIN\n${PINS}pick Type words in\ntype ${WORDS}
    press ok\npick No passphrase\nsee 73c5da0a\npress back\nunseen Declined\nsee Create new words`);
});

test("a wallet that is refused or turned away leads back to the wallets", async () => {
  const { descriptor } = purse("p2wsh").wallet;
  const altered = `${descriptor.slice(0, -1)}${descriptor.endsWith("q") ? "p" : "q"}`;
  await holds(
    `${UNLOCK}pick Wallets\npick Register\nscan ${altered}\nsee bitcoin.descriptor-checksum
    press ok\npick Register\nscan ${descriptor}\npress ok\nsee Quorum\npress back\nunseen Declined\nsee Register a wallet`,
    { disk: await homeOf() },
  );
});

test("keys of a fixed chance are practice on every screen, and mainnet is refused to them, new home or old", async () => {
  await holds("entropy 00ff\nsee PRACTICE\npress ok\npick mainnet\nsee keys.practice\npress ok\nsee Network");
  const disk = await homeOf("mainnet");
  await holds(`entropy 00ff\nsee PIN\nsee PRACTICE\ntype ${PIN}\npress ok\nsee keys.practice`, { disk });
});

test("a home that was made of a fixed chance says so for ever, on machines of sound chance too", async () => {
  const set = { PIN, WORDS, NETWORK: "signet" };
  const { disk } = await holds(`entropy 00ff\n${script("setup")}`, { set });
  await holds(`${UNLOCK}see SIGNET, PRACTICE KEYS\npick Lock\n${UNLOCK}pick Policy\nsee PRACTICE KEYS`, {
    disk,
  });
  await holds(`${UNLOCK}unseen PRACTICE KEYS`, { disk: await homeOf("signet") });
});

test("a passphrase makes the key of BIP 39's seed with it, and must be typed twice the same", async () => {
  const typed = "correct horse #9";
  const master = HDKey.fromMasterSeed(mnemonicToSeedSync(WORDS, typed));
  await holds(`${BEGIN}pick Type words in\ntype ${WORDS}\npress ok\npick Type a passphrase
    type ${typed}\npress ok\nsee again\ntype other\npress ok\nsee The two differ\npress ok
    type ${typed}\npress ok\nsee again\ntype ${typed}\npress ok
    see ${toHex(u32be(master.fingerprint))}\n${END}see Key ${toHex(u32be(master.fingerprint))}`);
});

test("a character that a passphrase cannot have is said to be missing until something is erased", async () => {
  await holds(`${BEGIN}pick Type words in\ntype ${WORDS}\npress ok\npick Type a passphrase\ntype hünter
    see *****\nsee was left out\npress back\nunseen was left out\ntype ${"x".repeat(260)}\nsee what came after was left out`);
});

test("two PINs that differ are asked for again, and too short a one is not taken", async () => {
  await holds(`see Welcome\npress ok\npick signet\ntype 123\npress ok\nsee At least 4 digits\ntype 4\npress ok
    see The PIN again\ntype 1235\npress ok\nsee The two PINs differ\npress ok\nsee Choose a PIN`);
});

test("limits that are typed hold from then on, in plain sentences", async (t) => {
  const amounts = ["0.0005", "0.0007", "0.0001", "50", "20"];
  const typed = amounts.map((text) => `see Your limits\ntype ${text}\npress ok\n`).join("");
  const { disk } =
    await holds(`${BEGIN}pick Type words in\ntype ${WORDS}\npress ok\npick No passphrase\npage\npress ok
    pick Type my own\n${typed}see only claim\npress ok\nsee These are your limits\nsee At most 0.0005 BTC per transaction\npage\npress ok
    see Your keys are sealed\npress ok\n${UNLOCK}pick Policy\npick Read it\nsee At most 0.0007 BTC per day\nsee Fee at most 50 sat/vB`);
  const own = purse("p2wpkh");
  const at = folder(t);
  const over = papers(join(at, "over"), psbtTexts(psbt(own)));
  const refused = script("refuse");
  await holds(refused, { disk, set: { PIN, CAMERA: over, SEE: "policy.over-transaction-limit" } });
  const small = (index: number) =>
    psbt(own, {
      inputs: [{ index }],
      outputs: [
        { foreign: 3, amountSats: 40_000n },
        { of: own, branch: 1, amountSats: 59_500n },
      ],
    });
  const set = { PIN, CAMERA: papers(join(at, "first"), psbtTexts(small(0))), OUT: join(at, "out") };
  const spent = await holds(script("sign"), { disk, set });
  const CAMERA = papers(join(at, "second"), psbtTexts(small(1)));
  await holds(refused, { disk: spent.disk, set: { PIN, CAMERA, SEE: "policy.over-window-limit" } });
  // A reboot resets nothing, nor does a day less a minute; a day does.
  const later = { disk: spent.disk, set: { ...set, CAMERA }, wallMs: spent.wallMs };
  const almost = `clock +1439m\n${refused}`;
  await holds(almost, { ...later, set: { PIN, CAMERA, SEE: "policy.over-window-limit" } });
  await holds(`clock +1441m\n${script("sign")}`, later);
  assert.deepEqual(replyIn(set.OUT).bytes, (await signed(own, small(1))).whole.bytes);
});

test("an owner who allows unproven fees sees a red page each time, and then signs", async (t) => {
  const typed = ["1", "2", "0.01", "500", "50"].map((text) => `type ${text}\npress ok\n`).join("");
  const { disk } =
    await holds(`${BEGIN}pick Type words in\ntype ${WORDS}\npress ok\npick No passphrase\npage\npress ok
    pick Type my own\n${typed}pick Allow them\nsee Unproven fee allowed\npage\npress ok
    see Your keys are sealed\npress ok`);
  const asked = psbt(purse("p2wpkh"), { previous: false });
  const at = folder(t);
  const set = { PIN, CAMERA: papers(join(at, "in"), psbtTexts(asked)), OUT: join(at, "out") };
  const red = script("sign").replace("page\n", "see The fee is not proven\nsee not proven\npage\n");
  await holds(red, { disk, set });
  assert.deepEqual(replyIn(set.OUT).bytes, (await signed(purse("p2wpkh"), asked)).whole.bytes);
});

test("a clock that was set back opens no window", async (t) => {
  const at = folder(t);
  const most = [{ foreign: 1, amountSats: 99_999_000n }];
  // One bitcoin a day on mainnet: the first takes all of it.
  const real = purse("p2wpkh", { network: "mainnet" });
  const bigReal = (index: number) =>
    psbt(real, { inputs: [{ index, amountSats: 100_000_000n }], outputs: most });
  const set = { PIN, CAMERA: papers(join(at, "first"), psbtTexts(bigReal(0))), OUT: join(at, "out") };
  const spent = await holds(script("sign"), { disk: await homeOf("mainnet"), set });
  const CAMERA = papers(join(at, "second"), psbtTexts(bigReal(1)));
  for (const clock of ["2020-01-01T00:00Z", "2025-12-31T12:01Z"])
    await holds(`clock ${clock}\n${script("refuse")}`, {
      disk: spent.disk,
      wallMs: spent.wallMs,
      set: { PIN, CAMERA, SEE: "policy.over-window-limit" },
    });
});

test("wrong PINs are counted before they are looked at, the waits grow, and the right PIN starts anew", async () => {
  const wrong = "type 111111\npress ok\nsee vault.wrong-pin\npress ok\n";
  const disk = await homeOf();
  const early = `type ${PIN}\nsee vault.too-soon\npress ok\n`;
  const after = await holds(
    `${wrong}see One try without\n${wrong}${wrong}see 3 tries without\nsee Wait at least 5 seconds\n${early}
     clock +4s\n${early}clock +1s\n${wrong}see Wait at least 15 seconds\n${early}clock +15s\n${wrong}see Wait at least 30 seconds
     cut\nsee 5 tries without\n${early}clock +30s\n${wrong}see Wait at least 1 minute`,
    { disk },
  );
  // Setting the clock is no waiting; a new process starts the wait anew.
  const late = `clock 2030-01-01T00:00Z\n${early}clock +5m\n${UNLOCK}pick Lock\nunseen without the right PIN`;
  const { disk: open } = await holds(late, { disk: after.disk, wallMs: after.wallMs });
  const unlocked = (await journalOf(open)).filter((entry) => entry.kind === "unlocked");
  assert.equal(unlocked.at(-1)?.failedTries, 6);
});

test("--network is where the first start's list stands, and nothing more", async () => {
  for (const network of NETWORKS) {
    const result = await holds("press ok\nsee Network\npress ok\nsee Choose a PIN", { network });
    if (network === "mainnet") assert.doesNotMatch(result.screen, /REGTEST|NET3|NET4|SIGNET/);
    else assert.match(result.screen, new RegExp(network.toUpperCase()));
  }
  await holds(`${UNLOCK}see SIGNET`, { network: "mainnet", disk: await homeOf("signet") });
});

// ---------------------------------------------------------------- the lock

/** From the unlocked home to each kind of screen. */
const SCREENS: readonly (readonly [string, string])[] = [
  ["home", ""],
  ["the camera", "pick Sign\nsee camera\n"],
  ["wallets", "pick Wallets\n"],
  ["a wallet", "pick Wallets\npick Taproot\n"],
  ["its keys", "pick Wallets\npick Taproot\npick Keys\n"],
  ["a wallet's addresses", "pick Wallets\npick Taproot\npick Receive\npress down\n"],
  ["an address", "pick Wallets\npick Taproot\npick Receive\npress ok\n"],
  ["an address's code", "pick Wallets\npick Taproot\npick Receive\npress ok\npick Show its code\n"],
  ["a descriptor's code", "pick Wallets\npick Taproot\npick Descriptor\n"],
  ["an address to verify", "pick Wallets\npick Verify an address\npick Type it\ntype bc1\n"],
  ["registering", "pick Wallets\npick Register\nsee camera\n"],
  ["a wallet's name", "pick Wallets\npick Register\nscan $WALLET\nsee Name the wallet\n"],
  ["a wallet's keys to compare", "pick Wallets\npick Register\nscan $WALLET\npress ok\nsee Quorum\n"],
  ["the policy", "pick Policy\n"],
  ["the journal", "pick Journal\n"],
  ["the journal's lines", "pick Journal\npick newest first\n"],
  ["one of its lines", "pick Journal\npick newest first\npress ok\n"],
  ["emergency", "pick Emergency\n"],
  ["the settings", "pick Settings\n"],
  ["the present PIN", "pick Settings\npick Change the PIN\ntype 31\n"],
  [
    "the gesture of back and ok together",
    "pick Settings\npick Words after\npress ok\nsee Hold back and ok\n",
  ],
  ["a refusal", "pick Sign\nscan $STRANGE\nsee bitcoin.not-ours\n"],
  ["a review", "pick Sign\nscan $PSBT\nsee You send\n"],
  ["a review's last page", "pick Sign\nscan $PSBT\npage\nsee Sign?\n"],
  ["signed codes", "pick Sign\nscan $PSBT\npage\nhold ok\nsee Signed\n"],
];

const own = purse("p2wpkh");
const set = {
  WALLET: purse("p2wsh").wallet.descriptor,
  PSBT: psbtTexts(psbt(own), "base64")[0]!,
  STRANGE: psbtTexts(
    psbt(purse("p2wpkh", { phrases: ["zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo wrong"] })),
    "base64",
  )[0]!,
};

for (const [where, path] of SCREENS)
  test(`the long hold of back freezes from ${where}, and idleness does where no code is shown`, async () => {
    const disk = await homeOf();
    const held = await holds(`${UNLOCK}${path}hold back\nsee PIN`, { disk, set });
    assert.equal(held.starts, 2);
    assert.deepEqual((await journalOf(held.disk)).at(-1), { kind: "locked", at: held.wallMs, why: "frozen" });
    const idle = await play(`${UNLOCK}${path}idle\nsee PIN`, { disk, set });
    if (/code/.test(where)) assert.match(idle.failure!, /expected: the idle lock/);
    else {
      assert.equal(idle.failure, undefined);
      const last = (await journalOf(idle.disk)).at(-1);
      assert.equal(last?.kind === "locked" && last.why, "idle");
    }
  });

test("the long hold of back starts a set-up anew from every screen of it, and nothing was written", async () => {
  const steps = `press ok
    pick signet
    type ${PIN}\npress ok
    type ${PIN}\npress ok
    pick Type words in
    type ${WORDS}\npress ok
    pick No passphrase
    page\npress ok`.split("\n    ");
  for (let upTo = 0; upTo <= steps.length; upTo++) {
    const { starts, disk } = await holds(`${steps.slice(0, upTo).join("\n")}\nhold back\nsee Welcome`);
    assert.deepEqual([starts, disk.size], [2, 0]);
  }
});

test("a review that is declined signs nothing, says so in the journal, and the session goes on", async () => {
  const { disk, starts } = await holds(
    `${UNLOCK}pick Sign\nscan $PSBT\nsee You send\npress back\nsee user.declined\npress ok\nsee Sign a transaction
     pick Sign\nscan $PSBT\npage\nsee Sign?\npress back\nsee Declined\npress ok
     pick Sign\nscan $PSBT\npage\nhold ok\nsee Signed`,
    { disk: await homeOf(), set },
  );
  assert.equal(starts, 1);
  const kinds = (await journalOf(disk)).slice(-5).map(({ kind }) => kind);
  assert.deepEqual(kinds, ["refused", "refused", "spent", "kept", "signed"]);
});

test("the same request signs the same, and counts once", async () => {
  const twice = "pick Sign\nscan $PSBT\npage\nsee BTC left\nhold ok\nsee Signed\npress ok\n";
  const { printed } = await holds(`${UNLOCK}${twice}${twice}`, { disk: await homeOf(), set });
  const left = printed.match(/[\d.]+ of 1000 BTC left per/g)!;
  assert.ok(left.length >= 2);
  assert.equal(new Set(left).size, 1);
});
