// Every screen in one state worth looking at, for the goldens.

import type { Button, Review } from "../../src/model.ts";
import { Refusal } from "../../src/refusal.ts";
import type { Verdict } from "../../src/request.ts";
import { addresses } from "../../src/screens/addresses.ts";
import { chance } from "../../src/screens/chance.ts";
import { codes } from "../../src/screens/codes.ts";
import { countdown } from "../../src/screens/countdown.ts";
import { deliberate } from "../../src/screens/deliberate.ts";
import { factSheets, imageWords } from "../../src/screens/facts.ts";
import { DIGITS, field, PRINTABLE } from "../../src/screens/field.ts";
import { hidden } from "../../src/screens/hidden.ts";
import { key, keyPin } from "../../src/screens/key.ts";
import { lines } from "../../src/screens/lines.ts";
import { measuredSheets } from "../../src/screens/measured.ts";
import { menu } from "../../src/screens/menu.ts";
import { notice, question, refused } from "../../src/screens/notice.ts";
import { pace } from "../../src/screens/pace.ts";
import { pages, type Sheet } from "../../src/screens/pages.ts";
import { review, reviewSheets } from "../../src/screens/review.ts";
import { rolls } from "../../src/screens/rolls.ts";
import { roundWait } from "../../src/screens/rounds.ts";
import { scan } from "../../src/screens/scan.ts";
import type { Screen } from "../../src/screens/screen.ts";
import { shareText } from "../../src/screens/share-text.ts";
import { hatSheets, mixedSheets, recipeSheets, secretSheets } from "../../src/screens/transcript.ts";
import { walletSheets } from "../../src/screens/wallet.ts";
import { words } from "../../src/screens/words.ts";
import { NETWORK_UP, WELL, withFacts } from "../flows/board-stage.ts";
import { inheritanceOf } from "./review-ways.ts";

const TXID = "f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16";

export const REVIEW: Review = {
  network: "testnet4",
  txid: TXID,
  version: 2,
  lockTime: 900_000,
  lockTimeHolds: true,
  replaceable: true,
  leavesSats: 10_002_340n,
  staysSats: 12_000_000n,
  feeSats: 2_340n,
  feeRate: 12.3,
  feePercent: 0.02,
  feeProven: true,
  warnings: ["lock-time", "script-without-address"],
  inputs: [
    {
      outpoint: `${TXID}:0`,
      amountSats: 12_000_000n,
      proven: true,
      owner: "own",
      wallet: "Family 2-of-3",
      path: "0/7",
      signedBy: ["73c5da0a"],
    },
    {
      outpoint: `${TXID}:17`,
      amountSats: 10_002_340n,
      proven: true,
      owner: "own",
      wallet: "Family 2-of-3",
      path: "1/2",
      signedBy: ["73c5da0a"],
    },
  ],
  outputs: [
    {
      amountSats: 10_000_000n,
      address: "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx",
      scriptHex: "0014751e76e8199196d454941c45d1b3a323f1433bd6",
      owner: "foreign",
    },
    { amountSats: 0n, scriptHex: "6a0548656c6c6f", owner: "foreign" },
    {
      amountSats: 12_000_000n,
      address: "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7",
      scriptHex: "00201863143c14c5166804bd19203356da136c985678cd4d27a1b8c6329604903262",
      owner: "change",
      wallet: "Family 2-of-3",
      path: "1/3",
    },
  ],
  quorums: [
    {
      wallet: "Family 2-of-3",
      inputs: 1,
      holders: [
        { fingerprint: "73c5da0a", ours: false },
        { fingerprint: "b4f3bd2c", ours: true },
        { fingerprint: "0f056943", ours: false, name: "Anna" },
      ],
      signedBy: ["73c5da0a"],
      ways: [
        {
          condition: { kind: "threshold", threshold: 2, of: [0, 1, 2].map((key) => ({ kind: "key", key })) },
          inputs: 1,
          ours: true,
          locked: false,
          signedBy: [0],
          missing: 0,
          secrets: [],
        },
      ],
    },
  ],
};

