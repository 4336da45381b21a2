// Registering wallets of every kind: what the walk-through says, who holds which key, and that nothing is kept
// that was not held for.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { Descriptor } from "@bitgo/wasm-miniscript";
import { addressOf, checksum } from "../../src/bitcoin/index.ts";
import { toHex, u32be } from "../../src/bytes.ts";
import { HARDENED as H } from "../../src/limits.ts";
import { masterOf, nodeAt, PHRASES, purse } from "../bitcoin/build.ts";
import { stateOn } from "./people-stage.ts";
import {
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

const MASTERS = PHRASES.map((phrase) => masterOf(phrase));
const FINGERPRINTS = MASTERS.map(({ fingerprint }) => toHex(u32be(fingerprint)));
const [ours = "", second = "", third = ""] = MASTERS.map((master, place) => {
  const key = nodeAt(master, [H + 48, H + 1, H, H + 2]).publicExtendedKey;
  return `[${FINGERPRINTS[place]}/48h/1h/0h/2h]${key}`;
});
const withChecksum = (body: string) => `${body}#${checksum(body)}`;

/** What rust-miniscript says stands there. */
function byRust(descriptor: string, member: number, index: number): string {
  const text = descriptor
    .replace(/#.*$/, "")
    .replace(/<(\d+);(\d+)>/g, (_, first, other) => (member === 0 ? first : other));
  const whole = Descriptor.fromString(text, "derivable").atDerivationIndex(index);
  return addressOf(whole.scriptPubkey(), "regtest")!;
}

const POINT_H = "50929b74c1a04954b78b4b6035e97a5e078a5a0f28ec96d547bfee9ace803ac0";
const DECAYING = withChecksum(
  `wsh(or_d(multi(2,${ours}/<0;1>/*,${second}/<0;1>/*,${third}/<0;1>/*),and_v(v:thresh(1,pkh(${second}/<2;3>/*),a:pkh(${third}/<2;3>/*)),older(26000))))`,
);
const TREE = withChecksum(
  `tr(${POINT_H},{multi_a(2,${ours}/<0;1>/*,${second}/<0;1>/*,${third}/<0;1>/*),and_v(v:pk(${ours}/<2;3>/*),after(1900000000))})`,
);
const SINGLE_LEAF = withChecksum(`tr(${POINT_H},sortedmulti_a(2,${ours}/<0;1>/*,${second}/<0;1>/*))`);
const RECOVERED = withChecksum(`tr(${ours}/<0;1>/*,and_v(v:pk(${second}/<0;1>/*),older(4194448)))`);

/** What the walk-through has to say of each; `see`: on its pages. */
const WALLETS: readonly (readonly [string, string, readonly string[]])[] = [
  [
    "a quorum that decays",
    DECAYING,
    [
      "see Ways to spend",
      "see native segwit script (P2WSH)",
      "see 2 of 3 now",
      "see 1 of 2 after 26,000 blocks, about 6 months",
      `see Keys key ${FINGERPRINTS[1]}, key ${FINGERPRINTS[2]}`,
    ],
  ],
  [
    "a tree whose key path is no one's",
    TREE,
    [
      "see taproot (P2TR) with 2 script leaves",
      "see closed: its key is no one's",
      "see Leaf 1 2 of 3 now",
      "see Leaf 2 your key from 2030-03-17 17:46 UTC on",
      "unseen this way is open now",
    ],
  ],
  [
    "a single key with a way to recover",
    RECOVERED,
    [
      "see Key path your key now",
      `see Leaf 1 key ${FINGERPRINTS[1]} after 144 times 512 seconds, about 20 hours`,
      "see A short wait: it is over 144 times 512 seconds, about 20 hours after a payment came",
    ],
  ],
];

for (const [what, descriptor, steps] of WALLETS)
  test(`${what} is walked through in words, registered, and verified after a reboot`, async (t) => {
    const at = folder(t);
    const first = byRust(descriptor, 0, 0);
    const walk = `${UNLOCK}pick Wallets\npick Register\nscan $TEXT\nsee Name the wallet\ntype  mine\npress ok
      ${steps.join("\n")}\nsee ${ours.slice(ours.indexOf("]") + 1)}\nsee ${second.slice(second.indexOf("]") + 1)}
      see 1 of ${what.startsWith("a single") ? 2 : 3}: your key\nsee ${first}\npage\nhold ok\nsee Registered\nsee ${first}`;
    const walked = await holds(walk, { disk: await homeOf(), set: { TEXT: descriptor } });
    const set = { PIN, CAMERA: papers(join(at, "later"), [byRust(descriptor, 1, 12)]) };
    const later = await holds(script("verify-address").replace("see Yours", "see Yours: change address 12"), {
      disk: walked.disk,
      set,
    });
    assert.match(later.printed, /mine/);
  });

test("the shipped session registers every one of them from codes", async (t) => {
  const at = folder(t);
  for (const descriptor of [DECAYING, TREE, SINGLE_LEAF, RECOVERED]) {
    const disk = await registered(await homeOf(), at, walletTexts(descriptor));
    const lines = await journalOf(disk);
    assert.equal(lines.filter(({ kind }) => kind === "wallet-registered").length, 1);
  }
});

test("one leaf behind a closed key path is a quorum like another, and says that the key path is closed", async () => {
  const TEXT = SINGLE_LEAF;
  await holds(
    `${UNLOCK}pick Wallets\npick Register\nscan $TEXT\npress ok\nsee Quorum 2 of 2 keys must sign\nsee closed: its key is no one's\nunseen Ways to spend`,
    { disk: await homeOf(), set: { TEXT } },
  );
});

// ---------------------------------------------------------------- who holds which key

const VAULT = purse("p2wsh");

/** Caravan's file, which names its keys. */
const CARAVAN = JSON.stringify({
  name: "Family",
  addressType: "P2WSH",
  network: "regtest",
  client: { type: "public" },
  quorum: { requiredSigners: 2, totalSigners: 3 },
  extendedPublicKeys: VAULT.wallet.keys.map(({ extended, fingerprint }, place) => ({
    name: ["me", "Anna", "Ben"][place],
    bip32Path: "m/48'/1'/0'/2'",
    xpub: extended,
    xfp: fingerprint,
    method: "text",
  })),
  startingAddressIndex: 0,
});

test("names that a file gives to its keys are kept or changed, and stand on the keys' pages ever after", async (t) => {
  const set = { PIN, CAMERA: papers(folder(t), walletTexts(CARAVAN)) };
  const kept = await holds(script("register"), { disk: await homeOf(), set });
  const keys = `${UNLOCK}pick Wallets\npick Family\npick Keys and quorum\n`;
  await holds(`${keys}see Key 1 of 3: your key\nsee Key 2 of 3: Anna\nsee Key 3 of 3: Ben`, {
    disk: kept.disk,
  });
  const changed = await holds(
    `${UNLOCK}pick Wallets\npick Register\ncamera $CAMERA\nsee Who holds which key\nsee 2: Anna, ${FINGERPRINTS[1]} m/48h/1h/0h/2h\nunseen 1: me
     pick 2: Anna\npress back x4\ntype ben\npress ok\nsee Another key has this name\npress back x3\ntype Carla\npress ok\nsee 2: Carla
     pick 3: Ben\npress back x3\npress ok\nsee 3: no name\npick Keep these names\npress ok\nsee Key 2 of 3: Carla\nsee Key 3 of 3: a cosigner's key\npage\nhold ok\nsee Registered`,
    { disk: await homeOf(), set },
  );
  await holds(`${keys}see Key 2 of 3: Carla\nsee Key 3 of 3: a cosigner's key\nunseen Anna`, {
    disk: changed.disk,
  });
});

test("holders are named later too: the wallet stays what it is, version and fingerprint", async (t) => {
  const disk = await registered(await homeOf(), folder(t), walletTexts(VAULT.wallet.descriptor));
  const { fingerprint } = VAULT.wallet;
  const named = await holds(
    `${UNLOCK}pick Wallets\npick 2 of 3\npick Who holds which key\npick 2: no name\ntype Anna\npress ok\npick keep these\nsee Who holds which key
     pick Keys and quorum\nsee Key 2 of 3: Anna\nsee ${fingerprint}\nsee Version 1`,
    { disk },
  );
  await holds(
    `${UNLOCK}see 5 wallets\npick Wallets\npick 2 of 3\npick Keys and quorum\nsee Key 2 of 3: Anna\nsee ${fingerprint}\nsee Version 1`,
    { disk: named.disk },
  );
  const left = await holds(
    `${UNLOCK}pick Wallets\npick 2 of 3\npick Who holds which key\npick 2: Anna\ntype x\npress ok\npress back\npick Keys and quorum\nsee Key 2 of 3: Anna\nunseen Annax`,
    { disk: named.disk },
  );
  assert.deepEqual((await stateOn(left.disk)).wallets, (await stateOn(named.disk)).wallets);
});

// ---------------------------------------------------------------- by hand, and not at all

test("a descriptor typed by hand is mended until its checksum is right, and registered", async () => {
  const TEXT = VAULT.wallet.descriptor;
  await holds(
    `${UNLOCK}pick Wallets\npick Type a descriptor in\ntype ${TEXT.slice(0, -1)}${TEXT.endsWith("q") ? "p" : "q"}\npress ok
     see checksum is wrong (bitcoin.descriptor-checksum\npress back\ntype ${TEXT.slice(-1)}\npress ok
     see Name the wallet\npress ok\nsee Quorum\npage\nhold ok\nsee Registered`,
    { disk: await homeOf() },
  );
});

test("a wallet whose quorum or keys were changed is never taken in the old one's place", async (t) => {
  const disk = await registered(await homeOf(), folder(t), walletTexts(DECAYING));
  const shorter = withChecksum(DECAYING.replace(/#.*$/, "").replace("older(26000)", "older(144)"));
  const refused = await holds(
    `${UNLOCK}pick Wallets\npick Register\nscan $TEXT\nunseen Name the wallet\nsee bitcoin.wallet-altered\npage\npress ok\nsee Register a wallet`,
    { disk, set: { TEXT: shorter } },
  );
  assert.deepEqual((await stateOn(refused.disk)).wallets, (await stateOn(disk)).wallets);
});

test("a name that another wallet has is said in the field, and changed there", async () => {
  const { disk } = await holds(
    `${UNLOCK}pick Wallets\npick Register\nscan $TEXT\nsee Name the wallet\npress back x${"2 of 3 12345678".length}
     type taproot, Account O\npress ok\nsee (bitcoin.wallet-name-taken\ntype 9\npress ok\nsee Quorum\npage\nhold ok\nsee Registered`,
    { disk: await homeOf(), set: { TEXT: VAULT.wallet.descriptor } },
  );
  assert.deepEqual(
    (await stateOn(disk)).wallets.map(({ name }) => name),
    ["taproot, Account O9"],
  );
});

test("whoever leaves the walk-through, on whichever page, registers nothing", async () => {
  const disk = await homeOf();
  for (const steps of ["press back", "press down x3\npress back", "page\npress back"]) {
    const left = await holds(
      `${UNLOCK}pick Wallets\npick Register\nscan $TEXT\nsee Name\npress ok\nsee Ways to spend\n${steps}\nsee Register a wallet`,
      { disk, set: { TEXT: DECAYING } },
    );
    assert.deepEqual((await stateOn(left.disk)).wallets, []);
  }
});