const VERDICT: Verdict = {
  txid: TXID,
  outcome: "allow",
  rules: [
    {
      rule: "per-transaction",
      outcome: "allow",
      sentence: "Takes 0.10002340 of at most 100 BTC per transaction.",
    },
    {
      rule: "per-day",
      outcome: "allow",
      sentence: "999.89997660 of 1000 BTC left per day after this.",
    },
  ],
};

const ASKING: Verdict = {
  txid: TXID,
  outcome: "ask",
  rules: [
    {
      rule: "Above 0.05 BTC per transaction ask 2 of anna, ben, the code",
      outcome: "ask",
      reason: "policy.over-transaction-limit",
      sentence: "Takes 0.06002000 BTC, more than the 0.05 BTC that pass unasked.",
      ask: { need: 2, of: ["anna", "ben", "the code"] },
    },
    ...VERDICT.rules.slice(1),
  ],
};

/** With somebody else's coin among ours, and to a party that a list names. */
const JOINT: Review = {
  ...REVIEW,
  leavesSats: 6_002_000n,
  staysSats: 12_000_000n,
  feeSats: 4_340n,
  feePercent: 0.0724,
  warnings: ["foreign-inputs", "mixed-wallets"],
  inputs: [
    REVIEW.inputs[0]!,
    { ...REVIEW.inputs[1]!, amountSats: 6_002_000n, wallet: "Native segwit, account 0" },
    { outpoint: `${TXID}:3`, amountSats: 4_002_340n, proven: true, owner: "foreign", signedBy: [] },
  ],
  outputs: [{ ...REVIEW.outputs[0]!, parties: ["acme"] }, REVIEW.outputs.at(-1)!],
};

const RECEIVING: Review = {
  ...JOINT,
  leavesSats: 0n,
  staysSats: 21_000_000n,
  feePercent: 0,
  lockTimeHolds: false,
};

const LIST = ["abandon", "ability", "able", "about", "above", "absent", "absorb"];

const WORDS = {
  title: "Your words",
  ask: "Type the words. A space ends a word, ok ends the phrase.",
  list: LIST,
  nearest: () => ["able", "about"],
  check: () => "These words do not belong together.",
};

const NUMBERS = { list: LIST.map((_, index) => String(index + 1)), wordAt: (index: number) => LIST[index]! };

const SHARE_WORDS = {
  title: "A share",
  ask: "Type its words. A space ends a word, ok ends the share.",
  most: 33,
  watch: () => "These are not the first two words of the shares before: a share of another set.",
};

const SHARE_TEXT = {
  title: "A codex32 string",
  ask: "Type it, or turn the dial: groups of four, as on paper.",
  begins: "MS1",
  letters: "023456789ACDEFGHJKLMNPQRSTUVWXYZ",
  foreign: "B, I, O and 1 never occur.",
  longest: 127,
};

const PASSPHRASE = {
  title: "Passphrase",
  label: "Passphrase",
  allowed: PRINTABLE,
  longest: 256,
  check: () => undefined,
};

const DICE = { title: "Dice", ask: "Roll a die and type what falls, 1 to 6.", faces: "123456" };

/** A camera that has given a little. */
const SIGHT = {
  title: "Chance from the camera",
  ask: "Point it at something uneven, not too bright. Its noise is measured.",
  add: (bits: number) => bits + 64,
  meter: (bits: number) => ({ label: `${bits} of 256 bits measured`, share: bits / 256 }),
  ended: (bits: number) => bits >= 256,
};

const DIGEST = "65515223131652132161133154444123616466443112153441".repeat(2).slice(0, 64);
const MIXED = [
  { name: "random", length: 64, bits: 512, health: "passed", sha256: DIGEST },
  { name: "TPM", length: 128, bits: 512, health: "passed", sha256: DIGEST },
  { name: "camera", length: 32, bits: 256, health: "passed", sha256: DIGEST },
  { name: "dice", length: 99, bits: 255, health: "passed", sha256: DIGEST },
  { name: "coins", length: 256, bits: 256, health: "passed", sha256: DIGEST },
  { name: "typed", length: 16, bits: 0, health: "none", sha256: DIGEST },
  { name: "timing", length: 136, bits: 0, health: "short", sha256: DIGEST },
] as const;

function typed<A>(screen: Screen<A>, text: string): Screen<A> {
  let now = screen;
  for (const char of text) now = now.on({ kind: "char", char }, { columns: 80, rows: 24 }) as Screen<A>;
  return now;
}

function pressed<A>(screen: Screen<A>, button: Button): Screen<A> {
  return screen.on({ kind: "press", button }, { columns: 80, rows: 24 }) as Screen<A>;
}

function shownPages(sheets: readonly Sheet[]): Screen<unknown> {
  const close = { label: "close", answer: "seen" };
  return pages({ sheets, ok: close, back: close });
}

function counted(): Screen<unknown> {
  let now: Screen<unknown> = pace("The camera");
  for (const event of [
    { kind: "pace", frames: 1, looked: 1, ms: 900 },
    { kind: "pace", frames: 16, looked: 11, ms: 1900 },
    { kind: "preview", width: 16, height: 12, luma: new Uint8Array(192).fill(128) },
  ] as const)
    now = now.on(event, { columns: 80, rows: 24 }) as Screen<unknown>;
  return now;
}

const KEY = { title: "Second factor", why: "To unlock, a key that was enrolled here has to answer." };

const DELIBERATE = {
  title: "Remove this security key?",
  blocks: [],
  what: "to remove it",
  word: "zebra",
};

const RECORD = [
  "2026-03-02 09:14 UTC  Unlocked after 2 tries without the right PIN.",
  "2026-03-01 18:02 UTC  Locked: idle.",
  "2026-03-01 17:51 UTC  Signed transaction f4184fc5...831e9e16.",
  "2026-03-01 17:51 UTC  Recorded transaction f4184fc5...831e9e16: 0.10002340 BTC, of it fee 0.00002340 BTC.",
  "2026-03-01 17:49 UTC  Refused transaction 9b0fc922...e5a5b1c2: policy.over-window-limit.",
  "2026-03-01 17:48 UTC  Unlocked.",
  "2026-02-27 11:30 UTC  Policy 3 (1a2b3c4d) holds: tightened.",
  "2026-02-27 11:27 UTC  Unlocked.",
];

export const SCREENS: Record<string, Screen<unknown>> = {
  "key-plug": key(KEY, "plug"),
  "key-work": key(KEY, "work"),
  "key-touch": key(KEY, "touch"),
  "key-touch-again": key(KEY, "touch-again"),
  "key-pin": typed(keyPin(8, false), "12"),
  "key-pin-wrong": keyPin(1, true),
  lines: lines({ title: "Journal", items: RECORD, more: true }, 4),
  menu: menu({
    title: "Firn",
    above: [{ kind: "text", text: "Key 73c5da0a, 5 wallets." }],
    items: ["Sign a transaction", "Wallets and addresses", "Policy", "Lock"].map((label) => ({
      label,
      answer: label,
    })),
    back: { label: "back", answer: "back" },
  }),
  pin: typed(
    field({
      title: "Unlock",
      label: "PIN",
      allowed: DIGITS,
      longest: 12,
      masked: true,
      check: () => undefined,
    }),
    "1234",
  ),
  "pin-words": typed(
    field({
      title: "Unlock",
      label: "PIN",
      above: [{ kind: "fact", label: "This machine's words", value: "abandon ability" }],
      allowed: "4071382596",
      longest: 12,
      masked: true,
      backs: false,
      start: "314",
      check: () => undefined,
    }),
    "15",
  ),
  "pin-frozen": field({
    title: "Unlock",
    label: "PIN",
    above: [
      { kind: "text", text: "9 tries without the right PIN. Wait at least 1 hour between tries now." },
      { kind: "text", text: "Frozen: it opens in 3 days at the soonest." },
    ],
    allowed: DIGITS,
    longest: 12,
    masked: true,
    backs: false,
    check: () => undefined,
  }),
  countdown: countdown(300).on({ kind: "tick" }, { columns: 80, rows: 24 }) as Screen<unknown>,
  deliberate: deliberate(DELIBERATE),
  "deliberate-typed": typed(deliberate(DELIBERATE), "zeb"),
  "deliberate-held": deliberate(DELIBERATE, "", 0.5),
  "deliberate-buttons": deliberate({ title: DELIBERATE.title, blocks: [], what: DELIBERATE.what }, "", 0.5),
  "pin-image": field({
    title: "Unlock",
    label: "PIN",
    above: [{ kind: "text", text: imageWords("0.1.0", WELL) }],
    allowed: DIGITS,
    longest: 12,
    masked: true,
    back: "machine",
    check: () => undefined,
  }),
  machine: shownPages(factSheets("0.1.0", WELL)),
  "machine-open": refused(
    new Refusal("machine.network", "Network interfaces: lo, eth0", ["machine.root"]),
    factSheets("0.1.0", withFacts(WELL, NETWORK_UP)),
  ),
  pace: counted(),
  "pace-trouble": pace("The camera", { paces: [], trouble: "transport.no-camera" }),
  measured: shownPages(
    measuredSheets({
      frames: { came: 14.96, looked: 9.4 },
      ...{ unlockMs: 2_431, ecdsa: 187.4, schnorr: 203.2, startedMs: 11_240 },
    }),
  ),
  "measured-little": shownPages(
    measuredSheets({
      ...{ frames: undefined, unlockMs: 0, ecdsa: undefined, schnorr: undefined, startedMs: undefined },
    }),
  ),
  words: typed(words(WORDS), "abandon abl"),
  "words-wrong": typed(words(WORDS), "abandon abx "),
  "words-numbers": typed(words({ ...WORDS, title: "Your word numbers", ...NUMBERS }), "3 0001 "),
  "share-words": typed(words({ ...WORDS, ...SHARE_WORDS }), "abandon able about ab"),
  "share-text": typed(shareText(SHARE_TEXT), "MS12NAMEA320ZYXWVUTSRQPNMLKJHGFEDCAX"),
  "share-text-long": shareText(SHARE_TEXT, {
    text: `MS13CASH${"SLLHDMN9M42VCSAMX24ZRXGS3Q".repeat(4)}`,
    wrong:
      "The share does not add up (forms.codex32-checksum: character 12, in group 3; character 40, in group 10). Compare with what you wrote down: the places that are named, or else every group.",
  }),
  passphrase: typed(hidden(PASSPHRASE), "correct horse"),
  "passphrase-seen": pressed(typed(hidden(PASSPHRASE), "correct horse"), "right"),
  scan: scan(
    { title: "Sign", ask: "Show the transaction (PSBT) to the camera.", kinds: ["psbt"] },
    { progress: { dialect: "ur", have: 5, total: 9, map: "##..#~##." } },
  ),
  "scan-wrong": scan(
    { title: "Sign", ask: "Show the transaction (PSBT) to the camera.", kinds: ["psbt"] },
    { wrong: "transport.mixed" },
  ),
  "scan-camera": scan(
    { title: "Sign", ask: "Show the transaction (PSBT) to the camera.", kinds: ["psbt"] },
    {
      trouble: "transport.no-camera",
      progress: { dialect: "ur", have: 5, total: 9, map: "##..#~##." },
    },
  ),
  "scan-hint": scan(
    { title: "Sign", ask: "Show the transaction (PSBT) to the camera.", kinds: ["psbt"] },
    { trouble: "transport.camera-blurred" },
  ),
  "scan-stick": scan({
    title: "Sign",
    ask: "Show the transaction (PSBT) to the camera.",
    kinds: ["psbt"],
    other: { label: "from a stick", answer: "stick" },
  }),
  rolls: typed(rolls({ ...DICE, least: 50, most: 512 }), "6551522313165213216113315444412361646"),
  "rolls-many": typed(
    rolls({ title: "Coins", ask: "1 for heads, 0 for tails.", faces: "10", least: 256, most: 512 }),
    `${"1101000101110100".repeat(31)}2`,
  ),
  chance: chance(SIGHT, 64),
  "chance-wrong": chance(SIGHT, 0, { wrong: "transport.no-camera" }),
  transcript: shownPages(mixedSheets(MIXED, 32)),
  recipe: shownPages(recipeSheets("dice", 50, "printf %s ROLLS | sha256sum | cut -c1-32")),
  hat: shownPages(hatSheets(24, "chance")),
  secret: shownPages(
    secretSheets(
      [
        { name: "random", bytes: Uint8Array.from({ length: 64 }, (_, i) => i * 3) },
        { name: "coins", bytes: new Uint8Array(256).fill(0x31) },
      ],
      new Uint8Array(32).fill(0xab),
    ),
  ),
  refused: refused(
    new Refusal("policy.over-transaction-limit", "Sends 2.0 BTC, where 1.0 is the most.", [
      "policy.fee-too-high",
    ]),
    reviewSheets(REVIEW).slice(0, 1),
  ),
  notice: notice("Registered", [{ kind: "fact", label: "Its fingerprint", value: "0a1b2c3d" }]),
  wallet: question(
    walletSheets(
      {
        name: "Family 2-of-3",
        fingerprint: "0a1b2c3d",
        form: "p2wsh",
        quorum: { threshold: 2, of: 3, sorted: true },
        ways: [],
        keys: [
          {
            fingerprint: "73c5da0a",
            path: [0x80000030, 0x80000001, 0x80000000, 0x80000002],
            extended:
              "tpubDFH9dgzveyD8zTbPUFuLrGmCydNvxehyNdUXKJAQN8x4aZ4j6UZqGfnqFrD4NqyaTVGKbvEW54tsvPTK2UoSbCC1PJY8iCNiwTL3RWZEheQ",
            ours: true,
          },
        ],
      },
      "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7",
      { network: "testnet4", dateMs: 0 },
    ),
    "register",
    "do not register",
  ),
  addresses: addresses({
    title: "Native segwit, account 0: receive",
    address: () => "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx",
  }),
  codes: codes(
    {
      title: "Signed",
      caption: "2 signatures added.",
      loop: () => ({ texts: ["HELLO FIRN", "HELLO AGAIN"], version: 1, level: "L", mode: "alphanumeric" }),
    },
    { columns: 80, rows: 24 },
  ),
  review: review(REVIEW, VERDICT, {
    makes: { signatures: 2, nonces: 0, parts: 0 },
    fingerprint: "73c5da0a",
    reasons: "shown",
  }),
  "review-joint": review(JOINT, ASKING, {
    makes: { signatures: 1, nonces: 0, parts: 0 },
    fingerprint: "73c5da0a",
    reasons: "shown",
  }),
  "review-ways": review(inheritanceOf(REVIEW), VERDICT, {
    makes: { signatures: 4, nonces: 0, parts: 0 },
    fingerprint: "73c5da0a",
    reasons: "hidden",
  }),
  "review-round-1": review(REVIEW, VERDICT, {
    makes: { signatures: 1, nonces: 2, parts: 0 },
    fingerprint: "73c5da0a",
    reasons: "hidden",
  }),
  "review-round-2": review(REVIEW, VERDICT, {
    makes: { signatures: 0, nonces: 0, parts: 1 },
    fingerprint: "73c5da0a",
    reasons: "hidden",
  }),
  "round-wait": roundWait(),
  "review-receiving": review(RECEIVING, ASKING, {
    makes: { signatures: 1, nonces: 0, parts: 0 },
    fingerprint: "73c5da0a",
    reasons: "hidden",
  }),
};
